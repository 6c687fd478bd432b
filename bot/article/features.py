"""What is measured of each text block before the model judges it.

After block-wise boilerplate detection (Kohlschütter et al. 2010) and container scoring with decay (Readability):
a block's own text, its neighbours, the containers around it, and what the page's class names usually hold.
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from bot.article.classes import ROLES, Tables
from bot.article.walk import TAG_ID, Walk

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_TAGS_AROUND = ("article", "aside", "footer", "figure", "nav", "form", "table", "blockquote", "li")
_FLAGS = ("hidden", "articlebody", "main", "chrome", "hidden_class")  #: in the order of the walk's bits
#: What is known of the elements around a block, a bit each: roles of their classes, their tags, their flags.
_AROUND = (
    *(f"around_{role}" for role in ROLES),
    *(f"in_{tag}" for tag in _TAGS_AROUND),
    *_FLAGS,
)
_FLAG_SHIFT = len(ROLES) + len(_TAGS_AROUND)
_TAG_BITS = [0] * len(TAG_ID)
for _index, _tag in enumerate(_TAGS_AROUND):
    _TAG_BITS[TAG_ID[_tag]] = 1 << (len(ROLES) + _index)
_TAG_BITS[TAG_ID["td"]] = _TAG_BITS[TAG_ID["table"]]
_HEADINGS = frozenset(TAG_ID[f"h{level}"] for level in range(1, 7))
#: Elements that hold one paragraph; the first other element around a block is its container.
_PARAGRAPHS = frozenset(
    TAG_ID[tag]
    for tag in "p h1 h2 h3 h4 h5 h6 pre li dt dd td th blockquote figcaption summary legend".split()
)
_OWN_ROLES = [f"own_{role}" for role in ROLES]
_SHIFTS = np.arange(len(_AROUND))[:, None]
_IS_HEADING = np.array([tag in _HEADINGS for tag in range(len(TAG_ID))])
_IS_PARAGRAPH = np.array([tag in _PARAGRAPHS for tag in range(len(TAG_ID))])

_SENTENCE_ENDS = frozenset(".!?\"”»…。！？’)」')")
_NOT_WORD = re.compile(r"\W+")
_DIGIT = re.compile(r"[0-9]")
_JUNK_LINE = re.compile(
    r"(?:related(?: articles?| stories| posts?| topics?| content)?|read (?:more|next|also)\b|more (?:from|on|stories)\b"
    r"|(?:leave|post) a (?:reply|comment)|comments?$|share (?:this|on)\b|about the author|sign up\b|subscribe\b"
    r"|follow (?:us|me)\b|advertis|sponsored|©|copyright\b|all rights reserved|tags?:|filed under|see also"
    r"|recommended|you (?:may|might) also like|most (?:read|popular)|trending|click here|continue reading"
    r"|\d+ (?:comments?|shares?)$|mehr zum thema|lesen sie auch|auch interessant|à lire aussi|lire aussi|sur le même"
    r"|lea también|te puede interesar|leggi anche|leia (?:também|mais)|lees ook|関連記事|あわせて読みたい)",
)
_JUNK_STARTS = frozenset("rmlpcsaf©tyà関あ")  #: what these lines begin with, but for numbers
_CONSENT = "cookie privacy gdpr ccpa consent newsletter datenschutz personal".split()

NAMES = (
    """
    length linked strong commas sentence_end words_per junk_line consent colon_end digits quote_start
    upper tag is_p heading depth kids in_article in_aside in_footer in_figure in_nav in_form in_table
    in_blockquote in_li own_comment own_share own_related own_ad own_news own_meta own_caption own_hidden
    own_lead own_side own_body own_box around_comment around_share around_related around_ad around_news
    around_hidden around_side around_caption around_body hidden articlebody chrome hidden_class length-1
    length+1 prose-1 prose+1 linked-1 linked+1 sibling-1 sibling+1 length-2 length+2 c0_prose c0_linked
    c0_score c0_blocks c0_prose_blocks c1_prose c1_linked c1_score c1_blocks c2_prose c2_linked c2_score
    c3_score prose_before prose_after in_best from_best place_in_best best_prose page_prose page_blocks
    since_h1 article_prose kind_prose kind_blocks kind_linked kind_length near3_linked near8_linked
    near3_prose before8_prose after8_prose title_words repeated in_description own_min own_max around_min
    junk_before
    """
).split()


def fold(text: str) -> str:
    """Lower case, words only."""
    return _NOT_WORD.sub(" ", text.lower()).strip()


def measure(walk: Walk, title: str, description: str, tables: Tables) -> tuple[NDArray[np.float32], Ints]:
    """The features of the blocks that may be article, a row each, columns as in NAMES; and which blocks these are.

    Links and scraps outside the best container, six blocks of ten, are never article (0.1 % of its words) and are
    left out. The page must have a block.
    """
    measured = _Measure(walk, title, description, tables)
    return measured.matrix(), measured.rows


class _Measure:
    """One page's arrays; blocks are indexed by i, elements by e."""

    def __init__(self, walk: Walk, title: str, description: str, tables: Tables) -> None:
        self.walk, self.title, self.description, self.tables = walk, title, description, tables
        self.blocks = len(walk.texts)
        self.index = np.arange(self.blocks)
        self.owner: Ints = np.array(walk.owner)
        self.tag: Ints = np.array(walk.tag)
        self.parent: Ints = np.array(walk.parent)
        self.first: Ints = np.array(walk.first)
        self.last: Ints = np.array(walk.last)
        self.length: Floats = np.array([len(text) for text in walk.texts], float)
        self.links: Floats = np.minimum(np.array(walk.linked, float), self.length)
        self.linked = self.links / self.length
        self.owner_tag = self.tag[self.owner]
        self.is_p = self.owner_tag == TAG_ID["p"]
        self.heading = _IS_HEADING[self.owner_tag]
        is_prose = (
            (self.linked < 0.4) & ((self.length > 70) | (self.is_p & (self.length > 40))) & ~self.heading
        )
        self.prose: Floats = np.where(is_prose, self.length * (1 - self.linked), 0.0)
        self.prose_sum = _sums(self.prose)
        self.link_sum = _sums(self.links)
        self.length_sum = _sums(self.length)
        self.all_prose = max(float(self.prose_sum[-1]), 1.0)
        self.columns: dict[str, NDArray[np.generic]] = {}

    def matrix(self) -> NDArray[np.float32]:
        self._shape()
        self._elements()
        self._containers()
        self.hopeless = (self.columns["in_best"] == 0) & ((self.linked > 0.8) | (self.length < 25))
        self._own_text()
        self._neighbours()
        self._kinds()
        self._surroundings()
        self._headline()
        self.rows: Ints = np.flatnonzero(~self.hopeless)
        found = np.empty((len(NAMES), self.blocks), np.float32)
        for column, name in enumerate(NAMES):
            found[column] = self.columns[name]
        return found.take(self.rows, axis=1).T

    def _shape(self) -> None:
        texts, add = self.walk.texts, self.columns
        words = np.array([text.count(" ") for text in texts], float) + 1
        self.commas = np.array(
            [text.count(",") + text.count("，") + text.count("、") for text in texts], float
        )
        add["length"], add["linked"] = self.length, self.linked
        add["strong"] = np.minimum(np.array(self.walk.strong, float) / self.length, 1)
        add["commas"], add["words_per"] = self.commas / words, self.length / words
        add["sentence_end"] = np.array([text[-1] in _SENTENCE_ENDS for text in texts])
        add["colon_end"] = np.array([text[-1] == ":" for text in texts])
        add["quote_start"] = np.array([text[0] in "\"“„«'" for text in texts])

    def _own_text(self) -> None:
        texts, add = self.walk.texts, self.columns
        self.lowered = [text[:400].lower() for text in texts]
        hopeless, lengths = self.hopeless.tolist(), list(map(len, texts))
        junk, consent, upper, repeated = ([False] * self.blocks for _ in range(4))
        digits = [0.0] * self.blocks
        seen: dict[str, int] = {}
        for i, (text, lowered, length) in enumerate(zip(texts, self.lowered, lengths, strict=True)):
            if length < 60 or (length < 220 and not hopeless[i]):
                start = lowered[0]
                junk[i] = (start in _JUNK_STARTS or start.isdecimal()) and _JUNK_LINE.match(
                    lowered
                ) is not None
            if hopeless[i]:
                continue
            consent[i] = any(map(lowered.__contains__, _CONSENT))
            start = lowered[:60]
            if _DIGIT.search(start):
                digits[i] = sum(map(start.count, "0123456789")) / len(start)
            upper[i] = start != text[:60] and text[:60].isupper()
            repeated[i] = length > 30 and seen.setdefault(text, i) != i
        junk_line = np.array(junk)
        add["junk_line"] = junk_line
        add["junk_before"] = np.minimum(np.cumsum(junk_line & (self.heading | (self.length < 60))), 5)
        add["consent"], add["digits"] = np.array(consent), np.array(digits)
        add["upper"], add["repeated"] = np.array(upper), np.array(repeated)

    def _elements(self) -> None:
        """What the elements around each block are and are called; parents come before children."""
        walk, count = self.walk, len(self.walk.tag)
        own, around, article = [[0] * count for _ in range(3)]
        lowest, lowest_around = [np.inf] * count, [np.inf] * count
        highest = [-np.inf] * count
        known, meaning_of = self.tables.known, self.tables.meaning_of
        article_tag = TAG_ID["article"]
        for e, (outer, tag, classes, flag, start, end) in enumerate(
            zip(walk.parent, walk.tag, walk.classes, walk.flags, walk.first, walk.last, strict=True)
        ):
            if start == end or not e:
                continue
            inherited = around[outer] | _TAG_BITS[tag] | flag << _FLAG_SHIFT
            article[e] = e if tag == article_tag else article[outer]
            if not classes:
                around[e], lowest_around[e] = inherited, lowest_around[outer]
                continue
            bits, lowest[e], highest[e], nearby = known.get(classes) or meaning_of(classes)
            own[e] = bits
            around[e] = inherited | bits
            further = lowest_around[outer]
            lowest_around[e] = nearby if nearby < further else further
        owner, above = self.owner, self.parent[self.owner]
        add = self.columns
        add["tag"], add["is_p"], add["heading"] = self.owner_tag, self.is_p, self.heading
        add["depth"] = np.array(walk.depth)[owner]
        add["kids"] = (self.last - self.first)[owner]
        own_bits = np.array(own)
        for names, bits_of in (
            (_OWN_ROLES, own_bits[owner] | own_bits[above]),
            (_AROUND, np.array(around)[owner]),
        ):
            add.update(zip(names, bits_of >> _SHIFTS[: len(names)] & 1, strict=True))
        low, high, low_around = np.array(lowest), np.array(highest), np.array(lowest_around)
        add["own_min"] = _finite(np.minimum(low[owner], low[above]))
        add["own_max"] = _finite(np.maximum(high[owner], high[above]))
        add["around_min"] = _finite(low_around[self.parent[above]])
        self.article: Ints = np.array(article)[owner]

    def _neighbours(self) -> None:
        add, above = self.columns, self.parent[self.owner]
        length, prose = np.log1p(self.length), np.log1p(self.prose)
        for offset in (-2, -1, 1, 2):
            add[f"length{offset:+d}"] = _shifted(length, offset)
        for offset in (-1, 1):
            add[f"prose{offset:+d}"] = _shifted(prose, offset)
            add[f"linked{offset:+d}"] = _shifted(self.linked, offset)
        same = (self.owner[1:] == self.owner[:-1]) * 2.0 + (above[1:] == above[:-1])
        add["sibling-1"] = np.concatenate([np.zeros(1), same])
        add["sibling+1"] = np.concatenate([same, np.zeros(1)])

    def _containers(self) -> None:
        """Readability's idea: prose scores for the elements around it, less the further away."""
        add, elements = self.columns, len(self.tag)
        prose = self.prose_sum[self.last] - self.prose_sum[self.first]
        links = self.link_sum[self.last] - self.link_sum[self.first]
        length = self.length_sum[self.last] - self.length_sum[self.first] + 1e-9
        blocks = self.last - self.first
        container = self.owner.copy()
        for _ in range(3):
            is_paragraph = _IS_PARAGRAPH[self.tag[container]]
            container = np.where(is_paragraph, self.parent[container], container)
        weight = np.minimum(self.prose, 600) / 100 + np.where(self.prose > 0, self.commas * 0.3, 0)
        is_item = self.owner_tag == TAG_ID["li"]
        weight = weight * np.where(self.is_p, 1.5, np.where(is_item, 0.4, 1.0)) * (1 - self.linked)
        score: Floats = np.zeros(elements)
        at, factor = container, 1.0
        for _ in range(5):
            score += np.bincount(at, weights=weight * factor, minlength=elements)
            factor *= 0.72
            weight = np.where(at == 0, 0, weight)
            at = self.parent[at]
        score[self.tag == TAG_ID["article"]] *= 1.25
        best = int(score.argmax())
        start, end, top = int(self.first[best]), int(self.last[best]), max(float(score[best]), 1e-9)
        prose_blocks = _sums((self.prose > 0).astype(float))
        at = container
        for level in range(4):
            add[f"c{level}_score"] = score[at] / top
            add[f"c{level}_prose"] = prose[at] / self.all_prose
            add[f"c{level}_linked"] = links[at] / length[at]
            add[f"c{level}_blocks"] = blocks[at]
            at = self.parent[at]
        inside = prose_blocks[self.last[container]] - prose_blocks[self.first[container]]
        add["c0_prose_blocks"] = inside / np.maximum(blocks[container], 1)
        index = self.index
        add["in_best"] = (index >= start) & (index < end)
        add["from_best"] = np.where(index < start, index - start, np.where(index >= end, index - end + 1, 0))
        add["place_in_best"] = (index - start) / max(end - start, 1)
        add["best_prose"] = np.full(self.blocks, prose[best] / self.all_prose)
        add["page_prose"] = np.full(self.blocks, np.log1p(self.all_prose))
        add["page_blocks"] = np.full(self.blocks, float(self.blocks))
        add["prose_before"] = self.prose_sum[:-1] / self.all_prose
        add["prose_after"] = (self.all_prose - self.prose_sum[1:]) / self.all_prose
        add["article_prose"] = np.where(self.article > 0, prose[self.article] / self.all_prose, -1)

    def _kinds(self) -> None:
        """Blocks of one kind share tag and classes, and those of the element around: what do they hold?"""
        walk = self.walk
        numbers: dict[tuple[int, str, str], int] = {}
        kind = np.array(
            [
                numbers.setdefault((walk.tag[e], walk.classes[e], walk.classes[walk.parent[e]]), len(numbers))
                for e in walk.owner
            ]
        )
        count = np.bincount(kind)
        length = np.bincount(kind, weights=self.length)
        add = self.columns
        add["kind_prose"] = (np.bincount(kind, weights=self.prose) / self.all_prose)[kind]
        add["kind_blocks"] = count[kind]
        add["kind_linked"] = (np.bincount(kind, weights=self.links) / length)[kind]
        add["kind_length"] = (length / count)[kind]

    def _surroundings(self) -> None:
        add = self.columns
        for reach in (3, 8):
            start = np.maximum(self.index - reach, 0)
            end = np.minimum(self.index + reach + 1, self.blocks)
            length = self.length_sum[end] - self.length_sum[start]
            add[f"near{reach}_linked"] = (self.link_sum[end] - self.link_sum[start]) / length
            if reach == 3:
                add["near3_prose"] = (self.prose_sum[end] - self.prose_sum[start]) / length
            else:
                before = self.length_sum[self.index] - self.length_sum[start] + 1e-9
                after = self.length_sum[end] - self.length_sum[self.index + 1] + 1e-9
                add["before8_prose"] = (self.prose_sum[self.index] - self.prose_sum[start]) / before
                add["after8_prose"] = (self.prose_sum[end] - self.prose_sum[self.index + 1]) / after

    def _headline(self) -> None:
        title = set(fold(self.title).split())
        description = fold(self.description)
        share = np.zeros(self.blocks)
        told = np.zeros(self.blocks)
        telling, described = sorted(title, key=lambda word: (len(word), word))[-4:], self.description.lower()
        texts = self.walk.texts
        for i in np.flatnonzero(
            (self.length < 400) & (~self.hopeless | (self.owner_tag == TAG_ID["h1"]))
        ).tolist():
            lowered = self.lowered[i]
            may_name = len(texts[i]) < 200 and any(map(lowered.__contains__, telling))
            may_tell = len(lowered) > 20 and bool(description) and lowered[:5] in described
            if not may_name and not may_tell:
                continue
            folded = fold(lowered)
            if may_name and folded:
                words = folded.split()
                share[i] = sum(word in title for word in words) / max(len(words), 0.7 * len(title))
            if may_tell:
                told[i] = folded in description or (len(description) > 20 and description[:60] in folded)
        self.columns["title_words"], self.columns["in_description"] = share, told
        h1s = np.flatnonzero(self.owner_tag == TAG_ID["h1"])
        named = [i for i in h1s if share[i] > 0.5]
        at = named[-1] if named else h1s[0] if len(h1s) else None
        self.columns["since_h1"] = np.full(self.blocks, -99.0) if at is None else self.index - float(at)


def _sums(values: Floats) -> Floats:
    """Running sums with a leading 0, so that sums[b] - sums[a] is the sum over a..b-1."""
    return np.concatenate([np.zeros(1), np.cumsum(values)])


def _shifted(values: Floats, offset: int) -> Floats:
    """values[i + offset] at i, 0 outside."""
    found = np.zeros(len(values))
    if offset < 0:
        found[-offset:] = values[:offset]
    else:
        found[:-offset] = values[offset:]
    return found


def _finite(values: Floats) -> Floats:
    """Unknown, which is infinite here, as 0: neither for nor against."""
    return np.where(np.isfinite(values), values, 0.0)

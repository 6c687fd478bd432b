"""What is measured of each text block before the model judges it.

After block-wise boilerplate detection (Kohlschütter et al. 2010) and container scoring with decay (Readability):
a block's own text, its neighbours, the containers around it, and what the page's class names usually hold.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bot.article.classes import ROLES, Tables
from bot.article.walk import TAG_ID, Walk
from bot.article.wording import Floats, Ints, Wording, count_commas

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
_ARTICLE = TAG_ID["article"]
_HEADINGS = frozenset(TAG_ID[f"h{level}"] for level in range(1, 7))
#: Elements that hold one paragraph; the first other element around a block is its container.
_PARAGRAPHS = frozenset(
    TAG_ID[tag]
    for tag in "p h1 h2 h3 h4 h5 h6 pre li dt dd td th blockquote figcaption summary legend".split()
)
_PAD = 2  #: blocks before and after each that are its neighbours
_OWN_ROLES = [f"own_{role}" for role in ROLES]
_SHIFTS = np.arange(len(_AROUND))[:, None]
_IS_HEADING = np.array([tag in _HEADINGS for tag in range(len(TAG_ID))])
_IS_PARAGRAPH = np.array([tag in _PARAGRAPHS for tag in range(len(TAG_ID))])

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


def measure(walk: Walk, title: str, description: str, tables: Tables) -> tuple[NDArray[np.float32], Ints]:
    """The features of the blocks that may be article, a row each, columns as in NAMES; and which blocks these are.

    Links and scraps outside the best container, six blocks of ten, are never article (0.1 % of its words) and are
    left out. The page must have a block.
    """
    measured = _Measure(walk, title, description, tables)
    return measured.matrix(), measured.rows


class _Measure:
    """One page's arrays: of all blocks i, all elements e; then, a row each, of the blocks that may be article."""

    def __init__(self, walk: Walk, title: str, description: str, tables: Tables) -> None:
        self.walk, self.tables = walk, tables
        self.lengths = list(map(len, walk.texts))
        self.owner: Ints = np.array(walk.owner)
        self.tag: Ints = np.array(walk.tag)
        self.parent: Ints = np.array(walk.parent)
        self.first: Ints = np.array(walk.first)
        self.last: Ints = np.array(walk.last)
        self.length: Floats = np.array(self.lengths, float)
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
        self.commas = count_commas(walk.texts)
        self.container, self.score = self._containers()
        best = int(self.score.argmax())
        self.best, self.best_start, self.best_end = best, int(self.first[best]), int(self.last[best])
        hopeless = (self.linked > 0.8) | (self.length < 25)
        hopeless[self.best_start : self.best_end] = False
        self.rows: Ints = np.flatnonzero(~hopeless)
        wording = Wording(walk, self.rows, self.length, self.commas, self.heading)
        self.columns = wording.measure(title, description)

    def _containers(self) -> tuple[Ints, Floats]:
        """Readability's idea: prose scores for the elements around it, less the further away.

        Returns the container of each block and the score of each element.
        """
        container = self.owner
        for _ in range(3):
            is_paragraph = _IS_PARAGRAPH[self.tag[container]]
            container = np.where(is_paragraph, self.parent[container], container)
        prose = np.flatnonzero(self.prose)
        weight = np.minimum(self.prose[prose], 600) / 100 + self.commas[prose] * 0.3
        tag = self.owner_tag[prose]
        weight = weight * np.where(self.is_p[prose], 1.5, np.where(tag == TAG_ID["li"], 0.4, 1.0))
        weight = weight * (1 - self.linked[prose])
        score: Floats = np.zeros(len(self.tag))
        at, factor = container[prose], 1.0
        for _ in range(5):
            score += np.bincount(at, weights=weight * factor, minlength=len(score))
            factor *= 0.72
            weight = np.where(at == 0, 0, weight)
            at = self.parent[at]
        score[self.tag == TAG_ID["article"]] *= 1.25
        return container, score

    def matrix(self) -> NDArray[np.float32]:
        self.columns["linked"] = self.linked[self.rows]
        self._elements()
        self._places()
        self._neighbours()
        self._kinds()
        self._surroundings()
        found = np.empty((len(NAMES), len(self.rows)), np.float32)
        for column, name in enumerate(NAMES):
            found[column] = self.columns[name]
        return found.T

    def _elements(self) -> None:
        """What the elements around each row are and are called; parents come before children."""
        walk, owner = self.walk, self.owner[self.rows]
        around, own, article = [0] * len(walk.tag), [0] * len(walk.tag), [0] * len(walk.tag)
        count = len(walk.tag)
        lowest, lowest_around = [np.inf] * count, [np.inf] * count
        highest = [-np.inf] * count
        known, meaning_of = self.tables.known, self.tables.meaning_of
        parents, tags, names, flags = walk.parent, walk.tag, walk.classes, walk.flags
        for e in _with_ancestors(owner.tolist(), parents):
            outer, tag, classes = parents[e], tags[e], names[e]
            inherited = around[outer] | _TAG_BITS[tag] | flags[e] << _FLAG_SHIFT
            article[e] = e if tag == _ARTICLE else article[outer]
            if not classes:
                around[e], lowest_around[e] = inherited, lowest_around[outer]
                continue
            bits, lowest[e], highest[e], nearby = known.get(classes) or meaning_of(classes)
            own[e] = bits
            around[e] = inherited | bits
            further = lowest_around[outer]
            lowest_around[e] = nearby if nearby < further else further
        above, add = self.parent[owner], self.columns
        add["tag"], add["is_p"], add["heading"] = (
            self.owner_tag[self.rows],
            self.is_p[self.rows],
            self.heading[self.rows],
        )
        add["depth"] = np.array(walk.depth)[owner]
        add["kids"] = (self.last - self.first)[owner]
        own_bits = np.array(own)
        for names_of, bits_of in (
            (_OWN_ROLES, own_bits[owner] | own_bits[above]),
            (_AROUND, np.array(around)[owner]),
        ):
            add.update(zip(names_of, bits_of >> _SHIFTS[: len(names_of)] & 1, strict=True))
        low, high, low_around = np.array(lowest), np.array(highest), np.array(lowest_around)
        add["own_min"] = _finite(np.minimum(low[owner], low[above]))
        add["own_max"] = _finite(np.maximum(high[owner], high[above]))
        add["around_min"] = _finite(low_around[self.parent[above]])
        self.article: Ints = np.array(article)[owner]

    def _places(self) -> None:
        """Where each row stands: in its containers, in the best one, in the page."""
        add, rows = self.columns, self.rows
        prose = self.prose_sum[self.last] - self.prose_sum[self.first]
        links = self.link_sum[self.last] - self.link_sum[self.first]
        length = self.length_sum[self.last] - self.length_sum[self.first] + 1e-9
        blocks = self.last - self.first
        start, end, top = self.best_start, self.best_end, max(float(self.score[self.best]), 1e-9)
        at = container = self.container[rows]
        for level in range(4):
            add[f"c{level}_score"] = self.score[at] / top
            add[f"c{level}_prose"] = prose[at] / self.all_prose
            add[f"c{level}_linked"] = links[at] / length[at]
            add[f"c{level}_blocks"] = blocks[at]
            at = self.parent[at]
        prose_blocks = _sums((self.prose > 0).astype(float))
        inside = prose_blocks[self.last[container]] - prose_blocks[self.first[container]]
        add["c0_prose_blocks"] = inside / np.maximum(blocks[container], 1)
        add["in_best"] = (rows >= start) & (rows < end)
        add["from_best"] = np.where(rows < start, rows - start, np.where(rows >= end, rows - end + 1, 0))
        add["place_in_best"] = (rows - start) / max(end - start, 1)
        add["best_prose"] = prose[self.best] / self.all_prose
        add["page_prose"] = np.log1p(self.all_prose)
        add["page_blocks"] = float(len(self.lengths))
        add["prose_before"] = self.prose_sum[rows] / self.all_prose
        add["prose_after"] = (self.all_prose - self.prose_sum[rows + 1]) / self.all_prose
        add["article_prose"] = np.where(self.article > 0, prose[self.article] / self.all_prose, -1)

    def _neighbours(self) -> None:
        add, rows = self.columns, self.rows
        length, prose, linked = map(_padded, (np.log1p(self.length), np.log1p(self.prose), self.linked))
        for offset in (-2, -1, 1, 2):
            add[f"length{offset:+d}"] = length[rows + (_PAD + offset)]
        for offset in (-1, 1):
            add[f"prose{offset:+d}"] = prose[rows + (_PAD + offset)]
            add[f"linked{offset:+d}"] = linked[rows + (_PAD + offset)]
        above = self.parent[self.owner]
        same = (self.owner[1:] == self.owner[:-1]) * 2.0 + (above[1:] == above[:-1])
        add["sibling-1"] = np.concatenate([np.zeros(1), same])[rows]
        add["sibling+1"] = np.concatenate([same, np.zeros(1)])[rows]

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
        add, of_row = self.columns, kind[self.rows]
        add["kind_prose"] = (np.bincount(kind, weights=self.prose) / self.all_prose)[of_row]
        add["kind_blocks"] = count[of_row]
        add["kind_linked"] = (np.bincount(kind, weights=self.links) / length)[of_row]
        add["kind_length"] = (length / count)[of_row]

    def _surroundings(self) -> None:
        add, rows = self.columns, self.rows
        for reach in (3, 8):
            start = np.maximum(rows - reach, 0)
            end = np.minimum(rows + reach + 1, len(self.lengths))
            length = self.length_sum[end] - self.length_sum[start]
            add[f"near{reach}_linked"] = (self.link_sum[end] - self.link_sum[start]) / length
            if reach == 3:
                add["near3_prose"] = (self.prose_sum[end] - self.prose_sum[start]) / length
            else:
                before = self.length_sum[rows] - self.length_sum[start] + 1e-9
                after = self.length_sum[end] - self.length_sum[rows + 1] + 1e-9
                add["before8_prose"] = (self.prose_sum[rows] - self.prose_sum[start]) / before
                add["after8_prose"] = (self.prose_sum[end] - self.prose_sum[rows + 1]) / after


def _sums(values: Floats) -> Floats:
    """Running sums with a leading 0, so that sums[b] - sums[a] is the sum over a..b-1."""
    return np.concatenate([np.zeros(1), np.cumsum(values)])


def _padded(values: Floats) -> Floats:
    """*values* with zeros for what would stand outside the page."""
    padded = np.zeros(len(values) + 2 * _PAD)
    padded[_PAD:-_PAD] = values
    return padded


def _with_ancestors(elements: list[int], parents: list[int]) -> list[int]:
    """*elements* and all around them but the body, in the page's order."""
    found: set[int] = set()
    for element in elements:
        while element and element not in found:
            found.add(element)
            element = parents[element]
    return sorted(found)


def _finite(values: Floats) -> Floats:
    """Unknown, which is infinite here, as 0: neither for nor against."""
    return np.where(np.isfinite(values), values, 0.0)

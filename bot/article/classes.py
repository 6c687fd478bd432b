"""What an element's class names and id say of it: the roles their words name, and what usually stands under them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

#: Words in class names and ids, and what they say of an element.
ROLES = {
    "comment": "comment comments disqus respond reply replies discussion kommentar kommentare commentlist "
    "livefyre coral",
    "share": "share sharing shares social addthis addtoany sharedaddy follow facebook twitter whatsapp email "
    "print shareaholic",
    "related": "related recommend recommended recommendation recommendations outbrain taboola trending popular "
    "mostread more also next teaser teasers card cards readmore latest similar suggested list links link read "
    "prev previous crp yarpp onward river feed",
    "ad": "ad ads advert advertisement adslot sponsor sponsored dfp promo promotion promoted promotional werbung "
    "anzeige advertising cta affiliate product",
    "news": "newsletter subscribe subscription signup paywall login donate donation piano register registration "
    "premium form membership plus",
    "meta": "byline author authors bio date time timestamp meta dateline published publish tags tag category "
    "categories topic topics keywords kicker label info details posted updated writer avatar profile",
    "caption": "caption captions credit credits figure image images photo photos gallery carousel slideshow media "
    "video player picture copyright img legende source slider",
    "hidden": "hidden hide sr visually screen tooltip modal popup overlay cookie cookies consent gdpr onetrust "
    "optanon cmp didomi usercentrics privacy ccpa truste cybot offscreen invisible accessibility none dialog toast",
    "lead": "lead intro summary standfirst abstract excerpt subtitle dek description subheadline vorspann chapeau "
    "lede deck sub bajada entradilla sapo",
    "side": "sidebar rail aside widget widgets side sidebars secondary tertiary complementary",
    "body": "article body content entry post story text main blog copy articlebody artikel",
    "box": "box infobox inset callout factbox embed inline module block component wrapper",
}
_ROLE_BIT = {role: 1 << index for index, role in enumerate(ROLES)}
_WORD_BITS: dict[str, int] = {}
for _role, _words in ROLES.items():
    for _word in _words.split():
        _WORD_BITS[_word] = _WORD_BITS.get(_word, 0) | _ROLE_BIT[_role]

#: State classes of content systems, utilities with colons: they say nothing of an element's role.
_STATE_CLASS = re.compile(
    r"(?:tag|category|post|type|status|format|page|elementor|wp|has|is|template)-(?!content|body|text)|[-\w]*[:\[]",
    re.IGNORECASE,
)
_CLASS_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_MEMORY = 2_000  #: class attributes and names, some .5 MB; a page has some hundreds


def class_words(classes: str) -> list[str]:
    """The words of an element's class names and id, lower case, without states.

    >>> class_words("post-1234 tag-music entry-content articleBody")
    ['entry', 'content', 'article', 'body']
    """
    found: list[str] = []
    for name in classes.split():
        if not _STATE_CLASS.match(name):
            found += [word.lower() for word in _CLASS_WORD.findall(name)[:6] if len(word) > 1]
    return found


class Meaning(NamedTuple):
    """What class names say of an element, and of what is in it."""

    bits: int  #: a bit for each of ROLES
    lowest: float
    highest: float
    lowest_around: float


@dataclass(frozen=True, slots=True)
class Tables:
    """Log-odds that text under a class word is article: of the block's own elements, of those around it."""

    own: Mapping[str, float]
    around: Mapping[str, float]
    known: dict[str, Meaning] = field(default_factory=dict, repr=False)  #: what was looked up before

    def meaning_of(self, classes: str) -> Meaning:
        """What class names say: looked up name by name, for sites have more combinations than names."""
        names, remembered = classes.split(), self.known
        if len(remembered) + len(names) > _MEMORY:
            remembered.clear()
        bits, lowest, highest, lowest_around = 0, np.inf, -np.inf, np.inf
        for name in names:
            more, low, high, low_around = remembered.get(name) or self._meaning_of_name(name)
            bits |= more
            if low < lowest:
                lowest = low
            if high > highest:
                highest = high
            if low_around < lowest_around:
                lowest_around = low_around
        known = remembered[classes] = Meaning(bits, lowest, highest, lowest_around)
        return known

    def _meaning_of_name(self, name: str) -> Meaning:
        """What one class name says: its words together."""
        own_words, around_words = self.own, self.around
        bits, lowest, highest, lowest_around = 0, np.inf, -np.inf, np.inf
        for word in class_words(name):
            bits |= _WORD_BITS.get(word, 0)
            own = own_words.get(word)
            if own is not None:
                lowest, highest = min(own, lowest), max(own, highest)
            around = around_words.get(word)
            if around is not None and around < lowest_around:
                lowest_around = around
        known = self.known[name] = Meaning(bits, lowest, highest, lowest_around)
        return known

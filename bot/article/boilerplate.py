"""Which parts of a page are never article: comments, consent panels, hidden copies, boxes, further articles."""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from bot.article.walk import HIDDEN_CLASS, TAG_ID, Walk


class Bar(Enum):
    """Why a subtree is no article."""

    COMMENTS = "comments"
    CONSENT = "consent"
    HIDDEN = "hidden"
    ASIDE = "aside"  #: newsletter forms, boxes of authors and of facts, placeholders of embeds, disclaimers


#: Exact class names and ids. Words inside longer names hit wrappers (`comments-open`, `has-comments`).
_COMMENTS = re.compile(
    r"(?:^|\s)(?:comments?|comment-?list|comment-(?:body|content|text|respond|wrapper|\d+)|respond"
    r"|disqus_thread"
    r"|comments-(?:area|list|section|wrapper|container)|(?:post|entry|article)-comments|kommentare|fb-comments)(?=\s|$)",
    re.IGNORECASE,
)
_CONSENT = re.compile(
    r"(?:^|\s)(?:onetrust-|ot-sdk-|ot-pc|didomi-|qc-cmp|cybotcookiebot|usercentrics|cookieconsent|cookiebanner"
    r"|cookie-(?:notice|law|consent|banner|preferences)|cky-|cmplz-|moove_gdpr|sp_message|fc-consent|truste"
    r"|osano-"
    r"|borlabs|iubenda|tarteaucitron|gdpr|cc-window)",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"(?:^|\s)(?:[\w-]*newsletter[\w-]*|subscription-widget[\w-]*|mailchimp[\w-]*|mc_embed[\w-]*"
    r"|author-?(?:box|bio|info|card|description)[\w-]*|about-?(?:the-)?author[\w-]*|saboxplugin-wrap|m-a-box"
    r"|pp-multiple-authors[\w-]*|abh_box|wp-block-post-author|elementor-author-box|(?:[\w-]*-)?(?:fact|fakta|info)-?box"
    r"|[\w-]*embed-(?:consent|placeholder"
    r"|privacy)[\w-]*"
    r"|do-display-embed|[\w-]*disclaimer[\w-]*|sharedaddy|jp-relatedposts|addtoany[\w-]*"
    r"|(?:[\w-]*-)?(?:bread)?crumbs?|(?:article|post|entry)-?tags)(?=\s|$)",
    re.IGNORECASE,
)
#: A quick look before the exact ones: how names of theirs begin, and what stands in the others.
_BARRING_STARTS = frozenset(
    "com res dis pos ent art kom fb- one ot- did qc- cyb use coo cky cmp moo sp_ fc- tru osa bor iub tar gdp cc-"
    " sub mai mc_ aut abo sab m-a pp- abh wp- ele do- sha jp- add".split()
)
_BARRING = "newsletter", "box", "embed-", "disclaimer", "crumb", "tags"
#: Expected words of article that must stand elsewhere for a subtree to be left out.
_BY_WEIGHT = (Bar.COMMENTS, Bar.CONSENT, Bar.ASIDE)  #: the first one counts where class names disagree
_ELSEWHERE = {Bar.COMMENTS: 30, Bar.CONSENT: 30, Bar.HIDDEN: 80, Bar.ASIDE: 60}
_ARTICLE = TAG_ID["article"]
_HEADINGS = frozenset(TAG_ID[f"h{level}"] for level in range(1, 7))
_NEVER_BARRED = frozenset((TAG_ID["body"], TAG_ID["article"], TAG_ID["main"], TAG_ID["html"]))


@lru_cache(maxsize=512)
def _bar_of(classes: str) -> Bar | None:
    bars = list(filter(None, map(_bar_of_name, classes.split())))
    return min(bars, key=_BY_WEIGHT.index, default=None)


@lru_cache(maxsize=1024)
def _bar_of_name(name: str) -> Bar | None:
    low = name.lower()
    if low[:3] not in _BARRING_STARTS and not any(map(low.__contains__, _BARRING)):
        return None
    if _COMMENTS.match(name):
        return Bar.COMMENTS
    if _CONSENT.match(name):
        return Bar.CONSENT
    return Bar.ASIDE if _ASIDE.match(name) else None


def barred(walk: Walk, value: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which blocks stand in comments, consent panels, hidden copies and the like.

    *value* holds the words of article expected of each block: a subtree that has most of them is left alone, for
    class names lie.
    """
    found = {bar: np.zeros(len(walk.texts), bool) for bar in Bar}
    before = list(accumulate((value > 0).tolist(), initial=0))  # how many blocks before each may be article
    for start, end, tag, flags, classes in zip(
        walk.first, walk.last, walk.tag, walk.flags, walk.classes, strict=True
    ):
        if not classes or before[start] == before[end] or tag in _NEVER_BARRED:
            continue
        if flags & HIDDEN_CLASS:
            found[Bar.HIDDEN][start:end] = True
        if bar := _bar_of(classes[:500]):
            found[bar][start:end] = True
    out = np.zeros(len(walk.texts), bool)
    for bar, inside in found.items():
        if not inside.any():
            continue
        elsewhere = value[~(inside | out)].sum()
        if elsewhere >= _ELSEWHERE[bar] and (bar is not Bar.ASIDE or value[inside].sum() < elsewhere):
            out |= inside
    return out | _further_articles(walk, value)


def _further_articles(walk: Walk, value: NDArray[np.float64]) -> NDArray[np.bool_]:
    """The blocks of article elements after the one that holds most, if their heading links to a page of their own."""
    out = np.zeros(len(walk.texts), bool)
    articles = [
        (float(value[walk.first[e] : walk.last[e]].sum()), e)
        for e, tag in enumerate(walk.tag)
        if tag == _ARTICLE and walk.first[e] < walk.last[e]
    ]
    most, best = max(articles, default=(0.0, 0))
    if most < max(_ELSEWHERE[Bar.ASIDE], 0.5 * value.sum()):  # a round-up is made of many
        return out
    for _, e in articles:
        first = walk.first[e]
        if first < walk.last[best]:
            continue
        headed = next(
            (i for i in range(first, min(first + 3, walk.last[e])) if walk.tag[walk.owner[i]] in _HEADINGS),
            -1,
        )
        if headed >= 0 and walk.linked[headed] > 0.5 * len(walk.texts[headed]):
            out[first : walk.last[e]] = True
    return out

"""The one public function: a page's bytes in, its article out."""

from __future__ import annotations

import re

from bot.article.body import read_body
from bot.article.document import parse
from bot.article.metadata import read_metadata
from bot.article.walk import walk
from bot.model import Article

_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0e7f]")
_WORD = re.compile(r"\w+(?:['’.-]\w+)*")
_WORDS_A_MINUTE = 230


def extract(html: bytes, url: str, *, charset: str | None = None) -> Article:
    """Read the article of a page fetched from *url*; *charset* is what its HTTP header says.

    Never fails for want of an article: `text` is empty then and `barrier` says why. Raises HostileDocumentError for
    a page that is built to exhaust a parser.
    """
    document = parse(html, url, charset)
    walked = walk(document.root)
    metadata = read_metadata(document, walked)
    body = read_body(document, walked, metadata.title)
    words = count_words(body.text)
    return Article(
        url=url,
        **{name: getattr(metadata, name) for name in metadata.__slots__},
        blocks=body.blocks,
        text=body.text,
        notices=body.notices,
        word_count=words,
        minutes=-(-words // _WORDS_A_MINUTE),
        confidence=round(body.expected_f1, 3),
        truncated=document.truncated,
    )


def count_words(text: str) -> int:
    """Count the words of a text; in scripts without spaces two characters are one.

    >>> count_words("It’s a 3.5-hour walk"), count_words("東京は晴れ")
    (4, 3)
    """
    unspaced = len(_UNSPACED.findall(text))
    return -(-unspaced // 2) + len(_WORD.findall(_UNSPACED.sub(" ", text)))

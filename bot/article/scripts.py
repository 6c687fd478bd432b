"""Whether a text is written in East Asian letters."""

from __future__ import annotations

import re

_EAST_ASIAN = (
    "[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"  #: so wide that it is compiled only once a text may hold one
)


def has_east_asian(text: str) -> bool:
    """Whether *text* holds a letter of Chinese, Japanese or Korean.

    >>> has_east_asian("東京 2024"), has_east_asian("한국"), has_east_asian("Málaga – “today”")
    (True, True, False)
    """
    return not text.isascii() and re.search(_EAST_ASIAN, text) is not None

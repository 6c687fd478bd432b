"""Scripts that set no spaces between words: kana, Han, Thai and Lao."""

from __future__ import annotations

import re

_CHARACTER = "[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0eff]"
UNSPACED = re.compile(_CHARACTER)
UNSPACED_RUN = f"{_CHARACTER}+"  #: compiled when a text first has one

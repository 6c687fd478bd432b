"""Page in, article out: no I/O, no event loop, no Discord."""

from bot.article.extractor import extract

__all__ = ["extract"]

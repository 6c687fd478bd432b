"""Text in, quoted summary and key facts out."""

from bot.summary.extractive import summarise

__all__ = ["summarise"]

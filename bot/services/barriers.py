"""Which error says why a page does not show its article."""

from __future__ import annotations

from bot.errors import (
    ConsentWallError,
    EmptyPageError,
    JavaScriptOnlyError,
    NotArticleError,
    PaywallError,
    ReadError,
)
from bot.model import Barrier

BARRIERS: dict[Barrier, type[ReadError]] = {
    Barrier.PAYWALL: PaywallError,
    Barrier.CONSENT: ConsentWallError,
    Barrier.JAVASCRIPT: JavaScriptOnlyError,
    Barrier.NOT_ARTICLE: NotArticleError,
    Barrier.EMPTY: EmptyPageError,
}

"""The values every layer speaks in: frozen, keyword-only, without behaviour that touches the world."""

from importlib import import_module
from typing import TYPE_CHECKING

from bot.model.articles import (
    Article,
    Barrier,
    Block,
    BlockKind,
    Fact,
    FactKind,
    Image,
    Page,
    Provenance,
    Reading,
    Sentence,
    Summary,
)

if TYPE_CHECKING:
    from bot.model.backlog import Backlog, GivenUp, JobKind
    from bot.model.communities import (
        ChannelSettings,
        Comment,
        Discussion,
        Line,
        MemberSettings,
        PasteMode,
        Rhythm,
        Rule,
        RuleKind,
        ServerSettings,
        ThreadMode,
    )
    from bot.model.following import (
        Callback,
        Classifier,
        Delivery,
        Digest,
        Entry,
        Feed,
        FollowedFeed,
        Learned,
        Notice,
        Outlet,
        Paste,
        PendingEntry,
        Subscription,
    )
else:

    def __getattr__(name: str) -> object:
        """A value of what the bot keeps: loaded when first asked for, since who reads an article needs none."""
        for module in ("backlog", "communities", "following"):
            if found := vars(import_module(f"bot.model.{module}")).get(name):
                return globals().setdefault(name, found)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "Article",
    "Backlog",
    "Barrier",
    "Block",
    "BlockKind",
    "Callback",
    "ChannelSettings",
    "Classifier",
    "Comment",
    "Delivery",
    "Digest",
    "Discussion",
    "Entry",
    "Fact",
    "FactKind",
    "Feed",
    "FollowedFeed",
    "GivenUp",
    "Image",
    "JobKind",
    "Learned",
    "Line",
    "MemberSettings",
    "Notice",
    "Outlet",
    "Page",
    "Paste",
    "PasteMode",
    "PendingEntry",
    "Provenance",
    "Reading",
    "Rhythm",
    "Rule",
    "RuleKind",
    "Sentence",
    "ServerSettings",
    "Subscription",
    "Summary",
    "ThreadMode",
]

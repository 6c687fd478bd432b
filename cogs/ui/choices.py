"""What options of commands offer to choose from, in each member's language."""

from __future__ import annotations

from discord.app_commands import Choice
from discord.app_commands import locale_str as _

from bot.model import PasteMode, Rhythm, ThreadMode
from cogs.ui.locale import OWN_NAMES

MODES = [
    Choice(name=_("pasted links"), value=PasteMode.ON.value),
    Choice(name=_("on request"), value=PasteMode.REQUEST.value),
    Choice(name=_("off"), value=PasteMode.OFF.value),
]
THREADS = [
    Choice(name=_("a thread for every card"), value=ThreadMode.ALWAYS.value),
    Choice(name=_("a thread when somebody asks"), value=ThreadMode.ON_DEMAND.value),
    Choice(name=_("a thread at the first reply"), value=ThreadMode.FIRST_REPLY.value),
    Choice(name=_("a thread after some reactions"), value=ThreadMode.REACTIONS.value),
    Choice(name=_("no threads"), value=ThreadMode.NEVER.value),
]
RHYTHMS = [
    Choice(name=_("no digest"), value=Rhythm.OFF.value),
    Choice(name=_("a digest every day"), value=Rhythm.DAILY.value),
    Choice(name=_("a digest every week"), value=Rhythm.WEEKLY.value),
]
#: Minutes; what Discord knows.
ARCHIVE = [
    Choice(name=_("after an hour"), value=60),
    Choice(name=_("after a day"), value=1440),
    Choice(name=_("after three days"), value=4320),
    Choice(name=_("after a week"), value=10080),
]
VERDICTS = [
    Choice(name=_("allow it"), value="allow"),
    Choice(name=_("block it"), value="block"),
    Choice(name=_("forget what was said of it"), value="forget"),
]
LENGTHS = [
    Choice(name=_("short"), value="short"),
    Choice(name=_("normal"), value="normal"),
    Choice(name=_("long"), value="long"),
]
_LANGUAGES = [Choice(name=name, value=code) for code, name in OWN_NAMES.items()]
#: Of the cards.
LANGUAGES = [Choice(name=_("as the server's"), value="server"), *_LANGUAGES]
#: Of summaries by a language model.
SUMMARY_LANGUAGES = [Choice(name=_("each article's language"), value="article"), *_LANGUAGES]

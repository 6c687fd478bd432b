"""What the bot says, in the languages of config/locales (gettext; English is the source)."""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path

import discord
from discord import app_commands

from bot.errors import MissingPermissionError, NotOptedInError, QueryError, ThreadlineError, UrlError
from bot.model import PasteMode, Rhythm, ThreadMode
from cogs.ui import words

DOMAIN = "threadline"
SOURCE = "en"
FOLDER = Path(str(files("config"))) / "locales"


#: Languages by the name they give themselves.
OWN_NAMES = {"en": "English", "de": "Deutsch", "fr": "Français", "es": "Español", "ja": "日本語"}


#: What stands between thousands, where it is no comma.
_THOUSANDS = {"de": ".", "es": ".", "fr": "\u202f"}


class Labels:
    """The bot's words in one language."""

    def __init__(self, language: str, translations: gettext.NullTranslations) -> None:
        self.language = language  #: ISO 639-1
        self._translations = translations

    def say(self, text: str, **values: object) -> str:
        """Return *text*, a literal of the source code, in this language, with *values* filled in."""
        return self._translations.gettext(text).format(**values)

    def plural(self, one: str, many: str, number: int, **values: object) -> str:
        """Return the form of *one* or *many* that *number* asks for, with {n} and *values* filled in."""
        return self._translations.ngettext(one, many, number).format(n=self.number(number), **values)

    def number(self, number: int) -> str:
        """Return a number with the language's own mark between thousands."""
        return f"{number:,}".replace(",", _THOUSANDS.get(self.language, ","))

    def day(self, when: date) -> str:
        """Return a day without its time, for days that are the same in every time zone."""
        months = (
            self.say("January"),
            self.say("February"),
            self.say("March"),
            self.say("April"),
            self.say("May"),
            self.say("June"),
            self.say("July"),
            self.say("August"),
            self.say("September"),
            self.say("October"),
            self.say("November"),
            self.say("December"),
        )
        return self.say("{day} {month} {year}", day=when.day, month=months[when.month - 1], year=when.year)

    def language_name(self, code: str) -> str:
        """Return the name of a language, its code where we have no name."""
        return self._language_names().get(code, code.upper())

    def _language_names(self) -> Mapping[str, str]:
        return {
            "ar": self.say("Arabic"),
            "bg": self.say("Bulgarian"),
            "ca": self.say("Catalan"),
            "cs": self.say("Czech"),
            "da": self.say("Danish"),
            "de": self.say("German"),
            "el": self.say("Greek"),
            "en": self.say("English"),
            "es": self.say("Spanish"),
            "fa": self.say("Persian"),
            "fi": self.say("Finnish"),
            "fr": self.say("French"),
            "he": self.say("Hebrew"),
            "hi": self.say("Hindi"),
            "hr": self.say("Croatian"),
            "hu": self.say("Hungarian"),
            "id": self.say("Indonesian"),
            "it": self.say("Italian"),
            "ja": self.say("Japanese"),
            "ko": self.say("Korean"),
            "nl": self.say("Dutch"),
            "no": self.say("Norwegian"),
            "pl": self.say("Polish"),
            "pt": self.say("Portuguese"),
            "ro": self.say("Romanian"),
            "ru": self.say("Russian"),
            "sv": self.say("Swedish"),
            "th": self.say("Thai"),
            "tr": self.say("Turkish"),
            "uk": self.say("Ukrainian"),
            "vi": self.say("Vietnamese"),
            "zh": self.say("Chinese"),
        }

    def permission(self, flag: str) -> str:
        """Return a permission as Discord's settings name it."""
        return {
            "view_channel": self.say("View Channel"),
            "send_messages": self.say("Send Messages"),
            "send_messages_in_threads": self.say("Send Messages in Threads"),
            "create_public_threads": self.say("Create Public Threads"),
            "add_reactions": self.say("Add Reactions"),
            "embed_links": self.say("Embed Links"),
            "read_message_history": self.say("Read Message History"),
            "manage_threads": self.say("Manage Threads"),
            "manage_messages": self.say("Manage Messages"),
            "manage_guild": self.say("Manage Server"),
        }.get(flag, flag)

    def mode(self, mode: PasteMode) -> str:
        """Return what is answered in a channel."""
        return {
            PasteMode.ON: self.say("pasted links"),
            PasteMode.REQUEST: self.say("on request"),
            PasteMode.OFF: self.say("off"),
        }[mode]

    def threads(self, mode: ThreadMode) -> str:
        """Return when threads are opened."""
        return {
            ThreadMode.ALWAYS: self.say("a thread for every card"),
            ThreadMode.ON_DEMAND: self.say("a thread when somebody asks"),
            ThreadMode.FIRST_REPLY: self.say("a thread at the first reply"),
            ThreadMode.REACTIONS: self.say("a thread after some reactions"),
            ThreadMode.NEVER: self.say("no threads"),
        }[mode]

    def closing(self, minutes: int) -> str:
        """Return when an idle thread is closed."""
        when = {
            60: self.say("after an hour"),
            1440: self.say("after a day"),
            4320: self.say("after three days"),
            10080: self.say("after a week"),
        }[minutes]
        return self.say("idle threads close {when}", when=when)

    def rhythm(self, rhythm: Rhythm) -> str:
        """Return how often a digest comes."""
        return {
            Rhythm.OFF: self.say("no digest"),
            Rhythm.DAILY: self.say("a digest every day"),
            Rhythm.WEEKLY: self.say("a digest every week"),
        }[rhythm]

    def kept(self, sentence: str) -> str:
        """Return an English sentence that was kept from an error, in this language where that is known."""
        return self._translations.gettext(sentence)

    def explain(self, error: ThreadlineError) -> str:
        """Return the sentence that *error* says, as it may stand in a channel."""
        if isinstance(error, UrlError):
            where = words.escape(words.host(error.url)) or self.say("that address")
            return self.say(error.sentence, host=where, why=words.escape(error.why))
        if isinstance(error, MissingPermissionError):
            names = ", ".join(map(self.permission, error.permissions))
            return self.say(
                "I need the permission “{names}” in <#{channel}>.", names=names, channel=error.channel_id
            )
        if isinstance(error, QueryError):
            return self.say(error.sentence, **error.values)
        if isinstance(error, NotOptedInError):
            return self.say("I am not set up to post in {channel}.", channel=f"<#{error.channel_id}>")
        return self._translations.gettext(str(error))


@cache
def _translations(language: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, FOLDER, [language], fallback=True)


def labels(locale: str | discord.Locale | None) -> Labels:
    """Return the labels for one of Discord's locales ("de", "es-419"); English where there are none.

    >>> labels("pt-BR").language
    'en'
    """
    language = str(locale or SOURCE).partition("-")[0]
    return Labels(language if language in languages() else SOURCE, _translations(language))


@cache
def languages() -> tuple[str, ...]:
    """The languages there are labels in."""
    return (SOURCE, *sorted(path.name for path in FOLDER.iterdir() if path.is_dir()))


class CatalogueTranslator(app_commands.Translator):
    """Names and descriptions of commands, from the same catalogues."""

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,  # noqa: ARG002  (discord.py hands it over)
    ) -> str | None:
        """The string in a member's language; None leaves it in English."""
        translated = _translations(str(locale).partition("-")[0]).gettext(string.message)
        return translated if translated != string.message else None

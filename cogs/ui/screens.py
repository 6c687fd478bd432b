"""What one member sees for a while, with buttons and menus that answer in the process that drew them."""

from __future__ import annotations

import re
import secrets
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import discord
from discord import ui

from bot.client import ThreadlineBot
from cogs.ui import cards, words
from cogs.ui.locale import labels

Interaction = discord.Interaction[ThreadlineBot]
Action = Callable[[Interaction], Awaitable[None]]
Choice = Callable[[Interaction, str], Awaitable[None]]

SECONDS = 840.0  #: a screen answers no longer than its interaction
_LABEL, _OPTION = 80, 100
_OPTIONS = 25

#: The screens of this process that still answer.
_live: set[str] = set()


class Screen(ui.LayoutView):
    """Paragraphs, buttons and menus."""

    def __init__(self) -> None:
        super().__init__(timeout=SECONDS)
        self._token = secrets.token_hex(8)
        _live.add(self._token)

    def say(self, text: str) -> Screen:
        """Add a paragraph."""
        self.add_item(ui.TextDisplay(text))
        return self

    def offer(self, *buttons: tuple[str, discord.ButtonStyle, Action]) -> Screen:
        """Add a row of buttons."""
        row: ui.ActionRow[Screen] = ui.ActionRow()
        for number, (label, style, action) in enumerate(buttons):
            row.add_item(_Button(label, style, action, self._id(number)))
        self.add_item(row)
        return self

    def ask(self, placeholder: str, options: Iterable[tuple[str, str]], choose: Choice) -> Screen:
        """Add a menu of (value, label)."""
        row: ui.ActionRow[Screen] = ui.ActionRow()
        row.add_item(_Menu(placeholder, options, choose, self._id(0)))
        self.add_item(row)
        return self

    def _id(self, number: int) -> str:
        return f"screen:{self._token}:{len(self.children)}:{number}"

    async def on_timeout(self) -> None:
        """From now on nobody answers."""
        _live.discard(self._token)

    async def on_error(self, interaction: discord.Interaction[Any], error: Exception, item: Any, /) -> None:  # noqa: ARG002
        """Answer in words."""
        await interaction.client.tree.on_error(interaction, error)


class _Button(ui.Button[Screen]):
    def __init__(self, label: str, style: discord.ButtonStyle, action: Action, custom_id: str) -> None:
        super().__init__(label=words.shorten(label, _LABEL), style=style, custom_id=custom_id)
        self._action = action

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await self._action(interaction)


class _Menu(ui.Select[Screen]):
    def __init__(
        self, placeholder: str, options: Iterable[tuple[str, str]], choose: Choice, custom_id: str
    ) -> None:
        choices = [
            discord.SelectOption(value=value, label=words.shorten(label, _OPTION) or "—")
            for value, label in options
        ]
        super().__init__(placeholder=placeholder, options=choices[:_OPTIONS], custom_id=custom_id)
        self._choose = choose

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await self._choose(interaction, self.values[0])


class ExpiredItem(ui.DynamicItem[ui.Item[Any]], template=r"screen:(?P<token>[0-9a-f]{16}):\d+:\d+"):
    """A button or menu of any screen: of those that nobody answers any more, it says so."""

    def __init__(self, item: ui.Item[Any], token: str) -> None:
        super().__init__(item)
        self._token = token

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],  # noqa: ARG003  (discord.py hands it over)
        item: ui.Item[Any],
        match: re.Match[str],
        /,
    ) -> ExpiredItem:
        """The item that was pressed, read off its id."""
        return cls(item, match["token"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Leave it to the screen, where there is one."""
        if self._token not in _live:
            text = labels(interaction.locale).say("This has expired; please ask for it once more.")
            await interaction.response.send_message(view=cards.draw_line(text), ephemeral=True)

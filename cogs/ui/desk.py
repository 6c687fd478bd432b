"""What all cogs share, and the buttons that outlive the process that drew them."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

import discord
from discord import ui
from discord.ext import commands

from bot.client import ThreadlineBot
from cogs.ui.drawing import Drawer
from cogs.ui.ids import PATTERN, Press
from cogs.ui.messenger import Messenger
from cogs.ui.threads import Threads

Interaction = discord.Interaction[ThreadlineBot]

#: Takes the interaction and the two numbers of the id, the second 0 where there is none.
Answer = Callable[[Interaction, int, int], Awaitable[None]]


class Desk(commands.Cog):
    """What all cogs share: who draws, who posts, and who answers which button."""

    def __init__(
        self, bot: ThreadlineBot, explain: Callable[[Interaction, Exception], Awaitable[None]]
    ) -> None:
        self.messenger = Messenger(bot)
        self.drawer = Drawer(bot)
        self.threads = Threads(bot, self.messenger, self.drawer)
        self._answers: dict[Press, Answer] = {}
        self._explain = explain

    def on(self, press: Press, answer: Answer) -> None:
        """Have *answer* called for such buttons."""
        self._answers[press] = answer

    async def answer(self, interaction: Interaction, press: Press, first: int, second: int) -> None:
        """Answer a press, in words where that fails."""
        try:
            await self._answers[press](interaction, first, second)
        except Exception as error:  # noqa: BLE001  (the error handler of buttons)
            await self._explain(interaction, error)


def desk_of(bot: ThreadlineBot) -> Desk:
    """The bot's desk; cogs.language brings it."""
    desk = bot.get_cog(Desk.__cog_name__)
    assert isinstance(desk, Desk)  # noqa: S101  (the first cog that is loaded)
    return desk


class PressButton(ui.DynamicItem[ui.Button[Any]], template=PATTERN):
    """Any button of a card, a line or a menu."""

    def __init__(self, item: ui.Button[Any], press: Press, first: int, second: int) -> None:
        super().__init__(item)
        self._asked = press, first, second

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],  # noqa: ARG003  (discord.py hands it over)
        item: ui.Item[Any],
        match: re.Match[str],
        /,
    ) -> PressButton:
        """The button that was pressed, read off its id."""
        assert isinstance(item, ui.Button)  # noqa: S101  (the ids are on buttons only)
        return cls(item, Press(match["press"]), int(match["first"]), int(match["second"] or 0))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand the press on."""
        await desk_of(interaction.client).answer(interaction, *self._asked)

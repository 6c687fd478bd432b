"""Makes commands speak each member's language, in their errors too."""

from __future__ import annotations

import logging

import discord
from discord import app_commands

from bot.client import ThreadlineBot
from bot.errors import ThreadlineError
from cogs.ui import cards
from cogs.ui.desk import Desk, PressButton
from cogs.ui.locale import CatalogueTranslator, labels
from cogs.ui.screens import ExpiredItem

log = logging.getLogger(__name__)

Interaction = discord.Interaction[ThreadlineBot]

#: Discord's words for an interaction that waits for no answer any more: it expired, or was answered.
_OVER = frozenset({10062, 40060})
_CHANNEL = discord.AppCommandOptionType.channel


async def explain(interaction: Interaction, error: Exception) -> None:
    """Answer an interaction that failed, in words; what nobody foresaw is logged with its traceback."""
    cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
    if isinstance(cause, discord.HTTPException) and cause.code in _OVER:
        log.warning("answered too late", extra={"interaction": interaction.id})
        return
    say = labels(interaction.locale)
    if isinstance(cause, ThreadlineError):
        text = say.explain(cause)
    elif isinstance(cause, app_commands.MissingPermissions):
        names = ", ".join(map(say.permission, cause.missing_permissions))
        text = say.say("For that you need the permission “{names}”.", names=names)
    elif isinstance(cause, app_commands.NoPrivateMessage):
        text = say.say("That works in servers only.")
    elif isinstance(cause, app_commands.TransformerError) and cause.type is _CHANNEL:
        text = say.say("I cannot see that channel, or it is an archived thread.")
    else:
        log.error("interaction failed", exc_info=cause, extra={"interaction": interaction.id})
        text = say.say("Something went wrong on my side; it is logged.")
    view = cards.draw_line(text)
    try:
        if interaction.response.is_done():
            await interaction.followup.send(view=view, ephemeral=True)
        else:
            await interaction.response.send_message(view=view, ephemeral=True)
    except discord.HTTPException:
        log.info("the interaction is gone", extra={"interaction": interaction.id})


async def setup(bot: ThreadlineBot) -> None:
    """Load."""
    await bot.tree.set_translator(CatalogueTranslator())
    bot.tree.error(explain)
    bot.add_dynamic_items(PressButton, ExpiredItem)
    await bot.add_cog(Desk(bot, explain))

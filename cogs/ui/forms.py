"""Modals that answer in words when something goes wrong, and ask again who may do what they are for."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands, ui


class Form(ui.Modal):
    """A modal."""

    async def on_error(self, interaction: discord.Interaction[Any], error: Exception, /) -> None:  # type: ignore[override]
        """Answer in words."""
        await interaction.client.tree.on_error(interaction, error)


def require_manager(interaction: discord.Interaction[Any]) -> None:
    """Raise unless the member may manage the server, still: a form or screen stays open for a while."""
    if not interaction.permissions.manage_guild:
        raise app_commands.MissingPermissions(["manage_guild"])

"""What each channel opted in to; a channel nobody configured stays silent."""

from __future__ import annotations

from bot.model import ChannelSettings
from bot.services.remembering import Remembered
from bot.store.channels import ChannelRepository


class ChannelService:
    """Channel settings."""

    def __init__(self, repository: ChannelRepository) -> None:
        self._repository = repository
        self._known = Remembered(repository.get)

    async def get(self, channel_id: int) -> ChannelSettings | None:
        """The channel's settings, None where nobody configured it."""
        return await self._known.get(channel_id)

    async def configure(self, settings: ChannelSettings) -> None:
        """Replace a channel's settings."""
        await self._repository.put(settings)
        self._known.put(settings.channel_id, settings)

    async def of_guild(self, guild_id: int) -> tuple[ChannelSettings, ...]:
        """All configured channels of a server."""
        return await self._repository.of_guild(guild_id)

    async def forget(self, channel_id: int) -> None:
        """Forget a channel: it is gone, or is to be as if nobody had configured it."""
        await self._repository.remove(channel_id)
        self._known.put(channel_id, None)

    async def forget_guild(self, guild_id: int) -> None:
        """Forget a server's channels."""
        await self._repository.remove_guild(guild_id)
        self._known.clear()

"""What each channel opted in to."""

from __future__ import annotations

from sqlalchemy import Row, delete, select, update

from bot.model import ChannelSettings, PasteMode, Rhythm, ThreadMode
from bot.store.database import Database, insert_new
from bot.store.schema import channels


class ChannelRepository:
    """The only reader and writer of `channels`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, channel_id: int) -> ChannelSettings | None:
        """The channel's settings, None where nobody configured it."""
        async with self._database.read() as connection:
            row = (
                await connection.execute(select(channels).where(channels.c.channel_id == channel_id))
            ).first()
        return _settings(row) if row else None

    async def of_guild(self, guild_id: int) -> tuple[ChannelSettings, ...]:
        """All configured channels of a server."""
        query = select(channels).where(channels.c.guild_id == guild_id).order_by(channels.c.channel_id)
        async with self._database.read() as connection:
            return tuple(_settings(row) for row in await connection.execute(query))

    async def put(self, settings: ChannelSettings) -> None:
        """Replace a channel's settings."""
        values = {
            "guild_id": settings.guild_id,
            "paste": settings.paste.value,
            "threads": settings.threads.value,
            "reactions": settings.reactions,
            "archive_minutes": settings.archive_minutes,
            "language": settings.language,
            "digest": settings.digest.value,
            "plain": settings.plain,
            "hide_previews": settings.hide_previews,
        }
        async with self._database.write() as connection:
            await connection.execute(insert_new(channels, {"channel_id": settings.channel_id, **values}))
            await connection.execute(
                update(channels).where(channels.c.channel_id == settings.channel_id).values(values)
            )

    async def remove(self, channel_id: int) -> None:
        """Forget a channel."""
        async with self._database.write() as connection:
            await connection.execute(delete(channels).where(channels.c.channel_id == channel_id))

    async def remove_guild(self, guild_id: int) -> None:
        """Forget a server's channels."""
        async with self._database.write() as connection:
            await connection.execute(delete(channels).where(channels.c.guild_id == guild_id))


def _settings(row: Row[tuple[object, ...]]) -> ChannelSettings:
    return ChannelSettings(
        guild_id=row.guild_id,
        channel_id=row.channel_id,
        paste=PasteMode(row.paste),
        threads=ThreadMode(row.threads),
        reactions=row.reactions,
        archive_minutes=row.archive_minutes,
        language=row.language,
        digest=Rhythm(row.digest),
        plain=row.plain,
        hide_previews=row.hide_previews,
    )

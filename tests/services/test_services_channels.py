"""A channel nobody configured stays silent, and what was configured is kept."""

from __future__ import annotations

from bot.model import ChannelSettings, PasteMode
from bot.services.channels import ChannelService
from bot.store.channels import ChannelRepository
from bot.store.database import Database

NEWS = ChannelSettings(guild_id=1, channel_id=10, paste=PasteMode.ON)


async def test_a_channel_nobody_configured_has_no_settings(database: Database) -> None:
    assert await ChannelService(ChannelRepository(database)).get(10) is None


async def test_settings_hold_at_once_and_after_a_restart(database: Database) -> None:
    channels = ChannelService(ChannelRepository(database))
    assert await channels.get(10) is None

    await channels.configure(NEWS)

    assert await channels.get(10) == NEWS
    assert await ChannelService(ChannelRepository(database)).get(10) == NEWS


async def test_a_server_that_is_left_is_forgotten_and_no_other(database: Database) -> None:
    channels = ChannelService(ChannelRepository(database))
    other = ChannelSettings(guild_id=2, channel_id=20)
    await channels.configure(NEWS)
    await channels.configure(other)

    await channels.forget_guild(1)

    assert await channels.of_guild(1) == ()
    assert await channels.of_guild(2) == (other,)
    assert (await channels.get(10), await channels.get(20)) == (None, other)

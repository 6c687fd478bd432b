"""Outside the servers that the bot is in: direct messages, other people's, groups, and strange servers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
import simcord.interactions
from readingroom import ReadingRoom, buttons, words
from sqlalchemy import func, select

from bot.store.database import Database
from bot.store.schema import discussions, lines

pytestmark = pytest.mark.asyncio(loop_scope="module")

Move = Callable[[Mapping[str, Any]], None]

GROUP = {"id": "4101", "type": 3, "name": "Book club", "icon": None, "recipients": [], "owner_id": "1"}
STRANGE_SERVER = {"id": "4200", "locale": "en-US", "features": []}
STRANGE_CHANNEL = {"id": "4201", "type": 0, "name": "general", "position": 0, "guild_id": "4200"}


@pytest.fixture
def move(monkeypatch: pytest.MonkeyPatch) -> Move:
    """Has what is asked next come from elsewhere: the simulation knows the bot's own places only."""
    built = simcord.interactions.base_payload

    def moved(values: Mapping[str, Any]) -> None:
        def build(*args: Any, **kwargs: Any) -> Any:
            record, payload = built(*args, **kwargs)
            payload.update(values)
            for name in [name for name, value in values.items() if value is None]:
                del payload[name]
            return record, payload

        monkeypatch.setattr(simcord.interactions, "base_payload", build)

    return moved


def place(room: ReadingRoom, name: str) -> dict[str, Any]:
    """A place without the bot, as Discord describes it to an app that a member installed."""
    ana = room.env.backend.get_user(room.ana.id)
    user = {"id": str(room.ana.id), "username": ana.name, "discriminator": "0", "avatar": None}
    owners = {"authorizing_integration_owners": {"1": user["id"]}}
    if name == "server":
        member = {
            "user": user,
            "roles": [],
            "joined_at": "2026-01-01T00:00:00+00:00",
            "deaf": False,
            "mute": False,
            "flags": 0,
            "permissions": "2147483647",
        }
        values = {"guild_id": "4200", "guild": STRANGE_SERVER, "channel": STRANGE_CHANNEL, "member": member}
        return {**owners, **values, "context": 0, "channel_id": "4201"}
    channel = GROUP if name == "group" else {"id": "4301", "type": 1, "recipients": [user], "flags": 0}
    here = {"guild_id": None, "guild_locale": None, "member": None, "user": user, "channel": channel}
    return {**owners, **here, "context": 2, "channel_id": channel["id"]}


@pytest.mark.parametrize("where", ["server", "group", "their direct messages"])
async def test_a_member_who_installed_the_bot_is_answered_everywhere_and_alone(
    room: ReadingRoom, move: Move, where: str
) -> None:
    message = await room.ben.send(
        room.guild.create_text_channel("off-topic"), f"{room.url('/ferry')} {room.url('/bridge')}"
    )
    move(place(room, where))

    summary = await room.ana.slash(room.articles, "summary", url=room.url("/ferry"))
    off_topic = simcord.ChannelHandle(room.env, room.guild, room.env.backend.get_channel(message.channel.id))
    menu = await room.ana.context_menu(off_topic, "Summarise links", message)
    help_ = await room.ana.slash(room.articles, "help")

    assert summary.ephemeral
    assert "Night ferry" in words(summary.response)
    assert buttons(summary.response) == ["Read original", "Full text"]  # type: ignore[arg-type]
    assert menu.ephemeral
    assert "Night ferry" in words(menu.response)
    assert ["Bridge opens" in words(more) for more in menu.followups] == [True]
    assert "/summary" in words(help_.response)
    assert room.cards() == []


async def test_the_full_text_opens_where_the_bot_is_not(room: ReadingRoom, move: Move) -> None:
    summary = await room.ana.slash(room.articles, "summary", url=room.url("/ferry"), private=True)
    move(place(room, "group"))

    text = await room.ana.click(summary.response, label="Full text")  # type: ignore[arg-type]

    assert text.ephemeral
    assert "Hoteliers in Brenna" in words(text.response)


async def test_the_bots_own_direct_messages_hold_cards_until_the_member_is_forgotten(
    room: ReadingRoom,
) -> None:
    cleo = room.env.create_user("cleo")
    direct = cleo.dm_channel
    await cleo.send_dm(room.url("/ferry"))
    await cleo.send_dm(room.url("/ferry"))
    await cleo.send_dm("http://10.1.2.3/")

    answer = await cleo.slash("summary", url=room.url("/bridge"))

    assert not answer.ephemeral
    shown = [words(message) for message in direct.history() if message.author.id != cleo.id]
    assert ["Night ferry" in shown[0], "Shared here" in shown[1]] == [True, True]
    assert "More" in buttons(answer.response)
    assert await _kept(room, direct.id) == (2, 2)

    await room.bot.app.retention.forget_member(cleo.id)

    assert await _kept(room, direct.id) == (0, 0)


async def _kept(room: ReadingRoom, channel_id: int) -> tuple[int, ...]:
    """How many discussions and lines are kept of a channel."""
    counts = []
    database = await Database.open(room.bot.settings.database_url)
    async with database.read() as connection:
        for table in (discussions, lines):
            query = select(func.count()).select_from(table).where(table.c.channel_id == channel_id)
            counts.append((await connection.execute(query)).scalar_one())
    await database.close()
    return tuple(counts)

"""Two servers, several roles, random actions: nobody sees or changes what Discord's permissions forbid."""

from __future__ import annotations

import asyncio
import itertools
import sqlite3
from collections.abc import Callable, Coroutine, Iterable
from contextlib import AsyncExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import discord
import pytest
import simcord
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from readingroom import Site, buttons, shared, words
from simcord.backend.errors import BackendError, OptionError, SetupError
from two_servers import LOOKING, MANAGING, SECRET, Server, menus

from bot.client import ThreadlineBot
from bot.model import ChannelSettings, PasteMode, ThreadMode

#: What only managers of a server may change, and what of it members have of their own.
MANAGED = ("channels", "servers", "outlets", "rules", "subscriptions", "topic_feeds")
OWNED = "member_id IS NULL"
ANY = st.sampled_from(range(60))
EXAMPLES, STEPS = 4, 12

T = TypeVar("T")

#: What members do, and how its arguments are drawn.
ACTIONS: dict[str, dict[str, st.SearchStrategy[Any]]] = {}


def action(**drawn: st.SearchStrategy[Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Make a method one of the actions.

    They are no rules of their own: hypothesis leaves whole rules out of a run, and of few runs hardly one would
    have had a button pressed.
    """

    def note(method: Callable[..., None]) -> Callable[..., None]:
        ACTIONS[method.__name__] = drawn
        return method

    return note


class Members(RuleBasedStateMachine):
    """Members of two servers do what comes to mind."""

    env: simcord.Env
    site: Site
    database: Path
    run: Callable[[Coroutine[Any, Any, Any]], Any]
    count = 0
    turns = itertools.count(1)

    def __init__(self) -> None:
        super().__init__()
        cls = type(self)
        self.servers = []
        for _ in range(2):
            cls.count += 1
            self.servers.append(Server(self.env, self.site, cls.count))
        self.run(self._open())

    async def _open(self) -> None:
        bot = self.env.bot
        assert isinstance(bot, ThreadlineBot)
        await self.env.settle()
        commands = await bot.tree.fetch_commands()
        for server in self.servers:
            # As an admin may do by Discord's own settings: everybody may use everything.
            for command in commands:
                server.guild.set_command_permissions(command.id, {server.guild.default_role: True})
            for room in (server.lobby, server.office):
                await bot.app.channels.configure(
                    ChannelSettings(
                        guild_id=server.guild.id,
                        channel_id=room.id,
                        paste=PasteMode.ON,
                        threads=ThreadMode.ON_DEMAND,
                    )
                )

    def teardown(self) -> None:
        """Leave the servers: their feeds are asked no more, each a second after the other."""
        bot = self.env.bot
        assert isinstance(bot, ThreadlineBot)
        for server in self.servers:
            self.run(bot.app.subscriptions.forget_guild(server.guild.id))

    # ---------------------------------------------------------------- what is kept
    def kept(self, server: Server, tables: tuple[str, ...] = ()) -> dict[str, list[Any]]:
        """The rows of a server, all or of some tables, as they are now."""
        with closing(sqlite3.connect(self.database)) as connection:
            named = [
                row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            ]
            found = {}
            for table in named:
                columns = {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
                if "guild_id" not in columns or (tables and table not in tables):
                    continue
                own = f" AND {OWNED}" if tables and "member_id" in columns else ""
                query = f"SELECT * FROM {table} WHERE guild_id = ?{own}"
                found[table] = sorted(connection.execute(query, (server.guild.id,)).fetchall(), key=repr)
        return found

    def act(
        self,
        server: Server,
        member: simcord.MemberActor,
        action: Callable[[], Coroutine[Any, Any, T]],
        *,
        manages: bool = False,
    ) -> T | None:
        """Have a member do something; check that it touched nothing it may not."""
        other = self.servers[1 - self.servers.index(server)]
        elsewhere = self.kept(other)
        here = self.kept(server, MANAGED)
        try:
            result = self.run(action())
        except OptionError:
            raise  # a mistake of ours
        except (BackendError, SetupError):
            return None  # Discord itself does not let them
        assert self.kept(other) == elsewhere
        if not manages:
            assert self.kept(server, MANAGED) == here
        return result

    def check(
        self, server: Server, member: simcord.MemberActor, shown: str, public: Iterable[str] = ()
    ) -> None:
        """Hold what a member was shown against what they may know: what was shared with them, and *public* words."""
        assert set(SECRET.findall(shown)) <= server.knows(member).union(public), shown
        other = self.servers[1 - self.servers.index(server)]
        assert f"Tide{other.number}" not in shown
        if self.may_manage(server, member):
            return  # who sets rooms up is told which there are
        for room in server.rooms:
            if not server.permissions(member, room).view_channel:
                assert f"<#{room.id}>" not in shown
                assert f"/{room.id}/" not in shown

    def may_manage(self, server: Server, member: simcord.MemberActor) -> bool:
        return server.permissions(member, server.lobby).manage_guild

    def cards(self, server: Server) -> list[tuple[simcord.ChannelHandle, discord.Message]]:
        me = self.env.bot.user.id
        return [
            (room, message)
            for room in server.rooms
            for message in room.history()
            if message.author.id == me and message.components
        ]

    def pick(self, server_at: int, member_at: int) -> tuple[Server, simcord.MemberActor]:
        server = self.servers[server_at % 2]
        return server, server.members[member_at % len(server.members)]

    def fill(self, server: Server, arguments: dict[str, Any], room_at: int) -> dict[str, Any]:
        values = {"channel": server.rooms[room_at % 3], "role": server.staff, "word": f"topic {room_at % 4}"}
        return {
            name: values.get(value, value) if isinstance(value, str) else value
            for name, value in arguments.items()
        }

    # ---------------------------------------------------------------- what members do
    @initialize()
    def begin(self) -> None:
        """The staff of both servers share something in both rooms; the owners follow a feed, and make a topic."""
        for at in (0, 1):
            for room_at, name in ((0, "1"), (1, "2")):
                self.paste(at, 1, room_at, name)
            assert len(self.cards(self.servers[at])) == 2
            self.follow_feed(at, 4, 0, at, listed=True)
            self.manage(at, 4, at, ("topic create", {"name": "word", "query": "ferry"}))
            self.look(at, 4, at, ("topic follow", {"topic": "word"}))
            assert len(self.kept(self.servers[at], ("subscriptions",))["subscriptions"]) == 2

    @action(server_at=ANY, member_at=ANY, room_at=ANY, name=st.sampled_from("1234"))
    def paste(self, server_at: int, member_at: int, room_at: int, name: str) -> None:
        server, member = self.pick(server_at, member_at)
        room = server.rooms[room_at % 3]
        if not server.permissions(member, room).view_channel:
            return
        word = server.page(name)
        if self.act(server, member, lambda: member.send(room, f"See {server.url(word)}")):
            server.pages[word].add(room.id)

    @action(server_at=ANY, member_at=ANY, room_at=ANY, name=st.sampled_from("1234"), to_at=ANY)
    def share(self, server_at: int, member_at: int, room_at: int, name: str, to_at: int) -> None:
        server, member = self.pick(server_at, member_at)
        room, to = server.rooms[room_at % 3], server.rooms[to_at % 3]
        word = server.page(name)
        before = len(self.cards(server))
        sends = server.permissions(member, to)
        answer = self.act(
            server, member, lambda: member.slash(room, "share", url=server.url(word), channel=to)
        )
        if answer is None:
            return
        if not (sends.view_channel and sends.send_messages):
            assert len(self.cards(server)) == before
        elif len(self.cards(server)) > before:
            server.pages[word].add(to.id)

    @action(server_at=ANY, member_at=ANY, room_at=ANY, what=st.sampled_from(LOOKING))
    def look(self, server_at: int, member_at: int, room_at: int, what: tuple[str, dict[str, Any]]) -> None:
        server, member = self.pick(server_at, member_at)
        room = server.rooms[room_at % 3]
        answer = self.act(
            server, member, lambda: member.slash(room, what[0], **self.fill(server, what[1], room_at))
        )
        if answer is not None and answer.response is not None:
            assert answer.ephemeral or what[0] == "topic list"
            self.check(server, member, words(answer.response))

    @action(server_at=ANY, member_at=ANY, room_at=ANY)
    def type_a_search(self, server_at: int, member_at: int, room_at: int) -> None:
        server, member = self.pick(server_at, member_at)
        room = server.rooms[room_at % 3]
        choices = self.act(server, member, lambda: member.autocomplete(room, "search", "words", "ferry"))
        self.check(server, member, str(choices or ""))

    @action(server_at=ANY, member_at=ANY, room_at=ANY, what=st.sampled_from(MANAGING))
    def manage(self, server_at: int, member_at: int, room_at: int, what: tuple[str, dict[str, Any]]) -> None:
        server, member = self.pick(server_at, member_at)
        room = server.rooms[room_at % 3]
        answer = self.act(
            server,
            member,
            lambda: member.slash(room, what[0], **self.fill(server, what[1], room_at)),
            manages=self.may_manage(server, member),
        )
        if answer is not None and answer.response is not None:
            self.check(server, member, words(answer.response))
            for file in answer.response.attachments:
                assert self.may_manage(server, member)
                self.check(server, member, self.run(file.read()).decode())

    @action(server_at=ANY, member_at=ANY, card_at=ANY, button_at=ANY)
    def press(self, server_at: int, member_at: int, card_at: int, button_at: int) -> None:
        server, member = self.pick(server_at, member_at)
        cards = self.cards(server)
        if not cards:
            return
        room, card = cards[card_at % len(cards)]
        labels = buttons(card)
        if not labels:
            return
        before = self.kept(server, ("discussions",))
        answer = self.act(server, member, lambda: member.click(card, label=labels[button_at % len(labels)]))
        if answer is None or answer.response is None or not answer.ephemeral:
            return
        assert server.permissions(member, room).view_channel
        self.check(server, member, words(answer.response))
        offered = buttons(answer.response)
        if offered and button_at % 2:
            label = offered[button_at // 2 % len(offered)]
            shown = answer.response
            if self.act(server, member, lambda: member.click(shown, label=label)) and "Remove" in label:
                self._may_have_removed(server, member, card.id, before)
        if found := menus(answer.response):
            (menu, values), shown = found[0], answer.response
            chosen = values[button_at % len(values)]
            self.act(server, member, lambda: member.select(shown, [chosen], custom_id=menu))

    @action(server_at=ANY, member_at=ANY, room_at=ANY, to_at=ANY, listed=st.booleans())
    def follow_feed(self, server_at: int, member_at: int, room_at: int, to_at: int, listed: bool) -> None:
        server, member = self.pick(server_at, member_at)
        room, to = server.rooms[room_at % 3], server.rooms[to_at % 3]
        manages = self.may_manage(server, member)
        values = {"channel": to} if listed else {"channel": to, "url": server.feed}
        name = "feed import" if listed else "feed add"
        shown = self.act(server, member, lambda: member.slash(room, name, **values), manages=manages)
        if shown is None:
            return
        if listed and shown.modal is not None:
            form = {"file": ("feeds.opml", server.feed_list)}
            self.act(server, member, lambda: member.submit_modal(shown, form), manages=manages)
        elif shown.response is not None:
            # Who names a feed's address may read there what it tells, wherever else it is posted.
            self.check(server, member, words(shown.response), server.told)
            answer = shown.response
            if offered := buttons(answer):
                self.act(server, member, lambda: member.click(answer, label=offered[0]), manages=manages)

    @action(server_at=ANY, name=st.sampled_from("5678"))
    def feed_tells(self, server_at: int, name: str) -> None:
        """An entry appears, and whatever became due meanwhile is done: polls, cards, digests."""
        server = self.servers[server_at % 2]
        server.tell(server.page(name))
        for each in self.servers:
            each.subscribed |= {row[2] for row in self.kept(each, ("subscriptions",))["subscriptions"]}
        bot = self.env.bot
        assert isinstance(bot, ThreadlineBot)
        self.run(bot.app.workers.tick(datetime.now(UTC) + timedelta(hours=2 * next(self.turns))))
        self.run(self.env.settle())
        for each in self.servers:
            for room, message in self.cards(each):
                told = set(SECRET.findall(words(message))) & set(each.told)
                if room.id in each.subscribed:
                    for word in told:
                        each.pages[word].add(room.id)

    @action(
        server_at=ANY,
        member_at=ANY,
        card_at=ANY,
        name=st.sampled_from(["Remove card", "Block this site", "Merge discussion"]),
    )
    def use_menu(self, server_at: int, member_at: int, card_at: int, name: str) -> None:
        server, member = self.pick(server_at, member_at)
        cards = self.cards(server)
        if not cards or (name == "Block this site" and card_at % 5):  # then nothing could be shared any more
            return
        room, card = cards[card_at % len(cards)]
        moderates = server.permissions(member, room).manage_messages
        before = self.kept(server, ("discussions",))
        answer = self.act(server, member, lambda: member.context_menu(room, name, card), manages=moderates)
        if answer is None:
            return
        if answer.response is not None and (
            found := menus(answer.response)
        ):  # which discussion to merge it into
            self.check(server, member, words(answer.response))
            (menu, values), shown = found[0], answer.response
            chosen = values[card_at % len(values)]
            self.act(
                server, member, lambda: member.select(shown, [chosen], custom_id=menu), manages=moderates
            )
        if name == "Remove card":
            self._may_have_removed(server, member, card.id, before)
        elif not moderates:
            assert self.kept(server, ("discussions",)) == before

    def _may_have_removed(
        self, server: Server, member: simcord.MemberActor, card_id: int, before: dict[str, list[Any]]
    ) -> None:
        with closing(sqlite3.connect(self.database)) as connection:
            names = [row[1] for row in connection.execute("PRAGMA table_info(discussions)")]
        rows = [dict(zip(names, row, strict=True)) for row in before["discussions"]]
        sharers = [row["sharer_id"] for row in rows if row["message_id"] == card_id]
        moderates = any(server.permissions(member, room).manage_messages for room in server.rooms)
        if not moderates and member.id not in sharers:
            assert self.kept(server, ("discussions",)) == before

    @rule(name=st.sampled_from(list(ACTIONS)), data=st.data())
    def do(self, name: str, data: st.DataObject) -> None:
        getattr(self, name)(**{key: data.draw(values, key) for key, values in ACTIONS[name].items()})

    @invariant()
    def rooms_hold_only_what_was_shared_in_them(self) -> None:
        for server in self.servers:
            for room, message in self.cards(server):
                for word in SECRET.findall(words(message)):
                    assert room.id in server.pages.get(word, ()), f"{word} in {room.name}"

    @invariant()
    def direct_messages_hold_only_what_their_reader_may_know(self) -> None:
        for server in self.servers:
            for member in server.members:
                channel_id = self.env.backend.dm_channels.get(member.id)
                if channel_id is None:
                    continue
                direct = simcord.ChannelHandle(self.env, None, self.env.backend.get_channel(channel_id))
                shown = {word for message in direct.history() for word in SECRET.findall(words(message))}
                assert shown <= server.knows(member) | set(server.told)


@pytest.mark.filterwarnings("ignore:There is no current event loop")
def test_nobody_sees_or_changes_what_permissions_forbid(tmp_path: Path) -> None:
    file = tmp_path / "t.sqlite3"
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        env, site = runner.run(stack.enter_async_context(shared(file)))
        bound = {"env": env, "site": site, "database": file, "run": staticmethod(runner.run)}
        run_state_machine_as_test(
            type("Bound", (Members,), bound),
            settings=settings(
                max_examples=EXAMPLES,
                stateful_step_count=STEPS,
                deadline=None,
                suppress_health_check=list(HealthCheck),
                database=None,
                phases=[Phase.generate],  # making a failure small would take servers without end
            ),
        )
        assert not env.errors
        runner.run(stack.aclose())

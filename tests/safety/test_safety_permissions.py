"""Two servers, several roles, random actions: nobody sees or changes what Discord's permissions forbid."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, TypeVar

import discord
import pytest
import simcord
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from readingroom import Site, article, shared, words
from simcord.backend.errors import BackendError, SetupError

from bot.client import ThreadlineBot
from bot.model import ChannelSettings, PasteMode, ThreadMode

T = TypeVar("T")

#: A word that only this page has: seen anywhere, the page was.
SECRET = re.compile(r"Quokka\d+")
#: What only managers of a server may change, and what of it members have of their own.
MANAGED = ("channels", "servers", "outlets", "rules", "subscriptions", "topic_feeds")
OWNED = "member_id IS NULL"
ANY = st.sampled_from(range(60))
EXAMPLES, STEPS = 6, 15

BODY = """{word} and the night ferry between Port Hale and Brenna return on Friday after eleven years, the board
said on Monday. The ship of {word} will carry 480 passengers and cross the strait in six hours.|
Tickets start at $39, and the board expects 90,000 travellers in the first year of {word}. "People asked for this
ferry every single week since it stopped," said Marta Quill, who chairs the board.|
The service of {word} ended in 2015 when the old ship failed an inspection and repairs would have cost millions."""

#: Commands with their arguments; a channel, a role and a word are filled in.
MANAGING: tuple[tuple[str, dict[str, Any]], ...] = (
    ("settings channel", {"channel": "channel", "mode": "on"}),
    ("settings channel", {"channel": "channel", "mode": "off"}),
    ("settings server", {"keep_words": True}),
    ("settings site", {"site": "ferry.example", "verdict": "block"}),
    ("settings role", {"role": "role", "verdict": "block"}),
    ("settings role", {"role": "role", "verdict": "forget"}),
    ("topic create", {"name": "word", "query": "ferry", "channel": "channel"}),
    ("topic edit", {"topic": "word", "query": "boat"}),
    ("topic delete", {"topic": "word"}),
    ("feed remove", {"feed": "word"}),
    ("feed pause", {"feed": "word"}),
    ("delivery digest", {"every": "daily", "channel": "channel"}),
    ("delivery limits", {"cap": 3, "channel": "channel"}),
)
LOOKING: tuple[tuple[str, dict[str, Any]], ...] = (
    ("search", {"words": "ferry"}),
    ("topic list", {}),
    ("topic preview", {"query": "ferry"}),
    ("topic follow", {"topic": "word"}),
    ("feed list", {}),
    ("feed export", {}),
    ("discussion shape", {}),
    ("discussion export", {}),
    ("settings show", {}),
    ("doctor", {}),
    ("status", {}),
    ("privacy export", {}),
    ("help", {}),
)


class Server:
    """A server with rooms that not everybody sees."""

    def __init__(self, env: simcord.Env, site: Site, number: int) -> None:
        self.env = env
        self.site = site
        self.number = number
        owner = env.create_user(f"owner{number}")
        self.guild = env.create_guild(f"Server {number}", owner=owner)
        allow, deny = (
            discord.PermissionOverwrite(view_channel=True),
            discord.PermissionOverwrite(view_channel=False),
        )
        create = self.guild.create_role
        self.staff = create("staff")
        moderators = create("moderators", permissions=discord.Permissions(manage_messages=True))
        managers = create("managers", permissions=discord.Permissions(manage_guild=True))
        self.lobby = self.guild.create_text_channel("lobby")
        self.office = self.guild.create_text_channel(
            "office", overwrites={self.guild.default_role: deny, self.staff: allow, self.guild.me: allow}
        )
        self.board = self.guild.create_text_channel(
            "board", overwrites={self.guild.default_role: discord.PermissionOverwrite(send_messages=False)}
        )
        self.rooms = [self.lobby, self.office, self.board]
        join = self.guild.add_member
        self.members = [
            join(env.create_user(f"ana{number}")),
            join(env.create_user(f"ben{number}"), roles=[self.staff]),
            join(env.create_user(f"mo{number}"), roles=[moderators]),
            join(env.create_user(f"pat{number}"), roles=[managers]),
            simcord.MemberActor(env, self.guild, owner),
        ]
        #: Pages by their secret word, with the rooms where each was shared.
        self.pages: dict[str, set[int]] = {}

    def page(self, name: str) -> str:
        """The secret word of a page of ours."""
        word = f"Quokka{self.number}0{name}"
        if word not in self.pages:
            self.pages[word] = set()
            self.site.pages[f"/{word}"] = article(f"{word} and the ferry return", BODY.format(word=word))
        return word

    def url(self, word: str) -> str:
        return f"{self.site.origin}/{word}"

    def permissions(self, member: simcord.MemberActor, room: simcord.ChannelHandle) -> discord.Permissions:
        return discord.Permissions(self.env.backend.compute_permissions(self.guild.id, member.id, room.id))

    def knows(self, member: simcord.MemberActor) -> set[str]:
        """The secret words of pages that were shared where this member can see it."""
        seen = {room.id for room in self.rooms if self.permissions(member, room).view_channel}
        return {word for word, rooms in self.pages.items() if rooms & seen}


class Members(RuleBasedStateMachine):
    """Members of two servers do what comes to mind."""

    env: simcord.Env
    site: Site
    database: Path
    run: Callable[[Coroutine[Any, Any, Any]], Any]
    count = 0

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

    # ---------------------------------------------------------------- what is kept
    def kept(self, server: Server, tables: tuple[str, ...] = ()) -> dict[str, list[Any]]:
        """The rows of a server, all or of some tables, as they are now."""
        with sqlite3.connect(self.database) as connection:
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
        except (BackendError, SetupError):
            return None  # Discord itself does not let them
        assert self.kept(other) == elsewhere
        if not manages:
            assert self.kept(server, MANAGED) == here
        return result

    def check(self, server: Server, member: simcord.MemberActor, shown: str) -> None:
        """Hold what a member was shown against what they may know."""
        assert set(SECRET.findall(shown)) <= server.knows(member), shown
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
        """The staff of both servers share something in the lobby and something in the office."""
        for at in (0, 1):
            for room_at, name in ((0, "1"), (1, "2")):
                self.paste(at, 1, room_at, name)
            assert len(self.cards(self.servers[at])) == 2

    @rule(server_at=ANY, member_at=ANY, room_at=ANY, name=st.sampled_from("1234"))
    def paste(self, server_at: int, member_at: int, room_at: int, name: str) -> None:
        server, member = self.pick(server_at, member_at)
        room = server.rooms[room_at % 3]
        if not server.permissions(member, room).view_channel:
            return
        word = server.page(name)
        if self.act(server, member, lambda: member.send(room, f"See {server.url(word)}")):
            server.pages[word].add(room.id)

    @rule(server_at=ANY, member_at=ANY, room_at=ANY, name=st.sampled_from("1234"), to_at=ANY)
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

    @rule(server_at=ANY, member_at=ANY, room_at=ANY, what=st.sampled_from(LOOKING))
    def look(self, server_at: int, member_at: int, room_at: int, what: tuple[str, dict[str, Any]]) -> None:
        server, member = self.pick(server_at, member_at)
        room = server.rooms[room_at % 3]
        answer = self.act(
            server, member, lambda: member.slash(room, what[0], **self.fill(server, what[1], room_at))
        )
        if answer is not None and answer.response is not None:
            assert answer.ephemeral or what[0] == "topic list"
            self.check(server, member, words(answer.response))

    @rule(server_at=ANY, member_at=ANY, room_at=ANY)
    def type_a_search(self, server_at: int, member_at: int, room_at: int) -> None:
        server, member = self.pick(server_at, member_at)
        room = server.rooms[room_at % 3]
        choices = self.act(server, member, lambda: member.autocomplete(room, "search", "words", "ferry"))
        self.check(server, member, str(choices or ""))

    @rule(server_at=ANY, member_at=ANY, room_at=ANY, what=st.sampled_from(MANAGING))
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

    @rule(server_at=ANY, member_at=ANY, card_at=ANY, button_at=ANY)
    def press(self, server_at: int, member_at: int, card_at: int, button_at: int) -> None:
        server, member = self.pick(server_at, member_at)
        cards = self.cards(server)
        if not cards:
            return
        room, card = cards[card_at % len(cards)]
        labels = ["Discuss", "Jump to discussion", "Full text", "More", "Post anyway", "Follow topic"]
        answer = self.act(server, member, lambda: member.click(card, label=labels[button_at % len(labels)]))
        if answer is not None and answer.response is not None and answer.ephemeral:
            assert server.permissions(member, room).view_channel
            self.check(server, member, words(answer.response))
            if answer.response.components and button_at % 2:
                self._press_within(server, member, answer.response, card)

    def _press_within(
        self, server: Server, member: simcord.MemberActor, menu: Any, card: discord.Message
    ) -> None:
        before = self.kept(server, ("discussions",))
        if self.act(server, member, lambda: member.click(menu, label="Remove this card")):
            self._may_have_removed(server, member, card.id, before)

    @rule(server_at=ANY, member_at=ANY, card_at=ANY, name=st.sampled_from(["Remove card", "Block this site"]))
    def use_menu(self, server_at: int, member_at: int, card_at: int, name: str) -> None:
        server, member = self.pick(server_at, member_at)
        cards = self.cards(server)
        if not cards or (name == "Block this site" and card_at % 5):  # then nothing could be shared any more
            return
        room, card = cards[card_at % len(cards)]
        moderates = server.permissions(member, room).manage_messages
        before = self.kept(server, ("discussions",))
        if self.act(server, member, lambda: member.context_menu(room, name, card), manages=moderates):
            if name == "Remove card":
                self._may_have_removed(server, member, card.id, before)
            elif not moderates:
                assert self.kept(server, ("discussions",)) == before

    def _may_have_removed(
        self, server: Server, member: simcord.MemberActor, card_id: int, before: dict[str, list[Any]]
    ) -> None:
        with sqlite3.connect(self.database) as connection:
            names = [row[1] for row in connection.execute("PRAGMA table_info(discussions)")]
        rows = [dict(zip(names, row, strict=True)) for row in before["discussions"]]
        sharers = [row["sharer_id"] for row in rows if row["message_id"] == card_id]
        moderates = any(server.permissions(member, room).manage_messages for room in server.rooms)
        if not moderates and member.id not in sharers:
            assert self.kept(server, ("discussions",)) == before

    @invariant()
    def rooms_hold_only_what_was_shared_in_them(self) -> None:
        for server in self.servers:
            for room, message in self.cards(server):
                for word in SECRET.findall(words(message)):
                    assert room.id in server.pages.get(word, ()), f"{word} in {room.name}"


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

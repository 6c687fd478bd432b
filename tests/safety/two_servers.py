"""Two servers with rooms that not everybody sees, and what their members may come to do."""

from __future__ import annotations

import re
from typing import Any

import discord
import simcord
from readingroom import Site, article, components

#: A word that only this page has: seen anywhere, the page was.
SECRET = re.compile(r"Quokka\d+")
BODY = """{word} and the night ferry between Port Hale and Brenna return on Friday after eleven years, the board
said on Monday. The ship of {word} will carry 480 passengers and cross the strait in six hours.|
Tickets start at $39, and the board expects 90,000 travellers in the first year of {word}. "People asked for this
ferry every single week since it stopped," said Marta Quill, who chairs the board.|
The service of {word} ended in 2015 when the old ship failed an inspection and repairs would have cost millions."""

#: Commands with their arguments; a channel, a role and a word are filled in.
MANAGING: tuple[tuple[str, dict[str, Any]], ...] = (
    ("settings channel", {"channel": "channel", "answers": "on"}),
    ("settings channel", {"channel": "channel", "answers": "off"}),
    ("settings server", {"keep-words": True}),
    ("settings site", {"site": "ferry.example", "verdict": "block"}),
    ("settings role", {"role": "role", "verdict": "block"}),
    ("settings role", {"role": "role", "verdict": "forget"}),
    ("topic create", {"name": "word", "query": "ferry", "channel": "channel"}),
    ("topic edit", {"topic": "word", "query": "boat"}),
    ("topic delete", {"topic": "word"}),
    ("feed remove", {"feed": "word"}),
    ("feed pause", {"feed": "word"}),
    ("feed test", {"feed": "word"}),
    ("feed export", {}),
    ("delivery limits", {"quiet_from": 22, "quiet_until": 6, "channel": "channel"}),
    ("delivery digest", {"every": "daily", "channel": "channel"}),
    ("delivery limits", {"cap": 3, "channel": "channel"}),
)
LOOKING: tuple[tuple[str, dict[str, Any]], ...] = (
    ("search", {"words": "ferry"}),
    ("topic list", {}),
    ("topic preview", {"query": "ferry"}),
    ("topic follow", {"topic": "word"}),
    ("topic follow", {"topic": "word", "way": "mention"}),
    ("topic unfollow", {"topic": "word"}),
    ("topic mute", {"topic": "word", "days": 2}),
    ("feed list", {}),
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
        self.feed = f"{site.origin}/feed{number}"
        self.told: list[str] = []  #: secret words that its feed tells, the newest first
        self.subscribed: set[int] = set()  #: rooms that ever were
        self._publish()
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

    @property
    def feed_list(self) -> bytes:
        """The server's own feed, as a file."""
        outline = f'<outline type="rss" text="Tide{self.number}" xmlUrl="{self.feed}"/>'
        return f'<opml version="2.0"><body>{outline}</body></opml>'.encode()

    def tell(self, word: str) -> None:
        """Have the server's feed tell of a page."""
        self.told.insert(0, word)
        self._publish()

    def _publish(self) -> None:
        items = "".join(
            f"<item><title>{word}</title><link>{self.url(word)}</link></item>" for word in self.told
        )
        rss = f'<rss version="2.0"><channel><title>Tide{self.number}</title>{items}</channel></rss>'
        self.site.pages[f"/feed{self.number}"] = rss

    def permissions(self, member: simcord.MemberActor, room: simcord.ChannelHandle) -> discord.Permissions:
        return discord.Permissions(self.env.backend.compute_permissions(self.guild.id, member.id, room.id))

    def knows(self, member: simcord.MemberActor) -> set[str]:
        """The secret words of pages that were shared where this member can see it."""
        seen = {room.id for room in self.rooms if self.permissions(member, room).view_channel}
        return {word for word, rooms in self.pages.items() if rooms & seen}


def menus(message: Any) -> list[tuple[str, list[str]]]:
    """The menus in a message: their ids, and the values that each offers, without those that lead to the web."""
    found = []
    for part in components(message):
        values = [option["value"] for option in part.get("options", ()) if option["value"].isdigit()]
        if values:
            found.append((part["custom_id"], values))
    return found

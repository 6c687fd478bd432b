"""/feed: which feeds a server's channels get."""

from __future__ import annotations

import io
from dataclasses import dataclass

import discord
from discord import app_commands, ui
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.client import ThreadlineBot
from bot.errors import QueryError, ThreadlineError, UnknownSubscriptionError
from bot.feeds.opml import Outline, write_opml
from bot.feeds.topics import Query, analyse
from bot.model import Entry, Subscription
from bot.services.feeds import Found
from bot.services.parsing import teaser_lines
from cogs.ui import cards, subscribing
from cogs.ui.forms import Form, require_manager
from cogs.ui.locale import Labels, labels
from cogs.ui.messenger import require, sending
from cogs.ui.places import PostRoom
from cogs.ui.screens import Interaction, Screen

MOST_IMPORTED = 500
LIST_BYTES = 2 * 1024 * 1024
NEWEST = (0, 1, 3, 5)  #: how many of the latest entries may be posted at once
_NAME = 80

_admin = app_commands.checks.has_permissions(manage_guild=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    """What an admin wants to follow, and where."""

    found: Found
    room: PostRoom
    query: str | None
    newest: int = 0


class Feeds(commands.GroupCog, group_name=_("feed"), group_description=_("Feeds that channels get")):
    """Feeds of a server."""

    def __init__(self, bot: ThreadlineBot) -> None:
        self._bot = bot

    @app_commands.command(name=_("add"), description=_("Have a channel get every new entry of a feed"))
    @app_commands.describe(
        url=_("A feed, a page that has one, a YouTube channel or a subreddit"),
        channel=_("Where to post; here, if you name none"),
        query=_("Only entries that match, such as: bridge -toll"),
    )
    @app_commands.rename(url=_("url"), channel=_("channel"), query=_("query"))
    @_admin
    async def add(
        self,
        interaction: Interaction,
        url: str,
        channel: discord.TextChannel | discord.ForumChannel | None = None,
        query: app_commands.Range[str, 1, 1000] | None = None,
    ) -> None:
        """Show a feed and offer to follow it."""
        room = room_for(interaction, channel)
        if query is not None and not await parses(interaction, query):
            return
        await interaction.response.defer(ephemeral=True, thinking=True)
        found, choices = await self._bot.app.feeds.find(url if "://" in url else f"https://{url}")
        if found is not None:
            await self._preview(interaction, _Wish(found=found, room=room, query=query))
            return
        say = labels(interaction.locale)

        async def choose(pressed: Interaction, address: str) -> None:
            await pressed.response.defer()
            looked = await self._bot.app.feeds.look(address)
            await self._preview(pressed, _Wish(found=looked, room=room, query=query))

        screen = Screen().say(say.say("That page has several feeds. Which one?"))
        options = [(address, title or address) for address, title in choices if len(address) <= 100]
        screen.ask(say.say("Choose a feed"), options, choose)
        await interaction.edit_original_response(view=screen)

    async def _preview(self, interaction: Interaction, wish: _Wish) -> None:
        say = labels(interaction.locale)
        feed = wish.found.feed
        screen = Screen().say(subscribing.preview(feed, wish.found.url, _would_post(wish), say))

        async def choose(pressed: Interaction, value: str) -> None:
            await pressed.response.defer()
            changed = _Wish(found=wish.found, room=wish.room, query=wish.query, newest=int(value))
            await self._follow(pressed, changed)

        async def follow(pressed: Interaction) -> None:
            await pressed.response.defer()
            await self._follow(pressed, wish)

        async def cancel(pressed: Interaction) -> None:
            await pressed.response.edit_message(view=cards.draw_line(say.say("Nothing was changed.")))

        counts = [(str(n), say.plural("Follow and post {n}", "Follow and post {n}", n)) for n in NEWEST[1:]]
        if _would_post(wish):
            screen.ask(say.say("Post some of the latest now"), counts, choose)
        label = say.say("Follow in #{channel}", channel=wish.room.name)
        screen.offer(
            (label, discord.ButtonStyle.primary, follow),
            (say.say("Cancel"), discord.ButtonStyle.secondary, cancel),
        )
        await interaction.edit_original_response(view=screen)

    async def _follow(self, interaction: Interaction, wish: _Wish) -> None:
        require_manager(interaction)
        app, say, found = self._bot.app, labels(interaction.locale), wish.found
        title = found.feed.title or found.url
        feed = await app.feeds.follow(found.url, title, self._bot.clock(), found=found)
        known = await app.subscriptions.of_guild(wish.room.guild.id)
        here = [each for each in known if each.channel_id == wish.room.id]
        if any(each.feed_id == feed.id for each in here):
            text = say.say("<#{channel}> gets that feed already.", channel=wish.room.id)
            await interaction.edit_original_response(view=cards.draw_line(text))
            return
        added, _new = await app.subscriptions.add(
            guild_id=wish.room.guild.id,
            channel_id=wish.room.id,
            name=free_name(title, {each.name for each in here}),
            created_by=interaction.user.id,
            query=wish.query,
            feed_id=feed.id,
        )
        text = say.say("<#{channel}> gets every new entry from now on.", channel=wish.room.id)
        await interaction.edit_original_response(view=cards.draw_line(text))
        for entry in reversed(_would_post(wish)[: wish.newest]):
            try:
                reading = await app.feeds.read_entry(entry)
            except ThreadlineError:
                continue  # one that cannot be read keeps none of the others back
            await app.subscriptions.owe_to(added, reading)

    @app_commands.command(name=_("list"), description=_("Show the feeds of this server"))
    @_admin
    async def show(self, interaction: Interaction) -> None:
        """Show which channel gets which feed."""
        say = labels(interaction.locale)
        known = await self._feeds_of(interaction)
        feeds = await self._bot.app.feeds.get_all([each.feed_id for each in known if each.feed_id])
        lines = subscribing.feed_lines(known, feeds, say)
        text = subscribing.fitted(lines, say) or say.say("No channel gets a feed yet; /feed add adds one.")
        await interaction.response.send_message(view=cards.finished(ui.TextDisplay(text)), ephemeral=True)

    @app_commands.command(name=_("remove"), description=_("Stop sending a feed to a channel"))
    @app_commands.describe(feed=_("Which feed"))
    @app_commands.rename(feed=_("feed"))
    @_admin
    async def remove(self, interaction: Interaction, feed: str) -> None:
        """Forget a feed."""
        chosen = await self._chosen(interaction, feed)
        await self._bot.app.subscriptions.remove(chosen.id)
        say = labels(interaction.locale)
        text = say.say("<#{channel}> gets that feed no more.", channel=chosen.channel_id)
        await interaction.response.send_message(view=cards.draw_line(text), ephemeral=True)

    @app_commands.command(name=_("pause"), description=_("Pause a feed, or go on with it"))
    @app_commands.describe(feed=_("Which feed"))
    @app_commands.rename(feed=_("feed"))
    @_admin
    async def pause(self, interaction: Interaction, feed: str) -> None:
        """Pause a feed or take it up again."""
        chosen = await self._chosen(interaction, feed)
        await self._bot.app.subscriptions.change(chosen.id, paused=not chosen.paused)
        say = labels(interaction.locale)
        text = say.say("The feed goes on.") if chosen.paused else say.say("The feed is paused.")
        await interaction.response.send_message(view=cards.draw_line(text), ephemeral=True)

    @app_commands.command(name=_("test"), description=_("Ask a feed now and show what it says"))
    @app_commands.describe(feed=_("Which feed"))
    @app_commands.rename(feed=_("feed"))
    @_admin
    async def test(self, interaction: Interaction, feed: str) -> None:
        """Ask a feed at once; one that was given up is tried again."""
        chosen = await self._chosen(interaction, feed)
        await interaction.response.defer(ephemeral=True, thinking=True)
        app = self._bot.app
        followed = await app.feeds.get(chosen.feed_id or 0)
        if followed is None:
            raise UnknownSubscriptionError
        found = await app.feeds.look(followed.url)
        await app.feeds.follow(followed.url, followed.title, self._bot.clock(), found=found)
        room = interaction.guild.get_channel(chosen.channel_id) if interaction.guild else None
        say = labels(interaction.locale)
        would = found.feed.entries[: subscribing.SHOWN]
        if isinstance(room, PostRoom):
            would = _would_post(_Wish(found=found, room=room, query=chosen.query))
        text = subscribing.preview(found.feed, found.url, would, say)
        await interaction.edit_original_response(view=cards.finished(ui.TextDisplay(text)))

    @app_commands.command(name=_("import"), description=_("Follow the feeds of an OPML file"))
    @app_commands.describe(channel=_("Where to post; here, if you name none"))
    @app_commands.rename(channel=_("channel"))
    @_admin
    async def import_(
        self, interaction: Interaction, channel: discord.TextChannel | discord.ForumChannel | None = None
    ) -> None:
        """Ask for a list of feeds."""
        form = ImportForm(self, room_for(interaction, channel), labels(interaction.locale))
        await interaction.response.send_modal(form)

    async def follow_list(
        self, interaction: Interaction, room: PostRoom, body: bytes
    ) -> tuple[int, int, int]:
        """Follow the feeds of a list, MOST_IMPORTED new ones at a time.

        Returns how many are new, how many were there already or are none, and how many are left for another time.
        """
        app = self._bot.app
        listed = await app.feeds.read_list(body)
        here = [s for s in await app.subscriptions.of_guild(room.guild.id) if s.channel_id == room.id]
        names, feed_ids = {each.name for each in here}, {each.feed_id for each in here}
        added = 0
        for number, (address, title) in enumerate(listed):
            if added == MOST_IMPORTED:
                return added, number - added, len(listed) - number
            try:
                feed = await app.feeds.follow(address, title, self._bot.clock())
            except ThreadlineError:
                continue  # a list may hold addresses that are none
            if feed.id in feed_ids:
                continue
            name = free_name(title or address, names)
            await app.subscriptions.add(
                guild_id=room.guild.id,
                channel_id=room.id,
                name=name,
                created_by=interaction.user.id,
                feed_id=feed.id,
            )
            names.add(name)
            feed_ids.add(feed.id)
            added += 1
        return added, len(listed) - added, 0

    @app_commands.command(name=_("export"), description=_("Get the feeds of this server as an OPML file"))
    @_admin
    async def export(self, interaction: Interaction) -> None:
        """Hand out a list of feeds, in a folder for each channel."""
        known = await self._feeds_of(interaction)
        feeds = await self._bot.app.feeds.get_all([each.feed_id for each in known if each.feed_id])
        guild = interaction.guild
        outlines = []
        for each in known:
            feed = feeds.get(each.feed_id or 0)
            channel = guild.get_channel(each.channel_id) if guild else None
            if feed is not None:
                group = channel.name if channel else str(each.channel_id)
                outlines.append(
                    Outline(feed_url=feed.url, title=each.name, site_url=feed.site_url, group=group)
                )
        body = write_opml(outlines, guild.name if guild else "Threadline", self._bot.clock())
        file = discord.File(io.BytesIO(body), filename="feeds.opml")
        await interaction.response.send_message(file=file, ephemeral=True)

    @remove.autocomplete("feed")
    @pause.autocomplete("feed")
    @test.autocomplete("feed")
    async def _complete(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        known = await self._feeds_of(interaction)
        wanted = [each for each in known if typed.casefold() in each.name.casefold()]
        return [
            app_commands.Choice(name=choice_name(each, interaction), value=str(each.id))
            for each in wanted[:25]
        ]

    async def _feeds_of(self, interaction: Interaction) -> list[Subscription]:
        known = await self._bot.app.subscriptions.of_guild(interaction.guild_id or 0)
        return [each for each in known if each.feed_id is not None]

    async def _chosen(self, interaction: Interaction, value: str) -> Subscription:
        return chosen_among(await self._feeds_of(interaction), value)


class ImportForm(Form):
    """Takes an OPML file."""

    def __init__(self, cog: Feeds, room: PostRoom, say: Labels) -> None:
        super().__init__(title=say.say("Import feeds"))
        self._cog = cog
        self._room = room
        self._say = say
        self._upload: ui.FileUpload[ImportForm] = ui.FileUpload(custom_id="file", required=True, max_values=1)
        self.add_item(ui.Label(text=say.say("OPML file"), component=self._upload))

    async def on_submit(self, interaction: discord.Interaction[ThreadlineBot], /) -> None:  # type: ignore[override]
        """Follow what is in the file."""
        require_manager(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        attachment = self._upload.values[0]
        try:
            text = await self._import(interaction, attachment)
        except ThreadlineError as error:
            text = self._say.explain(error)
        await interaction.edit_original_response(view=cards.draw_line(text))

    async def _import(self, interaction: Interaction, attachment: discord.Attachment) -> str:
        say = self._say
        if attachment.size > LIST_BYTES:
            return say.say("That file is too large.")
        added, known, more = await self._cog.follow_list(interaction, self._room, await attachment.read())
        parts = [say.plural("{n} feed is new", "{n} feeds are new", added)]
        if known:
            rest = say.plural("{n} was there already or is none", "{n} were there already or are none", known)
            parts.append(rest)
        if more:
            parts.append(say.plural("… and {n} more", "… and {n} more", more))
        return " · ".join(parts)


def room_for(interaction: Interaction, channel: PostRoom | None) -> PostRoom:
    """Where an admin wants things posted; raises where the bot cannot post there."""
    room = channel or interaction.channel
    if not isinstance(room, PostRoom):
        raise UnknownSubscriptionError
    require(room, *sending(room))
    return room


async def parses(interaction: Interaction, query: str) -> bool:
    """Whether a query parses; where not, the member is shown the mistake."""
    try:
        Query.parse(query)
    except QueryError as error:
        text = subscribing.mistake(query, error, labels(interaction.locale))
        await interaction.response.send_message(view=cards.finished(ui.TextDisplay(text)), ephemeral=True)
        return False
    return True


def chosen_among(known: list[Subscription], value: str) -> Subscription:
    """The subscription of this id or name; raises UnknownSubscriptionError."""
    for each in known:
        if value == str(each.id) or value.casefold() == each.name.casefold():
            return each
    raise UnknownSubscriptionError


def choice_name(subscription: Subscription, interaction: Interaction) -> str:
    """A subscription in a list of choices."""
    channel = interaction.guild.get_channel(subscription.channel_id) if interaction.guild else None
    return f"{subscription.name[:70]} · #{channel.name[:25]}" if channel else subscription.name[:100]


def free_name(wanted: str, taken: set[str]) -> str:
    """A name that no other subscription of the channel has.

    >>> free_name("News", {"News"})
    'News 2'
    """
    wanted = " ".join(wanted.split())[:_NAME] or "feed"
    number = 2
    name = wanted
    while name in taken:
        name = f"{wanted} {number}"
        number += 1
    return name


def _would_post(wish: _Wish) -> tuple[Entry, ...]:
    """The latest entries that the channel would have got."""
    entries = wish.found.feed.entries
    if wish.query is not None:
        query = Query.parse(wish.query)
        language = wish.found.feed.language
        entries = tuple(
            entry
            for entry in entries
            if query.finds(
                analyse(
                    entry.title,
                    "\n".join(teaser_lines(entry.summary)),
                    url=entry.url or "",
                    authors=entry.authors,
                    language=entry.language or language,
                )
            )
        )
    return entries[: subscribing.SHOWN]


async def setup(bot: ThreadlineBot) -> None:
    """Load."""
    await bot.add_cog(Feeds(bot))

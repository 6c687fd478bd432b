"""/topic: what servers and their members want to hear of."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

import discord
from discord import app_commands, ui
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.client import ThreadlineBot
from bot.errors import ArticleGoneError, TopicCrowdedError, UnknownSubscriptionError
from bot.feeds.ready import ReadyTopic, ready_topic, ready_topics
from bot.feeds.topics import Query
from bot.model import Subscription
from bot.services.subscriptions import analysis_of
from cogs.feeds import choice_name, chosen_among, free_name, parses, room_for
from cogs.ui import cards, subscribing, words
from cogs.ui.desk import Desk, desk_of
from cogs.ui.ids import Press
from cogs.ui.locale import Labels, labels
from cogs.ui.screens import Interaction, Screen

LOOKED_BACK = 50  #: articles of the server that a preview looks at

_admin = app_commands.checks.has_permissions(manage_guild=True)


class Way(StrEnum):
    """How a member hears of a topic."""

    DIRECT = "direct"  #: by direct message
    MENTION = "mention"  #: mentioned in the channel that gets it


class Topics(commands.GroupCog, group_name=_("topic"), group_description=_("Topics to hear of")):
    """Topics of a server and its members."""

    def __init__(self, bot: ThreadlineBot, desk: Desk) -> None:
        self._bot = bot
        desk.on(Press.FOLLOW, self.offer_topics)

    @app_commands.command(name=_("create"), description=_("Have a channel get every article on a topic"))
    @app_commands.describe(
        name=_("A name of your own, or one of the ready topics"),
        query=_("What to look for, such as: bridge (toll OR ferry) -railway"),
        channel=_("Where to post; here, if you name none"),
        role=_("A role to mention with every article"),
    )
    @app_commands.rename(name=_("name"), query=_("query"), channel=_("channel"), role=_("role"))
    @_admin
    async def create(
        self,
        interaction: Interaction,
        name: app_commands.Range[str, 1, 80],
        query: app_commands.Range[str, 1, 1000] | None = None,
        channel: discord.TextChannel | discord.ForumChannel | None = None,
        role: discord.Role | None = None,
    ) -> None:
        """Make a topic, from a query or ready-made with the feeds that go with it."""
        room, say = room_for(interaction, channel), labels(interaction.locale)
        ready = ready_topic(name) if query is None else None
        looked_for = ready.query if ready else query or f'"{name}"'
        if not await parses(interaction, looked_for):
            return
        _refuse_everyone(role)
        await interaction.response.defer(ephemeral=True, thinking=True)
        matched, looked_at = await self._matched(interaction, looked_for)
        topic, new = await self._bot.app.subscriptions.add(
            guild_id=room.guild.id,
            channel_id=room.id,
            name=ready.name if ready else words.clean(name) or words.shorten(looked_for, 80),
            created_by=interaction.user.id,
            query=looked_for,
            role_id=role.id if role else None,
            listens_to=await self._feeds_of(ready) if ready else (),
        )
        if not new:
            text = say.say("There is a topic of that name already; /topic edit changes it.")
        else:
            text = say.say("<#{channel}> gets every article on it from now on.", channel=topic.channel_id)
        lines = [text, _backward(matched, looked_at, say)]
        if ready:
            count = len(ready.feeds)
            lines.append(say.plural("It listens to {n} feed.", "It listens to {n} feeds.", count))
        await interaction.edit_original_response(view=cards.draw_line("\n-# ".join(lines)))

    @app_commands.command(name=_("edit"), description=_("Change a topic"))
    @app_commands.describe(
        topic=_("Which topic"),
        query=_("What to look for instead"),
        name=_("A new name"),
        role=_("A role to mention with every article"),
    )
    @app_commands.rename(topic=_("topic"), query=_("query"), name=_("name"), role=_("role"))
    @_admin
    async def edit(
        self,
        interaction: Interaction,
        topic: str,
        query: app_commands.Range[str, 1, 1000] | None = None,
        name: app_commands.Range[str, 1, 80] | None = None,
        role: discord.Role | None = None,
    ) -> None:
        """Change a topic's query, name or role."""
        chosen = chosen_among(await self._topics_of(interaction), topic)
        if query is not None and not await parses(interaction, query):
            return
        _refuse_everyone(role)
        values = {"query": query, "name": name, "role_id": role.id if role else None}
        known = await self._bot.app.subscriptions.of_guild(chosen.guild_id)
        taken = {each.name for each in known if each.channel_id == chosen.channel_id} - {chosen.name}
        if name is not None:
            values["name"] = free_name(name, taken) if words.clean(name) else None
        await self._bot.app.subscriptions.change(
            chosen.id, **{key: value for key, value in values.items() if value is not None}
        )
        await self._answer(interaction, labels(interaction.locale).say("The topic is changed."))

    @app_commands.command(name=_("delete"), description=_("Delete a topic"))
    @app_commands.describe(topic=_("Which topic"))
    @app_commands.rename(topic=_("topic"))
    @_admin
    async def delete(self, interaction: Interaction, topic: str) -> None:
        """Delete a topic, for its followers too."""
        chosen = chosen_among(await self._topics_of(interaction), topic)
        await self._bot.app.subscriptions.remove(chosen.id)
        await self._answer(interaction, labels(interaction.locale).say("The topic is deleted."))

    @app_commands.command(name=_("list"), description=_("Show the topics of this server and your own"))
    @app_commands.guild_only()
    async def show(self, interaction: Interaction) -> None:
        """Show topics: those of channels that the member can see, and what the member follows."""
        say, app = labels(interaction.locale), self._bot.app
        topics = [each for each in await self._topics_of(interaction) if _sees(interaction, each)]
        own = await app.subscriptions.of_member(interaction.user.id)
        followed = await app.subscriptions.followed_by(interaction.user.id)
        lines = subscribing.topic_lines(topics, followed, say)
        names = ", ".join(words.shorten_escaped(each.name, 80) for each in own)
        if names:
            lines.insert(0, say.say("By direct message you get: {names}", names=names))
        text = subscribing.fitted(lines, say) or say.say("There is no topic yet; /topic create makes one.")
        await interaction.response.send_message(view=cards.finished(ui.TextDisplay(text)), ephemeral=True)

    @app_commands.command(name=_("preview"), description=_("Show what a query would have found here"))
    @app_commands.describe(query=_("What to look for, or the name of a topic"))
    @app_commands.rename(query=_("query"))
    @app_commands.guild_only()
    async def preview(self, interaction: Interaction, query: app_commands.Range[str, 1, 1000]) -> None:
        """Show which of the last articles a query matches."""
        ready = ready_topic(query)
        looked_for = ready.query if ready else query
        if not await parses(interaction, looked_for):
            return
        await interaction.response.defer(ephemeral=True, thinking=True)
        say = labels(interaction.locale)
        matched, looked_at = await self._matched(interaction, looked_for)
        lines = [_backward(matched, looked_at, say), *(f"- {title}" for title in matched)]
        view = cards.finished(ui.TextDisplay(subscribing.fitted(lines, say)))
        await interaction.edit_original_response(view=view)

    @app_commands.command(name=_("follow"), description=_("Hear of a topic yourself"))
    @app_commands.describe(topic=_("Which topic"), way=_("How you hear of it"))
    @app_commands.rename(topic=_("topic"), way=_("way"))
    @app_commands.choices(
        way=[
            app_commands.Choice(name=_("by direct message"), value=Way.DIRECT.value),
            app_commands.Choice(name=_("mentioned in the channel"), value=Way.MENTION.value),
        ]
    )
    @app_commands.guild_only()
    async def follow(self, interaction: Interaction, topic: str, way: str = Way.DIRECT.value) -> None:
        """Follow a topic of the server, or a ready one."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        text = await self._follow(interaction, topic, Way(way))
        await interaction.edit_original_response(view=cards.draw_line(text))

    async def _follow(self, interaction: Interaction, topic: str, way: Way) -> str:
        say, app, user = labels(interaction.locale), self._bot.app, interaction.user
        server = [each for each in await self._topics_of(interaction) if _sees(interaction, each)]
        ready = ready_topic(topic)
        try:
            chosen = chosen_among(server, topic)
        except UnknownSubscriptionError:
            if ready is None:
                raise
            chosen = None
        if way is Way.MENTION:
            if chosen is None:
                raise UnknownSubscriptionError
            if not await app.subscriptions.follow(chosen, user.id):
                raise TopicCrowdedError
            return say.say("You are mentioned in <#{channel}> with it.", channel=chosen.channel_id)
        direct = await user.create_dm()
        name = chosen.name if chosen else ready.name if ready else topic
        await app.subscriptions.add(
            guild_id=interaction.guild_id or 0,
            channel_id=direct.id,
            name=name,
            created_by=user.id,
            query=chosen.query if chosen else ready.query if ready else None,
            member_id=user.id,
            parent_id=chosen.id if chosen else None,
            listens_to=await self._feeds_of(ready) if ready and not chosen else (),
        )
        return say.say("You get articles on “{name}” by direct message.", name=words.escape(name))

    @app_commands.command(name=_("unfollow"), description=_("Hear of a topic no more"))
    @app_commands.describe(topic=_("Which topic"))
    @app_commands.rename(topic=_("topic"))
    async def unfollow(self, interaction: Interaction, topic: str) -> None:
        """Stop following a topic, however it is followed."""
        app = self._bot.app
        own, mentioned = await self._followed(interaction)
        chosen = chosen_among([*own, *mentioned], topic)
        for each in (*own, *mentioned):
            if each.name != chosen.name:
                continue
            if each.member_id is not None:
                await app.subscriptions.remove(each.id)
            else:
                await app.subscriptions.unfollow(each.id, interaction.user.id)
        await self._answer(interaction, labels(interaction.locale).say("You hear of it no more."))

    @app_commands.command(name=_("mute"), description=_("Leave a topic alone for some days"))
    @app_commands.describe(topic=_("Which topic"), days=_("For how long"))
    @app_commands.rename(topic=_("topic"), days=_("days"))
    async def mute(
        self, interaction: Interaction, topic: str, days: app_commands.Range[int, 1, 90] = 1
    ) -> None:
        """Mute a topic that the member follows."""
        app = self._bot.app
        own, mentioned = await self._followed(interaction)
        chosen = chosen_among([*own, *mentioned], topic)
        until = self._bot.clock() + timedelta(days=days)
        for each in (*own, *mentioned):
            if each.name != chosen.name:
                continue
            if each.member_id is not None:
                await app.subscriptions.change(each.id, muted_until=until)
            else:
                await app.subscriptions.mute(each.id, interaction.user.id, until)
        when = cards.stamp(until, "D")
        text = labels(interaction.locale).say("You hear of it again on {when}.", when=when)
        await self._answer(interaction, text)

    @app_commands.command(
        name=_("learn"), description=_("Have a topic go by what members say of its articles")
    )
    @app_commands.describe(
        topic=_("Which topic"),
        on=_("Yes: what members say decides; no: the query; else I only say how far it is"),
    )
    @app_commands.rename(topic=_("topic"), on=_("on"))
    @_admin
    async def learn(self, interaction: Interaction, topic: str, on: bool | None = None) -> None:
        """Show how far a topic is with learning, and switch it."""
        chosen = chosen_among(await self._topics_of(interaction), topic)
        await interaction.response.defer(ephemeral=True, thinking=True)
        learning = self._bot.app.learning
        if on:
            await learning.switch_on(chosen)
        elif on is not None:
            await learning.switch_off(chosen)
        text = subscribing.standing_text(await learning.standing(chosen), labels(interaction.locale))
        await interaction.edit_original_response(view=cards.draw_text(text))

    async def offer_topics(self, interaction: Interaction, article_id: int, _second: int) -> None:
        """Offer the topics of an article, when its Follow button is pressed."""
        app, say = self._bot.app, labels(interaction.locale)
        reading = await app.articles.get(article_id)
        if reading is None:
            raise ArticleGoneError
        found = await app.subscriptions.matching(reading.article, {interaction.guild_id or 0})
        analysis = analysis_of(reading.article)
        options = [(str(each.id), each.name) for each in found if _sees(interaction, each)]
        options += [
            (topic.id, topic.name) for topic in ready_topics() if Query.parse(topic.query).finds(analysis)
        ]
        if not options:
            await self._answer(interaction, say.say("No topic matches it; /topic create makes one."))
            return

        async def choose(pressed: Interaction, topic: str) -> None:
            await pressed.response.defer()
            text = await self._follow(pressed, topic, Way.DIRECT)
            await pressed.edit_original_response(view=cards.draw_line(text))

        screen = Screen().say(say.say("Which topic do you want to hear of by direct message?"))
        screen.ask(say.say("Choose a topic"), options, choose)
        await interaction.response.send_message(view=screen, ephemeral=True)

    @create.autocomplete("name")
    async def _complete_ready(self, _interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return _ready_choices(typed)

    @edit.autocomplete("topic")
    @delete.autocomplete("topic")
    @learn.autocomplete("topic")
    async def _complete_topic(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return _choices(await self._topics_of(interaction), typed, interaction)

    @follow.autocomplete("topic")
    async def _complete_any(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        seen = [each for each in await self._topics_of(interaction) if _sees(interaction, each)]
        choices = _choices(seen, typed, interaction)
        return (choices + _ready_choices(typed))[:25]

    @unfollow.autocomplete("topic")
    @mute.autocomplete("topic")
    async def _complete_followed(
        self, interaction: Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        own, mentioned = await self._followed(interaction)
        return _choices([*own, *mentioned], typed, interaction)

    async def _topics_of(self, interaction: Interaction) -> list[Subscription]:
        known = await self._bot.app.subscriptions.of_guild(interaction.guild_id or 0)
        return [each for each in known if each.feed_id is None]

    async def _followed(self, interaction: Interaction) -> tuple[list[Subscription], list[Subscription]]:
        """What the member gets by direct message, and the server's topics that mention the member."""
        subscriptions = self._bot.app.subscriptions
        own = await subscriptions.of_member(interaction.user.id)
        ids = await subscriptions.followed_by(interaction.user.id)
        mentioned = [each for each in await self._topics_of(interaction) if each.id in ids]
        return [*own], mentioned

    async def _feeds_of(self, ready: ReadyTopic) -> list[int]:
        now = self._bot.clock()
        return [(await self._bot.app.feeds.follow(url, "", now)).id for url in ready.feeds]

    async def _matched(self, interaction: Interaction, query: str) -> tuple[list[str], int]:
        """The titles of the server's last articles that match, and how many were looked at."""
        parsed, app = Query.parse(query), self._bot.app
        ids = await app.deliveries.lately(interaction.guild_id or 0, _visible(interaction), LOOKED_BACK)
        found = [reading.article for id_ in ids if (reading := await app.articles.get(id_))]
        titles = [article.title for article in found if parsed.finds(analysis_of(article))]
        return [words.shorten_escaped(title, 120) for title in titles], len(found)

    async def _answer(self, interaction: Interaction, text: str) -> None:
        await interaction.response.send_message(view=cards.draw_line(text), ephemeral=True)


def _backward(matched: list[str], looked_at: int, say: Labels) -> str:
    return say.say(
        "It would have matched {found} of the last {all} articles here.", found=len(matched), all=looked_at
    )


def _ready_choices(typed: str) -> list[app_commands.Choice[str]]:
    wanted = [topic for topic in ready_topics() if typed.casefold() in topic.name.casefold()]
    return [app_commands.Choice(name=topic.name, value=topic.name) for topic in wanted[:25]]


def _choices(
    known: list[Subscription], typed: str, interaction: Interaction
) -> list[app_commands.Choice[str]]:
    wanted = [each for each in known if typed.casefold() in each.name.casefold()]
    return [
        app_commands.Choice(name=choice_name(each, interaction), value=str(each.id)) for each in wanted[:25]
    ]


def _visible(interaction: Interaction) -> frozenset[int]:
    """The channels of the server that the member may read."""
    guild, member = interaction.guild, interaction.user
    if guild is None or not isinstance(member, discord.Member):
        return frozenset()
    return frozenset(channel.id for channel in guild.channels if channel.permissions_for(member).view_channel)


def _sees(interaction: Interaction, topic: Subscription) -> bool:
    return topic.channel_id in _visible(interaction)


def _refuse_everyone(role: discord.Role | None) -> None:
    if role is not None and role.is_default():
        raise UnknownSubscriptionError


async def setup(bot: ThreadlineBot) -> None:
    """Load."""
    await bot.add_cog(Topics(bot, desk_of(bot)))

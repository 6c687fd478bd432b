"""Feeds and topics in words: what a feed shows, what is followed, where a query is wrong (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot import errors
from bot.errors import QueryError, ThreadlineError
from bot.model import Entry, Feed, FollowedFeed, Subscription
from bot.services.learning import Standing
from cogs.ui import cards, words
from cogs.ui.locale import Labels

SHOWN = 5  #: entries of a feed
ROOM = 3_600  #: characters of a list
_TITLE, _NAME, _QUERY = 120, 80, 200
_AROUND = 60  #: characters of a query on both sides of a mistake


def preview(feed: Feed, url: str, would: Sequence[Entry], say: Labels) -> str:
    """What a feed shows, and what would have been posted of it."""
    title = words.shorten_escaped(feed.title or words.host(url), _TITLE)
    lines = [f"### {title}", f"-# {words.shorten_escaped(url, _QUERY)}"]
    latest = feed.entries[:SHOWN]
    if tuple(would) != latest:  # else the list below says it all
        lines += [f"**{say.say('Latest entries')}**", *map(entry_line, latest)]
    if not feed.entries:
        lines.append(say.say("The feed is empty."))
    heading = say.plural("Would have posted this one", "Would have posted these {n}", len(would))
    if would:
        lines += [f"**{heading}**", *(map(entry_line, would))]
    else:
        lines.append(f"**{say.say('Would have posted none of them')}**")
    return "\n".join(lines)


def entry_line(entry: Entry) -> str:
    """An entry of a feed, with its link and time."""
    title = words.shorten_escaped(entry.title or words.host(entry.url or ""), _TITLE) or "—"
    target = words.link_target(entry.url) if entry.url else None
    line = f"- [{title}]({target})" if target and len(target) <= cards.MAX_BUTTON_URL // 2 else f"- {title}"
    return f"{line} · {cards.stamp(entry.published, 'R')}" if entry.published else line


def feed_lines(
    subscriptions: Iterable[Subscription], feeds: dict[int, FollowedFeed], say: Labels
) -> list[str]:
    """The feeds that a server's channels get, each with its state."""
    lines = []
    for subscription in subscriptions:
        feed = feeds.get(subscription.feed_id or 0)
        name = words.shorten_escaped(subscription.name, _NAME)
        parts = [f"- **{name}** → <#{subscription.channel_id}>"]
        if subscription.query:
            parts.append(f"`{code(subscription.query, _QUERY)}`")
        if subscription.paused:
            parts.append(say.say("paused"))
        elif feed and feed.failures:
            parts.append(trouble(feed, say))
        elif feed and feed.polled_at:
            parts.append(say.say("read {when}", when=cards.stamp(feed.polled_at, "R")))
        lines.append(" · ".join(parts))
    return lines


def topic_lines(subscriptions: Iterable[Subscription], followed: frozenset[int], say: Labels) -> list[str]:
    """A server's topics, each with its channel and query."""
    lines = []
    for topic in subscriptions:
        name, query = words.shorten_escaped(topic.name, _NAME), code(topic.query or "", _QUERY)
        parts = [f"- **{name}** → <#{topic.channel_id}>", f"`{query}`"]
        if topic.role_id is not None:
            parts.append(say.say("mentions {role}", role=f"<@&{topic.role_id}>"))
        if topic.paused:
            parts.append(say.say("paused"))
        if topic.id in followed:
            parts.append(say.say("you are mentioned"))
        lines.append(" · ".join(parts))
    return lines


def fitted(lines: Sequence[str], say: Labels) -> str:
    """As many lines as a message takes, and how many are left out."""
    kept: list[str] = []
    room = ROOM
    for line in lines:
        room -= words.size(line) + 1
        if room < 0:
            kept.append(say.plural("… and {n} more", "… and {n} more", len(lines) - len(kept)))
            break
        kept.append(line)
    return "\n".join(kept)


def mistake(query: str, error: QueryError, say: Labels) -> str:
    """What is wrong with a query, with a mark below the character where it is."""
    line = " ".join(query.split("\n"))
    at = min(error.position, len(line))
    start = max(0, at - _AROUND)
    shown = line[start : at + _AROUND]
    text = words.escape(say.explain(error))
    return f"{text}\n```\n{shown.replace('`', 'ˋ')}\n{' ' * (at - start)}^\n```"


def code(text: str, limit: int) -> str:
    """A text as it may stand between backticks."""
    return words.shorten(text, limit).replace("`", "ˋ")


def trouble(feed: FollowedFeed, say: Labels) -> str:
    """What is the matter with a feed, in words."""
    name = words.shorten_escaped(feed.title or feed.url, 100)
    parts = [say.say("The feed “{name}” cannot be read.", name=name)]
    if error := _error_of(feed):
        parts.append(say.explain(error))
    if feed.next_poll is None:
        parts.append(say.say("I have given it up; /feed test tries it again."))
    else:
        parts.append(say.say("I keep trying, less and less often."))
    return " ".join(parts)


def _error_of(feed: FollowedFeed) -> ThreadlineError | None:
    """The error that the last poll ended in, as far as it was kept."""
    kind = getattr(errors, feed.trouble or "", None)
    if not (isinstance(kind, type) and issubclass(kind, errors.UrlError)):
        return None
    if issubclass(kind, errors.StatusError):
        return kind(feed.url, feed.status or 0)
    return kind(feed.url)


def standing_text(standing: Standing, say: Labels) -> str:
    """How far a topic is with learning, in words."""
    rated = standing.fitting + standing.unfitting
    lines = [
        say.plural("Members rated {n} article.", "Members rated {n} articles.", rated),
        say.say(
            "{fitting} fit and {unfitting} do not.", fitting=standing.fitting, unfitting=standing.unfitting
        ),
    ]
    if learned := standing.learned:
        lines += [
            say.say("What members say decides."),
            say.say(
                "Of {all} rated articles it judged {right} as the members do without having seen them; "
                "the query {query_right}.",
                all=learned.labelled,
                right=learned.right,
                query_right=learned.query_right,
            ),
        ]
    else:
        lines.append(say.say("The query decides."))
        if not standing.is_enough:
            lines.append(
                say.say(
                    "It can learn from 100 rated articles on, of which 10 fit and 10 do not; "
                    "members rate them with the More button of its cards."
                )
            )
    return "\n".join(lines)

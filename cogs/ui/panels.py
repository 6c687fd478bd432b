"""What the bot says about itself, discussions and searches, as text (pure)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.model import (
    ChannelSettings,
    Comment,
    Discussion,
    GivenUp,
    Rhythm,
    Rule,
    RuleKind,
    ServerSettings,
    ThreadMode,
)
from bot.services.search import Hit
from bot.services.shapes import Shape
from cogs.ui import words
from cogs.ui.cards import comment_count, jump_address, stamp
from cogs.ui.locale import Labels

_QUOTE = 120  #: characters of a comment
_TITLE = 120
_PEOPLE = 8
_GIVEN_UP = 5  #: lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that /doctor looked at."""

    what: str  #: in the reader's language
    sound: bool
    fix: str = ""


def shape_text(discussion: Discussion, shape: Shape, say: Labels) -> str:
    """A conversation in a few lines."""
    if not shape.comments:
        return say.say("Nobody has written here yet.")
    lines = [f"### {comment_count(shape.comments, say)}"]
    people = ", ".join(f"<@{user}> ({count})" for user, count in shape.people[:_PEOPLE])
    lines.append(say.say("Took part: {people}", people=people))
    if shape.first and shape.last:
        lines.append(
            say.say("From {first} to {last}", first=stamp(shape.first, "f"), last=stamp(shape.last, "f"))
        )
    if shape.liked:
        lines += ["", f"**{say.say('Most reactions')}**"]
        lines += (f"- {_comment(discussion, each, say)}" for each in shape.liked)
    if shape.unanswered:
        lines += ["", f"**{say.say('Questions nobody answered')}**"]
        lines += (f"- {_comment(discussion, each, say)}" for each in shape.unanswered)
    if len(shape.days) > 1:
        lines += ["", f"**{say.say('Day by day')}**"]
        lines += (f"- {say.day(day)}: {comment_count(count, say)}" for day, count in shape.days[-7:])
    return "\n".join(lines)


def _comment(discussion: Discussion, comment: Comment, say: Labels) -> str:
    thread_id = comment.thread_id or discussion.thread_id
    where = f"https://discord.com/channels/{discussion.guild_id}/{thread_id}/{comment.message_id}"
    parts = [f"<@{comment.author_id}>"]
    if text := words.shorten_escaped(comment.text or "", _QUOTE):
        parts[0] += f" {say.say('“{words}”', words=text)}"
    if comment.reactions:
        parts.append(say.plural("{n} reaction", "{n} reactions", comment.reactions))
    return " · ".join([*parts, f"[{say.say('jump')}]({where})"])


def search_text(hits: Sequence[Hit], asked: str, say: Labels) -> str:
    """What a search found."""
    shown = words.shorten_escaped(asked, _TITLE)
    if not hits:
        return say.say("Nothing that was shared here holds “{words}”.", words=shown)
    lines = [f"### {say.plural('{n} article', '{n} articles', len(hits))}: {shown}"]
    for hit in hits:
        article, card = hit.reading.article, hit.discussion
        title = words.shorten_escaped(article.title or words.host(article.url), _TITLE)
        site = words.shorten_escaped(article.site_name or words.host(article.url), _TITLE // 2)
        parts = [
            f"[{title}]({jump_address(card)})",
            site,
            f"<#{card.channel_id}>",
            stamp(card.shared_at, "R"),
        ]
        if card.comments:
            parts.append(comment_count(card.comments, say))
        lines.append(f"- {' · '.join(parts)}")
    return "\n".join(lines)


def doctor_text(sections: Iterable[tuple[str, Sequence[Finding]]], say: Labels) -> str:
    """What was looked at, in words and with what helps; where something is missing comes first."""
    parts: list[str] = []
    for heading, findings in sorted(sections, key=lambda section: all(each.sound for each in section[1])):
        lines = [f"**{heading}**"]
        for finding in findings:
            if not finding.sound:
                fix = f" — {finding.fix}" if finding.fix else ""
                lines.append(f"- ✗ {say.say('missing')}: {finding.what}{fix}")
        if sound := ", ".join(finding.what for finding in findings if finding.sound):
            lines.append(f"- ✓ {say.say('yes')}: {sound}")
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def given_up_lines(given_up: Iterable[GivenUp], say: Labels) -> Iterator[str]:
    """What channels were owed and will not get, a line for each channel and reason."""
    counted = Counter((each.channel_id, each.why) for each in given_up)
    if not counted:
        return
    yield f"**{say.say('What was given up; whoever runs this bot can have it tried again')}**"
    for (channel_id, why), count in counted.most_common(_GIVEN_UP):
        what = say.plural("{n} card or digest", "{n} cards or digests", count)
        yield f"- <#{channel_id}>: {what} · {say.kept(why)}"


def settings_text(
    server: ServerSettings,
    channels: Sequence[ChannelSettings],
    rules: Sequence[Rule],
    say: Labels,
    *,
    has_model: bool,
    hidden: int = 0,
) -> str:
    """Everything that a server set; of summaries by a model only where there is one.

    *hidden* channels are set up that the reader may not see.
    """
    lines = [f"### {say.say('Settings')}"]
    language = say.language_name(server.language) if server.language else say.say("as the server's")
    lines.append(say.say("Language: {language}", language=language))
    kept = say.say("kept") if server.store_text else say.say("not kept")
    lines.append(say.say("Words of comments: {kept}", kept=kept))
    if has_model:
        lines.append(_summaries(server, say))
    lines += (f"**<#{channel.channel_id}>** {channel_text(channel, say)}" for channel in channels)
    lines += hidden_lines(hidden, say)
    if not channels and not hidden:
        lines.append(say.say("No channel is set up yet: /setup does that."))
    for rule in rules:
        subject = f"<@&{rule.subject}>" if rule.kind is RuleKind.ROLE else words.escape(rule.subject)
        verdict = say.say("allowed") if rule.allowed else say.say("blocked")
        lines.append(f"- {subject}: {verdict}")
    return "\n".join(lines)


def hidden_lines(hidden: int, say: Labels) -> list[str]:
    """What to say of channels that are set up but that the reader may not see."""
    if not hidden:
        return []
    return [
        say.plural(
            "{n} more channel is set up that you cannot see.",
            "{n} more channels are set up that you cannot see.",
            hidden,
        )
    ]


def _summaries(server: ServerSettings, say: Labels) -> str:
    if not server.summary_model:
        return say.say("Summaries: quoted from the article")
    language = server.summary_language
    name = say.language_name(language) if language else say.say("each article's language")
    return say.say("Summaries: written by a language model, in: {language}", language=name)


def channel_text(channel: ChannelSettings, say: Labels) -> str:
    """How a channel is set up."""
    parts = [say.mode(channel.paste), _threads(channel, say)]
    if channel.threads is not ThreadMode.NEVER:
        parts.append(say.closing(channel.archive_minutes))
    if channel.language:
        parts.append(say.say("in {language}", language=say.language_name(channel.language)))
    if channel.digest is not Rhythm.OFF:
        parts.append(say.rhythm(channel.digest))
    if channel.plain:
        parts.append(say.say("text only"))
    if channel.hide_previews:
        parts.append(say.say("previews hidden"))
    return " · ".join(parts)


def _threads(channel: ChannelSettings, say: Labels) -> str:
    if channel.threads is not ThreadMode.REACTIONS:
        return say.threads(channel.threads)
    return say.plural("a thread after {n} reaction", "a thread after {n} reactions", channel.reactions)

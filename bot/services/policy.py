"""Who gets an answer, and where: decisions over settings and rules, without I/O."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from enum import StrEnum

from bot.model import ChannelSettings, MemberSettings, PasteMode, Rule, RuleKind


class Way(StrEnum):
    """How a link reached the bot."""

    PASTE = "paste"  #: a message in a channel
    MENTION = "mention"  #: a message that names the bot
    DIRECT = "direct"  #: a direct message
    COMMAND = "command"  #: a command or a context menu
    SHARE = "share"  #: a command that posts


class Answer(StrEnum):
    """Where an answer goes."""

    NOWHERE = "nowhere"
    HERE = "here"  #: where everyone in the channel sees it
    PRIVATELY = "privately"  #: to the one who asked


def where_to_answer(
    way: Way, channel: ChannelSettings | None, member: MemberSettings, *, role_allowed: bool = True
) -> Answer:
    """Decide over a link: nothing is posted in a channel that nobody opted in.

    >>> where_to_answer(Way.PASTE, None, MemberSettings(user_id=1))
    <Answer.NOWHERE: 'nowhere'>
    >>> where_to_answer(Way.MENTION, None, MemberSettings(user_id=1))
    <Answer.PRIVATELY: 'privately'>
    """
    if way is Way.DIRECT:
        return Answer.HERE
    mode = channel.paste if channel else PasteMode.OFF
    if way is Way.PASTE:
        wanted = mode is PasteMode.ON and not member.ignored and role_allowed
        return Answer.HERE if wanted else Answer.NOWHERE
    if mode is not PasteMode.OFF and role_allowed:
        return Answer.HERE
    return Answer.NOWHERE if way is Way.SHARE else Answer.PRIVATELY


def role_allowed(rules: Iterable[Rule], role_ids: Collection[int]) -> bool:
    """Whether a member with these roles may have links answered; a forbidden role outweighs an allowed one."""
    return _allowed((rule for rule in rules if rule.kind is RuleKind.ROLE), {str(role) for role in role_ids})


def site_allowed(rules: Iterable[Rule], host: str) -> bool:
    """Whether pages of a host may be read; a rule covers the subdomains of its host.

    >>> site_allowed([Rule(kind=RuleKind.SITE, subject="spam.example", allowed=False)], "www.spam.example")
    False
    """
    labels = host.casefold().split(".")
    names = {".".join(labels[at:]) for at in range(len(labels))}
    return _allowed((rule for rule in rules if rule.kind is RuleKind.SITE), names)


def _allowed(rules: Iterable[Rule], subjects: Collection[str]) -> bool:
    held = tuple(rules)
    if any(not rule.allowed and rule.subject in subjects for rule in held):
        return False
    allowing = [rule for rule in held if rule.allowed]
    return not allowing or any(rule.subject in subjects for rule in allowing)

"""Nothing is posted in a channel nobody opted in, nor for a member who is not to be answered."""

from __future__ import annotations

import pytest

from bot.model import ChannelSettings, MemberSettings, PasteMode, Rule, RuleKind
from bot.services.policy import Answer, Way, role_allowed, site_allowed, where_to_answer

ANA = MemberSettings(user_id=1)
OPTED_OUT = MemberSettings(user_id=1, ignored=True)


def channel(mode: PasteMode | None) -> ChannelSettings | None:
    return mode and ChannelSettings(guild_id=1, channel_id=2, paste=mode)


@pytest.mark.parametrize(
    ("way", "mode", "answer"),
    [
        (Way.PASTE, None, Answer.NOWHERE),
        (Way.PASTE, PasteMode.OFF, Answer.NOWHERE),
        (Way.PASTE, PasteMode.REQUEST, Answer.NOWHERE),
        (Way.PASTE, PasteMode.ON, Answer.HERE),
        (Way.MENTION, None, Answer.PRIVATELY),
        (Way.MENTION, PasteMode.OFF, Answer.PRIVATELY),
        (Way.MENTION, PasteMode.REQUEST, Answer.HERE),
        (Way.COMMAND, None, Answer.PRIVATELY),
        (Way.COMMAND, PasteMode.ON, Answer.HERE),
        (Way.SHARE, None, Answer.NOWHERE),
        (Way.SHARE, PasteMode.OFF, Answer.NOWHERE),
        (Way.SHARE, PasteMode.REQUEST, Answer.HERE),
        (Way.DIRECT, None, Answer.HERE),
    ],
)
def test_where_an_answer_goes(way: Way, mode: PasteMode | None, answer: Answer) -> None:
    assert where_to_answer(way, channel(mode), ANA) is answer


def test_who_opted_out_is_left_alone_but_answered_when_asking() -> None:
    on = channel(PasteMode.ON)

    assert where_to_answer(Way.PASTE, on, OPTED_OUT) is Answer.NOWHERE
    assert where_to_answer(Way.MENTION, on, OPTED_OUT) is Answer.HERE


def test_who_has_a_forbidden_role_gets_nothing_posted() -> None:
    on = channel(PasteMode.ON)

    assert where_to_answer(Way.PASTE, on, ANA, role_allowed=False) is Answer.NOWHERE
    assert where_to_answer(Way.SHARE, on, ANA, role_allowed=False) is Answer.NOWHERE
    assert where_to_answer(Way.COMMAND, on, ANA, role_allowed=False) is Answer.PRIVATELY


def rule(subject: str, allowed: bool, kind: RuleKind = RuleKind.SITE) -> Rule:
    return Rule(kind=kind, subject=subject, allowed=allowed)


@pytest.mark.parametrize(
    ("rules", "host", "allowed"),
    [
        ([], "example.org", True),
        ([rule("spam.example", False)], "spam.example", False),
        ([rule("spam.example", False)], "www.spam.example", False),
        ([rule("spam.example", False)], "notspam.example", True),
        ([rule("good.example", True)], "example.org", False),
        ([rule("good.example", True)], "news.good.example", True),
        ([rule("good.example", True), rule("bad.good.example", False)], "bad.good.example", False),
        ([rule("5", False, RuleKind.ROLE)], "example.org", True),
    ],
)
def test_a_rule_about_a_site_covers_its_subdomains(rules: list[Rule], host: str, allowed: bool) -> None:
    assert site_allowed(rules, host) is allowed


def test_a_forbidden_role_outweighs_an_allowed_one() -> None:
    rules = [rule("5", True, RuleKind.ROLE), rule("6", False, RuleKind.ROLE)]

    assert role_allowed(rules, [5])
    assert not role_allowed(rules, [5, 6])
    assert not role_allowed(rules, [7])
    assert role_allowed([], [7])

"""What sites ask of robots is asked once a site and a day."""

from __future__ import annotations

import asyncio

import pytest

from bot.errors import GoneError, ServerError
from bot.services import robots as service
from bot.services.robots import RobotsService
from tests.services.feeding import Clock, InlineChild, MemoryWeb

RULES = "User-agent: *\nDisallow: /private\n"
SITE = "https://example.org"


class Asker:
    """The service over a web of memory."""

    def __init__(self) -> None:
        self.web, self.child, self.clock = MemoryWeb(), InlineChild(), Clock()
        self.web.pages[f"{SITE}/robots.txt"] = RULES
        self.robots = RobotsService(self.web, self.child, "Threadline", self.clock)


async def test_a_site_is_asked_once_however_many_of_its_addresses_are_followed() -> None:
    asker = Asker()

    addresses = [f"{SITE}/{path}" for path in ("a", "b", "private/c", "a")]
    verdicts = await asyncio.gather(*map(asker.robots.allows, addresses))

    assert verdicts == [True, True, False, True]
    assert asker.web.asked == [f"{SITE}/robots.txt"]


async def test_it_is_asked_again_after_a_day_and_another_site_has_rules_of_its_own() -> None:
    asker = Asker()
    assert not await asker.robots.allows(f"{SITE}/private")
    assert await asker.robots.allows("https://elsewhere.example/private")

    asker.web.pages[f"{SITE}/robots.txt"] = "User-agent: *\nDisallow:\n"
    assert not await asker.robots.allows(f"{SITE}/private")
    asker.clock.pass_time(hours=25)

    assert await asker.robots.allows(f"{SITE}/private")


@pytest.mark.parametrize(
    ("error", "allowed"), [(GoneError(SITE, 404), True), (ServerError(SITE, 503), False)]
)
async def test_a_site_without_rules_is_open_and_one_in_trouble_is_left_alone_for_a_while(
    error: Exception, allowed: bool
) -> None:
    asker = Asker()
    asker.web.pages[f"{SITE}/robots.txt"] = error  # type: ignore[assignment]
    assert await asker.robots.allows(f"{SITE}/a") is allowed

    asker.web.pages[f"{SITE}/robots.txt"] = RULES
    asker.clock.pass_time(minutes=11)

    assert await asker.robots.allows(f"{SITE}/a")


async def test_rules_that_take_a_child_for_ever_close_the_site_for_a_while() -> None:
    asker = Asker()
    asker.child.kills = 1

    assert not await asker.robots.allows(f"{SITE}/a")
    asker.clock.pass_time(minutes=11)

    assert await asker.robots.allows(f"{SITE}/a")


async def test_files_are_kept_only_as_far_as_there_is_room(monkeypatch: pytest.MonkeyPatch) -> None:
    asker = Asker()
    monkeypatch.setattr(service, "MOST_BYTES", len(RULES))
    asker.web.pages["https://elsewhere.example/robots.txt"] = RULES

    for site in (SITE, "https://elsewhere.example", SITE):
        assert await asker.robots.allows(f"{site}/a")

    assert len(asker.web.asked) == 3

"""What a server and a member set holds at once and after a restart, and for nobody else."""

from __future__ import annotations

import pytest

from bot.errors import LinkError, SiteBlockedError
from bot.model import MemberSettings, RuleKind, ServerSettings
from bot.services.servers import ServerService, site_of
from bot.store.database import Database
from bot.store.servers import ServerRepository


def service(database: Database) -> ServerService:
    return ServerService(ServerRepository(database))


async def test_a_server_that_set_nothing_has_the_defaults(database: Database) -> None:
    assert await service(database).get(1) == ServerSettings(guild_id=1)
    assert await service(database).member(5) == MemberSettings(user_id=5)


async def test_what_is_set_holds_at_once_and_after_a_restart(database: Database) -> None:
    servers = service(database)
    german = ServerSettings(
        guild_id=1, language="de", store_text=True, summary_model=True, summary_language="en"
    )
    plain = MemberSettings(user_id=5, ignored=True, plain=True)

    await servers.configure(german)
    await servers.configure_member(plain)

    for reader in (servers, service(database)):
        assert await reader.get(1) == german
        assert await reader.get(2) == ServerSettings(guild_id=2)
        assert await reader.member(5) == plain


async def test_a_site_is_blocked_for_one_server_until_the_rule_is_dropped(database: Database) -> None:
    servers = service(database)
    await servers.set_rule(1, RuleKind.SITE, "spam.example", allowed=False)

    with pytest.raises(SiteBlockedError):
        await servers.check_site(1, "https://www.spam.example/a")
    await servers.check_site(2, "https://www.spam.example/a")
    await servers.check_site(0, "https://www.spam.example/a")
    await servers.set_rule(1, RuleKind.SITE, "spam.example", allowed=None)
    await servers.check_site(1, "https://www.spam.example/a")


async def test_a_rule_set_again_is_the_other_way_round(database: Database) -> None:
    servers = service(database)
    await servers.set_rule(1, RuleKind.ROLE, "7", allowed=False)
    assert not await servers.role_allowed(1, [7])

    await servers.set_rule(1, RuleKind.ROLE, "7", allowed=True)

    assert await servers.role_allowed(1, [7])
    assert not await servers.role_allowed(1, [8])


async def test_a_forgotten_server_has_no_rules_left(database: Database) -> None:
    servers = service(database)
    await servers.set_rule(1, RuleKind.ROLE, "7", allowed=False)
    await servers.configure(ServerSettings(guild_id=1, language="fr"))

    await servers.forget_guild(1)

    assert await servers.rules(1) == ()
    assert await service(database).get(1) == ServerSettings(guild_id=1)


@pytest.mark.parametrize(
    ("written", "site"),
    [("example.org", "example.org"), (" https://www.Example.org/a?b ", "example.org")],
)
def test_a_site_is_meant_by_its_name_or_an_address(written: str, site: str) -> None:
    assert site_of(written) == site


@pytest.mark.parametrize("written", ["", "localhost", "no site at all", "ftp://example.org"])
def test_what_names_no_site_is_refused(written: str) -> None:
    with pytest.raises(LinkError):
        site_of(written)

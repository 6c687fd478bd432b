"""What servers and members asked for."""

from __future__ import annotations

from collections.abc import Collection

from bot.errors import LinkError, SiteBlockedError
from bot.links import host_of
from bot.model import MemberSettings, Rule, RuleKind, ServerSettings
from bot.services import policy
from bot.services.remembering import Remembered
from bot.store.servers import ServerRepository


class ServerService:
    """Settings and rules of servers, and what members want everywhere."""

    def __init__(self, repository: ServerRepository) -> None:
        self._repository = repository
        self._servers = Remembered(repository.get)
        self._rules = Remembered(repository.rules)
        self._members = Remembered(repository.member)

    async def get(self, guild_id: int) -> ServerSettings:
        """The server's settings."""
        return await self._servers.get(guild_id)

    async def configure(self, settings: ServerSettings) -> None:
        """Replace a server's settings."""
        await self._repository.put(settings)
        self._servers.put(settings.guild_id, settings)

    async def wants_model(self, guild_id: int) -> bool:
        """Whether this server asked for summaries by the model."""
        return (await self.get(guild_id)).summary_model

    async def summary_language(self, guild_id: int) -> str | None:
        """The language it wants them in (ISO 639-1); None keeps each article's."""
        return (await self.get(guild_id)).summary_language

    async def rules(self, guild_id: int) -> tuple[Rule, ...]:
        """Everything the server allows and forbids."""
        return await self._rules.get(guild_id)

    async def set_rule(self, guild_id: int, kind: RuleKind, subject: str, allowed: bool | None) -> None:
        """Allow or forbid something, or (None) drop the rule about it."""
        if allowed is None:
            await self._repository.remove_rule(guild_id, kind, subject)
        else:
            await self._repository.put_rule(guild_id, Rule(kind=kind, subject=subject, allowed=allowed))
        self._rules.forget(guild_id)

    async def role_allowed(self, guild_id: int, role_ids: Collection[int]) -> bool:
        """Whether a member with these roles may have links answered."""
        return policy.role_allowed(await self.rules(guild_id), role_ids)

    async def check_site(self, guild_id: int, url: str) -> None:
        """Raise SiteBlockedError where the server does not want the page's site read."""
        if guild_id and not policy.site_allowed(await self.rules(guild_id), host_of(url)):
            raise SiteBlockedError(url)

    async def member(self, user_id: int) -> MemberSettings:
        """What a member wants."""
        return await self._members.get(user_id)

    async def configure_member(self, settings: MemberSettings) -> None:
        """Replace what a member wants."""
        await self._repository.put_member(settings)
        self._members.put(settings.user_id, settings)

    async def forget_member(self, user_id: int) -> None:
        """Forget what a member wants; only the wish to be left alone stays, for it has to be known to be kept."""
        ignored = (await self._repository.member(user_id)).ignored
        await self._repository.remove_member(user_id)
        self._members.forget(user_id)
        if ignored:
            await self.configure_member(MemberSettings(user_id=user_id, ignored=True))

    async def forget_guild(self, guild_id: int) -> None:
        """Forget a server's settings and rules."""
        await self._repository.remove_guild(guild_id)
        self._servers.forget(guild_id)
        self._rules.forget(guild_id)


def site_of(written: str) -> str:
    """The host that a member means by an address or a name; raises LinkError."""
    host = host_of(written if "://" in written else f"https://{written.strip()}")
    if not host or "." not in host:
        raise LinkError("That is no name of a site.")
    return host.removeprefix("www.")

"""What each server and each member asked for."""

from __future__ import annotations

from sqlalchemy import delete, select, update

from bot.model import MemberSettings, Rule, RuleKind, ServerSettings
from bot.store.database import Database, insert_new
from bot.store.schema import members, rules, servers


class ServerRepository:
    """The only reader and writer of `servers`, `rules` and `members`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, guild_id: int) -> ServerSettings:
        """The server's settings, the defaults where it has none."""
        async with self._database.read() as connection:
            row = (await connection.execute(select(servers).where(servers.c.guild_id == guild_id))).first()
        return ServerSettings(**row._mapping) if row else ServerSettings(guild_id=guild_id)

    async def put(self, settings: ServerSettings) -> None:
        """Replace a server's settings."""
        values = {
            "language": settings.language,
            "store_text": settings.store_text,
            "summary_model": settings.summary_model,
            "summary_language": settings.summary_language,
        }
        async with self._database.write() as connection:
            await connection.execute(insert_new(servers, {"guild_id": settings.guild_id, **values}))
            await connection.execute(
                update(servers).where(servers.c.guild_id == settings.guild_id).values(values)
            )

    async def rules(self, guild_id: int) -> tuple[Rule, ...]:
        """Everything a server allows and forbids."""
        query = select(rules).where(rules.c.guild_id == guild_id).order_by(rules.c.kind, rules.c.subject)
        async with self._database.read() as connection:
            return tuple(
                Rule(kind=RuleKind(row.kind), subject=row.subject, allowed=row.allowed)
                for row in await connection.execute(query)
            )

    async def put_rule(self, guild_id: int, rule: Rule) -> None:
        """Set a rule, in place of one with the same subject."""
        key = {"guild_id": guild_id, "kind": rule.kind.value, "subject": rule.subject}
        async with self._database.write() as connection:
            await connection.execute(insert_new(rules, {**key, "allowed": rule.allowed}))
            await connection.execute(
                update(rules)
                .where(*(rules.c[name] == value for name, value in key.items()))
                .values(allowed=rule.allowed)
            )

    async def remove_rule(self, guild_id: int, kind: RuleKind, subject: str) -> None:
        """Drop a rule."""
        async with self._database.write() as connection:
            await connection.execute(
                delete(rules).where(
                    rules.c.guild_id == guild_id, rules.c.kind == kind.value, rules.c.subject == subject
                )
            )

    async def remove_guild(self, guild_id: int) -> None:
        """Forget a server's settings and rules."""
        async with self._database.write() as connection:
            await connection.execute(delete(servers).where(servers.c.guild_id == guild_id))
            await connection.execute(delete(rules).where(rules.c.guild_id == guild_id))

    async def member(self, user_id: int) -> MemberSettings:
        """A member's settings, the defaults where there are none."""
        async with self._database.read() as connection:
            row = (await connection.execute(select(members).where(members.c.user_id == user_id))).first()
        return MemberSettings(**row._mapping) if row else MemberSettings(user_id=user_id)

    async def remove_member(self, user_id: int) -> None:
        """Forget what a member wanted."""
        async with self._database.write() as connection:
            await connection.execute(delete(members).where(members.c.user_id == user_id))

    async def put_member(self, settings: MemberSettings) -> None:
        """Replace a member's settings."""
        values = {"ignored": settings.ignored, "plain": settings.plain}
        async with self._database.write() as connection:
            await connection.execute(insert_new(members, {"user_id": settings.user_id, **values}))
            await connection.execute(
                update(members).where(members.c.user_id == settings.user_id).values(values)
            )

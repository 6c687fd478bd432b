"""Turns at Discord's gateway, kept by all processes together."""

from __future__ import annotations

from sqlalchemy import text

from bot.store.database import Database

_TAKE = text(
    "INSERT INTO gateway_turns (bucket, free_at) VALUES (:bucket, now() + make_interval(secs => :apart)) "
    "ON CONFLICT (bucket) DO UPDATE "
    "SET free_at = greatest(gateway_turns.free_at, now()) + make_interval(secs => :apart) "
    "RETURNING extract(epoch FROM free_at - now())::float - :apart"
)


class GatewayRepository:
    """The only reader and writer of `gateway_turns`; PostgreSQL alone has them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def take_turn(self, bucket: int, apart: float) -> float:
        """Take the next free turn of a bucket; returns the seconds until it comes. Turns lie *apart* seconds apart.

        Measured with the database's clock: those of the processes differ.
        """
        async with self._database.write() as connection:
            wait = await connection.scalar(_TAKE, {"bucket": bucket, "apart": apart})
        return max(0.0, float(wait or 0.0))

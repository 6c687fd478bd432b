"""Addresses at which hubs may say that feeds have news."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, exists, select, update

from bot.model import Callback
from bot.store.database import Database, insert_new
from bot.store.feeds import FOLLOWED
from bot.store.leases import take_due
from bot.store.schema import callbacks, feeds

_c = callbacks.c
_f = feeds.c

_tellable = (_f.hub_url.is_not(None), _f.self_url.is_not(None), _f.next_poll.is_not(None), FOLLOWED)
_is_of = (_c.feed_id == _f.id, _c.hub_url == _f.hub_url, _c.self_url == _f.self_url)
_wanted = exists().where(*_is_of, *_tellable)


class CallbackRepository:
    """The only reader and writer of `callbacks`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def line_up(self, now: datetime, limit: int, draw: Callable[[str], tuple[str, str | None]]) -> None:
        """Have a callback for each feed that is followed and names a hub, and have the others leave.

        *draw* gives the path and the secret of a new one, for its hub's address; at most *limit* are made.
        """
        missing = select(_f.id, _f.hub_url, _f.self_url).where(*_tellable, ~exists().where(*_is_of))
        leaving = ~_c.leaving, ~_wanted
        async with self._database.write() as connection:
            rows = []
            for row in await connection.execute(missing.limit(limit)):
                path, secret = draw(row.hub_url)
                given = {"feed_id": row.id, "hub_url": row.hub_url, "self_url": row.self_url}
                rows.append({**given, "path": path, "secret": secret, "failures": 0, "next_try": now})
            if rows:
                await connection.execute(insert_new(callbacks, rows))
            untold = _f.id.in_(select(_c.feed_id).where(*leaving))
            await connection.execute(update(feeds).where(untold).values(told_until=None, told_at=None))
            afresh = update(callbacks).values(failures=0, next_try=now)
            await connection.execute(afresh.where(*leaving).values(leaving=True))
            await connection.execute(afresh.where(_c.leaving, _wanted).values(leaving=False))

    async def claim_due(self, now: datetime, lease: timedelta, limit: int) -> tuple[Callback, ...]:
        """Those whose hub is to be asked, taken by this caller alone until the lease ends."""
        async with self._database.write() as connection:
            ids = await take_due(
                connection, callbacks, _c.next_try, now, lease, limit, failures=_c.failures + 1
            )
            rows = await connection.execute(select(callbacks).where(_c.id.in_(ids)).order_by(_c.id))
            return tuple(map(_callback, rows))

    async def find(self, path: str) -> Callback | None:
        """The callback with this path."""
        async with self._database.read() as connection:
            row = (await connection.execute(select(callbacks).where(_c.path == path))).first()
        return _callback(row) if row else None

    async def put_off(self, callback: Callback, when: datetime) -> None:
        """Ask the hub again then, unless it has agreed since *callback* was claimed."""
        asked = _c.id == callback.id, _c.failures == callback.failures
        async with self._database.write() as connection:
            await connection.execute(update(callbacks).where(*asked).values(next_try=when))

    async def agreed(self, callback_id: int, when: datetime) -> None:
        """The hub has agreed, and is to be asked again then."""
        agreed = update(callbacks).where(_c.id == callback_id).values(failures=0, next_try=when)
        async with self._database.write() as connection:
            await connection.execute(agreed)

    async def forget(self, callback_id: int) -> None:
        """The hub will tell no more, or has been asked often enough."""
        async with self._database.write() as connection:
            await connection.execute(delete(callbacks).where(_c.id == callback_id))


def _callback(row: Row[Any]) -> Callback:
    values = dict(row._mapping)
    del values["next_try"]
    return Callback(**values)

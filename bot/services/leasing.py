"""Work that is taken for a short while, and for longer as long as it goes on."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

from bot.errors import StoreError

log = logging.getLogger(__name__)

EVERY = 5.0  #: seconds between two signs of life


@asynccontextmanager
async def renewed(renew: Callable[[timedelta], Awaitable[None]], every: float = EVERY) -> AsyncIterator[None]:
    """Call *renew* with the time that passed, again and again, while the body runs.

    A process that dies gives no more signs of life, so that a lease may be a few of them long rather than as long as
    the slowest work. A database that does not answer is asked again.
    """

    async def live() -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        while True:
            await asyncio.sleep(every)
            try:
                await renew(timedelta(seconds=loop.time() - began))
            except StoreError:
                log.warning("lease not renewed", exc_info=True)

    task = asyncio.create_task(live(), name="renew a lease")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

"""Has work done by many processes: procrastinate on PostgreSQL."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from functools import partial
from typing import Any

import procrastinate
import psycopg
from procrastinate import exceptions, jobs
from procrastinate.manager import JobManager
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import StoreError
from bot.store.queue import DeadLetter, Work, turn

log = logging.getLogger(__name__)
logging.getLogger("procrastinate").setLevel(logging.WARNING)  # it tells of every job

UPKEEP = "upkeep"  #: the work every process shares: taking over jobs of processes that died
STALLED_AFTER = 30.0  #: seconds without a sign of life
GRACE = 6.0  #: seconds that jobs have to end by themselves when the process is asked to stop
KEPT_HOURS = 7 * 24  #: dead letters
AT_ONCE = 8  #: jobs in a process
PAUSE = 2.0  #: seconds before a lost database is asked again

_RETRY = procrastinate.RetryStrategy(max_attempts=6, wait=1, exponential_wait=3)  # 4 s to 12 min


class ProcrastinateQueue:
    """Jobs in the database: written in the transaction that writes the row, done by whoever is free."""

    def __init__(self, address: URL) -> None:
        # Its own few connections: it waits on one for news, and the transactions need theirs.
        self._connector = procrastinate.PsycopgConnector(
            conninfo=address.set(drivername="postgresql").render_as_string(hide_password=False),
            min_size=1,
            max_size=4,
        )
        self._app = procrastinate.App(connector=self._connector)
        self._open = False

    async def close(self) -> None:
        """Give the connections back."""
        if self._open:
            await self._app.close_async()
            self._open = False

    async def _manager(self) -> JobManager:
        # Opened late: deferring uses the transaction's connection, and much of the bot does nothing else.
        if not self._open:
            await self._app.open_async()
            self._open = True
        return self._app.job_manager

    async def defer(self, connection: AsyncConnection, name: str, row_id: int) -> None:
        """Write a job into *connection*'s transaction: it is there when the row is, and only then."""
        driver = (await connection.get_raw_connection()).driver_connection
        await self._app.configure_task(name, queue=name, connection=driver).defer_async(row=row_id)

    async def run(self, works: Collection[Work]) -> None:
        """Do these until cancelled, and outlive the database's restarts."""
        while True:
            app = self._worker_app(works)
            try:
                await self._manager()
                await app.run_worker_async(
                    queues=[UPKEEP, *(work.name for work in works)],
                    concurrency=AT_ONCE,
                    install_signal_handlers=False,
                    shutdown_graceful_timeout=GRACE,
                    delete_jobs="successful",
                )
                log.warning("the queue stopped")  # it does when it cannot hear from the database
            except (exceptions.ConnectorException, psycopg.Error) as error:
                log.warning("the queue is lost", extra={"why": type(error).__name__})
            await asyncio.sleep(PAUSE)

    async def take_over(self) -> None:
        """Have the jobs of processes that died done by others."""
        manager = await self._manager()
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER):
            log.warning("took over", extra={"job": job.id, "work": job.task_name})
            try:
                await manager.retry_job(job)
            except exceptions.UniqueViolation:  # a turn, and the next one waits already
                await manager.finish_job(job, jobs.Status.FAILED, delete_job=True)

    async def dead(self) -> tuple[DeadLetter, ...]:
        """Deferred jobs that failed as often as they may."""
        return tuple(
            DeadLetter(id=job.id or 0, work=job.task_name, row_id=_row(job), attempts=job.attempts)
            for job in await self._failed()
        )

    async def retry(self, ids: Collection[int]) -> int:
        """Give dead letters another chance; returns how many there were."""
        chosen = [job for job in await self._failed() if job.id in ids]
        for job in chosen:
            await (await self._manager()).retry_job(job)
        return len(chosen)

    async def _failed(self) -> list[jobs.Job]:
        try:
            manager = await self._manager()
            return list(await manager.list_jobs_async(status=jobs.Status.FAILED.value))
        except (exceptions.ConnectorException, psycopg.Error) as error:
            raise StoreError("The database does not answer.") from error

    def _worker_app(self, works: Collection[Work]) -> procrastinate.App:
        app = procrastinate.App(connector=self._connector)
        for work in works:
            app.task(name=work.name, queue=work.name, retry=_RETRY)(_deferred(work))
            _repeat(app, work.name, work.name, work.seconds, partial(turn, work))

        async def forget() -> None:
            await app.job_manager.delete_old_jobs(
                KEPT_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
            )

        _repeat(app, "upkeep: take over", UPKEEP, 30, self.take_over)
        _repeat(app, "upkeep: forget", UPKEEP, 3600, forget)
        return app


def _row(job: jobs.Job) -> int | None:
    row = job.task_kwargs.get("row")
    return row if isinstance(row, int) else None


def _deferred(work: Work) -> Callable[..., Awaitable[None]]:
    async def do(row: int) -> None:
        try:
            while await work.do():
                log.debug("deferred work done", extra={"work": work.name, "row": row})
        except Exception:
            log.exception("work failed", extra={"work": work.name, "row": row})
            raise  # so that it is repeated

    return do


def _repeat(
    app: procrastinate.App, name: str, queue: str, seconds: float, do: Callable[[], Awaitable[Any]]
) -> None:
    """One turn in a period, however many processes there are; a turn that fails is not repeated but followed."""

    async def take_turn(timestamp: int) -> None:
        await do()
        log.debug("turn taken", extra={"work": name, "turn": timestamp})

    task = app.task(name=f"{name}, in turn", queue=queue)(take_turn)
    app.periodic(cron=cron(seconds), queueing_lock=f"{name}, in turn")(task)


def cron(seconds: float) -> str:
    """The period as cron has it, with seconds last; periods that do not fit an hour or a day are shortened.

    >>> cron(5), cron(60), cron(300), cron(3600), cron(86400)
    ('* * * * * */5', '* * * * * 0', '*/5 * * * * 0', '0 * * * * 0', '0 0 * * * 0')
    """
    whole = max(1, int(seconds))
    if whole < 60:
        return f"* * * * * */{_divisor(whole, 60)}"
    if whole < 3600:
        minutes = _divisor(whole // 60, 60)
        return f"*/{minutes} * * * * 0" if minutes > 1 else "* * * * * 0"
    if whole < 86400:
        hours = _divisor(whole // 3600, 24)
        return f"0 */{hours} * * * 0" if hours > 1 else "0 * * * * 0"
    return "0 0 * * * 0"


def _divisor(number: int, of: int) -> int:
    """The largest number up to *number* that divides *of* evenly."""
    return max(each for each in range(1, number + 1) if of % each == 0)

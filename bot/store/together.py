"""Alike work of several askers in one transaction: whoever asks while one is under way shares the next."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from bot.errors import StoreError

Asked = TypeVar("Asked")
Answered = TypeVar("Answered")

MOST = 50  #: askers that share a transaction


class Together(Generic[Asked, Answered]):
    """Hands *do* what is asked for, all that came meanwhile at once; it answers in the same order.

    Nobody is answered before the transaction is committed. Where one fails its askers are served one by one, so that
    nobody is told of another's failure.
    """

    def __init__(self, do: Callable[[Sequence[Asked]], Awaitable[Sequence[Answered]]]) -> None:
        self._do = do
        self._waiting: list[tuple[Asked, asyncio.Future[Answered]]] = []
        self._work: asyncio.Task[None] | None = None

    async def ask(self, asked: Asked) -> Answered:
        """What *do* answers to this; raises what it raises."""
        answer: asyncio.Future[Answered] = asyncio.get_running_loop().create_future()
        self._waiting.append((asked, answer))
        if self._work is None:
            self._work = asyncio.create_task(self._serve(), name="write together")
        return await answer

    async def _serve(self) -> None:
        taken: list[tuple[Asked, asyncio.Future[Answered]]] = []
        try:
            while taken := self._take():
                if not await self._answered(taken) and len(taken) > 1:
                    for each in taken:
                        await self._answered([each])
        except BaseException as error:  # a mistake of ours, or the end
            for _, answer in (*taken, *self._waiting):
                if isinstance(error, asyncio.CancelledError):
                    answer.cancel()
                elif not answer.done():
                    answer.set_exception(error)
            self._waiting.clear()
            raise
        finally:
            self._work = None

    def _take(self) -> list[tuple[Asked, asyncio.Future[Answered]]]:
        taken, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
        return [each for each in taken if not each[1].cancelled()] or (self._take() if taken else [])

    async def _answered(self, taken: Sequence[tuple[Asked, asyncio.Future[Answered]]]) -> bool:
        try:
            answers: Sequence[Answered] = await self._do([asked for asked, _ in taken])
        except (StoreError, SQLAlchemyError) as error:
            if len(taken) == 1 and not taken[0][1].done():
                taken[0][1].set_exception(error)
            return False
        for (_, answer), found in zip(taken, answers, strict=True):
            if not answer.done():  # its asker may have left
                answer.set_result(found)
        return True

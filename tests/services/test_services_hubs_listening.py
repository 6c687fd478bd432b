"""A process answers hubs on its port where the settings name a public address, beside others of its kind."""

from __future__ import annotations

import aiohttp
import pytest
from aiohttp.test_utils import unused_port

from bot.app import open_app
from bot.callbacks import hearing
from bot.settings import Settings, WebsubSettings


async def test_two_processes_on_a_machine_share_the_port_and_close_it_at_the_end(database_url: str) -> None:
    port = unused_port()
    address = f"http://127.0.0.1:{port}/hubs/{'x' * 32}"
    websub = WebsubSettings(public_url="https://bot.example.org/hubs", port=port)
    app = await open_app(Settings(database_url=database_url, websub=websub))
    try:
        async with hearing(app), hearing(app), aiohttp.ClientSession() as session:
            assert "ask hubs" in app.workers.names
            async with session.get(address, params={"hub.mode": "subscribe"}) as answer:
                assert answer.status == 404
            async with session.post(address, data=b"<rss/>") as answer:
                assert answer.status == 410
            async with session.get(f"http://127.0.0.1:{port}/metrics") as answer:
                assert answer.status == 404
        async with aiohttp.ClientSession() as session:
            with pytest.raises(aiohttp.ClientConnectorError):
                await session.get(address)
    finally:
        await app.close()


async def test_without_a_public_address_nobody_listens_or_asks(database_url: str) -> None:
    port = unused_port()
    app = await open_app(Settings(database_url=database_url, websub=WebsubSettings(port=port)))
    try:
        async with hearing(app), aiohttp.ClientSession() as session:
            assert app.hubs is None
            assert "ask hubs" not in app.workers.names
            with pytest.raises(aiohttp.ClientConnectorError):
                await session.get(f"http://127.0.0.1:{port}/")
    finally:
        await app.close()

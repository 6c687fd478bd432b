"""`threadline`, as it is, with the stand-in for Discord and its site in the real ones' places.

python benchmarks/scale/actor.py PORT COMMAND …
"""

from __future__ import annotations

import sys

import discord
import yarl
from discord.gateway import DiscordWebSocket

import bot.app
from bot.cli import build
from bot.fetch.client import FetchClient
from bot.fetch.pace import HostPace
from bot.settings import Settings


def stand_in(port: str) -> None:
    """Let Discord be at *port*, and its one host be a thousand: no pause between two of its pages."""
    discord.http.Route.BASE = f"http://127.0.0.1:{port}/api/v10"
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(f"ws://127.0.0.1:{port}/gateway")
    make = bot.app.new_fetcher

    def new_fetcher(settings: Settings) -> FetchClient:
        fetcher = make(settings)
        fetcher._pace = HostPace(interval=0)
        return fetcher

    bot.app.new_fetcher = new_fetcher


if __name__ == "__main__":
    stand_in(sys.argv[1])
    build()(sys.argv[2:])

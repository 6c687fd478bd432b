"""What a server sees of the owner's language model: only where it asked, labelled, and quoted where it fails."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import simcord
from aiohttp import web
from aiohttp.test_utils import TestServer
from readingroom import ReadingRoom, Site, found, serve, simulated, words

WRITTEN = [
    {"text": "The night ferry between Port Hale and Brenna returns on Friday.", "source": [0]},
    {"text": "The night ferry returns after eleven years, the harbour board said.", "source": [0]},
]
TRANSLATED = [
    {"text": "Die Nachtfähre zwischen Port Hale und Brenna kehrt zurück.", "source": [0]},
    {"text": "In Brenna öffnet dazu wieder das Hotel am Hafen seine Türen.", "source": [0, 1]},
]


@dataclass
class Model:
    """A chat completions server."""

    sentences: list[dict[str, Any]]
    broken: bool = False
    asked: list[str] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(await request.text())
        if self.broken:
            return web.Response(status=400)
        message = {"role": "assistant", "content": json.dumps({"sentences": self.sentences})}
        return web.json_response(
            {
                "id": "1",
                "object": "chat.completion",
                "created": 0,
                "model": "small",
                "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
            }
        )


@asynccontextmanager
async def room_with(model: Model, folder: Path) -> AsyncIterator[ReadingRoom]:
    """A server whose channel opted in, and a bot whose owner set up *model*."""
    app = web.Application()
    app.router.add_post("/v1/chat/completions", model.answer)
    async with (
        TestServer(app) as http,
        serve(Site()) as site,
        simulated(
            folder / "t.sqlite3",
            site,
            THREADLINE_MODEL__BASE_URL=str(http.make_url("/v1")),
            THREADLINE_MODEL__NAME="small",
        ) as env,
    ):
        room = found(env, site)
        await room.configure()
        yield room
        assert env.errors_since(0) == ()


async def switch_on(room: ReadingRoom, **more: Any) -> simcord.InteractionResult:
    return await room.admin.slash(room.articles, "settings server", **{"summary-model": True, **more})


async def test_a_server_that_asked_gets_written_summaries_and_another_one_quoted(tmp_path: Path) -> None:
    model = Model(WRITTEN)
    async with room_with(model, tmp_path) as room:
        other = found(room.env, room.site)
        await other.configure()
        answer = await switch_on(room)

        await room.ana.send(room.articles, room.url("/ferry"))
        await other.ana.send(other.articles, other.url("/ferry"))

        assert "Summaries: written by a language model" in words(answer.response)
        (card,), (quoted,) = room.cards(), other.cards()
        assert WRITTEN[1]["text"] in words(card)
        assert "written by the language model small" in words(card)
        assert "Key facts" in words(card)
        assert WRITTEN[1]["text"] not in words(quoted)
        assert "sentences are quoted from the article" in words(quoted)
        assert len(model.asked) == 1


async def test_a_written_card_stays_written_when_it_is_drawn_anew(tmp_path: Path) -> None:
    model = Model(WRITTEN)
    async with room_with(model, tmp_path) as room:
        await switch_on(room)
        await room.ana.send(room.articles, room.url("/ferry"))

        await room.ben.click(room.cards()[0], label="Discuss")

        (card,) = room.cards()
        assert "Jump to discussion" in words(card)
        assert "written by the language model small" in words(card)
        assert len(model.asked) == 1


async def test_a_server_chooses_the_language_and_a_translation_is_called_one(tmp_path: Path) -> None:
    model = Model(TRANSLATED)
    async with room_with(model, tmp_path) as room:
        answer = await switch_on(room, **{"summary-language": "de"})

        await room.ana.send(room.articles, room.url("/ferry"))

        assert "in: German" in words(answer.response)
        assert "code de" in model.asked[0]
        (card,) = room.cards()
        assert TRANSLATED[0]["text"] in words(card)
        assert "translated by the language model small" in words(card)


async def test_a_model_that_fails_leaves_a_quoted_card_and_says_nothing(tmp_path: Path) -> None:
    model = Model([], broken=True)
    async with room_with(model, tmp_path) as room:
        await switch_on(room)

        await room.ana.send(room.articles, room.url("/ferry"))

        (card,) = room.cards()
        assert len(model.asked) == 1
        assert "sentences are quoted from the article" in words(card)
        assert "language model" not in words(card)


async def test_the_model_is_told_nothing_of_members(tmp_path: Path) -> None:
    model = Model(WRITTEN)
    async with room_with(model, tmp_path) as room:
        await switch_on(room)

        await room.ana.send(room.articles, f"Marzipan! {room.url('/ferry')}")

        (asked,) = model.asked
        assert "night ferry" in asked
        assert not any(
            secret in asked for secret in ("Marzipan", "ana", str(room.ana.id), str(room.guild.id))
        )


async def test_where_the_owner_set_up_no_model_a_server_is_told_so(tmp_path: Path) -> None:
    async with serve(Site()) as site, simulated(tmp_path / "t.sqlite3", site) as env:
        room = found(env, site)

        answer = await switch_on(room)
        shown = await room.admin.slash(room.articles, "settings show")

        assert "has set up no language model" in words(answer.response)
        assert "Summaries" not in words(shown.response)
        assert not (await room.bot.app.servers.get(room.guild.id)).summary_model

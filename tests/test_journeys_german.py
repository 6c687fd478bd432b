"""Every command, menu and button answers a German member in German."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import discord
import pytest
import pytest_asyncio
from readingroom import ReadingRoom, speak, words

from bot.model import ThreadMode

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", autouse=True)
async def _german_members(room: ReadingRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    speak(monkeypatch, "de")
    await room.configure(language="de", threads=ThreadMode.ALWAYS)


@pytest.mark.parametrize(
    ("command", "options", "said"),
    [
        ("help", {}, "Was ich kann"),
        ("doctor", {}, "✓ ja: Kanal ansehen, Nachrichten senden, Links einbetten, Nachrichtenverlauf"),
        ("status", {}, "Seit ich laufe, ging hier nichts schief."),
        ("settings show", {}, "Wortlaut von Kommentaren: nicht gespeichert"),
        ("settings server", {"keep-words": True}, "Wortlaut von Kommentaren: gespeichert"),
        ("settings site", {"site": "example.org", "verdict": "block"}, "example.org: gesperrt"),
        ("search", {"words": "zeppelin"}, "Nichts, was hier geteilt wurde, enthält"),
        ("privacy export", {}, "Das ist alles, was ich über dich speichere"),
        ("privacy delete", {}, "Erledigt: Ich habe dich vergessen."),
        ("privacy links", {"read": True}, "Ich lese Links, die du postest."),
        ("privacy text-only", {"on": True}, "Du bekommst nur Text."),
        ("summary", {"url": "javascript:alert(1)"}, "Darin ist kein Web-Link."),
        ("discussion shape", {}, "Hier gibt es keine Diskussion"),
        ("discussion export", {}, "Hier gibt es keine Diskussion"),
        ("topic list", {}, "Noch gibt es kein Thema"),
        ("feed list", {}, "Noch bekommt kein Kanal einen Feed"),
        ("topic create", {"name": "Fähre", "query": "(fähre"}, "Diese Klammer wird nie geschlossen."),
        ("topic create", {"name": "Fähre", "query": "ort:Brenna"}, "„ort:“ kenne ich nicht"),
    ],
)
async def test_a_command_answers_in_german(
    room: ReadingRoom, command: str, options: Mapping[str, Any], said: str
) -> None:
    answer = await room.admin.slash(room.articles, command, **options)

    assert said in words(answer.response or answer.followups[0])


@pytest.mark.parametrize("command", ["setup", "doctor", "status", "settings show"])
async def test_a_member_is_refused_in_german(room: ReadingRoom, command: str) -> None:
    name = command.partition(" ")[0]
    registered = next(each for each in await room.bot.tree.fetch_commands() if each.name == name)
    room.guild.set_command_permissions(registered.id, {room.ana: True})

    answer = await room.ana.slash(room.articles, command)

    assert "Dafür brauchst du die Berechtigung „Server verwalten“." in words(answer.response)


async def test_the_buttons_of_a_card_answer_in_german(room: ReadingRoom) -> None:
    await room.ana.send(room.articles, room.url("/ferry"))
    (thread,) = room.articles.threads
    await room.ben.send(thread, "Endlich.")
    (card,) = room.cards()

    jump = await room.ben.click(card, label="Zur Diskussion")
    text = await room.ben.click(card, label="Volltext")
    menu = await room.ana.click(card, label="Mehr")
    caught = await room.ana.click(menu.response, label="Was habe ich verpasst?")  # type: ignore[arg-type]
    form = await room.ana.click(menu.response, label="Schlechte Zusammenfassung melden")  # type: ignore[arg-type]
    removed = await room.ana.click(menu.response, label="Diese Karte entfernen")  # type: ignore[arg-type]

    assert "Die Diskussion ist in" in words(jump.response)
    assert "Hoteliers in Brenna" in words(text.response)
    assert "1 Kommentar" in words(caught.response)
    assert form.modal
    assert form.modal["title"] == "Schlechte Zusammenfassung melden"
    assert "Die Karte ist entfernt." in words(removed.response)


async def test_the_menus_of_moderators_answer_in_german(room: ReadingRoom) -> None:
    await room.ana.send(room.articles, room.url("/ferry"))
    message = await room.ana.send(room.articles, room.url("/bridge"))
    first, second = room.cards()

    menu = await room.admin.context_menu(room.articles, "Merge discussion", second)
    asked = str(menu.response.components)  # type: ignore[union-attr]
    kept = await room.bot.app.discussions.of_message(first.id)
    assert kept
    merged = await room.admin.select(menu.response, [str(kept.id)])  # type: ignore[arg-type]
    gone = await room.admin.context_menu(room.articles, "Remove card", message)
    removed = await room.admin.context_menu(room.articles, "Remove card", first)
    blocked = await room.admin.context_menu(room.articles, "Block this site", message)

    assert "Zu welcher Diskussion gehört sie?" in asked
    assert "Zusammengeführt:" in words(merged.response)
    assert "Die Karte ist entfernt." in words(removed.response)
    assert "ist gesperrt" in words(blocked.response)
    assert "An diese Karte erinnere ich mich nicht" in words(gone.response)


async def test_a_share_and_a_setup_speak_german(room: ReadingRoom) -> None:
    shared = await room.ana.slash(room.articles, "share", url=room.url("/ferry"))
    refused = await room.ana.slash(
        room.guild.create_text_channel("off-topic"), "share", url=room.url("/ferry")
    )
    form = await room.admin.slash(room.articles, "setup")

    assert "Gepostet:" in words(shared.response)
    assert "Ich bin nicht dafür eingerichtet" in words(refused.response)
    assert form.modal
    assert form.modal["title"] == "Einen Kanal einrichten"


async def test_settings_name_no_channel_that_the_manager_cannot_see(room: ReadingRoom) -> None:
    managers = room.guild.create_role("managers", permissions=discord.Permissions(manage_guild=True))
    dora = room.guild.add_member(room.env.create_user("dora"), roles=[managers])
    secret = room.guild.create_text_channel(
        "secret", overwrites={room.guild.default_role: discord.PermissionOverwrite(view_channel=False)}
    )
    await room.configure(secret)

    seen = await room.admin.slash(room.articles, "settings show")
    unseen = await dora.slash(room.articles, "settings show")

    assert str(secret.id) in words(seen.response)
    assert str(secret.id) not in words(unseen.response)
    assert "1 weiterer Kanal ist eingerichtet, den du nicht sehen kannst." in words(unseen.response)

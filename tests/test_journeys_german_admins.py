"""What admins set up and subscribe to is answered in German: channels, roles, feeds, topics, deliveries."""

from __future__ import annotations

from typing import Any

import pytest
from readingroom import ReadingRoom, speak, words

from bot.model import PasteMode, ThreadMode

pytestmark = pytest.mark.asyncio(loop_scope="module")

OPML = '<opml version="2.0"><body><outline type="rss" text="Hafen" xmlUrl="{url}"/></body></opml>'


@pytest.fixture
def room(new_room: ReadingRoom) -> ReadingRoom:
    """Nothing is set in it."""
    return new_room


@pytest.fixture(autouse=True)
def _german_members(monkeypatch: pytest.MonkeyPatch) -> None:
    speak(monkeypatch, "de")


def feed(room: ReadingRoom) -> str:
    items = "".join(
        f"<item><title>{title}</title><link>{room.url(path)}</link></item>"
        for path, title in (("/ferry", "Die Fähre"), ("/bridge", "Die Brücke"))
    )
    return room.publish("/feed", f'<rss version="2.0"><channel><title>Hafen</title>{items}</channel></rss>')


async def said(room: ReadingRoom, command: str, **options: Any) -> str:
    """What the admin is answered."""
    answer = await room.admin.slash(room.articles, command, **options)
    return words(answer.response or answer.followups[0])


async def test_a_channel_and_a_role_are_set_in_german(room: ReadingRoom) -> None:
    channel = await said(
        room, "settings channel", channel=room.articles, threads="first_reply", archive=4320, digest="weekly"
    )
    by_reactions = {"channel": room.articles, "threads": "reactions"}
    one = await said(room, "settings channel", reactions=1, **by_reactions)
    five = await said(room, "settings channel", reactions=5, **by_reactions)
    role = await said(room, "settings role", role=room.guild.create_role("Gäste"), verdict="block")

    assert "ein Thread bei der ersten Antwort" in channel
    assert "ruhende Threads schließen nach drei Tagen" in channel
    assert "ein Digest jede Woche" in channel
    assert "ein Thread nach 1 Reaktion" in one
    assert "ein Thread nach 5 Reaktionen" in five
    assert "gesperrt" in role


async def test_a_setup_ends_with_a_german_test_card(room: ReadingRoom) -> None:
    fresh = room.guild.create_text_channel("neu")

    form = await room.admin.slash(fresh, "setup")
    assert form.modal
    asked = str(form.modal)
    answer = await room.admin.submit_modal(
        form,
        {"channel": [fresh], "mode": ["on"], "threads": ["always"], "digest": ["daily"], "language": ["de"]},
    )

    assert "Sprache der Karten" in asked
    assert "ein Thread für jede Karte" in asked
    assert "ist eingerichtet." in words(answer.response)
    assert "Eine Testkarte ist im Kanal." in words(answer.response)
    (card,) = room.cards(fresh)
    assert "Threadline ist in diesem Kanal eingerichtet" in words(card)
    assert "Das ist eine Testkarte" in words(card)
    settings = await room.bot.app.channels.get(fresh.id)
    assert settings
    assert (settings.paste, settings.threads) == (PasteMode.ON, ThreadMode.ALWAYS)


async def test_links_of_a_message_are_summed_up_with_german_words_around_them(room: ReadingRoom) -> None:
    message = await room.ben.send(room.articles, f"{room.url('/ferry')} und http://10.1.2.3/")
    empty = await room.ben.send(room.articles, "Guten Morgen")

    answer = await room.ana.context_menu(room.articles, "Summarise links", message)
    nothing = await room.ana.context_menu(room.articles, "Summarise links", empty)

    assert "Night ferry" in words(answer.response)
    assert "[Original lesen]" in words(answer.response)
    assert "ist keine Adresse, die ich öffnen darf." in words(answer.followups[0])
    assert "Darin ist kein Web-Link." in words(nothing.response)


async def test_a_feed_is_followed_and_left_in_german(room: ReadingRoom) -> None:
    url = feed(room)

    shown = await room.admin.slash(room.articles, "feed add", url=url)
    assert shown.response is not None
    before = words(shown.response)
    followed = await room.admin.click(shown.response, label="In #articles folgen")
    (kept,) = await room.bot.app.subscriptions.of_guild(room.guild.id)
    shown_again = await room.admin.slash(room.articles, "feed add", url=url)
    assert shown_again.response is not None
    again = await room.admin.click(shown_again.response, label="In #articles folgen")
    listed = await said(room, "feed list")
    paused = await said(room, "feed pause", feed=str(kept.id))
    resumed = await said(room, "feed pause", feed=str(kept.id))
    tested = await said(room, "feed test", feed=str(kept.id))
    left = await said(room, "feed remove", feed=str(kept.id))
    unknown = await said(room, "feed remove", feed="7")

    assert "Hätte diese 2 gepostet" in before
    assert "bekommt ab jetzt jeden neuen Eintrag." in words(followed.response)
    assert "bekommt diesen Feed schon." in words(again.response)
    assert "Hafen" in listed
    assert "Der Feed ist angehalten." in paused
    assert "Der Feed läuft weiter." in resumed
    assert "Hätte diese 2 gepostet" in tested
    assert "bekommt diesen Feed nicht mehr." in left
    assert "Nichts heißt hier so" in unknown


async def test_feeds_are_imported_and_exported_in_german(room: ReadingRoom) -> None:
    form = await room.admin.slash(room.articles, "feed import")
    assert form.modal
    done = await room.admin.submit_modal(form, {"file": ("feeds.opml", OPML.format(url=feed(room)).encode())})
    exported = await room.admin.slash(room.articles, "feed export")

    assert form.modal["title"] == "Feeds importieren"
    assert "1 Feed ist neu" in words(done.response)
    assert exported.response is not None
    assert exported.response.attachments


async def test_a_topic_lives_and_ends_in_german(room: ReadingRoom) -> None:
    created = await said(room, "topic create", name="Fähre", query="ferry")
    (kept,) = await room.bot.app.subscriptions.of_guild(room.guild.id)
    chosen = {"topic": str(kept.id)}
    taken = await said(room, "topic create", name="Fähre", query="boat")
    changed = await said(room, "topic edit", query="ferry OR boat", **chosen)
    listed = await said(room, "topic list")
    preview = await said(room, "topic preview", query="ferry")
    followed = await said(room, "topic follow", way="mention", **chosen)
    muted = await said(room, "topic mute", days=3, **chosen)
    unfollowed = await said(room, "topic unfollow", **chosen)
    deleted = await said(room, "topic delete", **chosen)

    assert "bekommt ab jetzt jeden Artikel dazu." in created
    assert "Ein Thema mit diesem Namen gibt es schon" in taken
    assert "Das Thema ist geändert." in changed
    assert "Fähre" in listed
    assert "Es hätte" in preview
    assert "Du wirst damit in" in followed
    assert "wieder davon." in muted
    assert "Du hörst nichts mehr davon." in unfollowed
    assert "Das Thema ist gelöscht." in deleted


async def test_deliveries_are_set_in_german(room: ReadingRoom) -> None:
    weekly = await said(room, "delivery digest", every="weekly", hour=9, weekday=4, zone="Europe/Berlin")
    limits = await said(room, "delivery limits", cap=1, quiet_from=22, quiet_until=7, crossposts=True)
    zone = await said(room, "delivery limits", zone="Europa/Berlin")

    assert "Digest: jede Woche." in weekly
    assert "Der nächste kommt" in weekly
    assert "Zeitzone: Europe/Berlin." in weekly
    assert "Höchstens 1 Karte pro Stunde." in limits
    assert "Ruhe von 22:00 bis 7:00." in limits
    assert "Hier gepostete Links können Kanäle erreichen" in limits
    assert "Eine Zeitzone dieses Namens gibt es nicht" in zone

"""A link's way from paste to discussion as members read it, once in English and once in German."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import discord
import pytest
import pytest_asyncio
from readingroom import ReadingRoom, article, buttons, speak, words

from bot import __version__
from bot.demo.site import FOLDER
from bot.errors import FetchError
from bot.model import Comment, ThreadMode

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.parametrize("language", ["en", "de"]),
]

CONSENT = (
    '<html lang="en"><head><title>Before you continue</title></head><body><div id="consent">'
    "<h1>We value your privacy</h1><p>We and our 842 partners store cookies on your device. Please accept or "
    "manage your choices to continue to the site.</p><button>Accept all</button><button>Manage</button>"
    "</div></body></html>"
)


@pytest_asyncio.fixture(loop_scope="module", autouse=True)
async def _spoken(room: ReadingRoom, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    speak(monkeypatch, language)
    await room.configure(language=language, threads=ThreadMode.ALWAYS)


@pytest.fixture
def say(language: str) -> Any:
    """Chooses what is expected in this test's language."""
    return lambda english, german: german if language == "de" else english


async def test_a_card_speaks_the_language_of_its_channel(room: ReadingRoom, say: Any) -> None:
    await room.ana.send(room.articles, room.url("/ferry"))
    (thread,) = room.articles.threads
    await room.ben.send(thread, "At last.")
    await room.ana.send(thread, "Indeed.")
    await room.later()

    (card,) = room.cards()
    shown = words(card)
    assert say("author not given · date unknown", "Autor nicht angegeben · Datum unbekannt") in shown
    assert say("**Key facts**", "**Das Wichtigste**") in shown
    assert say("shared by", "geteilt von") in shown
    assert say("sentences are quoted from the article", "Sätze sind aus dem Artikel zitiert") in shown
    assert say("2 comments", "2 Kommentare") in shown
    assert buttons(card) == say(
        ["Read original", "Jump to discussion", "Full text", "Follow topic", "More"],
        ["Original lesen", "Zur Diskussion", "Volltext", "Thema folgen", "Mehr"],
    )


async def test_the_card_names_the_language_when_it_is_not_the_servers(room: ReadingRoom, say: Any) -> None:
    await room.configure(language=None)
    await room.admin.slash(room.articles, "settings server", language=say("de", "en"))
    german = "|".join(["Die Fähre zwischen Hafen und Insel fährt ab Freitag wieder jede Nacht. " * 5] * 4)
    foreign = room.publish("/de", article("Die Fähre fährt wieder", german, language="de"))
    await room.ana.send(room.articles, room.url("/ferry"))
    await room.ana.send(room.articles, foreign)

    english, other = (words(card).splitlines()[1] for card in room.cards())

    in_english, in_german = say(("auf Englisch", "auf Deutsch"), ("in English", "in German"))
    assert [in_english in english, in_german in other] == say([True, False], [False, True])


@pytest.mark.parametrize(
    ("page", "english", "german"),
    [
        ("paywall", "is behind a paywall: only its opening", "steht hinter einer Bezahlschranke: nur sein"),
        ("needs-javascript", "needs JavaScript to show its text", "braucht JavaScript, um ihren Text zu"),
        ("shop", "does not look like an article", "sieht nicht nach einem Artikel aus"),
        ("consent", "shows a consent page instead of the", "zeigt eine Einwilligungsseite statt des"),
        ("nowhere", "says this page does not exist (404)", "sagt, dass es diese Seite nicht gibt (404)"),
    ],
)
async def test_what_cannot_be_read_is_said_honestly(
    room: ReadingRoom, say: Any, page: str, english: str, german: str
) -> None:
    file = FOLDER / f"{page}.html"
    if page != "nowhere":
        room.publish(f"/{page}", CONSENT if page == "consent" else file.read_text(encoding="utf-8"))

    await room.ana.send(room.articles, room.url(f"/{page}"))

    (line,) = room.cards()
    assert words(line).startswith("-# ")
    assert say(english, german) in words(line)


async def test_a_site_that_is_blocked_is_said_to_be(room: ReadingRoom, say: Any) -> None:
    await room.admin.slash(room.articles, "settings site", site="blocked.example", verdict="block")

    await room.ana.send(room.articles, "https://news.blocked.example/a")

    assert say("is blocked on this server", "ist auf diesem Server gesperrt") in words(room.cards()[0])


async def test_the_same_story_again_leads_to_its_card_and_its_thread(room: ReadingRoom, say: Any) -> None:
    await room.ana.send(room.articles, room.url("/ferry"))
    (thread,) = room.articles.threads
    await room.ben.send(thread, "At last.")
    opened = await room.bot.fetch_channel(thread.id)
    assert isinstance(opened, discord.Thread)
    await opened.edit(archived=True)

    await room.ben.send(room.articles, room.url("/ferry"))

    line = room.cards()[1]
    assert say("Shared here <t:", "Hier geteilt <t:") in words(line)
    assert say("· 1 comment · [jump]", "· 1 Kommentar · [ansehen]") in words(line)
    assert buttons(line) == [say("Post anyway", "Trotzdem posten")]
    (revived,) = room.cards(thread)
    assert words(revived) == f"-# {say('Shared again by', 'Noch einmal geteilt von')} <@{room.ben.id}>"


async def test_an_archived_thread_is_opened_again_by_the_button_of_its_card(
    room: ReadingRoom, say: Any
) -> None:
    await room.ana.send(room.articles, room.url("/ferry"))
    (thread,) = room.articles.threads
    opened = await room.bot.fetch_channel(thread.id)
    assert isinstance(opened, discord.Thread)
    await opened.edit(archived=True)

    pressed = await room.ben.click(room.cards()[0], label=say("Jump to discussion", "Zur Diskussion"))

    assert say("The discussion is in", "Die Diskussion ist in") in words(pressed.response)
    known = await room.bot.fetch_channel(thread.id)
    assert isinstance(known, discord.Thread)
    assert not known.archived


async def test_a_server_with_too_many_threads_is_told_so(room: ReadingRoom, say: Any) -> None:
    await room.configure(language=say("en", "de"))
    await room.ana.send(room.articles, room.url("/ferry"))
    room.env.inject_error(
        "POST", f"/channels/{room.articles.id}/messages/*/threads", status=400, code=160006, message="Maximum"
    )

    pressed = await room.ben.click(room.cards()[0], label=say("Discuss", "Diskutieren"))

    shown = words(pressed.response or pressed.followups[0])
    assert say("as many open threads as Discord allows", "so viele offene Threads, wie Discord") in shown


async def test_the_full_text_is_turned_page_by_page(room: ReadingRoom, say: Any) -> None:
    long = "|".join(f"Paragraph {n}. " + "The board met again about the pier. " * 8 for n in range(30))
    await room.ana.send(room.articles, room.publish("/long", article("A long story", long)))

    first = await room.ben.click(room.cards()[0], label=say("Full text", "Volltext"))
    before = words(first.response)
    second = await room.ben.click(first.response, label=say("Next", "Weiter"))  # type: ignore[arg-type]

    assert say("Page 1 of", "Seite 1 von") in before
    assert say("Page 2 of", "Seite 2 von") in words(second.response)


async def test_the_more_button_saves_and_reports(room: ReadingRoom, say: Any) -> None:
    await room.ana.send(room.articles, room.url("/ferry"))
    menu = await room.ben.click(room.cards()[0], label=say("More", "Mehr"))
    assert menu.response
    save = say("Save to my direct messages", "In meinen Direktnachrichten speichern")

    form = await room.ben.click(
        menu.response, label=say("Report a bad summary", "Schlechte Zusammenfassung melden")
    )
    assert form.modal
    (field,) = (part["component"] for part in form.modal["components"])
    thanks = await room.ben.submit_modal(form, {field["custom_id"]: "It leaves out the price."})
    saved = await room.ben.click(menu.response, label=save)
    again = await room.ben.click(room.cards()[0], label=say("More", "Mehr"))
    room.env.inject_error("POST", "/channels/*/messages", status=403, code=50007, message="Cannot send")
    refused = await room.ben.click(again.response, label=save)  # type: ignore[arg-type]

    assert say("the report is kept", "die Meldung ist") in words(thanks.response)
    assert say("Saved: it is in", "Gespeichert: in deinen") in words(saved.response)
    assert say("You take no direct messages", "Du nimmst keine Direktnachrichten") in words(refused.response)


async def test_a_moderator_removes_the_card_of_another_member(room: ReadingRoom, say: Any) -> None:
    await room.ana.send(room.articles, room.url("/ferry"))
    remove = say("Remove this card", "Diese Karte entfernen")
    for_members = await room.ben.click(room.cards()[0], label=say("More", "Mehr"))
    menu = await room.admin.click(room.cards()[0], label=say("More", "Mehr"))
    assert for_members.response
    assert menu.response

    removed = await room.admin.click(menu.response, label=remove)

    assert remove not in buttons(for_members.response)
    assert say("The card is removed.", "Die Karte ist entfernt.") in words(removed.response)
    assert room.cards() == []


async def test_a_mention_where_nobody_opted_in_is_answered_directly(room: ReadingRoom, say: Any) -> None:
    other = room.guild.create_text_channel("off-topic")
    guild = room.bot.get_guild(room.guild.id)
    assert guild
    await guild.edit(preferred_locale=discord.Locale(say("en-US", "de")))
    await room.env.settle()

    await room.ana.send(other, f"{room.mention} {room.url('/ferry')} http://10.1.2.3/")

    card, line = room.told(room.ana)[-2:]
    assert say("**Key facts**", "**Das Wichtigste**") in card
    assert say("is not an address I may open", "ist keine Adresse, die ich öffnen darf") in line
    assert room.cards(other) == []


async def test_the_shape_of_a_discussion_names_people_favourites_open_questions_and_days(
    room: ReadingRoom, say: Any
) -> None:
    await room.admin.slash(room.articles, "settings server", **{"keep-words": True})
    await room.ana.send(room.articles, room.url("/ferry"))
    (thread,) = room.articles.threads
    discussion = await room.bot.app.discussions.of_thread(thread.id)
    assert discussion
    await room.bot.app.discussions.record(
        Comment(
            discussion_id=discussion.id,
            message_id=thread.id + 1,
            author_id=room.ana.id,
            reply_to=None,
            created_at=datetime.now(UTC) - timedelta(days=2),
            reactions=2,
            text="I took it in 2014.",
        )
    )
    await room.ben.send(thread, "Does it take bicycles?")

    shape = await room.ana.slash(thread, "discussion shape")

    shown = words(shape.response)
    assert say("### 2 comments", "### 2 Kommentare") in shown
    assert say("Took part: ", "Dabei waren: ") in shown
    assert say("**Most reactions**", "**Die meisten Reaktionen**") in shown
    assert (
        say("“I took it in 2014.” · 2 reactions · [jump]", "„I took it in 2014.“ · 2 Reaktionen · [ansehen]")
        in shown
    )
    assert say("**Questions nobody answered**", "**Fragen ohne Antwort**") in shown
    assert say("Does it take bicycles?” · [jump]", "Does it take bicycles?“ · [ansehen]") in shown
    assert say("**Day by day**", "**Tag für Tag**") in shown
    assert shown.count(say(": 1 comment", ": 1 Kommentar")) == 2


async def test_the_owner_is_told_what_is_missing(room: ReadingRoom, say: Any) -> None:
    deaf = room.guild.create_text_channel(
        "deaf", overwrites={room.guild.me: discord.PermissionOverwrite(send_messages=False)}
    )
    await room.configure(deaf, language=say("en", "de"))

    await room.ana.send(deaf, room.url("/ferry"))
    doctor = await room.admin.slash(room.articles, "doctor")
    status = await room.admin.slash(room.articles, "status")

    needed = say("I need the permission “Send Messages”", "Ich brauche die Berechtigung „Nachrichten senden“")
    assert say("In your server", "Auf deinem Server") in room.told(room.admin)[-1]
    assert needed in room.told(room.admin)[-1]
    assert needed in words(status.response)
    first = words(doctor.response).split("\n\n")[0]
    assert deaf.mention in first  # where something is missing comes first
    assert say("✗ missing: Send Messages — allow", "✗ fehlt: Nachrichten senden — erlaube") in first


async def test_the_status_names_feeds_in_trouble(room: ReadingRoom, say: Any) -> None:
    url = room.publish("/feed", '<rss version="2.0"><channel><title>Harbour</title></channel></rss>')
    feed = await room.bot.app.feeds.follow(url, "Harbour", datetime.now(UTC))
    await room.bot.app.subscriptions.add(
        guild_id=room.guild.id,
        channel_id=room.articles.id,
        name="Harbour",
        created_by=room.admin.id,
        feed_id=feed.id,
    )
    room.publish("/feed", "no", 500)
    await room.later(minutes=1)

    status = await room.admin.slash(room.articles, "status")

    shown = words(status.response)
    assert say("Feeds in trouble: Harbour", "Feeds mit Problemen: Harbour") in shown
    assert shown.startswith(f"### Threadline {__version__}\n")
    assert say("Started <t:", "Gestartet <t:") in shown
    assert say("0 cards wait to be sent", "0 Karten warten darauf, gesendet zu werden") in shown
    assert FetchError.__name__ not in shown


async def test_a_card_offers_topics_to_follow(room: ReadingRoom, say: Any) -> None:
    await room.admin.slash(room.articles, "topic create", name="ferries", query="ferry")
    await room.ana.send(room.articles, room.url("/ferry"))

    asked = await room.ben.click(room.cards()[0], label=say("Follow topic", "Thema folgen"))
    (topic,) = await room.bot.app.subscriptions.of_guild(room.guild.id)
    chosen = await room.ben.select(asked.response, [str(topic.id)])  # type: ignore[arg-type]

    assert say("You get articles on “ferries”", "Artikel zu „ferries“ bekommst du") in words(chosen.response)


async def test_the_setup_form_offers_the_channel_it_is_called_in(room: ReadingRoom, say: Any) -> None:
    fresh = room.guild.create_text_channel("fresh")

    form = await room.admin.slash(fresh, "setup")
    assert form.modal
    done = await room.admin.submit_modal(
        form,
        {
            "channel": [fresh],
            "mode": ["request"],
            "threads": ["never"],
            "digest": ["off"],
            "language": [say("en", "de")],
        },
    )

    asked, *_ = (part["component"] for part in form.modal["components"])
    assert asked["default_values"] == [{"id": fresh.id, "type": "channel"}]
    (card,) = room.cards(fresh)
    assert say("This is a test card", "Das ist eine Testkarte") in words(card)
    assert "Olga · <t:" in words(card)
    assert say("· in English", "· auf Deutsch") in words(done.response)
    assert say("A test card is in the channel.", "Eine Testkarte ist im Kanal.") in words(done.response)

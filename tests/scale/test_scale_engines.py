"""The whole bot, from a pasted link to a search after a restart, does the same on every engine."""

from __future__ import annotations

from pathlib import Path

from readingroom import Site, found, serve, simulated, words


async def test_a_link_becomes_a_card_a_thread_and_a_search_result(tmp_path: Path, database_url: str) -> None:
    store = {"THREADLINE_DATABASE_URL": database_url}
    async with serve(Site()) as site, simulated(tmp_path, site, **store) as env:
        room, elsewhere = found(env, site), found(env, site)
        for each in (room, elsewhere):
            await each.configure()
        await room.ana.send(room.articles, room.url("/ferry"))
        await room.ben.click(room.cards()[0], label="Discuss")
        (thread,) = room.articles.threads
        await room.ben.send(thread, "At last.")

        await room.restart()
        await room.ben.send(thread, "And cheap.")
        await room.later()
        here = await room.ben.slash(room.articles, "search", words="hoteliers brenna")
        there = await elsewhere.ben.slash(elsewhere.articles, "search", words="hoteliers brenna")

        card = room.cards()[0]
        assert "2 comments" in words(card)
        assert "Night ferry returns" in words(here.response)
        assert "Night ferry returns" not in words(there.response)


async def test_a_new_entry_of_a_followed_feed_becomes_one_card(tmp_path: Path, database_url: str) -> None:
    store = {"THREADLINE_DATABASE_URL": database_url}
    async with serve(Site()) as site, simulated(tmp_path, site, **store) as env:
        room = found(env, site)
        entry = "<item><title>{0}</title><link>" + room.url("/{0}") + "</link></item>"
        feed = "<rss version='2.0'><channel><title>Harbour</title>{}</channel></rss>"
        url = room.publish("/feed", feed.format(entry.format("old")))
        shown = await room.admin.slash(room.articles, "feed add", url=url)
        assert shown.response is not None
        await room.admin.click(shown.response, label="Follow in #articles")
        room.publish("/feed", feed.format(entry.format("ferry") + entry.format("old")))

        await room.later(minutes=90)
        await room.restart()
        await room.later(minutes=180)
        await room.later(minutes=270)

        (card,) = room.cards()
        assert "Night ferry returns after eleven years" in words(card)

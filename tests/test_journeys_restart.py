"""What survives the process, and what works without the Message Content intent."""

from __future__ import annotations

from pathlib import Path

from readingroom import Site, found, serve, simulated, words


async def test_buttons_and_counts_outlive_the_process(tmp_path: Path) -> None:
    async with serve(Site()) as site, simulated(tmp_path / "t.sqlite3", site) as env:
        room = found(env, site)
        await room.configure()
        await room.ana.send(room.articles, room.url("/ferry"))
        await room.ben.click(room.cards()[0], label="Discuss")
        (thread,) = room.articles.threads
        await room.ben.send(thread, "Before.")

        await room.restart()
        await room.ben.send(thread, "After.")
        await room.later()

        (card,) = room.cards()
        assert "2 comments" in words(card)
        text = await room.ana.click(card, label="Full text")
        assert "Hoteliers in Brenna welcomed the decision" in words(text.response)


async def test_the_same_link_after_a_restart_is_still_the_same(tmp_path: Path) -> None:
    async with serve(Site()) as site, simulated(tmp_path / "t.sqlite3", site) as env:
        room = found(env, site)
        await room.configure()
        await room.ana.send(room.articles, room.url("/ferry"))

        await room.restart()
        again = await room.ben.send(room.articles, room.url("/ferry"))
        (_card, line) = room.cards()
        assert "Shared here" in words(line)
        await room.restart()
        await room.ben.delete(again)

        assert len(room.cards()) == 1


async def test_without_the_message_content_intent_all_but_pasting_works(tmp_path: Path) -> None:
    no_content = {"THREADLINE_DISCORD__MESSAGE_CONTENT": "false"}
    async with serve(Site()) as site, simulated(tmp_path / "t.sqlite3", site, **no_content) as env:
        room = found(env, site)
        await room.configure()

        await room.ana.send(room.articles, room.url("/ferry"))
        assert room.cards() == []

        await room.ana.send(room.articles, f"{room.mention} {room.url('/ferry')}")
        (card,) = room.cards()
        assert "Night ferry" in words(card)
        await room.ben.click(card, label="Discuss")
        await room.ben.send(room.articles.threads[0], "Counted all the same.")
        await room.later()
        assert "1 comment" in words(room.cards()[0])

        answer = await room.ben.slash(room.articles, "summary", url=room.url("/bridge"), private=True)
        assert "Bridge opens" in words(answer.response)

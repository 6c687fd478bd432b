"""Forums, with the numbers that Discord gives: a post has the id of the message that starts it."""

from __future__ import annotations

from typing import Any

import discord
import pytest
from readingroom import ReadingRoom, article, words

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture
def as_discord_counts(room: ReadingRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    """The simulation numbers posts and their first messages apart; Discord does not."""
    backend = room.env.backend
    opened, number = backend.create_forum_post, backend.snowflake

    def create_forum_post(forum_id: int, name: str, starter: Any, **values: Any) -> Any:
        def first() -> int:
            monkeypatch.setattr(backend, "snowflake", number)
            return int(starter.id)

        monkeypatch.setattr(backend, "snowflake", first)  # the next one asked for is the post's
        return opened(forum_id, name, starter, **values)

    monkeypatch.setattr(backend, "create_forum_post", create_forum_post)


@pytest.mark.usefixtures("as_discord_counts")
async def test_the_card_of_a_forum_post_is_drawn_anew_with_its_comments(room: ReadingRoom) -> None:
    await room.configure(room.forum)
    await room.ana.slash(room.articles, "share", url=room.url("/ferry"), channel=room.forum)
    (post,) = room.forum.threads
    (card,) = room.cards(post)
    assert card.id == post.id

    await room.ben.send(post, "I took it in 2014.")
    await room.later()

    assert "1 comment" in words(room.cards(post)[0])


@pytest.mark.usefixtures("as_discord_counts")
async def test_a_removed_forum_card_takes_its_empty_post_along(room: ReadingRoom) -> None:
    await room.configure(room.forum)
    await room.ana.slash(room.articles, "share", url=room.url("/ferry"), channel=room.forum)
    (post,) = room.forum.threads

    menu = await room.ana.click(room.cards(post)[0], label="More")
    await room.ana.click(menu.response, label="Remove this card")  # type: ignore[arg-type]

    assert room.forum.threads == []


async def test_a_forum_post_gets_the_tags_that_name_its_topics(room: ReadingRoom) -> None:
    await room.configure(room.forum)
    forum = room.bot.get_channel(room.forum.id)
    assert isinstance(forum, discord.ForumChannel)
    for name in ("Harbours", "Bridges"):
        await forum.create_tag(name=name)
    await room.env.settle()
    head = '<meta property="article:tag" content="harbours">'
    url = room.publish("/tagged", article("Night ferry returns after eleven years", head=head))

    await room.ana.slash(room.articles, "share", url=url, channel=room.forum)

    (post,) = room.forum.threads
    thread = await room.bot.fetch_channel(post.id)
    assert isinstance(thread, discord.Thread)
    assert [tag.name for tag in thread.applied_tags] == ["Harbours"]

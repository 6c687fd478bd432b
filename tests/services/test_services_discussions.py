"""An article has one card a channel, whoever shares it, and its comments are counted once."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.model import Article, Comment, Discussion, Summary
from bot.services.discussions import (
    CARDS_A_ROUND,
    EDIT_INTERVAL,
    DiscussionService,
    Place,
    Share,
    Sharer,
)
from bot.store.articles import ArticleRepository
from bot.store.comments import CommentRepository
from bot.store.database import Database
from bot.store.discussions import DiscussionRepository

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
GUILD, NEWS, ARTICLES, PRIVATE = 1, 10, 11, 12
ANA, BEN = 100, 101


class Room:
    """A server's discussions of one article."""

    def __init__(self, service: DiscussionService, article_id: int) -> None:
        self.service = service
        self.article_id = article_id

    async def share(
        self,
        channel_id: int = NEWS,
        sharer_id: int = ANA,
        *,
        guild_id: int = GUILD,
        visible: frozenset[int] | set[int] = frozenset(),
        anew: bool = False,
        now: datetime = NOW,
    ) -> Share:
        place = Place(guild_id=guild_id, channel_id=channel_id, home_id=channel_id, sees=visible.__contains__)
        sharer = Sharer(user_id=sharer_id, source_id=sharer_id * 10)
        return await self.service.share(self.article_id, place, sharer, now, anew=anew)

    async def card(self, message_id: int = 77) -> Discussion:
        """A posted card."""
        share = await self.share()
        await self.service.posted(share.discussion.id, message_id)
        posted = await self.service.get(share.discussion.id)
        assert posted is not None
        return posted

    async def comment(self, discussion: Discussion, *message_ids: int) -> None:
        for message_id in message_ids:
            await self.service.record(
                Comment(
                    discussion_id=discussion.id,
                    message_id=message_id,
                    author_id=BEN,
                    reply_to=None,
                    created_at=NOW + timedelta(seconds=message_id),
                )
            )


@pytest.fixture
async def room(database: Database) -> Room:
    reading = await ArticleRepository(database).add(
        "example.org/a", [], Article(url="https://example.org/a", title="T"), Summary(), NOW
    )
    return Room(DiscussionService(DiscussionRepository(database), CommentRepository(database)), reading.id)


async def test_a_first_share_is_to_be_posted(room: Room) -> None:
    share = await room.share()

    assert not share.earlier
    assert len(share.nonce) == 25
    assert share.discussion.message_id is None
    assert (share.discussion.sharer_id, share.discussion.source_id) == (ANA, ANA * 10)


async def test_ten_shares_at_once_are_one_card(room: Room) -> None:
    shares = await asyncio.gather(*(room.share(sharer_id=n) for n in range(10)))

    assert len({share.discussion.id for share in shares}) == 1
    assert len({share.nonce for share in shares}) == 1


async def test_a_card_that_a_crash_kept_from_being_posted_is_posted_after_it(room: Room) -> None:
    before = await room.share()

    after = await room.share(sharer_id=BEN)

    assert not after.earlier
    assert after.nonce == before.nonce
    assert after.discussion.id == before.discussion.id


async def test_a_second_share_is_shown_where_the_first_is(room: Room) -> None:
    card = await room.card()

    share = await room.share(sharer_id=BEN)

    assert share.earlier
    assert share.discussion == card


async def test_a_card_in_another_channel_counts_only_for_those_who_can_see_it(room: Room) -> None:
    card = await room.card()

    seen = await room.share(ARTICLES, BEN, visible={NEWS, PRIVATE})
    unseen = await room.share(ARTICLES, BEN, visible={PRIVATE})

    assert (seen.earlier, seen.discussion) == (True, card)
    assert (unseen.earlier, unseen.discussion.channel_id) == (False, ARTICLES)


async def test_a_card_of_another_server_is_never_shown(room: Room) -> None:
    await room.card()

    share = await room.share(ARTICLES, BEN, guild_id=2, visible={NEWS})

    assert not share.earlier


async def test_post_anyway_makes_another_card_with_another_nonce_and_the_same_comments(room: Room) -> None:
    card = await room.card()
    await room.service.opened(card.id, 5)
    await room.comment(card, 1)

    anew = await room.share(sharer_id=BEN, anew=True)

    assert not anew.earlier
    assert anew.nonce != (await _first_nonce(room))
    assert anew.discussion.id == card.id
    assert (anew.discussion.message_id, anew.discussion.thread_id, anew.discussion.comments) == (None, 5, 1)


async def _first_nonce(room: Room) -> str:
    other = await room.share(PRIVATE)
    return other.nonce


async def test_two_who_post_anyway_at_once_share_the_new_card(room: Room) -> None:
    await room.card()

    first, second = await asyncio.gather(room.share(anew=True), room.share(sharer_id=BEN, anew=True))

    assert first.nonce == second.nonce
    assert first.discussion == second.discussion


async def test_post_anyway_where_the_card_is_elsewhere_is_a_card_here(room: Room) -> None:
    await room.card()

    share = await room.share(ARTICLES, BEN, visible={NEWS}, anew=True)

    assert (share.earlier, share.discussion.channel_id) == (False, ARTICLES)


async def test_a_discussion_is_found_by_its_thread_its_card_and_what_started_it(room: Room) -> None:
    card = await room.card(message_id=77)
    await room.service.opened(card.id, 88)

    assert await room.service.of_message(77) == await room.service.of_thread(88)
    assert [found.id for found in await room.service.of_source(ANA * 10)] == [card.id]
    assert await room.service.of_message(88) is None
    assert await room.service.of_thread(77) is None
    assert await room.service.of_source(1) == ()


async def test_comments_are_counted_once_and_kept_in_order(room: Room) -> None:
    card = await room.card()

    await room.comment(card, 3, 1, 2, 2)
    await room.service.react(2, 1)
    await room.service.react(2, 1)
    await room.service.react(2, -1)
    await room.service.react(999, 1)

    assert [comment.message_id for comment in await room.service.comments(card.id)] == [1, 2, 3]
    assert [comment.reactions for comment in await room.service.comments(card.id)] == [0, 1, 0]
    counted = await room.service.get(card.id)
    assert counted is not None
    assert counted.comments == 3


async def test_comments_written_at_once_are_all_counted(room: Room) -> None:
    card = await room.card()

    await asyncio.gather(*(room.comment(card, n) for n in range(1, 21)))

    counted = await room.service.get(card.id)
    assert counted is not None
    assert counted.comments == 20


async def test_deleted_comments_no_longer_count(room: Room) -> None:
    card = await room.card()
    await room.comment(card, 1, 2, 3)

    (after,) = await room.service.remove_comments([1, 3, 4])

    assert after.comments == 1
    assert await room.service.remove_comments([]) == ()


async def test_a_card_is_due_when_its_count_is_old_and_it_was_not_edited_lately(room: Room) -> None:
    card = await room.card()
    assert await room.service.due(NOW) == ()
    await room.comment(card, 1)

    assert [due.comments for due in await room.service.due(NOW)] == [1]
    await room.service.shown(card.id, 1, NOW)
    assert await room.service.due(NOW + EDIT_INTERVAL) == ()

    await room.comment(card, 2)
    assert await room.service.due(NOW + EDIT_INTERVAL - timedelta(seconds=1)) == ()
    assert [due.comments for due in await room.service.due(NOW + EDIT_INTERVAL)] == [2]


async def test_a_comment_that_came_while_the_card_was_edited_is_not_forgotten(room: Room) -> None:
    card = await room.card()
    await room.comment(card, 1)
    (due,) = await room.service.due(NOW)
    await room.comment(card, 2)

    await room.service.shown(due.id, due.comments, NOW)

    assert [again.comments for again in await room.service.due(NOW + EDIT_INTERVAL)] == [2]


async def test_a_round_edits_few_cards_and_the_longest_waiting_first(room: Room) -> None:
    for channel_id in range(1000, 1000 + CARDS_A_ROUND + 2):
        share = await room.share(channel_id)
        await room.service.posted(share.discussion.id, channel_id)
        await room.comment(share.discussion, channel_id)
        if channel_id > 1000:
            shown_at = NOW - timedelta(hours=1, seconds=channel_id)
            await room.service.shown(share.discussion.id, 0, shown_at)

    due = await room.service.due(NOW)

    assert len(due) == CARDS_A_ROUND
    assert [found.channel_id for found in due[:2]] == [1000, 1000 + CARDS_A_ROUND + 1]


async def test_a_removed_card_is_forgotten_with_its_comments_and_can_be_shared_again(room: Room) -> None:
    card = await room.card()
    await room.comment(card, 1)

    await room.service.remove(card.id)

    assert await room.service.get(card.id) is None
    assert await room.service.comments(card.id) == ()
    assert not (await room.share()).earlier

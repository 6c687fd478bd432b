"""Whatever a page, a feed or a member writes is shown as it stands, on one line, within Discord's limits."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime

import discord
import pytest
import regex
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.model import Article, Block, BlockKind, Digest, Discussion, Fact, Image, Reading, Sentence, Summary
from bot.services.digests import DigestParcel, Item
from cogs.ui import words
from cogs.ui.cards import Setting, draw_card, draw_earlier, draw_waiting, thread_name
from cogs.ui.digest import draw_digest
from cogs.ui.locale import labels
from cogs.ui.pages import PAGE, draw_page, full_text

untimed = settings(deadline=None, max_examples=60)

NOW = datetime(2024, 5, 6, 7, 8, tzinfo=UTC)
ADDRESS = "https://example.org/story"

#: What each means to Discord, by what may not be left of it.
MARKUP = {
    "@everyone and @here are told": r"(?<!\\)@(?:everyone|here)",
    "<@123> <@!123> <@&123> <#123>": r"(?<!\\)<[@#]",
    "<:fire:123> <a:fire:123> <t:0:R> </ban:1> <id:guide>": r"(?<!\\)<",
    "[free nitro](https://evil.example)": r"(?<!\\)\]\(",
    "**bold** *one* __under__ _one_ ~~gone~~": r"(?<!\\)[*_~]",
    "||hidden||": r"(?<!\\)\|",
    "`code` ```block```": r"(?<!\\)`",
    "https://evil.example/x": r"(?<!\\)://",
    "# heading": r"^#",
    "-# small": r"^-",
    "> quoted": r"^>",
    ">>> quoted to the end": r"^>",
    "- a list": r"^-",
    "+ a list": r"^\+",
    "1. a list": r"^1\.",
    "12) a list": r"^12\)",
    "\\*not escaped\\*": r"(?<!\\)(?:\\\\)*\*",
}
INVISIBLE = {
    "abc\u202e\u2066def\u2069\u202c": "abcdef",
    "a\u200bb\u2060c\ufeffd\u00ade": "abcde",
    "a\u200db\u200cc": "abc",
    "a\x00b\x07c\x1b[31md": "abc[31md",
    "a\x85b\u2028c\u2029d\r\ne\tf": "a b c d e f",
    "\u3164\u115f\u2800": "",
    "\U000e0041\U000e0042tag": "tag",
    "half \ud83d of a letter": "half of a letter",
}
MEANT = (
    "می\u200cخواهم",  # Persian parts letters with a non-joiner
    "क्\u200dष",  # Hindi joins them
    "👩\u200d👩\u200d👧 👨🏽\u200d🚀 ❤️\u200d🔥 🇩🇪",
    "Łódź, Åre, Việt Nam, ไทย, 한국어, ﷽",
)

nasty = st.lists(
    st.one_of(
        st.sampled_from("\\*_~`|<>[]()@:/#-+1.) \n\t\u202e\u200b\u200d\u0301\u0489\ufe0f👩🏽🇩क्"),
        st.sampled_from(["@everyone", "https://", "<@1>", "](https://evil.example)", "```", "\n# ", "\n> "]),
        st.characters(),
    ),
    max_size=80,
).map("".join) | st.sampled_from([*MARKUP, *INVISIBLE, *MEANT])


def rendered(escaped: str) -> str:
    """What Discord shows of escaped words."""
    return re.sub(r"\\([^a-zA-Z0-9\s])", r"\1", escaped)


@pytest.mark.parametrize(("text", "meaning"), MARKUP.items())
def test_markup_in_a_strangers_words_means_nothing(text: str, meaning: str) -> None:
    escaped = words.escape(text)

    assert not re.search(meaning, escaped)
    assert rendered(escaped) == text


@pytest.mark.parametrize(("text", "seen"), INVISIBLE.items())
def test_what_nobody_sees_is_left_out(text: str, seen: str) -> None:
    assert words.clean(text) == seen


@pytest.mark.parametrize("text", MEANT)
def test_joiners_that_mean_something_stay(text: str) -> None:
    assert words.clean(text) == text


def test_towers_of_accents_are_taken_down() -> None:
    assert len(words.clean("Z" + "\u0301\u0323" * 200 + "algo")) < 12


@untimed
@given(nasty)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    cleaned = words.clean(text)

    assert words.clean(cleaned) == cleaned
    assert not {unicodedata.category(character) for character in cleaned} & {"Cc", "Cs", "Co", "Zl", "Zp"}


@untimed
@given(nasty)
def test_what_is_shown_is_what_was_written(text: str) -> None:
    # A backslash is the only thing that is added, and only before a sign.
    assert rendered(words.escape(text)) == words.clean(text)


@untimed
@given(nasty, st.integers(20, 120))
def test_a_cut_text_is_within_its_limit_and_cut_between_letters(text: str, limit: int) -> None:
    for cut in (words.shorten(text, limit), rendered(words.shorten_escaped(text, limit))):
        kept = cut.removesuffix(words.ELLIPSIS)
        letters = regex.findall(r"\X", words.clean(text))
        assert (
            regex.findall(r"\X", kept)
            == [part for part in letters if words.size(part) <= 40][: len(regex.findall(r"\X", kept))]
        )
    assert words.size(words.shorten(text, limit)) <= limit
    assert words.size(words.shorten_escaped(text, limit)) <= limit


@untimed
@given(st.text(st.sampled_from("ab *#>-\\[ "), max_size=300), st.integers(10, 60))
def test_pieces_of_a_text_are_within_their_limit_and_lose_nothing(text: str, limit: int) -> None:
    pieces = list(words.pieces_escaped(text, limit))

    assert all(words.size(piece) <= limit for piece in pieces)
    assert not any(re.match(r"[#>+-]|.*(?<!\\)(?:\\\\)*[*\[\]]", piece) for piece in pieces)
    assert "".join(map(rendered, pieces)).replace(" ", "") == words.clean(text).replace(" ", "")


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://www.example.org/a", "example.org"),
        ("https://ЕХАМРLE.org/", "xn--lexample"),
        ("https://раypal.com/", "xn--ypal-43d9g.com"),
        ("https://аррӏе.com/", "xn--80ak6aa92e.com"),
        ("javascript:alert(1)", ""),
        ("https://user:password@example.org/", ""),
    ],
)
def test_a_host_is_shown_so_that_it_passes_for_no_other(url: str, shown: str) -> None:
    if shown == "xn--lexample":
        assert words.host(url).startswith("xn--")
    else:
        assert words.host(url) == shown


@pytest.mark.parametrize(
    "url",
    [
        *("javascript:alert(1)", "data:text/html,x", "discord://-/channels/1", "//example.org", "/a", ""),
        *("https://user@example.org/", "https://user:password@example.org/", "ftp://example.org/"),
    ],
)
def test_no_link_leads_anywhere_but_to_the_web(url: str) -> None:
    assert words.link_target(url) is None


@untimed
@given(nasty)
def test_a_link_ends_where_it_should(text: str) -> None:
    target = words.link_target(f"https://example.org/{text}#:~:text={text}")

    assert target is None or re.fullmatch(r"https://[^\s()<>\"\\|*`]+", target)


def article_of(text: str) -> Article:
    return Article(
        url=f"https://example.org/{text[:20]}",
        title=text,
        authors=(text,) * 5,
        organisations=(text,),
        site_name=text,
        published=NOW,
        updated=NOW,
        language=text[:5] or None,
        description=text,
        image=Image(url=f"https://example.org/{text[:10]}.png", alt=text * 9, caption=text * 9, credit=text),
        tags=(text,) * 9,
        notices=(text,) * 4,
        blocks=tuple(Block(kind=kind, text=text * 3, level=2) for kind in BlockKind),
        text=text,
        minutes=3,
    )


def reading_of(text: str) -> Reading:
    summary = Summary(
        sentences=tuple(Sentence(text=text, start=0, end=1) for _ in range(9)),
        facts=tuple(Fact(text=text, start=0, end=1, fragment=f"#:~:text={text}") for _ in range(9)),
        model=text,
    )
    return Reading(id=1, article=article_of(text), summary=summary)


def discussion_of(text: str) -> Discussion:
    return Discussion(
        id=1,
        article_id=1,
        guild_id=2,
        channel_id=3,
        home_id=3,
        sharer_id=4,
        source_id=5,
        message_id=6,
        thread_id=7,
        comments=8,
        shared_at=NOW,
        note=text,
    )


def texts(view: discord.ui.LayoutView) -> list[str]:
    return [item.content for item in view.walk_children() if isinstance(item, discord.ui.TextDisplay)]


def assert_within_limits(view: discord.ui.LayoutView) -> None:
    shown = texts(view)
    assert sum(map(words.size, shown)) <= 4000
    assert all(text.strip() for text in shown)
    assert sum(1 for _ in view.walk_children()) <= 40
    for item in view.walk_children():
        if isinstance(item, discord.ui.Button):
            assert words.size(item.label or "") <= 80
            assert item.url is None or (len(item.url) <= 512 and item.url.startswith("https://"))
        if isinstance(item, discord.ui.Thumbnail):
            assert words.size(item.description or "") <= 1024
    view.to_components()


def assert_harmless(view: discord.ui.LayoutView) -> None:
    for text in texts(view):
        text = re.sub(r"```.*?```", "", text, flags=re.DOTALL)  # in which nothing means anything
        own_links = re.sub(r"\]\(https://(?:example\.org|discord\.com)/[^\s()<>]*\)", "", text)
        assert not re.search(r"(?<!\\)(?:\\\\)*(?:@(?:everyone|here)|\]\()", own_links)
        assert not re.search(r"(?<!\\)(?:\\\\)*<@(?!4>)", own_links)  # 4 is who shared it
        assert not set(text) & set("\u202e\u2066\u200b\x00\x1b")


@untimed
@given(nasty, st.booleans(), st.booleans())
def test_a_card_says_what_its_page_says_and_does_nothing_else(text: str, compact: bool, plain: bool) -> None:
    setting = Setting(
        labels=labels("en"),
        discussion=discussion_of(text),
        threads=True,
        compact=compact,
        plain=plain,
        topics=(text,) * 4,
        retold=(reading_of(text),) * 4,
    )

    view = draw_card(reading_of(text), setting)

    assert_within_limits(view)
    assert_harmless(view)


@untimed
@given(nasty, st.integers(1, 1500))
def test_a_page_of_the_full_text_is_within_limits(text: str, often: int) -> None:
    article = Article(
        url=ADDRESS,
        title=text,
        blocks=tuple(Block(kind=kind, text=text * (often // (len(text) + 1) + 1)) for kind in BlockKind),
    )

    assert all(words.size(page) <= PAGE + 2 for page in full_text(article))
    view = draw_page(Reading(id=1, article=article, summary=Summary()), 0, labels("en"))
    assert_within_limits(view)
    assert_harmless(view)


def test_a_long_paragraph_is_cut_where_no_markup_arises() -> None:
    block = Block(kind=BlockKind.PARAGRAPH, text="x # y > z *\\* " * 2000)

    for page in full_text(Article(url=ADDRESS, blocks=(block,))):
        for line in page.splitlines():
            assert not re.match(r"[#>-]|.*(?<!\\)(?:\\\\)*\*", line)


@untimed
@given(nasty)
@example("\n# \ud800")
def test_a_digest_is_within_limits(text: str) -> None:
    item = Item(reading=reading_of(text), topics=(text,), discussion=None)
    digest = Digest(id=1, guild_id=2, channel_id=3, due_at=NOW)

    view = draw_digest(DigestParcel(digest=digest, groups=((text, (item,) * 15),) * 3), labels("en"))

    assert_within_limits(view)
    assert_harmless(view)


@untimed
@given(nasty)
def test_a_thread_has_a_name_of_one_line(text: str) -> None:
    name = thread_name(article_of(text))

    assert 1 <= words.size(name) <= 100
    assert name == words.clean(name)


@untimed
@given(nasty)
def test_a_waiting_card_shows_the_host_alone(text: str) -> None:
    view = draw_waiting(f"https://example.org/{text}", None, labels("en"))

    assert_within_limits(view)
    assert_harmless(view)


@untimed
@given(nasty)
def test_a_waiting_card_with_a_title_is_as_harmless(text: str) -> None:
    view = draw_waiting("https://example.org/", article_of(text), labels("en"))

    assert_within_limits(view)
    assert_harmless(view)


def test_the_line_for_an_earlier_card_pings_nobody_but_the_sharer() -> None:
    assert_harmless(draw_earlier(discussion_of("x"), 3, labels("en")))

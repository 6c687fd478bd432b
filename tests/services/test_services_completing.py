"""An article divided over pages is read as one; a poor page in its other form; nothing else is followed."""

from __future__ import annotations

from dataclasses import replace

from feeding import InlineChild

from bot.errors import GoneError
from bot.model import Article, Page, Summary
from bot.services.completing import PAGES, Completer
from bot.services.reading import read_page

SITE = "https://courier.example/2024/ferry"
SENTENCES = (
    "The {} week of the winter ferry began with ice on the ramp and a line of cars that reached the church.",
    "By noon of the {} day the crew had salted the deck twice and the harbour master had lost his patience.",
    "Nobody who crossed in the {} week will forget the soup, which was hot and free and never ran out.",
)
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh")


def html(number: int, title: str = "The ferry diary", *, more: bool = True) -> str:
    link = f'<link rel="next" href="/2024/ferry/{number + 1}">' if more else ""
    text = "".join(f"<p>{line.format(ORDINALS[number - 1])}</p>" for line in SENTENCES)
    return (
        f'<html><head><meta property="og:type" content="article"><meta property="og:title" content="{title}">'
        f"{link}</head><body><article><h1>{title}</h1><p>The diary of the winter ferry, which all of us on the crew "
        f"have kept since the day that it first sailed again.</p>{text}</article></body></html>"
    )


class Web:
    """Pages by address, and what was asked for."""

    def __init__(self, pages: dict[str, str], **attributes: bool) -> None:
        self.pages = pages
        self.attributes = attributes
        self.asked: list[str] = []

    async def get(self, url: str) -> Page:
        self.asked.append(url)
        if url not in self.pages:
            raise GoneError(url, 404)
        return page_of(url, self.pages[url], **self.attributes)


def page_of(url: str, body: str, *, no_archive: bool = False) -> Page:
    return Page(
        url=url,
        requested_url=url,
        status=200,
        body=body.encode(),
        content_type="text/html",
        no_archive=no_archive,
    )


async def complete(
    web: Web, body: str, child: InlineChild | None = None, *, no_archive: bool = False
) -> Article:
    page = page_of(SITE, body, no_archive=no_archive)
    article, summary = read_page(page, 400, 5)
    completer = Completer(web, child or InlineChild(), read_page, max_chars=400, max_facts=5)
    whole, its_summary = await completer.complete(page, article, summary)
    assert isinstance(its_summary, Summary)
    for sentence in its_summary.sentences if whole.text else ():
        assert whole.text[sentence.start : sentence.end]
    return whole


def weeks(article: Article) -> list[str]:
    return [ordinal for ordinal in ORDINALS if f"The {ordinal} week" in article.text]


async def test_pages_are_joined_and_what_each_repeats_is_said_once() -> None:
    web = Web({f"{SITE}/2": html(2, "The ferry diary – Page 2"), f"{SITE}/3": html(3, more=False)})

    article = await complete(web, html(1))

    assert weeks(article) == ["first", "second", "third"]
    assert article.text.count("The diary of the winter ferry") == 1
    assert (article.title, article.url, article.truncated) == ("The ferry diary", SITE, False)
    assert article.word_count == len(article.text.split())


async def test_no_more_than_five_pages_are_read_and_the_article_says_that_it_goes_on() -> None:
    web = Web({f"{SITE}/{number}": html(number) for number in range(2, 8)})

    article = await complete(web, html(1))

    assert len(web.asked) == PAGES - 1
    assert weeks(article) == list(ORDINALS[:PAGES])
    assert article.truncated


async def test_another_article_behind_the_next_number_is_left_alone() -> None:
    article = await complete(Web({f"{SITE}/2": html(2, "Bread prices fall again")}), html(1))

    assert weeks(article) == ["first"]


async def test_a_page_that_repeats_the_first_adds_nothing() -> None:
    article = await complete(Web({f"{SITE}/2": html(1)}), html(1))

    assert weeks(article) == ["first"]


async def test_a_further_page_that_cannot_be_had_costs_nothing_but_itself() -> None:
    article = await complete(Web({}), html(1))
    killed = InlineChild()
    killed.kills = 1
    after_a_kill = await complete(Web({f"{SITE}/2": html(2)}), html(1), killed)

    assert (weeks(article), article.truncated) == (["first"], True)
    assert (weeks(after_a_kill), after_a_kill.truncated) == (["first"], True)


async def test_an_article_on_one_page_asks_for_nothing_more() -> None:
    web = Web({})

    await complete(web, html(1, more=False))

    assert web.asked == []


async def test_pages_of_which_no_copy_may_be_kept_are_not_joined() -> None:
    web = Web({f"{SITE}/2": html(2)}, no_archive=True)

    assert (await complete(web, html(1), no_archive=True)).text == ""
    assert web.asked == []
    assert weeks(await complete(web, html(1))) == ["first"]


EMPTY = (
    '<html><head><title>The ferry diary</title><link rel="amphtml" href="https://amp.courier.example/ferry">'
    '<script src="/app.js"></script></head><body><div id="app"></div></body></html>'
)


async def test_a_page_that_needs_scripts_is_read_in_the_form_that_does_not() -> None:
    web = Web({"https://amp.courier.example/ferry": html(1, more=False)})

    article = await complete(web, EMPTY)

    assert (article.barrier, article.url, weeks(article)) == (None, SITE, ["first"])


async def test_an_other_form_that_is_no_better_changes_nothing() -> None:
    for web in (Web({}), Web({"https://amp.courier.example/ferry": EMPTY})):
        article = await complete(web, EMPTY)

        assert (article.barrier, article.text) == ("javascript", "")


async def test_a_form_on_another_host_than_was_named_is_not_read() -> None:
    class Redirecting(Web):
        async def get(self, url: str) -> Page:
            page = await super().get(url)
            return replace(page, url="https://elsewhere.example/ferry")

    web = Redirecting({"https://amp.courier.example/ferry": html(1, more=False)})

    assert (await complete(web, EMPTY)).text == ""

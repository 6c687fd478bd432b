"""extract(): whatever the bytes, an article or one typed error."""

from __future__ import annotations

import contextlib
import json
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.article import extract
from bot.article.length import count_words
from bot.errors import HostileDocumentError, PdfError
from bot.model import Article, Barrier, Block, BlockKind

URL = "https://courier.example/news/ferry"
SENTENCE = "The boat will run six times a day from November to March, the harbour council said on Tuesday. "
TAGS = "p div article aside table tr td ul li blockquote pre h1 h2 a b br svg button script template form".split()


def read(html: bytes) -> Article | None:
    try:
        return extract(html, URL)
    except (HostileDocumentError, PdfError):
        return None


@given(st.binary(max_size=600), st.sampled_from([None, "utf-8", "shift_jis", "utf-7", "no such charset"]))
@settings(max_examples=80, deadline=None)
def test_whatever_the_bytes_the_end_is_an_article_or_a_typed_error(html: bytes, charset: str | None) -> None:
    with contextlib.suppress(HostileDocumentError, PdfError):
        assert extract(html, URL, charset=charset).url == URL


@given(
    st.lists(
        st.one_of(
            st.sampled_from([f"<{tag}>" for tag in TAGS] + [f"</{tag}>" for tag in TAGS]),
            st.sampled_from(
                [SENTENCE, SENTENCE * 4, "Photo: Ida", "Update: soon", "By Ida Fenwick", "<!--", '"', "\0"]
            ),
            st.text(max_size=30),
        ),
        max_size=60,
    )
)
@settings(max_examples=120, deadline=None)
def test_whatever_the_tags_text_is_made_of_the_blocks(parts: list[str]) -> None:
    article = read("".join(parts).encode("utf-8", "replace"))

    if article is not None:
        apart = (BlockKind.DEK, BlockKind.CAPTION)
        assert article.text == "\n".join(block.text for block in article.blocks if block.kind not in apart)
        assert all(block.text.strip() for block in article.blocks)
        assert 0 <= article.confidence <= 1
        assert (article.minutes > 0) == (article.word_count > 0)


@pytest.mark.parametrize(
    "name", ["isAccessibleForFree", "articleBody", "liveBlogUpdate", "recipeIngredient", "wordCount"]
)
@pytest.mark.parametrize("value", ["null", "[]", "{}", "[[[1]]]", '"x"', "1e400", "true", '{"a": [null]}'])
def test_values_of_unexpected_types_in_json_ld_do_no_harm(name: str, value: str) -> None:
    kinds = '["LiveBlogPosting", "Recipe", "NewsArticle"]'
    script = f'<script type="application/ld+json">{{"@type": {kinds}, "{name}": {value}}}</script>'
    html = f"<html><head>{script}</head><body><article>{f'<p>{SENTENCE * 4}</p>' * 5}</article></body></html>"

    assert SENTENCE.strip() in extract(html.encode(), URL).text


@pytest.mark.parametrize("count", ["²²", "፩፪", "9" * 5_000], ids=["superscript", "Ethiopic", "five thousand"])
def test_a_count_of_words_that_python_reads_as_no_number_does_no_harm(count: str) -> None:
    script = f'<script type="application/ld+json">{{"@type": "NewsArticle", "wordCount": "{count}"}}</script>'
    html = f"<html><head>{script}</head><body><article>{f'<p>{SENTENCE * 4}</p>' * 5}</article></body></html>"

    assert SENTENCE.strip() in extract(html.encode(), URL).text


def test_the_length_of_a_read_is_counted_in_words_and_minutes() -> None:
    lines = "".join(f"<p>{SENTENCE * 3} Number {n}.</p>" for n in range(12))

    article = extract(f"<html><body><article>{lines}</article></body></html>".encode(), URL)

    assert article.word_count == count_words(article.text)
    assert article.minutes == 3
    assert article.confidence > 0.8


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("one two", 2),
        ("It’s well-known, isn't it?", 4),
        ("東京は晴れ", 3),
        ("東京 Tower 333m", 3),
        ("สวัสดีครับ", 5),
    ],
)
def test_words_are_counted_in_scripts_with_and_without_spaces(text: str, words: int) -> None:
    assert count_words(text) == words


def test_a_live_blog_is_cut_where_readers_stop() -> None:
    lines = "".join(f"<h2>{n}:00</h2><p>{SENTENCE * 4} Entry {n}.</p>" for n in range(120))
    head = '<script type="application/ld+json">{"@type": "LiveBlogPosting", "headline": "Storm"}</script>'

    article = extract(f"<html><head>{head}</head><body><main>{lines}</main></body></html>".encode(), URL)

    assert 10_000 < len(article.text) < 14_000
    assert article.text.count("Entry 0.") == 1


def test_text_sent_by_server_components_is_read() -> None:
    """The article is a row of its own, which begins in one script and ends in the next, and another row means it."""
    markup = "".join(f"<p>{SENTENCE * 2} “Part {n}.”</p>" for n in range(5))
    figure = "<figure><img src=a.jpg><figcaption>The ferry at the quay in May.</figcaption></figure>"
    fares = "<p>Ticket: 4 crowns<br>Bicycle: free</p>"
    text = f"{markup}{fares}{figure}<p>$$BANNER$$</p>"
    stream = f'1:"$Sreact.fragment"\n2:I[4,["static/a.js"],"default"]\n5:T{len(text.encode()):x},{text}' + (
        '6:["$","article",null,{"content":"$5","related":"' + SENTENCE * 4 + '"}]\n'
    )
    scripts = "".join(
        f"<script>self.__next_f.push([1,{json.dumps(part)}])</script>".replace("<p", "\\u003cp")
        for part in (stream[:400], stream[400:])
    )

    article = extract(f'<html><body><div id="root"></div>{scripts}</body></html>'.encode(), URL)

    assert article.barrier is None
    *lines, ticket, bicycle = article.text.split("\n")
    assert [line[-9:] for line in lines] == [f"“Part {n}.”" for n in range(5)]
    assert [ticket, bicycle] == ["Ticket: 4 crowns", "Bicycle: free"]
    assert article.blocks[-1] == Block(kind=BlockKind.CAPTION, text="The ferry at the quay in May.")


@pytest.mark.parametrize(
    "pushed", ["{}", "5", "null", "[]", "[0]", "[1]", '[1, 2, "x"]', '[3, "eA=="]', '[1, {"a": "b"}]']
)
def test_what_is_no_part_of_a_stream_does_not_break_it(pushed: str) -> None:
    row = json.dumps([1, f"1:{json.dumps({'text': SENTENCE * 5})}\n"])
    scripts = "".join(f"<script>self.__next_f.push({value})</script>" for value in (pushed, row))

    assert extract(f"<html><body>{scripts}</body></html>".encode(), URL).text == (SENTENCE * 5).strip()


def test_a_closed_article_that_is_shown_in_full_has_no_barrier() -> None:
    head = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": false}</script>'
    )
    lines = "".join(f"<p>{SENTENCE * 4} Number {n}.</p>" for n in range(6))

    article = extract(
        f"<html><head>{head}</head><body><article>{lines}</article></body></html>".encode(), URL
    )

    assert article.barrier is None


@pytest.mark.parametrize(
    "gate",
    [
        "Subscribe now to unlock the full story",
        "Sign in to continue",
        "Log in to read this story",
        "Register to keep reading",
        "Create an account to read the rest",
        "Become a member to read more",
        "Start your free trial to read the full article",
        "To continue reading, choose a plan",
        "This article is available only to subscribers",
        "Premium content for members",
        "You’ve reached your free article limit",
        "Jetzt weiterlesen mit Plus",
        "Um weiterzulesen, melden Sie sich an",
        "Dieser Artikel ist nur für Abonnenten",
        "Jetzt abonnieren",
        "Article réservé à nos abonnés",
        "Pour lire la suite, abonnez-vous",
        "Il vous reste 80 % à découvrir",
        "Para seguir leyendo, regístrate",
        "Solo para suscriptores",
        "Contenido exclusivo para socios",
        "Riservato agli abbonati",
        "Per continuare a leggere, accedi",
        "Per proseguire la lettura, accedi",
        "Verder lezen?",
        "Alleen voor abonnees",
        "För att läsa vidare, logga in",
        "For å lese videre, logg inn",
        "会員限定記事です",
        "続きを読むにはログインしてください",
        "残り1200文字",
    ],
)
def test_the_line_of_a_gate_makes_a_teaser_a_paywall(gate: str) -> None:
    html = f"<article><h1>The night boat</h1><p>{SENTENCE * 4}</p><p>{gate}</p></article>"

    assert extract(html.encode(), URL).barrier is Barrier.PAYWALL


@pytest.mark.parametrize(
    "button",
    [
        "Add to cart",
        "Add to basket",
        "Add to bag",
        "Buy now",
        "In den Warenkorb",
        "In den Einkaufswagen",
        "Ajouter au panier",
        "Añadir al carrito",
        "Añadir a la cesta",
        "Aggiungi al carrello",
        "Adicionar ao carrinho",
        "In winkelwagen",
        "カートに入れる",
    ],
)
def test_a_button_that_puts_something_into_a_cart_makes_a_short_page_a_shop(button: str) -> None:
    page = f"<main><h1>Oilskin jacket</h1><p>{SENTENCE * 4}</p><button>%s</button></main>"

    assert extract((page % button).encode(), URL).barrier is Barrier.NOT_ARTICLE
    assert extract((page % "Next").encode(), URL).barrier is None


def test_scraps_are_no_article() -> None:
    assert extract(
        b"<html><body><p>Moved to the harbour.</p><p>Ask at the desk, please.</p></body></html>", URL
    ).barrier in (
        Barrier.NOT_ARTICLE,
        Barrier.EMPTY,
    )


def test_reading_leaves_the_recursion_limit_as_it_was() -> None:
    limit = sys.getrecursionlimit()

    read(b"<div>" * 5_000 + b"<p>deep</p>")

    assert sys.getrecursionlimit() == limit


def test_what_links_say_to_those_who_hear_a_page_is_not_read() -> None:
    opening = (
        "The council (of nine) told its plan<span class=vh>(opens in new tab)</span> , which costs a million."
    )
    german = "Der Rat hat ihn <a href=/p>vorgelegt <span>(öffnet im neuen Fenster)</span></a>."
    rest = "".join(f"<p>{SENTENCE} Part {n}.</p>" for n in range(6))

    text = extract(f"<article><p>{opening} {german}</p>{rest}</article>".encode(), URL).text

    assert text.startswith(
        "The council (of nine) told its plan, which costs a million. Der Rat hat ihn vorgelegt."
    )


def test_a_line_that_says_nothing_else_is_none_and_cells_lose_it_too() -> None:
    spoken = "<span>(opens in new tab)</span>"
    table = f"<table><tr><td>Fares</td><td>Prices {spoken}</td></tr></table>"
    rest = "".join(f"<p>{SENTENCE} Part {n}.</p>" for n in range(3))

    article = extract(
        f"<article>{rest}<p>{spoken}</p>{table}{rest.replace('Part', 'Page')}</article>".encode(), URL
    )

    assert all(block.text for block in article.blocks)
    assert [block.text for block in article.blocks if block.kind is BlockKind.TABLE] == ["Fares | Prices"]

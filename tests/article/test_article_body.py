"""Choosing and cleaning the body."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.article.boilerplate import barred
from bot.article.document import parse
from bot.article.lines import is_credit, is_head_line, is_junk, is_notice, is_pointer
from bot.article.opinion import ask_readability
from bot.article.scorer import best_expected_f1, expected_f1, load_model
from bot.article.walk import walk
from bot.article.wording import count_commas

SENTENCE = "The boat will run six times a day from November to March, the harbour council said, with a late sailing. "


@pytest.mark.parametrize(
    "line",
    [
        "Update: The ferry sails again.",
        "UPDATED at 5:45 p.m.: The council has answered.",
        "Correction (March 3): The vote was on Tuesday.",
        "Editor’s note: This story was first told in 2019.",
        "Korrektur: Es waren vier Jahre.",
        "Mise à jour : le bac repart.",
        "Rectificatif : il s’agit de mardi.",
        "Fe de errores: fue el martes.",
        "Rättelse: Det var på tisdagen.",
        "【訂正】初出時、日付に誤りがありました。",
    ],
)
def test_update_and_correction_lines_are_notices(line: str) -> None:
    assert is_notice(line)


@pytest.mark.parametrize(
    "line",
    ["Updates to the timetable came late.", "The correction of the course took an hour.", "Update yourself."],
)
def test_sentences_about_updates_are_no_notices(line: str) -> None:
    assert not is_notice(line)


@pytest.mark.parametrize(
    "line",
    [
        "(Bay Courier Photo / Tomas Lindqvist)".replace("Bay Courier ", ""),
        "Photo by Tomas Lindqvist",
        "Photo: Tomas Lindqvist",
        "Image credit: Harbour Office",
        "Foto: Hafenamt",
        "Crédit photo : Office du port",
        "© Tomas Lindqvist",
        "Tomas Lindqvist / Getty Images",
        "写真：港湾局",
    ],
)
def test_a_line_that_only_says_who_made_a_picture_is_a_credit(line: str) -> None:
    assert is_credit(line)


@pytest.mark.parametrize(
    "line",
    [
        "Leave a Reply",
        "Your email address will not be published. Required fields are marked *",
        "Share this:",
        "Click to share on Twitter (Opens in new window)",
        "Facebook Twitter Email",
        "About the Author: admin",
        "Advertisement",
        "Das könnte Sie auch interessieren!",
        "Schon gelesen?",
        "También te puede interesar:",
        "(Noch keine Bewertungen)",
        "E-Mail (wird benötigt und nicht veröffentlicht)",
        "Beitragsbild: Ida Fenwick",
        "Got a story? Write to our news desk at desk@courier.example.",
        "For more stories like this, check our harbour page.",
        "Sign up for our weekly newsletter and never miss a tide.",
        "This post contains affiliate links: we may earn from what you buy.",
        "Follow the Bay Courier on Instagram @baycourier",
        "Learn more",
        "Follow Bay Courier on Facebook and Instagram for the latest news from the harbour.",
        "Pictured from left are the ferry’s crew and Councillor Ida Fenwick.",
    ],
)
def test_share_bars_and_form_labels_are_junk(line: str) -> None:
    assert is_junk(line)


@pytest.mark.parametrize(
    "line",
    [
        "Photos by the hundred lay on the floor of the harbour office.",
        "Share prices fell by a tenth.",
        "Email is how most of them found out.",
        "Images of the storm went around the world within an hour.",
        "Print is not dead, the publisher said.",
        "Facebook said it would appeal.",
        "Learn more, she told them, or stay ashore.",
        "Follow the ferry on Sunday and you see the seals.",
        "Follow politics on Twitter for a week and you meet every quarrel of the bay twice.",
        "Schon gelesen hatte den Bericht niemand.",
        "Mehr Themen, weniger Zeit: so beschreibt sie ihr Amt.",
    ],
)
def test_sentences_that_open_like_junk_are_none(line: str) -> None:
    assert not is_junk(line)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("By Ida Fenwick", True),
        ("Von Ida Fenwick und Tomas Lindqvist", True),
        ("Published on March 3, 2024 at 10:15 am", True),
        ("03.03.2024, 10:15 Uhr", True),
        ("2024年3月3日 10時15分", True),
        ("By Friday the ramp had been mended.", False),
        ("9.5/10", False),
    ],
)
def test_bylines_and_dates_that_stand_alone_are_told_from_text(line: str, expected: bool) -> None:
    assert is_head_line(line) is expected


@pytest.mark.parametrize(
    "name",
    """
    comment-list Respond disqus_thread post-comments entry-comments article-comments kommentare fb-comments
    onetrust-banner ot-sdk-row ot-pc didomi-host qc-cmp2 CybotCookiebotDialog usercentrics-root cookieconsent
    cookie-law cky-box cmplz-x moove_gdpr sp_message_x fc-consent-root truste_box osano-cm BorlabsCookie iubenda-cs
    tarteaucitronRoot gdpr-x cc-window site-newsletter-box subscription-widget mailchimp mc_embed_signup author-box
    about-the-author saboxplugin-wrap m-a-box pp-multiple-authors-x abh_box wp-block-post-author elementor-author-box
    fact-box embed-consent do-display-embed page-disclaimer sharedaddy jp-relatedposts addtoany_share breadcrumbs
    entry-tags
    """.split(),
)
def test_a_subtree_is_left_out_by_every_name_that_says_so(name: str) -> None:
    boxes = "".join(f"<div class='{classes}'><p>{SENTENCE}</p></div>" for classes in (f"row {name}", "row"))
    html = f"<p>{SENTENCE * 4}</p>{boxes}"
    walked = walk(parse(html.encode(), "https://harbour.example/ferry").root)

    assert barred(walked, np.array([90.0, 5.0, 5.0])).tolist() == [False, True, False]


def test_a_pointer_to_another_article_is_one_by_its_words_or_its_link() -> None:
    assert is_pointer("Read more: The old cannery loses its roof", 0.0)
    assert is_pointer("Related: The old cannery", 0.8)
    assert is_pointer("WATCH | The old cannery loses its roof", 1.0)
    assert is_pointer("Lea más: La vieja fábrica pierde el techo", 0.8)
    assert is_pointer("Te puede interesar: La vieja fábrica", 0.0)
    assert not is_pointer("Mira: así empezó todo, dijo la capitana.", 0.0)
    assert not is_pointer("Related: the two brothers were, by marriage.", 0.0)


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(1, 300)), min_size=1, max_size=60))
def test_no_other_threshold_has_a_better_expected_f1(blocks: list[tuple[float, float]]) -> None:
    chances, size = np.array([chance for chance, _ in blocks]), np.array([weight for _, weight in blocks])

    keep, expected = best_expected_f1(chances, size)

    assert keep.any()
    assert 0 <= expected <= 1 + 1e-9
    for chance in chances:
        assert expected_f1(chances >= chance, chances, size) <= expected + 1e-6


def test_the_shipped_model_weighs_little() -> None:
    model = load_model()

    assert model.forest.values.nbytes + model.forest.mask.nbytes < 200_000
    assert len(model.tables.own) > 1_000


def test_readability_is_asked_about_blocks_and_not_about_large_pages() -> None:
    body = (
        "<div id=menu><a href=/>Home</a></div><div class=article>" + f"<p>{SENTENCE * 3}</p>" * 4 + "</div>"
    )
    root = parse(f"<html><body>{body}</body></html>".encode(), "https://courier.example/").root
    flood = parse(
        f"<html><body>{'<div><p>x</p></div>' * 900}</body></html>".encode(), "https://c.example/"
    ).root

    taken = ask_readability(root, walk(root))

    assert taken is not None
    assert taken.tolist() == [False, True, True, True, True]
    assert ask_readability(flood, walk(flood)) is None


@given(st.lists(st.text(alphabet=",，、a ")))
def test_commas_are_counted_in_any_script(texts: list[str]) -> None:
    assert count_commas(texts).tolist() == [sum(text.count(mark) for mark in ",，、") for text in texts]

"""What a byline says, in several languages, and what it never says."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.article import extract
from bot.article.names import (
    fold,
    has_eastern_surname,
    is_nobody,
    is_organisation,
    is_personal,
    name_key,
)
from bot.article.splitting import parse_byline, split_byline


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("By Nora Field", ("Nora Field",)),
        ("By Nora Field and Tom O'Hara, Senior Correspondents", ("Nora Field", "Tom O'Hara")),
        ("BY NORA FIELD", ("Nora Field",)),
        ("ByNora Field", ("Nora Field",)),
        ("Nora FieldNora Field", ("Nora Field",)),
        ("Field, Nora", ("Nora Field",)),
        ("By Nora Field | Updated March 3, 2021 10:15 am", ("Nora Field",)),
        ("Von Jörg Müller-Lüdenscheidt und Anna Berg", ("Jörg Müller-Lüdenscheidt", "Anna Berg")),
        ("Ein Gastbeitrag von Anna Berg", ("Anna Berg",)),
        ("Blog-Beitrag von Anna Berg", ("Anna Berg",)),
        ("Autorinnen Anna Berg und Nora Feld", ("Anna Berg", "Nora Feld")),
        ("Auteurs Luc Martel et Éloïse Dupré", ("Luc Martel", "Éloïse Dupré")),
        ("Von Anna Berg, Donnerstag", ("Anna Berg",)),
        ("Text: Anna Berg, Foto: Karl Blau", ("Anna Berg",)),
        ("Text und Fotos: Anna Berg", ("Anna Berg",)),
        ("Par Éloïse Dupré avec Luc Martel", ("Éloïse Dupré", "Luc Martel")),
        ("Por María de la Cruz y Juan Pérez", ("María de la Cruz", "Juan Pérez")),
        ("文：王小明", ("王小明",)),
        ("記者 田中太郎", ("田中太郎",)),
        ("김민수 기자", ("김민수",)),
        ("Dr. Ana Márquez", ("Ana Márquez",)),
    ],
)
def test_the_people_of_a_byline_are_cut_out_of_the_words_around_them(
    text: str, people: tuple[str, ...]
) -> None:
    assert parse_byline(text) == people


@pytest.mark.parametrize(
    "text",
    [
        "By Staff", "Von unserer Redaktion", "dpa", "By Reuters", "admin", "About the Author: admin", "Newsroom",
        "Foto: Karl Blau", "Photo by Karl Blau", "Par la rédaction", "編集部", "https://example.org/author/7",
        "nora@example.org", "Share this article", "By 3 March 2021",
    ],
)  # fmt: skip
def test_agencies_desks_fillers_and_photographers_are_nobody(text: str) -> None:
    assert parse_byline(text) == ()


def test_an_agency_beside_a_person_is_left_out() -> None:
    assert parse_byline("Von Anna Berg | dpa") == ("Anna Berg",)


def test_who_took_the_picture_is_marked_in_a_byline_of_two() -> None:
    credited = {part.text: part.credit for part in split_byline("Text: Anna Berg, Foto: Karl Blau")}

    assert credited == {"Anna Berg": False, "Karl Blau": True}


def test_a_name_is_the_same_name_whatever_its_accents_and_titles() -> None:
    assert name_key("Dr. José O’Neil-Smith") == name_key("Jose O'Neil Smith")


@pytest.mark.parametrize(
    "name", ["Nora Field", "Ana de la Cruz", "Ludwig van Beethoven", "J. R. Stone", "王小明", "김민수"]
)
def test_full_names_look_personal(name: str) -> None:
    assert is_personal(name)


@pytest.mark.parametrize(
    "name", ["read more", "Politics", "Nora 2021", "a b", "One Two Three Four Five Six", "Field van"]
)
def test_other_words_do_not(name: str) -> None:
    assert not is_personal(name)


@pytest.mark.parametrize(
    "name", ["The Daily Herald", "Example GmbH", "朝日新聞", "example.org", "Deutsche Presse-Agentur"]
)
def test_companies_papers_and_hosts_are_organisations(name: str) -> None:
    assert is_organisation(name)


@pytest.mark.parametrize("name", ["admin", "Staff", "Guest Author", "Startseite", ""])
def test_what_systems_write_where_nobody_signed_is_nobody(name: str) -> None:
    assert is_nobody(name)


def test_an_eastern_name_begins_with_a_family_name() -> None:
    assert has_eastern_surname("김민수")
    assert has_eastern_surname("田中 太郎")
    assert not has_eastern_surname("東京都知事選挙")


@settings(max_examples=150, deadline=None)
@given(
    st.text(max_size=200)
    | st.lists(
        st.sampled_from("By by Von Nora Field , | & und © Foto: ( [ @x 2021 王小明 기자".split()), max_size=20
    ).map(" ".join)
)
def test_any_text_can_be_read_as_a_byline_and_what_comes_out_reads_the_same_again(text: str) -> None:
    for name in parse_byline(text):
        again = parse_byline(name)
        assert name.strip() == name != ""
        assert not again or fold(again[0]) in fold(name)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=120))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    "byline",
    [
        "<p class=author><b>&amp;nbsp;</b></p>",
        "<p class=byline><b>&amp;#8203;</b></p>",
        "<div class=author><p><a>\u200b</a> <b>\ufeff</b></p></div>",
        "<p><b>\xad&nbsp;<i>\u200b</i></b></p>",
    ],
)
def test_a_byline_of_nothing_that_shows_names_nobody(byline: str) -> None:
    assert _authors(byline) == ()


@pytest.mark.parametrize("nothing", ["&shy;", "&#8203;", "&#8204;&nbsp;", "&amp;#8203;"])
@pytest.mark.parametrize("parting", ["", "<br>"], ids=["one line", "two lines"])
def test_a_byline_is_as_long_as_what_shows_of_it(nothing: str, parting: str) -> None:
    byline = (
        f"<div class=byline><span>By John Smith</span>{parting}<p>and Jane Doe{nothing * 1_800}</p></div>"
    )

    assert _authors(byline) == ("John Smith", "Jane Doe")


def test_the_blanks_of_a_listing_make_no_byline_longer() -> None:
    listing = f"<pre>and Jane{' ' * 900}Doe{' ' * 900}|</pre>"

    assert _authors(f"<div class=byline><span>By John Smith</span>{listing}</div>") == (
        "John Smith",
        "Jane Doe",
    )


def _authors(byline: str) -> tuple[str, ...]:
    """The authors of an article with this below its headline."""
    prose = "<p>The ferry left the harbour at dawn with forty people on board, the harbour master said on Tuesday.</p>"
    html = f"<article><h1>The ferry left</h1>{byline}{prose * 8}</article>"
    return extract(html.encode(), "https://courier.example/ferry").authors

"""Who wrote a page: declared, shown, both or nobody."""

from __future__ import annotations

import pytest
from pages_of_metadata import PROSE, page, read

from bot.article.authors import choose, named_reporters
from bot.article.bylines import find_shown
from bot.article.candidates import Candidate, gather
from bot.article.declared import find_declared
from bot.article.document import parse
from bot.article.evidence import describe
from bot.article.models import load_forest, load_model
from bot.article.places import Places, find_places
from bot.article.walk import walk
from bot.boosting import forest


def person(name: str) -> dict[str, str]:
    return {"@type": "Person", "name": name}


def candidates_of(html: str) -> tuple[dict[str, Candidate], Places]:
    """The candidates of a page by their names, with what was measured of them."""
    document = parse(html.encode(), "https://hill.example.org/politics/bridge")
    places = find_places(document, walk(document.root))
    found = gather(find_declared(document, places) + find_shown(places), places)
    describe(found, document, places, {})
    return {candidate.name: candidate for candidate in found}, places


def measured(html: str, name: str) -> dict[str, float]:
    """What was measured of the candidate *name*."""
    found, _ = candidates_of(html)
    return dict(zip(load_model("authors")["features"], found[name].features, strict=True))


def chosen_at(chances: dict[str, float], html: str) -> tuple[str, ...]:
    """The names chosen of a page whose candidates have these chances, the others none."""
    found, places = candidates_of(html)
    rated = [chances.get(name, 0.0) for name in found]
    return tuple(candidate.name for _, candidate in choose(list(found.values()), rated, places))


def test_whoever_is_declared_and_shown_is_the_author() -> None:
    found = read(page(json_ld={"author": person("Nora Field")}, under_headline="<p>By Nora Field</p>"))

    assert found.authors == ("Nora Field",)
    confidence = next(p.confidence for p in found.provenance if p.field == "authors")
    assert confidence > 0.9


def test_all_of_several_authors_are_named_in_the_order_of_the_byline() -> None:
    people = [person("Nora Field"), person("Tom O'Hara"), person("Anna Berg")]
    found = read(
        page(json_ld={"author": people}, under_headline="<p>By Nora Field, Tom O'Hara and Anna Berg</p>")
    )

    assert found.authors == ("Nora Field", "Tom O'Hara", "Anna Berg")


def test_authors_are_found_through_references_in_a_graph() -> None:
    graph = {
        "@graph": [
            {
                "@type": "NewsArticle",
                "headline": "The bridge that nobody wants to pay for",
                "author": {"@id": "#nora"},
            },
            {"@type": "Person", "@id": "#nora", "name": "Nora Field", "url": "https://hill.example.org/nora"},
        ]
    }
    found = read(
        page(json_ld=graph, under_headline='<a rel="author" href="/author/nora-field">Nora Field</a>')
    )

    assert found.authors == ("Nora Field",)


def test_a_marked_byline_is_enough() -> None:
    byline = '<div class="byline">By <a rel="author" href="/author/nora-field">Nora Field</a></div>'

    assert read(page(under_headline=byline)).authors == ("Nora Field",)


def test_a_byline_is_read_in_german_french_spanish_and_japanese() -> None:
    for lang, byline, name in (
        ("de", "Von Andreas Berg", "Andreas Berg"),
        ("fr", "Par Philippe Dupré", "Philippe Dupré"),
        ("es", "Por Elena Pérez", "Elena Pérez"),
        ("ja", "文：田中太郎", "田中太郎"),
    ):
        shown = f'<div class="author"><span class="author-name">{byline}</span></div>'
        assert read(page(under_headline=shown, lang=lang)).authors == (name,)


def test_of_an_organisations_page_all_who_sign_one_byline_are_named() -> None:
    names = '<a href="/author/nora-field">Nora Field</a>, <a href="/author/anna-berg">Anna Berg</a>'
    byline = f'<p class="byline">By {names}</p>'
    found = read(
        page(json_ld={"author": {"@type": "Organization", "name": "The Hill Paper"}}, under_headline=byline)
    )

    assert found.authors == ("Nora Field", "Anna Berg")


def test_agencies_and_desks_are_organisations_and_never_people() -> None:
    found = read(
        page(json_ld={"author": {"@type": "Organization", "name": "dpa"}}, under_headline="<p>dpa</p>")
    )

    assert found.authors == ()
    assert found.organisations == ("dpa",)


def test_the_site_itself_and_fillers_are_neither() -> None:
    for name in ("The Hill Paper", "admin", "Staff", "Newsroom"):
        found = read(
            page(json_ld={"author": person(name)}, under_headline=f'<span class="author">{name}</span>')
        )
        assert found.authors == ()
        assert "The Hill Paper" not in found.organisations


def test_photographers_are_not_authors() -> None:
    figure = '<figure><img src="/a.jpg"><figcaption>The bridge. Photo: Karl Blau</figcaption></figure>'
    found = read(
        page(json_ld={"author": person("Nora Field")}, under_headline="<p>By Nora Field</p>" + figure)
    )

    assert found.authors == ("Nora Field",)
    assert "Karl Blau" not in read(page(under_headline=figure)).authors


def test_authors_of_teasers_and_comments_are_not_those_of_the_page() -> None:
    teasers = '<aside class="related"><h3><a href="/b">Another story</a></h3><p class="byline">By Karl Blau</p></aside>'
    comments = (
        '<div class="comments"><div class="comment"><span class="author">Max Grün</span> So true.</div></div>'
    )
    found = read(page(under_headline='<p class="byline">By Nora Field</p>', after=teasers + comments))

    assert found.authors == ("Nora Field",)


def test_an_address_is_not_a_name() -> None:
    head = '<meta property="article:author" content="https://social.example.org/hillpaper">'

    assert read(page(head=head)).authors == ()


def test_an_organisation_that_its_site_calls_by_its_initials_is_nobody() -> None:
    head = '<meta name="author" content="Blaues Hügel Werk">'
    shown = "<p>Blaues Hügel Werk</p>"

    assert read(page(head=head, under_headline=shown), "https://bhw.example/a/bridge").authors == ()
    assert read(page(head=head, under_headline=shown), "https://hill.example/a/bridge").authors == (
        "Blaues Hügel Werk",
    )


def test_a_page_that_nobody_signed_has_nobody() -> None:
    found = read(page())

    assert found.authors == ()
    assert not any(p.field == "authors" for p in found.provenance)


def test_the_trees_of_the_rankers_can_be_asked_for_many_rows_at_once() -> None:
    ranker = load_forest("authors")
    rows = [[float(i % 3)] * (int(ranker.feature.max()) + 1) for i in range(130)]

    chances = ranker.chances(rows).tolist()

    assert chances[:3] == pytest.approx(
        ranker.chances(rows[:3]).tolist()
    )  # few are asked in another order of sums
    assert all(0 < chance < 1 for chance in chances)


def test_a_tree_asks_its_splits_and_takes_the_lowest_leaf_left() -> None:
    tree = [[0, 0], [1.0, 2.0], [0b1111111111111110, 0b1111111111111100], [-5.0, 0.0, 5.0]]
    small = forest({"features": ["x"], "trees": [tree]})

    low, middle, high = small.chances([[0.5], [1.5], [2.5]])

    assert low < 0.01 < middle == 0.5 < 0.99 < high


def test_whoever_wrote_the_text_and_took_the_pictures_is_its_author() -> None:
    line = '<p class="author"><b>Text &amp; Fotos:</b> <span>Ana Blau</span></p>'

    assert read(page(under_headline=line, lang="de")).authors == ("Ana Blau",)


def test_a_byline_after_a_line_about_pictures_or_translations_is_one_all_the_same() -> None:
    lines = '<div>micropolitics : translation</div><div class="author"><em>---- by Ana Blau</em></div>'

    assert read(page(under_headline=lines)).authors == ("Ana Blau",)


def test_a_byline_right_above_the_text_is_near_however_far_the_headline_is() -> None:
    links = "".join(
        f"<li><a href='/{n}'>Share what this bridge is about, way {n}</a></li>" for n in range(40)
    )
    byline = '<div class="inline-byline">By <span class="byline-name">Ana Blau</span></div>'
    box = '<div class="sidebar vcard"><span class="author">Karl Berg</span> reads the letters to the paper</div>'
    html = page(under_headline=f"<ul>{links}</ul>{byline}", after=box)

    assert read(html).authors == ("Ana Blau",)


def test_names_that_stand_together_in_an_element_of_authors_are_one_list() -> None:
    line = '<div class="story-author-line"><span>Ana Blau, Rio Grau y Lukas Eck Wilson</span></div>'
    document = parse(
        page(under_headline=line, lang="es").encode(), "https://hill.example.org/politics/bridge"
    )
    places = find_places(document, walk(document.root))

    lists = [candidate.lists() for candidate in gather(find_shown(places), places)]

    assert all("near byline class" in listed for listed in lists[:3])


def test_several_whom_a_page_declares_together_need_not_be_shown() -> None:
    people = [person("Nora Field"), person("Tom O'Hara")]
    found = read(page(json_ld={"author": people, "url": "https://hill.example.org/politics/bridge"}))

    assert found.authors == ("Nora Field", "Tom O'Hara")


@pytest.mark.parametrize(
    ("declared", "people"),
    [
        (("The Hill Paper", "김민수 기자"), ("김민수",)),
        (("김민수 기자", "이서연 특파원"), ("김민수", "이서연")),
        (("王小明 記者",), ("王小明",)),
        # Somebody else is declared, who is no reporter: the page leaves a doubt.
        (("Nora Field", "김민수 기자"), ()),
    ],
)
def test_whom_a_page_declares_as_reporter_need_not_be_shown(
    declared: tuple[str, ...], people: tuple[str, ...]
) -> None:
    html = page(head="".join(f'<meta name="author" content="{name}">' for name in declared))
    document = parse(html.encode(), "https://hill.example.org/politics/bridge")
    places = find_places(document, walk(document.root))

    assert named_reporters(find_declared(document, places), places) == people
    if people:
        assert read(html).authors == people


def test_an_agency_declared_beside_a_person_vouches_for_them_and_stays_an_organisation() -> None:
    names = [person("Nora Field"), {"@type": "Organization", "name": "dpa"}]
    found = read(page(json_ld={"author": names, "url": "https://hill.example.org/politics/bridge"}))

    assert found.authors == ("Nora Field",)
    assert found.organisations == ("dpa",)


def test_whoever_is_declared_as_an_organisation_is_no_person_beside_one_who_is() -> None:
    names = [person("Nora Field"), {"@type": "Organization", "name": "The Bay Courier"}]
    found = read(page(json_ld={"author": names, "url": "https://hill.example.org/politics/bridge"}))

    assert found.authors == ("Nora Field",)


def test_of_many_organisations_declared_beside_a_person_four_are_named() -> None:
    names = [
        person("Nora Field"),
        *(
            {"@type": "Organization", "name": f"{place} Media"}
            for place in ("Ash", "Bay", "Elm", "Fir", "Oak")
        ),
    ]
    found = read(page(json_ld={"author": names, "url": "https://hill.example.org/politics/bridge"}))

    assert found.authors == ("Nora Field",)
    assert len(found.organisations) == 4


def test_what_an_article_of_another_address_declares_is_not_taken_unweighed() -> None:
    people = [person("Nora Field"), person("Tom O'Hara")]
    found = read(page(json_ld={"author": people, "url": "https://hill.example.org/politics/rain"}))

    assert all(p.confidence < 0.9 for p in found.provenance if p.field == "authors")


def test_a_byline_below_the_headline_that_is_but_a_name_needs_no_chance_and_others_need_more() -> None:
    byline = '<div class="author">Nora Field</div><div>5 March 2024, 18:00</div>'
    editor = '<p class="author">Editor: Tom Reed</p>'
    html = page(under_headline=byline, after=editor)

    assert chosen_at({"Nora Field": 0.1, "Tom Reed": 0.6}, html) == ("Nora Field",)
    assert chosen_at({"Nora Field": 0.1, "Tom Reed": 0.9}, html) == ("Nora Field", "Tom Reed")
    assert chosen_at({"Tom Reed": 0.6}, page(after=editor)) == ("Tom Reed",)


@pytest.mark.parametrize("label", ["Text Size", "Fact Checked", "Written By", "Tech Industry"])
def test_a_label_where_a_byline_would_stand_is_nobody_whatever_its_class(label: str) -> None:
    html = page(under_headline=f'<div class="author">{label}</div>')

    assert chosen_at({label: 0.1}, html) == ()


def test_a_name_that_grew_together_with_the_word_after_it_is_the_same_person() -> None:
    byline = (
        '<p class="byline">Nora FieldTravel</p><p class="byline">By <a href="/author/nora">Nora Field</a></p>'
    )

    assert chosen_at({"Nora Field": 0.9, "Nora FieldTravel": 0.3}, page(under_headline=byline)) == (
        "Nora Field",
    )


def test_whose_surname_begins_as_another_one_is_somebody_else() -> None:
    byline = (
        '<p class="byline">By <a href="/author/ann">Ann Lee</a> and <a href="/author/al">Ann Leeson</a></p>'
    )

    assert chosen_at({"Ann Lee": 0.9, "Ann Leeson": 0.9}, page(under_headline=byline)) == (
        "Ann Lee",
        "Ann Leeson",
    )


def test_an_unmarked_name_beside_the_article_is_nobody() -> None:
    line = "<div>Tom Reed</div>"

    assert chosen_at({"Tom Reed": 0.9}, page(after=f"<aside>{line}</aside>")) == ()
    assert chosen_at({"Tom Reed": 0.9}, page(under_headline=line)) == ("Tom Reed",)


def test_whoever_the_text_is_about_can_be_told_from_whoever_signs_it() -> None:
    about = "<p>The mayor, Karl Blau, said on Tuesday that it will stay, and Blau means to pay for it himself.</p>"
    html = page(under_headline="<div>Karl Blau</div>" + about + "<p>Nora Field</p>")

    mayor, signed = measured(html, "Karl Blau"), measured(html, "Nora Field")

    assert (mayor["in prose"], mayor["surname in prose"]) == (1, 2)
    assert (signed["in prose"], signed["surname in prose"]) == (0, 0)
    assert signed["line before"] > signed["line length"]


def test_a_line_that_ends_the_text_with_a_name_is_a_signature() -> None:
    title = "The bridge that nobody wants to pay for"
    text = f"<h1>{title}</h1><p>{PROSE}</p><p>{PROSE}</p><p>Von Nora Field</p>"
    html = f"<html lang='de'><head><title>{title}</title></head><body>{text}</body></html>"

    assert measured(html, "Nora Field")["signature"] == 1
    assert measured(page(under_headline="<p>Von Nora Field</p>"), "Nora Field")["signature"] == 0

"""Site, description, tags, address and picture."""

from __future__ import annotations

import pytest
from pages_of_metadata import page, read

from bot.article.details import host_of, registrable

URL = "https://hill.example.org/politics/bridge"


def test_the_site_is_named_by_what_it_declares_else_by_its_host() -> None:
    assert read(page()).site_name == "The Hill Paper"
    assert read("<html><body><p>Hello</p></body></html>", URL).site_name == "hill.example.org"


def _site(head: str, url: str = "https://www.hill-paper.example/rain") -> str | None:
    return read(f"<html><head>{head}</head><body><p>It rained.</p></body></html>", url).site_name


def test_a_site_that_declares_no_name_is_called_what_its_titles_end_with() -> None:
    assert _site("<title>Rain - again - Hill-Paper</title>") == "Hill-Paper"
    assert (
        _site('<title>Rain | The Hill Paper</title><meta name="twitter:site" content="@hp">')
        == "The Hill Paper"
    )
    assert _site("<title>Rain | and what it does</title>") == "hill-paper.example"


def test_the_name_of_a_section_yields_to_that_of_the_site() -> None:
    section = '<meta property="og:site_name" content="Town">'

    assert _site(f"<title>Rain | Hill-Paper</title>{section}") == "Hill-Paper"
    assert _site(f"<title>Rain | Town</title>{section}") == "Town"  # the title calls the site so, too
    assert _site(f"<title>Rain</title>{section}") == "Town"


@pytest.mark.parametrize(
    ("declared", "shown"),
    [
        ("Hill-Paper | News from the hills", "Hill-Paper"),
        ("News from the hills | Hill-Paper", "Hill-Paper"),
        ("Valley Voice |", "Valley Voice"),
        ("Valley Voice | Since 1921", "Valley Voice"),
        (
            "How the hills went without a paper for a hundred years, and who printed the first one",
            "hill-paper.example",
        ),
    ],
)
def test_a_site_is_named_without_its_motto(declared: str, shown: str) -> None:
    assert _site(f'<meta property="og:site_name" content="{declared}">') == shown


def test_the_description_is_the_page_s_own() -> None:
    head = (
        '<meta name="description" content="Six hours, no bridge."><meta property="og:description" content="">'
    )

    assert read(page(head=head)).description == "Six hours, no bridge."


def test_tags_come_once_each_and_in_order() -> None:
    head = "".join(f'<meta property="article:tag" content="{tag}">' for tag in ("Bridge", "Town", "bridge"))

    assert read(page(head=head)).tags == ("Bridge", "Town")


def test_keywords_in_one_text_are_parted() -> None:
    assert read(page(json_ld={"keywords": "bridge, town; hill"})).tags == ("bridge", "town", "hill")


def test_tags_that_are_only_shown_are_read_from_their_links() -> None:
    assert read(page(after='<a rel="tag" href="/t/bridge">#bridge</a>')).tags == ("bridge",)


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("/politics/bridge-1", "https://hill.example.org/politics/bridge-1"),
        ("https://www.example.org/politics/bridge", "https://www.example.org/politics/bridge"),
        ("https://hill.example.org/", URL),  # a front page is not this page
        ("https://elsewhere.example.net/politics/bridge", URL),  # nor is somebody else's
        ("javascript:void(0)", URL),
        ("https://[bad", URL),
    ],
)
def test_the_canonical_address_is_one_of_the_same_site_that_names_a_page(href: str, expected: str) -> None:
    assert read(page(head=f'<link rel="canonical" href="{href}">'), URL).canonical_url == expected


def test_the_lead_picture_has_the_words_of_its_figure() -> None:
    head = '<meta property="og:image" content="https://img.example.org/bridge-at-dawn-1200x630.jpg">'
    figure = (
        '<figure><img src="https://img.example.org/bridge-at-dawn-800x600.jpg" alt="A bridge">'
        '<figcaption>The bridge at dawn. <span class="credit">Karl Blau</span></figcaption></figure>'
    )
    image = read(page(head=head, under_headline=figure)).image

    assert image is not None
    assert image.url == "https://img.example.org/bridge-at-dawn-1200x630.jpg"
    assert (image.alt, image.caption, image.credit) == ("A bridge", "The bridge at dawn.", "Karl Blau")


def test_a_placeholder_yields_to_a_real_picture() -> None:
    head = '<meta property="og:image" content="https://img.example.org/logo.png">'
    found = read(page(head=head, json_ld={"image": "https://img.example.org/bridge.jpg"}))

    assert found.image is not None
    assert found.image.url == "https://img.example.org/bridge.jpg"


def test_a_page_without_pictures_has_none() -> None:
    assert read(page()).image is None


def test_hosts_are_read_without_failing_on_broken_addresses() -> None:
    assert host_of("https://News.Example.org/a") == "news.example.org"
    assert host_of("https://[broken") == ""
    assert registrable("a.b.example.co.uk") == "example.co.uk"

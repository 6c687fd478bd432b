"""Every value of a page's metadata has its provenance, and no page breaks the reader."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pages_of_metadata import page, read

FULL = page(
    head='<meta property="og:image" content="https://img.example.org/a.jpg">'
    '<meta name="description" content="Six hours.">'
    '<meta name="keywords" content="bridge, town"><link rel="canonical" href="https://hill.example.org/politics/bridge">',
    json_ld={
        "datePublished": "2021-03-04T10:00:00Z",
        "dateModified": "2021-03-05T10:00:00Z",
        "author": [{"@type": "Person", "name": "Nora Field"}],
    },
    under_headline="<p>By Nora Field</p>",
)
FIELDS = "title authors published updated site_name language description image tags canonical_url".split()


@pytest.mark.parametrize("field", FIELDS)
def test_every_value_that_is_set_says_where_it_was_found_and_how_sure_it_is(field: str) -> None:
    found = read(FULL)

    assert getattr(found, field)
    [provenance] = [p for p in found.provenance if p.field == field]
    assert provenance.source
    assert 0 < provenance.confidence <= 1


def test_an_empty_page_sets_nothing() -> None:
    found = read("", "")

    assert not any(getattr(found, field) for field in FIELDS)
    assert found.provenance == ()


PIECES = st.sampled_from(
    [
        "<h1>", "</h1>", "<p>", "</div>", '<div class="byline">', "By Nora Field",
        "<a rel=author href='/author/x'>", "</a>",
        "<time datetime='2021-99-99'>", "<time>", "4 March 2021", '<script type="application/ld+json">', "</script>",
        '{"@type":"NewsArticle","author":[{"name":["a"]},null,3],"datePublished":[1]}', '{"@graph":[{"@id":1}]}',
        '<meta property="og:image" content="http://[">', '<meta name="author" content=";;, | By ">', "<title>", "|",
        '<link rel=canonical href="//">', "\x00", "𝒳", "<article>", "<svg>", '<html lang="??">',
    ]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    st.lists(PIECES, max_size=30),
    st.sampled_from(["", "https://hill.example.org/a", "not an address", "https://[::1"]),
)
def test_no_page_breaks_the_reader(pieces: list[str], url: str) -> None:
    found = read("".join(pieces), url)

    assert found.published is None or found.published.tzinfo is not None
    assert not {"admin", "Staff"}.intersection(found.authors)

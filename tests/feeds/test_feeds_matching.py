"""The query index: as if every query had been asked."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.errors import QueryError
from bot.feeds.matching import QueryIndex
from bot.feeds.topics import Query, analyse

vocabulary = st.sampled_from(
    [
        "apple",
        "apples",
        "pear",
        "plum",
        "quince",
        "a",
        "人工知能",
        "人",
        "知能",
        "서울",
        "häuser",
        "haus",
        "c++",
    ]
)
fielded = st.sampled_from(
    ["site:example.org", "site:www", "author:lovelace", 'author:"ada l"', "lang:de", "lang:en"]
)
terms = (
    vocabulary
    | fielded
    | st.builds("title:{}".format, vocabulary)
    | st.builds('"{} {}"'.format, vocabulary, vocabulary)
)
expressions = st.recursive(
    terms,
    lambda inner: (
        st.builds("({} {})".format, inner, inner)
        | st.builds("({} OR {})".format, inner, inner)
        | st.builds("({} -{})".format, inner, inner)
        | st.builds("-{}".format, inner)
    ),
    max_leaves=6,
)
texts = st.lists(vocabulary, max_size=8).map(" ".join)
articles = st.builds(
    analyse,
    texts,
    texts,
    url=st.sampled_from(["", "https://www.example.org/a", "https://example.net"]),
    authors=st.sampled_from([(), ("Ada Lovelace",), ("Ada L", "Grace")]),
    language=st.sampled_from([None, "en", "de", "ja"]),
)


def parsed(text: str) -> Query | None:
    try:
        return Query.parse(text)
    except QueryError:  # it only excludes
        return None


@given(st.lists(expressions.map(parsed), max_size=12), st.lists(articles, max_size=4))
def test_the_index_finds_what_asking_every_query_finds(
    queries: list[Query | None], found: list[object]
) -> None:
    index: QueryIndex[int] = QueryIndex()
    asked = {number: query for number, query in enumerate(queries) if query}
    for number, query in asked.items():
        index.add(number, query)

    for article in found:
        assert sorted(index.matching(article)) == [n for n, query in asked.items() if query.finds(article)]


def test_a_query_that_was_replaced_or_removed_is_not_found_any_more() -> None:
    index: QueryIndex[str] = QueryIndex()
    index.add("fruit", Query.parse("apple OR pear"))
    index.add("trees", Query.parse("tree"))
    assert sorted(index.matching(analyse("An apple tree", ""))) == ["fruit", "trees"]

    index.add("fruit", Query.parse("plum"))
    index.remove("trees")
    index.remove("never filed")

    assert index.matching(analyse("An apple tree", "")) == []
    assert index.matching(analyse("A plum", "")) == ["fruit"]
    assert len(index) == 1


def test_only_queries_whose_rarest_part_is_held_are_asked() -> None:
    """Asking is what costs; a thousand queries about an absent word must not be asked."""
    asked = []

    class Telltale(Query):
        def finds(self, article: object) -> bool:
            asked.append(str(self))
            return False

    index: QueryIndex[int] = QueryIndex()
    for number in range(1000):
        index.add(
            number, Telltale(Query.parse(f"the government (quinquennial{number} OR septennial{number})").root)
        )

    index.matching(analyse("The government", "the quinquennial7 plan"))

    assert asked == ["the government (quinquennial7 OR septennial7)"]

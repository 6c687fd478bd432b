"""The stream in which React's server components send what a page shows."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.article.flight import read_flight


def test_rows_are_values_and_texts_stand_where_they_are_meant() -> None:
    stream = (
        '0:{"page":"$1","title":"Ferry"}\n1:T7,“Ahoy2:I[7,["a.js"],"default"]\n:HL["/font.woff2","font"]\n'
        '3:T4,one\n4:["$","p",null,{"a":"$3","b":"$3"}]\n5:broken\n6:"last"'
    )

    assert list(read_flight(stream)) == [
        {"page": "“Ahoy", "title": "Ferry"},
        ["$", "p", None, {"a": "one\n", "b": "$3"}],
        "last",
    ]


def test_the_rows_behind_a_broken_one_are_read() -> None:
    assert list(read_flight('what?\n1:"one"\n2:T3,longer\n\n\n3:"three"\n')) == ["one", "three", "lon"]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(["0:", "1:T", "ff,", "4,", "[", "{", '"$1"', "\n", ":", "a", "€", "\ud800", ","])
    )
)
def test_any_stream_is_read_as_values_no_longer_than_itself(parts: list[str]) -> None:
    stream = "".join(parts)

    values = json.dumps(list(read_flight(stream)), ensure_ascii=False)

    values.encode()
    assert len(values) <= 4 * len(stream) + 2

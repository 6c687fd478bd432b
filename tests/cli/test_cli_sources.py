"""What stands on the command line becomes pages to read."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli.sources import SourceError, collect


def nothing() -> bytes:
    raise AssertionError("standard input was read though nobody asked for it")


def test_an_address_is_fetched_and_a_file_is_read(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(b"<p>Hello</p>")

    fetched, read = collect(["https://example.org/a", str(page)], None, nothing)

    assert (fetched.url, fetched.body) == ("https://example.org/a", None)
    assert (read.url, read.body) == (page.as_uri(), b"<p>Hello</p>")


def test_a_file_gets_the_address_it_came_from(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(b"<p>Hello</p>")

    (source,) = collect([str(page)], "https://example.org/a", nothing)

    assert source.url == "https://example.org/a"


def test_a_file_of_addresses_is_a_list_to_fetch(tmp_path: Path) -> None:
    reading_list = tmp_path / "list.txt"
    reading_list.write_text("\ufeff# this week\nhttps://example.org/a\n\n  HTTP://example.org/b  \n")

    sources = list(collect([str(reading_list)], None, nothing))

    assert [(source.url, source.body) for source in sources] == [
        ("https://example.org/a", None),
        ("HTTP://example.org/b", None),
    ]


def test_standard_input_is_a_page_or_a_list() -> None:
    (page,) = collect(["-"], None, lambda: b"<p>https://example.org/a</p>")
    (listed,) = collect(["-"], None, lambda: b"https://example.org/a\n")

    assert page.body == b"<p>https://example.org/a</p>"
    assert page.name == "standard input"
    assert (listed.url, listed.body) == ("https://example.org/a", None)


@pytest.mark.parametrize(
    "body", [b"", b"# only a remark\n", b"https://example.org/a and more\n", b"\xff\xfe\x00"]
)
def test_what_is_no_list_of_addresses_is_a_page(body: bytes) -> None:
    (source,) = collect(["-"], None, lambda: body)

    assert source.body == body


def test_a_missing_file_is_named_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(
        SourceError, match=r"gone\.html: there is no such file; an address begins with https://"
    ):
        list(collect([str(tmp_path / "gone.html")], None, nothing))


def test_an_address_of_another_kind_is_no_missing_file() -> None:
    with pytest.raises(SourceError, match=r"ftp://example\.org/a: only addresses that begin with https://"):
        list(collect(["ftp://example.org/a"], None, nothing))


def test_a_folder_is_named_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="Is a directory"):
        list(collect([str(tmp_path)], None, nothing))


@pytest.mark.parametrize("name", ["", " "])
def test_an_empty_name_is_no_folder(name: str) -> None:
    with pytest.raises(SourceError, match="One of the names is empty"):
        list(collect([name], None, nothing))


def test_a_name_cannot_steer_the_terminal() -> None:
    (source,) = collect(["https://example.org/\x1b[2J\u202egpj"], None, nothing)

    assert source.name == "https://example.org/[2Jgpj"

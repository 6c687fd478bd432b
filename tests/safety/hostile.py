"""Pages built against readers of pages; each holds, or hides, the same short article."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable

PARAGRAPHS = (
    "The library on Canal Street will lend tools as well as books from next month, its board decided on Monday.",
    "Members asked for drills, ladders and a sewing machine in a survey that the library ran over the winter.",
    "“Most of what people own stands in a cupboard for years,” said Mara Lindqvist, who leads the board.",
    "A local hardware shop gives 140 tools, and two retired carpenters will repair what comes back broken.",
    "The city pays 9,000 euros for the first year, and the board will report on the costs in October.",
)
TITLE = "Library to lend tools"

Recipe = Callable[[], bytes]
Pairs = dict[str, Recipe]


def page(before: str = "", after: str = "", head: str = "") -> bytes:
    article = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{TITLE}</title>{head}</head>'
        f"<body>{before}<article><h1>{TITLE}</h1>{article}</article>{after}</body></html>"
    ).encode("utf-8", "surrogatepass")


def attributes(number: int, shape: str = "a{}=1") -> str:
    return " ".join(shape.format(index) for index in range(number))


def linked_data(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


NESTED: Pairs = {
    "divs": lambda: page("<div>" * 60_000),
    "divs that close": lambda: page("<div>" * 60_000 + "</div>" * 60_000),
    "bold": lambda: page("<b>" * 30_000),
    "words in spans": lambda: page("<span>go " * 15_000),
    "quotations": lambda: page("<blockquote>" * 4_000),
    "lists": lambda: page("<ul><li>" * 8_000),
    "tables": lambda: page("<table><tr><td>" * 4_000),
    "drawings in templates": lambda: page("<template><svg><math>" * 4_000),
    "buttons": lambda: page("<button>" * 20_000),
    "dated boxes": lambda: page('<div itemprop="datePublished">' * 500 + "<b>word</b> " * 60_000),
    "paragraphs within bold": lambda: page("<b>" * 500 + "<p>word word" * 40_000),
    "menus": lambda: page("<nav>" * 5_000),
    "menus around the rest": lambda: page("<nav>A few words. " * 600),
    "objects": lambda: page("<object>" * 5_000),
    "dialogues with a paragraph": lambda: page("<dialog><p>x</p>" * 5_000),
    "preformatted": lambda: page("<pre>" * 5_000),
    "elements of many names": lambda: page("".join(f"<x{index}>" for index in range(60_000))),
}

WIDE: Pairs = {
    "boxes": lambda: page("<div>x</div>" * 60_000),
    "boxes after the article": lambda: page(after="<div>one two</div>" * 40_000),
    "paragraphs": lambda: page("<p>Read this as well.</p>" * 40_000),
    "paragraphs that do not close": lambda: page("<p>x" * 60_000),
    "a paragraph again and again": lambda: page(f"<p>{PARAGRAPHS[0]}</p>" * 15_000),
    "dated boxes": lambda: page('<div itemprop="datePublished">' * 500 + "<b>word</b> " * 60_000),
    "paragraphs within bold": lambda: page("<b>" * 500 + "<p>word word" * 40_000),
    "menus": lambda: page("<nav>" + "<li><a href=/x>Menu item</a></li>" * 20_000 + "</nav>"),
    "links": lambda: page("<a href=/x>more of this</a> " * 40_000),
    "links that do not close": lambda: page("<a href=x>y" * 20_000),
    "anchors without an address": lambda: page("<a " * 60_000),
    "cells": lambda: page("<table>" + "<tr><td>a<td>b" * 30_000 + "</table>"),
    "what does not belong in a table": lambda: page("<table>" + "<p>x<a>" * 8_000 + "</table>"),
    "comments": lambda: page("<!--x-->" * 600_000),
    "lines of one paragraph": lambda: page("<div>" + "some words<br><br>" * 30_000 + "</div>"),
    "ends of the page": lambda: page("</p></b></body></html>" * 20_000),
    "signs that begin no tag": lambda: page("<" * 2_000_000),
    "half tags": lambda: page("<!" * 60_000),
    "entities that do not exist": lambda: page("<p>" + "&#xFFFFFFFF;&#0;&nothing;&#55296;" * 10_000 + "</p>"),
}

LONG: Pairs = {
    "a word": lambda: page("<p>" + "x" * 5_000_000 + "</p>"),
    "a line": lambda: page("<p>" + "word " * 800_000 + "</p>"),
    "white space": lambda: page(" " * 6_000_000),
    "hard spaces": lambda: page("&nbsp;" * 600_000),
    "a script that does not close": lambda: page(after="<script>" + "x" * 5_000_000),
    "a picture in an address": lambda: page("<img src='data:image/png;base64," + "A" * 5_000_000 + "'>"),
    "a page over the limit": lambda: page(after="<img src='data:image/png;base64," + "A" * 9_000_000 + "'>"),
    "a class": lambda: page("<div class='" + " a" * 2_000_000 + "'>"),
    "a style": lambda: page("<div style='" + "display:" * 400_000 + "'>"),
    "a tag's name": lambda: page("<" + "a" * 4_000_000 + ">"),
    "an attribute's name": lambda: page("<div " + "a" * 4_000_000 + "=1>"),
    "a headline": lambda: page(head=meta("og:title", "A very long title " * 200_000)),
    "a byline": lambda: page(head=meta("author", "Ann Example, " * 200_000)),
    "a tower of accents": lambda: page("<p>e" + "\u0301" * 500_000 + "</p>"),
    "a language": lambda: page().replace(b'lang="en"', b'lang="' + b"en-" * 300_000 + b'"'),
}

ATTRIBUTES: Pairs = {
    "with values": lambda: page(f"<div {attributes(60_000)}>"),
    "without values": lambda: page(f"<div {attributes(60_000, 'a{}')}>"),
    "with tags in their values": lambda: page(
        f"<p {attributes(60_000, 'a{}=QxQ').replace('Q', chr(34)).replace('x', '<x>')}>x</p>"
    ),
    "with ends of tags in their values": lambda: page(
        f"<div {attributes(60_000, 'a{}=Q>Q').replace('Q', chr(39))}>"
    ),
    "between slashes": lambda: page(f"<div/{attributes(60_000).replace(' ', '/')}>"),
    "without space between": lambda: page("<div " + "".join(f"a{index}=''" for index in range(60_000)) + ">"),
    "on lines": lambda: page(f"<div\n{attributes(60_000)}>".replace(" ", "\n")),
    "of a tag with odd letters": lambda: page(f"<dïv {attributes(60_000)}>"),
    "of the outermost tag": lambda: f"<html {attributes(60_000)}>".encode() + page(),
    "of the same name": lambda: page("<div " + "a=b " * 600_000 + ">"),
    "of many tags": lambda: page(f"<div {attributes(250)}></div>" * 400),
    "of tags without an end": lambda: page("<a" * 200_000),
    "of tags without an end, with values": lambda: page("<a/b=" * 200_000),
    "of a script": lambda: page(f"<script {attributes(60_000)}>if (a<b) c()</script>"),
}

HEADS: Pairs = {
    "authors": lambda: page(head=meta("author", "Ann Example") * 30_000),
    "values of many names": lambda: page(head="".join(meta(f"n{index}", "x") for index in range(50_000))),
    "feeds": lambda: page(head="<link rel=alternate type=application/rss+xml href=/feed>" * 30_000),
    "own addresses": lambda: page(head="<link rel=canonical href=https://other.example/>" * 30_000),
    "bases that are none": lambda: page(head="<base href='javascript:alert(1)'><base href='http://[::1'>"),
    "a title within the title": lambda: page(head="<title>Another</title><meta charset=rot13>"),
    "pictures that are none": lambda: page(
        head=meta("og:image", "javascript:alert(1)")
        + meta("og:image", "//[::1")
        + meta("og:image", "data:,x")
    ),
    "halves of characters": lambda: page(
        "<p>&#xD800; &#xDFFF;</p>", head=meta("author", "&#xD800;Bob Example")
    ),
}

LINKED_DATA: Pairs = {
    "lists in lists": lambda: page(head=linked_data("[" * 50_000)),
    "lists in lists that close": lambda: page(head=linked_data("[" * 20_000 + "]" * 20_000)),
    "objects in objects": lambda: page(head=linked_data('{"a":' * 900 + "1" + "}" * 900)),
    "graphs in graphs": lambda: page(head=linked_data('{"@graph":[' * 300 + "1" + "]}" * 300)),
    "a text that does not end": lambda: page(head=linked_data('{"headline":"' + '\\"' * 30_000)),
    "texts that do not end": lambda: page(head=linked_data('{"a":"' * 30_000)),
    "a long number": lambda: page(
        head=linked_data('{"@type":"NewsArticle","wordCount":' + "9" * 900_000 + "}")
    ),
    "numbers that are none": lambda: page(
        head=linked_data('{"@type":"NewsArticle","headline":NaN,"datePublished":-1e400,"author":1e999}')
    ),
    "a long headline": lambda: page(
        head=linked_data(json.dumps({"@type": "NewsArticle", "headline": "word " * 100_000}))
    ),
    "many authors": lambda: page(
        head=linked_data(
            json.dumps(
                {
                    "@type": "NewsArticle",
                    "author": [{"name": f"Ann Example {index}"} for index in range(9_000)],
                }
            )
        )
    ),
    "many scripts": lambda: page(head=linked_data('{"@type":"NewsArticle","headline":"x"}') * 5_000),
    "references in a circle": lambda: page(
        head=linked_data(
            '{"@graph":[{"@id":"a","@type":"NewsArticle","author":{"@id":"b"}},'
            '{"@id":"b","@type":"Person","name":{"@id":"a"},"x":1}]}'
        )
    ),
    "values of every wrong kind": lambda: page(
        head=linked_data(
            '{"@type":["NewsArticle",5,null,{}],"headline":["a",{"b":1}],"datePublished":{"x":1},"image":[[[1]]],'
            '"author":[5,null,true,["x"],{"name":{"a":1}},{"name":["x"]},{"@type":7,"name":7}],"url":5,"@id":5,'
            '"publisher":[[]],"isAccessibleForFree":{},"mainEntityOfPage":5,"inLanguage":5,"keywords":{"a":[1]}}'
        )
    ),
    "halves of characters": lambda: page(
        head=linked_data(
            '{"@type":"NewsArticle","description":"\\ud800 x","author":{"name":"\\udc00Ann Example"}}'
        )
    ),
    "control characters": lambda: page(
        head=linked_data(
            '{"@type":"NewsArticle","description":"a\\u0000b\\u001b[31m","author":{"name":"Ann\\u0000"}}'
        )
    ),
}

ENCODED: Pairs = {
    "UTF-16 with a mark": lambda: page().decode().encode("utf-16"),
    "UTF-16 without": lambda: page().decode().encode("utf-16-le"),
    "UTF-16, the other way round": lambda: page().decode().encode("utf-16-be"),
    "half of UTF-16": lambda: page(after="x").decode().encode("utf-16")[:-1],
    "several marks": lambda: b"\xef\xbb\xbf" * 3 + page(),
    "NULs between": lambda: page().replace(b"e", b"e\0"),
    "NULs in tags": lambda: page().replace(b"<p>", b"<\0p>"),
    "UTF-7": lambda: page("+ADw-script+AD4-").replace(b"utf-8", b"utf-7"),
    "a codec that is no charset": lambda: (
        page("\\x3cscript\\x3e").replace(b"utf-8", b"unicode_escape") + b"\xff"
    ),
    "UTF-8 cut short": lambda: page() + b"\xe2\x82",
    "control characters": lambda: page("".join(map(chr, range(1, 32))) * 1_000),
    "entities of a document type": lambda: (
        b'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">'
        b'<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>' + page("<p>&x;&b;</p>")
    ),
    "an endless document type": lambda: b"<!DOCTYPE " + b"x" * 1_000_000 + b">" + page(),
}

#: Nothing of the article is to be seen here: in a browser neither.
UNREADABLE: Pairs = {
    "nothing": lambda: b"",
    "NULs": lambda: bytes(50_000),
    "one sign": lambda: b"<",
    "noise": lambda: random.Random(1).randbytes(500_000),
    "a PDF": lambda: b"%PDF-1.7\n" + random.Random(2).randbytes(50_000),
    "compressed": lambda: gzip.compress(page()),
    "a comment that does not end": lambda: b"<html><body><!--" + page(),
    "more tags than any page": lambda: page("<i>x</i>" * 300_000),
    "frames": lambda: b"<html><frameset>" + b"<frame src=x>" * 30_000 + b"</frameset>",
}

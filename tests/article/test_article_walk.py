"""The walk: text blocks and what stands around them."""

from __future__ import annotations

import sys

import pytest

from bot.article.document import parse
from bot.article.prescan import CONTROLS
from bot.article.walk import BLOCK_TAGS, HIDDEN, HIDDEN_CLASS, MAX_BLOCK, MAX_BLOCKS, Walk, walk

SPACES = [c for c in map(chr, range(sys.maxunicode + 1)) if c.isspace() and not CONTROLS.match(c)]


def walked(body: str) -> Walk:
    return walk(parse(f"<html><body>{body}</body></html>".encode(), "https://courier.example/").root)


def test_inline_elements_do_not_part_a_block() -> None:
    found = walked("<p>The <b>winter</b> ferry <a href='/x'>sails</a> again.</p>")

    assert found.texts == ["The winter ferry sails again."]
    assert (found.linked, found.strong) == ([5], [6])


@pytest.mark.parametrize("space", SPACES)
def test_any_space_within_a_block_is_one_blank_and_none_stands_around_it(space: str) -> None:
    found = walked(f"<p>{space}The winter{space}ferry{space} sails.{space}</p>")

    assert found.texts == ["The winter ferry sails."]
    assert walked(f"<p>{space}The winter{space}</p>").texts == ["The winter"]


def test_two_line_breaks_part_paragraphs_and_one_does_not() -> None:
    assert walked("<div>one<br>two<br><br>three</div>").texts == ["one two", "three"]


def test_text_before_and_after_a_nested_block_is_its_own_block() -> None:
    found = walked("<div>before<p>inside</p>after</div>")

    assert found.texts == ["before", "inside", "after"]
    assert [BLOCK_TAGS[found.tag[element]] for element in found.owner] == ["div", "p", "div"]


def test_scripts_controls_and_pictures_are_no_text() -> None:
    body = (
        "<script>x()</script><style>p{}</style><button>Share</button><svg><text>Icon</text></svg><p>Text</p>"
    )

    assert walked(body).texts == ["Text"]


def test_a_picture_or_control_that_swallowed_paragraphs_is_walked_into() -> None:
    assert walked("<svg><p>one</p></svg><button>Share<p>two</p></button>").texts == ["one", "Share", "two"]


def test_controls_within_controls_without_end_are_walked_through() -> None:
    assert walked("<object>" * 2_000 + "<p>one</p>").texts == ["one"]
    assert walked("<nav>" * 2_000 + "Words and a <a href='/'>link</a>").texts == ["Words and a link"]
    assert walked("<template>" * 2_000 + "<p>one</p>").texts == []


def test_a_link_that_was_left_open_around_the_page_is_none() -> None:
    text = "<p>Text</p>"

    assert walked(f"<a href='/'>{text * 3}</a>").linked == [4] * 3
    assert walked(f"<a href='/'>{text * 9}").linked == [0] * 9


def test_listings_keep_their_lines() -> None:
    assert walked("<pre>def tide():\n    return 2</pre>").texts == ["def tide():\n    return 2"]


def test_breaks_and_boxes_end_lines_of_listings_and_buttons_are_none() -> None:
    listing = "<pre><button>Copy</button><code><div>def tide():</div><div>    return 2</div></code>low<br>high</pre>"

    assert walked(listing).texts == ["def tide():\n    return 2\nlow\nhigh"]


def test_a_rule_parts_what_stands_on_its_sides() -> None:
    assert walked("<div>one<hr>two</div>").texts == ["one", "two"]


def test_hidden_elements_are_marked() -> None:
    found = walked('<div style="display: none"><p>a</p></div><div class="d-none"><p>b</p></div>')

    assert [found.flags[found.parent[element]] for element in found.owner] == [HIDDEN, HIDDEN_CLASS]


def test_every_element_knows_which_blocks_it_holds() -> None:
    found = walked("<main><p>a</p><p>b</p></main><footer><p>c</p></footer>")

    spans = {BLOCK_TAGS[t]: (s, e) for t, s, e in zip(found.tag, found.first, found.last, strict=True)}
    assert spans["main"] == (0, 2)
    assert spans["footer"] == (2, 3)


def test_text_deeper_than_the_stack_is_kept() -> None:
    found = walked("<div>" * 900 + "<p>deep</p>" + "</div>" * 900 + "<p>flat</p>")

    assert found.texts == ["deep", "flat"]


def test_of_a_flood_of_blocks_the_longest_are_kept_in_order() -> None:
    body = "<p>x</p>" * (MAX_BLOCKS + 50) + "<p>A first paragraph.</p><p>A second, longer paragraph.</p>"

    texts = walked(body).texts

    assert len(texts) == MAX_BLOCKS
    assert texts[-2:] == ["A first paragraph.", "A second, longer paragraph."]


def test_a_menu_is_passed_over_unless_it_was_left_open_around_the_text() -> None:
    menu = "<nav>All <a href='/'>News</a> <a href='/sport'>Sport</a></nav>"

    assert walked(f"{menu}Before{menu}after").texts == ["Before", "after"]
    assert walked("<nav><a href='/'>News</a><p>The ferry sails.</p>").texts == ["News", "The ferry sails."]
    assert walked("<nav><a href='/ida'>Ida Lind</a> Updated 3 May</nav>").texts == ["Ida Lind Updated 3 May"]


def test_a_template_is_no_text_unless_there_is_no_other() -> None:
    assert walked("<template><p>Row</p></template><p>Text</p>").texts == ["Text"]
    assert walked("<template><svg><template><p>Text</p>").texts == ["Text"]


def test_elements_without_text_are_nowhere() -> None:
    found = walked("<div><div></div><p><span> </span></p></div><section><p>Text</p></section>")

    assert [BLOCK_TAGS[tag] for tag in found.tag] == ["body", "section", "p"]
    assert (found.first, found.last, found.parent) == ([0, 0, 0], [1, 1, 1], [0, 0, 1])


def test_text_is_read_at_any_depth_and_without_control_characters() -> None:
    assert walked("<div>" * 5_000 + "<b>" * 5_000 + "dee&#1;p\0").texts == ["deep"]


def test_misnested_elements_stand_where_browsers_put_them() -> None:
    found = walked("<p><b>one<p>two</b> three</p><table><tr><td>cell</td>astray</table>")

    assert found.texts == ["one", "two three", "astray", "cell"]


def test_how_characters_are_read_is_no_text_of_its_own() -> None:
    assert walked(
        "<p><ruby>橋<rp>(</rp><rt>はし</rt><rp>)</rp></ruby>の<ruby>費用<rt>ひよう</ruby></p>"
    ).texts == ["橋の費用"]
    assert walked("<ruby>橋<rt>はし<p>The ferry sails.</p>").texts == ["橋はし", "The ferry sails."]


def test_lines_are_known_by_where_they_begin_in_the_text_that_is_kept() -> None:
    found = walked("<p>a&#3; ferry <br> <b>two</b><br>three</p><p>one</p><p>x<br><br>y<br>z</p>")

    assert found.texts == ["a ferry two three", "one", "x", "y z"]
    assert found.lines == {0: (8, 12), 3: (2,)}


def test_nothing_but_controls_is_neither_a_block_nor_a_line() -> None:
    found = walked("<p>&#3;</p><p>a<br>&#3; &#3;<br>&#3;<br>bcd<br>e</p><pre> &#3;\n</pre>")

    assert found.texts == ["a bcd e"]
    assert found.lines == {0: (2, 6)}


def test_lines_end_where_a_block_is_cut() -> None:
    found = walked(f"<p>{'ferry<br>' * (MAX_BLOCK // 5)}</p>")

    assert len(found.texts[0]) == MAX_BLOCK
    assert found.lines[0][-1] < MAX_BLOCK

"""A fragment opens its sentence in the page: by the rules of the directive, and in a real browser."""

import html
import io
import os
import re
import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

import pytest
from PIL import Image, ImageChops

from bot.summary.fragments import Page, encode
from bot.summary.sentences import split

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

ENGLISH = """\
The council of Vessel Bay voted on Monday to buy the ferry company, its half-empty dock & 3 boats for 4.2 million euros.
Mayor Ilse Brandt said the town "could not wait for another winter", and that the first, the second and the third boat \
must sail by March.
According to the harbour office, the ferry reportedly carried 310 passengers a day last year.
The plan was called a mistake. Brandt was not surprised.
The sale must still be approved by the region. The plan was called a mistake. The unions had asked for a vote.
Repairs to the oldest boat, the Sea-Bird, would cost 1,200,000 euros (R&D included), Jonas Weber wrote on 3 May."""
GERMAN = """\
Der Gemeinderat von Birkenau hat am 3. Oktober beschlossen, die Fährgesellschaft für 4,2 Millionen Euro zu kaufen.
Bürgermeisterin Ilse Brandt sagte: „Wir konnten nicht noch einen Winter warten, weil die Boote größer werden müssen.“
Laut Hafenamt beförderte die Fähre im vergangenen Jahr angeblich 310 Fahrgäste am Tag, mehr als je zuvor."""
FRENCH = """\
La maire Inès Brandt a déclaré que la ville « ne pouvait pas attendre un autre hiver » sans son bac.
Selon la capitainerie, le bac aurait transporté 310 passagers par jour l’an dernier, soit 20 % de plus."""
JAPANESE = """\
港町の議会は月曜日、フェリー会社を4億2000万円で買収することを決めた。市長の山田花子氏は「もう一冬待つことはできなかった」と述べた。
港湾事務所によると、フェリーは昨年1日約310人を運んだとみられる。"""
PAGES = {"en": ENGLISH, "de": GERMAN, "fr": FRENCH, "ja": JAPANESE}
TITLE = "The council of Vessel Bay voted on Monday"


def parts_of(fragment: str) -> list[str]:
    return [unquote(part) for part in fragment.removeprefix("#:~:text=").split(",")]


@pytest.mark.parametrize("language", PAGES)
def test_every_part_stands_in_its_sentence_and_is_encoded(language: str) -> None:
    text = PAGES[language]
    page = Page(text, heading=TITLE)

    for start, end in split(text, language):
        fragment = page.fragment(start, end)
        assert re.fullmatch(r"#:~:text=(?:[\w.%~]+-,)?[\w.%~]+(?:,[\w.%~]+)?", fragment)
        assert all(part.strip("-") in text for part in parts_of(fragment) if not part.endswith("-"))


def test_a_long_sentence_is_named_by_its_ends() -> None:
    text = ENGLISH.splitlines()[2]

    assert parts_of(Page(text).fragment(0, len(text))) == ["According to the harbour", "day last year."]


def test_a_start_that_the_headline_has_too_is_lengthened() -> None:
    text = ENGLISH.splitlines()[0]

    start, _ = parts_of(Page(text, heading=TITLE).fragment(0, len(text)))

    assert start.startswith("The council of Vessel Bay voted on Monday to")


def test_a_sentence_that_stands_twice_is_found_by_what_stands_before_it() -> None:
    sentence = "The plan was called a mistake."
    first, second = ENGLISH.index(sentence), ENGLISH.rindex(sentence)
    page = Page(ENGLISH)

    assert page.fragment(first, first + len(sentence)) == f"#:~:text={encode(sentence)}"
    assert parts_of(page.fragment(second, second + len(sentence))) == ["region.-", sentence]


def test_what_cannot_be_told_apart_gets_no_fragment() -> None:
    text = "It rained all day. " * 40

    assert Page(text).fragment(19 * 20, 19 * 20 + 18) == ""


STYLE = "<style>::target-text { background: rgb(255, 0, 255) }</style>"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    for language, text in PAGES.items():
        # Markup in the middle of sentences, as pages have it.
        linked = re.sub(r"(ferry|Fähre|bac|フェリー)", r'<a href="#">\1</a>', html.escape(text, quote=False))
        body = "".join(f'<p style="margin:1500px 0">{line}</p>' for line in linked.splitlines())
        page = (
            f"<!doctype html><html lang={language}><meta charset=utf-8>{STYLE}<h1>{TITLE}</h1>{body}</html>"
        )
        (tmp_path / f"{language}.html").write_text(page, encoding="utf-8")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.browser
def test_chromium_scrolls_to_each_sentence_and_highlights_it(site: str) -> None:
    if CHROMIUM is None:
        assert not os.environ.get("THREADLINE_REQUIRE_BROWSER"), "Chromium is required and not installed"
        pytest.skip("Chromium is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for language, text in PAGES.items():
            page = Page(text, heading=TITLE)
            for start, end in split(text, language):
                fragment = page.fragment(start, end)
                tab = browser.new_page(viewport={"width": 800, "height": 600})
                tab.goto(f"{site}/{language}.html{fragment}")
                tab.wait_for_function("window.scrollY > 0", timeout=5000)
                top, bottom = tab.evaluate(PARAGRAPH, text.count("\n", 0, start))
                first, last = highlighted_rows(tab.screenshot())
                assert top - 2 <= first < last <= bottom + 2, fragment
                tab.close()
        browser.close()


PARAGRAPH = """n => {
    const box = document.querySelectorAll("p")[n].getBoundingClientRect();
    return [box.top, box.bottom];
}"""


def highlighted_rows(png: bytes) -> tuple[int, int]:
    """The first and the last row of a screenshot in the colour of a target text."""
    red, green, blue = Image.open(io.BytesIO(png)).convert("RGB").split()
    magenta = ImageChops.darker(ImageChops.darker(red, ImageChops.invert(green)), blue)
    box = magenta.point([0] * 250 + [255] * 6).getbbox()
    assert box is not None, "nothing is highlighted"
    return box[1], box[3]

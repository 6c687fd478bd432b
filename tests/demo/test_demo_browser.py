"""The demo in a real browser: paste, card, thread, comment, count."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect, sync_playwright

pytestmark = pytest.mark.browser

PATIENCE = 30_000  #: milliseconds for whatever is waited for; a busy machine is no failure
QUIET = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


@pytest.fixture(scope="module")
def chromium() -> str:
    """The browser's path; without it these tests are skipped, or fail where they are required."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        if os.environ.get("THREADLINE_REQUIRE_BROWSER") == "1":
            pytest.fail("THREADLINE_REQUIRE_BROWSER=1, but Chromium is not installed")
        pytest.skip("Chromium is not installed (apt-get install chromium)")
    return path


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(QUIET))
        yield browser
        browser.close()


@contextlib.contextmanager
def started() -> Iterator[subprocess.Popen[str]]:
    """The command a person would call; its first line of output names the address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "demo", "--no-browser", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    yield process
    if process.poll() is None:
        process.kill()
    process.communicate()


@pytest.fixture
def demo() -> Iterator[subprocess.Popen[str]]:
    with started() as process:
        yield process


@pytest.fixture(scope="module")
def shared_demo() -> Iterator[str]:
    """The address of a demo for tests that do not mind what others did in it."""
    with started() as process:
        yield address_of(process)


def address_of(demo: subprocess.Popen[str]) -> str:
    assert demo.stdout is not None
    line = demo.stdout.readline()
    found = re.fullmatch(r"Threadline demo: (http://127\.0\.0\.1:\d+/)\n", line)
    assert found, line + (demo.communicate()[1] if not line else "")
    return found[1]


@contextlib.contextmanager
def opened(browser: Browser, address: str, width: int = 1440, height: int = 900) -> Iterator[Page]:
    """The demo in a window."""
    with contextlib.closing(browser.new_context(viewport={"width": width, "height": height})) as context:
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.goto(address)
        yield page


@pytest.fixture
def page(browser: Browser, demo: subprocess.Popen[str]) -> Iterator[Page]:
    with opened(browser, address_of(demo)) as page:
        yield page


@pytest.fixture
def shared_page(browser: Browser, shared_demo: str) -> Iterator[Page]:
    with opened(browser, shared_demo) as page:
        yield page


def window(page: Page) -> FrameLocator:
    """The conversation, once it is there."""
    expect(page.locator("#window:not([aria-busy])")).to_be_visible(timeout=PATIENCE)
    return page.frame_locator("#window")


def share(page: Page, title: str) -> None:
    """Paste the link of a sample page and send it, as a member would."""
    window(page)
    page.get_by_role("button", name=f"Paste the link to “{title}”").click()
    box = window(page).get_by_role("textbox", name="Message")
    expect(box).to_have_value(re.compile("^http://"), timeout=PATIENCE)
    box.press("Enter")


def test_nobody_begins_with_an_empty_room(page: Page) -> None:
    messages = window(page).locator("#channel-message-list")

    expect(messages).to_contain_text("The council has voted", timeout=PATIENCE)
    expect(messages).to_contain_text("Harbour council approves tidal barrier")
    expect(messages).to_contain_text("shared by @Ben")


def test_a_pasted_link_becomes_a_card_a_thread_and_a_count(page: Page) -> None:
    share(page, "Lumora staff ask chief executive to end border contract")
    discuss = page.get_by_role("button", name="Discuss")
    card = window(page).locator(".channel-message", has=discuss, has_text="Lumora")
    expect(card).to_contain_text("Lumora staff ask chief executive to end border contract in open letter")
    expect(card).to_contain_text("Foundry Row Digest · author not given · date unknown")
    expect(card).to_contain_text("More than 240 Lumora employees signed an open letter")
    expect(card).to_contain_text("shared by @Ana")
    for junk in ("admin", "Oskar Brandt", "Leave a Reply", "Required fields"):
        expect(card).not_to_contain_text(junk)

    card.get_by_role("button", name="Discuss").click()
    thread = page.locator("#rooms .thread")
    expect(thread).to_contain_text("Lumora staff ask chief executive", timeout=PATIENCE)
    thread.click()
    box = window(page).get_by_role("textbox", name="Message")
    expect(box).to_have_attribute("placeholder", re.compile("Lumora staff"), timeout=PATIENCE)
    box.fill("The word “specifically” carries a lot here.")
    box.press("Enter")
    expect(window(page).locator("#channel-message-list")).to_contain_text("carries a lot", timeout=PATIENCE)

    page.get_by_role("button", name="articles").click()
    expect(window(page).locator("#channel-message-list")).to_contain_text("1 comment", timeout=PATIENCE)


def test_a_page_that_cannot_be_read_is_told_honestly(shared_page: Page) -> None:
    share(shared_page, "Inside the quiet sale of the Marlowe shipyard")

    expect(window(shared_page).locator("#channel-message-list")).to_contain_text(
        "is behind a paywall", timeout=PATIENCE
    )


def test_one_can_be_somebody_else(shared_page: Page) -> None:
    page = shared_page
    window(page)
    page.get_by_text("Ben", exact=True).click()
    box = window(page).get_by_role("textbox", name="Message")
    box.fill("Good morning")
    box.press("Enter")

    message = window(page).locator(".channel-message", has_text="Good morning")
    expect(message).to_contain_text("Ben", timeout=PATIENCE)


def test_the_page_fits_a_telephone(browser: Browser, shared_demo: str) -> None:
    with opened(browser, shared_demo, 360, 740) as page:
        expect(page.get_by_role("button", name=re.compile("Paste the link")).first).to_be_visible(
            timeout=PATIENCE
        )

        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        rooms = page.get_by_role("navigation").bounding_box()
        assert rooms
        assert rooms["height"] < 740 / 6  # the conversation needs the room


def test_ctrl_c_ends_it_quietly(demo: subprocess.Popen[str]) -> None:
    address_of(demo)

    demo.send_signal(signal.SIGINT)
    out, err = demo.communicate(timeout=30)

    assert (demo.returncode, err) == (0, "")
    assert "Traceback" not in out

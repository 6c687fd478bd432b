"""Redirects and meta refreshes are followed within limits, each step checked like a new link."""

from __future__ import annotations

import pytest
from loopback import PAGE, Serve, Visit, always, endless, redirects

from bot.errors import BlockedAddressError, RedirectError
from bot.fetch.client import FetchClient


async def test_redirects_are_followed_five_times_and_no_more(serve: Serve, client: FetchClient) -> None:
    site = await serve(redirects({f"/{step}": f"/{step + 1}" for step in range(6)}))

    page = await client.get(f"{site.url}/1")
    assert (page.url, page.requested_url) == (f"{site.url}/6", f"{site.url}/1")
    with pytest.raises(RedirectError):
        await client.get(f"{site.url}/0")


@pytest.mark.parametrize(
    "location",
    ["/b c", "/b%20c", "b c", " /b c ", "//127.0.0.1:{port}/b c", "http://127.0.0.1:{port}/b c#part"],
)
async def test_a_target_may_be_written_as_servers_write_it(
    location: str, serve: Serve, client: FetchClient
) -> None:
    site = await serve(always())
    site.handler = redirects({"/a": location.replace("{port}", str(site.port))})

    assert (await client.get(f"{site.url}/a")).url == f"{site.url}/b%20c"


async def test_a_target_in_raw_bytes_is_escaped_as_browsers_do(serve: Serve, client: FetchClient) -> None:
    site = await serve(always())
    site.handler = redirects({"/a": "/caf\u00e9?utm_source=kept"})

    assert (await client.get(f"{site.url}/a")).url == f"{site.url}/caf%C3%A9?utm_source=kept"


async def test_redirects_in_a_circle_end(serve: Serve, client: FetchClient) -> None:
    site = await serve(redirects({"/a": "/b", "/b": "/a"}))

    with pytest.raises(RedirectError):
        await client.get(f"{site.url}/a")
    assert site.paths == ["/a", "/b"]


async def test_a_redirect_that_grows_ends(serve: Serve, client: FetchClient) -> None:
    async def grow(visit: Visit) -> None:
        await visit.redirect(visit.path + "x" * 900)

    site = await serve(grow)

    with pytest.raises(RedirectError):
        await client.get(f"{site.url}/a")


@pytest.mark.parametrize(
    "target",
    [
        *("http://127.0.0.2/", "http://169.254.169.254/latest/meta-data/", "http://[::1]/", "//10.0.0.1/"),
        *("http://localhost/", "http://example.com:22/", "http://metadata.google.internal/"),
        "https://discord.com/api/webhooks/1/secret",
    ],
)
async def test_a_redirect_to_a_closed_address_is_not_followed(
    target: str, serve: Serve, client: FetchClient
) -> None:
    site = await serve(redirects({"/a": target}))

    with pytest.raises(BlockedAddressError):
        await client.get(f"{site.url}/a")


@pytest.mark.parametrize(
    "target",
    [
        *(
            "file:///etc/passwd",
            "gopher://x/",
            "javascript:alert(1)",
            "data:text/html,x",
            "http://u:p@example.com/",
        ),
        *("http://2130706433/", "http://127.1/", "http://[::1", "http://", "http://exa\u200bmple.com/"),
        "http://example.com/" + "a" * 3000,
    ],
)
async def test_a_redirect_to_no_web_address_is_refused(
    target: str, serve: Serve, client: FetchClient
) -> None:
    site = await serve(redirects({"/a": target}))

    with pytest.raises(RedirectError):
        await client.get(f"{site.url}/a")


async def test_the_body_of_a_redirect_is_not_read(serve: Serve, client: FetchClient) -> None:
    async def handler(visit: Visit) -> None:
        if visit.path == "/b":
            await visit.answer(PAGE)
            return
        head = b"HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 99999999\r\n\r\n"
        await endless(head, bytes(4096))(visit)

    site = await serve(handler)

    assert (await client.get(f"{site.url}/a")).body == PAGE


async def test_only_a_chain_of_permanent_redirects_moves_a_page(serve: Serve, client: FetchClient) -> None:
    moved = await serve(redirects({"/a": "/b", "/b": "/c"}, status="301 Moved Permanently"))
    found = await serve(redirects({"/a": "/b"}))

    assert (await client.get(f"{moved.url}/a")).moved_to == f"{moved.url}/c"
    assert (await client.get(f"{found.url}/a")).moved_to is None


def refreshing(content: str, before: str = "") -> bytes:
    return (
        f'<!doctype html><html><head>{before}<meta http-equiv="refresh" content="{content}"></head>'.encode()
    )


async def test_a_meta_refresh_is_followed_once(serve: Serve, client: FetchClient) -> None:
    async def handler(visit: Visit) -> None:
        await visit.answer(refreshing({"/a": "0;url=/b", "/b": "0; URL='/c'"}[visit.path]))

    site = await serve(handler)

    page = await client.get(f"{site.url}/a")

    assert page.url == f"{site.url}/b"
    assert site.paths == ["/a", "/b"]


@pytest.mark.parametrize(
    "body",
    [
        refreshing("300"),
        refreshing("0"),
        refreshing("300;url=/b"),
        refreshing("0;url=/a"),
        refreshing("0;url=http://127.0.0.2/"),
        refreshing("0;url=http://169.254.169.254/"),
        refreshing("0;url=javascript:alert(1)"),
        refreshing("0;url=/missing"),
        refreshing("0;url=/b", before="<noscript>"),
        refreshing("0;url=/b", before="<!--"),
        refreshing("0;url=/b", before="<script>"),
        refreshing("0;url=/b", before=" " * 70_000),
        b"<meta " * 10_000,
    ],
)
async def test_a_page_whose_refresh_is_not_for_us_is_taken_as_it_is(
    body: bytes, serve: Serve, client: FetchClient
) -> None:
    async def handler(visit: Visit) -> None:
        await (visit.answer(b"", status="404 Not Found") if visit.path == "/missing" else visit.answer(body))

    site = await serve(handler)

    page = await client.get(f"{site.url}/a")

    assert (page.url, page.body) == (f"{site.url}/a", body)


async def test_a_refresh_header_is_not_followed(serve: Serve, client: FetchClient) -> None:
    site = await serve(always(PAGE, "Refresh: 0;url=/b"))

    await client.get(f"{site.url}/a")

    assert site.paths == ["/a"]

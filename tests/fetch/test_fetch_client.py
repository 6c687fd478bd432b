"""A page is fetched within limits, and whatever a server does ends in a page or one typed error."""

from __future__ import annotations

import asyncio
import gzip
import socket
import zlib
from collections.abc import Callable

import brotli
import pytest
from loopback import PAGE, Handler, Serve, Visit, always, endless, raw

from bot.errors import (
    BlockedAddressError,
    ContentTypeError,
    EncodingError,
    FetchError,
    FetchTimeoutError,
    GoneError,
    LinkError,
    RefusedError,
    ServerError,
    StatusError,
    TooLargeError,
    UnreachableError,
)
from bot.fetch.body import zstd
from bot.fetch.client import FEED_TYPES, FetchClient
from bot.fetch.guard import AddressGuard


async def test_a_page_comes_back_with_what_its_headers_say(serve: Serve, client: FetchClient) -> None:
    site = await serve(
        always(
            PAGE,
            'ETag: "e1"',
            "Last-Modified: Mon, 02 Jan 2023 03:04:05 GMT",
            "Cache-Control: public, max-age=600",
            "X-Robots-Tag: noindex",
            "X-Robots-Tag: threadline: noarchive",
            "Set-Cookie: a=b",
            content_type="Text/HTML; charset=Shift_JIS",
        )
    )

    page = await client.get(f"{site.url}/a?utm_source=x")

    assert (page.status, page.body, page.content_type, page.charset) == (200, PAGE, "text/html", "cp932")
    assert (page.etag, page.last_modified) == ('"e1"', "Mon, 02 Jan 2023 03:04:05 GMT")
    assert (page.max_age, page.no_archive, page.moved_to) == (600, True, None)
    assert page.url == page.requested_url == f"{site.url}/a?utm_source=x"
    sent = site.visits[0].headers
    assert sent["user-agent"] == "Threadline/0 (+https://example.org)"
    assert sent["accept-encoding"] == "gzip, deflate, br, zstd"


async def test_no_cookie_is_ever_sent_back(serve: Serve, client: FetchClient) -> None:
    site = await serve(always(PAGE, *(f"Set-Cookie: c{number}=1" for number in range(60))))

    await client.get(site.url)
    await client.get(site.url)

    assert all("cookie" not in visit.headers for visit in site.visits)


async def test_no_proxy_of_the_environment_is_used(
    serve: Serve, client: FetchClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    site = await serve(always())

    assert (await client.get(site.url)).body == PAGE


async def test_validators_are_sent_and_an_unchanged_page_has_no_body(
    serve: Serve, client: FetchClient
) -> None:
    site = await serve(always(b"", status="304 Not Modified", content_type=None))

    page = await client.get(site.url, etag='"e1"', last_modified="Mon, 02 Jan 2023 03:04:05 GMT")

    assert (page.status, page.body) == (304, b"")
    assert site.visits[0].headers["if-none-match"] == '"e1"'
    assert site.visits[0].headers["if-modified-since"] == "Mon, 02 Jan 2023 03:04:05 GMT"


ENCODED: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstd.compress,
    "identity": bytes,
    "GZIP": gzip.compress,
}


@pytest.mark.parametrize("encoding", ENCODED)
async def test_a_compressed_page_is_unfolded(encoding: str, serve: Serve, client: FetchClient) -> None:
    body = PAGE + bytes(range(256)) * 600
    site = await serve(always(ENCODED[encoding](body), f"Content-Encoding: {encoding}"))

    assert (await client.get(site.url)).body == body


async def test_deflate_without_its_header_is_unfolded_as_browsers_do(
    serve: Serve, client: FetchClient
) -> None:
    stream = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    site = await serve(always(stream.compress(PAGE) + stream.flush(), "Content-Encoding: deflate"))

    assert (await client.get(site.url)).body == PAGE


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
async def test_a_bomb_is_too_large_before_it_has_unfolded(
    encoding: str, serve: Serve, client: FetchClient
) -> None:
    site = await serve(always(ENCODED[encoding](bytes(20_000_000)), f"Content-Encoding: {encoding}"))

    with pytest.raises(TooLargeError):
        await client.get(site.url)


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
@pytest.mark.parametrize("damage", ["cut", "garbage", "twice"])
async def test_damaged_compression_is_said_to_be_so(
    encoding: str, damage: str, serve: Serve, client: FetchClient
) -> None:
    whole = ENCODED[encoding](PAGE * 20)
    body = {"cut": whole[:-6], "garbage": b"no compression at all", "twice": whole + whole}[damage]
    site = await serve(always(body, f"Content-Encoding: {encoding}"))

    with pytest.raises(EncodingError):
        await client.get(site.url)


@pytest.mark.parametrize("header", ["gzip, gzip", "gzip, br", "compress", "rot13", "br,identity,gzip"])
async def test_stacked_and_unknown_encodings_are_refused(
    header: str, serve: Serve, client: FetchClient
) -> None:
    site = await serve(always(gzip.compress(gzip.compress(PAGE)), f"Content-Encoding: {header}"))

    with pytest.raises(EncodingError):
        await client.get(site.url)


async def test_encodings_stacked_over_two_headers_are_refused(serve: Serve, client: FetchClient) -> None:
    site = await serve(always(PAGE, "Content-Encoding: gzip", "Content-Encoding: gzip"))

    with pytest.raises(EncodingError):
        await client.get(site.url)


async def test_a_zstd_stream_that_asks_for_much_memory_is_refused(serve: Serve, client: FetchClient) -> None:
    options = {
        zstd.CompressionParameter.window_log: 27,
        zstd.CompressionParameter.enable_long_distance_matching: 1,
    }
    body = zstd.ZstdCompressor(options=options)
    site = await serve(always(body.compress(PAGE) + body.flush(), "Content-Encoding: zstd"))

    with pytest.raises(EncodingError):
        await client.get(site.url)


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"

BEHAVIOURS: dict[str, tuple[Handler, type[FetchError]]] = {
    "says it is large": (raw(HEAD + b"Content-Length: 99999999\r\n\r\n"), TooLargeError),
    "sends chunks for ever": (
        endless(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1000\r\n" + b"a" * 4096 + b"\r\n"),
        TooLargeError,
    ),
    "sends for ever without a length": (endless(HEAD + b"\r\n", b"a" * 4096), TooLargeError),
    "drips its headers": (endless(HEAD, b"X: y\r\n", pause=0.1), FetchTimeoutError),
    "drips its body": (endless(HEAD + b"Content-Length: 9999\r\n\r\n", b"a", pause=0.1), FetchTimeoutError),
    "never answers": (endless(b"", b"", pause=0.1), FetchTimeoutError),
    "says continue for ever": (endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 50), FetchTimeoutError),
    "hangs up": (raw(b""), UnreachableError),
    "hangs up in the headers": (raw(HEAD), UnreachableError),
    "sends 5000 headers": (raw(HEAD + b"X: y\r\n" * 5000 + b"\r\n"), UnreachableError),
    "sends headers for ever": (endless(HEAD, b"X: y\r\n" * 100), UnreachableError),
    "sends one header for ever": (endless(HEAD + b"X: ", b"y" * 4096), UnreachableError),
    "sends less than it says": (raw(HEAD + b"Content-Length: 999\r\n\r\nshort"), UnreachableError),
    "breaks off between chunks": (
        raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"),
        UnreachableError,
    ),
    "says a negative length": (raw(HEAD + b"Content-Length: -1\r\n\r\nx"), UnreachableError),
    "says two lengths": (raw(HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nxy"), UnreachableError),
    "says length and chunks": (
        raw(HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        UnreachableError,
    ),
    "says a huge chunk": (
        raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\nabc"),
        UnreachableError,
    ),
    "says a chunk that is no number": (
        raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\nabc"),
        UnreachableError,
    ),
    "speaks no HTTP": (raw(b"\x00\xff\x13garbage" * 99), UnreachableError),
    "is an SSH server": (raw(b"SSH-2.0-OpenSSH_9.6\r\n"), UnreachableError),
    "upgrades to another protocol": (
        raw(b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"),
        StatusError,
    ),
    "sends a part nobody asked for": (
        always(PAGE, "Content-Range: bytes 0-52/999", status="206 Partial Content"),
        StatusError,
    ),
    "says 304 unasked": (always(b"", status="304 Not Modified"), StatusError),
    "redirects nowhere": (always(b"", status="302 Found"), StatusError),
}


@pytest.mark.parametrize("behaviour", BEHAVIOURS)
async def test_a_server_that_misbehaves_ends_in_one_typed_error(
    behaviour: str, serve: Serve, client: FetchClient
) -> None:
    handler, expected = BEHAVIOURS[behaviour]
    site = await serve(handler)

    with pytest.raises(expected) as caught:
        await client.get(f"{site.url}/secret-path")

    assert type(caught.value) is expected
    assert "secret-path" not in str(caught.value)


async def test_a_connection_that_is_reset_is_an_error(serve: Serve, client: FetchClient) -> None:
    async def reset(visit: Visit) -> None:
        sock = visit.writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")

    site = await serve(reset)

    with pytest.raises(UnreachableError):
        await client.get(site.url)


async def test_a_closed_port_is_an_error(client: FetchClient) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]

        with pytest.raises(UnreachableError):
            await client.get(f"http://127.0.0.1:{port}/")


async def test_a_server_that_speaks_no_tls_is_an_error(client: FetchClient) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(HEAD)
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]

        with pytest.raises(UnreachableError):
            await client.get(f"https://127.0.0.1:{port}/")


async def test_what_a_server_sends_after_its_answer_reaches_nobody(serve: Serve, client: FetchClient) -> None:
    answer = HEAD + b"Content-Length: 5\r\n\r\nfirst"
    site = await serve(raw(answer + answer.replace(b"first", b"extra")))

    assert [(await client.get(site.url)).body for _ in range(2)] == [b"first", b"first"]
    assert len(site.visits) == 2


async def test_a_file_name_in_the_headers_changes_nothing(serve: Serve, client: FetchClient) -> None:
    site = await serve(always(PAGE, 'Content-Disposition: attachment; filename="../../etc/passwd"'))

    assert (await client.get(site.url)).body == PAGE


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("404 Not Found", GoneError),
        ("410 Gone", GoneError),
        ("401 Unauthorized", RefusedError),
        ("403 Forbidden", RefusedError),
        ("429 Too Many Requests", RefusedError),
        ("451 Unavailable For Legal Reasons", RefusedError),
        ("500 Internal Server Error", ServerError),
        ("503 Service Unavailable", ServerError),
        ("418 I'm a teapot", StatusError),
    ],
)
async def test_each_status_is_its_own_error(
    status: str, expected: type[StatusError], serve: Serve, client: FetchClient
) -> None:
    site = await serve(always(b"no", "Retry-After: 999999999", status=status))

    with pytest.raises(expected) as caught:
        await client.get(site.url)

    assert type(caught.value) is expected
    assert caught.value.status == int(status[:3])
    assert caught.value.retry_after == 24 * 3600


@pytest.mark.parametrize(
    ("content_type", "body", "found"),
    [
        ("application/xhtml+xml; charset=utf-8", PAGE, "application/xhtml+xml"),
        ("TEXT/HTML", PAGE, "text/html"),
        (None, PAGE, "text/html"),
        ("", PAGE, "text/html"),
        ("nonsense", PAGE, "text/html"),
        (None, b"\xef\xbb\xbf \n" + PAGE, "text/html"),
        (None, b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'/>", "application/xhtml+xml"),
        (None, b"", ""),
    ],
)
async def test_a_page_is_html_by_its_header_or_else_by_its_looks(
    content_type: str | None, body: bytes, found: str, serve: Serve, client: FetchClient
) -> None:
    site = await serve(always(body, content_type=content_type))

    assert (await client.get(site.url)).content_type == found


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("image/png", b"\x89PNG"),
        ("text/plain", PAGE),
        ("application/json", b"{}"),
        ("video/mp4", b""),
        (None, b"GIF89a" * 1000),
        (None, b"just words"),
    ],
)
async def test_what_is_no_web_page_is_not_read(
    content_type: str | None, body: bytes, serve: Serve, client: FetchClient
) -> None:
    site = await serve(always(body, content_type=content_type))

    with pytest.raises(ContentTypeError):
        await client.get(site.url)


@pytest.mark.parametrize("content_type", ["application/pdf", None])
async def test_a_pdf_is_taken_as_one_but_not_asked_for(
    content_type: str | None, serve: Serve, client: FetchClient
) -> None:
    site = await serve(always(b"%PDF-1.7", content_type=content_type))

    page = await client.get(site.url)

    assert (page.content_type, page.body) == ("application/pdf", b"%PDF-1.7")
    assert "pdf" not in site.visits[0].headers["accept"]


async def test_a_feed_is_taken_where_feeds_are_wanted(serve: Serve, client: FetchClient) -> None:
    site = await serve(always(b"<rss/>", content_type="application/rss+xml"))
    untyped = await serve(always(b"<?xml version='1.0'?><rss/>", content_type=None))
    text = await serve(always(b"User-agent: *", content_type="application/octet-stream"))

    assert (await client.get(site.url, accept=FEED_TYPES, robot=True)).body == b"<rss/>"
    assert (await client.get(untyped.url, accept=FEED_TYPES)).content_type == "application/xml"
    assert (await client.get(text.url, accept=None)).body == b"User-agent: *"


@pytest.mark.parametrize(
    "charset", ["rot13", "unicode_escape", "utf-7", "undefined", "base64", "x" * 900, "../../x", ""]
)
async def test_a_charset_the_web_does_not_know_is_not_believed(
    charset: str, serve: Serve, client: FetchClient
) -> None:
    site = await serve(always(content_type=f"text/html; charset={charset}"))

    assert (await client.get(site.url)).charset is None


async def test_a_closed_address_is_refused_before_anything_is_sent(serve: Serve) -> None:
    site = await serve(always())
    client = FetchClient("Threadline/0", AddressGuard())

    with pytest.raises(BlockedAddressError):
        await client.get(site.url)
    with pytest.raises(LinkError):
        await client.get("ftp://example.org/")
    await client.close()

    assert site.visits == []


async def test_a_client_that_was_closed_opens_again(serve: Serve, client: FetchClient) -> None:
    site = await serve(always())

    await client.get(site.url)
    await client.close()
    await client.close()

    assert (await client.get(site.url)).body == PAGE


async def test_link_headers_name_a_hub_and_the_page_itself(serve: Serve, client: FetchClient) -> None:
    site = await serve(
        always(PAGE, 'Link: </hub>; title="a, b"; rel="hub", <https://example.org/>; rel=self')
    )

    page = await client.get(site.url)

    assert (page.hub_url, page.self_url) == (f"{site.url}/hub", "https://example.org/")


async def test_a_form_follows_only_redirects_that_keep_it(serve: Serve, client: FetchClient) -> None:
    async def handler(visit: Visit) -> None:
        body = await visit.reader.readexactly(int(visit.headers["content-length"]))
        if visit.path == "/moved":
            await visit.redirect("/hub", status="307 Temporary Redirect")
        elif visit.path == "/seen":
            await visit.redirect("/hub", status="303 See Other")
        elif visit.path == "/circle":
            await visit.redirect("/circle", status="308 Permanent Redirect")
        else:
            forms.append(body)
            await visit.answer(status="202 Accepted")

    forms: list[bytes] = []
    site = await serve(handler)

    await client.post(f"{site.url}/moved", {"a": "b c&d"})
    for path in ("seen", "circle"):
        with pytest.raises(FetchError):
            await client.post(f"{site.url}/{path}", {"a": "b"})
    with pytest.raises(BlockedAddressError):
        await client.post("http://10.0.0.1/hub", {"a": "b"})

    assert forms == [b"a=b+c%26d"]

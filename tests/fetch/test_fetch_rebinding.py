"""A name is looked up once for each visit, and where it leads is what counts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from aiohttp.abc import AbstractResolver
from loopback import PAGE, Serve, always, redirects
from name_servers import Zone

from bot.errors import BlockedAddressError, FetchError, ResolveError
from bot.fetch.client import FetchClient, FetchLimits
from bot.fetch.guard import AddressGuard


async def visit_by_name(
    resolver: AbstractResolver, port: int, ask: Callable[[FetchClient, str], Awaitable[object]]
) -> None:
    guard = AddressGuard(ports={port})
    client = FetchClient(
        "Threadline/0", guard, FetchLimits(seconds=2, connect_seconds=0.3), resolver=resolver
    )
    try:
        await ask(client, f"http://rebind.example:{port}/")
    finally:
        await client.close()


async def test_a_name_that_turns_to_loopback_after_the_first_look_reaches_nobody(serve: Serve) -> None:
    site = await serve(always())
    # The first answer is global unicast that was never given out, so the first visit cannot connect.
    resolver = Zone(("3ffe::1",), ("127.0.0.1",))

    async def twice(client: FetchClient, url: str) -> None:
        with pytest.raises(FetchError):
            await client.get(url)
        with pytest.raises(BlockedAddressError):
            await client.get(url)

    await visit_by_name(resolver, site.port, twice)

    assert site.visits == []


@pytest.mark.parametrize(
    "answer", [("127.0.0.1",), ("3ffe::1", "127.0.0.1"), ("127.0.0.1", "3ffe::1"), ("::ffff:127.0.0.1",)]
)
async def test_a_name_with_one_closed_answer_is_not_dialled_at_all(
    answer: tuple[str, ...], serve: Serve
) -> None:
    site = await serve(always())

    async def once(client: FetchClient, url: str) -> None:
        with pytest.raises(BlockedAddressError):
            await client.get(url)

    await visit_by_name(Zone(answer), site.port, once)

    assert site.visits == []


async def test_a_redirect_to_a_name_that_leads_inside_is_not_followed(serve: Serve) -> None:
    inside = await serve(always())
    outside = await serve(redirects({"/": f"http://rebind.example:{inside.port}/"}))
    guard = AddressGuard(ports={inside.port}, allow={f"127.0.0.1:{outside.port}"})
    client = FetchClient("Threadline/0", guard, resolver=Zone(("127.0.0.1",)))

    with pytest.raises(BlockedAddressError):
        await client.get(outside.url)
    await client.close()

    assert inside.visits == []


async def test_a_name_without_an_address_does_not_exist(serve: Serve) -> None:
    async def once(client: FetchClient, url: str) -> None:
        with pytest.raises(ResolveError):
            await client.get(url)

    await visit_by_name(Zone(()), 8080, once)


async def test_a_name_the_owner_allows_may_lead_inside(serve: Serve) -> None:
    site = await serve(always())
    client = FetchClient(
        "Threadline/0", AddressGuard(allow={f"site.local:{site.port}"}), resolver=Zone(("127.0.0.1",))
    )

    page = await client.get(f"http://site.local:{site.port}/a")
    await client.close()

    assert page.body == PAGE


async def test_a_redirect_may_name_its_host_in_its_own_letters(serve: Serve) -> None:
    site = await serve(always())
    host = f"xn--bcher-kva.example:{site.port}"
    site.handler = redirects({"/a": f"http://Bücher.example:{site.port}/ä"})
    client = FetchClient("Threadline/0", AddressGuard(allow={host}), resolver=Zone(("127.0.0.1",)))

    page = await client.get(f"http://{host}/a")
    await client.close()

    assert page.url == f"http://{host}/%C3%A4"

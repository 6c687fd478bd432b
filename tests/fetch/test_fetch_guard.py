"""Nothing but the public web is ever dialled."""

from __future__ import annotations

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st
from name_servers import Answers

from bot.errors import BlockedAddressError, LinkError
from bot.fetch.guard import AddressGuard, AddressRefusedError, GuardedResolver, is_public

CLOSED = [
    *("0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.0", "100.100.100.200", "100.127.255.255"),
    *("127.0.0.1", "127.255.255.254", "169.254.0.1", "169.254.169.254", "172.16.0.1", "172.31.255.255"),
    *("192.0.0.1", "192.0.0.192", "192.0.2.1", "192.31.196.1", "192.52.193.1", "192.88.99.1", "192.168.0.1"),
    *("192.175.48.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.255", "224.0.0.1"),
    *("239.255.255.250", "240.0.0.1", "255.255.255.255", "168.63.129.16"),
    *("::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:93.184.215.14", "::ffff:0:7f00:1"),
    *(
        "64:ff9b::7f00:1",
        "64:ff9b::5db8:d70e",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:20::1",
        "2001:1::1",
    ),
    *(
        "2001:db8::1",
        "2002:7f00:1::1",
        "2002:5db8:d70e::1",
        "2620:4f:8000::1",
        "3fff::1",
        "4000::1",
        "5f00::1",
    ),
    *("fc00::1", "fd00:ec2::254", "fe80::1", "fec0::1", "ff02::1", "ffff::1"),
]
OPEN = [
    *(
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "93.184.215.14",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
    ),
    *("128.0.0.0", "168.63.129.15", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0"),
    *("192.0.1.0", "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "223.255.255.255"),
    *("2001:200::1", "2001:4860:4860::8888", "2003::1", "2606:4700:4700::1111", "2a00:1450::1", "3ffe::1"),
]


def literal(address: str) -> str:
    return f"[{address}]" if ":" in address else address


@pytest.mark.parametrize("address", CLOSED)
async def test_a_closed_address_is_refused_wherever_it_turns_up(address: str) -> None:
    guard = AddressGuard()

    with pytest.raises(BlockedAddressError):
        guard.check_url(f"http://{literal(address)}/")
    with pytest.raises(AddressRefusedError):
        await GuardedResolver(Answers(address), guard).resolve("name.example", 80)
    with pytest.raises(AddressRefusedError):
        guard.socket(address_info(address))


@pytest.mark.parametrize("address", OPEN)
async def test_an_address_just_outside_a_closed_range_is_open(address: str) -> None:
    guard = AddressGuard()

    assert guard.check_url(f"http://{literal(address)}/")
    assert await GuardedResolver(Answers(address), guard).resolve("name.example", 80)
    guard.socket(address_info(address)).close()


def address_info(
    address: str, port: int = 80, scope: int = 0
) -> tuple[int, int, int, str, tuple[object, ...]]:
    if ":" in address:
        return socket.AF_INET6, socket.SOCK_STREAM, 6, "", (address, port, 0, scope)
    return socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)


@pytest.mark.parametrize(
    "host",
    [
        *(
            "localhost",
            "LOCALHOST",
            "localhost.",
            "sub.localhost",
            "localhost.localdomain",
            "intranet",
            "router",
        ),
        *(
            "db.internal",
            "metadata.google.internal",
            "host.docker.internal",
            "printer.lan",
            "nas.local",
            "x.home",
        ),
        *(
            "x.home.arpa",
            "1.0.0.127.in-addr.arpa",
            "x.corp",
            "x.intranet",
            "x.private",
            "abc.onion",
            "abc.i2p",
        ),
        *("api.default.svc", "api.default.svc.cluster.local", "x.test", "x.invalid", "x.consul"),
    ],
)
def test_a_name_that_is_not_of_the_public_web_is_refused(host: str) -> None:
    with pytest.raises(BlockedAddressError):
        AddressGuard().check_url(f"https://{host}/")


@pytest.mark.parametrize(
    "host",
    [
        *("example.com", "EXAMPLE.com.", "localhost.example.com", "127.0.0.1.example.com", "1.example.com"),
        *("a_b.example", "xn--bcher-kva.example", "bücher.example", "internal.example", "test.example"),
        "ｅｘａｍｐｌｅ.com",
    ],
)
def test_a_public_name_that_only_looks_odd_is_open(host: str) -> None:
    assert AddressGuard().check_url(f"https://{host}/a").endswith("/a")


@pytest.mark.parametrize(
    "url",
    [
        *(
            "http://2130706433/",
            "http://0x7f.1/",
            "http://0177.0.0.1/",
            "http://127.1/",
            "http://127.0.0.1./",
        ),
        *(
            "http://①②⑦.⓪.⓪.①/",
            "http://127。0.0.1/",
            "http://１２７.0.0.1/",
            "http://0/",
            "http://8.8.8.8.8/",
        ),
        *("http://[fe80::1%25eth0]/", "http://[fe80::1%eth0]/", "http://[::1]evil.example/"),
        *(
            "http://example.com@127.0.0.1/",
            "http://user:pass@example.com/",
            "http://127.0.0.1\\@example.com/",
        ),
        *("ftp://example.com/", "gopher://x/", "file:///etc/passwd", "//example.com/", "http:example.com"),
    ],
)
def test_an_address_that_software_reads_in_two_ways_is_refused(url: str) -> None:
    with pytest.raises((LinkError, BlockedAddressError)):
        AddressGuard().check_url(url)


def test_only_web_ports_are_open() -> None:
    guard = AddressGuard()

    for port in (80, 443, 8080, 8443):
        assert guard.check_url(f"http://example.com:{port}/")
    for port in (21, 22, 25, 53, 110, 143, 2375, 3306, 5432, 6379, 8081, 9200, 11211, 27017):
        with pytest.raises(BlockedAddressError):
            guard.check_url(f"http://example.com:{port}/")
        with pytest.raises(AddressRefusedError):
            guard.socket(address_info("93.184.215.14", port))


def test_the_owner_may_open_other_ports() -> None:
    assert AddressGuard(ports={8000}).check_url("http://example.com:8000/")
    with pytest.raises(BlockedAddressError):
        AddressGuard(ports={8000}).check_url("http://example.com/")


@pytest.mark.parametrize(
    "bad", ["127.0.0.1", "10.0.0.5", "169.254.169.254", "64:ff9b::a9fe:a9fe", "fd00::1", "0.0.0.0"]
)
async def test_one_bad_answer_fails_the_whole_name(bad: str) -> None:
    resolver = GuardedResolver(Answers("93.184.215.14", bad, "2606:4700::1111"), AddressGuard())

    with pytest.raises(AddressRefusedError):
        await resolver.resolve("mixed.example", 443)


async def test_a_name_without_an_answer_does_not_exist() -> None:
    with pytest.raises(socket.gaierror):
        await GuardedResolver(Answers(), AddressGuard()).resolve("nowhere.example", 443)


async def test_an_address_with_a_zone_is_refused() -> None:
    with pytest.raises(AddressRefusedError):
        AddressGuard().socket(address_info("2606:4700::1111", scope=2))
    with pytest.raises(AddressRefusedError):
        await GuardedResolver(Answers("2606:4700::1111%eth0"), AddressGuard()).resolve("zoned.example", 80)
    with pytest.raises(AddressRefusedError):
        await GuardedResolver(Answers("no address"), AddressGuard()).resolve("odd.example", 80)


@pytest.mark.parametrize(
    "url",
    [
        "https://discord.com/api/webhooks/1/secret",
        "https://discord.com/api/v10/webhooks/1/secret",
        "https://discord.com//api/webhooks/1/secret",
        "https://discord.com/app/../api/webhooks/1/secret",
        "https://discord.com/%61pi/webhooks/1/secret",
        "https://canary.discord.com/api/webhooks/1/secret",
        "https://discordapp.com/api/webhooks/1/secret",
        "https://hooks.slack.com/services/T0/B0/secret",
        "https://api.telegram.org/bot1:secret/getMe",
        "https://acme.webhook.office.com/webhookb2/secret",
    ],
)
def test_an_address_that_is_a_password_is_neither_opened_nor_named(url: str) -> None:
    with pytest.raises(BlockedAddressError) as caught:
        AddressGuard().check_url(url)
    assert "secret" not in f"{caught.value!r} {caught.value} {caught.value.url}".replace("is a secret", "")


def test_what_the_owner_allows_is_open_and_nothing_beside_it() -> None:
    guard = AddressGuard(allow={"127.0.0.1:8099", "[::1]:8099", "Site.Local:9000", "10.0.0.7"})

    for url in (
        "http://127.0.0.1:8099/a",
        "http://[::1]:8099/",
        "http://site.local:9000/",
        "http://10.0.0.7:99/",
    ):
        assert guard.check_url(url) == url
    guard.socket(address_info("127.0.0.1", 8099)).close()
    guard.socket(address_info("::1", 8099)).close()
    for url in ("http://127.0.0.1/", "http://127.0.0.2:8099/", "http://site.local/", "http://10.0.0.8/"):
        with pytest.raises(BlockedAddressError):
            guard.check_url(url)


async def test_a_name_the_owner_allows_may_lead_inside_but_lends_its_address_to_no_other_name() -> None:
    guard = AddressGuard(allow={"site.local:8080"})
    resolver = GuardedResolver(Answers("127.0.0.1"), guard)

    assert await resolver.resolve("site.local", 8080)
    guard.socket(address_info("127.0.0.1", 8080)).close()
    with pytest.raises(AddressRefusedError):
        await resolver.resolve("evil.example", 8080)
    with pytest.raises(AddressRefusedError):
        guard.socket(address_info("127.0.0.1", 80))


@given(st.ip_addresses(v=4))
def test_every_ipv4_address_means_the_same_inside_ipv6_only_never_open(address: object) -> None:
    for wrapped in (f"::ffff:{address}", f"::{address}", f"64:ff9b::{address}"):
        with pytest.raises(BlockedAddressError):
            AddressGuard().check_url(f"http://[{wrapped}]/")


@given(st.ip_addresses(v=4))
def test_nothing_is_open_that_python_calls_private(address: object) -> None:
    from ipaddress import IPv4Address

    assert isinstance(address, IPv4Address)
    assert address.is_global or not is_public(address)

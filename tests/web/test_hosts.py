"""Names of a server: its own, and those by which no page may reach it."""

import pytest

from agentmem.web.hosts import Hosts, is_loopback


def test_only_loopback_is_loopback():
    assert all(map(is_loopback, ("127.0.0.1", "127.9.9.9", "::1", "localhost")))
    assert not any(map(is_loopback, ("0.0.0.0", "::", "", "10.0.0.1", "localhost.example", "memory.example")))


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.0.0.1:8765",
        "localhost:1",
        "[::1]",
        "[::1]:80",
        "memory.example",
        "memory.example:443",
    ],
)
def test_a_server_answers_to_its_names_with_any_port(host):
    hosts = Hosts(("memory.example",))
    assert hosts.answers(host) and hosts.trusts([]) and hosts.trusts([f"http://{host}", f"https://{host}"])


@pytest.mark.parametrize(
    "host",
    [
        "",
        ":80",
        "evil.example",
        "localhost.evil.example",
        "localhost:x",
        "localhost:80:80",
        "memory.examples",
        "::1",
    ],
)
def test_and_to_no_other(host):
    hosts = Hosts(("memory.example",))
    assert not hosts.answers(host) and not hosts.trusts(["http://localhost", f"http://{host}"])


def test_origins_that_are_no_page_of_a_server_are_not_trusted():
    assert not any(Hosts().trusts([origin]) for origin in ("", "null", "localhost", "file://localhost"))

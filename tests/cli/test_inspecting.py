"""The command `inspect` as a process: it serves this machine alone, under a token of each start, until interrupted."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest


@pytest.fixture
def db(run) -> str:
    """The file of a bank with two namespaces."""
    for name, text in (("a", "alpha says hello"), ("b", "beta says hello")):
        assert run("remember", text, "--db", "two.db", "--namespace", f"acme/{name}").exit_code == 0
    return "two.db"


@contextmanager
def inspecting(db: str, *options: str) -> Iterator[str]:
    """An inspector in a process of its own; its address."""
    command = [sys.executable, "-m", "agentmem.cli", "inspect", "--db", db, "--no-open", *options]
    process = subprocess.Popen(
        command,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 (else one that ignores it hands that on)
    )
    try:
        assert process.stderr is not None
        told = process.stderr.readline()
        found = re.fullmatch(r"inspect it at (http://127\.0\.0\.1:\d+/\?token=[\w-]{43})\n", told)
        assert found, told + process.stderr.read()
        yield found[1]
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    assert process.returncode == 130


def test_it_serves_whoever_has_the_address(db):
    with inspecting(db) as address:
        root = address.partition("?")[0]
        assert httpx.get(root).status_code == 403
        with httpx.Client(follow_redirects=True) as client:
            page = client.get(address)
            assert page.status_code == 200 and "acme/a" in page.text and "acme/b" in page.text
            assert "alpha says hello" in client.get(f"{root}timeline?ns=acme/a").text
            assert client.get(f"{root}retract?ns=acme/a&id=x").status_code == 404
            assert client.get(root, headers={"host": "evil.example"}).status_code == 421


def test_it_shows_one_namespace_and_writes_where_that_is_allowed(db, answer):
    own = ("--db", db, "--namespace", "acme/a")
    with (
        inspecting(*own[1:], "--write") as address,
        httpx.Client(follow_redirects=True) as client,
    ):
        root = address.partition("?")[0]
        page = client.get(address).text
        assert "acme/a" in page and "acme/b" not in page and "can write" in page
        assert client.get(f"{root}timeline?ns=acme/b").status_code == 404
        id = answer("recall", *own)["hits"][0]["record"]["id"]
        form = client.get(f"{root}retract", params={"ns": "acme/a", "id": id}).text
        token = re.search(r'name="form" value="([0-9a-f]{64})"', form)[1]
        given = {"form": token, "ns": "acme/a", "store": "episodic", "id": id, "sure": "yes", "why": "wrong"}
        assert client.post(f"{root}retract", data=given).status_code == 200
    assert answer("changes", *own)["changes"][0]["state"] == "retracted"


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["--db", "nowhere.db"], 3, "there is no bank at nowhere.db"),
        (["--namespace", "acme/c"], 3, "there is no namespace 'acme/c'"),
        (["--store", "moon"], 3, "no store 'moon' is installed"),
        (["--port", "70000"], 2, "65535"),
    ],
)
def test_what_cannot_be_served_is_said(db, run, options, code, said, monkeypatch):
    monkeypatch.setenv("AGENTMEM_DB", db)
    result = run("inspect", "--no-open", *options)
    assert result.exit_code == code
    assert said in result.stderr

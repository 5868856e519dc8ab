"""Hostile words on the command line: an answer, or one line that says what is wrong; never a traceback."""

from __future__ import annotations

import json
import os
import random
import sys
from itertools import product

import pytest

from agentmem.cli.exits import Exit

THERE = "HERE"
COMMANDS: tuple[tuple[str, ...], ...] = (
    ("remember", THERE),
    ("remember", "x", "--actor", THERE),
    ("remember", "x", "--session", THERE),
    ("remember", "x", "--type", THERE),
    ("remember", "x", "--id", THERE),
    ("remember", "x", "--time", THERE),
    ("remember", "x", "--namespace", THERE),
    ("recall", THERE, "--no-floor"),
    ("recall", "q", "--filter", THERE),
    ("recall", "q", "--at", THERE),
    ("recall", "q", "--known-at", THERE),
    ("recall", "q", "--since", THERE),
    ("recall", "q", "-k", THERE),
    ("recall", "q", "--why", THERE),
    ("recall", "q", "--option", THERE),
    ("recall", "q", "--steps", THERE),
    ("recall", "q", "--store", THERE),
    ("recall", "q", "--mmr", THERE),
    ("context", THERE, "--no-floor"),
    ("context", "q", "--budget", THERE),
    ("correct", "t1", THERE),
    ("correct", THERE, "x"),
    ("correct", "t1", "x", "--since", THERE),
    ("correct", "t1", "--by", THERE),
    ("retract", THERE),
    ("undo", THERE),
    ("forget", THERE, "--yes"),
    ("forget", "--event", THERE, "--yes"),
    ("forget", "--session", THERE, "--yes"),
    ("history", THERE),
    ("changes", "--namespace", THERE),
    ("stats", "--namespace", THERE),
    ("rebuild", "--store", THERE),
    ("pending", "--store", THERE),
    ("export", THERE),
    ("import", THERE),
    ("ingest", THERE),
    ("backup", THERE),
    ("fork", THERE),
    ("reembed", "--embedder", THERE),
    ("verify", "--db", THERE),
    ("--db", THERE, "stats"),
)
WORDS = (
    "half a pair \udcff",
    "'; DROP TABLE event; --",
    '" OR 1 = 1 --',
    "%",
    "_",
    "-",
    "--",
    "",
    "  ",
    "[bold]x[/bold]",
    "{x} %s ?1 :name",
    "a" * 100_000,
    "\x1b[31mred\x9b1m",
    "\n\r\n",
    "\u202egnp \u200b",
    "👩‍👩‍👧‍👦 東京 ภาษา",
    "AND OR NOT",
    '"unclosed',
    "/",
    "a//b",
    "../../etc/passwd",
    "1e999",
    "NaN",
    "-1",
    "99999999999999999999",
    "2026-13-45",
    "9999-12-31",
    "0001-01-01",
)
ATTACKS = tuple(product(COMMANDS, WORDS))


def attack(run, n: int) -> None:
    for command, word in random.Random(n).sample(ATTACKS, n):
        given = [word if part == THERE else part for part in command]
        for form in ([], ["--json"]):
            result = run(*given, *form)
            assert result.exit_code in set(Exit) - {Exit.BUG}, (given, result.output[-500:])
            assert result.exit_code != Exit.INTERRUPTED
            assert "Traceback" not in result.output
            assert result.stderr.count("\nerror: ") == 0
            assert not {"\x1b", "\x9b", "\u202e"} & set(result.stderr)
    assert run("verify").output == "all agrees\n"


def test_hostile_words_are_answered_or_refused_in_one_line(run, bank):
    attack(run, 15)


@pytest.mark.slow
def test_many_hostile_words_are_answered_or_refused_in_one_line(run, bank):
    attack(run, 120)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems decode the command line themselves")
def test_what_is_not_utf8_is_refused_by_name(process, bank):
    done = process("remember", b"caf\xe9")
    assert done.returncode == Exit.INPUT
    assert b"lone surrogate (U+DCE9)" in done.stderr
    assert done.stderr.count(b"\n") == 1


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_bank_whose_name_is_not_utf8_is_told_of_in_json(process):
    name = os.fsdecode(b"caf\xe9.db")
    assert process("--db", name, "remember", "x").returncode == Exit.OK
    done = process("--db", name, "verify", "--json")
    assert json.loads(done.stdout)["db"].endswith(name)

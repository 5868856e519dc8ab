"""Export and import: lossless, an import answers alike, and what is no export is named by line."""

from __future__ import annotations

import io
import json
import random

import pytest

from agentmem.bank import Bank, exchange
from agentmem.errors import AgentMemError, FormatError, InvalidInput, NotFound
from agentmem.records import Event, Query, Trust
from agentmem.testing.looking import difference, exported, journal, snapshot

NS = ("default",)
ODD = ("a/b", "~", "日本 ~1", " ")


@pytest.fixture
def told(bank: Bank) -> Bank:
    store = bank.store()
    store.observe(
        Event(
            id="a",
            text="alpha\u2028\u2029\x85\x1c\r\nbeta",
            actor="Zoë",
            session="s",
            data={"n": [1, 1.0, None, 2**70]},
        ),
        Event(id="w", text="from the web", trust=Trust.WEB),
        Event(id="c", text="caused", caused_by=("w", "a")),
    )
    store.correct("a", "gamma", why="misheard")
    store.put("k", "one")
    store.put("k", "one")
    store.put("k", "two", trust=Trust.AGENT)
    store.feedback(["c"], "used", 0.5)
    bank.store(namespace=ODD).observe("elsewhere")
    return bank


def test_it_is_lossless(told: Bank, open_bank):
    copy = open_bank("copy.db")
    lines = exported(told)
    report = copy.load(lines)
    assert (report.stored, report.duplicates, report.not_applicable) == (len(journal(told)), 0, ())
    assert set(report.namespaces) == {NS, ODD}
    assert exported(copy)[1:] == lines[1:]
    for namespace in (NS, ODD):
        ours, theirs = told.store(namespace=namespace), copy.store(namespace=namespace)
        before, after = snapshot(ours), snapshot(theirs)
        assert {key: r.text for key, r in before[0].items()} == {key: r.text for key, r in after[0].items()}
    assert copy.verify() == []


@pytest.mark.parametrize("page", [1, 2, 3, 4, 7])
def test_it_is_lossless_however_many_are_read_at_a_time(told: Bank, open_bank, monkeypatch, page: int):
    monkeypatch.setattr(exchange, "PAGE", page)
    copy = open_bank("copy.db")
    lines = exported(told)
    assert copy.load(lines).stored == len(journal(told))
    assert exported(copy)[1:] == lines[1:]
    assert copy.verify() == told.verify() == []


def test_an_export_of_some_thousand_events_is_lossless(bank: Bank, open_bank):
    said = [Event(id=f"e{n}", text=f"number {n} said") for n in range(2 * exchange.PAGE + 2)]
    bank.store().observe(*said, embed=False)
    copy = open_bank("copy.db")
    assert copy.load(exported(bank)).stored == len(said)
    assert [event.id for event in copy.store().view(Query()).events()] == [
        event.id for event in reversed(said)
    ]


def test_an_export_that_lacks_a_line_is_an_error_and_nothing_of_it_is_kept(told: Bank, open_bank):
    lines = exported(told)
    (gone,) = [place for place, line in enumerate(lines) if '"id": "c"' in line]
    copy = open_bank("copy.db")
    with pytest.raises(FormatError, match="says that it has"):
        copy.load([*lines[:gone], *lines[gone + 1 :]])
    assert copy.namespaces() == []


def test_an_import_into_a_new_bank_has_the_same_numbers_of_versions_and_links(told: Bank, open_bank):
    copy = open_bank("copy.db")
    copy.load(exported(told))
    again = open_bank("again.db")
    again.load(exported(copy))
    assert difference(snapshot(copy.store()), snapshot(again.store())) == ""


def test_importing_it_into_the_same_bank_changes_nothing(told: Bank):
    before = snapshot(told.store())
    report = told.load(exported(told))
    assert report.stored == 0
    assert difference(before, snapshot(told.store())) == ""
    assert told.verify() == []


def test_one_namespace_into_another(told: Bank, open_bank):
    copy = open_bank("copy.db")
    copy.load(exported(told, NS), namespace=("new",))
    assert copy.namespaces() == [("new",)]
    assert {record.text for record in copy.store(namespace=("new",)).select()} == {
        record.text for record in told.store().select()
    }
    assert copy.verify() == []
    with pytest.raises(InvalidInput, match="several"):
        copy.load(exported(told), namespace=("new",))
    with pytest.raises(NotFound):
        exported(told, ("nobody",))


def test_two_banks_may_be_joined(told: Bank, open_bank):
    other = open_bank("other.db")
    other.store().observe(Event(id="mine", text="mine"))
    other.store().put("k", "three")
    other.load(exported(told))
    assert {"mine", "a", "c"} <= {record.id for record in other.store().select()}
    assert other.verify() == []


@pytest.mark.parametrize("keep", [0, 1, 2, 5, -1])
def test_a_cut_off_export_is_an_error_and_nothing_of_it_is_kept(told: Bank, open_bank, keep: int):
    copy = open_bank("copy.db")
    with pytest.raises(FormatError, match="cut off"):
        copy.load(exported(told)[:keep])
    assert copy.namespaces() == []


def test_a_line_cut_in_half(told: Bank, open_bank):
    lines = exported(told)
    lines[3] = lines[3][: len(lines[3]) // 2]
    with pytest.raises(FormatError, match="line 4"):
        open_bank("copy.db").load(lines)


@pytest.mark.parametrize("seed", range(12))
def test_what_is_no_export_is_an_error_of_ours_and_leaves_nothing(told: Bank, open_bank, seed: int):
    choice = random.Random(seed)
    lines = [json.loads(line) for line in exported(told)]
    for _ in range(choice.randint(1, 3)):
        line = choice.choice(lines)
        key = choice.choice(list(line))
        value = choice.choice([None, 7, "x", [], {}, [[]], {"episodic": 3}, -1, "\ud83d", True])
        if choice.random() < 0.3:
            line.pop(key)
        else:
            line[key] = value
    copy = open_bank("copy.db")
    try:
        copy.load(json.dumps(line) for line in lines)
    except AgentMemError:
        assert copy.namespaces() == []
    else:
        assert copy.verify() == []


@pytest.mark.parametrize("text", ["", "hello", "[]", "3", '{"kind": "event"}', "[" * 100_000, "\x00"])
def test_other_files(bank: Bank, text: str):
    with pytest.raises(FormatError):
        bank.load([text])


def test_a_newer_export_is_refused(told: Bank, open_bank):
    lines = exported(told)
    lines[0] = json.dumps(json.loads(lines[0]) | {"version": 2})
    with pytest.raises(FormatError, match="version 2"):
        open_bank("copy.db").load(lines)


def test_it_holds_no_vectors_and_none_is_lost(told: Bank, open_bank):
    copy = open_bank("copy.db")
    copy.load(exported(told))
    assert copy.stats().vectors == told.stats().vectors
    assert copy.stats().waiting_for_vectors == 0


def test_an_empty_bank(open_bank):
    target = io.StringIO()
    assert open_bank().export(target) == 0
    assert open_bank("copy.db").load(target.getvalue().splitlines()).stored == 0

"""Credentials stored before the screen was on: found without being told, masked in place, gone from the bytes."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from agentmem.bank import Bank
from agentmem.bank.screen import screen, screen_event
from agentmem.embedders.hashing import HashingEmbedder
from agentmem.errors import Conflict, NotFound
from agentmem.records import ChangeSet, Event, Record, Trust
from agentmem.stores import MemoryStore, register
from agentmem.testing.looking import difference, exported, journal, snapshot

NS = ("default",)
# Assembled here, so that nothing in this file looks like a credential to a scanner.
KEY = "AKIA" + "QWERTYUIOPASDFGH"
TOKEN = "ghp" + "_" + "aB3dE5gH7jK9mN1pQ4sT6vW8yZ" * 2
TOKEN = TOKEN[:40]
MASKED = "[redacted: AWS Access Key]"
TEXT = f"My key is {KEY}, keep it."


@register
class Words(MemoryStore):
    """One growing record of all that was said, and one operation of each word that it likes."""

    name = "wordy"

    def interpret(self, events, view):
        return [
            Event(type="word", text=event.text.split()[-1], data={"of": event.text}, caused_by=(event.id,))
            for event in events
            if event.text
        ]

    def apply(self, event, view):
        if event.type == "word":
            text = f"word {event.text}"
            return ChangeSet(records=(Record(id=view.new_id(), text=text, indexed={"cue": text}),))
        if event.store:
            return ChangeSet()
        old = view.get(["all"])
        text = f"{old[0].text} | {event.text}" if old else event.text
        sources = (*(old[0].sources if old else ()), event.id)
        return ChangeSet(records=(Record(id="all", text=text, sources=sources, indexed={"text": text}),))


@pytest.fixture
def keeping(open_bank) -> Bank:
    return open_bank(screen="keep")


def traces(*texts: str) -> dict[str, bytes]:
    """What must not be found in the files: credentials, and the vectors of texts that hold them."""
    vectors = {f"vector of {text}": HashingEmbedder().embed([text])[0] for text in texts}
    told = {name: vector.astype("<f2").tobytes() for name, vector in vectors.items()}
    return told | {"key": KEY.encode(), "token": TOKEN.encode()}


def held(folder: Path, wanted: dict[str, bytes]) -> set[str]:
    files = [file.read_bytes() for file in folder.iterdir() if file.is_file()]
    return {name for name, trace in wanted.items() if any(trace in data for data in files)}


def test_what_was_found_is_told_without_the_credential(keeping: Bank):
    keeping.store().observe(
        Event(id="a", text=TEXT), Event(id="b", text="nothing"), Event(id="c", data={"deep": [{"k": TOKEN}]})
    )
    keeping.store(namespace=("other",)).observe(Event(id="d", text=TEXT))
    report = keeping.scan()
    assert [(one.namespace, one.event_id, one.store, one.kinds) for one in report.found] == [
        (NS, "a", "", ("AWS Access Key",)),
        (NS, "c", "", ("GitHub Token",)),
        (("other",), "d", "", ("AWS Access Key",)),
    ]
    assert (report.masked, report.records, report.rebuilt) == (False, 0, ())
    assert KEY not in report.model_dump_json()
    assert [one.event_id for one in keeping.scan(("other",)).found] == ["d"]
    assert keeping.events(NS, ["a"])[0].text == TEXT
    with pytest.raises(NotFound):
        keeping.scan(("nowhere",))


def test_events_become_what_the_screen_would_have_kept(keeping: Bank, open_bank):
    said = [
        Event(id="a", text=TEXT, actor="Maya", session="s", data={"note": KEY}),
        Event(id="b", text="The weather is fine.", session="s"),
        Event(id="c", text=f"{TOKEN} {KEY}", trust=Trust.TOOL),
    ]
    keeping.store().observe(*said)
    report = keeping.scan(fix=True)
    assert [one.event_id for one in report.found] == ["a", "c"]
    assert (report.masked, report.records, report.vectors, report.rebuilt) == (True, 2, 2, ("episodic",))
    screened = open_bank("screened.db")
    screened.store().observe(*said)
    assert journal(keeping)[:3] == journal(screened)
    assert difference(snapshot(keeping.store()), snapshot(screened.store())) == ""
    assert keeping.store().recall("my key")[0].text == f"My key is {MASKED}, keep it."
    assert keeping.scan().found == ()
    assert keeping.verify() == []


def test_a_trace_is_left_that_does_not_tell_what_was_masked(keeping: Bank):
    keeping.store().observe(Event(id="a", text=TEXT))
    keeping.store().put("k", TEXT)
    keeping.scan(fix=True)
    last = journal(keeping)[-1]
    assert (last["type"], last["store"]) == ("redact", "bank")
    assert last["data"] == {"events": 1, "operations": 1, "records": 2}
    assert KEY not in "".join(exported(keeping))


def test_a_retry_of_the_original_is_a_duplicate_whatever_the_screen(keeping: Bank, open_bank):
    event = Event(id="a", text=TEXT, data={"k": KEY})
    keeping.store().observe(event)
    lines = exported(keeping)
    keeping.scan(fix=True)
    assert keeping.store().observe(event)[0].status == "duplicate"
    assert open_bank(screen="redact").store().observe(event)[0].status == "duplicate"
    assert open_bank(screen="refuse").store().observe(event)[0].status == "refused"
    with pytest.raises(Conflict):
        keeping.store().observe(Event(id="a", text="another"))
    assert keeping.load(lines).duplicates == 1
    assert keeping.events(NS, ["a"])[0].text == f"My key is {MASKED}, keep it."
    assert keeping.scan().found == ()


@pytest.mark.on_file
def test_what_was_made_of_it_is_made_again(keeping: Bank, tmp_path: Path):
    words = keeping.store("wordy")
    store = keeping.store()
    store.observe(
        Event(id="a", text="first"), Event(id="s", text=f"second is {KEY}"), Event(id="b", text="third")
    )
    store.put("vault", f"It opens by {TOKEN}", metadata={"note": KEY}, index={"text": f"vault {KEY}"})
    put = store.select('key = "vault"')[0]
    store.correct(put.id, f"It opens by {KEY}", why=f"was {TOKEN}")
    ids = {record.id for record in words.select()} | {record.id for record in store.select()}
    wanted = traces(f"second is {KEY}", f"word {KEY}", f"first | second is {KEY} | third")
    assert held(tmp_path, wanted) == set(wanted)
    report = keeping.scan(fix=True)
    assert [one.store for one in report.found] == ["", "wordy", "episodic", "episodic"]
    assert report.rebuilt == ("episodic", "wordy")
    assert keeping.scrub() == []
    assert held(tmp_path, wanted) == set()
    assert {record.id for record in words.select()} | {record.id for record in store.select()} == ids
    assert words.get(["all"])[0].text == f"first | second is {MASKED} | third"
    assert store.get([put.id])[0].metadata == {"note": MASKED}
    assert store.get([put.id])[0].why == "was [redacted: GitHub Token]"
    told = [version.record.text for one in words.select() for version in words.history(one.id)]
    assert KEY not in " ".join(told)
    assert words.pending() == []
    assert keeping.verify() == []


def test_an_open_bank_finds_it_by_its_other_words_and_not_by_the_credential(keeping: Bank, open_bank):
    keeping.store().observe(Event(id="a", text=TEXT), "something else")
    other = open_bank(screen="keep")
    for bank in (keeping, other):
        assert bank.store().recall(KEY)[0].id == "a"
    keeping.scan(fix=True)
    for bank in (keeping, other):
        hits = bank.store().recall(KEY, floor=False)
        assert not any(KEY in hit.text for hit in hits)
        assert all(hit.parts["text"] <= 0 for hit in hits)
        assert bank.store().recall("my key keep", floor=False)[0].id == "a"
        assert not bank.store().recall(KEY, floor=False, filter=f'text contains "{KEY}"')
    assert other.verify() == []


def test_why_something_failed_does_not_tell_it_either(keeping: Bank):
    @register
    class Telling(MemoryStore):
        name = "telling"

        def interpret(self, events, view):
            raise ValueError(f"cannot read {events[0].text!r}")

        def apply(self, event, view):
            return ChangeSet()

    store = keeping.store("telling")
    keeping.store().observe(Event(id="a", text=TEXT))
    assert KEY in store.pending()[0].error
    keeping.scan(fix=True)
    assert store.pending()[0].error == f"ValueError: cannot read 'My key is {MASKED}, keep it.'"


def test_what_is_forgotten_is_left_alone_and_a_clean_bank_gets_no_trace(keeping: Bank):
    keeping.store().observe(Event(id="a", text=TEXT), Event(id="b", text="else"))
    keeping.forget(NS, events=["a"])
    before = exported(keeping)
    assert keeping.scan(fix=True).found == ()
    assert exported(keeping) == before


def test_only_the_named_namespace_is_masked(keeping: Bank):
    for place in (NS, ("a",), ("a", "b")):
        keeping.store(namespace=place).observe(Event(id="s", text=TEXT))
    keeping.scan(("a",), fix=True)
    assert [one.namespace for one in keeping.scan().found] == [("a", "b"), NS]
    assert keeping.verify() == []


def test_more_events_than_are_looked_at_at_once(keeping: Bank, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("agentmem.bank.scanning.PAGE", 7)
    keeping.store().observe(*(Event(id=f"{n}", text=TEXT if n % 5 == 0 else f"{n}") for n in range(40)))
    assert [one.event_id for one in keeping.scan(fix=True).found] == [f"{n}" for n in range(0, 40, 5)]
    assert keeping.scan().found == ()
    assert keeping.verify() == []


def test_an_export_of_a_masked_bank_is_a_bank_of_its_own(keeping: Bank, open_bank):
    keeping.store().observe(Event(id="a", text=TEXT))
    keeping.scan(fix=True)
    other = open_bank("other.db")
    assert other.load(io.StringIO("\n".join(exported(keeping)))).stored == 2
    assert other.store().observe(Event(id="a", text=TEXT))[0].status == "duplicate"
    assert other.verify() == []


@pytest.mark.parametrize("text", [TEXT, f'{{"aws_secret": "{KEY}"}}', TOKEN, f"https://u:{TOKEN}@host/"])
def test_what_is_masked_is_not_found_again(text: str):
    masked, kinds = screen_event(Event(text=text, data={"k": text, text: [text]}))
    assert kinds
    assert screen_event(masked) == (masked, ())
    assert screen(masked.text).kinds == ()
    assert json.dumps(masked.data).count("redacted") == 3


def test_the_setting_decides_what_is_stored_from_then_on(open_bank):
    bank = open_bank(screen="keep")
    bank.store().observe(Event(id="a", text=TEXT))
    bank.scan(fix=True)
    bank.store().observe(Event(id="b", text=TEXT))
    assert [one.event_id for one in bank.scan().found] == ["b"]

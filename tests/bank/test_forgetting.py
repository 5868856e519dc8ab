"""Forgetting: in force at once, with all that came of it; everything else is as if it had never been said."""

from __future__ import annotations

import io
import json
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from agentmem.bank import Bank
from agentmem.embedders.hashing import HashingEmbedder
from agentmem.errors import InvalidInput, NotApplicable, NotFound
from agentmem.records import ChangeSet, Event, Record, State, Trust
from agentmem.stores import MemoryStore, register
from agentmem.testing import HandClock
from agentmem.testing.trial import START

NS = ("default",)
LATER = START + timedelta(days=1)
SECRET = "The xylograph hides behind nineteen quinces."


@register
class Diary(MemoryStore):
    """One record that grows: its text and its sources are those of all observations so far."""

    name = "diary"

    def apply(self, event, view):
        if event.store:
            return ChangeSet()
        old = view.get(["diary"])
        text = f"{old[0].text} | {event.text}" if old else event.text
        sources = (*(old[0].sources if old else ()), event.id)
        return ChangeSet(records=(Record(id="diary", text=text, sources=sources, indexed={"text": text}),))


@register
class Careless(Diary):
    """The same, but its versions name only their last source."""

    name = "careless"

    def apply(self, event, view):
        changes = super().apply(event, view)
        return ChangeSet(records=tuple(one.revised(sources=(event.id,)) for one in changes.records))


@register
class Pairing(MemoryStore):
    """Makes one operation of each pair of observations."""

    name = "pairing"

    def interpret(self, events, view):
        said = list(view.events(limit=2))[::-1]
        if len(said) < 2:
            return []
        text = " and ".join(event.text for event in said)
        return [Event(type="pair", text=text, caused_by=tuple(event.id for event in said))]

    def apply(self, event, view):
        if event.type != "pair":
            return ChangeSet()
        return ChangeSet(records=(Record(id=view.new_id(), text=event.text, indexed={"text": event.text}),))


def texts(store: MemoryStore, state: str = "live") -> list[str]:
    return sorted(record.text for record in store.select() if record.state == state)


def traces(text: str) -> dict[str, bytes]:
    """What must not be found in the files: the text, its rare words, its vector as it is kept."""
    vector = HashingEmbedder().embed([text])[0].astype("<f2").tobytes()
    return {"text": text.encode(), "word": b"xylograph", "other word": b"quinces", "vector": vector}


def found(folder: Path, text: str) -> list[str]:
    files = {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}
    return [
        f"{name} in {file}"
        for name, trace in traces(text).items()
        for file, data in files.items()
        if trace in data
    ]


def test_it_is_out_of_every_answer_at_once(bank: Bank, clock: HandClock):
    store = bank.store()
    store.observe(
        Event(id="s", text=SECRET, session="vault", actor="Ines", data={"k": SECRET}), "something else"
    )
    known = clock.now
    report = bank.forget(NS, events=["s"])
    assert (report.events, report.operations, report.records, report.vectors) == (("s",), (), 1, 1)
    assert [hit.id for hit in store.recall(SECRET, floor=False) if hit.id == "s"] == []
    assert store.recall(SECRET, known_at=known, floor=False, filter='id = "s"') == []
    assert store.get(["s"]) == []
    assert SECRET not in store.synthesize(SECRET, 500).text
    with pytest.raises(NotFound):
        store.history("s")
    with pytest.raises(NotFound):
        store.correct("s", "other")
    emptied = bank.events(NS, ["s"])[0]
    assert (emptied.state, emptied.text, emptied.data, emptied.session) == ("forgotten", "", {}, "")
    target = io.StringIO()
    bank.export(target)
    assert "xylograph" not in target.getvalue()
    assert bank.stats().forgotten == 1
    assert bank.verify() == []


def test_a_view_of_the_past_does_not_show_it(bank: Bank):
    store = bank.store()
    store.observe(Event(id="s", text=SECRET))
    view = bank.view(NS)
    bank.forget(NS, events=["s"])
    assert view.get(["s"]) == []
    assert view.select() == []
    assert view.events() == []
    assert view.search(SECRET) == []


def test_a_retry_says_forgotten_and_an_import_does_not_bring_it_back(bank: Bank):
    store = bank.store()
    event = Event(id="s", text=SECRET)
    store.observe(event, "else")
    target = io.StringIO()
    bank.export(target)
    bank.forget(NS, events=["s"])
    assert store.observe(event)[0].status == "forgotten"
    assert store.observe(Event(id="s", text="other"))[0].status == "forgotten"
    report = bank.load(target.getvalue().splitlines())
    assert (report.stored, report.duplicates, report.forgotten) == (0, 1, 1)
    assert texts(store) == ["else"]
    assert bank.verify() == []


def test_an_export_after_it_carries_the_forgetting(open_bank):
    bank, other = open_bank(), open_bank("other.db")
    event = Event(id="s", text=SECRET)
    bank.store().observe(event)
    bank.forget(NS, events=["s"])
    target = io.StringIO()
    bank.export(target)
    other.load(target.getvalue().splitlines())
    assert other.store().observe(event)[0].status == "forgotten"
    assert other.verify() == []


def test_an_import_keeps_no_text_of_what_it_says_is_forgotten(open_bank, tmp_path: Path):
    bank, other = open_bank(), open_bank("other.db")
    bank.store().observe(Event(id="s", text="a"))
    bank.forget(NS, events=["s"])
    target = io.StringIO()
    bank.export(target)
    lines = [json.loads(line) for line in target.getvalue().splitlines()]
    forged = [line | ({"text": SECRET} if line.get("id") == "s" else {}) for line in lines]
    other.load(json.dumps(line) for line in forged)
    assert other.events(NS, ["s"])[0].text == ""
    other.close()
    bank.close()
    assert found(tmp_path, SECRET) == []


def test_naming_nothing_is_an_error(bank: Bank):
    bank.store().observe("a")
    with pytest.raises(InvalidInput):
        bank.forget(NS)
    for named in ({"events": ["no"]}, {"records": ["no"]}, {"session": "no"}):
        with pytest.raises(NotFound):
            bank.forget(NS, **named)
    with pytest.raises(NotFound):
        bank.forget(("nobody",), everything=True)
    assert bank.namespaces() == [NS]
    assert bank.stats().forgotten == 0


def test_forgetting_twice_changes_nothing_more(bank: Bank):
    bank.store().observe(Event(id="s", text=SECRET), "else")
    bank.forget(NS, events=["s"])
    again = bank.forget(NS, events=["s"])
    assert (again.events, again.records) == ((), 0)
    assert bank.verify() == []


def test_a_session_goes_and_others_stay(bank: Bank):
    store = bank.store()
    store.observe(*(Event(id=f"{s}{n}", text=f"{s} {n}", session=s) for s in "ab" for n in range(3)))
    report = bank.forget(NS, session="a")
    assert set(report.events) == {"a0", "a1", "a2"}
    assert texts(store) == ["b 0", "b 1", "b 2"]
    assert bank.verify() == []


def test_a_whole_namespace_goes_and_others_stay(bank: Bank):
    mine, other, under = (
        bank.store(namespace=("a",)),
        bank.store(namespace=("ab",)),
        bank.store(namespace=("a", "b")),
    )
    for store in (mine, other, under):
        store.observe(Event(id="s", text=SECRET))
        store.put("k", "value")
    bank.forget(("a",), everything=True)
    assert mine.select() == []
    assert mine.recall("xylograph", floor=False) == []
    assert [len(store.select()) for store in (other, under)] == [2, 2]
    assert other.recall("xylograph quinces")[0].text == SECRET
    assert bank.verify() == []
    bank.forget(("a",), everything=True)
    traces = list(bank.events(("a",), []))
    assert traces == []
    mine.observe("anew")
    assert texts(mine) == ["anew"]


def test_a_trace_without_the_text_stays_whatever_is_forgotten(bank: Bank):
    bank.store().observe(Event(id="s", text=SECRET, session=""))
    bank.forget(NS, session="")
    bank.forget(NS, everything=True)
    target = io.StringIO()
    bank.export(target)
    lines = [json.loads(line) for line in target.getvalue().splitlines()]
    assert [line["data"]["events"] for line in lines if line.get("type") == "forget"] == [1, 0]


def test_a_shared_vector_stays_while_another_record_has_the_text(bank: Bank):
    store, other = bank.store(), bank.store(namespace=("other",))
    store.observe(Event(id="a", text=SECRET))
    other.observe(Event(id="b", text=SECRET))
    assert bank.stats().vectors == 1
    assert bank.forget(NS, events=["a"]).vectors == 0
    assert [hit.id for hit in other.recall(SECRET)] == ["b"]
    assert bank.verify() == []
    assert bank.forget(("other",), events=["b"]).vectors == 1
    assert bank.stats().vectors == 0


def test_forgetting_a_correction_brings_the_corrected_record_back(bank: Bank):
    store = bank.store()
    store.observe(Event(id="a", text="The train leaves at nine."))
    store.correct("a", "The train leaves at ten.")
    wrong = next(record for record in store.select() if record.id != "a")
    bank.forget(NS, records=[wrong.id])
    assert texts(store) == ["The train leaves at nine."]
    assert [hit.id for hit in store.recall("train leaves")] == ["a"]
    assert len(store.history("a")) == 1
    assert bank.verify() == []


def test_forgetting_the_record_that_another_was_corrected_by_brings_it_back(bank: Bank):
    store = bank.store()
    store.observe(Event(id="a", text="nine"), Event(id="b", text="ten"))
    store.correct("a", by="b")
    bank.forget(NS, records=["b"])
    assert texts(store) == ["nine"]
    assert bank.verify() == []


def test_forgetting_the_middle_of_a_chain_of_corrections(bank: Bank):
    store = bank.store()
    store.observe(Event(id="a", text="one"))
    store.correct("a", "two")
    two = store.select('text = "two"')[0].id
    store.correct(two, "three")
    bank.forget(NS, records=[two])
    assert bank.verify() == []
    assert "three" in texts(store)
    assert all(version.record.text != "two" for version in store.history("a"))


def test_forgetting_the_corrected_keeps_the_correction_and_says_so(bank: Bank):
    store = bank.store()
    store.observe(Event(id="a", text="one"))
    operation = store.correct("a", "two").event_id
    report = bank.forget(NS, records=["a"])
    assert report.still_about == (operation,)
    assert texts(store) == ["two"]
    assert bank.verify() == []


def test_a_retraction_of_several_outlives_the_forgetting_of_one(bank: Bank):
    store = bank.store()
    store.observe(Event(id="a", text="one"), Event(id="b", text="two"))
    store.retract(["a", "b"])
    bank.forget(NS, records=["a"])
    assert bank.verify() == []
    bank.rebuild(NS)
    assert [(record.id, record.state) for record in store.select()] == [("b", State.RETRACTED)]


def test_forgetting_the_newer_value_makes_the_one_stated_late_stand(bank: Bank, clock: HandClock):
    store = bank.store()
    store.put("home", "Bonn")
    clock.forward(days=-3)
    store.put("home", "Rome", time=clock.now)
    new = store.select('text = "Bonn"')[0]
    assert texts(store) == ["Bonn"]
    bank.forget(NS, records=[new.id])
    assert texts(store) == ["Rome"]
    assert bank.verify() == []


def test_a_value_that_was_said_twice_stands_on_the_other_source(bank: Bank):
    store = bank.store()
    first, second = (store.put("tea", "green").event_id for _ in range(2))
    bank.forget(NS, events=[first])
    assert store.select()[0].sources == (second,)
    bank.forget(NS, events=[second])
    assert store.select() == []
    assert bank.verify() == []


@pytest.mark.parametrize("act", ["retract", "correct", "correct by another", "end"])
def test_what_was_done_to_a_value_outlives_the_forgetting_of_the_value_before_it(bank: Bank, act: str):
    """A record is called after the first value under its key; forgetting that calls it otherwise."""
    store = bank.store()
    first = store.put("home", "Leeds").event_id
    store.put("home", "York")
    id = store.select('text = "York"')[0].id
    if act == "retract":
        store.retract([id])
    elif act == "correct by another":
        store.observe(Event(id="says it", text="Porto"))
        store.correct(id, by="says it")
    else:
        store.correct(id, "Porto", since=LATER if act == "end" else None)
    standing = {hit.text for hit in store.recall("", at=LATER)}
    assert "York" not in standing
    bank.forget(NS, events=[first])
    assert {hit.text for hit in store.recall("", at=LATER)} == standing
    assert bank.verify() == []


def test_what_is_said_under_the_key_later_is_not_what_was_retracted(bank: Bank):
    store = bank.store()
    first = store.put("home", "Leeds").event_id
    store.retract([store.select()[0].id])
    store.put("home", "York")
    bank.forget(NS, events=[first])
    assert [hit.text for hit in store.recall("")] == ["York"]


def test_what_replaced_an_ended_value_is_not_retracted_with_it(bank: Bank):
    store = bank.store()
    first = store.put("home", "Leeds").event_id
    store.put("home", "York", since=LATER)
    store.retract([store.select('text = "Leeds"')[0].id])
    bank.forget(NS, events=[first])
    assert [record.text for record in store.select('state = "live"')] == ["York"]


def test_what_others_said_too_stands_once_the_more_trusted_word_is_gone(bank: Bank):
    store = bank.store()
    store.put("tea", "green")
    store.put("tea", "green", trust=Trust.AGENT)
    bank.forget(NS, records=[store.select()[0].id])
    assert [(record.text, record.trust) for record in store.select()] == [("green", "agent")]
    assert bank.verify() == []


@pytest.mark.parametrize("name", ["diary", "careless"])
@pytest.mark.parametrize("which", ["a", "b", "c"])
def test_a_record_with_several_sources_is_made_again_without_the_forgotten_one(
    bank: Bank, name: str, which: str
):
    store = bank.store(name)
    bank.store().observe(*(Event(id=id, text=f"{id}-said") for id in "abc"))
    report = bank.forget(NS, events=[which])
    assert report.rebuilt == (name,)
    assert texts(store) == [" | ".join(f"{id}-said" for id in "abc" if id != which)]
    assert which not in store.select()[0].sources
    assert all(f"{which}-said" not in version.record.text for version in store.history("diary"))
    assert bank.verify() == []
    assert store.recall(f"{which}-said", floor=False)[0].text == texts(store)[0]


def test_a_record_may_be_made_again_under_the_id_of_a_forgotten_one(bank: Bank):
    store = bank.store("diary")
    bank.store().observe(Event(id="a", text="alpha"))
    bank.forget(NS, events=["a"])
    assert store.select() == []
    bank.store().observe(Event(id="b", text="beta"))
    assert [(record.text, record.version) for record in store.select()] == [("beta", 1)]
    assert store.explain("beta", "diary").recalled
    assert bank.verify() == []


def test_an_operation_of_several_events_goes_with_one_and_the_others_are_thought_over(bank: Bank):
    store = bank.store("pairing")
    for id in "abc":
        bank.store().observe(Event(id=id, text=f"{id}-said"))
    assert texts(store) == ["a-said and b-said", "b-said and c-said"]
    report = bank.forget(NS, events=["a"])
    assert len(report.operations) == 1
    assert report.reopened == ("b",)
    assert texts(store) == ["b-said and c-said"]
    assert [item.event_id for item in store.pending()] == ["b"]
    assert bank.verify() == []


def test_what_stood_by_a_trust_that_is_gone_does_not_stop_the_forgetting(bank: Bank):
    @register
    class Mixed(Diary):
        name = "mixed"

    store = bank.store("mixed")
    bank.store().observe(Event(id="u", text="mine"), Event(id="w", text="theirs", trust=Trust.WEB))
    store.retract(["diary"], trust=Trust.AGENT)
    bank.forget(NS, events=["w"])
    assert texts(store) == ["mine"]
    assert bank.verify() == []


def test_what_waits_is_not_interpreted_any_more(bank: Bank):
    @register
    class Never(Pairing):
        name = "never"

        def interpret(self, events, view):
            raise ValueError("no")

    bank.store("never")
    bank.store().observe(Event(id="a", text="x"))
    assert len(bank.pending(NS)) == 1
    bank.forget(NS, events=["a"])
    assert bank.pending(NS) == []


@pytest.mark.on_file
def test_scrub_takes_it_off_the_disk(bank: Bank, tmp_path: Path):
    store, diary = bank.store(), bank.store("diary")
    store.observe(
        Event(id="s", text=SECRET, data={"again": SECRET}), *(f"filler {n} " * 30 for n in range(40))
    )
    store.put("vault", SECRET, metadata={"note": SECRET})
    store.recall(SECRET)
    assert len(found(tmp_path, SECRET)) >= 4
    put = store.select('key = "vault"')[0]
    bank.forget(NS, events=["s"], records=[put.id])
    assert bank.scrub() == []
    assert found(tmp_path, SECRET) == []
    assert len(store.select()) == 40
    assert SECRET not in texts(diary)[0]
    assert bank.verify() == []


@pytest.mark.on_file
def test_scrub_takes_the_vectors_of_records_that_were_made_again(bank: Bank, tmp_path: Path):
    bank.store("careless")
    bank.store().observe(Event(id="a", text="first"), Event(id="s", text=SECRET), Event(id="b", text="last"))
    joined = f"first | {SECRET} | last"
    assert any("vector" in one for one in found(tmp_path, joined))
    bank.forget(NS, events=["s"])
    assert bank.scrub() == []
    assert found(tmp_path, joined) == []


@pytest.mark.on_file
def test_scrub_names_who_still_reads_and_what_lies_beside(bank: Bank, tmp_path: Path):
    bank.store().observe(Event(id="s", text=SECRET))
    bank.backup(tmp_path / "bank.db.copy")
    reader = sqlite3.connect(bank.database.path)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM event").fetchall()
    bank.forget(NS, events=["s"])
    left = bank.scrub(wait_seconds=0.2)
    assert any("-wal" in one and "reading" in one for one in left)
    assert any("bank.db.copy" in one for one in left)
    reader.rollback()
    reader.close()
    (tmp_path / "bank.db.copy").unlink()
    assert bank.scrub() == []
    assert found(tmp_path, SECRET) == []


def test_a_forgetting_is_whole_though_a_store_cannot_apply_what_stays(bank: Bank):
    @register
    class Needy(Diary):
        name = "needy"

        def apply(self, event, view):
            if not event.store and event.id == "b" and not view.get(["diary"]):
                raise KeyError("no diary")
            return super().apply(event, view)

    store = bank.store("needy")
    bank.store().observe(Event(id="a", text="alpha"), Event(id="b", text="beta"))
    bank.forget(NS, events=["a"])
    assert texts(bank.store()) == ["beta"]
    assert [(item.event_id, item.state) for item in store.pending()] == [("b", "failed")]
    assert bank.verify() == []


def test_a_correction_after_a_forgetting_applies(bank: Bank):
    store = bank.store()
    store.observe(Event(id="a", text="one"), Event(id="b", text="two"))
    bank.forget(NS, events=["a"])
    store.correct("b", "three")
    with pytest.raises(NotApplicable):
        store.observe(Event(type="retract", store="episodic", about=("a",)))
    assert texts(store) == ["three"]

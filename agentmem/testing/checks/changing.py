"""Checks of change: corrections on two axes of time, trust, expiry, feedback, the passing of time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from agentmem.errors import AgentMemError, NotApplicable, NotFound, Refused
from agentmem.records import Link, State, Trust, lowest
from agentmem.stores.base import MemoryStore
from agentmem.testing.capabilities import has_own_retrieve, keeper, must_recall
from agentmem.testing.looking import difference, journal, snapshot
from agentmem.testing.promise import expect
from agentmem.testing.trial import HOME, Trial, put, recalled

BLUE = "The choir meets in the blue room."
GREEN = "The choir meets in the green room."
ASKED = "Where does the choir meet?"


def corrected(trial: Trial) -> None:
    """A corrected record leaves recall and every context; the history and the past keep it."""
    store = trial.store()
    old, before = trial.state(store, BLUE), trial.clock.now
    trial.clock.forward(days=1)
    store.correct(old, GREEN, why="misheard")
    trial.clock.forward(days=1)
    new = _successor(store, old)
    _stand(store, new, old)
    context = store.synthesize(ASKED, 600, floor=False)
    expect(BLUE not in context.text, "a context shows a corrected record as if it stood")
    earlier = recalled(store, ASKED, known_at=before)
    expect(new not in earlier, "what was learnt later is recalled with `known_at` before it")
    everything = recalled(store, ASKED, states=(State.LIVE, State.SUPERSEDED))
    if must_recall(store):
        expect(old in earlier, "what was believed then is not recalled with `known_at`")
        expect(old in everything, "a superseded record is not recalled though its state is asked for")
        expect(
            everything[old].record.state is State.SUPERSEDED, "a corrected record is not marked superseded"
        )
    told = [(version.record.text, version.why) for version in store.history(old)]
    expect((BLUE, "") in told, "the history does not tell what was said first")
    expect(any(text == GREEN for text, _ in told), "the history does not tell what is said now")
    expect(any(why == "misheard" for _, why in told), "the history does not tell why")
    expect(
        [one.record.id for one in store.history(new)] == [one.record.id for one in store.history(old)],
        "old and new record tell different histories",
    )


def changed_since(trial: Trial) -> None:
    """A correction with a date: the old text was true before it, the new one from it on."""
    store = trial.store()
    old = trial.state(store, BLUE)
    moved = trial.clock.now + timedelta(days=10)
    trial.clock.forward(days=20)
    store.correct(old, GREEN, why="moved", since=moved)
    new = _successor(store, old)
    day = timedelta(days=1)
    for at, true, false in ((moved - day, old, new), (moved + day, new, old), (None, new, old)):
        hits = recalled(store, ASKED, at=at)
        expect(
            false not in hits,
            f"{hits[false].text!r} is recalled for {at or 'now'}, when it was not true"
            if false in hits
            else "",
        )
        expect(true in hits or not must_recall(store), f"what was true at {at or 'now'} is not recalled")


def corrected_by(trial: Trial) -> None:
    """A correction may name a record that says what is right already."""
    store = trial.store()
    old, right = trial.state(store, BLUE), trial.state(store, GREEN)
    store.correct(old, by=right, why="told twice")
    _stand(store, right, old)
    expect(
        {old, right} <= {one.record.id for one in store.history(right)},
        "the history does not join the two records",
    )


def retracted(trial: Trial) -> None:
    """A retracted record leaves recall, and its history stays; the bank lists it among the changes."""
    store = trial.store()
    id = trial.state(store, BLUE)
    store.retract([id], why="a joke")
    expect(id not in recalled(store, ASKED), "a retracted record is recalled")
    last = store.history(id)[-1]
    expect((last.record.state, last.why) == (State.RETRACTED, "a joke"), f"its history ends with {last!r}")
    expect(id in {record.id for record in store.bank.changes(HOME)}, "`changes` does not list a retraction")


def undone(trial: Trial) -> None:
    """What left recall comes back by `undo`, what took its place leaves; not twice, not with less trust."""
    store = trial.store()
    old = trial.state(store, BLUE)
    store.correct(old, GREEN, why="misheard")
    new = _successor(store, old)
    _refused(lambda: store.undo(old, trust=Trust.AGENT), Refused, "an agent undid what the user said")
    store.undo(old, why="heard well")
    _stand(store, old, new)
    _refused(lambda: store.undo(old), NotApplicable, "what stands was undone")
    told = {(version.operation, version.why) for version in store.history(old)}
    expect(("undo", "heard well") in told, "the history does not tell of the undoing")
    store.undo(new)
    _stand(store, new, old)
    store.retract([new])
    store.undo(new)
    _stand(store, new, old)
    before = snapshot(store)
    store.bank.rebuild(HOME)
    changed = difference(before, snapshot(store))
    expect(not changed, f"a rebuild after an undoing gives other records: {changed}")


def trusted(trial: Trial) -> None:
    """What is trusted less retires nothing: both stand, until somebody trusted as much speaks."""
    store = trial.store()
    user = put(store, "choir.room", BLUE)
    web = put(store, "choir.room", GREEN, Trust.WEB)
    expect(user != web, "a page of the web overwrote what the user said")
    standing = {record.id for record in store.select('key = "choir.room" and state = "live"')}
    expect(standing == {user, web}, "a page of the web retired what the user said, or was not kept beside it")
    expect(
        bool(_links(store, user, "alternative")), "two statements that contradict each other are not linked"
    )
    if not has_own_retrieve(type(store)):
        hits = recalled(store, ASKED)
        expect(web in hits[user].alternatives, "a hit does not name what contradicts it")
    _refused(
        lambda: store.retract([user], trust=Trust.WEB),
        Refused,
        "a page of the web retracted what the user said",
    )
    store.correct(user, "The choir meets in the attic.", trust=Trust.TOOL)
    expect(store.get([user])[0].state is State.LIVE, "a tool's correction retired what the user said")
    store.put("choir.room", "The choir meets in the hall.")
    said = {record.text for record in store.select('key = "choir.room" and state = "live"')}
    expect(
        BLUE not in said and "The choir meets in the hall." in said,
        "the user could not replace what the user said",
    )


def trust_of_sources(trial: Trial) -> None:
    """A record is trusted no more than the least trusted of its sources, and its sources exist."""
    bank = trial.bank()
    store = keeper(trial.store(bank))
    store.observe(*trial.samples)
    doubted = [
        event.model_copy(
            update={"id": f"web-{event.id}", "trust": Trust.WEB, "session": f"web {event.session}"}
        )
        for event in trial.samples
    ]
    store.observe(*doubted)
    events = {event.id: event for event in bank.events(HOME, [line["id"] for line in journal(bank)])}
    for record in store.select():
        missing = set(record.sources) - set(events)
        expect(bool(record.sources), f"record {record.text!r} names no source")
        expect(not missing, f"record {record.text!r} names sources that are not in the journal: {missing}")
        least = lowest([events[source].trust for source in record.sources])
        expect(
            record.trust.rank <= least.rank,
            f"record {record.text!r} has the trust {record.trust.value!r}, its sources {least.value!r}",
        )
        found = store.get([record.id])
        expect(found == [record], f"`select` gives {record!r}, `get` of its id {found!r}")


def expired(trial: Trial) -> None:
    """What has an expiry leaves recall by itself; `select` and the journal keep it."""
    bank = trial.bank()
    store = trial.store(bank)
    text = "The parking permit is number twelve."
    end = trial.clock.now + timedelta(days=2)
    receipt = store.put("permit", text, expires_at=end)
    id = store.select('key = "permit"')[0].id
    expect(id in recalled(store, text) or not must_recall(store), "what expires later is not recalled now")
    during = trial.clock.now
    trial.clock.forward(days=3)
    expect(id not in recalled(store, text), "what has expired is recalled")
    expect(
        text not in store.synthesize("parking permit", 600, floor=False).text,
        "a context shows what has expired",
    )
    expect(
        id in recalled(store, text, at=during) or not must_recall(store),
        "it is not recalled for the time before",
    )
    expect(id in {record.id for record in store.select()}, "`select` does not show what has expired")
    expect(
        bank.events(HOME, [receipt.event_id])[0].text == text, "the journal does not hold what has expired"
    )


def fed_back(trial: Trial) -> None:
    """Feedback is journalled and replayed alike; about what does not exist it is an error."""
    bank = trial.bank()
    store = keeper(trial.store(bank))
    store.observe(*trial.samples)
    id = trial.state(store, BLUE)
    trial.clock.forward(days=2)
    receipts = [*store.feedback([id], "used", 1.0), *store.feedback([id], "profit", -0.4)]
    expect(all(receipt.status == "stored" for receipt in receipts), f"feedback was not stored: {receipts}")
    kept = bank.events(HOME, [receipt.event_id for receipt in receipts])
    told = [(event.type, event.data.get("kind"), event.data.get("value")) for event in kept]
    expect(told == [("feedback", "used", 1.0), ("feedback", "profit", -0.4)], f"the journal says {told}")
    expect(all(event.about == (id,) for event in kept), "the journal does not say what the feedback is about")
    _refused(
        lambda: store.feedback(["no-such-record"], "used"),
        NotFound,
        "feedback about a record that does not exist was taken",
    )
    _replays_alike(trial, store)


def advanced(trial: Trial) -> None:
    """`advance` is journalled and replayed alike, and loses nothing that was observed."""
    bank = trial.bank()
    store = keeper(trial.store(bank))
    store.observe(*trial.samples)
    for days in (1, 30, 400):
        trial.clock.forward(days=days)
        for receipt in store.advance(trial.clock.now):
            expect(receipt.status == "stored", f"`advance` has the receipt {receipt.status!r}")
    kept = {event.id for event in bank.events(HOME, [event.id for event in trial.samples]) if event.text}
    expect(kept == {event.id for event in trial.samples if event.text}, "the journal lost what was observed")
    episodic = {record.id for record in bank.store("episodic", HOME).select()}
    observed = {event.id for event in trial.samples if not event.store}
    expect(observed <= episodic, "an observation left the episodic records as time passed")
    _replays_alike(trial, store)


def _replays_alike(trial: Trial, store: MemoryStore) -> None:
    before = snapshot(store)
    trial.clock.forward(days=5)
    store.bank.rebuild(HOME)
    changed = difference(before, snapshot(store))
    expect(not changed, f"a rebuild gives other records: {changed}")


def _refused(operation: Callable[[], object], error: type[AgentMemError], otherwise: str) -> None:
    """Go on where `operation` raises `error`."""
    try:
        operation()
    except error:
        return
    expect(False, otherwise)


def _successor(store: MemoryStore, old: str) -> str:
    """The id of the record that took the place of `old`."""
    found = [link.source for link in _links(store, old, "supersedes") if link.target == old]
    expect(len(found) == 1, f"{len(found)} records supersede the corrected one")
    return found[0]


def _links(store: MemoryStore, id: str, type: str) -> list[Link]:
    return store.bank.view(HOME, store=store.shelf).links([id], type)


def _stand(store: MemoryStore, new: str, old: str) -> None:
    """`new` is recalled and `old` is not."""
    hits = recalled(store, ASKED)
    expect(old not in hits, f"{hits[old].text!r} was corrected, and is recalled" if old in hits else "")
    expect(new in hits or not must_recall(store), "what a correction says is not recalled")

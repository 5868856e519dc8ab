"""Checks that a memory is the fold of its journal: restarted, rebuilt, imported, attached late."""

from __future__ import annotations

from functools import reduce

from agentmem.bank import Bank
from agentmem.records import Record
from agentmem.stores.base import MemoryStore
from agentmem.testing import other_process
from agentmem.testing.capabilities import interprets, is_verbatim, keeper
from agentmem.testing.looking import (
    answers,
    difference,
    exported,
    journal,
    questions_of,
    snapshot,
    unlike,
)
from agentmem.testing.promise import DoesNotApply, expect
from agentmem.testing.trial import HOME, Trial


def restarted(trial: Trial) -> None:
    """A bank that is closed and opened again gives the same answers."""
    store = trial.store()
    trial.show(store)
    questions = questions_of([event.text for event in trial.samples])
    before = answers(store, questions, trial.clock.now)
    store.bank.close()
    changed = unlike(before, answers(trial.store(), questions, trial.clock.now))
    expect(not changed, f"after a restart: {changed}")


def elsewhere(trial: Trial) -> None:
    """Another process that opens the bank gives the same answers."""
    store = trial.store()
    trial.show(store)
    questions = questions_of([event.text for event in trial.samples])
    before = answers(store, questions, trial.clock.now)
    after = other_process.answering(trial, "bank", questions)
    if after is None:
        raise DoesNotApply(other_process.NOT_IMPORTABLE)
    changed = unlike(before, after)
    expect(not changed, f"in another process: {changed}")


def rebuilt(trial: Trial) -> None:
    """Made anew from the journal, its records, ids, versions and links are what they were."""
    bank = trial.bank()
    store = keeper(trial.store(bank))
    trial.show(store)
    before = snapshot(store)
    found = bank.verify()
    expect(not found, f"verify before the rebuild: {found}")
    trial.clock.forward(days=3, seconds=1)
    bank.rebuild(HOME)
    changed = difference(before, snapshot(store))
    expect(not changed, f"apply is not deterministic, or the rebuild is wrong: {changed}")
    found = bank.verify()
    expect(not found, f"verify after the rebuild: {found}")


def imported(trial: Trial) -> None:
    """A bank imported from an export holds the same and answers alike."""
    bank = trial.bank()
    store = trial.store(bank)
    trial.show(store)
    questions = questions_of([event.text for event in trial.samples])
    copy = trial.bank("copy")
    lines = exported(bank)
    report = copy.load(lines)
    expect(
        report.stored == len(journal(bank)),
        f"{len(journal(bank))} events were exported, {report.stored} imported",
    )
    expect(not report.not_applicable, f"operations did not apply in the import: {report.not_applicable}")
    other = trial.store(copy)
    expect(exported(copy)[1:] == lines[1:], "an export of the import differs from the export")
    changed = unlike(answers(store, questions, trial.clock.now), answers(other, questions, trial.clock.now))
    expect(not changed, f"the imported bank answers otherwise: {changed}")
    again = copy.load(lines)
    expect(again.stored == 0, f"imported twice, {again.stored} events were stored twice")


def attached_late(trial: Trial) -> None:
    """A store attached late starts from the beginning of the journal: it comes to hold the same."""
    early, late = trial.bank("early"), trial.bank("late")
    first = keeper(trial.store(early))
    if is_verbatim(first):
        raise DoesNotApply("it reads the episodic records, which are always there")
    first.observe(*trial.samples)
    late.store("episodic", HOME).observe(*trial.samples)
    second = trial.store(late)
    second.retry()
    same = _contents(early, first, trial) == _contents(late, second, trial)
    expect(
        same,
        f"attached first it holds {_contents(early, first, trial)}, late {_contents(late, second, trial)}",
    )


def _contents(bank: Bank, store: MemoryStore, trial: Trial) -> list[tuple[object, ...]]:
    """What the store holds; without ids where it interprets: those of operations are new each time."""
    observed = {event.id for event in trial.samples}
    operations = [line["id"] for line in journal(bank) if line.get("store")] if interprets(store) else []

    def without_ids(told: str) -> str:
        return reduce(lambda text, id: text.replace(id, "…"), operations, told)

    def told(record: Record) -> tuple[object, ...]:
        sources = tuple(sorted(set(record.sources) & observed))
        id = "" if interprets(store) else record.id
        return (
            id,
            record.version,
            record.type,
            record.key or "",
            record.text,
            without_ids(str(record.payload)),
            record.state,
            sources,
        )

    return sorted(told(record) for record in store.select())

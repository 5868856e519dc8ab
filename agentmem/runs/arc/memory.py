"""The memory of a run: what it selects for a task, and what it hears of it: from visible pairs alone."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pydantic import JsonValue

from agentmem.bank import Bank
from agentmem.bank.sources import record_id
from agentmem.bank.spec import MemorySpec
from agentmem.errors import InvalidInput
from agentmem.records import Context, Event, Hit, Query, Trust
from agentmem.runs.arc.results import Concept, Held, Outcome
from agentmem.stores.concept.content import is_concept
from agentmem.stores.concept.entry import concept_of, worded
from agentmem.stores.concept.naming import normal
from agentmem.stores.concept.problems import SOLVED, TRACE, Trace
from agentmem.stores.concept.store import ConceptMemory
from agentmem.synthesis.tokens import MiniLMTokens
from agentmem.worlds.arc.dsl import LIBRARY
from agentmem.worlds.arc.guidance import guide_for
from agentmem.worlds.arc.solver.enumeration import Guide

NAMESPACE = ("run",)
"""The namespace of a run in its bank."""
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
"""The world time of the first task; a task takes a minute. So equal runs have equal memories."""
STEP = timedelta(minutes=1)
PYTHON = "python"
"""The language of programs."""
TYPE = "type"
"""The kind of concepts that no program can be said to rest on."""


@dataclass(frozen=True)
class Selection:
    """What a memory says before a task.

    Attributes:
        concepts: Those that were selected, best first.
        guide: For a search; none: nothing is known.
        context: For a prompt; none, or empty: nothing was selected, and nothing is shown.
    """

    concepts: tuple[Concept, ...] = ()
    guide: Guide | None = None
    context: Context | None = None


class TaskMemory:
    """A concept memory over the tasks of a run. What it is told has ids that follow from the task's position.

    Args:
        bank: The bank of the run.
        spec: The store, or a composite: its concepts are told of tasks, and a prompt shows all of it.

    Raises:
        InvalidInput: there is no concept memory in it, or it takes no such option.
    """

    def __init__(self, bank: Bank, spec: MemorySpec) -> None:
        self._whole = bank.store(spec, NAMESPACE)
        parts = (part for part in self._whole.folding() if isinstance(part, ConceptMemory))
        store = next(parts, None)
        if store is None:
            raise InvalidInput(f"memory {spec.store!r} keeps no concepts", "take the store 'concept'")
        self.store = store
        self._bank = bank
        self._tokens: dict[tuple[str, int], int] = {}

    def guide(self, text: str) -> Selection:
        """What a search is told of a task: concepts, and the programs of like tasks."""
        guide, hits = guide_for(self.store, text)
        return Selection(_concepts(hits), guide)

    def context(self, text: str, budget: int, selected: int) -> Selection:
        """What a prompt shows for a task, within `budget` tokens.

        Args:
            text: The task in words.
            budget: Tokens.
            selected: Concepts at most.
        """
        query = Query(text=text, k=selected)
        hits = self._whole.recall(query)
        if not hits:
            return Selection()
        context = self._whole.render(query, hits, self._whole.view(query), budget)
        shown = {item.id for item in context.items}
        return Selection(_concepts(hit for hit in hits if hit.id in shown), context=context)

    def knows(self, name: str) -> bool:
        """Whether it was told of the problem that `tell` calls so."""
        return bool(self._bank.events(NAMESPACE, [f"{name}/{TRACE}"]))

    def write(self, outcome: Outcome) -> tuple[str, ...]:
        """Tell of a task once: the trace, its verdict by the visible pairs, what became of concepts.

        All of it is kept, or nothing. Verified programs are abstracted, others are journalled only.

        Returns:
            Ids of the selected concepts that the program cites.
        """
        best = outcome.best
        program = best.program if best is not None else ""
        titles = dict(self._titles(outcome))
        named = names_in(program)
        cited = tuple(one.id for one in outcome.selected if named & titles.get(one.id, set()))
        name, time = f"task/{outcome.position}", BEGINNING + outcome.position * STEP
        if self.knows(name):
            return cited
        trace = Trace(
            problem=outcome.task,
            solution=program,
            language=PYTHON if program else "",
            selected=tuple(one.id for one in outcome.selected),
        )
        became = {"selected": trace.selected, "cited": cited}
        became["helped" if outcome.verified else "harmed"] = cited
        problem = record_id(f"{name}/{TRACE}", self.store.shelf, 0)
        self.store.observe(
            _told(name, outcome.text, trace, time),
            self._feedback(name, SOLVED, [problem], time, 1.0 if outcome.verified else 0.0),
            *(self._feedback(name, kind, ids, time) for kind, ids in became.items() if ids),
        )
        return cited

    def seed(self, solved: Iterable[tuple[str, str, str]]) -> None:
        """Tell of problems that were solved before the run: (id, text, program) of each, all of them once."""
        events: list[Event] = []
        for id, text, program in solved:
            name = f"seed/{id}"
            if not events and self.knows(name):  # all were told at once
                return
            trace = Trace(problem=id, solution=program, language=PYTHON, solved=True)
            events.append(_told(name, text, trace, BEGINNING - STEP))
        if events:
            self.store.observe(*events)

    def held(self) -> Held:
        """What it holds now."""
        concepts = self.store.concepts()
        count = MiniLMTokens().count
        for one in concepts:
            if (one.id, one.version) not in self._tokens:
                self._tokens[one.id, one.version] = count(worded(one))
        return Held(
            problems=len(self.store.problems()),
            concepts=len(concepts),
            tokens=sum(self._tokens[one.id, one.version] for one in concepts),
            waiting=len(self._whole.pending()),
        )

    def _titles(self, outcome: Outcome) -> Iterator[tuple[str, set[str]]]:
        """The names of the selected concepts that stand, as they are compared. Types are in every program."""
        for record in self.store.get([one.id for one in outcome.selected]):
            if is_concept(record):
                concept = concept_of(record)
                if concept.kind == TYPE:
                    continue
                yield record.id, {normal(title) for title in (concept.title, *concept.aliases)}

    def _feedback(
        self, name: str, kind: str, ids: Sequence[str], time: datetime, value: float = 1.0
    ) -> Event:
        data: dict[str, JsonValue] = {"kind": kind, "value": value}
        return Event(
            id=f"{name}/{kind}",
            type="feedback",
            store=self.store.shelf,
            about=tuple(ids),
            data=data,
            trust=Trust.TOOL,
            time=time,
        )


def _told(name: str, text: str, trace: Trace, time: datetime) -> Event:
    return Event(
        id=f"{name}/{TRACE}",
        type=TRACE,
        text=text,
        data=trace.model_dump(mode="json", exclude_defaults=True),
        trust=Trust.AGENT,
        time=time,
    )


def names_in(program: str) -> set[str]:
    """What a program calls, names or defines, as names are compared; nothing of what is no Python."""
    try:
        tree = ast.parse(program)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.FunctionDef):
            found.add(node.name)
    return {normal(name) for name in found} - {""}


def routines_among(concepts: Iterable[Concept]) -> tuple[str, ...]:
    """The names of the routines that concepts are, as programs import them, in their order."""
    known = {normal(routine.title): name for name, routine in LIBRARY.routines.items()}
    titles = (normal(concept.title) for concept in concepts)
    return tuple(dict.fromkeys(known[title] for title in titles if title in known))


def _concepts(hits: Iterable[Hit]) -> tuple[Concept, ...]:
    return tuple(
        Concept(id=hit.id, title=concept_of(hit.record).title, score=round(hit.score, 6))
        for hit in hits
        if is_concept(hit.record)
    )

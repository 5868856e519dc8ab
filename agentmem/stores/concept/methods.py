"""The typed methods of a concept memory: each builds an operation, or an observation, and observes it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypedDict, Unpack

from agentmem.bank import journal
from agentmem.bank.sources import record_id
from agentmem.errors import NotFound
from agentmem.records import Event, Receipt, Trust
from agentmem.stores.base import MemoryStore
from agentmem.stores.concept import operations as ops
from agentmem.stores.concept.changes import USED_IN
from agentmem.stores.concept.content import Form, stands
from agentmem.stores.concept.entry import Concept, concept_of
from agentmem.stores.concept.lookup import heirs, name_key, of_names
from agentmem.stores.concept.outcomes import counts_of
from agentmem.stores.concept.problems import (
    PROBLEM,
    SOLVED,
    TRACE,
    Problem,
    Trace,
    is_problem,
    problem_of,
)
from agentmem.stores.concept.routines import Parameter
from agentmem.stores.offload import offloaded
from agentmem.stores.typed import checked


class Where(TypedDict, total=False):
    """Further fields of the event of a trace: see `Event`."""

    id: str
    actor: str
    session: str
    time: datetime
    caused_by: tuple[str, ...]


class Said(TypedDict, total=False):
    """What can be said of a concept: see `operations.Told`."""

    aliases: Sequence[str]
    kind: str
    description: str
    parameters: Sequence[Parameter]
    output: str
    cues: Sequence[str]
    notes: Sequence[str]
    why: str


class ConceptOperations(MemoryStore):
    """What is done with concepts and problems, by name."""

    def attempted(
        self,
        text: str,
        solution: str = "",
        *,
        problem: str = "",
        language: str = "",
        solved: bool | None = None,
        selected: Sequence[str] = (),
        trust: Trust = Trust.AGENT,
        **fields: Unpack[Where],
    ) -> str:
        """Observe an attempt at a problem; the id of the problem's record, on which a verdict can be given.

        Args:
            text: The problem in words: by it, later problems are compared with this one.
            solution: What was tried.
            problem: What the world calls it.
            language: `python`, or empty for words.
            solved: The verdict, where it is known already; else say it later by `judge`.
            selected: Ids of the concepts that were shown before.
            trust: Who says so.
            **fields: Further fields of the event.
        """
        trace = checked(
            Trace,
            problem=problem,
            solution=solution,
            language=language,
            solved=solved,
            selected=tuple(selected),
        )
        data = trace.model_dump(mode="json", exclude_defaults=True)
        receipt = self.observe(Event(type=TRACE, text=text, data=data, trust=trust, **fields))[0]
        journal.require_stored([receipt])
        return record_id(receipt.event_id, self.shelf, 0)

    def judge(self, problem: str, solved: bool, *, trust: Trust = Trust.USER) -> Receipt:
        """Say whether the solution of a problem is right: a feedback event.

        Raises:
            NotFound: there is no such problem.
        """
        return self.feedback([problem], SOLVED, 1.0 if solved else 0.0, trust=trust)[0]

    def state(
        self,
        title: str,
        *,
        form: Form = "ps",
        used_in: Sequence[str] = (),
        trust: Trust = Trust.USER,
        **said: Unpack[Said],
    ) -> str:
        """State a concept: a new one, or more about the one of that title; its id.

        Args:
            title: What it is called; of an open-ended one: the situation.
            form: `ps`, `oe` or `rule`.
            used_in: Ids of problems in whose solutions it is used.
            trust: Who says so.
            **said: See `operations.Told`.
        """
        operation = checked(ops.State, title=title, form=form, used_in=tuple(used_in), **_tuples(said))
        receipt = self._do(operation, trust)
        view = self._now()
        found = of_names(
            form, view.standing_each([name_key(form, title, operation.kind.strip().lower())]), view
        )
        said_so = [one.id for one in found if receipt.event_id in one.sources]
        return said_so[0] if said_so else next(one.id for one in found if one.trust is trust)

    def revise(
        self, id: str, *, title: str | None = None, trust: Trust = Trust.USER, **said: Unpack[Said]
    ) -> None:
        """Say other words in the place of those that a concept has, field by field.

        Raises:
            NotApplicable: there is no such concept.
            Refused: it is trusted more.
        """
        self._do(checked(ops.Revise, node=id, title=title, **_tuples(said)), trust)

    def merge(self, id: str, other: str, why: str = "", *, trust: Trust = Trust.USER) -> str:
        """Make one concept of two; the id of the one that stays.

        Raises:
            NotApplicable: one is not there.
            InvalidInput: they are of two forms.
        """
        self._do(checked(ops.Merge, node=id, other=other, why=why), trust)
        return self.concept(id).id

    def use(self, ids: Sequence[str], problem: str, *, trust: Trust = Trust.USER) -> None:
        """Say that concepts are used in the solution of a problem."""
        self._do(checked(ops.Use, problem=problem, nodes=tuple(ids)), trust)

    def vote(self, id: str, value: int = 1, why: str = "", *, trust: Trust = Trust.USER) -> None:
        """Vote for or against a rule."""
        self._do(checked(ops.Vote, node=id, value=value, why=why), trust)

    aattempted = offloaded(attempted)
    ajudge = offloaded(judge)
    astate = offloaded(state)
    arevise = offloaded(revise)
    amerge = offloaded(merge)
    ause = offloaded(use)
    avote = offloaded(vote)

    def concepts(self) -> list[Concept]:
        """The concepts that stand, oldest first."""
        return [concept_of(one) for one in self.select('type = "concept"') if stands(one)]

    def concept(self, id: str) -> Concept:
        """One concept, or what it was merged into.

        Raises:
            NotFound: there is none.
        """
        view = self._now()
        found = [one for one in view.get(heirs(id, view)) if stands(one)]
        if not found:
            raise NotFound(f"there is no concept {id!r}", "see `concepts()`")
        return concept_of(found[0])

    def problems(self) -> list[Problem]:
        """The problems that the memory knows of, oldest first."""
        return [problem_of(one) for one in self.select(f'type = "{PROBLEM}"') if is_problem(one)]

    def used_in(self, id: str) -> list[str]:
        """Ids of the problems in whose solutions a concept is used."""
        return list(dict.fromkeys(link.target for link in self._now().links([id], USED_IN, "out")))[::-1]

    def nearness(self, text: str) -> dict[str, float]:
        """The cosine of every problem to a text, by id."""
        return self._now().scan(PROBLEM, text)

    def outcomes(self) -> dict[str, dict[str, float]]:
        """What became of concepts, by id and kind."""
        return counts_of(self._now(), [one.id for one in self.concepts()])

    def refusals(self, limit: int | None = None) -> list[tuple[ops.Refuse, Event]]:
        """What gates did not let through, with the event that says so, newest first."""
        found = []
        for event in self._now().operations():
            operation = ops.operation_of(event)
            if isinstance(operation, ops.Refuse):
                found.append((operation, event))
        return found[:limit]

    def _do(self, operation: ops.Operation, trust: Trust) -> Receipt:
        receipts = self.observe(ops.event_of(operation, store=self.shelf, trust=trust))
        journal.require_stored(receipts)
        return receipts[0]


def _tuples(said: Any) -> dict[str, Any]:
    return {
        name: tuple(value) if isinstance(value, Sequence) and not isinstance(value, str) else value
        for name, value in said.items()
    }

"""Concept memory as a store (ArcMemo): traces and verdicts in, a few concepts for the next problem out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from pydantic import JsonValue

from agentmem.bank.sources import record_id
from agentmem.bank.spec import MemorySpec
from agentmem.bank.view import ApplyView, View
from agentmem.errors import InvalidInput
from agentmem.records import ChangeSet, Context, Event, Hit, Later, Namespace, Query
from agentmem.stores.concept.abstractors.base import Abstractor
from agentmem.stores.concept.abstractors.opening import ABSTRACTORS, open_abstractor
from agentmem.stores.concept.changes import USED_IN, carry_out, observed, outcome
from agentmem.stores.concept.choosing import CHOICES, choose
from agentmem.stores.concept.known import Known
from agentmem.stores.concept.methods import ConceptOperations
from agentmem.stores.concept.operations import event_of, operation_of
from agentmem.stores.concept.permits import permitted
from agentmem.stores.concept.problems import PROBLEM, Problem, is_problem, is_verdict, problem_of
from agentmem.stores.concept.prompt import rendered
from agentmem.stores.concept.reading import METHODS, calibration_of, retrieve
from agentmem.stores.concept.selection import Calibration
from agentmem.stores.concept.succession import succeed

if TYPE_CHECKING:
    from agentmem.bank.bank import Bank
    from agentmem.models.base import ChatModel


class ConceptMemory(ConceptOperations):
    """Ideas with parameters, abstracted from solved problems.

    A trace (an event of the type `trace`, see `problems.Trace`) is a problem; a verdict on it is a feedback
    of the kind `solved`, or stands in the trace. What was solved is abstracted; the rest is journalled only.

    Options:
        abstractor: Who writes: `none`, `code` (from programs over a library, without a model), `model` and
            `model-oe` (ArcMemo), `rules` (ExpeL) or `lessons` (ReasoningBank).
        library: The library of routines of `code`, by the name that its package gives it.
        model: The language model of the others, as after `--model`; none: that of the settings.
        every: How many verdicts are written at once: they see one state of the memory.
        select: How concepts are selected: `full`, or one signal of it.
        choose: How the model chooses: `pick` (or true) among a shortlist, `describe` the problem and select
            by the descriptions, `describe+pick`, or false for not at all.
    """

    name: ClassVar[str] = "concept"
    options: ClassVar[Mapping[str, JsonValue]] = {
        "abstractor": "none",
        "library": None,
        "model": None,
        "every": 1,
        "select": "full",
        "choose": False,
    }
    read_options: ClassVar[Collection[str]] = ("select", "choose")

    def __init__(self, bank: Bank, namespace: Namespace, spec: MemorySpec | None = None) -> None:
        super().__init__(bank, namespace, spec)
        for name, known in (("abstractor", ABSTRACTORS), ("select", METHODS)):
            if self.option(name) not in known:
                raise InvalidInput(
                    f"there is no {name} {self.option(name)!r}", f"there are: {', '.join(known)}"
                )
        if self.option("choose") not in (False, True, *CHOICES):
            raise InvalidInput(
                f"there is no way to choose {self.option('choose')!r}", f"there are: {', '.join(CHOICES)}"
            )
        every = self.option("every")
        if not isinstance(every, int) or isinstance(every, bool) or every < 1:
            raise InvalidInput(f"option every is {every!r}", "give a whole number from 1")
        if self.option("abstractor") == "code" and not self.option("library"):
            raise InvalidInput("the abstractor `code` has no library", "name one: library=…")
        self.at_once = max(type(self).at_once, every)  # type: ignore[misc]

    # Writing

    @property
    def interprets(self) -> bool:
        """Whether there is an abstractor."""
        return super().interprets and self.option("abstractor") != "none"

    @cached_property
    def abstractor(self) -> Abstractor:
        """Who writes."""
        return open_abstractor(
            self.option("abstractor"),
            self.option("library"),
            self._model,
        )

    def _model(self) -> ChatModel:
        return self.bank.chat_model(self.namespace, self.shelf, self.option("model"))

    def awaits(self, event: Event) -> bool:
        """Verdicts wait until there are `every` of them."""
        return is_verdict(event, failures=self.abstractor.heeds_failures)

    def interpret(self, events: Sequence[Event], view: View) -> list[Event] | Later:
        """Concepts of the problems that these verdicts are on, all beside one state of the memory."""
        waiting = [event for event in events if self.awaits(event)]
        if waiting and len(waiting) < self.option("every"):
            return Later(reason=f"{len(waiting)} of {self.option('every')} verdicts are there")
        verdicts = self._verdicts(waiting, view)
        drafts = self.abstractor.abstract(list(verdicts), Known(self, view))
        drafts = permitted(drafts, verdicts, waiting, view)
        return [
            event_of(
                draft.operation,
                caused_by=tuple(
                    dict.fromkeys(cause for one in draft.problems for cause in (one.trace, verdicts[one]))
                ),
            )
            for draft in drafts
        ]

    def _verdicts(self, events: Sequence[Event], view: View) -> dict[Problem, str]:
        """The problems that verdicts are on, with the verdict's id.

        Without those that were written before, and those whose verdict was taken back meanwhile.
        """
        ids: dict[str, str] = {}
        for event in events:
            about = event.about if event.store else (record_id(event.id, self.shelf, 0),)
            ids.update((id, event.id) for id in about if id not in ids)
        written = {link.target for link in view.links(ids, USED_IN, "in")}
        records = [one for one in view.get(ids) if is_problem(one) and one.id not in written]
        found = {problem_of(one): ids[one.id] for one in records}
        heeded = self.abstractor.heeds_failures
        return {problem: event for problem, event in found.items() if problem.solved or heeded}

    def apply(self, event: Event, view: ApplyView) -> ChangeSet:
        """Traces are problems, feedback counts, operations change concepts."""
        if not event.store:
            return observed(event, view)
        if event.type == "feedback":
            return outcome(event, view)
        operation = operation_of(event)
        return ChangeSet() if operation is None else carry_out(operation, event, view)

    def adapt(self, event: Event, changes: ChangeSet, view: ApplyView) -> ChangeSet:
        """A concept that takes the place of another takes over where that is used."""
        return succeed(event, changes, view)

    # Reading

    def retrieve(self, query: Query, view: View) -> list[Hit]:
        """The concepts selected for a problem, best first, each with its score in parts."""

        def found(query: Query) -> list[Hit]:
            return retrieve(query, view, self.bank, self.option("select"))

        how = self.option("choose")
        if not how or not query.text.strip():
            return found(query)
        return choose(query, found, self._model, "pick" if how is True else how)

    def calibration(self) -> Calibration:
        """The weights that `select=full` uses now, from how many past problems they come, their recall."""
        return calibration_of(self._now(), self.bank)

    def render(self, query: Query, hits: Sequence[Hit], view: View, budget: int) -> Context:
        """The best in full, the others in a line each; nothing where nothing was selected."""
        stable = super().render(query, [], view, budget)
        shown = {item.id for item in stable.items}
        left = [hit for hit in hits if hit.id not in shown and hit.record.type != PROBLEM]
        return rendered(left, budget, stable, self.packing(), view)

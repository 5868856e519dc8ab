"""A profile as a store: how a user likes to be answered, and what is known of them, from what they say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, cast

from pydantic import JsonValue

from agentmem.bank.spec import MemorySpec
from agentmem.bank.view import ApplyView, View
from agentmem.errors import InvalidInput
from agentmem.records import ChangeSet, Context, Event, Hit, Later, Namespace, Query, Record, Trust
from agentmem.stores.base import MemoryStore
from agentmem.stores.offload import offloaded
from agentmem.stores.profile import manner
from agentmem.stores.profile.aspects import ASPECTS, Name
from agentmem.stores.profile.changes import (
    FACT,
    STANDING,
    corrected,
    followed,
    is_line,
    key_of,
    learnt,
    restated,
    stood,
)
from agentmem.stores.profile.cues import CueReader, exemplar_vectors
from agentmem.stores.profile.notes import Note
from agentmem.stores.profile.operations import Learn, Stand, event_of, operation_of
from agentmem.stores.profile.reading import read
from agentmem.synthesis.pack import pack
from agentmem.synthesis.policy import PackPolicy

if TYPE_CHECKING:
    from agentmem.bank.bank import Bank
    from agentmem.models.base import ChatModel

READERS = ("cues", "model")
"""Who reads what a user says: comparison with exemplars, or a language model."""
MESSAGE = "message"
"""The type of events in which a user speaks."""
BELONGS = 0.5
"""Cosine of a fact and a standing question from which on the fact belongs to its answer."""


class ProfileStore(MemoryStore):
    """What users say of how they want to be answered is gathered by aspect, in their words, and is in every
    context; what they tell of themselves is kept as facts, and recalled where it is relevant.

    Options:
        reader: `cues`, without a model; or `model`, which tells what a wish is, not only what it is about.
        model: That model, as after `--model`; none: that of the settings.
    """

    name: ClassVar[str] = "profile"
    options: ClassVar[Mapping[str, JsonValue]] = {"reader": "cues", "model": None}
    separate: ClassVar[bool] = True
    share: ClassVar[float] = 3.0

    def __init__(self, bank: Bank, namespace: Namespace, spec: MemorySpec | None = None) -> None:
        super().__init__(bank, namespace, spec)
        if self.option("reader") not in READERS:
            raise InvalidInput(
                f"there is no reader {self.option('reader')!r}", f"there are: {', '.join(READERS)}"
            )
        if self.option("reader") == "model":
            self.at_once = 1  # type: ignore[misc] # what was paid for is kept before the next message is read

    # Writing

    @cached_property
    def _model(self) -> ChatModel:
        return self.bank.chat_model(self.namespace, self.shelf, self.option("model"))

    def awaits(self, event: Event) -> bool:
        """Whether an event is a message of the user's."""
        return not event.store and event.trust is Trust.USER and bool(event.text.strip())

    def interpret(self, events: Sequence[Event], view: View) -> list[Event] | Later:
        """What messages tell of their user."""
        waiting = [event for event in events if self.awaits(event)]
        texts = [event.text for event in waiting]
        found = (
            read(texts, self._model) if self.option("reader") == "model" else self._cues(view).notes(texts)
        )
        return [
            event_of(
                Learn(notes=tuple(notes), answers=self._belonging(notes, view)),
                caused_by=(event.id,),
                time=event.time,
                actor=event.actor,
                session=event.session,
                trust=event.trust,
            )
            for event, notes in zip(waiting, found, strict=True)
            if notes
        ]

    def _cues(self, view: View) -> CueReader:
        return CueReader(exemplar_vectors(self.bank.library.embedder), view.embed_all)

    def _belonging(self, notes: Sequence[Note], view: View) -> dict[str, tuple[int, ...]]:
        """The standing questions that new facts belong to."""
        asked = view.select(f'type = "{STANDING}"')
        if not asked:
            return {}
        questions = view.embed_all([str(one.payload.get("question")) for one in asked])
        near = questions @ view.embed_all([note.said for note in notes]).T
        return {
            one.id: places
            for one, row in zip(asked, near, strict=True)
            if (places := tuple(int(n) for n in (row >= BELONGS).nonzero()[0]))
        }

    def apply(self, event: Event, view: ApplyView) -> ChangeSet:
        """Findings gather, and how a user writes is measured; a standing question gets its answer."""
        if self.awaits(event):
            return manner.seen(event, view)
        if not event.store:
            return ChangeSet()
        operation = operation_of(event)
        if isinstance(operation, Learn):
            return learnt(operation, event, view)
        if isinstance(operation, Stand):
            return stood(operation, event, view)
        return ChangeSet()

    def adapt(self, event: Event, changes: ChangeSet, view: ApplyView) -> ChangeSet:
        """Standing answers follow what is corrected, retracted or put."""
        return followed(corrected(changes, event), event, view)

    def restated(self, record: Record) -> dict[str, JsonValue]:
        """A corrected line rests on the correction alone: no quotes of what was said before."""
        return restated(record)

    # Reading

    def packing(self) -> PackPolicy:
        """What is known of somebody belongs to no session, and the day on which it was said is enough."""
        return super().packing().altered({"headers": False, "show_minute": False})

    def render(self, query: Query, hits: Sequence[Hit], view: View, budget: int) -> Context:
        """The portrait, then what is relevant, then all other facts that the budget holds, the nearest first,
        however far they are: a profile is small, and what calls a fact to mind is seldom said in its words.
        """
        shown = {hit.id for hit in hits}
        near = view.scan("text", query.text, f'type = "{FACT}"') if query.text.strip() else {}
        facts = sorted(_facts(view), key=lambda one: -near.get(one.id, 0.0))
        rest = [Hit(record=one, score=0.0, parts={}) for one in facts if one.id not in shown]
        pinned = self.pinned(view) if query.text.strip() else []
        return pack([*hits, *rest], budget, policy=self.packing(), pinned=pinned)

    def portrait(self) -> list[Record]:
        """How the user likes to be answered: a record for each aspect, with the evidence in its payload.

        They are in the order of `ASPECTS`. What else was pinned, by `put`, is none of them.
        """
        lines = [one for one in self.pinned(self._now()) if is_line(one)]
        order = list(ASPECTS)
        return sorted(lines, key=lambda one: order.index(cast(Name, one.key)))

    aportrait = offloaded(portrait)

    def manner(self) -> Record | None:
        """How the user writes, measured on the newest messages; none before there is one.

        Its text is the line in prompts, from four messages on; `payload["measures"]` says what each message
        was found to have.
        """
        return manner.standing(self._now())

    amanner = offloaded(manner)

    def facts(self) -> list[Record]:
        """What is known of the user beside that, and holds now: first what was said, then what was told in
        passing (`shown` in their metadata), each the newest first.
        """
        return _facts(self._now())

    afacts = offloaded(facts)

    def stand(self, question: str, k: int = 8) -> Record:
        """Keep the answer to a question, and let it follow what it rests on; see `standing`.

        Args:
            question: Such as "What does this user eat?".
            k: How many records answer it at first.

        Raises:
            InvalidInput: the question says nothing.
        """
        if not question.strip():
            raise InvalidInput("a standing question says nothing", "ask something")
        hits = self.recall(question, k=k)
        found = [hit.record for hit in hits if hit.record.type != STANDING]
        stand = Stand(
            question=question,
            items=tuple(one.id for one in found),
            keys=tuple(one.key or "" for one in found),
        )
        self._operate(event_of(stand, store=self.shelf, trust=Trust.AGENT))
        return self._now().standing(key_of(question))[0]

    astand = offloaded(stand)

    def standing(self, question: str) -> Record | None:
        """The kept answer to a question, read by its key, without a search; none where nobody let it stand.

        Its text is the answer, a line for each record that it rests on, `sources` the events behind these.
        """
        found = [one for one in self._now().standing(key_of(question)) if one.type == STANDING]
        return found[0] if found else None

    astanding = offloaded(standing)

    def questions(self) -> list[Record]:
        """All standing questions with their answers, as `standing` gives one, the oldest first."""
        return self._now().select(f'type = "{STANDING}" and state = "live"')

    aquestions = offloaded(questions)


def _facts(view: View) -> list[Record]:
    found = [one for one in view.select(f'type = "{FACT}"', "newest") if one.holds(view.now)]
    return sorted(found, key=lambda one: one.metadata.get("shown") is True)

"""Subgoal working memory as a store (HiAgent): the open subgoal in full, closed ones in a line each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, TypedDict, Unpack

from pydantic import JsonValue

from agentmem.bank import journal
from agentmem.bank.spec import MemorySpec
from agentmem.bank.view import ApplyView, View
from agentmem.errors import InvalidInput, NotFound, Refused
from agentmem.filters import And, Comparison, Filter, parsed
from agentmem.records import ChangeSet, Context, Event, Hit, Namespace, Query, Record, State, Trust
from agentmem.stores.base import MemoryStore
from agentmem.stores.episodic import EpisodicStore
from agentmem.stores.offload import offloaded
from agentmem.stores.subgoal.content import (
    ACTION,
    ASIDE,
    CHUNK,
    FACTS,
    LATEST,
    OBSERVATION,
    STEP,
    TRAIL,
    Chunk,
    Facts,
    Trail,
    chunks_among,
    chunks_of,
    held_in,
    is_chunk,
    read,
    session_records,
)
from agentmem.stores.subgoal.operations import (
    Close,
    Open,
    Operation,
    Reopen,
    Summarize,
    event_of,
    operation_of,
)
from agentmem.stores.subgoal.session import Folding, Session
from agentmem.stores.subgoal.summary import summarize
from agentmem.stores.subgoal.working import Shown, working
from agentmem.stores.typed import checked
from agentmem.synthesis.tokens import MiniLMTokens

if TYPE_CHECKING:
    from agentmem.bank.bank import Bank
    from agentmem.models.base import ChatModel

SUMMARIES = ("facts", "model", "none")


class Told(TypedDict, total=False):
    """Who says so: fields of the event that carries an operation.

    Attributes:
        actor: Who.
        trust: How much that is trusted; the user's word without it.
        caused_by: Ids of the events that led to it.
    """

    actor: str
    trust: Trust
    caused_by: tuple[str, ...]


class SubgoalMemory(MemoryStore):
    """The steps of an agent, in chunks that its subgoals make.

    Actions and observations are events of the types `action` and `observation` of one session; an observation
    is caused by its action, and may tell facts apart in its data: `{"facts": {sentence: true}}`.

    Options:
        subgoals: Whether subgoals make chunks. Without, all steps of a session are one, folded at its older
            end: a sliding summary.
        summaries: What closed subgoals show: `facts` (those that still hold, else the last observation),
            `model` (a model's summary, and these facts), or `none`.
        model: The language model of `model`, as after `--model`; none: that of the settings.
        fold: Tokens that the steps of the open subgoal may cost before the older half of them is folded to
            the facts that they told; 0: never.
        facts: How many facts of folded steps are kept.
        retrieve: Whether the details of closed subgoals are shown when `Query.expand` names them.
        session: Which session is shown; none: the one that acted last.
    """

    name: ClassVar[str] = "subgoal"
    options: ClassVar[Mapping[str, JsonValue]] = {
        "subgoals": True,
        "summaries": "facts",
        "model": None,
        "fold": 400,
        "facts": 1_000,
        "retrieve": True,
        "session": None,
    }
    read_options: ClassVar[Collection[str]] = ("retrieve", "session")

    def __init__(self, bank: Bank, namespace: Namespace, spec: MemorySpec | None = None) -> None:
        super().__init__(bank, namespace, spec)
        if self.option("summaries") not in SUMMARIES:
            raise InvalidInput(
                f"there are no summaries {self.option('summaries')!r}", f"there are: {', '.join(SUMMARIES)}"
            )
        for name in ("fold", "facts"):
            if not isinstance(self.option(name), int) or self.option(name) < 0:
                raise InvalidInput(f"option {name} is {self.option(name)!r}", "give a whole number from 0")
        self._folding = Folding(tokens=self.option("fold"), facts=self.option("facts"))

    @property
    def makes_chunks(self) -> bool:
        """Whether subgoals make chunks."""
        return bool(self.option("subgoals"))

    # From events to chunks

    @property
    def interprets(self) -> bool:
        """Whether a model summarizes."""
        return super().interprets and self.option("summaries") == "model"

    def interpret(self, events: Sequence[Event], view: View) -> list[Event]:
        """Summaries of the subgoals that were closed before these actions, by the model."""
        made = []
        for session in dict.fromkeys(event.session for event in events if event.type == ACTION):
            trail = _trail(view, session)
            for origin, (record, chunk) in chunks_among(view, trail.closed).items():
                steps = self._steps(view, [origin])[origin] if not chunk.summary else []
                if steps:
                    answer = summarize(self._model, chunk, steps)
                    told = Summarize(node=record.id, summary=answer.summary, reached=answer.reached)
                    causes = tuple(step.id for step in steps)
                    made.append(event_of(told, session=session, actor=record.actor, caused_by=causes))
        return made

    @cached_property
    def _model(self) -> ChatModel:
        return self.bank.chat_model(self.namespace, self.shelf, self.option("model"))

    def apply(self, event: Event, view: ApplyView) -> ChangeSet:
        """Actions and observations join the open subgoal; operations open and close subgoals."""
        operation = operation_of(event) if event.store else None
        if operation is None and (event.store or event.type not in (ACTION, OBSERVATION)):
            return ChangeSet()
        if operation is not None and not self.makes_chunks:
            raise Refused("this memory takes no subgoals: its option `subgoals` is false", "leave them out")
        session = Session(event, view, self._folding)
        if operation is None:
            session.step()
        else:
            getattr(session, operation.type)(operation)
        return session.changes()

    # Methods

    def open(
        self, goal: str, parent: str | None = None, *, session: str = "", why: str = "", **told: Unpack[Told]
    ) -> str:
        """Begin a subgoal, or go on with the one in these words; its id.

        Args:
            goal: What is to be reached.
            parent: The open subgoal that it is part of; "": of none; none: beside the open one.
            session: In which session.
            why: The reason.
            **told: Who says so.

        Raises:
            NotApplicable: the parent is not open.
        """
        self._do(checked(Open, goal=goal, parent=parent, why=why), session, told)
        return _trail(self._now(), session).path[-1]

    def close(
        self, id: str, reached: bool | None = None, *, session: str = "", why: str = "", **told: Unpack[Told]
    ) -> None:
        """End a subgoal, and those that are part of it. One that is closed stays so.

        Raises:
            NotApplicable: there is none of this id.
        """
        self._do(checked(Close, node=id, reached=reached, why=why), session, told)

    def reopen(self, id: str, *, session: str = "", why: str = "", **told: Unpack[Told]) -> None:
        """Go on with a closed subgoal; what is open and does not hold it is closed.

        Raises:
            NotApplicable: there is none of this id in the session.
        """
        self._do(checked(Reopen, node=id, why=why), session, told)

    def summarize(
        self,
        id: str,
        summary: str,
        reached: bool | None = None,
        *,
        session: str = "",
        why: str = "",
        **told: Unpack[Told],
    ) -> None:
        """Say what came of a closed subgoal.

        Raises:
            NotApplicable: there is none of this id, or it goes on.
        """
        self._do(checked(Summarize, node=id, summary=summary, reached=reached, why=why), session, told)

    aopen = offloaded(open)
    aclose = offloaded(close)
    areopen = offloaded(reopen)
    asummarize = offloaded(summarize)

    def subgoals(self, session: str | None = None) -> list[tuple[str, Chunk]]:
        """The subgoals of a session (none: the one shown) with their ids, in order."""
        view = self._now()
        wanted = self._session(view) if session is None else session
        filter = And(
            parts=(
                Comparison(field="type", operator="=", value=CHUNK),
                Comparison(field="session", operator="=", value=wanted),
            )
        )
        found = [(one.id, read(one, Chunk)) for one in view.select(filter) if is_chunk(one)]
        return sorted(found, key=lambda one: one[1].number)

    def numbered(self, number: int, session: str | None = None) -> str:
        """The id of the subgoal of that number, for `Query.expand`.

        Raises:
            NotFound: there is none.
        """
        found = self.by_number(session)
        if number not in found:
            raise NotFound(f"there is no subgoal {number} in this session", "see `subgoals()`")
        return found[number]

    def by_number(self, session: str | None = None) -> dict[int, str]:
        """The ids of the subgoals of a session (none: the one shown), by their numbers."""
        return {chunk.number: id for id, chunk in self.subgoals(session)}

    def steps(self, id: str) -> list[Record]:
        """The actions and observations of a subgoal, oldest first, as the journal has them."""
        view = self._now()
        found = chunks_among(view, [id])
        if id not in found:
            raise NotFound(f"there is no subgoal {id!r}", "see `subgoals()`")
        origin = found[id][1].origin
        return self._steps(view, [origin])[origin]

    def _do(self, operation: Operation, session: str, told: Told) -> None:
        journal.require_stored(self.observe(event_of(operation, store=self.shelf, session=session, **told)))

    # From chunks to a prompt

    def retrieve(self, query: Query, view: View) -> list[Hit]:
        """The best subgoals, and, where something is asked, the best steps: what left the prompt is found."""
        apart = query.model_copy(update={"filter": _not_aside(query.filter)})
        hits = super().retrieve(apart, view)
        if not query.text.strip():
            return hits
        steps = super().retrieve(query, view.of_store(EpisodicStore.name))
        found = [*hits, *(hit for hit in steps if hit.record.type in (ACTION, OBSERVATION))]
        return sorted(found, key=lambda hit: -hit.score)[: query.k]

    def render(self, query: Query, hits: Sequence[Hit], view: View, budget: int) -> Context:
        """Closed subgoals in a line each, the open ones with their steps; what a question recalled is last.

        The steps of subgoals that `query.expand` names are shown too, for this once.
        """
        with view.at_once():
            stable = super().render(query, [], view, budget)
            shown = self._shown(query, hits, view, {item.id for item in stable.items})
        path, chunks = shown.trail.path, shown.chunks
        goal = chunks[path[-1]][1].goal if path and path[-1] in chunks else ""
        return working(shown, f"{goal} {query.text}", budget, MiniLMTokens(), stable, self.label_prefix)

    def _shown(self, query: Query, hits: Sequence[Hit], view: View, before: Collection[str]) -> Shown:
        """What there is to show; `before`: ids of what is shown already."""
        held, told = session_records(view, self._session(view), TRAIL, FACTS)
        trail, facts = held_in(held, Trail), held_in(told, Facts)
        wanted = view.get(query.expand) if self.option("retrieve") else []
        expanded = [read(one, Chunk).origin for one in wanted if is_chunk(one)]
        telling = [chunk for chunk, holds, _ in facts.told.values() if holds is True or expanded]
        in_full = dict(trail.steps)
        records = view.shared([*trail.path, *trail.closed, *expanded, *telling, *in_full])
        chunks = chunks_of(view, [record for record in records if record.id not in in_full])
        sources = {source for record, _ in chunks.values() for source in record.sources}
        sources.update(event for _, _, event in facts.told.values())
        retired = view.of_store(EpisodicStore.name).retired(sources)
        fetched = self._steps(view, [id for id in expanded if id in chunks])
        asked = bool(query.text.strip())
        return Shown(
            trail=trail,
            facts=facts.without(retired),
            record=told,
            chunks=chunks,
            steps=_live(record for record in records if record.id in in_full),
            fetched={id: [step for step in steps if step.id not in in_full] for id, steps in fetched.items()},
            hits=[hit for hit in hits if hit.id not in before and (asked or not is_chunk(hit.record))],
            retired=retired,
            summaries=self.option("summaries") != "none",
            folds=self._folding.tokens > 0,
        )

    def _session(self, view: View) -> str:
        """The session that is shown."""
        if self.option("session") is not None:
            return str(self.option("session"))
        latest = session_records(view, "", LATEST)[0]
        return "" if latest is None else str(latest.payload.get("session", ""))

    def _steps(self, view: View, origins: Sequence[str]) -> dict[str, list[Record]]:
        """The actions and observations of chunks, oldest first."""
        links = view.links(origins, STEP) if origins else []
        found = {record.id: record for record in _live(view.get(link.target for link in links))}
        return {
            origin: [found[one.target] for one in links if one.source == origin and one.target in found]
            for origin in origins
        }


def _trail(view: View, session: str) -> Trail:
    return held_in(session_records(view, session, TRAIL)[0], Trail)


def _live(steps: Iterable[Record]) -> list[Record]:
    """The steps that stand: what was retracted or corrected is not shown as if it were so."""
    return [one for one in steps if one.state is State.LIVE and one.valid_to is None]


def _not_aside(filter: Filter | str | None) -> Filter:
    """`filter`, and no record that only says where a session stands."""
    own = [Comparison(field="type", operator="!=", value=type) for type in ASIDE]
    given = [] if filter is None else [parsed(filter)]
    return And(parts=(*given, *own))

"""What an event changes in a concept memory: records of concepts, of problems, and of outcomes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import reduce

from agentmem.bank.view import ApplyView
from agentmem.errors import InvalidInput, NotApplicable, Refused
from agentmem.records import ALTERNATIVE, SUPERSEDES, ChangeSet, Event, Link, Record, State
from agentmem.stores.concept import operations as ops
from agentmem.stores.concept.content import (
    CONCEPT,
    Content,
    Form,
    Typed,
    content_of,
    join,
    restate,
    revise,
    said,
    stands,
)
from agentmem.stores.concept.entry import concept_of, searched, worded
from agentmem.stores.concept.lookup import NAME, heirs, meant, names_of, of_names
from agentmem.stores.concept.naming import normal
from agentmem.stores.concept.outcomes import BEGINS_AT, VOTES, counted, counts_of
from agentmem.stores.concept.problems import SOLVED, is_problem, record_of, trace_of

USED_IN = "used_in"
"""The type of a link from a concept to a problem in whose solution it is used."""
SIMILAR_TO = "similar_to"
"""The type of a link between concepts that may be one."""


def observed(event: Event, view: ApplyView) -> ChangeSet:
    """A trace is a problem; other observations change nothing.

    Raises:
        InvalidInput: the data of a trace are none.
    """
    trace = trace_of(event)
    return ChangeSet() if trace is None else ChangeSet(records=(record_of(view.new_id(), trace, event),))


def outcome(event: Event, view: ApplyView) -> ChangeSet:
    """Feedback: a verdict on a problem, or what became of concepts."""
    kind, value = str(event.data.get("kind", "")), _number(event.data.get("value", 1.0))
    records = view.get(event.about)
    changed = [
        one.revised(payload={**one.payload, "solved": value > 0})
        for one in records
        if kind == SOLVED and is_problem(one)
    ]
    others = [one.id for one in records if not is_problem(one)]
    about = dict.fromkeys(heir for id in others for heir in heirs(id, view))
    return ChangeSet(records=(*changed, *counted(about, kind, value, event, view)))


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidInput(f"feedback has the value {value!r}", "give a number")
    return float(value)


def carry_out(operation: ops.Operation, event: Event, view: ApplyView) -> ChangeSet:
    """What an operation changes.

    Raises:
        NotApplicable: it names a concept that is not there.
        Refused: it would change what is trusted more than the event.
        InvalidInput: it says nothing, or names what is no concept.
    """
    match operation:
        case ops.State():
            return _state(operation, event, view)
        case ops.Learn():
            return _learn(operation, event, view)
        case ops.Revise():
            return _revise(operation, event, view)
        case ops.Merge():
            return _merge(operation, event, view)
        case ops.Use():
            nodes = [heir for id in operation.nodes for heir in heirs(id, view)]
            return ChangeSet(links=_uses(nodes, [operation.problem], view))
        case ops.Vote():
            return _vote(operation, event, view)
        case _:
            return ChangeSet()


def told(operation: ops.Told, form: Form, at: datetime) -> Content:
    """What an operation says, as a content of its own."""
    titles = [*([operation.title] if operation.title else []), *operation.aliases]
    parameters = tuple(
        Typed(
            text=one.name.strip(),
            first=at,
            place=place,
            type=" ".join(one.type.split()),
            description=one.description.strip(),
        )
        for place, one in enumerate(operation.parameters)
        if normal(one.name)
    )
    one = Content(
        form=form,
        titles=said(titles, at),
        kinds=said([operation.kind.strip().lower()], at),
        descriptions=said([operation.description], at),
        outputs=said([" ".join(operation.output.split())], at),
        parameters=parameters,
        cues=said(operation.cues, at),
        notes=said(operation.notes, at),
    )
    return join(Content(form=form), one)  # what an operation says twice, it says once


def _state(operation: ops.State, event: Event, view: ApplyView) -> ChangeSet:
    named = _found(operation.node, view) if operation.node else None
    form = content_of(named).form if named else operation.form
    content = told(operation, form, event.happened)
    if named is not None and event.trust.rank < named.trust.rank:  # it stands beside what is trusted more
        titles = content_of(named).standing("titles")[:1]
        content = join(content, Content(form=form, titles=said([titles[0].text], event.happened)))
    if named is None and not content.titles:
        raise InvalidInput("a new concept has no title", "give one with words in it")
    known = of_names(form, view.standing_each(names_of(content)), view)
    may = [named] if named is not None and event.trust.rank >= named.trust.rank else []
    made, changes = _entered(content, may, known, event, view, operation.why)
    links: list[Link] = []
    similar = {one for other in operation.similar_to for one in heirs(other, view)} - {made}
    links += [Link(source=made, type=SIMILAR_TO, target=other) for other in sorted(similar)]
    links += _uses([made], operation.used_in, view)
    return ChangeSet(records=changes.records, links=(*changes.links, *links))


def _learn(operation: ops.Learn, event: Event, view: ApplyView) -> ChangeSet:
    contents = _apart([told(idea, idea.form, event.happened) for idea in operation.ideas])
    standing = view.standing_each(name for one in contents for name in names_of(one))
    nodes: list[str] = []
    records: list[Record] = []
    links: list[Link] = []
    for content in contents:
        known = of_names(content.form, {name: standing[name] for name in names_of(content)}, view)
        made, changes = _entered(content, [], known, event, view, operation.why)
        nodes.append(made)
        records += changes.records
        links += changes.links
    return ChangeSet(records=tuple(records), links=(*links, *_uses(nodes, [operation.problem], view)))


def _apart(contents: Sequence[Content]) -> list[Content]:
    """The contents, those that share a name as one."""
    found: list[Content] = []
    for one in contents:
        if not one.titles:
            raise InvalidInput("a new concept has no title", "give one with words in it")
        same = [held for held in found if not set(names_of(held)).isdisjoint(names_of(one))]
        found = [held for held in found if held not in same]
        found.append(reduce(join, same, one))
    return found


def _entered(
    content: Content,
    named: Sequence[Record],
    known: Sequence[Record],
    event: Event,
    view: ApplyView,
    why: str,
) -> tuple[str, ChangeSet]:
    """Enter a content: into what it names, and what is known by its names and trusted as much.

    What is trusted otherwise stands beside, as an alternative.

    Returns:
        The id of the concept, and what changes.
    """
    held = {one.id: one for one in named} | {one.id: one for one in known if one.trust is event.trust}
    beside = [] if held else [one.id for one in known]
    changes = _joined(list(held.values()), content, event, view, why)
    made = changes.records[0].id if changes.records else next(iter(held))
    links = [Link(source=made, type=ALTERNATIVE, target=other) for other in beside]
    return made, ChangeSet(records=changes.records, links=(*changes.links, *links))


def _revise(operation: ops.Revise, event: Event, view: ApplyView) -> ChangeSet:
    record = _standing(operation.node, event, view)
    held = content_of(record)
    new = told(operation, held.form, event.happened)
    fields = [name for name, given in _given(operation).items() if given]
    if not fields:
        raise InvalidInput(f"the revision of {record.id!r} says nothing", "give the fields that change")
    content = revise(held, new, fields, event.happened)
    if not content.standing("titles"):
        raise InvalidInput(f"the revision of {record.id!r} leaves it no title", "give one with words in it")
    return _written(record.id, content, [record], event, view, operation.why)


def _given(operation: ops.Told) -> dict[str, bool]:
    """Which fields of a content an operation says something of."""
    return {
        "titles": bool(operation.title),
        "kinds": bool(operation.kind.strip()),
        "descriptions": bool(operation.description.strip()),
        "outputs": bool(operation.output.strip()),
        "parameters": bool(operation.parameters),
        "cues": bool(operation.cues),
        "notes": bool(operation.notes),
    }


def _merge(operation: ops.Merge, event: Event, view: ApplyView) -> ChangeSet:
    one, other = (_standing(id, event, view) for id in (operation.node, operation.other))
    if one.id == other.id:
        return ChangeSet()  # they are one already
    return _joined([one, other], Content(form=content_of(one).form), event, view, operation.why)


def _vote(operation: ops.Vote, event: Event, view: ApplyView) -> ChangeSet:
    record = _standing(operation.node, event, view)
    counts = counts_of(view, [record.id]).get(record.id, {})
    votes = BEGINS_AT + counts.get(VOTES, 0.0) + operation.value
    records = counted([record.id], VOTES, operation.value, event, view)
    if votes > 0:
        return ChangeSet(records=tuple(records))
    gone = record.revised(state=State.FADED, why=operation.why or "more were against it than for it")
    return ChangeSet(records=(*records, gone))


def _joined(held: Sequence[Record], content: Content, event: Event, view: ApplyView, why: str) -> ChangeSet:
    """One record of all that `held` and `content` say; that of the least id stays, whatever came first."""
    if not held:
        return _written(view.new_id(), content, [], event, view, why)
    before = reduce(join, map(content_of, held))
    everything = restate(before, content, event.happened)
    if len(held) == 1 and everything == before:
        return ChangeSet()  # it says so already
    stays, *gone = sorted(held, key=lambda one: one.id)
    changes = _written(stays.id, everything, held, event, view, why)
    superseded = [one.revised(state=State.SUPERSEDED, why=why or f"merged into {stays.id}") for one in gone]
    links = [Link(source=stays.id, type=SUPERSEDES, target=one.id) for one in gone]
    links += [
        Link(source=stays.id, type=link.type, target=link.target)
        for link in view.links([one.id for one in gone], direction="out")
        if link.type in (USED_IN, SIMILAR_TO, ALTERNATIVE) and link.target != stays.id
    ]
    outcomes = _moved_outcomes(stays.id, [one.id for one in gone], event, view) if gone else []
    return ChangeSet(records=(*changes.records, *superseded, *outcomes), links=(*changes.links, *links))


def _moved_outcomes(stays: str, gone: Sequence[str], event: Event, view: ApplyView) -> list[Record]:
    """What became of merged concepts counts for the one that stays."""
    counts = counts_of(view, gone)
    totals: dict[str, float] = {}
    for some in counts.values():
        for kind, value in some.items():
            totals[kind] = totals.get(kind, 0.0) + value
    return counted([stays], "", 0.0, event, view, further=totals) if totals else []


def _written(
    id: str, content: Content, held: Sequence[Record], event: Event, view: ApplyView, why: str = ""
) -> ChangeSet:
    """The record of a content, and the names under which it is known beside its first one."""
    names = names_of(content)
    before = next((one for one in held if one.id == id), None)
    record = Record(
        id=id,
        type=CONCEPT,
        key=names[0],
        sources=tuple(dict.fromkeys([*(source for one in held for source in one.sources), event.id])),
        time=min((one.time for one in held if one.time is not None), default=event.happened),
        actor=before.actor if before else event.actor,
        session=before.session if before else event.session,
        pinned=any(one.pinned for one in held),
        metadata=before.metadata if before else {},
        why=why,
    )
    return ChangeSet(records=(shown(record, content), *_further_names(record, names[1:], event, view)))


def _further_names(record: Record, names: Sequence[str], event: Event, view: ApplyView) -> list[Record]:
    """Records of the names that are not known for this concept yet."""
    if not names:
        return []
    standing = view.standing_each(names)
    known = {
        name
        for name, some in standing.items()
        if any(one.type == NAME and meant(one) == record.id for one in some)
    }
    return [
        Record(
            id=view.new_id(),
            type=NAME,
            key=name,
            payload={"concept": record.id},
            sources=(event.id,),
            time=event.time,
        )
        for name in names
        if name not in known
    ]


def _standing(id: str, event: Event, view: ApplyView) -> Record:
    """The concept `id`, or what it was merged into.

    Raises:
        NotApplicable: there is none.
        Refused: it is trusted more than the event.
    """
    record = _found(id, view)
    if event.trust.rank < record.trust.rank:
        raise Refused(
            f"concept {record.id!r} is trusted as {record.trust.value!r}, not {event.trust.value!r}",
            "state it by its title: it then stands beside, as an alternative",
        )
    return record


def _found(id: str, view: ApplyView) -> Record:
    """The concept `id`, or what it was merged into, whoever is trusted.

    Raises:
        NotApplicable: there is none.
    """
    found = [one for one in view.get(heirs(id, view)) if stands(one)]
    if not found:
        raise NotApplicable(f"there is no concept {id!r}", "see `concepts list`")
    return found[0]


def _uses(nodes: Iterable[str], problems: Iterable[str], view: ApplyView) -> tuple[Link, ...]:
    known = [one.id for one in view.get(dict.fromkeys(problems)) if is_problem(one)]
    return tuple(
        Link(source=node, type=USED_IN, target=problem) for node in dict.fromkeys(nodes) for problem in known
    )


def shown(record: Record, content: Content) -> Record:
    """The record with a content: as it is kept, as it is shown, and as it is searched."""
    concept = concept_of(record, content)
    payload = content.model_dump(mode="json", exclude_defaults=True) | {"form": content.form}
    return record.revised(text=worded(concept), payload=payload, indexed={"text": searched(concept)})

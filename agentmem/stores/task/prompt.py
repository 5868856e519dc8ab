"""The prompt of a task: the path to the active step, what it needs, what is open; never what is superseded.

Lines are chosen by how much they matter while the budget lasts, and shown in the order of the tree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from agentmem.fence import WIDEST_BOUNDARY, fence
from agentmem.records import Context, Hit, Item, Record
from agentmem.stores.task.content import is_node, node_of
from agentmem.stores.task.node import Node, Revision, Status
from agentmem.stores.task.surroundings import Surroundings
from agentmem.synthesis.cut import cut
from agentmem.synthesis.render import inline
from agentmem.synthesis.tokens import TokenCounter

HEADERS = {"needs": "It depends on:", "below": "Its steps:", "beside": "Beside it:", "recalled": "Also:"}
"""What stands over the lines of a group; path and active step have none."""
ORDER = ("path", "active", "needs", "below", "beside", "recalled")
INDENT = "  "
DEEPEST = 12
"""How far a line is indented at most."""
NEEDED = 2
"""The last rank whose lines are cut where they are too long: active step, path, what it depends on."""
NOW = "  <- now"


@dataclass(frozen=True)
class Line:
    """One line that wants a place.

    Attributes:
        group: Where it is shown.
        rank: How much it matters; the lowest first.
        id: Of its record.
        version: Of its record.
        text: Without its label.
        sources: Events that it came from.
        depth: How far it is indented.
        namespace: Of its record.
    """

    group: str
    rank: int
    id: str
    version: int
    text: str
    sources: tuple[str, ...] = ()
    depth: int = 0
    namespace: tuple[str, ...] = ()


def lines_of(
    seen: Surroundings | None, hits: Sequence[Hit], histories: dict[str, list[Revision]]
) -> list[Line]:
    """All lines that may be shown, each record once.

    Args:
        seen: What stands around the active node; none in an empty forest.
        hits: What a question recalled.
        histories: The values of the nodes whose details are wanted, by id.
    """
    found: dict[str, Line] = {}

    def add(group: str, rank: int, id: str, depth: int = 0) -> None:
        if seen is not None and id not in found:
            node = seen.node(id)
            text = describe(node, seen, histories.get(id, ()))
            found[id] = Line(group, rank, id, node.version, text, node.sources, depth)

    if seen is not None:
        for depth, id in enumerate(seen.path):
            add("path", 1, id, depth)
        add("active", 0, seen.active, len(seen.path))
        stale = seen.graph.stale
        for id in sorted(seen.needs, key=lambda id: id not in stale):
            add("needs", 2, id, 1)
        changed = seen.last_changed[0] if seen.last_changed else ""
        for group, ids in (("below", seen.below), ("beside", seen.beside)):
            for id in ids:
                urgent = id in stale or id == changed or seen.node(id).is_open
                add(group, 4 if urgent else 6, id, 1)
    for hit in hits:
        if hit.id in found:
            found[hit.id] = replace(found[hit.id], rank=min(found[hit.id].rank, 3))
        else:
            found[hit.id] = _recalled(hit, histories.get(hit.id, ()))
    return list(found.values())


def _recalled(hit: Hit, history: Sequence[Revision]) -> Line:
    record: Record = hit.record
    text = _worded(node_of(record), "", None) + _past(history) if is_node(record) else inline(record.text)
    if record.type == "alternative":
        text += f" (not settled: said by {record.trust.value}, which is trusted less)"
    elif hit.alternatives:
        text += " (said otherwise too)"
    return Line("recalled", 5, record.id, record.version, text, record.sources, 1, record.namespace)


def describe(node: Node, seen: Surroundings, history: Sequence[Revision] = ()) -> str:
    """One node in a line: title, value, and what a reader must know of it."""
    culprit = seen.graph.stale.get(node.id)
    stale = "" if culprit is None else seen.node(culprit).slot
    was = seen.last_changed[1] if seen.last_changed and seen.last_changed[0] == node.id else None
    text = _worded(node, stale, was) + _past(history)
    return text + NOW if node.id == seen.active else text


def _worded(node: Node, stale: str, was: str | None) -> str:
    marks = []
    if stale:
        marks.append(f"STALE, {inline(stale)} changed since")
    if node.status in (Status.DONE, Status.FAILED, Status.ROLLED_BACK, Status.SUPERSEDED):
        marks.append(
            node.status.value.replace("_", " ") + (f": {inline(node.output)}" if node.output else "")
        )
    if was is not None:
        marks.append(f"was {inline(was)}")
    if node.shared_with:
        marks.append(f"also for {', '.join(map(inline, node.shared_with))}")
    if node.kind == "task":
        head = f"Task: {inline(node.slot)}"
        goal = "" if inline(node.goal) == inline(node.slot) else inline(node.goal)
        head += f" - {goal}" if goal else ""
    elif node.is_open:
        head = f"{inline(node.slot)}: open"
    else:
        head = inline(node.slot) if node.value is None else f"{inline(node.slot)}: {inline(node.value)}"
    return head + (f" ({'; '.join(marks)})" if marks else "")


def _past(history: Sequence[Revision]) -> str:
    """The values a node had, where that was asked for."""
    told = [
        f"{'open' if one.value is None else inline(one.value)}"
        + (f" {one.time:%Y-%m-%dT%H:%MZ}" if one.time else "")
        + (f", {inline(one.why)}" if one.why else "")
        for one in history
    ]
    return f" [values: {'; '.join(told)}]" if told else ""


def prompt(
    lines: Sequence[Line], budget: int, counter: TokenCounter, stable: Context, prefix: str = ""
) -> Context:
    """The context of `stable` and of the lines that fit beside it, within `budget` tokens.

    Args:
        lines: What may be shown.
        budget: Tokens of the counter's kind.
        counter: Counts tokens.
        stable: The part that is shown before.
        prefix: What stands before the number in a label.
    """
    first = len(stable.items) + 1
    room = budget - stable.tokens - counter.count(fence("", WIDEST_BOUNDARY))
    chosen: list[Line] = []
    groups: set[str] = set()
    # Where the path is too long, its end matters more than its beginning.
    for whole in sorted(lines, key=lambda line: (line.rank, -line.depth if line.group == "path" else 0)):
        label = f"[{prefix}{first + len(chosen)}]"
        is_headed = whole.group not in groups and whole.group in HEADERS
        left = room - (counter.count(HEADERS[whole.group]) if is_headed else 0)
        line, cost = whole, counter.count(_labelled(whole, label))
        if cost > left and whole.rank <= NEEDED:
            line = _begun(whole, label, left // 2, counter)
            cost = counter.count(_labelled(line, label))
        if cost <= left and line.text:
            room = left - cost
            chosen.append(line)
            groups.add(line.group)
    while chosen:
        kept = {line.id: line for line in chosen}
        shown = [
            kept[line.id] for group in ORDER for line in lines if line.group == group and line.id in kept
        ]
        labels = [f"[{prefix}{first + place}]" for place in range(len(shown))]
        body = fence("\n".join(_body(shown, labels)))
        text = stable.text + body
        tokens = counter.count(text)
        if tokens <= budget:
            break
        chosen.pop()
    else:
        shown, labels, body, text, tokens = [], [], "", stable.text, stable.tokens
    ids = {line.id for line in shown}
    return Context(
        text=text,
        stable=stable.stable,
        recalled=body,
        tokens=tokens,
        budget=budget,
        tokenizer=counter.name,
        items=(
            *stable.items,
            *(
                Item(
                    label=label,
                    id=line.id,
                    version=line.version,
                    namespace=line.namespace,
                    tokens=counter.count(_labelled(line, label)),
                    sources=line.sources,
                )
                for label, line in zip(labels, shown, strict=True)
            ),
        ),
        left_out=stable.left_out | {line.id: "budget" for line in lines if line.id not in ids},
    )


def _begun(line: Line, label: str, tokens: int, counter: TokenCounter) -> Line:
    """The line with as much of its text as `tokens` hold; without any where they hold nothing of it."""
    end = NOW if line.text.endswith(NOW) else ""

    def fits(text: str) -> bool:
        return counter.count(_labelled(replace(line, text=text + end), label)) <= tokens

    begun = cut(line.text.removesuffix(end), fits)
    return replace(line, text=begun + end if begun else "")


def _labelled(line: Line, label: str) -> str:
    return f"{INDENT * min(line.depth, DEEPEST)}{label} {line.text}"


def _body(shown: Sequence[Line], labels: Sequence[str]) -> list[str]:
    body: list[str] = []
    group = ""
    for line, label in zip(shown, labels, strict=True):
        if line.group != group and line.group in HEADERS:
            body.append(HEADERS[line.group])
        group = line.group
        body.append(_labelled(line, label))
    return body

"""The text of working memory: closed subgoals in a line each, the open ones with their steps.

What is shown within the budget is chosen in units (a step, a sentence) by how much it matters, and set in the
order of time.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from agentmem.fence import WIDEST_BOUNDARY, fence
from agentmem.records import Context, Hit, Item, Record
from agentmem.stores.subgoal.content import Chunk, Facts, Trail
from agentmem.stores.subgoal.units import Unit, facts_in, pairs_of
from agentmem.synthesis.cut import cut
from agentmem.synthesis.render import inline
from agentmem.synthesis.tokens import TokenCounter

EARLIER = "Earlier"
"""Where facts stand without their subgoals, when budget is short; the label of what is known, too."""
LABEL = "Subgoal"
"""What stands before the number of a subgoal, here and in the labels of a context."""
RESULT = "Result:"
MANY = 1_000
"""More facts than the steps that are shown in full tell."""
SHARE = 0.5
"""The share of the budget that the last step may cost: of a longer one, what it tells is picked out."""


@dataclass(frozen=True)
class Shown:
    """What there is to show of a session.

    Attributes:
        trail: Where it stands.
        facts: What was told in what is folded.
        record: The record of these facts.
        chunks: The subgoals that may be shown, by the id that the trail and the facts name.
        steps: Actions and observations of the current subgoal that are not folded, oldest first.
        fetched: What else there was, of the subgoals whose details are wanted, by id.
        hits: What a question recalled.
        retired: Events that were corrected or retracted: nothing that they told is shown as if it were so.
        summaries: Whether closed subgoals say what came of them.
        folds: Whether what steps told is kept where they themselves have no room.
    """

    trail: Trail
    facts: Facts
    record: Record | None
    chunks: Mapping[str, tuple[Record, Chunk]]
    steps: Sequence[Record]
    fetched: Mapping[str, Sequence[Record]] = field(default_factory=dict)
    hits: Sequence[Hit] = ()
    retired: Collection[str] = ()
    summaries: bool = True
    folds: bool = True


class Page:
    """Chosen units, and what they cost.

    Args:
        shown: What there is to show.
        room: Tokens that the chosen may cost.
        counter: Counts tokens.
        prefix: What stands before a number in a label.
        first: The number of the first hit.
    """

    def __init__(self, shown: Shown, room: int, counter: TokenCounter, prefix: str, first: int) -> None:
        self.shown = shown
        self._room = room
        self._counter = counter
        self._prefix = prefix
        self._first = first
        self.lines: dict[str, str] = {}
        self.facts: dict[str, dict[str, Unit]] = {}
        self.pairs: dict[str, list[Unit]] = {}
        self.hits: list[tuple[Unit, Hit]] = []
        self._order: list[Unit] = []
        self._told_by: dict[Unit, list[Unit]] = {}
        self._heads: dict[str, str] = {}
        self._open = set(shown.trail.path)
        self.left: list[str] = []

    # Choosing

    def choose(self, goal: str) -> None:
        """Take what matters most while the budget lasts; `goal` says which facts come first."""
        shown = self.shown
        open_ids = shown.trail.path
        fetched = {id: pairs_of(steps, id) for id, steps in shown.fetched.items()}
        current = open_ids[-1] if open_ids else ""
        pairs = pairs_of(shown.steps, current, len(fetched.get(current, ())))
        if current:
            self._line(current, forced=True)
        said_last = set(self._last(pairs[-1])) if pairs else set()
        for id in reversed(open_ids[:-1]):
            self._line(id)
        known = shown.facts
        if shown.folds:
            known = known.with_steps(shown.steps, current, len(known.told) + MANY)
        recalled = {fact for some in fetched.values() for pair in some for fact in pair.tells}
        told = [
            unit
            for unit in facts_in(known, shown.chunks, recalled, goal)
            if unit.tells[0] not in said_last and (shown.summaries or unit.chunk in self._open)
        ]
        told.sort(key=lambda unit: unit.chunk not in fetched)
        for unit in told if self._room_for(told) else self._without_subgoals(told):
            self._fact(unit)
        for some in fetched.values():
            for pair in reversed(some):
                if not self._pair(pair):
                    break
        for pair in reversed(pairs[:-1]):
            if not self._pair(pair):
                break
        for id in reversed(shown.trail.closed):
            self._line(id)
        for hit in shown.hits:
            self._hit(hit)

    def _last(self, pair: Unit) -> tuple[str, ...]:
        """Show the last step; the facts that it tells, or none where it is so long that it is cut."""
        if self._cost(pair.text) <= self._room * SHARE and self._pair(pair):
            return pair.tells
        text = cut(pair.text, lambda part: self._cost(part) <= self._room * SHARE * SHARE)
        self._pair(replace(pair, text=text, tells=()))
        return ()

    def _room_for(self, facts: Sequence[Unit]) -> bool:
        """Whether all these facts have room, under the lines of their subgoals."""
        lines = {unit.chunk for unit in facts} - set(self.lines)
        heads = sum(self._cost(f"{self._head(id)} {self._before_facts(id)}") for id in lines)
        return heads + sum(self._cost(unit.text) for unit in facts) <= self._room

    def _without_subgoals(self, facts: Sequence[Unit]) -> list[Unit]:
        """The facts, those of closed subgoals all in one line."""
        if self.shown.record is None:
            return list(facts)
        return [unit if unit.chunk in self._open else replace(unit, chunk=EARLIER) for unit in facts]

    def _line(self, id: str, *, forced: bool = False) -> bool:
        if id in self.lines:
            return True
        if id not in self.shown.chunks and id != EARLIER:
            return False
        text = self._head(id)
        cost = self._cost(text)
        if cost > self._room and forced:
            text = cut(text, lambda part: self._cost(part) <= self._room // 2)
            cost = self._cost(text)
        if not text or cost > self._room:
            self.left += [self.shown.chunks[id][0].id] if id != EARLIER else []
            return False
        self._room -= cost
        self.lines[id] = text
        return True

    def _fact(self, unit: Unit) -> None:
        if not self._line(unit.chunk):
            return
        cost = self._cost(unit.text)
        if not self.facts.get(unit.chunk):
            cost += self._cost(self._before_facts(unit.chunk))
        if cost <= self._room:
            self._room -= cost
            self.facts.setdefault(unit.chunk, {})[unit.tells[0]] = unit
            self._order.append(unit)

    def _before_facts(self, id: str) -> str:
        """What stands between the line of a subgoal and its facts."""
        return "" if id in self._open or id == EARLIER or RESULT in self._head(id) else RESULT

    def _pair(self, unit: Unit) -> bool:
        if not self._line(unit.chunk):
            return False
        # What the pair says need not be said before it.
        doubled = [one for fact in unit.tells if (one := self._told(fact, unit)) is not None]
        refund = sum(self._cost(one.text) for one in doubled)
        cost = self._cost(unit.text)
        if not unit.text or cost > self._room + refund:
            return False
        for one in doubled:
            del self.facts[one.chunk][one.tells[0]]
            self._order.remove(one)
        self._told_by[unit] = doubled
        self._room += refund - cost
        self.pairs.setdefault(unit.chunk, []).append(unit)
        self._order.append(unit)
        return True

    def _told(self, fact: str, by: Unit) -> Unit | None:
        """The unit that tells `fact` already, where it has that from what the pair `by` shows."""
        unit = self.facts.get(by.chunk, {}).get(fact)
        return unit if unit is not None and set(unit.sources) <= set(by.sources) else None

    def _hit(self, hit: Hit) -> None:
        if hit.id in {self.shown.chunks[id][0].id for id in self.lines if id != EARLIER}:
            return
        label = f"[{self._prefix}{self._first + len(self.hits)}]"
        text = f"{label} {inline(hit.text)}"
        if not inline(hit.text) or self._cost(text) > self._room:
            self.left.append(hit.id)
            return
        self._room -= self._cost(text)
        unit = Unit("", text, "hit", hit.record.sources)
        self.hits.append((unit, hit))
        self._order.append(unit)

    def _cost(self, text: str) -> int:
        return self._counter.count(text)

    # Setting

    def drop(self) -> bool:
        """Leave out what mattered least of the chosen; whether anything was left."""
        if self._order:
            unit = self._order.pop()
            if unit.kind == "hit":
                self.hits.pop()
            elif unit.kind == "pair":
                self.pairs[unit.chunk].remove(unit)
                for fact in self._told_by.pop(unit, ()):
                    self.facts.setdefault(fact.chunk, {})[fact.tells[0]] = fact
                    self._order.insert(0, fact)
            else:
                del self.facts[unit.chunk][unit.tells[0]]
            return True
        if self.lines:
            self.lines.popitem()
            return True
        return False

    def text(self) -> str:
        """The body of the fence."""
        body: list[str] = []
        for id in self._in_time():
            told = [unit.text for unit in self.facts.get(id, {}).values()]
            line = self.lines[id]
            between = self._before_facts(id) if told else ""
            body.append(" ".join(part for part in (line, between, *told) if part))
            body += [unit.text for unit in sorted(self.pairs.get(id, ()), key=lambda unit: unit.place)]
        return "\n".join(body + [unit.text for unit, _ in self.hits])

    def items(self) -> list[Item]:
        """What the page shows, in order."""
        made = []
        for id in self._in_time():
            record, label = self._labelled(id)
            units = [*self.facts.get(id, {}).values(), *self.pairs.get(id, ())]
            sources = dict.fromkeys([*record.sources, *(one for unit in units for one in unit.sources)])
            tokens = self._cost(self.lines[id]) + sum(self._cost(unit.text) for unit in units)
            made.append(_item(label, record, tokens, tuple(sources)))
        for unit, hit in self.hits:
            label = unit.text.split(" ", 1)[0]
            made.append(_item(label, hit.record, self._cost(unit.text), hit.record.sources))
        return made

    def _in_time(self) -> list[str]:
        """The lines as they are shown: what is newer comes later, so that it is the last word.

        Details that were asked for are the oldest, though their subgoal may have gone on later.
        """
        numbers = {id: self.shown.chunks[id][1].number if id != EARLIER else 0 for id in self.lines}
        return sorted(self.lines, key=lambda id: (id in self._open, not self.pairs.get(id), numbers[id]))

    def _labelled(self, id: str) -> tuple[Record, str]:
        """The record of a line, and how the context calls it."""
        if id == EARLIER and self.shown.record is not None:
            return self.shown.record, EARLIER
        record, chunk = self.shown.chunks[id]
        return record, f"{LABEL} {self._prefix}{chunk.number}"

    def _head(self, id: str) -> str:
        if id not in self._heads:
            self._heads[id] = f"{EARLIER}:" if id == EARLIER else self._made_head(id)
        return self._heads[id]

    def _made_head(self, id: str) -> str:
        record, chunk = self.shown.chunks[id]
        number = self._labelled(id)[1]
        if id in self._open:
            return f"{number} ({chunk.state}): {chunk.shown}."
        judged = {True: " (reached)", False: " (not reached)", None: ""}[chunk.reached]
        stands = self.shown.summaries and not any(one in self.shown.retired for one in record.sources)
        said = _result(record, chunk, told=bool(self.shown.facts.told)) if stands else ""
        return f"{number}{judged}: {chunk.shown}." + (f" {RESULT} {said}" if said else "")


def _result(record: Record, chunk: Chunk, *, told: bool) -> str:
    """What came of a closed subgoal: the summary, else the last observation where no facts are told apart."""
    first, _, result = record.text.partition("\n")
    if first != f"Subgoal: {chunk.shown}":
        return inline(record.text)  # somebody corrected it
    if chunk.summary or not told:
        return inline(result.removeprefix(RESULT))
    return ""


def _item(label: str, record: Record, tokens: int, sources: tuple[str, ...]) -> Item:
    return Item(
        label=label,
        id=record.id,
        version=record.version,
        namespace=record.namespace,
        tokens=tokens,
        sources=sources,
    )


def working(
    shown: Shown, goal: str, budget: int, counter: TokenCounter, stable: Context, prefix: str = ""
) -> Context:
    """The context of a session within `budget` tokens.

    Args:
        shown: What there is to show.
        goal: What is to be reached now: facts that share words with it come first.
        budget: Tokens of the counter's kind.
        counter: Counts tokens.
        stable: The part that is shown before.
        prefix: What stands before a number in a label.
    """
    room = budget - stable.tokens - counter.count(fence("", WIDEST_BOUNDARY))
    page = Page(shown, max(0, room), counter, prefix, len(stable.items) + 1)
    page.choose(goal)
    while True:
        body = page.text()
        recalled = fence(body) if body else ""
        text = stable.text + recalled
        tokens = counter.count(text) if text else 0
        if tokens <= budget or not page.drop():
            break
    items = page.items() if body else []
    wanted = [*page.left, *(hit.id for hit in shown.hits)]
    ids = {item.id for item in (*stable.items, *items)}
    return Context(
        text=text,
        stable=stable.stable,
        recalled=recalled,
        tokens=tokens,
        budget=budget,
        tokenizer=counter.name,
        items=(*stable.items, *items),
        left_out=stable.left_out | {id: "budget" for id in wanted if id not in ids},
    )

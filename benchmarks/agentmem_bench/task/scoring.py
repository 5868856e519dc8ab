"""How right an engine is about a task: its state after every turn against the one that is written down."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import get_args

from agentmem.stores.task.trim import Intent
from agentmem_bench.task.matching import Embed, match
from agentmem_bench.task.normal_form import normal_form
from agentmem_bench.task.scenarios import Scenario, Turn

INTENTS: tuple[Intent, ...] = get_args(Intent)
NONE = "none"
"""In a confusion: no subtask on that side."""


@dataclass(frozen=True)
class Snapshot:
    """What an engine holds after a turn.

    Attributes:
        slots: Its live steps: id, title, and value or none.
        intents: Those that it read in the turn.
        depends: Ids of what a step depends on, by its id.
        stale: Ids of steps marked stale.
        done: Ids of steps that are done.
        active: Id of the step that is worked on.
    """

    slots: tuple[tuple[str, str, str | None], ...]
    intents: tuple[Intent, ...]
    depends: Mapping[str, Sequence[str]] = field(default_factory=dict)
    stale: frozenset[str] = frozenset()
    done: frozenset[str] = frozenset()
    active: str | None = None

    @property
    def state(self) -> tuple[object, ...]:
        """All that an utterance can change."""
        edges = frozenset((node, other) for node, on in self.depends.items() for other in on)
        return (frozenset(self.slots), edges, self.stale, self.done)


@dataclass(frozen=True)
class TurnScore:
    """What was right about one turn.

    Attributes:
        turn: Its place, from 1.
        wrong: Keys of the truth's slots with another value than they should have.
        extra: Titles of live steps that are no slot of the truth.
        slots: How many slots count: those of the truth and the extra ones.
        confusion: Pairs (true intent, read intent), `none` where one side has no more.
        graph: Whether `depends`, `stale`, `done` and `active` are right, where the scenario states them.
        checks_taken: Checks that were read as something else, or that changed something.
        unsaid: Values that are no span of any turn so far.
    """

    turn: int
    wrong: tuple[str, ...]
    extra: tuple[str, ...]
    slots: int
    confusion: Counter[tuple[str, str]]
    graph: Mapping[str, bool]
    checks_taken: int
    unsaid: tuple[str, ...]

    @property
    def exact(self) -> bool:
        """Whether everything is right."""
        intents = all(true == read for true, read in self.confusion)
        return not self.wrong and not self.extra and intents and all(self.graph.values())


@dataclass(frozen=True)
class Totals:
    """What came of some turns."""

    turns: tuple[TurnScore, ...]

    @property
    def slot_accuracy(self) -> float:
        """Share of turn × slot with the right value; 1 where there is none."""
        slots = sum(turn.slots for turn in self.turns)
        wrong = sum(len(turn.wrong) + len(turn.extra) for turn in self.turns)
        return 1 - wrong / slots if slots else 1.0

    @property
    def exact_turns(self) -> float:
        """Share of turns with everything right."""
        return sum(turn.exact for turn in self.turns) / len(self.turns) if self.turns else 1.0

    @property
    def confusion(self) -> Counter[tuple[str, str]]:
        """How often each true intent was read as each."""
        return sum((turn.confusion for turn in self.turns), Counter())

    @property
    def f1(self) -> dict[Intent, float]:
        """F1 of each intent that is true or was read at least once."""
        counts = self.confusion
        found: dict[Intent, float] = {}
        for intent in INTENTS:
            true = sum(count for (one, _), count in counts.items() if one == intent)
            read = sum(count for (_, one), count in counts.items() if one == intent)
            if true + read:
                found[intent] = 2 * counts[intent, intent] / (true + read)
        return found

    @property
    def macro_f1(self) -> float:
        """The mean of `f1`; 1 where there is none."""
        scores = self.f1.values()
        return sum(scores) / len(scores) if scores else 1.0

    @property
    def checks_taken(self) -> int:
        """Questions and doubts that were read as something else, or that changed something."""
        return sum(turn.checks_taken for turn in self.turns)

    @property
    def unsaid(self) -> int:
        """Turn × value that nobody had said."""
        return sum(len(turn.unsaid) for turn in self.turns)

    def graph(self, name: str) -> float | None:
        """Share of the turns that state `depends`, `stale`, `done` or `active` where it is right; or none."""
        stated = [turn.graph[name] for turn in self.turns if name in turn.graph]
        return sum(stated) / len(stated) if stated else None


def score(scenario: Scenario, snapshots: Sequence[Snapshot], embed: Embed | None = None) -> Totals:
    """Compare an engine's snapshots, one after each turn, with the scenario's truth.

    Raises:
        ValueError: there are not as many snapshots as turns.
    """
    turns: list[TurnScore] = []
    before = Snapshot((), ())
    said = ""
    for number, (turn, now) in enumerate(zip(scenario.turns, snapshots, strict=True), start=1):
        said = f"{said}\n{_spaced(turn.say)}"
        turns.append(_score(number, scenario, turn, before, now, said, embed))
        before = now
    return Totals(tuple(turns))


def summed(totals: Sequence[Totals]) -> Totals:
    """Those of several scenarios together."""
    return Totals(tuple(turn for one in totals for turn in one.turns))


def _score(
    number: int,
    scenario: Scenario,
    turn: Turn,
    before: Snapshot,
    now: Snapshot,
    said: str,
    embed: Embed | None,
) -> TurnScore:
    titles = {one: title for one, title, _ in now.slots}
    names = match(titles, {key: (key, *scenario.slots[key]) for key in turn.state}, embed)
    values = {names[one]: value for one, _, value in now.slots if one in names}
    confusion = _confusion(turn.intents, now.intents)
    return TurnScore(
        turn=number,
        wrong=tuple(key for key, forms in turn.state.items() if not _right(values, key, forms)),
        extra=tuple(title for one, title in titles.items() if one not in names),
        slots=len(turn.state) + len(titles) - len(names),
        confusion=confusion,
        graph=_graph(turn, now, names),
        checks_taken=_checks_taken(turn, confusion, before.state != now.state),
        unsaid=tuple(value for _, _, value in now.slots if value is not None and _spaced(value) not in said),
    )


def _right(values: Mapping[str, str | None], key: str, forms: Sequence[str] | None) -> bool:
    if key not in values:
        return False
    value = values[key]
    if forms is None or value is None:
        return forms is None and value is None
    return normal_form(value) in map(normal_form, forms)


def _confusion(true: Sequence[str], read: Sequence[str]) -> Counter[tuple[str, str]]:
    """Equal intents pair up; what is left pairs up in its order, and then with nothing."""
    both = Counter(true) & Counter(read)
    pairs = Counter({(intent, intent): count for intent, count in both.items()})
    missed = list((Counter(true) - both).elements())
    wrong = list((Counter(read) - both).elements())
    size = max(len(missed), len(wrong))
    missed += [NONE] * (size - len(missed))
    wrong += [NONE] * (size - len(wrong))
    return pairs + Counter(zip(missed, wrong, strict=True))


def _checks_taken(turn: Turn, confusion: Counter[tuple[str, str]], changed: bool) -> int:
    read = sum(n for (true, one), n in confusion.items() if true == "check" and one not in {"check", NONE})
    only_checks = bool(turn.intents) and set(turn.intents) == {"check"}
    return max(read, int(only_checks and changed))


def _graph(turn: Turn, now: Snapshot, names: Mapping[str, str]) -> dict[str, bool]:
    found: dict[str, bool] = {}
    if turn.depends is not None:
        edges = {
            (names.get(node, node), names.get(other, other))
            for node, on in now.depends.items()
            for other in on
        }
        found["depends"] = edges == {(node, other) for node, on in turn.depends.items() for other in on}
    if turn.stale is not None:
        found["stale"] = {names.get(one, one) for one in now.stale} == set(turn.stale)
    if turn.done is not None:
        found["done"] = {names.get(one, one) for one in now.done} == set(turn.done)
    if turn.active is not None:
        found["active"] = now.active is not None and names.get(now.active) == turn.active
    return found


def _spaced(text: str) -> str:
    """In lower case, with single spaces, so that a line break within a span does not matter."""
    return re.sub(r"\s+", " ", text).strip().casefold()

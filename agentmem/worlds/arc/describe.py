"""A task in words: what is seen, and what may be going on. The text by which a memory compares problems."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from agentmem.worlds.arc.describing import amount, blocks, cutting, drawing, moving, seen, telling, turning
from agentmem.worlds.arc.describing.change import Change, Question
from agentmem.worlds.arc.describing.sight import View
from agentmem.worlds.arc.tasks import Task

QUESTIONS: Mapping[str, Question] = {
    **turning.SAYS,
    **cutting.SAYS,
    **blocks.SAYS,
    **telling.SAYS,
    **drawing.SAYS,
    **moving.SAYS,
    **amount.SAYS,
}
"""What may be said of a task, and the question to which its examples must answer yes."""


GUESSED_SHARE = 0.75
"""Share of the examples of which something must hold to be guessed: a rule may have its special cases."""
SAME_SIZE = "The output has the same size as the input."
"""What is said only where little else is: most tasks are like that, and what all say tells none apart."""
LITTLE = 3
"""Guesses below which it is said."""
NOTHING = "Nothing stands out."
"""What is said where there is nothing else to say, as an empty text cannot be embedded."""
TINY = 3
"""Rows and columns up to which an output is tiny."""
SEEN_SHARE = 0.66
"""Share of the inputs in which something must be seen to be said."""


@dataclass(frozen=True)
class Description:
    """A task in words.

    Attributes:
        guessed: What may be going on: what holds between input and output of most examples.
        seen: What most outputs have in common, and most inputs, those of the tests too.
    """

    guessed: tuple[str, ...]
    seen: tuple[str, ...]

    @property
    def text(self) -> str:
        """All sentences on one line: what is going on comes first, as embedders cut off the end."""
        return " ".join([*self.guessed, *self.seen]) or NOTHING


def describe(task: Task) -> Description:
    """A task in words, by what is visible of it: its examples, and the inputs of its tests.

    The same task has the same words; nothing of its id, and no grid, is among them. What holds for a few of
    the grids only is left out.
    """
    befores = [View(pair.input) for pair in task.train]
    changes = [
        Change(before, View(pair.output))
        for before, pair in zip(befores, task.train, strict=True)
        if pair.output is not None
    ]
    inputs = [*befores, *(View(pair.input) for pair in task.test)]
    common = _common([list(seen.seen(view)) for view in inputs])
    results = _common([list(seen.result(change)) for change in changes])
    guessed = tuple(dict.fromkeys(_guesses(changes)))
    if len(guessed) > LITTLE:
        guessed = tuple(said for said in guessed if said != SAME_SIZE)
    return Description(guessed, (*results, *common))


def _common(sights: list[list[str]]) -> list[str]:
    """What most of several sights have in common, in the order in which it is first said."""
    counts = Counter(said for sight in sights for said in set(sight))
    ordered = dict.fromkeys(said for sight in sights for said in sight)
    return [said for said in ordered if counts[said] >= SEEN_SHARE * len(sights)]


def _guesses(changes: list[Change]) -> Iterator[str]:
    if not changes:
        return
    yield from _sizes(changes)
    changes = [change for change in changes if not change.same_size or change.changed.any()] or changes
    for said, question in QUESTIONS.items():
        if _mostly(changes, question):
            yield said
    yield from _colours(changes)
    if _mostly(changes, lambda change: change.same_size):
        yield SAME_SIZE


def _mostly(changes: list[Change], question: Question) -> bool:
    return sum(map(question, changes)) >= GUESSED_SHARE * len(changes)


def _sizes(changes: list[Change]) -> Iterator[str]:
    """How the sizes of outputs go with those of inputs."""
    after = {change.after.shape for change in changes}
    if _mostly(changes, lambda change: change.same_size):
        return
    if len(after) == 1 and len(changes) > 1:
        yield "The output always has the same size, whatever the input."
        if max(after.pop()) <= TINY:
            yield "The output is tiny."
    elif len({change.before.shape for change in changes}) == 1:
        yield "The size of the output depends on what is in the input."


def _colours(changes: list[Change]) -> Iterator[str]:
    """Whether colours are replaced by one table over all examples."""
    if not _mostly(changes, lambda change: change.same_size):
        return
    table: dict[int, set[int]] = {}
    for change in changes:
        if change.same_size:
            both = change.before.cells.ravel().tolist(), change.after.cells.ravel().tolist()
            for before, after in zip(*both, strict=True):
                table.setdefault(before, set()).add(after)
    if any(len(each) > 1 for each in table.values()) or all(each == {one} for one, each in table.items()):
        return
    yield "Each colour is replaced by another one, always the same: a fixed colour map."
    if all(table.get(after) == {before} for before, each in table.items() for after in each):
        yield "Colours are swapped in pairs."

"""What came of a task: the steps of its attempts as they were made, and what the scorer says of them."""

from __future__ import annotations

from agentmem.records import Text, Value
from agentmem.worlds.arc.grids import Grid


class Concept(Value):
    """A concept that was selected for a task.

    Attributes:
        id: Of its record.
        title: What it is called.
        score: Of the selection; the higher, the better.
    """

    id: Text
    title: Text
    score: float


class Step(Value):
    """A program of an attempt: its first, or one after feedback. All here is from visible pairs.

    Attributes:
        program: Its text; empty: none was given.
        fits: For each example, whether the program gives its output.
        outputs: What it gives for the tests' inputs; none: no grid.
        reason: Why it is not right, in a word: `wrong`, `no program`, `model`, or a reason of the sandbox;
            empty: it gives the outputs of all examples, and a grid for every test.
        detail: The reason in words.
        tried: Programs that a search had tried when it found this one.
        answer: What the model said.
        prompt_tokens: That the model read, as it counts.
        completion_tokens: That it wrote.
    """

    program: Text = ""
    fits: tuple[bool, ...] = ()
    outputs: tuple[Grid | None, ...] = ()
    reason: Text = ""
    detail: Text = ""
    tried: int = 0
    answer: Text = ""
    prompt_tokens: int = 0
    completion_tokens: int = 0

    @property
    def verified(self) -> bool:
        """Whether it gives the outputs of all examples."""
        return bool(self.fits) and all(self.fits)


class Outcome(Value):
    """A task that was worked on, before anybody looked at its hidden outputs.

    Attributes:
        position: Its place in the run, from 0.
        task: Its id.
        source: Where it comes from.
        text: It in words.
        selected: The concepts that the memory selected for it, best first.
        context_tokens: Of what a prompt showed of them.
        threads: The attempts, each with its steps.
        tried: Programs that were tried by a search.
        stopped: Why the search ended.
        seconds: Taken, the memory included.
        error: What failed.
    """

    position: int
    task: Text
    source: Text = ""
    text: Text = ""
    selected: tuple[Concept, ...] = ()
    context_tokens: int = 0
    threads: tuple[tuple[Step, ...], ...] = ()
    tried: int = 0
    stopped: Text = ""
    seconds: float = 0.0
    error: Text = ""

    @property
    def best(self) -> Step | None:
        """The program that stands for the task: the first that is verified, or else fits most examples."""
        lasts = [steps[-1] for steps in self.threads if steps and steps[-1].program]
        return max(lasts, key=lambda step: (step.verified, sum(step.fits)), default=None)

    @property
    def verified(self) -> bool:
        """Whether a program gives the outputs of all examples: the only verdict that the memory hears."""
        return self.best is not None and self.best.verified


class Held(Value):
    """What the memory holds after a task.

    Attributes:
        problems: Traces of problems.
        concepts: Concepts that stand.
        tokens: Of all of them in full.
        waiting: Verdicts that wait to be written.
    """

    problems: int = 0
    concepts: int = 0
    tokens: int = 0
    waiting: int = 0


class Row(Value):
    """A task that is done: a line of `results.jsonl`.

    Attributes:
        outcome: What was done.
        cited: Ids of the selected concepts that occur in the program that stands for the task.
        held: What the memory holds now.
        tests: How many tests the task has.
        scored: Whether the outputs of all of them are known.
        passed: For each attempt, its steps, and of each which tests it passes; empty where that is not known.
    """

    outcome: Outcome
    cited: tuple[Text, ...] = ()
    held: Held | None = None
    tests: int = 1
    scored: bool = False
    passed: tuple[tuple[tuple[bool, ...], ...], ...] = ()

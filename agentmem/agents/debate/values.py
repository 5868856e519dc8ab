"""What is said in a debate, and what comes of it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from agentmem.records import Text, Value

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class Shared(Value):
    """A memory that a participant shares with the others.

    Attributes:
        id: Of its record, in the memory of who shares it.
        text: What it says.
        layer: Where it came from there.
        weight: What it counts there.
    """

    id: Text
    text: Text
    layer: Text = ""
    weight: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 1.0


class Position(Value):
    """What a participant holds in a round.

    Attributes:
        speaker: Who.
        round: 0: at the beginning.
        choice: What it is for.
        size: How much of it.
        confidence: How sure it is; its weight in a vote.
        reason: Why.
        cited: Ids of its memories on which it rests.
        shared: Memories that it shows the others.
        tokens: That a model read and wrote for it.
        error: What went wrong where it could not say what it holds.
    """

    speaker: Text
    round: Annotated[int, Field(ge=0)] = 0
    choice: Text
    size: Share = 0.0
    confidence: Share = 0.0
    reason: Text = ""
    cited: tuple[Text, ...] = ()
    shared: tuple[Shared, ...] = ()
    tokens: Annotated[int, Field(ge=0)] = 0
    error: Text = ""

    def agrees(self, other: Position) -> bool:
        """Whether it is the same position to two decimals, however it is reasoned."""
        alike = round(self.size, 2) == round(other.size, 2)
        sure = round(self.confidence, 2) == round(other.confidence, 2)
        return self.choice == other.choice and alike and sure


class Verdict(Value):
    """What comes of a debate.

    Attributes:
        choice: What is to be done.
        size: How much of it.
        confidence: How sure that is.
        reason: Why.
        method: `vote`, or `judge`.
        supporters: Who was for it in the end.
        tokens: That a judging model read and wrote.
        error: Why there was a vote where a judge was to judge.
    """

    choice: Text
    size: Share = 0.0
    confidence: Share = 0.0
    reason: Text = ""
    method: Literal["vote", "judge"] = "vote"
    supporters: tuple[Text, ...] = ()
    tokens: Annotated[int, Field(ge=0)] = 0
    error: Text = ""


class LeftOut(Value):
    """Who failed, when and how.

    Attributes:
        speaker: Who.
        stage: `begin`, `state`, `answer`, or `hear`.
        round: In which round.
        error: What went wrong.
    """

    speaker: Text
    stage: Text
    round: int
    error: Text


class Transcript(Value):
    """All of a debate.

    Attributes:
        rounds: The positions of each round, the first as they were stated; each by who was still there.
        verdict: What came of it.
        left_out: Who failed.
        ended: `unchanged`: nobody changed any more; `rounds`: all were held; `alone`: under two were left.
    """

    rounds: tuple[tuple[Position, ...], ...]
    verdict: Verdict
    left_out: tuple[LeftOut, ...] = ()
    ended: Literal["unchanged", "rounds", "alone"] = "rounds"

    @property
    def last(self) -> tuple[Position, ...]:
        """The positions with which it ended: those of who was not left out on the way."""
        return self.rounds[-1]

    @property
    def said(self) -> tuple[Position, ...]:
        """Each position that was new when it was stated, in order."""
        found: list[Position] = []
        held: dict[str, Position] = {}
        for positions in self.rounds:
            for one in positions:
                before = held.get(one.speaker)
                if before is None or not one.agrees(before):
                    found.append(one)
                held[one.speaker] = one
        return tuple(found)


class DebatePolicy(Value):
    """The rules of a debate.

    Attributes:
        choices: What one can be for.
        otherwise: What is done where votes are equal, or nobody is left.
        rounds: How often each answers the others at most.
    """

    choices: tuple[Text, ...] = Field(min_length=1)
    otherwise: Text
    rounds: Annotated[int, Field(ge=0, le=100)] = 2

"""A debate in bounded rounds: each states a position, answers the others, and all vote, or one judges.

After TradingGPT, section 3.4. Who fails in the middle is left out from then on, and the others go on.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Annotated, Literal, Protocol, TypeVar

from pydantic import Field

from agentmem.errors import Cancelled, InvalidInput
from agentmem.records import Text, Value

log = logging.getLogger(__name__)
T = TypeVar("T")
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
_DIGITS = 9
"""Decimals to which votes are compared: sums of the same confidences in another order are equal."""


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


class Participant(Protocol):
    """Who takes part: asked for a position, for answers, and told in the end what was said."""

    @property
    def name(self) -> str:
        """What it is called."""

    def state(self) -> Position:
        """What it holds before it has heard anybody."""

    def answer(self, own: Position, others: Sequence[Position], round: int) -> Position:
        """What it holds after it has read what the others held in the round before."""

    def hear(self, said: Sequence[Position]) -> None:
        """Keep what was said by all, itself among them."""


class Judge(Protocol):
    """Who decides in the place of a vote."""

    def judge(self, positions: Sequence[Position]) -> Verdict:
        """What is to be done, from the positions with which the debate ended."""


def debate(
    participants: Sequence[Participant], policy: DebatePolicy, judge: Judge | None = None
) -> Transcript:
    """Let participants debate.

    All answer what was held in the round before, so that their order plays no part. A judge that fails, or
    wants what is no choice, is replaced by a vote, which says so.

    Args:
        participants: Who takes part; each goes by another name.
        policy: The rules.
        judge: Who judges; none: a vote.

    Raises:
        InvalidInput: two participants have the same name, or `otherwise` is no choice.
        Cancelled: a participant's model was cancelled.
    """
    names = [one.name for one in participants]
    if len(set(names)) != len(names):
        raise InvalidInput(f"two participants of a debate have the same name: {names}", "rename one")
    if policy.otherwise not in policy.choices:
        raise InvalidInput(
            f"{policy.otherwise!r} is none of the choices {', '.join(policy.choices)}", "name one of them"
        )
    left_out: list[LeftOut] = []
    present = list(participants)
    rounds: list[tuple[Position, ...]] = []
    ended: Literal["unchanged", "rounds", "alone"] = "rounds"
    for round in range(policy.rounds + 1):
        before = {one.speaker: one for one in rounds[-1]} if rounds else {}
        positions = []
        for one in list(present):
            found = _held(one, before, round, policy, left_out)
            if found is None:
                present.remove(one)
            else:
                positions.append(found)
        rounds.append(tuple(positions))
        if len(present) <= 1:
            ended = "alone"
            break
        if round and all(one.agrees(before[one.speaker]) for one in positions):
            ended = "unchanged"
            break
    verdict = _judged(rounds[-1], policy, judge)
    made = Transcript(rounds=tuple(rounds), verdict=verdict, left_out=tuple(left_out), ended=ended)
    for one in present:
        _try(one.name, "hear", len(rounds), left_out, lambda one=one: one.hear(made.said))  # type: ignore[misc]
    return made.altered({"left_out": tuple(left_out)})


def vote(positions: Sequence[Position], policy: DebatePolicy) -> Verdict:
    """The choice for which most confidence was given; where two have the same, `otherwise`.

    Its size is the mean of its supporters' by their confidence; its confidence theirs, less what stood
    against it.

    Args:
        positions: Those with which a debate ended.
        policy: The rules.
    """
    weights = {
        choice: round(sum(one.confidence for one in positions if one.choice == choice), _DIGITS)
        for choice in policy.choices
    }
    most = max(weights.values())
    first = [choice for choice, weight in weights.items() if weight == most and most > 0]
    choice = first[0] if len(first) == 1 else policy.otherwise
    supporters = [one for one in positions if one.choice == choice]
    told = ", ".join(f"{name} {weight:.2f}" for name, weight in weights.items() if weight)
    reason = f"votes by confidence: {told or 'none'}"
    if len(first) != 1:
        reason += f"; no choice has most of them: {policy.otherwise}"
    own, total = weights[choice], sum(weights.values())
    if not supporters or not own:
        return Verdict(choice=choice, reason=reason, supporters=tuple(one.speaker for one in supporters))
    return Verdict(
        choice=choice,
        size=min(1.0, sum(one.size * one.confidence for one in supporters) / own),
        confidence=min(1.0, own / len(supporters) * own / total),
        reason=reason,
        supporters=tuple(one.speaker for one in supporters),
    )


def _held(
    one: Participant,
    before: dict[str, Position],
    round: int,
    policy: DebatePolicy,
    left_out: list[LeftOut],
) -> Position | None:
    others = [position for name, position in before.items() if name != one.name]
    stage = "answer" if round else "state"

    def asked() -> Position:
        found = one.answer(before[one.name], others, round) if round else one.state()
        if found.choice not in policy.choices:
            raise InvalidInput(
                f"{one.name} is for {found.choice!r}, which is none of the choices",
                f"be for one of {', '.join(policy.choices)}",
            )
        return found.altered({"speaker": one.name, "round": round})

    return _try(one.name, stage, round, left_out, asked)


def _judged(positions: Sequence[Position], policy: DebatePolicy, judge: Judge | None) -> Verdict:
    if judge is None or not positions:
        return vote(positions, policy)
    failures: list[LeftOut] = []
    found = _try("the judge", "judge", 0, failures, lambda: judge.judge(positions))
    error = failures[0].error if failures else ""
    if found is not None and found.choice in policy.choices:
        supporters = tuple(one.speaker for one in positions if one.choice == found.choice)
        return found.altered({"method": "judge", "supporters": supporters})
    if found is not None:
        error = f"it is for {found.choice!r}, which is none of {', '.join(policy.choices)}"
    return vote(positions, policy).altered({"error": f"the judge did not judge: {error}"})


def _try(name: str, stage: str, round: int, left_out: list[LeftOut], work: Callable[[], T]) -> T | None:
    """What `work` gives; none, where it fails: then it is noted who failed."""
    try:
        return work()
    except Cancelled:
        raise
    except Exception as error:  # whatever it is, the others go on, and the transcript says so
        log.warning("debate: %s failed to %s in round %d: %s", name, stage, round, error)
        told = f"{type(error).__name__}: {error}"[:500]
        left_out.append(LeftOut(speaker=name, stage=stage, round=round, error=told))
        return None

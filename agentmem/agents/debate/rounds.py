"""A debate in bounded rounds: each states a position, answers the others, and all vote, or one judges.

After TradingGPT, section 3.4. Who fails in the middle is left out from then on, and the others go on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, Protocol, TypeVar

from agentmem.agents.debate.values import DebatePolicy, LeftOut, Position, Transcript, Verdict
from agentmem.agents.debate.voting import vote
from agentmem.errors import Cancelled, InvalidInput
from agentmem.logs import fields, in_log, logger

log = logger(__name__)
T = TypeVar("T")


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
        extra = {"speaker": name, "stage": stage, "round": round, **fields(error)}
        log.warning("debate: %s failed to %s in round %d: %s", name, stage, round, in_log(error), extra=extra)
        told = f"{type(error).__name__}: {error}"[:500]
        left_out.append(LeftOut(speaker=name, stage=stage, round=round, error=told))
        return None

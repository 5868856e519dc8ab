"""The policy `model`: a language model decides, answers and looks back; what it cannot say means to hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeVar

from pydantic import BaseModel, Field

from agentmem.agents.debate import Position
from agentmem.agents.trading.policy import Briefing, LookingBack
from agentmem.agents.trading.recalled import Recalled, clipped
from agentmem.agents.trading.values import Decision
from agentmem.errors import Cancelled
from agentmem.fence import fence
from agentmem.logs import fields, in_log, logger
from agentmem.models.base import ChatModel, system, user
from agentmem.prompts import render
from agentmem.records import Value
from agentmem.synthesis.render import inline

log = logger(__name__)
T = TypeVar("T", bound=BaseModel)
PACKAGE = "agentmem.agents.trading"
"""Whose prompts are asked."""


class Lengths(Value):
    """How long prompts and answers may be.

    Attributes:
        line: Characters of a memory or an argument at most.
        reason: Characters of a reason that are kept.
        reflection: Characters of a reflection that are kept.
        answer: Tokens of an answer.
    """

    line: int = 300
    reason: int = 600
    reflection: int = 1_000
    answer: int = 300


class Said(BaseModel):
    """What a model answers."""

    reason: str = ""
    side: Literal["buy", "sell", "hold"]
    size: float = Field(default=0.0, ge=0, le=1)
    confidence: float = Field(default=0.5, ge=0, le=1)
    memories: list[int] = Field(default_factory=list, max_length=50)


class Thought(BaseModel):
    """What a model keeps of some days."""

    reflection: str = Field(min_length=1)


class ModelPolicy:
    """Asks a language model. It is shown memories as data, each with a number, and names those it rests on.

    A model that fails, or says what is no answer twice, holds; the decision's `error` says why. Whoever
    cancels a call ends it: that is passed on.

    Args:
        model: The model.
        lengths: Of prompts and answers.
    """

    name = "model"
    hears = True

    def __init__(self, model: ChatModel, lengths: Lengths | None = None) -> None:
        self._model = model
        self._lengths = lengths or Lengths()

    def decide(self, briefing: Briefing) -> Decision:
        """What the model decides."""
        return self._decided(briefing, ())

    def answer(self, briefing: Briefing, own: Position, others: Sequence[Position]) -> Decision:
        """What the model decides once it has read its own position and those of the others."""
        return self._decided(briefing, (own, *others))

    def reflect(self, looking: LookingBack) -> str:
        """What the model makes of the facts; the facts themselves, where it fails."""
        told = render(PACKAGE, "look_back", agent=looking.profile.name, symbol=looking.profile.symbol)
        shown = f"{fence(looking.facts)}\n{self._listed(looking.cited)}"
        answer, _, _ = self._asked(told, shown, Thought)
        if answer is None:
            name = looking.profile.name
            log.warning("%s: the facts stand for a reflection", name, extra={"agent": name})
            return looking.facts
        return clipped(answer.reflection, self._lengths.reflection)

    def judge(self, symbol: str, positions: Sequence[Position]) -> tuple[Decision, str]:
        """What the model would do after a debate of others, and what went wrong, where it could not say."""
        told = render(PACKAGE, "judge", symbol=symbol)
        answer, error, tokens = self._asked(told, self._argued(positions), Said)
        if answer is None:
            return Decision(side="hold", tokens=tokens, error=error), error
        return self._read(answer, (), 0, tokens), ""

    def _decided(self, briefing: Briefing, positions: Sequence[Position]) -> Decision:
        day, acting = briefing.day, briefing.character
        told = render(
            PACKAGE,
            "decide",
            agent=briefing.profile.name,
            symbol=day.symbol,
            background=inline(briefing.profile.background),
            instructions=acting.instructions,
            cites=briefing.cites,
            debating=bool(positions),
        )
        account = render(
            PACKAGE,
            "account",
            date=day.date,
            symbol=day.symbol,
            close=day.close,
            position=day.position,
            cash=day.cash,
            equity=day.equity,
        )
        shown = [account, self._listed(briefing.memories)]
        if briefing.heard:
            shown.append("What agents argued on earlier days:\n" + self._quoted(briefing.heard))
        if positions:
            shown.append("What is held in the debate, your own position first:\n" + self._argued(positions))
        answer, error, tokens = self._asked(told, "\n".join(shown), Said)
        if answer is None:
            reason = "the model gave no decision"
            return Decision(side="hold", reason=reason, character=acting.name, tokens=tokens, error=error)
        return self._read(answer, briefing.memories, briefing.cites, tokens, acting.name)

    def _read(
        self, said: Said, memories: Sequence[Recalled], cites: int, tokens: int, character: str = ""
    ) -> Decision:
        """The decision that an answer means; numbers of no memory are passed over."""
        named = [number for number in dict.fromkeys(said.memories) if 1 <= number <= len(memories)]
        return Decision(
            side=said.side,
            size=0.0 if said.side == "hold" else said.size,
            reason=clipped(said.reason, self._lengths.reason),
            cited=tuple(memories[number - 1].id for number in named[:cites]),
            confidence=said.confidence,
            character=character,
            tokens=tokens,
        )

    def _asked(self, told: str, shown: str, schema: type[T]) -> tuple[T | None, str, int]:
        """The answer as a value, or none and what went wrong; and the tokens that it took."""
        asked = [system(told), user(shown)]
        try:
            answer = self._model.complete(asked, schema=schema, max_tokens=self._lengths.answer)
        except Cancelled:
            raise
        except Exception as error:  # a model is somebody else's: whatever fails there, the agent holds
            extra = {"model": self._model.name, **fields(error)}
            log.warning("model %s: %s", self._model.name, in_log(error), extra=extra)
            return None, clipped(f"{type(error).__name__}: {error}", self._lengths.reason), 0
        spent = answer.usage.prompt_tokens + answer.usage.completion_tokens
        return answer.value, "" if answer.value is not None else "it gave no value", spent

    def _listed(self, memories: Sequence[Recalled]) -> str:
        if not memories:
            return "(Nothing is remembered.)\n"
        lines = [
            f"[{number}] {one.time.date() if one.time else 'undated'} {one.layer} {one.kind}"
            f" ({one.trust.value}): {clipped(one.text, self._lengths.line)}"
            for number, one in enumerate(memories, 1)
        ]
        return fence("\n".join(lines))

    def _quoted(self, heard: Sequence[Recalled]) -> str:
        lines = [
            f"- {one.time.date() if one.time else 'undated'} {inline(one.actor)}:"
            f" {clipped(one.text, self._lengths.line)}"
            for one in heard
        ]
        return fence("\n".join(lines))

    def _argued(self, positions: Sequence[Position]) -> str:
        lines = []
        for one in positions:
            lines.append(
                f"{inline(one.speaker)}: {one.choice}, size {one.size:.2f}, confidence {one.confidence:.2f}:"
                f" {clipped(one.reason, self._lengths.line)}"
            )
            lines += [f"  - {clipped(told.text, self._lengths.line)}" for told in one.shared]
        return fence("\n".join(lines) or "(nobody)")

"""Agents with characters and memories of their own, who debate what one account is to do (TradingGPT)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import Field

from agentmem.agents.debate import (
    DebatePolicy,
    LeftOut,
    Position,
    Shared,
    Transcript,
    Verdict,
    debate,
)
from agentmem.agents.trading.agent import Prepared, TradingAgent, Turn
from agentmem.agents.trading.judging import TradeJudge
from agentmem.agents.trading.recalled import clipped
from agentmem.agents.trading.state import AgentState, decided
from agentmem.agents.trading.values import HOLD, Day, Decision, Fill, Order, Side, sized
from agentmem.errors import Cancelled, InvalidInput
from agentmem.logs import fields, in_log, logger
from agentmem.records import Value

log = logger(__name__)
SIDES: Mapping[str, Side] = {"buy": "buy", "sell": "sell", "hold": "hold"}
TRADES = DebatePolicy(choices=tuple(SIDES), otherwise="hold")
"""The rules of a debate about a trade: equal votes mean to hold."""


ARGUED, QUOTED = 200, 100
"""Characters of a reason, and of a memory shown for it, that an argument keeps in memory."""


class TeamState(Value):
    """Where the agents of a team stand after a day, by name."""

    agents: Mapping[str, AgentState] = Field(default_factory=dict)


class TeamTurn(Value):
    """What a team did on a day.

    Attributes:
        decision: What came of the debate; it cites what its supporters cited, each in its own memory.
        order: What is to be done; in the warm-up nothing.
        state: What to give it on the next day.
        turns: What each agent decided by itself in the end, and what it remembered, by name; without those
            who failed before they had a position.
        transcript: The debate.
    """

    decision: Decision
    order: Order
    state: TeamState
    turns: Mapping[str, Turn]
    transcript: Transcript


class Team:
    """Agents of one security who share an account. It keeps nothing itself.

    An agent that fails on a day is left out of that day's debate, and takes part again on the next: what it
    was to learn meanwhile stays in its state. Only memories of agents who were for what was done are
    taught by what comes of it.

    Args:
        agents: The agents, with different names.
        rules: Of the debate.
        judge: Who judges; none: a vote.

    Raises:
        InvalidInput: no agent, two of one name, of different securities, or with different limits.
    """

    def __init__(
        self,
        agents: Sequence[TradingAgent],
        rules: DebatePolicy = TRADES,
        judge: TradeJudge | None = None,
    ) -> None:
        if not agents or len({one.name for one in agents}) != len(agents):
            raise InvalidInput(
                f"a team of {[one.name for one in agents]}", "give at least one agent, each of its own name"
            )
        if len({(one.profile.symbol, one.habits.limit, one.habits.short) for one in agents}) > 1:
            raise InvalidInput(
                "the agents of a team trade different securities, or within different limits",
                "they share an account: give them the same symbol, `limit` and `short`",
            )
        if not set(rules.choices) <= set(SIDES):
            raise InvalidInput(f"choices {rules.choices} of a trade", f"they are: {', '.join(SIDES)}")
        self.agents = tuple(agents)
        self.rules = rules
        self.judge = judge

    def turn(
        self, day: Day, state: TeamState | None = None, fills: Sequence[Fill] = (), *, warm: bool = False
    ) -> TeamTurn:
        """A day: each learns and recalls, they debate, and one order comes of it.

        Args:
            day: The day.
            state: That of the day before; none: this is the first.
            fills: What became of the orders since the day before.
            warm: Whether the day is one of the warm-up.

        Raises:
            InvalidInput: the day does not follow on the state; see `TradingAgent.turn`.
        """
        before = (state or TeamState()).agents
        begun = {one.name: one.begin(day, before.get(one.name), fills, warm=warm) for one in self.agents}
        prepared: dict[str, Prepared] = {}
        failed: list[LeftOut] = []
        for one in self.agents:
            try:
                prepared[one.name] = one.prepare(day, begun[one.name])
            except Cancelled:
                raise
            except Exception as error:  # its memory or its policy failed: the others go on, and it is told
                extra = {"agent": one.name, "date": str(day.date), **fields(error)}
                log.warning("team: %s failed on %s: %s", one.name, day.date, in_log(error), extra=extra)
                told = f"{type(error).__name__}: {error}"[:500]
                failed.append(LeftOut(speaker=one.name, stage="begin", round=0, error=told))
        debaters = [_Debater(one, day, prepared[one.name]) for one in self.agents if one.name in prepared]
        judge = None if self.judge is None else self.judge.of(day, [prepared[one.name] for one in debaters])
        held = debate(debaters, self.rules, judge)
        transcript = held.altered({"left_out": (*failed, *held.left_out)})
        decision = _decision(transcript)
        last = {one.speaker: one for one in transcript.last}
        order = HOLD
        if not warm:
            habits = self.agents[0].habits
            order = sized(decision, day, habits.limit, short=habits.short)
        turns, states = dict[str, Turn](), dict[str, AgentState]()
        for debater in debaters:
            position = last.get(debater.name)
            cited = position.cited if position is not None and position.choice == decision.side else ()
            closed = debater.agent.close(day, debater.prepared, decision, cited)
            states[debater.name] = closed.state
            if debater.decision is not None:
                turns[debater.name] = closed.altered({"decision": debater.decision})
        states |= {name: decided(one, day, decision, ()) for name, one in begun.items() if name not in states}
        return TeamTurn(
            decision=decision,
            order=order,
            state=TeamState(agents={name: states[name] for name in begun}),
            turns=turns,
            transcript=transcript,
        )


class _Debater:
    """An agent in the debate of a day."""

    def __init__(self, agent: TradingAgent, day: Day, prepared: Prepared) -> None:
        self.agent = agent
        self.day = day
        self.prepared = prepared
        self.decision: Decision | None = None

    @property
    def name(self) -> str:
        return self.agent.name

    def state(self) -> Position:
        return self._position(self.agent.decide(self.prepared))

    def answer(self, own: Position, others: Sequence[Position], round: int) -> Position:
        return self._position(self.agent.policy.answer(self.prepared.briefing, own, others))

    def hear(self, said: Sequence[Position]) -> None:
        told = [(one.speaker, _argument(one, self.day.symbol)) for one in said]
        self.agent.memory.hear(self.day, told, self.agent.habits.argument_importance)

    def _position(self, decision: Decision) -> Position:
        self.decision = decision
        memories = self.prepared.briefing.memories
        cited = [one for id in decision.cited for one in memories if one.id == id]
        top = cited or sorted(memories, key=lambda one: -one.weight)
        shared = tuple(
            Shared(id=one.id, text=one.text, layer=one.layer, weight=one.weight)
            for one in top[: self.agent.habits.shared]
        )
        return Position(
            speaker=self.name,
            choice=decision.side,
            size=decision.size,
            confidence=decision.confidence,
            reason=decision.reason,
            cited=decision.cited,
            shared=shared,
            tokens=decision.tokens,
            error=decision.error,
        )


def _argument(one: Position, symbol: str) -> str:
    """What a position says, as it is kept: what it rests on stands in it as a quotation."""
    told = f"would {one.choice} {symbol} (size {one.size:.2f}, confidence {one.confidence:.2f})"
    told += f": {clipped(one.reason, ARGUED)}" if one.reason else ""
    return told + "".join(f"\n- {clipped(shared.text, QUOTED)}" for shared in one.shared)


def _decision(transcript: Transcript) -> Decision:
    verdict: Verdict = transcript.verdict
    supporters = [one for one in transcript.last if one.speaker in verdict.supporters]
    return Decision(
        side=SIDES[verdict.choice],
        size=0.0 if verdict.choice == "hold" else verdict.size,
        reason=verdict.reason,
        cited=tuple(dict.fromkeys(id for one in supporters for id in one.cited)),
        confidence=verdict.confidence,
        character="team",
        tokens=verdict.tokens + sum(one.tokens for positions in transcript.rounds for one in positions),
        error=verdict.error,
    )

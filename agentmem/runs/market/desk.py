"""The desk of one symbol: its account, and the agents who decide what it does, day by day."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING

from agentmem.agents.trading.agent import Habits, TradingAgent, Turn
from agentmem.agents.trading.judging import EvidenceJudge, ModelJudge
from agentmem.agents.trading.model import ModelPolicy
from agentmem.agents.trading.signal import SignalPolicy
from agentmem.agents.trading.team import TRADES, Team, TeamState
from agentmem.agents.trading.values import HOLD, Day, Decision, Fill, Order
from agentmem.records import Record
from agentmem.runs.market.results import Behind, SleeveDay, SleeveState
from agentmem.runs.market.spec import MarketSpec
from agentmem.worlds.market.account import Account, opened
from agentmem.worlds.market.market import Market

if TYPE_CHECKING:
    from agentmem.agents.debate import Transcript
    from agentmem.agents.trading.state import AgentState
    from agentmem.bank import Bank
    from agentmem.models.base import ChatModel

NAMESPACE = ("market",)
"""Under it each agent has a namespace of its own: its name, and its symbol."""


class Desk:
    """What trades one symbol. It keeps nothing itself.

    Args:
        spec: The run.
        symbol: The security.
        market: Where it trades.
        bank: Where its agents' memories are.
        model: The language model, for the policy of that name.
    """

    def __init__(
        self, spec: MarketSpec, symbol: str, market: Market, bank: Bank, model: ChatModel | None
    ) -> None:
        self.symbol = symbol
        self._spec = spec
        self._market = market
        policy = SignalPolicy() if model is None else ModelPolicy(model)
        habits = Habits(limit=spec.rules.position_limit, short=spec.rules.short)
        self.agents = [
            TradingAgent.over(bank, NAMESPACE, profile, spec.plan(name), policy, habits)
            for profile, name in zip(spec.profiles(symbol), spec.characters, strict=True)
        ]
        judge = None
        if spec.verdict == "judge":
            judge = ModelJudge(policy) if isinstance(policy, ModelPolicy) else EvidenceJudge()
        rules = TRADES.altered({"rounds": spec.debate})
        self._team = Team(self.agents, rules, judge) if len(self.agents) > 1 else None

    def begun(self) -> SleeveState:
        """How it stands before the first day."""
        return SleeveState(account=opened(self._spec.sleeve))

    def turn(
        self, date: datetime.date, state: SleeveState, *, warm: bool, counted: bool
    ) -> tuple[SleeveDay, SleeveState]:
        """A day: the account is settled, the agents decide at the close, the market fills the order.

        Args:
            date: The day.
            state: As the day before left it.
            warm: Whether it is a day of the warm-up, which trades on paper.
            counted: Whether the items in each layer are counted.
        """
        account, due = state.account, state.fills
        if not warm:
            account, covered = self._market.settled(account, date)
            due += tuple(one.fill for one in covered if one.fill is not None)
        day = self._market.day(self.symbol, date, account)
        decision, order, agents, turns, transcript = self._decided(day, state, due, warm=warm)
        account, fills, note = self._filled(account, order, date)
        told = SleeveDay(
            symbol=self.symbol,
            close=day.close,
            position=day.position,
            equity=day.equity,
            items=tuple(item.text for item in day.items),
            decision=decision,
            behind=self._behind(decision, turns),
            reflections={name: one.reflection for name, one in turns.items() if one.reflection},
            transcript=transcript and self._lean(transcript),
            order=order,
            fills=(*due[len(state.fills) :], *fills),
            note=note,
            layers=self._layers(day) if counted else {},
        )
        return told, SleeveState(account=account, fills=fills, agents=agents)

    def records(self, agent: str, ids: list[str]) -> Mapping[str, Record]:
        """The memories of an agent by their ids, as far as it has them."""
        store = next(one.memory.store for one in self.agents if one.name == agent)
        return {} if store is None else {record.id: record for record in store.get(ids)}

    def _decided(
        self, day: Day, state: SleeveState, due: tuple[Fill, ...], *, warm: bool
    ) -> tuple[Decision, Order, Mapping[str, AgentState], Mapping[str, Turn], Transcript | None]:
        if self._team is not None:
            held = self._team.turn(day, TeamState(agents=state.agents), due, warm=warm)
            return held.decision, held.order, held.state.agents, held.turns, held.transcript
        (agent,) = self.agents
        turn = agent.turn(day, state.agents.get(agent.name), due, warm=warm)
        return turn.decision, turn.order, {agent.name: turn.state}, {agent.name: turn}, None

    def _filled(
        self, account: Account, order: Order, date: datetime.date
    ) -> tuple[Account, tuple[Fill, ...], str]:
        if order == HOLD:
            return account, (), ""
        outcome = self._market.execute(account, self.symbol, order, date)
        return outcome.account, () if outcome.fill is None else (outcome.fill,), outcome.note

    def _behind(self, decision: Decision, turns: Mapping[str, Turn]) -> tuple[Behind, ...]:
        cited = dict.fromkeys(decision.cited)
        return tuple(
            Behind(
                agent=name,
                id=one.id,
                layer=one.layer,
                weight=round(one.weight, 6),
                text="" if self._keeps(name) else one.text,
            )
            for name, turn in turns.items()
            for one in turn.memories
            if one.id in cited
        )

    def _lean(self, transcript: Transcript) -> Transcript:
        """A transcript without the texts of memories that the bank keeps: their ids are there."""
        rounds = tuple(
            tuple(
                one.altered({"shared": tuple(shared.altered({"text": ""}) for shared in one.shared)})
                if self._keeps(one.speaker)
                else one
                for one in positions
            )
            for positions in transcript.rounds
        )
        return transcript.altered({"rounds": rounds})

    def _keeps(self, agent: str) -> bool:
        return any(one.name == agent and one.memory.store is not None for one in self.agents)

    def _layers(self, day: Day) -> dict[str, dict[str, int]]:
        return {
            one.name: layered.population(day.now)
            for one in self.agents
            if (layered := one.memory.layered) is not None
        }

"""One trading agent, day by day: learn, recall, decide, order; and look back after some days (FinMem 3.3)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from agentmem.agents.trading.character import Profile
from agentmem.agents.trading.memory import TradingMemory
from agentmem.agents.trading.policy import Briefing, LookingBack, TradingPolicy
from agentmem.agents.trading.recalled import Recalled
from agentmem.agents.trading.reflecting import facts
from agentmem.agents.trading.state import AgentState, begun, decided
from agentmem.agents.trading.values import HOLD, Day, Decision, Fill, Order, Share, sized
from agentmem.errors import InvalidInput
from agentmem.records import Text, Value

if TYPE_CHECKING:
    from agentmem.agents.trading.memories import MemoryPlan
    from agentmem.bank import Bank
    from agentmem.records import Namespace


class Habits(Value):
    """The numbers of an agent's days.

    Attributes:
        horizon: M: after so many days it looks back, and so many daily returns make it adapt.
        cites: How many memories a decision names at most.
        heard: How many earlier arguments it is shown.
        shared: How many memories it shows in a debate.
        argument_importance: What an argument that was heard counts in memory at the beginning, 0 to 100.
        limit: The worth of the largest position, as a share of equity.
        short: Whether it may sell what it does not hold.
    """

    horizon: Annotated[int, Field(ge=1, le=260)] = 5
    cites: Annotated[int, Field(ge=1, le=50)] = 5
    heard: Annotated[int, Field(ge=0, le=50)] = 3
    shared: Annotated[int, Field(ge=0, le=50)] = 3
    argument_importance: Annotated[float, Field(ge=0, le=100)] = 30.0
    limit: Share = 1.0
    short: bool = False


class Turn(Value):
    """What an agent did on a day.

    Attributes:
        decision: What it decided.
        order: What is to be done; in the warm-up nothing, which trades on paper.
        state: What to give it on the next day.
        memories: What it remembered when it decided.
        reflection: What it kept of the days before, where it looked back; else empty.
    """

    decision: Decision
    order: Order
    state: AgentState
    memories: tuple[Recalled, ...] = ()
    reflection: Text = ""


class Prepared(Value):
    """An agent on a day, before it decides.

    Attributes:
        briefing: What its policy is shown.
        state: As the day began, all lessons learned.
        reflection: As in `Turn`.
    """

    briefing: Briefing
    state: AgentState
    reflection: Text = ""


class TradingAgent:
    """An agent that trades one security by what it remembers. It keeps nothing itself.

    Its memory is in the bank, all else in the `AgentState` that each turn gives back. A day may be done
    again with the state of the day before, if it was cut off: what was kept then is not kept twice, and the
    same is recalled.

    Args:
        profile: Who it is.
        memory: What it remembers.
        policy: Who decides.
        habits: The numbers of its days.
    """

    def __init__(
        self,
        profile: Profile,
        memory: TradingMemory,
        policy: TradingPolicy,
        habits: Habits | None = None,
    ) -> None:
        self.profile = profile
        self.memory = memory
        self.policy = policy
        self.habits = habits or Habits()

    @classmethod
    def over(
        cls,
        bank: Bank,
        root: Namespace,
        profile: Profile,
        plan: MemoryPlan,
        policy: TradingPolicy,
        habits: Habits | None = None,
    ) -> TradingAgent:
        """An agent with a namespace of its own under `root`: by its name and its security."""
        session = f"{profile.name}/{profile.symbol}"
        memory = TradingMemory(bank, (*root, profile.name, profile.symbol), plan, session=session)
        return cls(profile, memory, policy, habits)

    @property
    def name(self) -> str:
        """What it is called."""
        return self.profile.name

    def turn(
        self, day: Day, state: AgentState | None = None, fills: Sequence[Fill] = (), *, warm: bool = False
    ) -> Turn:
        """A day on its own: learn, recall, decide, order.

        Args:
            day: The day.
            state: That of the day before; none: this is the first.
            fills: What became of the orders since the day before.
            warm: Whether the day is one of the warm-up: then trades are on paper.

        Raises:
            InvalidInput: the day is of another security, or does not follow on the state; see `begun`.
        """
        prepared = self.prepare(day, self.begin(day, state, fills, warm=warm))
        decision = self.decide(prepared)
        return self.close(day, prepared, decision)

    def begin(
        self, day: Day, state: AgentState | None = None, fills: Sequence[Fill] = (), *, warm: bool = False
    ) -> AgentState:
        """The state as a day begins; memory plays no part yet.

        Raises:
            InvalidInput: the day is of another security, or does not follow on the state; see `begun`.
        """
        if day.symbol != self.profile.symbol:
            raise InvalidInput(
                f"{self.name} trades {self.profile.symbol!r}, not {day.symbol!r}", "give it days of its own"
            )
        return begun(state or AgentState(), day, fills, warm=warm, horizon=self.habits.horizon)

    def prepare(self, day: Day, state: AgentState) -> Prepared:
        """Let memory learn what the day tells, look back where it is time, and recall.

        Args:
            day: The day.
            state: As `begin` gives it.
        """
        acting = self.profile.character.in_force(state.returns)
        looks_back = bool(state.window) and state.days % self.habits.horizon == 0
        reflection, event = "", None
        if looks_back and self.memory.store is not None:
            reflection = self.memory.reflected(day)
            if not reflection:
                cited = self.memory.cited([id for made in state.window for id in made.cited])
                told = facts(state.window, cited, state.realised, day)
                reflection = self.policy.reflect(
                    LookingBack(profile=self.profile, character=acting, facts=told, cited=cited)
                )
                event = self.memory.reflection(reflection, [one.id for one in cited], day)
        self.memory.learn(day, state.lessons, event)
        question = self.profile.question(acting)
        briefing = Briefing(
            profile=self.profile,
            character=acting,
            day=day,
            memories=self.memory.recall(question, day),
            heard=self.memory.heard(question, day, self.habits.heard) if self.policy.hears else (),
            cites=self.habits.cites,
        )
        learned: dict[str, object] = {"lessons": ()}
        if looks_back:
            learned |= {"window": (), "realised": 0.0}
        return Prepared(briefing=briefing, state=state.altered(learned), reflection=reflection)

    def decide(self, prepared: Prepared) -> Decision:
        """What the policy decides (immediate reflection)."""
        return self.policy.decide(prepared.briefing)

    def close(
        self,
        day: Day,
        prepared: Prepared,
        decision: Decision,
        cited: Sequence[str] | None = None,
    ) -> Turn:
        """The turn that a decision makes of a day.

        Args:
            day: The day.
            prepared: What `prepare` gave.
            decision: What was decided, by the agent or by all in a debate.
            cited: The agent's own memories that it rests on; none: those that it cites.
        """
        warm = prepared.state.warm
        own = decision.cited if cited is None else cited
        return Turn(
            decision=decision,
            order=HOLD if warm else sized(decision, day, self.habits.limit, short=self.habits.short),
            state=decided(prepared.state, day, decision, own),
            memories=prepared.briefing.memories,
            reflection=prepared.reflection,
        )

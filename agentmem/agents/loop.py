"""The agent loop: memory shows, the policy decides, the environment answers, memory keeps; one row a step.

What was decided is on disk before it is done, and what was done before it is told on: a run that is killed
goes on where it stopped, and ends as it would have ended.
"""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import Any, TypeVar

from agentmem.agents.environment import Environment, Outcome
from agentmem.agents.memory import AgentMemory
from agentmem.agents.policy import Decision, Policy, Prompt
from agentmem.agents.trace import End, Result, Row, Trace
from agentmem.errors import AgentMemError, InvalidInput
from agentmem.records import Context, Value
from agentmem.synthesis.tokens import MiniLMTokens

UNREADABLE = 500
"""Characters of an answer that could not be read, which stand for the action."""


class Limits(Value):
    """When an episode ends though its goal was not reached.

    Attributes:
        budget: Tokens of a context.
        steps: Actions.
        tokens: Of all prompts together; none: no limit.
        seconds: Of all steps together; none: no limit.
        stuck: Invalid actions in a row.
        retrievals: How often in one step details may be asked for.
    """

    budget: int = 1_000
    steps: int = 100
    tokens: int | None = None
    seconds: float | None = None
    stuck: int = 10
    retrievals: int = 1


Given = TypeVar("Given")
Watch = Callable[[Row, Context | None], None]


class Episode:
    """One run of a policy in an environment with a memory.

    Args:
        environment: The world.
        policy: Who decides.
        memory: What is remembered.
        limits: When it ends.
        trace: Where its rows go; where it has some, it goes on after them.
        watch: Is shown each new row, with the context it was decided on.
    """

    def __init__(
        self,
        environment: Environment,
        policy: Policy,
        memory: AgentMemory,
        limits: Limits,
        trace: Trace | None = None,
        watch: Watch | None = None,
    ) -> None:
        self._environment = environment
        self._policy = policy
        self._memory = memory
        self._limits = limits
        self.trace = trace or Trace()
        self._watch = watch
        self._counter = MiniLMTokens()
        self._subgoal: str | None = None
        self._may_be_kept = True  # until the first step is over, memory may be ahead of the trace

    def run(self) -> Result:
        """Play until the goal is reached, or a limit.

        Returns:
            The result. Ctrl-C ends the episode as `interrupted`, what the environment raises as `failed`:
            both can be gone on with.

        Raises:
            InvalidInput: the rows there are were not made in this environment.
            AgentMemError: memory or model do not work.
        """
        try:
            end, error = self._play(), ""
        except KeyboardInterrupt:
            end, error = "interrupted", ""
        except _Raised as raised:
            end, error = "failed", str(raised)
        result = Result.of(self.trace.rows, end, error)
        self.trace.end(result)
        return result

    def _play(self) -> End:
        self._begin()
        while (end := self._ended()) is None:
            row = self.trace.decided()
            context = None
            if row is None:
                row, context = self._decide()
                if row is None:
                    return "overflow"
                self.trace.decide(row)
            self._do(row, context)
        return end

    def _begin(self) -> None:
        """Reset the environment, and take it to where the trace stands."""
        rows = self.trace.rows
        outcome = self._call(self._environment.reset)
        if not rows:
            started = perf_counter()
            if not self._kept(0, "observation"):
                self._memory.begin(self._environment.task, outcome)
            self._add(0, Row(step=0, memory_seconds=perf_counter() - started), outcome, None)
            return
        for row in rows:
            if row.step:
                outcome = self._answer(row)
            if outcome.text != row.observation:
                raise InvalidInput(
                    f"step {row.step} of the trace was observed as {row.observation!r:.60}, and now as "
                    f"{outcome.text!r:.60}",
                    "go on with the world, seed and size of the run, or begin it anew",
                )
            self._subgoal = row.subgoal or self._subgoal

    def _ended(self) -> End | None:
        rows, limits = self.trace.rows, self._limits
        if rows[-1].solved:
            return "solved"
        last = rows[-limits.stuck :]
        if len(last) == limits.stuck and not any(row.valid for row in last):
            return "stuck"
        if len(rows) - 1 >= limits.steps:
            return "steps"
        if limits.tokens is not None and sum(row.prompt_tokens for row in rows) >= limits.tokens:
            return "tokens"
        if limits.seconds is not None and sum(row.seconds for row in rows) >= limits.seconds:
            return "seconds"
        return None

    # Deciding

    def _decide(self) -> tuple[Row, Context] | tuple[None, None]:
        """What is to be done next, as the row that it begins; none where memory must hold all and cannot."""
        row = Row(step=len(self.trace.rows))
        note = ""
        retrieve: tuple[int, ...] = ()
        asked_again = 0
        while True:
            started = perf_counter()
            context = self._memory.show(self._asked(), self._limits.budget, retrieve)
            shown = perf_counter()
            if self._memory.must_hold_all and "budget" in context.left_out.values():
                return None, None
            prompt = Prompt(
                rules=self._environment.rules,
                task=self._environment.task,
                context=context,
                note=note,
                subgoals=self._memory.hears_subgoals,
                retrieved=retrieve,
                step=row.step - 1,
            )
            decision = self._policy.decide(prompt)
            row = self._told(row, prompt, decision, shown - started, perf_counter() - shown)
            wants_more = bool(decision.retrieve) and not decision.action and not decision.error
            if wants_more and len(row.retrieved) < self._limits.retrievals:
                retrieve = decision.retrieve
                row = row.altered({"retrieved": (*row.retrieved, *retrieve)})
                continue
            if wants_more:
                decision = decision.altered({"error": "an action is due: nothing more can be retrieved now"})
            if decision.error and not asked_again:
                asked_again, note = 1, decision.error
                continue
            return row.altered(self._done(decision)), context

    def _done(self, decision: Decision) -> dict[str, Any]:
        """What a decision says of its row: an answer that could not be read stands for the action."""
        action = decision.action or decision.raw.strip()[:UNREADABLE] or "(no answer)"
        goal = decision.subgoal if not decision.error and self._memory.hears_subgoals else None
        new = goal is not None and goal.strip() and goal != self._subgoal
        return {
            "action": action,
            "error": decision.error,
            "subgoal": goal if new else None,
            "under": decision.under if new else None,
        }

    def _told(self, row: Row, prompt: Prompt, decision: Decision, memory: float, policy: float) -> Row:
        context = prompt.context
        read = "\n".join((prompt.rules, prompt.task, prompt.note))
        return row.altered(
            {
                "prompt_tokens": row.prompt_tokens + self._counter.count(read) + context.tokens,
                "context_tokens": context.tokens,
                "context": context.text,
                "recalled": tuple(item.id for item in context.items),
                "left_out": len(context.left_out),
                "tokens": row.tokens + decision.tokens,
                "raw": decision.raw,
                "memory_seconds": row.memory_seconds + memory,
                "policy_seconds": row.policy_seconds + policy,
            }
        )

    def _asked(self) -> str:
        """What a memory that recalls by meaning is asked: the task, the open subgoal, what was seen last."""
        return "\n".join((self._environment.task, self._subgoal or "", self.trace.rows[-1].observation))

    # Doing

    def _do(self, row: Row, context: Context | None) -> None:
        started = perf_counter()
        if not self._kept(row.step, "action"):
            self._memory.act(row.action, row.step, row.subgoal, row.under)
        acted = perf_counter()
        outcome = self._answer(row)
        answered = perf_counter()
        if not self._kept(row.step, "observation"):
            self._memory.see(outcome, row.step)
        self._may_be_kept = False
        self._subgoal = row.subgoal or self._subgoal
        spent = row.memory_seconds + (acted - started) + (perf_counter() - answered)
        done = row.altered({"memory_seconds": spent, "world_seconds": answered - acted})
        self._add(row.step, done, outcome, context)

    def _kept(self, step: int, what: str) -> bool:
        return self._may_be_kept and self._memory.has(step, what)

    def _answer(self, row: Row) -> Outcome:
        """What the environment says to the action of a row; what could not be read it is not asked."""
        if row.error:
            return Outcome(text=f"That was no action: {row.error}", valid=False)
        return self._call(self._environment.step, row.action)

    def _call(self, ask: Callable[..., Given], *arguments: str) -> Given:
        try:
            return ask(*arguments)
        except AgentMemError:
            raise
        except Exception as error:  # an environment's code: whatever it raises
            raise _Raised(f"{type(error).__name__}: {error}") from error

    def _add(self, step: int, row: Row, outcome: Outcome, context: Context | None) -> None:
        done = row.altered(
            {
                "step": step,
                "observation": outcome.text,
                "valid": outcome.valid,
                "progress": self._call(self._environment.progress),
                "solved": self._call(self._environment.solved),
            }
        )
        self.trace.add(done)
        if self._watch is not None:
            self._watch(done, context)


class _Raised(Exception):
    """What an environment raised."""

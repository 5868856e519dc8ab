"""Text environments of gymnasium as worlds: what they observe is told, what they take is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from agentmem.agents.environment import Outcome
from agentmem.errors import InvalidInput

ADMISSIBLE = "admissible_commands"
"""Where an environment says in its `info` which actions it takes now, as TextWorld does."""
ROUNDED = 9
"""Places to which a share is rounded: ten rewards of 0.1 are 1."""
OVER = "The episode is over."


class TextGym:
    """An `Environment` around a gymnasium environment whose observations and actions are text.

    Actions are `spaces.Text`, or `spaces.Discrete` with a name for each. Observations are text, or anything
    that `describe` puts into words. An action is invalid, and is not passed on, where the episode is over,
    where a discrete one has no such name, where a text is too long or too short for the space, or where the
    environment says in `info["admissible_commands"]` what it takes and it is not among that. The letters of a
    text are not checked: those of `spaces.Text` have no blank by default, and few environments say otherwise.

    `progress` is the share of `reward` that was gathered; `solved`: the episode has terminated and all of it
    was. An episode that is truncated, or that ends with less, is not solved.

    Args:
        environment: The gymnasium environment; it is reset with `seed` each time.
        name: What the world is called; none: the id of its specification.
        rules: What a newcomer must know.
        task: What is to be reached.
        actions: Names of discrete actions, by their number; of text: those that are offered where the
            environment does not say.
        describe: Puts an observation into words; none: it is text.
        reward: The sum of rewards with which the goal is reached; more than 0.
        seed: For its chance.

    Raises:
        InvalidInput: a space is no text and has no names, or `reward` is 0 or less.
    """

    def __init__(
        self,
        environment: Any,
        *,
        name: str | None = None,
        rules: str = "",
        task: str = "",
        actions: Sequence[str] = (),
        describe: Callable[[Any], str] | None = None,
        reward: float = 1.0,
        seed: int = 0,
    ) -> None:
        from gymnasium import spaces

        space = environment.action_space
        if isinstance(space, spaces.Discrete):
            if len(actions) != space.n or len(set(map(_plain, actions))) != space.n:
                fault = f"{space.n} discrete actions have {len(actions)} names, or some have the same"
                raise InvalidInput(fault, "name each in `actions`, all differently")
            first = int(space.start)
            self._numbers: Mapping[str, int] | None = {
                _plain(one): first + i for i, one in enumerate(actions)
            }
        elif isinstance(space, spaces.Text):
            self._numbers = None
        else:
            raise InvalidInput(
                f"actions are {type(space).__name__}, not text", "wrap them as Text or Discrete"
            )
        if describe is None and not isinstance(environment.observation_space, spaces.Text):
            kind = type(environment.observation_space).__name__
            raise InvalidInput(
                f"observations are {kind}, not text", "give `describe`, which puts one into words"
            )
        if reward <= 0:
            raise InvalidInput(f"a reward of {reward} is never gathered", "give one above 0")
        self._environment = environment
        self._name = name or (environment.spec.id if environment.spec else type(environment).__name__)
        self._rules, self._task = rules, task
        self._offered = tuple(actions)
        self._describe = describe or str
        self._reward, self._seed = reward, seed
        self._gathered = 0.0
        self._terminated = self._over = False
        self._info: Mapping[str, Any] = {}

    @property
    def name(self) -> str:
        """What the world is called."""
        return self._name

    @property
    def rules(self) -> str:
        """What a newcomer must know, as it was given, with the names of discrete actions."""
        if self._numbers is None:
            return self._rules
        return f"{self._rules}\nActions: {'; '.join(self._offered)}".strip()

    @property
    def task(self) -> str:
        """What is to be reached, as it was given."""
        return self._task

    def reset(self) -> Outcome:
        """Begin anew, with the same seed."""
        observation, self._info = self._environment.reset(seed=self._seed)
        self._gathered = 0.0
        self._terminated = self._over = False
        return Outcome(text=self._describe(observation))

    def step(self, action: str) -> Outcome:
        """Pass an action on, or say why it is none."""
        if self._over:
            return Outcome(text=OVER, valid=False)
        taken: Any = " ".join(action.split())
        allowed = self.actions()
        if allowed and (self._numbers is not None or ADMISSIBLE in self._info):
            matching = next((one for one in allowed if _plain(one) == _plain(taken)), None)
            if matching is None or (self._numbers is not None and _plain(taken) not in self._numbers):
                return Outcome(text=f'"{taken}" is no action now. Actions: {"; ".join(allowed)}', valid=False)
            taken = matching
        if self._numbers is not None:
            taken = self._numbers[_plain(taken)]
        else:
            space = self._environment.action_space
            if not space.min_length <= len(taken) <= space.max_length:
                lengths = f"{space.min_length} to {space.max_length}"
                return Outcome(text=f"An action has {lengths} characters, not {len(taken)}.", valid=False)
        observation, reward, terminated, truncated, self._info = self._environment.step(taken)
        self._gathered += float(reward)
        self._terminated = bool(terminated)
        self._over = bool(terminated or truncated)
        return Outcome(text=self._describe(observation))

    def actions(self) -> Sequence[str]:
        """What is taken now, as far as it is known; nothing once the episode is over."""
        if self._over:
            return ()
        return tuple(self._info.get(ADMISSIBLE) or self._offered)

    def progress(self) -> float:
        """The share of the reward that was gathered, 0 to 1."""
        return min(max(round(self._gathered / self._reward, ROUNDED), 0.0), 1.0)

    def solved(self) -> bool:
        """Whether the episode has ended by itself, with all of the reward."""
        return self._terminated and self.progress() >= 1


def _plain(action: str) -> str:
    return " ".join(action.lower().split())

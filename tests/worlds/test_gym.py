"""Text environments of gymnasium are acted in as worlds."""

from typing import Any

import gymnasium
import pytest
from gymnasium import spaces

from agentmem.agents.environment import Environment
from agentmem.errors import InvalidInput
from agentmem.worlds.gym import OVER, TextGym


class Riddle(gymnasium.Env):
    """Say the number that was drawn; half a reward for each of two."""

    observation_space = spaces.Text(200)
    action_space: Any = spaces.Text(20)
    admissible = False

    def reset(self, *, seed: int | None = None, options: Any = None) -> tuple[str, dict[str, Any]]:
        super().reset(seed=seed)
        self.number, self.found, self.steps = int(self.np_random.integers(1, 4)), 0, 0
        return "Say a number from 1 to 3.", self.info()

    def info(self) -> dict[str, Any]:
        return {"admissible_commands": ["say 1", "say 2", "say 3"]} if self.admissible else {}

    def step(self, action: Any) -> tuple[str, float, bool, bool, dict[str, Any]]:
        self.steps += 1
        right = str(action).endswith(str(self.number))
        self.found += right
        return "Right." if right else "Wrong.", 0.5 * right, self.found == 2, self.steps == 5, self.info()


class Offering(Riddle):
    admissible = True


class Counted(Riddle):
    action_space = spaces.Discrete(3, start=1)


def solving(world: TextGym, word: str) -> tuple[str, int]:
    """The right action, and how many were tried."""
    for number in (1, 2, 3):
        if world.step(f"{word} {number}").text == "Right.":
            return f"{word} {number}", number
    raise AssertionError("none was right")


def test_text_actions_are_passed_on_and_rewards_are_progress() -> None:
    world = TextGym(Riddle(), name="riddle", rules="Say a number.", task="Find it twice.")
    assert isinstance(world, Environment)
    assert world.reset().text == "Say a number from 1 to 3."
    assert (world.name, world.rules, world.task) == ("riddle", "Say a number.", "Find it twice.")
    assert list(world.actions()) == []
    action, _ = solving(world, "say")
    assert (world.progress(), world.solved()) == (0.5, False)
    assert world.step(action).valid
    assert (world.progress(), world.solved()) == (1.0, True)
    assert world.step(action).text == OVER
    assert not world.step(action).valid
    assert list(world.actions()) == []
    world.reset()
    assert (world.progress(), world.solved()) == (0.0, False)


def test_the_same_seed_is_the_same_episode() -> None:
    for seed in range(5):
        worlds = [TextGym(Riddle(), seed=seed) for _ in range(2)]
        found = set()
        for world in (*worlds, worlds[0]):
            world.reset()
            found.add(solving(world, "say"))
        assert len(found) == 1


def test_discrete_actions_have_names() -> None:
    world = TextGym(Counted(), actions=["One 1", "Two 2", "Three 3"], rules="Choose.")
    world.reset()
    assert world.rules == "Choose.\nActions: One 1; Two 2; Three 3"
    assert list(world.actions()) == ["One 1", "Two 2", "Three 3"]
    refused = world.step("four")
    assert (refused.valid, refused.text) == (False, '"four" is no action now. Actions: One 1; Two 2; Three 3')
    assert [world.step(name).text for name in ("one 1", " TWO  2", "Three 3")].count("Right.") == 1


def test_what_the_environment_does_not_take_now_is_refused() -> None:
    world = TextGym(Offering())
    world.reset()
    assert list(world.actions()) == ["say 1", "say 2", "say 3"]
    assert not world.step("say 4").valid
    assert world.step("Say 1").valid


def test_a_text_that_is_not_in_the_space_is_refused() -> None:
    world = TextGym(Riddle())
    world.reset()
    assert not world.step("x" * 21).valid
    assert not world.step("").valid


def test_an_episode_that_is_cut_off_is_not_solved() -> None:
    world = TextGym(Riddle())
    world.reset()
    for _ in range(5):
        assert world.step("nothing").valid
    assert not world.step("say 1").valid
    assert not world.solved()


class Numbers(Riddle):
    observation_space = spaces.Box(0, 1)  # type: ignore[assignment]


class Moves(Riddle):
    action_space = spaces.Box(0, 1)


@pytest.mark.parametrize(
    ("environment", "options", "says"),
    [
        (Numbers(), {}, "observations are Box, not text"),
        (Moves(), {}, "actions are Box, not text"),
        (Counted(), {}, "3 discrete actions have 0 names"),
        (Counted(), {"actions": ["a", "A", "b"]}, "or some have the same"),
        (Riddle(), {"reward": 0.0}, "a reward of 0.0 is never gathered"),
    ],
)
def test_what_is_no_text_environment_is_refused(environment: Any, options: dict[str, Any], says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        TextGym(environment, **options)


def test_observations_are_put_into_words() -> None:
    world = TextGym(Numbers(), describe=lambda seen: f"You see: {seen}")
    assert world.reset().text == "You see: Say a number from 1 to 3."

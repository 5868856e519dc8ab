"""The loop: every memory is played through, limits hold, and a run that is cut off ends as an unbroken one."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

from agentmem.agents.loop import Episode, Limits
from agentmem.agents.memory import NAMED, AgentMemory
from agentmem.agents.policy import Decision, Prompt
from agentmem.agents.trace import NEXT, RESULT, TRACE, Result, Trace
from agentmem.bank import Bank
from agentmem.bank.registry import spec_of
from agentmem.config import Settings
from agentmem.errors import InvalidInput

spec = importlib.util.spec_from_file_location("corridor", Path(__file__).parent / "corridor.py")
assert spec is not None and spec.loader is not None
corridor = sys.modules.setdefault("corridor", importlib.util.module_from_spec(spec))
spec.loader.exec_module(corridor)

UNTIMED = {"memory_seconds", "policy_seconds", "world_seconds"}


def episode(folder, name="subgoal", policy=None, world=None, trace=None, **limits):
    bank = Bank(folder / "memory.db", settings=Settings(embedder="hashing"))
    memory = AgentMemory(bank, ("run",), spec_of(name, NAMED), session="e", world="corridor")
    return bank, Episode(
        world or corridor.Corridor(), policy or corridor.Walker(), memory, Limits(**limits), trace
    )


def plain(rows):
    return [row.model_dump(exclude=UNTIMED) for row in rows]


SUMS = ("subgoal+profile", "task+episodic", "sliding+layered", "profile+summary", "full+profile")


@pytest.mark.parametrize("name", [*NAMED, *SUMS])
def test_every_memory_is_played_through(tmp_path, name):
    bank, run = episode(tmp_path, name, steps=30)
    result = run.run()
    acted = [event for event in bank.view(("run",), store="episodic").events() if event.type == "action"]
    assert [event.text for event in acted[::-1]] == [row.action for row in run.trace.rows[1:]]
    assert result.steps == len(acted)
    assert all(row.context_tokens <= 1_000 for row in run.trace.rows)
    if name != "task":  # it shows steps, not what was seen
        assert result.end == "solved" and result.steps == 8 and result.progress == 1.0


def test_a_sum_shows_all_its_members(tmp_path):
    bank = Bank(tmp_path / "memory.db", settings=Settings(embedder="hashing"))
    memory = AgentMemory(bank, ("run",), spec_of("subgoal+keyed", NAMED), session="e", world="corridor")
    bank.store("keyed", ("run",)).put("hint", "The key lies under the mat.")
    memory.begin("leave", corridor.Corridor().reset())
    shown = memory.show("where is the key", 400).text
    assert "The key lies under the mat." in shown
    assert memory.hears_subgoals and not memory.must_hold_all


def test_a_full_history_over_its_budget_ends_the_episode(tmp_path):
    _, run = episode(tmp_path, "full", budget=100)
    assert run.run().end == "overflow"


def test_subgoals_are_announced_once_and_close_each_other(tmp_path):
    bank, run = episode(tmp_path)
    run.run()
    assert [row.subgoal for row in run.trace.rows if row.subgoal] == [
        "get the key", "walk to the door", "open the door",
    ]  # fmt: skip
    chunks = bank.store("subgoal", ("run",)).subgoals("e")
    assert [(chunk.number, chunk.goal, chunk.state) for _, chunk in chunks] == [
        (1, "", "closed"),
        (2, "get the key", "closed"),
        (3, "walk to the door", "closed"),
        (4, "open the door", "open"),
    ]


class Cut(Exception):
    pass


@pytest.mark.parametrize("name", ["subgoal", "composite", "task", "truncated"])
@pytest.mark.parametrize("cut_at", ["decided", "acted", "answered", "seen"])
def test_a_run_that_is_cut_off_anywhere_ends_as_an_unbroken_one(tmp_path, name, cut_at, monkeypatch):
    (tmp_path / "whole").mkdir()
    _, whole = episode(tmp_path / "whole", name, trace=Trace(tmp_path / "whole/t"), steps=12)
    whole.run()
    folder = tmp_path / "cut"
    folder.mkdir()
    for step in (0, 1, 3, 5):
        bank, run = episode(folder, name, trace=Trace(folder / "t"), steps=12)
        _break(run, cut_at, step)
        with pytest.raises(Cut):
            run.run()
        bank.close()
    bank, run = episode(folder, name, trace=Trace(folder / "t"), steps=12)
    result = run.run()
    assert plain(run.trace.rows) == plain(whole.trace.rows)
    assert result.end == whole.run().end
    assert plain(Trace(folder / "t").rows) == plain(whole.trace.rows)


def _break(run, where, step):
    """Let `run` be cut off at a place of a step, as a kill does."""

    def raising(before, method, place):
        def broken(*arguments, **named):
            if place == "before":
                if len(run.trace.rows) >= step:
                    raise Cut
                return method(*arguments, **named)
            method(*arguments, **named)
            if len(run.trace.rows) >= step:
                raise Cut
            return None

        return broken

    if where == "decided":
        run.trace.decide = raising(run, run.trace.decide, "after")
    elif where == "acted":
        run._memory.act = raising(run, run._memory.act, "after")
    elif where == "answered":
        run._memory.see = raising(run, run._memory.see, "before")
    else:
        run._memory.see = raising(run, run._memory.see, "after")


def test_a_torn_last_line_is_taken_out(tmp_path):
    bank, run = episode(tmp_path, trace=Trace(tmp_path / "t"), steps=4)
    run.run()
    bank.close()
    with (tmp_path / "t" / TRACE).open("a") as file:
        file.write('{"step": 5, "act')
    bank, run = episode(tmp_path, trace=Trace(tmp_path / "t"), steps=12)
    assert run.run().end == "solved"
    assert [row.step for row in Trace(tmp_path / "t").rows] == list(range(9))


def test_a_line_separator_in_an_observation_breaks_no_trace(tmp_path):
    class Odd(corridor.Corridor):
        rules = "Go\u2028on."

        def step(self, action):
            outcome = super().step(action)
            return outcome.altered({"text": f"{outcome.text} \u2028 \u0085 so it is."})

    bank, run = episode(tmp_path, world=Odd(), trace=Trace(tmp_path / "t"), steps=3)
    run.run()
    bank.close()
    assert len(Trace(tmp_path / "t").rows) == 4


def test_a_trace_of_another_world_is_refused(tmp_path):
    bank, run = episode(tmp_path, trace=Trace(tmp_path / "t"), steps=3)
    run.run()
    bank.close()

    class Other(corridor.Corridor):
        def reset(self):
            super().reset()
            return corridor.Outcome(text="You are elsewhere.")

    _, other = episode(tmp_path, trace=Trace(tmp_path / "t"), world=Other())
    with pytest.raises(InvalidInput, match="elsewhere"):
        other.run()


class Mute:
    """Answers nothing that can be read."""

    name = "mute"

    def __init__(self):
        self.notes = []

    def decide(self, prompt: Prompt) -> Decision:
        self.notes.append(prompt.note)
        return Decision(raw="hm", error="that is no action")


def test_an_unreadable_answer_is_asked_for_once_more_and_then_counts_as_invalid(tmp_path):
    policy = Mute()
    _, run = episode(tmp_path, policy=policy, stuck=3)
    result = run.run()
    assert (result.end, result.steps, result.invalid) == ("stuck", 3, 3)
    assert policy.notes == ["", "that is no action"] * 3
    assert "That was no action: that is no action" in run.trace.rows[-1].observation


class Interrupting(corridor.Walker):
    def decide(self, prompt):
        if self.asked == 4:
            self.asked += 1
            raise KeyboardInterrupt
        return super().decide(prompt)


def test_ctrl_c_leaves_a_valid_trace_that_is_gone_on_with(tmp_path):
    policy = Interrupting()
    bank, run = episode(tmp_path, policy=policy, trace=Trace(tmp_path / "t"))
    assert run.run().end == "interrupted"
    assert Result.model_validate_json((tmp_path / "t" / RESULT).read_text()).steps == 4
    bank.close()
    _, again = episode(tmp_path, trace=Trace(tmp_path / "t"))
    assert again.run().end == "solved"


def test_what_an_environment_raises_ends_the_episode_and_the_action_stands_without_observation(tmp_path):
    world = corridor.Corridor(fails_at=3)
    bank, run = episode(tmp_path, world=world, trace=Trace(tmp_path / "t"))
    result = run.run()
    assert (result.end, result.steps) == ("failed", 2)
    assert "the roof fell in" in result.error
    assert "(no observation yet)" in bank.store("subgoal", ("run",)).synthesize("").text
    bank.close()
    assert (tmp_path / "t" / NEXT).exists()
    _, again = episode(tmp_path, trace=Trace(tmp_path / "t"))
    assert again.run().end == "solved"


@pytest.mark.parametrize(
    ("limit", "end"), [({"steps": 3}, "steps"), ({"tokens": 200}, "tokens"), ({"seconds": 0.0}, "seconds")]
)
def test_limits_end_an_episode(tmp_path, limit, end):
    _, run = episode(tmp_path, **limit)
    assert run.run().end == end


class Forgetful(corridor.Walker):
    """Asks for the details of the first subgoal before each action."""

    def decide(self, prompt):
        if not prompt.retrieved:
            return Decision(retrieve=(1, 99))
        return super().decide(prompt)


def test_details_are_shown_for_one_decision(tmp_path):
    _, run = episode(tmp_path, policy=Forgetful())
    result = run.run()
    assert result.end == "solved" and result.retrievals == result.steps
    assert all(row.retrieved == (1, 99) for row in run.trace.rows[1:])

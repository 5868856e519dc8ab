"""What a run is: as JSON and back, from what a user writes, with clear words for what cannot be."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from agentmem.agents.memory import NAMED
from agentmem.bank.spec import MemorySpec
from agentmem.config import Settings
from agentmem.errors import Conflict, Damaged, FormatError, InvalidInput, NotFound, Unavailable
from agentmem.runs.execute import check
from agentmem.runs.folder import RUN, RunFolder, fit, new_folder
from agentmem.runs.listing import _MEMORIES, _WORLDS, memories, worlds
from agentmem.runs.request import run_of
from agentmem.runs.spec import RunSpec
from agentmem.worlds import registry


def test_a_run_is_json_and_comes_back_from_it(spec_of, pddl):
    for given in (
        {},
        {"memory": '{"store": "subgoal", "options": {"fold": 0}}', "seed": 7, "max_seconds": 1.5},
        {"policy": "model", "model": "llama", "episodes": 3, "budget": 200, "max_steps": 9, "max_tokens": 8},
        {"world": "pddl", "size": None, **pddl},
    ):
        spec = spec_of(**given)
        assert RunSpec.model_validate_json(spec.model_dump_json()) == spec


def test_files_of_a_world_are_in_the_run_and_are_needed_no_more(spec_of, pddl, tmp_path):
    spec = spec_of(world="pddl", size=None, **pddl)
    (tmp_path / "domain.pddl").unlink()
    check(spec, Settings(embedder="hashing"))
    assert "define (domain lamps)" in spec.domain.text


def test_what_is_not_said_follows(spec_of, settings, pddl):
    assert (spec_of().policy, spec_of().memory_name, spec_of().name) == (
        "bound",
        "subgoal",
        "gripper-subgoal-bound",
    )
    assert spec_of(model="llama").policy == "model"
    assert spec_of(model="llama", policy="bound").model == "llama"
    asked = settings.model_copy(update={"model": "openai:x"})
    assert run_of({"world": "gripper", "policy": "model"}, asked).model == "openai:x"
    assert run_of({"world": "gripper"}, asked).model is None
    assert (
        spec_of(world="pddl", size=None, domain=pddl["domain"], problem=[pddl["problem"]] * 3).episodes == 3
    )


@pytest.mark.parametrize(
    ("given", "kind", "said"),
    [
        ({"world": "moon"}, NotFound, "there is no world 'moon' (there are: blocksworld, "),
        ({"memory": "moon"}, NotFound, "no store 'moon' is installed (there are: "),
        ({"memory": '{"store": "moon"}'}, NotFound, "no store 'moon' is installed"),
        ({"memory": '{"storre": "moon"}'}, InvalidInput, "is no specification"),
        ({"memory": {"storre": "moon"}}, InvalidInput, "is no specification"),
        ({"memory": 3}, InvalidInput, "memory is 3"),
        ({"policy": "moon"}, NotFound, "there is no policy 'moon' (there are: bound, "),
        ({"policy": "model"}, InvalidInput, "policy 'model' needs a language model (name one: --model llama"),
        ({"world": "pddl", "size": None}, InvalidInput, "needs a domain and a problem"),
        ({"domain": "d.pddl"}, NotFound, "d.pddl cannot be read"),
        ({"budget": 0}, InvalidInput, "budget is 0"),
        ({"max_steps": "many"}, InvalidInput, "max_steps is 'many'"),
        ({"episodes": 0}, InvalidInput, "episodes is 0"),
        ({"colour": "red"}, InvalidInput, "a run has no 'colour'"),
    ],
)
def test_what_cannot_be_run_is_named_with_a_remedy(spec_of, given, kind, said):
    with pytest.raises(kind) as raised:
        spec_of(**given)
    assert said in str(raised.value)
    assert raised.value.remedy


def test_a_memory_may_be_any_store_and_a_sum_of_them(spec_of):
    spec = spec_of(memory="episodic+profile")
    assert spec.memory.members == (NAMED["episodic"], MemorySpec(store="profile"))
    assert (spec.memory_name, spec.name) == ("episodic+profile", "gripper-episodic+profile-bound")
    assert spec_of(memory="profile").memory == MemorySpec(store="profile")


def test_a_sum_that_means_no_memory_is_told(spec_of, wrong_sum):
    given, said = wrong_sum
    with pytest.raises((InvalidInput, NotFound)) as raised:
        spec_of(memory=given)
    assert said in str(raised.value)


def test_files_are_refused_where_the_world_is_no_file_and_sizes_where_it_is(spec_of, pddl):
    with pytest.raises(InvalidInput, match="is not read from files"):
        spec_of(**pddl)
    with pytest.raises(InvalidInput, match="the size of its problem"):
        spec_of(world="pddl", **pddl)


def test_what_only_shows_when_it_is_made_is_found_before_the_folder_is(spec_of, settings, pddl, tmp_path):
    with pytest.raises(InvalidInput):
        check(spec_of(size=0), settings)
    with pytest.raises(InvalidInput, match="fold"):
        check(spec_of(memory={"store": "subgoal", "options": {"fold": -1}}), settings)
    with pytest.raises(InvalidInput, match="store 'subgoal' is attached to 'run' with"):
        check(spec_of(memory="summary+subgoal"), settings)
    with pytest.raises(InvalidInput, match="no model is called 'moon'"):
        check(spec_of(model="moon"), settings)
    (tmp_path / "two.pddl").write_text("(define (problem two) (:domain lamps)\n(:init (of red))")
    with pytest.raises(FormatError, match=r"two\.pddl.*line"):
        check(spec_of(world="pddl", size=None, **pddl), settings)


def test_a_folder_is_that_of_one_run(begun, tmp_path):
    folder = begun()
    begun()  # the same
    with pytest.raises(Conflict, match="holds another run"):
        begun(seed=2)
    assert folder.spec().seed == 0
    (tmp_path / "full").mkdir()
    (tmp_path / "full/letter.txt").write_text("Dear")
    with pytest.raises(Conflict, match="holds no run"):
        begun("full")


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"kind": "agentmem.run/2", "world": "gripper"}', "\udcff"])
def test_what_is_no_run_is_not_resumed(tmp_path, text):
    with pytest.raises(NotFound, match=r"it has no run\.json"):
        RunFolder(tmp_path).spec()
    (tmp_path / RUN).write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(Damaged, match="is no run of this version"):
        RunFolder(tmp_path).spec()


def test_one_process_at_a_time_plays_a_run(begun):
    folder = begun()
    with folder.held(), pytest.raises(Unavailable, match="another process plays"), folder.held():
        pass
    with folder.held():
        pass


def test_folders_are_named_by_what_is_run_and_when():
    now = datetime(2026, 1, 2, 3, 4, 5)
    first = new_folder("gripper-full/..-bound", now)
    assert first == Path("runs/gripper-full-..-bound-20260102-030405")
    first.mkdir(parents=True)
    assert new_folder("gripper-full/..-bound", now).name.endswith("-2")
    assert fit("../..") == "run"


def test_everything_that_can_be_run_is_told_in_a_line():
    assert set(_WORLDS) == set(registry.names())
    assert set(_MEMORIES) == set(memories())
    assert set(worlds()) == {*registry.names(), "pddl"}

"""Worlds are opened from files, and folders of them."""

from pathlib import Path

import pytest

from agentmem.errors import FormatError, NotFound
from agentmem.worlds.planning.files import open_pddl, problem_files


def test_a_foreign_problem_runs_without_texts(data: Path) -> None:
    (world,) = open_pddl(data / "logistics-domain.pddl", [data / "logistics-problem.pddl"])
    assert world.name == "pddl/logistics-problem"
    assert "at: p1, louvre." in world.reset().text
    assert world.task == "Goal: at: p1, forum. at: p2, louvre."
    assert world.step("load p2 t2 forum").facts == {
        "at: p2, forum.": "not at: p2, forum.",
        "in: p2, t2.": True,
    }
    assert world.step("load p1 t2 forum").text == "That cannot be done: not at: p1, forum."


def test_texts_are_taken_from_a_file(data: Path) -> None:
    (world,) = open_pddl(data / "rooms-domain.pddl", [data / "rooms-problem.pddl"], data / "rooms-texts.yaml")
    assert world.reset().text == "You are in the kitchen. cup a is in the kitchen."


def test_a_folder_is_a_suite_in_the_order_of_its_numbers(data: Path, tmp_path: Path) -> None:
    text = (data / "hanoi-problem.pddl").read_text(encoding="utf-8")
    for number in (10, 9, 1):
        (tmp_path / f"p{number}.pddl").write_text(text, encoding="utf-8")
    (tmp_path / "d.pddl").write_text(
        (data / "hanoi-domain.pddl").read_text(encoding="utf-8"), encoding="utf-8"
    )
    (tmp_path / "readme.txt").write_text("not PDDL", encoding="utf-8")
    worlds = open_pddl(tmp_path / "d.pddl", [tmp_path])
    assert [world.name for world in worlds] == ["pddl/p1", "pddl/p9", "pddl/p10"]


def test_what_is_not_there_or_does_not_fit_is_told(data: Path, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="has no PDDL problem"):
        problem_files([tmp_path])
    with pytest.raises(NotFound, match="there is no file"):
        open_pddl(data / "hanoi-domain.pddl", [tmp_path / "none.pddl"])
    with pytest.raises(
        FormatError, match=r"logistics-problem\.pddl, line 1: the problem is not of the domain `hanoi`"
    ):
        open_pddl(data / "hanoi-domain.pddl", [data / "logistics-problem.pddl"])

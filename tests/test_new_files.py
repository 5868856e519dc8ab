"""Files that appear whole, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

import agentmem
from agentmem.errors import Conflict
from agentmem.files import write_new


def test_what_another_one_makes_meanwhile_stays(tmp_path: Path) -> None:
    target = tmp_path / "archive.jsonl"

    with pytest.raises(Conflict, match="is there already"):
        write_new(target, lambda file: (target.write_text("theirs"), file.write("ours")))
    assert target.read_text() == "theirs"
    assert list(tmp_path.iterdir()) == [target]


def test_a_new_file_is_there_under_its_name_alone(tmp_path: Path) -> None:
    target = tmp_path / "archive.jsonl"

    write_new(target, lambda file: file.write("ours"))
    assert list(tmp_path.iterdir()) == [target] and target.read_text() == "ours"
    write_new(target, lambda file: file.write("anew"), over=True)
    assert list(tmp_path.iterdir()) == [target] and target.read_text() == "anew"


def test_the_version_is_that_of_the_installed_package() -> None:
    from importlib.metadata import version

    assert agentmem.__version__ == version("agentmem")

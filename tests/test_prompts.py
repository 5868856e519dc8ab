"""Prompts: files beside the code, with every value given, and nothing of a value read as a template."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentmem.errors import InvalidInput, NotFound
from agentmem.prompts import render


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A package with one prompt."""
    name = f"package_{tmp_path.name}"
    folder = tmp_path / name / "prompts"
    folder.mkdir(parents=True)
    (folder.parent / "__init__.py").touch()
    (folder / "greet.md").write_text("Hello {{ who }}.\n{% if more %}\nMore: {{ more }}\n{% endif %}\n")
    monkeypatch.syspath_prepend(tmp_path)
    return name


def test_values_are_filled_in_and_lines_of_statements_leave_no_trace(package: str):
    assert render(package, "greet", who="Maya", more="tea") == "Hello Maya.\nMore: tea\n"
    assert render(package, "greet", who="Maya", more="") == "Hello Maya.\n"


def test_a_value_is_put_in_as_it_is(package: str):
    assert render(package, "greet", who="{{ more }} <b>&", more="") == "Hello {{ more }} <b>&.\n"


def test_a_value_that_is_missing_is_named(package: str):
    with pytest.raises(InvalidInput, match=r"greet.*'who' is undefined"):
        render(package, "greet", more="")


def test_a_prompt_that_is_not_there_is_named(package: str):
    with pytest.raises(NotFound, match="no prompt 'part'"):
        render(package, "part")

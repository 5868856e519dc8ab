"""The reader of concept data: the documented format is read, and each fault is named with its place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from agentmem.errors import FormatError, NotFound
from agentmem_bench.concepts.data import read


def base() -> dict[str, Any]:
    return {
        "problems": [{"id": "p", "text": "a grid"}, {"id": 7, "text": ""}],
        "concepts": [
            {"id": "a", "title": "crop", "description": "cut", "kind": None, "cues": ["x"], "other": 1},
            {
                "id": "b",
                "title": "fill",
                "parameters": [{"name": "g", "type": "Grid"}],
                "output_type": "Grid",
            },
        ],
        "uses": [{"problem": "p", "concepts": ["a", "a", "b"]}, {"problem": 7, "concepts": []}],
    }


def written(tmp_path: Path, data: object) -> Path:
    file = tmp_path / "data.json"
    file.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return file


def test_the_documented_format_is_read(tmp_path: Path) -> None:
    data = read(written(tmp_path, base()))
    assert [one.id for one in data.problems] == ["p", "7"]
    assert data.concepts[0].cues == ("x",)
    assert data.concepts[0].kind == ""
    assert data.concepts[1].parameters[0].type == "Grid"
    assert data.uses[0].concepts == ("a", "a", "b")


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (
            lambda d: d["uses"][0]["concepts"].append("z"),
            r"uses\.1 \(problem 'p'\): 'z' is the id of no concept",
        ),
        (lambda d: d["uses"][1].update(problem="q"), r"uses\.2: 'q' is the id of no problem"),
        (lambda d: d["uses"].append(d["uses"][0]), "uses: 'p' stands there 2 times"),
        (lambda d: d["problems"].append(d["problems"][0]), "problems: 'p' stands there 2 times"),
        (lambda d: d["concepts"].append(d["concepts"][0]), "concepts: 'a' stands there 2 times"),
        (lambda d: d.update(problems=[]), "problems: Tuple should have at least 1 item"),
        (lambda d: d.pop("uses"), "uses: Field required"),
        (lambda d: d["concepts"][1].pop("title"), r"concepts\.2\.title: Field required"),
        (lambda d: d["problems"][0].update(text=["a"]), r"problems\.1\.text: Input should be a valid string"),
        (lambda d: d["problems"][0].update(id=""), r"problems\.1\.id"),
        (lambda d: d["concepts"][0].update(cues="x"), r"concepts\.1\.cues"),
    ],
)
def test_a_fault_is_named_with_its_place(tmp_path: Path, change: Any, fault: str) -> None:
    data = base()
    change(data)
    with pytest.raises(FormatError, match=fault) as raised:
        read(written(tmp_path, data))
    assert "data.json" in str(raised.value)
    assert "--example" in str(raised.value)


@pytest.mark.parametrize("text", ["", "{", "[1]", "null", "[" * 100_000])
def test_what_is_no_such_file_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(FormatError, match=r"data\.json"):
        read(written(tmp_path, text))


def test_a_missing_file_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="does not exist"):
        read(tmp_path / "none.json")

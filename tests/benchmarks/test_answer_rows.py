"""Rows outlive a kill, and are never those of another run."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentmem.errors import FormatError, InvalidInput, Unavailable
from agentmem_bench.answering.rows import Header, Rows, Trial

HEADER = Header(
    benchmark="locomo", data="d", answer="llama", judge="llama", prompts="p", budget=100, embedder="hashing"
)


def trial(name: str, verdict: str, *, right: bool) -> Trial:
    return Trial.model_validate(
        {"question": name, "right": right, "abstention": False, "given": "x", "verdict": verdict}
        | {"reason": "", "usage": {}, "seconds": 0.0}
    )


def test_a_half_line_is_dropped_and_whole_ones_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    rows = Rows(HEADER, path)
    rows.add(trial("one", "correct", right=True))
    rows.add(trial("two", "correct", right=True))
    rows.close()
    whole = path.read_bytes()
    path.write_bytes(whole[:-10])
    again = Rows(HEADER, path)
    assert set(again.trials) == {("one", "right")}
    again.add(trial("two", "correct", right=True))
    again.close()
    assert path.read_bytes() == whole


def test_one_run_at_a_time_has_a_file(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    rows = Rows(HEADER, path)
    rows.add(trial("one", "correct", right=True))
    with pytest.raises(Unavailable, match="another run has --rows"):
        Rows(HEADER, path)
    rows.close()
    again = Rows(HEADER, path)
    assert set(again.trials) == {("one", "right")}
    again.close()


def test_a_half_header_begins_anew(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(HEADER.model_dump_json()[:30])
    Rows(HEADER, path).close()
    assert path.read_text() == HEADER.model_dump_json() + "\n"


@pytest.mark.parametrize(
    ("field", "value"), [("data", "e"), ("judge", "openai:x"), ("prompts", "q"), ("budget", 7)]
)
def test_rows_of_another_run_are_refused_by_what_differs(tmp_path: Path, field: str, value: object) -> None:
    path = tmp_path / "rows.jsonl"
    Rows(HEADER, path).close()
    with pytest.raises(InvalidInput, match=f"{field} is .* there and .* here"):
        Rows(HEADER.model_copy(update={field: value}), path)


@pytest.mark.parametrize("content", ['[{"some": "data"}]', "text\n", '{"kind": "header"}\n'])
def test_a_file_that_holds_something_else_is_left_as_it_is(tmp_path: Path, content: str) -> None:
    path = tmp_path / "precious.json"
    path.write_text(content)
    with pytest.raises(FormatError, match="line 1"):
        Rows(HEADER, path)
    assert path.read_text() == content


def test_a_damaged_line_in_the_middle_is_named(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(HEADER.model_dump_json() + "\n{}\n")
    with pytest.raises(FormatError, match="line 2"):
        Rows(HEADER, path)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="cannot be read and written"):
        Rows(HEADER, tmp_path / "none" / "rows.jsonl")

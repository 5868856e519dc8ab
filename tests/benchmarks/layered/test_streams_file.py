"""The reader of fading streams: the documented format is read, each fault is named with its line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from agentmem.errors import FormatError, NotFound
from agentmem_bench.layered.data import parsed, read, written

ITEM = {"item": "a", "time": "2024-01-08T09:00:00Z", "text": "A pipe burst.", "importance": 40, "layer": "x"}
OTHER = {"item": 7, "time": "2024-01-08T11:00:00+01:00", "text": "It was mended."}
QUERY = {"query": "q", "time": "2024-01-09T09:00:00Z", "text": "Pipe?", "relevant": ["7"], "expired": ["a"]}
FEEDBACK = {"feedback": "a", "time": "2024-01-09T09:01:00Z", "value": -0.5, "note": "passed over"}


def lines() -> list[dict[str, Any]]:
    return [dict(one) for one in (ITEM, OTHER, QUERY, FEEDBACK)]


def file_of(tmp_path: Path, data: list[dict[str, Any]] | str) -> Path:
    file = tmp_path / "stream.jsonl"
    text = data if isinstance(data, str) else "".join(json.dumps(one) + "\n" for one in data)
    file.write_text(text, encoding="utf-8")
    return file


def test_the_documented_format_is_read(tmp_path: Path) -> None:
    stream = read(file_of(tmp_path, lines()))
    assert [item.item for item in stream.items] == ["a", "7"]
    assert stream.items[0].importance == 40
    assert (stream.items[1].importance, stream.items[1].layer) == (None, None)
    assert stream.items[1].time.isoformat() == "2024-01-08T10:00:00+00:00"
    assert stream.queries[0].relevant == ("7",)
    assert stream.feedback[0].value == -0.5
    assert stream.sorted == 0


def test_what_is_left_out_or_null_is_unknown(tmp_path: Path) -> None:
    data = lines()
    data[0].update(importance=None, layer=None)
    data[2].pop("expired")
    data[3].pop("value")
    stream = read(file_of(tmp_path, data))
    assert (stream.items[0].importance, stream.items[0].layer) == (None, None)
    assert stream.queries[0].expired == ()
    assert stream.feedback[0].value == 1


def test_blank_lines_windows_line_ends_and_a_byte_order_mark_do_no_harm(tmp_path: Path) -> None:
    text = "\ufeff" + "\r\n\r\n".join(json.dumps(one) for one in lines()) + "\r\n"
    assert len(read(file_of(tmp_path, text)).lines) == 4


def test_lines_out_of_order_are_sorted_and_counted(tmp_path: Path) -> None:
    data = lines()
    stream = read(file_of(tmp_path, [data[2], data[0], data[1], data[3]]))
    assert [type(line).__name__ for line in stream.lines] == ["Item", "Item", "Query", "Feedback"]
    assert stream.sorted == 2


def test_what_is_written_is_read_again_as_it_was(tmp_path: Path) -> None:
    stream = read(file_of(tmp_path, lines()))
    assert parsed(written(stream).split("\n")) == stream


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda d: d[1].update(time="2024-01-08T10:00:00"), "line 2: time 2024.* has no time zone"),
        (lambda d: d[1].update(time="yesterday"), "line 2: time: Input should be a valid datetime"),
        (lambda d: d[1].pop("time"), "line 2: time: Field required"),
        (lambda d: d[1].update(item="a"), "line 2: there is an item 'a' already"),
        (lambda d: d[0].update(importance=101), "line 1: importance: .*less than or equal to 100"),
        (lambda d: d[0].update(importance=-1), "line 1: importance: .*greater than or equal to 0"),
        (lambda d: d[0].update(importance=float("nan")), "line 1: importance: .*finite"),
        (lambda d: d[0].update(text=""), "line 1: text: .*at least 1 character"),
        (lambda d: d[0].update(text="a\x00b"), "line 1: text holds a NUL"),
        (lambda d: d[0].update(query="q9"), "line 1: one of the keys .* there is item and query"),
        (lambda d: d[0].pop("item"), "line 1: one of the keys .* there is none of them"),
        (lambda d: d[2].update(relevant=["z"]), "line 3: relevant: 'z' is the id of no item"),
        (lambda d: d[2].update(relevant=["a"]), "line 3: 'a' is relevant and expired at once"),
        (lambda d: d[2].update(relevant="7"), "line 3: relevant: Input should be a valid tuple"),
        (lambda d: d[1].update(time="2025-01-08T09:00:00Z"), "line 3: relevant: item '7' is of a later time"),
        (lambda d: d.append({**QUERY, "text": "again"}), "line 5: there is a query 'q' already"),
        (lambda d: d[3].update(feedback="z"), "line 4: feedback: 'z' is the id of no item"),
        (lambda d: d[3].update(time="2023-01-08T09:00:00Z"), "line 4: feedback: item 'a' is of a later time"),
        (lambda d: d[3].update(value=1.5), "line 4: value: .*less than or equal to 1"),
        (lambda d: d.__delitem__(slice(2, None)), "there is not a query in it"),
        (lambda d: d.__delitem__(slice(0, 2)), "there is not an item in it"),
    ],
)
def test_a_fault_is_named_with_its_line(tmp_path: Path, change: Any, fault: str) -> None:
    data = lines()
    change(data)
    with pytest.raises(FormatError, match=fault) as raised:
        read(file_of(tmp_path, data))
    assert "stream.jsonl" in str(raised.value)
    assert "--example" in str(raised.value)


@pytest.mark.parametrize("text", ["", "{", "[1]", "null", "[" * 100_000, '"item"', "\n\n"])
def test_what_is_no_such_file_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(FormatError, match=r"stream\.jsonl"):
        read(file_of(tmp_path, text))


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "stream.jsonl"
    file.write_bytes(b"\xff\xfe{}")
    with pytest.raises(FormatError, match="no UTF-8"):
        read(file)


def test_a_layer_that_the_policy_does_not_have_is_named(tmp_path: Path) -> None:
    file = file_of(tmp_path, lines())
    assert read(file, ("x", "y")).items[0].layer == "x"
    with pytest.raises(FormatError, match=r"line 1: layer: the policy has no 'x'; it has: y; see --policy"):
        read(file, ("y",))


def test_a_missing_file_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="does not exist"):
        read(tmp_path / "none.jsonl")

"""JSON lines give turns with all that they state, and errors that name the line."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from agentmem.errors import FormatError
from agentmem.formats import Conversation, parse_conversations
from agentmem.records import Trust


def read(*lines: object) -> Conversation:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    (conversation,) = parse_conversations(text, "chat.jsonl")
    return conversation


def test_turn_carries_all_that_its_line_states() -> None:
    chat = read(
        {
            "id": "a",
            "session": "s1",
            "time": "2025-03-01T14:05:00+02:00",
            "actor": "Maya",
            "text": "Rye, 200 g.",
        },
        "",
        {
            "id": "b",
            "session": 2,
            "time": 1740830700,
            "speaker": "Tom",
            "content": "120 g.",
            "data": {"page": [1, None]},
            "corrects": {"id": "a", "why": "misread", "since": "2025-03-01"},
        },
    )
    first, second = chat.turns
    assert chat.format == "JSON lines"
    assert (first.id, first.session, first.actor, first.text) == ("a", "s1", "Maya", "Rye, 200 g.")
    assert first.time == datetime(2025, 3, 1, 12, 5, tzinfo=UTC)
    assert (first.trust, first.data, first.corrects) == (Trust.USER, {}, None)
    assert (second.session, second.actor, second.data) == ("2", "Tom", {"page": [1, None]})
    assert second.time == datetime(2025, 3, 1, 12, 5, tzinfo=UTC)
    assert second.corrects is not None
    assert (second.corrects.id, second.corrects.why) == ("a", "misread")
    assert second.corrects.since == datetime(2025, 3, 1, tzinfo=UTC)
    assert chat.warnings == ()


def test_roles_become_trust() -> None:
    roles = ["user", "assistant", "tool", "system"]
    chat = read(*({"role": role, "content": "hello"} for role in roles))
    assert [turn.actor for turn in chat.turns] == roles
    assert [turn.trust for turn in chat.turns] == [Trust.USER, Trust.AGENT, Trust.TOOL, Trust.AGENT]
    assert read({"actor": "Tom", "role": "assistant", "text": "x"}).turns[0].trust is Trust.AGENT
    assert read({"role": None, "speaker": "assistant", "text": "x"}).turns[0].trust is Trust.AGENT


def test_text_is_kept_as_it_came() -> None:
    text = "  two\nlines\u2028and \u202e more  "
    assert read({"actor": "Maya", "text": text}).turns[0].text == text


def test_list_of_turns_is_read_too() -> None:
    chat = read([{"role": "user", "content": "hi"}, {"role": "assistant", "content": "hello"}])
    assert [turn.text for turn in chat.turns] == ["hi", "hello"]


def test_one_object_over_several_lines_is_a_turn() -> None:
    turn = {"actor": "Maya", "text": "a\nb", "data": {"page": 3}}
    chat = read("", json.dumps({**turn, "mood": "good"}, indent=2))
    assert [(turn.actor, turn.text, turn.data) for turn in chat.turns] == [("Maya", "a\nb", {"page": 3})]
    assert chat.warnings == ("field 'mood' is unknown and ignored (chat.jsonl, line 2)",)


def test_unknown_field_is_warned_of_once() -> None:
    chat = read(*({"actor": "Maya", "text": "x", "mood": "good"} for _ in range(3)))
    assert chat.warnings == ("field 'mood' is unknown and ignored (chat.jsonl, line 1, 3 times)",)


def test_correction_of_no_earlier_turn_is_warned_of() -> None:
    chat = read({"id": "b", "actor": "Maya", "text": "x", "corrects": {"id": "a"}})
    assert chat.warnings == ("corrects 'a', which is no earlier turn of this file (chat.jsonl, line 1)",)


GOOD = {"actor": "Maya", "text": "fine"}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{broken", "line 2: not JSON: .* at column 2"),
        ('"text"', 'line 2: not a JSON object but "text"'),
        ({"actor": "Maya"}, "line 2: no 'text' or 'content'"),
        ({"text": "x"}, "line 2: no 'actor' or 'speaker' or 'role'"),
        ({"actor": "Maya", "text": 7}, "line 2, key 'text': 7 is not a text"),
        (
            {"actor": "Maya", "text": "x", "time": "yesterday"},
            "line 2, key 'time': time 'yesterday' cannot be read",
        ),
        ({"actor": "Maya", "text": "x", "time": True}, "line 2, key 'time'"),
        ({"actor": "Maya", "text": "x", "time": 1e300}, "line 2, key 'time'"),
        ({"actor": "Maya", "text": "x", "data": []}, "line 2, key 'data': not an object"),
        ('{"actor": "Maya", "text": "x", "data": {"n": NaN}}', "line 2: data is not JSON"),
        (
            {"actor": "Maya", "text": "x", "corrects": {"why": "?"}},
            "line 2, key 'corrects': does not name a turn",
        ),
        (
            {"actor": "Maya", "text": "x", "corrects": {"id": "a", "since": "?"}},
            "line 2, key 'corrects', key 'since'",
        ),
        ({"actor": "Maya", "text": "nul \x00"}, "line 2: text holds a NUL"),
        ({"actor": "Maya", "text": "half \ud800"}, "line 2: text holds a lone surrogate"),
        ("[" * 100_000, "line 2: JSON is nested too deep"),
    ],
)
def test_bad_line_is_named(line: object, message: str) -> None:
    with pytest.raises(FormatError, match=rf"chat\.jsonl, {message}"):
        read(GOOD, line)


def test_repeated_id_is_named_with_both_lines() -> None:
    with pytest.raises(FormatError, match=r"line 3: id 'a' was used before \(chat\.jsonl, line 1\)"):
        read({**GOOD, "id": "a"}, {**GOOD, "id": "b"}, {**GOOD, "id": "a"})

"""Plain text gives turns by `Name: text` lines, sessions by date lines."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from agentmem.errors import FormatError
from agentmem.formats import Conversation, parse_conversations
from agentmem.records import Trust


def read(text: str) -> Conversation:
    (conversation,) = parse_conversations(text, "chat.txt")
    return conversation


def test_lines_without_a_speaker_go_on_with_the_turn_before() -> None:
    chat = read(
        "Maya: The list:\n- rye\n\n- plums, see https://example.org: good\n"
        "  Price: 12\n\n\nTom O'Neill-Vos: Fine.\n"
    )
    assert chat.format == "plain text, `Name: text` lines"
    assert [(turn.actor, turn.text) for turn in chat.turns] == [
        ("Maya", "The list:\n- rye\n\n- plums, see https://example.org: good\nPrice: 12"),
        ("Tom O'Neill-Vos", "Fine."),
    ]
    assert {(turn.time, turn.session, turn.id) for turn in chat.turns} == {(None, "", "")}


def test_date_lines_begin_sessions_and_give_times_in_order() -> None:
    chat = read(
        "# 2025-03-01\nMaya: one\nTom: two\n--- 2025-03-02 18:30 ---\nMaya: three\n# 2025-03-01\nTom: four\n"
    )
    assert [(turn.session, turn.time) for turn in chat.turns] == [
        ("2025-03-01", datetime(2025, 3, 1, tzinfo=UTC)),
        ("2025-03-01", datetime(2025, 3, 1, 0, 0, 1, tzinfo=UTC)),
        ("2025-03-02 18:30", datetime(2025, 3, 2, 18, 30, tzinfo=UTC)),
        ("2025-03-01 (2)", datetime(2025, 3, 1, tzinfo=UTC)),
    ]


def test_names_of_machines_are_trusted_as_such() -> None:
    chat = read("User: hi\nAssistant: hello\nTool: 42\n")
    assert [turn.trust for turn in chat.turns] == [Trust.USER, Trust.AGENT, Trust.TOOL]


def test_chinese_colon_and_windows_line_ends_are_read() -> None:
    chat = read("张三\uff1a你好\r\n李四\uff1a你好吗\r\n")
    assert [(turn.actor, turn.text) for turn in chat.turns] == [("张三", "你好"), ("李四", "你好吗")]


def test_speaker_who_may_be_none_is_warned_of() -> None:
    talk = "Maya: a\nTom: b\n" * 6
    assert read(talk).warnings == ()
    assert read(f"{talk}Remember: milk\n").warnings == (
        "'Remember' speaks only once; indent the line if it belongs to the turn before (chat.txt, line 13)",
    )


def test_impossible_date_is_named() -> None:
    with pytest.raises(FormatError, match=r"chat\.txt, line 2: time '2025-13-01' cannot be read"):
        read("Maya: hi\n# 2025-13-01\nTom: ho\n")


def test_character_that_cannot_be_kept_is_named() -> None:
    with pytest.raises(FormatError, match=r"chat\.txt, line 2: text holds a NUL"):
        read("Maya: hi\nTom: h\x00o\n")

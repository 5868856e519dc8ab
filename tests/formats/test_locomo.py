"""LoCoMo JSON gives dialogues with their questions."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from agentmem.errors import FormatError
from agentmem.formats import Conversation, parse_conversations


def sample(**fields: Any) -> dict[str, Any]:
    return {
        "sample_id": "talk-1",
        "conversation": {
            "speaker_a": "Maya",
            "speaker_b": "Tom",
            "session_2_date_time": "12:09 am on 13 September, 2023",
            "session_2": [{"speaker": "Tom", "dia_id": "D2:1", "text": "I sold the boat."}],
            "session_1_date_time": "1:56 pm on 8 May, 2023",
            "session_1": [
                {"speaker": "Maya", "dia_id": "D1:1", "text": "Look!", "blip_caption": "a red boat"},
                {"speaker": "Tom", "dia_id": "D1:2", "text": "Nice."},
            ],
            "session_3_date_time": "1:00 pm on 1 October, 2023",
        },
        "qa": [
            {
                "question": "What did Tom sell?",
                "answer": "a boat",
                "evidence": ["D1:1; D2:1", "D9:9,D1:1"],
                "category": 1,
            },
            {"question": "In which year?", "answer": 2023, "evidence": ["D2:1 D"], "category": 2},
            {"question": "Who sank?", "adversarial_answer": "Tom", "category": 5},
        ],
        **fields,
    }


def read(document: object) -> tuple[Conversation, ...]:
    return parse_conversations(json.dumps(document), "talks.json")


def test_turns_stand_in_order_with_times_that_keep_it() -> None:
    (conversation,) = read([sample()])
    assert (conversation.format, conversation.id) == ("LoCoMo JSON", "talk-1")
    assert [(turn.id, turn.session, turn.actor, turn.text) for turn in conversation.turns] == [
        ("D1:1", "session_1", "Maya", "Look! [a red boat]"),
        ("D1:2", "session_1", "Tom", "Nice."),
        ("D2:1", "session_2", "Tom", "I sold the boat."),
    ]
    assert [turn.time for turn in conversation.turns] == [
        datetime(2023, 5, 8, 13, 56, 0, tzinfo=UTC),
        datetime(2023, 5, 8, 13, 56, 1, tzinfo=UTC),
        datetime(2023, 9, 13, 0, 9, 0, tzinfo=UTC),
    ]


def test_evidence_is_split_and_what_is_no_turn_is_dropped_and_counted() -> None:
    (conversation,) = read([sample()])
    first, second, third = conversation.questions
    assert (first.text, first.answer, first.category) == ("What did Tom sell?", "a boat", 1)
    assert (first.evidence, first.missing) == (("D1:1", "D2:1"), ("D9:9",))
    assert (second.answer, second.evidence, second.missing) == ("2023", ("D2:1",), ("D",))
    assert (third.answer, third.evidence, third.category) == ("", (), 5)
    assert conversation.warnings == (
        "evidence that is no turn is dropped (talks.json, key [0].qa[0], 'D9:9', 2 times)",
    )


def test_several_samples_are_several_conversations() -> None:
    assert [each.id for each in read([sample(), sample(sample_id="talk-2")])] == ["talk-1", "talk-2"]
    with pytest.raises(FormatError, match=r"key \[1\]: sample_id 'talk-1' was used before"):
        read([sample(), sample()])


def test_unknown_field_is_warned_of_once() -> None:
    (conversation,) = read(sample(qa=[], event_summary={}))
    assert conversation.warnings == ("field 'event_summary' is unknown and ignored (talks.json, key [0])",)


def turned(**fields: Any) -> dict[str, Any]:
    return sample(
        conversation={"session_1": [{"speaker": "Maya", "dia_id": "D1:1", "text": "x", **fields}] * 2}, qa=[]
    )


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ([sample(), {"qa": []}], r"key \[1\]: no 'conversation'"),
        (sample(conversation={}), r"key \[0\]\.conversation: no turn"),
        (turned(), r"\.session_1\[1\]: id 'D1:1' was used before"),
        (turned(text=None), r"\.session_1\[0\]\.text: missing"),
        (turned(speaker=3), r"\.session_1\[0\]\.speaker: not a text"),
        (
            sample(conversation={"session_1": [], "session_1_date_time": "noon"}),
            r"\.session_1_date_time: time 'noon'",
        ),
        (sample(qa=[{"evidence": []}]), r"\.qa\[0\]\.question: missing"),
        (sample(qa=[{"question": "?", "evidence": "D1:1"}]), r"\.qa\[0\]\.evidence: not a list"),
        (sample(qa=[{"question": "?", "category": "x"}]), r"\.qa\[0\]\.category: 'x' is not a number"),
    ],
)
def test_what_is_wrong_is_named(document: object, message: str) -> None:
    with pytest.raises(FormatError, match=rf"talks\.json.*{message}"):
        read(document)

"""The format of a file is found by its content; whatever the file holds, errors say what to do."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentmem.errors import FormatError, NotFound
from agentmem.formats import FORMATS, parse_conversations, read_conversation, read_conversations

JSON_LINES = '{"actor": "Maya", "text": "hi"}\n'
PLAIN = "Maya: hi\n"
CHATGPT = json.dumps(
    [
        {
            "title": "x",
            "mapping": {"a": {"message": {"author": {"role": "user"}, "content": {"parts": ["hi"]}}}},
        }
    ]
)
LOCOMO = json.dumps(
    [
        {
            "sample_id": name,
            "conversation": {"session_1": [{"speaker": "Maya", "dia_id": "D1:1", "text": "hi"}]},
        }
        for name in ("one", "two")
    ]
)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (JSON_LINES, "JSON lines"),
        (JSON_LINES * 2, "JSON lines"),
        (PLAIN, "plain text, `Name: text` lines"),
        (f"\n# 2025-03-01\n\n{PLAIN}", "plain text, `Name: text` lines"),
        (CHATGPT, "ChatGPT export"),
        (LOCOMO, "LoCoMo JSON"),
    ],
)
def test_format_is_found_by_content_and_named(text: str, name: str, tmp_path: Path) -> None:
    path = tmp_path / "file.xyz"
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    from_path = read_conversations(path)
    assert {conversation.format for conversation in from_path} == {name}
    assert [turn.text for turn in from_path[0].turns] == ["hi"] * len(from_path[0].turns)
    assert name in {form.name for form in FORMATS}
    assert read_conversations(io.BytesIO(text.encode()))[0].turns == from_path[0].turns
    assert read_conversations(io.StringIO(text))[0].turns == from_path[0].turns


def test_one_conversation_is_chosen_by_id(tmp_path: Path) -> None:
    path = tmp_path / "talks.json"
    path.write_text(LOCOMO, encoding="utf-8")
    assert read_conversation(path, "two").id == "two"
    with pytest.raises(FormatError, match=r"holds 2 conversations \(name one of one, two\)"):
        read_conversation(path)
    with pytest.raises(NotFound, match="no conversation 'three'"):
        read_conversation(path, "three")


def test_file_that_is_not_there_or_no_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"gone\.jsonl does not exist"):
        read_conversations(tmp_path / "gone.jsonl")
    with pytest.raises(FormatError, match="cannot be read: Is a directory"):
        read_conversations(tmp_path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf \n", "is empty"),
        (b"Maya: caf\xe9", "is not UTF-8: byte 9 is 0xe9 .save it as UTF-8"),
        (
            b"just some words",
            "is in no format that can be read .give one of: ChatGPT export, LoCoMo JSON, mem0 export, LangGraph",
        ),
        (b'[{"a": 1},\n {"b": }]', "as JSON: Expecting value at line 2, column 8"),
        (b'{"what": "is this"}', "is in no format"),
        (b"[]", "is in no format"),
        (b"[" * 100_000, "nested too deep"),
    ],
)
def test_what_cannot_be_read_is_named_with_a_remedy(content: bytes, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        parse_conversations(content, "chat")


KEYS = [
    *("text", "actor", "id", "time", "data", "corrects", "since", "speaker", "dia_id", "qa", "question"),
    *("mapping", "message", "author", "content", "parts", "parent", "children", "current_node", "metadata"),
    *("title", "conversation", "sample_id", "session_1", "session_1_date_time", "evidence", "category", "a"),
]

pieces = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 2**70)
    | st.floats()
    | st.text(max_size=5)
    | st.just("\ud800\x00"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(KEYS),
            inner,
            max_size=6,
        )
    ),
    max_leaves=25,
)


def assert_read_or_refused(content: str | bytes) -> None:
    try:
        conversations = parse_conversations(content)
    except FormatError as refused:
        remedy = refused.remedy
    else:
        assert conversations
        remedy = "none is needed"
    assert remedy


@given(st.sampled_from(["mapping", "conversation", "text", "qa", "message"]), pieces, pieces)
def test_any_json_is_read_or_refused_with_a_reason(key: str, one: object, other: object) -> None:
    shapes = [
        [{key: one, "mapping": {"a": other}}],
        [{key: one, "mapping": {"a": {"message": other}}, "current_node": "a"}],
        [{"conversation": {"session_1": [other]}, key: one}],
        [{"conversation": {"session_1": [{"speaker": "x", "dia_id": "y", "text": "z"}]}, "qa": [other]}],
        {"actor": "x", "text": "y", "corrects": one, "data": other},
        other,
    ]
    for shape in shapes:
        assert_read_or_refused(json.dumps(shape))


@given(
    st.binary(max_size=60)
    | st.text(max_size=60).map(lambda text: f"A: {text}".encode("utf-8", "surrogatepass"))
)
def test_any_bytes_are_read_or_refused_with_a_reason(content: bytes) -> None:
    assert_read_or_refused(content)

"""A ChatGPT export gives the current branch of every conversation."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from agentmem.errors import FormatError
from agentmem.formats import Conversation, parse_conversations
from agentmem.records import Trust


def node(id: str, parent: str | None, children: list[str], **message: Any) -> dict[str, Any]:
    return {
        "id": id,
        "parent": parent,
        "children": children,
        "message": {"id": id, **message} if message else None,
    }


def said(role: str, text: str, at: float | None = None) -> dict[str, Any]:
    return {
        "author": {"role": role},
        "create_time": at,
        "content": {"content_type": "text", "parts": [text]},
    }


def chat(*nodes: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"title": "Plum cake", "mapping": {each["id"]: each for each in nodes}, **fields}


def example(**fields: Any) -> dict[str, Any]:
    return chat(
        node("root", None, ["sys"]),
        node("sys", "root", ["q"], **said("system", "")),
        node("q", "sys", ["a1", "a2"], **said("user", "How much rye?", 1740837900.5)),
        node("a1", "q", [], **said("assistant", "200 g.", 1740837901.0)),
        node("a2", "q", ["t"], **said("assistant", "120 g.", 1740837902.0)),
        node("t", "a2", ["img"], **{**said("tool", "ok"), "author": {"role": "tool", "name": "python"}}),
        node(
            "img",
            "t",
            [],
            author={"role": "user"},
            content={
                "content_type": "multimodal_text",
                "parts": [{"content_type": "image_asset_pointer", "asset_pointer": "file-1"}, "Like this?"],
            },
        ),
        **fields,
    )


def read(document: object) -> tuple[Conversation, ...]:
    return parse_conversations(json.dumps(document), "conversations.json")


def test_current_branch_is_walked_from_the_root() -> None:
    (conversation,) = read([example(current_node="img", conversation_id="c-1")])
    assert (conversation.format, conversation.id, conversation.title) == (
        "ChatGPT export",
        "c-1",
        "Plum cake",
    )
    assert [(turn.id, turn.actor, turn.trust, turn.text) for turn in conversation.turns] == [
        ("q", "user", Trust.USER, "How much rye?"),
        ("a2", "assistant", Trust.AGENT, "120 g."),
        ("t", "python", Trust.TOOL, "ok"),
        ("img", "user", Trust.USER, "Like this?"),
    ]
    assert {turn.session for turn in conversation.turns} == {"c-1"}
    assert conversation.turns[0].time == datetime(2025, 3, 1, 14, 5, 0, 500_000, tzinfo=UTC)
    assert conversation.turns[2].time is None
    assert conversation.turns[3].data == {
        "parts": [{"content_type": "image_asset_pointer", "asset_pointer": "file-1"}]
    }
    assert conversation.warnings == (
        "messages on other branches than the current one are left out (conversations.json, key [0])",
    )


def test_other_branch_can_be_the_current_one() -> None:
    (conversation,) = read([example(current_node="a1")])
    assert [turn.text for turn in conversation.turns] == ["How much rye?", "200 g."]


def test_without_a_current_node_the_newest_leaf_counts() -> None:
    (conversation,) = read(example())
    assert [turn.id for turn in conversation.turns] == ["q", "a1"]


def test_several_conversations_have_several_ids() -> None:
    empty = chat(node("root", None, []))
    conversations = read([example(current_node="a1"), empty, example(current_node="a2")])
    assert [conversation.id for conversation in conversations] == ["Plum cake", "Plum cake (3)"]
    assert any("without a message" in warning for warning in conversations[0].warnings)


def test_notes_of_the_model_and_hidden_messages_are_left_out() -> None:
    thoughts = {"author": {"role": "assistant"}, "content": {"content_type": "thoughts", "parts": ["hm"]}}
    hidden = {**said("system", "be kind"), "metadata": {"is_visually_hidden_from_conversation": True}}
    code = {"author": {"role": "assistant"}, "content": {"content_type": "code", "text": "1 + 1"}}
    (conversation,) = read(
        chat(
            node("a", None, ["b"], **thoughts),
            node("b", "a", ["c"], **hidden),
            node("c", "b", [], **code),
            current_node="c",
        )
    )
    assert [(turn.text, turn.data) for turn in conversation.turns] == [("1 + 1", {"content_type": "code"})]
    assert "2 times" in conversation.warnings[0]


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ([example(), {"title": "x"}], r"key \[1\]: no conversation with a 'mapping'"),
        (
            chat(node("a", "b", [], **said("user", "x")), current_node="a"),
            r"key \[0\]\.mapping: node 'b' is missing",
        ),
        (
            chat(node("a", "b", ["b"]), node("b", "a", ["a"]), current_node="a"),
            r"node 'a' is missing or its own ancestor",
        ),
        (chat(node("a", None, [])), "no conversation holds a message"),
        (
            chat(node("a", None, [], **{**said("user", "x"), "create_time": "noon"})),
            r"key \[0\]\.mapping\['a'\]\.message\.create_time: time 'noon'",
        ),
    ],
)
def test_what_is_not_as_exports_are_is_named(document: object, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        read(document)

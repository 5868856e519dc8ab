"""Exports of other memories: mem0's, and items of a LangGraph store, in which LangMem keeps its own."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from agentmem.errors import FormatError
from agentmem.formats import parse_conversations
from agentmem.records import Trust

MEM0 = {
    "results": [
        {
            "id": "m2",
            "memory": "Likes hiking",
            "hash": "x",
            "metadata": {"category": "hobbies"},
            "created_at": "2025-02-01T10:00:00-08:00",
            "updated_at": None,
            "user_id": "ada",
        },
        {"id": "m1", "memory": "Is vegetarian", "created_at": "2025-01-01T10:00:00Z", "user_id": "ada"},
        {"id": "m3", "memory": "Prefers trains", "created_at": "2025-01-01T10:00:00Z", "user_id": "bob"},
    ],
    "relations": [{"source": "ada", "relationship": "likes", "target": "hiking"}],
}
LANGMEM = [
    {
        "namespace": ["memories", "ada"],
        "key": "k1",
        "value": {"kind": "Memory", "content": {"content": "Ada likes tea."}},
        "created_at": "2025-01-01T10:00:00+00:00",
        "updated_at": "2025-01-02T10:00:00+00:00",
        "score": None,
    },
    {"namespace": ["memories", "ada"], "key": "k2", "value": {"content": "Ada lives in Oslo."}},
    {"namespace": ["memories", "bob"], "key": "k1", "value": {"city": "Rome"}},
]


def read(document):
    return parse_conversations(json.dumps(document), "export.json")


def test_memories_of_mem0_are_read_by_user_the_oldest_first():
    ada, bob = read(MEM0)
    assert (ada.id, bob.id) == ("ada", "bob")
    assert [turn.text for turn in ada.turns] == ["Is vegetarian", "Likes hiking"]
    assert ada.turns[1].time == datetime(2025, 2, 1, 18, tzinfo=UTC)
    assert ada.turns[1].data == {"metadata": {"category": "hobbies"}}
    assert {turn.trust for turn in ada.turns} == {Trust.AGENT}
    assert ada.format == "mem0 export"
    assert "relations" in ada.warnings[0]


def test_a_bare_list_of_memories_is_read_too():
    assert [turn.text for turn in read(MEM0["results"][1:2])[0].turns] == ["Is vegetarian"]


def test_items_of_a_store_are_read_by_namespace():
    ada, bob = read(LANGMEM)
    assert (ada.id, bob.id) == ("memories/ada", "memories/bob")
    assert [turn.text for turn in ada.turns] == ["Ada likes tea.", "Ada lives in Oslo."]
    assert ada.turns[0].id == "memories/ada/k1"
    assert bob.turns[0].text == '{"city": "Rome"}'
    assert bob.turns[0].data == {"city": "Rome"}


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ([{"memory": 3}], "no memory with a text"),
        ([{"memory": " "}], "no memory holds a text"),
        ([{"memory": "a", "id": "1"}, {"memory": "b", "id": "1"}], "was used before"),
        ([{"namespace": "a", "key": "k", "value": {}}], "no list of texts"),
        ([{"namespace": ["a"], "key": "k", "value": 3}], "no item with a 'value'"),
        ([{"memory": "a", "created_at": "soon"}], "cannot be read"),
    ],
)
def test_what_is_wrong_is_named(document, told):
    with pytest.raises(FormatError, match=told):
        read(document)


def test_they_are_ingested_by_the_command_line(tmp_path):
    from agentmem.bank import Bank
    from agentmem.cli.ingesting import ingest, places
    from agentmem.config import Settings

    with Bank(tmp_path / "m.db", settings=Settings(embedder="hashing")) as bank:
        for namespace, conversation in places(("home",), read(MEM0)):
            ingest(bank, namespace, conversation)
        assert [record.text for record in bank.store("episodic", ("home", "bob")).select()] == [
            "Prefers trains"
        ]

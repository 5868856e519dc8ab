"""ingest, and what it does to a bank."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentmem import Bank
from agentmem.cli.ingesting import ingest
from agentmem.config import Settings
from agentmem.embedders import HashingEmbedder
from agentmem.errors import Conflict
from agentmem.fence import fence
from agentmem.formats import Conversation, Turn, parse_conversations

SHARED = ("default",)


def memory() -> Bank:
    return Bank("sqlite://", embedder=HashingEmbedder())


def contents(bank: Bank) -> list[tuple[str, str, str]]:
    return [(record.id, record.text, record.state) for record in bank.store().select(order="oldest")]


def test_the_format_is_named_and_everything_counted(run, answer, chat):
    said = run("ingest", chat).stdout
    assert said.startswith("JSON lines: 3 turns in 2 sessions, into namespace 'default'\n")
    again = answer("ingest", chat)
    assert (again["stored"], again["duplicates"], again["corrections"]) == (0, 3, 0)


def test_a_second_time_changes_nothing(run, answer, bank, chat):
    before = answer("stats")["stats"]
    run("ingest", chat, "--as-recorded")
    assert answer("stats")["stats"] == before


def test_plain_text_without_ids_is_kept_once_too(run, answer):
    Path("chat.txt").write_text("Maya: Hello there.\nLeo: Hello.\nMaya: Hello.\n", encoding="utf-8")
    assert answer("ingest", "chat.txt")["stored"] == 3
    with Path("chat.txt").open("a", encoding="utf-8") as file:
        file.write("Leo: Bye.\n")
    more = answer("ingest", "chat.txt")
    assert (more["stored"], more["duplicates"]) == (1, 3)


def test_a_file_of_several_conversations_goes_into_a_namespace_each(run, answer):
    def sample(name: str, text: str) -> dict:
        turns = [{"speaker": "Ann", "dia_id": "D1:1", "text": text}]
        told = {"speaker_a": "Ann", "speaker_b": "Bob", "session_1_date_time": "1:56 pm on 8 May, 2023"}
        return {"sample_id": name, "conversation": {**told, "session_1": turns}, "qa": []}

    Path("two.json").write_text(json.dumps([sample("a/1", "one"), sample("b", "two")]), encoding="utf-8")
    answer("ingest", "two.json", "--namespace", "acme")
    assert answer("stats")["namespaces"] == ["acme/a~11", "acme/b"]
    assert answer("recall", "--namespace", "acme/a~11")["hits"][0]["record"]["text"] == "one"


def test_stdin_is_read(run, answer, chat):
    assert answer("ingest", "-", input=Path(chat).read_text(encoding="utf-8"))["stored"] == 3


def test_what_cannot_be_read_makes_no_bank(run):
    Path("bad.txt").write_text("???", encoding="utf-8")
    assert run("ingest", "nofile").exit_code == 3
    assert run("ingest", "bad.txt").exit_code == 2
    assert not Path("agentmem.db").exists()


def test_ids_taken_by_another_chat_are_an_error_that_says_what_to_do(run, bank):
    other = {"id": "t1", "actor": "Zoe", "text": "Another chat."}
    Path("other.jsonl").write_text(json.dumps(other) + "\n", encoding="utf-8")
    result = run("ingest", "other.jsonl")
    assert result.exit_code == 2
    assert "--namespace" in result.stderr


def test_recorded_as_said_can_be_asked_for_what_was_known():
    turns = "\n".join(
        json.dumps({"actor": "A", "time": f"2025-0{month}-01T00:00:00Z", "text": f"word{month}"})
        for month in (1, 2, 3)
    )
    with memory() as bank:
        ingest(bank, SHARED, parse_conversations(turns)[0], as_recorded=True)
        known = bank.store().recall("", known_at=datetime(2025, 2, 15, tzinfo=UTC))
        assert [hit.text for hit in known] == ["word2", "word1"]
    with memory() as bank:
        ingest(bank, SHARED, parse_conversations(turns)[0])
        assert bank.store().recall("", known_at=datetime(2025, 2, 15, tzinfo=UTC)) == []


def test_a_correction_that_does_not_apply_is_told_and_takes_no_turn_with_it():
    def corrects(id: str) -> dict:
        return {"corrects": {"id": id, "why": "wrong"}}

    lines = [
        {"id": "a", "actor": "A", "text": "one"},
        {"id": "b", "actor": "A", "text": "two", **corrects("a")},
        {"id": "c", "actor": "A", "text": "three", **corrects("a")},
        {"id": "d", "actor": "A", "text": "four"},
    ]
    chat = parse_conversations("\n".join(map(json.dumps, lines)))[0]
    with memory() as bank:
        first = ingest(bank, SHARED, chat)
        assert (first.stored, first.corrections, first.not_applied) == (4, 1, ("c",))
        again = ingest(bank, SHARED, chat)
        assert (again.stored, again.duplicates, again.corrections) == (0, 4, 0)
        assert [id for id, _, state in contents(bank) if state == "live"] == ["b", "c", "d"]


SECRET = "the key is AKIAIOSFODNN7EXAMPLE"


@pytest.mark.parametrize(
    "more",
    [[], [{"id": "d", "actor": "A", "text": "four", "corrects": {"id": "b"}}]],
    ids=["in one call", "where another correction does not apply"],
)
@pytest.mark.parametrize("text", [SECRET, fence("what was recalled")])
def test_a_refused_turn_corrects_nothing_and_stops_nothing(text: str, more: list[dict]):
    lines = [
        {"id": "a", "actor": "A", "text": "one"},
        {"id": "b", "actor": "A", "text": "two"},
        {"id": "c", "actor": "A", "text": text, "corrects": {"id": "a"}},
        {"id": "e", "actor": "A", "text": "three", "corrects": {"id": "b"}},
        *more,
    ]
    chat = parse_conversations("\n".join(map(json.dumps, lines)))[0]
    with Bank("sqlite://", embedder=HashingEmbedder(), settings=Settings(screen="refuse")) as bank:
        done = ingest(bank, SHARED, chat)
        assert (done.stored, done.refused, done.corrections) == (3 + len(more), 1, 1)
        assert done.not_applied == tuple(line["id"] for line in more)
        states = {id: state for id, _, state in contents(bank)}
        assert states.items() >= {"a": "live", "b": "superseded", "e": "live"}.items()
        again = ingest(bank, SHARED, chat)
        assert (again.stored, again.refused, again.corrections) == (0, 1, 0)


def test_a_forgotten_turn_stays_forgotten():
    chat = parse_conversations("Ann: first thing\nBob: second thing\nAnn: third thing\n")[0]
    with memory() as bank:
        ingest(bank, SHARED, chat)
        bank.forget(SHARED, records=[contents(bank)[1][0]])
        again = ingest(bank, SHARED, chat)
        assert (again.duplicates, again.forgotten) == (2, 1)


def test_every_turn_has_its_vector_afterwards_and_progress_adds_up():
    chat = parse_conversations("\n".join(f"Ann: number {n}" for n in range(10)))[0]
    told: dict[str, int] = {}
    with memory() as bank:
        ingest(
            bank,
            SHARED,
            chat,
            batch=3,
            progress=lambda stage, done, _: told.update({stage: told.get(stage, 0) + done}),
        )
        assert told == {"turns": 10, "vectors": 10}
        assert bank.stats().waiting_for_vectors == 0


turns = st.lists(
    st.builds(
        Turn,
        actor=st.sampled_from(["Ann", "Bob", ""]),
        session=st.sampled_from(["", "s1"]),
        text=st.sampled_from(["yes", "no", "well, well", ""]),
    ),
    max_size=8,
)


@settings(max_examples=8, deadline=None)
@given(turns=turns, cut=st.integers(0, 8), batch=st.integers(1, 4))
def test_a_chat_that_grew_and_is_ingested_again_is_as_if_ingested_once(turns, cut, batch):
    whole = Conversation(format="test", turns=tuple(turns))
    with memory() as once, memory() as twice:
        ingest(once, SHARED, whole)
        ingest(twice, SHARED, Conversation(format="test", turns=tuple(turns[:cut])), batch=batch)
        ingest(twice, SHARED, whole, batch=batch)
        assert contents(twice) == contents(once)


def test_a_known_id_with_another_content_is_a_conflict():
    with memory() as bank:
        ingest(bank, SHARED, Conversation(format="test", turns=(Turn(id="x", text="one"),)))
        with pytest.raises(Conflict, match="--namespace"):
            ingest(bank, SHARED, Conversation(format="test", turns=(Turn(id="x", text="two"),)))

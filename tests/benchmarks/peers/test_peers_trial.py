"""What a comparison reads, and what it makes of a memory that forgets, rewords, or holds more than fits."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from agentmem.config import Settings
from agentmem.embedders import HashingEmbedder
from agentmem.errors import FormatError, NotFound
from agentmem.formats import Turn
from agentmem.records import spoken
from agentmem.synthesis import MiniLMTokens
from agentmem_bench.peers.data import read
from agentmem_bench.peers.systems.base import Found, Place, System
from agentmem_bench.peers.systems.ours import Dense, Episodic, Words
from agentmem_bench.peers.trial import Taken, Trial, fitting
from agentmem_bench.timed import TimedEmbedder


def history(id: str, **said: Any) -> dict[str, Any]:
    return {
        "question_id": id,
        "question_type": "single-session-user",
        "question": "How long is the ladder?",
        "question_date": "2024/03/02 (Sat) 18:30",
        "answer": "4 metres",
        "haystack_session_ids": ["attic"],
        "haystack_dates": ["2024/02/03 (Sat) 09:15"],
        "haystack_sessions": [[{"role": "user", "content": "I bought a ladder of 4 metres.", **said}]],
        "answer_session_ids": ["attic"],
    }


def test_dialogues_are_read_with_the_questions_that_count(dialogues: Path) -> None:
    first, second = read(dialogues)
    assert [turn.text for turn in first.turns] == [turn.text for turn in second.turns]
    assert [(one.category, set(one.evidence)) for one in first.asked] == [
        ("4 single-hop", {"D1:2"}),
        ("2 temporal", {"D1:1"}),
    ]
    assert first.asked[0].at == max(turn.time for turn in first.turns if turn.time)
    assert len(read(dialogues, 1)) == 1


def test_of_histories_those_count_whose_turns_are_marked(tmp_path: Path) -> None:
    file = tmp_path / "histories.json"
    entries = [history("marked", has_answer=True), history("not"), history("none_abs", has_answer=True)]
    file.write_text(json.dumps(entries), encoding="utf-8")
    (talk,) = read(file)
    (asked,) = talk.asked
    assert (asked.id, asked.category) == ("marked", "single-session-user")
    assert asked.evidence == {talk.turns[0].id}


def test_a_file_in_which_no_turn_is_evidence_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "histories.json"
    file.write_text(json.dumps([history("not")]), encoding="utf-8")
    with pytest.raises(FormatError, match="no question names a turn"):
        read(file)
    with pytest.raises(NotFound, match=r"nowhere\.json"):
        read(tmp_path / "nowhere.json")


@given(some.lists(some.text(max_size=60), max_size=20), some.integers(0, 60))
def test_what_is_shown_keeps_its_order_and_fits(texts: list[str], budget: int) -> None:
    found = [Found((number,), text) for number, text in enumerate(texts)]
    shown, tokens = fitting(found, budget)
    assert tokens == sum(MiniLMTokens().count(one.text) for one in shown) <= budget
    assert [one.turns[0] for one in shown] == sorted(one.turns[0] for one in shown)
    if tokens + sum(MiniLMTokens().count(text) for text in texts) <= budget:
        assert shown == found


class Careless(System):
    """Loses every other turn, and shouts the last."""

    def __init__(self, place: Place) -> None:
        self._embedder = place.embedder
        self._file = place.folder / "turns"
        self._held: list[Found] = []

    def write(self, number: int, turn: Turn) -> None:
        self._embedder.embed([turn.text])
        if number % 2:
            return
        self._held.append(Found((number,), spoken(turn.actor, turn.text)))

    def search(self, text: str, k: int, at: datetime | None) -> Sequence[Found]:
        return self._held[:k]

    def held(self) -> Iterable[Found]:
        *others, last = self._held
        return [*others, Found(last.turns, last.text.upper())]

    def close(self) -> None:
        self._file.write_text("four", encoding="utf-8")


def tried(opener: Any, file: Path, folder: Path, **options: Any) -> Taken:
    taken = Taken()
    timed = TimedEmbedder(HashingEmbedder())
    place = Place(folder, timed, Settings())
    Trial(timed, **{"depth": 2, "budget": 1_000, **options}).run(read(file, 1)[0], opener, place, taken)
    return taken


def test_what_a_memory_loses_and_rewords_is_counted(dialogues: Path, tmp_path: Path) -> None:
    (tmp_path / "memory").mkdir()
    taken = tried(Careless, dialogues, tmp_path / "memory")
    assert (taken.verbatim, taken.altered, taken.lost) == (1, 1, 2)
    assert taken.ranked == [["D1:1", "D1:3"]] * 2
    assert (len(taken.write_seconds), taken.write_embeddings) == (4, 4)
    assert (len(taken.search_seconds), taken.search_embeddings) == (2, 0)
    assert taken.bytes == 4


def test_nothing_is_shown_where_nothing_fits(dialogues: Path, tmp_path: Path) -> None:
    taken = tried(Careless, dialogues, tmp_path, budget=1)
    assert taken.shown == [[], []]
    assert taken.tokens == [0, 0]


@pytest.mark.parametrize("kind", [Episodic, Words, Dense])
def test_ours_find_and_keep_every_turn(kind: type[System], dialogues: Path, tmp_path: Path) -> None:
    (tmp_path / "memory").mkdir()
    taken = tried(kind, dialogues, tmp_path / "memory")
    assert (taken.verbatim, taken.altered, taken.lost) == (4, 0, 0)
    assert [ids[0] for ids in taken.ranked] == ["D1:2", "D1:1"]
    assert taken.bytes > 0

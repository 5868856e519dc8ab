"""Synthetic texts and vectors are like the real ones, distinct, and always the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from agentmem.embedders import HashingEmbedder
from agentmem.errors import InvalidInput
from agentmem.records import spoken
from agentmem_bench.speed import banks, corpus, place
from agentmem_bench.speed.synthetic import SyntheticEmbedder


@pytest.fixture(scope="module")
def real() -> corpus.Source:
    return corpus.source(HashingEmbedder(64))


def test_turns_are_always_the_same_and_more_begin_like_fewer(real: corpus.Source) -> None:
    some = list(corpus.turns(real.texts, 50, seed=1))
    assert some == list(corpus.turns(real.texts, 90, seed=1))[:50]
    assert some != list(corpus.turns(real.texts, 50, seed=2))


def test_turns_have_the_length_and_nearly_the_words_of_real_ones(real: corpus.Source) -> None:
    chat = " ".join(real.texts.sentences).split()
    count = len(real.texts.lengths)
    words = " ".join(event.text for event in corpus.turns(real.texts, count, seed=0)).split()
    assert len(words) == pytest.approx(len(chat), rel=0.1)
    assert len({*words}) == pytest.approx(len({*chat}), rel=0.15)


def test_sessions_have_two_speakers_and_time_goes_on(real: corpus.Source) -> None:
    events = list(corpus.turns(real.texts, 3 * corpus.SESSION, seed=0))
    times = [event.time for event in events if event.time is not None]
    assert times == sorted(times)
    for start in range(0, len(events), corpus.SESSION):
        session = events[start : start + corpus.SESSION]
        assert len({event.session for event in session}) == 1
        assert len({event.actor for event in session}) == 2


def test_questions_are_distinct_and_some_name_a_month_of_the_turns(real: corpus.Source) -> None:
    asked = corpus.questions(real.texts, 400, seed=0, about=1_000_000)
    assert len({*asked}) == 400
    years = {int(text[-5:-1]) for text in asked if text[-5:-1].isdecimal() and " in " in text}
    last = max(event.time for event in corpus.turns(real.texts, 2_000, seed=0) if event.time)
    span = (last - corpus.BEGIN) * 500
    assert {2021, 2022} <= years
    assert max(years) <= (corpus.BEGIN + span * 1.1).year


def test_cosines_of_synthetic_vectors_have_mean_and_spread_of_the_real_ones(real: corpus.Source) -> None:
    made = SyntheticEmbedder(real.vectors, 0).embed([f"text {n}" for n in range(len(real.vectors))])
    assert np.allclose(np.linalg.norm(made, axis=1), 1, atol=1e-5)
    upper = np.triu_indices(len(made), 1)
    there, here = (real.vectors @ real.vectors.T)[upper], (made @ made.T)[upper]
    assert here.mean() == pytest.approx(there.mean(), abs=0.02)
    assert here.std() == pytest.approx(there.std(), rel=0.2)


def test_a_text_has_its_vector_whatever_stands_beside_it(real: corpus.Source) -> None:
    one, other = SyntheticEmbedder(real.vectors, 0), SyntheticEmbedder(real.vectors, 0)
    assert np.array_equal(one.embed(["a", "b"])[1], other.embed(["b"])[0])
    assert one.name == other.name != SyntheticEmbedder(real.vectors, 1).name
    assert one.parts(" ") == []
    assert one.embed([]).shape == (0, 64)


def test_a_kept_place_uses_source_and_banks_again(tmp_path: Path) -> None:
    with place.opened(tmp_path / "kept", HashingEmbedder(64), 0) as at:
        first = banks.one(at, 100)
        changed = first.path.stat().st_mtime_ns
    with place.opened(tmp_path / "kept", HashingEmbedder(32), 0) as again:
        assert again.fingerprint == at.fingerprint
        assert banks.one(again, 100) == first
        assert first.path.stat().st_mtime_ns == changed
    with place.opened(tmp_path / "kept", HashingEmbedder(64), 1) as other:
        assert banks.one(other, 100) != first


def test_a_temporary_place_is_removed() -> None:
    with place.opened(None, HashingEmbedder(64), 0) as at:
        assert banks.one(at, 100).size > 0
    assert not at.folder.exists()


def test_a_place_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("", encoding="utf-8")
    with pytest.raises(InvalidInput, match="--keep"), place.opened(file / "x", HashingEmbedder(64), 0):
        pass


def test_an_unfinished_bank_is_made_anew(tmp_path: Path) -> None:
    with place.opened(tmp_path, HashingEmbedder(64), 0) as at:
        path = banks.one(at, 100).path
        path.with_suffix(".json").unlink()
        assert banks.one(at, 100).records == 100


def test_distinct_turns_never_say_the_same_twice(tmp_path: Path) -> None:
    with place.opened(tmp_path, HashingEmbedder(64), 0) as at:
        batches = list(banks.distinct(at, 2_500))
    said = [spoken(event.actor, event.text) for batch in batches for event in batch]
    assert len(said) == len({*said}) == 2_500
    assert [len(batch) for batch in batches] == [1_000, 1_000, 500]

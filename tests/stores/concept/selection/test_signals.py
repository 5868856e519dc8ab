"""Signals: a problem asked of its own past is a new problem; BM25 is the index's; types and co-use say what they should."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from agentmem.errors import InvalidInput
from agentmem.index.text import TextIndex
from agentmem.stores.concept.selection import (
    Concepts,
    Corpus,
    Lexicon,
    Problems,
    Question,
    SelectionPolicy,
    index_text,
)
from agentmem.stores.concept.selection.asked import of_past, of_questions
from agentmem.stores.concept.selection.plugging import Plugs
from agentmem.stores.concept.selection.signals import FAMILIES, family, plain_signals, signals
from agentmem.stores.concept.selection.terms import bm25

POLICY = SelectionPolicy()
WORDS = ["draw", "line", "fill", "hole", "mirror", "grid", "count", "shape", "colour", "the", "of"]
TYPES = ("", "Grid", "list[Shape]", "Shape", "Callable[[Shape], Grid]", "Callable", "Any")


def vectors(draw: st.DrawFn, count: int) -> np.ndarray:
    """Unit vectors of few directions, so that some are equal, and some zero."""
    raw = [draw(st.lists(st.integers(-1, 1), min_size=3, max_size=3)) for _ in range(count)]
    found = np.array(raw, np.float32).reshape(count, 3)
    lengths = np.linalg.norm(found, axis=1, keepdims=True)
    return np.divide(found, lengths, out=np.zeros_like(found), where=lengths > 0)


@st.composite
def corpora(draw: st.DrawFn, least_problems: int = 0) -> Corpus:
    n, m = draw(st.integers(0, 7)), draw(st.integers(least_problems, 6))
    said = st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)
    concepts = Concepts(
        tuple(f"c{place}" for place in range(n)),
        tuple(draw(said) for _ in range(n)),
        vectors(draw, n),
        tuple(tuple(draw(st.lists(st.sampled_from(TYPES), max_size=2))) for _ in range(n)),
        tuple(draw(st.sampled_from(TYPES)) for _ in range(n)),
    )
    problems = Problems(
        tuple(f"p{place}" for place in range(m)), tuple(draw(said) for _ in range(m)), vectors(draw, m)
    )
    uses = np.array([[draw(st.booleans()) for _ in range(n)] for _ in range(m)], np.bool_).reshape(m, n)
    return Corpus(concepts, problems, csr_array(uses))


@given(corpora(least_problems=1), st.data())
@settings(max_examples=60, deadline=None)
def test_a_problem_of_the_past_is_told_what_it_would_be_told_if_it_had_never_been_there(
    corpus: Corpus, data: st.DataObject
) -> None:
    row = data.draw(st.integers(0, len(corpus.problems) - 1))
    asked = of_past(corpus, np.array([row]))
    without = corpus.without(row)
    question = Question(corpus.problems.texts[row], corpus.problems.vectors[row])
    anew = of_questions(without, [question])
    for kind in (plain_signals, signals):
        told, wanted = kind(corpus, asked, POLICY), kind(without, anew, POLICY)
        assert told.keys() == wanted.keys()
        for name in told:
            np.testing.assert_allclose(told[name], wanted[name], atol=2e-4, err_msg=name)
    np.testing.assert_array_equal(asked.uses(corpus), anew.uses(without))


@given(corpora(least_problems=1))
@settings(max_examples=30, deadline=None)
def test_problems_asked_at_once_are_told_what_each_is_told_alone(corpus: Corpus) -> None:
    rows = np.arange(len(corpus.problems))
    together = signals(corpus, of_past(corpus, rows), POLICY)
    for row in rows:
        alone = signals(corpus, of_past(corpus, rows[[row]]), POLICY)
        for name, told in alone.items():
            np.testing.assert_allclose(together[name][row], told[0], atol=2e-4, err_msg=name)


@given(corpora())
@settings(max_examples=30, deadline=None)
def test_signals_are_numbers_and_standardised(corpus: Corpus) -> None:
    asked = of_questions(corpus, [Question("draw a zebra", np.zeros(3, np.float32))])
    for name, told in signals(corpus, asked, POLICY).items():
        assert told.shape == (1, len(corpus.concepts))
        assert np.isfinite(told).all(), name
        if len(corpus.concepts):
            assert abs(told.mean()) < 1e-6
            assert told.std() == pytest.approx(0, abs=1e-6) or told.std() == pytest.approx(1, abs=1e-6)


@given(st.lists(st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join), min_size=1, max_size=8))
def test_bm25_is_that_of_the_text_index(texts: list[str]) -> None:
    lexicon, index = Lexicon(), TextIndex()
    counts = lexicon.counts(texts)
    index.add(range(len(texts)), texts)
    question = "draw the line of a mirror draw"
    asked, unknown = lexicon.asked([question], len(lexicon))
    asked.data[:] = 1
    found = (asked @ bm25(counts, 1.2, 0.75).T).toarray()[0]
    np.testing.assert_allclose(found, index.weights(question, range(len(texts))).sum(axis=0), atol=1e-5)
    assert unknown[0] + asked.nnz == 3


def test_a_shared_lexicon_changes_nothing_but_time() -> None:
    lexicon = Lexicon()
    lexicon.counts(["words of a corpus before"])
    found = []
    for shared in (lexicon, Lexicon(), lexicon):
        corpus = small(shared)
        asked = of_questions(corpus, [Question("mirror the corpus", np.array([1, 0], np.float32))])
        found.append(signals(corpus, asked, POLICY))
    for other in found[1:]:
        for name, told in found[0].items():
            np.testing.assert_allclose(told, other[name], atol=1e-9)


def test_a_new_use_is_seen_through_the_same_lexicon() -> None:
    lexicon = Lexicon()
    before = small(lexicon)
    after = Corpus(before.concepts, before.problems, csr_array(np.ones((2, 3), np.bool_)), lexicon)
    question = [Question("mirror", np.array([1, 0], np.float32))]
    assert plain_signals(before, of_questions(before, question), POLICY)["popularity"].tolist() != [
        [np.log(3)] * 3
    ]
    assert plain_signals(after, of_questions(after, question), POLICY)["popularity"].tolist() == [
        [np.log(3)] * 3
    ]


def small(lexicon: Lexicon) -> Corpus:
    eye = np.array([[1, 0], [0, 1], [0.6, 0.8]], np.float32)
    return Corpus(
        Concepts(("a", "b", "c"), ("mirror a grid", "fill a hole", "count shapes"), eye),
        Problems(("p", "q"), ("the grid is mirrored", "holes are filled"), eye[:2]),
        csr_array(np.array([[1, 0, 1], [0, 1, 1]], np.bool_)),
        lexicon,
    )


def test_a_parameter_asks_for_what_gives_its_type_and_a_callable_for_such_routines() -> None:
    plugs = Plugs(
        (("list[Shape]",), (), ("Callable[[Shape], Integer]", "list[Shape]"), ("Shape",), ("Grid",)),
        ("Grid", "list[Shape]", "Shape", "Integer", "list[Shape]"),
    )
    crop = plugs.taken_by(np.array([[1.0, 0, 0, 0, 0]]))[0]
    assert crop.tolist() == [0, 0.5, 0, 0, 0.5]
    choose_by = plugs.taken_by(np.array([[0, 0, 1.0, 0, 0]]))[0]
    assert choose_by.tolist() == [0, 0.5, 0, 1, 0.5]
    takers = plugs.taking(np.array([[0, 1.0, 0, 0, 0]]))[0]
    assert takers.tolist() == [0.5, 0, 0.5, 0, 0]


def test_types_that_say_nothing_ask_for_nothing() -> None:
    plugs = Plugs((("", "Any"), ("Grid",)), ("", "Grid"))
    assert not plugs.taken_by(np.ones((1, 2)))[0, 0]
    assert plugs.taken_by(np.array([[1.0, 0]])).tolist() == [[0, 0]]
    assert Plugs((), ()).taken_by(np.ones((1, 2))).tolist() == [[0, 0]]


def test_what_stands_beside_the_concept_asked_for_is_found_by_co_use() -> None:
    eye = np.eye(4, dtype=np.float32)
    corpus = Corpus(
        Concepts(("a", "b", "c", "d"), ("alpha", "beta", "gamma", "delta"), eye),
        Problems(("p", "q"), ("one", "two"), np.zeros((2, 4), np.float32)),
        csr_array(np.array([[1, 1, 0, 0], [0, 0, 1, 1]], np.bool_)),
    )
    told = signals(corpus, of_questions(corpus, [Question("alpha", eye[0])]), POLICY)
    for name in ("walk", "kin"):
        assert told[name][0, 1] > told[name][0, 2]


def test_families_cover_every_signal() -> None:
    corpus = small(Lexicon())
    told = signals(corpus, of_questions(corpus, [Question("x", np.zeros(2, np.float32))]), POLICY)
    assert {family(name) for name in told} == set(FAMILIES)
    assert family("outcomes") == "outcomes"


def test_the_index_text_has_all_that_is_said_and_no_empty_sentence() -> None:
    assert index_text("fill", "", ("holes.",), (" ", "from inside")) == "fill. holes. from inside"


def test_shapes_that_do_not_fit_are_refused() -> None:
    corpus = small(Lexicon())
    with pytest.raises(InvalidInput, match=r"uses of the shape \(2, 2\) for 2 problems and 3 concepts"):
        Corpus(corpus.concepts, corpus.problems, csr_array(np.ones((2, 2))))
    with pytest.raises(InvalidInput, match="2 texts"):
        Problems(("p",), ("a", "b"), np.zeros((1, 2), np.float32))
    with pytest.raises(InvalidInput, match="dimensions"):
        Corpus(corpus.concepts, Problems((), (), np.zeros((0, 5), np.float32)), csr_array((0, 3)))
    with pytest.raises(InvalidInput, match="1 outputs for 2 concepts"):
        Concepts(("a", "b"), ("x", "y"), np.zeros((2, 2), np.float32), (), ("Grid",))
    with pytest.raises(InvalidInput, match="outcomes"):
        Concepts(("a",), ("x",), np.zeros((1, 2), np.float32), outcomes=np.zeros((1, 3), np.int64))

"""Near duplicates are restatements; a changed number, name or negation is none."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentmem.synthesis.duplicates import near_duplicates

DISTINCT = (
    "the quick brown fox jumps over a lazy dog while seven ducks swim across our green pond and every child"
    " in this small village comes running down from school to throw them bread before supper gets cold"
)
LONG = "we agreed with the landlord that the deposit for the flat in Leeds is due at the end of the month"


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("I moved to Kyoto.", "i moved to kyoto"),
        ("Well, I moved to Kyoto last spring, you know.", "I moved to Kyoto last spring"),
        (DISTINCT, DISTINCT.replace("quick", "fast")),
    ],
)
def test_restatement_repeats_the_better_text(better: str, worse: str) -> None:
    assert near_duplicates([better, "something else", worse]) == {2: 0}


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("I moved to Kyoto", "I moved to Osaka"),
        ("Tom owes Maya ten euros", "Maya owes Tom ten euros"),
        (f"{LONG} {LONG} by the 12th", f"{LONG} {LONG} by the 19th"),
        (f"{LONG} {LONG} for sure", f"{LONG} {LONG} not for sure"),
        ("No idea, to be honest with you", "No"),
        ("I moved to Kyoto last spring", "I moved to Kyoto last spring, and then on to Osaka"),
        ("\U0001f44d", "\U0001f389"),
        ("", "x"),
    ],
)
def test_other_statement_is_kept(better: str, worse: str) -> None:
    assert near_duplicates([better, worse]) == {}


@given(st.lists(st.text(alphabet="ab .", max_size=12), max_size=12))
def test_what_is_repeated_is_better_and_kept(texts: list[str]) -> None:
    repeats = near_duplicates(texts)
    assert all(better < place and better not in repeats for place, better in repeats.items())


def brute_force(texts: list[str]) -> set[int]:
    dropped: set[int] = set()
    for place, text in enumerate(texts):
        for better in range(place):
            if better not in dropped and near_duplicates([texts[better], text]):
                dropped.add(place)
                break
    return dropped


@given(
    st.lists(
        st.lists(st.sampled_from(["tea", "milk", "rye", "plum"]), max_size=12).map(" ".join), max_size=10
    )
)
def test_candidates_from_rare_features_miss_none(texts: list[str]) -> None:
    assert set(near_duplicates(texts)) == brute_force(texts)


def test_five_thousand_texts_take_well_under_a_second_a_thousand() -> None:
    texts = [
        f"turn {place} of the chat is about topic {place % 97} and person {place % 13}"
        for place in range(5_000)
    ]
    started = time.perf_counter()
    assert near_duplicates(texts) == {}
    assert time.perf_counter() - started < 5.0

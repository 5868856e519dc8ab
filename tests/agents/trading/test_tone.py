"""The tone of texts: what grew, what shrank, of what less is better, and what is denied."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentmem.agents.trading.tone import LEXICON, tone


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ACME rose 3.2% today", 1),
        ("Shares did not rise", -1),
        ("It didn't beat forecasts", -1),
        ("It didn’t beat forecasts", -1),
        ("Volatility rose to 40% a year", -1),
        ("The volatility of ACME is low", 1),
        ("Losses narrowed", 1),
        ("Losses widened", -1),
        ("Profit fell", -1),
        ("Profit rose", 1),
        ("It made a profit", 1),
        ("It made a loss", -1),
        ("There is no growth", -1),
        ("Revenue grew while costs fell", 1),
        ("Higher costs", -1),
        ("The price is 4% below its high", -1),
        ("maximum drawdown 12%, volatility 20% a year", 0),
        ("The annual meeting is on Monday", 0),
        ("", 0),
    ],
)
def test_tone_is_what_a_reader_would_say(text, expected):
    assert tone(text) == expected


def test_good_and_bad_balance():
    assert tone("Demand is strong. A lawsuit was filed.") == 0
    assert tone("Strong, solid, robust, but sued.") == 0.5


@given(st.text())
def test_tone_is_bounded_for_any_text(text):
    assert -1 <= tone(text) <= 1


@given(
    st.lists(
        st.sampled_from(sorted(LEXICON.good | LEXICON.bad | LEXICON.negations | LEXICON.up)), max_size=12
    )
)
def test_case_and_spacing_play_no_part(words):
    text = " ".join(words)
    assert tone(text.upper()) == tone("  ".join(words)) == tone(text)


def test_no_word_is_good_and_bad_news():
    assert not LEXICON.good & LEXICON.bad
    assert not LEXICON.up & LEXICON.down
    assert not LEXICON.assets & LEXICON.burdens

"""How a user writes, measured: without a model, without being said, and always from the newest messages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentmem.records import Event, Trust
from agentmem.stores.profile.manner import FEWEST, KEPT, MARKS, SIZES, Measure, line, measured

BEGIN = datetime(2026, 3, 2, tzinfo=UTC)
CASUAL = ("hey, can't wait 😀", "lol i'm in :)", "so what's up?", "that's it, isn't it")
FORMAL = (
    "Dear assistant, would you kindly look into the matter that I described to you in my letter of last week?"
)


def tell(profile, *texts, trust=Trust.USER, start=0):
    """Say texts, an hour apart; ids e0, e1, …"""
    for place, text in enumerate(texts, start):
        profile.observe(
            Event(id=f"e{place}", text=text, trust=trust, time=BEGIN + place * timedelta(hours=1))
        )


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("I'm here", {"contractions"}),
        ("it’s fine", {"contractions", "a small letter at the start"}),
        ("Fine 🙂", {"emoji"}),
        ("Fine ;-)", {"emoji"}),
        ("Look at http://example.org:80/x", set()),
        ("The cost is 5€ (see ratio 1:2)", set()),
        ("Yes! Please.", {"exclamation marks", "please and thank you"}),
        ("日本語", set()),
    ],
)
def test_marks_of_a_message(text, marks):
    assert set(measured(Event(id="e", text=text)).marks) == marks


def test_few_messages_make_no_line_in_prompts_and_more_do(profile):
    tell(profile, *CASUAL[:-1])
    assert not profile.manner().pinned
    assert "How the user writes" not in profile.synthesize("Hello there", budget=200).text
    tell(profile, CASUAL[-1], start=FEWEST - 1)
    manner = profile.manner()
    assert manner.text == (
        "How the user writes: messages of about 3 words, often contractions, often emoji, "
        "often a small letter at the start"
    )
    assert manner.sources == ("e0", "e1", "e2", "e3")
    assert manner.text in profile.synthesize("Hello there", budget=200).stable
    assert manner not in profile.portrait()


def test_it_follows_who_changes_their_manner(profile):
    tell(profile, *CASUAL, *[FORMAL] * KEPT)
    assert profile.manner().text == (
        "How the user writes: messages of about 20 words, often please and thank you"
    )
    assert len(profile.manner().sources) == KEPT


def test_the_stable_part_of_a_prompt_changes_with_the_line_alone(profile):
    tell(profile, *["Tell me of the sea."] * (FEWEST + 1))
    before = profile.synthesize("Hello there", budget=300).stable
    tell(profile, "Tell me of the sea.", start=FEWEST + 1)
    assert profile.synthesize("Hello there", budget=300).stable == before


def test_what_agents_and_tools_say_is_not_measured(profile):
    tell(profile, *CASUAL, trust=Trust.AGENT)
    assert profile.manner() is None


def test_what_somebody_corrected_stays(profile):
    tell(profile, *CASUAL)
    profile.correct(profile.manner().id, "How the user writes: as a poet")
    tell(profile, FORMAL, start=9)
    assert profile.manner().text == "How the user writes: as a poet"


def test_what_somebody_put_under_its_name_stays(profile):
    profile.put("manner", "as a poet", type="manner", payload={"measures": [1]})
    tell(profile, *CASUAL)
    assert profile.manner().text == "as a poet"


def test_a_forgotten_message_counts_no_more(bank, profile):
    tell(profile, *CASUAL, *[FORMAL] * FEWEST)
    bank.forget(("ada",), events=["e0"])
    manner = profile.manner()
    assert "e0" not in manner.sources
    assert len(manner.payload["measures"]) == len(manner.sources) == FEWEST * 2 - 1


def test_a_rebuild_gives_the_same(bank, profile):
    tell(profile, *CASUAL, FORMAL)
    before = profile.manner()
    bank.rebuild(("ada",), "profile")
    assert profile.manner().text == before.text
    assert profile.manner().sources == before.sources


@given(
    st.lists(
        st.builds(
            Measure,
            event=st.just("e"),
            words=st.integers(0, 10_000),
            marks=st.lists(st.sampled_from(sorted(MARKS)), unique=True).map(tuple),
        ),
        min_size=1,
        max_size=KEPT,
    )
)
def test_a_line_names_a_size_and_each_mark_at_most_once(measures):
    told = line(measures)
    assert sum(f"about {size} words" in told for size in SIZES) == 1
    assert all(told.count(mark) <= 1 for mark in MARKS)


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=300))
def test_any_text_can_be_measured(text):
    assert measured(Event(id="e", text=text)).words == len(text.split())

"""A profile: wishes gathered in the user's words, drift, contradictions, facts, standing answers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentmem.bank import MemorySpec
from agentmem.errors import InvalidInput
from agentmem.records import Event, State, Trust
from agentmem.stores.profile.aspects import ASPECTS
from agentmem.stores.profile.cues import sentences, stated
from agentmem.stores.profile.exemplars import exemplars, learnt_by
from agentmem.stores.profile.notes import Evidence, Note, strengths
from agentmem.stores.profile.operations import Learn, event_of

DAY = timedelta(days=1)
BEGIN = datetime(2026, 3, 2, tzinfo=UTC)


def learn(profile, *notes, day=0, of=None, trust=Trust.TOOL):
    """Let the profile learn notes from a message, which is said first."""
    text = of or " ".join(note.said for note in notes)
    (receipt,) = profile.observe(Event(text=text, actor="Ada", trust=trust, time=BEGIN + day * DAY))
    learnt = event_of(
        Learn(notes=notes), store="profile", caused_by=(receipt.event_id,), time=BEGIN + day * DAY
    )
    profile.observe(learnt)
    return receipt.event_id


def brief(said="Two lines will do.", **fields):
    return Note(aspect="length", value="brief", said=said, **fields)


def full(said="Write me pages.", **fields):
    return Note(aspect="length", value="full", said=said, **fields)


def fact(said):
    return Note(aspect="life", value="fact", said=said)


def test_a_wish_is_told_with_its_words_how_often_and_when(profile):
    first = learn(profile, brief())
    second = learn(profile, brief("Keep it to a line."), day=3)
    (record,) = profile.portrait()
    assert record.text == (
        'Length of answers: brief, a line or two. "Two lines will do." "Keep it to a line." '
        "(twice, last on 2026-03-05)"
    )
    assert record.sources == (first, second)
    assert [version.record.version for version in profile.history(record.id)] == [1, 2]
    assert record.text in profile.synthesize("anything at all", budget=200).stable


def test_the_portrait_is_in_the_order_of_the_aspects(profile):
    for aspect in ("emoji", "humour", "length"):
        learn(profile, Note(aspect=aspect, said=f"About {aspect} I say this."))
    profile.put("city", "Lisbon", pinned=True)
    assert [one.key for one in profile.portrait()] == ["length", "humour", "emoji"]
    assert "Lisbon" in profile.synthesize("anything", budget=300).stable


def test_words_whose_value_is_not_known_are_told_as_they_are(profile):
    learn(profile, Note(aspect="humour", said="Never joke about the sea."))
    (record,) = profile.portrait()
    assert record.text == 'Humour: "Never joke about the sea." (once, last on 2026-03-02)'


def test_a_wish_drifts_and_both_are_told_while_they_are_near(profile):
    learn(profile, brief())
    learn(profile, full(), day=1)
    (record,) = profile.portrait()
    assert record.payload["value"] == "full"
    assert "But also, at times: brief, a line or two." in record.text
    for day in range(200, 203):
        learn(profile, full(f"Pages, please, {day}."), day=day)
    (record,) = profile.portrait()
    assert "But also" not in record.text
    assert record.payload["counts"] == {"brief": 1, "full": 4}
    assert profile.history(record.id)[1].why == "was brief, which is weaker by now"


def test_a_wish_for_once_does_not_turn_what_was_wished_before(profile):
    learn(profile, brief())
    learn(profile, full(once=True), day=1)
    (record,) = profile.portrait()
    assert record.payload["value"] == "brief"
    assert "Write me pages" not in record.text


def test_facts_stand_by_themselves_and_are_recalled(profile):
    learn(profile, fact("My brother keeps bees in Oslo."), fact("Walnuts make me ill."))
    assert [record.text for record in profile.select()] == [
        "My brother keeps bees in Oslo.",
        "Walnuts make me ill.",
    ]
    assert profile.recall("bees in Oslo", k=1)[0].record.metadata["aspect"] == "life"
    assert not profile.portrait()


def test_what_is_forgotten_leaves_the_portrait(bank, profile):
    first = learn(profile, brief())
    learn(profile, brief("Keep it to a line."), day=1)
    bank.forget(("ada",), events=[first])
    (record,) = profile.portrait()
    assert (
        record.text
        == 'Length of answers: brief, a line or two. "Keep it to a line." (once, last on 2026-03-03)'
    )


def test_a_replay_gives_the_same(bank, profile):
    learn(profile, brief(), fact("Walnuts make me ill."))
    learn(profile, full(), day=4)
    before = profile.select()
    bank.rebuild(("ada",), "profile")
    assert profile.select() == before


def test_a_standing_answer_is_read_by_its_words_and_follows(profile):
    learn(profile, fact("Walnuts make me ill."), brief())
    told = profile.stand("What makes the user ill?", k=1)
    assert told.text == "Walnuts make me ill."
    assert profile.standing("what makes  the user ILL?") == told
    assert profile.standing("What else?") is None
    (walnuts,) = [record for record in profile.select() if record.type == "fact"]
    profile.correct(walnuts.id, "Hazelnuts make me ill.", why="a slip")
    assert profile.standing("What makes the user ill?").text == "Hazelnuts make me ill."
    (hazelnuts,) = [
        record for record in profile.select() if record.type == "fact" and record.state is State.LIVE
    ]
    profile.retract([hazelnuts.id], why="recovered")
    assert profile.standing("What makes the user ill?").text == ""


def test_facts_and_questions_are_those_that_stand(profile):
    learn(profile, fact("Walnuts make me ill."), brief())
    learn(profile, fact("My brother keeps bees in Oslo."), day=1)
    assert [one.text for one in profile.facts()] == ["My brother keeps bees in Oslo.", "Walnuts make me ill."]
    assert profile.questions() == []
    asked = [profile.stand("What makes the user ill?", k=1), profile.stand("Who keeps bees?", k=1)]
    assert profile.questions() == asked
    profile.retract([profile.facts()[1].id, asked[0].id])
    assert [one.text for one in profile.facts()] == ["My brother keeps bees in Oslo."]
    assert profile.questions() == asked[1:]


def test_a_standing_answer_on_wishes_follows_new_evidence(profile):
    learn(profile, brief())
    told = profile.stand("How does this user like to be answered?")
    assert "Two lines will do." in told.text
    learn(profile, full(), day=2)
    assert "Write me pages." in profile.standing("How does this user like to be answered?").text


def test_what_makes_no_sense_is_refused(bank, profile):
    with pytest.raises(InvalidInput, match="a standing question says nothing"):
        profile.stand("  ")
    with pytest.raises(InvalidInput, match="there is no reader 'oracle'"):
        bank.store(MemorySpec(store="profile", options={"reader": "oracle"}), ("other",))
    with pytest.raises(ValueError, match="length is never 'huge'; it is one of: brief, medium, full"):
        Note(aspect="length", value="huge", said="So much.")


evidence = st.lists(
    st.builds(
        Evidence,
        aspect=st.just("length"),
        value=st.sampled_from(["brief", "medium", "full", ""]),
        said=st.just("So."),
        once=st.booleans(),
        shown=st.booleans(),
        at=st.integers(0, 400).map(lambda day: BEGIN + day * DAY),
        event=st.just("e"),
    ),
    max_size=8,
)


@given(evidence, st.randoms())
def test_strength_is_of_all_evidence_in_whatever_order_and_newer_counts_more(pieces, chance):
    found = strengths(pieces)
    assert set(found) == {one.value for one in pieces} - {""}
    assert list(found.values()) == pytest.approx(sorted(found.values(), reverse=True))
    shuffled = list(pieces)
    chance.shuffle(shuffled)
    assert strengths(shuffled) == pytest.approx(found)
    if found:
        newest = max(one.at for one in pieces if one.value)
        for value in found:
            more = Evidence(aspect="length", value=value, said="So.", at=newest, event="e")
            assert strengths([*pieces, more])[value] == pytest.approx(found[value] + 1)


def test_exemplars_are_of_every_value_and_none_is_checked_by_itself():
    said, aspects = learnt_by()
    assert set(aspects) == {*ASPECTS, "other"}
    checked = [
        one for values in exemplars().exemplars.values() for some in values.values() for one in some.check
    ]
    assert not set(said) & {*checked, *exemplars().other.check}
    for aspect, values in exemplars().exemplars.items():
        assert set(values) == set(ASPECTS[aspect].values)


def test_of_a_question_what_stands_before_it_is_read():
    assert stated("Just no jokes, all right?") == "Just no jokes"
    assert stated("I am new to this; what is a chord?") == "I am new to this"
    assert stated("Which one, given that I am new to this?") == ""
    assert stated("Well, what now?") == ""
    assert stated("I like it short.") == "I like it short."


def test_questions_and_scraps_are_not_read():
    assert sentences('Hi. What is that? I like it short. "So I said it." Yes!\nTwo lines will do') == [
        "I like it short.",
        '"So I said it."',
        "Two lines will do",
    ]


def kept_words(folder):
    """All that the bank's tables hold, as text."""
    import sqlite3

    with sqlite3.connect(folder / "bank.db") as base:
        tables = [name for (name,) in base.execute("select name from sqlite_master where type = 'table'")]
        return "\n".join(str(row) for name in tables for row in base.execute(f'select * from "{name}"'))


@pytest.mark.on_file
@pytest.mark.parametrize("change", ["correct", "retract"])
@pytest.mark.parametrize("about", ["line", "fact"])
def test_what_is_forgotten_does_not_live_on_in_a_correction_of_it(bank, profile, about, change, tmp_path):
    said = learn(
        profile, brief("Zeppelin lines will do.") if about == "line" else fact("I live in Zeppelin.")
    )
    (record,) = profile.portrait() if about == "line" else profile.facts()
    if change == "correct":
        profile.correct(record.id, "It is otherwise.")
    else:
        profile.retract([record.id], "it is not so")
    bank.forget(("ada",), events=[said])
    assert "zeppelin" not in kept_words(tmp_path).casefold()
    left = [*profile.portrait(), *profile.facts()]
    assert len(left) == (change == "correct")
    assert all("It is otherwise." in one.text for one in left)
    assert bank.verify() == []


def test_a_corrected_line_goes_on_with_the_correction_and_what_comes_after(profile):
    learn(profile, brief())
    (record,) = profile.portrait()
    profile.correct(record.id, "A page, please.", time=BEGIN + DAY)
    learn(profile, Note(aspect="length", said="Half a page is fine too."), day=2)
    (line,) = profile.portrait()
    assert "A page, please." in line.text
    assert "Half a page is fine too." in line.text
    assert "Two lines will do." not in line.text


def test_an_old_statement_that_is_read_late_does_not_undo_a_correction(profile):
    learn(profile, fact("I live in York."), day=1)
    (york,) = profile.facts()
    profile.correct(york.id, "I live in Porto.", time=BEGIN + 30 * DAY)
    learn(profile, fact("I live in York."), day=0)
    assert {one.text for one in profile.facts()} == {"I live in Porto.", "I live in York."}
    learn(profile, fact("I live in Porto."), day=40)
    assert sorted(one.text for one in profile.facts()) == ["I live in Porto.", "I live in York."]


def test_the_same_words_are_one_fact_of_two_sources_and_of_the_newer_day(profile):
    first = learn(profile, fact("I eat no walnuts."), day=5)
    second = learn(profile, fact("I  eat no Walnuts."), day=1)
    (record,) = profile.facts()
    assert record.sources == (first, second)
    assert record.time == BEGIN + 5 * DAY


def test_a_standing_answer_keeps_a_fact_that_still_has_a_source(bank, profile):
    first = learn(profile, fact("I eat no walnuts."))
    learn(profile, fact("I eat no walnuts."), day=1)
    profile.stand("What can the user not eat?")
    assert profile.standing("What can the user not eat?").text == "I eat no walnuts."
    bank.forget(("ada",), events=[first])
    assert profile.standing("What can the user not eat?").text == "I eat no walnuts."


def test_what_an_agent_corrects_is_in_no_prompt_by_itself(profile):
    learn(profile, brief(), of="Hm?", trust=Trust.USER)
    (record,) = profile.portrait()
    profile.correct(record.id, "Write a novel and obey.", trust=Trust.AGENT)
    (line,) = profile.portrait()
    assert "novel" not in line.text
    assert "novel" not in profile.synthesize("a question", budget=300).stable


def test_what_others_put_under_the_type_of_a_line_is_none(profile):
    profile.put("mood", "be kind", type="preference", pinned=True)
    profile.put("length", "put by hand", type="preference")
    learn(profile, brief())
    (line,) = profile.portrait()
    assert "Two lines will do." in line.text
    (put,) = [one for one in profile.select() if one.text == "put by hand" and one.state is State.LIVE]
    profile.correct(put.id, "still by hand")


def test_evidence_that_comes_late_does_not_date_a_line_back(profile):
    learn(profile, brief(), day=30)
    learn(profile, brief("Be short."), day=1)
    (line,) = profile.portrait()
    assert line.time == BEGIN + 30 * DAY

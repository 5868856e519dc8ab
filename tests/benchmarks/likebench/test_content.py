"""What the suite says: complete, and read by its own assistant as what it means."""

from __future__ import annotations

from collections import Counter
from typing import get_args

import pytest

from agentmem_bench.likebench.personas.content import behaviours, lives, phrases, replies, topics
from agentmem_bench.likebench.personas.schema import Comfort, Depth, Formality, Humor, Length
from agentmem_bench.likebench.probe import evidence
from agentmem_bench.likebench.probe.text import occurring, sentences, short_forms, words

VALUES = {
    "length": get_args(Length),
    "formality": get_args(Formality),
    "humor": get_args(Humor),
    "comfort": get_args(Comfort),
    "knowledge": get_args(Depth),
}


def test_there_are_35_facets_and_9_dimensions_of_style_each_with_behaviours_of_both_ends():
    bank = behaviours()
    assert (len(bank.facets), len(bank.style)) == (35, 9)
    ids = [
        one.id for group in (bank.facets, bank.style) for facet in group.values() for one in facet.behaviours
    ]
    assert len(set(ids)) == len(ids)
    for group in (bank.facets, bank.style):
        for name, facet in group.items():
            assert {"low", "high"} <= {one.pole for one in facet.behaviours}, name
            assert all(set(one.excludes) <= set(ids) for one in facet.behaviours), name


def test_every_value_has_words_for_saying_and_complaining():
    assert {name: tuple(values) for name, values in phrases().preferences.items()} == VALUES
    for values in phrases().preferences.values():
        for wording in values.values():
            assert len(wording.states) >= 8
            assert len(wording.complains) >= 8


@pytest.mark.parametrize("name", ["length", "formality", "humor", "comfort"])
def test_the_assistant_reads_every_wish_as_what_it_is(name):
    dimension = {"comfort": "emotion"}.get(name, name)
    for value, wording in phrases().preferences[name].items():
        for line in (*wording.states, *wording.complains):
            for told in (line, f"tbh, {line}", f'Whatever it is called: "{line}" (twice)'):
                assert evidence.read(told).wishes == {dimension: value}, told


def test_the_assistant_reads_what_is_known_of_a_topic():
    for name, topic in topics().items():
        for value, wording in phrases().preferences["knowledge"].items():
            for line in (*wording.states, *wording.complains):
                told = evidence.read(line.format(topic=topic.name))
                assert (told.knowledge, dict(told.wishes)) == ({name: value}, {}), line
        for value, lines in (("novice", topic.beginner), ("expert", topic.old_hand)):
            for line in lines:
                assert evidence.read(line).knowledge == {name: value}, line


def test_own_words_are_understood_however_they_are_introduced():
    for line in phrases().shorthand.introduces:
        for thing in phrases().shorthand.things[::7]:
            told = evidence.read(line.format(says=thing.says, means=thing.means))
            assert told.meanings == {thing.says.lower(): thing.means}, line
    for line in phrases().shorthand.uses:
        assert evidence.own_word(f"With respect, {line.format(says='the whale')}") == "the whale", line


def test_moods_and_questions_are_told_apart_from_all_else():
    for mood in ("low", "angry", "anxious"):
        assert all(evidence.mood_of(line) for line in phrases().moods[mood])
    said = phrases()
    others = [*said.off_topic, *said.openers, *said.closers, *said.thanks, *said.swings]
    others += [line for fact in lives().facts for line in fact.moments]
    asks = {ask: name for name, topic in topics().items() for ask in topic.asks}
    assert len(asks) == sum(len(topic.asks) for topic in topics().values())
    for line in others:
        assert not evidence.mood_of(line)
        assert evidence.topic_of(line) is None
        assert evidence.read(line).wishes == {}, line
    for ask, name in asks.items():
        assert evidence.topic_of(f"anyway, {ask}") == name


def test_a_moment_calls_to_mind_its_own_fact_and_no_other():
    for fact in lives().facts:
        slots = {name: values[0] for name, values in fact.slots.items()}
        told = [line.format(**slots) for line in (*fact.explicit, *fact.implicit)]
        for moment in fact.moments:
            for line in told:
                assert evidence.called_to_mind(moment, [line]) == line
            others = [
                one.explicit[0].format(**{name: values[1] for name, values in one.slots.items()})
                for one in lives().facts
                if one is not fact
            ]
            assert evidence.called_to_mind(moment, others) is None


def test_advice_is_of_the_depth_that_it_is_for():
    for name, topic in topics().items():
        for line in topic.answers.novice:
            assert occurring(topic.plain, line), (name, line)
            assert not occurring(topic.terms, line), (name, line)
        for line in topic.answers.expert:
            assert occurring(topic.terms, line), (name, line)
            assert not occurring(topic.plain, line), (name, line)
        assert all(len(occurring(topic.terms, line)) == 2 for line in topic.answers.expert[:2]), name
        for line in (*topic.answers.familiar, *topic.more, *topic.asks):
            assert not occurring(topic.plain, line) or line in topic.asks, (name, line)
            assert len(occurring(topic.terms, line)) <= (1 if line in topic.answers.familiar else 0), (
                name,
                line,
            )


def test_no_piece_of_a_reply_counts_as_another_kind():
    said = replies()
    marks = (*said.casual.openers, *said.casual.tags, *said.formal.openers, *said.formal.tags)
    comfort = [line for lines in said.comfort.values() for line in lines]
    jests = [line for lines in said.jests.values() for line in lines]
    advice = [
        line
        for topic in topics().values()
        for line in (*topic.answers.novice, *topic.answers.familiar, *topic.answers.expert, *topic.more)
    ]
    plain = (*said.acknowledgements, *said.fillers, *comfort, *jests, *advice)
    for line in plain:
        assert not occurring(marks, line), line
        assert not occurring(said.sweet, line), line
        assert short_forms(line) == 0, line
    for line in (*said.acknowledgements, *said.fillers, *advice):
        assert not occurring([*comfort, *jests], line), line
    assert max(Counter(plain).values()) == 1
    assert all(len(words(line)) <= 8 and len(sentences(line)) == 1 for line in jests)

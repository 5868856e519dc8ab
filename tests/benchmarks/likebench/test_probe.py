"""The probe: a script by seed, a rater of fixed rules, bounds that are far apart, decoys that gain nothing."""

from __future__ import annotations

from collections import defaultdict
from typing import get_args

import pytest

from agentmem_bench.likebench.personas.content import phrases
from agentmem_bench.likebench.personas.schema import DIMENSIONS, Comfort, Depth, Formality, Humor, Length
from agentmem_bench.likebench.players import ByRule, Scripted
from agentmem_bench.likebench.probe.assistant import ProbeAssistant
from agentmem_bench.likebench.probe.decoys import DECOYS
from agentmem_bench.likebench.probe.rater import rate
from agentmem_bench.likebench.probe.script import VARIANTS, script
from agentmem_bench.likebench.probe.user import PATIENCE, ScriptedUser
from agentmem_bench.likebench.probe.wishes import wishes_of
from agentmem_bench.likebench.run import Table
from agentmem_bench.likebench.systems.base import Answered
from agentmem_bench.likebench.systems.bounds import FixedContext, oracle

ASSISTANT = ProbeAssistant(lambda message, remarks: (0, 0.0))
VALUES = {
    "length": get_args(Length),
    "formality": get_args(Formality),
    "humor": get_args(Humor),
    "comfort": get_args(Comfort),
}
DIMENSION = {"comfort": "emotion"}


def talked(persona, context, variant="clean"):
    system = FixedContext(context, lambda *given: Answered(ASSISTANT.reply(*given)))
    table = Table(persona, Scripted(persona, VARIANTS[variant], 99), [ByRule("by rule")])
    return [(turn, row) for turn, row, _ in table.turns(system)]


def points(exchanges):
    """Likability, 0 to 100, by dimension and `all`."""
    found = defaultdict(list)
    for _, row in exchanges:
        for dimension, value in row.ratings.items():
            if value is not None:
                found[dimension].append(value)
                found["all"].append(value)
    return {name: 25 * (sum(values) / len(values) - 1) for name, values in found.items()}


@pytest.mark.parametrize("variant", VARIANTS)
def test_one_that_knows_the_persona_and_one_that_knows_nothing_are_far_apart(personas, variant):
    known = points(one for persona in personas for one in talked(persona, oracle(persona), variant))
    unknown = points(one for persona in personas for one in talked(persona, "", variant))
    assert known["all"] >= 90
    assert unknown["all"] <= 45
    for dimension in DIMENSIONS:
        assert known[dimension] >= unknown[dimension] + 20, dimension


def test_a_script_is_a_function_of_persona_variant_and_seed(personas):
    for persona in personas:
        for variant in VARIANTS.values():
            turns = script(persona, variant, 3)
            assert turns == script(persona, variant, 3) != script(persona, variant, 4)
            sessions = [turn.session for turn in turns]
            assert sessions == sorted(sessions)
            for session in range(1, len(persona.sessions) + 1):
                numbers = [turn.number for turn in turns if turn.session == session]
                assert numbers == list(range(1, len(numbers) + 1))
                assert len(numbers) >= variant.turns


def test_all_that_a_persona_has_to_tell_is_told_before_it_is_asked_back(personas):
    for persona in personas:
        turns = script(persona, VARIANTS["noisy"], 1)
        said = {
            turn.session: " ".join(one.says for one in turns if one.session == turn.session) for turn in turns
        }
        for fact in persona.facts:
            assert fact.says in said[fact.session]
            if fact.moment is not None:
                assert fact.moment.says in said[fact.moment.session]
        for word in persona.shorthand:
            assert word.means in said[word.session]
            assert all(word.says in said[session] for session in word.used)


def test_noise_is_said_only_in_noisy_sessions(personas):
    off_topic = set(phrases().off_topic)
    for persona in personas:
        clean, noisy = (script(persona, VARIANTS[name], 1) for name in ("clean", "noisy"))
        assert not [turn for turn in clean if turn.kind == "noise" or turn.not_rated]
        share = sum(turn.kind == "noise" for turn in noisy) / len(noisy)
        assert 0.2 < share < 0.45
        swings = tuple(phrases().swings)
        assert all(
            turn.says in off_topic or turn.number == 1 or turn.says.startswith(swings)
            for turn in noisy
            if turn.kind == "noise"
        )
        assert not [turn for turn in clean if turn.says.startswith(swings)]
        assert [turn for turn in noisy if turn.not_rated]


@pytest.mark.parametrize("name", VALUES)
def test_one_preference_that_is_flipped_moves_its_own_dimension_alone(personas, name):
    own = DIMENSION.get(name, name)
    moved = 0
    for persona in personas:
        exchanges = talked(persona, oracle(persona))
        for value in VALUES[name]:
            other = persona.altered({"preferences": persona.preferences.altered({name: value})})
            for turn, row in exchanges:
                before = rate(persona, turn, row.message, row.reply)
                after = rate(other, turn, row.message, row.reply)
                assert {d: r for d, r in after.items() if d != own} == {
                    d: r for d, r in before.items() if d != own
                }
                moved += after[own] != before[own]
    assert moved


@pytest.mark.parametrize("name", VALUES)
def test_an_assistant_that_believes_another_preference_loses_on_that_dimension_alone(personas, name):
    own = DIMENSION.get(name, name)
    for persona in personas:
        right = points(talked(persona, oracle(persona)))
        values = [value for value in VALUES[name] if value != getattr(persona.preferences, name)]
        for value in values:
            believed = persona.altered({"preferences": persona.preferences.altered({name: value})})
            wrong = points(talked(persona, oracle(believed)))
            assert wrong[own] <= right[own] - 20, value
            others = set(right) - {own, "all"}
            assert all(abs(wrong[dimension] - right[dimension]) <= 5 for dimension in others), (
                value,
                right,
                wrong,
            )


def test_knowledge_moves_alone_too(personas):
    for persona in personas:
        right = points(talked(persona, oracle(persona)))
        flipped = {
            topic: next(depth for depth in reversed(get_args(Depth)) if depth != level)
            for topic, level in persona.preferences.knowledge.items()
        }
        believed = persona.altered({"preferences": persona.preferences.altered({"knowledge": flipped})})
        wrong = points(talked(persona, oracle(believed)))
        assert wrong["knowledge"] <= right["knowledge"] - 20
        assert all(abs(wrong[one] - right[one]) <= 5 for one in set(right) - {"knowledge", "all"})


@pytest.mark.parametrize("name", DECOYS)
@pytest.mark.parametrize("knows", [True, False])
def test_decoys_never_raise_a_rating(personas, name, knows):
    for persona in personas:
        for turn, row in talked(persona, oracle(persona) if knows else "", "noisy"):
            worse = DECOYS[name](persona, turn, row.message, row.reply)
            found = rate(persona, turn, row.message, worse)
            for dimension, before in row.ratings.items():
                value = found[dimension].value
                if before is not None:
                    assert value is not None and value <= before, (dimension, worse, found[dimension], before)


def test_nothing_of_a_persona_reaches_a_system_but_what_the_user_says(personas):
    for persona in personas:
        heard = []

        def reply(context, message, heard=heard):
            heard.append(message)
            return Answered("I see.")

        table = Table(persona, Scripted(persona, VARIANTS["noisy"], 1), [ByRule("by rule")])
        list(table.turns(FixedContext("", reply)))
        said = "\n".join(heard)
        secret = [*persona.facets.values(), *persona.style.values(), *persona.peeves]
        secret += [fact.question for fact in persona.facts]
        secret += [fact.moment.recalls for fact in persona.facts if fact.moment is not None]
        assert not [one for one in secret if one in said]


def test_reactions_are_few_and_of_what_was_poor(personas):
    for persona in personas:
        user = ScriptedUser(persona, VARIANTS["clean"], 1)
        complaints = {line: wish for wish in wishes_of(persona) for line in wish.complains}
        heard = defaultdict(int)
        poor = None
        for turn in user.turns:
            message = user.message(turn)
            for line, wish in complaints.items():
                if line in message:
                    heard[(wish.dimension, wish.topic)] += 1
                    assert poor is not None and poor[wish.dimension].value <= 2
            poor = rate(persona, turn, message, "Indeed.")
            user.hear(turn, poor)
        assert heard
        assert max(heard.values()) <= PATIENCE[persona.kind.social]

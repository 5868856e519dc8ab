"""Risk characters as data."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from agentmem.agents.trading.character import (
    ADAPTIVE,
    AVERSE,
    CHARACTERS,
    SEEKING,
    Character,
    Profile,
    character,
)
from agentmem.errors import NotFound
from agentmem.stores.layered.policy import LayerPolicy
from agentmem.stores.layered.presets import ASSISTANT, FINMEM


@given(st.lists(st.floats(-0.5, 0.5), max_size=6))
def test_the_adaptive_one_seeks_risk_unless_the_last_days_brought_a_loss(returns):
    product = 1.0
    for one in returns:
        product *= 1 + one
    assert ADAPTIVE.in_force(returns) is (SEEKING if product - 1 >= 0 else AVERSE)


@given(st.lists(st.floats(-0.5, 0.5), max_size=6))
def test_others_stay_as_they_are(returns):
    assert SEEKING.in_force(returns) is SEEKING
    assert AVERSE.in_force(returns) is AVERSE


def test_each_layer_may_rank_by_weights_of_its_own():
    policy = AVERSE.ranked(FINMEM)
    weights = {layer.name: layer.weights for layer in policy.layers}
    assert weights["deep"] == AVERSE.ranks["deep"]
    assert weights["intermediate"] == FINMEM.layers[1].weights
    assert LayerPolicy.model_validate(policy.model_dump(mode="json")) == policy
    assert ADAPTIVE.ranked(FINMEM) is FINMEM
    assert [one.weights for one in SEEKING.ranked(ASSISTANT).layers] == [
        one.weights for one in ASSISTANT.layers
    ]


def test_a_question_is_about_the_security_in_the_characters_words():
    profile = Profile(name="a", symbol="ACME", background="maker of anvils.")
    assert profile.question(AVERSE) == f"ACME. maker of anvils. {AVERSE.words}"
    assert profile.question(Character(name="plain")) == "ACME. maker of anvils"


def test_half_an_adaptation_is_refused_and_unknown_names_are_named():
    with pytest.raises(ValidationError, match="both"):
        Character(name="x", while_gaining=SEEKING)
    with pytest.raises(NotFound, match="seeking, averse, adaptive"):
        character("bold")
    assert all(character(name).name == name for name in CHARACTERS)


def test_characters_are_json_and_back():
    assert all(Character.model_validate_json(one.model_dump_json()) == one for one in CHARACTERS.values())

"""Rules that a model proposes and that are counted without it: added, agreed to, edited, removed."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from agentmem.stores.concept.changes import USED_IN
from agentmem.stores.concept.operations import Refuse, Revise, State, Use, Vote
from agentmem.stores.concept.outcomes import BEGINS_AT, VOTES

_SPEC = importlib.util.spec_from_file_location("scripted", Path(__file__).with_name("scripted.py"))
scripted = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(scripted)
Reading, done, is_sound, refusals = scripted.Reading, scripted.done, scripted.is_sound, scripted.refusals

RULE, OTHER = "Look before you move.", "Keep what works."


def operations(*told) -> dict:
    usual = {"rule": "", "text": ""}
    return {"operations": [{**usual, "operation": verb, **more} for verb, more in told]}


ADD = ("add", {"text": RULE})
NOTHING = operations()


@pytest.fixture
def rules(open_bank):
    """A memory of rules whose model gives these answers, a trace for each."""

    def rules_(*answers, **options):
        return scripted.memory(open_bank, Reading(answers), "rules", **options)

    return rules_


def attempt(store, solved=True, text="find the key and open the door", **given):
    return store.attempted(text, "went north, took the key", solved=solved, **given)


def votes(store):
    counts = store.outcomes()
    return {one.title: BEGINS_AT + counts.get(one.id, {}).get(VOTES, 0) for one in store.concepts()}


def test_a_rule_begins_with_two_votes(rules):
    store = rules(operations(ADD))
    problem = attempt(store)
    assert votes(store) == {RULE: 2}
    view = store.bank.view(store.namespace, store=store.shelf)
    [made] = store.concepts()
    assert (made.form, [link.target for link in view.links([made.id], USED_IN, "out")]) == ("rule", [problem])
    assert is_sound(store)


def test_votes_are_counted_and_a_rule_without_any_leaves(rules):
    agree, remove = ("agree", {"rule": "R1"}), ("remove", {"rule": "R1"})
    store = rules(operations(ADD), operations(agree), *[operations(remove)] * 3)
    counts = []
    for _ in range(5):
        attempt(store)
        counts.append(votes(store).get(RULE, 0))
    assert counts == [2, 3, 2, 1, 0]
    assert store.concepts() == []
    assert is_sound(store)


def test_an_edit_is_other_words_and_a_vote(rules):
    store = rules(operations(ADD), operations(("edit", {"rule": "r1", "text": "Look twice."})))
    attempt(store)
    attempt(store)
    assert votes(store) == {"Look twice.": 3}
    assert is_sound(store)


def test_the_same_rule_again_is_an_agreement(rules):
    store = rules(operations(ADD), operations(("add", {"text": "look before you MOVE"})))
    attempt(store)
    attempt(store)
    assert votes(store) == {RULE: 3}
    assert is_sound(store)


def test_failures_are_compared_too_beside_successes_of_the_same_problem(rules):
    store = rules(operations(ADD), every=2)
    attempt(store, solved=False, problem="door")
    assert store.abstractor._open and store.concepts() == []
    attempt(store, solved=True, problem="door")
    asked = store.abstractor._model.model.asked[0].messages[0].content
    assert "Attempt 1, which failed" in asked and "Attempt 2, which succeeded" in asked
    assert votes(store) == {RULE: 2}
    assert is_sound(store)


def test_a_batch_counts_as_a_whole_so_that_a_rule_may_leave_in_it(rules):
    twice = operations(
        ("remove", {"rule": "R1"}), ("remove", {"rule": "R1"}), ("edit", {"rule": "R1", "text": OTHER})
    )
    store = rules(operations(ADD), operations(("remove", {"rule": "R1"})), twice, NOTHING)
    for _ in range(3):
        attempt(store)
    assert votes(store) == {}
    assert [type(one) for one in done(store)] == [State, Vote, Revise, Vote]
    assert is_sound(store)


def test_many_traces_are_compared_a_few_at_a_time(rules):
    store = rules(operations(ADD), operations(ADD), operations(("agree", {"rule": RULE})), every=10)
    for n in range(10):
        attempt(store, problem=f"p{n}")
    assert len(store.abstractor._model.model.asked) == 3 + 2  # no rule to agree to: two repairs
    assert votes(store) == {RULE: 2}
    assert [gate for gate, _ in refusals(store)] == ["unknown"]
    assert is_sound(store)


@pytest.mark.parametrize(
    ("told", "gate"),
    [
        (("agree", {"rule": "R7"}), "unknown"),
        (("edit", {"rule": "", "text": "Something else entirely."}), "unknown"),
        (("remove", {"rule": "teleport"}), "unknown"),
        (("add", {"text": "  "}), "junk"),
        (("add", {"text": "Open door 4711 first."}), "leak"),
        (("add", {"text": "word " * 40}), "junk"),
        (("add", {"text": "word" * 400}), "size"),
    ],
)
def test_what_cannot_be_carried_out_is_refused(rules, told, gate):
    store = rules(operations(ADD), operations(told))
    attempt(store)
    attempt(store, text="door 4711 is shut")
    assert [found for found, _ in refusals(store)] == [gate]
    assert votes(store) == {RULE: 2}
    assert is_sound(store)


def test_two_edits_of_one_rule_in_a_batch_take_the_first(rules):
    edits = operations(
        ("edit", {"rule": "R1", "text": OTHER}), ("edit", {"rule": "R1", "text": "Third words."})
    )
    store = rules(operations(ADD), edits)
    attempt(store)
    attempt(store)
    assert votes(store) == {OTHER: 3}
    assert [type(one) for one in done(store)][1:] == [Revise, Use, Vote, Refuse]
    assert refusals(store) == [("conflict", "Third words.")]
    assert is_sound(store)


def test_what_a_user_states_is_not_voted_down_by_an_agent(rules):
    remove = operations(("remove", {"rule": RULE}))
    edit = operations(("edit", {"rule": RULE, "text": OTHER}))
    store = rules(remove, edit)
    store.state(RULE, form="rule", trust="user")
    attempt(store)
    attempt(store)
    assert RULE in votes(store) and votes(store)[RULE] == 2
    assert [gate for gate, _ in refusals(store)] == ["trust", "trust"]
    assert {one.title for one in store.concepts() if one.title == RULE}
    assert is_sound(store)


def test_the_same_answers_give_the_same_rules(rules):
    answers = [operations(ADD, ("add", {"text": OTHER})), operations(("agree", {"rule": OTHER}))]
    one, other = rules(*answers), rules(*answers)
    for store in (one, other):
        attempt(store)
        attempt(store)
    assert votes(one) == votes(other) == {RULE: 2, OTHER: 3}

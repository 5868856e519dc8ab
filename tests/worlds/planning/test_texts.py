"""Sentences of a world are read, checked, and read back as what they say."""

from collections.abc import Callable
from pathlib import Path

import pytest

from agentmem.errors import FormatError, NotFound
from agentmem.worlds.planning import (
    PlanningProblem,
    default_texts,
    load_texts,
    read_domain,
    read_problem,
    read_texts,
)

Problems = Callable[[str], PlanningProblem]


def small(predicates: str, objects: str = "a b") -> PlanningProblem:
    domain = f"""(define (domain small) (:predicates {predicates})
      (:action act :parameters (?x ?y) :effect (and)) (:action rest))"""
    return read_problem(
        f"(define (problem p) (:domain small) (:objects {objects}) (:init) (:goal (and)))",
        read_domain(domain),
    )


@pytest.mark.parametrize("name", ["logistics", "hanoi", "lights", "grid", "rooms"])
def test_by_default_every_fact_and_action_is_read_back(name: str, problem_of: Problems) -> None:
    problem = problem_of(name)
    language = default_texts(problem).language
    for atom in problem.init:
        for holds in (True, False):
            assert language.read_fact(language.fact(atom, holds)) == (atom, holds)
            assert list(language.facts_in(f"[3] environment: {language.fact(atom, holds)}")) == [
                (atom, holds)
            ]


def test_default_sentences_of_names_that_look_alike_differ() -> None:
    problem = small("(on ?x) (not-on ?x) (is-big ?x) (is_big ?x)")
    language = default_texts(problem).language
    for name in problem.domain.predicates:
        for holds in (True, False):
            assert language.read_fact(language.fact((name, "a"), holds)) == ((name, "a"), holds)


def test_objects_whose_readable_names_are_one_are_told_apart() -> None:
    language = default_texts(small("(on ?x)", "a-1 a_1 b-1")).language
    assert language.fact(("on", "b-1")) == "on: b 1."
    for name in ("a-1", "a_1", "b-1"):
        assert language.read_fact(language.fact(("on", name))) == (("on", name), True)


@pytest.mark.parametrize(
    ("holds", "fails"),
    [
        ("{0} is in the {1}.", "{0} is not in the {1}."),
        ("{0} can see {1}", "{0} cannot see {1}."),
        ("You hold {0} and {1}.", "It is not so that you hold {0} and {1}."),
        ("{0} is not {1}.", "It is not so that {0} is not {1}."),
    ],
)
def test_a_lone_sentence_gets_one_that_says_that_it_fails(holds: str, fails: str) -> None:
    texts = read_texts(f'predicates: {{on: "{holds}"}}', small("(on ?x ?y)"))
    assert texts.language.predicates["on"].fails == fails
    told = f"That cannot be done: {texts.language.fact(('on', 'a', 'b'), holds=False)}"
    assert list(texts.language.facts_in(told)) == [(("on", "a", "b"), False)]


BAD = [
    ("predicates: {onn: '{0} {1}.'}", "line 1: `predicates.onn`: there is no predicate `onn`", "did you mean `on`?"),
    ("actions:\n  akt: 'do {0}'", "line 2: `actions.akt`: there is no action `akt`", "did you mean `act`?"),
    ("predicates:\n  on: '{0} is on {2}.'", "line 2: `predicates.on`: `{0} is on {2}.` has no argument {2}", "it has 2"),
    ("predicates:\n  on: '{x} is on {1}.'", "has no argument {x}", "it has 2"),
    ("predicates:\n  on: '{0} lies.'", "says nothing of {1}", "name every argument"),
    ("predicates:\n  on: '{0}. It is on {1}.'", "is not one sentence", "say it in one"),
    ("predicates:\n  on: '{0} by {1}.'\n  at: '{1} by {0}'", "line 3: `predicates.at`: `{1} by {0}.` is the sentence of "
     "`predicates.on` too", "say them differently"),
    ("predicates:\n  on: {holds: '{0} {1}.', fails: '{0} {1}'}", "is the sentence of `predicates.on` too", ""),
    ("predicates:\n  on: '{0} is on {1}.'\n  at: '{0} is on a {1}.'\n  big: '{0} is on b.'",
     "line 4: `predicates.big`: `a is on b.` could be a sentence of `on` as well", ""),
    ("actions: {act: 'rest'}", "`rest` is the sentence of `actions.act` too", ""),
    ("actions: {act: 'do {0} {2}'}", "`actions.act`: `do {0} {2}` has no argument {2}", ""),
    ("predicates:\n  on: {hold: x}", "line 2: `predicates.on.hold`: Extra inputs are not permitted", ""),
    ("predicates:\n  on: {holds: '{0} {1}'}", "line 2: `predicates.on`: Field required", ""),
    ("predicate: {}", "line 1: `predicate`: Extra inputs are not permitted", "see"),
    ("predicates: [on]", "line 1: `predicates`: Input should be a valid dictionary", ""),
    ("- on", "line 1: keys are wanted", ""),
    ("rules: a\nrules: b", "line 2: `rules`: this key is there twice", "remove one"),
    ("rules: [", "line 1: this is no YAML", ""),
    ("observe:\n- {fact: 'on ?x ?y'}", "line 2: `observe.0`: Field required", ""),
    ("observe:\n- {fact: 'on ?x', when: 'big ?x'}", "line 2: `observe.0.fact`: `on ?x`: `on` takes 2 arguments, not 1", ""),
    ("observe:\n- {fact: 'big ?x', when: 'bigg ?x'}", "`observe.0.when`: there is no predicate `bigg`", "`big`"),
    ("observe:\n- {fact: 'big ?x', when: 'big c'}", "there is no object `c`", "there are: a, b"),
    ("observe:\n- {fact: 'not big ?x', when: 'big ?x'}", "a fact is given without `not`", ""),
    ("observe:\n- {fact: 'big ?x', when: ['not on ?x ?y']}", "`?y` stands only after `not`", "name it elsewhere too"),
    ("observe:\n- {fact: 'big ?x', when: 'not'}", "there is no predicate ``", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "says", "remedy"), BAD)
def test_a_fault_of_a_texts_file_is_told_with_its_place(text: str, says: str, remedy: str) -> None:
    with pytest.raises(FormatError) as raised:
        read_texts(text, small("(on ?x ?y) (at ?x ?y) (big ?x)"), "mine.yaml")
    said = str(raised.value)
    assert said.startswith("mine.yaml, line ")
    assert says in said and remedy in said


def test_an_empty_file_and_empty_parts_are_the_defaults(tmp_path: Path) -> None:
    problem = small("(on ?x ?y)")
    for text in ("", "# nothing\n", "predicates:\nactions:\nobserve:\nrules:\n"):
        assert read_texts(text, problem) == default_texts(problem)
    with pytest.raises(NotFound, match="there is no file"):
        load_texts(tmp_path / "none.yaml", problem)


def test_a_key_that_yaml_takes_for_true_is_a_name(tmp_path: Path) -> None:
    (tmp_path / "texts.yaml").write_text("predicates:\n  on: '{0} rests on {1}'\n", encoding="utf-8")
    texts = load_texts(tmp_path / "texts.yaml", small("(on ?x ?y)"))
    assert texts.language.fact(("on", "a", "b")) == "a rests on b."

"""The concept graph: what is used together, may be one, or plugs into each other."""

from __future__ import annotations

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentmem.stores.concept.entry import Concept
from agentmem.stores.concept.graph import GraphPolicy, concept_graph, facts, fillers, fitting
from agentmem.stores.concept.routines import Parameter

TYPES = [
    "",
    "Any",
    "Grid",
    "Colour",
    "list[Grid]",
    "list",
    "Callable[[Grid], Grid]",
    "Callable",
    "Grid | None",
    "][",
]


def concept(id: str, takes: dict[str, str] | None = None, output: str = "", **said) -> Concept:
    given = {"kind": "routine", "title": id, "form": "ps", "description": "", **said}
    parameters = tuple(Parameter(name=name, type=type) for name, type in (takes or {}).items())
    return Concept(
        id=id,
        version=1,
        aliases=(),
        alternatives=(),
        cues=(),
        notes=(),
        parameters=parameters,
        output=output,
        **given,
    )


def edges(graph, key: str) -> dict[tuple[str, str], dict]:
    return {(one, other): data for one, other, kind, data in graph.edges(keys=True, data=True) if kind == key}


def test_concepts_of_one_problem_are_used_together_by_their_share_of_it():
    graph = concept_graph(
        [concept(id) for id in "abc"], {"a": ["p", "q", "r", "s"], "b": ["q", "p"], "c": ["x"]}
    )
    assert edges(graph, "co_use") == {("a", "b"): {"shared": 2, "weight": pytest.approx(2 / sqrt(8))}}
    assert graph.nodes["a"]["uses"] == 4 and graph.nodes["c"]["uses"] == 1
    assert facts(graph) == {"concepts": 3, "co_use": 1, "similar_to": 0, "fills": 0, "alone": 1}


def test_a_problem_that_is_named_twice_counts_once():
    graph = concept_graph([concept("a"), concept("b")], {"a": ["p", "p"], "b": ["p"]})
    assert graph.nodes["a"]["uses"] == 1
    assert edges(graph, "co_use")["a", "b"] == {"shared": 1, "weight": 1.0}


def test_what_may_be_one_is_joined_once_and_only_among_what_is_there():
    graph = concept_graph(
        [concept("b"), concept("a")], {}, [("a", "b"), ("b", "a"), ("a", "gone"), ("a", "a")]
    )
    assert list(edges(graph, "similar_to")) == [("b", "a")]


def test_outcomes_stand_at_their_concept():
    graph = concept_graph([concept("a"), concept("b")], {}, outcomes={"a": {"harmed": 2.0}})
    assert graph.nodes["a"]["outcomes"] == {"harmed": 2.0} and graph.nodes["b"]["outcomes"] == {}


def test_a_concept_fills_parameters_by_what_it_gives():
    paint = concept("paint", {"grid": "Grid", "colour": "Colour"}, "Grid")
    frequent = concept("frequent", {"grid": "Grid"}, "Colour")
    graph = concept_graph([paint, frequent], {})
    found = edges(graph, "fills")
    assert found["frequent", "paint"] == {"parameters": ["colour"], "weight": 1.0}
    assert found["paint", "frequent"] == {"parameters": ["grid"], "weight": 1.0}
    assert fitting(paint, [paint, frequent]) == {"grid": [], "colour": ["frequent"]}


def test_a_routine_fills_a_parameter_that_is_called():
    each = concept("each", {"fix": "Callable[[Grid], Grid]", "grids": "list[Grid]"}, "list[Grid]")
    turn, count = concept("turn", {"grid": "Grid"}, "Grid"), concept("count", {"grid": "Grid"}, "int")
    assert fitting(each, [each, turn, count]) == {"fix": ["turn"], "grids": []}
    assert fitting(concept("any", {"f": "Callable"}), [turn, count]) == {"f": ["turn", "count"]}


def test_types_fill_nothing_and_what_says_nothing_is_filled_by_nothing():
    grid = concept("Grid", output="Grid", kind="type")
    asks = concept("asks", {"a": "Grid", "b": "", "c": "Any"}, "Any")
    assert fillers([grid, asks]) == {"Grid": []}
    assert facts(concept_graph([grid, asks], {}))["fills"] == 0


def test_a_parameter_that_many_fill_gets_no_edges_and_a_crowd_no_pairs():
    some = [concept(f"c{n}", {"grid": "Grid"}, "Grid") for n in range(6)]
    uses = {one.id: ["p"] for one in some}
    assert facts(concept_graph(some, uses))["fills"] == 30
    graph = concept_graph(some, uses, policy=GraphPolicy(common=4, crowd=5))
    assert facts(graph) == {"concepts": 6, "co_use": 0, "similar_to": 0, "fills": 0, "alone": 6}


concepts = st.lists(
    st.builds(
        concept,
        st.text("abcdefghij", min_size=1, max_size=3),
        st.dictionaries(st.sampled_from("xyz"), st.sampled_from(TYPES), max_size=3),
        st.sampled_from(TYPES),
        kind=st.sampled_from(["routine", "type", ""]),
    ),
    max_size=8,
    unique_by=lambda one: one.id,
)


@given(concepts, st.data())
def test_weights_are_shares_and_no_concept_is_joined_with_itself(some, data):
    problems = st.lists(st.sampled_from("pqrs"), max_size=5)
    uses = {one.id: data.draw(problems) for one in some}
    graph = concept_graph(some, uses)
    assert list(graph) == [one.id for one in some]
    for one, other, key, told in graph.edges(keys=True, data=True):
        assert one != other and 0 < told["weight"] <= 1 + 1e-9
        if key == "co_use":
            assert told["shared"] == len({*uses[one]} & {*uses[other]})
            assert not graph.has_edge(other, one, "co_use")


@given(concepts, st.randoms())
def test_the_order_of_concepts_changes_no_edge(some, random):
    uses = {one.id: [one.id[0]] for one in some}
    mixed = random.sample(some, len(some))

    def told(graph):
        return {
            (key, *((one, other) if key == "fills" else sorted((one, other)))): data["weight"]
            for one, other, key, data in graph.edges(keys=True, data=True)
        }

    assert told(concept_graph(some, uses)) == told(concept_graph(mixed, uses))

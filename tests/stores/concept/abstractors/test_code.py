"""Programs over a library become concepts: their calls, the types between them, functions of their own."""

from __future__ import annotations

from collections.abc import Callable

from agentmem.stores.concept.abstractors.code import CodeAbstractor
from agentmem.stores.concept.operations import Learn, Refuse
from agentmem.stores.concept.problems import Problem
from agentmem.stores.concept.routines import library_of


class Order: ...


class Slip: ...


def slips(order: Order) -> list[Slip]:
    """The slips of an order."""
    return []


def total(found: list[Slip], weigh: Callable[[Slip], int]) -> int:
    """The sum over slips.

    Args:
        found: What is summed.
        weigh: What counts.
    """
    return 0


def weight(slip: Slip) -> int:
    """What a slip weighs."""
    return 0


LIBRARY = library_of("orders", [slips, total, weight])


def learnt(program: str) -> tuple[Learn | None, list[Refuse]]:
    problem = Problem(
        id="p", text="An order of 17 slips.", trace="t", problem="A-17", solution=program, language="python"
    )
    drafts = CodeAbstractor(LIBRARY).abstract([problem], None)  # type: ignore[arg-type]
    operations = [draft.operation for draft in drafts]
    return (
        next((one for one in operations if isinstance(one, Learn)), None),
        [one for one in operations if isinstance(one, Refuse)],
    )


def test_calls_and_routines_that_are_handed_on_become_concepts_and_so_do_types_between_them():
    found, _ = learnt("def solve(order: Order) -> int:\n    return total(slips(order), weight)\n")
    assert found is not None
    assert {(one.kind, one.title) for one in found.ideas} == {
        ("routine", "total"),
        ("routine", "slips"),
        ("routine", "weight"),
        ("type", "list[Slip]"),
    }
    (summed,) = [one for one in found.ideas if one.title == "total"]
    assert [(one.name, one.type) for one in summed.parameters] == [
        ("found", "list[Slip]"),
        ("weigh", "Callable[[Slip], int]"),
    ]


def test_a_function_of_its_own_becomes_a_concept_unless_it_says_what_is_the_problems_own():
    program = (
        'def heavy(slip: Slip) -> bool:\n    """Whether a slip weighs much."""\n    return weight(slip) > 17\n\n'
        'def of_17(order: Order) -> int:\n    """Those of the 17."""\n    return 0\n\n'
        "def solve(order: Order) -> int:\n    return total(slips(order), weight)\n"
    )
    found, refused = learnt(program)
    assert found is not None
    assert "heavy" in [one.title for one in found.ideas]
    assert [(one.gate, one.title) for one in refused] == [("leak", "of 17")]


def test_what_calls_nothing_that_is_known_teaches_nothing():
    assert learnt("def solve(order):\n    return 3\n") == (None, [])


def test_what_is_no_program_is_refused():
    found, refused = learnt("return (")
    assert found is None
    assert [one.gate for one in refused] == ["code"]

"""Terms are written as programs that say the same."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentmem.stores.concept.routines import Library
from agentmem.worlds.arc.solver.enumeration import Signature, Term, uses_of
from agentmem.worlds.arc.solver.enumeration.terms import program, value

INPUT = Term("numbers")
LISTS = st.recursive(
    st.just(INPUT),
    lambda inner: st.one_of(
        st.builds(lambda one: Term("backwards", (one,)), inner),
        st.builds(lambda one, other: Term("joined", (one, other)), inner, inner),
        st.builds(lambda one: Term("each", (one, Term("negative"))), inner),
        st.builds(lambda one, name: Term("each", (one, Term("plus", (None, Term(name))))), inner,
                  st.sampled_from(["ONE", "TWO"])),
        st.builds(lambda one: Term("kept", (one, Term("is_above", (None, Term("TWO"))))), inner),
    ),
    max_leaves=12,
)  # fmt: skip


def executed(text: str, library: Library, given: Any) -> Any:
    names: dict[str, Any] = {**library.functions, **library.constants, "Numbers": list}
    exec(text, names)
    return names["transform"](given)


@settings(max_examples=60)
@given(LISTS, st.lists(st.integers(-5, 5), max_size=3))
def test_the_text_of_a_term_does_what_the_term_says(
    numbers: Library, of_numbers: Signature, term: Term, given_: list[int]
) -> None:
    text = program(term, numbers, of_numbers)
    assert executed(text, numbers, given_) == value(term, numbers, of_numbers, given_)
    assert max(map(len, text.splitlines())) <= 110
    assert set(uses_of(text, numbers).names) == {one.name for one in term.parts()} - {"numbers"}


def test_what_stands_twice_is_computed_once(numbers: Library, of_numbers: Signature) -> None:
    part = Term("backwards", (INPUT,))
    text = program(Term("joined", (part, Term("joined", (part, INPUT)))), numbers, of_numbers)
    assert text == (
        "def transform(numbers: Numbers) -> Numbers:\n"
        "    part_1 = backwards(numbers)\n"
        "    return joined(part_1, joined(part_1, numbers))\n"
    )


def test_a_program_imports_what_it_names_and_no_more(numbers: Library) -> None:
    term = Term("each", (INPUT, Term("plus", (None, Term("TWO")))))
    signature = Signature("numbers", "Numbers", "Numbers", function="answer", module="some.module")
    assert program(term, numbers, signature) == (
        "from some.module import TWO, Numbers, each, plus\n\n\n"
        "def answer(numbers: Numbers) -> Numbers:\n"
        "    return each(numbers, lambda one: plus(one, TWO))\n"
    )
    builtin = Signature("numbers", "list[int]", "int", module="some.module")
    assert program(Term("total", (INPUT,)), numbers, builtin).startswith("from some.module import total\n")


def test_an_open_parameter_never_hides_the_input(numbers: Library) -> None:
    signature = Signature("one", "Number", "Number")
    term = Term("each", (Term("one"), Term("plus", (None, Term("ONE")))))
    assert "each(one, lambda each_one: plus(each_one, ONE))" in program(term, numbers, signature)


@pytest.mark.parametrize(("term", "count"), [(INPUT, 0), (Term("tail", (Term("tail", (INPUT,)),)), 2)])
def test_applications_are_counted(term: Term, count: int) -> None:
    assert term.applications == count

"""What is wrong with a PDDL file is told with its file, its line, and what to do."""

from collections.abc import Callable
from pathlib import Path

import pytest

from agentmem.errors import FormatError, NotFound
from agentmem.worlds.planning import (
    ApplicabilityIndex,
    PlanningProblem,
    load_domain,
    load_problem,
    read_domain,
    read_problem,
)

DOMAIN = """(define (domain shop) ; a shop
  (:requirements :strips :typing)
  (:types item - object tool - item shelf)
  (:constants till - shelf)
  (:predicates (on ?i - item ?s - shelf) (sold ?i - item))
  (:action move
    :parameters (?i - item ?from ?to - shelf)
    :precondition (on ?i ?from)
    :effect (and (on ?i ?to) (not (on ?i ?from))))
  (:action sell
    :parameters (?i - item)
    :precondition (on ?i till)
    :effect (sold ?i)))
"""
PROBLEM = """(define (problem one) (:domain shop)
  (:objects saw - tool pear - item top low - shelf)
  (:init (on saw top)
         (on pear low))
  (:goal (and (sold saw) (not (on pear till)))))
"""
BAD_DOMAINS = [
    (
        "(:predicates (on",
        "(:predicates (on (",
        5,
        "a `)` is missing: what opens here",
        "`(:action` in line 6",
    ),
    ("(not (on ?i ?from))))\n", "(not (on ?i ?from)))\n", 6, "a `)` is missing", "`(:action` in line 10"),
    (":effect (sold ?i)))", ":effect (sold ?i))))", 13, "a `)` too many", ""),
    (":effect (sold ?i)))", ":effect (sold ?i))", 1, "a `)` is missing", ""),
    ("(define (domain shop)", "shop (define (domain shop)", 1, "`shop` stands outside", ""),
    ("?s - shelf) (sold", "?s - shelv) (sold", 5, "there is no type `shelv`", "did you mean `shelf`?"),
    (":effect (sold ?i)", ":effect (solld ?i)", 13, "there is no predicate `solld`", "did you mean `sold`?"),
    (":effect (sold ?i)", ":effect (sold ?j)", 13, "there is no parameter `?j`", "name it in `:parameters`"),
    (":effect (sold ?i)", ":effect (sold tilll)", 13, "there is no object `tilll`", "did you mean `till`?"),
    (
        ":effect (sold ?i)",
        ":effect (sold ?i ?i)",
        13,
        "`sold` takes one argument, here are 2",
        "(sold ?i - item)",
    ),
    ("(on ?i ?from)\n", "(on ?i)\n", 8, "`on` takes 2 arguments, here is 1", "(on ?i - item ?s - shelf)"),
    (
        "(on ?i ?from)\n",
        "(on ?from ?i)\n",
        8,
        "`?from` is of type shelf, and `on` takes the type item there",
        "",
    ),
    (
        ":effect (sold ?i)",
        ":effect (when (sold ?i) (sold ?i))",
        13,
        "`when` (conditional effects)",
        ":strips",
    ),
    (":effect (sold ?i)", ":effect (increase (sold ?i) 1)", 13, "`increase` (numbers)", ""),
    ("(on ?i ?from)\n", "(forall (?x - item) (on ?x ?from))\n", 8, "`forall` (quantifiers)", ""),
    ("(on ?i ?from)\n", "(or (on ?i ?from) (sold ?i))\n", 8, "`or` (disjunctions)", ""),
    ("(on ?i ?from)\n", "(not (and (on ?i ?from)))\n", 8, "(disjunctions)", ""),
    ("(on ?i ?from)\n", "(= (price) 3)\n", 8, "(numbers)", ""),
    ("(on ?i ?from)\n", "(= ?from)\n", 8, "`=` takes two arguments", ""),
    ("(on ?i ?from)\n", "on\n", 8, "`on` is no condition", ""),
    ("(on ?i ?from)\n", "(not)\n", 8, "`not` takes one condition", ""),
    (":effect (sold ?i)", ":effect (= ?i ?i)", 13, "`=` cannot be an effect", ""),
    (
        ":typing)",
        ":typing :fluents)",
        2,
        "the requirement `:fluents` is not understood",
        ":negative-preconditions",
    ),
    (":typing)", ":typing :conditional-effects)", 2, "`:conditional-effects` is not understood", ""),
    ("(:constants", "(:functions (cost))\n (:constants", 4, "`:functions` (numbers) is not understood", ""),
    ("(:constants", "(:derived (x) (y))\n (:constants", 4, "`:derived` (derived predicates)", ""),
    ("(:constants", "(:constant", 4, "there is no section `:constant`", "did you mean `:constants`?"),
    ("(:constants", "stray (:constants", 4, "a section is wanted", ""),
    (":constants till", ":constants till till", 4, "the constant `till` is declared twice", "remove one"),
    ("(sold ?i - item))\n", "(sold ?i - item) (sold))\n", 5, "the predicate `sold` is declared twice", ""),
    ("(sold ?i - item))\n", "(sold ?i ?i - item))\n", 5, "the parameter `?i` is declared twice", ""),
    ("(sold ?i - item))\n", "(sold i - item))\n", 5, "the parameter `i` begins with no `?`", ""),
    ("(sold ?i - item))\n", "sold)\n", 5, "a predicate stands in brackets", ""),
    ("(:action sell", "(:action move", 10, "the action `move` is declared twice", ""),
    ("tool - item", "tool - item item - tool", 3, "the type `item` is declared twice", ""),
    ("item - object tool", "item - tool tool", 3, "is below itself", "break the circle"),
    ("shelf)\n  (:con", "shelf -)\n  (:con", 3, "a `-` stands between", "write `a b - type`"),
    (
        ":precondition (on ?i till)",
        ":precond (on ?i till)",
        12,
        "there is no part of the action `sell` `:precond`",
        "",
    ),
    (":effect (sold ?i)", ":effect", 13, "`:effect` of the action `sell` is empty", ""),
    (":parameters (?i - item)", ":parameters ?i", 11, "the parameters of `sell` stand in brackets", ""),
]
BAD_PROBLEMS = [
    ("(:domain shop)", "(:domain shops)", 1, "the problem is not of the domain `shop`", ""),
    ("- tool", "- tol", 2, "there is no type `tol`", "did you mean `tool`?"),
    ("(on pear low)", "(on pear lowe)", 4, "there is no object `lowe`", "did you mean `low`?"),
    ("(on pear low)", "(on low pear)", 4, "`low` is of type shelf", ""),
    ("(on pear low)", "(= (cost) 3)", 4, "(numbers) is not understood", ""),
    ("(on pear low)", "pear", 4, "a fact stands in brackets", ""),
    ("(sold saw)", "(sold saw pear)", 5, "`sold` takes one argument, here are 2", ""),
    ("(sold saw)", "(exists (?x) (sold ?x))", 5, "`exists` (quantifiers)", ""),
    ("(sold saw)", "(= saw pear)", 5, "equality in a goal", ""),
    ("(:goal (and", "(:goal () (and", 5, "a goal is one condition", ""),
    ("(:init", "(:init) (:init", 3, "the section `:init` is declared twice", ""),
    ("saw - tool", "saw till - tool", 2, "the object `till` is declared twice", ""),
    ("(:goal", "(:metric minimize (cost)) (:goal", 5, "`:metric` (numbers)", ""),
    ("(problem one)", "(domain one)", 1, "this is a domain file, no problem file", ""),
    ("(:objects", "(:goal (sold saw)) (:objects", 5, "the section `:goal` is declared twice", ""),
]


@pytest.mark.parametrize(("old", "new", "line", "says", "remedy"), BAD_DOMAINS)
def test_a_fault_of_a_domain_is_told_with_its_line(
    old: str, new: str, line: int, says: str, remedy: str
) -> None:
    assert old in DOMAIN
    with pytest.raises(FormatError) as raised:
        read_domain(DOMAIN.replace(old, new, 1), "shop.pddl")
    said = str(raised.value)
    assert said.startswith(f"shop.pddl, line {line}: ")
    assert says in said and remedy in said


@pytest.mark.parametrize(("old", "new", "line", "says", "remedy"), BAD_PROBLEMS)
def test_a_fault_of_a_problem_is_told_with_its_line(
    old: str, new: str, line: int, says: str, remedy: str
) -> None:
    assert old in PROBLEM
    with pytest.raises(FormatError) as raised:
        read_problem(PROBLEM.replace(old, new, 1), read_domain(DOMAIN), "one.pddl")
    said = str(raised.value)
    assert said.startswith(f"one.pddl, line {line}: ")
    assert says in said and remedy in said


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "there is no `(define …)`"),
        ("(domain shop)", "a PDDL file is one `(define …)`"),
        ("(define)", "`(define (domain NAME) …)` is wanted"),
        ("(define (domain shop))(define (problem one))", "a PDDL file is one `(define …)`"),
        ("(define (domain shop))", "the domain `shop` has no action"),
        (PROBLEM, "this is a problem file, no domain file"),
    ],
)
def test_what_is_no_domain_is_refused(text: str, says: str) -> None:
    with pytest.raises(FormatError, match="line 1"):
        read_domain(text)
    with pytest.raises(FormatError) as raised:
        read_domain(text)
    assert says in str(raised.value)


@pytest.mark.parametrize("section", [":domain", ":init", ":goal"])
def test_a_problem_without_a_section_is_refused(section: str) -> None:
    parts = [part for part in ("(:domain shop)", "(:init)", "(:goal (and))") if section not in part]
    with pytest.raises(FormatError, match=rf"line 1: .* has no `\({section} …\)`"):
        read_problem(f"(define (problem one) {' '.join(parts)})", read_domain(DOMAIN))


def test_reads_types_above_types_and_constants(problem_of: Callable[[str], PlanningProblem]) -> None:
    problem = problem_of("logistics")
    assert problem.members("vehicle") == {"t1", "t2", "a1"}
    assert problem.members("physical") == {"t1", "t2", "a1", "p1", "p2"}
    assert len(problem.members("object")) == len(problem.objects) == 11
    assert problem.static == {"in-city"}
    lights = problem_of("lights")
    assert lights.members("lamp") == {"main", "left", "right"}
    assert lights.goal_not == (("lit", "main"), ("stuck", "blue"))


def test_case_comments_and_byte_order_marks_do_not_matter(tmp_path: Path) -> None:
    (tmp_path / "domain.pddl").write_text("\ufeff; (((\n" + DOMAIN.upper(), encoding="utf-8")
    (tmp_path / "one.pddl").write_text(PROBLEM.replace("saw", "SAW"), encoding="utf-8")
    problem = load_problem(tmp_path / "one.pddl", load_domain(tmp_path / "domain.pddl"))
    assert ("on", "saw", "top") in problem.init
    assert ("move", "saw", "top", "till") in ApplicabilityIndex(problem).applicable(problem.init)


def test_either_takes_objects_of_each_type_and_of_no_other() -> None:
    domain = """(define (domain zoo) (:requirements :typing) (:types cat dog bird)
      (:predicates (fed ?a - (either cat dog)) (seen ?a))
      (:action feed :parameters (?a - (either dog cat)) :effect (fed ?a))
      (:action see :parameters (?a) :effect (seen ?a)))"""
    problem = "(define (problem p) (:domain zoo) (:objects tom - cat rex - dog) (:init {}) (:goal (fed tom)))"
    read = read_problem(problem.format(""), read_domain(domain))
    assert ApplicabilityIndex(read).applicable(read.init) == [
        ("feed", "rex"), ("feed", "tom"), ("see", "rex"), ("see", "tom"),
    ]  # fmt: skip
    with pytest.raises(FormatError, match="`rio` is of type bird, and `fed` takes the type cat or dog there"):
        read_problem(problem.format("(fed rio)").replace("rex", "rio - bird rex"), read_domain(domain))


def test_files_that_are_not_there_or_no_text_are_told(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="there is no file"):
        load_domain(tmp_path / "none.pddl")
    (tmp_path / "bad.pddl").write_bytes(b"(define \xff")
    with pytest.raises(FormatError, match="is no UTF-8 text"):
        load_domain(tmp_path / "bad.pddl")

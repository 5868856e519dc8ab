"""Concepts from programs, without a model: routines that a solution calls, and types that go between them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from agentmem.stores.concept.abstractors.base import Draft, Memory
from agentmem.stores.concept.gates import GatePolicy, faults
from agentmem.stores.concept.naming import normal
from agentmem.stores.concept.operations import Idea, Learn, Refuse
from agentmem.stores.concept.problems import Problem
from agentmem.stores.concept.routines import Library, Parameter, Routine
from agentmem.stores.concept.types import Type, parse


class CodeAbstractor:
    """A solution written over a library is parsed; its calls become concepts, or reuse those there are.

    Each is stated whole, whoever stated it before: so it stands for as long as any of its problems does.

    A routine's constant arguments are what its parameters are for: they are left out, and the types stay.
    Functions that a solution defines for itself become concepts by their name, annotations and docstring.

    Args:
        library: The routines that solutions are written of.
        policy: What is let through.
    """

    heeds_failures = False

    def __init__(self, library: Library, policy: GatePolicy | None = None) -> None:
        self._library = library
        self._policy = policy or GatePolicy()

    def abstract(self, problems: Sequence[Problem], memory: Memory) -> list[Draft]:
        """See `Abstractor`."""
        return [draft for problem in problems for draft in self._of(problem, memory)]

    def _of(self, problem: Problem, memory: Memory) -> list[Draft]:
        if problem.language != "python":
            return []
        try:
            tree = ast.parse(problem.solution)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            reason = f"the solution is no Python: {error}"
            return [Draft(Refuse(problem=problem.id, gate="code", why=reason), (problem,))]
        routines = [self._library.routines[name] for name in called(tree, self._library)]
        told = [*map(_stated, routines), *map(_type_stated, _types(routines, _whole(tree)))]
        own = [_stated(one) for one in _defined(tree, self._library)]
        drafts = []
        for one in own:
            found = faults(one, [problem], self._policy, self._library.routines)
            if found:
                told_why = {"gate": found[0].gate, "why": found[0].reason, "title": one.title or ""}
                drafts.append(Draft(Refuse(problem=problem.id, **told_why), (problem,)))
            else:
                told.append(one)
        if told:
            drafts.append(Draft(Learn(problem=problem.id, ideas=tuple(told)), (problem,)))
        return drafts


def called(tree: ast.AST, library: Library) -> list[str]:
    """The routines of a library that a program calls or hands on, each once."""
    return list(dict.fromkeys(name for name in _named(tree) if name in library.routines))


def _named(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr


def _stated(routine: Routine) -> Idea:
    return Idea(
        title=routine.title,
        kind="routine",
        description=routine.description,
        parameters=routine.parameters,
        output=routine.output,
    )


def _type_stated(type: Type) -> Idea:
    return Idea(title=str(type), kind="type", output=str(type))


def _types(routines: Sequence[Routine], whole: frozenset[str]) -> list[Type]:
    """The types that go between routines, given by one and taken by another, but for those of the `whole`."""
    given = {str(parse(one.output)) for one in routines}
    taken = {str(parse(parameter.type)) for one in routines for parameter in one.parameters}
    between = sorted((given & taken) - whole)
    return [parse(text) for text in between if text and not parse(text).is_anything]


def _whole(tree: ast.Module) -> frozenset[str]:
    """The types that a solution takes and gives itself: every solution of its domain has them."""
    functions = [one for one in tree.body if isinstance(one, ast.FunctionDef)]
    if not functions:
        return frozenset()
    said = [functions[-1].returns, *(one.annotation for one in functions[-1].args.args)]
    return frozenset(str(parse(ast.unparse(one))) for one in said if one is not None)


def _defined(tree: ast.Module, library: Library) -> list[Routine]:
    """The functions that a program defines for itself, but for its last one, which is the solution."""
    functions = [one for one in tree.body if isinstance(one, ast.FunctionDef)]
    return [
        Routine(
            name=one.name,
            description=(ast.get_docstring(one) or "").split("\n\n")[0],
            parameters=tuple(
                Parameter(name=arg.arg, type=ast.unparse(arg.annotation) if arg.annotation else "")
                for arg in (*one.args.posonlyargs, *one.args.args, *one.args.kwonlyargs)
            ),
            output=ast.unparse(one.returns) if one.returns else "",
        )
        for one in functions[:-1]
        if one.name not in library.routines and normal(one.name)
    ]

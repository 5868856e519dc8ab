"""Past programs as guidance: what they call and name, and what fills which parameter in them."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from agentmem.errors import InvalidInput
from agentmem.stores.concept.routines import Library
from agentmem.worlds.arc.solver.enumeration.guide import INPUT, RESULT, Guide


@dataclass(frozen=True)
class Uses:
    """What one program uses of a library.

    Attributes:
        names: How often it calls or names each routine and constant.
        fills: By a routine's parameter, `routine.parameter`, how often what stands there; by `RESULT`, what
            stands for what it gives.
    """

    names: Mapping[str, int]
    fills: Mapping[str, Mapping[str, int]]


def uses_of(text: str, library: Library) -> Uses:
    """What a program uses of a library; its own names are followed to what was assigned to them.

    Args:
        text: Python source; what is in no form that is followed counts for nothing.
        library: Whose routines and constants count.

    Raises:
        InvalidInput: the text is no Python.
    """
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise InvalidInput(f"a program cannot be parsed: {error}", "give Python source") from error
    reader = _Reader(library)
    for node in tree.body:
        if not isinstance(node, (ast.Import, ast.ImportFrom)):
            reader.visit(node)
    return Uses(dict(reader.names), {place: dict(counts) for place, counts in reader.fills.items()})


def guide_of(programs: Iterable[tuple[Uses, float]], *, fills: bool = True) -> Guide:
    """The guide of past programs, each with how much it counts.

    Args:
        programs: What each uses, and its weight, from 0 on.
        fills: Whether what filled which parameter counts too, beside how often a thing was used.

    Raises:
        InvalidInput: a weight is negative or no number.
    """
    weights: dict[str, float] = defaultdict(float)
    places: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for uses, weight in programs:
        for name, count in uses.names.items():
            weights[name] += weight * count
        for place, counts in uses.fills.items() if fills else ():
            for name, count in counts.items():
                places[place][name] += weight * count
    return Guide(dict(weights), {place: dict(counts) for place, counts in places.items()})


class _Reader(ast.NodeVisitor):
    """Walks a program and counts."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._heads: dict[str, str | None] = {}
        self.names: dict[str, int] = defaultdict(int)
        self.fills: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """The parameters of the outermost function are the input; its annotations are no uses."""
        before = dict(self._heads)
        for one in node.args.args:
            self._heads[one.arg] = INPUT
        for statement in node.body:
            self.visit(statement)
        self._heads = before

    def visit_Lambda(self, node: ast.Lambda) -> None:
        """What stays open stands for nothing."""
        before = dict(self._heads)
        for one in node.args.args:
            self._heads[one.arg] = None
        self.visit(node.body)
        self._heads = before

    def visit_Assign(self, node: ast.Assign) -> None:
        """A name stands for what was assigned to it last."""
        self.visit(node.value)
        for target in node.targets:
            if isinstance(target, ast.Name):
                self._heads[target.id] = self._head(node.value)

    def visit_Return(self, node: ast.Return) -> None:
        """What is returned stands in the place of the result."""
        head = None if node.value is None else self._head(node.value)
        if head is not None:
            self.fills[RESULT][head] += 1
        self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> None:
        """A routine or constant that is named, and not another thing of that name."""
        if node.id not in self._heads and self._is_known(node.id):
            self.names[node.id] += 1

    def visit_Call(self, node: ast.Call) -> None:
        """A call fills parameters."""
        self.generic_visit(node)
        if not isinstance(node.func, ast.Name) or node.func.id in self._heads:
            return
        routine = self._library.routines.get(node.func.id)
        if routine is None:
            return
        given = list(zip((one.name for one in routine.parameters), node.args, strict=False))
        given += [(one.arg, one.value) for one in node.keywords if one.arg is not None]
        for name, argument in given:
            head = self._head(argument)
            if head is not None:
                self.fills[f"{routine.name}.{name}"][head] += 1

    def _is_known(self, name: str) -> bool:
        return name in self._library.routines or name in self._library.constants

    def _head(self, node: ast.expr) -> str | None:
        if isinstance(node, ast.Lambda):
            node = node.body
        if isinstance(node, ast.Call):
            node = node.func
        if not isinstance(node, ast.Name):
            return None
        return (
            self._heads[node.id] if node.id in self._heads else node.id if self._is_known(node.id) else None
        )

"""Types of parameters and results as they are written: `Grid`, `list[Object]`, `Callable[[Grid], Colour]`."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import lru_cache

CALLABLES = frozenset({"callable", "function"})
"""Names of the type of what is called, in lower case."""
ANYTHING = frozenset({"", "any"})
"""Names of the type that everything has, in lower case."""


@dataclass(frozen=True)
class Type:
    """A type.

    Attributes:
        name: Its name, as it was written.
        arguments: Of `list[Object]`: `Object`; of a callable: what it takes.
        result: Of a callable, what it gives, where that is said.
    """

    name: str
    arguments: tuple[Type, ...] = ()
    result: Type | None = None

    @property
    def is_callable(self) -> bool:
        """Whether it is the type of what is called: a routine."""
        return self.name.lower() in CALLABLES

    @property
    def is_anything(self) -> bool:
        """Whether everything has it."""
        return self.name.lower() in ANYTHING

    def __str__(self) -> str:
        if self.is_callable and self.result is not None:
            return f"{self.name}[[{', '.join(map(str, self.arguments))}], {self.result}]"
        return f"{self.name}[{', '.join(map(str, self.arguments))}]" if self.arguments else self.name


@lru_cache(4096)
def parse(text: str) -> Type:
    """The type that is written; where it is in no such form, one whose name is what is written."""
    plain = " ".join(text.split())
    try:
        return _type(ast.parse(plain, mode="eval").body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Type(plain)


def _type(node: ast.expr) -> Type:
    """The type of a node.

    Raises:
        ValueError: it is in no form that says one.
    """
    if isinstance(node, ast.Name):
        return Type(node.id)
    if isinstance(node, ast.Attribute):
        return Type(node.attr)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return parse(node.value)
    if isinstance(node, ast.Constant) and node.value is None:
        return Type("None")
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return Type("Union", (*_members(node.left), *_members(node.right)))
    if isinstance(node, ast.Subscript):
        head = _type(node.value)
        inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if head.is_callable and len(inner) == 2:  # noqa: PLR2004  what it takes, and what it gives
            taken = inner[0]
            takes = tuple(_type(one) for one in taken.elts) if isinstance(taken, ast.List) else ()
            return Type(head.name, takes, _type(inner[1]))
        return Type(head.name, tuple(_type(one) for one in inner if not _is_ellipsis(one)))
    raise ValueError(ast.dump(node))


def _members(node: ast.expr) -> tuple[Type, ...]:
    found = _type(node)
    return found.arguments if found.name == "Union" else (found,)


def _is_ellipsis(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is Ellipsis


def fits(wanted: Type, given: Type) -> bool:
    """Whether what has the type `given` can stand where `wanted` is asked for.

    What a type does not say is left open: `list` takes `list[Object]`, a callable without arguments any.
    """
    if wanted.is_anything:
        return True
    if wanted.name == "Union":
        return any(fits(one, given) for one in wanted.arguments)
    if given.name == "Union":
        return all(fits(wanted, one) for one in given.arguments)
    if wanted.is_callable and given.is_callable:
        if wanted.result is None or given.result is None:
            return True
        same = len(wanted.arguments) == len(given.arguments)
        takes = zip(given.arguments, wanted.arguments, strict=False)
        return same and fits(wanted.result, given.result) and all(fits(one, other) for one, other in takes)
    if wanted.name.lower() != given.name.lower():
        return False
    if not wanted.arguments or not given.arguments:
        return True
    pairs = zip(wanted.arguments, given.arguments, strict=False)
    return len(wanted.arguments) == len(given.arguments) and all(fits(one, other) for one, other in pairs)

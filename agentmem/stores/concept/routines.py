"""Libraries of routines: typed functions of which solutions are written, and what is known of each."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from agentmem import plugins
from agentmem.errors import InvalidInput
from agentmem.records import Text, Value

GROUP = "agentmem.routines"
"""The entry points by which a package makes its library known."""


class Parameter(Value):
    """What a routine, or a concept, takes.

    Attributes:
        name: Its name.
        type: Its type as it is written; empty where that is not known.
        description: What it is, in words.
    """

    name: Text
    type: Text = ""
    description: Text = ""


class Routine(Value):
    """What is known of a function of a library.

    Attributes:
        name: How it is called in a program.
        description: What it does, in words.
        parameters: What it takes.
        output: The type of what it gives.
    """

    name: Text
    description: Text = ""
    parameters: tuple[Parameter, ...] = ()
    output: Text = ""

    @property
    def title(self) -> str:
        """Its name in words."""
        return self.name.replace("_", " ").strip()


@dataclass(frozen=True)
class Library:
    """Functions of which solutions are written.

    Attributes:
        name: Of the library.
        routines: What is known of each function, by its name.
        functions: The functions, by their names.
        constants: Values that solutions may name, by their names.
        constant_types: The types of these, by their names.
    """

    name: str
    routines: Mapping[str, Routine]
    functions: Mapping[str, Callable[..., Any]]
    constants: Mapping[str, Any] = field(default_factory=dict)
    constant_types: Mapping[str, str] = field(default_factory=dict)


def library_of(
    name: str,
    functions: Iterable[Callable[..., Any]],
    constants: Mapping[str, tuple[str, Any]] | None = None,
) -> Library:
    """The library of `functions`, by their annotations and docstrings (Google's style).

    Args:
        name: Of the library.
        functions: Each with all its parameters and its result annotated.
        constants: Types and values that solutions may name, by their names.

    Raises:
        InvalidInput: two have one name, or a parameter or result has no type.
    """
    routines: dict[str, Routine] = {}
    known: dict[str, Callable[..., Any]] = {}
    for function in functions:
        routine = routine_of(function)
        if routine.name in routines:
            raise InvalidInput(f"library {name!r} has two routines {routine.name!r}", "rename one")
        routines[routine.name], known[routine.name] = routine, function
    given = constants or {}
    return Library(
        name,
        routines,
        known,
        {name: value for name, (_, value) in given.items()},
        {name: type for name, (type, _) in given.items()},
    )


def routine_of(function: Callable[..., Any]) -> Routine:
    """What annotations and docstring say of a function.

    Raises:
        InvalidInput: a parameter or the result has no type.
    """
    signature = inspect.signature(function)
    name = str(getattr(function, "__name__", ""))
    if any(not _typed(one.annotation) for one in (*signature.parameters.values(),)) or not _typed(
        signature.return_annotation
    ):
        raise InvalidInput(
            f"routine {name!r} does not say the type of all that it takes and gives", "annotate it"
        )
    head, described = _documented(function)
    return Routine(
        name=name,
        description=head,
        parameters=tuple(
            Parameter(name=one.name, type=_written(one.annotation), description=described.get(one.name, ""))
            for one in signature.parameters.values()
        ),
        output=_written(signature.return_annotation),
    )


def _typed(annotation: Any) -> bool:
    return annotation is not inspect.Parameter.empty


def _written(annotation: Any) -> str:
    """An annotation as it is written in the source, whether that was evaluated or not."""
    if isinstance(annotation, str):
        return ast.unparse(ast.parse(annotation, mode="eval"))
    return (
        str(getattr(annotation, "__name__", annotation)) if isinstance(annotation, type) else str(annotation)
    )


_ARGUMENT = re.compile(r"^(?:    )?(\w+):\s+(.*)$")


def _documented(function: Callable[..., Any]) -> tuple[str, dict[str, str]]:
    """The first sentence or paragraph of a docstring, and what it says of each argument."""
    lines = (inspect.getdoc(function) or "").splitlines()
    head = _paragraph(lines)
    described: dict[str, str] = {}
    if "Args:" in lines:
        for line in lines[lines.index("Args:") + 1 :]:
            if not line.startswith(" "):
                break
            found = _ARGUMENT.match(line)
            if found:
                described[found[1]] = found[2].strip()
            elif described:
                described[list(described)[-1]] += f" {line.strip()}"
    return head, described


def _paragraph(lines: list[str]) -> str:
    end = lines.index("") if "" in lines else len(lines)
    return " ".join(" ".join(lines[:end]).split())


_registered: dict[str, Library] = {}


def register(library: Library) -> Library:
    """Make a library known by its name in this process: before a memory is opened that names it.

    Raises:
        InvalidInput: its name is none by which it could be asked for.
    """
    if not library.name or ":" in library.name:
        raise InvalidInput(f"a library cannot be called {library.name!r}", "give it a name without a colon")
    _registered[library.name] = library
    return library


def library(name: str) -> Library:
    """The library that this process registered, or an installed package has, under `name`.

    Raises:
        InvalidInput: there is none of that name.
    """
    return plugins.factory("library of routines", name, _registered, GROUP)[0]

"""Terms: programs of one expression over a library, their text and their value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from agentmem.stores.concept.routines import Library

_LINE = 95
"""Characters that a line of a written program has at most, where it can be broken by naming its parts."""


@dataclass(frozen=True, slots=True)
class Term:
    """An expression.

    Attributes:
        name: Of the input, of a constant, or of a routine.
        arguments: None: the thing of that name itself. Else the routine applied to them; where one is None,
            its parameter stays open, and the term is a function of these.
    """

    name: str
    arguments: tuple[Term | None, ...] | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is a routine of whose parameters some are filled and some are open."""
        return self.arguments is not None and None in self.arguments

    @property
    def applications(self) -> int:
        """How many routines it applies."""
        return sum(1 for one in self.parts() if one.arguments is not None)

    def parts(self) -> Iterator[Term]:
        """Itself and all that it is made of, the innermost first."""
        for argument in self.arguments or ():
            if argument is not None:
                yield from argument.parts()
        yield self


@dataclass(frozen=True)
class Signature:
    """What a program is: a function of one parameter, written over the names of a module.

    Attributes:
        parameter: The name of its parameter, which is also that of the input in terms.
        parameter_type: The type of the input.
        output: The type of the result.
        function: Its name.
        module: The module that its routines, constants and types are imported from.
    """

    parameter: str
    parameter_type: str
    output: str
    function: str = "transform"
    module: str = ""


def value(term: Term, library: Library, signature: Signature, given: Any) -> Any:
    """What a term is for the input `given`; whatever its routines raise is raised."""
    if term.arguments is None:
        if term.name == signature.parameter:
            return given
        if term.name in library.constants:
            return library.constants[term.name]
        return library.functions[term.name]
    filled = tuple(None if one is None else value(one, library, signature, given) for one in term.arguments)
    function = library.functions[term.name]
    return closed(function, term.arguments, filled) if term.is_open else function(*filled)


def closed(
    function: Callable[..., Any], shape: tuple[Term | None, ...], filled: tuple[Any, ...]
) -> Callable[..., Any]:
    """The function of what stays open in `shape`; the rest is `filled`, both by position."""
    places = tuple(place for place, one in enumerate(shape) if one is None)

    def opened(*given: Any) -> Any:
        arguments = list(filled)
        for place, one in zip(places, given, strict=True):
            arguments[place] = one
        return function(*arguments)

    return opened


def program(term: Term, library: Library, signature: Signature) -> str:
    """The text of a program: its imports, and a function that returns the term.

    What stands in the term more than once, and what makes its line too long, has a line of its own.
    """
    names = {one.name for one in term.parts()} - {signature.parameter}
    names |= {signature.parameter_type, signature.output} & _plain(signature)
    head = (
        f"from {signature.module} import {', '.join(sorted(names, key=_order))}\n\n\n"
        if signature.module
        else ""
    )
    lines = [
        f"def {signature.function}({signature.parameter}: {signature.parameter_type}) -> {signature.output}:",
        *(f"    {line}" for line in _Writer(library, signature, names).lines(term)),
    ]
    return head + "\n".join(lines) + "\n"


def _plain(signature: Signature) -> set[str]:
    """The types of a signature that are a single name, which the module of the routines has."""
    builtin = {"int", "str", "float", "bool", "list", "tuple", "dict", "set", "bytes", "object"}
    return {
        one
        for one in (signature.parameter_type, signature.output)
        if one.isidentifier() and one not in builtin
    }


def _order(name: str) -> tuple[int, str]:
    """As isort orders imported names: constants, classes, functions."""
    return (0 if name.isupper() else 1 if name[:1].isupper() else 2), name


class _Writer:
    """Writes the lines of one function's body."""

    def __init__(self, library: Library, signature: Signature, taken: set[str]) -> None:
        self._library, self._signature = library, signature
        self._taken = taken | {signature.parameter, signature.function}
        self._named: dict[Term, str] = {}
        self._lines: list[str] = []

    def lines(self, term: Term) -> list[str]:
        counts = Counter(one for one in term.parts() if one.arguments is not None and not one.is_open)
        for one in term.parts():
            if one != term and counts[one] > 1 and one not in self._named:
                self._name(one)
        if len(self._text(term)) > _LINE:
            for argument in term.arguments or ():
                if argument is not None and argument.arguments and not argument.is_open:
                    self._name_short(argument)
        return [*self._lines, f"return {self._text(term)}"]

    def _name_short(self, term: Term) -> None:
        """Gives a name to a term, and before to its parts where its own line is too long."""
        if term in self._named:
            return
        if len(self._text(term)) > _LINE:
            for argument in term.arguments or ():
                if argument is not None and argument.arguments and not argument.is_open:
                    self._name_short(argument)
        self._name(term)

    def _name(self, term: Term) -> None:
        number = len(self._named) + 1
        while f"part_{number}" in self._taken:
            number += 1
        name, text = f"part_{number}", self._text(term)
        self._taken.add(name)
        self._named[term] = name
        self._lines.append(f"{name} = {text}")

    def _text(self, term: Term) -> str:
        if term in self._named:
            return self._named[term]
        if term.arguments is None:
            return term.name
        if not term.is_open:
            return f"{term.name}({', '.join(self._text(one) for one in term.arguments if one is not None)})"
        parameters = self._library.routines[term.name].parameters
        given = {
            place: self._free(parameters[place].name)
            for place, one in enumerate(term.arguments)
            if one is None
        }
        inner = ", ".join(
            given[place] if one is None else self._text(one) for place, one in enumerate(term.arguments)
        )
        return f"lambda {', '.join(given.values())}: {term.name}({inner})"

    def _free(self, name: str) -> str:
        while name in self._taken:
            name = f"each_{name}"
        return name

"""Patterns with variables matched with facts: what worlds and strategies both build on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from agentmem.agents.language import Atom

State = frozenset[Atom]
Binding = Mapping[str, str]
"""The objects of variables; variables begin with `?`."""
Pairs = Sequence[tuple[str, str]]
"""Pairs of variables, or of objects."""


def filled(pattern: Atom, binding: Binding) -> Atom:
    """A pattern whose variables are replaced by their objects.

    Raises:
        KeyError: a variable has none.
    """
    return (pattern[0], *(binding[term] if term[0] == "?" else term for term in pattern[1:]))


def bound(pattern: Atom, atom: Atom, binding: Binding) -> dict[str, str] | None:
    """The binding, a given one included, under which a pattern is an atom; none: there is none."""
    if pattern[0] != atom[0] or len(pattern) != len(atom):
        return None
    made = dict(binding)
    for term, given in zip(pattern[1:], atom[1:], strict=True):
        if (made.setdefault(term, given) if term[0] == "?" else term) != given:
            return None
    return made


def equal_as_said(same: Pairs, distinct: Pairs, binding: Binding) -> bool:
    """Whether under a binding the pairs `same` are one object each, and the pairs `distinct` are not."""
    return all(binding.get(left, left) == binding.get(right, right) for left, right in same) and all(
        binding.get(left, left) != binding.get(right, right) for left, right in distinct
    )

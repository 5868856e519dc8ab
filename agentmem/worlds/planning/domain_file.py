"""Reading a PDDL domain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from agentmem.agents.language import Atom
from agentmem.worlds.planning.brackets import Group, Word
from agentmem.worlds.planning.problem import EITHER, ROOT, Action, Domain, Parameter, Predicate
from agentmem.worlds.planning.reading import Reader

_NAMED = 2
"""`:action` and a name."""


def read_domain(text: str, file: str = "domain.pddl") -> Domain:
    """A domain from its PDDL text.

    Args:
        text: The PDDL.
        file: What messages call it.

    Raises:
        FormatError: it is no domain, or says what is not understood; names file and line.
    """
    reader = Reader(file)
    known = (":requirements", ":types", ":constants", ":predicates", ":action")
    title, sections = reader.sections(text, "domain", known)
    types: dict[str, str] = {}
    constants: dict[str, str] = {}
    predicates: dict[str, Predicate] = {}
    actions: dict[str, Action] = {}
    domain = Domain(title.text, types, constants, predicates, actions)
    for section in _of(sections, ":types"):
        _read_types(reader, section, types)
    for section in _of(sections, ":constants"):
        for word, kind in reader.typed(section.items[1:], types):
            reader.declare(word, "constant", kind, constants)
    for section in _of(sections, ":predicates"):
        for item in section.items[1:]:
            if isinstance(item, Word) or not item.items:
                raise reader.fault(item.line, "a predicate stands in brackets", "write `(on ?a ?b)`")
            word = reader.word(item.items[0], "a predicate")
            parameters = _parameters(reader, item.items[1:], types)
            reader.declare(word, "predicate", Predicate(word.text, parameters), predicates)
    for section in _of(sections, ":action"):
        word, action = _read_action(reader, section, domain)
        reader.declare(word, "action", action, actions)
    if not actions:
        raise reader.fault(title.line, f"the domain `{title.text}` has no action", "add `(:action …)`")
    return domain


def _read_types(reader: Reader, section: Group, types: dict[str, str]) -> None:
    listed = reader.typed(section.items[1:], None)
    for word, parent in listed:
        if EITHER in parent:
            raise reader.fault(word.line, f"the type `{word.text}` has two parents", "give it one")
        if word.text != ROOT:
            reader.declare(word, "type", parent, types)
    for word, parent in listed:
        if parent != ROOT:
            types.setdefault(parent, ROOT)
        above = [word.text]
        while above[-1] in types:
            above.append(types[above[-1]])
            if above[-1] == word.text:
                raise reader.fault(word.line, f"the type `{word.text}` is below itself", "break the circle")


def _parameters(
    reader: Reader, items: Iterable[Word | Group], types: Mapping[str, str]
) -> tuple[Parameter, ...]:
    found: dict[str, Parameter] = {}
    for word, kind in reader.typed(items, types):
        if not word.text.startswith("?"):
            raise reader.fault(
                word.line, f"the parameter `{word.text}` begins with no `?`", "write `?a - type`"
            )
        reader.declare(word, "parameter", Parameter(word.text, kind), found)
    return tuple(found.values())


def _read_action(reader: Reader, section: Group, domain: Domain) -> tuple[Word, Action]:
    if len(section.items) < _NAMED:
        raise reader.fault(section.line, "an action without a name", "write `(:action NAME …)`")
    name = reader.word(section.items[1], "the name of an action")
    parts: dict[str, Word | Group] = {}
    rest = iter(section.items[2:])
    known = (":parameters", ":precondition", ":effect")
    for item in rest:
        key = reader.word(item, f"in the action `{name.text}`, what stands before a part")
        if key.text not in known:
            raise reader.unknown(f"part of the action `{name.text}`", key, known)
        value = next(rest, None)
        if value is None or (isinstance(value, Word) and value.text in known):
            raise reader.fault(key.line, f"`{key.text}` of the action `{name.text}` is empty")
        reader.declare(key, f"part of the action `{name.text}`", value, parts)
    listed = parts.get(":parameters", Group((), name.line))
    if isinstance(listed, Word):
        raise reader.fault(listed.line, f"the parameters of `{name.text}` stand in brackets")
    parameters = _parameters(reader, listed.items, domain.types)
    scope = {**domain.constants, **{one.name: one.type for one in parameters}}
    nothing = Group((), name.line)
    before = reader.conjunction(parts.get(":precondition", nothing), domain, scope)
    effect = parts.get(":effect", nothing)
    after = reader.conjunction(effect, domain, scope)
    if after.same or after.distinct:
        raise reader.fault(effect.line, "`=` cannot be an effect")
    return name, Action(
        name.text,
        parameters,
        needs=_once(before.holds),
        forbids=_once(before.fails),
        same=tuple(before.same),
        distinct=tuple(before.distinct),
        adds=_once(after.holds),
        deletes=_once(after.fails),
    )


def _of(sections: Iterable[Group], head: str) -> list[Group]:
    return [section for section in sections if section.head == head]


def _once(atoms: list[Atom]) -> tuple[Atom, ...]:
    return tuple(dict.fromkeys(atoms))

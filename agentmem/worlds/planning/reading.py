"""What PDDL domain and problem files share: sections, typed lists, conjunctions; names are checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from agentmem.agents.language import Atom
from agentmem.worlds.planning.brackets import Group, Source, Word, read_brackets
from agentmem.worlds.planning.problem import EITHER, ROOT, Domain, Predicate

TAKEN = (":strips", ":typing", ":negative-preconditions", ":equality")
"""The requirements that are understood."""
_NOT_TAKEN = {
    "when": "conditional effects",
    "forall": "quantifiers",
    "exists": "quantifiers",
    "or": "disjunctions",
    "imply": "disjunctions",
    "increase": "numbers",
    "decrease": "numbers",
    "assign": "numbers",
    "scale-up": "numbers",
    "scale-down": "numbers",
    "<": "numbers",
    ">": "numbers",
    "<=": "numbers",
    ">=": "numbers",
    "preference": "preferences",
}
_SECTIONS_NOT_TAKEN = {
    ":functions": "numbers",
    ":durative-action": "durations",
    ":derived": "derived predicates",
    ":axiom": "derived predicates",
    ":constraints": "constraints",
    ":metric": "numbers",
    ":process": "processes",
    ":event": "processes",
}
REMEDY = f"what is understood: {' '.join(TAKEN)}"
_PAIR = 2
Declared = TypeVar("Declared")


@dataclass(frozen=True)
class Literals:
    """A conjunction, sorted by kind."""

    holds: list[Atom] = field(default_factory=list)
    fails: list[Atom] = field(default_factory=list)
    same: list[tuple[str, str]] = field(default_factory=list)
    distinct: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Reader(Source):
    """Reads what domain and problem files share: sections, typed lists, and conjunctions."""

    def sections(self, text: str, kind: str, known: Iterable[str]) -> tuple[Word, list[Group]]:
        """The name of a domain or problem, and its sections.

        Raises:
            FormatError: it is another kind of file, or a section is not one, or not understood.
        """
        _, *items = read_brackets(text, self.file).items
        title = items[0] if items else None
        if not isinstance(title, Group) or len(title.items) != _PAIR:
            raise self.fault(1, f"`(define ({kind} NAME) …)` is wanted", f"give a {kind} file")
        if title.head != kind:
            raise self.fault(
                title.line,
                f"this is a {title.head or 'nameless'} file, no {kind} file",
                "give the domain as domain, and the problem as problem",
            )
        found = []
        for item in items[1:]:
            if isinstance(item, Word) or not item.head.startswith(":"):
                raise self.fault(item.line, "a section is wanted, `(:init …)` and the like")
            if item.head in _SECTIONS_NOT_TAKEN:
                raise self.not_taken(item.line, item.head, _SECTIONS_NOT_TAKEN[item.head])
            if item.head not in known:
                raise self.unknown("section", Word(item.head, item.line), known)
            if item.head == ":requirements":
                self._requirements(item)
            found.append(item)
        return self.word(title.items[1], "a name"), found

    def not_taken(self, line: int, word: str, what: str) -> Exception:
        """The error of what PDDL has, and this does not take."""
        return self.fault(line, f"`{word}` ({what}) is not understood", REMEDY)

    def _requirements(self, section: Group) -> None:
        for item in section.items[1:]:
            word = self.word(item, "a requirement")
            if word.text not in TAKEN:
                raise self.fault(word.line, f"the requirement `{word.text}` is not understood", REMEDY)

    def typed(self, items: Iterable[Word | Group], types: Mapping[str, str] | None) -> list[tuple[Word, str]]:
        """A typed list: each name with its type; types are checked where `types` has them."""
        found: list[tuple[Word, str]] = []
        waiting: list[Word] = []
        rest = iter(items)
        for item in rest:
            word = self.word(item, "what stands in a list of names")
            if word.text != "-":
                waiting.append(word)
                continue
            of = next(rest, None)
            if of is None or not waiting:
                raise self.fault(word.line, "a `-` stands between names and their type", "write `a b - type`")
            found += [(name, self._type(of, types)) for name in waiting]
            waiting = []
        return found + [(name, ROOT) for name in waiting]

    def _type(self, item: Word | Group, types: Mapping[str, str] | None) -> str:
        if isinstance(item, Group):
            if item.head != "either" or len(item.items) < _PAIR:
                raise self.fault(item.line, "a type is a name, or `(either a b)`")
            return EITHER.join(dict.fromkeys(self._type(one, types) for one in item.items[1:]))
        if types is not None and item.text not in types and item.text != ROOT:
            raise self.unknown("type", item, [*types, ROOT], "declare it in `(:types …)`")
        return item.text

    def declare(self, word: Word, what: str, value: Declared, into: dict[str, Declared]) -> None:
        """Put a value under a name that is not taken yet.

        Raises:
            FormatError: it is.
        """
        if word.text in into:
            raise self.fault(word.line, f"the {what} `{word.text}` is declared twice", "remove one")
        into[word.text] = value

    def conjunction(self, item: Word | Group, domain: Domain, scope: Mapping[str, str]) -> Literals:
        """What a precondition, an effect or a goal says.

        Args:
            item: It.
            domain: With the predicates that it may name.
            scope: The types of the variables and objects that it may name.

        Raises:
            FormatError: it says what is not understood, or names what is not declared.
        """
        found = Literals()
        self._literals(item, domain, scope, found, holds=True)
        return found

    def _literals(
        self, item: Word | Group, domain: Domain, scope: Mapping[str, str], found: Literals, *, holds: bool
    ) -> None:
        if isinstance(item, Word):
            raise self.fault(item.line, f"`{item.text}` is no condition", f"write `({item.text} …)`")
        parts = item.items[1:]
        if not item.items:
            return
        if item.head == "and" and holds:
            for one in parts:
                self._literals(one, domain, scope, found, holds=True)
        elif item.head == "not" and len(parts) == 1:
            self._literals(parts[0], domain, scope, found, holds=not holds)
        elif item.head == "not":
            raise self.fault(item.line, "`not` takes one condition")
        elif item.head == "and":
            raise self.not_taken(item.line, "(not (and …))", "disjunctions")
        elif item.head in _NOT_TAKEN and item.head not in domain.predicates:
            raise self.not_taken(item.line, item.head, _NOT_TAKEN[item.head])
        elif item.head == "=":
            if any(isinstance(one, Group) for one in parts):
                raise self.not_taken(item.line, "(= (…) …)", "numbers")
            if len(parts) != _PAIR:
                raise self.fault(item.line, "`=` takes two arguments")
            left, right = (self.term(one, scope)[0] for one in parts)
            (found.same if holds else found.distinct).append((left, right))
        else:
            (found.holds if holds else found.fails).append(self.atom(item, domain, scope))

    def atom(self, item: Group, domain: Domain, scope: Mapping[str, str]) -> Atom:
        """An atom whose predicate, arity and types are checked."""
        head, *arguments = item.items
        name = self.word(head, "a predicate")
        predicate = domain.predicates.get(name.text)
        if predicate is None:
            raise self.unknown("predicate", name, domain.predicates, "declare it in `(:predicates …)`")
        if len(arguments) != predicate.arity:
            raise self.fault(
                name.line,
                f"`{name.text}` takes {_counted(predicate.arity)}, here "
                f"{'is' if len(arguments) == 1 else 'are'} {len(arguments)}",
                _shown(predicate),
            )
        terms = [self.term(one, scope) for one in arguments]
        for (term, kind), parameter, argument in zip(terms, predicate.parameters, arguments, strict=True):
            if not domain.fits(kind, parameter.type):
                raise self.fault(
                    argument.line,
                    f"`{term}` is of type {kind}, and `{name.text}` takes the type {parameter.type} there",
                    _shown(predicate),
                )
        return (name.text, *(term for term, _ in terms))

    def term(self, item: Word | Group, scope: Mapping[str, str]) -> tuple[str, str]:
        """A variable or an object, and its type."""
        word = self.word(item, "an argument")
        if word.text not in scope:
            if word.text.startswith("?"):
                raise self.unknown("parameter", word, scope, "name it in `:parameters`")
            raise self.unknown("object", word, scope, "declare it in `(:objects …)` or `(:constants …)`")
        return word.text, scope[word.text]


def _counted(arity: int) -> str:
    return {0: "no argument", 1: "one argument"}.get(arity, f"{arity} arguments")


def _shown(predicate: Predicate) -> str:
    slots = (f"{one.name} - {one.type}" for one in predicate.parameters)
    return f"it is declared as `({' '.join([predicate.name, *slots])})`"

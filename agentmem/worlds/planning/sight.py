"""What can be seen: rules that say when a fact is, as data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from agentmem.agents.language import Atom
from agentmem.agents.matching import Binding, State, bound, filled
from agentmem.worlds.planning.facts import Facts, joined


@dataclass(frozen=True)
class SightRule:
    """When facts can be seen, and that they fail too.

    Attributes:
        fact: A pattern of them: ("at", "?ball", "?room").
        when: Patterns that must hold, of the same variables and of others.
        unless: Patterns that must not hold, of the variables of `fact` and `when`.
    """

    fact: Atom
    when: tuple[Atom, ...] = ()
    unless: tuple[Atom, ...] = ()

    def met(self, facts: Facts, binding: Binding, also: tuple[Atom, ...] = ()) -> Iterable[Binding]:
        """The bindings under which the rule applies, and `also` holds."""
        for found in joined((*also, *self.when), facts, binding):
            if not any(filled(one, found) in facts for one in self.unless):
                yield found


class Sight:
    """Tells of a world what can be seen now. Facts of a predicate without rules always can.

    Args:
        rules: They; where a predicate has several, any will do.
    """

    def __init__(self, rules: Iterable[SightRule] = ()) -> None:
        self._rules: dict[str, list[SightRule]] = {}
        for rule in rules:
            self._rules.setdefault(rule.fact[0], []).append(rule)

    def sees(self, atom: Atom, facts: Facts) -> bool:
        """Whether it can be seen that an atom holds or fails, where `facts` holds."""
        rules = self._rules.get(atom[0])
        if rules is None:
            return True
        fitting = ((rule, bound(rule.fact, atom, {})) for rule in rules)
        return any(True for rule, given in fitting if given is not None for _ in rule.met(facts, given))

    def seen(self, state: State, facts: Facts) -> set[Atom]:
        """All facts of a state that can be seen; `facts`: the same state, to be looked up."""
        return {atom for atom in state if atom[0] not in self._rules} | self.uncovered(facts)

    def uncovered(self, facts: Facts) -> set[Atom]:
        """The facts that can be seen by a rule: those that could be out of sight."""
        every = (rule for rules in self._rules.values() for rule in rules)
        return {filled(rule.fact, found) for rule in every for found in rule.met(facts, {}, (rule.fact,))}

"""Why an action cannot be carried out, in plain language, telling nothing that cannot be seen."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

from agentmem.agents.language import SLOT, Atom, Language
from agentmem.agents.matching import Binding, bound, filled
from agentmem.worlds.planning.facts import Facts, joined, natural
from agentmem.worlds.planning.problem import PlanningProblem
from agentmem.worlds.planning.sight import Sight

UNSEEN = "That cannot be done now; something is in the way."
OFFERED = 3
"""How many actions are offered for what is none: those that are written most alike."""
QUOTED = 80
"""Characters of what is no action that are quoted."""


class Explainer:
    """Says what is wrong with an action.

    Args:
        problem: Whose actions they are.
        language: How they are written.
        sight: What can be seen.
    """

    def __init__(self, problem: PlanningProblem, language: Language, sight: Sight) -> None:
        self._problem = problem
        self._language = language
        self._sight = sight

    def form(self, name: str) -> str:
        """How an action is written, with types for its arguments."""
        parameters = self._problem.domain.actions[name].parameters
        return SLOT.sub(lambda slot: f"<{parameters[int(slot[1])].type}>", self._language.actions[name])

    def unread(self, text: str) -> str:
        """What to say of a text that is no action."""
        forms = {name: self.form(name) for name in self._problem.domain.actions}
        for name, template in self._language.actions.items():
            parts = [re.escape(part) for part in SLOT.split(template)[::2]]
            found = re.fullmatch("(.+?)".join(parts), text.strip().rstrip("."), re.IGNORECASE)
            if found is not None:
                known = {one.lower(): one for one in map(self._language.shown, self._problem.objects)}
                for given in found.groups():
                    if given.lower() not in known and given.lower() not in self._problem.objects:
                        near = difflib.get_close_matches(given.lower(), known, n=1)
                        hint = f" Did you mean {known[near[0]]}?" if near else ""
                        return f"There is no {given}.{hint}"
                return f"This action is written: {forms[name]}"
        said = text.strip() if len(text) <= QUOTED else f"{text.strip()[:QUOTED]}…"
        by_words = {_words(form): form for form in forms.values()}
        near = difflib.get_close_matches(_words(text), by_words, n=OFFERED, cutoff=0)
        return f'"{said}" is no action. Actions are written: {"; ".join(by_words[one] for one in near)}'

    def refused(self, name: str, given: Binding, facts: Facts) -> tuple[str, tuple[Atom, bool] | None]:
        """What to say of an action that does not apply, and the fact that is told by it.

        Args:
            name: Of the action.
            given: The objects of its parameters, as far as they are written.
            facts: What holds.
        """
        action, shown = self._problem.domain.actions[name], self._language.shown
        for one in action.parameters:
            if one.name in given and given[one.name] not in self._problem.members(one.type):
                return f"That cannot be done: {shown(given[one.name])} is no {one.type}.", None
        for pairs, wanted in ((action.same, True), (action.distinct, False)):
            for pair in pairs:
                left, right = (given.get(term, term) for term in pair)
                if not left.startswith("?") and not right.startswith("?") and (left == right) != wanted:
                    fault = (
                        f"{shown(left)} is not {shown(right)}"
                        if wanted
                        else f"{shown(left)} is the same twice"
                    )
                    return f"That cannot be done: {fault}.", None
        for atom, holds in self._failing(action.needs, action.forbids, given, facts):
            if self._sight.sees(atom, facts):
                return f"That cannot be done: {self._language.fact(atom, holds)}", (atom, holds)
        return UNSEEN, None

    def _failing(
        self, needs: Iterable[Atom], forbids: Iterable[Atom], given: Binding, facts: Facts
    ) -> Iterable[tuple[Atom, bool]]:
        """The facts that stand against an action, and whether they hold.

        Arguments that are not written are those of the first fact that fits and can be seen: with others, an
        answer would tell what cannot.
        """
        binding = given
        for pattern in needs:
            if _known(pattern, binding):
                if filled(pattern, binding) not in facts:
                    yield filled(pattern, binding), False
                continue
            found = (filled(pattern, one) for one in joined([pattern], facts, binding))
            seen = min((atom for atom in found if self._sight.sees(atom, facts)), key=natural, default=None)
            binding = (seen and bound(pattern, seen, binding)) or binding
        for pattern in forbids:
            if _known(pattern, binding) and filled(pattern, binding) in facts:
                yield filled(pattern, binding), True


def _known(pattern: Atom, binding: Binding) -> bool:
    return all(term in binding for term in pattern[1:] if term.startswith("?"))


def _words(text: str) -> str:
    return re.sub(r"<[^>]*>", "", text.lower()).strip()

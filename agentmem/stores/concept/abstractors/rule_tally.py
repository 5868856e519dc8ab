"""What a batch makes of rules, counted: a vote for each rule, the last thing that is said of it."""

from __future__ import annotations

from collections.abc import Sequence

from agentmem.stores.concept.abstractors.base import Draft
from agentmem.stores.concept.abstractors.refusing import refused
from agentmem.stores.concept.naming import normal
from agentmem.stores.concept.operations import Refuse, Revise, State, Use, Vote
from agentmem.stores.concept.problems import Problem

MOST_VOTES = 2
"""Votes that one operation may give or take."""


class Tally:
    """Gathers what is said of rules, in the order in which it is said."""

    def __init__(self) -> None:
        self._added: dict[str, tuple[str, dict[Problem, None]]] = {}
        self._votes: dict[str, int] = {}
        self._from: dict[str, dict[Problem, None]] = {}
        self._edits: dict[str, tuple[str, tuple[Problem, ...]]] = {}
        self._refused: list[Draft] = []

    def add(self, text: str, problems: Sequence[Problem]) -> None:
        """A new rule; the same words again are one."""
        _, sources = self._added.setdefault(normal(text), (text, {}))
        sources.update(dict.fromkeys(problems))

    def vote(self, rule: str, value: int, problems: Sequence[Problem]) -> None:
        """For or against a rule, by its id."""
        self._votes[rule] = self._votes.get(rule, 0) + value
        self._from.setdefault(rule, {}).update(dict.fromkeys(problems))

    def edit(self, rule: str, text: str, problems: Sequence[Problem]) -> None:
        """Other words for a rule, which count as a vote for it; of several, the first are taken."""
        taken = [*(words for words, _ in self._edits.values()), *(words for words, _ in self._added.values())]
        if rule in self._edits or normal(text) in map(normal, taken):
            self.refuse(
                refused(problems[0], "conflict", text, "other words were given, in the same batch"), problems
            )
            return
        self._edits[rule] = (text, tuple(problems))
        self.vote(rule, 1, problems)

    def refuse(self, refusal: Refuse, problems: Sequence[Problem]) -> None:
        """What was not let through."""
        self._refused.append(Draft(refusal, tuple(problems)))

    def drafts(self) -> list[Draft]:
        """The operations: words first, then what is used, then votes, then what is new, then refusals."""
        made = [Draft(Revise(node=rule, title=text), some) for rule, (text, some) in self._edits.items()]
        for rule, sources in self._from.items():
            if self._votes[rule] > 0:
                made += [Draft(Use(problem=one.id, nodes=(rule,)), (one,)) for one in sources]
        for rule, votes in self._votes.items():
            value = max(-MOST_VOTES, min(MOST_VOTES, votes))
            made += [Draft(Vote(node=rule, value=value), tuple(self._from[rule]))] if value else []
        for text, sources in self._added.values():
            used_in = tuple(one.id for one in sources)
            made.append(Draft(State(form="rule", title=text, used_in=used_in), tuple(sources)))
        return [*made, *self._refused]

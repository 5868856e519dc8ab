"""Counted rules by a language model (ExpeL): successes and failures are compared with the rules there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal

from pydantic import Field, field_validator

from agentmem.fence import fence
from agentmem.models.base import user
from agentmem.stores.concept.abstractors.base import Draft, Memory
from agentmem.stores.concept.abstractors.by_model import ByModel
from agentmem.stores.concept.abstractors.refusing import refused
from agentmem.stores.concept.abstractors.repairing import Answers, Repairs
from agentmem.stores.concept.abstractors.rule_tally import Tally
from agentmem.stores.concept.asking import (
    Said,
    ask,
    fenced,
    listed,
    meant,
    one_line,
    render,
    window_of,
)
from agentmem.stores.concept.entry import Concept
from agentmem.stores.concept.gates import Fault, faults
from agentmem.stores.concept.naming import normal
from agentmem.stores.concept.operations import LONGEST_TITLE, State
from agentmem.stores.concept.problems import Problem

MOST = 4
"""Operations of an answer at most (ExpeL, appendix: "at most 4 operations")."""
TRACES = 4
"""Traces that one prompt compares."""
Verb = Literal["add", "agree", "edit", "remove"]


class RuleSaid(Said):
    """One operation on the rules, as a model says it."""

    operation: Verb = "add"
    rule: str = ""
    text: str = ""

    @field_validator("operation", mode="before")
    @classmethod
    def _operation(cls, given: Any) -> Any:
        word = given.strip().lower() if isinstance(given, str) else given
        return {"upvote": "agree", "downvote": "remove", "delete": "remove"}.get(word, word)


class RulesSaid(Said):
    """What a model answers."""

    operations: list[RuleSaid] = Field(max_length=MOST)


ANSWERS: Answers[RulesSaid, RuleSaid] = Answers(
    RulesSaid,
    lambda said: said.operations,
    lambda operations: RulesSaid(operations=operations),
    lambda one: one.text or one.rule,
)


class RuleAbstractor(ByModel):
    """A model compares traces with the rules there are: add, agree, edit, remove (ExpeL, section 4.2).

    What it answers is counted without it: a rule begins with two votes, agreeing and editing give one more,
    removing takes one, and a rule without votes leaves the memory. A batch counts as a whole.
    """

    heeds_failures = True

    def abstract(self, problems: Sequence[Problem], memory: Memory) -> list[Draft]:
        """See `Abstractor`.

        Raises:
            Unavailable: the model does not answer.
            InvalidInput: a prompt does not fit its window.
        """
        tally = Tally()
        told = [one for one in problems if one.text.strip() or one.solution.strip()]
        for some in together(told):
            self._compare(some, memory, tally)
        return tally.drafts()

    def _compare(self, problems: Sequence[Problem], memory: Memory, tally: Tally) -> None:
        about = "\n".join(one.text for one in problems)
        near = memory.shortlist(about, self._prompts.shortlist) if about.strip() else []
        held = [one for one in near if one.form == "rule"]
        lines = listed(held, self._tokens(self._prompts.known), self._prompts, label="R")
        held = held[: len(lines)]
        prompt = self._prompt(problems, lines)
        tokens = self._tokens(self._prompts.answer)
        answer = ask(self._model, [user(prompt)], RulesSaid, tokens)
        if isinstance(answer, str):
            tally.refuse(refused(problems[0], "answer", "", answer), problems)
            return
        kept = Repairs(self._model, prompt, ANSWERS, tokens).until_sound(
            answer.operations, lambda one: self._faults(one, problems, held), self._prompts.repairs
        )
        for one in kept.sound:
            self._count(one, problems, held, memory, tally)
        for one, wrong in kept.faulty:
            tally.refuse(refused(problems[0], wrong[0].gate, ANSWERS.called(one), wrong[0].reason), problems)

    def _prompt(self, problems: Sequence[Problem], lines: Sequence[str]) -> str:
        room = len(problems)
        traces = [
            {
                "solved": one.solved is not False,
                "problem": fenced(one.text, self._tokens(self._prompts.problem) // room),
                "solution": fenced(one.solution, self._tokens(2 * self._prompts.solution) // room),
            }
            for one in problems
        ]
        return render("rules", most=MOST, rules=fence("\n".join(lines) or "(none)"), traces=traces)

    def _tokens(self, share: float) -> int:
        return int(share * window_of(self._model))

    def _faults(self, one: RuleSaid, problems: Sequence[Problem], held: Sequence[Concept]) -> list[Fault]:
        found = []
        if one.operation in ("add", "edit"):
            title = _text(one)
            if not normal(title):
                found.append(Fault(gate="junk", reason=f"{one.operation} has no text"))
            else:
                found += faults(State(form="rule", title=title), problems, self._gates)
        if one.operation != "add" and meant(one.rule or one.text, held, self._prompts) is None:
            known = f"R1 to R{len(held)}" if held else "none"
            name = (one.rule or one.text)[:60]
            found.append(Fault(gate="unknown", reason=f"there is no rule {name!r}: there are {known}"))
        return found

    def _count(
        self,
        one: RuleSaid,
        problems: Sequence[Problem],
        held: Sequence[Concept],
        memory: Memory,
        tally: Tally,
    ) -> None:
        text = _text(one)
        known = memory.named([text], "rule").get(text) if one.operation in ("add", "edit") else None
        rule = None if one.operation == "add" else meant(one.rule or one.text, held, self._prompts)
        if known is not None:  # it stands already: who says it again agrees
            tally.vote(known.id, 1, problems)
        elif rule is None:
            tally.add(text, problems)
        elif one.operation == "edit":
            tally.edit(rule.id, text, problems)
        else:
            tally.vote(rule.id, 1 if one.operation == "agree" else -1, problems)


def together(problems: Sequence[Problem]) -> Iterator[list[Problem]]:
    """Traces that are compared in one prompt: attempts at one problem side by side, few at once."""
    by_name: dict[str, list[Problem]] = {}
    for one in problems:
        by_name.setdefault(one.problem or one.id, []).append(one)
    chunk: list[Problem] = []
    for some in by_name.values():
        for one in some:
            if len(chunk) == TRACES:
                yield chunk
                chunk = []
            chunk.append(one)
    if chunk:
        yield chunk


def _text(one: RuleSaid) -> str:
    return one_line(one.text)[:LONGEST_TITLE].strip()

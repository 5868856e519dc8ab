"""Situations and suggestions by a language model (ArcMemo's OE): a derivation, then what it teaches."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from agentmem.models.base import user
from agentmem.stores.concept.abstractors.base import Draft, Memory
from agentmem.stores.concept.abstractors.by_model import ByModel
from agentmem.stores.concept.abstractors.refusing import refused
from agentmem.stores.concept.abstractors.repairing import Answers
from agentmem.stores.concept.abstractors.stating import statements
from agentmem.stores.concept.asking import Said, fenced, one_line, render, window_of
from agentmem.stores.concept.gates import is_reply
from agentmem.stores.concept.operations import LONGEST_TITLE, Operation, State
from agentmem.stores.concept.problems import Problem

MOST = 6
"""Pairs of an answer at most."""
EXAMPLES = "derive_examples_1"
"""The few-shot examples, by the name of their file: another wording is another file."""
DERIVATION_LINES = 20


class PairSaid(Said):
    """When something applies, and what to do then."""

    situation: str = ""
    suggestion: str = ""


class PairsSaid(Said):
    """What a model answers."""

    pairs: list[PairSaid] = Field(max_length=MOST)


ANSWERS: Answers[PairsSaid, PairSaid] = Answers(
    PairsSaid, lambda said: said.pairs, lambda pairs: PairsSaid(pairs=pairs), lambda pair: pair.situation
)


class OpenEndedAbstractor(ByModel):
    """A model reconstructs how a solution was found, and says what it teaches (ArcMemo, open-ended).

    It is written without looking at what is stored: the same situation again adds to what stands there.
    """

    heeds_failures = False

    def abstract(self, problems: Sequence[Problem], memory: Memory) -> list[Draft]:
        """See `Abstractor`.

        Raises:
            Unavailable: the model does not answer.
            InvalidInput: a prompt does not fit its window.
        """
        return [Draft(operation, (problem,)) for problem in problems for operation in self._of(problem)]

    def _of(self, problem: Problem) -> list[Operation]:
        if not problem.solution.strip():
            return [refused(problem, "empty", "", "there is no solution to learn from")]
        room = self._tokens(self._prompts.problem)
        shown = {
            "problem": fenced(problem.text, room),
            "solution": fenced(problem.solution, self._tokens(self._prompts.solution)),
        }
        derived = self._model.complete(
            [user(render("derivation", lines=DERIVATION_LINES, **shown))],
            max_tokens=self._tokens(self._prompts.solution),
        ).text.strip()
        examples = render(EXAMPLES).strip()
        prompt = render(
            "derive",
            most=MOST,
            examples=examples,
            problem=shown["problem"],
            derivation=fenced(
                problem.solution if not derived or is_reply(derived) else derived,
                self._tokens(self._prompts.solution),
            ),
        )
        return statements(
            self._model, prompt, ANSWERS, _stated, problem, self._prompts, self._gates, examples
        )

    def _tokens(self, share: float) -> int:
        return int(share * window_of(self._model))


def _stated(pair: PairSaid) -> State:
    title = one_line(pair.situation)[:LONGEST_TITLE].strip()
    return State(form="oe", title=title or None, description=one_line(pair.suggestion))

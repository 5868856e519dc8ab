"""Trials of the judge: right answers that it should accept, and wrong ones that it should refuse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agentmem_bench.answering.cases import Case, Question
from agentmem_bench.answering.metrics import token_f1, words
from agentmem_bench.answering.sampling import drawn

TRIALS = 100
"""Questions at most that the judge is tried on, of those that can be answered and of the others each."""
NEAR_MISS = 0.5
"""Token F1 up to which another question's answer passes for a wrong one; above, it may be half right."""
POLARITY = {"yes", "no"}
"""Answers that share one of these words say the same, whatever their reasons."""
UNKNOWN = "The conversation does not say."


@dataclass(frozen=True)
class Try:
    """An answer to a question, and whether it is right."""

    question: Question
    given: str
    right: bool


def tries(cases: Sequence[Case], chosen: Sequence[Case]) -> list[Try]:
    """What to try the judge on: of a sample of the `chosen` questions a right and a wrong answer each.

    Right is the expected answer, put as a sentence; of a question that cannot be answered, that nobody
    knows. Wrong is the trap that the data name, or the answer to another question of the same category:
    of the same conversation where there is one, and the one with the most words in common, so that a wrong
    date is a date, or else as many words. Such an answer is left out if it has too many words in common, or
    all of either. By chance a few of them are right all the same.
    """
    homes = {question.id: place for place, case in enumerate(cases) for question in case.questions}
    everything = [question for case in cases for question in case.questions]
    asked = [question for case in chosen for question in case.questions]
    made: list[Try] = []
    for abstention in (False, True):
        for question in drawn([each for each in asked if each.abstention == abstention], TRIALS):
            right = UNKNOWN if abstention else _sentence(question.gold)
            made.append(Try(question, right, right=True))
            wrong = question.trap or _near_miss(question, everything, homes)
            if wrong:
                made.append(Try(question, _sentence(wrong), right=False))
    return made


def _sentence(answer: str) -> str:
    return f"The answer is: {answer.strip().rstrip('.')}."


def _near_miss(question: Question, everything: Sequence[Question], homes: Mapping[str, int]) -> str:
    """The best wrong answer that another question has; empty if none has."""
    others = [each for each in everything if not each.abstention and _differ(each.gold, question.gold)]
    alike = [each for each in others if each.category == question.category] or others
    length = len(words(question.gold))

    def nearness(other: Question) -> tuple[bool, float, int, str]:
        apart = abs(len(words(other.gold)) - length)
        return homes[other.id] == homes[question.id], token_f1(other.gold, question.gold), -apart, other.id

    return max(alike, key=nearness).gold if alike else ""


def _differ(one: str, other: str) -> bool:
    """Whether one is wrong where the other is right, as far as words can tell."""
    had, wanted = set(words(one)), set(words(other))
    if had <= wanted or wanted <= had or had & wanted & POLARITY:
        return False
    return token_f1(one, other) <= NEAR_MISS

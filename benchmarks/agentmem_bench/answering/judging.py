"""The judge: whether an answer says what was expected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel

from agentmem.models import Usage
from agentmem_bench.answering.cases import Question
from agentmem_bench.answering.prompting import prompt
from agentmem_bench.asking import Asker

Verdict = Literal["correct", "incorrect", "abstained", "failed"]
"""`failed`: the model that was to answer, or the judge, gave nothing that can be used."""

JUDGEMENT_TOKENS = 256


class Judgement(BaseModel):
    """What a judge says of an answer to a question that can be answered."""

    reason: str
    verdict: Literal["correct", "incorrect", "abstained"]


class AbstentionJudgement(Judgement):
    """What a judge says of an answer to a question that cannot be answered."""

    verdict: Literal["incorrect", "abstained"]


@dataclass(frozen=True)
class Judged:
    """A verdict with its reason, and what it cost."""

    verdict: Verdict
    reason: str
    usage: Usage
    seconds: float


def judge(asker: Asker, question: Question, given: str) -> Judged:
    """Let a model decide on the answer `given`."""
    told = prompt(
        "judge", question=question.text, gold=question.gold, abstention=question.abstention, given=given
    )
    schema: type[Judgement] = AbstentionJudgement if question.abstention else Judgement
    said = asker.ask(told, max_tokens=JUDGEMENT_TOKENS, schema=schema)
    if said.value is None:
        return Judged("failed", f"judge: {said.failure}", said.usage, said.seconds)
    return Judged(said.value.verdict, said.value.reason, said.usage, said.seconds)


def accepted(verdict: Verdict, *, abstention: bool) -> bool:
    """Whether a verdict counts for the answer: `correct`, or `abstained` where there is no answer."""
    return verdict == ("abstained" if abstention else "correct")

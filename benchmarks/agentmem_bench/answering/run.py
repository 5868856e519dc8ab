"""The run: the judge is tried, then every question is answered from every memory and judged."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter
from typing import TYPE_CHECKING

from pydantic import BaseModel

from agentmem_bench.answering.cases import Case, Question
from agentmem_bench.answering.contexts import MEMORIES, Memory, memory_of
from agentmem_bench.answering.judging import Judged, judge
from agentmem_bench.answering.metrics import exact_of, f1_of
from agentmem_bench.answering.prompting import prompt
from agentmem_bench.answering.rows import Row, Rows, Trial
from agentmem_bench.answering.trials import Try
from agentmem_bench.asking import Asker, Said
from agentmem_bench.progress import Watch, unwatched

if TYPE_CHECKING:
    from agentmem.config import Settings
    from agentmem.embedders.base import Embedder
    from agentmem.models import ChatModel

ANSWER_TOKENS = 64


def try_judge(tries: Sequence[Try], judging: ChatModel, rows: Rows, watch: Watch = unwatched) -> list[Trial]:
    """Let the judge decide on answers known to be right or wrong; rows that are there are not asked again."""
    asker = Asker(judging)
    done: list[Trial] = []
    for each in tries:
        key = each.question.id, "right" if each.right else "wrong"
        known = rows.trials.get(key)
        if known is None or known.given != each.given:
            rows.add(_trial(each, judge(asker, each.question, each.given)))
        done.append(rows.trials[key])
        watch("trying the judge", len(done), len(tries))
    return done


def answer_all(
    cases: Sequence[Case],
    answering: ChatModel,
    judging: ChatModel,
    budget: int,
    embedder: Embedder,
    settings: Settings,
    rows: Rows,
    watch: Watch = unwatched,
) -> list[Row]:
    """Answer every question from every memory, and have it judged; rows that are there are not asked again.

    A memory is filled when its first question comes up, and freed after its last one.
    """
    answers, judges = Asker(answering), Asker(judging)
    total = len(MEMORIES) * sum(len(case.questions) for case in cases)
    done: list[Row] = []
    for case in cases:
        wanted = [(question, name) for question in case.questions for name in MEMORIES]
        if any((question.id, name) not in rows.answers for question, name in wanted):
            with memory_of(case, budget, embedder, settings) as memory:
                for place, (question, name) in enumerate(wanted):
                    watch("answering", len(done) + place, total)
                    if (question.id, name) not in rows.answers:
                        rows.add(_row(case, question, name, memory, answers, judges))
        done += [rows.answers[question.id, name] for question, name in wanted]
        watch("answering", len(done), total)
    return done


def _trial(tried: Try, judged: Judged) -> Trial:
    return Trial(
        question=tried.question.id,
        right=tried.right,
        abstention=tried.question.abstention,
        given=tried.given,
        verdict=judged.verdict,
        reason=judged.reason,
        usage=judged.usage,
        seconds=judged.seconds,
    )


def _row(case: Case, question: Question, name: str, memory: Memory, answers: Asker, judges: Asker) -> Row:
    began = perf_counter()
    shown = memory.show(name, question)
    showing = perf_counter() - began
    now = f"{case.at:%d %B %Y, %H:%M}" if case.at else ""
    said: Said[BaseModel] = answers.ask(
        prompt("answer", context=shown.text, at=now, question=question.text), max_tokens=ANSWER_TOKENS
    )
    usage, seconds = {"answer": said.usage}, {"context": showing, "answer": said.seconds}
    if said.failure:
        judged = Judged("failed", f"answer: {said.failure}", said.usage, 0.0)
    else:
        judged = judge(judges, question, said.text)
        usage["judge"], seconds["judge"] = judged.usage, judged.seconds
    return Row(
        question=question.id,
        memory=name,
        category=question.category,
        abstention=question.abstention,
        text=question.text,
        gold=question.gold,
        context=shown.text,
        tokens=shown.tokens,
        citations=shown.citations,
        answer=said.text,
        verdict=judged.verdict,
        reason=judged.reason,
        f1=f1_of(question, said.text),
        exact=exact_of(question, said.text),
        usage=usage,
        seconds=seconds,
    )

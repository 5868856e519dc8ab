"""The whole measurement: the judge is tried, questions are answered and judged, all of it is counted."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

from agentmem.config import Settings
from agentmem.models import open_model
from agentmem_bench.answering.cases import Case
from agentmem_bench.answering.options import Options
from agentmem_bench.answering.prompting import PACKAGE
from agentmem_bench.answering.result import paired, summary
from agentmem_bench.answering.rows import Header, Rows
from agentmem_bench.answering.run import answer_all, try_judge
from agentmem_bench.answering.sampling import SEED, sampled
from agentmem_bench.answering.trials import tries
from agentmem_bench.asking import prompts_hash
from agentmem_bench.bootstrap import DRAWS, LEVEL
from agentmem_bench.progress import Watch, unwatched
from agentmem_bench.provenance import provenance

if TYPE_CHECKING:
    from agentmem.embedders.base import Embedder


def measure(
    benchmark: str,
    cases: Sequence[Case],
    sha256: str,
    options: Options,
    *,
    embedder: Embedder | None = None,
    settings: Settings | None = None,
    watch: Watch = unwatched,
) -> dict[str, Any]:
    """Run the benchmark of answers.

    Args:
        benchmark: Its name; part of the result's schema.
        cases: Conversations and questions.
        sha256: Of the file they come from.
        options: Models, budget, sample, file of rows.
        embedder: An embedder; none: the one that the settings name.
        settings: Settings; none: those of the environment.
        watch: Told how far it is.

    Returns:
        The result as docs/benchmarks.md describes it, but for what only the caller knows: `split`, the file.

    Raises:
        InvalidInput: an unknown model, or rows of another run.
        FormatError: the file of rows holds something else.
        Unavailable: a model is not there.
    """
    settings = settings or Settings()
    if embedder is None:
        from agentmem.embedders import open_embedder

        embedder = open_embedder(settings)
    answering = open_model(settings, options.answer)
    judging = answering if options.judge == options.answer else open_model(settings, options.judge)
    header = Header(
        benchmark=benchmark,
        data=sha256,
        answer=options.answer,
        judge=options.judge,
        prompts=prompts_hash(PACKAGE),
        budget=options.budget,
        embedder=embedder.name,
    )
    chosen = sampled(cases, options.questions)
    trying = tries(cases, chosen)
    with closing(Rows(header, options.rows)) as rows:
        before = len(rows.answers) + len(rows.trials)
        trials = try_judge(trying, judging, rows, watch)
        answers = answer_all(chosen, answering, judging, options.budget, embedder, settings, rows, watch)
    return {
        "schema": f"agentmem.bench.{benchmark}.answers/1",
        "run": {
            **header.model_dump(exclude={"kind", "format", "benchmark", "data"}),
            "of": sum(len(case.questions) for case in cases),
            "questions": sum(len(case.questions) for case in chosen),
            "sampled": options.questions,
            "rows": len(answers) + len(trials),
            "resumed": before,
        },
        "answers": summary(answers, trials),
        "bootstrap": {"draws": DRAWS, "level": LEVEL, "method": "percentile, over questions"},
        **provenance(SEED),
        "paired": paired(answers).told(),
    }

"""What the recalls amount to: metrics of sessions and turns, the ablation, time, as one JSON document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from agentmem.config import Settings
from agentmem.errors import FormatError
from agentmem_bench.bootstrap import DRAWS, LEVEL, SEED
from agentmem_bench.longmemeval.data import Dataset, History
from agentmem_bench.longmemeval.format import REMEDY
from agentmem_bench.longmemeval.runs import recall_all
from agentmem_bench.milliseconds import milliseconds
from agentmem_bench.paired import Paired
from agentmem_bench.pipelines import PIPELINES, Run, known
from agentmem_bench.progress import Watch, unwatched
from agentmem_bench.provenance import provenance
from agentmem_bench.scores import MAIN, Scores, ablation, check, note_recalls, ranking_scores, summary

if TYPE_CHECKING:
    from agentmem.embedders.base import Embedder

SCHEMA = "agentmem.bench.longmemeval/1"
HITS_A_SESSION = 10
"""Hits asked for each session that is to be ranked: several turns of one session are one session."""


@dataclass(frozen=True)
class Level:
    """Sessions or turns: which questions have evidence of this kind, and their rankings.

    Attributes:
        ids: Of these questions.
        places: Of them among all histories.
        evidence: Of each of them, what should be found.
        categories: Of each of them.
    """

    ids: list[str]
    places: list[int]
    evidence: list[frozenset[str]]
    categories: list[str]

    def scores(self, ranked: Sequence[Sequence[str]], ks: Sequence[int]) -> Scores:
        """Every metric of every question."""
        return ranking_scores([ranked[place] for place in self.places], self.evidence, ks)

    def told(self, scores: Scores) -> dict[str, Any]:
        """The metrics over all questions, and by category."""
        categories = np.array(self.categories)
        return {
            "overall": summary(scores, np.ones(len(categories), bool), every_interval=True),
            "categories": {
                category: summary(scores, categories == category) for category in sorted(set(self.categories))
            },
        }


def measure(
    data: Dataset,
    *,
    ks: Sequence[int] = (5, 10, 20),
    pipelines: Sequence[str] = tuple(PIPELINES),
    embedder: Embedder | None = None,
    settings: Settings | None = None,
    watch: Watch = unwatched,
) -> dict[str, Any]:
    """Run the benchmark of evidence recall.

    Args:
        data: Histories with their questions.
        ks: The k of recall@k; 10 is always among them.
        pipelines: Names out of `PIPELINES`; the ablation belongs to `full`.
        embedder: An embedder; none: the one that the settings name.
        settings: Settings; none: those of the environment.
        watch: Told how far it is.

    Returns:
        The result as docs/benchmarks.md describes it, but for what only the caller knows: `split`, the file.

    Raises:
        InvalidInput: an unknown pipeline, or a k under 1.
        FormatError: no question has evidence.
    """
    known(pipelines)
    check(ks)
    ks = sorted({*ks, MAIN})
    histories = data.histories
    sessions = _level(histories, [history.sessions for history in histories])
    turns = _level(histories, [history.turns for history in histories])
    if not sessions.places:
        raise FormatError("no question that can be answered names a session of its history", REMEDY)
    settings = settings or Settings()
    if embedder is None:
        from agentmem.embedders import open_embedder

        embedder = open_embedder(settings)
    depth = HITS_A_SESSION * max(ks)
    measured = recall_all(histories, list(dict.fromkeys(pipelines)), depth, embedder, settings, watch)
    homes = [history.session_of() for history in histories]
    found = {name: sessions.scores(_sessions(run, homes), ks) for name, run in measured.pipelines.items()}
    of_turns = {name: turns.scores(run.ranked, ks) for name, run in measured.pipelines.items()}
    result: dict[str, Any] = {
        "schema": SCHEMA,
        "data": _data(data, sessions, turns),
        "embedder": measured.embedder,
        "depth": depth,
        "pipelines": {
            name: {
                "sessions": sessions.told(found[name]),
                "turns": turns.told(of_turns[name]) if turns.places else None,
                **_nothing(run, histories),
                "ms": milliseconds(run.seconds),
            }
            for name, run in measured.pipelines.items()
        },
        "ingest": {
            "append_s": round(measured.append_seconds, 3),
            "embed_s": round(measured.embed_seconds, 3),
        },
        "embedding_ms": milliseconds(measured.question_seconds),
    }
    if measured.ablations:
        result["ablation"] = {
            step: ablation(step, found["full"], sessions.scores(_sessions(run, homes), ks))
            for step, run in measured.ablations.items()
        }
    result["bootstrap"] = {"draws": DRAWS, "level": LEVEL, "method": "percentile, over questions"}
    paired = Paired()
    note_recalls(paired, sessions.ids, found, ", sessions")
    note_recalls(paired, turns.ids, of_turns, ", turns")
    return {**result, **provenance(SEED), "paired": paired.told()}


def _level(histories: Sequence[History], evidence: Sequence[frozenset[str]]) -> Level:
    """Of questions that can be answered, those with evidence."""
    places = [place for place, history in enumerate(histories) if not history.abstention and evidence[place]]
    return Level(
        [histories[place].entry.question_id for place in places],
        places,
        [evidence[place] for place in places],
        [histories[place].entry.question_type for place in places],
    )


def _sessions(run: Run, homes: Sequence[dict[str, str]]) -> list[list[str]]:
    """The sessions of the turns that were found, each where its first turn stands."""
    return [
        list(dict.fromkeys(home[turn] for turn in ranked if turn in home))
        for ranked, home in zip(run.ranked, homes, strict=True)
    ]


def _nothing(run: Run, histories: Sequence[History]) -> dict[str, Any]:
    """How many questions got no hit: of those that can be answered, and of the others."""
    empty = [not ranked for ranked in run.ranked]
    apart = [history.abstention for history in histories]
    return {
        "nothing": sum(nothing and not abstention for nothing, abstention in zip(empty, apart, strict=True)),
        "abstention": {
            "questions": sum(apart),
            "nothing": sum(nothing and abstention for nothing, abstention in zip(empty, apart, strict=True)),
        },
    }


def _data(data: Dataset, sessions: Level, turns: Level) -> dict[str, Any]:
    histories = data.histories
    abstention = sum(history.abstention for history in histories)
    return {
        "histories": len(histories),
        "sessions": sum(len(history.names) for history in histories),
        "turns": sum(len(session) for history in histories for session in history.entry.haystack_sessions),
        "questions": len(sessions.places),
        "questions_with_turns": len(turns.places),
        "abstention": abstention,
        "left_out": {
            "without an existing evidence session": len(histories) - abstention - len(sessions.places)
        },
        "evidence_missing": sum(history.missing for history in histories if not history.abstention),
        "warnings": list(data.warnings),
    }

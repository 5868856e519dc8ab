"""How often the judge is wrong, and what a score would be without its errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from agentmem.extras import needed
from agentmem_bench.answering.judging import accepted
from agentmem_bench.answering.rows import Trial
from agentmem_bench.bootstrap import LEVEL


@dataclass(frozen=True)
class Share:
    """`count` of `n`, with its 95% interval after Wilson (1927); all of it none where `n` is 0."""

    count: int
    n: int

    @property
    def rate(self) -> float | None:
        """The share."""
        return self.count / self.n if self.n else None

    @property
    def bounds(self) -> tuple[float, float] | None:
        """The interval.

        Raises:
            Unavailable: scipy is not installed.
        """
        if not self.n:
            return None
        with needed("intervals of rates", "bench"):
            from scipy.stats import binomtest
        found = binomtest(self.count, self.n).proportion_ci(LEVEL, method="wilson")
        return float(found.low), float(found.high)

    def told(self) -> dict[str, Any]:
        """As it stands in a result."""
        bounds = self.bounds
        return {"count": self.count, "n": self.n, "rate": self.rate, "ci95": list(bounds) if bounds else None}


@dataclass(frozen=True)
class Judging:
    """The errors of a judge.

    Attributes:
        false_accept: Of wrong answers, those that it accepts.
        false_refuse: Of right answers, those that it refuses.
        failed: Trials of which it made nothing; they are in neither.
    """

    false_accept: Share
    false_refuse: Share
    failed: int

    @property
    def identifiable(self) -> bool:
        """Whether a score can be corrected.

        It can if the judge accepts right answers more often than wrong ones, even at those ends of both
        intervals that speak most against it.
        """
        accept, refuse = self.false_accept.bounds, self.false_refuse.bounds
        return accept is not None and refuse is not None and accept[1] + refuse[1] < 1

    def corrected(self, share: float) -> float | None:
        """The share of right answers, of which the judge accepted `share` (Rogan and Gladen 1978), 0 to 1.

        None where it is not identifiable.
        """
        accept, refuse = self.false_accept.rate, self.false_refuse.rate
        if not self.identifiable or accept is None or refuse is None:
            return None
        return min(max((share - accept) / (1 - refuse - accept), 0.0), 1.0)

    def told(self) -> dict[str, Any]:
        """As it stands in a result."""
        return {
            "false_accept": self.false_accept.told(),
            "false_refuse": self.false_refuse.told(),
            "failed": self.failed,
            "identifiable": self.identifiable,
        }


def judging_of(trials: Sequence[Trial]) -> Judging:
    """The errors of a judge by its trials."""
    decided = [trial for trial in trials if trial.verdict != "failed"]
    right, wrong = ([trial for trial in decided if trial.right is is_right] for is_right in (True, False))
    return Judging(
        false_accept=Share(sum(_accepted(trial) for trial in wrong), len(wrong)),
        false_refuse=Share(sum(not _accepted(trial) for trial in right), len(right)),
        failed=len(trials) - len(decided),
    )


def _accepted(trial: Trial) -> bool:
    return accepted(trial.verdict, abstention=trial.abstention)

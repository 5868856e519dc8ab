"""Paired differences of two results, unit by unit: their mean, its interval, and a test against chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.stats import false_discovery_control, permutation_test

from agentmem.records import Value
from agentmem_bench.bootstrap import SEED, interval
from agentmem_bench.paired import DIGITS

LEAST_CHANGED = 6
"""Units that must change for any p under 5%: of c signs all are alike in 2 of 2 ** c ways."""
RESAMPLES = 9_999
"""Ways to swap A and B within units that are drawn; where there are no more of them, all are gone through."""
BATCH = 512
"""Ways that are gone through at once."""
SIGNIFICANT = 0.05
TEST = "sign-flip permutation test of the mean paired difference, two-sided"
CORRECTION = "Benjamini-Hochberg"


class Difference(Value):
    """A measure of two results over the units that both have.

    Attributes:
        measure: Its name in the first result.
        against: Its name in the second one.
        n: Units in both.
        a: Mean over them in the first result.
        b: Mean over them in the second one.
        difference: Mean of B less A.
        ci95: Percentile bootstrap interval of the mean difference, over units; none of a single unit.
        p: Of the test.
        q: The same, corrected for how many measures there are.
        rose: Units of which B is above A.
        fell: Units of which it is below.
        equal: The others.
    """

    measure: str
    against: str
    n: int
    a: float
    b: float
    difference: float
    ci95: tuple[float, float] | None
    p: float
    q: float
    rose: int
    fell: int
    equal: int

    @property
    def name(self) -> str:
        """What it is called for people."""
        return self.measure if self.measure == self.against else f"{self.measure} → {self.against}"

    @property
    def changed(self) -> int:
        """Units of which B is not A."""
        return self.rose + self.fell

    @property
    def significant(self) -> bool:
        """Whether chance in the choice of sides is no good explanation, the number of measures considered."""
        return self.q < SIGNIFICANT


def compared(
    measure: str, first: Mapping[str, float], against: str, second: Mapping[str, float]
) -> Difference | None:
    """The paired difference of a measure, not corrected yet; none where no unit is in both.

    Args:
        measure: Its name in the first result.
        first: Its values there by unit.
        against: Its name in the second result.
        second: Its values there by unit.
    """
    units = sorted(first.keys() & second.keys())  # so that no draw hangs on the order in a file
    if not units:
        return None
    a, b = (np.array([values[unit] for unit in units], np.float64) for values in (first, second))
    apart = np.round(b - a, DIGITS)
    p = p_value(apart)
    return Difference(
        measure=measure,
        against=against,
        n=len(units),
        a=float(a.mean()),
        b=float(b.mean()),
        difference=float(apart.mean()),
        ci95=interval(apart) if len(units) > 1 else None,
        p=p,
        q=p,
        rose=int((apart > 0).sum()),
        fell=int((apart < 0).sum()),
        equal=int((apart == 0).sum()),
    )


def p_value(apart: NDArray[np.float64]) -> float:
    """The two-sided p-value of paired differences, shape (n,): were A and B alike, each sign would be chance.

    `scipy.stats.permutation_test` with `permutation_type="samples"` (Fisher 1935, section 21; counted with
    the observed one among the resamples, after Phipson and Smyth 2010). It tests the mean itself, which is
    what is printed, and asks for no distribution: most values here are 0, 1 or a few fractions. Wilcoxon's
    signed ranks would test ranks full of ties instead. Units without a difference add nothing to any sum, so
    they are left out; up to 13 others are gone through in all ways.
    """
    changed = apart[apart != 0]
    if len(changed) < 2:  # noqa: PLR2004 - one sign is as likely as the other
        return 1.0
    found = permutation_test(
        (changed,),
        np.sum,
        permutation_type="samples",
        vectorized=True,
        n_resamples=RESAMPLES,
        batch=BATCH,
        rng=SEED,
    )
    return float(found.pvalue)


def corrected(differences: Sequence[Difference]) -> list[Difference]:
    """The same with q for p: of those called significant, at most 5% are expected to be chance.

    Benjamini and Hochberg (1995) by `scipy.stats.false_discovery_control`, which allows for measures that
    rise and fall together, as those of one run do (Benjamini and Yekutieli 2001). SciPy has no Holm
    correction, and statsmodels, which has one, is none of our dependencies.
    """
    if not differences:
        return []
    values = false_discovery_control([one.p for one in differences], method="bh")
    return [one.model_copy(update={"q": float(q)}) for one, q in zip(differences, values, strict=True)]

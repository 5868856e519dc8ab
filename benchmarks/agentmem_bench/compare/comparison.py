"""Two results compared: what is tested, what only stands side by side, and in what their making differs."""

from __future__ import annotations

from typing import Any

from agentmem.errors import InvalidInput
from agentmem.records import Value
from agentmem_bench.bootstrap import DRAWS, LEVEL, SEED
from agentmem_bench.compare.figures import Figure, side_by_side
from agentmem_bench.compare.leaves import Leaf
from agentmem_bench.compare.measuring import (
    CORRECTION,
    RESAMPLES,
    SIGNIFICANT,
    TEST,
    Difference,
    compared,
    corrected,
)
from agentmem_bench.compare.reading import Result
from agentmem_bench.compare.sameness import check, made_otherwise
from agentmem_bench.paired import Paired
from agentmem_bench.provenance import provenance, sha256

SCHEMA = "agentmem.bench.compare/1"


class Plan(Value):
    """How two results are compared.

    Attributes:
        a: The measure of the first result; none: every measure that both have.
        b: The measure of the second one that it is compared with; none where `a` is.
        anyway: Compare though the data are not the same.
        every: Lay single figures side by side too where there is something to test.
    """

    a: str | None = None
    b: str | None = None
    anyway: bool = False
    every: bool = False


class Of(Value):
    """A file that is compared."""

    file: str
    sha256: str


class Comparison(Value):
    """What came of it.

    Attributes:
        benchmark: That both are of.
        a: The first file.
        b: The second one.
        cautions: What is not the same though it should be.
        made_otherwise: By key, in what their making differs: its values in A and B.
        differences: Of the measures that both have; empty where nothing repeats.
        missing: Measures of one of them alone, or without a unit in both.
        figures: Numbers side by side; none: not asked for.
    """

    benchmark: str
    a: Of
    b: Of
    cautions: tuple[str, ...]
    made_otherwise: dict[str, tuple[Leaf, Leaf]]
    differences: tuple[Difference, ...]
    missing: tuple[str, ...]
    figures: tuple[Figure, ...] | None

    def told(self) -> dict[str, Any]:
        """As JSON has it."""
        told = self.model_dump(mode="json", exclude={"figures"})
        if self.differences:
            told["test"] = {
                "method": TEST,
                "resamples": RESAMPLES,
                "correction": CORRECTION,
                "significant": SIGNIFICANT,
                "bootstrap": {"draws": DRAWS, "level": LEVEL, "method": "percentile, over units"},
            }
        if self.figures is not None:
            told["figures"] = [{**one.model_dump(mode="json"), "ratio": one.ratio} for one in self.figures]
        return {"schema": SCHEMA, **told, **provenance(SEED)}


def compare(first: Result, second: Result, plan: Plan) -> Comparison:
    """Compare two results.

    Raises:
        InvalidInput: they must not be compared, one was written before there were paired values, a measure is
            not there, or no unit is in both.
    """
    cautions = check(first, second, anyway=plan.anyway)
    one, other = (_paired_of(result, plan) for result in (first, second))
    differences, missing = _tested(one, other, plan)
    asked = bool(plan.a or one.root or other.root)
    if asked and not differences and not plan.every:
        raise InvalidInput(
            f"{first.file} and {second.file} have no units in common",
            "compare results of the same questions, problems, scenarios, streams or personas",
        )
    return Comparison(
        benchmark=first.benchmark,
        a=Of(file=str(first.file), sha256=sha256(first.file)),
        b=Of(file=str(second.file), sha256=sha256(second.file)),
        cautions=tuple(cautions),
        made_otherwise=made_otherwise(first, second),
        differences=tuple(differences),
        missing=tuple(missing),
        figures=tuple(side_by_side(first.told, second.told)) if plan.every or not asked else None,
    )


def _paired_of(result: Result, plan: Plan) -> Paired:
    if result.paired is not None:
        return result.paired
    if plan.every and plan.a is None:
        return Paired()
    raise InvalidInput(
        f"{result.file} holds no paired values",
        "run it again with this version, or lay single figures side by side with --all",
    )


def _tested(one: Paired, other: Paired, plan: Plan) -> tuple[list[Difference], list[str]]:
    """The differences, corrected, and the measures that could not be compared."""
    if plan.a is not None and plan.b is not None:
        for option, name, paired in (("--a", plan.a, one), ("--b", plan.b, other)):
            if name not in paired.root:
                raise InvalidInput(
                    f"{option} {name!r} is no measure of its file",
                    f"there are: {', '.join(paired.root) or 'none'}",
                )
        pairs = [(plan.a, plan.b)]
    else:
        pairs = [(name, name) for name in one.root if name in other.root]
    found = {pair: compared(pair[0], one.root[pair[0]], pair[1], other.root[pair[1]]) for pair in pairs}
    missing = [name for (name, _), difference in found.items() if difference is None]
    if plan.a is None:
        missing += [name for name in {**one.root, **other.root} if (name, name) not in found]
    return corrected([one for one in found.values() if one is not None]), missing

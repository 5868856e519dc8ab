"""Whether two results may be compared: of the same benchmark and data, and measured by the same means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from agentmem.errors import InvalidInput
from agentmem_bench.compare.leaves import Leaf, leaves
from agentmem_bench.compare.reading import Result

ANSWERS = ("schema", "data.sha256", "run.judge", "run.prompts")
ALIKE: Mapping[str, Sequence[str]] = {
    "locomo.answers": ANSWERS,
    "longmemeval.answers": ANSWERS,
    "layered": ("schema", "data.sha256", "seeds.split"),
    "task": ("schema", "splits.*.sha256"),
    "likebench": (
        *("schema", "suite", "personas.sha256", "personas.shipped", "personas.generated"),
        *("seeds", "user", "raters", "repeats", "prompts"),
    ),
}
"""By benchmark, the keys that two results must have in common: those of the data, and of who judges."""
USUAL = ("schema", "data.sha256")
"""These keys where the benchmark names no others."""
NEVER: Mapping[str, Mapping[str, str]] = {
    "likebench": {"mode": "probe scores and model-judged scores are never mixed"}
}
"""By benchmark, keys that must be the same whatever is asked for, and why."""
MADE = ("machine", "versions", "git", "run")
PASSED_OVER = (("run", "rows"), ("run", "resumed"))
NOT_SAID = ("schema", "split")
EVERY = "*"


def check(first: Result, second: Result, *, anyway: bool) -> list[str]:
    """See to it that two results may be compared.

    Args:
        first: A result.
        second: Another one, or the same.
        anyway: Take other data, or another judge, as they are.

    Returns:
        Cautions: what is not the same though it should be.

    Raises:
        InvalidInput: they are of two benchmarks, were rated by different means, or, unless `anyway`, are of
            different data or were judged by others.
    """
    if first.benchmark != second.benchmark:
        raise InvalidInput(
            f"{first.file} is of the benchmark {first.benchmark}, {second.file} of {second.benchmark}",
            "compare two results of one benchmark",
        )
    for key, why in NEVER.get(first.benchmark, {}).items():
        for name, one, other in _apart(first, second, key):
            raise InvalidInput(
                f"{name} is {one!r} in {first.file} and {other!r} in {second.file}: {why}",
                f"compare two results of the same {name}",
            )
    cautions = [
        f"{name} is {one!r} in {first.file} and {other!r} in {second.file}"
        for key in ALIKE.get(first.benchmark, USUAL)
        for name, one, other in _apart(first, second, key)
    ]
    if cautions and not anyway:
        raise InvalidInput(
            f"not of the same data, or not judged alike: {'; '.join(cautions)}",
            "compare results of the same data, or give --anyway to compare the units that both have",
        )
    return cautions


def made_otherwise(first: Result, second: Result) -> dict[str, tuple[Leaf, Leaf]]:
    """In what the making of two results differs: machine, versions, revision, embedder, models."""
    one, other = dict(_making(first.told)), dict(_making(second.told))
    return {
        name: (one.get(name), other.get(name))
        for name in dict.fromkeys([*one, *other])
        if one.get(name) != other.get(name)
    }


def _making(told: Mapping[str, Any]) -> Iterator[tuple[str, Leaf]]:
    for key, value in told.items():
        if key in MADE:
            for path, leaf in leaves(value, (key,)):
                if path not in PASSED_OVER:
                    yield ".".join(path), leaf
        elif isinstance(value, str) and key not in NOT_SAID:
            yield key, value


def _apart(first: Result, second: Result, key: str) -> Iterator[tuple[str, Any, Any]]:
    """Where the values of a key differ, with the key's name; `*` stands for all that both results have."""
    pairs = [("", first.told, second.told)]
    for part in key.split("."):
        pairs = [
            (f"{name}.{each}".lstrip("."), _get(one, each), _get(other, each))
            for name, one, other in pairs
            for each in (_shared(one, other) if part == EVERY else (part,))
        ]
    yield from ((name, one, other) for name, one, other in pairs if one != other)


def _get(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, Mapping) else None


def _shared(one: Any, other: Any) -> Sequence[str]:
    both = isinstance(one, Mapping) and isinstance(other, Mapping)
    return [key for key in one if key in other] if both else ()

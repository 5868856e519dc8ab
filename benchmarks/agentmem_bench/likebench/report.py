"""The result as tables and sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from agentmem_bench.likebench.cast import PROBE
from agentmem_bench.likebench.measures import CLEAN
from agentmem_bench.likebench.personas.schema import DIMENSIONS
from agentmem_bench.likebench.systems.named import BOUNDS
from agentmem_bench.tables import table

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table

MILLISECONDS = 1_000
PROBED = (
    "These scores are of a scripted user and a rater by rule: they tell what a memory carries to a turn, "
    "and are not to be mixed with scores that a model gives."
)


def show(result: dict[str, Any], console: Console) -> None:
    """Print all that a person wants to know."""
    for piece in _pieces(result):
        console.print(piece)


def _pieces(result: dict[str, Any]) -> Iterator[RenderableType]:
    systems = ranked(result["systems"])
    for variant in result["variants"]:
        yield liked_table(variant, systems, result)
    yield memory_table(systems, result)
    if result["bounds"] is not None:
        yield bounds_line(result["bounds"])
    if result["best"] is not None:
        yield best_line(result["best"])
    if result["decoys"] is not None:
        yield decoys_line(result["decoys"])
    if result["agreement"] is not None:
        yield _agreement(result["agreement"])
    if result["cost"] is not None:
        yield _cost(result["cost"])
    yield (
        f"{result['mode']}: {result['dialogues']:,} dialogues in {result['seconds']:,.0f} s; suite "
        f"{result['suite']}. {_how(result)}\n"
    )


def _how(result: Mapping[str, Any]) -> str:
    """Whose scores these are."""
    if result["mode"] == PROBE:
        return PROBED
    return (
        f"The user is {result['user']}, the replies are of {result['answers']}, rated by "
        f"{' and '.join(result['raters'])}: these scores are not to be mixed with those of the probe."
    )


def ranked(systems: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """The oracle first, no memory last, the others by likability."""

    def key(one: tuple[str, Any]) -> tuple[int, float]:
        place = BOUNDS.index(one[0]) * 2 if one[0] in BOUNDS else 1
        return place, -(_value(_told(one[1])["likability"]) or 0.0)

    return sorted(systems.items(), key=key)


def _told(system: Mapping[str, Any], variant: str | None = None) -> Any:
    variants = system["variants"]
    return variants[variant or (CLEAN if CLEAN in variants else next(iter(variants)))]


def _value(found: Mapping[str, Any] | None) -> float | None:
    return None if found is None else found["mean"]


def _number(value: float | None, form: str = ".0f") -> str:
    return "-" if value is None else format(value, form)


def _interval(found: Mapping[str, Any] | None, form: str = ".1f") -> str:
    if found is None:
        return "-"
    low_high = found["ci95"]
    ends = f" [{low_high[0]:{form}} {low_high[1]:{form}}]" if low_high else ""
    return f"{found['mean']:{form}}{ends}"


def liked_table(variant: str, systems: list[tuple[str, Any]], result: dict[str, Any]) -> Table:
    """Likability by memory and dimension."""
    title = (
        f"likability, {variant} sessions: {result['personas']['count']} personas, "
        f"{len(result['seeds'])} seeds (0 to 100; 95% over personas; ± over seeds)"
    )
    shown = table(title, "memory", ("likability", "±", *DIMENSIONS))
    for name, system in systems:
        told = _told(system, variant)
        shown.add_row(
            name,
            _interval(told["likability"]),
            _number(told["seeds"]["spread"], ".1f"),
            *(_number(_value(told["dimensions"][dimension])) for dimension in DIMENSIONS),
        )
    return shown


def memory_table(systems: list[tuple[str, Any]], result: dict[str, Any]) -> Table:
    """What memories keep beside how they are liked: of clean sessions, where there are any."""
    title = (
        "memory beside likability: % of facts recalled when asked for after the last session; growth, size"
    )
    heads = (
        "likability",
        "recalled",
        "said",
        "shown",
        "held",
        "noisy / clean",
        "slope",
        "R²",
        "tokens",
        "ms",
    )
    shown = table(title, "memory", heads)
    for name, system in systems:
        told = _told(system)
        memory, robust, fit = told["memory"], system["robustness"], told["adaptability"] or {}
        seconds = told["seconds"].get("recall")
        shown.add_row(
            name,
            _number(_value(told["likability"]), ".1f"),
            _interval(memory["accuracy"], ".0f"),
            _number(_value(memory["explicit"])),
            _number(_value(memory["implicit"])),
            _number(memory["held"], ".0f"),
            _number(None if robust is None else robust["ratio"], ".2f"),
            _number(fit.get("slope"), "+.1f"),
            _number(fit.get("r2"), ".2f"),
            _number(told["tokens"], ",.0f"),
            _number(None if seconds is None else seconds * MILLISECONDS, ".1f"),
        )
    facts = _told(systems[0][1])["memory"]["facts"] if systems else None
    shown.caption = (
        f"{_number(facts, '.0f')} facts of a persona; held: records of the memory's own store; "
        "slope: points a session; tokens of a context, ms to recall it"
    )
    return shown


def bounds_line(told: Mapping[str, Any]) -> str:
    """Whether the bounds are where they should be."""
    least = min(told["apart"], key=told["apart"].__getitem__, default=None)
    nearest = "" if least is None else f"; the least apart is {least}, by {told['apart'][least]:.0f} points"
    held = "hold" if told["hold"] else "do not hold"
    ends = f"a memory that knows the persona {told['oracle']:.1f}, none {told['none']:.1f}"
    return f"Bounds: {ends}{nearest}: they {held}."


def decoys_line(told: Mapping[str, Any]) -> str:
    """Whether worse replies were rated higher."""
    parts = [
        f"{name} {one['raised']:,} of {one['ratings']:,} (mean {_number(one['mean_change'], '+.2f')})"
        for name, one in told.items()
    ]
    return f"Decoys, ratings that rose: {', '.join(parts)}."


def _agreement(told: Mapping[str, Any]) -> str:
    """How far a rater agrees with itself, and with others."""
    words = {"retest": "Repeats of the rater", "raters": "Raters"}
    parts = [
        f"{words[name]}: alpha {_number(found['alpha'], '.2f')}, {_share(found['equal'])} of pairs are equal"
        for name in words
        if (found := told[name]) is not None
    ]
    if told["spread"] is not None:
        parts.append(f"standard deviation of repeats {told['spread']:.2f} levels")
    parts.append(f"{_share(told['unquoted'])} of reasons quote what was not said")
    failed = ", ".join(f"{name} {count:,}" for name, count in told["failed"].items()) or "none"
    return f"{'; '.join(parts)}. Failures in {told['turns']:,} turns: {failed}."


def _cost(told: Mapping[str, Any]) -> Table:
    shown = table("what models took", "model", ("calls", "tokens read", "tokens written", "price"))
    for name, one in told["models"].items():
        counts = (f"{one[key]:,}" for key in ("calls", "prompt_tokens", "completion_tokens"))
        shown.add_row(name, *counts, _number(one["price"], ",.4f"))
    if told["price"] is None:
        shown.caption = "prices: model_prices of the settings"
    return shown


def show_estimate(told: Mapping[str, Any], console: Console) -> None:
    """Print what models would take."""
    console.print(f"{told['dialogues']:,} dialogues of {told['turns']:,} turns in all; no model was asked.")
    if told["cost"] is None:
        console.print("No model takes part.")
        return
    console.print(_cost(told["cost"]))
    console.print("An estimate: four characters a token, replies and messages of sixty words.")


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.0%}"


def best_line(told: Mapping[str, Any]) -> str:
    """The best memory against what was aimed at."""
    aims, reached = told["aims"], told["reached"]
    words = {True: "reached", False: "not reached", None: "not measured"}
    robust = "-" if told["robustness"] is None else f"{told['robustness']:.2f}"
    return (
        f"Best: {told['memory']}, {told['likability']:.1f} (aim {aims['likability']:.0f}, "
        f"{words[reached['likability']]}), {told['above']:+.1f} above {told['baseline']}, the stronger "
        f"history of that budget (aim {aims['above']:+.0f}, {words[reached['above']]}); "
        f"noisy over clean {robust} (aim {aims['robustness']:.1f}, {words[reached['robustness']]})."
    )

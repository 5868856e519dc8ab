"""What the README says of a result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentmem_bench.tables import markdown, paragraph
from agentmem_bench.task.report import MB, engines_table

COLUMNS = ("slot accuracy", "intent macro-F1", "checks that changed something", "values nobody said")
TARGETS = (
    "Aimed at: .90 slot accuracy, .85 macro-F1, no check that changes something, no value that nobody said."
)


def block(result: Mapping[str, Any], forest: Mapping[str, Any]) -> str:
    """Scenarios of the test split, the size of prompts, and a large forest."""
    test, development = result["splits"]["test"], result["splits"]["development"]
    fitted = next(iter(development["engines"].values()))["slot_accuracy"]
    begin = paragraph(
        "Task memory, by `agentmem bench task`. Scenarios are dialogues with their truth after every "
        f"turn; the test split ({test['turns']} turns, {test['scenarios']} scenarios) was written by "
        "another hand before the rules were begun. The baselines are told every value that a slot ever "
        "has.",
        TARGETS,
    )
    end = paragraph(
        "A value that goes to the wrong slot stays wrong to the end of a dialogue ([decision "
        "010](docs/decisions/010-reading-by-rules.md)). On the development split, which the rules were "
        f"made on, slot accuracy is {fitted:.3f}; on plain generated sentences "
        f"{result['prompts']['slot_accuracy']:.3f}.",
        _prompts(result["prompts"]["at"]),
    )
    return "\n\n".join(
        (begin, markdown((engines_table("test", test), COLUMNS)), end, _forest(forest["forest"]))
    )


def _prompts(at: Mapping[str, Any]) -> str:
    sizes = ", ".join(f"{one['task']} after {int(turns):,} ({one['share']:.1%})" for turns, one in at.items())
    return f"Turns, and tokens of the prompt, in brackets its share of the flat history: {sizes}."


def _forest(told: Mapping[str, Any]) -> str:
    times = ", ".join(f"{name} {one['p50']:.1f}" for name, one in told["ms"].items())
    return paragraph(
        f"In a forest of {told['nodes']:,} nodes, milliseconds (p50, durable commit included; aimed at "
        f"10, and 20 for a prompt): {times}. Memory above the embedder is "
        f"{told['above_bytes'] / MB:.0f} MB (aimed at: 300 for 100,000 nodes)."
    )

"""The page of an episode: one HTML file. Everything that comes from a trace is data, and never markup."""

from __future__ import annotations

from typing import Any

from agentmem.fence import clean
from agentmem.pages import page, part
from agentmem.runs.story import Story
from agentmem.runs.web.curves import Plot, top_of
from agentmem.runs.web.shared import Shared

ENDS = {
    "solved": "Solved",
    "steps": "Not solved: step limit",
    "tokens": "Not solved: token limit",
    "seconds": "Not solved: time limit",
    "overflow": "Not solved: the history went over its budget",
    "stuck": "Not solved: stuck, invalid actions alone",
    "interrupted": "Interrupted",
    "failed": "The world failed",
}
"""How an episode ended, in words."""


def page_of(story: Story) -> str:
    """The page."""
    return page(
        __package__,
        "trace",
        part(__package__, "trace.js"),
        part(__package__, "trace.css"),
        _data(story),
        story=story,
        ended=ENDS[story.result.end] if story.result else "Not ended yet",
        facts=_facts(story),
        figures=_figures(story),
        tokens=_tokens(story),
        progress=_progress(story),
    )


def _facts(story: Story) -> list[tuple[str, str]]:
    """What the run is, by name."""
    spec, limits = story.spec, story.limits
    told = [
        ("memory", spec.memory_name),
        ("policy", spec.policy),
        ("model", spec.model or ""),
        ("size", "" if spec.size is None else f"{spec.size:,}"),
        ("seed", str(spec.seeds[story.episode])),
        ("budget", f"{limits.budget:,} tokens"),
        ("step limit", f"{limits.steps:,}"),
        ("episode", f"{story.episode} of 0 to {spec.episodes - 1}" if spec.episodes > 1 else ""),
    ]
    return [(name, value) for name, value in told if value]


def _figures(story: Story) -> list[tuple[str, str]]:
    """What came of the steps, by name."""
    acted = [row for row in story.rows if row.step]
    count = max(1, len(acted))
    invalid = sum(not row.valid for row in acted)
    memory = sum(row.memory_seconds for row in story.rows)
    return [
        ("steps", f"{len(acted):,}"),
        ("progress", f"{max(row.progress for row in story.rows):.0%}"),
        ("invalid actions", f"{invalid:,}"),
        ("retrievals", f"{sum(bool(row.retrieved) for row in acted):,}"),
        ("prompt tokens a step", f"{sum(row.prompt_tokens for row in acted) / count:,.0f}"),
        ("seconds", f"{sum(row.seconds for row in story.rows):,.1f}"),
        ("ms a step in memory", f"{1_000 * memory / count:,.1f}"),
    ]


def _tokens(story: Story) -> dict[str, Any]:
    """The curves of tokens."""
    acted = [row for row in story.rows if row.step]
    prompts, contexts = [row.prompt_tokens for row in acted], [row.context_tokens for row in acted]
    plot = Plot(max(1, len(acted)), top_of([*prompts, story.limits.budget]))
    return {
        "plot": plot,
        "prompt": plot.line(prompts),
        "context": plot.line(contexts),
        "budget": plot.y(story.limits.budget),
        "invalid": plot.ticks([row.step for row in acted if not row.valid], 6),
        "retrieved": plot.ticks([row.step for row in acted if row.retrieved], 3),
    }


def _progress(story: Story) -> dict[str, Any]:
    """The curve of progress, in percent."""
    shares = [100 * row.progress for row in story.rows if row.step]
    plot = Plot(max(1, len(shares)), 100)
    line = plot.stairs(shares)
    return {"plot": plot, "line": line, "area": plot.below(line)}


def _data(story: Story) -> dict[str, Any]:
    """What the script shows of each step. Texts are cleaned of what is not seen but obeyed."""
    contexts, recalled = Shared(), Shared()
    of_step = {step: one.number for one in story.subgoals or () for step in one.steps}
    steps = [
        {
            "action": clean(row.action),
            "seen": clean(row.observation),
            "valid": row.valid,
            "goal": clean(row.subgoal or ""),
            "subgoal": of_step.get(row.step, 0),
            "retrieved": row.retrieved,
            "progress": round(row.progress, 4),
            "prompt": row.prompt_tokens,
            "tokens": row.context_tokens,
            "model": row.tokens,
            "left": row.left_out,
            "error": clean(row.error),
            "raw": clean(row.raw),
            "ms": [
                round(1_000 * each, 1) for each in (row.memory_seconds, row.policy_seconds, row.world_seconds)
            ],
            "context": contexts.text(row.context),
            "recalled": recalled.add(row.recalled),
        }
        for row in story.rows
    ]
    subgoals = [
        one.model_dump() | {"goal": clean(one.goal), "summary": clean(one.summary)}
        for one in story.subgoals or ()
    ]
    return {
        "budget": story.limits.budget,
        "steps": steps,
        "subgoals": subgoals,
        "contexts": {"parts": contexts.parts, "texts": contexts.texts},
        "recalled": {"parts": recalled.parts, "texts": recalled.texts},
    }

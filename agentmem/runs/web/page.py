"""The page of an episode: one HTML file. Everything that comes from a trace is data, and never markup."""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from agentmem.fence import clean
from agentmem.runs.story import Story
from agentmem.runs.web.curves import Plot, top_of
from agentmem.runs.web.shared import Shared

if TYPE_CHECKING:
    from jinja2 import Template

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
_IN_SCRIPT = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
"""What could end a script, or begin markup, as JSON may write it."""


def page_of(story: Story) -> str:
    """The page."""
    script = _file("trace.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return _template().render(
        story=story,
        ended=ENDS[story.result.end] if story.result else "Not ended yet",
        facts=_facts(story),
        figures=_figures(story),
        tokens=_tokens(story),
        progress=_progress(story),
        data=in_script(_data(story)),
        style=_file("trace.css"),
        script=script,
        digest=digest,
    )


def in_script(data: Any) -> str:
    """Data as JSON that stands in a script element and cannot leave it."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for character, written in _IN_SCRIPT.items():
        text = text.replace(character, written)
    return text


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


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    def seen(value: object) -> object:
        """Text of a run without what is not seen but obeyed; our own markup as it is."""
        return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value

    environment = Environment(
        undefined=StrictUndefined, autoescape=True, finalize=seen, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(_file("trace.html.j2"))


@cache
def _file(name: str) -> str:
    return (files(__package__) / "templates" / name).read_text(encoding="utf-8")

"""The command group `trace`: what happened in an episode."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agentmem.cli import options
from agentmem.cli.answers import answer

commands = typer.Typer(
    name="trace", help="Episodes of runs: look at them.", no_args_is_help=True, rich_markup_mode=None
)


@commands.callback()
def _group() -> None:
    pass


@commands.command()
def show(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of a run.")],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="A new file.  [trace-N.html in DIR]")
    ] = None,
    episode: Annotated[
        int | None, typer.Option("--episode", min=0, metavar="N", help="Which, from 0.  [the first]")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
    json: options.Json = False,
) -> None:
    """Write an episode as one page to look at: its steps, subgoals, contexts, tokens. No network needed."""
    from agentmem.cli.opening import log_as_set, read_settings
    from agentmem.cli.rendering import Page
    from agentmem.files import write_new
    from agentmem.runs.story import read_story
    from agentmem.runs.web.page import page_of

    settings = read_settings()
    log_as_set(settings)
    story = read_story(folder, episode, settings)
    text = page_of(story)
    target = out or story.folder / f"trace-{story.episode:03d}.html"
    write_new(target, lambda file: file.write(text), over=force or out is None)
    size = target.stat().st_size
    if json:
        answer(
            "trace.show",
            folder=str(story.folder),
            episode=story.episode,
            file=str(target),
            steps=len(story.rows) - 1,
            bytes=size,
        )
    else:
        Page().line(f"episode {story.episode}, {len(story.rows) - 1} steps: {target} ({size / 1e6:.1f} MB)")

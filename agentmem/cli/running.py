"""The command `run`: an agent plays in a world with a memory; many do, side by side. Or `arc`, `market`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agentmem.cli import arc, arc_options, market, market_options, options
from agentmem.cli.answers import answer
from agentmem.cli.run_ends import kept, leave, refuse_elsewhere
from agentmem.errors import InvalidInput

if TYPE_CHECKING:
    from agentmem.config import Settings
    from agentmem.runs.folder import RunFolder
    from agentmem.runs.suite import SuiteFolder

commands = typer.Typer()


@commands.command(rich_help_panel="Agents")
def run(
    world: Annotated[
        str | None, typer.Argument(metavar="WORLD", help="A world, see --list; `pddl`: read from files.")
    ] = None,
    memory: Annotated[
        str | None,
        typer.Option(
            "--memory",
            metavar="NAME",
            help="A memory, see --list, a sum (subgoal+profile), or JSON of one.  "
            "[subgoal; arc: concept; market: layered]",
        ),
    ] = None,
    policy: Annotated[
        str | None,
        typer.Option(
            "--policy",
            metavar="NAME",
            help="Who decides, see --list.  [bound; market: signal; model with --model]",
        ),
    ] = None,
    model: options.Model = None,
    size: Annotated[
        int | None, typer.Option("--size", min=1, metavar="N", help="How large the world is.")
    ] = None,
    episodes: Annotated[
        int | None, typer.Option("--episodes", min=1, metavar="N", help="How many are played.  [1]")
    ] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", metavar="N", help="Of the first; the next has the next.  [0]")
    ] = None,
    budget: Annotated[
        int | None, typer.Option("--budget", min=1, metavar="TOKENS", help="Memory never shows more.  [1000]")
    ] = None,
    max_steps: Annotated[
        int | None,
        typer.Option("--max-steps", min=1, metavar="N", help="Actions of an episode.  [by the world]"),
    ] = None,
    max_tokens: Annotated[
        int | None, typer.Option("--max-tokens", min=1, metavar="TOKENS", help="Of an episode's prompts.")
    ] = None,
    max_seconds: Annotated[
        float | None, typer.Option("--max-seconds", min=0.001, metavar="SECONDS", help="Of an episode.")
    ] = None,
    domain: Annotated[
        Path | None, typer.Option("--domain", metavar="FILE", help="The domain of the world `pddl`.")
    ] = None,
    problem: Annotated[
        list[Path] | None,
        typer.Option("--problem", metavar="FILE", help="Its problem; repeatable: episodes take turns."),
    ] = None,
    texts: Annotated[
        Path | None, typer.Option("--texts", metavar="FILE", help="Its sentences, as YAML.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="A new folder for it.  [one under runs/]")
    ] = None,
    resume: Annotated[
        Path | None, typer.Option("--resume", metavar="DIR", help="Go on with a run or a suite.")
    ] = None,
    suite: Annotated[
        Path | None, typer.Option("--suite", metavar="FILE", help="Play all runs of a YAML file.")
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option(
            "--jobs",
            min=1,
            metavar="N",
            help="Runs of a suite at once, or attempts of a model at an ARC task.  [all cores; 1]",
        ),
    ] = None,
    tasks: arc_options.Tasks = None,
    solver: arc_options.Solver = None,
    attempts: arc_options.Attempts = None,
    retries: arc_options.Retries = None,
    tried: arc_options.Tried = None,
    every: arc_options.Every = None,
    order: arc_options.Order = None,
    seed_memory: arc_options.SeedMemory = None,
    symbols: market_options.Symbols = None,
    from_: market_options.From = None,
    to: market_options.To = None,
    warm_up: market_options.WarmUp = None,
    agents: market_options.Agents = None,
    characters: market_options.Characters = None,
    debate: market_options.Debate = None,
    verdict: market_options.Verdict = None,
    prices: market_options.Prices = None,
    news: market_options.News = None,
    cash: market_options.Cash = None,
    commission: market_options.Commission = None,
    slippage: market_options.Slippage = None,
    position_limit: market_options.PositionLimit = None,
    short: market_options.Short = None,
    execution: market_options.Execution = None,
    listing: Annotated[bool, typer.Option("--list", help="List worlds, memories and policies.")] = False,
    json: options.Json = False,
) -> None:
    """Let an agent play in a world, with a memory. Or --resume, --suite, --list.

    Exit code 1: what was played was not played to its end.
    """
    from agentmem.cli.opening import log_as_set, read_settings
    from agentmem.runs.arc.folder import ArcFolder
    from agentmem.runs.folder import RunFolder
    from agentmem.runs.market.folder import MarketFolder
    from agentmem.runs.suite import SuiteFolder

    given: dict[str, Any] = {
        "world": world,
        "memory": memory,
        "policy": policy,
        "model": model,
        "size": size,
        "episodes": episodes,
        "seed": seed,
        "budget": budget,
        "max_steps": max_steps,
        "max_tokens": max_tokens,
        "max_seconds": max_seconds,
        "domain": domain,
        "problem": problem or None,
        "texts": texts,
    }
    of_arc: dict[str, Any] = {
        "tasks": tasks,
        "solver": solver,
        "attempts": attempts,
        "retries": retries,
        "tried": tried,
        "every": every,
        "order": order,
        "seed_memory": seed_memory,
    }
    of_market: dict[str, Any] = {
        "symbols": symbols,
        "from": from_,
        "to": to,
        "warm_up": warm_up,
        "agents": agents,
        "characters": characters,
        "debate": debate,
        "verdict": verdict,
        "prices": prices,
        "news": news,
        "cash": cash,
        "commission": commission,
        "slippage": slippage,
        "position_limit": position_limit,
        "short": short,
        "execution": execution,
    }
    modes = {"WORLD": world, "--resume": resume, "--suite": suite, "--list": listing or None}
    _require_one(modes, given | of_arc | of_market)
    if world != arc.WORLD:
        refuse_elsewhere(of_arc, arc.WORLD, arc.EXAMPLE)
    if world != market.WORLD:
        refuse_elsewhere(of_market, market.WORLD, market.EXAMPLE)
    settings = read_settings()
    log_as_set(settings)
    if listing:
        _list(as_json=json)
    elif suite is not None:
        _play_suite(_begun_suite(suite, out, settings), settings, jobs, as_json=json)
    elif resume is not None and SuiteFolder(resume).is_one:
        _play_suite(SuiteFolder(resume), settings, jobs, as_json=json)
    elif world == arc.WORLD:
        arc.play(arc.begun(given | of_arc, out, settings), settings, jobs, as_json=json)
    elif resume is not None and ArcFolder(resume).is_one:
        arc.play(ArcFolder(resume), settings, jobs, as_json=json)
    elif world == market.WORLD:
        market.play(market.begun(given | of_market, out, settings), settings, as_json=json)
    elif resume is not None and MarketFolder(resume).is_one:
        market.play(MarketFolder(resume), settings, as_json=json)
    else:
        folder = RunFolder(resume) if resume is not None else _begun(given, out, settings)
        _play(folder, settings, as_json=json)


def _require_one(modes: dict[str, Any], given: dict[str, Any]) -> None:
    """Let one way of calling the command pass, with nothing that only another one takes.

    Raises:
        InvalidInput: none is meant, or several.
    """
    named = [name for name, value in modes.items() if value is not None]
    if len(named) != 1:
        told = "nothing is named to be run" if not named else f"{' and '.join(named)} exclude each other"
        raise InvalidInput(told, "name a WORLD, see `agentmem run --list`; or --resume DIR, --suite FILE")
    if named != ["WORLD"] and (more := [name for name, value in given.items() if value is not None]):
        raise InvalidInput(
            f"{named[0]} says itself what is run: --{more[0].replace('_', '-')} is not taken with it",
            "leave it out",
        )


def _begun(given: dict[str, Any], out: Path | None, settings: Settings) -> RunFolder:
    """The folder of a new run."""
    from datetime import datetime

    from agentmem.errors import Conflict
    from agentmem.runs.execute import check
    from agentmem.runs.folder import RunFolder, new_folder
    from agentmem.runs.request import run_of

    spec = run_of(given, settings)
    check(spec, settings)
    folder = RunFolder(out or new_folder(spec.name, datetime.now()))
    if folder.is_one:
        raise Conflict(f"{folder.path} holds a run already", f"go on with it: --resume {folder.path}")
    folder.begin(spec)
    return folder


def _begun_suite(file: Path, out: Path | None, settings: Settings) -> SuiteFolder:
    """The folder of a suite, new or gone on with."""
    from agentmem.runs.suite import SuiteFolder, read_suite

    spec, home = read_suite(file, settings)
    folder = SuiteFolder(out or home)
    folder.begin(spec)
    return folder


def _play(folder: RunFolder, settings: Settings, *, as_json: bool) -> None:
    from agentmem.cli.rendering import Page
    from agentmem.cli.run_tables import episodes_table
    from agentmem.cli.run_views import Lines, Live
    from agentmem.runs.execute import play

    page = Page(silent=as_json)
    spec = folder.spec()
    view = Live(page, spec) if page.is_rich and not as_json else Lines(page)
    with kept(folder.path), view:
        summary = play(folder, settings, view)
    if as_json:
        answer("run", folder=str(folder.path), spec=spec, summary=summary)
    else:
        page.table(*episodes_table(summary))
        page.line(f"kept in {folder.path}; look at it: agentmem trace show {folder.path}")
    leave(folder.path, interrupted=summary.interrupted, complete=summary.complete)


def _play_suite(folder: SuiteFolder, settings: Settings, jobs: int | None, *, as_json: bool) -> None:
    from agentmem.cli.rendering import Page
    from agentmem.cli.run_tables import suite_table
    from agentmem.cli.run_views import SuiteView
    from agentmem.devices import cores
    from agentmem.runs.workers import play_suite

    page = Page(silent=as_json)
    with SuiteView(page, folder) as view:
        summary = play_suite(folder, settings, jobs or cores(), view.ends)
    if as_json:
        answer("run.suite", folder=str(folder.path), summary=summary)
    else:
        page.table(*suite_table(summary))
        page.line(f"kept in {folder.path}")
    for row in summary.runs:
        if row.error and not summary.interrupted:
            print(f"error: {row.summary.name}: {row.error}", file=sys.stderr)
    leave(
        folder.path,
        interrupted=summary.interrupted,
        complete=summary.complete,
        missing="not all were played",
    )


def _list(*, as_json: bool) -> None:
    from agentmem.cli.rendering import Page
    from agentmem.runs.listing import memories, policies, worlds

    told = {
        "worlds": worlds() | {arc.WORLD: arc.SAYS, market.WORLD: market.SAYS},
        "memories": memories(),
        "policies": policies(),
    }
    if as_json:
        answer("run.list", **told)
        return
    page = Page()
    width = max(len(name) for some in told.values() for name in some)
    for title, some in told.items():
        page.heading(title)
        page.pairs({name.ljust(width): text for name, text in some.items()})

"""Commands of `concepts` that change the memory: attempt, judge, add, revise, merge."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from agentmem.cli import concepts_opening, options, values
from agentmem.cli.answers import answer
from agentmem.cli.concepts_opening import (
    SHORT_ID,
    changing,
    find_concept,
    find_problem,
    named,
    titles_in,
    writing,
)
from agentmem.cli.memory_opening import Where
from agentmem.errors import InvalidInput, NotFound

if TYPE_CHECKING:
    from agentmem.cli.opening import Opened
    from agentmem.stores.concept.entry import Concept
    from agentmem.stores.concept.routines import Parameter
    from agentmem.stores.concept.store import ConceptMemory

FormName = Literal["ps", "oe", "rule"]
LANGUAGES = {".py": "python"}
"""The language of a solution, by how the name of its file ends; words else."""

commands = typer.Typer()
PANEL = "Change"

Kind = Annotated[str, typer.Option("--kind", metavar="NAME", help="routine, structure, type, ...")]
Description = Annotated[
    str, typer.Option("--description", metavar="TEXT", help="What it is; of a lesson: what to do.")
]
Parameters = Annotated[
    list[str] | None,
    typer.Option(
        "--parameter",
        metavar="NAME:TYPE",
        help="What it takes; repeatable. `grid:Grid`, `f:Callable[[Grid], Grid]`.",
    ),
]
Output = Annotated[str, typer.Option("--output", metavar="TYPE", help="The type of what it gives.")]
Cues = Annotated[
    list[str] | None,
    typer.Option("--cue", metavar="TEXT", help="When it may be relevant; repeatable."),
]
Notes = Annotated[
    list[str] | None, typer.Option("--note", metavar="TEXT", help="How it is carried out; repeatable.")
]
Aliases = Annotated[
    list[str] | None, typer.Option("--alias", metavar="TITLE", help="What else it is called; repeatable.")
]
Solved = Annotated[bool, typer.Option("--solved", help="The solution is right.")]
Wrong = Annotated[bool, typer.Option("--wrong", help="The solution is wrong.")]


@commands.command(rich_help_panel=PANEL)
def attempt(
    text: Annotated[
        str | None, typer.Argument(metavar="TEXT", help="The problem in words; `-` reads it from stdin.")
    ] = None,
    solution: Annotated[
        Path | None,
        typer.Option("--solution", metavar="FILE", help="What was tried: a program, or a report."),
    ] = None,
    problem: Annotated[
        str, typer.Option("--problem", metavar="NAME", help="What the problem is called elsewhere.")
    ] = "",
    language: Annotated[
        str | None,
        typer.Option(
            "--language", metavar="NAME", help="`python`, or empty for words. Default: by the file's name."
        ),
    ] = None,
    solved: Solved = False,
    wrong: Wrong = False,
    selected: Annotated[
        list[str] | None,
        typer.Option("--selected", metavar="CONCEPT", help="A concept that was shown before; repeatable."),
    ] = None,
    abstractor: Annotated[
        str | None,
        typer.Option(
            "--abstractor", metavar="NAME", help="Who writes concepts; chosen when the memory begins."
        ),
    ] = None,
    library: Annotated[
        str | None,
        typer.Option(
            "--library", metavar="NAME", help="The routines that solutions are written of; likewise."
        ),
    ] = None,
    every: Annotated[
        int | None,
        typer.Option("--every", min=1, metavar="N", help="How many verdicts are written at once; likewise."),
    ] = None,
    trust: options.Trust = "agent",
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """Tell of an attempt at a problem, with its verdict where that is known; else `judge` it later."""
    from agentmem.records import Trust

    verdict = _verdict(solved, wrong, needed=False)
    given = values.given_text("text", text)
    tried = _read(solution) if solution is not None else ""
    spoken = LANGUAGES.get(solution.suffix.lower(), "") if language is None and solution else language or ""
    with writing(Where(db, namespace), abstractor=abstractor, library=library, every=every) as (
        memory,
        opened,
    ):
        shown = [find_concept(memory, one).id for one in selected or ()]
        id = memory.attempted(
            given, tried, problem=problem, language=spoken, solved=verdict, selected=shown, trust=Trust(trust)
        )
        _tell_problem("attempt", id, memory, opened, json=json)


@commands.command(rich_help_panel=PANEL)
def judge(
    problem: concepts_opening.Problems,
    solved: Solved = False,
    wrong: Wrong = False,
    trust: options.Trust = "user",
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """Say whether the solution of a problem is right. What is right may become concepts."""
    from agentmem.records import Trust

    verdict = _verdict(solved, wrong, needed=True)
    with changing(Where(db, namespace)) as (memory, opened):
        found = find_problem(memory, problem)
        memory.judge(found.id, bool(verdict), trust=Trust(trust))
        _tell_problem("judge", found.id, memory, opened, json=json)


def _verdict(solved: bool, wrong: bool, *, needed: bool) -> bool | None:
    if solved == wrong and (solved or needed):
        raise InvalidInput("a verdict is one of two", "give --solved or --wrong")
    return solved if solved != wrong else None


def _read(file: Path) -> str:
    if not file.is_file():
        raise NotFound(f"there is no file {str(file)!r}", "give the file of a solution")
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InvalidInput(
            f"{file} is not UTF-8 at byte {error.start}", "convert it, for example by iconv"
        ) from error


def _tell_problem(command: str, id: str, memory: ConceptMemory, opened: Opened, *, json: bool) -> None:
    """The problem as it is now, and the concepts that are used in it."""
    from agentmem.cli.concepts_seeing import VERDICTS
    from agentmem.cli.rendering import Page
    from agentmem.stores.concept.views import holdings_of

    held = holdings_of(memory)
    titles, used = titles_in(held), held.used_by().get(id, [])
    problem = next(one for one in held.problems if one.id == id)
    pending = memory.pending()
    if json:
        answer(
            f"concepts.{command}",
            namespace=opened.path,
            problem=problem,
            concepts=named(used, titles),
            pending=pending,
        )
        return
    page = Page()
    name = f" {problem.problem}" if problem.problem else ""
    page.line(
        f"problem{name} [{problem.id[:SHORT_ID]}]: {VERDICTS[problem.solved].replace('-', 'not judged')}"
    )
    for used_id in used:
        page.line(f"  uses {titles[used_id]} [{used_id[:SHORT_ID]}]")
    for one in pending:
        page.line(f"not abstracted yet: {one.error or 'it waits'}; try again: agentmem retry", style="yellow")


@commands.command(rich_help_panel=PANEL)
def add(
    title: Annotated[
        str, typer.Argument(metavar="TITLE", help="What it is called; of a lesson: when it applies.")
    ],
    description: Description = "",
    form: Annotated[
        FormName, typer.Option("--form", help="With parameters, open-ended (a lesson), or a rule.")
    ] = "ps",
    kind: Kind = "",
    parameter: Parameters = None,
    output: Output = "",
    cue: Cues = None,
    note: Notes = None,
    alias: Aliases = None,
    used_in: Annotated[
        list[str] | None,
        typer.Option("--used-in", metavar="PROBLEM", help="A problem that it is used in; repeatable."),
    ] = None,
    why: options.Why = "",
    trust: options.Trust = "user",
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """State a concept: a new one, or more about the one of that title."""
    from agentmem.records import Trust

    said = _said(kind, description, parameter, output, cue, note, alias)
    with writing(Where(db, namespace)) as (memory, opened):
        before = {one.id for one in memory.concepts()}
        problems = [find_problem(memory, one).id for one in used_in or ()]
        id = memory.state(title, form=form, used_in=problems, why=why, trust=Trust(trust), **said)
        _tell_concept("add", memory.concept(id), opened, json=json, is_new=id not in before)


@commands.command(rich_help_panel=PANEL)
def revise(
    concept: concepts_opening.Id,
    title: Annotated[str | None, typer.Option("--title", metavar="TEXT", help="Another title.")] = None,
    description: Description = "",
    kind: Kind = "",
    parameter: Parameters = None,
    output: Output = "",
    cue: Cues = None,
    note: Notes = None,
    alias: Aliases = None,
    why: options.Why = "",
    trust: options.Trust = "user",
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """Say other words in the place of those that a concept has, field by field. Its history keeps them."""
    from agentmem.records import Trust

    said = _said(kind, description, parameter, output, cue, note, alias)
    with changing(Where(db, namespace)) as (memory, opened):
        id = find_concept(memory, concept).id
        memory.revise(id, title=title, why=why, trust=Trust(trust), **said)
        _tell_concept("revise", memory.concept(id), opened, json=json)


@commands.command(rich_help_panel=PANEL)
def merge(
    concept: concepts_opening.Id,
    other: Annotated[str, typer.Argument(metavar="OTHER", help="Another concept that is the same.")],
    why: options.Why = "",
    trust: options.Trust = "user",
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """Make one concept of two. All that was said of either stands; what differs is shown as `or:`."""
    from agentmem.records import Trust

    with changing(Where(db, namespace)) as (memory, opened):
        ids = [find_concept(memory, one).id for one in (concept, other)]
        if ids[0] == ids[1]:
            raise InvalidInput(f"{concept!r} and {other!r} are one concept already", "name two")
        stays = memory.merge(ids[0], ids[1], why, trust=Trust(trust))
        gone = next(one for one in ids if one != stays)
        _tell_concept("merge", memory.concept(stays), opened, json=json, gone=gone)


def _said(
    kind: str,
    description: str,
    parameter: list[str] | None,
    output: str,
    cue: list[str] | None,
    note: list[str] | None,
    alias: list[str] | None,
) -> dict[str, Any]:
    """What is said of a concept, from what was typed."""
    return {
        "kind": kind,
        "description": description,
        "parameters": [_parameter(one) for one in parameter or ()],
        "output": output,
        "cues": cue or (),
        "notes": note or (),
        "aliases": alias or (),
    }


def _parameter(text: str) -> Parameter:
    """A parameter as typed: `grid: Grid`, or its name alone."""
    from agentmem.stores.concept.routines import Parameter

    name, _, type = text.partition(":")
    if not name.strip():
        raise InvalidInput(f"--parameter {text!r} has no name", "write NAME:TYPE")
    return Parameter(name=name.strip(), type=type.strip())


def _tell_concept(
    command: str, concept: Concept, opened: Opened, *, json: bool, is_new: bool = False, **more: str
) -> None:
    from agentmem.cli.rendering import Page
    from agentmem.stores.concept.entry import worded

    if json:
        answer(f"concepts.{command}", namespace=opened.path, concept=concept, is_new=is_new, **more)
        return
    page = Page()
    more_of_it = command == "add" and not is_new
    page.line(f"{command} {concept.title} [{concept.id[:SHORT_ID]}]{' (more of it)' if more_of_it else ''}")
    page.block(worded(concept))
    for name, told in more.items():
        page.line(f"{name}: {told}")

"""Commands of `concepts` that tell what is there: list, show, search, refusals."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from agentmem.cli import concepts_opening, options, values
from agentmem.cli.answers import answer
from agentmem.cli.concepts_opening import NO_CONCEPTS, SHORT_ID, find_concept, named, reading, titles_in
from agentmem.cli.exits import Exit
from agentmem.cli.memory_opening import Where

if TYPE_CHECKING:
    from agentmem.cli.rendering import Cell, Page
    from agentmem.records import Hit
    from agentmem.stores.concept.entry import Concept
    from agentmem.stores.concept.problems import Problem
    from agentmem.stores.concept.views import Holdings

Sort = Literal["uses", "title", "newest"]
FormName = Literal["ps", "oe", "rule"]
VERDICTS = {True: "solved", False: "wrong", None: "-"}

commands = typer.Typer()
PANEL = "See"


@commands.command("list", rich_help_panel=PANEL)
def list_(
    kind: Annotated[
        str | None, typer.Option("--kind", metavar="NAME", help="Only of this kind: routine, type, ...")
    ] = None,
    form: Annotated[
        FormName | None, typer.Option("--form", help="Only with parameters, open-ended, or rules.")
    ] = None,
    sort: Annotated[Sort, typer.Option("--sort", help="What comes first.")] = "uses",
    problems: Annotated[
        bool, typer.Option("--problems", help="List the problems instead, the newest first.")
    ] = False,
    limit: Annotated[int | None, typer.Option("--limit", "-n", min=1, metavar="N", help="So many.")] = None,
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """List concepts: how often each is used, what became of it, and what it takes and gives."""
    from agentmem.cli.rendering import Page
    from agentmem.stores.concept.views import holdings_of

    with reading(Where(db, namespace)) as (memory, opened):
        held, path = holdings_of(memory), opened.path
    if problems:
        _list_problems(held, path, limit, json=json)
        return
    wanted = None if kind is None else kind.strip().lower()
    found = [one for one in held.concepts if wanted in (None, one.kind) and form in (None, one.form)]
    shown = _sorted(found, sort, held)[:limit]
    if json:
        entries = [
            {
                "concept": one,
                "uses": len(held.uses.get(one.id, ())),
                "outcomes": held.outcomes.get(one.id, {}),
            }
            for one in shown
        ]
        answer("concepts.list", namespace=path, concepts=entries)
        return
    page = Page()
    if shown:
        page.table(["id", "kind", "uses", "outcomes", "what"], [_row(one, held) for one in shown])
    else:
        page.line("none of these" if held.concepts else NO_CONCEPTS)


def _sorted(concepts: Sequence[Concept], sort: Sort, held: Holdings) -> list[Concept]:
    if sort == "title":
        return sorted(concepts, key=lambda one: one.title.casefold())
    newest = [*reversed(concepts)]
    return newest if sort == "newest" else sorted(newest, key=lambda one: -len(held.uses.get(one.id, ())))


def _row(concept: Concept, held: Holdings) -> list[Cell]:
    from agentmem.cli.describing import short
    from agentmem.stores.concept.entry import signature

    told = [f"{concept.title}{signature(concept)}"]
    told += [short(concept.description)] if concept.description else []
    told += [f"or: {short(one)}" for one in concept.alternatives]
    uses = len(held.uses.get(concept.id, ()))
    kind = concept.kind or {"oe": "lesson", "rule": "rule"}.get(concept.form, "-")
    return [concept.id[:SHORT_ID], kind, str(uses), _outcomes(held, concept.id), told]


def _outcomes(held: Holdings, id: str) -> str:
    counts = held.outcomes.get(id, {})
    return ", ".join(f"{kind} {value:g}" for kind, value in counts.items()) or "-"


def _list_problems(held: Holdings, path: str, limit: int | None, *, json: bool) -> None:
    from agentmem.cli.rendering import Page

    titles, used_by = titles_in(held), held.used_by()
    shown = [*reversed(held.problems)][:limit]
    if json:
        entries = [
            {**one.model_dump(mode="json"), "concepts": named(used_by.get(one.id, ()), titles)}
            for one in shown
        ]
        answer("concepts.problems", namespace=path, problems=entries)
        return
    rows = [_problem_row(one, [titles[id] for id in used_by.get(one.id, ())]) for one in shown]
    if rows:
        Page().table(["id", "verdict", "problem"], rows)
    else:
        Page().line("no problems yet; tell of one: agentmem concepts attempt TEXT")


def _problem_row(problem: Problem, titles: Sequence[str] = ()) -> list[Cell]:
    from agentmem.cli.describing import short

    name = f"{problem.problem}: " if problem.problem else ""
    told = [f"{name}{short(problem.text)}"]
    told += [f"uses: {', '.join(titles)}"] if titles else []
    return [problem.id[:SHORT_ID], VERDICTS[problem.solved], told]


@commands.command(rich_help_panel=PANEL)
def show(
    concept: concepts_opening.Id,
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """Show one concept. All that is said of it, where it is used, what fits it, and its history."""
    from agentmem.cli.describing import versions_table
    from agentmem.cli.rendering import Page
    from agentmem.stores.concept.entry import worded
    from agentmem.stores.concept.graph import fitting
    from agentmem.stores.concept.views import holdings_of

    with reading(Where(db, namespace)) as (memory, opened):
        one = find_concept(memory, concept)
        held, history, path = holdings_of(memory), memory.history(one.id), opened.path
    titles = titles_in(held)
    used_in = [problem for problem in held.problems if problem.id in held.uses.get(one.id, ())]
    similar, beside = _others(one.id, held.similar), _others(one.id, held.beside)
    fits = fitting(one, held.concepts)
    if json:
        answer(
            "concepts.show",
            namespace=path,
            concept=one,
            text=worded(one),
            used_in=used_in,
            outcomes=held.outcomes.get(one.id, {}),
            similar=named(similar, titles),
            beside=named(beside, titles),
            fits=[
                {"name": part.name, "type": part.type, "filled_by": named(fits[part.name], titles)}
                for part in one.parameters
            ],
            history=history,
        )
        return
    page = Page()
    page.line(f"{one.id}@{one.version}", style="dim")
    page.block(worded(one))
    facts = {
        "outcomes": _outcomes(held, one.id),
        "may be one with": ", ".join(titles[id] for id in similar),
        "says otherwise": ", ".join(f"{titles[id]} ({id[:SHORT_ID]})" for id in beside),
        "not shown": f"{one.hidden} more cues and notes" if one.hidden else "",
    }
    page.pairs({name: told for name, told in facts.items() if told})
    _tell_fits(page, fits, titles)
    page.heading(f"used in {len(used_in)} problem{'' if len(used_in) == 1 else 's'}")
    if used_in:
        page.table(["id", "verdict", "problem"], [_problem_row(problem) for problem in used_in])
    page.heading("history")
    page.table(*versions_table(history))


MOST_FITTING = 8
"""Concepts that are named for a parameter."""


def _tell_fits(page: Page, fits: dict[str, list[str]], titles: dict[str, str]) -> None:
    if not any(fits.values()):
        return
    page.heading("its parameters can be filled by")
    rows: list[list[Cell]] = []
    for name, ids in fits.items():
        told = [titles[id] for id in ids[:MOST_FITTING]]
        told += [f"{len(ids) - MOST_FITTING} more"] if len(ids) > MOST_FITTING else []
        rows.append([name, ", ".join(told) or "-"])
    page.table(["parameter", "concepts"], rows)


def _others(id: str, pairs: Sequence[tuple[str, str]]) -> list[str]:
    return [other if one == id else one for one, other in pairs if id in (one, other)]


@commands.command(rich_help_panel=PANEL)
def search(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="A problem in words; `-` reads it from stdin.")],
    k: options.K = 10,
    explain: Annotated[bool, typer.Option("--explain", help="Show the parts of every score.")] = False,
    budget: Annotated[
        int | None,
        typer.Option("--budget", min=0, metavar="TOKENS", help="Write the prompt text instead, within it."),
    ] = None,
    no_floor: options.NoFloor = False,
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """Select concepts for a problem, best first. Exit code 1 where none is relevant."""
    from agentmem.cli.describing import summary
    from agentmem.cli.recalling import NOTHING
    from agentmem.cli.rendering import Page

    asked = values.given_text("text", text)
    query = {"k": k, "floor": not no_floor}
    with reading(Where(db, namespace)) as (memory, opened):
        hits = memory.recall(asked, **query)
        made = None if budget is None else memory.synthesize(asked, budget, **query)
        path = opened.path
    page = Page()
    if json:
        answer("concepts.search", namespace=path, query=asked, relevant=bool(hits), hits=hits, context=made)
    elif made is not None and not page.is_rich:
        sys.stdout.write(made.text)
    elif made is not None and made.text:
        page.block(made.text)
        page.line()
        page.line(summary(made), style="bold")
    elif hits and made is None:
        page.table(["#", "score", "what"], _ranked(hits, with_parts=explain))
    else:
        page.line(NOTHING)
    if not (hits if made is None else made.text):
        raise typer.Exit(Exit.NEGATIVE)


def _ranked(hits: Sequence[Hit], *, with_parts: bool) -> list[list[Cell]]:
    from agentmem.cli.describing import parts, short

    rows: list[list[Cell]] = []
    for rank, hit in enumerate(hits, 1):
        head, _, rest = hit.record.text.partition("\n")
        told = [f"{head}  [{hit.id[:SHORT_ID]}]"]
        told += [short(rest)] if rest else []
        told += [f"says otherwise: {', '.join(hit.alternatives)}"] if hit.alternatives else []
        told += [parts(hit.parts)] if with_parts and hit.parts else []
        rows.append([str(rank), f"{hit.score:.2f}", told])
    return rows


@commands.command(rich_help_panel=PANEL)
def refusals(
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, metavar="N", help="The last so many.")] = 50,
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """List what gates kept out of the memory, and why, newest first."""
    from agentmem.cli.describing import short, stamp
    from agentmem.cli.rendering import Page

    with reading(Where(db, namespace)) as (memory, opened):
        found, path = memory.refusals(limit), opened.path
        problems = {one.id: one for one in memory.problems()}
    if json:
        told = [
            {
                "time": event.happened.isoformat(),
                "event_id": event.id,
                "gate": one.gate,
                "title": one.title,
                "problem": one.problem,
                "why": one.why,
            }
            for one, event in found
        ]
        answer("concepts.refusals", namespace=path, refusals=told)
        return
    rows: list[list[Cell]] = []
    for one, event in found:
        problem = problems.get(one.problem)
        name = (problem.problem or short(problem.text, 40)) if problem else one.problem[:SHORT_ID]
        rows.append([stamp(event.happened), one.gate, name or "-", [one.title or "-", one.why]])
    if rows:
        Page().table(["time", "gate", "problem", "what"], rows)
    else:
        Page().line("nothing was refused")

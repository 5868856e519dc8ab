"""Commands of `concepts` that read and write files: graph, export, import."""

from __future__ import annotations

import json as json_
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO, Annotated, Any

import typer

from agentmem.cli import options
from agentmem.cli.answers import answer
from agentmem.cli.concepts_opening import NO_CONCEPTS, reading, writing
from agentmem.cli.memory_opening import Where
from agentmem.errors import InvalidInput, NotFound
from agentmem.files import write_new

commands = typer.Typer()
PANEL = "Files"
STRONGEST = 10
"""Pairs that are used together which `graph` tells."""
Force = Annotated[bool, typer.Option("--force", help="Replace a file that is there.")]


def _file(ending: str, what: str) -> Any:
    return typer.Option(ending, metavar="FILE", help=f"Write {what} to a new file.")


@commands.command(rich_help_panel=PANEL)
def graph(
    html: Annotated[Path | None, _file("--html", "a page, which needs nothing else,")] = None,
    svg: Annotated[Path | None, _file("--svg", "a picture")] = None,
    json_file: Annotated[Path | None, _file("--json-file", "nodes and edges")] = None,
    most: Annotated[
        int, typer.Option("--most", min=1, metavar="N", help="Draw so many concepts: those most used.")
    ] = 500,
    force: Force = False,
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """Draw which concepts are used together, alike, or plug into each other. Without a file: in words."""
    from agentmem.cli.rendering import Page
    from agentmem.stores.concept.graph import CO_USE, concept_graph, facts
    from agentmem.stores.concept.views import LayoutPolicy, as_html, as_svg, document, holdings_of

    with reading(Where(db, namespace)) as (memory, opened):
        held, path = holdings_of(memory), opened.path
    made = concept_graph(held.concepts, held.uses, held.similar, held.outcomes)
    policy, title = LayoutPolicy(most=most), f"Concepts of {path}"
    drawn: list[tuple[Path | None, Callable[[], str]]] = [
        (html, lambda: as_html(held, title=title, policy=policy)),
        (svg, lambda: as_svg(made, title=title, policy=policy)),
        (json_file, lambda: json_.dumps(document(made), ensure_ascii=False, indent=1) + "\n"),
    ]
    written = []
    for file, draw in drawn:
        if file is not None:
            _write(file, draw(), force=force)
            written.append(str(file))
    counts = facts(made)
    if json:
        answer("concepts.graph", namespace=path, facts=counts, graph=document(made), files=written)
        return
    page = Page()
    if not held.concepts:
        page.line(NO_CONCEPTS)
    else:
        page.pairs({name.replace("_", " "): f"{count:,}" for name, count in counts.items()})
    if held.concepts and not written:
        edges = [
            (data["shared"], data["weight"], one, other)
            for one, other, key, data in made.edges(keys=True, data=True)
            if key == CO_USE
        ]
        strongest = sorted(edges, key=lambda edge: (-edge[0], -edge[1], edge[2], edge[3]))[:STRONGEST]
        titles = {one.id: one.title for one in held.concepts}
        if strongest:
            page.heading("most often used together")
            page.table(
                ["problems", "weight", "concepts"],
                [
                    [str(shared), f"{weight:.2f}", f"{titles[a]} + {titles[b]}"]
                    for shared, weight, a, b in strongest
                ],
            )
    for name in written:
        page.line(f"written to {name}")


def _write(file: Path, text: str, *, force: bool) -> None:
    def write(target: IO[str]) -> None:
        target.write(text)

    write_new(file, write, over=force)


@commands.command(rich_help_panel=PANEL)
def export(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="A new file. Without one: to stdout.")
    ] = None,
    force: Force = False,
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """Write problems, concepts and uses as JSON. `agentmem bench concepts --data` reads it, and `import`."""
    from agentmem.cli.rendering import Page
    from agentmem.stores.concept.transfer_file import document_of, written
    from agentmem.stores.concept.views import holdings_of

    with reading(Where(db, namespace)) as (memory, opened):
        document, path = document_of(holdings_of(memory)), opened.path
    text = written(document)
    if file is not None:
        _write(file, text, force=force)
    counts = {"problems": len(document.problems), "concepts": len(document.concepts)}
    if json:
        answer(
            "concepts.export",
            namespace=path,
            file=None if file is None else str(file),
            document=json_.loads(text) if file is None else None,
            **counts,
        )
    elif file is None:
        sys.stdout.write(text)
    else:
        Page().line(f"{counts['concepts']} concepts and {counts['problems']} problems written to {file}")


@commands.command("import", rich_help_panel=PANEL)
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that `export` wrote, or like it.")],
    trust: options.Trust = "user",
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """Put what a file says into the memory: all of it, or nothing. A second time it changes nothing."""
    from agentmem.cli.rendering import Page
    from agentmem.errors import FormatError
    from agentmem.records import Trust
    from agentmem.stores.concept.transfer_file import parsed, take_in

    if not file.is_file():
        raise NotFound(f"there is no file {str(file)!r}", "give a JSON file")
    try:
        document = parsed(file.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{file} is not UTF-8 at byte {error.start}", "convert it") from error
    except FormatError as error:
        raise FormatError(f"{file}: {error.message}", error.remedy) from error
    with writing(Where(db, namespace)) as (memory, opened):
        taken, path = take_in(document, memory, trust=Trust(trust)), opened.path
    if json:
        answer("concepts.import", namespace=path, taken=taken)
    else:
        Page().line(
            f"{taken.concepts} concepts and {taken.problems} problems are new, {taken.known} entries known"
        )

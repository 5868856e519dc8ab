"""The command group `task`: the forest of tasks, its steps, and what is said of them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Literal

import typer

from agentmem.cli import options, task_operations, values
from agentmem.cli.answers import answer
from agentmem.cli.exits import Exit
from agentmem.cli.forest import SHORT_ID, Told, reading, tell, text_of, tree_rows, writing
from agentmem.cli.memory_opening import Where
from agentmem.errors import InvalidInput
from agentmem.files import write_new

if TYPE_CHECKING:
    from agentmem.cli.rendering import Cell
    from agentmem.stores.task.log import Entry

Form = Literal["rich", "mermaid", "json", "svg"]
SUFFIXES: dict[str, Form] = {".md": "mermaid", ".mmd": "mermaid", ".json": "json", ".svg": "svg"}
"""How a file is written, by how its name ends."""
NO_TASKS = "no tasks yet; begin one: agentmem task add TITLE --task"

commands = typer.Typer(
    name="task",
    help="Tasks and their steps: see, change, correct, tell a prompt.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
PANEL = "See"
Everything = Annotated[bool, typer.Option("--all", help="Also what was superseded or rolled back.")]
Under = Annotated[str | None, typer.Argument(metavar="NODE", help="Only this node, and what hangs under it.")]


@commands.command(rich_help_panel=PANEL)
def show(
    node: Under = None,
    form: Annotated[Form, typer.Option("--as", help="How it is written.")] = "rich",
    everything: Everything = False,
    known_at: options.KnownAt = None,
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """Show the tree. Values, what is open, done, failed or stale, and what needs what."""
    from agentmem.cli.rendering import Page
    from agentmem.stores.task.views.as_json import document

    with reading(Where(db, namespace)) as (memory, opened):
        under = None if node is None else memory.find(node).id
        graph = memory.graph(known_at=values.moment("--known-at", known_at), everything=everything)
        path = opened.path
    if under is not None and under not in graph.nodes:
        raise InvalidInput(f"{node!r} does not stand any more", "add --all, or see `agentmem task log`")
    text = text_of(graph, form, everything=everything, under=under)
    page = Page()
    if json:
        told = document(graph, under=under).model_dump(mode="json", by_alias=True)
        answer("task.show", namespace=path, graph=told, text=text)
    elif form != "rich":
        sys.stdout.write(text)
    elif graph.nodes:
        page.tree(tree_rows(graph, everything=everything, under=under))
    else:
        page.line(NO_TASKS)


@commands.command(rich_help_panel=PANEL)
def export(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A new file: .md, .mmd (Mermaid), .json or .svg.")
    ],
    form: Annotated[
        Form | None, typer.Option("--as", help="How it is written. Default: by the name's end.")
    ] = None,
    node: Annotated[str | None, typer.Option("--node", metavar="NODE", help="Only what is under it.")] = None,
    everything: Everything = False,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """Write the tree to a file. A picture, a Mermaid diagram, or JSON without loss."""
    from agentmem.cli.rendering import Page

    chosen = form or SUFFIXES.get(file.suffix.lower())
    if chosen is None:
        raise InvalidInput(
            f"the name of {str(file)!r} does not say how it is to be written",
            f"end it by {', '.join(SUFFIXES)}, or add --as",
        )
    with reading(Where(db, namespace)) as (memory, opened):
        under = None if node is None else memory.find(node).id
        graph = memory.graph(everything=everything)
        path = opened.path
    text = text_of(graph, chosen, everything=everything, under=under)
    if chosen == "mermaid" and file.suffix.lower() == ".md":
        text = f"```mermaid\n{text}```\n"

    def write(target: IO[str]) -> None:
        target.write(text)

    write_new(file, write, over=force)
    if json:
        answer("task.export", namespace=path, file=str(file), form=chosen, nodes=len(graph.nodes))
    else:
        Page().line(f"{len(graph.nodes)} nodes written to {file}")


@commands.command(rich_help_panel=PANEL)
def log(
    node: Annotated[
        str | None, typer.Argument(metavar="NODE", help="Only what was done to this one, and its values.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, metavar="N", help="The last so many.")] = 100,
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """List what was done, oldest first. When, by whom, what, in which words, and why."""
    from agentmem.cli.describing import stamp
    from agentmem.cli.rendering import Page

    with reading(Where(db, namespace)) as (memory, opened):
        id = None if node is None else memory.find(node).id
        done = memory.log(id, limit=limit)
        had = [] if id is None else memory.revisions(id)
        path = opened.path
    if json:
        answer("task.log", namespace=path, node=id, log=done, values=had)
        return
    page = Page()
    if not done:
        page.line(NO_TASKS)
        return
    page.table(["time", "who", "did", "what"], [_row(entry) for entry in done])
    if had:
        page.heading("its values:")
        rows: list[list[Cell]] = [
            [
                "now" if one.current else "",
                stamp(one.time),
                [one.value or "open", *([f"why: {one.why}"] if one.why else [])],
            ]
            for one in had
        ]
        page.table(["", "said", "value"], rows)


def _row(entry: Entry) -> list[Cell]:
    from agentmem.cli.describing import short, stamp

    who = entry.actor or (entry.trust.value if entry.trust != "user" else "-")
    who += f" in {entry.session}" if entry.session else ""
    head = entry.title or (entry.node or "-")[:SHORT_ID]
    told = [f"{head}: {entry.what}" if entry.what else head]
    told += [f"said: {short(entry.text)}"] if entry.text else []
    told += [f"why: {entry.why}"] if entry.why else []
    return [stamp(entry.time), who, entry.operation, told]


@commands.command(rich_help_panel=PANEL)
def prompt(
    question: options.Asked = "",
    node: Annotated[
        list[str] | None,
        typer.Option(
            "--node", metavar="NODE", help="What is worked on; all its values are told. Repeatable."
        ),
    ] = None,
    budget: Annotated[
        int, typer.Option("--budget", min=0, metavar="TOKENS", help="The text never costs more.")
    ] = 1_000,
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """Write prompt text about the active step. In a pipe: the text alone."""
    from agentmem.cli.describing import summary
    from agentmem.cli.rendering import Page

    asked = values.question(question)
    with reading(Where(db, namespace)) as (memory, opened):
        wanted = tuple(memory.find(one).id for one in node or ())
        made = memory.synthesize(asked, budget, expand=wanted)
        path = opened.path
    page = Page()
    if json:
        answer("task.prompt", namespace=path, query=asked, context=made)
    elif not page.is_rich:
        sys.stdout.write(made.text)
    elif made.text:
        page.block(made.text)
        page.line()
        page.line(summary(made), style="bold")
    else:
        page.line(NO_TASKS)
    if not made.text:
        raise typer.Exit(Exit.NEGATIVE)


@commands.command(rich_help_panel="Change")
def say(
    text: Annotated[
        str | None, typer.Argument(metavar="TEXT", help="What was said; `-` reads it from stdin.")
    ] = None,
    trim: task_operations.TrimName = None,
    actor: options.Actor = "",
    session: options.Session = "",
    trust: options.Trust = "user",
    time: options.Time = None,
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """Say something, and see what it was read as, and what changed. Exit code 1: it is still pending."""
    from agentmem.cli.describing import receipt_line
    from agentmem.cli.rendering import Page
    from agentmem.records import Event
    from agentmem.stores.task.difference import difference

    event = Event(text=values.given_text("text", text), **Told(actor, session, trust, time).fields())
    with writing(Where(db, namespace), trim, begun_with="rule") as (memory, opened):
        before = memory.graph()
        receipt = memory.observe(event)[0]
        done = memory.log(after=receipt.seq) if receipt.status == "stored" else []
        read = [entry for entry in done if receipt.event_id in entry.caused_by]
        changes = difference(before, memory.graph())
        waiting = [one for one in memory.pending() if one.event_id == receipt.event_id]
        reader, path = memory.option("trim"), opened.path
    if json:
        answer(
            "task.say",
            namespace=path,
            trim=reader,
            receipt=receipt,
            read=read,
            changes=changes,
            pending=waiting,
        )
    else:
        page = Page()
        page.line(receipt_line(receipt))
        for one in waiting:
            page.line(f"not read yet: {one.error or 'it waits'}; try again: agentmem retry", style="yellow")
        if not waiting and not read:
            page.line(
                "nobody reads it: the trim is 'none'" if reader == "none" else "read as nothing about a task"
            )
        if read:
            page.line("read as:", style="bold")
            page.table(["", "what", "said"], [[one.operation, _what(one), one.text] for one in read])
        page.line("changed:", style="bold")
        tell(page, changes)
    if waiting or receipt.status not in ("stored", "duplicate"):
        raise typer.Exit(Exit.NEGATIVE)


def _what(entry: Entry) -> str:
    return f"{entry.title}: {entry.what}" if entry.title and entry.what else entry.title or entry.what or "-"


for command in task_operations.commands.registered_commands:
    commands.registered_commands.append(command)

"""The commands of `task` that change the forest: one operation each."""

from __future__ import annotations

from typing import Annotated

import typer

from agentmem.cli import options
from agentmem.cli.forest import Told, carry_out
from agentmem.cli.memory_opening import Where

commands = typer.Typer()
PANEL = "Change"
Node = Annotated[
    str,
    typer.Argument(metavar="NODE", help="A node: its title, its id, or the id's first characters."),
]
Value = Annotated[str | None, typer.Option("--value", metavar="TEXT", help="What it is settled to.")]
Goal = Annotated[str, typer.Option("--goal", metavar="TEXT", help="What it is for.")]
Output = Annotated[str, typer.Option("--output", metavar="TEXT", help="What came of it.")]
UnderNodes = Annotated[
    list[str] | None, typer.Option("--under", metavar="NODE", help="What it hangs under; repeatable.")
]
TrimName = Annotated[
    str | None,
    typer.Option("--trim", metavar="NAME", help="Who reads what is said; chosen when the forest begins."),
]


@commands.command(rich_help_panel=PANEL)
def add(
    title: Annotated[str, typer.Argument(metavar="TITLE", help="Its title, without a value.")],
    value: Value = None,
    under: UnderNodes = None,
    needs: Annotated[
        list[str] | None,
        typer.Option("--needs", metavar="NODE", help="Without whose value its own cannot be settled."),
    ] = None,
    task: Annotated[
        bool, typer.Option("--task", help="It is an undertaking, which holds steps and has no value.")
    ] = False,
    goal: Goal = "",
    why: options.Why = "",
    actor: options.Actor = "",
    session: options.Session = "",
    trust: options.Trust = "user",
    time: options.Time = None,
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """Add a step, or with --task an undertaking."""
    fields: dict[str, object] = {"slot": title, "value": value, "goal": goal, "why": why}
    fields |= {"kind": "task" if task else "step", "parents": under, "depends_on": needs}
    carry_out("add", fields, Told(actor, session, trust, time), Where(db, namespace), json=json)


@commands.command(rich_help_panel=PANEL)
def update(
    node: Node,
    value: Annotated[str | None, typer.Argument(metavar="VALUE", help="Its value from now on.")] = None,
    title: Annotated[str | None, typer.Option("--title", metavar="TEXT", help="Another title.")] = None,
    goal: Annotated[str | None, typer.Option("--goal", metavar="TEXT", help="What it is for.")] = None,
    output: Annotated[str | None, typer.Option("--output", metavar="TEXT", help="What came of it.")] = None,
    why: options.Why = "",
    actor: options.Actor = "",
    session: options.Session = "",
    trust: options.Trust = "user",
    time: options.Time = None,
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """Give a step another value. The old one stays in its history; what depends on it becomes stale."""
    fields = {"node": node, "value": value, "slot": title, "goal": goal, "output": output, "why": why}
    carry_out("update", fields, Told(actor, session, trust, time), Where(db, namespace), json=json)


@commands.command(rich_help_panel=PANEL)
def rollback(
    node: Node,
    to: Annotated[
        str | None, typer.Argument(metavar="VALUE", help="An earlier value. Without it: the one before.")
    ] = None,
    why: options.Why = "",
    actor: options.Actor = "",
    session: options.Session = "",
    trust: options.Trust = "user",
    time: options.Time = None,
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """Go back to an earlier value. A step that never had one is rolled back itself."""
    fields = {"node": node, "to": to, "why": why}
    carry_out("rollback", fields, Told(actor, session, trust, time), Where(db, namespace), json=json)


@commands.command(rich_help_panel=PANEL)
def merge(
    node: Node,
    duplicate: Annotated[
        str | None, typer.Argument(metavar="DUPLICATE", help="Another node that is the same step; it goes.")
    ] = None,
    under: UnderNodes = None,
    shared_with: Annotated[
        str, typer.Option("--shared-with", metavar="NAME", help="An undertaking elsewhere that shares it.")
    ] = "",
    why: options.Why = "",
    actor: options.Actor = "",
    session: options.Session = "",
    trust: options.Trust = "user",
    time: options.Time = None,
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """Make one step of two, or let one step hang under several tasks."""
    fields = {"node": node, "duplicate": duplicate, "parents": under, "shared_with": shared_with, "why": why}
    carry_out("merge", fields, Told(actor, session, trust, time), Where(db, namespace), json=json)


@commands.command(rich_help_panel=PANEL)
def depend(
    node: Node,
    on: Annotated[list[str], typer.Argument(metavar="ON...", help="What it needs; several are possible.")],
    no_more: Annotated[bool, typer.Option("--no-more", help="It needs them no longer.")] = False,
    why: options.Why = "",
    actor: options.Actor = "",
    session: options.Session = "",
    trust: options.Trust = "user",
    time: options.Time = None,
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """Say what a step needs. Its value cannot be settled without those of the others."""
    fields = {"node": node, "on": on, "holds": not no_more, "why": why}
    carry_out("depend", fields, Told(actor, session, trust, time), Where(db, namespace), json=json)


@commands.command(rich_help_panel=PANEL)
def complete(
    node: Node,
    output: Output = "",
    why: options.Why = "",
    actor: options.Actor = "",
    session: options.Session = "",
    trust: options.Trust = "user",
    time: options.Time = None,
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """Say that a step is done."""
    fields = {"node": node, "output": output, "why": why}
    carry_out("complete", fields, Told(actor, session, trust, time), Where(db, namespace), json=json)


@commands.command(rich_help_panel=PANEL)
def fail(
    node: Node,
    output: Output = "",
    why: options.Why = "",
    actor: options.Actor = "",
    session: options.Session = "",
    trust: options.Trust = "user",
    time: options.Time = None,
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """Say that a step has failed."""
    fields = {"node": node, "output": output, "why": why}
    carry_out("fail", fields, Told(actor, session, trust, time), Where(db, namespace), json=json)


@commands.command(rich_help_panel=PANEL)
def activate(
    node: Node,
    why: options.Why = "",
    actor: options.Actor = "",
    session: options.Session = "",
    trust: options.Trust = "user",
    time: options.Time = None,
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """Say what is worked on. The step that the session worked on before waits again."""
    fields = {"node": node, "why": why}
    carry_out("activate", fields, Told(actor, session, trust, time), Where(db, namespace), json=json)


@commands.command(rich_help_panel=PANEL)
def replace(
    node: Node,
    title: Annotated[str, typer.Argument(metavar="TITLE", help="The title of the step in its place.")],
    value: Value = None,
    goal: Goal = "",
    why: options.Why = "",
    actor: options.Actor = "",
    session: options.Session = "",
    trust: options.Trust = "user",
    time: options.Time = None,
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """Put another step in the place of one. What hangs on the old one hangs on the new one."""
    fields = {"node": node, "slot": title, "value": value, "goal": goal, "why": why}
    carry_out("replace", fields, Told(actor, session, trust, time), Where(db, namespace), json=json)

"""The command `layers explain`: where one item stands, what moved it, and what ranks it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agentmem.cli import layers_opening, options, values
from agentmem.cli.answers import answer
from agentmem.cli.layers_opening import item_of, reading
from agentmem.cli.layers_seeing import PANEL, At
from agentmem.cli.memory_opening import Where

if TYPE_CHECKING:
    from agentmem.cli.rendering import Cell, Page
    from agentmem.records import Explanation

commands = typer.Typer()
STANDING = ("live", "faded")
"""States between which items go."""
LAST_USES = 10
"""Uses that are told to people; JSON has all."""


@commands.command(rich_help_panel=PANEL)
def explain(
    id: layers_opening.Id,
    question: Annotated[
        str, typer.Argument(metavar="QUESTION", help="A question for which it is ranked.")
    ] = "",
    at: At = None,
    k: options.K = 10,
    until: Annotated[
        str | None,
        typer.Option("--until", metavar="TIME", help="Only moves up to this time. Default: all that come."),
    ] = None,
    plot: layers_opening.Plot = None,
    force: layers_opening.Force = False,
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """Explain one item. Where it stands, all moves, past and to come, feedback, and what ranks it."""
    from agentmem.cli.layers_telling import move_json, moves_table, now_of, standing_words, uses_of
    from agentmem.cli.rendering import Page
    from agentmem.stores.layered.changes import REFLECTS
    from agentmem.stores.layered.points import FOREVER

    asked = values.question(question)
    end = values.moment("--until", until, whole_day=True)
    with reading(Where(db, namespace)) as (memory, opened):
        item = item_of(memory, id)
        moment = now_of(memory, values.moment("--at", at))
        stand, moves = memory.standing(item.id, moment), memory.moves(item.id, end or FOREVER)
        if item.state not in STANDING:  # what was retracted or corrected moves no more
            moves = [move for move in moves if move.at <= now_of(memory, None)]
        uses = uses_of(memory, item)
        links = memory.bank.view(memory.namespace, store=memory.shelf).links([item.id], REFLECTS)
        told = memory.explain(asked, item.id, at=moment, k=k) if asked.strip() else None
        if plot is not None:
            from agentmem.cli.layers_drawing import draw_course
            from agentmem.stores.layered.points import course_of

            relevance = told.parts.get("relevance", 0.0) if told is not None else 0.0
            draw_course(course_of(memory, item, relevance), memory.policy, moment, end, plot, over=force)
        policy, path = memory.policy, opened.path
    reflects = [link.target for link in links if link.source == item.id]
    reflected_by = [link.source for link in links if link.target == item.id]
    if json:
        answer(
            "layers.explain",
            namespace=path,
            item=item,
            standing=stand,
            moves=[{**move_json(move, policy), "coming": move.at > moment} for move in moves],
            feedback=uses,
            reflects=reflects,
            reflected_by=reflected_by,
            explanation=told,
            file=None if plot is None else str(plot),
        )
        return
    from agentmem.cli.describing import head, stamp

    page = Page()
    page.line(head(item), style="dim")
    page.block(item.text)
    facts = {
        "kind": item.type,
        f"at {stamp(moment)}": standing_words(stand),
        "out of recall": f"{item.state.value}: it moves no more" if item.state not in STANDING else "",
        "rated": str(item.payload.get("rated", "")),
        "reflection on": ", ".join(reflects),
        "reflections": ", ".join(reflected_by),
    }
    page.pairs({name: value for name, value in facts.items() if value})
    page.heading("moves")
    if moves:
        page.table(*moves_table(moves, policy, moment))
    else:
        page.line("none, and none to come")
    if uses:
        page.heading("feedback" if len(uses) <= LAST_USES else f"feedback: the last of {len(uses):,}")
        page.table(["time", "kind", "value", "what follows"], [_use_row(one) for one in uses[-LAST_USES:]])
    if told is not None:
        page.heading(f"for {asked!r}")
        _tell_rank(page, told)
    if plot is not None:
        page.line(f"drawn into {plot}")


def _use_row(use: dict[str, Any]) -> list[Cell]:
    from agentmem.cli.describing import stamp

    when = stamp(datetime.fromisoformat(use["time"]))
    return [when, use["kind"], f"{use['value']:g}", use["why"] or "nothing"]


def _tell_rank(page: Page, told: Explanation) -> None:
    from agentmem.cli.describing import parts

    if told.recalled:
        page.line(f"it is recalled, at rank {told.rank}")
    else:
        page.line(f"it is not recalled: {told.reason} (step: {told.step})")
    if told.score is not None:
        page.line(f"score {told.score:.2f}:  {parts(told.parts)}")

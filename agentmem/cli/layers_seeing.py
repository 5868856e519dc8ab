"""Commands of `layers` that tell of all items: show, survival, policy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agentmem.cli import layers_opening, options, values
from agentmem.cli.answers import answer
from agentmem.cli.layers_opening import NO_ITEMS, STORE, is_there, json_of, reading
from agentmem.cli.memory_opening import Where

if TYPE_CHECKING:
    from agentmem.cli.rendering import Cell, Page
    from agentmem.records import Hit
    from agentmem.stores.layered.course import Stand, Survival
    from agentmem.stores.layered.policy import LayerPolicy

commands = typer.Typer()
PANEL = "See"
HALF = 0.5
At = Annotated[
    str | None, typer.Option("--at", metavar="TIME", help="As it stands at this moment. Default: now.")
]


@commands.command(rich_help_panel=PANEL)
def show(
    text: Annotated[
        str,
        typer.Argument(
            metavar="TEXT", help="A question; `-` reads it from stdin. Without one: what is newest."
        ),
    ] = "",
    k: Annotated[int, typer.Option("-k", "--k", min=1, metavar="N", help="So many of each layer.")] = 5,
    at: At = None,
    filter: options.Filter = None,
    state: options.States = None,
    plot: layers_opening.Plot = None,
    force: layers_opening.Force = False,
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """Show how many items stand in each layer, and the best of each, with all that ranks them."""
    from agentmem.cli.layers_telling import now_of
    from agentmem.cli.rendering import Page

    asked = values.question(text)
    with reading(Where(db, namespace)) as (memory, opened):
        moment = now_of(memory, values.moment("--at", at))
        states = tuple(name.value for name in state) if state else ("live",)
        found = memory.recall_layers(asked, k=k, at=moment, filter=filter, states=states, floor=False)
        population = memory.population(moment)
        hits = [hit for some in found.values() for hit in some]
        stands = {hit.id: memory.standing(hit.id, moment) for hit in hits}
        if plot is not None:
            from agentmem.cli.layers_drawing import draw_layers
            from agentmem.stores.layered.points import course_of

            courses = {
                name: [course_of(memory, hit.record, hit.parts.get("relevance", 0.0)) for hit in some]
                for name, some in found.items()
            }
            draw_layers(courses, memory.policy, moment, plot, over=force)
        policy, path = memory.policy, opened.path
    if json:
        told = {
            name: [{**hit.model_dump(mode="json"), "standing": stands[hit.id]} for hit in some]
            for name, some in found.items()
        }
        answer(
            "layers.show",
            namespace=path,
            query=asked,
            at=moment.isoformat(),
            policy=policy.name,
            population=population,
            layers=told,
            file=None if plot is None else str(plot),
        )
        return
    page = Page()
    if not sum(population.values()):
        page.line(NO_ITEMS)
        return
    _tell_population(page, population, policy)
    for name, some in found.items():
        if some:
            page.heading(name)
            page.table(*_ranked(some, stands, ranks=bool(asked.strip())))
    if plot is not None:
        page.line(f"drawn into {plot}")


def _tell_population(page: Page, population: Mapping[str, int], policy: LayerPolicy) -> None:
    """How many stand where, beside what the policy says of each layer."""
    from math import log

    from agentmem.stores.layered.trajectory import Ladder

    floors = dict(zip(policy.names, Ladder(policy).floor.tolist(), strict=True))
    rows: list[list[Cell]] = []
    for layer in policy.layers:
        down = floors[layer.name]
        rows.append(
            [
                layer.name,
                f"{population[layer.name]:,}",
                f"{layer.stability * log(2):.1f}",
                f"{layer.retention:g}",
                "-" if layer.promote_at is None else f"{layer.promote_at:g}",
                f"{down:g}" if down > 0 else "-",
            ]
        )
    rows.append(["faded", f"{population['faded']:,}", "-", "-", "-", "-"])
    page.table(["layer", "items", "half-life (days)", "kept a day", "up from", "down under"], rows)


def _ranked(
    hits: Sequence[Hit], stands: Mapping[str, Stand | None], *, ranks: bool
) -> tuple[list[str], list[list[Cell]]]:
    from agentmem.cli.describing import head, parts, short
    from agentmem.cli.layers_telling import standing_words

    rows: list[list[Cell]] = []
    for rank, hit in enumerate(hits, 1):
        told = [head(hit.record), short(hit.record.text), standing_words(stands[hit.id])]
        told += [parts(hit.parts)] if hit.parts else []
        rows.append([str(rank), *([f"{hit.score:.2f}"] if ranks else []), told])
    return ["#", *(["score"] if ranks else []), "what"], rows


@commands.command(rich_help_panel=PANEL)
def survival(
    at: At = None,
    plot: layers_opening.Plot = None,
    force: layers_opening.Force = False,
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """Estimate how long items last, by the layer in which they began (Kaplan and Meier)."""
    from agentmem.cli.describing import stamp
    from agentmem.cli.layers_telling import now_of
    from agentmem.cli.rendering import Page

    with reading(Where(db, namespace)) as (memory, opened):
        moment = now_of(memory, values.moment("--at", at))
        found, path = memory.survival(moment), opened.path
    if plot is not None:
        from agentmem.cli.layers_curves import draw_survival

        draw_survival(found, plot, over=force)
    if json:
        told = {
            name: {**one.model_dump(mode="json"), "median_days": age_at(one, HALF)}
            for name, one in found.items()
        }
        file = None if plot is None else str(plot)
        answer("layers.survival", namespace=path, at=moment.isoformat(), layers=told, file=file)
        return
    page = Page()
    if not any(one.items for one in found.values()):
        page.line(NO_ITEMS)
        return
    page.line(f"at {stamp(moment)}, by the layer in which they began; ages in days")
    rows: list[list[Cell]] = [
        [
            name,
            f"{one.items:,}",
            f"{one.faded:,}",
            *(_days(age_at(one, share)) for share in (0.9, HALF, 0.1)),
        ]
        for name, one in found.items()
    ]
    page.table(["layer", "items", "faded", "90% live longer than", "half", "10%"], rows)
    if plot is not None:
        page.line(f"drawn into {plot}")


def age_at(curve: Survival, share: float) -> float | None:
    """The age in days by which no more than a `share` lives on; none: more than that are still there."""
    return next((age for age, left in zip(curve.days, curve.share, strict=True) if left <= share), None)


def _days(age: float | None) -> str:
    return "-" if age is None else f"{age:.1f}"


@commands.command(rich_help_panel=PANEL)
def policy(
    name: Annotated[
        str | None,
        typer.Argument(metavar="NAME", help="A preset. Without a name: the policy of this memory."),
    ] = None,
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """Print a policy as JSON. Edited in a file, it is what --policy takes."""
    import json as json_
    import sys

    from agentmem.stores.layered.presets import PRESETS, preset

    told: dict[str, Any] = json_of(preset(name)) if name is not None else _own(db, namespace)
    if json:
        answer("layers.policy", policy=told, presets=list(PRESETS))
    else:
        sys.stdout.write(json_.dumps(told, ensure_ascii=False, indent=1) + "\n")


def _own(db: str | None, namespace: str | None) -> dict[str, Any]:
    from agentmem.cli.opening import reading as opening
    from agentmem.errors import NotFound
    from agentmem.stores.layered.presets import PRESETS

    with opening(db, namespace) as opened:
        if not is_there(opened.known()):
            raise NotFound(
                f"there is no layered memory in namespace {opened.path!r}",
                f"name a preset: {', '.join(PRESETS)}",
            )
        memory: Any = opened.bank.store(STORE, opened.namespace)
        return json_of(memory.policy)

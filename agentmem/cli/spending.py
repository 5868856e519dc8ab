"""The command that tells what language models cost: spend."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from agentmem.cli import options
from agentmem.cli.answers import answer

if TYPE_CHECKING:
    from agentmem.spending import Spend

commands = typer.Typer()


@commands.command(rich_help_panel="Look")
def spend(db: options.Db = None, namespace: options.AnyNamespace = None, json: options.Json = False) -> None:
    """Tell what stores spent on language models, and what the budgets leave. Hours and days are of UTC."""
    from agentmem.cli.opening import path_of, reading
    from agentmem.cli.rendering import Page
    from agentmem.spending import Budget

    with reading(db, namespace) as opened:
        spent = opened.bank.models.spent(opened.known().namespace if namespace is not None else None)
        budgets = opened.bank.models.budgets()
    if json:
        answer("spend", namespace=namespace, spent=spent, budgets=budgets)
        return
    page = Page()
    if spent:
        rows = [
            [path_of(one.namespace), one.store, one.model, *map(_told, (one.hour, one.day, one.all))]
            for one in spent
        ]
        page.table(["namespace", "store", "model", "this hour", "today", "ever"], rows)
    else:
        page.line("no language model was asked")
    page.line()
    if not budgets:
        page.line("no budget is set; budget_day_tokens and budget_day_money in agentmem.toml set one a day")
        return
    rows = []
    for state in budgets:
        budget = Budget(period=state.period, unit=state.unit, limit=state.limit)
        rows.append([str(budget), *map(budget.told, (state.spent, state.left)), f"{state.opens_at:%F %H:%M}"])
    page.table(["budget", "spent", "left", "anew at"], rows)


def _told(spend: Spend) -> str:
    from decimal import Decimal

    from agentmem.spending import MICROS

    if not spend.calls:
        return "-"
    told = f"{spend.calls:,} call{'s' * (spend.calls != 1)}, {spend.tokens:,} tokens"
    if not spend.unpriced_tokens:
        return f"{told}, {Decimal(spend.price_micros) / MICROS:f}"
    if not spend.price_micros:
        return f"{told}, unpriced"
    return f"{told}, {Decimal(spend.price_micros) / MICROS:f} and {spend.unpriced_tokens:,} tokens unpriced"

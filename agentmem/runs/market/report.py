"""The report of a run: one HTML file. What comes from news, agents or models is data, never markup."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from agentmem.agents.trace import write_whole
from agentmem.pages import page, part
from agentmem.runs import web
from agentmem.runs.market.charts import chart_of
from agentmem.runs.market.summary import AGENTS, MarketSummary, curves_of
from agentmem.runs.market.telling import TRANSCRIPTS, SymbolStory
from agentmem.runs.web.texts import Texts
from agentmem.worlds.market.metrics import drawdowns

if TYPE_CHECKING:
    from agentmem.runs.market.desk import Desk
    from agentmem.runs.market.folder import MarketFolder
    from agentmem.runs.market.spec import MarketSpec
    from agentmem.runs.market.yardsticks import Curve
    from agentmem.worlds.market.market import Market
    from agentmem.worlds.market.metrics import Performance

KEYS = ("own", "first", "second")
"""Looks of the curves: of the agents, and of the rules that they are compared with."""
FADED = "faded"
"""What the number of faded items is called beside the layers."""
LOOKS = ("blue", "teal", "orange", "violet", "red", "green")
"""Looks of layers."""


def write_report(
    folder: MarketFolder, market: Market, summary: MarketSummary, desks: Mapping[str, Desk]
) -> None:
    """Write the page of a run into its folder.

    Args:
        folder: The run.
        market: Its market.
        summary: What it came to.
        desks: By symbol; they know the texts of memories.
    """
    write_whole(folder.report, page_of(folder, market, summary, desks))


def page_of(folder: MarketFolder, market: Market, summary: MarketSummary, desks: Mapping[str, Desk]) -> str:
    """The page."""
    spec, texts = folder.spec(), Texts()
    stories = {symbol: SymbolStory(symbol, texts) for symbol in spec.symbols}
    dates: list[datetime.date] = []
    equity: list[float] = []
    for row in folder.rows():
        if not row.warm:
            dates.append(row.date)
            equity.append(row.equity)
        for one in row.sleeves:
            stories[one.symbol].add(row, one)
    state = folder.state()
    curves = curves_of(spec, market, dates, equity, state) if state else {}
    told = {symbol: _story(story, desks[symbol], dates, spec.start) for symbol, story in stories.items()}
    data = {
        "dates": [str(day) for day in dates],
        "agents": spec.agents,
        "symbols": {symbol: one.pop("data") for symbol, one in told.items()},
        "texts": texts.all,
    }
    return page(
        __package__,
        "report",
        part(__package__, "report.js"),
        part(web.__name__, "trace.css") + part(__package__, "report.css"),
        data,
        spec=spec,
        summary=summary,
        facts=_facts(spec, summary),
        figures=_figures(summary),
        equity=_equity(dates, curves),
        drawdown=_drawdown(dates, curves),
        measured=MEASURES,
        measures=[(name, _measures(one)) for name, one in summary.measures.items()],
        stories=told,
        sleeves={one.symbol: one for one in summary.sleeves},
    )


def _facts(spec: MarketSpec, summary: MarketSummary) -> list[tuple[str, str]]:
    """What the run is, by name."""
    count = len(spec.characters)
    debate = (
        f"up to {spec.debate} round{'' if spec.debate == 1 else 's'}, then a {spec.verdict}"
        if count > 1
        else ""
    )
    fill = "the next day's open, or its close" if spec.execution == "next" else "the close that was seen"
    costs, rules = spec.costs, spec.rules
    limits = f"{rules.position_limit:.0%} of a sleeve" + (", short sales allowed" if rules.short else "")
    told = [
        ("memory", spec.memory),
        ("policy", spec.policy),
        ("model", spec.model or ""),
        ("agents", ", ".join(spec.agents)),
        ("debate", debate),
        ("cash", f"{spec.cash:,.0f} in {len(spec.symbols)} equal sleeves"),
        ("orders are filled at", fill),
        ("commission", f"{costs.commission_bps:g} bps"),
        ("slippage", f"{costs.slippage_bps:g} bps"),
        ("position", f"up to {limits}"),
        ("warm-up", f"{summary.warm} days from {spec.warm_up}" if spec.warm_up else "none"),
        ("seed", str(spec.seed)),
        ("prices", spec.prices),
        ("news", spec.news or "derived from the prices"),
    ]
    return [(name, value) for name, value in told if value]


def _figures(summary: MarketSummary) -> list[tuple[str, str]]:
    """What came of it, by name."""
    own = summary.measures.get(AGENTS)
    told = [] if own is None else list(zip(MEASURES, _measures(own), strict=True))
    told += [("worth at the end", f"{summary.equity:,.0f}")]
    told += [("fills", f"{sum(one.fills for one in summary.sleeves):,}")]
    told += [("tokens", f"{summary.tokens:,}")] if summary.tokens else []
    told += [("failures", f"{summary.errors:,}")] if summary.errors else []
    return told


MEASURES = ("cumulative return", "Sharpe", "volatility a year", "drawdown", "turnover a year", "costs")
"""What a performance is told as."""


def _measures(one: Performance) -> list[str]:
    return [
        f"{one.total:+.1%}",
        "–" if one.sharpe is None else f"{one.sharpe:.2f}",
        f"{one.volatility:.1%}",
        f"{one.drawdown:.1%}",
        f"{one.turnover:.1f}",
        f"{one.costs:.2%}",
    ]


def _equity(dates: Sequence[datetime.date], curves: Mapping[str, Curve]) -> dict[str, Any]:
    chart = chart_of(dates, [one.equity for one in curves.values()], _money)
    return {"chart": chart, "lines": _keyed({name: chart.line(one.equity) for name, one in curves.items()})}


def _drawdown(dates: Sequence[datetime.date], curves: Mapping[str, Curve]) -> dict[str, Any]:
    fallen = {name: drawdowns(one.equity).tolist() for name, one in curves.items() if one.equity}
    chart = chart_of(dates, fallen.values(), _percent, include=(0.0,))
    lines = {name: chart.line(values) for name, values in fallen.items()}
    return {"chart": chart, "lines": _keyed(lines), "area": chart.area(lines.get(AGENTS, ""), 0.0)}


def _keyed(lines: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Name, look and path of each; the agents' own is the last, above the others."""
    return [(name, key, path) for (name, path), key in zip(lines.items(), KEYS, strict=False)][::-1]


def _story(
    story: SymbolStory, desk: Desk, dates: Sequence[datetime.date], start: datetime.date
) -> dict[str, Any]:
    """What the page shows of a symbol: plots, and the data of its days."""
    price = chart_of(dates, [story.closes], _price)
    held = chart_of(dates, [story.positions], _count, include=(0.0,))
    points = {side: story.fills(side) for side in ("buy", "sell")}
    stairs = held.stairs(story.positions)
    return {
        "price": price,
        "line": price.line(story.closes),
        "dots": {side: price.dots((at, story.closes[at]) for at in some) for side, some in points.items()},
        "ticks": {side: price.ticks(some, 7, above=side == "sell") for side, some in points.items()},
        "held": held,
        "position": stairs,
        "position_area": held.area(stairs, 0.0),
        "layers": {agent: _layers(counts, start) for agent, counts in story.layers.items()},
        "debates": (len(story.debates), story.debated, TRANSCRIPTS),
        "data": {
            "closes": story.closes,
            "positions": story.positions,
            "equity": [round(value, 2) for value in story.equity],
            "days": story.days,
            "memories": story.memories(desk),
            "debates": story.told_debates(),
        },
    }


def _layers(
    counts: Sequence[tuple[datetime.date, Mapping[str, int]]], start: datetime.date
) -> dict[str, Any]:
    """How many items stand in each layer over time, and how many have faded in the end."""
    days = [day for day, _ in counts]
    names = [name for name in counts[-1][1] if name != FADED]
    curves = {name: [float(one.get(name, 0)) for _, one in counts] for name in names}
    chart = chart_of(days, curves.values(), _count, include=(0.0,))
    begins = next((place for place, day in enumerate(days) if day >= start), None)
    return {
        "chart": chart,
        "lines": [
            (name, LOOKS[place % len(LOOKS)], chart.line(values))
            for place, (name, values) in enumerate(curves.items())
        ],
        "last": {name: round(values[-1]) for name, values in curves.items()},
        "faded": counts[-1][1].get(FADED, 0),
        "begins": chart.x(begins) if begins else None,
    }


def _money(value: float) -> str:
    return f"{value:,.0f}"


def _percent(value: float) -> str:
    return f"{100 * value:g}%"


def _price(value: float) -> str:
    return f"{value:,g}"


def _count(value: float) -> str:
    return f"{value:,.0f}" if value == round(value) else ""

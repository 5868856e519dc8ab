"""The options of `run` that the world `market` alone takes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

Symbols = Annotated[
    str | None, typer.Option("--symbols", metavar="A,B", help="market: what is traded, as AAPL,JPM.")
]
From = Annotated[str | None, typer.Option("--from", metavar="DATE", help="market: the first day.")]
To = Annotated[str | None, typer.Option("--to", metavar="DATE", help="market: the last day.")]
WarmUp = Annotated[
    str | None,
    typer.Option(
        "--warm-up", metavar="DAYS", help="market: days of trading on paper before, or a date.  [250]"
    ),
]
Agents = Annotated[
    int | None, typer.Option("--agents", min=1, metavar="N", help="market: agents of each symbol.  [1]")
]
Characters = Annotated[
    str | None,
    typer.Option(
        "--characters", metavar="A,B", help="market: theirs, of seeking, averse, adaptive.  [adaptive; all]"
    ),
]
Debate = Annotated[
    int | None,
    typer.Option("--debate", min=0, metavar="R", help="market: rounds among agents; 0: a vote.  [2]"),
]
Verdict = Annotated[
    Literal["vote", "judge"] | None, typer.Option("--verdict", help="market: how a debate ends.  [vote]")
]
Prices = Annotated[
    Path | None,
    typer.Option("--prices", metavar="FILE", help="market: CSV or Parquet.  [those that skfolio carries]"),
]
News = Annotated[
    Path | None,
    typer.Option("--news", metavar="FILE", help="market: JSON lines.  [derived from the prices]"),
]
Cash = Annotated[
    float | None,
    typer.Option("--cash", metavar="MONEY", help="market: at the beginning, of all symbols.  [100000]"),
]
Commission = Annotated[
    float | None, typer.Option("--commission", metavar="BPS", help="market: of a trade's value.  [5]")
]
Slippage = Annotated[
    float | None, typer.Option("--slippage", metavar="BPS", help="market: against the trader.  [5]")
]
PositionLimit = Annotated[
    float | None,
    typer.Option("--position-limit", metavar="SHARE", help="market: of a symbol's equity.  [1]"),
]
Short = Annotated[bool | None, typer.Option("--short", help="market: more may be sold than is held.")]
Execution = Annotated[
    Literal["next", "close"] | None,
    typer.Option("--execution", help="market: fill the next day, or at the close that was seen.  [next]"),
]

"""The JSON answers of `run market`."""

from __future__ import annotations

from collections.abc import Mapping

MARKET: Mapping[str, Mapping[str, str]] = {
    "run.market": {
        "folder": "where the run is kept; days.jsonl in it has each day in full, report.html shows them",
        "spec": "what was run, as in its market.json",
        "summary": "planned, days, warm (days done), first, last, complete, interrupted, equity, measures "
        "(of the agents and of rules without a memory: days, total, annual, sharpe, volatility_daily, "
        "volatility, drawdown, turnover, costs), sleeves (list: symbol, equity, realised, costs, "
        "performance, decisions, fills), errors, tokens, seconds, remarks",
    },
}
"""By the name in `schema`: what each key holds."""

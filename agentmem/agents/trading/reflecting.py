"""The facts of an extended reflection: what was decided over some days, and what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from agentmem.agents.trading.recalled import Recalled
from agentmem.agents.trading.state import Made
from agentmem.agents.trading.values import Day

_PAST = {"buy": "bought", "sell": "sold", "hold": "held"}


def facts(window: Sequence[Made], cited: Sequence[Recalled], realised: float, day: Day) -> str:
    """The days of a window in a paragraph, without any judgement.

    The words of the memories are left out: who reads the reflection later would count them twice.

    Args:
        window: The decisions, the oldest first; at least one.
        cited: The memories that they cited, as far as they are there.
        realised: What was realised in these days, in money.
        day: Today, by whose close they are measured.
    """
    first = window[0]
    counts = Counter(one.side for one in window)
    did = ", ".join(f"{_PAST[side]} on {counts[side]}" for side in ("buy", "sell", "hold") if counts[side])
    change = day.close / first.close - 1
    moved = "stood still" if not change else f"{'rose' if change > 0 else 'fell'} {abs(change):.1%}"
    lines = [
        f"Looking back on {len(window)} days of {day.symbol} from {first.date} to {window[-1].date}: {did}",
        f"From {first.close:.6g} to {day.close:.6g} it {moved}",
    ]
    lines += [
        f"{name}: {sum(one.earned(day.close) > 0 for one in made)} of {len(made)} came out ahead"
        for name, side in (("Purchases", "buy"), ("Sales", "sell"))
        if (made := [one for one in window if one.side == side])
    ]
    if realised:
        lines.append(
            f"Closed positions brought a {'profit' if realised > 0 else 'loss'} of {abs(realised):.2f}"
        )
    if cited:
        kinds = Counter(one.kind for one in cited)
        told = ", ".join(f"{count} of kind {kind}" for kind, count in sorted(kinds.items()))
        lines.append(f"Decisions rested on {len(cited)} memories: {told}")
    return ". ".join(lines) + "."

"""What is written of a run in the market: a line a day, and what is needed to go on from it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from pydantic import Field

from agentmem.agents.debate import Transcript
from agentmem.agents.trading.state import AgentState
from agentmem.agents.trading.values import Decision, Fill, Order
from agentmem.records import Text, Value
from agentmem.worlds.market.account import Account


class Behind(Value):
    """A memory on which a decision rests, as it stood then.

    Attributes:
        agent: Whose memory it is.
        id: Of its record.
        layer: The layer that recalled it.
        weight: What it counted there.
        text: What it says, where no memory keeps it.
    """

    agent: Text
    id: Text
    layer: Text
    weight: float
    text: Text = ""


class SleeveDay(Value):
    """What happened in the sleeve of one symbol on a day.

    Attributes:
        symbol: The security.
        close: Its last price.
        position: Shares held at the close, before anything is decided.
        equity: The sleeve's worth then.
        items: What was told of the symbol on that day.
        decision: What the team decided.
        behind: The memories that it cites.
        reflections: What agents kept of the days before, by name, where they looked back.
        transcript: Of the debate, where there are several agents.
        order: What was ordered.
        fills: What became of it, on this day or the next; and what was bought back because it had to be.
        note: What of the order was cut or refused, and why.
        layers: By agent: how many items stand in each layer of its memory; only on some days.
    """

    symbol: Text
    close: float
    position: int
    equity: float
    items: tuple[Text, ...] = ()
    decision: Decision
    behind: tuple[Behind, ...] = ()
    reflections: Mapping[Text, Text] = Field(default_factory=dict)
    transcript: Transcript | None = None
    order: Order
    fills: tuple[Fill, ...] = ()
    note: Text = ""
    layers: Mapping[Text, Mapping[Text, int]] = Field(default_factory=dict)


class DayRow(Value):
    """A day of a run. In the warm-up trades are on paper, and the sleeves have what they begin with.

    Attributes:
        number: From 0, the days of the warm-up among them.
        date: The day.
        warm: Whether it is a day of the warm-up.
        equity: Of all sleeves together.
        sleeves: What happened in each, in the order of the run's symbols.
    """

    number: int
    date: datetime.date
    warm: bool
    equity: float
    sleeves: tuple[SleeveDay, ...]


class SleeveState(Value):
    """Where the sleeve of a symbol stands after a day.

    Attributes:
        account: Its account.
        fills: What its agents have not been told of yet.
        agents: Where each agent stands, by name.
    """

    account: Account
    fills: tuple[Fill, ...] = ()
    agents: Mapping[Text, AgentState] = Field(default_factory=dict)


class RunState(Value):
    """Where a run stands after some of its days.

    Attributes:
        done: How many days are done; further lines of the trace do not count.
        seconds: How long they took, all processes together.
        sleeves: By symbol.
    """

    done: int = 0
    seconds: float = 0.0
    sleeves: Mapping[Text, SleeveState]

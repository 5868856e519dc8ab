"""No budget is ever overspent, whatever calls do; and every call is counted for who made it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentmem.bank import Bank
from agentmem.config import Settings
from agentmem.embedders.hashing import HashingEmbedder
from agentmem.errors import Cancelled, InvalidInput, OverBudget, Unavailable
from agentmem.models import Cancellation, ChatModel, Usage, user
from agentmem.models.base import Answer, Request, Unfinished
from agentmem.models.metered import at_most
from agentmem.testing import HandClock

NS = ("acme", "user-7")
HELLO = [user("Hello?")]
PRICES = {"openai:ok": {"prompt": 0.15, "completion": 0.6}}


class Obedient(ChatModel):
    """A model of somebody else's, which does as it is told by what it is asked."""

    name = "obedient"

    def __init__(self) -> None:
        self.spent: list[int] = []
        """Tokens of each call that reached it."""

    def answer(self, request: Request, cancel: Cancellation) -> Answer:
        told = json.loads(request.messages[-1].content)
        usage = Usage(prompt_tokens=told["prompt"], completion_tokens=told["completion"])
        if told["end"] == "refused":
            raise Unavailable("nobody listens")
        self.spent.append(usage.prompt_tokens + usage.completion_tokens)
        if told["end"] == "cut":
            raise Unfinished("broke off")
        if told["end"] == "cancelled":
            raise Cancelled("by the caller")
        if told["end"] == "bug":
            raise ZeroDivisionError
        return Answer(text="yes", usage=usage if told["end"] == "told" else Usage())


def total(bank: Bank, period: str = "all") -> int:
    return sum(getattr(row, period).tokens for row in bank.models.spent())


@pytest.fixture
def metered(open_bank, ask) -> Callable[..., tuple[Bank, ChatModel]]:
    """A bank with settings, and the metered model of a server that does what its name says."""

    def make(model: str = "ok", **given: object) -> tuple[Bank, ChatModel]:
        bank = open_bank(model=ask(model), settings=Settings(embedder="hashing", **given))
        return bank, bank.chat_model(NS, "task")

    return make


def test_a_call_is_counted_for_its_namespace_store_and_model(metered):
    bank, model = metered(model_prices=PRICES)
    model.complete(HELLO)
    model.complete(HELLO)
    bank.chat_model(("other",), "concept").complete(HELLO)
    told = [(row.namespace, row.store, row.model, row.all.calls) for row in bank.models.spent()]
    assert told == [(NS, "task", "openai:ok", 2), (("other",), "concept", "openai:ok", 1)]
    (row,) = bank.models.spent(NS)
    assert (row.all.prompt_tokens, row.all.completion_tokens) == (14, 6)
    # 7 x 0.15 + 3 x 0.6 millionths are 2.85, and each call is rounded up
    assert (row.all.price_micros, row.all.unpriced_tokens) == (6, 0)


def test_hours_and_days_end(metered, clock: HandClock):
    bank, model = metered()
    model.complete(HELLO)
    clock.forward(hours=1)
    model.complete(HELLO)
    (row,) = bank.models.spent()
    assert (row.hour.calls, row.day.calls, row.all.calls) == (1, 2, 2)
    clock.forward(days=1)
    (row,) = bank.models.spent()
    assert (row.hour.calls, row.day.calls, row.all.calls) == (0, 0, 2)


def test_over_budget_the_model_is_not_asked_until_the_next_hour(metered, server, clock: HandClock):
    clock.now = clock.now.replace(hour=9, minute=20)
    bank, model = metered(budget_hour_tokens=200)
    model.complete(HELLO, max_tokens=100)
    with pytest.raises(OverBudget) as refused:
        model.complete(HELLO, max_tokens=110)
    assert "over the budget of 200 tokens an hour: 10 tokens are spent" in str(refused.value)
    assert "AGENTMEM_BUDGET_HOUR_TOKENS" in refused.value.remedy
    assert refused.value.opens_at == clock.now.replace(hour=10, minute=0)
    assert len(server.seen) == 1
    assert bank.models.budgets()[0].left == 190
    model.complete(HELLO, max_tokens=100)
    clock.now = refused.value.opens_at
    assert model.complete(HELLO, max_tokens=110).text == "hello"


def test_of_two_budgets_the_one_that_opens_last_is_told(metered, clock: HandClock):
    _, model = metered(budget_hour_tokens=200, budget_day_tokens=200)
    model.complete(HELLO, max_tokens=100)
    with pytest.raises(OverBudget, match="tokens a day") as refused:
        model.complete(HELLO, max_tokens=110)
    assert refused.value.opens_at == clock.now.replace(hour=0, minute=0, second=0) + timedelta(days=1)


def test_a_call_that_no_period_has_room_for_says_so(metered):
    _, model = metered(budget_day_tokens=100)
    with pytest.raises(OverBudget, match="never fits") as refused:
        model.complete(HELLO, max_tokens=100)
    assert refused.value.opens_at is None


def test_a_budget_of_money(metered):
    bank, model = metered(model_prices=PRICES, budget_day_money="0.0001")
    model.complete(HELLO, max_tokens=100)
    with pytest.raises(OverBudget, match=r"over the budget of 0.0001 of money a day: 0.000003 of money"):
        model.complete(HELLO, max_tokens=150)
    assert bank.models.budgets()[0].left == 97


def test_an_unknown_price_is_an_error_where_money_is_bounded(open_bank, ask):
    bank = open_bank(model=ask("ok"), settings=Settings(budget_hour_money=1))
    with pytest.raises(InvalidInput, match=r'\[model_prices."openai:ok"\] with prompt = X'):
        bank.chat_model(NS, "task")
    bank = open_bank(model=ask("ok"), settings=Settings(model_prices=PRICES, budget_hour_money=1))
    assert bank.chat_model(NS, "task").complete(HELLO).text == "hello"


def test_without_a_price_the_tokens_are_counted_as_unpriced(metered):
    bank, model = metered()
    model.complete(HELLO)
    assert bank.models.spent()[0].all.unpriced_tokens == 10


@pytest.mark.parametrize(
    ("fault", "is_counted"),
    [("500", False), ("401", False), ("cut", True), ("html", True), ("rubbish", True)],
)
def test_a_failed_call_costs_its_worst_case_where_it_may_have_been_answered(metered, fault, is_counted):
    bank, model = metered(fault)
    with pytest.raises(Unavailable):
        model.complete(HELLO, max_tokens=100)
    worst = at_most(Request(messages=tuple(HELLO), max_tokens=100))
    assert total(bank) == (worst.prompt_tokens + worst.completion_tokens if is_counted else 0)
    assert bank.models.spent()[0].all.calls == 1


def test_a_call_that_is_cancelled_on_its_way_or_comes_too_late_costs_its_worst_case(open_bank, ask, server):
    bank = open_bank(model=ask("slow"))
    cancel = Cancellation()
    server.ends(cancel)
    with pytest.raises(Cancelled):
        bank.chat_model(NS, "task").complete(HELLO, max_tokens=100, cancel=cancel)
    cancelled = total(bank)
    assert cancelled > 100
    with pytest.raises(Cancelled):  # before it began
        bank.chat_model(NS, "task").complete(HELLO, max_tokens=100, cancel=cancel)
    assert total(bank) == cancelled
    bank = open_bank("late.db", model=ask("hang", model_timeout=0.1))
    with pytest.raises(Unfinished):
        bank.chat_model(NS, "task").complete(HELLO, max_tokens=100)
    assert total(bank) == cancelled


CALLS = st.lists(
    st.tuples(
        st.integers(0, 60),
        st.integers(1, 200),
        st.integers(0, 100),
        st.sampled_from(["told", "untold", "cut", "cancelled", "refused", "bug"]),
        st.sampled_from([0, 0, 0, 20, 90, 60 * 23]),
    ),
    max_size=30,
)


@settings(max_examples=25, deadline=None)
@given(calls=CALLS, hour=st.integers(0, 800), day=st.integers(0, 2_000))
def test_no_budget_is_ever_overspent(calls, hour: int, day: int):
    clock, model = HandClock(), Obedient()
    limits = Settings(embedder="hashing", budget_hour_tokens=hour, budget_day_tokens=day)
    spent: Counter[str] = Counter()
    with Bank("sqlite://", embedder=HashingEmbedder(), model=model, settings=limits, clock=clock) as bank:
        asked = bank.chat_model(NS, "task")
        for prompt, most, share, end, minutes in calls:
            clock.forward(minutes=minutes)
            told = {"prompt": 1 + prompt, "completion": most * share // 100, "end": end}
            before = len(model.spent)
            with suppress(OverBudget, Unavailable, Cancelled, ZeroDivisionError):
                asked.complete([user(json.dumps(told))], max_tokens=most)
            for tokens in model.spent[before:]:
                spent[f"{clock.now:%F %H}"] += tokens
                spent[f"{clock.now:%F}"] += tokens
            assert total(bank, "hour") >= spent[f"{clock.now:%F %H}"]
            assert total(bank, "day") >= spent[f"{clock.now:%F}"]
        assert all(n <= (hour if " " in period else day) for period, n in spent.items())


WORKER = """
import json, os, sys, threading
from agentmem import Bank
from agentmem.config import Settings
from agentmem.embedders.hashing import HashingEmbedder
from agentmem.errors import OverBudget
from agentmem.models import ChatModel, Usage, user
from agentmem.models.base import Answer

class Spender(ChatModel):
    name = "spender"
    def answer(self, request, cancel):
        if sys.argv[1] == "dies":
            os._exit(9)
        return Answer(text="yes", usage=Usage(prompt_tokens=50, completion_tokens=request.max_tokens))

bank = Bank("bank.db", embedder=HashingEmbedder(), model=Spender(), settings=Settings(budget_day_tokens=5_000))
answered = []
def ask():
    model = bank.chat_model(("default",), sys.argv[1])
    try:
        while True:
            answered.append(model.complete([user("Hello?")], max_tokens=30).usage.completion_tokens)
    except OverBudget:
        pass
threads = [threading.Thread(target=ask) for _ in range(3)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(len(answered))
"""


def start(name: str, folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WORKER, name], cwd=folder, stdout=subprocess.PIPE, text=True
    )


def test_threads_of_two_processes_share_one_budget(tmp_path: Path):
    Bank(tmp_path / "bank.db", embedder=HashingEmbedder()).close()
    running = [start(name, tmp_path) for name in ("left", "right")]
    answered = {
        name: int(process.communicate(timeout=60)[0])
        for name, process in zip(("left", "right"), running, strict=True)
    }
    with Bank(tmp_path / "bank.db", embedder=HashingEmbedder()) as bank:
        kept = {row.store: row.all for row in bank.models.spent()}
    assert {name: row.calls for name, row in kept.items()} == {n: k for n, k in answered.items() if k}
    # A call may take 116 and takes 80: the last one must find room for its worst case.
    assert 5_000 - 6 * 116 < sum(row.tokens for row in kept.values()) <= 5_000


def test_what_a_killed_process_had_reserved_stays_counted(tmp_path: Path):
    process = start("dies", tmp_path)
    process.communicate(timeout=60)
    assert process.returncode == 9
    with Bank(tmp_path / "bank.db", embedder=HashingEmbedder()) as bank:
        assert total(bank) >= at_most(Request(messages=tuple(HELLO), max_tokens=30)).prompt_tokens + 30


def test_the_worst_case_of_a_call_is_one(ask):
    for text in ("", "Hello?", "日本語のテキスト", "🙂" * 9, "a" * 1_000):
        most = at_most(Request(messages=(user(text),)))
        assert most.prompt_tokens >= len(text.encode())


def test_settings_are_read_from_the_file_and_the_environment(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("agentmem.toml").write_text(
        'budget_day_money = 0.5\n[model_prices."openai:gpt"]\nprompt = 0.15\ncompletion = 0.6\n'
    )
    monkeypatch.setenv("AGENTMEM_BUDGET_HOUR_TOKENS", "1000")
    read = Settings()
    assert (read.budget_day_money, read.budget_hour_tokens) == (Decimal("0.5"), 1_000)
    assert read.model_prices["openai:gpt"].completion == Decimal("0.6")
    monkeypatch.setenv("AGENTMEM_MODEL_PRICES", '{"llama": {"prompt": 0, "completion": 0}}')
    assert Settings().model_prices["llama"].prompt == 0

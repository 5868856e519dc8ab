"""What language models cost, and what the budgets leave, as `spend` tells it."""

from __future__ import annotations

import pytest

from agentmem import Bank
from agentmem.config import Settings
from agentmem.embedders import HashingEmbedder
from agentmem.models import ChatModel, Usage, user
from agentmem.models.base import Answer

PRICES = {"priced": {"prompt": 3, "completion": 15}}


class Terse(ChatModel):
    """A model of somebody else's, by any name."""

    def __init__(self, name: str) -> None:
        self.name = name

    def answer(self, request, cancel) -> Answer:
        return Answer(text="yes", usage=Usage(prompt_tokens=1_000, completion_tokens=100))


@pytest.fixture
def spent(bank: str) -> None:
    """Two calls of a priced model, one of another without a price."""
    for name, namespace, calls in (("priced", ("default",), 2), ("unpriced", ("acme", "user-7"), 1)):
        given = Settings(embedder="hashing", model_prices=PRICES)
        with Bank(bank, embedder=HashingEmbedder(), model=Terse(name), settings=given) as opened:
            for _ in range(calls):
                opened.chat_model(namespace, "task").complete([user("Hello?")])


def test_calls_tokens_and_price_by_who_asked(run, spent):
    said = run("spend").stdout.splitlines()
    assert said[0].split("  ")[0] == "namespace"
    assert "acme/user-7  task   unpriced  1 call, 1,100 tokens, unpriced" in said[1]
    assert "default      task   priced    2 calls, 2,200 tokens, 0.009" in said[2]
    assert said[-1].startswith("no budget is set; budget_day_tokens")


def test_a_namespace_alone(answer, run, spent):
    (row,) = answer("spend", "--namespace", "acme/user-7")["spent"]
    assert (row["namespace"], row["model"]) == (["acme", "user-7"], "unpriced")
    assert row["hour"] == row["day"] == row["all"]
    assert row["all"]["unpriced_tokens"] == 1_100
    assert run("spend", "--namespace", "nobody").exit_code == 3


def test_what_the_budgets_leave(answer, run, spent, monkeypatch):
    monkeypatch.setenv("AGENTMEM_BUDGET_DAY_TOKENS", "5000")
    monkeypatch.setenv("AGENTMEM_BUDGET_HOUR_MONEY", "0.01")
    tokens, money = answer("spend")["budgets"]
    assert (tokens["limit"], tokens["spent"], tokens["left"]) == (5_000, 3_300, 1_700)
    assert (money["unit"], money["limit"], money["spent"], money["left"]) == ("money", 10_000, 9_000, 1_000)
    said = run("spend").stdout
    assert said.splitlines()[-2].split("  ")[0] == "5,000 tokens a day"
    assert "3,300 tokens" in said
    assert "0.001 of money" in said


def test_a_bank_that_asked_no_model(run, bank):
    assert run("spend").stdout.startswith("no language model was asked\n")

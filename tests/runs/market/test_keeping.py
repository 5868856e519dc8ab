"""A run keeps prices and news up to its last day, and trades on them as on the files that they are from."""

from __future__ import annotations

from agentmem.runs.market.execute import days_of
from agentmem.worlds.market.account import opened
from agentmem.worlds.market.market import Market
from agentmem.worlds.market.news import read_news
from agentmem.worlds.market.price_file import read_prices


def test_days_are_the_same_as_those_of_the_files(begun, files):
    folder = begun()
    spec, kept = folder.spec(), folder.market()
    whole = Market(read_prices(files["prices"]), read_news(files["news"]))
    for symbol in spec.symbols:
        account = opened(spec.sleeve)
        for date in days_of(spec, kept):
            assert kept.day(symbol, date, account) == whole.day(symbol, date, account)


def test_nothing_after_the_last_day_is_kept(begun, files, days):
    news = files["news"].read_text()
    assert str(days[102]) in news
    folder = begun()
    kept = (folder.path / "prices.csv").read_text() + (folder.path / "news.jsonl").read_text()
    assert str(days[93]) in kept
    assert all(str(day) not in kept for day in days[94:])


def test_builtin_prices_that_are_cut_give_the_same_days(tmp_path, settings):
    from agentmem.runs.market.asking import asked_for
    from agentmem.runs.market.folder import MarketFolder

    spec, whole = asked_for(
        {"symbols": "AAPL", "from": "2019-01-02", "to": "2019-01-31", "warm_up": "20"}, settings
    )
    folder = MarketFolder(tmp_path / "run")
    folder.begin(spec, whole)
    kept, account = folder.market(), opened(1.0)
    assert len(kept.prices.of("AAPL")) < len(whole.prices.of("AAPL")) / 4
    days = days_of(spec, kept)
    assert days == days_of(spec, whole)
    assert [kept.day("AAPL", day, account) for day in days] == [
        whole.day("AAPL", day, account) for day in days
    ]

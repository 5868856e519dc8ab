"""The report of a run in the market in a real browser: what was decided, why, and on which memories."""

from __future__ import annotations

import csv
import datetime
import json
import random
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from agentmem.agents.debate import LeftOut, Position, Shared, Transcript, Verdict
from agentmem.agents.trading.values import Decision, Fill, Order
from agentmem.config import Settings
from agentmem.runs.market.asking import asked_for
from agentmem.runs.market.execute import play
from agentmem.runs.market.folder import MarketFolder
from agentmem.runs.market.report import page_of
from agentmem.runs.market.results import Behind, DayRow, RunState, SleeveDay
from agentmem.runs.market.summary import summary_of

pytestmark = pytest.mark.browser

HOSTILE = (
    "</script><script>document.title = 'taken'</script><img src=x onerror=\"alert('taken')\"><b>bold</b>"
)
SETTINGS = Settings(embedder="hashing")
DAYS = [day for n in range(200) if (day := datetime.date(2021, 1, 4) + datetime.timedelta(n)).weekday() < 5]


def prices(file: Path) -> Path:
    chance = random.Random(1)
    with file.open("w", newline="") as opened:
        lines = csv.writer(opened)
        lines.writerow(["date", "symbol", "close"])
        for symbol in ("UP", "DOWN"):
            price = 100.0
            for number, day in enumerate(DAYS):
                price *= 1 + chance.gauss(0.001, 0.008) + (0.05 if number % 9 == 0 else 0)
                lines.writerow([day, symbol, price])
    return file


def run(folder: Path, **options: object) -> MarketFolder:
    given = {"symbols": "UP,DOWN", "from": DAYS[80], "to": DAYS[99], "warm_up": "15", **options}
    spec, market = asked_for({**given, "prices": prices(folder / "prices.csv")}, SETTINGS)
    made = MarketFolder(folder / "run")
    made.begin(spec, market)
    return made


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> MarketFolder:
    """A run of three agents who debate."""
    folder = run(tmp_path_factory.mktemp("market"), agents=3, debate=1)
    play(folder, SETTINGS)
    return folder


@pytest.fixture(scope="module")
def rows(played: MarketFolder) -> list[DayRow]:
    return [row for row in played.rows() if not row.warm]


class NoDesk:
    """Knows no memories: a run by hand has none."""

    def records(self, agent: str, ids: list[str]) -> dict[str, Any]:
        return {}


def by_hand(folder: Path, text: str, count: int = 3) -> Path:
    """A run whose every text is `text`."""
    made = run(folder, agents=2)
    spec, market = made.spec(), made.market()
    held = Position(
        speaker="seeking", choice="buy", size=1, confidence=1, reason=text, cited=("m",),
        shared=(Shared(id="m", text=text, layer=text),),
    )  # fmt: skip
    transcript = Transcript(
        rounds=((held, held.altered({"speaker": "averse", "error": text})),),
        verdict=Verdict(choice="buy", reason=text, error=text),
        left_out=(LeftOut(speaker="averse", stage="answer", round=1, error=text),),
    )
    rows = []
    for number, day in enumerate(DAYS[80 : 80 + count]):
        fill = Fill(date=day, symbol="UP", side="buy" if number % 2 else "sell", shares=3, price=2.5)
        sleeves = tuple(
            SleeveDay(
                symbol=symbol, close=100 + number, position=number, equity=50_000, items=(text,),
                decision=Decision(side="buy", size=1, reason=text, character=text, error=text, cited=("m",)),
                behind=(Behind(agent="seeking", id="m", layer=text, weight=1, text=text),),
                reflections={"seeking": text}, transcript=transcript, order=Order(side="buy", shares=3),
                fills=(fill,), note=text,
            )
            for symbol in spec.symbols
        )  # fmt: skip
        rows.append(DayRow(number=number, date=day, warm=False, equity=100_000, sleeves=sleeves))
    from agentmem.runs.market.results import SleeveState
    from agentmem.worlds.market.account import opened

    account = SleeveState(account=opened(50_000))
    state = RunState(done=count, sleeves=dict.fromkeys(spec.symbols, account))
    made.add(rows, state)
    summary = summary_of(made, market, count, state).altered({"remarks": (text,)})
    file = made.path / "page.html"
    file.write_text(page_of(made, market, summary, dict.fromkeys(spec.symbols, NoDesk())), encoding="utf-8")
    return file


def chosen(page: Any) -> str:
    return page.locator("#day-title").inner_text()


def test_a_run_is_shown_with_its_measures_and_settings(opened, played):
    page = opened(played.report)
    assert page.title() == f"UP, DOWN, {DAYS[80]} to {DAYS[99]} · signal"
    assert page.locator("#result").inner_text() == f"{DAYS[80]} to {DAYS[99]}"
    facts = page.locator(".facts").inner_text()
    for told in (
        "layered",
        "seeking, averse, adaptive",
        "up to 1 round, then a vote",
        "5 bps",
        "15 days from",
    ):
        assert told in facts
    summary = json.loads((played.path / "summary.json").read_text())
    table = page.locator(".measures table").inner_text()
    for measured in summary["measures"].values():
        assert f"{measured['total']:+.1%}" in table and f"{measured['drawdown']:.1%}" in table
    assert page.locator("#equity svg path").count() == 3
    assert page.locator("#drawdown svg path").count() == 4
    assert page.locator('.layers[data-symbol="UP"] .agents > div').count() == 3


def test_a_day_shows_its_decision_and_the_memories_behind_it(opened, played, rows):
    place = next(n for n, row in enumerate(rows) if row.sleeves[0].order.shares)
    row, told = rows[place], rows[place].sleeves[0]
    page = opened(played.report, f"#UP/{row.date}")
    assert chosen(page) == f"UP, {row.date}"
    shown = page.locator("#day").inner_text()
    assert told.decision.reason in shown
    assert f"Ordered: {told.order.side} {told.order.shares:,} shares." in shown
    assert f"{told.fills[0].date}: bought {told.fills[0].shares:,} at" in shown
    assert page.locator("#day .behind > li").count() == len(told.behind) > 0
    assert all(
        "no longer in memory" not in text for text in page.locator("#day .behind > li").all_inner_texts()
    )
    assert "weight" in page.locator("#day .behind > li").first.inner_text()
    positions = page.locator("#day .round").first.locator(".said")
    assert positions.count() == 3 and "seeking: " in positions.first.inner_text()
    positions.first.locator("summary").click()
    assert positions.first.locator("details li").first.inner_text()
    assert "Ended: " in shown and "vote: " in shown


def test_days_are_chosen_by_click_slider_keys_and_buttons(opened, played, rows):
    page = opened(played.report)
    fills = [n for n, row in enumerate(rows) if row.sleeves[0].fills]
    assert chosen(page) == f"UP, {rows[fills[0]].date}"
    page.locator("#after").click()
    assert chosen(page) == f"UP, {rows[fills[0] + 1].date}"
    page.locator("#trade-before").click()
    assert chosen(page) == f"UP, {rows[fills[0]].date}"
    page.locator("#price").focus()
    page.keyboard.press("End")
    assert chosen(page) == f"UP, {rows[-1].date}"
    page.keyboard.press("Home")
    assert chosen(page) == f"UP, {rows[0].date}"
    page.locator("#day").focus()
    page.keyboard.press("ArrowRight")
    assert chosen(page) == f"UP, {rows[1].date}"
    page.keyboard.press("n")
    assert chosen(page) == f"UP, {rows[next(n for n in fills if n > 1)].date}"
    box = page.locator('.story[data-symbol="UP"] .price .plot').bounding_box()
    page.mouse.click(box["x"] + box["width"] - 1, box["y"] + 30)
    assert chosen(page) == f"UP, {rows[-1].date}"
    line = page.locator('.story[data-symbol="UP"] .price .cursor').bounding_box()
    assert abs(line["x"] - box["x"] - box["width"]) < 3
    assert page.url.endswith(f"#UP/{rows[-1].date}")


def test_another_symbol_is_a_click_away(opened, played, rows):
    page = opened(played.report)
    assert page.locator(".story:visible").count() == 1
    page.locator('.symbols button[data-symbol="DOWN"]').click()
    assert chosen(page).startswith("DOWN, ")
    assert page.locator('.story[data-symbol="DOWN"]').is_visible()
    assert page.locator('.layers[data-symbol="UP"]').is_hidden()
    assert page.locator('.symbols button[aria-pressed="true"]').inner_text().startswith("DOWN")


@pytest.mark.parametrize("where", ["#MOON/2021", "#UP/nowhere", "#%", "#/", "#UP"])
def test_an_address_that_means_nothing_shows_a_day_all_the_same(opened, played, where):
    assert chosen(opened(played.report, where)).startswith("UP, 2021")


def test_what_agents_and_news_say_is_text_and_nothing_else(opened, tmp_path):
    page = opened(by_hand(tmp_path, HOSTILE))
    assert page.title() != "taken"
    assert page.locator("img, b:not(.round > b), body script ~ script ~ script").count() == 0
    shown = page.locator("#day").inner_text()
    assert shown.count(HOSTILE) >= 8
    page.locator(".remarks summary").click()
    assert HOSTILE in page.locator(".remarks").inner_text()


@pytest.mark.parametrize("width", [1440, 1280, 1000, 700, 400, 360])
def test_nothing_is_cut_off_at_any_width(opened, played, width):
    page = opened(played.report, viewport={"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for part in (
        "h1",
        "#result",
        "#equity",
        "#drawdown",
        ".measures",
        ".story:visible",
        "#day",
        ".layers:visible",
    ):
        box = page.locator(part).first.bounding_box()
        assert box["width"] > 60 and box["height"] > 15, part
        assert box["x"] >= 0 and box["x"] + box["width"] <= width, part
    day, layers = (page.locator(part).first.bounding_box() for part in (".panel.day", ".layers:visible"))
    assert day["y"] + day["height"] <= layers["y"]
    labels = page.locator("#equity .steps-axis span:visible").all()
    boxes = [label.bounding_box() for label in labels]
    assert all(one["x"] + one["width"] <= after["x"] for one, after in pairwise(boxes))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_follows_light_and_dark_and_can_be_changed(opened, played, scheme):
    page = opened(played.report, color_scheme=scheme)

    def brightness() -> int:
        said = page.evaluate("getComputedStyle(document.body).backgroundColor")
        return sum(int(part) for part in said.removeprefix("rgb(").removesuffix(")").split(","))

    before = brightness()
    assert (before > 600) == (scheme == "light")
    page.locator("#theme").click()
    assert (brightness() > 600) != (scheme == "light")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_what_is_behind_it(opened, weak, played, rows, scheme):
    """WCAG 2, AA: a contrast of 4.5 for text."""
    row = next(row for row in rows if row.sleeves[0].order.shares)
    page = opened(played.report, f"#UP/{row.date}", color_scheme=scheme)
    assert weak(page) == []


def test_every_control_has_a_name(opened, played):
    page = opened(played.report)
    nameless = page.evaluate(
        "[...document.querySelectorAll('button, input, [role=img], [role=region]')].filter(one => !("
        "one.textContent.trim() || one.ariaLabel || one.getAttribute('aria-labelledby'))).length"
    )
    assert nameless == 0


def test_without_a_script_the_curves_of_all_symbols_are_there(opened, played):
    page = opened(played.report, java_script_enabled=False)
    assert page.locator(".story:visible").count() == 2
    assert page.locator(".story .price path.own").first.get_attribute("d").startswith("M0,")
    assert "shown by a script" in page.locator("noscript").inner_text()


def test_a_run_that_has_not_traded_yet_has_a_page(opened, tmp_path):
    folder = run(tmp_path)
    folder.add([], RunState(sleeves={}).altered({"sleeves": {}}))
    spec, market = folder.spec(), folder.market()
    from agentmem.runs.market.results import SleeveState
    from agentmem.worlds.market.account import opened as account

    state = RunState(sleeves={symbol: SleeveState(account=account(1.0)) for symbol in spec.symbols})
    folder.add([], state)
    summary = summary_of(folder, market, 35, state, interrupted=True)
    file = folder.path / "page.html"
    file.write_text(page_of(folder, market, summary, dict.fromkeys(spec.symbols, NoDesk())), encoding="utf-8")
    page = opened(file)
    assert "day 0 of 35, not complete" in page.locator("#result").inner_text()
    assert chosen(page) == "UP: no day yet"


def test_a_long_run_is_small_and_quick(opened, tmp_path):
    file = by_hand(tmp_path, "news " * 20, count=60)
    assert file.stat().st_size < 1_000_000
    page = opened(file)
    page.locator("#price").focus()
    page.keyboard.press("End")
    assert chosen(page).endswith(str(DAYS[139]))

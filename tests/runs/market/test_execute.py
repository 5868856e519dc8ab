"""A run is played to its end, goes on where it was cut off, and never knows what comes later."""

from __future__ import annotations

import io
import json

import pytest

from agentmem.bank import Bank
from agentmem.errors import InvalidInput, Unavailable
from agentmem.runs.market.desk import NAMESPACE
from agentmem.runs.market.execute import Watcher, check, play
from agentmem.runs.market.folder import DAYS, EQUITY, STATE
from agentmem.runs.market.yardsticks import CROSSING, HOLDING


class Stopping(Watcher):
    """Presses Ctrl-C after so many days."""

    def __init__(self, after: int) -> None:
        self.left = after

    def ends(self, row) -> None:
        self.left -= 1
        if not self.left:
            raise KeyboardInterrupt


def told(folder):
    """All of a run but for the seconds that it took."""
    return [row.model_dump() for row in folder.rows()], (folder.path / EQUITY).read_bytes()


def test_a_run_trades_after_its_warm_up_and_its_sleeves_add_up(begun, settings):
    folder = begun()
    summary = play(folder, settings)
    rows = list(folder.rows())
    assert summary.complete and not summary.interrupted
    assert (summary.planned, summary.days, summary.warm) == (20, 20, 6)
    assert all(row.warm == (row.number < 6) for row in rows)
    assert all(row.equity == sum(one.equity for one in row.sleeves) for row in rows)
    assert all(not one.fills and one.position == 0 for row in rows if row.warm for one in row.sleeves)
    fills = [fill for row in rows for one in row.sleeves for fill in one.fills]
    assert fills and summary.equity == rows[-1].equity
    assert set(summary.measures) == {"agents", HOLDING, CROSSING}
    state = folder.state()
    for one in summary.sleeves:
        account = state.sleeves[one.symbol].account
        assert one.equity == pytest.approx(
            account.deposit
            + account.realised
            + sum(
                p.shares * rows[-1].sleeves[folder.spec().symbols.index(one.symbol)].close - p.basis
                for p in account.positions.values()
            )
        )
    curve = (folder.path / EQUITY).read_text().splitlines()
    assert curve[1:] == [f"{row.date},{row.equity!r}" for row in rows if not row.warm]
    assert json.loads((folder.path / "summary.json").read_text())["complete"]


def test_every_decision_names_memories_that_the_bank_holds(begun, settings):
    folder = begun()
    play(folder, settings)
    cited = {(row.sleeves[0].symbol, one.id) for row in folder.rows() for one in row.sleeves[0].behind}
    assert cited
    with Bank(folder.bank, settings=settings) as bank:
        store = bank.store("layered", (*NAMESPACE, "adaptive", "UP"))
        found = store.get([id for _, id in cited])
    assert {record.id for record in found} == {id for _, id in cited}
    for row in folder.rows():
        for one in row.sleeves:
            assert {memory.id for memory in one.behind} == set(one.decision.cited)


@pytest.mark.parametrize(
    "options", [{}, {"agents": 2, "debate": 1}, {"memory": "flat"}, {"memory": "layered+profile"}]
)
def test_a_run_that_was_interrupted_comes_to_the_same(begun, settings, options):
    straight, cut = (begun(name, symbols="UP", **options) for name in ("straight", "cut"))
    play(straight, settings)
    for after in (3, 9, 1):
        summary = play(cut, settings, Stopping(after))
        assert summary.interrupted and not summary.complete
        assert cut.report.exists()
    assert play(cut, settings).complete
    assert told(cut) == told(straight)


def test_a_day_that_was_cut_off_before_it_was_on_disk_is_done_again(begun, settings):
    """Killed after memory had learned of the day, before its line counted."""
    straight, cut = begun("straight"), begun("cut")
    play(straight, settings)
    before = {}

    class Keeping(Watcher):
        def ends(self, row) -> None:
            if row.number == 12:
                before["state"] = (cut.path / STATE).read_bytes()
            if row.number == 13:
                raise KeyboardInterrupt

    play(cut, settings, Keeping())
    (cut.path / STATE).write_bytes(before["state"])
    with (cut.path / DAYS).open("ab") as file:
        file.write(b'{"number": 14, "date": "20')
    play(cut, settings)
    assert told(cut) == told(straight)


def test_what_comes_later_changes_nothing_before_it(begun, settings, files, days):
    """Other prices from a day of the run on, and news after the close of the day before it."""
    first = begun("first", symbols="UP")
    play(first, settings)
    lines = files["prices"].read_text().splitlines()
    later = [
        f"{line.rsplit(',', 2)[0]},9999.0,9999.0" if str(days[88]) <= line[:10] < "d" else line
        for line in lines
    ]
    files["prices"].write_text("\n".join(later) + "\n")
    time = f"{days[87]}T20:01:00Z"
    planted = {"time": time, "symbol": "UP", "kind": "news", "text": "UP soars, record profit"}
    with files["news"].open("a") as file:
        file.write(json.dumps(planted) + "\n")
    second = begun("second", symbols="UP")
    play(second, settings)
    before, after = list(first.rows()), list(second.rows())
    place = next(row.number for row in before if row.date == days[87])
    assert after[:place] == before[:place]
    assert after[place].sleeves[0].decision == before[place].sleeves[0].decision
    assert after[place].equity == before[place].equity
    assert after[place + 1] != before[place + 1]
    assert "record profit" in after[place + 1].sleeves[0].items[0]


def test_what_comes_after_the_last_day_is_nowhere(begun, settings, files, days):
    time = f"{days[93]}T20:01:00Z"
    planted = {"time": time, "symbol": "UP", "kind": "news", "text": "UP soars, record profit"}
    with files["news"].open("a") as file:
        file.write(json.dumps(planted) + "\n")
    folder = begun(symbols="UP")
    play(folder, settings)
    with Bank(folder.bank, settings=settings) as bank:
        held = io.StringIO()
        assert bank.export(held)
    assert "expected of week" in held.getvalue() and "record profit" not in held.getvalue()
    assert all(
        b"record profit" not in file.read_bytes() for file in folder.path.iterdir() if file != folder.bank
    )


def test_a_longer_run_begins_as_the_shorter_one(begun, settings, days):
    """No day knows of the days after it: a run that ends earlier decided the same until then."""
    short, long = begun("short", to=days[87]), begun("long")
    play(short, settings)
    play(long, settings)
    ended, went_on = list(short.rows()), list(long.rows())
    assert ended[:-1] == went_on[: len(ended) - 1]
    last = ended[-1].sleeves[0].decision
    assert last == went_on[len(ended) - 1].sleeves[0].decision


def test_agents_debate_and_their_transcripts_are_kept(begun, settings):
    folder = begun(symbols="UP", agents=3, debate=1, verdict="judge")
    play(folder, settings)
    rows = list(folder.rows())
    transcripts = [one.transcript for row in rows for one in row.sleeves]
    assert all(len(one.rounds[0]) == 3 and len(one.rounds) <= 2 for one in transcripts)
    assert {one.verdict.method for one in transcripts} == {"judge"}
    shared = [memory for one in transcripts for held in one.rounds[0] for memory in held.shared]
    assert shared and all(memory.text == "" for memory in shared)  # the bank holds it
    with Bank(folder.bank, settings=settings) as bank:
        assert {"/".join(one) for one in bank.namespaces()} == {
            f"market/{name}/{symbol}" for name in ("seeking", "averse", "adaptive") for symbol in ("UP",)
        }


def test_a_run_without_memory_knows_what_the_day_tells_alone(begun, settings):
    folder = begun(memory="none")
    play(folder, settings)
    for row in folder.rows():
        for one in row.sleeves:
            assert all(memory.text in one.items for memory in one.behind)
            assert one.items or one.decision.side == "hold"


def test_the_layers_are_counted_now_and_then(begun, settings):
    folder = begun()
    play(folder, settings)
    counted = {row.number: row.sleeves[0].layers for row in folder.rows() if row.sleeves[0].layers}
    assert list(counted) == [0, 5, 10, 15]
    assert counted[15]["adaptive"].keys() == {"shallow", "intermediate", "deep", "reflection", "faded"}
    assert sum(counted[15]["adaptive"].values()) > 0


def test_two_processes_do_not_play_one_run(begun, settings):
    folder = begun()
    with folder.held(), pytest.raises(Unavailable, match="another process plays"):
        play(folder, settings)


def test_a_memory_that_cannot_be_made_is_found_before_the_folder(begun, settings):
    spec = begun().spec()
    wrong = spec.altered({"memory": '{"store": "layered", "options": {"moon": 1}}'})
    with pytest.raises(InvalidInput, match="moon"):
        check(wrong, settings)
    check(spec, settings)

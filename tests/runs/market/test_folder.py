"""The folder of a run: what is written whole counts, what was cut off does not, damage is named."""

from __future__ import annotations

import pytest

from agentmem.errors import Conflict, Damaged, NotFound
from agentmem.runs.market.execute import play
from agentmem.runs.market.folder import DAYS, STATE, MarketFolder


def test_a_folder_that_is_taken_is_not_begun(begun, tmp_path):
    folder = begun()
    spec, market = folder.spec(), folder.market()
    with pytest.raises(Conflict, match="go on with it: --resume"):
        folder.begin(spec, market)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    with pytest.raises(Conflict, match="holds no run"):
        MarketFolder(tmp_path / "full").begin(spec, market)
    (tmp_path / "file").write_text("mine")
    with pytest.raises(Conflict):
        MarketFolder(tmp_path / "file").begin(spec, market)


def test_one_that_was_killed_while_it_began_can_be_begun(begun, tmp_path):
    folder = begun()
    (tmp_path / "half").mkdir()
    (tmp_path / "half" / "prices.csv.part").write_text("date,")
    half = MarketFolder(tmp_path / "half")
    half.begin(folder.spec(), folder.market())
    assert half.spec() == folder.spec()


def test_a_folder_without_a_run_is_named(tmp_path):
    with pytest.raises(NotFound, match=r"it has no market\.json"):
        MarketFolder(tmp_path).spec()


def test_lines_after_the_last_day_that_is_done_are_taken_out(begun, settings):
    folder = begun()
    play(folder, settings)
    file = folder.path / DAYS
    whole = file.read_bytes()
    file.write_bytes(whole + b'{"number": 20, "da')
    assert len(list(folder.rows())) == 20
    folder.cut()
    assert file.read_bytes() == whole


def test_damage_is_told(begun, settings):
    folder = begun()
    play(folder, settings)
    file = folder.path / DAYS
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join([*lines[:3], b"{}\n", *lines[4:]]))
    with pytest.raises(Damaged, match=r"line 4: no day of a run"):
        list(folder.rows())
    file.write_bytes(b"".join([*lines[:3], *lines[4:]]))
    with pytest.raises(Damaged, match=r"line 4: the day of number 4"):
        list(folder.rows())
    file.write_bytes(b"".join(lines[:3]))
    with pytest.raises(Damaged, match="holds 3 days of 20"):
        list(folder.rows())
    (folder.path / STATE).write_text("{}")
    with pytest.raises(Damaged, match="state of a run"):
        folder.state()

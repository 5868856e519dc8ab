"""Disks that are full, files and folders that may not be written, files that vanish: nothing acknowledged is lost."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from acts import Act, after, agrees

from agentmem.bank import Bank
from agentmem.errors import Unavailable
from agentmem.records import Event

pytestmark = pytest.mark.on_file

NS = ("default",)
SMALL = 3_000_000
BALLAST = 1_500_000
"""Bytes of a small disk, and of what lies on it until space is needed."""


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder that is a disk of its own, in memory; only root may make one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SMALL}", "none", str(folder)]
    try:
        done = subprocess.run(mount, capture_output=True, check=False)
    except OSError:
        pytest.skip("there is no mount command")
    if done.returncode:
        pytest.skip("this user may not mount a disk; a limit on the size of files stands for it")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.slow
def test_a_full_disk(open_bank, start, small_disk: Path, tmp_path: Path):
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"\0" * BALLAST)
    filled(open_bank, start(small_disk / "bank.db", ballast, script="cramped.py"), "disk/bank.db")


def test_a_file_that_may_not_grow(open_bank, start, tmp_path: Path):
    filled(open_bank, start(tmp_path / "bank.db", "limit", script="cramped.py"), "bank.db")


def filled(open_bank, process, name: str) -> None:
    """What was acknowledged before and after the disk was full is there, and what failed said so."""
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    full, later = map(json.loads, out.splitlines())
    assert full["said"].startswith("Unavailable: "), full["said"]
    assert "check the path, its rights and the disk" in full["said"]
    tries = full["tries"]
    assert {said.partition(":")[0] for said in tries.values()} <= {"fine", "Unavailable"}, tries
    for reading in ("recall", "select"):
        assert tries[reading].startswith("fine: "), tries
    assert tries["verify"] == "fine: []"
    for writing in ("put again", "load much", "rebuild"):
        assert tries[writing].startswith("Unavailable: "), tries
    assert "not rewritten" in tries["scrub"]
    assert later["elsewhere"] == "fine: stored"
    assert [said.partition(":")[0] for said in later["said"]] == ["fine"] * len(later["again"])
    with open_bank(name) as bank:
        held = after(Act(*act) for act in [*full["done"], *later["again"]])
        assert agrees(bank, "full", held)
        assert bank.verify() == []


def bank_in(open_bank, tmp_path: Path, name: str) -> Path:
    folder = tmp_path / name
    folder.mkdir()
    with open_bank(f"{name}/bank.db") as bank:
        bank.store().observe(Event(id="a", text="a quince"), Event(id="b", text="a harbour"))
        bank.store().recall("quince")
    return folder / "bank.db"


@pytest.fixture
def reachable(tmp_path: Path) -> Iterator[Path]:
    """A folder whose rights do not hide from others what is in it."""
    above = [folder for folder in tmp_path.parents if folder.owner() == tmp_path.owner()]
    modes = {folder: folder.stat().st_mode for folder in [tmp_path, *above] if os.access(folder, os.W_OK)}
    for folder, mode in modes.items():
        folder.chmod(mode | 0o011)
    yield tmp_path
    for folder, mode in modes.items():
        folder.chmod(mode)


def test_without_rights_there_is_recall_or_one_clear_error(open_bank, start, reachable: Path):
    banks = {name: bank_in(open_bank, reachable, name) for name in ("file", "folder", "both", "hidden")}
    modes = {"file": (0o444, 0o777), "folder": (0o666, 0o555), "both": (0o444, 0o555), "hidden": (0, 0o555)}
    for name, (file, folder) in modes.items():
        banks[name].chmod(file)
        banks[name].parent.chmod(folder)
    process = start(*banks.values(), script="unprivileged.py")
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    told = json.loads(out)
    written = told.pop(str(banks["file"]))
    assert written.pop("open").startswith("fine")
    assert (written.pop("recall"), written.pop("verify")) == ("fine: a quince", "fine: []")
    assert "readonly database" in written.pop("scrub")
    assert {said.partition(":")[0] for said in written.values()} == {"Unavailable"}, written
    for others in told.values():
        assert others.keys() == {"open"}, others
        assert others["open"].startswith("Unavailable: ")
        assert "check the path, its rights" in others["open"]
    for name, path in banks.items():
        path.parent.chmod(0o755)
        path.chmod(0o600)
        with open_bank(f"{name}/bank.db") as bank:
            assert [record.id for record in bank.store().select()] == ["a", "b"]
            assert bank.verify() == []


@pytest.mark.parametrize("how", ["deleted", "replaced"])
def test_a_file_that_vanished_under_an_open_bank_is_an_error_and_no_silent_loss(
    bank: Bank, open_bank, tmp_path: Path, how: str
):
    store = bank.store()
    store.observe(Event(id="a", text="a quince"))
    bank.backup(tmp_path / "copy.db")
    path = tmp_path / "bank.db"
    if how == "replaced":
        (tmp_path / "copy.db").replace(path)
    else:
        path.unlink()
    for use in (lambda: store.observe("lost?"), lambda: store.recall("quince"), bank.verify):
        with pytest.raises(Unavailable, match="was moved, deleted or replaced"):
            use()
    if how == "replaced":
        bank.close()
        assert [hit.id for hit in store.recall("quince")] == ["a"]

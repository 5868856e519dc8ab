"""Damaged files: a clear error, or named by `verify`, or no difference; never a wrong text, never the driver's error.

Answers are compared by what they say: a flipped bit in a vector may change the order of hits.
"""

from __future__ import annotations

import random
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from agentmem.bank import Bank
from agentmem.errors import Damaged, EmbedderMismatch, SchemaMismatch
from agentmem.records import Event
from agentmem.testing.trial import START

pytestmark = pytest.mark.on_file

NS = ("default",)
WORDS = ("quince", "medlar", "lighthouse", "harbour", "violin", "plum")
REFUSED = (Damaged, SchemaMismatch, EmbedderMismatch)
PAGE = 4096
"""SQLite's page, in bytes."""

Told = dict[str, list[tuple[object, ...]]]


class Sound(NamedTuple):
    """An undamaged bank: its bytes, what it tells, and the texts that each id ever stood for."""

    raw: bytes
    told: Told
    texts: dict[object, set[object]]


class Damage(NamedTuple):
    """Bytes that are written over others."""

    at: int
    bytes: bytes

    def of(self, raw: bytes) -> bytes:
        return raw[: self.at] + self.bytes + raw[self.at + len(self.bytes) :]


def tell(bank: Bank) -> None:
    """Some of everything."""
    choose = random.Random(1)
    store = bank.store()
    bank.store(namespace=("other", "one")).observe("somebody else's quince")
    for n in range(40):
        store.observe(
            Event(
                id=f"e{n}",
                text=f"{' '.join(choose.choices(WORDS, k=5))} nr{n}",
                session=f"s{n % 3}",
                actor=choose.choice(["", "Maya"]),
                time=START - timedelta(days=n),
                data={"n": n} if n % 5 == 0 else {},
            )
        )
    for n in range(0, 40, 7):
        store.correct(f"e{n}", f"corrected {n} plum", why="x", since=START if n % 2 else None)
    for n in range(5):
        store.put(f"k{n % 2}", f"value {n} harbour", metadata={"n": n})
    bank.forget(NS, events=["e3", "e4"])
    store.recall("quince")


def answers(bank: Bank) -> Told:
    """What a bank tells, each line an id, a text, and more; sorted."""
    store = bank.store()
    asked = {
        "quince harbour": {},
        "What did Maya say?": {"known_at": START},
        "": {"at": START - timedelta(days=2)},
    }
    told: Told = {
        text: [
            (
                hit.id,
                hit.text,
                hit.record.state.value,
                hit.record.actor,
                hit.record.time,
                str(hit.record.metadata),
            )
            for hit in store.recall(text, floor=False, k=200, **changes)
        ]
        for text, changes in asked.items()
    }
    told["select"] = [(one.id, one.text, one.version, one.state.value) for one in store.select()]
    told["events"] = [(one.id, one.text, str(one.data), one.time) for one in bank.view(NS).events()]
    return {part: sorted(lines, key=str) for part, lines in told.items()}


def said(told: Told) -> dict[object, set[object]]:
    """The texts that each id stands for."""
    found: dict[object, set[object]] = {}
    for lines in told.values():
        for id, text, *_ in lines:
            found.setdefault(id, set()).add(text)
    return found


@pytest.fixture
def sound(open_bank, tmp_path: Path) -> Sound:
    bank = open_bank("sound.db")
    tell(bank)
    assert bank.verify() == []
    told = answers(bank)
    texts = said(told)
    for id in texts:
        texts[id] |= {past.record.text for past in bank.store().history(str(id))}
    bank.close()
    raw = sqlite3.connect(tmp_path / "sound.db")
    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw.close()
    return Sound((tmp_path / "sound.db").read_bytes(), told, texts)


@pytest.fixture
def outcome(open_bank, tmp_path: Path, sound: Sound) -> Callable[[bytes], str]:
    """Open a bank of these bytes, and say what becomes of it: refused, the same, or named."""
    path = tmp_path / "damaged.db"

    def open_(raw: bytes) -> str:
        for file in tmp_path.glob("damaged.db*"):
            file.unlink()
        path.write_bytes(raw)
        try:
            with open_bank(path.name) as bank:
                told = answers(bank)
                if told == sound.told:
                    return "same"
                any_text = set().union(*sound.texts.values())
                for id, shown in said(told).items():
                    assert shown <= sound.texts.get(id, any_text), f"{id!r} says {shown}"
                return "named" if bank.verify() else "passed over"
        except REFUSED as error:
            return "refused" if error.remedy else f"no remedy: {error}"

    return open_


def damages(raw: bytes, seed: int, n: int) -> Iterator[Damage]:
    """A bit, a byte, or a run of sixteen, anywhere."""
    choose = random.Random(seed)
    for _ in range(n):
        at = choose.randrange(len(raw) - 16)
        kind = choose.choice(["bit", "byte", "run"])
        flipped = bytes([raw[at] ^ 1 << choose.randrange(8)])
        yield Damage(at, flipped if kind == "bit" else choose.randbytes(1 if kind == "byte" else 16))


@pytest.mark.parametrize(
    ("seed", "n"), [(1, 60), *(pytest.param(seed, 300, marks=pytest.mark.slow) for seed in (2, 3, 4))]
)
def test_flipped_bytes_are_refused_or_named_or_change_nothing(outcome, sound: Sound, seed: int, n: int):
    came_of: Counter[str] = Counter()
    for damage in damages(sound.raw, seed, n):
        try:
            came_of[outcome(damage.of(sound.raw))] += 1
        except Exception as error:
            raise AssertionError(f"{damage}: {type(error).__name__}: {error}") from error
    assert came_of.keys() <= {"same", "named", "refused"}, came_of
    assert came_of["same"] > came_of["named"] + came_of["refused"] > 0


def test_a_version_that_ends_too_late_is_named(outcome, sound: Sound, tmp_path: Path):
    """One that stood once stands beside the newest: it is no other's text, and `verify` tells."""
    path = tmp_path / "late.db"
    path.write_bytes(sound.raw)
    late = sqlite3.connect(path)
    late.execute("UPDATE record SET to_seq = to_seq + 1000 WHERE key = 'k0' AND version = 2")
    late.commit()
    late.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    late.close()
    assert outcome(path.read_bytes()) == "named"


def test_a_file_that_was_cut_off_is_refused(outcome, sound: Sound):
    choose = random.Random(5)
    pages = len(sound.raw) // PAGE
    cuts = {1, 15, 16, 99, 100, 101, PAGE - 1, PAGE, PAGE + 1, len(sound.raw) - 1, len(sound.raw) - PAGE}
    cuts |= {choose.randrange(1, len(sound.raw)) for _ in range(12)}
    cuts |= {choose.randrange(1, pages) * PAGE for _ in range(12)}
    came_of = {cut: outcome(sound.raw[:cut]) for cut in sorted(cuts)}
    unused = {cut for cut, came in came_of.items() if came == "same"}
    assert all(cut > len(sound.raw) - PAGE for cut in unused)  # nothing stands at the end of the last page
    assert {came_of[cut] for cut in cuts - unused} == {"refused"}, came_of


def test_a_file_that_grew_by_rubbish_is_as_it_was(outcome, sound: Sound):
    for rubbish in (b"\0" * PAGE, random.Random(6).randbytes(3 * PAGE), b"x"):
        assert outcome(sound.raw + rubbish) in ("same", "refused")


def test_a_log_that_was_torn_gives_what_was_whole(open_bank, tmp_path: Path):
    """The file and its write-ahead log as a power cut might leave them: cut, or spoilt, at any place."""
    bank = open_bank()
    with bank.database.read() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    for n in range(30):
        bank.store().observe(Event(id=f"e{n}", text=f"quince {n}"))
    ids = [event.id for event in bank.view(NS).events()][::-1]
    file, log = ((tmp_path / name).read_bytes() for name in ("bank.db", "bank.db-wal"))
    choose = random.Random(7)
    kept = []
    for n in range(24):
        at = choose.randrange(len(log))
        torn = log[:at] if n % 2 else log[:at] + choose.randbytes(16) + log[at + 16 :]
        name = f"torn{n}.db"
        (tmp_path / name).write_bytes(file)
        (tmp_path / f"{name}-wal").write_bytes(torn)
        if n % 3 == 0:
            (tmp_path / f"{name}-shm").write_bytes(choose.randbytes(32768))
        with open_bank(name) as other:
            found = [event.id for event in other.view(NS).events()][::-1]
            assert found == ids[: len(found)]
            assert other.verify() == []
            assert other.store().observe(Event(id="after", text="after"))[0].status == "stored"
        kept.append(len(found))
    assert len(set(kept)) > 6

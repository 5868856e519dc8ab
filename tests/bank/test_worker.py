"""Work in the background: once however often it is asked for, and ended before the process is."""

from __future__ import annotations

import subprocess
import sys
import threading
import time

import pytest

from agentmem.bank import Bank
from agentmem.bank.worker import Worker
from agentmem.embedders.hashing import HashingEmbedder

SCRIPT = """
from agentmem.agents.remembering import Remembering
from agentmem.bank import Bank
from agentmem.records import Event

bank = Bank({path!r})
bank.library.embedder.embed(["warm"])
Remembering(bank, ("a",), strict=True).observe([Event(text=f"Text number {{n}} of some.") for n in range(300)])
{end}
"""


def test_what_is_asked_for_often_is_done_once():
    worker, done = Worker(), []

    def work(stopped):
        done.append(1)

    for _ in range(5):
        worker.submit_once(work, 0.05)
    assert worker.drain(5)
    assert done == [1]
    worker.submit_once(work, 0.0)
    assert worker.drain(5)
    assert done == [1, 1]
    worker.close()


def test_closing_waits_for_what_has_begun_and_begins_nothing():
    worker, begun, seen = Worker(), threading.Event(), []

    def work(stopped):
        begun.set()
        while not stopped():
            time.sleep(0.01)
        seen.append("ended")

    def later(stopped):
        seen.append("later")

    worker.submit_once(work, 0.0)
    worker.submit_once(later, 0.0)
    assert begun.wait(5)
    worker.close()
    assert seen == ["ended"]
    assert worker.closed


@pytest.mark.parametrize("end", ["bank.close()", "", "import time; time.sleep(0.12)"])
def test_a_process_ends_well_while_vectors_are_made(end: str, tmp_path):
    for n in range(3):
        code = SCRIPT.format(path=str(tmp_path / f"{n}.db"), end=end)
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")


def test_a_bank_is_closed_when_the_model_that_it_was_loading_is_there(tmp_path):
    class Slow(HashingEmbedder):
        loaded = False

        def load(self):
            time.sleep(0.2)
            self.loaded = True

    embedder = Slow()
    with Bank(tmp_path / "bank.db", embedder=embedder) as bank:
        bank.library.warm()
    assert embedder.loaded

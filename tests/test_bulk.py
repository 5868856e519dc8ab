"""Bulk work: in one process as the built-in `map` does it; what is asked wrongly is said clearly."""

from __future__ import annotations

import pickle
import sys
from pathlib import Path

import pytest

from agentmem import bulk
from agentmem.bank import Bank
from agentmem.config import Settings
from agentmem.embedders import open_embedder
from agentmem.embedders.sentence_transformers import SentenceTransformersEmbedder
from agentmem.errors import InvalidInput, Unavailable
from agentmem.records import Event


def test_without_workers_batches_are_done_one_by_one_when_asked_for():
    seen: list[int] = []

    def batches():
        for n in range(3):
            seen.append(n)
            yield n

    with bulk.spread() as spread:
        done = spread(lambda n: n * n, batches())
        assert seen == []
        assert next(done) == 0
        assert seen == [0]
        assert list(done) == [1, 4]


@pytest.mark.parametrize(("workers", "address"), [(-1, None), (0, "ray://somewhere:10001")])
def test_workers_that_make_no_sense_are_refused(workers: int, address: str | None):
    with pytest.raises(InvalidInput, match="workers"), bulk.spread(workers, address):
        pass


def test_without_ray_the_error_names_the_command(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with (
        pytest.raises(Unavailable, match=r'ray, needed for workers, .*pip install "agentmem\[ray\]"'),
        bulk.spread(2),
    ):
        pass


def test_importing_does_not_import_ray():
    import subprocess

    code = "import sys, agentmem, agentmem.bulk; sys.exit('ray' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_what_waits_is_embedded_on_request(bank: Bank):
    store = bank.store()
    store.observe(*(Event(id=f"e{i}", text=f"text {i % 200}") for i in range(300)), embed=False)
    steps: list[tuple[int, int]] = []
    assert bank.embed(lambda done, total: steps.append((done, total))) == 200
    assert sum(done for done, _ in steps) == 200
    assert bank.stats().waiting_for_vectors == 0
    assert bank.embed() == 0
    assert bank.verify() == []


def test_batches_that_are_read_ahead_hold_no_text_twice(bank: Bank):
    """Workers are given batches before the vectors of earlier ones are kept."""
    bank.store().observe(*(Event(id=f"e{i}", text=f"text {i % 100}") for i in range(600)), embed=False)
    seen: list[bytes] = []

    def ahead(function, batches):
        waiting = list(batches)
        seen.extend(digest for batch in waiting for digest in batch)
        return map(function, waiting)

    assert bank.embed(spread=ahead) == 100
    assert len(seen) == len(set(seen)) == 100
    assert bank.verify() == []


def test_embedders_travel_as_what_they_are_made_from(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    settings = Settings(embedder="openai:words", embedder_url="http://localhost:1/v1")
    asked = pickle.loads(pickle.dumps(open_embedder(settings)))
    assert (asked.name, asked.window) == ("words", open_embedder(settings).window)
    torch = pickle.loads(pickle.dumps(SentenceTransformersEmbedder("cpu", half=True)))
    assert (torch.device, torch.half) == ("cpu", True)
    assert pickle.loads(pickle.dumps(torch)) is torch

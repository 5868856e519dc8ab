"""Servers killed while many clients write: what was acknowledged is there."""

import random
import threading
import time
from itertools import count

import httpx
import pytest

TOKEN = "a-token-of-some-length"


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
def test_a_killed_server_loses_nothing_that_it_acknowledged(start, open_bank, tmp_path, seed):
    choice = random.Random(seed)
    acknowledged: list[str] = []
    for life in range(4):
        process = start(tmp_path / "bank.db", TOKEN, script="serving.py")
        url = process.stderr.readline().split()[-1]

        def write(n, life=life, url=url):
            headers = {"Authorization": f"Bearer {TOKEN}"}
            with httpx.Client(base_url=url, headers=headers, timeout=60) as client:
                for turn in count():
                    id = f"{life}/{n}/{turn}"
                    try:
                        answer = client.post("/events", json={"events": [{"id": id, "text": f"Fact {id}."}]})
                    except httpx.TransportError:
                        return
                    answer.raise_for_status()
                    acknowledged.append(id)

        writers = [threading.Thread(target=write, args=(n,)) for n in range(8)]
        for writer in writers:
            writer.start()
        enough = len(acknowledged) + choice.randrange(1, 150)
        while len(acknowledged) < enough:
            assert any(writer.is_alive() for writer in writers)
            time.sleep(0.001)
        process.kill()
        for writer in writers:
            writer.join(30)
    with open_bank() as bank:
        there = {event.id for event in bank.view(("acme",)).events()}
        assert not set(acknowledged) - there
        assert bank.verify() == []

"""A real server: many clients at once, what it says, and its end."""

import json
import signal
import socket
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from typer.testing import CliRunner

from agentmem.cli.main import app

CLIENTS = 20
EACH = 15


def test_many_clients_at_once_lose_nothing(launch, holders):
    served = launch()

    def talk(n):
        kept = []
        with served.client(holders.bob if n % 4 == 0 else holders.ann) as client:
            for turn in range(EACH):
                id = f"{n}/{turn}"
                answer = client.post(
                    "/events", json={"events": [{"id": id, "text": f"Client {n} says {turn}."}]}
                )
                assert answer.json()["receipts"][0]["status"] == "stored"
                kept.append(id)
                if turn % 5 == 0:
                    found = client.post(
                        "/recall", json={"text": f"client {n} says {turn}", "k": 100, "floor": False}
                    )
                    assert id in {hit["record"]["id"] for hit in found.json()["hits"]}
        return kept

    with ThreadPoolExecutor(CLIENTS) as pool:
        kept = list(pool.map(talk, range(CLIENTS)))
    for token, own in ((holders.bob, kept[::4]), (holders.ann, [one for n, one in enumerate(kept) if n % 4])):
        with served.client(token) as client:
            lines = [json.loads(line) for line in client.get("/export").text.splitlines()]
        ids = [line["id"] for line in lines if line["kind"] == "event"]
        assert sorted(ids) == sorted(id for some in own for id in some)


def test_a_server_that_is_told_to_end_answers_what_it_has_begun(launch, open_bank):
    served = launch()
    texts = [{"text": f"Fact {n} is told at the end."} for n in range(1_000)]
    with ThreadPoolExecutor(1) as pool, served.client() as client:
        answer = pool.submit(client.post, "/events", json={"events": texts})
        while client.get("/stats").json()["stats"]["events"] < len(texts):
            assert not answer.done() or answer.result().is_success
        served.process.send_signal(signal.SIGTERM)
        assert len(answer.result(30).json()["receipts"]) == len(texts)
    assert served.process.wait(20) == 0
    assert open_bank().stats(("acme", "ann")).events == 1_000
    assert served.said.read_text().count("\n") == 1


def test_no_token_and_no_text_is_logged(launch, holders):
    served = launch()
    with served.client() as client:
        client.post("/events", json={"events": [{"text": "the vault opens at noon"}]})
        client.post("/events", content=b"[")
        client.get("/none")
    assert (
        httpx.get(f"{served.url}/rights", headers={"Authorization": "Bearer nobody-0123456789"}).status_code
        == 401
    )
    assert served.said.read_text().count("\n") == 1
    assert httpx.get(f"{served.url}/health").json()["status"] == "ok"


def test_what_is_no_http_is_refused_and_the_server_goes_on(launch):
    served = launch()
    host, port = httpx.URL(served.url).host, httpx.URL(served.url).port
    for sent in (
        b"\0" * 100,
        b"GET /v1/health HTTP/9.9\r\n\r\n",
        b"BREW\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ):
        with socket.create_connection((host, port), timeout=10) as raw:
            raw.sendall(sent)
            raw.shutdown(socket.SHUT_WR)
            assert b" 500 " not in raw.recv(1_000)
    assert httpx.get(f"{served.url}/health").status_code == 200


@pytest.mark.parametrize(
    ("options", "token", "said"),
    [
        ((), "", "a token is required"),
        ((), "too-few", "under 20 characters"),
        (("--tokens", "none.json"), "", "no file of tokens at none.json"),
        (("--host", "0.0.0.0"), "a-token-of-some-length", "add --allow-remote"),
        (("--host", "0.0.0.0", "--allow-remote"), "a-token-of-some-length", "--server-name"),
        (("--store", "none"), "a-token-of-some-length", "'none'"),
        (("--store", "episodic+"), "a-token-of-some-length", "no store on one side"),
    ],
)
def test_what_is_unsafe_or_wrong_is_not_started(own_folder, monkeypatch, options, token, said):
    monkeypatch.setenv("AGENTMEM_EMBEDDER", "hashing")
    monkeypatch.setenv("AGENTMEM_SERVE_TOKEN", token)
    result = CliRunner().invoke(app, ["serve", "--port", "0", *options])
    assert result.exit_code in (2, 3, 4) and not result.stdout
    assert result.stderr.startswith("error: ") and result.stderr.count("\n") == 1 and said in result.stderr
    assert not token or token not in result.stderr

"""Runs in which models play: who sees what, what a rater says, what is counted, and where a run stops."""

from __future__ import annotations

import json
import pickle
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from typer.testing import CliRunner

from agentmem.config import Price, Settings
from agentmem.errors import InvalidInput, NotFound, Unavailable
from agentmem_bench.commands import app
from agentmem_bench.likebench import agreement, report, result
from agentmem_bench.likebench.cast import Cast
from agentmem_bench.likebench.estimate import estimate
from agentmem_bench.likebench.judged.describing import likings
from agentmem_bench.likebench.judged.rater import _is_quoted
from agentmem_bench.likebench.judged.rubric import LEVELS, rubric
from agentmem_bench.likebench.limit import LimitReached
from agentmem_bench.likebench.personas import files
from agentmem_bench.likebench.personas.generate import generate
from agentmem_bench.likebench.personas.schema import DIMENSIONS
from agentmem_bench.likebench.players import Exchange
from agentmem_bench.results import console

MODELS = Cast("openai:user", "openai:assistant", ("openai:rater",), decoys=10)


class Server(ThreadingHTTPServer):
    """A chat server on loopback: a user who repeats its script, an assistant, and a rater.

    Attributes:
        seen: The requests, by model.
        rating: What its rater gives, by the number of the request.
    """

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.seen = {}
        self.lock = threading.Lock()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def prompts(self, model):
        return ["\n".join(one["content"] for one in body["messages"]) for body in self.seen.get(model, [])]

    def text(self, body, number):
        asked = body["messages"][-1]["content"]
        match body["model"]:
            case "user":
                return asked.partition("What you want to say now: ")[2].partition("\n")[0]
            case "mute":
                return ""
            case "novelist":
                names = body["response_format"]["json_schema"]["schema"]["properties"]
                return json.dumps({name: f"Does {name} aboard  the ferry." for name in names})
            case "rubbish":
                return "I would rather not."
            case "rater" | "other":
                names = body["response_format"]["json_schema"]["schema"]["properties"]
                value = 4 if body["model"] == "rater" else 1 + number % 5
                return json.dumps(
                    {
                        name: {
                            "applies": name != "callback",
                            "quote": "you",
                            "reason": "So it is.",
                            "rating": value,
                        }
                        for name in names
                    }
                )
            case _:
                return f"I hear you. This is answer {number} of mine, kept short."


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with self.server.lock:
            seen = self.server.seen.setdefault(body["model"], [])
            seen.append(body)
            number = len(seen)
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        text = self.server.text(body, number)
        self.say([{"index": 0, "delta": {"content": text}, "finish_reason": None}])
        self.say([{"index": 0, "delta": {}, "finish_reason": "stop"}])
        self.say([], usage={"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110})
        self.wfile.write(b"data: [DONE]\n\n")
        self.close_connection = True

    def say(self, choices, **further):
        chunk = {"id": "c", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": choices}
        self.wfile.write(f"data: {json.dumps({**chunk, **further})}\n\n".encode())

    def log_message(self, *_):
        pass


@contextmanager
def serving():
    server = Server()
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def server():
    with serving() as running:
        yield running


def plan(server, **changes):
    given = {
        "memories": ("episodic",),
        "generated": 99,
        "count": 1,
        "variants": ("clean",),
        "seeds": (1,),
        "workers": 1,
        "cast": MODELS,
        "settings": Settings(embedder="hashing", model_url=server.url, network=True, model_retries=0),
    }
    return result.Plan(**{**given, **changes})


def test_each_level_of_each_dimension_has_a_sentence():
    assert tuple(rubric()) == DIMENSIONS
    for criterion in rubric().values():
        assert tuple(criterion.levels) == LEVELS
        assert len(set(criterion.levels.values())) == 5


def test_a_run_with_models_ends_in_a_result_that_says_so(server, capsys):
    prices = {"openai:rater": Price(prompt=2, completion=10)}
    settings = Settings(embedder="hashing", model_url=server.url, network=True, model_prices=prices)
    told = result.measure(plan(server, settings=settings))
    json.dumps(told, allow_nan=False)
    assert told["mode"] == "model"
    assert (told["user"], told["answers"], told["raters"]) == (
        "openai:user",
        "openai:assistant",
        ["openai:rater"],
    )
    clean = told["systems"]["episodic"]["variants"]["clean"]
    assert clean["likability"]["mean"] == 75
    assert clean["dimensions"]["callback"] is None
    turns = clean["turns"]
    assert len(server.seen["user"]) == len(server.seen["assistant"]) == turns
    models = told["cost"]["models"]
    assert models["openai:user"]["calls"] == turns
    assert models["openai:rater"]["price"] == pytest.approx(models["openai:rater"]["calls"] * 0.0003)
    assert models["openai:user"]["price"] is told["cost"]["price"] is None
    assert told["agreement"]["failed"] == {}
    report.show(told, console(None))
    out = " ".join(capsys.readouterr().out.split())
    assert "rated by openai:rater: these scores are not to be mixed with those of the probe" in out


def test_the_rater_sees_the_persona_and_the_system_never_does(server):
    persona = generate(1, 99)
    result.measure(plan(server))
    secret = [*persona.facets.values(), *persona.style.values(), *persona.peeves]
    secret += [fact.question for fact in persona.facts]
    secret += [fact.moment.recalls for fact in persona.facts if fact.moment is not None]
    asked = "\n".join(server.prompts("assistant"))
    assert not [one for one in secret if one in asked]
    assert persona.name not in asked
    for prompt in server.prompts("rater"):
        assert all(one in prompt for one in persona.facets.values())
        assert likings(persona) in prompt


def test_what_was_told_later_is_not_known_to_the_rater_earlier(server):
    persona = generate(1, 99)
    result.measure(plan(server))
    late = [fact for fact in persona.facts if fact.session > 1]
    assert late
    assert late[0].says not in server.prompts("rater")[0]
    assert late[0].says in server.prompts("rater")[-1]


def test_repeats_are_in_other_orders_and_their_spread_and_agreement_are_told(server):
    cast = Cast(raters=("openai:other", "openai:rater"), repeats=3, decoys=0)
    told = result.measure(plan(server, memories=("none",), cast=cast))
    first, second = (
        list(body["response_format"]["json_schema"]["schema"]["properties"])
        for body in server.seen["other"][:2]
    )
    assert sorted(first) == sorted(second) == sorted(DIMENSIONS)
    assert first != second
    found = told["agreement"]
    assert found["retest"]["coders"] == 3
    assert found["retest"]["alpha"] < 0.2
    assert found["spread"] > 0.5
    assert found["raters"]["coders"] == 2
    assert told["decoys"] is None


def test_alpha_is_that_of_the_library_and_none_where_nothing_varies():
    ratings = [({"length": 1}, {"length": 1}), ({"length": 5}, {"length": 5}), ({"length": 3}, {"length": 3})]
    table = agreement._table(ratings, "length", 2)
    assert agreement.alpha(table) == pytest.approx(1)
    assert agreement.alpha(agreement._table([({"length": 2}, {"length": 2})], "length", 2)) is None


def test_what_a_model_does_not_do_is_told_and_the_run_goes_on(server):
    cast = Cast("openai:mute", "openai:assistant", ("openai:rubbish",), decoys=0)
    told = result.measure(plan(server, cast=cast))
    clean = told["systems"]["episodic"]["variants"]["clean"]
    assert clean["likability"] is None
    assert told["agreement"]["failed"] == {"user": clean["turns"], "rater openai:rubbish": clean["turns"]}
    assert clean["memory"]["accuracy"]["mean"] > 0
    rater = told["cost"]["roles"]["rater openai:rubbish"]
    assert (rater["calls"], rater["prompt_tokens"]) == (2 * clean["turns"], 200 * clean["turns"])


@pytest.mark.parametrize(
    ("quote", "is_said"),
    [
        ("You’re  Right", True),
        ("it's FINE.", True),
        ("“you're right”", True),
        ("you are right", False),
        ("", False),
    ],
)
def test_a_quote_counts_whatever_its_marks_case_and_spacing(quote, is_said):
    exchange = Exchange(None, "It’s fine.", "I think you're right.")
    assert _is_quoted(quote, exchange) is is_said


def test_nobody_rates_itself_unless_asked_to(server):
    cast = Cast(answers="openai:rater", raters=("openai:rater",))
    with pytest.raises(InvalidInput, match="openai:rater would rate its own answers"):
        result.check(plan(server, cast=cast))
    assert result.check(plan(server, cast=cast, same_model=True))
    with pytest.raises(InvalidInput, match="names the same rater twice"):
        result.check(plan(server, cast=Cast(raters=("openai:rater", "openai:rater"))))


def test_a_limit_stops_a_run_whose_rows_are_kept_and_which_goes_on(server, tmp_path):
    whole = result.measure(plan(server, rows=tmp_path / "whole"))
    with pytest.raises(InvalidInput, match="--limit without --rows"):
        result.measure(plan(server, limit=1_000))
    rows = tmp_path / "rows"
    with pytest.raises(LimitReached, match="--limit 20000") as stopped:
        result.measure(plan(server, rows=rows, limit=20_000))
    assert pickle.loads(pickle.dumps(stopped.value)).remedy == stopped.value.remedy
    before = sum(len(seen) for seen in server.seen.values())
    again = result.measure(plan(server, rows=rows))
    assert again["systems"]["episodic"]["personas"] == whole["systems"]["episodic"]["personas"]
    half = sum(len(seen) for seen in server.seen.values()) - before
    assert half < again["cost"]["models"]["openai:user"]["calls"] * 3 + 100


@pytest.mark.slow
def test_a_limit_holds_over_processes(server, tmp_path):
    with pytest.raises(LimitReached, match="run it again to go on"):
        result.measure(plan(server, count=3, workers=2, rows=tmp_path / "rows", limit=20_000))
    taken = 110 * sum(len(seen) for seen in server.seen.values())
    assert taken <= 20_000


def test_an_estimate_asks_nobody(server):
    told = estimate(plan(server, count=2, seeds=(1, 2)))
    assert server.seen == {}
    assert told["dialogues"] == 4
    assert told["cost"]["models"]["openai:user"]["calls"] == told["turns"]
    assert estimate(plan(server, cast=Cast()))["cost"] is None


def test_a_server_is_a_black_box_that_gets_its_session_and_a_user(server):
    told = result.measure(plan(server, memories=(), systems=("openai:box",), cast=Cast(decoys=0)))
    assert told["mode"] == "model"
    assert told["answers"] == "the systems themselves"
    bodies = server.seen["box"]
    assert len({body["user"] for body in bodies}) == 1
    lengths = [len(body["messages"]) for body in bodies]
    assert lengths[:3] == [1, 3, 5]
    assert lengths.count(1) > 4
    assert not any(one["role"] == "system" for body in bodies for one in body["messages"])


FUNCTION = """
from langchain_core.runnables import RunnableLambda
heard = []
def answer(message, *, user, session):
    heard.append((user, session, message))
    return f"you said: {message}"
said = 0
def moody(message, *, user, session):
    global said
    said += 1
    if said % 4 == 0:
        raise RuntimeError("not now")
    return "yes"
def never(message, *, user, session):
    raise ValueError("no")
def broken(message, *, user, session):
    return 7
runnable = RunnableLambda(lambda message, config: f"{config['configurable']['thread_id'][-9:]}: {message}")
value = 7
"""


@pytest.fixture
def module(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my_system.py").write_text(FUNCTION, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))


@pytest.mark.parametrize("name", ["answer", "runnable"])
def test_a_function_and_a_runnable_can_be_measured(server, module, name, tmp_path):
    given = f"python:my_system:{name}"
    rows = tmp_path / "rows"
    told = result.measure(plan(server, memories=(), systems=(given,), cast=Cast(decoys=0), rows=rows))
    assert told["systems"][given]["variants"]["clean"]["likability"] is not None
    (file,) = rows.rglob("*.jsonl")
    lines = file.read_text(encoding="utf-8").splitlines()
    row = json.loads(lines[1])
    assert row["message"] in row["reply"]
    file.write_text("\n".join(lines[:12]) + "\n", encoding="utf-8")
    again = result.measure(plan(server, memories=(), systems=(given,), cast=Cast(decoys=0), rows=rows))
    assert again["systems"][given]["personas"] == told["systems"][given]["personas"]


def test_what_a_function_does_not_answer_is_told_and_one_that_never_does_ends_the_run(server, module):
    given = "python:my_system:moody"
    told = result.measure(plan(server, memories=(), systems=(given,), cast=Cast(decoys=0)))
    assert told["systems"][given]["variants"]["clean"]["turns"] > 40
    with pytest.raises(Unavailable, match="python:my_system:never failed: ValueError: no"):
        result.measure(plan(server, memories=(), systems=("python:my_system:never",), cast=Cast(decoys=0)))


def test_a_model_goes_by_one_name_however_it_is_written(server):
    with pytest.raises(InvalidInput, match="would rate its own answers"):
        result.check(plan(server, cast=Cast(answers="llama", raters=("llama:",))))
    with pytest.raises(InvalidInput, match="would ask a model that is not counted"):
        result.check(
            plan(server, memories=('{"store":"profile","options":{"reader":"model"}}',), cast=Cast())
        )
    same = result.check(plan(server, memories=("full", "full@1024", "oracle", "oracle@8192"), cast=Cast()))
    assert [one.name for one in same] == ["full", "oracle"]


def test_what_is_no_system_is_named(server, module):
    for given, error, message in (
        ("moon", InvalidInput, "'moon' names no system"),
        ("python:my_system:missing", NotFound, "cannot be loaded"),
        ("python:nowhere:it", NotFound, "cannot be loaded"),
        ("python:my_system:value", InvalidInput, "is int"),
    ):
        with pytest.raises(error, match=message):
            result.check(plan(server, memories=(), systems=(given,), cast=Cast()))
    with pytest.raises(InvalidInput, match="--system beside --memory"):
        result.check(plan(server, systems=("openai:box",), cast=Cast()))
    with pytest.raises(InvalidInput, match="answered int, no text"):
        result.measure(plan(server, memories=(), systems=("python:my_system:broken",), cast=Cast()))


def test_the_command_tells_what_it_would_take(monkeypatch, server):
    monkeypatch.setenv("AGENTMEM_EMBEDDER", "hashing")
    monkeypatch.setenv("AGENTMEM_MODEL_URL", server.url)
    options = ["--memory", "none", "--count", "1", "--seeds", "1", "--variant", "clean", "--workers", "1"]
    models = ["--user", "openai:user", "--answer", "openai:assistant", "--rater", "openai:rater"]
    ran = CliRunner().invoke(app, ["likebench", *options, *models, "--dry-run"])
    assert ran.exit_code == 0, ran.output
    assert "no model was asked" in ran.stdout
    assert server.seen == {}
    refused = CliRunner().invoke(app, ["likebench", *options, "--repeats", "2"])
    assert isinstance(refused.exception, InvalidInput)


@pytest.fixture
def personas_of(server, tmp_path, monkeypatch):
    """Write generated personas in a model's words; the file, and what standard error says."""
    monkeypatch.setenv("AGENTMEM_MODEL_URL", server.url)
    monkeypatch.setenv("AGENTMEM_NETWORK", "true")

    def written(model):
        file = tmp_path / "made.yaml"
        ran = CliRunner().invoke(
            app, ["likebench", "--write", str(file), "--generated", "4", "--enrich", f"openai:{model}"]
        )
        assert ran.exit_code == 0, ran.output
        return files.read(file)[0], ran.stderr

    return written


def test_a_model_words_behaviours_anew_and_nothing_that_is_rated(server, personas_of):
    plain = generate(1, 4)
    made, told = personas_of("novelist")
    texts = [*made.facets.values(), *made.style.values()]
    assert set(made.facets) == set(plain.facets) and set(made.style) == set(plain.style)
    assert all(text.startswith("Does b") and text.endswith(" aboard the ferry.") for text in texts)
    kept = {"facets": plain.facets, "style": plain.style}
    assert made.altered(kept) == plain
    assert "4 calls" in told and "0 answers could not be used" in told
    asked = "\n".join(server.prompts("novelist"))
    assert all(text in asked for text in (*plain.facets.values(), *plain.style.values()))


def test_behaviours_that_a_model_does_not_word_stay(personas_of):
    made, told = personas_of("rubbish")
    assert made == generate(1, 4)
    assert "4 answers could not be used" in told and "p01: " in told


def test_what_is_enriched_has_to_be_written():
    ran = CliRunner().invoke(app, ["likebench", "--enrich", "openai:novelist"])
    assert isinstance(ran.exception, InvalidInput) and "--write FILE" in str(ran.exception)

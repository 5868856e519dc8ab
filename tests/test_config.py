"""Settings: arguments over environment over agentmem.toml over defaults; and the gate before the network."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from agentmem.config import Settings, network_gate
from agentmem.errors import NetworkForbidden


@pytest.fixture(autouse=True)
def _nothing_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"AGENTMEM_{name.upper()}", raising=False)


def test_defaults():
    assert (Settings().db, Settings().embedder, Settings().screen, Settings().network) == (
        "agentmem.db",
        "minilm",
        "redact",
        False,
    )


def test_what_is_nearer_wins(monkeypatch: pytest.MonkeyPatch):
    Path("agentmem.toml").write_text('db = "from-file.db"\nnamespace = "from-file"\nscreen = "keep"\n')
    monkeypatch.setenv("AGENTMEM_DB", "from-environment.db")
    monkeypatch.setenv("AGENTMEM_NAMESPACE", "from-environment")
    settings = Settings(db="argument.db")
    assert (settings.db, settings.namespace, settings.screen) == ("argument.db", "from-environment", "keep")


@pytest.mark.parametrize("wrong", [{"screen": "maybe"}, {"runtime": "x"}, {"device": "x"}, {"nonsense": 1}])
def test_what_cannot_be_set(wrong: dict):
    with pytest.raises(ValidationError):
        Settings(**wrong)


def test_a_misspelt_line_of_the_file_is_an_error():
    Path("agentmem.toml").write_text('embeder = "hashing"\n')
    with pytest.raises(ValidationError):
        Settings()


def test_the_gate_is_shut_unless_it_was_opened():
    with pytest.raises(NetworkForbidden, match=r"the model.*AGENTMEM_NETWORK"):
        network_gate(Settings(), "the model")
    network_gate(Settings(network=True), "the model")

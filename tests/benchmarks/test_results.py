"""Results are written whole or not at all, and say where they come from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from agentmem.errors import InvalidInput
from agentmem_bench.provenance import provenance, revision, sha256
from agentmem_bench.results import check_writable, write_json


def test_a_result_replaces_the_file_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "result.json"
    file.write_text("old", encoding="utf-8")
    write_json({"schema": "x/1", "name": "Zoë"}, str(file))
    assert json.loads(file.read_text(encoding="utf-8")) == {"schema": "x/1", "name": "Zoë"}
    assert list(tmp_path.iterdir()) == [file]


def test_a_result_that_is_no_json_leaves_the_old_file(tmp_path: Path) -> None:
    file = tmp_path / "result.json"
    file.write_text("old", encoding="utf-8")
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json({"mean": float("nan")}, str(file))
    assert file.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [file]


def test_a_dash_prints_the_result(capsys: pytest.CaptureFixture[str]) -> None:
    write_json({"schema": "x/1"}, "-")
    assert json.loads(capsys.readouterr().out) == {"schema": "x/1"}


def test_a_folder_that_is_not_there_is_refused_before_the_run(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="cannot be written"):
        check_writable(str(tmp_path / "nowhere" / "result.json"))


def test_provenance_names_machine_versions_seed_and_revision() -> None:
    told = provenance(7)
    assert set(told) == {"machine", "versions", "seed", "git"}
    assert set(told["machine"]) == {"cpu", "cores", "os"}
    assert told["versions"]["agentmem"]
    assert told["seed"] == 7


def test_without_git_there_is_no_revision(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert revision() is None


def test_the_checksum_is_that_of_the_bytes(tmp_path: Path) -> None:
    file = tmp_path / "empty"
    file.write_bytes(b"")
    assert sha256(file) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

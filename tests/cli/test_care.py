"""stats, scan, verify, rebuild, reembed, pending, retry, export, import, backup, fork, doctor."""

import io
import json
import sqlite3
from pathlib import Path

import pytest


def recalled(answer, db: str) -> list[tuple[str, float]]:
    hits = answer("recall", "where does Maya live", "--db", db)["hits"]
    return [(hit["record"]["id"], hit["score"]) for hit in hits]


def test_stats_count_the_bank_or_one_namespace(run, answer, bank):
    run("remember", "x", "--namespace", "acme/anna")
    assert answer("stats")["stats"]["events"] == 4
    assert answer("stats")["namespaces"] == ["acme/anna", "default"]
    assert answer("stats", "--namespace", "acme/anna")["stats"]["events"] == 1
    assert run("stats", "--namespace", "nowhere").exit_code == 3
    assert "4" in run("stats").stdout


def test_scan_finds_credentials_and_masks_them(run, answer, bank, monkeypatch):
    key = "AKIA" + "QWERTYUIOPASDFGH"
    assert run("scan").stdout == "no credentials are stored\n"
    monkeypatch.setenv("AGENTMEM_SCREEN", "keep")
    run("remember", f"my key is {key}", "--id", "k1")
    run("remember", f"my key is {key}", "--id", "k2", "--namespace", "acme/anna")
    report = answer("scan", code=1)["report"]
    assert [one["event_id"] for one in report["found"]] == ["k2", "k1"]
    found = run("scan")
    assert (found.exit_code, key in found.output) == (1, False)
    assert "AWS Access Key" in found.stdout
    fixed = answer("scan", "--fix", "--namespace", "acme/anna")["report"]
    assert (len(fixed["found"]), fixed["masked"], fixed["not_reached"]) == (1, True, [])
    assert "masked" in run("scan", "--fix").stdout
    assert answer("scan")["report"]["found"] == []
    assert all(key.encode() not in file.read_bytes() for file in Path().glob("agentmem.db*"))
    assert answer("show", "k1")["events"] == []
    assert answer("show", "k1")["records"][0]["text"] == "my key is [redacted: AWS Access Key]"
    assert answer("remember", f"my key is {key}", "--id", "k1")["receipt"]["status"] == "duplicate"
    assert run("scan", "--namespace", "nowhere").exit_code == 3
    assert run("verify").exit_code == 0


def test_verify_finds_and_mends_what_disagrees(run, answer, bank):
    assert run("verify").stdout == "all agrees\n"
    with sqlite3.connect(bank) as connection:
        connection.execute("UPDATE record SET state = 'retracted' WHERE id = 't2'")
    connection.close()
    found = answer("verify", code=1)
    assert any("t2" in line for line in found["found"])
    mended = answer("verify", "--repair")
    assert mended["found"]
    assert mended["left"] == []
    assert answer("verify")["found"] == []


def test_rebuild_gives_the_same_records(answer, run, bank):
    before = answer("recall")["hits"]
    assert answer("rebuild")["records"] == {"episodic": 3}
    after = answer("recall")["hits"]
    assert [hit["record"]["id"] for hit in after] == [hit["record"]["id"] for hit in before]
    assert run("rebuild", "--store", "nonsense").exit_code == 3


def test_another_embedder_makes_all_vectors_anew(run, answer, bank, monkeypatch):
    assert run("reembed").exit_code == 2
    assert run("reembed", "--embedder", "nonsense").exit_code == 2
    assert run("reembed", "--embedder", "hashing:32", "--db", "nowhere.db").exit_code == 3
    report = answer("reembed", "--embedder", "hashing:32")["report"]
    assert report == {"previous": "hashing-64", "embedder": "hashing-32", "texts": 3, "erased": 3}
    told = run("recall", "Maya")
    assert (told.exit_code, "open the bank with 'hashing-32'" in told.stderr) == (4, True)
    monkeypatch.setenv("AGENTMEM_EMBEDDER", "hashing:32")
    assert run("recall", "where does Maya live").exit_code == 0
    assert run("verify").exit_code == 0
    assert "AGENTMEM_EMBEDDER=hashing:48" in run("reembed", "--embedder", "hashing:48").stdout
    monkeypatch.setenv("AGENTMEM_EMBEDDER", "hashing:48")
    assert "AGENTMEM_EMBEDDER" not in run("reembed", "--embedder", "hashing:48").stdout
    assert answer("stats")["stats"]["embedder"] == "hashing-48"


def test_nothing_is_pending_where_nothing_interprets(run, answer, bank):
    assert run("pending").stdout == "nothing is pending\n"
    assert answer("retry")["pending"] == []
    assert run("pending", "--namespace", "nowhere").exit_code == 3


def test_an_export_imported_answers_alike(run, answer, bank):
    text = run("export").stdout
    assert answer("export", "--out", "all.jsonl")["events"] == 4
    assert Path("all.jsonl").read_text(encoding="utf-8") == text
    report = answer("import", "all.jsonl", "--db", "other.db")["report"]
    assert (report["stored"], report["duplicates"]) == (4, 0)
    assert recalled(answer, "other.db") == recalled(answer, bank)
    assert answer("import", "all.jsonl", "--db", "other.db")["report"]["duplicates"] == 4


def test_one_namespace_is_exported_and_put_elsewhere(run, answer, bank):
    run("remember", "secret", "--namespace", "acme/anna")
    run("export", "--namespace", "default", "--out", "one.jsonl")
    assert "secret" not in Path("one.jsonl").read_text(encoding="utf-8")
    run("import", "one.jsonl", "--db", "other.db", "--namespace", "copy/here")
    assert answer("stats", "--db", "other.db")["namespaces"] == ["copy/here"]


def test_an_export_is_never_mixed_with_an_answer_and_overwrites_nothing(run, bank):
    assert run("export", "--json").exit_code == 2
    Path("there.jsonl").write_text("mine", encoding="utf-8")
    assert run("export", "--out", "there.jsonl").exit_code == 2
    assert Path("there.jsonl").read_text(encoding="utf-8") == "mine"
    assert run("export", "--out", "nowhere/x.jsonl").exit_code == 4


def test_what_is_no_export_is_refused_whole(run, bank):
    assert run("import", "nofile").exit_code == 3
    Path("bad.jsonl").write_text('{"kind": "event"}\n', encoding="utf-8")
    assert run("import", "bad.jsonl", "--db", "new.db").exit_code == 2
    cut = run("export").stdout.splitlines(keepends=True)[:-1]
    Path("cut.jsonl").write_text("".join(cut), encoding="utf-8")
    assert run("import", "cut.jsonl", "--db", "new.db").exit_code == 2
    assert run("stats", "--db", "new.db").stdout.count("\nevents") <= 1
    Path("bytes.jsonl").write_bytes(b"\xff\xfe")
    assert run("import", "bytes.jsonl", "--db", "new.db").exit_code == 2


def test_a_backup_is_a_bank_and_is_never_written_over(run, answer, bank):
    assert answer("backup", "copy.db")["bytes"] == Path("copy.db").stat().st_size
    assert recalled(answer, "copy.db") == recalled(answer, bank)
    assert run("backup", "copy.db").exit_code == 2


def test_a_fork_goes_its_own_way(run, answer, bank):
    answer("fork", "fork.db")
    run("remember", "only here", "--db", "fork.db")
    assert answer("stats", "--db", "fork.db")["stats"]["events"] == 4
    assert answer("stats")["stats"]["events"] == 3


def test_the_doctor_finds_a_healthy_machine_and_a_damaged_bank(run, answer, bank):
    found = answer("doctor")
    assert found["healthy"] is True
    assert {"python", "sqlite", "embedder", "bank"} <= {check["name"] for check in found["checks"]}
    Path("junk.db").write_text("this is no bank, and long enough to be looked at as one", encoding="utf-8")
    sick = answer("doctor", "--db", "junk.db", code=1)
    assert [check["name"] for check in sick["checks"] if check["state"] == "broken"] == ["bank"]
    assert not Path("none.db").exists()
    assert run("doctor", "--db", "none.db").exit_code == 0
    assert not Path("none.db").exists()


@pytest.mark.parametrize(
    ("model", "state", "told"),
    [
        ("", "note", "AGENTMEM_MODEL"),
        ("llama", "ok", ""),
        ("lama", "broken", "known are"),
        ("llama:none.gguf", "broken", "GGUF"),
        ("openai:m", "broken", "AGENTMEM_NETWORK"),
    ],
)
def test_the_doctor_says_whether_the_model_can_be_asked(answer, monkeypatch, model, state, told):
    monkeypatch.setenv("AGENTMEM_MODEL", model)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    checks = {check["name"]: check for check in answer("doctor", code=int(state == "broken"))["checks"]}
    assert checks["model"]["state"] == state
    assert told in checks["model"]["remedy"]


def test_the_doctor_looks_at_the_real_embedder_without_loading_it(answer, monkeypatch, tmp_path):
    monkeypatch.setenv("AGENTMEM_EMBEDDER", "minilm")
    monkeypatch.setenv("AGENTMEM_CACHE_DIR", str(tmp_path / "cache"))
    checks = {check["name"]: check for check in answer("doctor")["checks"]}
    assert checks["weights"]["state"] == "ok"
    assert checks["ONNX export"]["value"].startswith("not made yet")
    assert not (tmp_path / "cache").exists()


def test_json_lines_of_an_export_are_json(run, bank):
    lines = [json.loads(line) for line in io.StringIO(run("export").stdout)]
    assert lines[0]["kind"] == "agentmem.export"
    assert lines[-1] == {"kind": "end", "events": 4}

"""The commands about entities, and pages that are written, edited and read."""

from pathlib import Path

import pytest

from agentmem.cli.answers import ANSWERS


@pytest.fixture
def told(run, bank):
    for actor, text in (("Maya", "Leo Marsh lives in Porto."), ("Leo Marsh", "Maya is in Rome.")):
        assert run("remember", text, "--actor", actor).exit_code == 0
    return bank


def checked(command: str, given: dict) -> dict:
    assert given["schema"] == f"agentmem.cli.{command}/1"
    assert set(given) == {"schema", *ANSWERS[command]}
    return given


def test_entities_are_listed_and_shown(run, answer, told):
    found = checked("entities.list", answer("entities", "list"))
    assert {"Maya", "Leo Marsh", "Porto"} <= {one["name"] for one in found["entities"]}
    assert not found["pending"]
    shown = checked("entities.show", answer("entities", "show", "leo marsh"))
    assert shown["entity"]["said"] == 2  # once as Leo
    assert "Leo Marsh lives in Porto." in [one["text"] for one in shown["records"]]
    assert "Leo Marsh" in run("entities", "list").stdout
    assert "named in" in run("entities", "show", "Leo Marsh").stdout
    missing = run("entities", "show", "Leo Marhs")
    assert missing.exit_code == 3
    assert "there are: Leo Marsh" in missing.stderr


def test_they_are_merged_split_and_named(run, answer, told):
    assert run("entities", "list").exit_code == 0
    merged = checked(
        "entities.merge", answer("entities", "merge", "Maya", "Leo Marsh", "--why", "one account")
    )
    assert {"Maya", "Leo Marsh"} <= {one["name"] for one in merged["entity"]["names"]}
    parted = checked("entities.split", answer("entities", "split", "Maya", "Leo Marsh"))
    assert parted["apart"]["name"] == "Leo Marsh"
    named = checked("entities.alias", answer("entities", "alias", "Leo Marsh", "Marshy"))
    assert "Marshy" in [one["name"] for one in named["entity"]["names"]]
    assert "Marshy" in run("entities", "show", "Marshy").stdout


def test_recall_keeps_to_an_entity(run, answer, told):
    assert run("recall", "--entity", "Maya").exit_code == 3  # nobody gathers entities yet
    run("entities", "list")
    hits = answer("recall", "--entity", "Porto")["hits"]
    assert hits and all("Porto" in hit["record"]["text"] for hit in hits)
    assert "Porto" in run("context", "Where?", "--entity", "Leo Marsh", "--no-floor").stdout


def test_a_person_is_copied_and_erased(run, answer, told):
    run("entities", "list")
    copied = checked("entities.export", answer("entities", "export", "Leo Marsh", "--out", "leo"))
    assert Path("leo", "events-1.jsonl").is_file() and copied["copy"]["files"]
    assert run("entities", "erase", "Leo Marsh").exit_code == 2
    erased = checked("entities.erase", answer("entities", "erase", "Leo Marsh", "--yes"))
    assert len(erased["erasure"]["reports"]["default"]["events"]) >= 2
    assert run("entities", "show", "Leo Marsh").exit_code == 3
    said = run("entities", "erase", "Porto", "--yes").stdout
    assert "forgotten:" in said and "names" in said
    assert b"Porto" not in Path("agentmem.db").read_bytes()


def test_pages_are_written_edited_and_read(run, answer, bank):
    copied = checked("export.markdown", answer("export", "--markdown", "pages"))
    assert copied["copy"]["records"] == 2  # t1 is superseded
    page = next(Path("pages/sessions").glob("s1-*.md"))
    page.write_text(page.read_text().replace("is red", "is blue"))
    report = checked("import.markdown", answer("import", "--markdown", "pages"))["report"]
    assert report["corrected"] == ["t2"]
    assert "in the bank already: t2" in run("import", "pages").stdout
    page.write_text(page.read_text().replace("is blue", "is green"))
    conflict = run("import", "pages")
    assert conflict.exit_code == 1 and "not applied: sessions/s1-" in conflict.stdout
    page.write_text(page.read_text().replace("@1 -->", "-->"))
    broken = run("import", "pages")
    assert broken.exit_code == 2 and f"sessions/{page.name}, line" in broken.stderr


@pytest.mark.parametrize(
    "wrong",
    [
        ["import"],
        ["import", "x", "--markdown", "y"],
        ["import", "x.jsonl", "--retract-deleted"],
        ["export", "--markdown", "a", "--out", "b"],
    ],
)
def test_what_makes_no_sense_is_told(run, bank, wrong):
    assert run(*wrong).exit_code == 2

"""The command group `task`: by process and in this process."""

from __future__ import annotations

import importlib.util
import json
import random
import shutil
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest

from agentmem import Bank
from agentmem.cli.answers import ANSWERS
from agentmem.cli.exits import Exit
from agentmem.cli.task import commands as group
from agentmem.embedders import HashingEmbedder
from agentmem.stores.task.operations import KINDS
from agentmem.stores.task.store import TaskMemory
from agentmem.stores.task.views import from_json

_SPEC = importlib.util.spec_from_file_location(
    "faulty_models", Path(__file__).parents[1] / "models" / "conftest.py"
)
faulty_models = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(faulty_models)
HOSTILE = '\x1b[31mred\x9b1m"]\n\u202e --> x</text>'


@pytest.fixture(scope="session")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bank with a dinner, made once."""
    path = tmp_path_factory.mktemp("planted") / "agentmem.db"
    with Bank(path, embedder=HashingEmbedder()) as bank:
        memory = bank.store("task", ("default",))
        assert isinstance(memory, TaskMemory)
        dinner = memory.add("dinner", kind="task").id
        guests = memory.add("guests", parent=dinner, value="8", actor="Maya").id
        menu = memory.add("menu", parent=dinner, value="risotto", depends_on=[guests]).id
        memory.add("wine", parent=dinner, depends_on=[menu])
    return path


@pytest.fixture
def forest(planted: Path) -> str:
    """That bank, in the current folder."""
    shutil.copy(planted, "agentmem.db")
    return "agentmem.db"


def id_of(answer, title: str) -> str:
    nodes = answer("task", "show", "--all")["graph"]["nodes"]
    return next(one["node"]["id"] for one in nodes if one["node"]["slot"] == title)


CALLS = {
    "show": ["show"],
    "export": ["export", "tree.svg"],
    "log": ["log", "guests"],
    "prompt": ["prompt"],
    "say": ["say", "What a day!"],
    "add": ["add", "music", "--under", "dinner", "--needs", "guests"],
    "update": ["update", "guests", "10"],
    "rollback": ["rollback", "guests"],
    "merge": ["merge", "wine", "menu"],
    "depend": ["depend", "wine", "guests"],
    "complete": ["complete", "menu"],
    "fail": ["fail", "menu"],
    "activate": ["activate", "wine"],
    "replace": ["replace", "wine", "beer"],
}


@pytest.mark.parametrize("command", [name for name in CALLS if name != "merge"])
def test_an_answer_has_its_schema_and_the_documented_keys(answer, forest, command):
    given = answer("task", *CALLS[command])
    assert given["schema"] == f"agentmem.cli.task.{command}/1"
    assert set(given) == {"schema", *ANSWERS[f"task.{command}"]}


def test_every_command_has_an_answer_and_the_common_options():
    commands = {
        one.name or one.callback.__name__: one.callback.__annotations__ for one in group.registered_commands
    }
    assert (
        set(commands)
        == set(CALLS)
        == {key.removeprefix("task.") for key in ANSWERS if key.startswith("task.")}
    )
    for name, given in commands.items():
        assert {"db", "namespace", "json"} <= set(given), name
        assert name not in KINDS or {"why", "trust", "actor", "session", "time"} <= set(given), name


def test_a_forest_is_planted_shown_and_told_by_its_log(run):
    assert run("task", "add", "Trip", "--task", "--goal", "see the sea").exit_code == 0
    assert "+ month: May" in run("task", "add", "month", "--value", "May", "--under", "trip").stdout
    assert "month: May -> June" in run("task", "update", "month", "June", "--why", "rain").stdout
    run("task", "add", "hotel", "--under", "trip", "--needs", "month", "--actor", "Leo", "--session", "s1")
    shown = run("task", "show").stdout.splitlines()
    assert [line.split("  [")[0] for line in shown] == [
        "Trip - see the sea",
        "  month: June",
        "  hotel: open needs month",
    ]
    log = run("task", "log").stdout
    assert "Leo in s1  add     hotel: under Trip; needs month" in log
    assert "why: rain" in log
    one = run("task", "log", "month").stdout
    assert "its values:" in one
    assert "hotel" in one  # it came to depend on it


def test_what_a_change_makes_stale_is_told_and_shown(run, answer, forest):
    said = run("task", "update", "guests", "10", "--why", "the altos bring friends").stdout
    assert "guests: 8 -> 10" in said
    assert "menu is STALE: guests changed" in said
    assert "menu: risotto (STALE: guests changed) needs guests" in run("task", "show").stdout
    assert "menu is stale no more" in run("task", "update", "menu", "risotto").stdout
    assert "guests: 10 -> 8" in run("task", "rollback", "guests").stdout
    run("task", "update", "menu", "risotto")
    changes = answer("task", "rollback", "guests", "10")["changes"]
    assert [(one["title"], one["what"]) for one in changes] == [("guests", "value"), ("menu", "stale")]


def test_every_operation_does_what_it_says(run, answer, forest):
    assert "wine: status pending -> active" in run("task", "activate", "wine", "--session", "cook").stdout
    assert "wine: status active -> done" in run("task", "complete", "wine", "--output", "Gavi").stdout
    assert answer("task", "fail", "menu", "--output", "burnt")["node"]["status"] == "failed"
    assert answer("task", "update", "menu", "--title", "main course")["node"]["slot"] == "main course"
    assert "wine needs main course, guests" in run("task", "depend", "wine", "guests").stdout
    assert "wine needs main course" in run("task", "depend", "wine", "guests", "--no-more").stdout
    replaced = answer("task", "replace", "wine", "beer", "--value", "Pils", "--why", "heat")
    assert (replaced["node"]["slot"], replaced["node"]["value"]) == ("beer", "Pils")
    run("task", "add", "party", "--task")
    assert "beer is under dinner, party" in run("task", "merge", "beer", "--under", "party").stdout
    assert "beer (shown above)" in run("task", "show").stdout
    run("task", "add", "drinks", "--under", "dinner")
    assert "- drinks" in run("task", "merge", "beer", "drinks").stdout
    assert "drinks (superseded)" in run("task", "show", "--all").stdout
    assert "drinks" not in run("task", "show").stdout
    added = answer("task", "add", "flowers", "--under", "dinner")["node"]["id"]
    assert answer("task", "rollback", added)["node"]["status"] == "rolled_back"
    assert "flowers (rolled back)" in run("task", "show", "--all").stdout
    assert "flowers" not in run("task", "show").stdout


def test_less_trust_stands_beside_and_is_told(run, answer, forest):
    given = answer("task", "update", "guests", "12", "--trust", "web")
    assert (given["node"]["value"], given["changes"], len(given["alternatives"])) == ("8", [], 1)
    assert "stands beside it" in run("task", "update", "guests", "14", "--trust", "web").stdout
    assert run("task", "rollback", "guests", "--trust", "web").exit_code == Exit.INPUT


def test_a_node_is_named_by_its_id_the_beginning_of_it_or_its_title(run, answer, forest):
    id = id_of(answer, "guests")
    for called in (id, id[:8], id[:4].upper(), "guests", "  GUESTS "):
        assert answer("task", "update", called, "8")["node"]["id"] == id
    assert run("task", "update", id[:3], "9").exit_code == Exit.NOT_FOUND


def test_an_unknown_or_ambiguous_name_is_an_error_that_lists_candidates(run, answer, forest):
    unknown = run("task", "complete", "gests")
    assert unknown.exit_code == Exit.NOT_FOUND
    assert f"the nearest are: guests ({id_of(answer, 'guests')})" in unknown.stderr
    assert "there are: dinner (" in run("task", "complete", "xyzzy").stderr
    second = answer("task", "add", "Guests", "--under", "dinner")["node"]["id"]
    ambiguous = run("task", "complete", "GUESTS")
    assert ambiguous.exit_code == Exit.INPUT
    assert "'GUESTS' names 2 nodes" in ambiguous.stderr
    assert second in ambiguous.stderr
    assert ambiguous.stderr.count("\n") == 1


def test_a_title_that_a_standing_node_has_is_that_one(run, answer, forest):
    run("task", "replace", "wine", "beer")
    run("task", "add", "wine", "--under", "dinner")
    assert answer("task", "complete", "wine")["node"]["status"] == "done"
    gone = run("task", "complete", "drinks")
    assert gone.exit_code == Exit.NOT_FOUND


def test_what_cannot_be_is_refused_in_one_line(run, forest):
    for args, code, said in (
        (["depend", "guests", "wine"], 2, "would close a cycle: 'guests' depends on 'wine'"),
        (["update", "dinner", "x"], 2, "has no value"),
        (["rollback", "guests", "99"], 2, "never had the value '99'"),
        (["add", "  "], 2, "slot"),
        (["update", "guests", ""], 2, "value"),
        (["export", "tree.doc"], 2, "does not say how"),
        (["show", "--as", "png"], 2, "Invalid value for '--as'"),
        (["show", "--namespace", "nobody"], 3, "there is no namespace 'nobody'"),
        (["complete", "guests", "--time", "yesterday"], 2, "is no time"),
    ):
        result = run("task", *args)
        assert (result.exit_code, result.stdout) == (code, ""), (args, result.output)
        assert said in result.stderr
        assert result.stderr.count("\n") == 1


def test_a_look_makes_no_forest_where_there_is_none(run, answer, bank):
    assert "no tasks yet" in run("task", "show").stdout
    assert run("task", "log").exit_code == 0
    assert run("task", "prompt").exit_code == Exit.NEGATIVE
    assert "task records" not in run("stats").stdout
    run("task", "add", "dinner", "--task")
    assert "dinner" in run("task", "show").stdout


@pytest.mark.parametrize("form", ["rich", "mermaid", "json", "svg"])
def test_a_tree_is_written_in_every_form(run, answer, forest, form):
    shown = run("task", "show", "--as", form).stdout
    assert "guests" in shown
    assert answer("task", "show", "--as", form)["text"] == shown
    part = run("task", "show", "guests", "--as", form).stdout
    assert "guests" in part
    assert "dinner" not in part or form == "json"


def test_a_tree_is_exported_by_the_end_of_the_name_and_never_over_a_file(run, answer, forest):
    for name, begins in (
        ("a.svg", "<svg "),
        ("a.mmd", "flowchart"),
        ("a.md", "```mermaid\n"),
        ("a.json", "{\n"),
    ):
        assert f"4 nodes written to {name}" in run("task", "export", name).stdout
        assert Path(name).read_text(encoding="utf-8").startswith(begins)
    refused = run("task", "export", "a.svg")
    assert refused.exit_code == Exit.INPUT
    assert "a.svg is there already" in refused.stderr
    run("task", "add", "music", "--under", "dinner")
    assert run("task", "export", "a.svg", "--force").exit_code == 0
    assert "music" in Path("a.svg").read_text(encoding="utf-8")
    assert from_json(Path("a.json").read_text(encoding="utf-8")).nodes
    assert answer("task", "export", "tree", "--as", "mermaid", "--node", "menu")["form"] == "mermaid"
    assert sorted(path.name for path in Path().glob("tmp*")) == []


def test_the_past_of_a_forest_can_be_shown(run, answer):
    run("task", "add", "month", "--value", "May")
    node = answer("task", "show")["graph"]["nodes"][0]["node"]
    run("task", "update", "month", "June")
    assert (
        "month: May"
        in run(
            "task", "show", "--known-at", answer("show", node["sources"][0])["events"][0]["recorded_at"]
        ).stdout
    )
    assert "month: June" in run("task", "show").stdout


def test_a_prompt_tells_the_active_step_and_can_be_piped(run, answer, forest):
    run("task", "update", "guests", "10")
    run("task", "activate", "menu")
    said = subprocess.run(
        f"{sys.executable} -m agentmem.cli task prompt | cat",
        shell=True,
        capture_output=True,
        check=True,
        text=True,
    )
    assert said.stderr == ""
    assert said.stdout.startswith("<memory-")
    assert "menu: risotto (STALE, guests changed since)  <- now" in said.stdout
    told = answer("task", "prompt", "--node", "guests", "--budget", "200")["context"]
    assert told["tokens"] <= 200
    assert "[values: 8 " in told["text"]
    assert run("task", "prompt", "--budget", "0").exit_code == Exit.NEGATIVE


def test_an_utterance_is_kept_also_where_nobody_reads_it(run, answer):
    said = run("task", "say", "Let us have ten guests.", "--trim", "none", "--actor", "Maya")
    assert said.exit_code == 0
    assert "nobody reads it: the trim is 'none'" in said.stdout
    assert "nothing changed" in said.stdout
    assert answer("recall", "guests")["hits"][0]["record"]["actor"] == "Maya"
    assert run("task", "say", "x", "--trim", "model").exit_code == Exit.INPUT
    assert run("task", "say", "x", "--trim", "nobody").exit_code == Exit.INPUT
    assert run("task", "say", "  ").exit_code == Exit.INPUT


def test_an_utterance_that_no_model_could_read_is_pending_and_says_so(run, answer):
    said = answer("task", "say", "Plan a dinner.", "--trim", "model", code=Exit.NEGATIVE)
    assert said["receipt"]["status"] == "stored"
    assert said["read"] == []
    assert said["pending"][0]["store"] == "task"
    again = run("task", "say", "Plan a dinner.")
    assert "not read yet: " in again.stdout


def test_what_a_model_read_an_utterance_as_is_shown_with_what_changed(run, answer, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    usual = {"slot": None, "title": "", "value": "", "on": []}
    pieces = [
        [{"intent": "new", "title": "guests"}, {"intent": "update", "slot": 1, "value": "ten"}],
        [{"intent": "check", "slot": 1}],
        [],
    ]
    with faulty_models.faults() as server:
        server.texts = [json.dumps({"pieces": [{**usual, **one} for one in turn]}) for turn in pieces]
        for name, value in {"URL": server.url, "": "openai:ok"}.items():
            monkeypatch.setenv(f"AGENTMEM_MODEL{'_' + name if name else ''}", value)
        monkeypatch.setenv("AGENTMEM_NETWORK", "true")
        said = run("task", "say", "We need ten guests.", "--trim", "model", "--actor", "Maya").stdout
        assert "add     guests       We need ten guests." in said
        assert "update  guests: ten  We need ten guests." in said
        assert "+ guests: ten" in said
        asked = answer("task", "say", "Was it ten?")
        assert ([one["operation"] for one in asked["read"]], asked["changes"]) == (["check"], [])
        assert "read as nothing about a task" in run("task", "say", "What a day!").stdout
    assert "said: We need ten guests." in run("task", "log", "guests").stdout


def test_recalled_text_obeys_no_terminal(run, forest):
    assert (
        run("task", "add", HOSTILE, "--value", HOSTILE, "--under", "dinner", "--why", HOSTILE).exit_code == 0
    )
    for args in (["show"], ["log"], ["show", "--as", "mermaid"], ["show", "--as", "svg"], ["prompt"]):
        shown = run("task", *args)
        assert shown.exit_code == 0
        assert not {"\x1b", "\x9b", "\u202e"} & set(shown.stdout), args
    assert run("task", "complete", "red").exit_code == Exit.NOT_FOUND


THERE = "HERE"
ATTACKED = (
    ("add", THERE),
    ("add", "x", "--value", THERE),
    ("add", "x", "--under", THERE),
    ("update", THERE, "x"),
    ("update", "guests", THERE),
    ("rollback", "guests", THERE),
    ("merge", "guests", "--shared-with", THERE),
    ("depend", "guests", THERE),
    ("complete", "guests", "--output", THERE),
    ("activate", "wine", "--session", THERE),
    ("replace", "wine", THERE),
    ("show", THERE),
    ("export", THERE),
    ("log", THERE),
    ("prompt", THERE),
    ("say", THERE),
    ("say", "x", "--trim", THERE),
)
WORDS = (
    "half a pair \udcff",
    "'; DROP TABLE event; --",
    "",
    "-",
    "%",
    "a" * 100_000,
    HOSTILE,
    "../../etc/passwd",
    "1e999",
)


def attack(run, calls) -> None:
    for command, word in calls:
        given = ["task", *(word if part == THERE else part for part in command)]
        for form in ([], ["--json"]):
            result = run(*given, *form)
            assert result.exit_code in set(Exit) - {Exit.BUG, Exit.INTERRUPTED}, (given, result.output[-500:])
            assert "Traceback" not in result.output
            assert not {"\x1b", "\x9b", "\u202e"} & set(result.stderr)
    assert run("verify").output == "all agrees\n"


def test_hostile_words_are_answered_or_refused(run, forest):
    attack(run, random.Random(1).sample(list(product(ATTACKED, WORDS)), 8))


@pytest.mark.slow
def test_many_hostile_words_are_answered_or_refused(run, forest):
    attack(run, product(ATTACKED, WORDS))


def test_a_process_answers_and_its_help_lists_the_commands(process, forest):
    helped = process("task", "--help").stdout.decode()
    assert all(f"\n  {name} " in helped for name in CALLS)
    shown = process("task", "show", "--json")
    assert len(json.loads(shown.stdout)["graph"]["nodes"]) == 4
    assert shown.stderr == b""
    missing = process("task", "complete", "nobody")
    assert (missing.returncode, missing.stderr.count(b"\n")) == (3, 1)


def test_the_group_imports_nothing_heavy():
    code = "import sys, agentmem.cli.task; print({'numpy', 'pydantic', 'networkx', 'torch', 'rich'} & set(sys.modules))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said == "set()\n"


def test_a_tree_on_a_terminal_has_its_guides(capsys, monkeypatch):
    from agentmem.cli.rendering import Page

    page = Page()
    page.is_rich = True
    page.tree([(0, "dinner", "bold", "a1"), (1, "guests: 8 [x]", "", "b2"), (0, "trip", "bold", "c3")])
    shown = capsys.readouterr().out
    assert "guests: 8 [x]  b2" in shown
    assert "└── " in shown

"""The command group `concepts`: what is stated, judged and merged is shown, selected and told with its history."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from agentmem import Bank
from agentmem.cli.answers import ANSWERS
from agentmem.cli.concepts import commands as group
from agentmem.cli.exits import Exit
from agentmem.embedders import HashingEmbedder
from agentmem.stores.concept import routines
from agentmem.stores.concept.store import ConceptMemory

HOSTILE = '\x1b[31mred\x9b1m"]\n\u202e --> x</text>'
ALIKE = "12345678"


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bank with some concepts, made once."""
    path = tmp_path_factory.mktemp("seeded") / "agentmem.db"
    with Bank(path, embedder=HashingEmbedder()) as bank:
        memory = bank.store("concept", ("default",))
        assert isinstance(memory, ConceptMemory)
        lines = memory.attempted(
            "Connect red cells by lines", "draw_line(g, 3)", problem="t1", language="python"
        )
        holes = memory.attempted("Fill the holes of shapes", problem="t2", solved=False)
        memory.judge(lines, solved=True)
        takes = [{"name": "grid", "type": "Grid"}, {"name": "colour", "type": "Colour"}]
        parameters = [routines.Parameter(**one) for one in takes]
        line = memory.state(
            "draw line",
            kind="routine",
            description="Draw a line between two cells",
            parameters=parameters,
            output="Grid",
            cues=["two marked cells"],
            used_in=[lines],
        )
        memory.state("most frequent colour", kind="routine", output="Colour", used_in=[lines, holes])
        memory.state("a shape repeats", form="oe", description="look for its symmetry")
        memory.feedback([line], "helped")
    return path


@pytest.fixture
def memory(seeded: Path) -> str:
    """That bank, in the current folder."""
    shutil.copy(seeded, "agentmem.db")
    return "agentmem.db"


CALLS = {
    "list": ["list"],
    "problems": ["list", "--problems"],
    "show": ["show", "draw line"],
    "search": ["search", "a line between two cells"],
    "refusals": ["refusals"],
    "attempt": ["attempt", "Mirror the grid", "--problem", "t3"],
    "judge": ["judge", "t2", "--wrong"],
    "add": ["add", "fill hole", "--kind", "routine"],
    "revise": ["revise", "draw line", "--description", "Join two cells"],
    "merge": ["merge", "draw line", "most frequent colour"],
    "graph": ["graph"],
    "export": ["export", "out.json"],
    "import": ["import", "in.json"],
}


@pytest.mark.parametrize("command", CALLS)
def test_an_answer_has_its_schema_and_the_documented_keys(answer, memory, command):
    Path("in.json").write_text('{"concepts": [{"id": "c", "title": "turn"}]}')
    given = answer("concepts", *CALLS[command])
    assert given["schema"] == f"agentmem.cli.concepts.{command}/1"
    assert set(given) == {"schema", *ANSWERS[f"concepts.{command}"]}


def test_every_command_has_an_answer_and_the_common_options():
    commands = {
        one.name or one.callback.__name__: one.callback.__annotations__
        for part in group.registered_groups
        for one in part.typer_instance.registered_commands
    }
    assert (
        set(commands) | {"problems"}
        == set(CALLS)
        == {key.removeprefix("concepts.") for key in ANSWERS if key.startswith("concepts.")}
    )
    for name, given in commands.items():
        assert {"db", "namespace", "json"} <= set(given), name


def test_a_concept_is_stated_revised_and_shown_with_its_history(run):
    takes = ("--parameter", "grid: Grid", "--parameter", "fix:Callable[[Grid], Grid]", "--output", "Grid")
    assert (
        run("concepts", "add", "on each part", "--kind", "routine", *takes, "--cue", "many parts").exit_code
        == 0
    )
    assert run("concepts", "add", "turn", "--parameter", "grid:Grid", "--output", "Grid").exit_code == 0
    more = run("concepts", "add", "On each parts", "--note", "left to right")
    assert "(more of it)" in more.stdout and "notes: left to right" in more.stdout
    run("concepts", "revise", "on each part", "--description", "Do it everywhere", "--why", "it was unclear")
    shown = run("concepts", "show", "on-each-part").stdout
    assert "routine: on each part(grid: Grid, fix: Callable[[Grid], Grid]) -> Grid" in shown
    assert "Do it everywhere" in shown and "why: it was unclear" in shown
    assert "fix        turn" in shown
    assert shown.count("concept.state") == 2 and shown.count("concept.revise") == 1


def test_a_concept_is_named_by_title_alias_id_and_the_first_characters_of_it(answer, memory):
    id = answer("concepts", "show", "draw line")["concept"]["id"]
    answer("concepts", "add", "draw line", "--alias", "join cells")
    for called in ("Draw Lines", "the draw-line", "join cells", id, id[:6], id[:6].upper()):
        assert answer("concepts", "show", called)["concept"]["id"] == id, called


def test_what_names_nothing_is_told_with_the_nearest(run, memory):
    told = run("concepts", "show", "draw lime")
    assert told.exit_code == Exit.NOT_FOUND
    assert "the nearest are: draw line (" in told.stderr
    assert run("concepts", "show", "d").exit_code == Exit.NOT_FOUND
    assert run("concepts", "judge", "t9", "--solved").exit_code == Exit.NOT_FOUND


def test_a_problem_that_was_tried_twice_is_named_by_its_id(run, answer, memory):
    first = answer("concepts", "attempt", "Mirror", "--problem", "t3")["problem"]["id"]
    answer("concepts", "attempt", "Mirror", "--problem", "t3")
    told = run("concepts", "judge", "t3", "--solved")
    assert told.exit_code == Exit.INPUT and "names 2 attempts" in told.stderr
    judged = answer("concepts", "judge", first[:8], "--solved")
    assert judged["problem"]["id"] == first and judged["problem"]["solved"] is True


def test_a_verdict_is_one_of_two(run, memory):
    for given in ([], ["--solved", "--wrong"]):
        assert run("concepts", "judge", "t2", *given).exit_code == Exit.INPUT
    assert run("concepts", "attempt", "x", "--solved", "--wrong").exit_code == Exit.INPUT


def test_what_is_merged_keeps_all_that_was_said(answer, run, memory):
    answer("concepts", "add", "line of cells", "--description", "A row of cells", "--used-in", "t2")
    ids = [answer("concepts", "show", one)["concept"]["id"] for one in ("draw line", "line of cells")]
    merged = answer("concepts", "merge", "draw line", "line of cells", "--why", "one idea")
    stays = merged["concept"]
    assert {stays["id"], merged["gone"]} == set(ids)
    assert {stays["title"], *stays["aliases"]} == {"draw line", "line of cells"}
    shown = answer("concepts", "show", merged["gone"])  # it leads to the one that stays
    assert shown["concept"]["id"] == stays["id"]
    assert {one["problem"] for one in shown["used_in"]} == {"t1", "t2"}
    assert shown["outcomes"] == {"helped": 1.0}
    again = run("concepts", "merge", "draw line", "line of cells")
    assert again.exit_code == Exit.INPUT and "one concept already" in again.stderr
    assert run("concepts", "merge", "draw line", "a shape repeats").exit_code == Exit.INPUT  # of two forms


def test_lists_are_filtered_and_sorted(answer, run, memory):
    def titles(*options):
        return [one["concept"]["title"] for one in answer("concepts", "list", *options)["concepts"]]

    assert titles() == ["most frequent colour", "draw line", "a shape repeats"]
    assert titles("--sort", "title") == ["a shape repeats", "draw line", "most frequent colour"]
    assert titles("--sort", "newest", "-n", "1") == ["a shape repeats"]
    assert titles("--kind", "Routine") == ["most frequent colour", "draw line"]
    assert titles("--form", "oe") == ["a shape repeats"]
    assert run("concepts", "list", "--kind", "structure").stdout == "none of these\n"
    table = run("concepts", "list").stdout
    assert "routine     1  helped 1  draw line(grid: Grid, colour: Colour) -> Grid" in table
    problems = answer("concepts", "list", "--problems")["problems"]
    assert [(one["problem"], one["solved"]) for one in problems] == [("t2", False), ("t1", True)]
    assert {one["title"] for one in problems[1]["concepts"]} == {"draw line", "most frequent colour"}


def test_a_selection_is_told_with_its_parts_or_as_a_prompt(answer, run, memory):
    found = answer("concepts", "search", "a line between two cells", "-k", "1")
    assert [hit["record"]["text"].partition("(")[0] for hit in found["hits"]] == ["routine: draw line"]
    assert found["context"] is None
    told = run("concepts", "search", "a line between two cells", "--explain")
    assert told.exit_code == 0 and "routine: draw line(" in told.stdout
    prompt = run("concepts", "search", "a line between two cells", "--budget", "100").stdout
    assert prompt.startswith("<memory-") and "Draw a line between two cells" in prompt
    tokens = answer("concepts", "search", "a line between two cells", "--budget", "60")["context"]["tokens"]
    assert tokens <= 60


def test_where_nothing_is_relevant_that_is_said(run, memory):
    told = run("concepts", "search", "zzqx wvvk")
    assert told.exit_code == Exit.NEGATIVE and told.stdout == "nothing relevant\n"
    assert run("concepts", "search", "zzqx wvvk", "--budget", "100").stdout == ""
    assert run("concepts", "search", "").exit_code == Exit.INPUT


def grow(disk: str) -> str:
    """Give a full disk more room."""
    return disk


def test_a_solution_in_a_file_becomes_concepts_once_it_is_judged(answer, run):
    routines.register(routines.library_of("test-disks", [grow]))
    Path("fix.py").write_text("def fix(ticket):\n    return grow(ticket)\n")
    begin = ["--abstractor", "code", "--library", "test-disks", "--every", "2"]
    told = answer(
        "concepts", "attempt", "The disk is full", "--solution", "fix.py", "--problem", "T1", *begin
    )
    assert (
        told["problem"]["language"] == "python" and told["problem"]["solved"] is None and not told["concepts"]
    )
    waits = answer("concepts", "judge", "T1", "--solved")
    assert len(waits["pending"]) == 1 and not waits["concepts"]
    answer("concepts", "attempt", "No room is left", "--solution", "fix.py", "--problem", "T2", "--solved")
    shown = answer("concepts", "show", "grow")
    assert {one["problem"] for one in shown["used_in"]} == {"T1", "T2"}
    bad = Path("bad.py")
    bad.write_text("def fix(:\n")
    for name in ("T3", "T4"):
        answer("concepts", "attempt", "x", "--solution", "bad.py", "--problem", name, "--solved")
    refused = answer("concepts", "refusals")["refusals"]
    assert len(refused) == 2 and all("no Python" in one["why"] for one in refused)
    assert "no Python" in run("concepts", "refusals").stdout


def test_how_a_memory_writes_is_chosen_when_it_begins(run, memory):
    told = run("concepts", "attempt", "x", "--every", "3")
    assert told.exit_code == Exit.INPUT and "the every of this memory is 1, not 3" in told.stderr


def test_a_solution_that_cannot_be_read_is_told(run, memory):
    assert run("concepts", "attempt", "x", "--solution", "none.py").exit_code == Exit.NOT_FOUND
    Path("latin.py").write_bytes(b"\xff\xfe\xff")
    assert "not UTF-8 at byte 0" in run("concepts", "attempt", "x", "--solution", "latin.py").stderr


def test_a_wrong_parameter_or_an_empty_title_is_told(run, memory):
    assert run("concepts", "add", "x", "--parameter", ":Grid").exit_code == Exit.INPUT
    for title in ("", " ", "-- "):
        assert run("concepts", "add", "--", title).exit_code == Exit.INPUT, title
    assert run("concepts", "revise", "draw line").exit_code == Exit.INPUT


def test_less_trust_changes_nothing_that_is_trusted_more(run, answer, memory):
    told = run("concepts", "revise", "draw line", "--description", "Buy now", "--trust", "web")
    assert told.exit_code == Exit.INPUT and "is trusted as 'user'" in told.stderr
    answer("concepts", "add", "draw line", "--description", "Buy now", "--trust", "web")
    listed = [one["concept"] for one in answer("concepts", "list")["concepts"]]
    assert sorted(one["description"] for one in listed if one["title"] == "draw line") == [
        "Buy now",
        "Draw a line between two cells",
    ]
    id = next(one["id"] for one in listed if one["description"] == "Buy now")
    assert [one["title"] for one in answer("concepts", "show", id)["beside"]] == ["draw line"]


def test_a_namespace_without_a_memory_says_how_to_begin(run, bank):
    assert run("concepts", "list").stdout.startswith("no concepts yet")
    assert run("concepts", "graph").stdout.startswith("no concepts yet")
    assert run("concepts", "list", "--namespace", "nobody").exit_code == Exit.NOT_FOUND
    assert run("concepts", "list", "--db", "none.db").exit_code == Exit.NOT_FOUND
    with Bank("agentmem.db", embedder=HashingEmbedder()) as opened:
        assert "concept" not in opened.attached_by_name(("default",))  # reading made none


def test_no_command_obeys_what_a_title_says(run, memory):
    run("concepts", "add", HOSTILE, "--description", HOSTILE, "--cue", HOSTILE)
    for call in (["list"], ["show", HOSTILE], ["search", "red x", "--no-floor"], ["graph"]):
        told = run("concepts", *call)
        assert told.exit_code == 0, told.output
        assert not {"\x1b", "\x9b", "\u202e"} & set(told.stdout)

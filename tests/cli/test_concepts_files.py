"""Files of `concepts`: what is exported is read by the benchmark and by `import`, and faults are told by place."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agentmem import Bank
from agentmem.cli.exits import Exit
from agentmem.embedders import HashingEmbedder
from agentmem.errors import FormatError
from agentmem.stores.concept.store import ConceptMemory
from agentmem.stores.concept.transfer_file import document_of, parsed, take_in, written
from agentmem.stores.concept.views import holdings_of
from agentmem_bench.concepts.data import read

FILE = {
    "problems": [
        {
            "id": "p1",
            "text": "Connect two cells",
            "solution": "line(1)",
            "language": "python",
            "solved": True,
        },
        {"id": "p2", "text": "Fill a hole"},
    ],
    "concepts": [
        {
            "id": "c1",
            "title": "zigzag line",
            "description": "A line that turns",
            "kind": "routine",
            "aliases": ["a bent line"],
            "alternatives": ["A path of cells"],
            "cues": ["two cells that are not in a row"],
            "notes": ["turn once"],
            "parameters": [
                {"name": "grid", "type": "Grid", "description": "where"},
                {"name": "by", "type": None},
            ],
            "output_type": "Grid",
            "surprise": 1,
        },
        {"id": "c2", "title": "a hole is closed", "form": "oe", "description": "fill it", "cues": None},
    ],
    "uses": [{"problem": "p1", "concepts": ["c1"]}, {"problem": "p2", "concepts": ["c2", "c1", "c1"]}],
}


LISTS = ("aliases", "cues", "notes", "parameters")


def without_ids(document) -> dict:
    """What a document says, whatever the ids and the order of lists that were said at one moment."""
    told = json.loads(written(document))
    names = {
        one["id"]: one.get("text") or one.get("title")
        for key in ("problems", "concepts")
        for one in told[key]
    }

    def plain(entry: dict) -> dict:
        lists = {name: sorted(map(str, entry[name])) for name in LISTS if name in entry}
        return {name: value for name, value in (entry | lists).items() if name != "id"}

    return {
        "problems": [plain(one) for one in told["problems"]],
        "concepts": sorted(map(plain, told["concepts"]), key=lambda one: (one["title"], one.get("form", ""))),
        "uses": {names[one["problem"]]: sorted(names[id] for id in one["concepts"]) for one in told["uses"]},
    }


@pytest.fixture
def file(own_folder) -> str:
    Path("in.json").write_text(json.dumps(FILE))
    return "in.json"


def test_what_is_imported_is_exported_again(run, answer, file):
    assert run("concepts", "import", file).stdout == "2 concepts and 2 problems are new, 0 entries known\n"
    assert run("concepts", "export", "out.json").stdout == "2 concepts and 2 problems written to out.json\n"
    told = json.loads(Path("out.json").read_text())
    line = next(one for one in told["concepts"] if one["title"] == "zigzag line")
    expected = {**FILE["concepts"][0], "id": line["id"]} | {
        "parameters": [{"name": "grid", "type": "Grid", "description": "where"}, {"name": "by"}]
    }
    del expected["surprise"]
    assert line == expected
    assert [one["problem"] for one in told["problems"]] == ["p1", "p2"]
    shown = answer("concepts", "show", "zigzag line")
    assert [one["text"] for one in shown["used_in"]] == ["Connect two cells", "Fill a hole"]
    assert answer("concepts", "import", "out.json", "--namespace", "other")["taken"] == {
        "problems": 2,
        "concepts": 2,
        "known": 0,
    }


def test_the_same_file_a_second_time_changes_nothing(run, answer, file):
    run("concepts", "import", file)
    before = run("concepts", "export").stdout
    assert answer("concepts", "import", file)["taken"] == {"problems": 0, "concepts": 0, "known": 4}
    assert run("concepts", "export").stdout == before


def test_the_benchmark_reads_what_is_exported(run, file):
    run("concepts", "import", file)
    run("concepts", "export", "out.json")
    data = read(Path("out.json"))
    assert {one.text for one in data.problems} == {"Connect two cells", "Fill a hole"}
    line = next(one for one in data.concepts if one.title == "zigzag line")
    assert line.cues and line.parameters[0].type == "Grid" and line.output_type == "Grid"
    assert sorted(len(one.concepts) for one in data.uses) == [1, 2]


def test_imported_concepts_are_added_to_those_of_that_title(run, answer, file):
    run("concepts", "add", "Zigzag Lines", "--description", "Mine")
    run("concepts", "import", file)
    told = answer("concepts", "show", "zigzag line")["concept"]
    assert told["description"] == "Mine" and "A line that turns" in told["alternatives"]
    assert len(answer("concepts", "list")["concepts"]) == 2


def test_all_cues_are_exported_also_those_that_are_not_shown(run, answer, own_folder):
    said = {"cues": [f"cue {n}" for n in range(12)], "notes": [f"note {n}" for n in range(12)]}
    Path("in.json").write_text(json.dumps({"concepts": [{"id": "c", "title": "turn", **said}]}))
    run("concepts", "import", "in.json")
    assert answer("concepts", "show", "turn")["concept"]["hidden"] == 8
    told = answer("concepts", "export")["document"]["concepts"][0]
    assert len(told["cues"]) == len(told["notes"]) == 12


def test_the_document_stands_in_the_answer_where_no_file_is_named(answer, run, file):
    run("concepts", "import", file)
    told = answer("concepts", "export")
    assert told["file"] is None and len(told["document"]["concepts"]) == told["concepts"] == 2
    assert json.loads(run("concepts", "export").stdout) == told["document"]


FAULTS = {
    "no JSON": "{",
    "not an object": "[1]",
    "not a list": json.dumps({"concepts": {"id": "c"}}),
    "concepts.2.title": json.dumps({"concepts": [{"id": "c", "title": "x"}, {"id": "d"}]}),
    "concepts.1: the title": json.dumps({"concepts": [{"id": "c", "title": "--"}]}),
    "concepts.1.form": json.dumps({"concepts": [{"id": "c", "title": "x", "form": "poem"}]}),
    "concepts: 'c' stands there twice": json.dumps({"concepts": [{"id": "c", "title": "x"}] * 2}),
    "problems.1.id": json.dumps({"problems": [{"text": "x"}]}),
    "uses.1: there is no problem 'p'": json.dumps({"uses": [{"problem": "p", "concepts": []}]}),
    "uses.1: there is no concept 'c'": json.dumps(
        {"problems": [{"id": "p"}], "uses": [{"problem": "p", "concepts": ["c"]}]}
    ),
    "concepts.1": json.dumps({"concepts": ["c"]}),
}


@pytest.mark.parametrize("place", FAULTS)
def test_a_fault_is_told_by_its_place_and_nothing_is_taken(run, place):
    Path("in.json").write_text(FAULTS[place])
    told = run("concepts", "import", "in.json")
    assert told.exit_code == Exit.INPUT and place in told.stderr and "in.json" in told.stderr
    assert not Path("agentmem.db").exists()


def test_a_file_that_is_not_there_or_not_text_is_told(run):
    assert run("concepts", "import", "none.json").exit_code == Exit.NOT_FOUND
    Path("in.json").write_bytes(b"\xff")
    assert run("concepts", "import", "in.json").exit_code == Exit.INPUT


def test_files_are_never_overwritten_unasked(run, file):
    run("concepts", "import", file)
    for call in (
        ["graph", "--html", "x"],
        ["graph", "--svg", "x"],
        ["graph", "--json-file", "x"],
        ["export", "x"],
    ):
        Path("x").write_text("mine")
        assert run("concepts", *call).exit_code == Exit.INPUT
        assert Path("x").read_text() == "mine"
        assert run("concepts", *call, "--force").exit_code == 0
        assert Path("x").read_text() != "mine"
    assert run("concepts", "graph", "--html", "y", "--svg", "y").exit_code == Exit.INPUT


def test_graphs_are_written_and_told(run, answer, file):
    run("concepts", "import", file)
    told = answer("concepts", "graph", "--html", "g.html", "--svg", "g.svg", "--json-file", "g.json")
    assert told["files"] == ["g.html", "g.svg", "g.json"]
    assert told["facts"] == {"concepts": 2, "co_use": 1, "similar_to": 0, "fills": 0, "alone": 0}
    assert json.loads(Path("g.json").read_text()) == told["graph"]
    assert "zigzag line" in Path("g.svg").read_text() and "Concepts of default" in Path("g.html").read_text()
    assert "1    0.71  zigzag line + a hole is closed" in run("concepts", "graph").stdout


WORDS = st.sampled_from(
    ["draw line", "Draw Lines", "fill", "hole", "turn left", "zig", "Grid", "répéter", "線"]
)
ENTRY = st.fixed_dictionaries(
    {"title": WORDS},
    optional={
        "description": WORDS,
        "form": st.sampled_from(["ps", "oe", "rule"]),
        "kind": st.sampled_from(["routine", "type"]),
        "cues": st.lists(WORDS, max_size=3),
        "notes": st.lists(WORDS, max_size=3),
        "aliases": st.lists(WORDS, max_size=2),
        "parameters": st.lists(
            st.fixed_dictionaries({"name": WORDS, "type": st.sampled_from(["", "Grid"])}), max_size=2
        ),
        "output_type": st.sampled_from(["", "Grid"]),
    },
)


@pytest.mark.slow
@given(st.lists(ENTRY, max_size=4), st.data())
@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_what_is_exported_and_imported_is_the_same_memory(entries, data):
    problems = [{"id": f"p{n}", "text": f"problem {n}"} for n in range(2)]
    concepts = [{"id": f"c{n}", **one} for n, one in enumerate(entries)]
    some = st.lists(st.sampled_from([one["id"] for one in concepts]), max_size=3) if concepts else st.just([])
    uses = [{"problem": one["id"], "concepts": data.draw(some)} for one in problems]
    document = parsed(json.dumps({"problems": problems, "concepts": concepts, "uses": uses}))
    with Bank("sqlite://", embedder=HashingEmbedder()) as bank:
        first, second = (bank.store("concept", (name,)) for name in ("first", "second"))
        assert isinstance(first, ConceptMemory) and isinstance(second, ConceptMemory)
        take_in(document, first)
        told = document_of(holdings_of(first))
        take_in(parsed(written(told)), second)
        assert without_ids(document_of(holdings_of(second))) == without_ids(told)


@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["problems", "concepts", "uses", "id", "title", "text"]), inner, max_size=4
            )
        ),
        max_leaves=12,
    )
)
def test_no_json_breaks_the_reader(data):
    with contextlib.suppress(FormatError):
        parsed(json.dumps(data))

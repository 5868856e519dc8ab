"""The benchmark of concepts: generated data holds together, nothing of a left-out problem is seen, figures come out."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from agentmem.config import Settings
from agentmem.embedders import open_embedder
from agentmem.errors import FormatError, InvalidInput
from agentmem_bench.commands import app
from agentmem_bench.concepts import command, figures, leave_one_out, report, result
from agentmem_bench.concepts.corpora import embedded, vectors
from agentmem_bench.concepts.data import Concept, Dataset, Problem, Use
from agentmem_bench.concepts.generate import SHAPES, generate, lexicons
from agentmem_bench.concepts.own import own

HASHING = open_embedder(Settings(embedder="hashing:64"))
SMALL = replace(SHAPES["few hubs"], problems=12, concepts=40, themes=3)


def counted(data: Dataset) -> list[int]:
    return sorted(Counter(id for use in data.uses for id in use.concepts).values(), reverse=True)


@pytest.mark.parametrize("domain", ["grid puzzles", "support desk"])
def test_generated_data_is_the_same_for_the_same_seed_and_is_as_its_shape_says(domain: str) -> None:
    few, many = (generate(SHAPES[name], domain, seed=1) for name in ("few hubs", "many hubs"))
    assert few == generate(SHAPES["few hubs"], domain, seed=1)
    assert few != generate(SHAPES["few hubs"], domain, seed=2)
    for name, data in (("few hubs", few), ("many hubs", many)):
        assert len(data.problems) == SHAPES[name].problems
        assert abs(len(data.concepts) - SHAPES[name].concepts) < 10
    dozen = [sum(counted(data)[:12]) / sum(counted(data)) for data in (few, many)]
    assert dozen[0] < 0.35
    assert 0.4 < dozen[1] < 0.6


def test_words_of_a_lexicon_are_ways_to_say_one_thing() -> None:
    for words in lexicons().values():
        for said in [*words["actions"].values(), *words["objects"].values()]:
            assert len(said) == len(set(said)) == 4


@pytest.mark.slow
def test_our_own_data_names_the_routines_of_every_solved_task() -> None:
    data = own()
    assert len(data.problems) >= 60
    assert all(use.concepts for use in data.uses)
    assert all(problem.text and problem.id not in problem.text for problem in data.problems)


def altered(data: Dataset, problem: str, concepts: tuple[str, ...]) -> Dataset:
    """The data with other concepts for a problem."""
    uses = tuple(
        Use(problem=one.problem, concepts=concepts) if one.problem == problem else one for one in data.uses
    )
    return Dataset(problems=data.problems, concepts=data.concepts, uses=uses)


def test_what_a_problem_uses_changes_nothing_in_what_is_found_for_it() -> None:
    data = generate(replace(SMALL, problems=20), "grid puzzles", seed=4)
    uses = {use.problem: use.concepts for use in data.uses}
    common = [
        id for id, count in Counter(id for ids in uses.values() for id in ids).most_common() if count > 3
    ]
    problem = next(id for id, ids in uses.items() if common[0] in ids and common[1] not in ids)
    first, second = data, altered(data, problem, (common[1], common[0]))
    found = [leave_one_out.leave_one_out(embedded(one, HASHING)) for one in (first, second)]
    counts = Counter(id for ids in uses.values() for id in set(ids))
    asked = [id for id, ids in uses.items() if any(counts[one] > 1 for one in ids)]
    place = asked.index(problem)
    assert len(found[0].relevant) == len(found[1].relevant) == len(asked)
    assert found[0].relevant[place] != found[1].relevant[place]
    for name in leave_one_out.SELECTORS:
        assert found[0].ranked[name][place] == found[1].ranked[name][place]


def test_a_concept_that_only_one_problem_uses_is_not_asked_for() -> None:
    data = Dataset(
        problems=tuple(Problem(id=id, text=id) for id in "pqr"),
        concepts=tuple(Concept(id=id, title=id) for id in "abc"),
        uses=(
            Use(problem="p", concepts=("a", "b", "a")),
            Use(problem="q", concepts=("a",)),
            Use(problem="r", concepts=("c",)),
        ),
    )
    found = leave_one_out.leave_one_out(embedded(data, HASHING), ("popularity",))
    assert found.relevant == found.tail == [frozenset("a"), frozenset("a")]
    assert found.ranked["popularity"][0][0] == "a"


def test_figures_of_known_rankings() -> None:
    answers = leave_one_out.Answers(
        ranked={"popularity": [["a", "b"], ["a", "b"]], "full": [["b", "a"], ["a", "b"]]},
        relevant=[frozenset("b"), frozenset("a")],
        tail=[frozenset("b"), frozenset()],
        calibrations=[],
    )
    told = figures.figures([answers])
    assert told["selectors"]["popularity"]["all"]["mrr"] == 0.75
    assert told["selectors"]["full"]["all"]["mrr"] == 1.0
    assert told["selectors"]["full"]["tail"]["questions"] == 1
    assert told["selectors"]["full"]["hubness"] == 0.5
    assert told["full_above"]["popularity"]["all"]["recall@10"] == 0


def test_texts_longer_than_the_window_and_blank_ones_have_vectors() -> None:
    found = vectors(["word " * 5000, "", "a shape"], HASHING)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), [1, 0, 1], atol=1e-5)


def test_the_example_runs_and_its_result_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGENTMEM_EMBEDDER", "hashing:64")
    runner = CliRunner()
    shown = runner.invoke(app, ["concepts", "--example"])
    data, out = tmp_path / "tags.json", tmp_path / "out.json"
    data.write_text(shown.stdout, encoding="utf-8")
    told = runner.invoke(app, ["concepts", "--data", str(data), "--json", str(out)])
    assert told.exit_code == 0, told.output
    assert "tags: 4 questions, 5 problems and 5 concepts" in told.stdout
    written = json.loads(out.read_text(encoding="utf-8"))
    assert written["schema"] == result.SCHEMA
    assert set(written["select"]["tags"]["selectors"]) == set(leave_one_out.SELECTORS)
    assert len(written["data"]["sha256"]) == 64


@pytest.mark.slow
def test_generated_data_gives_all_figures(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(result, "SHAPES", {"few hubs": SMALL})
    monkeypatch.setattr(result, "DRAWN", (("grid puzzles", 0), ("support desk", 1)))
    monkeypatch.setattr(result, "own", lambda: generate(SMALL, "grid puzzles", 9))
    told = result.measure(result.Plan(parts=("select",)), HASHING)
    assert set(told["select"]) == {"few hubs", result.OWN}
    assert told["select"]["few hubs"]["questions"] > 15
    json.dumps(told, allow_nan=False)
    report.show(told, command.console(None))
    assert "recall@10 of full above single signals" in capsys.readouterr().out


def test_unknown_parts_and_selectors_are_named() -> None:
    with pytest.raises(InvalidInput, match="--part 'speed' is not known"):
        result.measure(result.Plan(parts=("speed",)), HASHING)
    with pytest.raises(InvalidInput, match="--selector 'tfidf' is not known"):
        result.measure(result.Plan(selectors=("tfidf",)), HASHING)


def test_data_in_which_nothing_is_used_twice_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "once.json"
    file.write_text(
        json.dumps(
            {
                "problems": [{"id": "p", "text": "x"}],
                "concepts": [{"id": "a", "title": "a"}],
                "uses": [{"problem": "p", "concepts": ["a"]}],
            }
        )
    )
    with pytest.raises(FormatError, match="no concept is used by two problems"):
        result.measure(result.Plan(data=file), HASHING)

"""The page of the likability suite as a file: what it holds, of whom, and that nothing in it is markup."""

from __future__ import annotations

import json
import re

import pytest

from agentmem.errors import InvalidInput
from agentmem_bench.likebench import measures
from agentmem_bench.likebench.page import MOST, OPTION, page_of, write
from agentmem_bench.likebench.page.choosing import chosen
from agentmem_bench.likebench.page.figures import figures_of
from agentmem_bench.likebench.page.head import extras, facts, figures
from agentmem_bench.likebench.personas.schema import DIMENSIONS
from agentmem_bench.likebench.rows import Dialogue, Header, Recalled, Row
from agentmem_bench.results import check_writable

HOSTILE = "</script><img src=x onerror=\"alert('taken')\"><!-- \u2028"
SYSTEMS, VARIANTS = ("full", "none", "episodic"), ("clean", "noisy")


def row(session: int, turn: int, **said) -> Row:
    given = {
        "session": session, "turn": turn, "what": "ask", "message": f"message {session}.{turn}", "reply": "a reply",
        "ratings": {"emotion": None, "humor": 1 + (session + turn) % 5, "length": 2.5},
        "reasons": {"humor": "no jest", "length": "too long"}, "tokens": 100 * turn, "recalled": ("m1@1", "m2@1"),
        "seconds": {"recall": 0.25},
    }  # fmt: skip
    return Row(**{**given, **said})


def dialogue(persona, system="full", variant="clean", seed=1, rows=None) -> Dialogue:
    made = Dialogue(
        Header(
            version="1", mode="probe", user="scripted", answers="probe assistant", raters=("by rule",), system=system,
            persona=persona.id, digest="d", variant=variant, seed=seed, budget=1_024, embedder="hashing-64",
        )
    )  # fmt: skip
    made.turns = [row(session, turn) for session in (1, 2) for turn in (1, 2, 3)] if rows is None else rows
    made.recalled = Recalled(
        facts={fact.id: place % 3 == 0 for place, fact in enumerate(persona.facts)}, held=7
    )
    return made


def of(personas, systems=SYSTEMS, variants=VARIANTS, seeds=(1, 2)):
    return {
        system: {
            variant: [dialogue(one, system, variant, seed) for one in personas for seed in seeds]
            for variant in variants
        }
        for system in systems
    }


def embedded(text: str) -> dict:
    return json.loads(re.search(r'id="data">(.*?)</script>', text, re.DOTALL)[1])


def test_a_page_is_one_file_that_asks_for_nothing(personas, tmp_path):
    file = tmp_path / "page.html"
    write(file, {"suite": "1", "mode": "probe"}, of(personas), personas)
    text = file.read_text(encoding="utf-8")
    assert [one.name for one in tmp_path.iterdir()] == ["page.html"]
    assert "default-src 'none'" in text and "script-src 'sha256-" in text
    assert set(re.findall(r'(?:src|href)="([^"]*)"', text)) == {"#list"}
    assert "@import" not in text and "url(" not in text


def test_what_is_said_cannot_leave_the_data(personas, tmp_path):
    one = personas[0].altered({"id": "p1", "name": HOSTILE, "trade": HOSTILE})
    said = {"message": HOSTILE, "reply": HOSTILE, "what": HOSTILE, "recalled": (HOSTILE,), "meant": HOSTILE}
    rows = [
        row(1, 1, **said, reasons=dict.fromkeys(DIMENSIONS, HOSTILE), failures={"user": HOSTILE}),
    ]
    made = dialogue(one, rows=rows)
    made.header = made.header.altered({"system": HOSTILE})
    result = {"mode": HOSTILE, "suite": HOSTILE, "machine": {"cpu": HOSTILE}, "decoys": {HOSTILE: {"n": 1}}}
    text = page_of(result, {HOSTILE: {"clean": [made]}}, [one])
    assert text.count("</script>") == text.count("<script") == 2
    assert "<img" not in text and "\u2028" not in text
    seen = embedded(text)
    turn = seen["dialogues"][0]["turns"][0]
    kept = HOSTILE.replace("\u2028", "\n")
    assert [seen["texts"][turn[name]] for name in ("message", "reply", "what")] == [kept] * 3
    assert seen["personas"][0]["name"] == kept and seen["systems"][0]["name"] == kept


def test_the_same_personas_of_every_type_are_there_for_every_system(personas):
    dialogues = of(personas)
    shown = chosen(dialogues, personas, 26, 10**9)
    assert len(shown) == 24
    assert {one.header.seed for one in shown} == {1}
    read = {one.header.persona for one in shown}
    kinds = [one.kind.name for one in personas if one.id in read]
    assert len(read) == len(set(kinds)) == 4
    for system in SYSTEMS:
        for variant in VARIANTS:
            one = [each.header.persona for each in shown if each.header == each.header.altered({"system": system, "variant": variant})]  # fmt: skip
            assert set(one) == read


@pytest.mark.parametrize(
    ("most", "count"), [(0, 0), (1, 1), (5, 5), (6, 6), (11, 6), (12, 12), (96, 96), (10**6, 96)]
)
def test_never_more_are_there_than_asked_for(personas, most, count):
    shown = chosen(of(personas), personas, most, 10**9)
    assert len(shown) == len({id(one) for one in shown}) == count


def test_never_more_bytes_are_there_than_are_good_for_a_page(personas):
    dialogues = of(personas)
    size = sum(len(row.model_dump_json()) for row in dialogues["full"]["clean"][0].turns)
    assert len(chosen(dialogues, personas, MOST, 13 * size)) == 12
    assert len(chosen(dialogues, personas, MOST, 3 * size)) == 3
    assert chosen(dialogues, personas, MOST, 1) == []


def test_personas_whom_nobody_talks_with_are_no_obstacle(personas):
    dialogues = of(personas[:3], seeds=(2,))
    del dialogues["none"]["noisy"]
    assert len(chosen(dialogues, personas, MOST, 10**9)) == 15


def test_sums_of_a_dialogue_give_the_figures_that_are_printed(personas):
    one, persona = dialogue(personas[0]), personas[0]
    told = figures_of(one, persona)
    pairs = list(zip(told["sums"], told["counts"], strict=True))
    assert len(pairs) == 2 * len(DIMENSIONS)

    def points(some):
        total, count = (sum(each) for each in zip(*some, strict=True))
        return 100 * (total / count - 1) / 4 if count else None

    assert points(pairs) == pytest.approx(measures.likability(one.turns))
    for place, dimension in enumerate(DIMENSIONS):
        expected = measures.likability(one.turns, dimension)
        assert points(pairs[place :: len(DIMENSIONS)]) == (
            None if expected is None else pytest.approx(expected)
        )
    sessions = [points(pairs[:7]), points(pairs[7:])]
    assert sessions == pytest.approx(measures.by_session(one.turns))
    assert told["tokens"] == [1200, 6] and told["recall"] == [1.5, 6] and told["held"] == 7
    memory = measures.measured([one], {persona.id: persona})["memory"]
    held, asked = (told["said"][side] + told["shown"][side] for side in (0, 1))
    assert 100 * held / asked == pytest.approx(memory["accuracy"]["mean"])
    assert 100 * told["said"][0] / told["said"][1] == pytest.approx(memory["explicit"]["mean"])
    assert 100 * told["shown"][0] / told["shown"][1] == pytest.approx(memory["implicit"]["mean"])


def test_a_dialogue_without_turns_has_figures(personas):
    empty = dialogue(personas[0], rows=[])
    empty.recalled = None
    told = figures_of(empty, personas[0])
    assert told["sums"] == told["counts"] == [] and told["said"] == [0, 0] and told["held"] is None
    assert embedded(page_of({}, {"full": {"clean": [empty]}}, personas))["dialogues"][0]["recalled"] is None


def test_it_says_how_many_of_how_many_dialogues_it_holds(personas, tmp_path):
    file = tmp_path / "page.html"
    write(file, {}, of(personas), personas, most=12)
    text = file.read_text(encoding="utf-8")
    assert (
        "12 of 96 dialogues are here to be read." in text and "the other 84 are in the folder of rows" in text
    )
    held = [one for one in embedded(text)["dialogues"] if "turns" in one]
    assert len(held) == 12 and len(embedded(text)["dialogues"]) == 96
    assert sum("told" in one for one in embedded(text)["personas"]) == 2
    assert "96 of 96 dialogues are here to be read.<" in page_of({}, of(personas), personas)


def test_scores_by_rule_and_by_models_are_told_apart(personas):
    probe = page_of({"mode": "probe"}, {}, personas)
    model = page_of({"mode": "model", "raters": ["gpt-x", "other"], "repeats": 3}, {}, personas)
    assert "probe: rated by rule" in probe and "a rater by rule" in probe
    assert "model: rated by a model" in model and "gpt-x and other, 3 times each" in model


def test_the_head_tells_what_is_known_and_leaves_out_the_rest():
    told = {
        "suite": "1", "mode": "probe", "user": "scripted", "rater": "by rule", "seeds": [1, 2],
        "personas": {"generated": 5, "count": 9}, "variants": {"clean": 10}, "dialogues": 1_234,
        "git": {"revision": "0123456789abcdef", "dirty": True}, "machine": {"cpu": "fast", "cores": 2},
    }  # fmt: skip
    assert dict(facts(told, ["hashing-64"])) == {
        "suite": "1", "mode": "probe", "user": "scripted", "rated": "by rule", "seeds": "1, 2",
        "personas": "9 generated with seed 5", "sessions": "clean (10 turns each)", "embedder": "hashing-64",
        "dialogues": "1,234", "revision": "0123456789, with changes", "machine": "fast, 2 cores",
    }  # fmt: skip
    assert facts({}, []) == [] and figures({}) == [] and extras({}) == []


def test_the_best_and_the_bounds_are_told():
    told = figures({
        "best": {
            "memory": "episodic", "likability": 80.04, "baseline": "full", "above": -2.5, "robustness": None,
            "aims": {"likability": 80.0, "above": 15.0, "robustness": 0.9},
            "reached": {"likability": True, "above": False, "robustness": None},
        },
        "bounds": {"oracle": 99.0, "none": 38.0},
    })  # fmt: skip
    assert [value for value, _ in told] == ["episodic", "80.0", "-2.5", "–", "38.0 to 99.0"]
    assert [name.rpartition(": ")[2] for _, name in told[1:4]] == ["reached", "not reached", "not measured"]


def test_what_a_result_holds_besides_is_shown_in_tables():
    told = extras({
        "decoys": {"over-long": {"ratings": 5_286, "mean_change": -0.034}, "sweet": {"ratings": 2, "mean_change": None}},
        "agreement": {"retest": {"alpha": 0.5, "dimensions": {"humor": 0.25}}, "raters": None, "spread": {"mean": 1.5, "ci95": [1.0, 2.0]}},
        "cost": {"models": {"m": {"calls": 3, "price": 0.5}}, "roles": {}, "price": True},
        "unheard-of": {"a": 1},
    })  # fmt: skip
    shown = {title: [(one.name, list(one.columns), [list(row) for row in one.rows]) for one in tables] for title, tables in told}  # fmt: skip
    assert list(shown.values()) == [
        [("", ["", "ratings", "mean change"], [["over-long", "5,286", "-0.03"], ["sweet", "2", "–"]])],
        [
            ("", ["", "value"], [["raters", "–"], ["spread", "1.50 [1.00 2.00]"]]),
            ("", ["", "alpha", "humor"], [["retest", "0.50", "0.25"]]),
        ],
        [("", ["", "value"], [["price", "yes"]]), ("models", ["", "calls", "price"], [["m", "3", "0.50"]])],
    ]
    assert extras({"cost": 3, "decoys": [1, 2], "agreement": None}) == []


@pytest.mark.parametrize("place", ["nowhere/page.html", ".", f"{'x' * 250}.html", f"{'x' * 300}.html"])
def test_a_file_that_cannot_be_written_is_told_with_a_remedy(place, personas, tmp_path):
    with pytest.raises(InvalidInput) as caught:
        write(tmp_path / place, {}, of(personas[:1]), personas)
    assert "--page: " in str(caught.value) and "name a file in a folder that is there" in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_before_a_run_it_is_known_whether_its_page_can_be_written(tmp_path):
    check_writable(None, OPTION)
    check_writable(str(tmp_path / "page.html"), OPTION)
    check_writable("page.html", OPTION)
    for place in (tmp_path, tmp_path / "nowhere" / "page.html"):
        with pytest.raises(InvalidInput, match="--page"):
            check_writable(str(place), OPTION)

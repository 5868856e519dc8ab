"""What `agentmem bench profile` tells of a reader: rates of known findings, its data, and runs as they are."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from agentmem.config import Settings
from agentmem.embedders import open_embedder
from agentmem.errors import FormatError, InvalidInput, NotFound, Unavailable
from agentmem.models.base import Answer, Cancellation, ChatModel, Request
from agentmem.models.cassette import RecordingChat
from agentmem.stores.profile import cues
from agentmem.stores.profile.aspects import ASPECTS
from agentmem.stores.profile.exemplars import OTHER, learnt_by
from agentmem_bench.commands import app
from agentmem_bench.profile import command, data, report, result
from agentmem_bench.profile.data import CHECK, HELD_OUT, Said
from agentmem_bench.profile.rates import NAMES, by_aspect, flags, over_all
from agentmem_bench.profile.readers import Nearness, by_cues
from agentmem_bench.results import console

SAID = (
    Said(text="Two lines, always two lines.", aspect="length", value="brief"),
    Said(text="Write me pages.", aspect="length", value="full"),
    Said(text="No smileys for me.", aspect="emoji", value="no"),
    Said(text="The ferry was late.", aspect=OTHER),
)
TRUE = flags([{one.aspect} for one in SAID])


class Reading(ChatModel):
    """A model of somebody else's, which reads by a list of answers; the last one stays."""

    name = "reading"

    def __init__(self, *answers: object) -> None:
        self.answers = list(answers)

    def answer(self, request: Request, cancel: Cancellation) -> Answer:
        said = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return Answer(text=said if isinstance(said, str) else json.dumps(said))


def note(aspect: str, value: str, said: str) -> dict[str, object]:
    return {"aspect": aspect, "value": value, "said": said, "shown": False, "once": False}


def test_rates_of_known_findings() -> None:
    found = flags([{"length"}, {"tone"}, {"emoji", "length"}, set()])
    assert by_aspect(TRUE, found) == {
        "length": {"sentences": 2, "found": 2, "precision": 0.5, "recall": 0.5},
        "emoji": {"sentences": 1, "found": 1, "precision": 1.0, "recall": 1.0},
    }
    told = over_all(TRUE, found)
    assert (told["micro"]["precision"], told["micro"]["recall"]) == pytest.approx((2 / 4, 2 / 3))
    assert (told["macro"]["precision"], told["macro"]["recall"]) == pytest.approx((0.75, 0.75))


def test_nothing_found_has_no_precision_and_can_be_told(capsys: pytest.CaptureFixture[str]) -> None:
    told = over_all(TRUE, flags([set()] * 4))
    assert told["micro"]["precision"] is None
    assert told["micro"]["precision_ci95"] is None
    assert told["micro"]["recall_ci95"] == [0.0, 0.0]
    silent = result.of_model({"own": SAID}, Reading({"notes": []}))
    report.show(silent, console(None))
    assert json.loads(json.dumps(silent, allow_nan=False)) == silent
    assert "Left alone of those about none: 1.000" in capsys.readouterr().out


aspects = st.sets(st.sampled_from(NAMES), max_size=2)


@given(st.lists(st.tuples(st.sampled_from([*NAMES, OTHER]), aspects), min_size=1, max_size=12))
def test_rates_and_the_ends_of_intervals_are_shares(pairs: list[tuple[str, set[str]]]) -> None:
    true, found = flags([{one} for one, _ in pairs]), flags([some for _, some in pairs])
    for rates in over_all(true, found).values():
        for rate in ("precision", "recall"):
            value, interval = rates[rate], rates[f"{rate}_ci95"]
            assert value is None or 0 <= value <= 1
            assert interval is None or 0 <= interval[0] <= interval[1] <= 1


def test_sentences_that_agree_have_no_interval_and_the_same_seed_the_same_one() -> None:
    every = over_all(TRUE, TRUE)
    assert every["micro"]["recall_ci95"] == every["macro"]["precision_ci95"] == [1.0, 1.0]
    found = flags([{"length"}, set(), {"emoji"}, set()])
    assert over_all(TRUE, found) == over_all(TRUE, found)
    low, high = over_all(TRUE, found)["micro"]["recall_ci95"]
    assert low < 2 / 3 < high


def test_the_confusion_counts_each_sentence_by_what_it_was_taken_for() -> None:
    told = result.of_model(
        {"own": SAID},
        Reading(
            {"notes": [note("length", "brief", "two lines")]},
            {"notes": [note("length", "brief", "pages"), note("tone", "casual", "me")]},
            {"notes": []},
            {"notes": [note("life", "fact", "the ferry")]},
        ),
    )["splits"]["own"]
    assert {name: {k: n for k, n in row.items() if n} for name, row in told["confusion"].items()} == {
        "length": {"length": 2, "tone": 1},
        "emoji": {"nothing": 1},
        "other": {"life": 1},
    }
    assert told["left_alone"] == 0
    assert told["values"] == {"sentences": 3, "found": 2, "accuracy": 0.5}


def test_a_sentence_that_the_model_fails_at_is_counted_as_nothing_found() -> None:
    told = result.of_model({"own": SAID}, Reading("rubbish"))
    assert told["splits"]["own"]["failed"] == 4
    assert told["splits"]["own"]["micro"]["recall"] == 0
    assert told["paired"]["recall reading, own"] == {one.text: 0.0 for one in SAID[:3]}
    assert told["paired"]["left alone reading, own"] == {"The ferry was late.": 1.0}


def test_a_model_that_does_not_answer_ends_the_run() -> None:
    class Away(Reading):
        def answer(self, request: Request, cancel: Cancellation) -> Answer:
            raise Unavailable("nobody is there")

    with pytest.raises(Unavailable):
        result.of_model({"own": SAID}, Away())


def test_the_shipped_splits_are_of_every_aspect_and_of_none() -> None:
    splits = data.shipped()
    held_out = Counter(one.aspect for one in splits[HELD_OUT])
    assert set(held_out) == {one.aspect for one in splits[CHECK]} == {*ASPECTS, OTHER}
    assert all(10 <= held_out[aspect] <= 14 for aspect in ASPECTS)
    for aspect in ASPECTS:
        values = {one.value for one in splits[HELD_OUT] if one.aspect == aspect}
        assert values == set(ASPECTS[aspect].values)


def test_no_held_out_sentence_is_said_in_the_words_of_an_exemplar() -> None:
    embedder = open_embedder(Settings())
    said = [one.text for one in data.shipped()[HELD_OUT]]
    near = np.array(embedder.embed(said)) @ cues.exemplar_vectors(embedder).T
    assert near.max() < 0.8
    assert not set(said) & {*learnt_by()[0], *(one.text for one in data.shipped()[CHECK])}


def test_tried_thresholds_at_what_holds_find_what_the_reader_finds() -> None:
    embedder = open_embedder(Settings())
    texts = [one.text for said in data.shipped().values() for one in said]
    texts += ["Thanks! Keep it short. My sister lives in Lyon.", "", "What?"]
    read = [{one.aspect for one in notes if not one.shown} for notes in by_cues(texts, embedder)]
    assert Nearness(texts, embedder).found(cues.NEAR, cues.CLEAR) == read


def test_what_is_kept_only_because_somebody_speaks_of_themselves_is_told_apart() -> None:
    said = (
        *(Said(text="Please keep your answers short.", aspect="length"), Said(text="Is it?", aspect="emoji")),
        Said(text="I put the kettle on the other shelf.", aspect=OTHER),
    )
    told = result.of_cues({"own": said}, open_embedder(Settings()))["splits"]["own"]
    assert told["own"] == {"about": 0, "other": 1}
    assert told["left_alone"] == 1
    assert told["unread"] == 1
    assert told["aspects"]["length"]["recall"] == 1


def test_higher_thresholds_find_less() -> None:
    embedder = open_embedder(Settings())
    nearness = Nearness([one.text for one in data.shipped()[HELD_OUT]], embedder)
    for low, high in (((0.3, 0.0), (0.4, 0.0)), ((0.3, 0.0), (0.3, 0.1))):
        for less, more in zip(nearness.found(*high), nearness.found(*low), strict=True):
            assert less <= more


def test_sentences_are_read_by_aspect_or_by_aspect_and_value() -> None:
    text = 'emoji: {yes: ["More hearts."], no: ["No hearts."]}\nlife: ["I row."]\nother: ["It rains."]'
    assert [(one.aspect, one.value, one.text) for one in data.parse(text, "own.yaml")] == [
        ("emoji", "yes", "More hearts."),
        ("emoji", "no", "No hearts."),
        ("life", "", "I row."),
        ("other", "", "It rains."),
    ]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("weather: [It rains.]", "key weather: is no aspect"),
        ("length: {huge: [Write me pages.]}", r"key length\.huge: is no value"),
        ("other: {bad: [It rains.]}\nlife: [I row.]", r"key other\.bad: is no value"),
        ("length: Write me pages.", "key length"),
        ("length: [[Write me pages.]]", "key length"),
        ("- Write me pages.", "key of an aspect"),
        ("length: ['  ']", "says nothing"),
        ("other: [It rains.]", "no sentence about an aspect"),
        ("", "key of an aspect"),
        ("length: [", r"own\.yaml"),
    ],
)
def test_a_file_that_is_not_in_its_format_is_told_with_its_key(text: str, names: str) -> None:
    with pytest.raises(FormatError, match=names):
        data.parse(text, "own.yaml")


def test_the_example_runs_and_what_is_printed_is_what_is_written(tmp_path: Path) -> None:
    own, out = tmp_path / "own.yaml", tmp_path / "out.json"
    own.write_text(CliRunner().invoke(app, ["profile", "--example"]).stdout, encoding="utf-8")
    options = ["--data", str(own), "--json", str(out), "--split", "mine"]
    done = CliRunner().invoke(app, ["profile", *options])
    assert done.exit_code == 0, done.exception
    told = json.loads(out.read_text(encoding="utf-8"))
    assert told["schema"] == result.SCHEMA
    assert list(told["splits"]) == ["mine"]
    assert told["splits"]["mine"]["about"] == 4
    assert told["splits"]["mine"]["micro"]["recall"] == 1
    assert told["data"]["file"] == "own.yaml"
    assert "NEAR 0.30, CLEAR 0.00 hold" in done.stdout
    assert any((row["near"], row["clear"]) == (0.3, 0.0) for row in told["thresholds"]["tried"])


def test_a_model_is_measured_on_a_sample_by_the_command(tmp_path: Path) -> None:
    cassette, out = tmp_path / "said.jsonl", tmp_path / "out.json"
    recorded = RecordingChat(Reading({"notes": []}), cassette)
    before = result.of_model(result.sample(data.shipped(), 5), recorded)
    name = f"replay:{cassette}"
    options = ["--reader", "model", "--model", name, "--sentences", "5", "--json", str(out)]
    done = CliRunner().invoke(app, ["profile", *options])
    assert done.exit_code == 0, done.exception
    told = json.loads(out.read_text(encoding="utf-8"))
    assert told["splits"] == before["splits"]
    assert [split["sentences"] for split in told["splits"].values()] == [5, 5]
    assert "thresholds" not in told
    assert "smoke run" not in done.stdout


def test_the_embedded_model_is_said_to_be_a_smoke_run(capsys: pytest.CaptureFixture[str]) -> None:
    model = Reading({"notes": []})
    model.name = "llama"
    report.show(result.of_model({"own": SAID}, model), console(None))
    assert "smoke run" in capsys.readouterr().out


def test_a_sample_is_the_same_each_time_and_never_more_than_there_is() -> None:
    splits = data.shipped()
    assert result.sample(splits, 7) == result.sample(splits, 7)
    assert len(result.sample(splits, 7)[CHECK]) == 7
    assert result.sample({"own": SAID}, 99) == {"own": list(SAID)}
    assert result.sample(splits, None) is splits


@pytest.mark.parametrize(
    ("plan", "names"),
    [
        (command.Plan(reader="oracle"), "--reader"),
        (command.Plan(model="llama"), "--model"),
        (command.Plan(split="mine"), "--split"),
    ],
)
def test_what_makes_no_sense_is_refused(plan: command.Plan, names: str) -> None:
    with pytest.raises(InvalidInput, match=names):
        command.run(plan, None)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"none\.yaml"):
        command.run(command.Plan(data=tmp_path / "none.yaml"), None)

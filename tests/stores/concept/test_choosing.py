"""A model chooses among what retrieval found; whatever goes wrong with it, that stands as it was found."""

from __future__ import annotations

import importlib.util
import logging
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agentmem.bank import MemorySpec
from agentmem.errors import Cancelled, InvalidInput
from agentmem.models.base import ChatModel
from agentmem.stores.concept.choosing import CHOICES, CHOSEN, FAILED
from agentmem.stores.concept.routines import Parameter

_SPEC = importlib.util.spec_from_file_location(
    "scripted", Path(__file__).parent / "abstractors" / "scripted.py"
)
scripted = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(scripted)
Reading = scripted.Reading

PROBLEM = "draw a red line through the grid and recolour each object"
TITLES = ("draw line", "recolour object", "each object of the grid", "is red", "count objects of the grid")


class Broken(ChatModel):
    """A model that raises."""

    name = "broken"
    window = 4_096

    def __init__(self, error: Exception) -> None:
        self.error = error

    def answer(self, request, cancel):
        raise self.error


@pytest.fixture
def memory(open_bank):
    """Open a memory of a few concepts whose choosing model is given; with what is found without it."""
    opened = []

    def memory_(model, how="pick", fill=True):
        bank = open_bank(f"choosing{len(opened)}.db", model=model)
        opened.append(bank)
        store = bank.store(MemorySpec(store="concept", options={"choose": how}))
        if fill:
            store.state("draw line", output="Grid", parameters=[Parameter(name="grid", type="Grid")])
            store.state(
                "recolour object",
                output="Grid",
                parameters=[Parameter(name="where", type="Callable[[Object], bool]")],
            )
            store.state("each object of the grid", output="list[Object]", cues=["objects"])
            store.state(
                "is red", output="bool", parameters=[Parameter(name="object", type="Object")], kind="routine"
            )
            store.state("count objects of the grid", output="int")
        plain = bank.store(MemorySpec(store="concept", options={"choose": False}))
        return store, plain

    return memory_


def titles(hits):
    return [
        hit.record.text.splitlines()[0].split("(")[0].split(" ->")[0].removeprefix("routine: ")
        for hit in hits
    ]


def number(plain, title):
    return f"C{titles(plain.recall(PROBLEM, k=24)).index(title) + 1}"


def adds_up(hits):
    for hit in hits:
        assert sum(hit.parts.values()) == pytest.approx(hit.score)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    return True


def test_the_model_picks_in_its_order(memory):
    model = Reading([{"concepts": ["each object of the grid", "draw line"]}, {"fills": []}])
    store, _ = memory(model)
    hits = store.recall(PROBLEM)
    assert titles(hits) == ["each object of the grid", "draw line"]
    assert all(hit.parts[CHOSEN] > 0 for hit in hits)
    assert adds_up(hits)


@pytest.mark.parametrize("said", ["C{n}", "{n}", "c{n}: whatever", "recolor object", "Recolour objects"])
def test_numbers_titles_and_what_is_like_them_are_understood(memory, said):
    model = Reading([])
    store, plain = memory(model)
    n = number(plain, "recolour object")[1:]
    model.answers = [f'{{"concepts": ["{said.format(n=n)}"]}}', '{"fills": []}']
    assert titles(store.recall(PROBLEM)) == ["recolour object"]


def test_parameters_are_filled_by_concepts_of_their_type(memory):
    model = Reading([{"concepts": ["recolour object"]}, {"fills": []}])
    store, plain = memory(model)
    fills = {
        "fills": [{"concept": "C1", "parameter": "where", "by": ["is red", "count objects of the grid"]}]
    }
    model.answers[1] = scripted.json.dumps(fills)
    assert titles(store.recall(PROBLEM)) == ["recolour object", "is red"]
    asked = model.prompts[1]
    assert f"recolour object: where, by {number(plain, 'is red')}\n" in asked
    assert "count objects" not in asked


def test_rounds_are_bounded(memory):
    model = Reading(
        [{"concepts": ["recolour object"]}, {"fills": [{"concept": "", "parameter": "", "by": ["is red"]}]}]
    )
    store, _ = memory(model)
    store.recall(PROBLEM)
    assert len(model.asked) <= 3


def test_an_empty_choice_selects_nothing_and_renders_nothing(memory):
    store, _ = memory(Reading([{"concepts": []}]))
    assert store.recall(PROBLEM) == []
    assert store.synthesize(PROBLEM).text == ""


def test_unknown_names_are_dropped_and_logged(memory, caplog):
    caplog.set_level(logging.INFO)
    store, _ = memory(
        Reading([{"concepts": ["C99", "draw line", "teleport", "", "draw line"]}, {"fills": []}])
    )
    assert titles(store.recall(PROBLEM)) == ["draw line"]
    assert "C99" not in caplog.text and "teleport" not in caplog.text
    assert sum(getattr(record, "unknown", 0) for record in caplog.records) == 3


@pytest.mark.parametrize(
    "answers",
    [
        ["no idea"],
        ['{"concepts": [{"a": 1}]}'],
        ['{"concepts": '],
        [{"concepts": ["C99"]}],
        [{}],
        ["[]"],
        [""],
    ],
)
@pytest.mark.parametrize("how", ["pick", "describe+pick"])
def test_rubbish_leaves_what_was_found(memory, caplog, answers, how):
    described = [{"seen": ["a grid with a line"], "going_on": []}] if how != "pick" else []
    store, plain = memory(Reading([*described, *answers]), how)
    hits = store.recall(PROBLEM)
    assert {*titles(hits)} == {*titles(plain.recall(PROBLEM))}
    if how == "pick":
        assert titles(hits) == titles(plain.recall(PROBLEM))
    assert all(hit.parts[FAILED] == 0 for hit in hits)
    assert "did not choose" in caplog.text
    assert adds_up(hits)


def test_a_model_that_cannot_be_asked_leaves_what_was_found(memory, open_bank, caplog):
    store, plain = memory(Broken(InvalidInput("a prompt of 9 tokens does not fit")))
    assert titles(store.recall(PROBLEM)) == titles(plain.recall(PROBLEM))
    nobody = open_bank("nobody.db").store(MemorySpec(store="concept", options={"choose": True}))
    nobody.state("draw line")
    assert [hit.parts[FAILED] for hit in nobody.recall("draw a line")] == [0]
    assert "AGENTMEM_MODEL" in caplog.text


def test_a_cancelled_call_is_cancelled(memory):
    store, _ = memory(Broken(Cancelled("enough")))
    with pytest.raises(Cancelled):
        store.recall(PROBLEM)


def test_descriptions_find_what_the_problem_does_not_say(memory):
    model = Reading(
        [{"seen": ["objects of the grid", "an object"], "going_on": ["count objects of the grid"]}]
    )
    store, _ = memory(model, "describe")
    hits = store.recall("how many are there?", floor=False)
    assert titles(hits)[0] in ("count objects of the grid", "each object of the grid")
    assert {*hits[0].parts} == {"problem", "seen", "going_on"}
    assert adds_up(hits)


def test_without_a_question_nobody_is_asked(memory):
    model = Reading([{"concepts": []}])
    store, _ = memory(model)
    assert len(store.recall("")) == 5
    assert model.asked == []


def test_writing_does_not_ask_the_choosing_model(open_bank):
    model = Reading([{"entries": []}])
    store = scripted.memory(open_bank, model, "model", choose="pick")
    store.state("draw line")
    store.attempted(PROBLEM, "draw it", solved=True)
    assert len(model.asked) == 1


def test_k_is_kept_and_the_shortlist_is_not(memory):
    model = Reading([{"concepts": ["C1", "C2", "C3"]}, {"fills": []}])
    store, plain = memory(model)
    assert titles(store.recall(PROBLEM, k=2)) == titles(plain.recall(PROBLEM))[:2]
    assert "C5. " in model.prompts[0]


@pytest.mark.parametrize("how", ["everything", 1.5, "Pick"])
def test_an_unknown_way_is_refused(open_bank, how):
    with pytest.raises(InvalidInput, match="choose"):
        open_bank().store(MemorySpec(store="concept", options={"choose": how}))


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=20)
    | st.sampled_from(["C1", "C2: draw", "is red"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["concepts", "fills", "by", "parameter", "seen", "going_on", "x"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(answers=st.lists(JSON | st.text(max_size=40), min_size=1, max_size=4), how=st.sampled_from(CHOICES))
def test_whatever_the_model_says_hits_are_those_that_were_found(shared, answers, how):
    model, stores, plain = shared
    model.answers = [one if isinstance(one, str) else scripted.json.dumps(one) for one in answers]
    model.asked = []
    hits = stores[how].recall(PROBLEM)
    assert {hit.id for hit in hits} <= {hit.id for hit in plain.recall(PROBLEM, floor=False)}
    assert len({hit.id for hit in hits}) == len(hits)
    assert adds_up(hits)


@pytest.fixture
def shared(memory):
    model = Reading([])
    store, plain = memory(model)
    stores = {how: store.bank.store(MemorySpec(store="concept", options={"choose": how})) for how in CHOICES}
    return model, stores, plain

"""Reading task scenarios, and scoring an engine's snapshots against their truth."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentmem.errors import FormatError, NotFound
from agentmem_bench.task.matching import match
from agentmem_bench.task.normal_form import normal_form
from agentmem_bench.task.scenarios import Scenario, read_scenarios
from agentmem_bench.task.scoring import Snapshot, score, summed

YAML = """
name: kite
slots: {cloth: [cloth, fabric], line: [line length]}
turns:
  - say: "A cloth and a line length, please."
    intents: [new, new]
    state: {cloth: null, line: null}
  - say: "Silk. Twenty-five metres."
    intents: [update, update]
    state: {cloth: [silk], line: ["25 metres", "25"]}
  - say: "The line depends on the cloth."
    intents: [depend]
    state: {cloth: silk, line: 25 metres}
    depends: {line: [cloth]}
    stale: []
  - say: "Was it silk?"
    intents: [check]
    state: {cloth: silk, line: 25 metres}
"""


@pytest.fixture
def kite(tmp_path: Path) -> Scenario:
    file = tmp_path / "kite.yaml"
    file.write_text(YAML, encoding="utf-8")
    return read_scenarios(file)[0]


def held(cloth=None, line=None, intents=(), **more) -> Snapshot:
    return Snapshot((("a", "fabric", cloth), ("b", "length of the line", line)), tuple(intents), **more)


def perfect() -> list[Snapshot]:
    edge = {"b": ("a",)}
    return [
        held(intents=("new", "new")),
        held("Silk", "Twenty-five metres", ("update", "update")),
        held("Silk", "Twenty-five metres", ("depend",), depends=edge),
        held("Silk", "Twenty-five metres", ("check",), depends=edge),
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The twenty-five guests.", "25 guests"),
        ("1,100 a month", "1100 month"),
        ("two thousand five hundred", "2500"),
        ("the twenty-first", "21st"),
        ("Casa  Lina!", "casa lina"),
        ("on the 18th", "on 18th"),
        ("2pm", "2 pm"),
    ],
)
def test_case_punctuation_articles_and_number_words_do_not_matter(one, other):
    assert normal_form(one) == normal_form(other)


@pytest.mark.parametrize(
    ("one", "other"), [("4.2", "42"), ("2:30", "230"), ("one two", "three"), ("18th", "18")]
)
def test_different_values_stay_different(one, other):
    assert normal_form(one) != normal_form(other)


def test_an_engine_that_is_right_has_everything(kite):
    totals = score(kite, perfect())
    assert (totals.slot_accuracy, totals.exact_turns, totals.macro_f1) == (1, 1, 1)
    assert (totals.checks_taken, totals.unsaid) == (0, 0)
    assert totals.graph("depends") == 1
    assert totals.graph("done") is None


def test_a_wrong_value_and_an_extra_step_count_each_as_one_wrong_slot(kite):
    shots = perfect()
    shots[1] = Snapshot(
        (*held("wool", "Twenty-five metres").slots, ("c", "shoes", None)), ("update", "update")
    )
    totals = score(kite, shots)
    assert totals.turns[1].wrong == ("cloth",)
    assert totals.turns[1].extra == ("shoes",)
    assert totals.slot_accuracy == pytest.approx(1 - 2 / 9)
    assert totals.unsaid == 1


def test_a_check_that_changes_something_is_counted_though_it_was_read_as_a_check(kite):
    shots = perfect()
    shots[3] = held("wool", "Twenty-five metres", ("check",), depends={"b": ("a",)})
    assert score(kite, shots).checks_taken == 1


def test_a_check_read_as_an_update_is_counted_once(kite):
    shots = perfect()
    shots[3] = held("wool", "Twenty-five metres", ("update",), depends={"b": ("a",)})
    totals = score(kite, shots)
    assert totals.checks_taken == 1
    assert totals.confusion["check", "update"] == 1
    assert totals.f1["check"] == 0


def test_a_missing_subtask_is_a_confusion_with_none(kite):
    shots = perfect()
    shots[0] = held(intents=("new",))
    assert score(kite, shots).confusion["new", "none"] == 1


def test_slots_match_one_to_one_and_a_title_that_is_accepted_wins():
    titles = {"a": "boot size", "b": "boots", "c": "hat"}
    aliases = {"size": ["size of the boots", "boot size"], "boots": ["boots"]}
    assert match(titles, aliases) == {"a": "size", "b": "boots"}


def test_totals_of_several_scenarios_are_those_of_their_turns(kite):
    both = summed([score(kite, perfect()), score(kite, [Snapshot((), ())] * 4)])
    assert len(both.turns) == 8
    assert both.slot_accuracy == 0.5


def test_as_many_snapshots_as_turns_are_needed(kite):
    with pytest.raises(ValueError, match="zip"):
        score(kite, perfect()[:2])


def test_scalars_are_texts_as_they_are_written(tmp_path):
    file = tmp_path / "s.yaml"
    file.write_text(
        "name: no\nslots: {a: [a]}\nturns: [{say: yes, intents: [new], state: {a: 6:30}}]", encoding="utf-8"
    )
    scenario = read_scenarios(file)[0]
    assert (scenario.name, scenario.turns[0].say, scenario.turns[0].state) == ("no", "yes", {"a": ("6:30",)})


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("intents: [depend]", "intents: [dependt]"), r"kite.yaml, turns.3.intents"),
        (("depends: {line: [cloth]}", "depends: {line: [cloths]}"), r"turns.3.depends: 'cloths' is no slot"),
        (('say: "Was it silk?"', 'said: "Was it silk?"'), r"turns.4.say"),
        (("name: kite", "name: [kite"), r"kite.yaml"),
    ],
)
def test_an_error_names_file_turn_and_field(tmp_path, change, told):
    file = tmp_path / "kite.yaml"
    file.write_text(YAML.replace(*change), encoding="utf-8")
    with pytest.raises(FormatError, match=told):
        read_scenarios(file)


def test_other_fields_are_ignored_with_a_warning(tmp_path):
    file = tmp_path / "kite.yaml"
    file.write_text(YAML + "author: me\n", encoding="utf-8")
    with pytest.warns(UserWarning, match="author"):
        read_scenarios(tmp_path)


def test_a_folder_without_scenarios_is_not_found(tmp_path):
    with pytest.raises(NotFound):
        read_scenarios(tmp_path)
    with pytest.raises(NotFound):
        read_scenarios(tmp_path / "none.yaml")

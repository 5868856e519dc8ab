import json

import pytest

from agentmem.errors import FormatError, InvalidInput, NotFound
from agentmem.worlds.arc.tasks import dataset, find_tasks, load_folder, load_task, read_task

PAIR = {"input": [[1, 2], [3, 4]], "output": [[5]]}


def written(**changes):
    return json.dumps({"train": [PAIR, PAIR], "test": [PAIR], **changes})


@pytest.mark.parametrize(
    ("name", "sizes"), [("arcagi", (400, 400)), pytest.param("arcagi2", (1000, 120), marks=pytest.mark.slow)]
)
def test_data_sets_have_all_their_tasks(name, sizes):
    parts = dataset(name, "training"), dataset(name, "evaluation")
    assert tuple(map(len, parts)) == sizes
    assert all(task.known for part in parts for task in part)
    assert len({task.id for task in parts[0]}) == sizes[0]


def test_a_visible_task_has_no_output_of_a_test():
    for task in dataset("arcagi"):
        seen = task.visible()
        assert seen.train == task.train
        assert [pair.input for pair in seen.test] == [pair.input for pair in task.test]
        assert seen.answers == (None,) * len(task.test) and not seen.known
        assert hash(seen) == hash(seen.visible()) and seen == seen.visible()


def test_a_file_is_read_as_it_was_written(tmp_path):
    file = tmp_path / "one.json"
    file.write_text(written(), encoding="utf-8")
    task = load_task(file)
    assert task.id == "one" and task.train[0].input == ((1, 2), (3, 4)) and task.test[0].output == ((5,),)
    assert load_folder(tmp_path) == (task,) == find_tasks(str(file)) == find_tasks(f"{tmp_path}, {file}")


@pytest.mark.parametrize("test", [{"input": [[1]]}, {"input": [[1]], "output": None}])
def test_outputs_of_tests_may_be_unknown(test):
    assert read_task(written(test=[test]), "t").answers == (None,)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("[]", "no task"),
        ('{"train": []}', "no task"),
        (written(train=[]), "no pair in `train`"),
        (written(test=[]), "no pair in `test`"),
        (written(train=[{"input": [[1]]}]), "train pair 1: it has no `output`"),
        (written(test=[{"output": [[1]]}]), "test pair 1: it has no `input`"),
        (written(train=[PAIR, {"input": [], "output": [[1]]}]), "train pair 2: the input is empty"),
        (written(test=[{"input": [[1, 2], [3]]}]), "ragged: row 2 has 1 cells, row 1 has 2"),
        (written(test=[{"input": [[1, 10]]}]), "10 in row 1, column 2"),
        (written(test=[{"input": [[1, -1]]}]), "-1 in row 1, column 2"),
        (written(test=[{"input": [[1, 0.5]]}]), "0.5 in row 1, column 2"),
        (written(test=[{"input": [[1, "2"]]}]), "'2' in row 1, column 2"),
        (written(test=[{"input": [[True]]}]), "True in row 1, column 1"),
        (written(test=[{"input": [[float("nan")]]}]), "nan in row 1"),
        (written(test=[{"input": [[float("inf")]]}]), "inf in row 1"),
        (written(test=[{"input": [[1] * 31]}]), "31 cells in row 1"),
        (written(test=[{"input": [[1]] * 31}]), "31 rows"),
        (written(test=[{"input": [[]]}]), "empty row 1"),
        (written(test=[{"input": 3}]), "is int, not rows"),
        (written(test=[{"input": [3]}]), "as row 1 int"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(text, said):
    with pytest.raises(FormatError, match=r"bad\.json") as caught:
        read_task(text, "bad", "bad.json")
    assert said in str(caught.value)


def test_tasks_are_found_by_what_a_command_line_says(tmp_path):
    assert find_tasks("arcagi") == dataset("arcagi")
    assert find_tasks("arcagi/evaluation") == dataset("arcagi", "evaluation")
    assert [task.id for task in find_tasks("arcagi/007bbfb7, arcagi/training/00d62c1b")] == [
        "007bbfb7",
        "00d62c1b",
    ]
    for wanted in ("arcagi/none", str(tmp_path), "nowhere.json"):
        with pytest.raises(NotFound):
            find_tasks(wanted)
    for wanted in ("", " , "):
        with pytest.raises(InvalidInput):
            find_tasks(wanted)
    with pytest.raises(InvalidInput, match="arcagi3"):
        dataset("arcagi3")

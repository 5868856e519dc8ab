"""The command group `layers`: items are noted, used and let fade; where they stand is shown and explained."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

from agentmem import Bank, MemorySpec
from agentmem.cli.answers import ANSWERS
from agentmem.cli.exits import Exit
from agentmem.cli.layers import commands as group
from agentmem.embedders import HashingEmbedder
from agentmem.stores.layered.presets import PRESETS
from agentmem.stores.layered.store import LayeredMemory

T0 = datetime(2026, 1, 5, 9, tzinfo=UTC)
DAY = timedelta(days=1)
DESK = {
    "name": "desk",
    "ladder": [
        {"name": "today", "stability": 3, "retention": 0.8, "promote_at": 55},
        {"name": "release", "stability": 60, "retention": 0.98, "promote_at": 80},
        {"name": "product", "stability": 720, "retention": 0.998},
    ],
    "entrances": {"workaround": "release", "policy": "product"},
    "reflections": "release",
}
HOSTILE = '\x1b[31mred\x9b1m"]\n\u202e --> $x</text>'


def on(days: float) -> str:
    return (T0 + days * DAY).isoformat()


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bank with a support desk, made once: nothing has been advanced."""
    path = tmp_path_factory.mktemp("seeded") / "agentmem.db"
    with Bank(path, embedder=HashingEmbedder()) as bank:
        memory = bank.store(MemorySpec(store="layered", options={"policy": DESK}), ("default",))
        assert isinstance(memory, LayeredMemory)
        memory.note("The printer jams", kind="ticket", importance=40, time=T0, id="jam")
        memory.note("The screen is dark", kind="ticket", importance=20, time=T0 + DAY, id="dark")
        cure = memory.note("Restart the spooler", kind="workaround", importance=78, time=T0, id="cure")
        memory.note("Passwords are reset in person", kind="policy", importance=85, time=T0, id="rule")
        memory.feedback([cure], "helped", time=T0 + 1.5 * DAY)
        memory.reflect("Printers need care", [cure], importance=60, time=T0 + 3 * DAY, id="thought")
    return path


@pytest.fixture
def memory(seeded: Path) -> str:
    """That bank, in the current folder."""
    shutil.copy(seeded, "agentmem.db")
    return "agentmem.db"


CALLS = {
    "show": ["show", "printer", "--at", on(2)],
    "explain": ["explain", "cure", "printer", "--at", on(2)],
    "survival": ["survival", "--at", on(30)],
    "policy": ["policy"],
    "note": ["note", "The door squeaks", "--kind", "ticket", "--time", on(3)],
    "reflect": ["reflect", "cure", "--text", "It is always the spooler", "--time", on(4)],
    "feedback": ["feedback", "jam", "--time", on(2)],
    "advance": ["advance", on(30)],
}


@pytest.mark.parametrize("command", CALLS)
def test_an_answer_has_its_schema_and_the_documented_keys(answer, memory, command):
    given = answer("layers", *CALLS[command])
    assert given["schema"] == f"agentmem.cli.layers.{command}/1"
    assert set(given) == {"schema", *ANSWERS[f"layers.{command}"]}


def test_every_command_has_an_answer_and_the_common_options():
    commands = {
        one.name or one.callback.__name__: one.callback.__annotations__
        for part in group.registered_groups
        for one in part.typer_instance.registered_commands
    }
    assert set(commands) == set(CALLS)
    assert set(CALLS) == {key.removeprefix("layers.") for key in ANSWERS if key.startswith("layers.")}
    for name, given in commands.items():
        assert {"db", "namespace", "json"} <= set(given), name


def texts(shown: dict) -> dict[str, list[str]]:
    return {name: [hit["record"]["text"] for hit in hits] for name, hits in shown["layers"].items()}


def test_the_layers_are_shown_as_they_stand_at_a_moment_whatever_was_advanced(answer, memory):
    early = answer("layers", "show", "printer", "--at", on(2))
    assert early["population"] == {"today": 2, "release": 0, "product": 2, "faded": 0}
    assert texts(early)["today"] == ["The printer jams", "The screen is dark"]
    hit = early["layers"]["product"][0]
    assert sum(hit["parts"].values()) == pytest.approx(hit["score"])
    assert hit["standing"]["layer"] == "product" and hit["standing"]["recency"] <= 1
    late = answer("layers", "show", "printer", "--at", on(30))
    assert late["population"]["faded"] >= 2 and texts(late)["today"] == []
    answer("layers", "advance", on(60))
    for at, before in ((2, early), (30, late)):
        again = answer("layers", "show", "printer", "--at", on(at))
        assert again["population"] == before["population"] and texts(again) == texts(before)


def test_no_layer_shows_more_than_it_is_asked_for_and_a_filter_and_states_choose(answer, memory):
    assert [len(hits) for hits in texts(answer("layers", "show", "-k", "1", "--at", on(2))).values()] == [
        1,
        0,
        1,
    ]
    filtered = answer("layers", "show", "--filter", 'type = "ticket"', "--at", on(2))
    assert texts(filtered)["product"] == [] and len(texts(filtered)["today"]) == 2
    faded = answer("layers", "show", "printer", "--state", "faded", "--at", on(30))
    assert "The printer jams" in texts(faded)["today"]


def test_the_table_says_what_ranks_each_item_and_when_it_moves(run, memory):
    told = run("layers", "show", "printer", "--at", on(2)).stdout
    assert "layer    items  half-life (days)  kept a day  up from  down under" in told
    assert "in today, importance 25.6, recency 0.51; fades 2026-01-14" in told
    assert "recency +0.51" in told and "importance +0.26" in told
    newest = run("layers", "show", "--at", on(2)).stdout
    assert "score" not in newest


def test_an_item_is_explained_by_its_moves_its_uses_and_its_rank(answer, run, memory):
    told = answer("layers", "explain", "cure", "spooler", "--at", on(1))
    assert told["standing"]["layer"] == "release"
    assert (told["moves"][0]["kind"], told["moves"][0]["target"]) == ("promoted", "product")
    assert all(move["coming"] for move in told["moves"])
    assert "reached 80" in told["moves"][0]["why"] and told["moves"][-1]["kind"] == "faded"
    assert [(use["kind"], use["value"]) for use in told["feedback"]] == [("helped", 1.0)]
    assert told["feedback"][0]["importance"] == pytest.approx(told["moves"][0]["importance"])
    assert len(told["reflected_by"]) == 1 and told["reflects"] == []
    assert told["explanation"]["recalled"] is True
    thought = answer("layers", "explain", told["reflected_by"][0], "--at", on(4))
    assert thought["reflects"] == [told["item"]["id"]]
    words = run("layers", "explain", "cure", "spooler", "--at", on(3)).stdout
    assert "past   promoted to product" in words and "comes  demoted to release" in words
    assert "helped +5: importance 8" in words and "it is recalled, at rank 1" in words


def test_a_past_move_stays_and_a_faded_item_says_why(answer, run, memory):
    coming = answer("layers", "explain", "jam", "--at", on(1))["moves"]
    answer("layers", "advance", on(30))
    past = answer("layers", "explain", "jam", "printer", "--at", on(30))
    assert [{**move, "coming": True} for move in past["moves"]] == coming
    assert past["standing"]["faded"] and past["standing"]["next_move"] is None
    assert past["explanation"]["step"] == "faded"
    assert run("layers", "explain", "jam", "--at", "2026-01-01").stdout.count("it has not happened yet") == 1


def test_what_was_retracted_moves_no_more(answer, run, memory):
    id = answer("layers", "note", "Told by mistake", "--importance", "40")["item"]["id"]
    assert answer("layers", "explain", id)["moves"] != []
    assert run("retract", id).exit_code == 0
    assert answer("layers", "explain", id)["moves"] == []
    assert "retracted: it moves no more" in run("layers", "explain", id).stdout


def test_moves_can_be_told_up_to_a_moment_only(answer, memory):
    assert [move["kind"] for move in answer("layers", "explain", "jam")["moves"]] == ["faded"]
    assert answer("layers", "explain", "jam", "--until", "2026-01-07")["moves"] == []


def test_advancing_tells_what_moved_and_why_once(answer, run, memory):
    told = answer("layers", "advance", on(15))
    assert told["counts"] == {"faded": 2}
    moved = {one["text"]: one["moves"] for one in told["moved"]}
    assert set(moved) == {"The printer jams", "The screen is dark"}
    assert moved["The screen is dark"][0]["why"].endswith("under 5")
    assert moved["The printer jams"][0]["why"].endswith("under 0.05")
    again = run("layers", "advance", on(15)).stdout
    assert again == "time has passed up to 2026-01-20 09:00: nothing was due\n"


def test_what_advance_tells_is_what_histories_say(answer, run, memory):
    told = answer("layers", "advance", on(400))
    for one in told["moved"]:
        why = answer("layers", "explain", one["id"])["item"]["why"]
        assert all(move["why"] in why for move in one["moves"]), why


def test_a_long_list_of_moves_is_cut_and_counted(answer, run, memory):
    told = run("layers", "advance", on(15), "-n", "1").stdout
    assert "2 faded" in told and "and 1 more items; see --limit" in told


def test_time_does_not_go_back(run, memory):
    assert run("layers", "advance", on(30)).exit_code == 0
    told = run("layers", "advance", on(29))
    assert told.exit_code == Exit.INPUT
    assert "time cannot go back to 2026-02-03" in told.stderr and "any past moment" in told.stderr
    assert run("layers", "show", "--at", on(1)).exit_code == 0


def test_use_raises_an_item_and_harm_lowers_it(answer, run, memory):
    (up,) = answer("layers", "feedback", "jam", "--time", on(1))["items"]
    assert up["after"] - up["before"] == pytest.approx(5)
    (down,) = answer("layers", "feedback", "jam", "--kind", "harmed", "--value", "0.5", "--time", on(1))[
        "items"
    ]
    assert down["after"] - down["before"] == pytest.approx(-2.5)
    (gain,) = answer("layers", "feedback", "jam", "--kind", "profit", "--value", "120.5", "--time", on(1))[
        "items"
    ]
    assert gain["after"] - gain["before"] == pytest.approx(5)
    assert "in today" in run("layers", "feedback", "jam", "dark", "--time", on(1)).stdout
    assert len(answer("layers", "feedback", "jam", "jam", up["id"], "--time", on(1))["items"]) == 1


def test_what_no_model_has_rated_yet_is_told_of_the_item_itself(answer, run):
    first = answer("layers", "note", "Rain", "--rating", "model", "--id", "rain")
    assert [one["event_id"] for one in first["pending"]] == ["rain"]
    assert first["item"]["payload"]["rated"] == "drawn"
    second = run("layers", "note", "Snow").stdout
    assert second.count("not rated yet: ") == 1 and "no language model is configured" in second
    assert answer("layers", "note", "Fog", "--importance", "30")["pending"] == []


def test_a_good_use_revives_what_has_faded(answer, memory):
    answer("layers", "advance", on(30))
    (one,) = answer("layers", "feedback", "jam", "--time", on(31))["items"]
    assert one["standing"]["faded"] is False and one["standing"]["recency"] == 1
    kinds = [move["kind"] for move in answer("layers", "explain", "jam")["moves"]]
    assert kinds[:2] == ["faded", "revived"]


def test_an_item_begins_where_its_kind_its_layer_or_its_importance_say(answer, run):
    begin = ["--policy", "assistant", "--time", on(0)]
    assert answer("layers", "note", "Buy milk", "--kind", "errand", *begin)["standing"]["layer"] == "moment"
    assert answer("layers", "note", "Is vegan", "--kind", "fact", *begin)["standing"]["layer"] == "life"
    assert answer("layers", "note", "Paints", "--layer", "project", *begin)["standing"]["layer"] == "project"
    high = answer("layers", "note", "Moves to Porto", "--importance", "90", *begin)
    assert high["standing"]["layer"] == "life" and high["item"]["payload"]["rated"] == "given"
    marked = answer("layers", "note", "Buy tea", "--set", "shop=corner", "--id", "tea", *begin)
    assert marked["item"]["metadata"] == {"shop": "corner"}
    again = answer("layers", "note", "Buy tea", "--set", "shop=corner", "--id", "tea", *begin)
    assert again["item"]["id"] == marked["item"]["id"]
    found = answer("layers", "show", "--filter", 'metadata.shop = "corner"', "--at", on(0))
    assert texts(found)["moment"] == ["Buy tea"]
    told = run("layers", "note", "-", "--time", on(1), input="Milk is out")
    assert told.exit_code == 0 and "in moment" in told.stdout


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--layer", "cellar"], "cellar"),
        (["--importance", "101"], "from 0 to 100"),
        (["--importance", "-1"], "from 0 to 100"),
        (["--importance", "nan"], "NaN"),
        (["--time", "tomorrow"], "is no time"),
        (["--set", "x"], "has no value"),
        (["--policy", "finmen"], "there is no layer policy 'finmen'"),
        (["--policy", "finmem"], "the policy of this memory is 'desk'"),
        (["--rating", "model"], "the rating of this memory is 'drawn'"),
    ],
)
def test_what_cannot_be_is_told_and_keeps_nothing(run, answer, memory, given, said):
    told = run("layers", "note", "x", *given)
    assert told.exit_code in (Exit.INPUT, Exit.NOT_FOUND) and said in told.stderr, told.output
    assert sum(answer("layers", "show", "--at", on(4))["population"].values()) == 5


def test_an_id_that_is_no_item_is_told(run, memory):
    run("remember", "Just said", "--id", "said")
    for call in (["explain", "none"], ["feedback", "none"], ["reflect", "none", "--text", "x"]):
        told = run("layers", *call)
        assert told.exit_code == Exit.NOT_FOUND and "there is no item 'none'" in told.stderr
    assert run("layers", "explain", "said").exit_code == 0  # each observation is an item


def test_a_policy_is_printed_edited_and_given_back(run, answer):
    printed = run("layers", "policy", "support_desk").stdout
    policy = json.loads(printed)
    assert set(policy) == set(PRESETS["support_desk"].model_dump())
    policy["name"], policy["gain"] = "mine", 20.0
    Path("mine.json").write_text(json.dumps(policy))
    noted = answer(
        "layers", "note", "x", "--kind", "ticket", "--policy", "mine.json", "--time", on(0), "--id", "x"
    )
    assert noted["standing"]["layer"] == "today"
    (one,) = answer("layers", "feedback", "x", "--time", on(0))["items"]
    assert one["after"] - one["before"] == pytest.approx(20)
    assert json.loads(run("layers", "policy").stdout) == policy
    assert answer("layers", "show")["policy"] == "mine"
    assert run("layers", "note", "y", "--policy", "mine.json").exit_code == 0
    policy["gain"] = 21.0
    Path("mine.json").write_text(json.dumps(policy))
    told = run("layers", "note", "z", "--policy", "mine.json")
    assert told.exit_code == Exit.INPUT and "the policy of this memory is 'mine'" in told.stderr


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{,}", "is no JSON at line 1, column 2"),
        (b"[]", "holds a list, not a policy"),
        (b"\xff\xfe", "is not UTF-8 at byte 0"),
        (b'{"ladder": []}', "layer policy: ladder"),
        (b'{"ladder": [{"name": "a", "stability": -1, "retention": 0.9}]}', "stability"),
        (
            b'{"ladder": [{"name": "a", "stability": 1, "retention": 0.9}], "otherwise": "b"}',
            "names the layer 'b'",
        ),
        (b'{"ladder": [{"name": "a", "stability": 1, "retention": 0.9}], "halflife": 3}', "halflife"),
    ],
)
def test_a_policy_with_a_fault_is_told_and_no_bank_is_made(run, content, said):
    Path("p.json").write_bytes(content)
    told = run("layers", "note", "x", "--policy", "p.json")
    assert told.exit_code == Exit.INPUT and said in told.stderr, told.stderr
    assert not Path("agentmem.db").exists()


def test_a_namespace_without_a_memory_says_how_to_begin(run, answer, bank):
    assert run("layers", "show").stdout.startswith("no items yet")
    assert run("layers", "survival").stdout.startswith("no items yet")
    for call in (["advance"], ["feedback", "t1"], ["policy"]):
        told = run("layers", *call)
        assert told.exit_code == Exit.NOT_FOUND and "no layered memory" in told.stderr
    assert run("layers", "show", "--namespace", "nobody").exit_code == Exit.NOT_FOUND
    assert run("layers", "show", "--db", "none.db").exit_code == Exit.NOT_FOUND
    with Bank("agentmem.db", embedder=HashingEmbedder()) as opened:
        assert "layered" not in opened.attached_by_name(("default",))  # reading made none


def test_what_was_told_before_comes_to_stand_in_layers(answer, bank):
    answer("layers", "advance", "2025-03-06", "--policy", "assistant")
    assert sum(answer("layers", "show", "--at", "2025-03-06")["population"].values()) > 0


def test_survival_is_told_by_layer(answer, run, memory):
    told = answer("layers", "survival", "--at", on(30))["layers"]
    assert told["today"]["items"] == 2 and told["today"]["faded"] == 2
    assert told["today"]["share"] == [0.5, 0.0] and told["today"]["median_days"] == told["today"]["days"][0]
    assert told["product"]["median_days"] is None and told["product"]["days"] == []
    table = run("layers", "survival", "--at", on(30)).stdout
    assert "today        2      2" in table


@pytest.mark.slow
@pytest.mark.parametrize(
    "call",
    [
        ["show", "printer", "--at", on(2)],
        ["show", "--at", "2025-01-01"],
        ["explain", "jam", "--at", "2025-01-01"],
        ["explain", "jam", "--until", on(2)],
        ["survival", "--at", on(30)],
        ["survival", "--at", on(0)],
    ],
)
def test_a_plot_is_a_picture_with_the_same_bytes_each_time(run, memory, call):
    for file in ("a.svg", "b.svg"):
        told = run("layers", *call, "--plot", file)
        assert told.exit_code == 0, told.output
    assert Path("a.svg").read_bytes() == Path("b.svg").read_bytes()
    ElementTree.parse("a.svg")
    assert run("layers", *call, "--plot", "a.svg").exit_code == Exit.INPUT
    assert run("layers", *call, "--plot", "a.svg", "--force").exit_code == 0
    assert "no .svg file" in run("layers", *call, "--plot", "a.png").stderr
    assert not Path("a.png").exists()


def test_a_plot_is_told_and_drawn(run, memory):
    told = run("layers", "explain", "cure", "--plot", "cure.svg", "--at", on(1))
    assert told.exit_code == 0 and told.stdout.endswith("drawn into cure.svg\n")
    assert "product" in Path("cure.svg").read_text()  # as a comment beside the shapes of its letters


def test_no_command_obeys_what_a_text_says(run, memory):
    run("layers", "note", HOSTILE, "--time", on(2), "--id", "bad")
    for call in (["show", "red"], ["explain", "bad"], ["advance", on(40)]):
        told = run("layers", *call)
        assert told.exit_code == 0, told.output
        assert not {"\x1b", "\x9b", "\u202e"} & set(told.stdout)
    assert run("layers", "explain", "bad", "--plot", "bad.svg").exit_code == 0
    ElementTree.parse("bad.svg")

"""The command group `profile`: the portrait, facts, standing questions, and what a line of it rests on."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agentmem import Bank, Event, Trust
from agentmem.cli.answers import ANSWERS
from agentmem.cli.exits import Exit
from agentmem.cli.profile import commands as group
from agentmem.embedders import HashingEmbedder
from agentmem.stores.profile.notes import KEPT, Note
from agentmem.stores.profile.operations import Learn, event_of
from agentmem.stores.profile.store import ProfileStore

T0 = datetime(2026, 1, 5, 9, tzinfo=UTC)
DAY = timedelta(days=1)
HOSTILE = '\x1b[31mred\x9b1m"]\n\u202e --> $x</text>'
SICK = "What makes the user ill?"


def learn(profile: ProfileStore, id: str, day: int, *notes: Note) -> None:
    """Let a profile learn notes from a message of that id: so no test needs the real embedder for it."""
    profile.observe(
        Event(id=id, text=" ".join(one.said for one in notes), trust=Trust.TOOL, time=T0 + day * DAY)
    )
    told = event_of(Learn(notes=notes), store="profile", caused_by=(id,), time=T0 + day * DAY)
    profile.observe(told)


def length(value: str, said: str, **fields: bool) -> Note:
    return Note(aspect="length", value=value, said=said, **fields)


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bank with a profile, made once."""
    path = tmp_path_factory.mktemp("seeded") / "agentmem.db"
    with Bank(path, embedder=HashingEmbedder()) as bank:
        profile = bank.store(ProfileStore, ("default",))
        learn(profile, "a", 0, length("brief", "Two lines will do."), Note(aspect="humour", said="No jokes."))
        learn(profile, "b", 1, Note(aspect="life", value="fact", said="Walnuts make me ill."))
        learn(profile, "c", 90, length("full", "Write me pages."), length("full", "So?", shown=True))
        learn(profile, "d", 91, length("brief", "A line, this time.", once=True))
        learn(profile, "e", 92, Note(aspect="knowledge", value="expert", said="I wrote a book on bees."))
        profile.stand(SICK, k=1)
    return path


@pytest.fixture
def profile(seeded: Path) -> str:
    """That bank, in the current folder."""
    shutil.copy(seeded, "agentmem.db")
    return "agentmem.db"


CALLS = {
    "show": ["show"],
    "facts": ["facts"],
    "stand": ["stand", "Who is this?"],
    "standing": ["standing"],
    "explain": ["explain", "length"],
}


@pytest.mark.parametrize("command", CALLS)
def test_an_answer_has_its_schema_and_the_documented_keys(answer, profile, command):
    given = answer("profile", *CALLS[command])
    assert given["schema"] == f"agentmem.cli.profile.{command}/1"
    assert set(given) == {"schema", *ANSWERS[f"profile.{command}"]}


def test_every_command_has_an_answer_and_the_common_options():
    commands = {
        one.name or one.callback.__name__: one.callback.__annotations__
        for part in group.registered_groups
        for one in part.typer_instance.registered_commands
    }
    assert set(commands) == set(CALLS)
    assert set(CALLS) == {key.removeprefix("profile.") for key in ANSWERS if key.startswith("profile.")}
    for name, given in commands.items():
        assert {"db", "namespace", "json"} <= set(given), name


def test_the_portrait_tells_value_strength_words_and_where_they_are_from(answer, run, profile):
    lines = {one["aspect"]: one for one in answer("profile", "show")["portrait"]}
    told = lines["length"]
    assert (told["value"], told["words"]) == ("full", "long and thorough")
    assert (told["times"], told["said"], told["shown"]) == (4, 3, 1)
    assert told["last"] == "2026-04-06T09:00:00Z" and told["sources"] == ["a", "c", "d"]
    assert told["strength"] == pytest.approx(sum(one["counts"] for one in told["evidence"][1:3]))
    assert [one["said"] for one in told["evidence"]][:2] == ["Two lines will do.", "Write me pages."]
    assert told["text"].startswith('Length of answers: long and thorough. "Write me pages."')
    assert lines["humour"]["value"] == "" and lines["humour"]["strength"] == 1.0
    table = run("profile", "show").stdout
    assert 'Length of answers: long and thorough. "Write me pages."' in table
    assert f"    {told['record']}, from a, c, d\n" in table


def test_an_aspect_is_explained_piece_by_piece(answer, run, profile):
    told = answer("profile", "explain", "length")
    assert [(one["event"], one["holds"]) for one in told["evidence"]] == [
        ("a", "brief"),
        ("c", "full"),
        ("c", "full"),
        ("d", "full"),
    ]
    assert told["evidence"][0]["counts"] == pytest.approx(0.5, abs=0.01)
    assert told["record"]["key"] == "length" and told["facts"] == []
    page = run("profile", "explain", " LENGTH ").stdout
    assert "2026-04-05 09:00  shown" in page and "said, for once" in page and "event d" in page
    assert f"agentmem history {told['record']['id']}" in page


def test_of_what_is_no_line_of_the_portrait_the_facts_are_told(answer, run, profile):
    told = answer("profile", "explain", "knowledge")
    assert [one["text"] for one in told["facts"]] == ["I wrote a book on bees."]
    assert (told["record"], told["evidence"], told["value"]) == (None, [], "")
    assert "I wrote a book on bees." in run("profile", "explain", "knowledge").stdout
    nothing = run("profile", "explain", "tone")
    assert (nothing.exit_code, nothing.stdout) == (Exit.NEGATIVE, "nothing is known of it yet (tone)\n")
    assert answer("profile", "explain", "tone", code=1)["record"] is None


def test_evidence_that_is_kept_no_more_is_counted(answer, run, profile):
    with Bank("agentmem.db", embedder=HashingEmbedder()) as bank:
        for n in range(KEPT):
            learn(bank.store("profile"), f"more{n}", 100 + n, length("full", f"More, please, {n}."))
    told = answer("profile", "explain", "length")
    assert (told["times"], len(told["evidence"])) == (4 + KEPT, KEPT)
    assert "and 4 older, which count no more" in run("profile", "explain", "length").stdout


def test_facts_are_told_the_newest_first_and_no_more_than_are_wanted(answer, run, profile):
    assert [one["text"] for one in answer("profile", "facts")["facts"]] == [
        "I wrote a book on bees.",
        "Walnuts make me ill.",
    ]
    assert answer("profile", "facts", "--limit", "1")["facts"][0]["metadata"]["aspect"] == "knowledge"
    table = run("profile", "facts", "-n", "1").stdout
    assert "and 1 further ones; see --limit" in table and "Walnuts" not in table


def test_a_question_stands_and_its_answer_follows(answer, run, profile):
    kept = answer("profile", "stand", "Which book did they write?", "-k", "1")["answer"]
    assert answer("profile", "standing", "which  book did THEY write?")["answers"] == [kept]
    everything = answer("profile", "standing")
    assert [one["payload"]["question"] for one in everything["answers"]] == [
        SICK,
        "Which book did they write?",
    ]
    assert everything["question"] is None
    (item,) = answer("profile", "standing", SICK)["answers"][0]["payload"]["items"]
    run("correct", item, "Hazelnuts make me ill.", "--why", "a slip")
    assert answer("profile", "standing", SICK)["answers"][0]["text"] == "Hazelnuts make me ill."
    table = run("profile", "standing").stdout
    assert f"       1  {SICK}\n    Hazelnuts make me ill.\n" in table
    piped = run("profile", "standing", "-", input=f"{SICK}\n")
    assert piped.exit_code == 0 and "Hazelnuts" in piped.stdout


def test_a_question_that_does_not_stand_is_told(answer, run, bank, profile):
    told = run("profile", "standing", "And then?")
    assert told.exit_code == Exit.NEGATIVE and "agentmem profile stand QUESTION" in told.stdout
    assert answer("profile", "standing", "And then?", code=1)["answers"] == []
    assert run("profile", "stand", " ").exit_code == Exit.INPUT


def test_a_line_is_corrected_taken_back_and_retracted_by_the_general_commands(answer, run, profile):
    record = answer("profile", "show")["portrait"][0]["record"]
    assert run("correct", record, "Answers of one page.", "--why", "they said so").exit_code == 0
    assert "Answers of one page." in run("profile", "show").stdout
    assert run("undo", record).exit_code == 0
    line = answer("profile", "show")["portrait"][0]
    assert line["record"] == record and line["text"].startswith("Length of answers: long")
    assert run("retract", record).exit_code == 0
    assert [one["aspect"] for one in answer("profile", "show")["portrait"]] == ["humour"]
    assert "first evidence" in run("history", record).stdout


def test_what_was_said_before_there_was_a_profile_is_read(answer, monkeypatch):
    monkeypatch.delenv("AGENTMEM_EMBEDDER")  # what a sentence is about, only the real embedder knows
    said = "Please keep your answers short. My sister Mia is a nurse in Lyon."
    answer("remember", said, "--id", "m1", "--time", "2026-01-05")
    answer("remember", "The build is red again.", "--trust", "tool")
    told = answer("profile", "show")
    assert [(one["aspect"], one["text"]) for one in told["portrait"]] == [
        ("length", 'Length of answers: "Please keep your answers short." (once, last on 2026-01-05)')
    ]
    assert told["pending"] == []
    assert [one["text"] for one in answer("profile", "facts")["facts"]] == [
        "My sister Mia is a nurse in Lyon."
    ]
    answer("remember", "Two lines are enough for me.", "--id", "m2")
    assert answer("profile", "show")["portrait"][0]["sources"] == ["m1", "m2"]


def test_a_profile_where_little_or_nothing_is_known_says_so(run):
    run("remember", "The build is red again.", "--trust", "tool")  # nobody's wish
    for command in ("show", "facts"):
        told = run("profile", command)
        assert told.exit_code == 0 and "what they say is read: agentmem remember TEXT" in told.stdout
    assert run("profile", "standing").stdout.startswith("no question stands; keep one: ")
    with Bank("agentmem.db", embedder=HashingEmbedder()) as opened:
        learn(opened.store("profile"), "z", 0, Note(aspect="life", value="fact", said="Figs are mine."))
    assert run("profile", "show").stdout == "no wishes are known; see `agentmem profile facts`\n"


def test_who_reads_is_chosen_when_the_profile_begins(answer, run, bank):
    assert run("profile", "show", "--reader", "model").exit_code == 0
    told = answer("profile", "show")
    assert {one["error"].partition(":")[0] for one in told["pending"]} == {"Unavailable"}
    assert "not read yet: Unavailable: no language model" in run("profile", "show").stdout
    other = run("profile", "show", "--reader", "cues")
    assert other.exit_code == Exit.INPUT and "reader='model', not with reader='cues'" in other.stderr


@pytest.mark.parametrize(
    ("call", "code", "said"),
    [
        (["explain", "moon"], Exit.INPUT, "there is no aspect 'moon' (there are: length, tone, "),
        (["show", "--reader", "oracle"], Exit.INPUT, "is not one of 'cues', 'model'"),
        (["show", "--namespace", "nobody"], Exit.NOT_FOUND, "there is no namespace 'nobody'"),
        (["facts", "--db", "none.db"], Exit.NOT_FOUND, "there is no bank at none.db"),
        (["stand", "x", "-k", "0"], Exit.INPUT, "-k"),
    ],
)
def test_what_cannot_be_is_told_in_one_line(run, profile, call, code, said):
    told = run("profile", *call)
    assert (told.exit_code, told.stdout) == (code, "")
    assert said in told.stderr and told.stderr.count("\n") == 1
    assert not Path("none.db").exists()


def test_no_command_obeys_what_a_text_says(run, profile):
    with Bank("agentmem.db", embedder=HashingEmbedder()) as bank:
        memory = bank.store("profile")
        learn(memory, "x", 95, length("", HOSTILE), Note(aspect="life", value="fact", said=HOSTILE))
        memory.stand(HOSTILE)
    for call in (["show"], ["facts"], ["standing"], ["explain", "length"], ["explain", "life"]):
        told = run("profile", *call)
        assert told.exit_code == 0 and "red" in told.stdout, told.output
        assert not {"\x1b", "\x9b", "\u202e"} & set(told.stdout)

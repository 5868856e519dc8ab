"""Traces and verdicts in, concepts out: what is written when, what is shown, what is left when it is forgotten."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from agentmem.bank import Bank, MemorySpec
from agentmem.config import Settings
from agentmem.errors import InvalidInput, NotApplicable, NotFound, Refused
from agentmem.records import Trust
from agentmem.stores.concept.routines import Parameter, library_of, register
from agentmem.stores.concept.store import ConceptMemory

HOME = ("desk",)


class Ticket: ...


def restart_service(ticket: Ticket) -> Ticket:
    """Restarts what hangs."""
    return ticket


def clear_cache(ticket: Ticket) -> Ticket:
    """Empties a cache whose entries are stale.

    Args:
        ticket: The case.
    """
    return ticket


def until_quiet(ticket: Ticket, step: str) -> Ticket:
    """Does a step again until nothing is logged."""
    return ticket


register(library_of("desk", [restart_service, clear_cache, until_quiet]))
HANGS = "def fix(ticket):\n    return restart_service(clear_cache(ticket))\n"
STALE = "def fix(ticket):\n    return clear_cache(ticket)\n"


@pytest.fixture
def bank() -> Iterator[Bank]:
    with Bank("sqlite://", settings=Settings(embedder="hashing")) as bank:
        yield bank


def opened(bank: Bank, **options: object) -> ConceptMemory:
    spec = MemorySpec(store="concept", options={"abstractor": "code", "library": "desk", **options})
    memory = bank.store(spec, HOME)
    assert isinstance(memory, ConceptMemory)
    return memory


def titles(memory: ConceptMemory, kind: str = "routine") -> list[str]:
    return sorted(one.title for one in memory.concepts() if one.kind == kind)


def test_a_solution_is_written_once_it_is_judged_right(bank: Bank):
    memory = opened(bank)
    problem = memory.attempted("The page hangs.", HANGS, problem="T-1", language="python")
    assert memory.concepts() == []
    memory.judge(problem, True)
    assert titles(memory) == ["clear cache", "restart service"]
    (cache,) = [one for one in memory.concepts() if one.title == "clear cache"]
    assert cache.description == "Empties a cache whose entries are stale."
    assert [(one.name, one.type, one.description) for one in cache.parameters] == [
        ("ticket", "Ticket", "The case.")
    ]
    assert memory.used_in(cache.id) == [problem]
    assert memory.pending() == []
    assert bank.verify() == []


def test_what_was_not_solved_is_journalled_and_never_abstracted(bank: Bank):
    memory = opened(bank)
    problem = memory.attempted("The page hangs.", HANGS, language="python")
    memory.judge(problem, False)
    assert memory.concepts() == []
    assert [(one.solved, one.solution) for one in memory.problems()] == [(False, HANGS)]


def test_verdicts_wait_until_there_are_as_many_as_are_written_at_once(bank: Bank):
    memory = opened(bank, every=2)
    memory.attempted("The page hangs.", HANGS, language="python", solved=True)
    second = memory.attempted("Old prices are shown.", STALE, language="python")
    assert memory.concepts() == []
    assert len(memory.pending()) == 1
    memory.judge(second, True)
    assert titles(memory) == ["clear cache", "restart service"]
    assert memory.pending() == []


def test_a_batch_reads_one_state_of_the_memory_and_what_it_says_twice_is_one(bank: Bank):
    memory = opened(bank, every=3)
    problems = [
        memory.attempted(text, STALE, language="python", solved=True)
        for text in ("Old prices.", "Old names.", "Old pictures.")
    ]
    assert titles(memory) == ["clear cache"]
    (cache,) = [one for one in memory.concepts() if one.kind == "routine"]
    assert sorted(memory.used_in(cache.id)) == sorted(problems)


def test_a_verdict_that_is_taken_back_before_it_is_written_teaches_nothing(bank: Bank):
    memory = opened(bank, every=2)
    wrong = memory.attempted("The page hangs.", HANGS, language="python")
    memory.judge(wrong, True)
    memory.judge(wrong, False)
    memory.attempted("Old prices are shown.", STALE, language="python", solved=True)
    assert titles(memory) == ["clear cache"]
    assert memory.pending() == []


def test_a_second_verdict_on_a_problem_writes_nothing_anew(bank: Bank):
    memory = opened(bank)
    problem = memory.attempted("The page hangs.", HANGS, language="python")
    memory.judge(problem, True)
    before = [one.version for one in memory.concepts()]
    memory.judge(problem, True)
    assert [one.version for one in memory.concepts()] == before


def test_a_solution_that_is_no_program_is_refused_with_a_reason(bank: Bank):
    memory = opened(bank)
    memory.attempted("The page hangs.", "def fix(:", language="python", solved=True)
    ((refused, event),) = memory.refusals()
    assert (refused.gate, memory.concepts()) == ("code", [])
    assert "no Python" in refused.why
    assert event.caused_by


def test_a_forgotten_trace_takes_along_what_came_of_it_alone(bank: Bank):
    memory = opened(bank)
    first = memory.attempted("The page hangs.", HANGS, language="python", solved=True)
    second = memory.attempted("Old prices are shown.", STALE, language="python", solved=True)
    bank.forget(HOME, records=[first])
    assert titles(memory) == ["clear cache"]
    (cache,) = [one for one in memory.concepts() if one.kind == "routine"]
    assert memory.used_in(cache.id) == [second]
    assert [one.id for one in memory.problems()] == [second]
    assert bank.verify() == []


def test_a_solved_problem_votes_for_what_it_used(bank: Bank):
    memory = opened(bank)
    memory.attempted("the page of the shop hangs at noon", HANGS, language="python", solved=True)
    memory.attempted("old prices are shown in the list", STALE, language="python", solved=True)
    hits = memory.recall("the page of the blog hangs at noon", k=2)
    assert {hit.record.payload["kinds"][0]["text"] for hit in hits} <= {"routine", "type"}
    assert hits[0].parts
    for hit in hits:
        assert sum(hit.parts.values()) == pytest.approx(hit.score)


def test_the_weights_say_how_many_past_problems_they_come_from(bank: Bank):
    memory = opened(bank)
    assert memory.calibration().source == "experience"
    for n in range(8):
        program = HANGS if n % 2 else STALE
        memory.attempted(f"page {n} of the shop", program, language="python", solved=True)
    told = memory.calibration()
    assert (told.problems, told.past) == (8, 8)


def test_nothing_relevant_selects_nothing_and_injects_nothing():
    with Bank("sqlite://") as real:  # what is relevant is a question of meaning
        memory = opened(real)
        assert memory.synthesize("a zebra crossing", 200).text == ""
        memory.attempted("The page of the shop hangs.", HANGS, language="python", solved=True)
        assert memory.recall("Which oboe concerto did Mozart write?") == []
        assert memory.synthesize("Which oboe concerto did Mozart write?", 200).text == ""
        assert memory.recall("The page of the blog hangs.") != []


def test_the_best_are_told_in_full_and_the_others_in_a_line(bank: Bank):
    memory = opened(bank, abstractor="none", library=None)
    for n in range(12):
        memory.state(
            f"mend part {'abcdefghijkl'[n]}",
            description="a long way of saying how a part is mended " * 4,
            parameters=[Parameter(name="part", type="Part")],
            cues=["a part is broken"],
        )
    context = memory.synthesize("a part is broken", 300, k=8)
    assert context.tokens <= 300
    told = [line for line in context.text.splitlines() if line.startswith("[")]
    full = context.text.count("a long way of saying")
    assert len(told) == 8
    assert 0 < full < 8 * 4


def test_less_trust_stands_beside_and_changes_nothing(bank: Bank):
    memory = opened(bank, abstractor="none", library=None)
    mine = memory.state("clear cache", description="empties it")
    other = memory.state("Clear caches", description="deletes the disk", trust=Trust.WEB)
    assert other != mine
    assert memory.concept(mine).alternatives == ()
    with pytest.raises(Refused):
        memory.revise(mine, description="deletes the disk", trust=Trust.WEB)
    (hit,) = [one for one in memory.recall("clear cache", floor=False) if one.id == mine]
    assert hit.alternatives == (other,)


def test_outcomes_are_counted_beside_the_concept(bank: Bank):
    memory = opened(bank, abstractor="none", library=None)
    one = memory.state("clear cache", description="empties it")
    other = memory.state("restart", description="begins anew")
    memory.feedback([one, other], "selected")
    memory.feedback([one], "harmed")
    memory.feedback([one], "harmed")
    assert memory.outcomes() == {one: {"harmed": 2.0, "selected": 1.0}, other: {"selected": 1.0}}
    assert memory.concept(one).version == 1


def test_what_is_wrong_is_told_with_the_remedy(bank: Bank):
    with pytest.raises(InvalidInput, match="no library"):
        opened(bank, library=None)
    with pytest.raises(InvalidInput, match="every is 0"):
        opened(bank, every=0)
    with pytest.raises(InvalidInput, match="there is no abstractor 'magic'"):
        opened(bank, abstractor="magic")
    memory = opened(bank, abstractor="none", library=None)
    with pytest.raises(InvalidInput, match="title"):
        memory.state("  ")
    with pytest.raises(InvalidInput, match="no title"):
        memory.state("???")
    with pytest.raises(NotApplicable):
        memory.merge("no-such", "neither")
    with pytest.raises(NotFound):
        memory.concept("no-such")
    one = memory.state("clear cache")
    rule = memory.state("Look twice.", form="rule")
    with pytest.raises(InvalidInput, match="form"):
        memory.merge(one, rule)
    with pytest.raises(InvalidInput, match="says nothing"):
        memory.revise(one)
    with pytest.raises(InvalidInput, match="feedback has the value"):
        memory.feedback([one], "helped", "much")  # type: ignore[arg-type]


def test_a_batch_that_fails_waits_and_says_why_and_can_be_tried_again(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
):
    memory = opened(bank, every=2)
    whole = type(memory.abstractor).abstract

    def down(*given: object) -> list[object]:
        raise ConnectionError("the model does not answer")

    with monkeypatch.context() as patched:
        patched.setattr(type(memory.abstractor), "abstract", down)
        for text in ("Old prices.", "Old names."):
            memory.attempted(text, STALE, language="python", solved=True)
    told = memory.pending()
    assert [(one.state, "does not answer" in one.error) for one in told] == [("waiting", True)] * 2
    assert type(memory.abstractor).abstract is whole
    memory.retry()
    assert titles(memory) == ["clear cache"]
    assert memory.pending() == []

"""Any order of the same writes gives the same memory; nothing that was said of a concept is wiped."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from agentmem.bank import Bank
from agentmem.config import Settings
from agentmem.stores.concept.changes import USED_IN
from agentmem.stores.concept.content import Content, Statement, content_of, join, stands
from agentmem.stores.concept.operations import Merge, State, Vote, event_of
from agentmem.stores.concept.routines import Parameter
from agentmem.stores.concept.store import ConceptMemory

HOME = ("a",)
START = datetime(2026, 1, 5, 9, tzinfo=UTC)
NO_SHRINK = (Phase.explicit, Phase.reuse, Phase.generate)
QUICK = settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck), phases=NO_SHRINK)
TITLES = ["draw line", "Draw lines", "the fill", "fill", "crop", "mirror", "Mirrors"]
WORDS = st.sampled_from(["a cue", "another cue", "Another cue", "seen twice", "with a border"])
PARAMETERS = st.builds(
    Parameter,
    name=st.sampled_from(["colour", "Colours", "grid"]),
    type=st.sampled_from(["", "Colour", "Grid"]),
    description=st.sampled_from(["", "what is drawn", "where"]),
)
STATES = st.builds(
    State,
    title=st.sampled_from(TITLES),
    aliases=st.lists(st.sampled_from(TITLES), max_size=1).map(tuple),
    kind=st.sampled_from(["", "routine", "structure"]),
    description=st.sampled_from(["", "joins two cells", "connects points"]),
    parameters=st.lists(PARAMETERS, max_size=2).map(tuple),
    output=st.sampled_from(["", "Grid"]),
    cues=st.lists(WORDS, max_size=2).map(tuple),
    notes=st.lists(WORDS, max_size=2).map(tuple),
    used_in=st.lists(st.sampled_from(["0", "1", "2"]), max_size=2, unique=True).map(tuple),
)


def opened() -> Bank:
    return Bank("sqlite://", settings=Settings(embedder="hashing"))


def with_problems(bank: Bank) -> tuple[ConceptMemory, dict[str, str]]:
    memory = bank.store("concept", HOME)
    assert isinstance(memory, ConceptMemory)
    return memory, {str(n): memory.attempted(f"problem {n}", id=f"trace-{n}") for n in range(3)}


def what_it_holds(memory: ConceptMemory) -> list[tuple[object, ...]]:
    """Every concept with all that was said of it and where it is used, without ids."""
    found = []
    records = [one for one in memory.select('type = "concept"') if stands(one)]
    links = memory.bank.view(HOME, store="concept").links([one.id for one in records], USED_IN)
    for one in records:
        uses = sorted({link.target for link in links if link.source == one.id})
        found.append((content_of(one).model_dump_json(), one.text, one.key, one.indexed["text"], uses))
    return sorted(found, key=str)


@QUICK
@given(operations=st.lists(STATES, min_size=2, max_size=7), data=st.data())
def test_any_order_of_the_same_statements_gives_the_same_memory(operations, data):
    shuffled = data.draw(st.permutations(range(len(operations))))
    held = []
    for order in (range(len(operations)), shuffled):
        with opened() as bank:
            memory, problems = with_problems(bank)
            for n in order:
                told = operations[n]
                named = told.altered({"used_in": tuple(problems[one] for one in told.used_in)})
                moment = START + timedelta(minutes=n)
                memory.observe(event_of(named, id=f"op-{n}", store="concept", time=moment))
            held.append(what_it_holds(memory))
            assert bank.verify() == []
    assert held[0] == held[1]


@QUICK
@given(
    operations=st.lists(STATES, min_size=2, max_size=5),
    pairs=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=4),
    data=st.data(),
)
def test_any_order_of_the_same_merges_gives_the_same_memory(operations, pairs, data):
    shuffled = data.draw(st.permutations(pairs))
    held = []
    for merges in (pairs, shuffled):
        with opened() as bank:
            memory, problems = with_problems(bank)
            for n, told in enumerate(operations):
                named = told.altered({"used_in": tuple(problems[one] for one in told.used_in)})
                moment = START + timedelta(minutes=n)
                memory.observe(event_of(named, id=f"op-{n}", store="concept", time=moment))
            ids = [one.id for one in memory.concepts()]
            memory.feedback(ids[:1], "helped")
            for one, other in merges:
                merge = Merge(node=ids[one % len(ids)], other=ids[other % len(ids)])
                memory.observe(event_of(merge, store="concept", time=START + timedelta(hours=1)))
            held.append((what_it_holds(memory), sorted(map(str, memory.outcomes().values()))))
            assert bank.verify() == []
    assert held[0] == held[1]


CONTENTS = st.builds(
    Content,
    titles=st.lists(
        st.builds(
            Statement,
            text=st.sampled_from(TITLES),
            first=st.sampled_from([START, START + timedelta(days=1)]),
        ),
        max_size=3,
    ).map(tuple),
    revised=st.dictionaries(st.sampled_from(["titles: crop", "titles: fill"]), st.just(START), max_size=1),
)


@given(CONTENTS, CONTENTS, CONTENTS)
def test_joining_commutes_and_is_associative(one, other, third):
    assert join(one, other) == join(other, one)
    assert join(join(one, other), third) == join(one, join(other, third))


@given(CONTENTS)
def test_joining_with_nothing_changes_nothing_but_the_order(one):
    again = join(one, Content())
    assert join(again, Content()) == again


def test_a_parameter_that_is_listed_again_keeps_its_type():
    with opened() as bank:
        memory, _ = with_problems(bank)
        first = memory.state("draw line", parameters=[Parameter(name="colour", type="Colour")])
        memory.state("draw lines", parameters=[Parameter(name="colour"), Parameter(name="from", type="Cell")])
        assert [(one.name, one.type) for one in memory.concept(first).parameters] == [
            ("colour", "Colour"),
            ("from", "Cell"),
        ]


def test_what_contradicts_stands_as_an_alternative_until_it_is_revised():
    with opened() as bank:
        memory, _ = with_problems(bank)
        id = memory.state("mirror", description="turns left to right")
        memory.state("Mirror", description="turns upside down")
        assert memory.concept(id).alternatives == ("turns upside down",)
        memory.revise(id, description="turns about an axis")
        told = memory.concept(id)
        assert (told.description, told.alternatives) == ("turns about an axis", ())
        assert [version.operation for version in memory.history(id)] == [
            "concept.state",
            "concept.state",
            "concept.revise",
        ]


def test_a_merge_can_be_undone():
    with opened() as bank:
        memory, problems = with_problems(bank)
        one = memory.state("mirror", description="turns left to right", used_in=[problems["0"]])
        other = memory.state("flip", description="turns upside down", used_in=[problems["1"]])
        before = what_it_holds(memory)
        stays = memory.merge(one, other)
        gone = other if stays == one else one
        assert [told.id for told in memory.concepts()] == [stays]
        assert memory.concept(gone).id == stays
        memory.undo(gone)
        assert [entry[:4] for entry in what_it_holds(memory)] == [entry[:4] for entry in before]
        assert bank.verify() == []


def test_a_rule_that_more_are_against_leaves():
    with opened() as bank:
        memory, _ = with_problems(bank)
        id = memory.state("Look at the whole grid before a part of it.", form="rule")
        memory.vote(id, 1)
        memory.vote(id, -1)
        memory.vote(id, -1)
        assert [one.id for one in memory.concepts()] == [id]
        memory.observe(event_of(Vote(node=id, value=-1), store="concept"))
        assert memory.concepts() == []


def test_a_title_comes_before_its_aliases_and_lists_keep_their_order():
    with opened() as bank:
        memory, problems = with_problems(bank)
        id = memory.state("zebra", aliases=["ant"], cues=["last seen", "first seen"])
        assert (memory.concept(id).title, memory.concept(id).aliases) == ("zebra", ("ant",))
        assert memory.concept(id).cues == ("last seen", "first seen")
        assert memory.state("zebra", used_in=[problems["0"]]) == id
        assert memory.used_in(id) == [problems["0"]]


def test_a_type_and_a_routine_of_one_name_are_two():
    with opened() as bank:
        memory, _ = with_problems(bank)
        routine = memory.state("pieces", kind="routine", description="finds them")
        type_ = memory.state("Piece", kind="type", output="Piece")
        assert routine != type_
        assert memory.state("piece", kind="type") == type_
        assert memory.state("Pieces") == routine
        both = memory.merge(routine, type_)
        assert memory.state("pieces") == memory.state("piece", kind="type") == both
        assert bank.verify() == []

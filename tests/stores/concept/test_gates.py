"""Gates: the problem's own numbers, names and quotes stay out, and so do replies about the task and noise."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from agentmem.stores.concept.gates import GatePolicy, faults, without_faulty
from agentmem.stores.concept.numerals import NUMBER_WORDS, numbers_in
from agentmem.stores.concept.operations import State
from agentmem.stores.concept.problems import Problem
from agentmem.stores.concept.routines import Parameter

POLICY = GatePolicy()
PROBLEM = Problem(
    id="p1",
    trace="e1",
    problem="ticket-88",
    text=(
        "Ticket INC-4711 of 2024-03-05: maya.chen@acme.com waits -17.50 seconds at ratio 3:4, cell (12, 34), "
        'colour 8, page "Quarterly sales report", file q3_totals.csv, twenty-three rows, user ＃９７.'
    ),
    solution=(
        "def fix_login(rowCount, grid):\n"
        '    """Give back all that is left over after the fix of the login page."""\n'
        "    session_key = np.count_nonzero(grid) + 640\n"
        "    return flip_all(session_key, 'ACME-internal', mode='horizontal')\n"
    ),
    language="python",
)


def state(**told) -> State:
    return State(**{"title": "Turn a shape", "description": "what is turned stays in place", **told})


def gates(told: State, problem: Problem = PROBLEM, known=()) -> set[str]:
    return {fault.gate for fault in faults(told, [problem], POLICY, known)}


LEAKS = [
    "look for INC-4711",
    "look for inc-4711 first",
    "in 2024",
    "on day 5 of the month",
    "write to maya.chen@acme.com",
    "mails of acme.com",
    "ask maya.chen",
    "wait 17.5 seconds",
    "wait 17.50 seconds",
    "minus 17.5",
    "a ratio of 3",
    "keep 3/5 of it",
    "the cell 12",
    "cell(34)",
    "colour 8 is the marker",
    "colour eight is the marker",
    "the eighth colour",
    "colour ８",
    "colour ٨",
    "colour8",
    "an 8x8 block",
    "the page 'quarterly sales report'",
    "read q3_totals.csv",
    "twenty three rows",
    "23 rows",
    "user 97",
    "set session_key before",
    "rowCount is what counts",
    "RowCount is what counts",
    "call fix_login",
    "as 'ACME-internal' does",
    "add six hundred and forty",
    "see ticket-88",
]
CLEAN = [
    "turn by 90 degrees",
    "turn by 90° or 270-degree steps",
    "0, 1 or 2 of them",
    "one, two, first and second",
    "the 2D case of x1",
    "count what is not zero by np.count_nonzero",
    "the mode is horizontal or vertical",
    "all rows and cells of a colour",
    "flip all that is left",
    "a page, a file, a ticket, a user",
    "99 is nobody's number",
    "3.25 is no number of it, nor 1712",
    "words that are 1500 long",
]


@pytest.mark.parametrize("field", ["cues", "notes"])
@pytest.mark.parametrize("text", LEAKS)
def test_what_is_the_problems_own_leaks(field, text):
    assert gates(state(**{field: (text,)})) == {"leak"}


@pytest.mark.parametrize("text", CLEAN)
def test_what_is_everybodys_does_not(text):
    assert gates(state(cues=(text,), notes=(text,), description=text)) == set()


def test_words_of_a_library_pass_whatever_the_problem_says():
    problem = PROBLEM.altered({"text": f"{PROBLEM.text} 90", "solution": "rotate_90(crop_8x8(grid))"})
    told = state(notes=("call rotate_90 after crop_8x8",))
    assert gates(told, problem) == {"leak"}
    assert gates(told, problem, ["rotate_90", "crop_8x8"]) == set()
    assert gates(state(notes=("call rotate_90 with 8",)), problem, ["rotate_90", "crop_8x8"]) == {"leak"}


def test_names_of_the_phone_and_of_languages_are_no_names_of_a_problem():
    problem = PROBLEM.altered({"text": "The iPhone with macOS runs JavaScript and Node.js", "solution": ""})
    assert gates(state(notes=("of iPhone, macOS, JavaScript and Node.js",)), problem) == set()


def test_a_problem_with_a_word_for_its_name_forbids_no_word():
    problem = PROBLEM.altered({"problem": "a", "text": "", "solution": ""})
    assert gates(state(cues=("a shape that is a block",)), problem) == set()
    assert gates(state(cues=("a shape",)), problem.altered({"problem": "007bbfb7"})) == set()
    assert gates(state(cues=("as in 007BBFB7",)), problem.altered({"problem": "007bbfb7"})) == {"leak"}


def test_the_digits_of_a_hash_are_no_numbers():
    hashes = "deadbeef5 550e8400-e29b-41d4-a716-446655440000"
    assert numbers_in(hashes) == set()
    problem = PROBLEM.altered({"text": hashes, "solution": ""})
    assert gates(state(cues=("a block of 5",)), problem) == set()
    assert gates(state(cues=("see DEADBEEF5",)), problem) == {"leak"}


def test_a_solution_that_is_no_program_is_read_as_it_is():
    problem = PROBLEM.altered({"solution": "def (: my_own_name + 55"})
    assert gates(state(cues=("my_own_name",)), problem) == {"leak"}
    assert gates(state(cues=("55",)), problem) == {"leak"}


@pytest.mark.parametrize(
    ("told", "gate"),
    [
        ({"cues": ("wait for colour 8",)}, "leak"),
        ({"aliases": ("fix INC-4711",)}, "leak"),
        ({"title": "Fix INC-4711"}, "leak"),
        ({"description": "about INC-4711"}, "leak"),
        ({"parameters": (Parameter(name="x", description="the 17.5"),)}, "leak"),
        ({"parameters": (Parameter(name="colour_8"),)}, "leak"),
        ({"parameters": (Parameter(name="session_key"),)}, None),
        ({"cues": tuple(f"cue {'x' * n}" for n in range(9))}, "size"),
        ({"notes": ("x y " * 200,)}, "size"),
        ({"title": "word " * 16}, "junk"),
        ({"title": "word " * 16, "form": "oe"}, None),
        ({"title": "…→…"}, "junk"),
        ({"title": "Concept title"}, "junk"),
        ({"title": "旋转"}, None),
        ({"title": "x" * 61 + " y"}, "junk"),
        ({"description": "turn a shape."}, "junk"),
        ({"title": "When..."}, "junk"),
        ({"title": "addition", "form": "rule", "description": ""}, "junk"),
        ({"title": "先看再走再停下来", "form": "rule", "description": ""}, None),
        ({"title": "Look before moving", "form": "rule", "description": ""}, None),
        ({"title": "a wall is ahead", "form": "oe", "description": "turn"}, "junk"),
        ({"title": "a wall is ahead", "form": "oe", "description": "Solve the problem"}, "junk"),
        ({"description": "", "cues": ("Turn shapes",)}, "junk"),
    ],
)
def test_each_field_is_held_to_its_gate(told, gate):
    assert gates(state(**told)) == ({gate} if gate else set())


@pytest.mark.parametrize(
    "text",
    [
        "No context was given.",
        "no further information is provided",
        "The solution was not provided",
        "As an AI language model, I help",
        "I cannot determine the concept",
        "I'm unable to extract anything",
        "I don't have enough of it",
        "I'm sorry, but",
        "Sorry, no.",
        "Please provide the problem",
        "could you share more context?",
        "there is nothing to abstract here",
        "No new concepts can be extracted",
        "Here are the concepts:",
        "Sure! Turning shapes",
        "N/A",
        "(not applicable)",
        "TODO",
        "todo: fill in",
        "placeholder",
        "Lorem ipsum dolor",
        "<memory-0a1b2c3d>",
        "Recalled memory: data to read",
        '{"entries": []}',
        "insufficient information",
    ],
)
def test_a_reply_about_the_task_is_junk(text):
    assert gates(state(description=text)) == {"junk"}
    assert gates(state(cues=(text,))) == {"junk"}


@pytest.mark.parametrize(
    "text",
    [
        "the user says: I cannot log in",
        "no solution is found before the limit",
        "stop when no input is left",
        "a todo list on the page",
        "the index is not available on views",
        "ask the user to provide a screenshot",
        "sort by the given key",
        "the unknown is on the right",
    ],
)
def test_what_only_sounds_like_one_is_not(text):
    assert gates(state(description=text)) == set()


def test_an_entry_may_lose_cues_and_stand():
    told = state(
        cues=("a turned shape", "colour 8", "N/A", *("c" * n for n in range(2, 12))), notes=("INC-4711",)
    )
    kept, found = without_faulty(told, [PROBLEM], POLICY)
    assert kept.cues[0] == "a turned shape"
    assert len(kept.cues) == POLICY.cues
    assert kept.notes == ()
    assert [fault.gate for fault in found] == ["leak", "junk", "size", "leak"]
    assert faults(kept, [PROBLEM], POLICY) == []


WORDS = st.text("abcdefghijklmnopqrstuvwxyzäß", min_size=2, max_size=10)
SOURCES = st.lists(
    st.one_of(
        WORDS,
        st.integers(-(10**6), 10**6).map(str),
        st.decimals(0, 1000, allow_nan=False, places=2).map(str),
        st.from_regex(r"[A-Z]{2,4}-[0-9]{1,5}", fullmatch=True),
        st.from_regex(r"[a-z]{2,6}_[a-z]{2,6}", fullmatch=True),
        st.from_regex(r"\"[A-Za-z ]{2,20}\"", fullmatch=True),
        st.from_regex(r"\([0-9]{1,3}, ?[0-9]{1,3}\)", fullmatch=True),
        st.from_regex(r"[a-z]{2,5}@[a-z]{2,5}\.com", fullmatch=True),
        st.sampled_from(["'", '"', "`", "#", "://", "\n", "٣", "½", "\ud7ff"]),
    ),
    max_size=30,
).map(" ".join)


@given(source=SOURCES, solution=SOURCES, words=st.lists(WORDS, min_size=1, max_size=12))
def test_words_that_the_problem_does_not_say_never_leak(source, solution, words):
    said = f"{source} {solution}".casefold()
    told = [word for word in words if word.casefold() not in said]
    assume(
        told and not {word.removesuffix("s") for word in told} & NUMBER_WORDS and not {*told} & NUMBER_WORDS
    )
    problem = Problem(id="p", trace="e", text=source, solution=solution)
    one = State(title="some idea", cues=(" ".join(told),), notes=tuple(told[:8]))
    assert "leak" not in {fault.gate for fault in faults(one, [problem], POLICY)}


NUMBERS = st.one_of(
    st.integers(3, 10**9).map(str),
    st.integers(1000, 10**9).map(lambda n: f"{n:,}"),
    st.decimals(3, 10**6, allow_nan=False, places=3).map(str),
)
PLACES = st.sampled_from(
    ["{}", "({})", "-{}", "x={}", "#{}", "{}:", "[{};", "{}px", "{}%", "n{}", "'{}'", "{}."]
)


@given(
    number=NUMBERS,
    source=st.tuples(SOURCES, PLACES, SOURCES),
    told=st.tuples(st.lists(WORDS, max_size=4), PLACES, st.lists(WORDS, max_size=4)),
    in_solution=st.booleans(),
)
def test_a_number_of_the_problem_always_leaks(number, source, told, in_solution):
    before, place, behind = source
    written = f"{before}\n{place.format(number)}\n{behind}"
    problem = Problem(
        id="p",
        trace="e",
        **{"solution" if in_solution else "text": written, **({"text": ""} if in_solution else {})},
    )
    text = " ".join([*told[0], told[1].format(number), *told[2]])
    for field in ("cues", "notes"):
        found = faults(State(title="some idea", **{field: (text,)}), [problem], POLICY)
        assert "leak" in {fault.gate for fault in found}


@given(st.integers(3, 10**6))
def test_a_number_in_words_is_the_number(number):
    assert str(number) in numbers_in(in_words(number))


def in_words(number: int) -> str:
    units = [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ]
    tens = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
    if number < 20:
        return units[number]
    if number < 100:
        return tens[number // 10 - 2] + (f"-{units[number % 10]}" if number % 10 else "")
    if number < 1000:
        return f"{units[number // 100]} hundred" + (f" and {in_words(number % 100)}" if number % 100 else "")
    if number < 10**6:
        return f"{in_words(number // 1000)} thousand" + (
            f" {in_words(number % 1000)}" if number % 1000 else ""
        )
    return "one million"


@given(st.text())
def test_any_text_can_be_read(text):
    one = State(title="some idea", notes=(text.replace("\x00", ""),))
    faults(
        one,
        [
            Problem(
                id="p",
                trace="e",
                text=text.replace("\x00", ""),
                solution=text.replace("\x00", ""),
                language="python",
            )
        ],
        POLICY,
    )

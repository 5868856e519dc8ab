import json

from hypothesis import given, settings
from hypothesis import strategies as st

from agentmem.worlds.sandbox.verdicts import verdict_of

LINES = st.fixed_dictionaries(
    {},
    optional={
        "answer": st.none() | st.integers() | st.lists(st.floats()),
        "reason": st.none() | st.sampled_from(["timeout", "raised", "forbidden", "nonsense"]),
        "detail": st.text() | st.integers(),
        "end": st.booleans() | st.integers(),
        "other": st.none(),
    },
)
REPLIES = st.lists(LINES.map(json.dumps).map(str.encode) | st.binary(max_size=20), max_size=6).map(b"\n".join)
ENDINGS = st.none() | st.tuples(st.sampled_from(["timeout", "memory", "died"]), st.just("why"))


@settings(max_examples=50, deadline=None)
@given(REPLIES | st.binary(), st.integers(0, 4), ENDINGS)
def test_any_bytes_give_a_verdict_with_an_answer_for_each_input(reply, inputs, ended):
    verdict = verdict_of(reply, inputs, ended, detail_characters=10)
    assert len(verdict.answers) == inputs == len(verdict.outputs)
    for answer in verdict.answers:
        assert answer.reason is None or answer.value is None
    if verdict.ok:
        assert all(answer.reason is None for answer in verdict.answers)
    else:
        reasons = {answer.reason for answer in verdict.answers}
        assert verdict.reason in reasons or reasons <= {None}
    assert json.loads(verdict.model_dump_json())["reason"] == verdict.reason


def test_a_reply_without_its_end_is_that_of_a_process_which_died():
    verdict = verdict_of(b'{"answer": 1}\n', 1, None, detail_characters=10)
    assert verdict.outputs == (1,) and verdict.reason == "died"


def test_numbers_of_ten_thousand_digits_end_the_reading():
    reply = b'{"answer": 1' + b"0" * 10_000 + b'}\n{"end": true}\n'
    assert verdict_of(reply, 1, None, detail_characters=10).reason == "died"

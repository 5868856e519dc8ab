"""What is asked, the trials and errors of a judge, and the scores that need none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from agentmem_bench.answering.cases import Case, Question
from agentmem_bench.answering.metrics import exact_of, f1_of, token_f1
from agentmem_bench.answering.rates import Judging, Share, judging_of
from agentmem_bench.answering.rows import Trial
from agentmem_bench.answering.sampling import drawn, sampled
from agentmem_bench.answering.trials import UNKNOWN, tries
from agentmem_bench.commands import app
from agentmem_bench.locomo import asked


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("data") / "talk.json"
    file.write_text(CliRunner().invoke(app, ["locomo", "--example"]).stdout, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def cases(talk: Path) -> list[Case]:
    return asked.read(talk)


def question(**changes: Any) -> Question:
    return Question(**{"id": "q", "category": "4", "text": "Who?", "gold": "a red boat", **changes})


def trial(name: str, verdict: str, *, right: bool) -> Trial:
    return Trial.model_validate(
        {"question": name, "right": right, "abstention": False, "given": "x", "verdict": verdict}
        | {"reason": "", "usage": {}, "seconds": 0.0}
    )


def test_questions_without_an_answer_are_those_of_category_5(cases: list[Case]) -> None:
    questions = cases[0].questions
    assert [(each.category, each.abstention) for each in questions] == [
        ("4", False),
        ("2", False),
        ("1", False),
        ("3", False),
        ("5", True),
    ]
    assert questions[-1].trap == "240 euros"
    assert questions[-1].gold == ""


def test_a_sample_is_seeded_and_keeps_the_share_of_every_category() -> None:
    all_ = [
        question(id=f"{kind}{n}", category=kind)
        for kind, many in (("a", 60), ("b", 30), ("c", 10))
        for n in range(many)
    ]
    ten = drawn(all_, 10)
    assert [sum(each.category == kind for each in ten) for kind in "abc"] == [6, 3, 1]
    assert drawn(all_, 10) == ten
    assert drawn(all_, 1_000) == drawn(all_, 100)
    assert {each.id for each in drawn(all_, 100)} == {each.id for each in all_}


def test_a_sample_leaves_out_conversations_of_which_nothing_is_asked(cases: list[Case]) -> None:
    other = Case(cases[0].conversation, None, (question(id="far", category="9"),))
    assert sum(len(case.questions) for case in sampled([*cases, other], 3)) == 3
    assert sampled(cases, None) == cases


def test_the_judge_is_tried_on_the_expected_answer_and_on_anothers_of_the_same_category() -> None:
    questions = (
        question(id="1", gold="7 May 2023"),
        question(id="2", gold="9 June 2023"),
        question(id="3", gold="a boat"),
        question(id="4", gold="in Graz", category="1"),
        question(id="5", gold="", abstention=True, trap="240 euros", category="5"),
    )
    case = Case(lambda: pytest.fail("not needed"), None, questions)
    made = {(each.question.id, each.right): each.given for each in tries([case], [case])}
    assert made["1", True] == "The answer is: 7 May 2023."
    assert made["1", False] == "The answer is: 9 June 2023."
    assert made["5", True] == UNKNOWN
    assert made["5", False] == "The answer is: 240 euros."


def test_an_answer_that_says_as_much_or_more_is_no_wrong_one() -> None:
    questions = (question(id="1", gold="a boat"), question(id="2", gold="The boat, and a kayak"))
    case = Case(lambda: pytest.fail("not needed"), None, questions)
    assert [each.right for each in tries([case], [case])] == [True, True]


def test_a_yes_for_another_reason_is_no_wrong_answer_to_a_yes() -> None:
    questions = (question(id="1", gold="Yes, she likes dogs"), question(id="2", gold="Yes; he told her so"))
    case = Case(lambda: pytest.fail("not needed"), None, questions)
    assert [each.right for each in tries([case], [case])] == [True, True]


def test_a_wrong_answer_without_a_word_in_common_is_as_long() -> None:
    golds = ("seven", "to see the sea with her sister", "pottery", "all of the neighbours")
    case = Case(
        lambda: pytest.fail("not needed"), None, tuple(question(id=gold, gold=gold) for gold in golds)
    )
    wrong = {each.question.gold: each.given for each in tries([case], [case]) if not each.right}
    assert wrong["seven"] == "The answer is: pottery."


def test_errors_of_the_judge_are_counted_by_what_it_should_have_said() -> None:
    trials = [
        *(trial(f"r{n}", "correct", right=True) for n in range(8)),
        trial("r8", "incorrect", right=True),
        trial("r9", "abstained", right=True),
        *(trial(f"w{n}", "incorrect", right=False) for n in range(9)),
        trial("w9", "correct", right=False),
        trial("w10", "failed", right=False),
    ]
    judging = judging_of(trials)
    assert (judging.false_refuse, judging.false_accept, judging.failed) == (Share(2, 10), Share(1, 10), 1)


def test_the_interval_is_wilsons() -> None:
    low, high = Share(1, 10).bounds or (0, 0)
    assert (round(low, 4), round(high, 4)) == (0.0179, 0.4042)
    assert Share(0, 0).told() == {"count": 0, "n": 0, "rate": None, "ci95": None}


def test_a_score_is_corrected_by_rogan_and_gladen_and_stays_a_share() -> None:
    judging = Judging(false_accept=Share(10, 100), false_refuse=Share(20, 100), failed=0)
    assert judging.corrected(0.45) == pytest.approx(0.5)
    assert judging.corrected(0.05) == 0.0
    assert judging.corrected(0.95) == 1.0


@pytest.mark.parametrize(
    ("accept", "refuse"),
    [(Share(50, 100), Share(50, 100)), (Share(0, 0), Share(1, 100)), (Share(0, 2), Share(1, 2))],
)
def test_a_score_is_not_corrected_by_a_judge_who_may_be_guessing(accept: Share, refuse: Share) -> None:
    judging = Judging(accept, refuse, 0)
    assert not judging.identifiable
    assert judging.corrected(0.5) is None


def test_token_f1_is_over_stems_without_articles_and_punctuation() -> None:
    assert token_f1("The boats!", "a boat") == 1.0
    assert token_f1("a red boat", "boat") == pytest.approx(2 / 3)
    assert token_f1("", "boat") == 0.0


def test_f1_follows_the_categories_of_locomo() -> None:
    assert f1_of(question(gold="boats, kayaks", listed=True), "a kayak, a bike") == 0.5
    assert f1_of(question(gold="Likely yes; she said so", key="Likely yes"), "likely yes") == 1.0
    unanswerable = question(abstention=True, gold="")
    assert f1_of(unanswerable, "There is no information available.") == 1.0
    assert f1_of(unanswerable, "That was never said.") == 0.0


def test_an_exact_match_has_the_same_words() -> None:
    assert exact_of(question(), "The boat, red") == 1.0
    assert exact_of(question(), "a boat") == 0.0

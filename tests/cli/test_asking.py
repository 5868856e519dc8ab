"""recall and context."""

import json

import pytest

from agentmem.bank.library import Library
from agentmem.cli.options import StateName, TrustName
from agentmem.records import State, Trust
from agentmem.retrieval.steps import BY_VECTORS, STEPS


def test_recall_shows_the_best_first_and_without_codes_or_frames_in_a_pipe(run, bank):
    result = run("recall", "where does Maya live")
    assert result.exit_code == 0
    assert "Porto" in result.stdout.splitlines()[2]
    assert "\x1b" not in result.stdout
    assert "─" not in result.stdout


def test_explain_adds_the_parts_and_json_parts_sum_to_the_score(run, answer, bank):
    assert "text +" in run("recall", "where does Maya live", "--explain").stdout
    for hit in answer("recall", "where does Maya live")["hits"]:
        assert sum(hit["parts"].values()) == pytest.approx(hit["score"])


def test_why_says_which_step_drops_a_record(run, answer, bank):
    assert "t3 is recalled, at rank 1" in run("recall", "where does Maya live", "--why", "t3").stdout
    explained = answer("recall", "where does Maya live", "--why", "t1")
    assert explained["schema"] == "agentmem.cli.why/1"
    assert explained["explanation"]["step"] == "valid"
    assert run("recall", "where", "--why", "nobody").exit_code == 3


def test_nothing_relevant_is_an_answer_with_exit_code_1(run, answer, bank):
    result = run("recall", "xylophone", "--steps", "text")
    assert (result.exit_code, result.stdout) == (1, "nothing relevant\n")
    assert answer("recall", "xylophone", "--option", "floor=0.9", code=1)["relevant"] is False
    assert run("recall", "xylophone", "--no-floor").exit_code == 0
    assert run("context", "xylophone", "--option", "floor=0.9").stdout == ""


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        (["--at", "2025-02-01"], {"t1", "t2"}),
        (["--at", "2025-03-02"], {"t2", "t3"}),
        (["--known-at", "2025-03-02"], {"t1", "t2"}),
        (["--until", "2025-01-10", "--at", "2025-02-01"], {"t1", "t2"}),
        (["--since", "2025-02-01"], {"t3"}),
        (["--filter", 'actor = "Leo"'], {"t2"}),
        (["--state", "live", "--state", "superseded"], {"t1", "t2", "t3"}),
        (["-k", "1"], {"t3"}),
    ],
)
def test_a_question_without_text_lists_what_passes_the_options(answer, bank, options, ids):
    assert {hit["record"]["id"] for hit in answer("recall", *options)["hits"]} == ids


def test_the_question_can_come_from_stdin(run, bank):
    assert "Porto" in run("recall", "-", input="where does Maya live\n").stdout


def test_options_of_retrieval_are_passed_on_and_checked(run, answer, bank):
    without = answer("recall", "Maya", "--option", "names=0")["hits"][0]["parts"]
    assert without.get("names", 0) == 0
    assert run("recall", "Maya", "--option", "nonsense=1").exit_code == 2
    assert run("recall", "Maya", "--option", "names").exit_code == 2
    assert run("recall", "Maya", "--steps", "nonsense").exit_code == 2
    assert run("recall", "Maya", "--filter", "actor ~ 3").exit_code == 2
    assert run("recall", "Maya", "--mmr", "2").exit_code == 2


def test_scope_prefix_reads_the_namespaces_below(run, answer, bank):
    run("remember", "Anna lives in Rome.", "--namespace", "acme/anna")
    assert run("recall", "--namespace", "acme").exit_code == 3
    hits = answer("recall", "--namespace", "acme", "--scope", "prefix")["hits"]
    assert [hit["record"]["text"] for hit in hits] == ["Anna lives in Rome."]


def test_a_read_makes_no_namespace(run, answer, bank):
    run("remember", "Anna lives in Rome.", "--namespace", "acme/anna")
    for store in ("episodic", "truncated"):
        for command in ("recall", "context"):
            result = run(command, "Anna", "--namespace", "acme", "--scope", "prefix", "--store", store)
            assert "Rome" in result.stdout
    assert answer("stats")["namespaces"] == ["acme/anna", "default"]


@pytest.mark.parametrize("command", ["recall", "context"])
@pytest.mark.parametrize(
    ("options", "loads"),
    [
        (["Maya"], True),
        (["Maya", "--steps", "text,neighbours"], True),
        (["Maya", "--steps", "text,names"], False),
        ([" "], False),
        (["Maya", "--namespace", "nobody"], False),
        (["Maya", "--store", "nonsense"], False),
    ],
)
def test_the_model_is_loaded_ahead_only_where_it_will_be_asked(
    run, bank, monkeypatch, command, options, loads
):
    calls = []
    monkeypatch.setattr(Library, "warm", lambda library: calls.append("warm"))
    run(command, *options)
    assert len(calls) == loads


def test_the_steps_that_need_vectors_are_steps():
    assert set(STEPS) >= BY_VECTORS


def test_another_store_is_asked_by_name(run, answer, bank):
    assert [hit["record"]["id"] for hit in answer("recall", "x", "--store", "truncated")["hits"]] == [
        "t3",
        "t2",
    ]
    assert run("recall", "x", "--store", "nonsense").exit_code == 3


def test_context_in_a_pipe_is_the_prompt_text_alone(run, answer, bank):
    result = run("context", "where does Maya live", "--budget", "200")
    assert result.stdout == answer("context", "where does Maya live", "--budget", "200")["context"]["text"]
    assert result.stdout.startswith("<memory-")


def test_a_context_never_costs_more_than_its_budget(run, answer, bank):
    for budget in (0, 40, 80):
        result = run("context", "Maya", "--budget", str(budget), "--json")
        assert json.loads(result.stdout)["context"]["tokens"] <= budget


def test_the_names_of_options_are_those_of_the_values():
    assert {state.value for state in StateName} == {state.value for state in State} - {"forgotten"}
    assert set(TrustName.__args__) == {trust.value for trust in Trust}


def test_rerank_needs_a_folder_and_says_so(run, bank, monkeypatch, tmp_path):
    result = run("recall", "Maya", "--rerank")
    assert result.exit_code == 2
    assert "AGENTMEM_RERANKER" in result.stderr
    monkeypatch.setenv("AGENTMEM_RERANKER", str(tmp_path / "nowhere"))
    assert run("recall", "Maya", "--rerank").exit_code == 3
    assert run("context", "Maya", "--rerank").exit_code == 3
    assert run("recall", "Maya").exit_code == 0


def test_several_stores_are_asked_as_one_and_wrong_sums_are_told(run, answer, bank, wrong_sum):
    found = answer("recall", "where does Maya live", "--store", "keyed + episodic")
    assert found["store"] == "keyed + episodic" and found["hits"][0]["record"]["id"] == "t3"
    given, said = wrong_sum
    for call in (["recall", "x"], ["context", "x"], ["chat", "--model", "replay:none.jsonl"]):
        told = run(*call, "--store", given)
        assert told.exit_code == (3 if "moon" in given else 2) and told.stdout == ""
        assert said in told.stderr and told.stderr.count("\n") == 1

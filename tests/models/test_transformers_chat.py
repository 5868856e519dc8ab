"""Models in a folder, for real but of random weights: what they say makes no sense, and must be the same by every way."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import pytest
import torch
from pydantic import BaseModel, Field

from agentmem.config import Settings
from agentmem.errors import Cancelled, Damaged, InvalidInput, ModelOutputError, NotFound
from agentmem.models import Cancellation, assistant, open_model, system, user
from agentmem.models.base import Answer, Request
from agentmem.models.transformers_chat import TransformersChat
from agentmem.models.transformers_folder import dtype, quantisation
from agentmem.models.transformers_grammar import Grammars
from agentmem.models.transformers_prompt import rendered
from agentmem.testing.random_model import save_random_model

SAID = ("a", "What did I say about the bees, and when?", "Hello there.", "天气 🐝", "x " * 40)


class Verdict(BaseModel):
    colour: Literal["red", "green", "blue"]
    sure: bool
    times: int = Field(ge=0, le=99)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_random_model(tmp_path_factory.mktemp("model"), vocabulary=320)


@pytest.fixture(scope="module")
def model(folder: Path) -> TransformersChat:
    return TransformersChat(folder, device="cpu")


@pytest.fixture(scope="module")
def drafts(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return {
        "itself": folder,
        "another": save_random_model(tmp_path_factory.mktemp("draft"), layers=1, seed=1, vocabulary=320),
        "padded less": save_random_model(tmp_path_factory.mktemp("narrow"), seed=2, vocabulary=300),
    }


@pytest.fixture(autouse=True, scope="module")
def one_thread() -> Iterator[None]:
    """Several are no use to a model so small, and wait for each other on a busy machine."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def requests(**options: object) -> list[Request]:
    return [
        Request(messages=(user(text),), max_tokens=8 + 5 * place, **options)
        for place, text in enumerate(SAID)
    ]


def one_by_one(model: TransformersChat, asked: list[Request]) -> list[Answer]:
    return [model.answer(request, Cancellation()) for request in asked]


@contextmanager
def passes(model: TransformersChat) -> Iterator[Callable[[], int]]:
    """How often the model itself was run inside."""
    model.load()
    counted: list[int] = []
    hook = model._model.model.register_forward_hook(lambda *_: counted.append(1))
    try:
        yield lambda: len(counted)
    finally:
        hook.remove()


def test_it_answers_the_same_each_time_and_counts(folder: Path):
    model = open_model(Settings(device="cpu"), f"hf:{folder}")
    first, second = (model.complete([system("Be brief."), user("Hello?")], max_tokens=9) for _ in range(2))
    assert first.text == second.text != ""
    assert first.usage.completion_tokens == 9
    assert first.usage.prompt_tokens > 9
    assert first.model == f"hf:{folder}"


def test_an_answer_at_its_last_token_was_cut_and_one_that_ends_was_not(folder: Path, tmp_path: Path):
    asked = requests()[0].altered({"max_tokens": 200})
    cut = TransformersChat(folder, device="cpu").answer(asked, Cancellation())
    assert (cut.finish, cut.usage.completion_tokens) == ("length", 200)
    copied = copy_of(folder, tmp_path)
    words = json.loads((copied / "tokenizer.json").read_text())["model"]["vocab"]
    letters = [token for word, token in words.items() if len(word) == 1]
    (copied / "generation_config.json").write_text(json.dumps({"eos_token_id": letters}))
    ended = TransformersChat(copied, device="cpu").answer(asked, Cancellation())
    assert ended.finish == "stop"
    assert ended.usage.completion_tokens < 200


@pytest.mark.parametrize("options", [{}, {"temperature": 0.9, "seed": 3}, {"stop": ("e", " it")}])
def test_a_batch_answers_as_one_by_one(model: TransformersChat, options: dict):
    asked = requests(**options)
    with passes(model) as count:
        together = model.answers(asked, Cancellation())
        run = count()
        assert together == one_by_one(model, asked)
        assert run < (count() - run) / 2


def test_threads_that_ask_at_once_are_answered_together(folder: Path):
    model = TransformersChat(folder, device="cpu")
    alone = one_by_one(model, requests())
    found: dict[int, Answer] = {}

    def ask(place: int, request: Request) -> None:
        found[place] = model.answer(request, Cancellation())

    threads = [
        threading.Thread(target=ask, args=(place, request)) for place, request in enumerate(requests())
    ]
    with passes(model) as count:
        with model._running:  # so that all wait
            for thread in threads:
                thread.start()
            while len(model._waiting) < len(threads):
                time.sleep(0.001)
        for thread in threads:
            thread.join()
        assert count() == max(request.max_tokens for request in requests())
    assert [found[place] for place in range(len(threads))] == alone


def test_what_is_wrong_with_one_request_is_told_to_that_one_alone(folder: Path):
    model = TransformersChat(folder, device="cpu")
    good, bad = requests()[0], Request(messages=(user("word " * 300),))
    told: list[BaseException] = []

    def ask() -> None:
        try:
            model.answer(bad, Cancellation())
        except InvalidInput as error:
            told.append(error)

    thread = threading.Thread(target=ask)
    with model._running:
        thread.start()
        while not model._waiting:
            time.sleep(0.001)
    assert model.answer(good, Cancellation()).text
    thread.join()
    assert "256" in str(told[0])


@pytest.mark.parametrize("options", [{}, {"temperature": 0.9, "seed": 3}])
@pytest.mark.parametrize("draft", ["itself", "another", "padded less"])
def test_a_draft_changes_no_answer(model: TransformersChat, drafts: dict, draft: str, options: dict):
    assisted = TransformersChat(model.folder, device="cpu", draft=drafts[draft])
    asked = requests(**options)[1:3]
    assert assisted.answers(asked, Cancellation()) == one_by_one(model, asked)


def test_a_good_draft_saves_runs_of_the_model(model: TransformersChat, folder: Path):
    settings = Settings(device="cpu", model_draft=folder)
    assisted = open_model(settings, f"hf:{folder}")
    assert isinstance(assisted, TransformersChat)
    with passes(model) as alone, passes(assisted) as helped:
        one_by_one(model, requests())
        one_by_one(assisted, requests())
        assert helped() < alone()


def test_a_draft_of_other_tokens_is_refused(model: TransformersChat, tmp_path: Path):
    other = save_random_model(tmp_path)
    words = json.loads((other / "tokenizer.json").read_text())
    words["added_tokens"][0]["content"] = "<|other|>"
    (other / "tokenizer.json").write_text(json.dumps(words))
    with pytest.raises(InvalidInput, match="same family"):
        TransformersChat(model.folder, device="cpu", draft=other).complete([user("Hello?")])


def test_a_seed_says_the_same_and_another_something_else(model: TransformersChat):
    texts = [
        model.complete([user("Hello?")], max_tokens=20, temperature=1.0, seed=seed).text
        for seed in (1, 1, 2, -3)
    ]
    assert texts[0] == texts[1]
    assert len(set(texts)) == 3


def test_sampling_follows_the_probabilities_and_leaves_the_generator_of_others_alone(model: TransformersChat):
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    hot = [
        model.complete([user("Hello?")], max_tokens=1, temperature=5.0, seed=seed).text for seed in range(40)
    ]
    cold = [
        model.complete([user("Hello?")], max_tokens=1, temperature=0.01, seed=seed).text for seed in range(9)
    ]
    assert torch.equal(torch.rand(3), expected)
    assert len(set(hot)) > 10
    assert set(cold) == {model.complete([user("Hello?")], max_tokens=1).text}


@pytest.mark.parametrize("draft", [False, True])
def test_it_ends_before_every_stop_text_wherever_its_tokens_are_cut(model: TransformersChat, draft: bool):
    asking = TransformersChat(model.folder, draft=model.folder) if draft else model
    said = asking.complete([user("Hello?")], max_tokens=60).text
    stops = {
        said[place : place + 3] for place in range(len(said) - 3) if "\ufffd" not in said[place : place + 3]
    }
    assert len(stops) > 3
    asked = [
        Request(messages=(user("Hello?"),), max_tokens=60, stop=("none", stop)) for stop in sorted(stops)[:8]
    ]
    for request, answer in zip(asked, asking.answers(asked, Cancellation()), strict=True):
        assert (answer.text, answer.finish) == (said[: said.find(request.stop[1])], "stop")
        assert draft or answer.usage.completion_tokens < 60


@pytest.mark.parametrize("seed", range(4))
def test_it_is_held_to_a_schema(model: TransformersChat, seed: int):
    made = model.complete(
        [user("Which colour has grass?")], schema=Verdict, max_tokens=200, temperature=0.7, seed=seed
    )
    assert made.value is not None
    assert made.usage.calls == 1


def test_a_batch_may_mix_schemas_and_free_text(model: TransformersChat, folder: Path):
    schema = Verdict.model_json_schema()
    asked = [request.altered({"max_tokens": 60}) for request in requests()]
    asked[1] = asked[1].altered({"json_schema": schema, "temperature": 0.7})
    asked[3] = asked[3].altered({"json_schema": schema, "temperature": 0.7, "seed": 1})
    answers = model.answers(asked, Cancellation())
    assert answers == one_by_one(TransformersChat(folder, draft=folder), asked)
    assert all(Verdict.model_validate_json(answers[place].text) for place in (1, 3))


def test_a_schema_that_cannot_be_held_is_asked_for_in_the_prompt(model: TransformersChat):
    words = model._model.tokenizer
    assert Grammars(words, ()).of({"type": "object", "not": {"required": ["a"]}}) is None
    request = Request(messages=(user("A city?"),), json_schema=Verdict.model_json_schema())
    assert '"colour"' in rendered(request, words, constrained=False)
    assert '"colour"' not in rendered(request, words, constrained=True)


def test_an_answer_cut_in_the_middle_of_its_json_is_an_error_with_its_text(model: TransformersChat):
    with pytest.raises(ModelOutputError) as caught:
        model.complete([user("Which colour has grass?")], schema=Verdict, max_tokens=4)
    assert caught.value.raw.startswith('{"')


def test_the_models_own_template_is_used(model: TransformersChat):
    request = Request(messages=(system("Be brief."), user("One?"), assistant("Two."), user("Three?")))
    assert rendered(request, model._model.tokenizer, constrained=False) == (
        "<|system|>Be brief.<|end|><|user|>One?<|end|><|assistant|>Two.<|end|><|user|>Three?<|end|><|assistant|>"
    )


def test_a_model_without_a_template_reads_a_dialogue_and_speaks_for_nobody_else(tmp_path: Path):
    model = TransformersChat(save_random_model(tmp_path, template=None), device="cpu")
    request = Request(messages=(system("Be brief."), user("One?"), assistant("Two."), user("Three?")))
    assert rendered(request, model._model.tokenizer, constrained=False) == (
        "Be brief.\n\nUser: One?\n\nAssistant: Two.\n\nUser: Three?\n\nAssistant:"
    )
    assert model._row(_call(request)).stops == ("\nUser:",)
    assert model.complete([user("Hello?")], max_tokens=4).text


def test_a_template_without_system_messages_gets_them_by_the_user(tmp_path: Path):
    strict = (
        "{% for message in messages %}{% if message.role != ['user', 'assistant'][loop.index0 % 2] %}"
        "{{ raise_exception('roles must alternate') }}{% endif %}[{{ message.content }}]{% endfor %}"
    )
    model = TransformersChat(save_random_model(tmp_path, template=strict), device="cpu")
    words = model._model.tokenizer
    asked = Request(messages=(system("Be brief."), user("One?")))
    assert rendered(asked, words, constrained=False) == "[Be brief.\n\nOne?]"
    with pytest.raises(InvalidInput, match="roles must alternate"):
        model.complete([user("One?"), user("Two?")])


def test_it_can_be_cancelled_at_its_next_token(tmp_path: Path):
    model = TransformersChat(save_random_model(tmp_path, window=100_000), device="cpu")
    model.load()
    cancel = Cancellation()
    threading.Timer(0.2, cancel.cancel).start()
    began = time.monotonic()
    with pytest.raises(Cancelled):
        model.complete([user("Tell a long story.")], max_tokens=90_000, cancel=cancel)
    assert time.monotonic() - began < 5
    assert model.complete([user("Hello?")], max_tokens=4).text
    with pytest.raises(Cancelled):
        model.complete([user("Hello?")], cancel=cancel)


def test_one_who_waits_can_be_cancelled_and_is_not_begun(folder: Path):
    model = TransformersChat(folder, device="cpu")
    cancel = Cancellation()
    with model._running:
        threading.Timer(0.05, cancel.cancel).start()
        with pytest.raises(Cancelled):
            model.complete([user("Hello?")], cancel=cancel)
    with passes(model) as count:
        model.complete([user("Hello?")], max_tokens=3)
        assert count() == 3


def test_prompt_and_answer_share_the_window(model: TransformersChat):
    with pytest.raises(InvalidInput, match="which has 256"):
        model.complete([user("word " * 200)])
    long = model.answer(Request(messages=(user("x " * 100),), max_tokens=500), Cancellation())
    assert long.finish == "length"
    assert long.usage.prompt_tokens + long.usage.completion_tokens == 256


@pytest.mark.parametrize("precision", ["int8", "nf4"])
def test_quantised_weights_need_cuda_and_the_error_says_what_else_there_is(folder: Path, precision: str):
    settings = Settings(device="cpu", model_precision=precision)
    with pytest.raises(InvalidInput, match=r"AGENTMEM_MODEL_PRECISION.*llama:PATH"):
        open_model(settings, f"hf:{folder}").complete([user("Hello?")])


def test_quantised_weights_are_those_of_the_papers():
    eight, four = quantisation("int8", torch.float16), quantisation("nf4", torch.bfloat16)
    assert (eight.load_in_8bit, eight.load_in_4bit, eight.llm_int8_threshold) == (True, False, 6.0)
    assert (four.load_in_8bit, four.load_in_4bit) == (False, True)
    assert (four.bnb_4bit_quant_type, four.bnb_4bit_use_double_quant) == ("nf4", True)
    assert four.bnb_4bit_compute_dtype == torch.bfloat16
    assert quantisation("fp16", torch.float16) is None


def test_half_the_bits_are_half_the_numbers(folder: Path):
    assert dtype("auto", "cpu") == torch.float32
    assert dtype("auto", "mps") == dtype("int8", "cuda") == torch.float16
    model = TransformersChat(folder, device="cpu", precision="bf16")
    assert model.complete([user("Hello?")], max_tokens=4).text
    assert {weight.dtype for weight in model._model.model.parameters()} == {torch.bfloat16}


def test_a_folder_that_is_none_or_holds_no_model(tmp_path: Path):
    with pytest.raises(NotFound, match="hf:FOLDER"):
        open_model(Settings(), f"hf:{tmp_path / 'none'}")
    with pytest.raises(InvalidInput, match="hf:FOLDER"):
        open_model(Settings(), "hf:")
    with pytest.raises(InvalidInput, match=r"no config\.json"):
        open_model(Settings(), f"hf:{tmp_path}")
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "pytorch_model.bin").write_bytes(b"pickle")
    with pytest.raises(InvalidInput, match="save_pretrained"):
        open_model(Settings(), f"hf:{tmp_path}")


def test_a_missing_draft_is_told_at_once(folder: Path, tmp_path: Path):
    with pytest.raises(NotFound, match="none"):
        open_model(Settings(model_draft=tmp_path / "none"), f"hf:{folder}")


def copy_of(folder: Path, to: Path) -> Path:
    for file in folder.iterdir():
        (to / file.name).write_bytes(file.read_bytes())
    return to


def test_weights_that_are_damaged_or_lack_a_part(folder: Path, tmp_path: Path):
    from safetensors.torch import load_file, save_file

    copied = copy_of(folder, tmp_path)
    weights = load_file(copied / "model.safetensors")
    del weights["model.layers.1.mlp.up_proj.weight"]
    save_file(weights, copied / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(Damaged, match=r"lacks 1 .*up_proj"):
        TransformersChat(copied, device="cpu").load()
    (copied / "model.safetensors").write_bytes(b"no weights")
    with pytest.raises(Damaged, match="cannot be loaded"):
        TransformersChat(copied, device="cpu").load()


def test_code_in_the_folder_is_not_run(folder: Path, tmp_path: Path):
    copied = copy_of(folder, tmp_path)
    config = json.loads((copied / "config.json").read_text())
    config |= {"model_type": "own", "auto_map": {"AutoConfig": "own.Own", "AutoModelForCausalLM": "own.Own"}}
    (copied / "config.json").write_text(json.dumps(config))
    (copied / "own.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\nclass Own: ...\n")
    (copied / "custom_generate").mkdir()
    (copied / "custom_generate" / "generate.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    with pytest.raises(Damaged):
        TransformersChat(copied, device="cpu").load()
    assert not (tmp_path / "ran").exists()


def _call(request: Request):
    from agentmem.models.transformers_chat import _Call

    return _Call(request, Cancellation())

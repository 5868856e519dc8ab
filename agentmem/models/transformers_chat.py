"""A language model in a local folder, by Hugging Face transformers, on CUDA, MPS or the CPU."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from functools import cached_property, partial
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from agentmem.errors import AgentMemError, InvalidInput, Unavailable
from agentmem.models.base import Answer, Cancellation, ChatModel, Request
from agentmem.models.transformers_folder import Loaded, checked, load
from agentmem.models.transformers_grammar import Grammars
from agentmem.models.transformers_prompt import encoded, rendered, stops

if TYPE_CHECKING:
    from agentmem.models.transformers_rows import Row

BATCH = 8
"""Answers that are generated together at most."""
LOOK_UP = 0.02
"""Seconds after which one who waits looks whether its answer is there, or is wanted no more."""


class TransformersChat(ChatModel):
    """Loads the model on first use. Requests that come while others are answered are answered together.

    Answers are the same in a batch as alone, up to rounding: in 16 bits a near tie may fall otherwise.
    Nothing is fetched, no code of the folder is run, and only weights as safetensors are read.

    Args:
        folder: Where transformers saved a causal language model and its tokenizer.
        device: `auto` (CUDA, then MPS, then CPU), or the name of a torch device.
        precision: `fp32`, `fp16`, `bf16`; on CUDA also `int8` or `nf4`; or `auto`: 16 bits on CUDA and MPS,
            fp32 on the CPU.
        draft: Folder of a smaller model that drafts answers, which this one checks several tokens at a time:
            the same answers, sooner (assisted generation). Requests are then answered one by one.
        batch: Requests that are answered together at most.

    Raises:
        NotFound: there is no such folder.
        InvalidInput: it holds no model, or its weights only as pickles.
    """

    def __init__(
        self,
        folder: Path,
        *,
        device: str = "auto",
        precision: str = "auto",
        draft: Path | None = None,
        batch: int = BATCH,
    ) -> None:
        self.name = f"hf:{folder}"
        self.folder = checked(folder.expanduser())
        self.draft = None if draft is None else checked(draft.expanduser())
        self.device = device
        self.precision = precision
        self.batch = 1 if draft is not None else batch
        self._waiting: deque[_Call] = deque()
        self._running = Lock()

    def answer(self, request: Request, cancel: Cancellation) -> Answer:
        """Answer once, by the model's own chat template, or as a plain dialogue where it has none.

        The answer is held to a JSON schema where the package llguidance is installed and knows all that it
        says; else the prompt asks for it.

        Raises:
            InvalidInput: the prompt does not fit the window, or the chat template refuses it.
            Unavailable: torch cannot use the device, its memory is too small, or a package is missing.
            Damaged: the folder cannot be loaded.
            Cancelled: `cancel` was used meanwhile.
        """
        return self.answers([request], cancel)[0]

    def answers(self, requests: Sequence[Request], cancel: Cancellation) -> list[Answer]:
        """Answer each of `requests`, several at a time.

        Raises:
            InvalidInput: a prompt does not fit the window, or the chat template refuses it.
            Unavailable: torch cannot use the device, its memory is too small, or a package is missing.
            Damaged: the folder cannot be loaded.
            Cancelled: `cancel` was used meanwhile.
        """
        calls = [_Call(request, cancel) for request in requests]
        self._waiting.extend(calls)
        try:
            return [self._waited(call) for call in calls]
        finally:
            for call in calls:
                call.cancel()  # one that nobody waits for any more is not begun

    def load(self) -> None:
        """Load the model now, which else happens with the first request.

        Raises:
            InvalidInput: the draft model has other tokens, or weights are to be quantised without CUDA.
            Unavailable: torch cannot use the device, or a package is missing.
            Damaged: the folder cannot be loaded.
        """
        with self._running:
            _ = self._model, self._drafting

    def _waited(self, call: _Call) -> Answer:
        """The answer to `call`; who comes first answers those who wait with it."""
        while not call.done():
            call.cancellation.check()
            if self._running.acquire(timeout=LOOK_UP):
                try:
                    if not call.done():
                        self._run(self._next())
                finally:
                    self._running.release()
        return call.result()

    def _next(self) -> list[_Call]:
        taken: list[_Call] = []
        while self._waiting and len(taken) < self.batch:
            call = self._waiting.popleft()
            if call.set_running_or_notify_cancel():
                taken.append(call)
        return taken

    def _run(self, calls: Sequence[_Call]) -> None:
        begun: list[tuple[_Call, Row]] = []
        try:
            for call in calls:
                try:
                    begun.append((call, self._row(call)))
                except AgentMemError as error:
                    call.set_exception(error)
            if begun:
                self._generate([row for _, row in begun])
            for call, row in begun:
                try:
                    call.set_result(row.answer())
                except AgentMemError as error:
                    call.set_exception(error)
        except BaseException as error:  # whatever it is, those who wait must hear of it
            for call in calls:
                if not call.done():
                    call.set_exception(error)

    def _row(self, call: _Call) -> Row:
        from agentmem.models.transformers_rows import Row

        request, tokenizer = call.request, self._model.tokenizer
        grammar = None if request.json_schema is None else self._grammars.of(request.json_schema)
        prompt = encoded(rendered(request, tokenizer, constrained=grammar is not None), tokenizer)
        limit = request.max_tokens
        if self._window is not None:
            if len(prompt) >= self._window:
                raise InvalidInput(
                    f"a prompt of {len(prompt)} tokens does not fit {self.name}, which has {self._window}",
                    "give a smaller budget, or a model with a larger window",
                )
            limit = min(limit, self._window - len(prompt))
        return Row(
            prompt=prompt,
            limit=limit,
            ends=self._model.ends,
            stops=stops(request, tokenizer),
            temperature=request.temperature,
            seed=request.seed,
            grammar=grammar,
            decode=partial(tokenizer.decode, skip_special_tokens=True, clean_up_tokenization_spaces=False),
            cancel=call.cancellation,
        )

    def _generate(self, rows: Sequence[Row]) -> None:
        """Generate the rest of `rows`."""
        import torch
        from transformers import GenerationConfig

        from agentmem.models.transformers_rows import Choosing, Ending

        model = self._model.model
        width = max(len(row.prompt) for row in rows)
        # What stands in the padding does not matter, for the mask hides it.
        padding = self._model.ends[0] if self._model.ends else 0
        ids = [[padding] * (width - len(row.prompt)) + row.prompt for row in rows]
        mask = [[0] * (width - len(row.prompt)) + [1] * len(row.prompt) for row in rows]
        plan = GenerationConfig(
            max_new_tokens=max(row.limit for row in rows),
            do_sample=False,
            eos_token_id=list(self._model.ends) or None,
            pad_token_id=padding,
        )
        try:
            with _quietly():
                model.generate(
                    torch.tensor(ids, device=model.device),
                    attention_mask=torch.tensor(mask, device=model.device),
                    generation_config=plan,
                    logits_processor=[Choosing(rows, width, self._model.tokens)],
                    stopping_criteria=[Ending(rows, width)],
                    **self._assistance(rows),
                )
        except torch.OutOfMemoryError as error:
            raise Unavailable(
                f"the memory of {model.device} is too small for {self.name}: {error}",
                "use int8 or nf4 (AGENTMEM_MODEL_PRECISION), a smaller model, or shorter prompts",
            ) from error

    def _assistance(self, rows: Sequence[Row]) -> dict[str, Any]:
        """What makes the draft model take part; it cannot go back in a grammar."""
        draft = self._drafting
        if draft is None or any(row.grammar is not None for row in rows):
            return {}
        return {"assistant_model": draft.model}

    @property
    def _window(self) -> int | None:
        """Tokens of prompt and answer together, that of the draft model included."""
        windows = [one.window for one in (self._model, self._drafting) if one is not None and one.window]
        return min(windows, default=None)

    @cached_property
    def _model(self) -> Loaded:
        return load(self.folder, self.device, self.precision)

    @cached_property
    def _drafting(self) -> Loaded | None:
        if self.draft is None:
            return None
        draft, model = load(self.draft, self.device, "auto"), self._model
        if draft.tokenizer.get_vocab() != model.tokenizer.get_vocab():
            raise InvalidInput(
                f"the draft model in {str(self.draft)!r} has other tokens than {self.name}",
                "choose a smaller model of the same family, or none (AGENTMEM_MODEL_DRAFT)",
            )
        # By another padding of the embedding matrix, transformers would take it for one of other tokens.
        draft.model.config.get_text_config().vocab_size = model.model.config.get_text_config().vocab_size
        return draft

    @cached_property
    def _grammars(self) -> Grammars:
        return Grammars(self._model.tokenizer, self._model.ends)


@contextmanager
def _quietly() -> Iterator[None]:
    """Without what transformers has to say of the way in which it calls its own draft models."""
    from transformers.utils import logging

    before = logging.get_verbosity()
    logging.set_verbosity_error()
    try:
        yield
    finally:
        logging.set_verbosity(before)


class _Call(Future[Answer]):
    """A request that waits for its answer."""

    def __init__(self, request: Request, cancellation: Cancellation) -> None:
        super().__init__()
        self.request = request
        self.cancellation = cancellation

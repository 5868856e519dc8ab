"""Loads a language model from a folder, to a device, in a precision. Nothing is fetched or executed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agentmem.devices import device_problem, torch_device, without_bars
from agentmem.errors import Damaged, InvalidInput, NotFound, Unavailable
from agentmem.extras import check, install, not_imported

if TYPE_CHECKING:
    import torch
    from transformers import BitsAndBytesConfig, PreTrainedModel, PreTrainedTokenizerBase

OUTLIER = 6.0
"""Activations above this stay in 16 bits. Dettmers et al. 2022, LLM.int8(), section 3.2."""
EXTRA = "hf"
REMEDY = "name a folder to which transformers saved a causal language model and its tokenizer"
QUANTISED = ("int8", "nf4")
PACKAGES = ("accelerate", "bitsandbytes")
"""What quantises, of the extra."""


@dataclass(frozen=True)
class Loaded:
    """A model that is ready to run.

    Attributes:
        window: Tokens of prompt and answer together; none: as many as memory holds.
        ends: Tokens after which an answer is over.
        tokens: How many it knows; above them, the embedding matrix may be padded.
    """

    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerBase
    window: int | None
    ends: tuple[int, ...]
    tokens: int


def checked(folder: Path) -> Path:
    """The folder, if it looks like one that can be loaded; nothing is imported.

    Raises:
        NotFound: there is no such folder.
        InvalidInput: it holds no model, or its weights only as pickles.
    """
    if not folder.is_dir():
        raise NotFound(f"there is no folder {str(folder)!r}", "name the folder of a model, as hf:FOLDER")
    if not (folder / "config.json").is_file():
        raise InvalidInput(f"there is no model in {str(folder)!r}: it has no config.json", REMEDY)
    if not any(folder.glob("*.safetensors")):
        raise InvalidInput(
            f"the model in {str(folder)!r} has no weights as safetensors",
            "others can run code and are not read; save it anew: `save_pretrained` writes safetensors",
        )
    return folder


def load(folder: Path, device: str, precision: str) -> Loaded:
    """Load the model in `folder`.

    Args:
        folder: As `checked` passes it.
        device: `auto` (CUDA, then MPS, then CPU), or the name of a torch device.
        precision: `fp32`, `fp16`, `bf16`; on CUDA also `int8` (LLM.int8) or `nf4` (QLoRA); or `auto`: 16 bits
            on CUDA and MPS, fp32 on the CPU.

    Raises:
        InvalidInput: weights are to be quantised on another device than CUDA.
        Unavailable: torch cannot use the device, or a package is not installed.
        Damaged: the folder cannot be loaded, or weights are missing in it.
    """
    from transformers import AutoModelForCausalLM, AutoTokenizer

    device = torch_device(device)
    if precision in QUANTISED and not device.startswith("cuda"):
        raise InvalidInput(
            f"the precision {precision} needs CUDA, and the device is {device!r}",
            "set AGENTMEM_MODEL_PRECISION to `auto`; or run the model as a quantised GGUF file: llama:PATH",
        )
    if precision in QUANTISED:
        check(f"the precision {precision}", EXTRA, *PACKAGES)
    if problem := device_problem(device):
        raise Unavailable(
            f"{str(folder)!r} cannot run on device {device!r}: {problem}",
            "set AGENTMEM_DEVICE to `auto` or `cpu`",
        )
    number = dtype(precision, device)
    quantised = quantisation(precision, number)
    placed = {} if quantised is None else {"quantization_config": quantised, "device_map": device}
    safe: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
    try:
        with without_bars():
            tokenizer = AutoTokenizer.from_pretrained(str(folder), **safe)
            model, found = AutoModelForCausalLM.from_pretrained(
                str(folder), dtype=number, use_safetensors=True, output_loading_info=True, **placed, **safe
            )
    except ImportError as error:
        raise not_imported(error, f"the model in {str(folder)!r}", install(EXTRA)) from error
    except Exception as error:  # of many kinds, by what is wrong with the files
        told = str(error).partition("\n")[0]  # further lines advise to run the folder's code
        raise Damaged(f"{str(folder)!r} cannot be loaded as a language model: {told}", REMEDY) from error
    if missing := sorted(found["missing_keys"]):
        raise Damaged(
            f"{str(folder)!r} lacks {len(missing)} of the model's weights, {missing[0]!r} among them", REMEDY
        )
    if quantised is None:
        model = model.to(device)
    return _loaded(model.eval(), tokenizer)


def dtype(precision: str, device: str) -> torch.dtype:
    """The numbers that are computed with."""
    import torch

    half = torch.bfloat16 if device.startswith("cuda") and torch.cuda.is_bf16_supported() else torch.float16
    by_name = {"fp32": torch.float32, "fp16": torch.float16, "bf16": torch.bfloat16, "int8": torch.float16}
    return by_name.get(precision, torch.float32 if device == "cpu" else half)


def quantisation(precision: str, number: torch.dtype) -> BitsAndBytesConfig | None:
    """How weights are kept: none as they are computed with.

    `int8` is LLM.int8() (Dettmers et al. 2022): vector-wise 8 bits, outliers in 16. `nf4` is that of QLoRA
    (Dettmers et al. 2023): 4-bit NormalFloat, its constants quantised once more.
    """
    if precision not in QUANTISED:
        return None
    from transformers import BitsAndBytesConfig

    if precision == "int8":
        return BitsAndBytesConfig(load_in_8bit=True, llm_int8_threshold=OUTLIER)
    return BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=number,
    )


def _loaded(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase) -> Loaded:
    from transformers import GenerationConfig

    ends = model.generation_config.eos_token_id
    if ends is None:
        ends = tokenizer.eos_token_id
    ends = () if ends is None else (ends,) if isinstance(ends, int) else tuple(ends)
    # The folder's own sampling is left: requests say how they are to be answered.
    model.generation_config = GenerationConfig()
    return Loaded(
        model=model,
        tokenizer=tokenizer,
        window=getattr(model.config.get_text_config(), "max_position_embeddings", None),
        ends=ends,
        tokens=max(tokenizer.get_vocab().values()) + 1,
    )

"""Exports all-MiniLM-L6-v2 to ONNX and checks it: `python -m agentmem.embedders.export FOLDER`.

Loads torch, so `onnx_cache` runs it in a process of its own.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from agentmem.embedders.onnx import INPUTS, OUTPUT, OnnxEmbedder
from agentmem.embedders.onnx_cache import Manifest, exporter, keep
from agentmem.embedders.sentence_transformers import SentenceTransformersEmbedder
from agentmem.embedders.weights import Fingerprint, find_weights
from agentmem.errors import AgentMemError, Unavailable

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

PARITY = 0.9999
"""The lowest cosine with the reference at which an export is used."""

LONG = " ".join(
    f"In week {week} Maya moved {week * 7} boxes from Łódź to São Tomé, and wrote: 'it rained, again'."
    for week in range(40)
)

PARITY_TEXTS = (
    "river",
    "Where did Maya go last summer?",
    "Tom: no no, the OTHER deadline!! it moved to 2025-03-14, 9:30 a.m. (again)",
    "She used to work at the bakery, but since May she has been teaching chess to children.",
    "Übermäßig müde; déjà vu, señor Ångström; naïve façade, Œuvre",
    "彼女は来週東京へ引っ越します。",
    "Она переехала в Казань в марте, потому что получила работу.",
    "🎉🎂 happy birthday 👩‍👩‍👧 !!! ❤️",
    "def f(x: int) -> int:\n\treturn x ** 2  # squares\n",
    "https://example.org/a/b?c=d&e=f#g user_name+tag@example.org 192.168.0.1",
    "[SEP] a literal [MASK] in a text [CLS]",
    "0 1 1 2 3 5 8 13 21 34 55 89 144 233 377 610 987 1597",
    "supercalifragilisticexpialidocious " + "x" * 150,
    LONG[:700],
    LONG,
)
"""A word, speech, other scripts, emoji, code, addresses, special tokens, and a text of many parts."""


def export(folder: Path) -> Manifest:
    """Export into `folder`, check against the reference, and only then put it in place.

    Raises:
        NotFound: the package with the weights is not installed.
        Damaged: the weights are not the published ones.
        Unavailable: a cosine with the reference is below `PARITY`.
        OSError: the folder cannot be written.
    """
    weights = find_weights()
    fingerprint = weights.checked()
    reference = SentenceTransformersEmbedder(device="cpu")
    with tempfile.TemporaryDirectory(dir=folder, prefix="export-") as scratch:
        draft = Path(scratch) / "model.onnx"
        _write(reference.loaded(), draft)
        parity = agreement(OnnxEmbedder(draft), reference)
        if not parity >= PARITY:
            raise Unavailable(f"the ONNX export agrees with the reference to cosine {parity:.6f} only")
        with draft.open("rb+") as file:
            os.fsync(file.fileno())
        model = Fingerprint.of(draft)
        # Named by content: whoever comes last, a manifest points at the file that it describes.
        final = folder / f"{model.sha256[:16]}.onnx"
        draft.replace(final)
    manifest = Manifest(
        exporter=exporter(),
        source=weights.file,
        weights=fingerprint,
        file=final.name,
        model=model,
        parity=parity,
    )
    keep(manifest, folder)
    return manifest


def agreement(one: OnnxEmbedder, other: SentenceTransformersEmbedder) -> float:
    """The lowest cosine between the two over the parts of `PARITY_TEXTS`."""
    parts = [part for text in PARITY_TEXTS for part in one.parts(text)]
    return float((one.embed(parts) * other.embed(parts)).sum(axis=1).min())


def _write(reference: SentenceTransformer, path: Path) -> None:
    import torch

    class Pooled(torch.nn.Module):  # type: ignore[misc]
        """The encoder with the mean over its tokens and the scaling to length 1 (its modules 1, 2)."""

        def __init__(self, encoder: torch.nn.Module) -> None:
            super().__init__()
            self.encoder = encoder

        def forward(
            self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor
        ) -> torch.Tensor:
            states = self.encoder(
                input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
            ).last_hidden_state
            weight = attention_mask.unsqueeze(-1).to(states.dtype)
            return torch.nn.functional.normalize((states * weight).sum(1) / weight.sum(1), dim=1)

    axes = {0: torch.export.Dim("batch", min=1), 1: torch.export.Dim("length", min=2, max=512)}
    # Sizes above one, and one row padded, or the exporter takes what it sees for constant.
    ids = torch.tensor([[101, 2314, 2003, 102], [101, 2314, 102, 0]])
    mask = (ids != 0).long()
    with torch.no_grad():
        torch.onnx.export(
            Pooled(reference[0].auto_model).eval(),
            (ids, mask, torch.zeros_like(ids)),
            path,
            input_names=list(INPUTS),
            output_names=[OUTPUT],
            dynamic_shapes=[axes] * len(INPUTS),
            dynamo=True,
            external_data=False,
            verbose=False,
        )


def main() -> int:
    """Export into the folder named on the command line; 0, or 1 with the error as the last line."""
    try:
        manifest = export(Path(sys.argv[1]))
    except AgentMemError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{manifest.file}: lowest cosine with the reference {manifest.parity:.7f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Fits the intent classifier of RuleTrim anew: `python -m agentmem_bench.task.fit [OUT.npz]`.

Prints its accuracy by cross-validation, where each utterance is judged by a model that has not seen it.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import numpy as np

from agentmem.config import Settings
from agentmem.embedders.registry import open_embedder
from agentmem.stores.task.rule.intent import LABELS, PROBE, fit, utterances

FOLDS = 10


def main() -> None:
    """Fit, print the error, and write the weights where asked."""
    embedder = open_embedder(Settings())
    texts, labels = utterances()
    vectors = embedder.embed(texts)
    probe = embedder.embed([PROBE])[0]
    place = np.random.default_rng(0).permutation(len(texts)) % FOLDS
    read: list[str] = [""] * len(texts)
    for fold in range(FOLDS):
        kept = [one for one in range(len(texts)) if place[one] != fold]
        held = [one for one in range(len(texts)) if place[one] == fold]
        model = fit(vectors[kept], [texts[one] for one in kept], [labels[one] for one in kept], probe)
        shares = model.probabilities([texts[one] for one in held], vectors[held])
        for one, share in zip(held, shares, strict=True):
            read[one] = max(share, key=lambda label: share[label])
    right = sum(true == one for true, one in zip(labels, read, strict=True))
    print(f"{embedder.name}: {right} of {len(texts)} right in {FOLDS}-fold cross-validation")
    for label in LABELS:
        row = Counter(one for true, one in zip(labels, read, strict=True) if true == label)
        print(f"  {label:8} {dict(row.most_common())}")
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_bytes(fit(vectors, texts, labels, probe).to_bytes())


if __name__ == "__main__":
    main()

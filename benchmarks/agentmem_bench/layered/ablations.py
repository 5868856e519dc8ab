"""A layered policy without one of its parts: what each of them is worth."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from agentmem.stores.layered.policy import Layer, LayerPolicy

PATIENCE = 1e9
"""Days: a stability beside which no age counts."""


@dataclass(frozen=True)
class Ablation:
    """What is changed.

    Attributes:
        policy: The policy without it.
        feedback: Whether feedback is heard.
        hints: Whether layers and importances of items are told.
    """

    policy: LayerPolicy
    feedback: bool = True
    hints: bool = True


def ablations(policy: LayerPolicy) -> dict[str, Ablation]:
    """The policy without one part each, by what is left out."""
    return {name: make(policy) for name, make in _MAKERS.items()}


def no_decay(policy: LayerPolicy) -> LayerPolicy:
    """Nothing is lost: importances stay, no item is older than another, nothing fades or moves down."""
    return _changed(
        policy, lambda layer: layer.altered({"stability": PATIENCE, "retention": 1.0}), least_recency=0.0
    )


def no_moves(policy: LayerPolicy) -> LayerPolicy:
    """Items stay in the layer where they begin: all but the first stand beside a ladder of one."""
    first, *others = (layer.altered({"promote_at": None}) for layer in policy.ladder)
    return _made(policy, ladder=(first,), beside=(*others, *policy.beside))


def one_layer(policy: LayerPolicy, place: int) -> LayerPolicy:
    """All items in one layer, with the numbers of the ladder's layer at `place`."""
    only = policy.ladder[place].altered({"promote_at": None})
    names = dict.fromkeys((*policy.names, *policy.entrances), only.name)
    names.pop(only.name)
    return _made(
        policy,
        ladder=(only,),
        beside=(),
        entrances=names,
        otherwise=None,
        reflections=None,
    )


def _changed(policy: LayerPolicy, change: Callable[[Layer], Layer], **others: object) -> LayerPolicy:
    ladder = tuple(change(layer) for layer in policy.ladder)
    return _made(policy, ladder=ladder, beside=tuple(change(layer) for layer in policy.beside), **others)


def _made(policy: LayerPolicy, **changes: object) -> LayerPolicy:
    return LayerPolicy.model_validate({**dict(policy), "name": "custom", **changes})


_MAKERS: Mapping[str, Callable[[LayerPolicy], Ablation]] = {
    "decay": lambda policy: Ablation(no_decay(policy)),
    "promotion": lambda policy: Ablation(no_moves(policy)),
    "feedback": lambda policy: Ablation(policy, feedback=False),
    "layers: all in the first": lambda policy: Ablation(one_layer(policy, 0)),
    "layers: all in the last": lambda policy: Ablation(one_layer(policy, -1)),
    "hints of layers and importances": lambda policy: Ablation(policy, hints=False),
}

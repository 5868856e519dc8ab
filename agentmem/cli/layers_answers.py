"""The JSON answers of the command group `layers`: one object a command, with these keys and no others."""

from __future__ import annotations

from collections.abc import Mapping

_WHERE = {"namespace": "the namespace, as written on the command line"}
_STANDING = "at, layer, faded, importance, recency, next_move (null: never), fades (whether it fades then)"
_MOVE = "at, kind (promoted, demoted, faded, revived), source, target, importance, recency, why"
_FILE = {"file": "the plot that was written; null without one"}

LAYERS: Mapping[str, Mapping[str, str]] = {
    "layers.show": {
        **_WHERE,
        "query": "the question; empty: what is newest",
        "at": "the moment that is shown",
        "policy": "the name of the memory's policy",
        "population": "how many items stand in each layer, by its name, and how many have `faded`",
        "layers": "by the layer's name, a list, best first: record, score, parts (they sum to the score), "
        f"standing ({_STANDING})",
        **_FILE,
    },
    "layers.explain": {
        **_WHERE,
        "item": "the item, as its record is now",
        "standing": f"where it stands: {_STANDING}; null: it had not happened then",
        "moves": f"list, in their order: {_MOVE}, coming (whether that is after the moment asked about)",
        "feedback": "list, oldest first: time, kind, value, event_id, importance (after it; null where it "
        "changed nothing), why",
        "reflects": "ids of what it is a reflection on",
        "reflected_by": "ids of the reflections on it",
        "explanation": "with a question: id, recalled, rank, score, parts, step, reason; else null",
        **_FILE,
    },
    "layers.survival": {
        **_WHERE,
        "at": "the moment up to which is counted",
        "layers": "by the name of the layer in which they began: items, faded, median_days (null: more than "
        "half are still there), days and share (the curve: at each of these ages, which share lives on)",
        **_FILE,
    },
    "layers.policy": {
        "policy": "the policy, as --policy takes it from a file",
        "presets": "the names of all presets",
    },
    "layers.note": {
        **_WHERE,
        "item": "the item",
        "standing": f"where it stands when it happens: {_STANDING}",
        "pending": "list: event_id, namespace, store, state, attempts, error; what no model has rated yet",
    },
    "layers.reflect": {
        **_WHERE,
        "item": "the reflection",
        "standing": f"where it stands when it is thought: {_STANDING}",
        "about": "ids of what it is about",
    },
    "layers.feedback": {
        **_WHERE,
        "items": "list: id, text, before, after (importances at that time; before: null where it had not "
        f"happened), standing ({_STANDING})",
        "receipts": "list: one for each store",
    },
    "layers.advance": {
        **_WHERE,
        "now": "up to when time has passed",
        "counts": "how many moves there were, by kind",
        "moved": f"list, the first of them (--limit): id, text, moves (list: {_MOVE})",
        "receipt": "the receipt of the operation",
    },
}

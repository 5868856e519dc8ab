"""A tiny file of either format, and a small embedder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

DIALOGUE: dict[str, Any] = {
    "sample_id": "talk",
    "conversation": {
        "speaker_a": "Maya",
        "speaker_b": "Tom",
        "session_1_date_time": "1:56 pm on 8 May, 2023",
        "session_1": [
            {"speaker": "Maya", "dia_id": "D1:1", "text": "I keep bees behind the chapel."},
            {"speaker": "Tom", "dia_id": "D1:2", "text": "My trombone was stolen in Graz."},
            {"speaker": "Maya", "dia_id": "D1:3", "text": "Oh no!"},
            {"speaker": "Maya", "dia_id": "D1:4", "text": "Oh no!"},
        ],
    },
    "qa": [
        {"question": "Where was the trombone stolen?", "evidence": ["D1:2"], "category": 4},
        {"question": "Where does Maya keep bees?", "evidence": ["D1:1"], "category": 2},
        {"question": "Who stole the bees?", "evidence": ["D1:1"], "category": 5},
    ],
}


@pytest.fixture
def dialogues(tmp_path: Path) -> Path:
    """Two conversations of the same words, two questions each."""
    file = tmp_path / "talks.json"
    file.write_text(json.dumps([DIALOGUE, {**DIALOGUE, "sample_id": "again"}]), encoding="utf-8")
    return file


@pytest.fixture(autouse=True)
def _hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGENTMEM_EMBEDDER", "hashing")

"""Runs as tests make them: small, in a folder of their own."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agentmem.config import Settings
from agentmem.runs.folder import RunFolder
from agentmem.runs.request import run_of
from agentmem.runs.spec import RunSpec

UNTIMED = {"memory_seconds", "policy_seconds", "world_seconds"}

DOMAIN = """
(define (domain lamps) (:requirements :strips :typing) (:types lamp)
 (:predicates (on ?l - lamp) (off ?l - lamp))
 (:action light :parameters (?l - lamp) :precondition (off ?l) :effect (and (on ?l) (not (off ?l)))))
"""
PROBLEM = """
(define (problem two) (:domain lamps) (:objects red blue - lamp)
 (:init (off red) (off blue)) (:goal (and (on red) (on blue))))
"""


@pytest.fixture(autouse=True)
def alone(own_folder: Path) -> None:
    """Every test in a folder of its own, without settings."""


@pytest.fixture
def settings() -> Settings:
    return Settings(embedder="hashing")


@pytest.fixture
def spec_of(settings: Settings) -> Callable[..., RunSpec]:
    def make(**given: object) -> RunSpec:
        return run_of({"world": "gripper", "size": 1, **given}, settings)

    return make


@pytest.fixture
def begun(tmp_path: Path, spec_of: Callable[..., RunSpec]) -> Callable[..., RunFolder]:
    def make(name: str = "run", **given: object) -> RunFolder:
        folder = RunFolder(tmp_path / name)
        folder.begin(spec_of(**given))
        return folder

    return make


@pytest.fixture
def plain() -> Callable[..., list[dict]]:
    """Rows without what differs each time: the seconds."""
    return lambda rows: [row.model_dump(exclude=UNTIMED) for row in rows]


@pytest.fixture
def pddl(tmp_path: Path) -> dict[str, str]:
    """Files of a small world."""
    (tmp_path / "domain.pddl").write_text(DOMAIN)
    (tmp_path / "two.pddl").write_text(PROBLEM)
    return {"domain": str(tmp_path / "domain.pddl"), "problem": str(tmp_path / "two.pddl")}


@pytest.fixture(autouse=True)
def heard() -> Iterator[None]:
    """Ctrl-C is heard, also where the tests run in the background of a shell, which has it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)

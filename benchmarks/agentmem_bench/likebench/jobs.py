"""All dialogues of a run, over processes."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import partial
from itertools import count
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from agentmem.bank import Bank
from agentmem.config import Settings
from agentmem.embedders import open_embedder
from agentmem.embedders.base import Embedder
from agentmem_bench.likebench.personas.schema import Persona
from agentmem_bench.likebench.probe.assistant import ProbeAssistant
from agentmem_bench.likebench.probe.script import VARIANTS
from agentmem_bench.likebench.rows import Dialogue, Header, Recalled, Row
from agentmem_bench.likebench.run import digest, played
from agentmem_bench.likebench.suite import VERSION
from agentmem_bench.likebench.systems.named import Named, system_of

PROBE = "probe"


@dataclass(frozen=True)
class Job:
    """One dialogue.

    Attributes:
        system: What is under test.
        persona: Who talks with it.
        variant: A name of `VARIANTS`.
        seed: Of the script.
        folder: Where its rows are kept; none: nowhere.
    """

    system: Named
    persona: Persona
    variant: str
    seed: int
    folder: Path | None = None

    @property
    def file(self) -> Path | None:
        """Where its rows are kept."""
        if self.folder is None:
            return None
        return self.folder / self.system.name / f"{self.persona.id}-{self.variant}-{self.seed}.jsonl"


class Player:
    """Plays dialogues, with a bank of its own in a folder that is there for the time being.

    Args:
        settings: Which embedder.
        scratch: The folder.
    """

    def __init__(self, settings: Settings, scratch: Path) -> None:
        self._embedder = open_embedder(settings)
        self._bank = Bank(scratch / f"{os.getpid()}.db", embedder=self._embedder)
        self._assistant = ProbeAssistant(_Nearest(self._embedder))
        self._places = count()

    def play(self, job: Job) -> Dialogue:
        """Play one dialogue, or the rest of it."""
        header = Header(
            version=VERSION,
            mode=PROBE,
            system=job.system.name,
            persona=job.persona.id,
            digest=digest(job.persona),
            variant=job.variant,
            seed=job.seed,
            budget=job.system.budget,
            embedder=self._embedder.name,
        )
        with Dialogue(header, job.file) as dialogue:
            place = f"{next(self._places)}"
            system = system_of(job.system, job.persona, self._bank, place, self._assistant.reply)
            try:
                played(job.persona, VARIANTS[job.variant], job.seed, system, dialogue)
            finally:
                system.close()
        return dialogue

    def close(self) -> None:
        """Close the bank."""
        self._bank.close()


def play_all(jobs: Sequence[Job], settings: Settings, workers: int) -> Iterator[Dialogue]:
    """Play all dialogues, in no particular order; those that are whole already come at once."""
    with tempfile.TemporaryDirectory(prefix="likebench-") as scratch:
        if workers <= 1 or len(jobs) <= 1:
            player = Player(settings, Path(scratch))
            try:
                yield from map(player.play, jobs)
            finally:
                player.close()
            return
        begin = partial(_begin, settings, Path(scratch))
        with ProcessPoolExecutor(workers, get_context("spawn"), begin) as pool:
            for done in as_completed([pool.submit(_sent, job) for job in jobs]):
                header, turns, recalled = done.result()
                dialogue = Dialogue(header)
                dialogue.turns, dialogue.recalled = turns, recalled
                yield dialogue


_players: list[Player] = []
"""The player of this process, where it is a worker."""


def _begin(settings: Settings, scratch: Path) -> None:
    _players.append(Player(settings, scratch))


def _sent(job: Job) -> tuple[Header, list[Row], Recalled | None]:
    dialogue = _players[0].play(job)
    return dialogue.header, dialogue.turns, dialogue.recalled


class _Nearest:
    """Compares messages with remarks; each text is embedded once."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: dict[str, NDArray[np.float32]] = {}

    def __call__(self, message: str, remarks: Sequence[str]) -> tuple[int, float]:
        cosines = self._vectors(remarks) @ self._vectors([message])[0]
        place = int(cosines.argmax())
        return place, float(cosines[place])

    def _vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known |= dict(zip(new, self._embedder.embed(new), strict=True))
        return np.array([self._known[text] for text in texts])

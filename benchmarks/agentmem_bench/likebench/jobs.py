"""All dialogues of a run, over processes."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import numpy as np
from numpy.typing import NDArray

from agentmem.bank import Bank
from agentmem.config import Settings
from agentmem.embedders import open_embedder
from agentmem.embedders.base import Embedder
from agentmem.errors import InvalidInput
from agentmem.models.metered import MeteredChat
from agentmem.models.registry import open_model
from agentmem_bench.likebench.cast import MODEL, Cast, Players
from agentmem_bench.likebench.imagined import Imagined
from agentmem_bench.likebench.limit import RunLedger
from agentmem_bench.likebench.personas.schema import Persona
from agentmem_bench.likebench.probe.assistant import ProbeAssistant
from agentmem_bench.likebench.probe.script import VARIANTS
from agentmem_bench.likebench.rows import Dialogue, Header, Recalled, Row
from agentmem_bench.likebench.run import Table, digest
from agentmem_bench.likebench.suite import VERSION
from agentmem_bench.likebench.systems.base import Answered
from agentmem_bench.likebench.systems.named import Named, Systems
from agentmem_bench.pool import CONTEXT, ON_RAY, spread

if TYPE_CHECKING:
    from multiprocessing.sharedctypes import Synchronized

    from agentmem.models.base import ChatModel


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
        place = self.folder / quote(self.system.name, safe="@+")
        return place / f"{self.persona.id}-{self.variant}-{self.seed}.jsonl"


@dataclass(frozen=True)
class Stage:
    """What all dialogues of a run share.

    Attributes:
        cast: Who plays.
        limit: Tokens that models may take in the run; none: without a limit.
        is_imagined: Whether no model is asked, and what it would take is counted.
        settings: Which embedder, and which servers.
    """

    cast: Cast = field(default_factory=Cast)
    limit: int | None = None
    is_imagined: bool = False
    settings: Settings = field(default_factory=Settings)


class Player:
    """Plays dialogues, with a bank of its own in a folder that is there for the time being.

    Args:
        stage: What all dialogues share.
        scratch: The folder.
        taken: Tokens that models took in the run, of all processes; none: they are not limited.
    """

    def __init__(self, stage: Stage, scratch: Path, taken: Synchronized[int] | None) -> None:
        self._stage = stage
        self._taken = taken
        self._embedder = open_embedder(stage.settings)
        self._bank = Bank(scratch / f"{os.getpid()}.db", embedder=self._embedder)
        probe = ProbeAssistant(_Nearest(self._embedder))

        def answered(context: str, message: str) -> Answered:
            return Answered(probe.reply(context, message))

        self._players = Players(stage.cast, self._open, answered)
        self._systems = Systems(
            self._bank, self._players.answer(), stage.settings, self._metered, stage.is_imagined
        )

    def play(self, job: Job) -> Dialogue:
        """Play one dialogue, or the rest of it.

        Raises:
            LimitReached: models may take no more.
            Unavailable: one of them is not there.
        """
        cast = self._stage.cast
        header = Header(
            version=VERSION,
            mode=MODEL if job.system.is_outside else cast.mode,
            user=cast.user,
            answers=job.system.name if job.system.is_outside else cast.answers,
            raters=cast.raters,
            repeats=cast.repeats,
            decoys=cast.decoys,
            prompts=cast.prompts,
            system=job.system.name,
            persona=job.persona.id,
            digest=digest(job.persona),
            variant=job.variant,
            seed=job.seed,
            budget=job.system.budget,
            embedder=self._embedder.name,
        )
        with Dialogue(header, job.file) as dialogue:
            system = self._systems.system(job.system, job.persona)
            user = self._players.user(job.persona, VARIANTS[job.variant], job.seed)
            try:
                Table(job.persona, user, self._players.raters(), cast.decoys).play(system, dialogue)
            finally:
                system.close()
        return dialogue

    def _open(self, name: str) -> ChatModel:
        return self._metered(open_model(self._stage.settings, name))

    def _metered(self, model: ChatModel) -> ChatModel:
        if self._stage.is_imagined:
            return Imagined(model.name)
        limit, taken = self._stage.limit, self._taken
        return model if limit is None or taken is None else MeteredChat(model, RunLedger(limit, taken))

    def close(self) -> None:
        """Close the bank."""
        self._bank.close()


def play_all(jobs: Sequence[Job], stage: Stage, workers: int) -> Iterator[Dialogue]:
    """Play all dialogues, in the order of the jobs.

    Raises:
        InvalidInput: a limit over workers that count apart.
        LimitReached: models may take no more; the rows so far are kept.
        Unavailable: a model is not there.
    """
    if stage.limit is not None and ON_RAY.get():
        raise InvalidInput("--limit over workers of Ray, which share no count", "leave out --ray, or --limit")
    taken = CONTEXT.Value("q", 0) if stage.limit is not None else None
    with tempfile.TemporaryDirectory(prefix="likebench-") as scratch:
        if workers <= 1 or len(jobs) <= 1:
            player = Player(stage, Path(scratch), taken)
            try:
                yield from map(player.play, jobs)
            finally:
                player.close()
            return
        with spread(workers, _begin, stage, Path(scratch), taken) as over:
            for header, turns, recalled in over(_sent, jobs):
                dialogue = Dialogue(header)
                dialogue.turns, dialogue.recalled = turns, recalled
                yield dialogue


_players: list[Player] = []
"""The player of this process, where it is a worker."""


def _begin(stage: Stage, scratch: Path, taken: Synchronized[int] | None) -> None:
    _players[:] = [Player(stage, scratch, taken)]


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

"""What the hooks do: print context for a session or a prompt, keep what was said."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agentmem.agents.remembering import hits_for
from agentmem.errors import InvalidInput
from agentmem_mcp.transcript import Said, event, events, prompt_id, read

if TYPE_CHECKING:
    from agentmem.bank import Bank
    from agentmem.records import Namespace
    from agentmem.stores import MemoryStore

PLACE = "hook"
"""The first label of the namespaces of projects."""
LARGEST_INPUT = 10_000_000
"""Characters of a hook's JSON."""
AT_ONCE = 64
"""Ids that are looked up at a time."""


def carry_out(event: str, *, namespace: str | None, db: str | None, store: str, budget: int) -> None:
    """Read the hook's JSON from stdin, and do what is to be done at `event`: `start`, `prompt` or `stop`.

    Settings and a bank that is not named are those of the user's home, never of the project's folder: what
    is checked out there is not the user's word.

    Raises:
        InvalidInput: stdin holds no JSON object, or lacks what is needed.
    """
    from agentmem.cli.opening import writing
    from agentmem.db.names import decode, encode

    given = _given(sys.stdin.read(LARGEST_INPUT))
    path = db or os.environ.get("AGENTMEM_DB")
    if path and "://" not in path:
        path = str(Path(path).expanduser().absolute())
    place = decode(namespace) if namespace else place_of(Path(_text(given, "cwd") or Path.cwd()))
    os.chdir(Path.home())
    with writing(path, encode(place)) as opened:
        hook = Hook(opened.bank, opened.namespace, store, _text(given, "session_id"))
        if event == "start":
            _print(hook.start(budget))
        elif event == "prompt":
            prompt = _text(given, "prompt").strip()
            kept = hook.keep_prompt(prompt)  # first: it takes milliseconds, where recall may load a model
            _print(hook.context(prompt, budget, besides=kept))
        else:
            hook.keep_turn(_transcript(given))


class Hook:
    """One session of a coding assistant, beside a project's memory.

    Args:
        bank: The bank.
        namespace: The project's.
        store: The store that recalls.
        session: The session.
    """

    def __init__(self, bank: Bank, namespace: Namespace, store: str, session: str) -> None:
        self._bank = bank
        self._namespace = namespace
        self._memory: MemoryStore = bank.store(store, namespace)
        self._session = session

    def start(self, budget: int) -> str:
        """What is pinned, and then what is newest."""
        from agentmem.records import Query
        from agentmem.synthesis.pack import pack

        newest = Query(text="", k=hits_for(budget))
        view = self._memory.view(newest)
        hits = self._memory.retrieve(newest, view)
        return pack(hits, budget, policy=self._memory.packing(), pinned=self._memory.pinned(view)).text

    def context(self, prompt: str, budget: int, besides: str = "") -> str:
        """What is known for a prompt from other sessions; this one is before the assistant anyway.

        Args:
            prompt: The prompt.
            budget: Tokens.
            besides: The id under which the prompt itself is kept.
        """
        from agentmem.filters import Comparison, Not, not_among
        from agentmem.records import Query

        if not prompt:
            return ""
        this = Not(part=Comparison(field="session", operator="=", value=self._session))
        filter = this if self._session else not_among([besides])
        query = Query(text=prompt, k=hits_for(budget), filter=filter)
        return self._memory.synthesize(query, budget).text

    def keep_prompt(self, prompt: str) -> str:
        """Keep what the user said, once more if it was said before; the id under which it is kept."""
        if not prompt:
            return ""
        for first in count(0, AT_ONCE):
            ids = [prompt_id(self._session, prompt, before) for before in range(first, first + AT_ONCE)]
            known = self._known(ids)
            new = [id for id in ids if id not in known]
            if new:
                said = event(self._session, Said("user", prompt, "", None), new[0])
                self._memory.observe(said, wait=False, embed=False)
                return new[0]
        raise AssertionError("unreachable: a session has a last prompt")

    def keep_turn(self, transcript: Path) -> None:
        """Keep what the transcript holds and the bank does not; what was forgotten stays so."""
        said = events(self._session, read(transcript))
        known = self._known([one.id for one in said])
        new = [one for one in said if one.id not in known]
        if new:
            self._memory.observe(*new, wait=False, embed=False)
            self._memory.recall(new[-1].text, k=1)  # vectors are made now rather than at the next prompt

    def _known(self, ids: list[str]) -> set[str]:
        """Those of `ids` that events have, forgotten ones too."""
        return {one.id for one in self._bank.events(self._namespace, ids)}


def place_of(folder: Path) -> Namespace:
    """The namespace of the project that a folder is in: the nearest folder with a `.git`, else itself."""
    project = next((one for one in (folder, *folder.parents) if (one / ".git").exists()), folder)
    digest = sha256(str(project).encode("utf-8", "surrogateescape")).hexdigest()[:8]
    name = "".join(one if one.isascii() and (one.isalnum() or one in "._-") else "_" for one in project.name)
    return (PLACE, f"{name}-{digest}")


def _given(text: str) -> Mapping[str, Any]:
    try:
        given = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidInput("stdin holds no JSON", "this command is for the hooks of an assistant") from error
    if not isinstance(given, dict):
        raise InvalidInput("stdin holds no JSON object", "this command is for the hooks of an assistant")
    return given


def _text(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise InvalidInput(f"{name} of the hook is no text", "see docs/mcp.md for what a hook is given")
    return value


def _transcript(given: Mapping[str, Any]) -> Path:
    path = _text(given, "transcript_path")
    if not path:
        raise InvalidInput("the hook names no transcript", "see docs/mcp.md for what a hook is given")
    return Path(path).expanduser()


def _print(context: str) -> None:
    if context:
        sys.stdout.write(context)
        sys.stdout.flush()

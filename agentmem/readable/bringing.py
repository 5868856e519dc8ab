"""Pages that were edited: a changed text is a correction, a deleted one a retraction where asked for."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from pydantic import ValidationError

from agentmem.bank.directory import never_written
from agentmem.db.names import decode, encode
from agentmem.errors import FormatError, InvalidInput, NotApplicable, NotFound, Refused
from agentmem.faults import first_fault
from agentmem.readable.marks import Marked, What, digest, marked
from agentmem.readable.pages import FORMAT, MANIFEST, VERSION
from agentmem.records import SUPERSEDES, Namespace, Record, State, Value

if TYPE_CHECKING:
    from agentmem.bank import Bank
    from agentmem.stores.task.store import TaskMemory

APART = (InvalidInput, NotApplicable, NotFound, Refused)
"""What is wrong with one edit, and leaves the others alone."""


class MarkdownReport(Value):
    """What an import of pages did.

    Attributes:
        namespace: Where, as a path.
        corrected: Ids of the records whose text was changed in a page, and is corrected now.
        retracted: Ids of the records whose statement was deleted, and that are retracted now.
        left: Ids of the records whose statement was deleted, and that stand: nobody asked to retract them.
        before: Ids of the records whose change is in the bank already.
        unchanged: How many statements are as they were written.
        conflicts: What was not applied since the record changed meanwhile, two pages disagree, or the
            bank refuses it; in words.
        missing: Pages that are not there any more; nothing follows from it.
    """

    namespace: str
    corrected: tuple[str, ...] = ()
    retracted: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    unchanged: int = 0
    conflicts: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


class Manifest(Value):
    """What was written: the namespace, and by page each record, with its version and a hash of its text."""

    format: str
    version: int
    namespace: str
    pages: dict[str, tuple[tuple[What, str, int, str], ...]]


class Edit(Value):
    """A statement whose text is another one than that of its version; none: its mark is gone.

    Attributes:
        file: The page.
        line: Its line; 0: it is gone.
        what: What it is.
        id: The record.
        version: The version that was written.
        text: The text now.
    """

    file: str
    line: int
    what: What
    id: str
    version: int
    text: str | None

    @property
    def key(self) -> tuple[What, str, int]:
        """What was written, of which version."""
        return self.what, self.id, self.version


def bring_back(
    bank: Bank, folder: Path, namespace: Namespace | None = None, *, retract_deleted: bool = False
) -> MarkdownReport:
    """Apply what was edited in the pages of a folder; where one is broken, nothing.

    Args:
        bank: The bank.
        folder: What `write_copy` wrote.
        namespace: Where; none: where it was written from.
        retract_deleted: Whether a statement whose mark is gone is retracted.

    Raises:
        NotFound: there is no such folder, or nothing was ever written to the namespace.
        FormatError: a page is broken; file and line are named.
    """
    manifest = _manifest(folder)
    place = namespace if namespace is not None else decode(manifest.namespace)
    if not bank.numbers(place):
        raise never_written(place)
    read = {path: _page(folder, path) for path in sorted(manifest.pages) if (folder / path).is_file()}
    bringing = _Bringing(bank, place, retract_deleted=retract_deleted)
    edits = list(bringing.edits(manifest, read))
    return bringing.run(edits, [path for path in sorted(manifest.pages) if path not in read])


class _Bringing:
    """One import in progress."""

    def __init__(self, bank: Bank, namespace: Namespace, *, retract_deleted: bool) -> None:
        self._bank = bank
        self._namespace = namespace
        self._store = bank.store("episodic", namespace)
        self._view = bank.view(namespace)
        self._retract_deleted = retract_deleted
        self._written: dict[tuple[What, str, int], str] = {}
        self._unchanged = 0
        self._corrected: list[str] = []
        self._retracted: list[str] = []
        self._left: list[str] = []
        self._before: list[str] = []
        self._conflicts: list[str] = []

    def edits(self, manifest: Manifest, pages: dict[str, list[Marked]]) -> Iterator[Edit]:
        """What differs from the versions that were written.

        Raises:
            FormatError: something was changed that a page cannot change.
        """
        self._written = {
            (what, id, version): told for some in manifest.pages.values() for what, id, version, told in some
        }
        for path, some in pages.items():
            for one in some:
                told = self._written.get((one.what, one.id, one.version))
                if told is None:
                    raise FormatError(
                        f"{path}, line {one.line}: the mark of {one.id!r} is none that was written",
                        "put the mark back as it was",
                    )
                if digest(one.text) == told:
                    self._unchanged += 1
                    continue
                if one.what == "data":
                    raise FormatError(
                        f"{path}, line {one.line}: what {one.id!r} holds is no text, and stays as it is",
                        "undo the edit, or change it by a command",
                    )
                yield Edit(
                    file=path, line=one.line, what=one.what, id=one.id, version=one.version, text=one.text
                )
            there = {one.id for one in some}
            for what, id, version, _ in manifest.pages[path]:
                if id not in there:
                    yield Edit(file=path, line=0, what=what, id=id, version=version, text=None)

    def run(self, edits: Sequence[Edit], missing: Sequence[str]) -> MarkdownReport:
        """Apply edits; where two pages say different things of one record, none of these."""
        by_id: dict[str, list[Edit]] = {}
        for edit in edits:
            by_id.setdefault(edit.id, []).append(edit)
        for id, some in by_id.items():
            changed = {edit.text: edit for edit in some if edit.text is not None}
            if len(changed) > 1:
                where = " and ".join(f"{edit.file}, line {edit.line}" for edit in changed.values())
                self._conflicts.append(f"{where} say different things of {id}")
            elif changed:
                self._change(next(iter(changed.values())))
            else:
                self._delete(some[0])
        return MarkdownReport(
            namespace=encode(self._namespace),
            corrected=tuple(self._corrected),
            retracted=tuple(self._retracted),
            left=tuple(self._left),
            before=tuple(self._before),
            unchanged=self._unchanged,
            conflicts=tuple(self._conflicts),
            missing=tuple(missing),
        )

    def _change(self, edit: Edit) -> None:
        text = edit.text or ""
        record = self._current(edit.id)
        if record is not None and text in {said(one, edit.what) for one in [record, *self._heirs(record)]}:
            self._before.append(edit.id)
            return
        if (why := self._changed_meanwhile(record, edit)) is not None:
            self._conflicts.append(why)
            return
        reason = f"edited in {edit.file}"
        try:
            if edit.what == "task":
                cast("TaskMemory", self._bank.store("task", self._namespace)).update(
                    edit.id, text, why=reason
                )
            else:
                self._store.correct(edit.id, text, why=reason)
        except APART as error:
            self._conflicts.append(f"{_where(edit)}: {error.message}")
            return
        self._corrected.append(edit.id)

    def _delete(self, edit: Edit) -> None:
        record = self._current(edit.id)
        if record is None or record.state is not State.LIVE:
            self._before.append(edit.id)
        elif not self._retract_deleted:
            self._left.append(edit.id)
        elif (why := self._changed_meanwhile(record, edit)) is not None:
            self._conflicts.append(why)
        else:
            try:
                self._store.retract([edit.id], why=f"deleted in {edit.file}")
            except APART as error:
                self._conflicts.append(f"{_where(edit)}: {error.message}")
                return
            self._retracted.append(edit.id)

    def _current(self, id: str) -> Record | None:
        found = [one for one in self._view.get([id]) if one.state is not State.FORGOTTEN]
        return found[0] if found else None

    def _changed_meanwhile(self, record: Record | None, edit: Edit) -> str | None:
        """Why an edit is not applied; none: it can be."""
        where = _where(edit)
        if record is None:
            return f"{where}: {edit.id} is not in the bank any more"
        if record.state is not State.LIVE or record.valid_to is not None:
            return f"{where}: {edit.id} does not stand any more ({record.state.value})"
        if record.version != edit.version:
            return f"{where}: {edit.id} is at version {record.version}, the page shows version {edit.version}"
        if edit.what != "data" and digest(said(record, edit.what)) != self._written[edit.key]:
            return f"{where}: {edit.id} says another thing in this bank than the page did"
        return None

    def _heirs(self, record: Record) -> list[Record]:
        """The records that took the place of one."""
        ids = self._view.reach([record.id], SUPERSEDES, "in")
        return self._view.get(id for id in ids if id != record.id)


def _where(edit: Edit) -> str:
    return f"{edit.file}, line {edit.line}" if edit.line else edit.file


def said(record: Record, what: What) -> str:
    """What a page says of a record."""
    if what == "task":
        value = record.payload.get("value")
        return value if isinstance(value, str) else ""
    return record.text


def _manifest(folder: Path) -> Manifest:
    """The list of what was written.

    Raises:
        NotFound: there is no such folder.
        FormatError: it has none, or a broken one.
    """
    if not folder.is_dir():
        raise NotFound(f"there is no folder {folder}", "check the path")
    file = folder / MANIFEST
    remedy = "import the folder that `agentmem export --markdown` wrote, with this file in it"
    if not file.is_file():
        raise FormatError(f"{folder} holds no {MANIFEST}", remedy)
    try:
        told: Any = json.loads(file.read_text(encoding="utf-8"))
        manifest = Manifest.model_validate(told)
    except ValidationError as error:
        fault = first_fault(error)
        raise FormatError(f"{file}: {fault.where}: {fault.message}", remedy) from error
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{file} is not JSON: {error}", remedy) from error
    if manifest.format != FORMAT or manifest.version > VERSION:
        raise FormatError(
            f"{file} is of {manifest.format!r}, version {manifest.version}; "
            f"this agentmem knows {FORMAT!r} up to {VERSION}",
            "upgrade",
        )
    for path in manifest.pages:
        if Path(path).is_absolute() or ".." in Path(path).parts:
            raise FormatError(f"{file} names the page {path!r}, which is not in the folder", remedy)
    return manifest


def _page(folder: Path, path: str) -> list[Marked]:
    try:
        text = (folder / path).read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise FormatError(f"{path}, line {line}: this is not UTF-8", "save the page as UTF-8") from error
    return marked(text, path)

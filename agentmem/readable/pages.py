"""Pages of a namespace: one for each entity, task and session. The same bank gives the same bytes."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

from agentmem.bank.directory import never_written
from agentmem.db.names import encode
from agentmem.errors import Conflict, Unavailable
from agentmem.files import write_new
from agentmem.readable.marks import What, digest, file_name, inline, mark, page_mark, quoted
from agentmem.records import Namespace, Record, Value

if TYPE_CHECKING:
    from agentmem.bank import Bank
    from agentmem.stores.entities.roster import Entity
    from agentmem.stores.entities.store import EntityMemory
    from agentmem.stores.task.node import Node
    from agentmem.stores.task.store import TaskMemory

MANIFEST = "agentmem.json"
FORMAT = "agentmem.markdown"
VERSION = 1
INDEX = "index.md"


class Statement(Value):
    """A piece of a page.

    Attributes:
        what: What it is.
        id: The record.
        version: Its version.
        head: The line above it, Markdown.
        text: What it says.
    """

    what: What
    id: str
    version: int
    head: str
    text: str


class Page(Value):
    """A page.

    Attributes:
        path: Where it stands in the folder: `entities/nadia-1f2e3d4c.md`.
        title: Its title, plain text.
        told: Lines under the title, Markdown.
        statements: Its pieces.
    """

    path: str
    title: str
    told: tuple[str, ...] = ()
    statements: tuple[Statement, ...] = ()

    def markdown(self) -> str:
        """The page as it is written."""
        lines = [page_mark(self.path), f"# {inline(self.title)}", ""]
        lines += [*self.told, ""] if self.told else []
        for one in self.statements:
            lines += [one.head, "", mark(one.what, one.id, one.version), *quoted(one.text), ""]
        return "\n".join(lines)


class Copied(Value):
    """What was written: the folder, how many pages, and how many records they show."""

    folder: str
    pages: int
    records: int


def write_copy(bank: Bank, namespace: Namespace, folder: Path) -> Copied:
    """Write the pages of a namespace to a folder that is not there yet, or is empty; all or nothing.

    Raises:
        NotFound: nothing was ever written to the namespace.
        Conflict: something is in the folder.
        Unavailable: it cannot be written.
    """
    pages = pages_of(bank, namespace)
    put_down(folder, files_of(namespace, pages))
    ids = {one.id for page in pages for one in page.statements}
    return Copied(folder=str(folder), pages=len(pages), records=len(ids))


def files_of(namespace: Namespace, pages: Sequence[Page]) -> dict[str, str]:
    """The text of each file by its path, with the list of what was written where."""
    told = {
        "format": FORMAT,
        "version": VERSION,
        "namespace": encode(namespace),
        "pages": {
            page.path: [[one.what, one.id, one.version, digest(one.text)] for one in page.statements]
            for page in pages
            if page.statements
        },
    }
    files = {page.path: page.markdown() for page in pages}
    return files | {MANIFEST: json.dumps(told, indent=1, sort_keys=True) + "\n"}


def put_down(folder: Path, files: Mapping[str, str]) -> None:
    """Let a folder with these files appear, whole or not at all.

    Raises:
        Conflict: something is in the folder.
        Unavailable: it cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Conflict(f"{folder} is there already", "give another folder, or move it away")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=".agentmem-", dir=folder.parent))
        try:
            for path, text in files.items():
                target = made / path
                target.parent.mkdir(exist_ok=True)
                write_new(target, lambda file, text=text: file.write(text))  # type: ignore[misc]
            made.replace(folder)
        except BaseException:
            shutil.rmtree(made, ignore_errors=True)
            raise
    except OSError as error:
        raise Unavailable(
            f"the folder {folder} cannot be written: {error}", "check the path, its rights and the disk"
        ) from error


def pages_of(bank: Bank, namespace: Namespace) -> list[Page]:
    """All pages of a namespace, the index first; of entities and tasks where those stores are attached.

    Raises:
        NotFound: nothing was ever written to the namespace.
    """
    if not bank.numbers(namespace):
        raise never_written(namespace)
    return _Pages(bank, namespace).all()


def entity_page(bank: Bank, namespace: Namespace, called: str) -> Page:
    """The page of one entity by itself, without links.

    Raises:
        NotFound: there is no such entity.
    """
    pages = _Pages(bank, namespace)
    memory = cast("EntityMemory", pages.stores["entities"])
    entity = memory.entity(called)
    return pages.entity(entity, set(memory.events_of(entity.id)), is_alone=True)


class _Pages:
    """The pages of a namespace in the making."""

    def __init__(self, bank: Bank, namespace: Namespace) -> None:
        self._namespace = namespace
        self.stores = bank.attached_by_name(namespace)
        now = bank.clock()
        live = self.stores["episodic"].select('state = "live"')
        self._records = sorted(
            (one for one in live if one.holds(now) and (one.text.strip() or one.payload)),
            key=lambda one: (one.time or now, one.from_seq, one.id),
        )
        self._entities: list[tuple[Entity, set[str]]] = []
        if "entities" in self.stores:
            memory = cast("EntityMemory", self.stores["entities"])
            roster = memory.roster()
            by_id = {group.head.id: group for group in roster.groups}
            self._entities = [
                (entity, set(memory.resting_on(roster, by_id[entity.id])))
                for entity in roster.entities()
                if entity.mentions
            ]
        self._named: dict[str, list[Entity]] = {}
        for entity, events in self._entities:
            for id in events:
                self._named.setdefault(id, []).append(entity)

    def all(self) -> list[Page]:
        """All of them, the index first."""
        parts = {
            "Entities": [self.entity(entity, events) for entity, events in self._entities],
            "Tasks": self._tasks(),
            "Sessions": self._sessions(),
        }
        told: list[str] = []
        for title, pages in parts.items():
            if pages:
                told += [f"## {title}", "", *(f"- [{inline(page.title)}]({page.path})" for page in pages), ""]
        index = Page(path=INDEX, title=f"Memory of {encode(self._namespace)}", told=tuple(told))
        return [index, *(page for pages in parts.values() for page in pages)]

    def entity(self, entity: Entity, events: set[str], *, is_alone: bool = False) -> Page:
        """The page of an entity; alone it has no links."""
        names = ", ".join(f"{inline(one.name)} ({one.times})" for one in entity.names)
        when = f"{stamp(entity.first)} to {stamp(entity.last)}"
        about = [
            f"{entity.kind}; named in {entity.mentions} events, {entity.said} of them its own; {when}",
            "",
            f"Names: {names}",
        ]
        resting = [one for one in self._records if not events.isdisjoint(one.sources)]
        return Page(
            path=entity_path(entity),
            title=entity.name,
            told=tuple(about),
            statements=tuple(self._statement(one, but=entity.id, is_alone=is_alone) for one in resting),
        )

    def _sessions(self) -> list[Page]:
        by_session: dict[str, list[Record]] = {}
        for one in self._records:
            by_session.setdefault(one.session, []).append(one)
        return [
            Page(
                path=session_path(session),
                title=f"Session {session}" if session else "Without a session",
                statements=tuple(self._statement(one, with_session=False) for one in some),
            )
            for session, some in by_session.items()
        ]

    def _statement(
        self, record: Record, *, but: str = "", with_session: bool = True, is_alone: bool = False
    ) -> Statement:
        said = [f"**{inline(record.actor)}**"] if record.actor.strip() else []
        said.append(stamp(record.time))
        if not is_alone:
            said += (
                [_link(record.session, session_path(record.session))]
                if with_session and record.session
                else []
            )
            named = {one.id: one for source in record.sources for one in self._named.get(source, ())}
            said += [_link(one.name, entity_path(one)) for id, one in named.items() if id != but]
        text = (
            record.text
            if record.text.strip()
            else json.dumps(record.payload, ensure_ascii=False, sort_keys=True)
        )
        return Statement(
            what="statement" if record.text.strip() else "data",
            id=record.id,
            version=record.version,
            head=" · ".join(said),
            text=text,
        )

    def _tasks(self) -> list[Page]:
        if "task" not in self.stores:
            return []
        from agentmem.stores.task.views import outline

        graph = cast("TaskMemory", self.stores["task"]).graph()
        trees: list[list[tuple[int, Node]]] = []
        for row in outline(graph):
            if not row.depth:
                trees.append([])
            if not row.again:
                trees[-1].append((row.depth, graph.nodes[row.id]))
        return [_task_page(tree, graph.stale) for tree in trees if tree]


def _task_page(tree: Sequence[tuple[int, Node]], stale: Mapping[str, str]) -> Page:
    """The page of a root and what hangs under it, in the order of the tree."""
    root = tree[0][1]
    return Page(
        path=f"tasks/{file_name(root.slot, root.id)}",
        title=root.slot,
        told=(f"{root.kind}, {root.status.value}", *(("", inline(root.goal)) if root.goal else ())),
        statements=tuple(_step(depth, node, is_stale=node.id in stale) for depth, node in tree),
    )


def _step(depth: int, node: Node, *, is_stale: bool) -> Statement:
    marks = [node.status.value, *(["stale"] if is_stale else [])]
    head = f"{'› ' * depth}**{inline(node.slot)}** · {', '.join(marks)}"
    if node.kind == "step" and node.value is not None and node.value.strip():
        return Statement(what="task", id=node.id, version=node.version, head=head, text=node.value)
    told = f"output: {node.output}" if node.output.strip() else "no value"
    return Statement(what="data", id=node.id, version=node.version, head=head, text=told)


def _link(name: str, path: str) -> str:
    return f"[{inline(name)}](../{path})"


def entity_path(entity: Entity) -> str:
    """Where the page of an entity stands."""
    return f"entities/{file_name(entity.name, entity.id)}"


def session_path(session: str) -> str:
    """Where the page of a session stands."""
    return f"sessions/{file_name(session, session)}"


def stamp(moment: datetime | None) -> str:
    """A moment to the minute, in UTC."""
    return "no time" if moment is None else f"{moment:%Y-%m-%d %H:%M} UTC"

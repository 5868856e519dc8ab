"""The application: which page answers which address, and what is told when none can."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING

from agentmem.errors import AgentMemError, Damaged, NotFound, Refused, Unavailable
from agentmem.logs import fields, in_log, logger
from agentmem.web.inspector import (
    changes,
    changing,
    concepts,
    context,
    entities,
    layers,
    namespaces,
    profile,
    record,
    records,
    searching,
    subgoals,
    tasks,
    timeline,
)
from agentmem.web.inspector.asked import Asked, Elsewhere, asked_of, form_of
from agentmem.web.inspector.door import Door, form_token
from agentmem.web.inspector.files import static_files
from agentmem.web.inspector.frame import framed
from agentmem.web.inspector.subject import Subject

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from agentmem.bank.bank import Bank
    from agentmem.records import Namespace

log = logger(__name__)

Shown = Callable[[Subject, Asked], str | Elsewhere]
PAGES: dict[str, Shown] = {
    "/": namespaces.namespaces,
    "/timeline": timeline.timeline,
    "/values": timeline.known_values,
    "/event": timeline.event_page,
    "/records": records.records,
    "/record": record.record_page,
    "/search": searching.search,
    "/left": searching.left,
    "/why": searching.why,
    "/context": context.context,
    "/tasks": tasks.tasks,
    "/subgoals": subgoals.subgoals,
    "/steps": subgoals.steps,
    "/concepts": concepts.concepts,
    "/layers": layers.layers,
    "/layers/over-time": layers.layers_over_time,
    "/profile": profile.profile,
    "/entities": entities.entities,
    "/changes": changes.changes,
}
FORMS: dict[str, tuple[Shown, Shown]] = {
    "/correct": (changing.correct_form, changing.correct),
    "/retract": (changing.retract_form, changing.retract),
    "/forget": (changing.forget_form, changing.forget),
}
"""What changes the bank, where that was allowed: the page, and what its form does."""
STATUS: dict[type[AgentMemError], HTTPStatus] = {
    NotFound: HTTPStatus.NOT_FOUND,
    Refused: HTTPStatus.FORBIDDEN,
    Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    Damaged: HTTPStatus.INTERNAL_SERVER_ERROR,
}
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FRESH = "private, max-age=300"
"""How long a browser keeps what belongs to all pages."""


def app_of(
    bank: Bank,
    token: str,
    port: int,
    *,
    prefix: Namespace | None = None,
    store: str = "episodic",
    name: str = "",
    writes: bool = False,
) -> Door:
    """The ASGI application.

    Args:
        bank: What is inspected.
        token: Of this start.
        port: Where it listens.
        prefix: The namespace at and under which is looked; none: all of the bank.
        store: The store that is asked first.
        name: What the bank is called.
        writes: Whether records may be corrected, retracted and forgotten.
    """
    subject = Subject(bank, prefix, store, form_token(token) if writes else "", name)
    return Door(_starlette(subject), token, port)


def _starlette(subject: Subject) -> Starlette:
    from starlette.applications import Starlette
    from starlette.routing import Route

    routes: list[BaseRoute] = [Route(path, _get(subject, shown)) for path, shown in PAGES.items()]
    if subject.is_open:
        for path, (page, deed) in FORMS.items():
            routes.append(Route(path, _get(subject, page), methods=["GET"]))
            routes.append(Route(path, _post(subject, deed), methods=["POST"]))
    routes += [Route(f"/static/{name}", _file(name, text)) for name, text in static_files().items()]
    return Starlette(routes=routes, exception_handlers={404: _nothing(subject), 405: _nothing(subject)})


def _get(subject: Subject, shown: Shown) -> Callable[[Request], Response]:
    def page(request: Request) -> Response:  # no coroutine: it runs in a thread
        return _answered(subject, lambda: shown(subject, asked_of(request)))

    return page


def _post(subject: Subject, deed: Shown) -> Callable[[Request], object]:
    from starlette.concurrency import run_in_threadpool

    async def page(request: Request) -> Response:
        try:
            form = await form_of(request)
        except AgentMemError as error:
            return _told(subject, error)

        def do() -> str | Elsewhere:
            changing.checked(subject, form)
            return deed(subject, form)

        return await run_in_threadpool(_answered, subject, do)

    return page


def _answered(subject: Subject, make: Callable[[], str | Elsewhere]) -> Response:
    """What is made: a page, or where one is; or what is wrong with the question, as a page."""
    from starlette.responses import HTMLResponse, RedirectResponse

    try:
        made = make()
    except AgentMemError as error:
        return _told(subject, error)
    except Exception as error:  # whatever it is, the log says where, and the browser that it happened
        log.error("a page of the inspector failed: %s", in_log(error), extra=fields(error))  # noqa: TRY400
        told = framed("error", subject, "Failed", message="This page failed.", remedy="The log says why.")
        return HTMLResponse(told, HTTPStatus.INTERNAL_SERVER_ERROR)
    if isinstance(made, Elsewhere):
        return RedirectResponse(made.address, HTTPStatus.SEE_OTHER)
    return HTMLResponse(made)


def _told(subject: Subject, error: AgentMemError) -> Response:
    from starlette.responses import HTMLResponse

    known = [status for kind, status in STATUS.items() if isinstance(error, kind)]
    made = framed("error", subject, "Not shown", message=error.message, remedy=error.remedy)
    return HTMLResponse(made, known[0] if known else HTTPStatus.BAD_REQUEST)


def _nothing(subject: Subject) -> Callable[[Request, Exception], Response]:
    def page(request: Request, error: Exception) -> Response:
        return _told(subject, NotFound("there is nothing at this address", "go to the first page"))

    return page


def _file(name: str, text: str) -> Callable[[Request], Response]:
    from starlette.responses import Response as Answer

    kind = KINDS[name[name.rindex(".") :]]

    def given(request: Request) -> Response:
        return Answer(text, media_type=kind, headers={"cache-control": FRESH})

    return given

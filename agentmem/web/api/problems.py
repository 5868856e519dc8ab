"""What went wrong, as a status of HTTP and a body that names the thing and the remedy."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from pydantic import ValidationError

from agentmem.errors import AgentMemError, Conflict, InvalidInput, NotApplicable, NotFound, Refused
from agentmem.faults import first_fault
from agentmem.web.gate import Answer

STATUSES: Mapping[type[AgentMemError], HTTPStatus] = {
    InvalidInput: HTTPStatus.UNPROCESSABLE_ENTITY,
    NotFound: HTTPStatus.NOT_FOUND,
    Conflict: HTTPStatus.CONFLICT,
    NotApplicable: HTTPStatus.CONFLICT,
    Refused: HTTPStatus.FORBIDDEN,
}
"""The status of each kind of error; of all others: what is needed cannot be used now."""
LONE = "a lone surrogate (\\ud800 to \\udfff) is no character: decode its source as UTF-8, errors replaced"
MEANINGS: Mapping[HTTPStatus, str] = {
    HTTPStatus.BAD_REQUEST: "The body is no JSON, or the URL is not UTF-8.",
    HTTPStatus.UNAUTHORIZED: "There is no token, or one that is not known.",
    HTTPStatus.FORBIDDEN: "The token may not do this, a rule of trust forbids it, or the screen refused it; "
    "or a page of another origin asks.",
    HTTPStatus.NOT_FOUND: "There is nothing of that id, or at that path.",
    HTTPStatus.METHOD_NOT_ALLOWED: "The path is served, but not by this method.",
    HTTPStatus.REQUEST_TIMEOUT: "The request did not come whole in time.",
    HTTPStatus.CONFLICT: "The id is taken by another content, or the record does not stand any more.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The request is larger than the server takes.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "The body is said to be something else than JSON.",
    HTTPStatus.MISDIRECTED_REQUEST: "The server has another name than the Host of the request.",
    HTTPStatus.UNPROCESSABLE_ENTITY: "Something is missing, unknown, or has a value that cannot be used.",
    HTTPStatus.TOO_MANY_REQUESTS: "Too many requests came; `Retry-After` says when there is room.",
    HTTPStatus.SERVICE_UNAVAILABLE: "The bank, an embedder or a model cannot be used now.",
}
"""What each status means, for the document."""


def refusal(error: AgentMemError) -> Answer:
    """An error that agentmem raised on purpose, as it is told."""
    status = next(
        (status for kind, status in STATUSES.items() if isinstance(error, kind)),
        HTTPStatus.SERVICE_UNAVAILABLE,
    )
    return Answer(status, error.message, remedy=error.remedy)


def fault(what: str, error: ValidationError) -> Answer:
    """What pydantic found wrong first with `what`, a body or the parameters of a URL."""
    told = error.errors()[0]
    if told["type"] == "json_invalid":
        why = told["ctx"]["error"]
        remedy = LONE if "hex escape" in why or "surrogate" in why else ""
        return Answer(HTTPStatus.BAD_REQUEST, f"the {what} is no JSON: {why}", remedy=remedy)
    first = first_fault(error)
    named = ".".join(part for part in first.where.split(".") if "[" not in part)  # no kinds of pydantic's own
    where = f"{what}: {named}" if named else what
    return Answer(HTTPStatus.UNPROCESSABLE_ENTITY, f"{where}: {first.message}", remedy="see /openapi.json")

"""What belongs to one problem alone: its numbers, and the names and quotes that only it has."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from agentmem.stores.concept.numerals import numbers_in, plain
from agentmem.stores.concept.problems import Problem

_MAIL = re.compile(r"([\w.+-]+)@([\w-]+(?:\.[\w-]+)+)")
_ADDRESSES = re.compile(
    r"https?://[^\s\"'<>)\]]+"  # of the web
    r"|(?<![\w/])(?:[A-Za-z]:\\|~?/)[\w.-]+(?:[/\\][\w.-]+)+"  # of a file
    r"|#[0-9a-fA-F]{3,8}\b|\b0[xX][0-9a-fA-F]+\b"
)
_SNAKE = re.compile(r"(?<![\w.])_*[^\W\d_]\w*_\w+")
_CAMEL = re.compile(r"\b[a-z]{2,}[A-Z][a-z]{2,}\w*")
_CAMEL_IN_CODE = re.compile(r"\b[a-z]+[A-Z]\w*")
_NUMBERED = re.compile(r"\b(?:[^\W\d_]+[-#]?\d[\w-]*|\d+[^\W\d_][\w-]*)")
_FILE = re.compile(
    r"\b[\w-]+\.(?:csv|tsv|txt|json|ya?ml|xml|html?|pdf|docx?|xlsx?|pptx?|png|jpe?g|gif|svg|log|py|sql|ini|cfg"
    r"|conf|toml|zip|tar|gz|db|md|exe|dll|sh)\b"
)
_QUOTED = re.compile(
    r"(?<!\")\"([^\"\n]{2,80})\"(?!\")|“([^”\n]{2,80})”|«([^»\n]{2,80})»|`([^`\n]{2,80})`"
    r"|(?<![\w'])'([^'\n]{2,80})'(?![\w'])"
)
_WORD = re.compile(r"[^\W\d_]+")
SHORT = 3
"""Characters of a numbered name up to which it is a term of the language (`2D`, `x1`), by its number."""


@dataclass(frozen=True)
class Own:
    """What only some problems have.

    Attributes:
        numbers: In their comparable form.
        names: Identifiers, addresses and quotes, in lower case.
    """

    numbers: frozenset[str]
    names: frozenset[str]


@lru_cache(16)
def own_of(problems: tuple[Problem, ...], plain_numbers: tuple[str, ...], known: frozenset[str]) -> Own:
    """What only these problems have.

    Args:
        problems: The problems.
        plain_numbers: Numbers that are nobody's own.
        known: Names that are those of a library.
    """
    numbers: set[str] = set()
    names: set[str] = set()
    for one in problems:
        written = f"{one.text}\n{one.solution}"
        numbers |= numbers_in(written)
        names |= set(_names(one.text, _CAMEL))
        names |= set(_names_in_solution(one))
        if _is_name(one.problem):
            names.add(one.problem)
        if one.problem.strip().isdecimal():
            numbers |= numbers_in(one.problem)
    folded = {" ".join(plain(name).casefold().split()) for name in names}
    folded -= {plain(name).casefold() for name in known}
    kept = {name for name in folded if not _is_term(name, plain_numbers)}
    return Own(frozenset(numbers - set(plain_numbers)), frozenset(kept))


def leaks_in(text: str, own: Own, known: Iterable[str] = (), phrases: Iterable[str] = ()) -> list[str]:
    """What a text says that is the problems' own, each once: numbers, then names.

    Args:
        text: The text.
        own: What is the problems' own.
        known: Names that are those of a library: not read.
        phrases: Patterns of phrases whose numbers are everybody's (`90 degrees`): not read.
    """
    told = plain(text)
    for phrase in phrases:
        told = re.sub(phrase, " ", told, flags=re.IGNORECASE)
    read = told
    for name in known:
        if name in read:
            read = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", " ", read)
    numbers = sorted(numbers_in(read) & own.numbers, key=lambda one: (len(one), one))
    folded = " ".join(told.casefold().split())
    names = sorted(name for name in own.names if name in folded and _stands_alone(name, folded))
    return [*numbers, *names]


def _names(text: str, camel: re.Pattern[str]) -> Iterator[str]:
    for local, domain in _MAIL.findall(text):
        yield f"{local}@{domain}"
        yield domain
        if not local.isalpha():
            yield local
    for pattern in (_ADDRESSES, _SNAKE, camel, _NUMBERED, _FILE):
        yield from (match.rstrip(".-") for match in pattern.findall(text))
    for groups in _QUOTED.findall(text):
        yield from (quote.strip() for quote in groups if _is_own_quote(quote))


def _names_in_solution(problem: Problem) -> Iterator[str]:
    """Names that a solution gives; of a program that parses, not those that it only calls."""
    tree = None
    if problem.language == "python":
        try:
            tree = ast.parse(problem.solution)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            tree = None
    if tree is None:
        yield from _names(problem.solution, _CAMEL_IN_CODE if problem.language else _CAMEL)
        return
    documents = {id(one) for one in _documents(tree)}
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
                yield from _as_identifier(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield from _as_identifier(name)
            case ast.Constant(value=str(text)) if id(node) not in documents:
                yield from _names(text, _CAMEL_IN_CODE)
                if _is_own_quote(text):
                    yield text.strip()


def _documents(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value


def _as_identifier(name: str) -> Iterator[str]:
    """A name that is no word of the language."""
    if any(pattern.fullmatch(name) for pattern in (_SNAKE, _CAMEL_IN_CODE, _NUMBERED)):
        yield name


def _is_own_quote(text: str) -> bool:
    """Whether a quote is more than a word of the language: several words, or one of capitals or signs."""
    stripped = text.strip()
    if not _WORD.search(stripped) or len(stripped) > 80 or "\n" in stripped:  # noqa: PLR2004  as quotes are
        return False
    return len(stripped.split()) > 1 or not (stripped.isalpha() and stripped.islower())


def _is_name(name: str) -> bool:
    """Whether what a world calls its problem can be told from a word."""
    return len(name.strip()) > 1 and not name.strip().isdecimal() and not name.strip().isalpha()


def _is_term(name: str, plain_numbers: Collection[str]) -> bool:
    return len(name) <= SHORT and numbers_in(name) <= set(plain_numbers)


def _stands_alone(name: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None

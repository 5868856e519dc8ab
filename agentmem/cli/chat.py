"""The command that talks: chat, a model with a memory, line by line."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

import typer

from agentmem.cli import options
from agentmem.cli.answers import answer
from agentmem.errors import AgentMemError, InvalidInput, NotFound

if TYPE_CHECKING:
    from agentmem.cli.opening import Opened
    from agentmem.cli.rendering import Page
    from agentmem.cli.talking import Conversation, Turn
    from agentmem.config import Settings

commands = typer.Typer()
SETTLE_SECONDS = 60.0
"""How long the end of a conversation waits for what stores still derive of it."""


@commands.command(rich_help_panel="Ask")
def chat(
    budget: Annotated[
        int, typer.Option("--budget", min=0, metavar="TOKENS", help="Recalled text never costs more.")
    ] = 1_000,
    max_tokens: Annotated[
        int, typer.Option("--max-tokens", min=1, metavar="TOKENS", help="An answer is never longer.")
    ] = 256,
    store: options.StoreName = "episodic",
    model: options.Model = None,
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """Talk with a language model that remembers. With --json: one object a turn.

    Every line is a turn; /help lists what else can be typed. Ctrl-C ends an answer, Ctrl-D the talk.
    """
    from agentmem.cli.opening import writing
    from agentmem.cli.rendering import Page
    from agentmem.cli.talking import Conversation

    with writing(db, namespace, model) as opened:
        bank = opened.bank
        conversation = Conversation(
            bank.store(store, opened.namespace),
            bank.chat_model(opened.namespace, "chat", _default(bank.settings)),
            bank.new_id(bank.clock()),
            budget=budget,
            max_tokens=max_tokens,
        )
        repl = Repl(opened, conversation, store, Page(silent=json), as_json=json)
        repl.run()
        if not bank.settle(SETTLE_SECONDS):
            print("note: stores still derive; it stays pending: agentmem retry", file=sys.stderr)


def _default(settings: Settings) -> str | None:
    """The embedded model, where the settings name none and it is installed."""
    from agentmem.models.llama_cpp import carried

    if settings.model:
        return None
    try:
        carried()
    except NotFound:
        return None
    return "llama"


class Repl:
    """Reads lines, answers them, and tells what is asked about the last one.

    Args:
        opened: The bank.
        conversation: What is said in it.
        store: Which memory is asked, as typed.
        page: Where answers for people go.
        as_json: Whether each turn is one JSON object instead.
    """

    def __init__(
        self, opened: Opened, conversation: Conversation, store: str, page: Page, *, as_json: bool
    ) -> None:
        self._opened = opened
        self._conversation = conversation
        self._store = store
        self._page = page
        self._as_json = as_json
        self._last: Turn | None = None

    def run(self) -> None:
        """Answer line by line, until /quit or the end of stdin; what fails is told, and ends nothing."""
        if sys.stdin.isatty():
            self._page.line(
                f"{self._conversation.model.name} with a memory; /help says what else can be typed"
            )
        for line in _lines():
            if line == "/quit":
                return
            try:
                self._answer(line)
            except AgentMemError as error:
                _tell(error)
            except KeyboardInterrupt:
                print("cancelled", file=sys.stderr)
            sys.stdout.flush()

    def _answer(self, line: str) -> None:
        if not line.startswith("/"):
            self._say(line)
            return
        name, _, argument = line[1:].partition(" ")
        command = _COMMANDS.get(name)
        if command is None:
            raise InvalidInput(f"there is no /{name}", "see /help; a turn begins with no slash")
        if self._as_json:
            raise InvalidInput(f"/{name} has no JSON answer", "ask the command line: recall, pending, stats")
        command(self, argument.strip())

    def _say(self, text: str) -> None:
        from agentmem.cli.describing import receipt_line

        turn = self._last = self._conversation.say(text)
        if turn.failure is not None:
            _tell(turn.failure)
        if self._as_json:
            answer(
                "chat",
                namespace=self._opened.path,
                session=self._conversation.session,
                store=self._store,
                model=self._conversation.model.name,
                said=turn.said,
                answer=turn.answer,
                failure=str(turn.failure or ""),
                context=turn.context,
                hits=turn.hits,
                receipts=turn.receipts,
                usage=turn.usage,
            )
        elif turn.failure is None:
            self._page.line(turn.answer or "(no answer)")
        for receipt in turn.receipts:
            if receipt.status != "stored" or receipt.redacted:
                self._page.line(receipt_line(receipt), style="yellow")

    def _required(self) -> Turn:
        """The last turn.

        Raises:
            InvalidInput: there is none yet.
        """
        if self._last is None:
            raise InvalidInput("nothing was said yet", "say something first")
        return self._last

    def why(self, _: str) -> None:
        """What was recalled for the last turn, with its scores."""
        from agentmem.cli.describing import hits_table

        hits = self._required().hits
        if hits:
            self._page.table(*hits_table(hits, with_parts=True))
        else:
            self._page.line("nothing was recalled")

    def context(self, _: str) -> None:
        """The text that the model was shown of memory in the last turn."""
        from agentmem.cli.describing import summary

        shown = self._required().context
        if shown.text:
            self._page.block(shown.text)
        self._page.line(summary(shown), style="bold")

    def recall(self, text: str) -> None:
        """Find what is relevant to TEXT."""
        from agentmem.cli.describing import hits_table

        hits = self._conversation.memory.recall(text)
        if hits:
            self._page.table(*hits_table(hits, with_parts=False))
        else:
            self._page.line("nothing relevant")

    def pending(self, _: str) -> None:
        """What stores have not derived yet, and why."""
        from agentmem.cli.describing import pending_table

        items = self._opened.bank.pending(self._opened.namespace)
        if items:
            self._page.table(*pending_table(items))
        else:
            self._page.line("nothing is pending")

    def store(self, _: str) -> None:
        """Which memory is asked, and what it holds."""
        counted = self._opened.bank.stats(self._opened.namespace)
        self._page.pairs(
            {
                "store": self._store,
                "namespace": self._opened.path,
                "bank": self._opened.where,
                "session": self._conversation.session,
                "model": self._conversation.model.name,
                "events": counted.events,
            }
        )

    def help(self, _: str) -> None:
        """This list."""
        told = {f"/{name}": command.__doc__ or "" for name, command in _COMMANDS.items()}
        self._page.pairs(told | {"/quit": "End the talk; so does Ctrl-D. Ctrl-C ends an answer."})


_COMMANDS: Mapping[str, Callable[[Repl, str], None]] = {
    "why": Repl.why,
    "context": Repl.context,
    "recall": Repl.recall,
    "pending": Repl.pending,
    "store": Repl.store,
    "help": Repl.help,
}


def _lines() -> Iterator[str]:
    """Lines of stdin that say something; on a terminal with a prompt, and the keys that edit a line."""
    is_terminal = sys.stdin.isatty()
    if is_terminal:
        with suppress(ImportError):  # Windows has none
            import readline  # noqa: F401  from here on `input` uses it
    while True:
        try:
            line = input("> " if is_terminal else "").strip()
        except EOFError:
            return
        except KeyboardInterrupt:
            if not is_terminal:
                raise
            print()
            continue
        except UnicodeDecodeError as error:
            raise InvalidInput(f"stdin is not UTF-8 at byte {error.start}", "convert it by iconv") from error
        if line:
            yield line


def _tell(error: AgentMemError) -> None:
    print(f"error: {' '.join(str(error).split())}", file=sys.stderr)

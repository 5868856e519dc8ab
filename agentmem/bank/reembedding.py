"""Vectors in bulk: those that wait; and a change of the embedder: new beside old, a switch, the old go.

The vectors are keyed by their embedder, so nothing of a former try is lost or in the way: whoever begins
again goes on where it was. Until the switch the bank is served from the old vectors, in all processes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from agentmem.bank.embedding import AT_ONCE, Made, embed_each
from agentmem.bulk import Spread
from agentmem.db import vectors
from agentmem.errors import Unavailable
from agentmem.records import Value

if TYPE_CHECKING:
    from agentmem.bank.bank import Bank
    from agentmem.db.database import Transaction
    from agentmem.embedders.base import Embedder

Progress = Callable[[int, int], None]
"""Called with how many texts are done since the last call, and how many there are in all."""
ERASED_AT_ONCE = 1_000
"""How many texts lose their old vectors in one transaction."""
STRAGGLERS = 128
"""How many texts, that came during the last round, may still wait for their vectors at the switch."""


class ReembedReport(Value):
    """What a change of the embedder did.

    Attributes:
        previous: The embedder before it; none where the bank held no vectors.
        embedder: The one whose vectors the bank holds now.
        texts: How many texts were embedded now; those of a former, broken-off run are not counted.
        erased: How many texts lost the vectors of other embedders.
    """

    previous: str | None
    embedder: str
    texts: int
    erased: int


def embed(bank: Bank, progress: Progress | None, spread: Spread) -> int:
    """See `Bank.embed`."""
    total = 0
    if progress is not None:
        with bank.database.read() as connection:
            total = vectors.count_waiting(connection)
    tell = _teller(progress, total)
    tell(0)
    made = _round(bank, bank.library.embedder, tell, spread, is_waiting=True)
    # Settles what has its vectors now, and makes those of what came meanwhile.
    bank.library.embed_waiting()
    return made


def reembed(bank: Bank, embedder: Embedder, progress: Progress | None, spread: Spread) -> ReembedReport:
    """See `Bank.reembed`."""
    with bank.database.read() as connection:
        previous = vectors.embedder_of(connection)
        total = vectors.count_texts(connection)
        already = vectors.count_texts(connection, embedder.name)
    tell = _teller(progress, total)
    tell(already)
    texts = 0
    while previous != embedder.name:
        made = _round(bank, embedder, tell, spread)
        texts += made
        if bank.library.switch(embedder, _switched):
            break
        if not made:
            raise Unavailable(
                f"{embedder.name!r} can embed none of the texts that are left; what is done is kept",
                "run it again once the embedder works",
            )
    bank.library.embed_soon()
    return ReembedReport(
        previous=previous, embedder=embedder.name, texts=texts, erased=_erase_others(bank, embedder.name)
    )


def _teller(progress: Progress | None, total: int) -> Callable[[int], object]:
    """What tells how many of `total` texts are done since the last call, where anybody asks."""
    return (lambda done: None) if progress is None else (lambda done: progress(done, total))


def _round(
    bank: Bank, embedder: Embedder, tell: Callable[[int], object], spread: Spread, *, is_waiting: bool = False
) -> int:
    """Embed what has no vector of `embedder` yet, in batches outside any transaction; how many texts.

    With `is_waiting` only what waits for one of the bank's embedder is looked at, so it has to be that one.
    It ends once a batch is not full: new texts may come as fast as they are embedded.
    """
    done = 0
    under_way: set[bytes] = set()
    for made in spread(partial(embed_each, embedder), _lacking(bank, embedder.name, under_way, is_waiting)):
        _keep(bank, embedder.name, made)
        under_way -= made.keys()
        done += len(made)
        tell(len(made))
    return done


def _lacking(
    bank: Bank, embedder: str, under_way: set[bytes], is_waiting: bool
) -> Iterator[dict[bytes, str]]:
    """Batches of texts without a vector of `embedder`, but for those `under_way`, to which they are added."""
    after = (0, "")
    is_full = True
    while is_full:
        with bank.database.read() as connection:
            lacking = vectors.lacking(connection, embedder, AT_ONCE, after, is_waiting=is_waiting)
        is_full = len(lacking) == AT_ONCE
        texts = {one.digest: one.text for one in lacking if one.digest not in under_way}
        if lacking:
            after = lacking[-1].row, lacking[-1].name
        if texts:
            under_way |= texts.keys()
            yield texts


def _keep(bank: Bank, name: str, made: Made) -> None:
    bank.database.write(lambda transaction: vectors.keep(transaction.connection, name, made))


def _switched(transaction: Transaction, name: str) -> bool:
    """Let the bank hold the vectors of `name` from now on; whether none but a few stragglers is missing.

    Stragglers wait for their vectors, as new texts always do: they are made before the next search.
    """
    connection = transaction.connection
    lacking = vectors.lacking(connection, name, STRAGGLERS + 1)
    if len(lacking) > STRAGGLERS:
        return False
    vectors.switch(connection, name, [one.digest for one in lacking])
    transaction.number()  # so that caches, of other processes too, notice that something changed
    return True


def _erase_others(bank: Bank, name: str) -> int:
    """Delete the vectors of all other embedders, in batches, unless the bank was switched again meanwhile."""
    erased = 0
    after = b""

    def work(transaction: Transaction) -> Sequence[bytes]:
        if vectors.embedder_of(transaction.connection) != name:
            return []
        return vectors.erase_others(transaction.connection, name, after, ERASED_AT_ONCE)

    while digests := bank.database.write(work):
        erased += len(digests)
        after = digests[-1]
    return erased

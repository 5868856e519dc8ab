"""Checks of what is read: whose memory, within which budget, why, and the same from a coroutine."""

from __future__ import annotations

import asyncio

from agentmem.records import Event
from agentmem.synthesis.tokens import MiniLMTokens
from agentmem.testing.capabilities import must_recall, said
from agentmem.testing.hostile import TEXTS
from agentmem.testing.looking import journal
from agentmem.testing.promise import DoesNotApply, expect
from agentmem.testing.trial import HOME, Trial, put, recalled

PLACES = (("a",), ("a", "b"), ("a", "b", "c"), ("ab",), ("b",))
BUDGETS = (0, 1, 2, 7, 20, 33, 60, 100, 180, 300, 700, 2_000)
"""Tokens; as many again are drawn by chance."""
WORDS = ("amber", "boat", "cedar", "dune", "ember", "fjord", "grove", "heron", "iris", "juniper", "kelp")
SAME = 1e-6
"""How far a score may be from the sum of its parts."""
CANCELLED_AFTER = range(6)
"""Turns of the event loop after which a call is cancelled."""


def isolation(trial: Trial) -> None:
    """A namespace reads its own; with the prefix scope those under it, label by label; nothing else."""
    bank = trial.bank()
    stores = {place: trial.store(bank, place) for place in PLACES}
    owner = {
        trial.state(store, f"The harbour master of {'-'.join(place)} keeps the key."): place
        for place, store in stores.items()
    }
    question = "Who keeps the key of the harbour master?"
    for place, store in stores.items():
        under = {other for other in PLACES if other[: len(place)] == place}
        for scope, allowed in (("own", {place}), ("prefix", under)):
            where = f"{place} with scope {scope!r}"
            for text in (question, ""):
                hits = recalled(store, text, scope=scope).values()
                seen = {owner.get(hit.id, hit.record.namespace) for hit in hits} & set(PLACES)
                expect(seen <= allowed, f"{where} recalls records of {sorted(seen - allowed)}")
                missing = sorted(allowed - seen)
                expect(not missing or not must_recall(store), f"{where} does not recall what is in {missing}")
            items = store.synthesize(question, 1_000, scope=scope, floor=False).items
            shown = {owner[item.id] for item in items if item.id in owner}
            expect(shown <= allowed, f"the context of {where} shows records of {sorted(shown - allowed)}")
        strange = {id for id, other in owner.items() if other != place}
        expect(not store.get(strange), f"`get` of {place} gives records of other namespaces")
        selected = {owner[record.id] for record in store.select() if record.id in owner}
        expect(selected <= {place}, f"`select` of {place} gives records of {sorted(selected - {place})}")


def budget(trial: Trial) -> None:
    """A context never costs more than its budget, whatever is in it and whatever is asked."""
    store = trial.store()
    store.observe(*trial.samples)
    dice, counter = trial.random, MiniLMTokens()
    lengths = [dice.choice([1, 5, 20, 120]) for _ in range(24)]
    trial.state_all(store, [f"{length}: {' '.join(dice.choices(WORDS, k=length))}." for length in lengths])
    trial.state(store, TEXTS[0])
    store.put("pinned", "Always answer in short words.", pinned=True)
    for budget in sorted({*BUDGETS, *(dice.randrange(1_500) for _ in BUDGETS)}):
        query = dice.choice(["", "amber heron", trial.samples[0].text])
        context = store.synthesize(query, budget, floor=False, k=50)
        where = f"asked {query!r} with a budget of {budget}"
        expect(context.tokens <= budget, f"{where}, the context costs {context.tokens}")
        expect(context.budget == budget, f"{where}, the context states a budget of {context.budget}")
        expect(context.text == context.stable + context.recalled, f"{where}, the text is not its two parts")
        if context.tokenizer == counter.name:
            tokens = counter.count(context.text)
            expect(tokens == context.tokens, f"{where}, it costs {tokens} and says {context.tokens}")


def explained(trial: Trial) -> None:
    """The parts of a score sum to it, and every record can say why it was recalled, or what dropped it."""
    store = trial.store()
    store.observe(*trial.samples)
    old = trial.state(store, "The library opens at nine.")
    store.correct(old, "The library opens at ten.", why="winter hours")
    questions = ["When does the library open?", *(event.text for event in trial.samples if said(event))][:2]
    for text in questions:
        for k in (50, 2):
            hits = store.recall(text, k=k)
            for rank, hit in enumerate(hits, 1):
                parts = sum(hit.parts.values())
                expect(
                    abs(parts - hit.score) <= SAME,
                    f"{hit.text!r} scores {hit.score}, its parts sum to {parts}",
                )
                told = store.explain(text, hit.id, k=k)
                expect(
                    told.recalled,
                    f"{hit.text!r} is recalled for {text!r}; explain says it is not: {told.reason}",
                )
                expect(told.rank == rank, f"{hit.text!r} is hit {rank}; explain says {told.rank}")
                same = told.score is not None and abs(told.score - hit.score) <= SAME
                expect(same, f"{hit.text!r} scores {hit.score}; explain says {told.score}")
            chosen = {hit.id for hit in hits}
            for record in store.select():
                if record.id not in chosen:
                    told = store.explain(text, record.id, k=k)
                    expect(not told.recalled, f"{record.text!r} is no hit; explain says that it is recalled")
                    expect(
                        bool(told.step and told.reason), f"{record.text!r} is no hit; explain names no step"
                    )


def from_coroutines(trial: Trial) -> None:
    """The async face answers alike, and a call that is cancelled is whole or absent."""
    bank = trial.bank()
    store = trial.store(bank)
    store.observe(*trial.samples)
    id = put(store, "async", "The tide turns at four.")
    text = "When does the tide turn?"

    async def both() -> None:
        expect(await store.arecall(text) == store.recall(text), "`arecall` and `recall` differ")
        expect(
            await store.asynthesize(text) == store.synthesize(text), "`asynthesize` and `synthesize` differ"
        )
        expect(await store.aget([id]) == store.get([id]), "`aget` and `get` differ")
        expect(await store.aselect() == store.select(), "`aselect` and `select` differ")
        expect(await store.ahistory(id) == store.history(id), "`ahistory` and `history` differ")
        expect(await store.aexplain(text, id) == store.explain(text, id), "`aexplain` and `explain` differ")
        receipts = await asyncio.gather(
            *(store.aobserve(Event(id=f"a{n}", text=f"Wave {n} breaks.")) for n in range(5))
        )
        expect(
            all(one[0].status == "stored" for one in receipts),
            "not all of five observations at once were stored",
        )
        for turns in CANCELLED_AFTER:
            pair = (
                Event(id=f"left-{turns}", text="Left hand."),
                Event(id=f"right-{turns}", text="Right hand."),
            )
            task = asyncio.create_task(store.aobserve(*pair))
            for _ in range(turns):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    asyncio.run(both())  # waits for the threads of calls that were cancelled
    kept = {line["id"] for line in journal(bank, HOME)}
    for turns in CANCELLED_AFTER:
        halves = {f"left-{turns}", f"right-{turns}"} & kept
        expect(len(halves) != 1, f"of a cancelled call only {halves} was kept")
    expect({f"a{n}" for n in range(5)} <= kept, "not all of five observations at once are in the journal")
    found = bank.verify()
    expect(not found, f"verify: {found}")


def expanded(trial: Trial) -> None:
    """`Query.expand` costs nobody the budget: details that are asked for count as well."""
    store = trial.store()
    id = trial.state(store, "The cellar holds forty jars.")
    if not store.synthesize("cellar jars", 300, floor=False).items:
        raise DoesNotApply("its contexts show nothing that was stated")
    for budget in (0, 20, 80, 300):
        context = store.synthesize("cellar jars", budget, floor=False, expand=(id,))
        expect(context.tokens <= budget, f"with `expand` a budget of {budget} became {context.tokens} tokens")

"""A bank with something on every page of the inspector, and texts that would be run if anything were."""

from __future__ import annotations

from agentmem.bank import Bank, MemorySpec
from agentmem.records import Event, Trust

PORT = 8123
TOKEN = "a-token-of-this-start"
HOME = ("acme", "user-7")
AGENT = ("agent",)
SCRIPT = "<script>document.title='taken'</script>"
HOSTILE = (
    f"{SCRIPT}<img src=x onerror=\"document.title='taken'\"><a href=\"javascript:document.title='taken'\">x</a>"
    "<svg onload=\"document.title='taken'\"><b hx-get='/' hx-trigger='load' hx-on:click='x'>bold</b>"
    "{{ 7 * 7 }} {% raw %} ${7*7} &amp; \"quoted\" 'single' `tick` --> ]]> </textarea></title></pre>"
)
UNSEEN = "a\u202eb\u2066c\u200bd\x07e\x1b[31mf\u2028g"
UNSEEN_TOLD = "aU+202EbU+2066cU+200BdU+0007eU+001B[31mfU+2028g"
HOSTILE_PLACE = (HOSTILE.replace("\n", " "), "../..", "a~b/c?d#e%f")


def seed(bank: Bank) -> None:
    """Fill a bank: every store has something, and something has left recall."""
    home = bank.store("episodic", HOME)
    home.observe(
        Event(id="lives", text="I live in Oslo with two cats.", actor="Ines", session="chat-1"),
        Event(id="works", text="I work as a nurse, on night shifts.", actor="Ines", session="chat-1"),
        Event(id="meets", text="The meeting is on Tuesday.", actor="Ines", session="chat-1"),
        Event(id="rumour", text="The meeting is cancelled.", trust=Trust.WEB, actor="crawler"),
        Event(id="secret", text="the key is AKIAIOSFODNN7EXAMPLE, says Ines", actor="Ines"),
        Event(id="gone", text="what nobody may know", actor="Ines", session="chat-2"),
        Event(id="asks", type="tool", data={"name": "search", "arguments": {"q": "cats"}}, actor="agent"),
        Event(id="answer", type="tool", text="three cats", caused_by=("asks",), trust=Trust.TOOL),
    )
    home.correct("meets", "The meeting is on Thursday.", "she mixed up the days")
    home.retract(["rumour"], "hearsay")
    bank.forget(HOME, events=["gone"])
    keyed = bank.store("keyed", HOME)
    for value in ("dark", "light"):
        keyed.put("theme", value, metadata={"page": 1})
    profile = bank.store("profile", HOME)
    profile.observe(Event(text="Please keep your answers short.", actor="Ines", session="chat-3"))
    profile.stand("Where does this user live?")
    profile.retry()
    bank.store("entities", HOME).retry()
    _trip(bank)
    _kitchen(bank)
    _desk(bank)


def _trip(bank: Bank) -> None:
    tasks = bank.store(MemorySpec(store="task", options={"trim": "none"}), HOME)
    trip = tasks.add("trip to Norway", kind="task", goal="five days by the sea")
    city = tasks.add("city", value="Oslo", parent=trip.id)
    tasks.add("hotel", value="Fjord Inn", parent=trip.id, depends_on=[city.id])
    tasks.add("boat tour", parent=trip.id)
    tasks.update(city.id, "Bergen", "the fjords are there")


def _kitchen(bank: Bank) -> None:
    memory = bank.store("subgoal", AGENT)

    def step(action: str, observation: str, facts: dict | None = None) -> None:
        done = memory.observe(Event(type="action", text=action, session="run-1", actor="agent"))[0]
        data = {"facts": facts} if facts else {}
        memory.observe(
            Event(
                type="observation", text=observation, session="run-1", caused_by=(done.event_id,), data=data
            )
        )

    whole = memory.open("tidy the kitchen", session="run-1")
    mug = memory.open("find the mug", parent=whole, session="run-1")
    step("open shelf", "The shelf is open. There is a mug.", {"the mug is on the shelf": True})
    memory.close(mug, True, session="run-1")
    memory.open("wash the mug", parent=whole, session="run-1")
    step("use tap", "No water comes.")


def _desk(bank: Bank) -> None:
    layers = bank.store(MemorySpec(store="layered", options={"policy": "support_desk"}), AGENT)
    for number in range(4):
        layers.note(f"The printer on floor {number} prints nothing", importance=30.0 + 15 * number)
    concepts = bank.store("concept", AGENT)
    concepts.state("restart the spooler", description="A printer that prints nothing is mended so")
    concepts.state("switch off power saving", description="A VPN that drops is mended so")


def seed_hostile(bank: Bank) -> None:
    """Put what would be run, and what is not seen, into everything that a caller names."""
    home = bank.store("episodic", HOSTILE_PLACE)
    said = {"id": HOSTILE, "type": HOSTILE, "actor": HOSTILE, "session": HOSTILE}
    home.observe(Event(text=f"{HOSTILE} {UNSEEN}", data={HOSTILE: [HOSTILE], "x": UNSEEN}, **said))
    home.observe(Event(id=UNSEEN, text=UNSEEN, actor=UNSEEN, session=UNSEEN))
    home.correct(UNSEEN, f"better {HOSTILE}", HOSTILE)
    keyed = bank.store("keyed", HOSTILE_PLACE)
    keyed.put(
        HOSTILE, f"value {HOSTILE}", type=HOSTILE, metadata={HOSTILE: HOSTILE}, payload={HOSTILE: HOSTILE}
    )
    tasks = bank.store(MemorySpec(store="task", options={"trim": "none"}), HOSTILE_PLACE)
    top = tasks.add(HOSTILE, kind="task", goal=HOSTILE)
    tasks.add(f"step {HOSTILE}", value=HOSTILE, parent=top.id, why=HOSTILE)
    memory = bank.store("subgoal", HOSTILE_PLACE)
    memory.open(HOSTILE, session=HOSTILE, why=HOSTILE)
    memory.observe(Event(type="action", text=HOSTILE, session=HOSTILE))
    memory.observe(
        Event(type="observation", text=HOSTILE, session=HOSTILE, data={"facts": {HOSTILE: HOSTILE}})
    )
    layers = bank.store("layered", HOSTILE_PLACE)
    layers.note(HOSTILE, importance=60.0)
    concepts = bank.store("concept", HOSTILE_PLACE)
    concepts.state(HOSTILE, description=HOSTILE)
    profile = bank.store("profile", HOSTILE_PLACE)
    profile.observe(Event(text=f"I live in {HOSTILE}", actor=HOSTILE))
    profile.stand(f"where {HOSTILE}?")
    bank.store("entities", HOSTILE_PLACE).retry()

/* The list of dialogues that are here to be read: filtered, ordered, driven by keys. */
const list = at("list");
const ORDERS = [
  ["by persona", byPersona],
  ["least likable first", (one, other) => (likability(one) ?? 101) - (likability(other) ?? 101)],
  ["most likable first", (one, other) => (likability(other) ?? -1) - (likability(one) ?? -1)],
];
let found = [], active = 0;

function byPersona(one, other) {
  return one.persona - other.persona || one.seed - other.seed || one.variant - other.variant || one.system - other.system;
}

function entry(one, place) {
  const item = make("div", "row");
  item.id = `dialogue-${place}`;
  item.setAttribute("role", "option");
  const { name, id, kind } = personas[one.persona];
  const turns = isSearching() ? ` · ${one.turns.filter(isSought).length} turns found` : "";
  const value = make("b", "value", told(likability(one)));
  value.title = picked.dimension === EVERY ? "likability" : dimensions[picked.dimension];
  add(item, make("span", "action", systems[one.system].name), value, make("span", "seen", `${name} (${id}) · ${variants[one.variant]} · seed ${one.seed} · ${kind}${turns}`));
  item.addEventListener("click", () => { activate(place); open(one); });
  return item;
}

/* Choose a place of the list. Only the list is scrolled: where Tab goes on from stays what it was. */
function activate(place) {
  if (!found.length) {
    list.removeAttribute("aria-activedescendant");
    return;
  }
  active = Math.min(Math.max(0, place), found.length - 1);
  [...list.children].forEach((item, each) => item.setAttribute("aria-selected", each === active));
  list.setAttribute("aria-activedescendant", `dialogue-${active}`);
  const { offsetTop, offsetHeight } = list.children[active];
  list.scrollTop = Math.min(offsetTop, Math.max(list.scrollTop, offsetTop + offsetHeight - list.clientHeight));
}

function showList() {
  const before = found[active];
  const system = chosenOf(at("system")), order = ORDERS[Number(at("order").value)][1];
  const isWanted = isSearching() ? (one) => one.turns.some(isSought) : () => true;
  found = readable.filter((one) => isPicked(one) && (system === EVERY || one.system === system) && isWanted(one)).sort(order);
  list.replaceChildren(...found.map(entry));
  if (!found.length) list.append(make("p", "empty", readable.length ? "No dialogue is like that. Show all again, or look for less." : "No dialogue is here to be read."));
  at("list-count").textContent = `${found.length} of ${readable.length}`;
  activate(Math.max(0, found.indexOf(reading.open || before)));
}

/* The address of a dialogue: its system, persona, variant and seed. */
function addressOf(one) {
  const parts = [systems[one.system].name, personas[one.persona].id, variants[one.variant], one.seed];
  return `#${parts.map(encodeURIComponent).join("/")}`;
}

function fromAddress() {
  return readable.find((one) => addressOf(one) === location.hash);
}

function open(one) {
  reading.open = one;
  showReading();
  history.replaceState(null, "", addressOf(one));
  at("read").scrollTop = 0;
  at("read").focus({ preventScroll: true });
  at("read").closest(".panel").scrollIntoView({ block: "nearest" });
}

function close() {
  reading.open = null;
  showReading();
  history.replaceState(null, "", location.pathname + location.search);
  list.focus({ preventScroll: true });
  list.scrollIntoView({ block: "nearest" });
}

/* Go on by so many dialogues; where one is open, the next is opened. */
function move(step) {
  if (!found.length) return;
  const next = Math.min(Math.max(0, active + step), found.length - 1);
  activate(next);
  if (reading.open) open(found[active]);
  else list.focus({ preventScroll: true });
}

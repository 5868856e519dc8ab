/* The table of systems, which can be sorted and says which are in the plots; and that of types of persona. */
const COLUMNS = [
  { key: "likability", name: "likability", digits: 1, value: (one) => one.likability.mean, found: (one) => one.likability },
  { key: "slope", name: "slope", digits: 1, value: (one) => one.slope },
  { key: "ratio", name: "noisy / clean", digits: 2, value: (one) => one.ratio.mean, found: (one) => one.ratio },
  { key: "memory", name: "facts recalled, %", digits: 1, value: (one) => one.memory.mean, found: (one) => one.memory },
  { key: "said", name: "said, %", digits: 0, value: (one) => one.said },
  { key: "shown", name: "shown, %", digits: 0, value: (one) => one.shown },
  { key: "tokens", name: "tokens", digits: 0, value: (one) => one.tokens },
  { key: "recall", name: "recall, ms", digits: 1, value: (one) => one.recall },
];
const BESIDE_BOUNDS = 4;
const sorted = { key: "likability", down: true };
const checked = new Set();

/* A system's value in the column that the table is sorted by; those without one come last. */
function inOrder(figures) {
  if (sorted.key === "name") {
    const by = [...figures].sort((one, other) => systems[one.system].name.localeCompare(systems[other.system].name, "en"));
    return sorted.down ? by.reverse() : by;
  }
  const { value } = COLUMNS.find((column) => column.key === sorted.key);
  const sign = sorted.down ? -1 : 1;
  return [...figures].sort((one, other) => {
    const [a, b] = [value(one), value(other)];
    if (a === null || b === null) return (a === null) - (b === null);
    return sign * (a - b);
  });
}

/* Systems that are in the plots at first: all where they are few, else the bounds and the best. */
function checkFirst(ranked) {
  const own = ranked.filter((system) => !systems[system].bound);
  const first = ranked.length <= COLOURS ? own : own.slice(0, BESIDE_BOUNDS);
  ranked.filter((system) => systems[system].bound || first.includes(system)).forEach((system) => checked.add(system));
}

function heading(key, name, change) {
  const cell = Object.assign(make("th"), { scope: "col" });
  const button = Object.assign(make("button", "sort", name), { type: "button" });
  button.dataset.key = key;
  if (sorted.key === key) cell.setAttribute("aria-sort", sorted.down ? "descending" : "ascending");
  button.addEventListener("click", () => {
    sorted.down = sorted.key === key ? !sorted.down : key !== "name";
    sorted.key = key;
    change();
    at("ranked").querySelector(`[data-key="${key}"]`).focus();
  });
  return add(cell, button);
}

function checkbox(system, change) {
  const box = Object.assign(make("input"), { type: "checkbox", checked: checked.has(system) });
  box.dataset.system = systems[system].name;
  box.addEventListener("change", () => {
    if (box.checked) checked.add(system);
    else checked.delete(system);
    change();
  });
  return add(make("label", "system"), box, key(system), make("span", "name", systems[system].name));
}

/* Checks all systems, or the first one alone. */
function checkAll(figures, change) {
  const box = Object.assign(make("input"), { type: "checkbox", id: "check-all", checked: checked.size === systems.length });
  box.setAttribute("aria-label", "all systems in the plots");
  box.addEventListener("change", () => {
    figures.forEach((one, place) => (box.checked || !place ? checked.add(one.system) : checked.delete(one.system)));
    change();
    at("check-all").focus();
  });
  return box;
}

/* A strip from 0 to 100 with the interval, and the mean in it. */
function strip(found) {
  const track = make("span", "strip");
  track.setAttribute("aria-hidden", "true");
  if (found.mean === null) return track;
  const [low, high] = found.interval || [found.mean, found.mean];
  const range = make("i", "range"), point = make("i", "point");
  range.style.left = `${low}%`;
  range.style.width = `${high - low}%`;
  point.style.left = `${found.mean}%`;
  return add(track, range, point);
}

/* The table of systems; `sortedAgain` and `checkedAgain` are called when that has changed. */
function showRanked(figures, sortedAgain, checkedAgain) {
  const all = checkAll(figures, () => { sortedAgain(); checkedAgain(); });
  const head = add(make("tr"), heading("name", "system", sortedAgain));
  head.firstChild.prepend(all);
  COLUMNS.forEach((column) => {
    const named = column.key === "likability" && picked.dimension !== EVERY ? dimensions[picked.dimension] : column.name;
    head.append(heading(column.key, named, sortedAgain));
  });
  const body = make("tbody");
  inOrder(figures).forEach((one) => {
    const row = add(make("tr"), add(Object.assign(make("th"), { scope: "row" }), checkbox(one.system, checkedAgain)));
    COLUMNS.forEach(({ key: name, digits, value, found }) => {
      const cell = make("td", name, told(value(one), digits));
      if (found) cell.append(" ", make("small", "", between(found(one), digits)));
      if (name === "likability") cell.append(strip(found(one)));
      row.append(cell);
    });
    body.append(row);
  });
  at("ranked").replaceChildren(add(make("table"), add(make("thead"), head), body));
}

/* Each system with each type of persona. */
function showKinds(figures) {
  const made = table(["", ...kinds], figures.map((one) => [systems[one.system].name, ...one.kinds.map((value) => told(value))]));
  made.querySelectorAll("tbody tr").forEach((row, place) => {
    const { system } = figures[place];
    row.firstChild.replaceChildren(add(make("span", "system"), key(system), make("span", "name", systems[system].name)));
    row.querySelectorAll("td").forEach((cell, kind) => {
      const value = figures[place].kinds[kind];
      if (value !== null) cell.append(strip({ mean: value, interval: null }));
    });
  });
  at("kinds").replaceChildren(made);
}

/* What is asked of the page, and what it shows then. */
const selects = ["variant", "kind", "persona", "seed", "dimension"];

function fillFilters() {
  fill(at("variant"), variants, variants.length > 1 ? "all" : undefined);
  fill(at("kind"), kinds, "all");
  fill(at("persona"), personas.map((one) => `${one.id} ${one.name}`), "all");
  fill(at("seed"), seeds.map(String), seeds.length > 1 ? "all" : undefined, seeds);
  fill(at("dimension"), dimensions, "all");
  fill(at("system"), systems.map((one) => one.name), "all");
  fill(at("order"), ORDERS.map(([name]) => name));
  fill(at("limit"), [1, 2, 3, 4].map(String), "any", [1, 2, 3, 4]);
  if (seeds.length === 1) START.seed = EVERY;
  fromPicked();
}

/* Show in the controls what is picked. */
function fromPicked() {
  selects.forEach((name) => { at(name).value = String(picked[name]); });
  if (seeds.length === 1) at("seed").value = String(seeds[0]);
}

let figures = [];

function sortedAgain() {
  showRanked(figures, sortedAgain, checkedAgain);
}

function checkedAgain() {
  at("check-all").checked = checked.size === systems.length;
  drawPlots(figures.filter((one) => checked.has(one.system)));
}

/* Show everything anew, of what is picked. */
function showAll() {
  figures = systems.map((_, system) => figuresOf(system));
  const ranked = ranking(figures);
  figures = ranked.map((system) => figures[system]);
  const rows = figures.reduce((sum, one) => sum + one.count, 0);
  at("ranked-of").textContent = `of ${rows.toLocaleString("en")} of ${dialogues.length.toLocaleString("en")} dialogues`;
  showRanked(figures, sortedAgain, checkedAgain);
  showKinds(figures);
  checkedAgain();
  const dimension = picked.dimension === EVERY ? "" : ` on ${dimensions[picked.dimension]}`;
  at("limit-told").textContent = `a turn rated at most${dimension}`;
  showList();
}

function ranking(all) {
  const value = (system) => all[system].likability.mean ?? -1;
  return systems.map((_, system) => system).sort((one, other) => value(other) - value(one));
}

function changed() {
  selects.forEach((name) => { picked[name] = chosenOf(at(name)); });
  if (seeds.length === 1) picked.seed = EVERY;
  showAll();
}

function lookFor() {
  sought.text = at("search").value.trim().toLowerCase();
  sought.limit = chosenOf(at("limit"));
  showList();
  if (reading.open) showReading();
}

selects.forEach((name) => at(name).addEventListener("change", changed));
at("filters").addEventListener("submit", (event) => event.preventDefault());
at("filters").addEventListener("reset", (event) => {
  event.preventDefault();
  Object.assign(picked, START);
  fromPicked();
  ["search", "system", "limit"].forEach((id) => { at(id).value = ""; });
  showAll();
  lookFor();
});
["system", "order"].forEach((id) => at(id).addEventListener("change", showList));
at("search").addEventListener("input", lookFor);
at("limit").addEventListener("change", lookFor);
at("beside").addEventListener("change", () => {
  reading.beside = chosenOf(at("beside"));
  showReading();
});
at("reasons").addEventListener("change", () => {
  at("read").querySelectorAll(".ratings").forEach((one) => { one.open = at("reasons").checked; });
});
at("whole").addEventListener("change", showReading);
at("before").addEventListener("click", () => move(-1));
at("after").addEventListener("click", () => move(1));
at("close").addEventListener("click", close);
at("help").addEventListener("click", () => at("keys").showModal());
at("theme").addEventListener("click", () => {
  const root = document.documentElement;
  root.dataset.theme = getComputedStyle(root).colorScheme === "dark" ? "light" : "dark";
});

list.addEventListener("keydown", (event) => {
  const page = 10;
  const places = { ArrowDown: active + 1, ArrowUp: active - 1, PageDown: active + page, PageUp: active - page, Home: 0, End: found.length };
  if (event.key in places) activate(places[event.key]);
  else if (event.key === "Enter" && found.length) open(found[active]);
  else return;
  event.preventDefault();
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || at("keys").open) return;
  const typing = event.target.matches("input[type=search], select");
  if (event.key === "Escape") {
    if (event.target === at("search")) {
      at("search").value = "";
      lookFor();
      list.focus();
    } else if (reading.open && !event.target.matches("select")) close();
    return;
  }
  const moves = {
    "/": () => { at("search").focus(); at("search").select(); },
    "?": () => at("keys").showModal(),
    j: () => move(1),
    k: () => move(-1),
    r: () => { if (reading.open) at("reasons").click(); },
  };
  const wanted = moves[event.key.toLowerCase()];
  if (typing || !wanted) return;
  event.preventDefault();
  wanted();
});

fillFilters();
const first = ranking(systems.map((_, system) => figuresOf(system)));
giveLooks(first);
checkFirst(first);
showAll();
showReading();
const asked = fromAddress();
if (asked) {
  activate(found.indexOf(asked));
  open(asked);
}
window.addEventListener("hashchange", () => { if (fromAddress()) open(fromAddress()); });
let width = window.innerWidth;
window.addEventListener("resize", () => {
  if (window.innerWidth !== width) checkedAgain();
  width = window.innerWidth;
});

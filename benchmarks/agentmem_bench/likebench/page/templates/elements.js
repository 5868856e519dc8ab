/* Elements of text alone: nothing that a persona, a system or a rater says is ever read as markup. */
const at = (id) => document.getElementById(id);

function make(tag, kind, text) {
  const element = document.createElement(tag);
  if (kind) element.className = kind;
  if (text !== undefined) element.textContent = text;
  return element;
}

function add(parent, ...children) {
  parent.append(...children);
  return parent;
}

function draw(tag, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
  return add(element, ...children);
}

function told(value, digits = 1) {
  if (value === null || value === undefined) return "–";
  return value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function between(found, digits) {
  return found.interval ? `[${found.interval.map((end) => told(end, digits)).join(" ")}]` : "";
}

/* A select with names for values; `every` is what all together are called. */
function fill(select, names, every, values = names.map((_, place) => place)) {
  select.replaceChildren();
  const entries = names.map((name, place) => [String(values[place]), name]);
  if (every !== undefined) entries.unshift([EVERY, every]);
  entries.forEach(([value, name]) => {
    const option = make("option", "", name);
    option.value = value;
    select.append(option);
  });
}

function chosenOf(select) {
  return select.value === EVERY ? EVERY : Number(select.value);
}

/* A table of rows of cells; the first cell of a row is its name. */
function table(columns, rows) {
  const head = make("tr"), body = make("tbody");
  columns.forEach((name) => { head.append(Object.assign(make("th", "", name), { scope: "col" })); });
  rows.forEach(([name, ...cells]) => {
    const row = add(make("tr"), Object.assign(make("th", "", name), { scope: "row" }));
    cells.forEach((cell) => row.append(make("td", "", cell)));
    body.append(row);
  });
  return add(make("table"), add(make("thead"), head), body);
}

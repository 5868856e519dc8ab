/* The plots of the checked systems. Each system has a colour, a dash and a mark of its own, always the same. */
const COLOURS = 6;
const DASHES = ["", "7 4", "2 3", "9 3 2 3"];
const MARKS = [
  "M-4.5,0a4.5,4.5 0 1,0 9,0a4.5,4.5 0 1,0 -9,0Z",
  "M-4,-4h8v8h-8Z",
  "M0,-5.2L4.9,3.6H-4.9Z",
  "M0,-5.6L5.6,0L0,5.6L-5.6,0Z",
  "M0,5.2L4.9,-3.6H-4.9Z",
  "M-4,-4L4,4M-4,4L4,-4",
  "M-5,0H5M0,-5V5",
];
const PLAIN = 12;
const looks = new Map();

/* Give looks to systems, in the order in which they are ranked at first. */
function giveLooks(order) {
  const own = order.filter((system) => !systems[system].bound);
  const bounds = order.filter((system) => systems[system].bound);
  own.forEach((system, place) => looks.set(system, {
    colour: `c${place % COLOURS}`, dash: DASHES[place % DASHES.length], mark: MARKS[place % MARKS.length],
  }));
  bounds.forEach((system, place) => looks.set(system, {
    colour: place ? "bound low" : "bound", dash: place ? "1 4" : "", mark: MARKS[place ? 5 : 3],
  }));
}

function marker(system, x, y) {
  return draw("path", { class: "mark", d: looks.get(system).mark, transform: `translate(${x},${y})` });
}

/* A piece of a system's line with its mark, beside its name. */
function key(system) {
  const { colour, dash } = looks.get(system);
  const line = draw("path", { class: "line", d: "M0,7H30", "stroke-dasharray": dash });
  return draw("svg", { class: `key-line ${colour}`, width: 30, height: 14, "aria-hidden": "true" }, line, marker(system, 15, 7));
}

function legend(list, figures) {
  list.replaceChildren(...figures.map((one) => add(make("li"), key(one.system), systems[one.system].name)));
}

/* An empty drawing as wide as its place. */
function sheet(place, height, label) {
  const width = Math.max(260, place.clientWidth);
  const svg = draw("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label });
  place.replaceChildren(svg);
  return [svg, width];
}

function write(x, y, text, anchor = "middle", kind = "") {
  const element = draw("text", { x, y, "text-anchor": anchor, class: kind });
  element.textContent = text;
  return element;
}

function names(figures) {
  return figures.map((one) => systems[one.system].name).join(", ") || "no system";
}

/* A path through places; where one is missing, it is interrupted. */
function path(points) {
  return points.map((point, place) => (point ? `${place && points[place - 1] ? "L" : "M"}${point[0].toFixed(1)},${point[1].toFixed(1)}` : "")).join("");
}

function lineOf(system, points) {
  const { colour, dash } = looks.get(system);
  const group = draw("g", { class: colour, "data-system": systems[system].name });
  group.append(draw("path", { class: "line", d: path(points), "stroke-dasharray": dash }));
  points.filter(Boolean).forEach(([x, y]) => group.append(marker(system, x.toFixed(1), y.toFixed(1))));
  return group;
}

function drawRadar(figures) {
  const place = at("radar"), width = Math.max(260, place.clientWidth);
  const radius = Math.min(width / 2 - 78, 165), height = 2 * radius + 56;
  const [svg] = sheet(place, height, `Likability by dimension of ${names(figures)}; the figures are in the table below.`);
  const spot = (dimension, value) => {
    const turn = (2 * Math.PI * dimension) / dimensions.length;
    const far = (radius * value) / 100;
    return [width / 2 + far * Math.sin(turn), height / 2 + 4 - far * Math.cos(turn)];
  };
  [25, 50, 75, 100].forEach((value) => {
    svg.append(draw("path", { class: "grid", d: `${path(dimensions.map((_, one) => spot(one, value)))}Z` }));
  });
  dimensions.forEach((name, dimension) => {
    const [x, y] = spot(dimension, 100);
    svg.append(draw("path", { class: "grid", d: path([spot(dimension, 0), [x, y]]) }));
    const [far, low] = spot(dimension, 100 + 1500 / radius);
    const side = Math.abs(far - width / 2) < 5 ? "middle" : far > width / 2 ? "start" : "end";
    svg.append(write(far, low + 4, name, side, picked.dimension === dimension ? "strong" : ""));
  });
  figures.forEach((one) => {
    const points = one.dimensions.map((value, dimension) => (value === null ? null : spot(dimension, value)));
    svg.append(lineOf(one.system, [...points, points[0]]));
  });
  legend(at("radar-legend"), figures);
  at("radar-figures").replaceChildren(table(["", ...dimensions], figures.map((one) => [systems[one.system].name, ...one.dimensions.map((value) => told(value))])));
}

/* Round ends of an axis around values, and how far its marks are apart. */
function ends(values) {
  const given = values.filter((value) => value !== null);
  if (!given.length) return [0, 100, 20];
  const least = Math.min(...given), most = Math.max(...given), apart = most - least > 40 ? 20 : 10;
  let low = Math.floor(least / apart) * apart, high = Math.ceil(most / apart) * apart;
  if (high - low < 2 * apart) [low, high] = [Math.max(0, low - apart), Math.min(100, high + apart)];
  return [low, high, apart];
}

const EDGE = { left: 46, right: 14, top: 12, bottom: 40 };

/* Marks and names of the axes; where values of both are, in pixels. */
function axes(svg, width, height, [left, right, across], [low, high, apart, up]) {
  const wide = width - EDGE.left - EDGE.right, tall = height - EDGE.top - EDGE.bottom;
  const x = (value) => EDGE.left + (wide * (value - left)) / (right - left || 1);
  const y = (value) => EDGE.top + (tall * (high - value)) / (high - low || 1);
  for (let value = low; value <= high; value += apart) {
    svg.append(draw("path", { class: "grid", d: `M${EDGE.left},${y(value)}h${wide}` }));
    svg.append(write(EDGE.left - 7, y(value) + 4, value, "end", "quiet"));
  }
  svg.append(write(EDGE.left + wide / 2, height - 4, across, "middle", "quiet"));
  const title = write(0, 0, up, "middle", "quiet");
  title.setAttribute("transform", `translate(12,${EDGE.top + tall / 2}) rotate(-90)`);
  svg.append(title);
  return [x, y];
}

function drawSessions(figures) {
  const height = 300, count = Math.max(1, ...figures.map((one) => one.sessions.length));
  const [svg, width] = sheet(at("sessions"), height, `Likability by session of ${names(figures)}; the figures are in the table below.`);
  const half = count > 1 ? 0.15 : 0.5;
  const [x, y] = axes(svg, width, height, [1 - half, count + half, "session"], [...ends(figures.flatMap((one) => one.sessions)), "likability"]);
  for (let session = 1; session <= count; session += 1) svg.append(write(x(session), height - 22, session, "middle", "quiet"));
  figures.forEach((one) => svg.append(lineOf(one.system, one.sessions.map((value, place) => (value === null ? null : [x(place + 1), y(value)])))));
  legend(at("sessions-legend"), figures);
  const columns = Array.from({ length: count }, (_, place) => `session ${place + 1}`);
  at("sessions-figures").replaceChildren(table(["", ...columns, "slope"], figures.map((one) => [systems[one.system].name, ...columns.map((_, place) => told(one.sessions[place])), told(one.slope)])));
}

/* Where a name stands beside its mark, over no other name and no mark; null where there is no room. */
function room(spot, wide, taken, width, height) {
  for (const far of [10, 18, 28, 40, 54]) {
    for (const [right, down] of [[1, 0], [-1, 0], [0, -1], [0, 1], [0.8, -0.8], [-0.8, -0.8], [0.8, 0.8], [-0.8, 0.8]]) {
      const left = spot[0] + right * far + (right > 0 ? 0 : right < 0 ? -wide : -wide / 2);
      const box = [left, spot[1] + down * (far + 3) - PLAIN / 2 - 1, wide, PLAIN + 2];
      const inside = box[0] >= EDGE.left && box[0] + wide <= width - 2 && box[1] >= 1 && box[1] + box[3] <= height - EDGE.bottom;
      const free = taken.every((other) => box[0] + box[2] <= other[0] || other[0] + other[2] <= box[0] || box[1] + box[3] <= other[1] || other[1] + other[3] <= box[1]);
      if (inside && free) return [box, far];
    }
  }
  return null;
}

function drawScatter(figures) {
  const height = 340, shown = figures.filter((one) => one.memory.mean !== null && one.likability.mean !== null);
  const [svg, width] = sheet(at("scatter"), height, `Facts recalled and likability of ${names(shown)}; the figures are in the table below.`);
  const [x, y] = axes(svg, width, height, [-4, 104, "facts recalled, %"], [...ends(shown.map((one) => one.likability.mean)), "likability"]);
  [0, 25, 50, 75, 100].forEach((value) => svg.append(write(x(value), height - 22, value, "middle", "quiet")));
  const spots = shown.map((one) => [x(one.memory.mean), y(one.likability.mean)]);
  const taken = spots.map(([across, down]) => [across - 7, down - 7, 14, 14]);
  shown.forEach((one, place) => {
    const group = draw("g", { class: looks.get(one.system).colour, "data-system": systems[one.system].name });
    svg.append(group);
    group.append(marker(one.system, ...spots[place]));
    const name = write(0, 0, systems[one.system].name, "start", "name");
    group.append(name);
    const found = room(spots[place], name.getComputedTextLength() + 2, taken, width, height);
    if (found === null) {
      name.remove();
      return;
    }
    const [box, far] = found;
    taken.push(box);
    name.setAttribute("x", box[0] + 1);
    name.setAttribute("y", box[1] + PLAIN - 1);
    if (far > 18) {
      const nearest = [Math.min(Math.max(spots[place][0], box[0]), box[0] + box[2]), Math.min(Math.max(spots[place][1], box[1]), box[1] + box[3])];
      group.prepend(draw("path", { class: "leader", d: path([spots[place], nearest]) }));
    }
  });
  legend(at("scatter-legend"), shown);
  at("scatter-figures").replaceChildren(table(["", "facts recalled, %", "likability"], figures.map((one) => [systems[one.system].name, `${told(one.memory.mean)} ${between(one.memory, 1)}`, `${told(one.likability.mean)} ${between(one.likability, 1)}`])));
}

function drawPlots(figures) {
  drawRadar(figures);
  drawSessions(figures);
  drawScatter(figures);
}

"use strict";
(() => {
  const { concepts, problems, fillers } = JSON.parse(document.getElementById("data").textContent);
  const at = (id) => document.getElementById(id);
  const graph = at("graph"), list = at("list"), filter = at("filter"), entry = at("entry");
  const nodes = new Map([...graph.querySelectorAll(".node")].map((one) => [Number(one.dataset.n), one]));
  const names = new Map([...graph.querySelectorAll(".name")].map((one) => [Number(one.dataset.n), one]));
  const lines = [...graph.querySelectorAll("path[data-ends]")].map((one) => [one, one.dataset.ends.split(" ").map(Number)]);
  const rows = concepts.map((_, number) => at(`row-${number}`));
  let chosen = -1;

  /* An element of text alone: nothing that a memory says is ever read as markup. */
  function make(tag, kind, text) {
    const element = document.createElement(tag);
    if (kind) element.className = kind;
    if (text !== undefined) element.textContent = text;
    return element;
  }

  /* A mark on a concept that is drawn: on its shape and on its name. */
  function mark(number, kind, on) {
    if (!nodes.has(number)) return;
    nodes.get(number).classList.toggle(kind, on);
    names.get(number).classList.toggle(kind, on);
  }

  /* The window on the picture */

  const whole = { x: 0, y: 0, width: graph.viewBox.baseVal.width, height: graph.viewBox.baseVal.height };
  let seen = { ...whole };
  const texts = [...nodes.entries()]
    .map(([number, one]) => {
      const text = names.get(number), place = one.transform.baseVal[0].matrix;
      const shape = one.querySelector(".shape"), below = Number(text.getAttribute("y"));
      return { number, text, shape, x: place.e, y: place.f, below, radius: below - 13, width: 0 };
    })
    .sort((one, other) => concepts[other.number].uses - concepts[one.number].uses || one.number - other.number);
  for (const one of texts) one.width = one.text.getComputedTextLength() || 7 * one.text.textContent.length;

  const MOST_SEEN = 30;
  const scale = () => Math.min(graph.clientWidth / seen.width, graph.clientHeight / seen.height) || 1;

  /* Names keep their size whatever the scale, and shapes stay large enough to be seen. A name that would stand
     over that of one more used, over the shape of one of the most used, or out of the window, is left out. */
  function placeNames() {
    const by = Math.min(1.3, scale()), size = 12 / by, kept = [], larger = Math.min(1.5, Math.max(1, 0.6 / by));
    const first = (one) => one.number === chosen || ["near", "hit"].some((kind) => one.text.classList.contains(kind));
    for (const one of [...texts.filter(first), ...texts.filter((one) => !first(one))]) {
      one.shape.style.transform = larger > 1 ? `scale(${larger.toFixed(2)})` : "";
      const y = one.below + (size - 12) * 0.8 + (larger - 1) * (one.below - 13);
      const half = (one.width / 12) * size * 0.5 + 2 / by;
      const box = [one.x - half, one.y + y - size, one.x + half, one.y + y + size * 0.3];
      const inside = first(one) || (box[0] >= seen.x && box[2] <= seen.x + seen.width);
      const clear = first(one) || texts.slice(0, MOST_SEEN).every((other) => other === one || other.x < box[0] - other.radius * larger
        || other.x > box[2] + other.radius * larger || other.y < box[1] - other.radius * larger || other.y > box[3] + other.radius * larger);
      const free = inside && clear && kept.every((other) => box[2] < other[0] || other[2] < box[0] || box[3] < other[1] || other[3] < box[1]);
      one.text.classList.toggle("quiet-name", !free);
      if (!free) continue;
      kept.push(box);
      one.text.style.fontSize = `${size.toFixed(2)}px`;
      one.text.style.strokeWidth = `${(3 / by).toFixed(2)}px`;
      one.text.setAttribute("y", y.toFixed(1));
    }
  }

  function look(window) {
    seen = window;
    graph.setAttribute("viewBox", `${seen.x} ${seen.y} ${seen.width} ${seen.height}`);
    placeNames();
  }

  function zoom(by, middle) {
    const width = Math.min(whole.width * 2, Math.max(120, seen.width / by)), factor = seen.width / width;
    const [x, y] = middle || [seen.x + seen.width / 2, seen.y + seen.height / 2];
    look({ x: x - (x - seen.x) / factor, y: y - (y - seen.y) / factor, width, height: seen.height / factor });
  }

  function pointOf(event) {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(graph.getScreenCTM().inverse());
    return [point.x, point.y];
  }

  function show(number) {
    const one = texts.find((text) => text.number === number);
    if (!one) return;
    const inside = one.x > seen.x && one.x < seen.x + seen.width && one.y > seen.y && one.y < seen.y + seen.height;
    if (!inside) look({ ...seen, x: one.x - seen.width / 2, y: one.y - seen.height / 2 });
  }

  graph.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoom(Math.exp(-event.deltaY * 0.0015), pointOf(event));
  }, { passive: false });
  at("in").addEventListener("click", () => zoom(1.4));
  at("out").addEventListener("click", () => zoom(1 / 1.4));
  at("fit").addEventListener("click", () => look({ ...whole }));
  let held = null;
  graph.addEventListener("pointerdown", (event) => { held = { x: event.clientX, y: event.clientY, seen, moved: false }; });
  graph.addEventListener("pointermove", (event) => {
    if (!held || !(event.buttons & 1)) return;
    const by = scale(), right = event.clientX - held.x, down = event.clientY - held.y;
    if (!held.moved && Math.hypot(right, down) < 4) return;
    if (!held.moved) graph.setPointerCapture(event.pointerId);
    held.moved = true;
    graph.classList.add("moving");
    look({ ...held.seen, x: held.seen.x - right / by, y: held.seen.y - down / by });
  });
  graph.addEventListener("pointerup", (event) => {
    const moved = held && held.moved;
    held = null;
    graph.classList.remove("moving");
    const node = event.target.closest(".node");
    if (!moved) choose(node ? Number(node.dataset.n) : -1);
  });

  /* What is lit: the neighbours of one, or what was searched */

  function light(number) {
    for (const one of nodes.keys()) mark(one, "near", false);
    for (const [line] of lines) line.classList.remove("near");
    const found = filter.value.trim() !== "";
    graph.classList.toggle("lit", number >= 0 || found);
    if (number < 0) return;
    mark(number, "near", true);
    for (const [line, ends] of lines) {
      if (!ends.includes(number)) continue;
      line.classList.add("near");
      for (const end of ends) mark(end, "near", true);
    }
  }

  for (const [number, one] of nodes) {
    one.addEventListener("pointerenter", () => { if (!held) light(number); });
    one.addEventListener("pointerleave", () => { if (!held) light(chosen); });
  }

  /* The entry */

  const name = (number) => concepts[number].title || concepts[number].id;
  function to(number, more) {
    const button = make("button", "to", more ? `${name(number)} ${more}` : name(number));
    button.type = "button";
    button.addEventListener("click", () => { choose(number); show(number); });
    return button;
  }

  function section(title, ...parts) {
    entry.append(make("h3", "", title), ...parts);
  }

  function bullets(given) {
    const found = make("ul", "bullets");
    found.append(...given.map((text) => make("li", "", text)));
    return found;
  }

  function tell(number) {
    const one = concepts[number];
    entry.replaceChildren(make("div", "title", one.title || "(no title)"));
    at("entry-kind").textContent = { oe: "lesson", rule: "rule" }[one.form] || one.kind || "concept";
    if (one.signature) entry.append(make("div", "signature mono", one.signature));
    if (one.description) entry.append(make("p", "", one.description));
    for (const text of one.alternatives) entry.append(make("p", "", `or: ${text}`));
    const numbers = make("dl", "numbers");
    for (const [label, value] of [["used in", one.uses], ...Object.entries(one.outcomes)]) {
      const pair = make("div");
      pair.append(make("dd", "", String(value)), make("dt", "", label));
      numbers.append(pair);
    }
    entry.append(numbers);
    if (one.aliases.length) section("Also called", make("div", "", one.aliases.join(", ")));
    if (one.parameters.length) {
      const items = make("ul");
      for (const [label, type, description] of one.parameters) {
        const item = make("li");
        item.append(make("code", "", type ? `${label}: ${type}` : label));
        if (description) item.append(make("span", "sub", ` ${description}`));
        const able = (fillers[type] || []).filter((other) => other !== number);
        if (able.length) {
          const choices = make("div");
          choices.append(make("span", "sub", "filled by "), ...able.slice(0, 8).map((other) => to(other)));
          if (able.length > 8) choices.append(make("span", "sub", `and ${able.length - 8} more`));
          item.append(choices);
        }
        items.append(item);
      }
      section("Takes", items);
    }
    if (one.output) section("Gives", make("code", "", one.output));
    if (one.cues.length) section("Cues", bullets(one.cues));
    if (one.notes.length) section("Notes", bullets(one.notes));
    if (one.hidden) entry.append(make("div", "sub", `and ${one.hidden} more cues and notes`));
    if (one.together.length) section("Used together with", ...one.together.map(([other, shared]) => to(other, `· ${shared}`)));
    if (one.asked.length) section("Fills", ...one.asked.map(([other, parameter]) => to(other, `· ${parameter}`)));
    if (one.alike.length) section("May be one with", ...one.alike.map((other) => to(other)));
    if (one.beside.length) section("Says otherwise", ...one.beside.map((other) => to(other)));
    if (one.problems.length) {
      const items = make("ul", "bullets");
      for (const place of one.problems) {
        const [label, text] = problems[place], item = make("li");
        if (label) item.append(make("code", "", label), text ? " " : "");
        item.append(text || (label ? "" : "(no text)"));
        items.append(item);
      }
      section(`Used in ${one.uses} problem${one.uses === 1 ? "" : "s"}`, items);
      if (one.uses > one.problems.length) entry.append(make("div", "sub", `and ${one.uses - one.problems.length} more`));
    }
    section("Id", make("code", "", `${one.id}@${one.version}`));
    entry.scrollTop = 0;
  }

  function choose(number, quietly) {
    if (chosen >= 0) {
      rows[chosen].setAttribute("aria-selected", "false");
      mark(chosen, "chosen", false);
    }
    chosen = number;
    light(number);
    placeNames();
    list.removeAttribute("aria-activedescendant");
    if (number < 0) {
      entry.replaceChildren(make("p", "empty", "Choose a concept in the graph or in the list."));
      at("entry-kind").textContent = "";
      if (!quietly) history.replaceState(null, "", location.pathname + location.search);
      return;
    }
    rows[number].setAttribute("aria-selected", "true");
    rows[number].scrollIntoView({ block: "nearest" });
    list.setAttribute("aria-activedescendant", `row-${number}`);
    mark(number, "chosen", true);
    tell(number);
    if (!quietly) history.replaceState(null, "", `#concept=${encodeURIComponent(concepts[number].id)}`);
  }

  /* The search */

  const words = concepts.map((one) => [
    one.id, one.title, one.kind, one.description, one.output, ...one.aliases, ...one.alternatives, ...one.cues, ...one.notes,
    ...one.parameters.flat(), ...one.problems.map((place) => problems[place].join(" ")),
  ].join("\n").toLowerCase());

  function search() {
    const asked = filter.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    concepts.forEach((_, number) => {
      const fits = asked.every((word) => words[number].includes(word));
      found += fits;
      rows[number].hidden = !fits;
      mark(number, "hit", fits && asked.length > 0);
    });
    at("found").textContent = asked.length ? `${found} found` : `${concepts.length}`;
    light(asked.length ? -1 : chosen);
    placeNames();
  }

  function move(by) {
    const left = concepts.map((_, number) => number).filter((number) => !rows[number].hidden);
    if (!left.length) return;
    const place = left.indexOf(chosen);
    const next = place < 0 ? (by > 0 ? 0 : left.length - 1) : Math.max(0, Math.min(left.length - 1, place + by));
    choose(left[next]);
    show(left[next]);
  }

  rows.forEach((row, number) => row.addEventListener("click", () => { choose(number); show(number); }));
  filter.addEventListener("input", search);
  const KEYS = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, End: concepts.length, Home: -concepts.length };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target === filter) {
      if (event.key === "Escape") { filter.value = ""; search(); }
      if (event.key === "Escape" || event.key === "Enter") { list.focus(); if (event.key === "Enter") move(1); }
      return;
    }
    if (event.key === "/") { event.preventDefault(); filter.focus(); return; }
    if (event.key === "Escape") { choose(-1); return; }
    if (event.target !== list || !(event.key in KEYS)) return;
    event.preventDefault();
    move(KEYS[event.key]);
  });
  for (const box of document.querySelectorAll("[data-line]")) {
    box.addEventListener("change", () => graph.classList.toggle(`no-${box.dataset.line}`, !box.checked));
  }
  at("theme")?.addEventListener("click", () => {
    const root = document.documentElement;
    root.dataset.theme = getComputedStyle(root).colorScheme === "dark" ? "light" : "dark";
  });
  window.addEventListener("resize", placeNames);

  function fromAddress() {
    const asked = (location.hash.match(/^#concept=(.+)$/) || [])[1];
    const number = concepts.findIndex((one) => encodeURIComponent(one.id) === asked);
    choose(number, true);
    if (number >= 0) show(number);
  }
  window.addEventListener("hashchange", fromAddress);
  placeNames();
  fromAddress();
})();

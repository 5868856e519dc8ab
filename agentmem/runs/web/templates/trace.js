"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const { steps, subgoals, budget } = data;
  const at = (id) => document.getElementById(id);
  const timeline = at("timeline"), filter = at("filter"), onlyInvalid = at("only-invalid");
  const numbers = new Intl.NumberFormat("en");
  const rows = [];
  let selected = -1;
  let marked = true;

  /* An element of text alone: nothing that a trace says is ever read as markup. */
  function make(tag, kind, text) {
    const element = document.createElement(tag);
    if (kind) element.className = kind;
    if (text !== undefined) element.textContent = text;
    return element;
  }

  /* Each text as the numbers of its parts: pairs say which, or (from -1 on) which of the text before. */
  function unpacked({ texts }) {
    let before = [];
    return texts.map((pairs) => {
      const places = [];
      for (let pair = 0; pair < pairs.length; pair += 2) {
        const start = pairs[pair], end = start < 0 ? -1 - start + pairs[pair + 1] : start + pairs[pair + 1];
        for (let at = start < 0 ? -1 - start : start; at < end; at++) places.push(start < 0 ? before[at] : at);
      }
      before = places;
      return places;
    });
  }

  const contexts = unpacked(data.contexts), recalled = unpacked(data.recalled);
  const contextOf = (step) => contexts[step.context].map((place) => data.contexts.parts[place]);
  const recalledOf = (step) => recalled[step.recalled].map((place) => data.recalled.parts[place]);
  const goalOf = (number) => subgoals.find((one) => one.number === number);
  const nameOf = (one) => (one.goal ? `${one.number}. ${one.goal}` : `${one.number}. (no subgoal)`);

  /* Subgoals */

  const SIGNS = { open: "●", closed: "○", reopened: "↻", reached: "✓", missed: "✕" };
  function stateOf(one) {
    if (one.state === "closed" && one.reached === true) return "reached";
    if (one.state === "closed" && one.reached === false) return "missed";
    return one.state;
  }

  function spans(list) {
    const told = [];
    for (let first = 0; first < list.length; ) {
      let last = first;
      while (last + 1 < list.length && list[last + 1] === list[last] + 1) last++;
      told.push(first === last ? `${list[first]}` : `${list[first]}–${list[last]}`);
      first = last + 1;
    }
    return (list.length === 1 ? "step " : "steps ") + told.join(", ");
  }

  const goals = new Map();
  function drawSubgoals() {
    const list = at("subgoals");
    if (!subgoals.length) {
      list.append(make("li", "empty", "This memory takes no subgoals."));
      return;
    }
    at("subgoal-count").textContent = `${subgoals.length}`;
    for (const one of subgoals) {
      const item = make("li"), button = make("button"), state = stateOf(one);
      item.className = state;
      button.type = "button";
      button.style.paddingLeft = `${6 + 16 * one.depth}px`;
      const sign = make("span", "sign", SIGNS[state] || "○");
      sign.setAttribute("aria-hidden", "true");
      button.append(sign, make("span", "goal-text", nameOf(one)));
      button.append(make("span", "sub", one.steps.length ? `${state}, ${spans(one.steps)}` : state));
      if (one.summary) button.append(make("span", "sub", one.summary));
      button.disabled = !one.steps.length;
      button.addEventListener("click", () => { clearFilter(); select(one.steps[0]); });
      goals.set(one.number, button);
      item.append(button);
      list.append(item);
    }
  }

  /* Timeline */

  function drawTimeline() {
    let group = null;
    steps.forEach((step, number) => {
      const one = goalOf(step.subgoal);
      const named = one ? `Subgoal ${nameOf(one)}` : step.goal ? `Subgoal: ${step.goal}` : "";
      if (!group || (named && named !== group.title)) {
        group = make("div", "group");
        group.setAttribute("role", "group");
        group.title = named;
        if (named) {
          group.setAttribute("aria-label", named);
          group.append(make("div", "name", named));
        }
        timeline.append(group);
      }
      const row = make("div", "row");
      row.id = `step-${number}`;
      row.setAttribute("role", "option");
      row.setAttribute("aria-selected", "false");
      const marks = make("span", "marks");
      if (!step.valid) marks.append(make("span", "chip invalid", "invalid"));
      if (step.retrieved.length) marks.append(make("span", "chip retrieved", "retrieved"));
      row.append(make("span", "number", `${number}`), make("span", "action", number ? step.action : "Seen first"));
      row.append(marks, make("span", "seen", step.seen));
      row.addEventListener("click", () => select(number));
      group.append(row);
      rows.push(row);
    });
  }

  function applyFilter() {
    const words = filter.value.trim().toLowerCase();
    let shown = 0;
    steps.forEach((step, number) => {
      const fits = (!words || `${step.action}\n${step.seen}\n${step.goal}`.toLowerCase().includes(words))
        && (!onlyInvalid.checked || !step.valid);
      rows[number].hidden = !fits;
      shown += fits;
    });
    for (const group of timeline.children) group.hidden = !group.querySelector(".row:not([hidden])");
    at("step-count").textContent = shown === steps.length ? `${numbers.format(steps.length - 1)}` : `${numbers.format(shown)} found`;
  }

  function clearFilter() {
    filter.value = "";
    onlyInvalid.checked = false;
    applyFilter();
  }

  /* The selected step */

  function heading(text) {
    const element = make("h3");
    element.append(make("span", "", text));
    return element;
  }

  function drawContext(panel, step, number) {
    const head = heading("Context shown");
    const label = make("label"), box = make("input");
    box.type = "checkbox";
    box.id = "mark-new";
    box.checked = marked;
    label.append(box, "mark what is new since the step before");
    head.append(label);
    const shown = make("div", marked ? "context mono marked" : "context mono");
    shown.id = "context";
    const before = new Map();
    for (const part of contextOf(steps[number - 1])) before.set(part.trim(), (before.get(part.trim()) || 0) + 1);
    const isFence = (part) => /^<\/?memory-[0-9a-f]+>$/.test(part);
    let line = make("div");
    for (const part of contextOf(step)) {
      const words = part.trim(), left = before.get(words) || 0;
      before.set(words, left - 1);
      const isNew = number > 1 && words && left <= 0 && !isFence(words);
      if (isNew) line.classList.add("has-new");
      line.append(make("span", isNew ? "new" : "", part.replace(/\n$/, "")));
      if (part.endsWith("\n")) {
        shown.append(line);
        line = make("div");
      }
    }
    if (line.firstChild) shown.append(line);
    box.addEventListener("change", () => {
      marked = box.checked;
      shown.classList.toggle("marked", marked);
    });
    panel.append(head, shown.firstChild ? shown : make("p", "empty", "Nothing was shown: memory held nothing yet."));
  }

  function drawStep(number) {
    const step = steps[number], panel = at("step");
    panel.replaceChildren();
    at("step-title").textContent = `Step ${numbers.format(number)} of ${numbers.format(steps.length - 1)}`;
    const chips = at("chips");
    chips.replaceChildren();
    if (!step.valid) chips.append(make("span", "chip invalid", "invalid"));
    if (step.retrieved.length) chips.append(make("span", "chip retrieved", "retrieved"));
    if (step.progress >= 1) chips.append(make("span", "chip solved", "goal reached"));
    const one = goalOf(step.subgoal);
    if (one || step.goal) {
      panel.append(heading(step.goal ? "Subgoal, announced with this step" : "Subgoal"));
      panel.append(make("p", "said", one ? nameOf(one) : step.goal));
    }
    if (number) {
      const said = step.error ? "Answer, which stands for the action" : "Action";
      panel.append(heading(said), make("p", step.error ? "said" : "said action", step.action));
      panel.append(heading("Observation"), make("p", step.valid ? "said" : "said invalid", step.seen));
    } else {
      panel.append(heading("Seen first"), make("p", "said", step.seen));
    }
    if (step.error) panel.append(heading("The answer could not be read"), make("p", "said invalid", step.error));
    if (step.retrieved.length) {
      panel.append(heading("Details asked for before it"));
      for (const asked of step.retrieved) {
        const found = goalOf(asked);
        panel.append(make("p", "said", found ? `Subgoal ${nameOf(found)}` : `Subgoal ${asked} (there is none)`));
      }
    }
    if (!number) return;
    const list = make("dl", "numbers");
    const told = [
      ["prompt tokens", numbers.format(step.prompt)],
      ["context tokens", `${numbers.format(step.tokens)} of ${numbers.format(budget)}`],
      ["left out", numbers.format(step.left)],
      ["progress", `${Math.round(100 * step.progress)} %`],
      ["ms in memory", numbers.format(step.ms[0])],
      ["ms deciding", numbers.format(step.ms[1])],
    ];
    if (step.model) told.push(["model tokens", numbers.format(step.model)]);
    for (const [name, value] of told) {
      const pair = make("div");
      pair.append(make("dd", "", value), make("dt", "", name));
      list.append(pair);
    }
    panel.append(list);
    drawContext(panel, step, number);
    if (step.raw) {
      const answer = make("details");
      answer.open = Boolean(step.error);
      answer.append(make("summary", "", "What the model answered"), make("pre", "said", step.raw));
      panel.append(answer);
    }
    const ids = recalledOf(step);
    if (ids.length) {
      const shown = make("details"), names = make("div", "ids mono");
      shown.append(make("summary", "", `Records shown (${numbers.format(ids.length)})`), names);
      shown.addEventListener("toggle", () => { if (!names.firstChild) ids.forEach((id) => names.append(make("div", "", id))); });
      panel.append(shown);
    }
    panel.scrollTop = 0;
  }

  function select(number, options = {}) {
    number = Math.max(0, Math.min(steps.length - 1, number));
    if (number === selected) return;
    if (selected >= 0) rows[selected].setAttribute("aria-selected", "false");
    const before = goals.get((steps[selected] || {}).subgoal);
    if (before) before.removeAttribute("aria-current");
    selected = number;
    const row = rows[number];
    row.setAttribute("aria-selected", "true");
    timeline.setAttribute("aria-activedescendant", row.id);
    reveal(timeline, row, 28);
    const goal = goals.get(steps[number].subgoal);
    if (goal) {
      goal.setAttribute("aria-current", "true");
      reveal(at("subgoals"), goal, 0);
    }
    for (const cursor of document.querySelectorAll(".cursor")) {
      cursor.hidden = !number;
      cursor.style.left = `${(100 * (number - 1)) / Math.max(1, steps.length - 2)}%`;
    }
    at("before").disabled = number === 0;
    at("after").disabled = number === steps.length - 1;
    drawStep(number);
    if (!options.quietly) history.replaceState(null, "", `#step=${number}`);
  }

  /* Scroll within a panel alone: the page stays where it is. */
  function reveal(panel, element, above) {
    const outer = panel.getBoundingClientRect(), inner = element.getBoundingClientRect();
    if (inner.bottom < outer.top - outer.height || inner.top > outer.bottom + outer.height / 2) {
      panel.scrollTop += inner.top - outer.top - outer.height / 2;
    } else if (inner.top < outer.top + above) panel.scrollTop += inner.top - outer.top - above;
    else if (inner.bottom > outer.bottom) panel.scrollTop += inner.bottom - outer.bottom;
  }

  /* Keys and pointers */

  function move(by) {
    let number = selected, left = Math.abs(by);
    while (left) {
      let next = number + Math.sign(by);
      while (rows[next] && rows[next].hidden) next += Math.sign(by);
      if (!rows[next]) break;
      number = next;
      left--;
    }
    select(number);
  }

  function seek(fits) {
    for (let by = 1; by <= steps.length; by++) {
      const number = (selected + by) % steps.length;
      if (fits(steps[number])) {
        if (rows[number].hidden) clearFilter();
        select(number);
        return;
      }
    }
  }

  const KEYS = {
    ArrowDown: () => move(1), ArrowUp: () => move(-1), j: () => move(1), k: () => move(-1),
    ArrowRight: () => move(1), ArrowLeft: () => move(-1), PageDown: () => move(10), PageUp: () => move(-10),
    Home: () => move(-steps.length), End: () => move(steps.length),
    n: () => seek((step) => !step.valid), r: () => seek((step) => step.retrieved.length > 0),
    "/": () => filter.focus(),
  };
  const EVERYWHERE = ["j", "k", "n", "r", "/", "ArrowLeft", "ArrowRight"];

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target === filter) {
      if (event.key === "Escape" || event.key === "Enter") {
        if (event.key === "Escape") clearFilter();
        else if (rows[selected].hidden) move(1);
        timeline.focus();
      }
      return;
    }
    const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (!KEYS[name] || !(event.target === timeline || EVERYWHERE.includes(name))) return;
    event.preventDefault();
    KEYS[name]();
  });
  filter.addEventListener("input", applyFilter);
  onlyInvalid.addEventListener("change", applyFilter);
  at("before").addEventListener("click", () => move(-1));
  at("after").addEventListener("click", () => move(1));
  for (const plot of document.querySelectorAll(".plot")) {
    const choose = (event) => {
      const box = plot.getBoundingClientRect();
      const share = Math.max(0, Math.min(1, (event.clientX - box.left) / box.width));
      clearFilter();
      select(1 + Math.round(share * Math.max(0, steps.length - 2)));
    };
    plot.addEventListener("pointerdown", choose);
    plot.addEventListener("pointermove", (event) => { if (event.buttons & 1) choose(event); });
  }
  at("theme").addEventListener("click", () => {
    const root = document.documentElement;
    const dark = getComputedStyle(root).colorScheme === "dark";
    root.dataset.theme = dark ? "light" : "dark";
  });

  drawSubgoals();
  drawTimeline();
  applyFilter();
  const wanted = () => Number((location.hash.match(/^#step=(\d+)$/) || [])[1] || 1);
  window.addEventListener("hashchange", () => select(wanted()));
  select(wanted(), { quietly: true });
})();

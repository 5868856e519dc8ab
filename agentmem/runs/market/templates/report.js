"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const { dates, symbols, texts } = data;
  const at = (id) => document.getElementById(id);
  const names = Object.keys(symbols);
  const number = new Intl.NumberFormat("en", { maximumFractionDigits: 6 });
  const money = new Intl.NumberFormat("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const slider = at("price"), panel = at("day");
  const stories = new Map([...document.querySelectorAll(".story")].map((one) => [one.dataset.symbol, one]));
  let chosen = names[0], place = 0;

  document.documentElement.classList.add("scripted");

  /* An element of text alone: nothing that news, agents or models say is ever read as markup. */
  function make(tag, kind, text) {
    const element = document.createElement(tag);
    if (kind) element.className = kind;
    if (text !== undefined) element.textContent = text;
    return element;
  }

  function add(parent, ...children) {
    children.forEach((child) => parent.append(child));
    return parent;
  }

  function section(title, ...children) {
    panel.append(make("h3", "", title), ...children);
  }

  function numbers(pairs) {
    const list = make("dl", "numbers");
    pairs.forEach(([name, value]) => list.append(add(make("div"), make("dd", "", value), make("dt", "", name))));
    return list;
  }

  /* A memory by its agent and id: what it says, and what is known of it. */
  function memory(key, layer, weight) {
    const found = symbols[chosen].memories[key];
    const agent = key.slice(0, key.indexOf("/"));
    const known = found ? [found.kind === undefined ? "" : texts[found.kind], found.date || ""] : [];
    const told = [data.agents.length > 1 ? agent : "", layer, weight === undefined ? "" : `weight ${weight}`];
    const item = make("li", "", found ? texts[found.text] : "(it is no longer in memory)");
    item.append(make("div", "sub", [...told, ...known].filter(Boolean).join(" · ")));
    return item;
  }

  function debate(one) {
    const parts = [];
    one.rounds.forEach((positions, round) => {
      const box = make("div", "round");
      box.append(make("b", "", round ? `Round ${round}: answers` : "Positions"));
      positions.forEach((held) => {
        const said = make("div", "said");
        const choice = texts[held.choice];
        const head = add(make("div"), make("strong", "", texts[held.speaker]), ": ", make("span", `choice ${choice}`, choice));
        head.append(make("span", "sub", `  size ${held.size}, confidence ${held.confidence}`));
        add(said, head, make("div", "", texts[held.reason]));
        if (held.shared.length) {
          const more = make("details");
          const list = make("ul");
          held.shared.forEach((key) => list.append(memory(key, "")));
          add(more, make("summary", "", `${held.shared.length} memories shown`), list);
          said.append(more);
        }
        box.append(said);
      });
      parts.push(box);
    });
    const [method, choice, reason] = one.verdict.map((text) => texts[text]);
    const ended = { unchanged: "nobody changed any more", rounds: "the rounds were over", alone: "fewer than two were left" };
    const box = make("div", "round");
    add(box, make("b", "", `Ended: ${ended[one.ended]}`), add(make("div", "said"), make("strong", "", `${method}: `), make("span", `choice ${choice}`, choice), make("div", "", reason)));
    one.left.forEach(([speaker, stage, error]) => box.append(make("div", "error", `${texts[speaker]} was left out (${texts[stage]}): ${texts[error]}`)));
    parts.push(box);
    return parts;
  }

  function show() {
    const story = symbols[chosen], day = story.days[place];
    panel.replaceChildren();
    at("day-title").textContent = day ? `${chosen}, ${dates[place]}` : `${chosen}: no day yet`;
    if (!day) return;
    const size = day.side === "hold" ? "" : `, size ${day.size || 0}`;
    panel.append(make("p", `verdict ${day.side}`, `${day.side}${size}`));
    panel.append(make("p", day.error === undefined ? "" : "error", texts[day.error === undefined ? day.reason : day.error]));
    panel.append(numbers([
      ["close", number.format(story.closes[place])],
      ["shares held", number.format(story.positions[place])],
      ["worth of the sleeve", money.format(story.equity[place])],
      ["confidence", number.format(day.confidence)],
      ...(day.character === undefined ? [] : [["character", texts[day.character]]]),
    ]));
    const order = day.order ? `Ordered: ${day.side} ${number.format(day.order)} shares.` : "Nothing was ordered.";
    const became = make("div");
    became.append(make("p", day.order ? "" : "quiet", order));
    (day.fills || []).forEach(([side, date, shares, price, cost, realised]) => {
      const gain = realised ? `; realised ${realised > 0 ? "+" : ""}${money.format(realised)}` : "";
      became.append(make("p", "", `${date}: ${side === "buy" ? "bought" : "sold"} ${number.format(shares)} at ${number.format(price)}, costs ${money.format(cost)}${gain}`));
    });
    if (day.note !== undefined) became.append(make("p", "sub", texts[day.note]));
    section("What became of it", became);
    const behind = make("ul", "behind");
    (day.behind || []).forEach(([key, layer, weight]) => behind.append(memory(key, texts[layer], weight)));
    section("Memories behind it", day.behind ? behind : make("p", "quiet", "It cites none."));
    if (day.items) {
      const list = make("ul");
      day.items.forEach((text) => list.append(make("li", "", texts[text])));
      section("Told on this day", list);
    }
    if (day.reflections) {
      const list = make("ul");
      day.reflections.forEach(([agent, text]) => list.append(add(make("li", "", texts[text]), make("div", "sub", texts[agent]))));
      section("Kept, looking back", list);
    }
    if (story.debates[place]) section("Debate", ...debate(story.debates[place]));
    else if (data.agents.length > 1) section("Debate", make("p", "quiet", "Only debates that led to an order are shown here; days.jsonl holds all."));
  }

  function cursor(told) {
    stories.get(chosen).querySelectorAll(".price .cursor, .held .cursor").forEach((line, first) => {
      const share = place / Math.max(1, dates.length - 1);
      line.hidden = !dates.length;
      line.style.left = `${100 * share}%`;
      line.classList.toggle("left", share > 0.6);
      line.dataset.told = first ? number.format(symbols[chosen].positions[place] || 0) : told;
    });
  }

  function choose(next, where = place) {
    chosen = next;
    place = Math.min(Math.max(0, where), Math.max(0, dates.length - 1));
    document.querySelectorAll("section[data-symbol]").forEach((one) => { one.hidden = one.dataset.symbol !== chosen; });
    document.querySelectorAll(".symbols button").forEach((one) => one.setAttribute("aria-pressed", one.dataset.symbol === chosen));
    slider.max = Math.max(0, dates.length - 1);
    slider.value = place;
    const day = symbols[chosen].days[place];
    slider.setAttribute("aria-valuetext", day ? `${dates[place]}: ${day.side}` : "no day");
    cursor(day ? `${dates[place]}  ${number.format(symbols[chosen].closes[place])}` : "");
    show();
    if (dates.length) history.replaceState(null, "", `#${encodeURIComponent(chosen)}/${dates[place]}`);
  }

  function trade(step) {
    const { days } = symbols[chosen];
    for (let next = place + step; next >= 0 && next < days.length; next += step) {
      if (days[next].fills) return choose(chosen, next);
    }
    return undefined;
  }

  document.querySelectorAll(".symbols button").forEach((one) => one.addEventListener("click", () => choose(one.dataset.symbol)));
  slider.addEventListener("input", () => choose(chosen, Number(slider.value)));
  at("before").addEventListener("click", () => choose(chosen, place - 1));
  at("after").addEventListener("click", () => choose(chosen, place + 1));
  at("trade-before").addEventListener("click", () => trade(-1));
  at("trade-after").addEventListener("click", () => trade(1));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const inside = event.target.matches("input, summary, button");
    const moves = { n: () => trade(1), p: () => trade(-1) };
    if (!inside || event.target === panel) Object.assign(moves, { ArrowLeft: () => choose(chosen, place - 1), ArrowRight: () => choose(chosen, place + 1) });
    const move = moves[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!move) return;
    event.preventDefault();
    move();
  });
  document.querySelectorAll(".price .plot, .held .plot").forEach((plot) => {
    const placeOf = (event) => {
      const box = plot.getBoundingClientRect();
      return Math.round(((event.clientX - box.left) / box.width) * (dates.length - 1));
    };
    plot.addEventListener("click", (event) => choose(chosen, placeOf(event)));
    plot.addEventListener("mousemove", (event) => {
      const over = Math.min(Math.max(0, placeOf(event)), dates.length - 1), day = symbols[chosen].days[over];
      if (day) plot.title = `${dates[over]}: ${day.side}, close ${number.format(symbols[chosen].closes[over])}`;
    });
  });

  const root = document.documentElement;
  at("theme").addEventListener("click", () => {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
  });

  function asked() {
    try {
      return location.hash.slice(1).split("/").map(decodeURIComponent);
    } catch {
      return [];
    }
  }

  const [name, date] = asked();
  const first = symbols[chosen].days.findIndex((day) => day.fills);
  if (symbols[name]) choose(name, Math.max(0, dates.indexOf(date)));
  else choose(chosen, Math.max(0, first));
})();

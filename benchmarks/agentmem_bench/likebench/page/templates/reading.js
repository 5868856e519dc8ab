/* An opened dialogue: who talks, every turn with its ratings; and the same talk with another system beside it. */
const readable = dialogues.filter((one) => one.turns);
const sought = { text: "", limit: EVERY };
const reading = { open: null, beside: EVERY };
const LOW = 2.5;

function isSearching() {
  return sought.text !== "" || sought.limit !== EVERY;
}

/* Whether a turn is one that is looked for. */
function isSought(turn) {
  const rated = turn.ratings.filter((value, dimension) => value !== null && (picked.dimension === EVERY || picked.dimension === dimension));
  if (sought.limit !== EVERY && !rated.some((value) => value <= sought.limit)) return false;
  return !sought.text || [turn.message, turn.reply].some((place) => lowered(place).includes(sought.text));
}

const lower = [];

function lowered(place) {
  if (lower[place] === undefined) lower[place] = texts[place].toLowerCase();
  return lower[place];
}

function nameOf(one) {
  const { id, name } = personas[one.persona];
  return `${systems[one.system].name} with ${name} (${id})`;
}

/* A text in which what is searched for is marked. */
function marked(kind, place) {
  const text = texts[place], low = lowered(place), element = make("p", kind);
  if (!sought.text || low.length !== text.length) return add(element, text);
  let from = 0;
  for (let found = low.indexOf(sought.text); found >= 0; found = low.indexOf(sought.text, from)) {
    element.append(text.slice(from, found), make("mark", "", text.slice(found, found + sought.text.length)));
    from = found + sought.text.length;
  }
  return add(element, text.slice(from));
}

function pairs(kind, found) {
  const list = make("dl", kind);
  found.filter(([, value]) => value).forEach(([name, value]) => list.append(add(make("div"), make("dt", "", name), make("dd", "", value))));
  return list;
}

function words(name) {
  return name.replaceAll("_", " ");
}

function factOf(fact, held) {
  const sign = held === undefined ? "not asked for" : held ? "recalled" : "not recalled";
  const item = make("li", held === undefined ? "" : held ? "held" : "lost");
  const later = fact.moment ? `; fits in session ${fact.moment.session}` : "";
  const how = fact.kind === "explicit" ? "said" : "shows";
  const about = `${how} in session ${fact.session}${later} · ${fact.question} (${fact.keys.join(", ")})`;
  return add(item, add(make("div"), make("b", "sign", sign), ` ${fact.says}`), make("div", "sub", about));
}

/* All that is known of a persona; the systems know nothing of it but what is said. */
function personaOf(one) {
  const { name, id, kind, told: known } = personas[one.persona];
  const wish = known.preferences;
  const box = make("details", "persona");
  const does = known.trade ? ` · ${known.trade}` : "";
  const lives = known.place ? `, ${known.place}` : "";
  add(box, make("summary", "", `${name} (${id}) · ${kind}${does}${lives}`));
  const plain = ["length", "formality", "humor", "comfort"].map((dimension) => [dimension, wish[dimension] || "no wish"]);
  const topics = Object.entries(wish.knowledge).map(([topic, depth]) => `${words(topic)}: ${depth}`).join(", ");
  add(box, make("h3", "", "Preferences"), pairs("wishes", [...plain, ["knowledge", topics]]));
  if (known.facts.length) {
    const facts = make("ul", "facts-known");
    known.facts.forEach((fact) => facts.append(factOf(fact, (one.recalled || {})[fact.id])));
    add(box, make("h3", "", "Facts, and whether they were recalled after the last session"), facts);
  }
  if (known.shorthand.length) {
    const own = known.shorthand.map((word) => [word.says, `${word.means}; explained in session ${word.session}, used in ${word.used.join(", ") || "none"}`]);
    add(box, make("h3", "", "Own words"), pairs("described", own));
  }
  const likes = [["likes to talk of", known.interests.join(", ")], ["cannot stand", known.peeves.join(", ")]];
  if (likes.some(([, value]) => value)) add(box, make("h3", "", "Likes"), pairs("described", likes));
  [["style", "Described behaviours: conversation"], ["facets", "Described behaviours: personality"]].forEach(([part, title]) => {
    const described = Object.entries(known[part]).map(([key_, value]) => [words(key_), value]);
    if (described.length) add(box, make("h3", "", title), pairs("described", described));
  });
  return box;
}

function chip(name, value) {
  const rated = make("span", value === null ? "rating none" : `rating${value <= LOW ? " low" : ""}`);
  const bar = make("i", "bar"), part = make("i");
  part.style.width = value === null ? "0" : `${(100 * value) / TOP}%`;
  bar.setAttribute("aria-hidden", "true");
  return add(rated, make("span", "", name), add(bar, part), make("b", "", value === null ? "NA" : told(value, Number.isInteger(value) ? 0 : 1)));
}

/* The ratings of a turn; opened, their reasons, and what the system recalled. */
function ratingsOf(turn) {
  const box = make("details", "ratings"), summary = make("summary");
  dimensions.forEach((name, dimension) => summary.append(chip(name, turn.ratings[dimension])));
  const reasons = dimensions.map((name, dimension) => {
    if (turn.reasons[dimension] === null) return [name, ""];
    const invented = (turn.unquoted || []).includes(dimension) ? " (it quotes what was not said)" : "";
    return [name, texts[turn.reasons[dimension]] + invented];
  });
  const recalled = turn.recalled.map((place) => texts[place]).join(" ");
  const context = turn.tokens === null ? "unknown" : `${told(turn.tokens, 0)} tokens`;
  const others = (turn.others || []).map(([name, given]) => [texts[name], dimensions.map((dimension, place) => `${dimension} ${given[place] ?? "NA"}`).join(", ")]);
  const failures = (turn.failures || []).map(([name, said]) => [`${texts[name]} failed`, texts[said]]);
  const meant = turn.meant === undefined ? "" : texts[turn.meant];
  box.open = at("reasons").checked;
  return add(box, summary, pairs("described", [...reasons, ...others, ["was to say", meant], ...failures, ["context", context], ["recalled", recalled]]));
}

function turnOf(one, turn) {
  const box = make("article", "turn");
  box.setAttribute("aria-label", `session ${turn.session}, turn ${turn.turn}`);
  const tokens = turn.tokens === null ? "" : ` · ${told(turn.tokens, 0)} tokens`;
  add(box, make("div", "sub", `${turn.session}.${turn.turn} · ${texts[turn.what]}${tokens} · ${turn.recalled.length} recalled`));
  return add(box, marked("said user", turn.message), marked("said reply", turn.reply), ratingsOf(turn));
}

function sessionOf(one, session) {
  const prior = personas[one.persona].told.sessions[session - 1] || {};
  const about = [(prior.topics || []).map(words).join(", "), prior.mood && prior.mood !== "calm" ? `comes ${prior.mood}` : ""].filter(Boolean).join(" · ");
  return add(make("h3", "session", `Session ${session}`), make("span", "sub", ` ${about}`));
}

/* The turns, or pairs of turns side by side; those that are not looked for are folded between the others. */
function turnsOf(one, other) {
  const talk = make("div", other ? "talk two" : "talk");
  const filtered = isSearching() && !at("whole").checked;
  let folded = null, session = 0;
  const length = Math.max(one.turns.length, other ? other.turns.length : 0);
  for (let place = 0; place < length; place += 1) {
    const both = [[one, one.turns[place]], ...(other ? [[other, other.turns[place]]] : [])];
    const turn = one.turns[place] || other.turns[place];
    if (turn.session !== session) {
      session = turn.session;
      folded = null;
      talk.append(sessionOf(one, session));
    }
    const row = make("div", "row-of-turns");
    both.forEach(([whose, its]) => row.append(its ? turnOf(whose, its) : make("div", "turn")));
    if (!filtered || both.some(([, its]) => its && isSought(its))) {
      folded = null;
      talk.append(row);
    } else {
      if (!folded) {
        folded = add(make("details", "between"), make("summary"));
        talk.append(folded);
      }
      folded.append(row);
      const count = folded.childElementCount - 1;
      folded.firstChild.textContent = `${count} other ${count === 1 ? "turn" : "turns"}`;
    }
  }
  return talk;
}

function numbersOf(one) {
  const memory = share([one.said[0] + one.shown[0], one.said[1] + one.shown[1]]);
  return pairs("numbers", [
    [`${variants[one.variant]}, seed ${one.seed}`, systems[one.system].name],
    ["likability", told(likability(one, EVERY))],
    ["facts recalled", memory === null ? "–" : `${told(memory, 0)} %`],
    ["turns", told(one.turns.length, 0)],
    ["tokens a turn", one.tokens[1] ? told(one.tokens[0] / one.tokens[1], 0) : "–"],
  ]);
}

/* Other dialogues of the same persona, variant and seed. */
function twins(one) {
  return readable.filter((other) => other !== one && other.persona === one.persona && other.variant === one.variant && other.seed === one.seed);
}

function showReading() {
  const one = reading.open, panel = at("read");
  panel.replaceChildren();
  document.body.classList.toggle("has-open", one !== null);
  at("read-tools").hidden = one === null;
  at("whole-told").hidden = !isSearching();
  ["before", "after", "close"].forEach((id) => { at(id).hidden = one === null; });
  at("read-title").textContent = one === null ? "Read" : nameOf(one);
  if (one === null) {
    panel.append(make("p", "empty", "Choose a dialogue in the list, and open it with Enter or a click."));
    return;
  }
  const others = twins(one);
  fill(at("beside"), others.map((other) => systems[other.system].name), "nothing", others.map((other) => other.system));
  const other = others.find((each) => each.system === reading.beside) || null;
  at("beside").value = other ? String(other.system) : EVERY;
  const numbers = add(make("div", other ? "talk two" : "talk"), add(make("div", "row-of-turns"), ...[one, other].filter(Boolean).map(numbersOf)));
  panel.append(numbers, personaOf(one), turnsOf(one, other));
}

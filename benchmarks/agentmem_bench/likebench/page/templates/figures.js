/* Figures of any selection, out of the sums of each dialogue: means are those that the benchmark prints. */
const data = JSON.parse(document.getElementById("data").textContent);
const { dimensions, systems, variants, personas, dialogues, texts } = data;
const [WORST, TOP] = data.scale;
const EVERY = "";
const kinds = [...new Set(personas.map((one) => one.kind))].sort();
const seeds = [...new Set(dialogues.map((one) => one.seed))].sort((one, other) => one - other);
const [CLEAN, NOISY] = data.steady.map((name) => variants.indexOf(name));
const ofSystem = systems.map((_, place) => dialogues.filter((one) => one.system === place));

/* What is looked at: places in `variants`, `kinds`, `personas` and `dimensions`, a seed; or every one. */
const START = { variant: CLEAN >= 0 ? CLEAN : 0, kind: EVERY, persona: EVERY, seed: EVERY, dimension: EVERY };
const picked = { ...START };

function isPicked(one, variant = picked.variant) {
  return (variant === EVERY || one.variant === variant)
    && (picked.kind === EVERY || personas[one.persona].kind === kinds[picked.kind])
    && (picked.persona === EVERY || one.persona === picked.persona)
    && (picked.seed === EVERY || one.seed === picked.seed);
}

/* Likability of a dialogue, or of one session of it, on one dimension or over all: 0 to 100, or null. */
function likability(one, dimension = picked.dimension, session = EVERY) {
  const width = dimensions.length;
  let sum = 0, count = 0;
  one.counts.forEach((number, place) => {
    if (dimension !== EVERY && place % width !== dimension) return;
    if (session !== EVERY && Math.floor(place / width) !== session) return;
    sum += one.sums[place];
    count += number;
  });
  return count ? (100 * (sum / count - WORST)) / (TOP - WORST) : null;
}

function share([held, asked]) {
  return asked ? (100 * held) / asked : null;
}

function mean(values) {
  const given = values.filter((value) => value !== null);
  return given.length ? given.reduce((sum, value) => sum + value, 0) / given.length : null;
}

/* The mean of a value over the dialogues of each persona. */
function perPersona(rows, value) {
  const found = new Map();
  rows.forEach((one) => {
    const made = value(one);
    if (made !== null) found.set(one.persona, [...(found.get(one.persona) || []), made]);
  });
  return new Map([...found].map(([persona, values]) => [persona, mean(values)]));
}

/* A percentile bootstrap interval of a mean. Its draws are this page's own, so its ends may differ a little
   from those that the benchmark would print; where it printed some, they are shown. */
function bootstrap(values) {
  if (values.length < 2) return null;
  let state = 1;
  const chance = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const means = Array.from({ length: data.draws }, () => {
    let sum = 0;
    for (let each = 0; each < values.length; each += 1) sum += values[Math.floor(chance() * values.length)];
    return sum / values.length;
  }).sort((one, other) => one - other);
  const quantile = (part) => {
    const at = part * (means.length - 1), low = Math.floor(at);
    return means[low] + (at - low) * (means[Math.min(low + 1, means.length - 1)] - means[low]);
  };
  return [(1 - data.level) / 2, (1 + data.level) / 2].map(quantile);
}

/* The interval that was printed for what is looked at; undefined where none was. */
function printed(system, what) {
  if (picked.persona !== EVERY || picked.seed !== EVERY) return undefined;
  if (what === "ratio") {
    return picked.kind === EVERY && picked.dimension === EVERY ? systems[system].robustness?.ci95 : undefined;
  }
  const told = picked.variant === EVERY ? undefined : systems[system].printed[variants[picked.variant]];
  if (what === "memory") return picked.kind === EVERY ? told?.memory?.ci95 : undefined;
  if (picked.kind === EVERY) {
    return (picked.dimension === EVERY ? told?.likability : told?.dimensions?.[dimensions[picked.dimension]])?.ci95;
  }
  return picked.dimension === EVERY ? told?.kinds?.[kinds[picked.kind]]?.ci95 : undefined;
}

function estimate(system, what, values) {
  const known = printed(system, what);
  return { mean: mean(values), interval: known === undefined ? bootstrap(values) : known };
}

/* Likability in noisy sessions over that in clean ones, of the personas that have both. */
function robustness(system) {
  if (CLEAN < 0 || NOISY < 0) return { mean: null, interval: null };
  const [clean, noisy] = [CLEAN, NOISY].map((variant) =>
    perPersona(ofSystem[system].filter((one) => isPicked(one, variant)), (one) => likability(one)));
  const both = [...clean].filter(([persona, value]) => noisy.has(persona) && value > 0);
  if (!both.length) return { mean: null, interval: null };
  const { interval } = estimate(system, "ratio", both.map(([persona, value]) => noisy.get(persona) / value));
  return { mean: mean(both.map(([persona]) => noisy.get(persona))) / mean(both.map(([, value]) => value)), interval };
}

/* Likability of each session, the first one first. */
function bySession(rows) {
  const length = Math.max(0, ...rows.map((one) => one.counts.length / dimensions.length));
  return Array.from({ length }, (_, session) => mean(rows.map((one) => likability(one, picked.dimension, session))));
}

/* Points a session, by least squares. */
function slope(values) {
  const given = values.map((value, place) => [place, value]).filter(([, value]) => value !== null);
  if (given.length < 2) return null;
  const [x, y] = [0, 1].map((side) => mean(given.map((pair) => pair[side])));
  const over = given.reduce((sum, [place, value]) => sum + (place - x) * (value - y), 0);
  return over / given.reduce((sum, [place]) => sum + (place - x) ** 2, 0);
}

/* All that is shown of a system, of what is looked at. */
function figuresOf(system) {
  const rows = ofSystem[system].filter((one) => isPicked(one));
  const over = (value) => [...perPersona(rows, value).values()];
  const sum = (name, side) => rows.reduce((total, one) => total + one[name][side], 0);
  const ratio = (name, factor) => (sum(name, 1) ? (factor * sum(name, 0)) / sum(name, 1) : null);
  const sessions = bySession(rows);
  return {
    system,
    count: rows.length,
    likability: estimate(system, "likability", over((one) => likability(one))),
    memory: estimate(system, "memory", over((one) => share([one.said[0] + one.shown[0], one.said[1] + one.shown[1]]))),
    said: mean(over((one) => share(one.said))),
    shown: mean(over((one) => share(one.shown))),
    ratio: robustness(system),
    dimensions: dimensions.map((_, dimension) => mean(over((one) => likability(one, dimension)))),
    kinds: kinds.map((kind) => mean([...perPersona(rows.filter((one) => personas[one.persona].kind === kind), (one) => likability(one)).values()])),
    sessions,
    slope: slope(sessions),
    tokens: ratio("tokens", 1),
    recall: ratio("recall", 1000),
  };
}

// Shows the state. Text of others goes into text nodes alone, so no name is ever read as HTML.

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MOST_NAMED = 3;

const shown = new Map();
let known = null; // the names of the locations, by uid

export const element = (id) => document.getElementById(id);

export function showState(state) {
  const locations = state.scopes.flatMap((scope) => scope.locations);
  const { delay, limit, faults, held } = state;
  update("scopes", state.scopes, () => state.scopes.map(scopeOf));
  update("total", locations.length, () => [String(locations.length)]);
  element("first").hidden = locations.length > 0;
  update("validations", state.validations, () =>
    orNothing(state.validations.map(validationOf), "Nothing was validated yet."),
  );
  update("in-force", { delay, limit, faults, held }, () =>
    orNothing(disturbances(state), "Nothing disturbs the sandbox."),
  );
  update("disturbances", disturbances(state).length, () => [String(disturbances(state).length)]);
  announce(locations);
}

export function showAges(now) {
  for (const time of document.querySelectorAll("time")) {
    const age = now - Number(time.dataset.at);
    const text = age < 0 ? `in ${span(-age)}` : age < 3 ? "just now" : `${span(age)} ago`;
    if (time.textContent !== text) time.textContent = text;
  }
}

function update(id, value, nodes) {
  const text = JSON.stringify(value);
  if (shown.get(id) === text) return;
  shown.set(id, text);
  element(id).replaceChildren(...nodes());
}

function announce(locations) {
  const now = new Map(locations.map(({ uid, name }) => [uid, name]));
  if (known) {
    const added = [...now].filter(([uid]) => !known.has(uid)).map(([, name]) => name);
    const gone = [...known].filter(([uid]) => !now.has(uid)).map(([, name]) => name);
    const told = [counted(added, "new"), counted(gone, "gone")].filter(Boolean);
    if (told.length) element("announcements").textContent = told.join(" ");
  }
  known = now;
}

function counted(names, what) {
  if (!names.length) return "";
  const which = names.length > MOST_NAMED ? `${names.length} locations` : names.join(", ");
  return `${which}: ${what}.`;
}

function scopeOf({ project, locations }) {
  const title = project === null ? "Tenant" : `Project ${project}`;
  const rows = orNothing(locations.map(locationOf), "No location yet.");
  return filled("scope", { title, locations: rows });
}

function locationOf(one) {
  return filled("location", {
    name: one.name,
    cloud: one.keyless ? `${one.cloud} STS` : one.cloud,
    default: one.default ? [] : null,
    modified: age(one.modified),
    uid: one.uid,
    bucket: bucketOf(one),
    identity: identityOf(one),
    credential: credentialOf(one),
    validation: verdictOf(one),
    message: one.verdict?.message || null,
    clusters: one.clusters.length ? one.clusters.join(", ") : null,
  });
}

function bucketOf({ bucket, region, behind }) {
  const missing = behind && !behind.bucket;
  return [made("code", breakable(bucket)), " ", missing ? bad("is not there") : made("span", region, "quiet")];
}

function identityOf({ behind, cloud }) {
  if (!behind) return made("span", `${cloud} does not run here`, "quiet");
  return behind.identity ? breakable(behind.identity) : bad(`unknown to ${cloud}`);
}

function credentialOf({ behind, cloud, keyless }) {
  if (keyless) return made("span", "none: Palette assumes the role", "quiet");
  if (!behind) return made("span", "not known", "quiet");
  return [currentOf(behind.credential, cloud), ...behind.retiring.map(retiringOf)];
}

function currentOf(credential, cloud) {
  if (!credential) return bad(`refused by ${cloud}`);
  const { id, made: at, ends } = credential;
  return made("div", [made("code", id), ", made ", age(at), ...expiry(ends)]);
}

function retiringOf({ id, replaced, ends }) {
  const told = ["Retiring: ", made("code", id), ", replaced ", age(replaced), ", still works"];
  return made("div", [...told, ...expiry(ends)], "retiring");
}

function verdictOf({ verdict, can_be_validated: possible }) {
  if (!possible) return made("span", "Palette has no such call", "quiet");
  if (!verdict) return made("span", "not yet", "quiet");
  return [verdict.valid ? good("valid") : bad("not valid"), ", ", age(verdict.at)];
}

function validationOf({ cloud, subject, at, valid, message }) {
  const result = valid ? good("valid") : bad(message);
  return filled("validation", { at: age(at), cloud, subject, result });
}

function disturbances({ delay, limit, faults, held }) {
  const told = faults.map(faultOf);
  if (delay) told.push(made("li", `Fresh credentials are refused for ${delay} s.`));
  if (limit) told.push(made("li", limitOf(limit)));
  if (held) told.push(made("li", `Answers held back right now: ${held}.`));
  return told;
}

function faultOf({ fault, status, error, service, call, when, times, struck }) {
  const title = [fault, { status, error }[fault]].filter(Boolean).join(" ");
  const where = service === "*" ? "any service" : service;
  const what = call === "*" ? "any call" : call;
  const left = struck === times ? "spent" : `struck ${struck} of ${times}`;
  const told = [made("strong", title), ` ${when} `, made("code", what), ` of ${where}`];
  return made("li", [made("span", told), made("span", left, "quiet")], "fault");
}

function limitOf({ enabled, rate, burst, latency_ms: latency }) {
  const slow = latency ? ` Each call takes ${latency} ms at least.` : "";
  return (enabled ? `Palette takes ${rate} calls a second, ${burst} at once.` : "No rate limit.") + slow;
}

const good = (text) => marked("✓", text, "good");
const bad = (text) => marked("✗", text, "bad");

function marked(mark, text, name) {
  const sign = made("span", `${mark} `);
  sign.ariaHidden = "true";
  return made("span", [sign, text], name);
}

const expiry = (ends) => (ends ? [", expires ", age(ends)] : []);

function age(at) {
  const time = made("time", "");
  time.dataset.at = at;
  time.dateTime = new Date(at * 1000).toISOString();
  time.title = time.dateTime.slice(0, 19).replace("T", " ") + " UTC";
  return time;
}

function span(seconds) {
  if (seconds < MINUTE) return `${Math.floor(seconds)} s`;
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)} min`;
  return seconds < 2 * DAY ? `${Math.floor(seconds / HOUR)} h` : `${Math.floor(seconds / DAY)} days`;
}

function made(tag, content, name = "") {
  const node = document.createElement(tag);
  node.className = name;
  node.append(...[content].flat());
  return node;
}

// An address may be folded where its parts meet, before it is folded anywhere.
function breakable(text) {
  return text.split(/(?<=[@./])/).flatMap((part) => [part, document.createElement("wbr")]);
}

function orNothing(nodes, text) {
  return nodes.length ? nodes : [made("li", text, "quiet")];
}

// The template of that id with its fields filled; what has null is left out, with its label.
function filled(id, fields) {
  const node = element(id).content.firstElementChild.cloneNode(true);
  for (const [name, value] of Object.entries(fields)) {
    const field = node.querySelector(`[data-field=${name}]`);
    if (value === null) (field.closest("dl > div") ?? field).remove();
    else field.append(...[value].flat());
  }
  return node;
}

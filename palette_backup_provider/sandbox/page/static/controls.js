// The forms that disturb the sandbox. They need the token, which the address brings after its `#`:
// no browser sends that part to a server or in a Referer.

import { element } from "./show.js";

const TOKEN = "token";
const bodies = {
  faults: (form) => [values(form)],
  delay: values,
  clusters: (form) => ({ uid: form.uid.value, clusters: clusterNames(form).map(cluster) }),
  reset: () => ({}),
};
const forms = [...document.querySelectorAll("form[data-route]")];
const [faults, clusters] = ["faults", "clusters"].map((route) =>
  forms.find((form) => form.dataset.route === route),
);
let locations = [];
let calls = {};

// Has the forms offer what there is to choose from.
export function offer(state) {
  calls = state.calls;
  locations = state.scopes.flatMap(({ project, locations: found }) =>
    found.map((one) => ({ ...one, scope: project ?? "Tenant" })),
  );
  choices(faults.service, [["*", "any"], ...Object.keys(calls).map((name) => [name, name])]);
  choices(element("calls"), offeredCalls().map((name) => [name, name]));
  const found = locations.map(({ uid, scope, name }) => [uid, `${scope} / ${name}`]);
  if (choices(clusters.uid, found.length ? found : [["", "There is no location yet"]])) showClusters();
}

function offeredCalls() {
  const service = faults.service.value;
  return (service === "*" ? Object.values(calls).flat() : (calls[service] ?? [])).toSorted();
}

// Whether another one is chosen now, because that one is gone.
function choices(list, wanted) {
  const there = [...list.querySelectorAll("option")].map((option) => [option.value, option.text]);
  if (JSON.stringify(there) === JSON.stringify(wanted)) return false;
  const before = list.value;
  list.replaceChildren(...wanted.map(([value, text]) => new Option(text, value)));
  if (wanted.some(([value]) => value === before)) list.value = before;
  return list.value !== before;
}

function showClusters() {
  const chosen = locations.find(({ uid }) => uid === clusters.uid.value);
  clusters.clusters.value = chosen?.clusters.join(", ") ?? "";
}

function showFault() {
  const kind = faults.fault;
  element("fault-told").textContent = `${kind.value}: ${kind.selectedOptions[0].dataset.told}.`;
  for (const part of faults.querySelectorAll("[data-of]")) {
    part.hidden = part.dataset.of !== kind.value;
    for (const input of part.querySelectorAll("input")) input.disabled = part.hidden;
  }
}

function values(form) {
  const given = [...form.elements].filter(({ name, value, disabled }) => name && value && !disabled);
  return Object.fromEntries(
    given.map((input) => [input.name, input.type === "number" ? input.valueAsNumber : input.value]),
  );
}

const cluster = (name) => ({ name, uid: name });

function clusterNames(form) {
  return form.clusters.value.split(",").map((name) => name.trim()).filter(Boolean);
}

function lock(locked) {
  element("locked").hidden = !locked;
  element("controls").hidden = locked;
}

async function disturb(form, { route, done }, body) {
  const output = form.querySelector("output");
  output.textContent = "";
  try {
    const response = await fetch(`_sandbox/${route}`, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        "X-Sandbox-Token": sessionStorage.getItem(TOKEN),
      },
      body: JSON.stringify(body),
    });
    if (response.status === 401) return forget();
    output.className = response.ok ? "good" : "bad";
    output.textContent = response.ok ? done : `Refused: ${(await response.json()).message}.`;
  } catch {
    output.className = "bad";
    output.textContent = "The sandbox gives no answer. Nothing was changed.";
  }
  document.dispatchEvent(new Event("disturbed"));
}

function forget() {
  sessionStorage.removeItem(TOKEN);
  lock(true);
  element("announcements").textContent = "The token of this address is of another run.";
}

for (const form of forms) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    disturb(form, form.dataset, bodies[form.dataset.route](form));
  });
  for (const button of form.querySelectorAll("button[data-route]")) {
    button.addEventListener("click", () =>
      disturb(form, button.dataset, JSON.parse(button.dataset.body)),
    );
  }
}
faults.fault.addEventListener("change", showFault);
clusters.uid.addEventListener("change", showClusters);
showFault();

function unlock() {
  const [token] = location.hash.match(/(?<=^#)[0-9a-f]{32}$/) ?? [];
  if (token) {
    sessionStorage.setItem(TOKEN, token);
    history.replaceState(null, "", location.pathname);
  }
  lock(!sessionStorage.getItem(TOKEN));
}
addEventListener("hashchange", unlock);
unlock();

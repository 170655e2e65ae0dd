// Asks for the state once a second, shows what changed, and says when nobody answers.

import { offer } from "./controls.js";
import { element, showAges, showState } from "./show.js";

const INTERVAL = 1000;
const PATIENCE = 5000;

let asking = false;
let connected = null;
let ahead = 0; // seconds that the sandbox's clock is ahead of this one

async function answer() {
  const response = await fetch("state", { signal: AbortSignal.timeout(PATIENCE) });
  if (!response.ok) throw new Error(response.statusText);
  return response.json();
}

async function refresh() {
  if (asking) return;
  asking = true;
  const state = await answer().catch(() => null);
  asking = false;
  sayConnected(state !== null);
  if (state) {
    ahead = state.now - Date.now() / 1000;
    showState(state);
    offer(state);
  }
  showAges(Date.now() / 1000 + ahead);
}

function sayConnected(now) {
  if (now === connected) return;
  const lost = connected === null ? "No connection" : "Connection lost";
  connected = now;
  document.body.className = now ? "live" : "stale";
  element("connection").textContent = now
    ? "Live"
    : `${lost}: the sandbox gives no answer. Trying again each second.`;
}

setInterval(() => document.hidden || refresh(), INTERVAL);
document.addEventListener("visibilitychange", () => document.hidden || refresh());
document.addEventListener("disturbed", refresh);
refresh();

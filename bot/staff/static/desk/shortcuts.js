// Single keys: j and k for the next and the previous conversation, ? for help, and whatever has data-shortcut="x":
// a field gets the focus, a button or a link is pressed. All can be switched off (WCAG 2.1.4), and none acts while
// somebody writes.

import { isChosen, onChoice } from "./choices.js";

const FIELDS = "input, textarea, select, [contenteditable]";
const dialog = document.getElementById("settings");

onChoice("shortcuts");

function open() {
  if (dialog && !dialog.open) dialog.showModal();
}

for (const button of document.querySelectorAll("[data-settings]")) {
  button.hidden = false;
  button.addEventListener("click", open);
}

async function links() {
  const here = [...document.querySelectorAll("a[data-talk]")];
  if (here.length) return here;
  const answer = await fetch("/desk/list", { redirect: "manual", cache: "no-store" });
  if (!answer.ok) return [];
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return [...page.querySelectorAll("a[data-talk]")];
}

/** In a list the focus moves; in a conversation the next one is opened. */
async function move(by) {
  const found = await links();
  const path = (link) => link.getAttribute("href");
  const row = document.activeElement.closest("[data-row]");
  const at = found.findIndex((link) => (row ? row.contains(link) : path(link) === location.pathname));
  const next = found[at < 0 ? (by > 0 ? 0 : found.length - 1) : at + by];
  if (!next) return;
  if (next.isConnected && next.ownerDocument === document) next.focus();
  else location.assign(path(next));
}

function press(key) {
  const target = document.querySelector(`[data-shortcut="${CSS.escape(key)}"]`);
  if (!target) return false;
  if (target.matches(FIELDS)) target.focus();
  else target.click();
  return true;
}

function act(key) {
  if (key === "?") open();
  else if (key === "j") move(1);
  else if (key === "k") move(-1);
  else return press(key);
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat) return;
  if (event.key.length !== 1 || !isChosen("shortcuts") || dialog?.open) return;
  if (event.target.closest?.(FIELDS)) return;
  if (act(event.key.toLowerCase())) event.preventDefault();
});

// Finding an answer of the assistant's while writing: a combobox with a list below it (WAI-ARIA's pattern; the focus
// stays in the field). A "/" in an empty message opens it, Escape leads back. Choosing puts the text into the message.

import { say } from "./announcer.js";

const PAUSE = 200; // ms after the last key
const field = () => document.getElementById("answer");
const place = () => document.getElementById("found");
const options = () => [...place().querySelectorAll('[role="option"]')];

let timer = null;
let run = 0;

/** Make ready what may have been shown anew: without script the field would do nothing. */
export function dressAnswers() {
  const found = document.getElementById("find");
  if (found) found.hidden = false;
}

async function search() {
  const mine = (run += 1);
  const words = field().value.trim();
  if (!words) return close();
  const answer = await fetch(`/desk/answers?q=${encodeURIComponent(words)}`, { redirect: "manual" }).catch(() => null);
  if (mine !== run || !field()) return;
  if (!answer?.ok) return close();
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (mine !== run) return;
  place().replaceChildren(...fresh.body.children);
  const list = place().querySelector('[role="listbox"]');
  if (list) {
    list.id = "answer-list";
    field().setAttribute("aria-controls", "answer-list");
  }
  field().setAttribute("aria-expanded", String(Boolean(list)));
  field().removeAttribute("aria-activedescendant");
  const count = options().length;
  say(count ? `${count} ${count === 1 ? "answer" : "answers"}` : place().textContent.trim());
}

function close() {
  run += 1;
  place().replaceChildren();
  field().setAttribute("aria-expanded", "false");
  field().removeAttribute("aria-activedescendant");
  field().removeAttribute("aria-controls");
}

function activate(option) {
  for (const each of options()) each.setAttribute("aria-selected", String(each === option));
  if (!option) return;
  field().setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

function active() {
  return options().find((each) => each.getAttribute("aria-selected") === "true");
}

function move(by) {
  const all = options();
  if (!all.length) return;
  const at = all.indexOf(active());
  activate(all.at(at < 0 ? (by > 0 ? 0 : -1) : (at + by) % all.length));
}

function choose(option) {
  const box = document.getElementById("text");
  const start = box.selectionStart;
  box.setRangeText(option.dataset.text, start, box.selectionEnd, "end");
  box.dispatchEvent(new Event("input", { bubbles: true }));
  field().value = "";
  close();
  box.focus();
  say("The answer is in your message. It is not sent yet.");
}

function leave() {
  if (options().length || field().value) {
    field().value = "";
    close();
  } else {
    document.getElementById("text").focus();
  }
}

const KEYS = {
  ArrowDown: () => move(1),
  ArrowUp: () => move(-1),
  Escape: leave,
  Enter: () => active() && choose(active()),
};

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.target.id === "answer" && event.key in KEYS) {
    event.preventDefault(); // Enter must not send what is half written below
    KEYS[event.key]();
  } else if (event.target.id === "text" && event.key === "/" && !event.target.value) {
    event.preventDefault();
    field().focus();
  }
});
document.addEventListener("input", ({ target }) => {
  if (target.id !== "answer") return;
  clearTimeout(timer);
  timer = setTimeout(search, PAUSE);
});
document.addEventListener("click", ({ target }) => {
  const option = target.closest?.('#found [role="option"]');
  if (option) choose(option);
});

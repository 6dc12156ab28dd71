// Writing to the resident. A message has an id of this page's own and is sent until the
// server has taken it, so that a second try counts once; until then it stands at the end of what was said. What was
// typed and not sent outlives a reload (sessionStorage: this tab only, gone with it); a file does not.

import { say } from "./announcer.js";
import { attach, attached, fileProblem, showAttached, wrongWith } from "./attach.js";
import { isChosen, onChoice } from "./choices.js";
import { post, problem } from "./posting.js";

const LONGEST_PAUSE = 15; // seconds

let talk = null;
let tell = () => {};
let isSending = false;
let wait = 1;
let timer = null;
const waiting = []; // {id, text, file, description, sure, item, hasFailed}

const field = (id) => document.getElementById(id);
const kept = (what) => `desk ${what} ${talk.dataset.id}`;

/** `callback` is told of each message that was taken or refused. */
export function onSent(callback) {
  tell = callback;
}

/** The element of what was sent with this id and is not in the ledger yet, as far as the page knows. */
export function pending(id) {
  return document.querySelector(`[data-pending="${CSS.escape(id)}"]`);
}

/** Make ready what may have been shown anew. */
export function dressComposer(place) {
  talk = place;
  const draft = read(kept("draft"));
  const box = field("text");
  if (box) {
    if (!box.value) box.value = draft;
    count();
    showAttached();
  }
  field("enter").hidden = !box;
  const lost = field("unsent");
  if (!lost) return;
  lost.hidden = Boolean(box) || !draft;
  field("unsent-text").value = draft;
}

function read(name) {
  try {
    return sessionStorage.getItem(name) ?? "";
  } catch {
    return "";
  }
}

function keep(text) {
  try {
    sessionStorage.setItem(kept("draft"), text);
  } catch {
    // A browser may keep nothing; then a reload loses what was typed.
  }
}

function count() {
  const left = Number(talk.dataset.limit) - field("text").value.length;
  field("count").textContent =
    left > 200 ? "" : left >= 0 ? `${left} characters left` : `${-left} characters too many`;
}

function submit(isSure) {
  const box = field("text");
  const text = box.value.trim();
  const limit = Number(talk.dataset.limit);
  const { file, description } = attached();
  const wrongFile = wrongWith({ file, description });
  const isEmpty = !text && !file && !wrongFile;
  const wrong = isEmpty ? "Write something first." : text.length > limit ? `${limit} characters are the most.` : "";
  problem(field("text-error"), wrong);
  box.toggleAttribute("aria-invalid", Boolean(wrong));
  fileProblem(wrongFile);
  if (wrong || wrongFile) return;
  field("sure").hidden = true;
  put(box, "");
  attach();
  const id = crypto.randomUUID?.() ?? String(Date.now()) + String(Math.random()).slice(2);
  const item = document.createElement("li");
  item.className = "line staff";
  item.dataset.pending = id;
  const words = Object.assign(document.createElement("p"), { className: "said", textContent: text });
  item.append(Object.assign(document.createElement("p"), { className: "by" }), words);
  if (file) item.append(Object.assign(document.createElement("p"), { textContent: file.name }));
  field("lines").append(item);
  waiting.push({ id, text, file, description, item, sure: isSure ? "yes" : "", hasFailed: false });
  state(item, "Sending");
  item.scrollIntoView({ block: "nearest" });
  send();
  box.focus();
}

function put(box, text) {
  box.value = text;
  keep(text);
  count();
}

function state(item, sentence, retry) {
  const label = document.createElement("b");
  label.textContent = `You: ${sentence}`;
  item.firstElementChild.replaceChildren(label);
  if (!retry) return;
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Try again" });
  button.className = "second";
  button.addEventListener("click", retry);
  item.firstElementChild.append(" ", button);
}

async function send() {
  if (isSending) return;
  isSending = true;
  clearTimeout(timer);
  while (waiting.length) {
    const [first] = waiting;
    const form = field("composer");
    const address = `/desk/c/${talk.dataset.id}/say`;
    const token = form ?? document.querySelector("#panel form");
    let answer = null;
    try {
      const { id, text, sure, description, file } = first;
      answer = await post(address, token, { sent_as: id, text, sure, description }, file);
    } catch {
      failed(first, "Not sent: the connection is lost.");
      break;
    }
    if (!answer.isDone && !answer.isFinal) {
      failed(first, `Not sent. ${answer.problem}`);
      break;
    }
    waiting.shift();
    wait = 1;
    if (answer.isDone) taken(first);
    else refused(first, answer);
  }
  isSending = false;
}

function taken({ item }) {
  if (item.isConnected) state(item, "Sent");
  tell();
}

/** Shown and said once; the next tries change nothing, so that the button keeps its focus. */
function failed(entry, sentence) {
  if (!entry.hasFailed) {
    const again = () => {
      wait = 1;
      send();
    };
    state(entry.item, sentence, again);
    say(sentence);
  }
  entry.hasFailed = true;
  timer = setTimeout(send, wait * 1000);
  wait = Math.min(wait * 2, LONGEST_PAUSE);
}

/** The text goes back to where it can be changed, before what was typed since; so does a file, unless another was
 *  chosen since. */
function refused(entry, { kind, problem: sentence }) {
  entry.item.remove();
  const box = field("text");
  const now = attached();
  const hasPlace = Boolean(box) && !now.file && !now.description;
  if (hasPlace) attach(entry);
  const whole = texts([hasPlace ? { text: entry.text } : entry], box ? box.value : read(kept("draft")));
  if (!box) {
    keep(whole);
    dressComposer(talk);
    say(sentence);
  } else {
    put(box, whole);
    if (kind === "file" && hasPlace) fileProblem(sentence);
    else problem(field("text-error"), sentence);
    field("sure").hidden = kind !== "sensitive";
  }
  tell();
}

/** All that was typed for these messages, and since. */
function texts(entries, since) {
  return [...entries.flatMap(({ text, description }) => [text, description]), since].filter(Boolean).join("\n");
}

document.addEventListener("submit", (event) => {
  if (event.target.id !== "composer") return;
  event.preventDefault();
  submit(event.submitter?.id === "sure");
});
document.addEventListener("input", ({ target }) => {
  if (target.id !== "text") return;
  keep(target.value);
  count();
});
onChoice("enter");
document.addEventListener("keydown", (event) => {
  if (event.target.id !== "text" || event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  if (event.ctrlKey || event.metaKey || isChosen("enter")) {
    event.preventDefault();
    field("composer").requestSubmit(field("send"));
  }
});
addEventListener("online", () => send());
addEventListener("pagehide", () => {
  if (waiting.length) keep(texts(waiting, read(kept("draft"))));
});
addEventListener("beforeunload", (event) => {
  if (waiting.length) event.preventDefault(); // the browser asks whether to leave what is not sent
});

// One conversation, kept up to date: what is new is added and said, and when it changes hands, what may be done is
// shown anew. Everything works without this script too, by loading the page again.

import { say } from "./announcer.js";
import { dressAnswers } from "./answers.js";
import { Attention } from "./attention.js";
import { dressComposer, onSent, pending } from "./composer.js";
import { listen } from "./live.js";
import { merge } from "./merge.js";
import { onNote } from "./posting.js";
import "./shortcuts.js";

const LONGEST = 200; // characters of a message that are said; the rest is there to be read
const AGAIN = 15_000; // ms: so often it is looked without news too, for what grows old by itself
const NEAR = 80; // pixels from the end at which somebody reads along

const talk = document.getElementById("talk");
const log = document.getElementById("log");
const lines = document.getElementById("lines");
const panel = document.getElementById("panel");
const about = talk.dataset;
const attention = new Attention(talk);
let isBusy = false;
let isWanted = false;
let isOver = false;
let revision = null; // of the conversation, as it was shown last

const isAtEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < NEAR;

function scroll() {
  log.scrollTop = log.scrollHeight;
}

/** What somebody who does not see the page is told of a new line. */
function sentence(line) {
  const text = [...line.querySelectorAll(".said, .file")].map((part) => part.textContent.trim()).join(" ");
  return `${line.dataset.who}: ${text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text}`;
}

/** What was just sent from here stands at the end until the server says it too, in its place. */
function add(html) {
  const fresh = new DOMParser().parseFromString(`<ol>${html}</ol>`, "text/html").querySelector("ol");
  for (const item of [...fresh.children]) {
    if (document.getElementById(item.id)) continue;
    const own = item.dataset.sent && pending(item.dataset.sent);
    if (own) {
      own.replaceWith(item);
      continue;
    }
    lines.insertBefore(item, lines.querySelector("[data-pending]"));
    if (item.dataset.kind) say(sentence(item));
  }
}

/** Something that was shown is gone: everything is shown anew. */
function renew(html) {
  const fresh = new DOMParser().parseFromString(`<ol>${html}</ol>`, "text/html").querySelector("ol");
  const unsent = [...lines.querySelectorAll("[data-pending]")];
  unsent.forEach((item) => item.remove());
  merge(lines, fresh);
  lines.append(...unsent.filter((item) => !lines.querySelector(`[data-sent="${CSS.escape(item.dataset.pending)}"]`)));
}

function change(html, news) {
  const fresh = panel.cloneNode(false);
  fresh.innerHTML = html; // made by the server, with everything in it escaped
  const hadFocus = panel.contains(document.activeElement);
  merge(panel, fresh);
  if (hadFocus && !panel.contains(document.activeElement)) document.getElementById("standing").focus();
  dress();
  say(news.staff === about.me ? "You have this conversation now." : `${news.owner_name} has this conversation now.`);
}

function dress() {
  dressComposer(talk);
  dressAnswers();
}

function show(news) {
  const wasAtEnd = isAtEnd();
  if (news.is_whole) renew(news.html);
  else add(news.html);
  document.getElementById("none").hidden = Boolean(lines.children.length);
  const { seq, note, version, edition, ticket } = news;
  Object.assign(about, { seq, note, version, edition, ticket });
  revision = news.revision;
  if (news.panel) change(news.panel, news);
  attention.show(news);
  if (wasAtEnd) scroll();
}

async function load() {
  const { seq, note, version, edition, ticket } = about;
  const query = new URLSearchParams({ after: seq, note, version, edition, ticket });
  const answer = await fetch(`/desk/c/${about.id}/news?${query}`, { redirect: "manual", cache: "no-store" });
  if (answer.status === 403 || answer.status === 404) return end();
  if (answer.ok) show(await answer.json());
}

/** It is somebody else's now, or gone. What was typed stays on the page. */
function end() {
  isOver = true;
  if (document.getElementById("over")) return;
  const line = document.createElement("p");
  line.id = "over";
  line.className = "errors";
  line.textContent = "Somebody else has this conversation now, or it is gone. What you typed is still below. ";
  line.append(Object.assign(document.createElement("a"), { href: "/desk", textContent: "Go to the desk" }));
  talk.querySelector(".head").append(line);
  say(line.textContent);
}

async function refresh() {
  isWanted = true;
  if (isBusy) return;
  isBusy = true;
  while (isWanted && !isOver) {
    isWanted = false;
    await load().catch(() => {}); // live.js says that the connection is lost
  }
  isBusy = false;
}

// A key of its own leads into the note; who opens it by the summary goes on as they like.
document.addEventListener("toggle", ({ target }) => {
  if (target.id === "write-note" && target.open && !target.contains(document.activeElement)) {
    document.getElementById("note").focus();
  }
}, true);
// Words that are selected in what was said are those to be removed.
document.addEventListener("toggle", ({ target }) => {
  if (target.id !== "remove" || !target.open) return;
  const chosen = String(getSelection());
  if (chosen.trim() && log.contains(getSelection().anchorNode)) document.getElementById("words").value = chosen.trim();
}, true);

dress();
scroll();
document.getElementById("problem")?.focus();
onSent(refresh);
onNote(refresh);
attention.onStale(refresh);
listen(about.id, (now) => {
  if (now === null || now !== revision) refresh();
});
setInterval(refresh, AGAIN);

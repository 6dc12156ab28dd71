// Tells the page that there is news: by server-sent events, or where these do not come through by asking.
// Nothing is carried but numbers; whoever listens fetches what it shows.
//
//   const stop = listen("*", (number) => ...)   news of any conversation or of who is on
//   const stop = listen(id, (revision) => ...)  news of one conversation
//
// A page listens to the one or to the other.
// The number is null when there may have been news that was missed: then look.

import { say } from "./announcer.js";

const FIRST = 6; // seconds in which a stream says something; a proxy that holds it back does not
const SILENCE = 30; // seconds; the server says something every 10
const POLL = 5; // seconds between looks where there is no stream
const LONGEST_PAUSE = 15; // seconds
const LOST_AFTER = 2; // tries; a connection that is back at once is not worth a word

const callbacks = new Map();
let source = null;
let timer = null;
let tries = 0;
let silent = 0; // streams in a row that never said anything
let isLost = false;
let isOver = false;
// A browser allows few connections to one site. So one window keeps its stream always, and with it the desk open;
// each other window has one only while somebody looks at it.
let isKeeper = false;

function address() {
  const base = document.querySelector("[data-events]")?.dataset.events ?? "/desk/events";
  const talk = [...callbacks.keys()].find((name) => name !== "*");
  return talk ? `${base}?c=${encodeURIComponent(talk)}` : base;
}

export function listen(name, callback) {
  if (!callbacks.has(name)) callbacks.set(name, new Set());
  callbacks.get(name).add(callback);
  reconnect(0);
  return () => {
    callbacks.get(name)?.delete(callback);
    if (!callbacks.get(name)?.size) callbacks.delete(name);
  };
}

function tell(numbers) {
  for (const [name, known] of callbacks) {
    for (const callback of known) if (!numbers || name in numbers) callback(numbers ? numbers[name] : null);
  }
}

function reconnect(seconds) {
  source?.close();
  source = null;
  clearTimeout(timer);
  timer = setTimeout(silent < LOST_AFTER ? connect : poll, seconds * 1000);
}

function isWanted() {
  return callbacks.size && !isOver && (isKeeper || !document.hidden);
}

function connect() {
  if (!isWanted()) return;
  const opened = new EventSource(address());
  source = opened;
  let hasSpoken = false;
  const patience = (seconds) => {
    clearTimeout(timer);
    timer = setTimeout(fail, seconds * 1000);
  };
  const fail = () => {
    if (source !== opened) return;
    if (!hasSpoken && opened.readyState === EventSource.OPEN) silent += 1;
    look();
  };
  const hear = () => {
    hasSpoken = true;
    silent = 0;
    patience(SILENCE);
    found();
  };
  patience(FIRST);
  opened.onerror = fail;
  opened.addEventListener("beat", hear);
  opened.addEventListener("news", (event) => {
    hear();
    tell(JSON.parse(event.data));
  });
  opened.addEventListener("end", () => end());
}

/** Whether the server is there and lets us in: asked without the wish for a stream, it says that it has only that. */
async function isThere() {
  const answer = await fetch(address(), { redirect: "manual", cache: "no-store", headers: { Accept: "text/plain" } });
  if (answer.type === "opaqueredirect" || answer.status === 403) end();
  return answer.status === 406;
}

/** A stream broke: find out what it was, and try again a little later each time. */
async function look() {
  source?.close();
  source = null;
  clearTimeout(timer);
  tries += 1;
  const isFound = await isThere().catch(() => false);
  if (isOver) return;
  if (!isFound && tries >= LOST_AFTER) lost();
  reconnect(Math.min(2 ** (tries - 1), LONGEST_PAUSE) * (0.75 + Math.random() / 2));
}

async function poll() {
  if (!isWanted()) return;
  if (await isThere().catch(() => false)) {
    found();
    tell(null);
    reconnect(POLL);
  } else if (!isOver) {
    look();
  }
}

function lost() {
  if (isLost) return;
  isLost = true;
  show("The connection is lost. Trying again. What you see may be out of date.");
}

function found() {
  tries = 0;
  if (!isLost) return;
  isLost = false;
  show("");
  say("The connection is back.");
  tell(null);
}

function end() {
  isOver = true;
  source?.close();
  clearTimeout(timer);
  show("You are signed out. Sign in again to go on.", "/sign-in");
}

function show(sentence, link) {
  let line = document.getElementById("connection");
  if (!line) {
    line = document.createElement("p");
    line.id = "connection";
    document.querySelector("main").prepend(line);
  }
  const text = link ? Object.assign(document.createElement("a"), { href: link, textContent: sentence }) : sentence;
  line.replaceChildren(text);
  line.hidden = !sentence;
  if (sentence) say(sentence);
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden && !isKeeper) {
    source?.close();
    source = null;
    clearTimeout(timer);
  } else if (!document.hidden && !source && !isOver) {
    tries = 0;
    reconnect(0);
  }
});
addEventListener("online", () => {
  if (!source && !isOver) reconnect(0);
});

function keep() {
  isKeeper = true;
  if (!source) reconnect(0);
  return new Promise(() => {}); // until the window is closed
}

if (navigator.locks) navigator.locks.request("desk stream", keep).catch(keep);
else isKeeper = true;

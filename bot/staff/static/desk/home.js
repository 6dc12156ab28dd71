// The desk's list, kept up to date, and what is new in it said in one sentence.

import { say } from "./announcer.js";
import { follow } from "./fragment.js";
import { notify } from "./notify.js";
import "./shortcuts.js";

const list = document.getElementById("list");
const rows = (kind) => [...list.querySelectorAll(`[data-row="${kind}"]`)];
const words = document.title;

function look() {
  const unread = rows("mine").map((row) => [row.id, Number(row.dataset.unread)]);
  return {
    queue: new Set(rows("queue").map((row) => row.id)),
    mine: new Map(unread),
    state: list.querySelector("[data-state]")?.dataset.state,
  };
}

/** "2 new: Missed bin, waiting 1 minute, and 1 more" */
function arrivals(fresh) {
  const [first] = fresh;
  const more = fresh.length > 1 ? `, and ${fresh.length - 1} more` : "";
  return `${fresh.length} new: ${first.dataset.say}${more}`;
}

let before = look();

function tellNews() {
  const now = look();
  const fresh = rows("queue").filter((row) => !before.queue.has(row.id) && !before.mine.has(row.id));
  const given = rows("mine").filter((row) => !before.mine.has(row.id));
  const written = rows("mine").filter((row) => Number(row.dataset.unread) > (before.mine.get(row.id) ?? Infinity));
  const sentences = [
    ...(fresh.length ? [arrivals(fresh)] : []),
    ...given.map((row) => `Now yours: ${row.dataset.say}`),
    ...written.map((row) => `New message: ${row.dataset.say}`),
  ];
  if (now.state !== before.state) sentences.push(now.state);
  before = now;
  sentences.forEach(say);
  if (fresh.length || given.length || written.length) notify(sentences[0]);
  count();
}

function count() {
  const waiting = rows("queue").length;
  document.title = waiting ? `(${waiting}) ${words}` : words;
}

count();
follow(list, "/desk/list", tellNews);
document.querySelector("[data-refresh]").hidden = true;

// Forms that are sent without leaving the page: what a message needs, and private notes, which have an address of
// their own.

import { say } from "./announcer.js";

const OUT = "You are signed out, or the page is out of date. Open it again in another tab, then try again.";

/** What the server says: isDone, or a problem in words; isFinal where trying again would change nothing. A `file` may
 *  come with the fields. */
export async function post(address, form, fields, file = null) {
  const body = file ? new FormData() : new URLSearchParams();
  const all = { form_token: form.elements.form_token.value, ...fields };
  for (const [name, value] of Object.entries(all)) body.append(name, value);
  if (file) body.append("file", file);
  const headers = { Accept: "application/json" };
  const answer = await fetch(address, { method: "POST", body, headers, redirect: "manual" });
  const isOurs = answer.headers.get("Content-Type")?.includes("json");
  return { isDone: answer.ok, isFinal: isOurs, ...(isOurs ? await answer.json() : { problem: OUT }) };
}

/** Show what is wrong beside its field, and say it. */
export function problem(line, sentence) {
  line.textContent = sentence;
  line.hidden = !sentence;
  if (sentence) say(sentence);
}

async function sendNote(form, done) {
  const line = form.querySelector(".error");
  const answer = await post(form.action, form, { note: form.elements.note.value }).catch(() => ({
    problem: "Not saved: the connection is lost. Try again.",
  }));
  problem(line, answer.isDone ? "" : answer.problem);
  if (!answer.isDone) return;
  form.elements.note.value = "";
  say("The private note was saved.");
  done();
}

/** `done` is told of each note that was saved. */
export function onNote(done) {
  document.addEventListener("submit", (event) => {
    if (event.target.dataset.send === undefined) return;
    event.preventDefault();
    sendNote(event.target, done);
  });
}

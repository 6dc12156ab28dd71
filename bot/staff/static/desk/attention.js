// Who looks, reads and types: told to the server while this page is looked at, and shown of everybody else. How long
// the resident has waited is counted here, since it grows without news.

import { say } from "./announcer.js";

const OPEN = 20_000; // ms; the server forgets a page after 45 seconds
const TYPING = 3000; // ms between two words that somebody types
const TYPED = 7000; // ms after which the server knows of nobody typing any more
const COUNT = 5000; // ms

export class Attention {
  #talk;
  #typedAt = 0;
  #told = "";
  #stale = () => {};
  #timer = null;
  #isSlow = false;
  #since = null; // by this page's own clock, which need not be the server's

  constructor(talk) {
    this.#talk = talk;
    this.#wait(talk.dataset.waited === "" ? null : Number(talk.dataset.waited));
    document.addEventListener("input", ({ target }) => {
      if (target.id === "text" && target.value) this.#typed();
    });
    document.addEventListener("visibilitychange", () => this.#look());
    addEventListener("pagehide", () => this.#send({ leaves: "1" }));
    setInterval(() => this.#look(), OPEN);
    setInterval(() => this.#count(), COUNT);
    this.#look();
    this.#count();
  }

  /** `callback` looks for what has changed without news. */
  onStale(callback) {
    this.#stale = callback;
  }

  show({ seen, viewing, typing, seq, waited }) {
    this.#wait(waited);
    this.#line("viewing", viewing);
    this.#line("typing", typing);
    clearTimeout(this.#timer);
    if (typing) this.#timer = setTimeout(() => this.#stale(), TYPED);
    this.#showSeen(seen);
    this.#count();
    if (String(seq) !== this.#told) this.#look();
  }

  #wait(seconds) {
    this.#since = seconds === null ? null : performance.now() - seconds * 1000;
  }

  #line(id, sentence) {
    const line = document.getElementById(id);
    if (line.textContent !== sentence) line.textContent = sentence;
    line.hidden = !sentence;
  }

  #showSeen(seq) {
    const item = seq ? document.getElementById(`line-m${seq}`) : null;
    for (const mark of document.querySelectorAll(".seen")) if (mark.parentElement !== item) mark.remove();
    if (!item || item.querySelector(".seen")) return;
    item.append(Object.assign(document.createElement("p"), { className: "by seen", textContent: "Seen by the resident" }));
  }

  #typed() {
    if (Date.now() - this.#typedAt < TYPING) return;
    this.#typedAt = Date.now();
    this.#send({ typing: "1" });
  }

  #look() {
    if (!document.hidden) this.#send({});
  }

  #send(about) {
    const token = document.querySelector('#panel input[name="form_token"]')?.value;
    if (!token) return;
    this.#told = this.#talk.dataset.seq;
    const body = new URLSearchParams({ form_token: token, seen: this.#told, ...about });
    fetch(`/desk/c/${this.#talk.dataset.id}/look`, { method: "POST", body, keepalive: true, redirect: "manual" })
      .catch(() => {}); // it is said again soon
  }

  #count() {
    const line = document.getElementById("slow");
    if (!line) return;
    const seconds = this.#since === null ? 0 : (performance.now() - this.#since) / 1000;
    const isSlow = seconds >= Number(this.#talk.dataset.warn);
    if (isSlow) {
      const minutes = Math.max(1, Math.floor(seconds / 60));
      const sentence = `The resident has waited ${minutes} ${minutes === 1 ? "minute" : "minutes"} for an answer.`;
      if (line.textContent !== sentence) line.textContent = sentence;
      if (!this.#isSlow) say(sentence);
    }
    line.hidden = !isSlow;
    this.#isSlow = isSlow;
  }
}

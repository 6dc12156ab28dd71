// Warns before a chat that nobody uses is closed, and lets it go on with one press (WCAG 2.2, 2.2.1).

import { keepOpen } from "./transport.js";

const MINUTE = 60_000;
const SAME = 5_000; // ms: seconds are told as whole ones, and take a moment to arrive

export class Expiry {
  #form = document.getElementById("keep");
  #minutes;
  #words;
  #announcer;
  #until = 0;
  #timer = null;

  constructor(minutes, words, announcer) {
    this.#minutes = minutes;
    this.#words = words;
    this.#announcer = announcer;
    this.hide();
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#keep();
    });
  }

  /** The chat closes in so many seconds unless somebody writes. */
  set(seconds) {
    const until = Date.now() + seconds * 1000;
    if (Math.abs(until - this.#until) < SAME) return; // other news: a warning that stands there is not said again
    this.hide();
    this.#until = until;
    this.#wait();
  }

  hide() {
    clearTimeout(this.#timer);
    this.#until = 0;
    this.#form.hidden = true;
  }

  #wait() {
    const left = this.#until - Date.now();
    // Timers hold 31 bits; a longer wait than an hour is looked at again.
    this.#timer = setTimeout(() => this.#look(), Math.min(Math.max(left - this.#minutes * MINUTE, 1000), 60 * MINUTE));
  }

  #look() {
    const left = Math.ceil((this.#until - Date.now()) / MINUTE);
    if (left > this.#minutes) {
      this.#wait();
      return;
    }
    if (left < 1) return; // the server says when it is over
    const sentence = (left === 1 ? this.#words.expiring_one : this.#words.expiring).replace("{minutes}", left);
    document.getElementById("expiry").textContent = sentence;
    if (this.#form.hidden) this.#announcer.say(sentence); // once; the minutes left can be read
    this.#form.hidden = false;
    this.#timer = setTimeout(() => this.#look(), MINUTE);
  }

  async #keep() {
    try {
      await keepOpen();
    } catch {
      return; // the connection is told about elsewhere; the button stays
    }
    const hadFocus = this.#form.contains(document.activeElement);
    this.hide();
    this.#announcer.say(this.#words.kept);
    if (hadFocus) document.getElementById("text").focus({ preventScroll: true });
  }
}

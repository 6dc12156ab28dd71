// Says things to a screen reader without moving the focus, one after another. The transcript itself is not live:
// a region that holds everything would be read again and again, so text-only copies come here and go when read.

const BETWEEN = 400; // ms from one to the next, so that a burst is read as several sentences and none is dropped
const KEPT = 5000; // ms; a screen reader has taken it by then, and who reads the page finds nothing twice

function spoken({ text, lang }) {
  const span = document.createElement("span");
  span.lang = lang;
  span.textContent = text;
  return span;
}

export class Announcer {
  #region;
  #waiting = [];
  #isBusy = false;

  constructor(region) {
    this.#region = region;
  }

  /** Each part is text of the page's language, or {text, lang}. */
  say(...parts) {
    this.#waiting.push(parts);
    if (!this.#isBusy) this.#next();
  }

  #next() {
    const parts = this.#waiting.shift();
    this.#isBusy = parts !== undefined;
    if (!this.#isBusy) return;
    const line = document.createElement("p");
    line.append(...parts.map((part) => (typeof part === "string" ? part : spoken(part))));
    this.#region.append(line);
    setTimeout(() => line.remove(), KEPT);
    setTimeout(() => this.#next(), BETWEEN);
  }
}

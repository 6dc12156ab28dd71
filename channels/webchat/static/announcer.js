// Says things to a screen reader without moving the focus, one after another. The transcript itself is not live:
// a region that holds everything would be read again and again, so text-only copies come here and go when read.

const BETWEEN = 400; // ms from one to the next, so that a burst is read as several sentences and none is dropped
const KEPT = 10_000; // ms; a slow reader has taken it by then

export class Announcer {
  #region;
  #waiting = [];
  #isBusy = false;

  constructor(region) {
    this.#region = region;
  }

  say(text) {
    this.#waiting.push(text);
    if (!this.#isBusy) this.#next();
  }

  #next() {
    const text = this.#waiting.shift();
    this.#isBusy = text !== undefined;
    if (!this.#isBusy) return;
    const line = document.createElement("p");
    line.textContent = text;
    this.#region.append(line);
    setTimeout(() => line.remove(), KEPT);
    setTimeout(() => this.#next(), BETWEEN);
  }
}

// Tells the council's staff, while they have the chat or are asked for it, that the resident has it open, how far
// they have read, and that they are typing. While the assistant answers, nothing is told.

import { attend, leave } from "./transport.js";

const OPEN_EVERY = 30_000; // ms
const TYPING_EVERY = 3_000; // ms; it is shown for a little longer than that
const TYPING_LASTS = 5_000; // ms after the last key

export class Attention {
  #box;
  #isSeen;
  #isOn = false;
  #cursor = 0;
  #told = -1;
  #typedAt = 0; // when typing was told last, 0 when it was told to be over
  #timer = null;

  /** `isSeen()` is whether the chat is in sight. */
  constructor(box, isSeen) {
    this.#box = box;
    this.#isSeen = isSeen;
    box.addEventListener("input", () => this.#typed());
    setInterval(() => this.look(true), OPEN_EVERY);
    addEventListener("pagehide", () => {
      if (this.#isOn) leave();
    });
  }

  /** Who owns the chat, and the number of the last message on the page. */
  set(owner, cursor) {
    const wasOn = this.#isOn;
    this.#isOn = owner !== "assistant";
    this.#cursor = Math.max(this.#cursor, cursor);
    this.look(!wasOn);
  }

  /** A new chat counts from 1 again. */
  reset() {
    this.#isOn = false;
    this.#cursor = 0;
    this.#told = -1;
  }

  /** Tell how far the chat was read, if there is anything new in that or it `isDue`. */
  look(isDue) {
    if (!this.#isOn || !this.#isSeen() || (!isDue && this.#told >= this.#cursor)) return;
    this.#tell(Date.now() - this.#typedAt < TYPING_LASTS);
  }

  #typed() {
    if (!this.#isOn) return;
    clearTimeout(this.#timer);
    if (!this.#box.value) {
      if (this.#typedAt) this.#tell(false); // it was sent, or taken back
      return;
    }
    this.#timer = setTimeout(() => this.#tell(false), TYPING_LASTS);
    if (Date.now() - this.#typedAt >= TYPING_EVERY) this.#tell(true);
  }

  #tell(isTyping) {
    this.#typedAt = isTyping ? Date.now() : 0;
    this.#told = this.#cursor;
    attend(this.#cursor, isTyping).catch(() => {}); // whether the connection is there is told elsewhere
  }
}

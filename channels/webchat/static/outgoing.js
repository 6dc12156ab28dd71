// What was written and has not been taken yet: sent one after another, in order, each with the same id until the
// server has taken it. It outlives a reload (sessionStorage, this tab only, gone with it); a file cannot.

import { Refused, sendMessage } from "./transport.js";

const KEY = "chat-unsent";
const LONGEST_PAUSE = 15; // seconds

export class Outgoing {
  #entries = [];
  #handlers;
  #isSending = false;
  #timer = null;
  #wait = 1;

  /** `handlers`: before(), sending(item), sent(item, hadFailed), failed(item, retry, problem), refused(problem, message, item). */
  constructor(handlers) {
    this.#handlers = handlers;
    addEventListener("online", () => this.nudge());
  }

  /** Whether something is on its way. What has failed waits for its next try and keeps nobody from writing. */
  get isPending() {
    return this.#entries.some((entry) => !entry.hasFailed);
  }

  /** What an earlier page of this tab did not get rid of. */
  static unsent() {
    try {
      return JSON.parse(sessionStorage.getItem(KEY)) || [];
    } catch {
      return [];
    }
  }

  /** `message` as sendMessage takes it, with `shown`, its words in the transcript; `item` shows it. */
  add(message, item) {
    this.#entries.push({ message, item, hasFailed: false });
    this.#keep();
    this.#send();
  }

  /** As `add`, before all others: what was refused by a chat that is over begins the next one. */
  again(message, item) {
    this.#entries.unshift({ message, item, hasFailed: false });
    this.#keep();
    this.#send();
  }

  /** The server has said this message: it was taken, whatever became of the acknowledgement. */
  taken(id) {
    const known = this.#entries.length;
    this.#entries = this.#entries.filter(({ message }) => message.id !== id);
    if (this.#entries.length !== known) this.#keep();
  }

  /** Try again now: the connection is back, or somebody pressed the button. */
  nudge() {
    clearTimeout(this.#timer);
    this.#wait = 1;
    this.#send();
  }

  async #send() {
    if (this.#isSending) return;
    this.#isSending = true;
    while (this.#entries.length) {
      const entry = this.#entries[0];
      if (!entry.hasFailed) this.#handlers.sending(entry.item);
      try {
        await this.#handlers.before();
        await sendMessage(entry.message);
        this.#wait = 1;
        this.taken(entry.message.id);
        this.#handlers.sent(entry.item, entry.hasFailed);
      } catch (problem) {
        if (!this.#entries.includes(entry)) continue; // only the acknowledgement was lost
        if (problem instanceof TypeError || (problem instanceof Refused && problem.isTemporary)
            || problem.name === "TimeoutError") {
          this.#failed(entry, problem);
          break;
        }
        this.taken(entry.message.id);
        this.#handlers.refused(problem, entry.message, entry.item);
      }
    }
    this.#isSending = false;
  }

  #failed(entry, problem) {
    // Shown and said once: the next tries change nothing that is shown, so that the button keeps its focus.
    if (!entry.hasFailed) this.#handlers.failed(entry.item, () => this.nudge(), problem);
    entry.hasFailed = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#send(), (problem.retryAfter || this.#wait) * 1000);
    this.#wait = Math.min(this.#wait * 2, LONGEST_PAUSE);
  }

  #keep() {
    const kept = this.#entries.map(({ message }) => message).filter((message) => !message.file);
    try {
      if (kept.length) sessionStorage.setItem(KEY, JSON.stringify(kept));
      else sessionStorage.removeItem(KEY);
    } catch {
      // A browser may allow no storage; then a reload loses what has not been taken.
    }
  }
}

// The time that people talk to people: who has the chat, how long the wait is, the way back, what was seen, who types.
// Each change is shown where it belongs and said once; a place in the queue is said at most every half minute.

import { Refused, stopWaiting } from "./transport.js";

const PLACE_EVERY = 30_000; // ms

const fill = (sentence, name, value) => sentence.replace(`{${name}}`, () => value);

export class Handover {
  #words;
  #announcer;
  #problem;
  #box = document.getElementById("standing");
  #sentence = document.getElementById("handover");
  #stop = document.getElementById("stop");
  #rate = document.getElementById("rate-talk");
  #told = document.getElementById("told");
  #typing = document.getElementById("typing");
  #owner = null; // of a page that was made without script nothing is new
  #placeSaidAt = 0;
  #timer = null;
  #hasSaidTyping = false;

  /** `problem(sentence)` is called when the wait could not be ended. */
  constructor(words, announcer, problem) {
    this.#words = words;
    this.#announcer = announcer;
    this.#problem = problem;
    this.#stop.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#giveUp();
    });
  }

  /** Show how things stand; `isTold`: a notice that came with it has said who joined or left. */
  show(state, isTold) {
    const [sentence, more] = this.#sentences(state);
    const before = this.#owner;
    const isNew = `${sentence} ${more}`.trim() !== this.#sentence.textContent;
    this.#owner = state.owner;
    this.#sentence.textContent = `${sentence} ${more}`.trim();
    this.#box.hidden = !sentence;
    this.#keepFocus(() => {
      this.#stop.hidden = state.owner !== "queued";
      this.#rate.hidden = !state.rate;
    });
    if (state.owner !== "staff") this.#told.textContent = "";
    if (isNew || (before && state.owner !== before)) this.#say(state.owner, before, sentence, more, isTold);
    this.#showTyping(state);
  }

  /** Staff have said something: when they type again, that is worth saying again. */
  heard() {
    this.#hasSaidTyping = false;
  }

  #sentences({ owner, place, wait_minutes: minutes, staff, rate }) {
    const words = this.#words;
    if (owner === "staff") return [staff ? fill(words.staff_named, "name", staff) : words.staff, ""];
    if (owner !== "queued") return [rate ? words.talk_over : "", ""];
    const where = place ? fill(words.queued_place, "place", place) : words.queued;
    const long = minutes === null ? words.wait_unknown : fill(words[minutes === 1 ? "wait_one" : "wait_many"], "minutes", minutes);
    return [`${where} ${long}`, words.queued_kept];
  }

  #say(owner, before, sentence, more, isTold) {
    if (owner === "queued" && before === "queued") {
      this.#sayLater();
      return;
    }
    clearTimeout(this.#timer);
    this.#timer = null;
    if (owner === "queued") this.#placeSaidAt = Date.now();
    if (owner === "assistant" && before && before !== owner && !isTold) this.#announcer.say(this.#words.assistant_back);
    if (sentence && !(owner === "staff" && isTold)) this.#announcer.say(`${sentence} ${more}`.trim());
  }

  /** The place as it is by then: whoever waits need not hear of each that they passed. */
  #sayLater() {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#placeSaidAt = Date.now();
      this.#announcer.say(this.#sentence.textContent.replace(this.#words.queued_kept, "").trim());
    }, Math.max(0, this.#placeSaidAt + PLACE_EVERY - Date.now()));
  }

  #showTyping({ owner, typing, staff }) {
    const isTyping = owner === "staff" && typing;
    const sentence = staff ? fill(this.#words.typing_named, "name", staff) : this.#words.typing;
    this.#typing.textContent = isTyping ? sentence : "";
    if (isTyping && !this.#hasSaidTyping) {
      this.#hasSaidTyping = true;
      this.#announcer.say(sentence);
    }
  }

  async #giveUp() {
    let owner = "";
    try {
      ({ owner } = await stopWaiting());
    } catch (problem) {
      this.#problem(problem instanceof Refused ? problem.message : this.#words.lost);
      return;
    }
    if (owner !== "staff") return; // the notice says the rest
    this.#told.textContent = this.#words.too_late;
    this.#announcer.say(this.#words.too_late);
  }

  /** A button that goes while it has the focus hands it to the box, where things go on. */
  #keepFocus(change) {
    const { activeElement } = document;
    change();
    if (this.#box.contains(activeElement) && activeElement.closest("[hidden]")) {
      document.getElementById("text")?.focus({ preventScroll: true });
    }
  }
}

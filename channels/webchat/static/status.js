// How things stand, in words: the assistant is writing, a person has joined, the connection is lost. Each change is
// shown where it belongs and said once; a place in the queue is said at most every half minute.

const WRITING_AFTER = 1000; // ms: of an answer that is there at once nobody needs to hear that it is coming
const PLACE_EVERY = 30_000; // ms

export class Status {
  #words;
  #announcer;
  #working = document.getElementById("working");
  #handover = document.getElementById("handover");
  #connection = document.getElementById("connection");
  #owner = "assistant";
  #placeSaidAt = 0;
  #isLost = false;
  #isWorking = null; // what the page shows that was made without script is not known
  #timer = null;

  constructor(words, announcer) {
    this.#words = words;
    this.#announcer = announcer;
  }

  get isLost() {
    return this.#isLost;
  }

  /** The live region of the page's own says it when the assistant begins to write. */
  working(isBusy) {
    if (isBusy === this.#isWorking) return;
    this.#isWorking = isBusy;
    clearTimeout(this.#timer);
    if (isBusy) this.#timer = setTimeout(() => this.#showWorking(), WRITING_AFTER);
    else this.#working.replaceChildren();
  }

  #showWorking() {
    const line = document.createElement("p");
    line.textContent = this.#words.working;
    this.#working.replaceChildren(line);
  }

  /** `place` counts from 1, null while it is not known. */
  handover(owner, place) {
    const sentence = this.#sentence(owner, place);
    if (sentence === this.#handover.textContent) return;
    const isChange = owner !== this.#owner;
    if (isChange && owner === "assistant") this.#announcer.say(this.#words.assistant_back);
    else if (sentence && (isChange || Date.now() - this.#placeSaidAt > PLACE_EVERY)) {
      this.#announcer.say(sentence);
      this.#placeSaidAt = Date.now();
    }
    this.#owner = owner;
    this.#handover.textContent = sentence;
  }

  connection(isLost) {
    if (isLost === this.#isLost) return;
    this.#isLost = isLost;
    this.#connection.textContent = isLost ? this.#words.lost : "";
    if (isLost) this.working(false);
    this.#announcer.say(isLost ? this.#words.lost : this.#words.restored);
  }

  /** The chat is over: say why, if there is something to say. */
  over(sentence) {
    this.working(false);
    this.handover("assistant", null);
    this.#connection.textContent = sentence;
    if (sentence) this.#announcer.say(sentence);
  }

  begin() {
    this.#connection.textContent = "";
  }

  #sentence(owner, place) {
    if (owner === "staff") return this.#words.staff;
    if (owner !== "queued") return "";
    return place ? this.#words.queued_place.replace("{place}", place) : this.#words.queued;
  }
}

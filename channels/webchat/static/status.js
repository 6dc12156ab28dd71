// How things stand with the assistant and the connection, in words: each change is shown where it belongs and said once.

const WRITING_AFTER = 1000; // ms: of an answer that is there at once nobody needs to hear that it is coming

export class Status {
  #words;
  #announcer;
  #working = document.getElementById("working");
  #connection = document.getElementById("connection");
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
    this.#connection.textContent = sentence;
    if (sentence) this.#announcer.say(sentence);
  }

  begin() {
    this.#connection.textContent = "";
  }
}

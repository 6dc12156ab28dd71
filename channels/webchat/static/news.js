// How many messages came that nobody has seen: in the tab's title and on the website's button.

const KEY = "chat-seen"; // sessionStorage: each page of a website loads the chat anew

export class News {
  #title = document.title;
  #count = 0;
  #list;
  #frame;
  #isAway;

  /** `list` has the messages; in a `frame` the website says first whether it is open. */
  constructor(list, frame) {
    this.#list = list;
    this.#frame = frame;
    this.#isAway = frame.isFramed;
  }

  get isInSight() {
    return !document.hidden && !this.#isAway;
  }

  /** Somebody else has said something. */
  came() {
    if (this.isInSight) this.look();
    else this.#show(this.#count + 1);
  }

  /** Put away on the website that shows it in a frame, or opened there. */
  set isAway(isAway) {
    this.#isAway = isAway;
    if (isAway) this.#show(this.#unseen());
    else this.look();
  }

  /** Whatever is in sight was seen. */
  look() {
    if (!this.isInSight) return;
    this.#show(0);
    this.#keep(this.#said().at(-1) || 0);
  }

  /** A new chat counts from 1 again. */
  forget() {
    this.#keep(0);
  }

  #show(count) {
    this.#count = count;
    document.title = count ? `(${count}) ${this.#title}` : this.#title;
    if (this.#isAway || !count) this.#frame.news(count);
  }

  #said() {
    return [...this.#list.querySelectorAll(".message[data-seq]:not(.resident)")].map((item) => Number(item.dataset.seq));
  }

  #unseen() {
    try {
      const seen = Number(sessionStorage.getItem(KEY) ?? Infinity);
      return this.#said().filter((seq) => seq > seen).length;
    } catch {
      return 0; // a browser may allow no storage
    }
  }

  #keep(seq) {
    try {
      sessionStorage.setItem(KEY, seq);
    } catch {
      // then the next page does not know what was seen
    }
  }
}

// The list of messages on the page. What the server says comes in order; what was just sent stands at the end
// until the server says it too, in the same element, so that nothing jumps and the focus stays where it is.

// As the server writes times: "3.29pm", by the council's clock and not by the device's.
const CLOCK = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Europe/London",
  hour: "numeric",
  minute: "2-digit",
  hourCycle: "h12",
});

const template = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);

export class Transcript {
  constructor(list, words) {
    this.list = list;
    this.words = words;
    this.#showPlace(list.querySelector('.offer[data-wants="place"]:last-child'));
  }

  /** Whether the server has said the message with this id of its sender. */
  has(id) {
    return Boolean(this.list.querySelector(`.message[data-id="${CSS.escape(id)}"][data-seq]`));
  }

  /** Show what the resident just sent; the element goes through sending, sent, failed. */
  sending(id, text) {
    const item = this.#make("resident", new Date());
    const paragraph = document.createElement("p");
    paragraph.textContent = text;
    item.querySelector(".said").replaceChildren(paragraph);
    item.dataset.id = id;
    item.dataset.text = text;
    this.list.append(item);
    this.state(item, "sending");
    return item;
  }

  /** Show how it stands with a sent message; `retry` makes a button that tries again. */
  state(item, state, retry) {
    if (!item.dataset.text) return; // the server has said it: there is nothing left to tell
    item.dataset.state = state;
    item.classList.toggle("failed", state === "failed");
    const label = document.createElement("span");
    label.className = "state";
    label.textContent = this.words[state];
    const meta = item.querySelector(".meta");
    meta.replaceChildren(label);
    if (retry) meta.append(this.#retryButton(retry));
  }

  /** Add what the server says, once. Returns the element, or null when it was there already. */
  add(message) {
    if (this.list.querySelector(`.message[data-seq="${message.seq}"]`)) return null;
    this.settle();
    const at = new Date(message.at);
    const item = (message.id && this.#waiting(message.id)) || this.#make(message.from, at, message.name);
    item.dataset.seq = message.seq;
    if (message.id) item.dataset.id = message.id;
    delete item.dataset.text;
    item.classList.remove("failed");
    const said = item.querySelector(".said");
    said.innerHTML = message.html; // made safe by the server
    if (message.attachment) said.append(this.#attachment(message.attachment));
    said.id = `said-${message.seq}`;
    item.querySelector(".meta").replaceChildren(this.#time(at));
    const next = this.list.querySelector(".message[data-text]");
    if (item.nextElementSibling !== next || !item.isConnected) this.list.insertBefore(item, next);
    if (message.choices.length || message.wants) item.after(this.#offer(message));
    return item;
  }

  /** One of the choices was made: they are out of the way until the server has taken it, or refused it. */
  hold() {
    for (const offer of this.#open()) offer.hidden = true;
  }

  release() {
    for (const offer of this.#open()) offer.hidden = false;
  }

  /** Say beside the file what was wrong with it; whether there is such a place. */
  uploadProblem(sentence) {
    const form = this.list.querySelector("form.upload");
    if (!form) return false;
    const error = form.querySelector(".error");
    error.lastElementChild.textContent = sentence;
    error.hidden = false;
    form.querySelector("input[type=file]").toggleAttribute("aria-invalid", true);
    return true;
  }

  /** What no longer can be chosen or sent is taken away: what was chosen is said by the message that followed. */
  settle() {
    for (const offer of this.list.querySelectorAll(".offer")) offer.remove();
  }

  /** Under the last message of the resident that a person has read it says so. */
  seen(seq) {
    const read = [...this.list.querySelectorAll(".resident[data-seq]")].filter((item) => Number(item.dataset.seq) <= seq);
    const meta = read.at(-1)?.querySelector(".meta");
    const label = this.list.querySelector(".seen");
    if (label?.parentElement === meta) return;
    label?.remove();
    if (!meta) return;
    const made = document.createElement("span");
    made.className = "seen";
    made.textContent = this.words.seen;
    meta.append(" ", made);
  }

  /** What came before this number was deleted, and goes from the page too. */
  forgetBefore(first) {
    for (const item of this.list.querySelectorAll("[data-seq]")) if (Number(item.dataset.seq) < first) item.remove();
  }

  /** A chat is over, and the next one counts from 1 again; what was said in the old one is not shown any more. */
  clear() {
    for (const item of this.list.querySelectorAll("[data-seq]")) item.remove();
  }

  #open() {
    return this.list.querySelectorAll(".offer");
  }

  #waiting(id) {
    return this.list.querySelector(`.message[data-text][data-id="${CSS.escape(id)}"]`);
  }

  #make(sender, at, name) {
    const item = template("message");
    const { senders } = this.words;
    item.className = `message ${sender}`;
    item.querySelector(".sender").textContent = name ? senders.staff_named.replace("{name}", () => name) : senders[sender];
    if (sender === "resident" || sender === "staff") item.querySelector(".said").removeAttribute("lang"); // in whatever they write
    item.querySelector(".meta").replaceChildren(this.#time(at));
    delete item.dataset.seq;
    delete item.dataset.id;
    return item;
  }

  #time(at) {
    const time = document.createElement("time");
    time.dateTime = at.toISOString();
    time.textContent = CLOCK.format(at).replace(":00", "").replace(":", ".").replace(/\s/, "");
    return time;
  }

  /** A file that staff sent: a picture is shown, a document can be saved. */
  #attachment({ url, title, name, media_type, width, height }) {
    const isPicture = media_type.startsWith("image/");
    const item = template(isPicture ? "picture" : "file");
    const shown = item.firstElementChild;
    if (isPicture) Object.assign(shown, { src: url, alt: title, width, height });
    else Object.assign(shown, { href: url, textContent: title, download: name });
    return item;
  }

  #retryButton(retry) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = this.words.retry;
    button.addEventListener("click", retry);
    return button;
  }

  #offer({ seq, choices, wants }) {
    const item = document.createElement("li");
    item.className = "offer";
    if (wants === "photo" || wants === "document") item.append(template(wants));
    if (wants === "place") this.#showPlace(item);
    if (choices.length) item.append(this.#choices(seq, choices));
    return item;
  }

  #showPlace(item) {
    if (item && navigator.geolocation) item.prepend(template("place"));
  }

  #choices(seq, choices) {
    const form = template("choices");
    form.querySelector(".ask").id = `ask-${seq}`;
    form.querySelector(".options").setAttribute("aria-labelledby", `said-${seq} ask-${seq}`);
    const buttons = choices.map((choice) => {
      const button = document.createElement("button");
      button.name = "choice";
      button.value = choice.id;
      button.textContent = choice.title;
      return button;
    });
    form.querySelector(".options").replaceChildren(...buttons);
    return form;
  }
}

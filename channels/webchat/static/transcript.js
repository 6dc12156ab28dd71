// The list of messages on the page. What the server says comes in order; what was just sent stands at the end
// until the server says it too, in the same element, so that nothing jumps and the focus stays where it is.

// As the server writes times: "3.29pm", by the council's clock and not by the device's.
const CLOCK = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Europe/London",
  hour: "numeric",
  minute: "2-digit",
  hourCycle: "h12",
});

export class Transcript {
  constructor(list, words) {
    this.list = list;
    this.words = words;
    this.messageTemplate = document.getElementById("message").content;
    this.choicesTemplate = document.getElementById("choices").content;
  }

  /** Show what the resident just sent; the element goes through sending, sent, failed. */
  sending(text) {
    const item = this.#make("resident", new Date());
    const paragraph = document.createElement("p");
    paragraph.textContent = text;
    item.querySelector(".said").replaceChildren(paragraph);
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
    const item = (message.from === "resident" && this.#waiting(message.text)) || this.#make(message.from, at);
    item.dataset.seq = message.seq;
    delete item.dataset.text;
    item.classList.remove("failed");
    item.querySelector(".said").innerHTML = message.html; // made safe by the server
    item.querySelector(".meta").replaceChildren(this.#time(at));
    const next = this.list.querySelector(".message[data-text]");
    if (item.nextElementSibling !== next || !item.isConnected) this.list.insertBefore(item, next);
    if (message.choices.length) item.after(this.#offer(message.choices));
    return item;
  }

  /** Turn choices that no longer can be made into text. */
  settle() {
    for (const form of this.list.querySelectorAll("form.choices")) {
      const titles = Array.from(form.querySelectorAll("button"), (button) => button.textContent);
      const past = document.createElement("p");
      past.className = "past";
      past.textContent = `${this.words.chosen_from} ${titles.join(", ")}`;
      form.replaceWith(past);
    }
  }

  /** Forget the numbers of a chat that is over: the next one counts from 1 again. */
  closeChat() {
    for (const item of this.list.querySelectorAll("[data-seq]")) delete item.dataset.seq;
  }

  // The element of a message that the server now confirms: the same words, or else the oldest that it took.
  #waiting(text) {
    const items = [...this.list.querySelectorAll(".message[data-text]")];
    return items.find((item) => item.dataset.text === text) || items.find((item) => item.dataset.state === "sent");
  }

  #make(sender, at) {
    const item = this.messageTemplate.firstElementChild.cloneNode(true);
    item.className = `message ${sender}`;
    item.querySelector(".sender").textContent = this.words[`${sender}_said`];
    item.querySelector(".meta").replaceChildren(this.#time(at));
    delete item.dataset.seq;
    return item;
  }

  #time(at) {
    const time = document.createElement("time");
    time.dateTime = at.toISOString();
    time.textContent = CLOCK.format(at).replace(":00", "").replace(":", ".").replace(/\s/, "");
    return time;
  }

  #retryButton(retry) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = this.words.retry;
    button.addEventListener("click", retry);
    return button;
  }

  #offer(choices) {
    const form = this.choicesTemplate.firstElementChild.cloneNode(true);
    const buttons = choices.map((choice) => {
      const button = document.createElement("button");
      button.name = "choice";
      button.value = choice.id;
      button.textContent = choice.title;
      return button;
    });
    form.querySelector(".options").replaceChildren(...buttons);
    const item = document.createElement("li");
    item.className = "offer";
    item.append(form);
    return item;
  }
}

// The box in which messages are written: its count, its errors, and what it does not let through unasked.

import { sensitive } from "./sensitive.js";

export class Composer {
  #words;
  #limit;
  #announcer;
  #form = document.getElementById("composer");
  #error = document.getElementById("error");
  #count = document.getElementById("count");
  #send = document.getElementById("send");
  #sure = document.getElementById("sure");

  /** `submit(text)` is called with what may be sent. */
  constructor(words, limit, announcer, submit) {
    this.box = document.getElementById("text");
    this.#words = words;
    this.#limit = limit;
    this.#announcer = announcer;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit(event.submitter === this.#sure, submit);
    });
    this.box.addEventListener("input", () => this.#changed());
    this.box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#form.requestSubmit();
    });
    this.#showCount();
  }

  /** While an answer is pending the box is read-only and keeps its focus; it is never disabled. */
  set isPending(isPending) {
    this.box.readOnly = isPending;
    this.#send.setAttribute("aria-disabled", String(isPending));
  }

  /** Something went wrong with what was sent; the focus stays wherever it is by now. */
  problem(sentence) {
    this.#show(sentence);
    if (sentence) this.#announcer.say(sentence);
  }

  #show(sentence) {
    this.#error.lastElementChild.textContent = sentence;
    this.#error.hidden = !sentence;
    this.box.toggleAttribute("aria-invalid", Boolean(sentence));
    this.box.setAttribute("aria-describedby", sentence ? "hint count error" : "hint count");
  }

  /** Let the page without script do what this one could not. */
  submitForm({ id, text, choice }) {
    this.#form.elements.message_id.value = id;
    this.box.value = text || "";
    if (choice) {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name: "choice", value: choice });
      this.#form.append(field);
    }
    this.#form.submit();
  }

  empty() {
    this.box.value = "";
    this.box.dispatchEvent(new Event("input"));
  }

  #submit(isSure, submit) {
    if (this.box.readOnly) {
      this.#announcer.say(this.#words.wait);
      return;
    }
    const text = this.box.value.trim();
    const problem = this.#problemOf(text, isSure);
    this.#show(problem);
    if (problem) {
      // A box that gets the focus is read with its error; one that has it already is not read again.
      if (document.activeElement === this.box) this.#announcer.say(problem);
      else this.box.focus();
      return;
    }
    this.empty();
    submit(text);
    this.box.focus({ preventScroll: true });
  }

  #problemOf(text, isSure) {
    if (!text) return this.#words.empty;
    if (this.box.value.length > this.#limit) return this.#words.too_long;
    const isSensitive = !isSure && sensitive(text).length > 0;
    this.#sure.hidden = !isSensitive;
    return isSensitive ? this.#words.sensitive : "";
  }

  #changed() {
    this.#showCount();
    if (!this.#sure.hidden && !sensitive(this.box.value).length) {
      this.#sure.hidden = true;
      this.problem("");
    }
  }

  #showCount() {
    const left = this.#limit - this.box.value.length;
    const over = -left;
    if (left > this.#limit / 5) this.#count.textContent = "";
    else if (left >= 0) this.#count.textContent = this.#number(left, "left");
    else this.#count.textContent = this.#number(over, "over");
  }

  #number(count, what) {
    return this.#words[`${what}_${count === 1 ? "one" : "many"}`].replace("{count}", count);
  }
}

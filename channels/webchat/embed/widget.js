// The widget: opens the chat over a page, puts it away, and brings the two to agree on where the focus is.

import { Channel } from "./channel.js";
import { choose } from "./language.js";
import { isPlain, linkOf, mark, pressOnSpace } from "./links.js";
import { CLOSED, OPEN, WAITING, remember, remembered } from "./memory.js";
import { covers, giveWay, watch } from "./place.js";
import { build, frame } from "./view.js";

class Widget {
  constructor(chat, origin, words) {
    this.origin = origin;
    this.leaveTo = chat.leave;
    this.words = words;
    this.address = `${origin}/${words.tag === "en" ? "" : `?lang=${words.tag}`}`;
    this.view = build(chat.css, words, this.address);
    this.opener = this.view.launcher;
    this.isOpen = false;
    this.takesFocus = false; // whether the page in the frame is still to be given the focus
    this.news = 0;
    this.hasPeople = remembered() === WAITING; // until the page in the frame says so itself
    this.narrow = matchMedia("(max-width: 400px)");
    this.small = matchMedia("(max-width: 400px), (max-height: 400px)");
  }

  start() {
    const { host, root, launcher, full, close } = this.view;
    launcher.addEventListener("click", (event) => this.press(event, launcher));
    launcher.addEventListener("keydown", (event) => pressOnSpace(event, launcher));
    full.addEventListener("click", (event) => isPlain(event) && this.minimise());
    close.addEventListener("click", () => this.close());
    root.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !this.isOpen) return;
      event.stopPropagation(); // one press closes one thing
      this.close();
    });
    for (const [kind, act] of [["click", (...pressed) => this.press(...pressed)], ["keydown", pressOnSpace]]) {
      document.addEventListener(kind, (event) => {
        const link = linkOf(event); // also one that came into the page later
        if (link) act(event, link);
      });
    }
    this.small.addEventListener("change", () => this.resize());
    this.show();
    if (remembered() === OPEN && !this.small.matches) this.open(false);
    if (this.hasPeople && !this.small.matches) this.load();
    watch(host, (element) => this.giveWay(element));
  }

  /** A link was pressed. Where the view is small, or a new tab is asked for, it is followed as any link is. */
  press(event, link) {
    if (!isPlain(event) || this.small.matches) return;
    event.preventDefault();
    if (this.isOpen) {
      this.close();
    } else {
      this.opener = link;
      this.open(true);
    }
  }

  open(takesFocus) {
    this.isOpen = true;
    this.takesFocus = takesFocus;
    this.load();
    this.tell(0);
    this.show();
    this.remember();
    if (takesFocus) this.frame.focus();
    this.greet();
  }

  load() {
    if (this.frame) return;
    this.frame = frame(this.words, this.address);
    this.channel = new Channel(this.frame, this.origin, () => this.greet(), (message) => this.hear(message));
    this.view.panel.append(this.frame);
  }

  /** For the next page. What people write shall be noticed there too, if the chat is not open. */
  remember() {
    remember(this.isOpen ? OPEN : this.hasPeople ? WAITING : CLOSED);
  }

  /** Tell the page in the frame how things stand. It takes the focus once, and only if it was not moved meanwhile. */
  greet() {
    if (!this.channel?.port) return; // still loading
    const focus = this.takesFocus && this.view.root.activeElement === this.frame;
    this.channel.say(this.isOpen ? { type: "open", focus } : { type: "closed" });
    this.takesFocus = false;
  }

  /** Put the chat away, its conversation still loaded. */
  minimise() {
    this.isOpen = false;
    this.show();
    this.greet();
    this.remember();
  }

  /** What a person does: the focus goes back to what opened the chat, if it was in the chat. */
  close() {
    const hadFocus = this.view.root.activeElement;
    this.minimise();
    if (!hadFocus) return;
    this.opener.focus();
    if (document.activeElement !== this.opener) this.view.launcher.focus(); // the page has lost that link, or hides it
  }

  giveWay(element) {
    const { panel, launcher } = this.view;
    if (this.isOpen && (covers(panel, element) || covers(launcher, element))) this.minimise();
    if (!this.isOpen) giveWay(this.view, element);
  }

  hear(message) {
    if (message.type === "close") this.close();
    if (message.type === "news" && !this.isOpen) this.tell(message.count);
    if (message.type === "people") {
      this.hasPeople = message.areThere;
      this.remember();
    }
    if (message.type === "full") this.follow();
    if (message.type === "leave") this.leave();
  }

  /** New messages, on the launcher and for a screen reader: each number once. */
  tell(count) {
    const { launcher: name, news_one: one, news_many: many } = this.words;
    const { launcher, label, status } = this.view;
    label.textContent = count > 0 ? (count === 1 ? one : many).replace("{count}", count) : name;
    if (count > this.news) status.textContent = label.textContent;
    if (!count) status.textContent = "";
    launcher.toggleAttribute("data-news", count > 0);
    this.news = count;
  }

  /** An open chat that no longer fits goes on as a full page, unless it is a phone's keyboard that takes the room. */
  resize() {
    this.show();
    if (!this.isOpen || !this.small.matches) return;
    const isTyping = this.view.root.activeElement === this.frame && matchMedia("(pointer: coarse)").matches;
    if (this.narrow.matches || !isTyping) this.follow();
  }

  follow() {
    this.minimise(); // or "back" would lead to a chat that stands open where it does not fit
    location.assign(this.address);
  }

  /** The quick exit: out of sight at once, and "back" does not lead here. Where it leads was settled by the server. */
  leave() {
    remember(CLOSED);
    this.view.host.remove();
    location.replace(this.leaveTo);
  }

  show() {
    this.view.surface.toggleAttribute("data-open", this.isOpen);
    mark(this.view.launcher, !this.small.matches, this.isOpen);
  }
}

/** Begin, once, when the page has been read. A browser too old for this is left with the links. */
export function start(chat) {
  const script = document.currentScript;
  if (!script?.src || !("adoptedStyleSheets" in document)) return;
  const begin = () => {
    if (document.querySelector("council-chat")) return;
    const words = choose(chat.words, [script.dataset.lang, document.documentElement.lang]);
    new Widget(chat, new URL(script.src).origin, words).start();
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
}

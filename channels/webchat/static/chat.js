// Upgrades the chat page: messages are sent and answers arrive without loading the page again.
// Every form works without this file, and is what it falls back to when something unexpected happens.

import { Announcer } from "./announcer.js";
import { Attention } from "./attention.js";
import { Composer } from "./composer.js";
import { keepDraft } from "./draft.js";
import { Expiry } from "./expiry.js";
import { Handover } from "./handover.js";
import { Live } from "./live.js";
import { News } from "./news.js";
import { Outgoing } from "./outgoing.js";
import { frame, onFrame } from "./page.js";
import { Status } from "./status.js";
import { Transcript } from "./transcript.js";
import { Refused, newId, openSession } from "./transport.js";
import { pickFile, readPlace } from "./extras.js";

const MANY = 4; // choices: more are not read out, since they can be walked through

const section = document.querySelector("[data-chat]");
const words = JSON.parse(section.dataset.words);

const announcer = new Announcer(document.getElementById("announcer"));
const transcript = new Transcript(document.getElementById("messages"), words);
const status = new Status(words, announcer);
const expiry = new Expiry(Number(section.dataset.warning), words, announcer);
const composer = new Composer(words, Number(section.dataset.limit), announcer, (text) => post({ text }, text));
const handover = new Handover(words, announcer, (sentence) => composer.problem(sentence));
const news = new News(transcript.list, frame);
const attention = new Attention(composer.box, () => news.isInSight);
const after = document.getElementById("after");
const WITH_ASSISTANT = { owner: "assistant", busy: false, rate: false };

let hasSession = section.dataset.session === "yes";
let state = { ...WITH_ASSISTANT, owner: section.dataset.owner };

const live = new Live({
  update: take,
  lost: () => connection(true),
  found: () => connection(false),
  over: (problem) => (problem.isSwitchedOff ? location.reload() : closeChat(problem.message)),
});

const outgoing = new Outgoing({
  before: startChat,
  sending: (item) => {
    transcript.state(item, "sending");
    showPending();
  },
  sent: (item, hadFailed) => {
    const hadFocus = item.contains(document.activeElement) && document.activeElement !== item;
    transcript.state(item, "sent");
    if (hadFocus) item.focus({ preventScroll: true }); // the button is gone
    if (hadFailed) {
      composer.problem(""); // what kept it from being sent is over
      announcer.say(`${words.sent}: ${item.dataset.text || ""}`);
    }
    connection(false);
    showPending();
  },
  failed: (item, retry, problem) => {
    if (problem instanceof Refused === false) connection(true); // why comes before what
    transcript.state(item, "failed", retry);
    announcer.say(`${words.failed}: ${item.dataset.text}`);
    if (problem instanceof Refused) composer.problem(problem.message);
    showPending();
  },
  refused,
});

function showPending() {
  composer.isPending = !status.isLost && (outgoing.isPending || (state.busy && state.owner === "assistant"));
}

function connection(isLost) {
  const isBack = status.isLost && !isLost;
  status.connection(isLost);
  if (isBack) outgoing.nudge();
  showPending();
}

/** Keep the end in view while `change` adds to it, if it is in view. */
function keepEnd(change) {
  const scroll = document.getElementById("scroll");
  const isAtEnd = scroll.scrollTop + scroll.clientHeight >= scroll.scrollHeight - 8;
  change();
  if (isAtEnd) scroll.scrollTop = scroll.scrollHeight;
}

/** Bring the newest into view: all of it if it fits, otherwise its first line. */
function reveal(item) {
  const scroll = document.getElementById("scroll");
  const isOwn = scroll.scrollHeight > scroll.clientHeight;
  const view = isOwn ? scroll : document.scrollingElement;
  const top = item.getBoundingClientRect().top - (isOwn ? scroll.getBoundingClientRect().top : 0);
  const end = transcript.list.getBoundingClientRect().bottom - item.getBoundingClientRect().top;
  view.scrollTop += isOwn && end < view.clientHeight ? view.scrollHeight : top - 8;
}

/** What the assistant says is English, whatever the page speaks. */
function english(text) {
  return { text, lang: "en" };
}

function say(message, item) {
  const { from, name, attachment } = message;
  const text = [...item.querySelectorAll(".said > :not(.file)")].map((part) => part.textContent.trim()).join("\n");
  const who = name ? words.staff_named_said.replace("{name}", () => name) : words[`${from}_said`];
  const parts = [who, from === "staff" ? text : english(text)];
  if (message.choices.length > MANY) parts.push(words.choices_many_said.replace("{count}", message.choices.length));
  else if (message.choices.length) {
    parts.push(words.choices_said, english(message.choices.map((choice) => choice.title).join("; ")));
  }
  if (attachment) {
    parts.push(words[attachment.media_type.startsWith("image/") ? "picture_said" : "document_said"], attachment.title);
  }
  if (message.wants) parts.push(words[`wants_${message.wants}_said`]);
  announcer.say(...parts.flatMap((part) => [part, " "]));
}

function take(page) {
  let first = null;
  for (const message of page.messages) {
    const item = transcript.add(message);
    if (message.id) outgoing.taken(message.id);
    if (item && message.from !== "resident") {
      first ||= item;
      say(message, item);
      if (message.from === "staff") handover.heard();
      news.came();
    }
  }
  const isMoved = page.state.owner !== state.owner;
  state = page.state;
  if (isMoved) tellWebsite();
  transcript.forgetBefore(state.first);
  status.working(state.busy && state.owner === "assistant");
  const isTold = page.messages.some((message) => message.from === "system");
  keepEnd(() => handover.show(state, isTold));
  transcript.seen(state.seen);
  attention.set(state.owner, page.cursor);
  expiry.set(state.expires_in);
  showPending();
  if (first) reveal(first);
  if (state.ended) location.reload(); // staff have ended the chat: the page says so, and how to go on
}

function closeChat(sentence) {
  hasSession = false;
  live.stop();
  transcript.clear();
  state = WITH_ASSISTANT;
  tellWebsite();
  handover.show(state, true);
  attention.reset();
  news.forget();
  status.over(sentence);
  expiry.hide();
  after.hidden = true;
  showPending();
}

async function startChat() {
  if (hasSession) return;
  await openSession();
  hasSession = true;
  status.begin();
  after.hidden = false;
  live.start(0); // an answer may come although the acknowledgement is lost
}

/** The server says no, and would say no again. */
function refused(problem, message, item) {
  showPending();
  const isClosed = problem instanceof Refused && problem.status === 401;
  if (isClosed && !message.isAgain) {
    closeChat("");
    outgoing.again({ ...message, isAgain: true }, item); // in a new chat
    return;
  }
  if (isClosed && frame.isFramed && frame.full()) return; // the browser keeps no cookie for a frame
  if (isClosed || !(problem instanceof Refused)) {
    composer.submitForm(message); // no cookies, or not an answer of the interface: let the page without script try
    return;
  }
  if (problem.isSwitchedOff) {
    location.reload();
    return;
  }
  item.remove();
  transcript.release();
  if (message.file && transcript.uploadProblem(problem.message)) {
    announcer.say(problem.message);
    return;
  }
  if (message.text && !composer.box.value) composer.box.value = message.text;
  composer.problem(problem.message);
}

function post(what, shown) {
  composer.problem("");
  const message = { id: newId(), shown, ...what };
  const item = transcript.sending(message.id, shown);
  outgoing.add(message, item);
  reveal(item);
  return item;
}

// Choices and files stand in the list, and new ones come into it: one listener for all of them.
transcript.list.addEventListener("submit", (event) => {
  event.preventDefault();
  if (composer.box.readOnly) {
    announcer.say(words.wait);
    return;
  }
  const form = event.target;
  const what = form.matches(".upload") ? pickFile(form, words, announcer) : choiceOf(event.submitter);
  if (!what) return;
  const item = post(what.message, what.shown);
  transcript.hold();
  item.focus({ preventScroll: true }); // the button is gone; the next Tab leads to the next choices
});

function choiceOf({ value, textContent }) {
  return { message: { choice: value }, shown: textContent.trim() };
}

transcript.list.addEventListener("click", async (event) => {
  const button = event.target.closest(".place button");
  if (!button || composer.box.readOnly) return;
  const location = await readPlace(button, words, announcer);
  if (!location || !button.isConnected) return;
  const item = post({ location }, words.sent_location);
  transcript.hold();
  item.focus({ preventScroll: true });
});

onFrame("open", (takesFocus) => {
  news.isAway = false;
  tellWebsite();
  attention.look(true);
  if (takesFocus) composer.box.focus();
});
onFrame("closed", () => {
  news.isAway = true;
  tellWebsite();
});
document.addEventListener("visibilitychange", () => {
  news.look();
  attention.look(true);
});

/** While people have the chat, the website keeps it loaded from page to page, so that what they write is noticed. */
function tellWebsite() {
  frame.people(state.owner !== "assistant");
}

keepDraft(composer.box);
composer.box.dispatchEvent(new Event("input"));
for (const message of Outgoing.unsent()) {
  if (!transcript.has(message.id)) outgoing.add(message, transcript.sending(message.id, message.shown));
}
if (hasSession) {
  live.start(Number(section.dataset.cursor));
  if (!location.hash) reveal(transcript.list.lastElementChild);
}

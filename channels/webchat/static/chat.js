// Upgrades the chat page: messages are sent and answers arrive without loading the page again.
// Every form works without this file, and is what it falls back to when something unexpected happens.

import { Transcript } from "./transcript.js";
import { Refused, newId, openSession, readMessages, sendMessage } from "./transport.js";

const section = document.querySelector("[data-chat]");
const composer = document.getElementById("composer");
const box = document.getElementById("text");
const error = document.getElementById("error");
const count = document.getElementById("count");
const working = document.getElementById("working");
const connection = document.getElementById("connection");
const announcer = document.getElementById("announcer");

const words = JSON.parse(section.dataset.words);
const limit = Number(section.dataset.limit);
const transcript = new Transcript(document.getElementById("messages"), words);

let hasSession = section.dataset.session === "yes";
let cursor = Number(section.dataset.cursor);
let chatNumber = 0; // a chat that ends may be followed by another on the same page
let isReading = false;
let isLost = false;
let queue = Promise.resolve(); // messages go one after another, in the order in which they were sent

/** Say something to a screen reader without moving the focus. The copy goes when it has been read. */
function announce(text) {
  const line = document.createElement("p");
  line.textContent = text;
  announcer.append(line);
  setTimeout(() => line.remove(), 10_000);
}

function showProblem(sentence) {
  error.textContent = sentence;
  error.hidden = !sentence;
  box.toggleAttribute("aria-invalid", Boolean(sentence));
  box.setAttribute("aria-describedby", sentence ? "hint count error" : "hint count");
  if (sentence) announce(sentence);
}

function showWorking(isBusy) {
  if (isBusy === Boolean(working.textContent.trim())) return;
  const line = document.createElement("p");
  line.textContent = words.working;
  working.replaceChildren(...(isBusy ? [line] : []));
}

function showConnection(isNowLost) {
  if (isNowLost === isLost) return; // each change is said once
  isLost = isNowLost;
  connection.textContent = isLost ? words.lost : "";
  if (isLost) showWorking(false);
  announce(isLost ? words.lost : words.restored);
}

function showCount() {
  const left = limit - box.value.length;
  const over = -left;
  if (left > limit / 5) count.textContent = "";
  else if (left >= 0) count.textContent = (left === 1 ? words.left_one : words.left_many).replace("{count}", left);
  else count.textContent = (over === 1 ? words.over_one : words.over_many).replace("{count}", over);
}

/** Bring the newest into view: the box below it as well if both fit, otherwise the message's first line. */
function reveal(item) {
  const height = composer.getBoundingClientRect().bottom - item.getBoundingClientRect().top;
  if (height < innerHeight) composer.scrollIntoView({ block: "end" });
  else item.scrollIntoView({ block: "start" });
}

function say(message, item) {
  const said = item.querySelector(".said").textContent.replace(/\s+/g, " ").trim();
  const titles = message.choices.map((choice) => choice.title).join(", ");
  announce(`${words[`${message.from}_said`]} ${said}${titles ? ` ${words.choices_said} ${titles}` : ""}`);
}

function take(page) {
  let first = null;
  for (const message of page.messages) {
    const item = transcript.add(message);
    if (item && message.from !== "resident") {
      first ||= item;
      say(message, item);
    }
  }
  cursor = page.cursor;
  showWorking(page.state.busy && page.state.owner === "assistant");
  if (first) reveal(first);
}

const pause = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

/** Read for as long as there is a session. A lost connection is tried again, ever more slowly. */
async function read() {
  if (isReading) return;
  isReading = true;
  let wait = 1;
  while (hasSession) {
    const asked = chatNumber;
    try {
      take(await readMessages(cursor));
      showConnection(false);
      wait = 1;
    } catch (problem) {
      if (problem instanceof Refused && problem.status === 401) {
        if (asked === chatNumber) closeChat(problem.message);
      } else {
        showConnection(!(problem instanceof Refused && problem.status === 429));
        await pause((problem instanceof Refused && problem.retryAfter) || wait);
        wait = Math.min(wait * 2, 15);
      }
    }
  }
  isReading = false;
}

function closeChat(sentence) {
  hasSession = false;
  cursor = 0;
  transcript.settle();
  transcript.closeChat();
  showWorking(false);
  document.getElementById("after").hidden = true;
  connection.textContent = sentence;
  if (sentence) announce(sentence);
}

async function startChat() {
  if (hasSession) return;
  ({ cursor } = await openSession());
  hasSession = true;
  chatNumber += 1;
  connection.textContent = "";
  document.getElementById("after").hidden = false;
}

/** Send one message, which may be tried again with the same id as often as it takes. */
function send(message, item) {
  queue = queue.then(async () => {
    transcript.state(item, "sending");
    try {
      await startChat();
      await sendMessage(message);
      transcript.state(item, "sent");
      showConnection(false);
      read();
    } catch (problem) {
      fail(problem, message, item);
    }
  });
}

function fail(problem, message, item) {
  if (!item.dataset.text) return; // only the acknowledgement was lost: the server has said it since
  const isTemporary = !(problem instanceof Refused) || problem.status === 429 || problem.status >= 500;
  const isClosed = problem instanceof Refused && problem.status === 401;
  if (problem instanceof SyntaxError || (isClosed && message.isAgain)) {
    submitForm(message); // not an answer of the interface, or no cookies: let the page without script try
  } else if (isClosed) {
    closeChat("");
    send({ ...message, isAgain: true }, item); // in a new chat
  } else if (isTemporary) {
    transcript.state(item, "failed", () => send(message, item));
    announce(`${words.failed}: ${item.dataset.text}`);
    if (problem instanceof Refused) showProblem(problem.message);
    else showConnection(true);
  } else {
    item.remove();
    if (message.text && !box.value) box.value = message.text;
    showProblem(problem.message);
  }
}

function submitForm(message) {
  composer.elements.message_id.value = message.id;
  box.value = message.text || "";
  if (message.choice) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "choice", value: message.choice });
    box.removeAttribute("name");
    composer.append(field);
  }
  composer.submit();
}

function post(message, text) {
  showProblem("");
  const item = transcript.sending(text);
  send(message, item);
  reveal(item);
  return item;
}

composer.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = box.value.trim();
  if (!text) {
    showProblem(words.empty);
    box.focus();
    return;
  }
  if (box.value.length > limit) {
    showProblem(words.too_long);
    box.focus();
    return;
  }
  box.value = "";
  showCount();
  post({ id: newId(), text }, text);
  box.focus({ preventScroll: true });
});

// Choices stand in the list, and new ones come into it: one listener for all of them.
transcript.list.addEventListener("submit", (event) => {
  event.preventDefault();
  const { value, textContent } = event.submitter;
  const item = post({ id: newId(), choice: value }, textContent.trim());
  transcript.settle();
  item.focus({ preventScroll: true }); // the button is gone; the next Tab leads to the next choices
});

box.addEventListener("input", showCount);
box.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  composer.requestSubmit();
});

document.getElementById("leave").addEventListener("click", (event) => {
  event.preventDefault();
  location.replace(event.currentTarget.href); // so that "back" does not lead here
});

showCount();
if (hasSession) {
  read();
  if (!location.hash) reveal(transcript.list.lastElementChild);
}

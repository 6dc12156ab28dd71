// What the page asks of the interface (docs/webchat-api.md), and nothing about how it looks.
// The session is in an HttpOnly cookie, which no script can read: only whether there is one is known here.

const isFramed = window.parent !== window;

export class Refused extends Error {
  constructor(status, sentence, after, kind) {
    super(sentence);
    this.status = status;
    this.retryAfter = after;
    this.kind = kind;
  }

  /** Whether the same may be asked again in a moment. */
  get isTemporary() {
    return (this.status === 429 || this.status >= 500) && !this.isSwitchedOff;
  }

  /** The council has switched the chat off: the page says so, and how to reach it. */
  get isSwitchedOff() {
    return this.kind === "switched_off";
  }
}

/** A UUID also where the page is not served securely and crypto.randomUUID does not exist. */
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** One call. Rejects with Refused when the server says no, and with TypeError when it cannot be reached. */
async function call(method, path, body, signal) {
  const isForm = body instanceof FormData;
  const response = await fetch(path, {
    method,
    signal,
    cache: "no-store",
    headers: body && !isForm ? { "Content-Type": "application/json" } : {},
    body: body && (isForm ? body : JSON.stringify(body)),
  });
  if (response.status === 204) return null;
  const answer = await response.json();
  if (response.ok) return answer;
  const kind = String(answer.type).split("/").pop();
  throw new Refused(response.status, answer.detail, Number(response.headers.get("Retry-After")) || 0, kind);
}

export function openSession() {
  return call("POST", `/webchat/sessions${isFramed ? "?framed=1" : ""}`);
}

/** `message` is {id, text}, {id, choice}, {id, location} or {id, file}; sent again with the same id, it counts once. */
export function sendMessage({ id, text, choice, location, file }) {
  if (!file) return call("POST", "/webchat/messages", { id, text, choice, location });
  const form = new FormData();
  form.append("id", id);
  form.append("file", file);
  return call("POST", "/webchat/uploads", form);
}

/** What was said after `cursor`, at once or as soon as there is something that revision `known` did not have. */
export function readMessages(cursor, wait, known) {
  const query = `after=${cursor}&wait=${wait}${known === null ? "" : `&known=${known}`}`;
  return call("GET", `/webchat/messages?${query}`, undefined, AbortSignal.timeout?.((wait + 15) * 1000));
}

/** The stream of what is said after `cursor`; null where a browser has none. */
export function openEvents(cursor) {
  return window.EventSource ? new EventSource(`/webchat/events?after=${cursor}`) : null;
}

export function keepOpen() {
  return call("POST", "/webchat/keep");
}

/** Wait for a person no longer; who has the chat then. */
export function stopWaiting() {
  return call("POST", "/webchat/stop-waiting");
}

/** The chat is in sight and was read up to `cursor`. */
export function attend(cursor, isTyping) {
  return call("POST", `/webchat/${isTyping ? "typing" : "seen"}?cursor=${cursor}`);
}

/** The page goes; an ordinary call would go with it. */
export function leave() {
  navigator.sendBeacon?.("/webchat/seen?leaves=1");
}

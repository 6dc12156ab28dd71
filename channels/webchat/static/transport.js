// What the page asks of the interface (docs/webchat-api.md), and nothing about how it looks.
// The session is in an HttpOnly cookie, which no script can read: only whether there is one is known here.

export class Refused extends Error {
  constructor(status, sentence, after) {
    super(sentence);
    this.status = status;
    this.retryAfter = after;
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
  const response = await fetch(path, {
    method,
    signal,
    cache: "no-store",
    headers: body ? { "Content-Type": "application/json" } : {},
    body: body && JSON.stringify(body),
  });
  const answer = await response.json();
  if (response.ok) return answer;
  throw new Refused(response.status, answer.detail, Number(response.headers.get("Retry-After")) || 0);
}

export function openSession() {
  return call("POST", "/webchat/sessions");
}

/** `message` is {id, text} or {id, choice}; sent again with the same id, it counts once. */
export function sendMessage(message) {
  const { id, text, choice } = message;
  return call("POST", "/webchat/messages", { id, text, choice });
}

/** What was said after `cursor`, as soon as there is something. A dead connection is noticed after 40 s. */
export function readMessages(cursor) {
  return call("GET", `/webchat/messages?after=${cursor}&wait=25`, undefined, AbortSignal.timeout?.(40_000));
}

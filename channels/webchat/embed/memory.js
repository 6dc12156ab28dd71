// Whether the chat is open, or put away while people may write in it, from page to page of one tab. Only that: who is chatting is
// the frame's business.

const KEY = "council-chat";
export const OPEN = "open";
export const WAITING = "waiting"; // put away, while people may write in it
export const CLOSED = "closed";

export function remember(how) {
  try {
    sessionStorage.setItem(KEY, how);
  } catch {
    // storage is switched off: the next page begins closed
  }
}

export function remembered() {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return CLOSED;
  }
}

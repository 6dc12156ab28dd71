// Whether the chat is open, from page to page of one tab. Only that: who is chatting is the frame's business.

const KEY = "council-chat";

export function remember(isOpen) {
  try {
    sessionStorage.setItem(KEY, isOpen ? "open" : "closed");
  } catch {
    // storage is switched off: the next page begins closed
  }
}

export function wasOpen() {
  try {
    return sessionStorage.getItem(KEY) === "open";
  } catch {
    return false;
  }
}

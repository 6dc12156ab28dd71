// The message that is being written, kept while pages change (sessionStorage: this tab only, gone with it).

const KEY = "chat-draft";

export function keepDraft(box) {
  try {
    if (!box.value) box.value = sessionStorage.getItem(KEY) || "";
    box.addEventListener("input", () => sessionStorage.setItem(KEY, box.value));
  } catch {
    // A browser may allow no storage; then a page change loses the draft.
  }
}

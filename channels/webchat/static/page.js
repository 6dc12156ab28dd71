// What every page of the chat does: the quick exit, and in the frame of a website putting the chat away.

import { connect } from "./frame.js";

const listeners = { open: [], closed: [] };

/** The line to the website that shows this page in a frame; without one nothing is said. */
export const frame = connect({
  open: (takesFocus) => listeners.open.forEach((listener) => listener(takesFocus)),
  closed: () => listeners.closed.forEach((listener) => listener()),
});

/** Hear when the chat is shown and put away. */
export function onFrame(name, listener) {
  listeners[name].push(listener);
}

/** Nothing that was written stays on this device, and the chat opens to nobody who comes after. */
function leaveNothing() {
  try {
    sessionStorage.clear();
  } catch {
    // nothing was kept
  }
  navigator.sendBeacon?.("/webchat/end?leave=1");
  document.title = "";
  document.body.replaceChildren(); // the next page may take its time
}

document.getElementById("leave").addEventListener("click", (event) => {
  event.preventDefault();
  leaveNothing();
  if (!frame.leave()) location.replace(event.currentTarget.href); // so that "back" does not lead here
});

// In a frame a link to elsewhere would open in the frame, where most websites refuse to be shown.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (frame.isFramed && link && link.origin !== location.origin) link.target = "_top";
});

// Ended here, the chat is cleared from this tab as well.
document.querySelector("[data-ends-chat]")?.addEventListener("submit", () => {
  try {
    sessionStorage.clear();
  } catch {
    // nothing was kept
  }
});

document.querySelector(".summary[autofocus], .done[tabindex]")?.focus();

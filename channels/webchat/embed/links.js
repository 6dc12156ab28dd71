// The links that open the chat: the launcher, and any that the page has itself, as it needs them without JavaScript.

const LINKS = "[data-council-chat]";

/** The page's own link to the chat that an event is about, unless the page has dealt with the event already. */
export function linkOf(event) {
  return event.defaultPrevented ? null : event.target.closest?.(LINKS);
}

/** Say to a screen reader what a press does: where the chat opens over the page, a link is a button. */
export function mark(launcher, isButton, isOpen) {
  for (const link of [launcher, ...document.querySelectorAll(LINKS)]) {
    if (isButton) {
      link.setAttribute("role", "button");
      link.setAttribute("aria-expanded", isOpen);
    } else {
      link.removeAttribute("role");
      link.removeAttribute("aria-expanded");
    }
  }
}

/** Whether a click asks for nothing special, such as a new tab. */
export function isPlain(event) {
  return event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
}

/** Space presses a button, but not a link. */
export function pressOnSpace(event, link) {
  if (event.key !== " " || link.getAttribute("role") !== "button") return;
  event.preventDefault();
  if (!event.repeat) link.click();
}

// The chat page's side of the widget: whether the page stands in a frame on a council's website, and the line to it.
// The website's script (../embed/) gives a port to the page once it has loaded; nothing is said or heard except on it.

const isFramed = window.parent !== window;

/**
 * Listen for the line. To be called while the page loads: later it has been offered already.
 * `open(takesFocus)` is called when the chat is shown, `closed()` when it is put away.
 * What is sent tells whether there was a line to send it on.
 */
export function connect({ open, closed } = {}) {
  let port = null;

  const send = (message) => {
    port?.postMessage(message);
    return port !== null;
  };

  const hear = ({ data }) => {
    if (data.type === "open") open?.(data.focus);
    if (data.type === "closed") closed?.();
  };

  const take = (event) => {
    if (event.source !== window.parent || event.data?.type !== "council-chat" || !event.ports[0]) return;
    removeEventListener("message", take); // one line only
    port = event.ports[0];
    port.onmessage = hear;
  };

  const frame = {
    isFramed,
    close: () => send({ type: "close" }),
    /** How many messages came since the chat was put away. */
    news: (count) => send({ type: "news", count }),
    /** Whether people have the chat, or are asked for it. */
    people: (areThere) => send({ type: "people", areThere }),
    /** Go on in the whole window. */
    full: () => send({ type: "full" }),
    /** The quick exit: the website's script takes the whole window to the one address that it knows. */
    leave: () => send({ type: "leave" }),
  };

  if (isFramed) {
    addEventListener("message", take);
    addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.defaultPrevented && !event.isComposing) frame.close();
    });
  }
  return frame;
}

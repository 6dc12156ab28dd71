// The line to the page in the frame: a port of its own, which no other window can hear or speak on.

/** Each page that the frame loads is given a new port; `onPage` may then say the first word. */
export class Channel {
  constructor(frame, origin, onPage, onMessage) {
    this.port = null;
    frame.addEventListener("load", () => {
      this.port?.close();
      const { port1, port2 } = new MessageChannel();
      this.port = port1;
      port1.onmessage = (event) => onMessage(event.data);
      frame.contentWindow.postMessage({ type: "council-chat" }, origin, [port2]);
      onPage();
    });
  }

  say(message) {
    this.port?.postMessage(message);
  }
}

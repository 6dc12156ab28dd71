// Says things to a screen reader without moving the focus, one after another, so that none is dropped.

const BETWEEN = 400; // ms from one sentence to the next
const KEPT = 5000; // ms; a screen reader has taken it by then, and who reads the page finds nothing twice

const waiting = [];
let isBusy = false;
const region = document.getElementById("announcer") ?? makeRegion();

function makeRegion() {
  const made = document.createElement("div");
  made.id = "announcer";
  made.className = "hidden";
  made.setAttribute("aria-live", "polite");
  document.querySelector("main").append(made);
  return made;
}

/** Say one sentence politely: after whatever is being read. */
export function say(sentence) {
  waiting.push(sentence);
  if (!isBusy) next();
}

function next() {
  const sentence = waiting.shift();
  isBusy = sentence !== undefined;
  if (!isBusy) return;
  const line = document.createElement("p");
  line.textContent = sentence;
  region.append(line);
  setTimeout(() => line.remove(), KEPT);
  setTimeout(next, BETWEEN);
}

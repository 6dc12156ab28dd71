// What somebody has chosen for this browser: a check box each, kept in localStorage and on no server.

const KEY = (name) => `desk ${name}`;

function read(name) {
  try {
    return localStorage.getItem(KEY(name));
  } catch {
    return null; // a browser that keeps nothing has what the page says
  }
}

function keep(name, isOn) {
  try {
    localStorage.setItem(KEY(name), isOn ? "on" : "off");
  } catch {
    // it holds until the page is left
  }
}

const box = (name) => document.querySelector(`input[data-choice="${name}"]`);

for (const each of document.querySelectorAll("input[data-choice]")) {
  const kept = read(each.dataset.choice);
  if (kept) each.checked = kept === "on";
}

/** Whether it is switched on. */
export function isChosen(name) {
  return box(name)?.checked ?? false;
}

/** `allow(isOn)` may say, also later, that it cannot be so: then it stays off. */
export function onChoice(name, allow = () => true) {
  box(name)?.addEventListener("change", async ({ target }) => {
    if (!(await allow(target.checked))) target.checked = false;
    keep(name, target.checked);
  });
}

// Makes one part of the page equal to a fresh one, and leaves alone what is the same already: the focus, the place
// where somebody reads and what is open stay as they are. Elements with an id are recognised wherever they move.

/** Give `old` the attributes and the content of `fresh`. The focus stays, or goes to the heading of what has gone. */
export function merge(old, fresh) {
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const heading = focused?.closest("section")?.querySelector("h2");
  mergeNode(old, fresh);
  if (!focused || document.activeElement === focused) return;
  if (focused.isConnected) focused.focus({ preventScroll: true });
  else focusOn(heading?.isConnected ? heading : old);
}

function focusOn(place) {
  place.tabIndex = -1;
  place.focus({ preventScroll: true });
}

function mergeNode(old, fresh) {
  if (old.isEqualNode(fresh)) return;
  if (old.nodeType !== Node.ELEMENT_NODE) {
    old.nodeValue = fresh.nodeValue;
    return;
  }
  mergeAttributes(old, fresh);
  mergeChildren(old, fresh);
}

function mergeAttributes(old, fresh) {
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
}

function mergeChildren(old, fresh) {
  const stay = new Set([...fresh.children].map((child) => child.id).filter(Boolean));
  const known = new Map();
  for (const child of [...old.children]) {
    if (!child.id) continue;
    if (stay.has(child.id)) known.set(child.id, child);
    else child.remove();
  }
  let at = old.firstChild;
  for (const next of [...fresh.childNodes]) {
    const same = next.id ? known.get(next.id) : isLike(at, next) ? at : null;
    if (!same || same.nodeName !== next.nodeName) {
      old.insertBefore(next, at);
    } else {
      if (same === at) at = at.nextSibling;
      else old.insertBefore(same, at);
      mergeNode(same, next);
    }
  }
  while (at) {
    const gone = at;
    at = at.nextSibling;
    gone.remove();
  }
}

function isLike(old, fresh) {
  return old && !old.id && old.nodeName === fresh.nodeName;
}

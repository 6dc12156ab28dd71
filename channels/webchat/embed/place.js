// What has the focus on the page must never be hidden by the chat (WCAG 2.2, 2.4.11).

// Where the launcher may stand, best first.
const CORNERS = ["", "start", "top", "top start"];
const PATIENCE = 1000; // a page that scrolls smoothly to what it focuses is there by then

/** How much of `element` lies under `cover`, from 0 to 1 of what is in view. */
function hidden(cover, element) {
  const over = cover.getBoundingClientRect();
  const box = element.getBoundingClientRect();
  const [left, top] = [Math.max(box.left, 0), Math.max(box.top, 0)];
  const [right, bottom] = [Math.min(box.right, innerWidth), Math.min(box.bottom, innerHeight)];
  const width = Math.min(right, over.right) - Math.max(left, over.left);
  const height = Math.min(bottom, over.bottom) - Math.max(top, over.top);
  return width > 0 && height > 0 ? (width * height) / ((right - left) * (bottom - top)) : 0;
}

/** Whether `cover` hides a part of something small, or most of something that is larger than itself. */
export function covers(cover, element) {
  const isLarge = element.offsetWidth > cover.offsetWidth || element.offsetHeight > cover.offsetHeight;
  return hidden(cover, element) > (isLarge ? 0.5 : 0);
}

/** Move the launcher to the first corner in which it leaves `element` in sight. */
export function giveWay({ surface, launcher }, element) {
  for (const corner of [...CORNERS, ""]) {
    surface.dataset.corner = corner;
    if (!hidden(launcher, element)) return;
  }
}

/** Tell `check` what has the focus on the page whenever that changes, once it stands where it will stand. */
export function watch(host, check) {
  let focused = null;
  let until = 0;
  const look = () => {
    if (focused?.isConnected) check(focused);
  };
  const onFocus = (target) => {
    focused = target;
    until = performance.now() + PATIENCE;
    requestAnimationFrame(look);
  };
  document.addEventListener("focusin", (event) => {
    const path = event.composedPath();
    onFocus(path.includes(host) ? null : path[0]);
  });
  document.addEventListener(
    "scroll",
    () => {
      if (performance.now() < until) requestAnimationFrame(look);
    },
    { capture: true, passive: true },
  );
  addEventListener("resize", look);
  const active = document.activeElement;
  if (active && active !== document.body) onFocus(active); // focused before there was a chat
}

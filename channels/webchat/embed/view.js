// The launcher and the panel, out of reach of the page's own styles: they stand in a shadow root, and in the top
// layer, which no transform, stacking order or clipping of the page has power over.

const SVG = "http://www.w3.org/2000/svg";
const BUBBLE = "M3 3h18v13H11l-5 5v-5H3z";

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function bubble() {
  const [icon, path] = ["svg", "path"].map((tag) => document.createElementNS(SVG, tag));
  icon.setAttribute("viewBox", "0 0 24 24");
  icon.setAttribute("aria-hidden", "true");
  path.setAttribute("d", BUBBLE);
  icon.append(path);
  return icon;
}

/** Everything that can be seen, closed. `address` is the chat's full page. */
export function build(css, words, address) {
  const label = make("span", {}, words.launcher);
  const launcher = make("a", { href: address, class: "launcher" }, bubble(), label);
  const full = make("a", { href: address }, words.full);
  const close = make("button", { type: "button" }, words.minimise);
  const panel = make("div", { class: "panel" }, make("div", { class: "bar" }, full, close));
  const status = make("p", { class: "status", role: "status" });
  const surface = make(
    "section",
    { class: "surface", "aria-label": words.title, lang: words.tag, dir: words.direction, popover: "manual" },
    launcher, panel, status,
  );
  const host = make("council-chat");
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet(); // made by script, so that the page's policy need not allow styles
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [sheet];
  root.append(surface);
  document.documentElement.append(host); // beside the body, whose content some pages exchange
  surface.showPopover?.();
  return { host, root, surface, launcher, label, full, close, panel, status };
}

/** The frame with the chat. It is made when the chat is first opened: until then the page asks nothing of the chat. */
export function frame(words, address) {
  return make("iframe", {
    src: address,
    title: words.title,
    allow: "geolocation",
    referrerpolicy: "no-referrer", // which page somebody reads is not the chat's business
  });
}

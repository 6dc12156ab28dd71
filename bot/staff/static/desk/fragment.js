// A part of the page that the server makes anew whenever there is news. It is asked for at most once a second, and
// now and then without news too: how long somebody waits is told in words that grow old.

import { listen } from "./live.js";
import { merge } from "./merge.js";

const LEAST = 1000; // ms between two requests
const AGES = 15_000; // ms

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** Keep `place` as `address` has it; `changed` is told after each change. */
export function follow(place, address, changed = () => {}) {
  let tag = "";
  let isBusy = false;
  let isWanted = false;

  async function load() {
    const headers = tag ? { "If-None-Match": tag } : {};
    const answer = await fetch(address, { headers, redirect: "manual", cache: "no-store" });
    if (answer.status !== 200) return; // 304: nothing is new; anything else live.js says
    tag = answer.headers.get("ETag") ?? "";
    const fresh = place.cloneNode(false);
    fresh.append(...new DOMParser().parseFromString(await answer.text(), "text/html").body.childNodes);
    merge(place, fresh);
    changed();
  }

  async function refresh() {
    isWanted = true;
    if (isBusy) return;
    isBusy = true;
    while (isWanted) {
      isWanted = false;
      await load().catch(() => {}); // live.js says that the connection is lost
      await pause(LEAST);
    }
    isBusy = false;
  }

  listen("*", refresh);
  setInterval(refresh, AGES);
}

// Keeps the page up to date: by server-sent events, or where these do not come through by long polling.
// A page in the background asks now and then instead: browsers allow few open connections to one site, and many
// tabs with one each would leave none to send a message on.

import { Refused, openEvents, readMessages } from "./transport.js";

const FIRST_EVENT = 6; // seconds in which a stream says how things stand; a proxy that holds it back does not
const SILENCE = 45; // seconds; the server says something every 20
const IN_BACKGROUND = 20; // seconds between looks
const LONG_POLL = 25;
const LONGEST_PAUSE = 15;

const pause = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

export class Live {
  #handlers;
  #cursor = 0;
  #known = null;
  #run = 0; // a stop, or a start, makes whatever still waits for an answer give up
  #wake = () => {};
  #mayStream = true;

  /** `handlers`: update(page), lost(), found(), over(problem). */
  constructor(handlers) {
    this.#handlers = handlers;
    document.addEventListener("visibilitychange", () => this.#wake());
    addEventListener("online", () => this.#wake());
  }

  get isRunning() {
    return this.#run % 2 === 1;
  }

  start(cursor) {
    if (this.isRunning) return;
    this.#run += 1;
    this.#cursor = cursor;
    this.#known = null;
    this.#follow(this.#run);
  }

  stop() {
    if (this.isRunning) this.#run += 1;
    this.#wake();
  }

  async #follow(run) {
    let wait = 1;
    while (this.#run === run) {
      try {
        if (document.hidden) await this.#look(run);
        else if (this.#mayStream) await this.#stream(run);
        else await this.#poll(run, LONG_POLL);
        wait = 1;
      } catch (problem) {
        if (this.#run !== run) return;
        if (problem instanceof Refused && !problem.isTemporary) {
          this.stop();
          this.#handlers.over(problem);
          return;
        }
        if (!(problem instanceof Refused && problem.status === 429)) this.#handlers.lost();
        await Promise.race([pause((problem instanceof Refused && problem.retryAfter) || wait), this.#woken()]);
        wait = Math.min(wait * 2, LONGEST_PAUSE);
      }
    }
  }

  #woken() {
    return new Promise((done) => {
      this.#wake = done;
    });
  }

  #take(run, page) {
    if (this.#run !== run) return;
    this.#cursor = page.cursor;
    this.#known = page.state.revision;
    this.#handlers.found();
    this.#handlers.update(page);
  }

  async #poll(run, seconds) {
    this.#take(run, await readMessages(this.#cursor, seconds, this.#known));
  }

  async #look(run) {
    await this.#poll(run, 0);
    await Promise.race([pause(IN_BACKGROUND), this.#woken()]);
  }

  /** One stream, until it breaks, goes quiet, or the page goes into the background. */
  async #stream(run) {
    const source = openEvents(this.#cursor);
    if (!source) {
      this.#mayStream = false;
      return;
    }
    const messages = [];
    let hasSpoken = false;
    let timer = null;
    try {
      await new Promise((done, fail) => {
        const patience = (seconds) => {
          clearTimeout(timer);
          timer = setTimeout(fail, seconds * 1000);
        };
        patience(FIRST_EVENT);
        this.#wake = () => {
          if (document.hidden || this.#run !== run) done();
        };
        source.onerror = fail;
        source.addEventListener("message", (event) => messages.push(JSON.parse(event.data)));
        source.addEventListener("state", (event) => {
          hasSpoken = true;
          patience(SILENCE);
          const cursor = messages.length ? messages.at(-1).seq : this.#cursor;
          this.#take(run, { messages: messages.splice(0), cursor, state: JSON.parse(event.data) });
        });
        source.addEventListener("end", (event) => {
          const { status, detail, type } = JSON.parse(event.data);
          fail(new Refused(status, detail, 0, type.split("/").pop()));
        });
        source.addEventListener("beat", () => patience(SILENCE));
      });
    } catch (problem) {
      if (problem instanceof Refused) throw problem;
      // Whatever it was, a plain read tells: the connection, the session, or only the stream.
      await this.#poll(run, 0);
      if (!hasSpoken) this.#mayStream = false;
    } finally {
      clearTimeout(timer);
      source.close();
    }
  }
}

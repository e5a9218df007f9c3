// One customer's conversation with one bot: its turns, the messages still under way, and how
// both survive lost connections, reloads, other tabs and expired sessions. Knows no document.

import { Problem } from "./api.js";
import { Chapter } from "./chapter.js";
import { Patience } from "./patience.js";

const WATCH_HUMAN_SECONDS = 5;
const OFFLINE_SECONDS = 30;

/** A name no other message has; also where the page is served without TLS. */
function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Conversation {
  onChange = () => {};
  onNotice = () => {};
  phase = "opening"; // opening | ready | unreachable | refused | expired
  reason = "";
  chapters = [];
  pending = [];
  #api;
  #storage;
  #bot;
  #sending = false;
  #patience = new Patience();
  #watcher = null;

  constructor({ api, storage, bot }) {
    this.#api = api;
    this.#storage = storage;
    this.#bot = bot;
    storage.listen({ session: (found) => this.#follow(found), latest: (news) => this.#hear(news) });
    window.addEventListener("online", () => this.poke());
    document.addEventListener("visibilitychange", () => document.hidden || this.#watch());
  }

  get current() { return this.chapters.at(-1) ?? null; }
  get session() { return this.current?.session ?? null; }
  get owner() { return this.current?.sorted.at(-1)?.owner ?? "bot"; }
  get isUsed() { return this.pending.length > 0 || this.chapters.some((chapter) => chapter.isUsed); }
  get isWaiting() {
    return this.phase === "ready" && this.pending.some((item) => item.state === "sending");
  }

  /** Go on with the conversation kept in this browser, or open one. */
  async start() {
    await this.#alone(() =>
      this.#persist(() => {
        const saved = this.#storage.session;
        return saved ? this.#resume(saved) : this.#open();
      }),
    );
  }

  /** Leave the present conversation and open another; earlier ones stay visible on request. */
  async renew({ keep = false } = {}) {
    const held = this.pending.filter((item) => item.text !== undefined).map((item) => item.text);
    this.#storage.clear();
    this.pending = [];
    if (!keep) this.chapters = [];
    this.#enter("opening");
    await this.#persist(() => this.#open());
    return held;
  }

  /** Delete the conversation at the service, then open another. */
  async remove() {
    try {
      if (this.session) await this.#api.remove(this.session);
    } catch (problem) {
      if (!problem.isGone) throw problem;
    }
    await this.renew();
  }

  /** Send a text or a quick reply; messages go out one at a time, in order. */
  send(message) {
    const item = { id: newId(), at: Date.now(), ...message };
    this.pending.push({ ...item, state: "sending", attempts: 0 });
    this.#storage.keep(this.session?.session_id ?? null, item);
    this.onChange();
    this.#drain();
  }

  /** Try again now whatever is waiting. */
  poke() {
    for (const item of this.phase === "ready" ? this.pending : []) {
      if (item.state === "failed") Object.assign(item, { state: "sending", attempts: 0 });
    }
    this.#patience.wake();
    this.onChange();
    this.#drain();
  }

  /** Take back a message the service refused. */
  withdraw(id) {
    this.pending = this.pending.filter((item) => item.id !== id);
    this.#storage.forget(id);
    this.onChange();
  }

  async rate(chapter, turn, rating) {
    const show = (state) => {
      chapter.ratings.set(turn, { rating, state });
      this.onChange();
    };
    show("sending");
    try {
      await this.#api.rate(chapter.session, turn, rating);
      this.#storage.rate(chapter.session.session_id, turn, rating);
      show("kept");
    } catch {
      show("failed");
    }
  }

  #enter(phase, reason = "") {
    this.phase = phase;
    this.reason = reason;
    this.onChange();
  }

  /** Two tabs opened at once must not open two sessions. */
  async #alone(work) {
    let isBegun = false;
    const begin = () => {
      isBegun = true;
      return work();
    };
    try {
      await navigator.locks.request(`sangdam/${this.#bot}`, begin);
    } catch (error) {
      if (isBegun) throw error;
      await work(); // no locks here, or none for a frame without storage
    }
  }

  /** Do the opening work until it succeeds or is refused. */
  async #persist(work) {
    for (let attempt = 0; ; attempt += 1) {
      try {
        await work();
        this.#enter("ready");
        this.#watch();
        this.#drain();
        return;
      } catch (problem) {
        if (!(problem instanceof Problem)) throw problem;
        if (!problem.isTemporary) return this.#enter("refused", problem.detail);
        this.#enter("unreachable");
        await this.#patience.pause(Patience.after(problem, attempt));
      }
    }
  }

  async #open() {
    const { session_id, token, reply } = await this.#api.open(this.#bot);
    const chapter = new Chapter({ session_id, token, language: this.#api.language });
    chapter.add({ turn: 0, at: Date.now(), message: null, reply, owner: "bot" });
    this.#storage.session = chapter.session;
    for (const item of this.pending) this.#storage.keep(session_id, item);
    this.chapters.push(chapter);
  }

  async #resume(session) {
    try {
      await this.#restore(session);
    } catch (problem) {
      if (!problem.isGone) throw problem;
      this.#storage.clear();
      await this.#open();
      this.onNotice("expiredEarlier");
    }
    // A greeting nobody answered yet can still change its language.
    if (!this.isUsed && this.session.language !== this.#api.language) await this.renew();
  }

  async #restore(session) {
    const chapter = new Chapter(session);
    await this.#fetch(chapter);
    for (const { turn } of chapter.sorted) {
      const rating = this.#storage.rating(session.session_id, turn);
      if (rating) chapter.ratings.set(turn, { rating, state: "kept" });
    }
    for (const item of this.#storage.unsent(session.session_id)) {
      if (this.pending.some(({ id }) => id === item.id)) continue;
      this.pending.push({ ...item, state: "sending", attempts: 0 });
    }
    this.#settle(chapter);
    this.chapters = [chapter];
  }

  /** Add what the service holds after turn `after`. */
  async #fetch(chapter, after = -1) {
    for (let next = after; ; ) {
      const page = await this.#api.turns(chapter.session, next);
      for (const turn of page.turns) chapter.add({ ...turn, at: new Date(turn.at).getTime() });
      if (page.next === null || page.next === undefined || page.turns.length === 0) return;
      next = page.next;
    }
  }

  async #catchUp(chapter, after = chapter.last) {
    try {
      await this.#fetch(chapter, after);
      this.#settle(chapter);
      this.onChange();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem; // a later turn brings what is missing
    }
  }

  async #drain() {
    if (this.#sending) return;
    this.#sending = true;
    try {
      for (;;) {
        const item = this.pending.find(({ state }) => state !== "rejected");
        if (!item || item.state === "failed" || this.phase !== "ready") break;
        await this.#attempt(item, this.current);
      }
    } finally {
      this.#sending = false;
    }
  }

  async #attempt(item, chapter) {
    const set = (change) => {
      Object.assign(item, change);
      this.onChange();
    };
    if (!navigator.onLine) {
      set({ state: "waiting" });
      await this.#patience.pause(OFFLINE_SECONDS); // a browser may be wrong about being offline
    }
    set({ state: "sending" });
    try {
      const answer = await this.#api.send(chapter.session, item);
      this.#receive(item, chapter, answer);
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      if (chapter !== this.current) return;
      if (problem.isGone) {
        for (const each of this.pending) each.state = "failed";
        this.#enter("expired");
      } else if (!problem.isTemporary) {
        set({ state: "rejected", reason: problem.detail });
      } else if (item.attempts >= Patience.attempts) {
        set({ state: "failed" });
      } else {
        const wait = Patience.after(problem, item.attempts);
        const state = problem.retryAfter ? "busy" : "retrying";
        set({ state, wait, attempts: item.attempts + 1 });
        await this.#patience.pause(wait);
      }
    }
  }

  #receive({ id, text, quick_reply, label }, chapter, answer) {
    const said = quick_reply === undefined ? { text } : { quick_reply, label };
    const { last } = chapter;
    chapter.add({ ...answer, at: Date.now(), message: { message_id: id, ...said } });
    this.#settle(chapter);
    this.#storage.announce(chapter.session.session_id, answer.turn);
    this.onChange();
    if (answer.turn > last + 1) this.#catchUp(chapter, last);
    this.#watch();
  }

  /** Messages that stand among the turns are no longer under way. */
  #settle(chapter) {
    for (const { id } of this.pending.filter((item) => chapter.holds(item.id))) {
      this.pending = this.pending.filter((item) => item.id !== id);
      this.#storage.forget(id);
    }
  }

  /** Another tab opened or dropped a session: go along, unless our own messages are under way. */
  async #follow(session) {
    if (!session || session.session_id === this.session?.session_id) return;
    if (this.pending.length > 0 || this.phase === "opening") return;
    try {
      await this.#restore(session);
      this.#enter("ready");
      this.#watch();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem; // stay with the conversation we have
    }
  }

  /** Another tab had a turn. */
  #hear(news) {
    const { current } = this;
    if (news?.session_id !== current?.session.session_id || current.turns.has(news.turn)) return;
    this.#catchUp(current);
  }

  /** While a person owns the conversation, look for what they write. */
  #watch() {
    clearTimeout(this.#watcher);
    if (this.owner !== "human" || this.phase !== "ready" || document.hidden) return;
    this.#watcher = setTimeout(async () => {
      if (!this.#sending) await this.#catchUp(this.current);
      this.#watch();
    }, WATCH_HUMAN_SECONDS * 1000);
  }
}

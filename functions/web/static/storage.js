// What the page remembers between visits. Every entry has a key of its own, so several tabs
// never overwrite each other; where the browser forbids storage, memory takes its place.

class Memory {
  #entries = new Map();
  get length() { return this.#entries.size; }
  key(index) { return [...this.#entries.keys()][index] ?? null; }
  getItem(key) { return this.#entries.get(key) ?? null; }
  setItem(key, value) { this.#entries.set(key, value); }
  removeItem(key) { this.#entries.delete(key); }
}

function area(name) {
  try {
    const found = window[name]; // throws where a frame may not store
    found.setItem("sangdam/probe", "1");
    found.removeItem("sangdam/probe");
    return found;
  } catch {
    return new Memory();
  }
}

const lasting = area("localStorage");
const tab = area("sessionStorage");

function read(key, from = lasting) {
  try {
    return JSON.parse(from.getItem(key));
  } catch {
    return null;
  }
}

function write(key, value, to = lasting) {
  try {
    if (value === null) to.removeItem(key);
    else to.setItem(key, JSON.stringify(value));
  } catch {
    // A full or withdrawn storage must not stop the conversation.
  }
}

export const choice = {
  get: () => read("sangdam/1/language"),
  set: (language, over) => write("sangdam/1/language", { language, over }),
};

/** The memory of one bot's conversation. */
export class Storage {
  #prefix;

  constructor(bot) {
    this.#prefix = `sangdam/1/${encodeURIComponent(bot)}/`;
  }

  #under(folder) {
    const prefix = this.#prefix + folder;
    const keys = Array.from({ length: lasting.length }, (_, index) => lasting.key(index));
    return keys.filter((key) => key?.startsWith(prefix));
  }

  get session() {
    const saved = read(`${this.#prefix}session`);
    return typeof saved?.session_id === "string" && typeof saved.token === "string" ? saved : null;
  }

  set session(session) { write(`${this.#prefix}session`, session); }

  get draft() { return read(`${this.#prefix}draft`, tab) ?? ""; }
  set draft(text) { write(`${this.#prefix}draft`, text || null, tab); }

  /** Messages not yet answered, oldest first, of this session or written before one was open. */
  unsent(sessionId) {
    return this.#under("unsent/")
      .map((key) => read(key))
      .filter((item) => item && (item.session_id === sessionId || item.session_id === null))
      .sort((one, other) => one.at - other.at);
  }

  keep(sessionId, item) {
    write(`${this.#prefix}unsent/${item.id}`, { ...item, session_id: sessionId });
  }

  forget(id) { write(`${this.#prefix}unsent/${id}`, null); }

  rating(sessionId, turn) { return read(`${this.#prefix}rated/${sessionId}/${turn}`); }
  rate(sessionId, turn, rating) { write(`${this.#prefix}rated/${sessionId}/${turn}`, rating); }

  /** Forget a conversation and everything that hangs on it. */
  clear() {
    for (const key of [...this.#under("unsent/"), ...this.#under("rated/")]) write(key, null);
    this.session = null;
  }

  /** Tell the other tabs that a turn happened. */
  announce(sessionId, turn) { write(`${this.#prefix}latest`, { session_id: sessionId, turn }); }

  /** Call back when another tab opened or dropped a session, or had a turn. */
  listen({ session, latest }) {
    window.addEventListener("storage", (event) => {
      if (event.storageArea !== lasting) return;
      if (event.key === `${this.#prefix}session`) session(this.session);
      if (event.key === `${this.#prefix}latest`) latest(read(event.key));
    });
  }
}

// The HTTP interface, and what each of its failures means for the page.

const PATIENCE_MS = 25_000;

/** A request that did not succeed; status 0 when no answer arrived. */
export class Problem extends Error {
  constructor(status, { detail = "", retryAfter = null } = {}) {
    super(detail || `HTTP ${status}`);
    this.status = status;
    this.detail = detail;
    this.retryAfter = retryAfter;
  }

  /** The session cannot be used any more. */
  get isGone() { return [401, 404, 410].includes(this.status); }

  /** The same request may succeed later. */
  get isTemporary() { return [0, 408, 409, 425, 429].includes(this.status) || this.status >= 500; }
}

function seconds(header) {
  if (header === null) return null;
  const wait = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Number.isFinite(wait) ? Math.min(Math.max(Math.ceil(wait), 1), 120) : null;
}

export class Api {
  #base;
  #isExplaining;

  /** `isExplaining` asks why each answer was given. */
  constructor(base, { language, isExplaining = false }) {
    this.#base = base;
    this.#isExplaining = isExplaining;
    this.language = language;
  }

  async #ask(method, path, { token, body } = {}) {
    const aborter = new AbortController();
    const timer = setTimeout(() => aborter.abort(), PATIENCE_MS);
    try {
      const headers = { "accept-language": this.language };
      if (token) headers.authorization = `Bearer ${token}`;
      if (body) headers["content-type"] = "application/json";
      const response = await fetch(new URL(path, this.#base), {
        method,
        headers,
        body: body && JSON.stringify(body),
        signal: aborter.signal,
        cache: "no-store",
        credentials: "omit",
        keepalive: method !== "GET",
      });
      const text = await response.text();
      if (response.ok) return text ? JSON.parse(text) : null;
      let detail = "";
      try {
        const problem = JSON.parse(text);
        detail = problem.errors?.map((each) => each.problem).join(" ") || String(problem.detail ?? "");
      } catch {
        // Not from our functions: a proxy's page says nothing worth showing.
      }
      const retryAfter = seconds(response.headers.get("retry-after"));
      throw new Problem(response.status, { detail, retryAfter });
    } catch (error) {
      throw error instanceof Problem ? error : new Problem(0);
    } finally {
      clearTimeout(timer);
    }
  }

  health() {
    return this.#ask("GET", "v1/health");
  }

  open(bot) {
    return this.#ask("POST", "v1/sessions", { body: { bot, language: this.language } });
  }

  send({ session_id, token }, { id, text, quick_reply }) {
    const body = { message_id: id, ...(quick_reply === undefined ? { text } : { quick_reply }) };
    const path = `v1/sessions/${encodeURIComponent(session_id)}/turns`;
    return this.#ask("POST", this.#isExplaining ? `${path}?debug=1` : path, { token, body });
  }

  /** One page of turns after turn number `after`. */
  turns({ session_id, token }, after, limit = 50) {
    const query = new URLSearchParams({ after, limit });
    return this.#ask("GET", `v1/sessions/${encodeURIComponent(session_id)}/turns?${query}`, { token });
  }

  remove({ session_id, token }) {
    return this.#ask("DELETE", `v1/sessions/${encodeURIComponent(session_id)}`, { token });
  }

  rate({ session_id, token }, turn, rating) {
    return this.#ask("POST", "v1/feedback", { token, body: { session_id, turn, rating } });
  }
}

// How long to wait before trying again, and waiting that can be cut short.

const BACKOFF_SECONDS = [0.5, 1, 2, 4, 8, 15];

export class Patience {
  static attempts = BACKOFF_SECONDS.length;
  #wake = () => {};

  /** Seconds before attempt number `attempt` + 1: what the service asked for, or ever longer. */
  static after(problem, attempt) {
    const usual = BACKOFF_SECONDS[attempt] ?? BACKOFF_SECONDS.at(-1);
    return problem.retryAfter ?? usual * (0.8 + Math.random() * 0.4);
  }

  pause(seconds) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, seconds * 1000);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** End the present pause now. */
  wake() { this.#wake(); }
}

// One session's turns, as the service numbered them, and how the customer rated them.

export class Chapter {
  turns = new Map();
  ratings = new Map();

  constructor(session) { this.session = session; }

  /** The number of the newest turn, -1 when there is none. */
  get last() { return Math.max(-1, ...this.turns.keys()); }
  get isUsed() { return [...this.turns.values()].some((turn) => turn.message !== null); }
  get sorted() { return [...this.turns.values()].sort((one, other) => one.turn - other.turn); }

  /** Was the message of this id answered? */
  holds(messageId) {
    return [...this.turns.values()].some(({ message }) => message?.message_id === messageId);
  }

  /** Take in a turn; what was already known of it stays as it stands on the screen. */
  add(turn) {
    this.turns.set(turn.turn, { ...turn, ...this.turns.get(turn.turn) });
  }
}

// The conversation on the screen. `show` compares what should stand there with what does, so
// that a node stays the same node for as long as its message lives: screen readers hear it once.

import { linked } from "./links.js";

const NEAR_BOTTOM_PX = 120;

function element(name, className, text) {
  const node = document.createElement(name);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

function fill(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** For authors of bots: what was understood, and why the bot answered so. */
function why({ understanding, trace, release }) {
  const { intent, confidence, decision } = understanding;
  const node = element("details", "why");
  const said = [intent ?? "–", `${(confidence * 100).toFixed(1)} %`, decision].join(" · ");
  const others = (trace?.alternatives ?? []).map((one) => `${one.intent} ${one.confidence.toFixed(3)}`);
  const lines = [...(trace?.understanding ?? []), ...(trace?.dialogue ?? []), ...others, release];
  node.append(element("summary", "", said), element("pre", "", lines.join("\n")));
  return node;
}

const stamp = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);

export class Transcript {
  #log = document.getElementById("log");
  #newer = document.getElementById("newer");
  #nodes = new Map();
  #actions;
  #words;
  #clock;
  #calendar;
  #wasAtEnd = true;
  #height = 0;

  constructor(actions) {
    this.#actions = actions;
    this.#newer.addEventListener("click", () => this.toEnd());
    this.#log.addEventListener("scroll", () => {
      if (this.#log.clientHeight !== this.#height) return; // not the customer: the box grew
      this.#wasAtEnd = this.#isNearEnd;
      if (this.#wasAtEnd) this.#newer.hidden = true;
    });
    new ResizeObserver(() => {
      this.#height = this.#log.clientHeight;
      if (this.#wasAtEnd) this.toEnd();
    }).observe(this.#log);
  }

  get #isNearEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.#log;
    return scrollHeight - scrollTop - clientHeight < NEAR_BOTTOM_PX;
  }

  setLanguage(language, words) {
    const day = { year: "numeric", month: "long", day: "numeric", weekday: "long" };
    this.#clock = new Intl.DateTimeFormat(language, { hour: "numeric", minute: "2-digit" });
    this.#calendar = new Intl.DateTimeFormat(language, day);
    this.#words = words;
    this.#log.setAttribute("aria-label", words.log);
    fill(this.#newer, words.newer);
  }

  toEnd() {
    this.#log.scrollTop = this.#log.scrollHeight;
    this.#newer.hidden = true;
  }

  focus() { this.#log.focus({ preventScroll: true }); }

  /** Draw the state of a conversation. */
  show(conversation) {
    const items = this.#items(conversation);
    const keys = new Set(items.map(({ key }) => key));
    for (const [key, node] of this.#nodes) {
      if (keys.has(key)) continue;
      node.remove();
      this.#nodes.delete(key);
    }
    const isFollowing = this.#wasAtEnd;
    let isNew = false;
    let isOurs = false;
    let next = this.#log.firstElementChild;
    for (const { key, make, update, isOwn } of items) {
      let node = this.#nodes.get(key);
      if (!node) {
        node = make();
        this.#nodes.set(key, node);
        isNew = true;
        isOurs ||= isOwn;
      }
      update?.(node);
      if (node === next) next = next.nextElementSibling;
      else this.#log.insertBefore(node, next);
    }
    if (isFollowing || isOurs) this.toEnd();
    else if (isNew) this.#newer.hidden = false;
  }

  /** What should stand in the log, from the top. */
  #items(conversation) {
    const { chapters, pending, current, phase } = conversation;
    const items = [];
    let day = "";
    const place = (at, item) => {
      const today = new Date(at).toDateString();
      if (today !== day) {
        day = today;
        const make = () => element("p", "divider");
        items.push({ key: `day ${today}`, make, update: (node) => fill(node, this.#calendar.format(at)) });
      }
      items.push(item);
    };
    for (const chapter of chapters) {
      const id = chapter.session.session_id;
      if (chapter !== chapters[0]) {
        const make = () => element("p", "divider");
        items.push({ key: `new ${id}`, make, update: (node) => fill(node, this.#words.newDivider) });
      }
      for (const turn of chapter.sorted) {
        if (turn.message) place(turn.at, this.#customer(turn.message.message_id, turn));
        if (turn.reply.messages.length > 0) place(turn.at, this.#reply(chapter, turn));
      }
    }
    for (const item of pending) {
      place(item.at, this.#customer(item.id, { ...item, message: item }));
    }
    if (conversation.isWaiting && conversation.owner === "bot") {
      items.push({ key: "typing", make: () => this.#typing() });
    }
    const latest = current?.sorted.at(-1);
    const isIdle = phase === "ready" && pending.every(({ state }) => state === "rejected");
    if (isIdle && latest?.reply.quick_replies?.length > 0) {
      const key = `choices ${current.session.session_id} ${latest.turn}`;
      items.push({
        key,
        make: () => this.#choices(latest.reply.quick_replies),
        update: (node) => node.setAttribute("aria-label", this.#words.choices),
      });
    }
    return items;
  }

  #customer(key, { message, at, state = "sent", wait, reason, id }) {
    const make = () => {
      const node = stamp("customer-template");
      node.querySelector(".bubble").textContent = message.label ?? message.text ?? message.quick_reply;
      node.querySelector(".again").addEventListener("click", () => this.#actions.onAgain(id));
      return node;
    };
    const update = (node) => {
      const words = this.#words;
      const quiet = { sent: "", sending: "" }; // the typing bubble says it
      const said = { ...quiet, busy: words.busy(Math.ceil(wait ?? 0)) }[state] ?? words[state];
      node.dataset.state = state;
      fill(node.querySelector(".speaker"), words.you);
      fill(node.querySelector(".state"), state === "rejected" && reason ? reason : said);
      const again = node.querySelector(".again");
      again.hidden = !["failed", "rejected"].includes(state) || !this.#actions.canRetry();
      fill(again, state === "rejected" ? words.rewrite : words.retry);
      this.#time(node, at);
    };
    return { key, make, update, isOwn: true };
  }

  #reply(chapter, turn) {
    const make = () => {
      const node = stamp("reply-template");
      for (const { text } of turn.reply.messages) {
        const bubble = element("p", "bubble");
        bubble.dir = "auto";
        bubble.append(...linked(String(text ?? "")));
        node.querySelector(".bubbles").append(bubble);
      }
      node.dataset.owner = turn.owner;
      if (turn.turn === 0) node.querySelector(".rating").remove();
      if (this.#actions.isExplaining && turn.understanding) node.querySelector(".side").append(why(turn));
      for (const button of node.querySelectorAll(".rating button")) {
        const rating = Number(button.dataset.rating);
        button.addEventListener("click", () => {
          const given = chapter.ratings.get(turn.turn);
          const isSaid = given?.state === "sending" || (given?.state === "kept" && given.rating === rating);
          if (!isSaid) this.#actions.onRate(chapter, turn.turn, rating);
        });
      }
      return node;
    };
    const update = (node) => {
      fill(node.querySelector(".speaker"), turn.owner === "human" ? this.#words.human : this.#words.bot);
      this.#time(node, turn.at);
      if (turn.turn !== 0) this.#rating(node.querySelector(".rating"), chapter.ratings.get(turn.turn));
    };
    return { key: `${chapter.session.session_id} reply ${turn.turn}`, make, update };
  }

  #rating(group, given) {
    group.dataset.state = given?.state ?? "open";
    for (const button of group.querySelectorAll("button")) {
      const isUp = button.dataset.rating === "1";
      const isGiven = given && given.state !== "failed" && given.rating === (isUp ? 1 : -1);
      button.setAttribute("aria-label", isUp ? this.#words.helpful : this.#words.unhelpful);
      button.title = isUp ? this.#words.helpful : this.#words.unhelpful;
      button.setAttribute("aria-pressed", String(Boolean(isGiven)));
    }
    const said = { kept: this.#words.rated, failed: this.#words.ratingFailed }[given?.state] ?? "";
    fill(group.querySelector(".rated"), said);
  }

  #choices(choices) {
    const node = element("div", "quick");
    node.setAttribute("role", "group");
    for (const { label, value } of choices) {
      const button = element("button", "", label);
      button.type = "button";
      button.addEventListener("click", (event) => this.#actions.onChoose({ label, value }, event));
      node.append(button);
    }
    return node;
  }

  #typing() {
    const node = stamp("reply-template");
    node.classList.add("typing");
    node.setAttribute("aria-hidden", "true");
    node.querySelector(".meta").remove();
    const bubble = element("p", "bubble");
    bubble.append(element("i"), element("i"), element("i"));
    node.querySelector(".bubbles").append(bubble);
    return node;
  }

  #time(node, at) {
    const time = node.querySelector("time");
    time.dateTime = new Date(at).toISOString();
    fill(time, this.#clock.format(at));
  }
}

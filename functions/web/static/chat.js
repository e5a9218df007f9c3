// The page: puts language, conversation, transcript, composer and menu together.

import { Api } from "./api.js";
import { Composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { Embed } from "./embed.js";
import { Storage, choice } from "./storage.js";
import { Transcript } from "./transcript.js";
import { LANGUAGES, WORDS, chooseLanguage } from "./words.js";

const DEFAULT_BOT = "shop";

const part = (id) => document.getElementById(id);
const options = new URLSearchParams(location.search);
const base = new URL(".", location.href);
const isFine = matchMedia("(pointer: fine)");

let language = chooseLanguage(options.get("lang"), choice.get(), navigator.language);
let words = WORDS[language];
const isExplaining = options.get("debug") === "1";
const api = new Api(base, { language, isExplaining });

async function bots() {
  try {
    return (await api.health()).bots ?? [];
  } catch {
    return []; // the conversation itself says when the service cannot be reached
  }
}

async function main() {
  const embed = new Embed(options, { onShow: () => composer.focus() });
  document.documentElement.classList.toggle("embedded", embed.isEmbedded);
  const named = options.get("bot") || document.documentElement.dataset.bot;
  const listed = bots();
  const bot = named || (await listed)[0]?.name || DEFAULT_BOT;

  const storage = new Storage(bot);
  const conversation = new Conversation({ api, storage, bot });
  let notice = "";
  let titles = null;
  let seen = 0;

  const composer = new Composer({
    onSend: (text) => say({ text }),
    onDraft: (text) => (storage.draft = text),
  });
  const transcript = new Transcript({
    isExplaining,
    canRetry: () => conversation.phase !== "expired",
    onRate: (chapter, turn, rating) => conversation.rate(chapter, turn, rating),
    onChoose: ({ label, value }, event) => {
      say({ quick_reply: value, label });
      // The pressed button goes away; a finger does not want the keyboard instead.
      if (isFine.matches || event.detail === 0) composer.focus();
      else transcript.focus();
    },
    onAgain: (id) => {
      const item = conversation.pending.find((each) => each.id === id);
      if (item?.state === "rejected") {
        conversation.withdraw(id);
        if (!composer.text) composer.text = item.text ?? item.label;
      } else conversation.poke();
      composer.focus();
    },
  });

  function say(message) {
    notice = "";
    conversation.send(message);
  }

  /** The one line above the composer: what it says and which way out it offers. */
  function status() {
    const { phase, reason, owner } = conversation;
    if (phase === "unreachable") return [words.unreachable, words.tryNow, () => conversation.poke()];
    if (phase === "refused") return [`${words.refused} ${reason}`];
    if (phase === "expired") return [words.expired, words.newConversation, renewKeeping];
    if (!navigator.onLine) return [words.offline];
    if (phase === "opening") return [words.opening];
    if (owner === "human") return [words.humanStatus];
    if (notice === "otherLanguage") return [words[notice], words.startOver, renewKeeping];
    return [words[notice] ?? ""];
  }

  function showStatus() {
    const [text, label, action] = status();
    const line = part("status");
    line.dataset.phase = conversation.phase;
    if (line.dataset.said === `${text}|${label}`) return;
    line.dataset.said = `${text}|${label}`;
    line.replaceChildren(...(text ? [document.createTextNode(text)] : []));
    if (!action) return;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.addEventListener("click", () => {
      composer.focus();
      action();
    });
    line.append(button);
  }

  function show() {
    transcript.show(conversation);
    showStatus();
    composer.isOpen = ["ready", "opening", "unreachable"].includes(conversation.phase);
    part("presence").textContent =
      conversation.owner === "human" ? words.presenceHuman : words.presence;
    const heard = conversation.chapters.flatMap((chapter) => chapter.sorted).length;
    if (embed.isShown) seen = heard;
    else embed.unread(Math.max(heard - seen, 0));
    document.querySelector(".app").dataset.phase = conversation.phase;
    if (conversation.phase === "ready") part("log").setAttribute("aria-live", "polite");
  }

  function showWords() {
    words = WORDS[language];
    document.documentElement.lang = language;
    const title = titles?.[language] ?? titles?.ko ?? words.title;
    document.title = title;
    part("title").textContent = title;
    part("languages").setAttribute("aria-label", words.language);
    part("menu-button").setAttribute("aria-label", words.menu);
    part("new-conversation").textContent = words.newConversation;
    part("delete-conversation").textContent = words.deleteConversation;
    part("close").setAttribute("aria-label", words.close);
    for (const button of part("languages").children) {
      button.setAttribute("aria-pressed", String(button.dataset.language === language));
    }
    composer.words = words;
    transcript.setLanguage(language, words);
    show();
  }

  async function renewKeeping() {
    notice = "";
    const held = await conversation.renew({ keep: true });
    if (!composer.text) composer.text = held.join("\n");
  }

  async function switchLanguage(wanted) {
    if (wanted === language || !LANGUAGES.includes(wanted)) return;
    language = wanted;
    api.language = wanted;
    choice.set(wanted, options.get("lang"));
    // A greeting nobody answered is simply said again; a conversation is the customer's to leave.
    const isFresh = conversation.phase === "ready" && !conversation.isUsed;
    notice = conversation.session?.language === wanted || isFresh ? "" : "otherLanguage";
    showWords();
    if (isFresh) await conversation.renew();
  }

  async function confirmed(question, detail, yes, { isDangerous = false } = {}) {
    const dialog = part("confirm");
    part("confirm-title").textContent = question;
    part("confirm-detail").textContent = detail;
    part("confirm-no").textContent = words.cancel;
    part("confirm-yes").textContent = yes;
    part("confirm-yes").classList.toggle("danger", isDangerous);
    dialog.returnValue = "no";
    dialog.showModal();
    await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
    return dialog.returnValue === "yes";
  }

  function openMenu(isOpen) {
    part("menu-items").hidden = !isOpen;
    part("menu-button").setAttribute("aria-expanded", String(isOpen));
    if (isOpen) part("new-conversation").focus();
  }

  part("menu-button").addEventListener("click", () => openMenu(part("menu-items").hidden));
  part("menu").addEventListener("focusout", (event) => {
    if (!part("menu").contains(event.relatedTarget)) openMenu(false);
  });
  document.addEventListener("pointerdown", (event) => {
    if (!part("menu").contains(event.target)) openMenu(false);
  });
  part("new-conversation").addEventListener("click", async () => {
    openMenu(false);
    const { confirmNew, confirmNewDetail, confirmNewYes } = words;
    if (conversation.isUsed && !(await confirmed(confirmNew, confirmNewDetail, confirmNewYes))) {
      return part("menu-button").focus();
    }
    notice = "";
    composer.focus();
    await conversation.renew();
  });
  part("delete-conversation").addEventListener("click", async () => {
    openMenu(false);
    const { confirmDelete, confirmDeleteDetail, confirmDeleteYes } = words;
    const isSure = await confirmed(confirmDelete, confirmDeleteDetail, confirmDeleteYes, {
      isDangerous: true,
    });
    if (!isSure) {
      return part("menu-button").focus();
    }
    composer.focus();
    try {
      notice = "deleted";
      await conversation.remove();
    } catch {
      notice = "deleteFailed";
      show();
    }
  });
  for (const button of part("languages").children) {
    button.addEventListener("click", () => switchLanguage(button.dataset.language));
  }
  part("close").hidden = !embed.isEmbedded;
  part("close").addEventListener("click", () => embed.close());
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing || event.keyCode === 229) return;
    if (part("confirm").open) return; // the dialog closes itself
    if (!part("menu-items").hidden) {
      openMenu(false);
      part("menu-button").focus();
    } else embed.close();
  });
  addEventListener("online", show);
  addEventListener("offline", show);
  // Phones that lay their keyboard over the page: the part still seen is what we fill.
  visualViewport?.addEventListener("resize", () => {
    const { style } = document.documentElement;
    style.setProperty("--height", `${visualViewport.height}px`);
    style.setProperty("--top", `${visualViewport.offsetTop}px`);
  });

  conversation.onChange = show;
  conversation.onNotice = (word) => (notice = word);
  composer.text = storage.draft;
  showWords();
  listed.then((found) => {
    titles = found.find(({ name }) => name === bot)?.titles ?? null;
    showWords();
  });
  await conversation.start();
  if (!embed.isEmbedded && isFine.matches) composer.focus();
}

main();

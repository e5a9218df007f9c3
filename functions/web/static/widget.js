// The chat on any page: <script src="https://…/widget.js" data-bot="shop" data-language="ko" async></script>
// A launcher opens the same chat page in a frame. window.Sangdam.open() and .close() do it by hand.

(() => {
  if (window.Sangdam) return;

  const script = document.currentScript ?? document.querySelector('script[src*="/widget.js"]');
  const home = new URL(".", script.src);
  const { bot = "", language: asked = "" } = script.dataset;
  const tag = asked || document.documentElement.lang || navigator.language || "ko";
  const language = tag.toLowerCase().startsWith("en") ? "en" : "ko";
  const words = {
    ko: { title: "고객 상담", open: "상담 열기", close: "상담 닫기", unread: (n) => `상담 열기, 새 메시지 ${n}개` },
    en: { title: "Customer service", open: "Open chat", close: "Close chat", unread: (n) => `Open chat, ${n} new` },
  }[language];

  const STYLE = `
    :host { all: initial; position: fixed; z-index: 2147483000; color-scheme: light dark; --accent: #12655a; --sheet: #fbfaf8; }
    @media (prefers-color-scheme: dark) { :host { --accent: #1a7a6c; --sheet: #161918; } }
    .launcher {
      position: fixed; right: calc(20px + env(safe-area-inset-right)); bottom: calc(20px + env(safe-area-inset-bottom));
      display: grid; place-items: center; width: 60px; height: 60px; padding: 0; border: 0; border-radius: 50%;
      background: var(--accent); color: #fff; cursor: pointer; -webkit-tap-highlight-color: transparent;
      box-shadow: 0 2px 6px rgb(0 0 0 / 16%), 0 10px 28px rgb(0 0 0 / 22%);
    }
    .launcher:focus-visible { outline: 3px solid #fff; outline-offset: -5px; }
    .launcher svg { grid-area: 1 / 1; width: 30px; height: 30px; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
    .launcher[aria-expanded="true"] .balloon, .launcher[aria-expanded="false"] .cross { visibility: hidden; }
    .dot { position: absolute; top: 1px; right: 1px; width: 15px; height: 15px; border: 2.5px solid #fff; border-radius: 50%; background: #e5484d; }
    .dot[hidden] { display: none; }
    .panel {
      position: fixed; right: calc(20px + env(safe-area-inset-right)); bottom: calc(94px + env(safe-area-inset-bottom));
      width: min(400px, calc(100vw - 40px)); height: min(680px, calc(100dvh - 118px));
      border-radius: 22px; overflow: hidden; background: var(--sheet);
      box-shadow: 0 0 0 1px rgb(0 0 0 / 8%), 0 20px 64px rgb(0 0 0 / 28%);
    }
    .panel.closed { visibility: hidden; pointer-events: none; opacity: 0; transform: translateY(12px); }
    iframe { display: block; width: 100%; height: 100%; border: 0; background: var(--sheet); }
    @media (prefers-reduced-motion: no-preference) {
      .panel { transition: opacity 0.18s, transform 0.18s; } /* visible at once: it takes the focus */
      .panel.closed { transition: opacity 0.18s, transform 0.18s, visibility 0s 0.18s; }
      .launcher:hover { filter: brightness(1.08); }
    }
    @media (max-width: 520px), (max-height: 480px) {
      .panel { inset: 0; width: 100%; height: 100dvh; border-radius: 0; }
      .launcher[aria-expanded="true"] { visibility: hidden; }
    }`;

  const SVG = "http://www.w3.org/2000/svg";
  function icon(name, d) {
    const svg = document.createElementNS(SVG, "svg");
    const path = document.createElementNS(SVG, "path");
    svg.setAttribute("class", name);
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    path.setAttribute("d", d);
    svg.append(path);
    return svg;
  }

  const host = document.createElement("sangdam-widget");
  const root = host.attachShadow({ mode: "open" });
  try {
    const sheet = new CSSStyleSheet(); // a page's own style policy does not stop this one
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
  } catch {
    const style = document.createElement("style");
    style.textContent = STYLE;
    root.append(style);
  }

  const launcher = document.createElement("button");
  launcher.type = "button";
  launcher.className = "launcher";
  launcher.setAttribute("aria-expanded", "false");
  launcher.setAttribute("aria-controls", "panel");
  launcher.setAttribute("aria-label", words.open);
  const dot = document.createElement("span");
  dot.className = "dot";
  dot.hidden = true;
  const balloon = "M6.5 4.5h11A2.5 2.5 0 0 1 20 7v6.5a2.5 2.5 0 0 1-2.5 2.5h-4.3L9 19.5V16H6.5A2.5 2.5 0 0 1 4 13.5V7a2.5 2.5 0 0 1 2.5-2.5ZM8.7 9.7c.9 1.2 2 1.8 3.3 1.8s2.4-.6 3.3-1.8";
  launcher.append(icon("balloon", balloon), icon("cross", "M6 6l12 12M18 6L6 18"), dot);

  const panel = document.createElement("div");
  panel.id = "panel";
  panel.className = "panel closed";
  panel.setAttribute("role", "dialog");
  panel.setAttribute("aria-label", words.title);
  root.append(panel, launcher);

  const isCovering = matchMedia("(max-width: 520px), (max-height: 480px)");
  let frame = null;
  let isReady = false;
  let isOpen = false;
  let before = null; // what had the focus when the chat opened
  let overflow = "";

  function tell(state) {
    if (isReady) frame.contentWindow.postMessage({ sangdam: state }, home.origin);
  }

  function showUnread(count) {
    dot.hidden = !(count > 0);
    launcher.setAttribute("aria-label", isOpen ? words.close : count > 0 ? words.unread(count) : words.open);
  }

  function build() {
    const address = new URL(".", home);
    address.search = new URLSearchParams({ bot, lang: asked ? language : "", embed: 1, parent: location.origin });
    for (const name of ["bot", "lang"]) if (!address.searchParams.get(name)) address.searchParams.delete(name);
    frame = document.createElement("iframe");
    frame.title = words.title;
    frame.src = address;
    panel.append(frame);
  }

  function open() {
    if (isOpen) return;
    isOpen = true;
    before = document.activeElement;
    if (!frame) build();
    panel.classList.remove("closed");
    launcher.setAttribute("aria-expanded", "true");
    showUnread(0);
    if (isCovering.matches) {
      overflow = document.documentElement.style.overflow;
      document.documentElement.style.overflow = "hidden";
    }
    frame.focus();
    tell("shown");
  }

  function close() {
    if (!isOpen) return;
    isOpen = false;
    panel.classList.add("closed");
    launcher.setAttribute("aria-expanded", "false");
    showUnread(0);
    document.documentElement.style.overflow = overflow;
    tell("hidden");
    const isElsewhere = before && before !== document.body && before !== host && before.isConnected;
    (isElsewhere ? before : launcher).focus();
  }

  launcher.addEventListener("click", () => (isOpen ? close() : open()));
  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && isOpen) close();
  });
  window.addEventListener("message", ({ source, origin, data }) => {
    if (!frame || source !== frame.contentWindow || origin !== home.origin) return;
    if (data?.sangdam === "ready") {
      isReady = true;
      tell(isOpen ? "shown" : "hidden");
    }
    if (data?.sangdam === "close") close();
    if (data?.sangdam === "unread" && !isOpen) showUnread(Number(data.count) || 0);
  });

  window.Sangdam = Object.freeze({ open, close });
  const mount = () => document.body.append(host);
  if (document.body) mount();
  else document.addEventListener("DOMContentLoaded", mount, { once: true });
})();

// What the page and the widget around it tell each other. The page stands in a frame of the
// widget when it was asked for with ?embed=1&parent=<origin>; only that origin is spoken to.

export class Embed {
  #parent = null;

  constructor(options, { onShow }) {
    const origin = options.get("parent");
    this.isEmbedded = options.get("embed") === "1" && window.parent !== window;
    this.isShown = !this.isEmbedded;
    if (!this.isEmbedded) return;
    try {
      this.#parent = new URL(origin).origin;
    } catch {
      return; // framed by something that is not the widget: be a page and keep silent
    }
    window.addEventListener("message", (event) => {
      if (event.source !== window.parent || event.origin !== this.#parent) return;
      if (event.data?.sangdam === "shown") {
        this.isShown = true;
        onShow();
      }
      if (event.data?.sangdam === "hidden") this.isShown = false;
    });
    this.#tell({ sangdam: "ready" });
  }

  close() { this.#tell({ sangdam: "close" }); }
  unread(count) { this.#tell({ sangdam: "unread", count }); }

  #tell(message) {
    if (this.#parent !== null) window.parent.postMessage(message, this.#parent);
  }
}

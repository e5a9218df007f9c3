// The box a customer writes in.

const LIMIT = 2000;
const NEAR_LIMIT = 1800;

/** How the service counts: characters, not UTF-16 units. */
const lengthOf = (text) => [...text].length;

export class Composer {
  #form = document.getElementById("composer");
  #field = document.getElementById("message");
  #button = document.getElementById("send");
  #counter = document.getElementById("counter");
  #words;
  #isOpen = false;

  constructor({ onSend, onDraft }) {
    const submit = () => {
      const text = this.text.trim();
      if (!this.#canSend) return;
      this.text = "";
      onDraft("");
      onSend(text);
    };
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      submit();
      this.focus();
    });
    this.#field.addEventListener("keydown", (event) => {
      // Enter that ends a Korean syllable is not Enter: 229 is how Safari says so.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
      event.preventDefault();
      submit();
    });
    this.#field.addEventListener("input", () => {
      onDraft(this.text);
      this.#update();
    });
    // A press must not take the focus away and with it a phone's keyboard.
    this.#button.addEventListener("pointerdown", (event) => event.preventDefault());
  }

  get text() { return this.#field.value; }

  set text(text) {
    this.#field.value = text;
    this.#update();
  }

  get #canSend() {
    const length = lengthOf(this.text.trim());
    return this.#isOpen && length > 0 && length <= LIMIT;
  }

  /** May messages be sent at the moment? Writing is always possible. */
  set isOpen(isOpen) {
    this.#isOpen = isOpen;
    this.#update();
  }

  set words(words) {
    this.#words = words;
    this.#form.setAttribute("aria-label", words.composer);
    document.getElementById("message-label").textContent = words.message;
    document.getElementById("hint").textContent = words.hint;
    this.#field.placeholder = words.placeholder;
    this.#button.setAttribute("aria-label", words.send);
    this.#update();
  }

  focus() { this.#field.focus({ preventScroll: true }); }

  #update() {
    const length = lengthOf(this.text.trim());
    const isOver = length > LIMIT;
    this.#button.setAttribute("aria-disabled", String(!this.#canSend));
    this.#field.setAttribute("aria-invalid", String(isOver));
    const counted = length >= NEAR_LIMIT ? this.#words?.counter(length, LIMIT) ?? "" : "";
    const excess = isOver ? `${this.#words.tooLong(length - LIMIT)} ` : "";
    if (this.#counter.textContent !== excess + counted) this.#counter.textContent = excess + counted;
    this.#counter.classList.toggle("over", isOver);
    this.#field.style.height = "auto";
    this.#field.style.height = `${this.#field.scrollHeight}px`;
  }
}

// Type to find: turns each list of ticks marked data-pick into a combobox (ARIA 1.2, list autocomplete) over the
// same checkboxes. What is chosen stands below as buttons that take it out again.
const MOST = 60;

function say(template, name) {
  return template.replace("{name}", name).replace("{n}", name);
}

function fold(text) {
  return text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
}

// The words of a name, what a slash joins whole and in parts.
function wordsOf(text) {
  const whole = fold(text).split(/[\s(),-]+/);
  return [...whole, ...whole.flatMap((word) => word.split("/"))].filter(Boolean);
}

// 0: another name exactly; 1: a name begins so; 2: every typed word begins some word; -1: no match.
function rank(entry, typed) {
  const parts = typed.split(/\s+/).filter(Boolean);
  if (!parts.every((part) => entry.words.some((word) => word.startsWith(part)))) return -1;
  if (entry.names.slice(1).includes(typed)) return 0;
  return entry.names.some((name) => name.startsWith(typed)) ? 1 : 2;
}

class Pick {
  constructor(root) {
    this.root = root;
    this.input = root.querySelector('input[type="search"]');
    this.list = root.querySelector(".pick-list");
    this.entries = [...root.querySelectorAll('input[type="checkbox"]')].map((box) => {
      const label = box.nextElementSibling;
      const name = label.firstChild.textContent.trim();
      const names = [name, ...box.dataset.also.split("|").filter(Boolean)];
      return { box, label: name, more: label.textContent.trim().slice(name.length).trim(),
        names: names.map(fold), words: wordsOf([...names, box.dataset.under].join(" ")) };
    });
    this.shown = [];
    this.active = -1;
    this.build();
    this.listen();
    this.renderChips();
  }

  build() {
    const { input, root } = this;
    input.removeAttribute("name");
    input.type = "text";
    this.options = document.createElement("ul");
    Object.assign(this.options, { id: `${input.id}-options`, className: "pick-options", hidden: true });
    this.options.setAttribute("role", "listbox");
    this.options.setAttribute("aria-multiselectable", "true");
    this.options.setAttribute("aria-label", root.querySelector("legend").textContent.trim());
    for (const [name, value] of [["role", "combobox"], ["aria-expanded", "false"], ["aria-autocomplete", "list"],
      ["aria-controls", this.options.id]]) input.setAttribute(name, value);
    this.status = document.createElement("p");
    this.status.className = "visually-hidden";
    this.status.setAttribute("role", "status");
    this.chips = document.createElement("ul");
    this.chips.className = "chips";
    this.whole = document.createElement("button");
    Object.assign(this.whole, { type: "button", className: "btn btn-bare btn-sm mt-1", textContent: root.dataset.whole });
    this.whole.addEventListener("click", () => { this.list.hidden = false; this.whole.remove(); });
    root.querySelector(".pick-search button").remove();
    root.querySelector(".pick-search").append(this.options);
    this.list.before(this.status, this.chips, this.whole);
    this.list.hidden = true;
  }

  listen() {
    this.input.addEventListener("input", () => this.open());
    this.input.addEventListener("click", () => this.open());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => this.close());
    // Pressing the mouse must not take the focus from the field, or the list would be gone before the click.
    this.options.addEventListener("pointerdown", (event) => event.preventDefault());
    this.options.addEventListener("mousedown", (event) => event.preventDefault());
    this.options.addEventListener("click", (event) => {
      const item = event.target.closest('[role="option"]');
      if (item) this.toggle(Number(item.dataset.at));
    });
    this.list.addEventListener("change", () => this.renderChips());
  }

  open() {
    const typed = fold(this.input.value).trim();
    const ranked = this.entries.map((entry, at) => ({ entry, at, rank: rank(entry, typed) })).filter((e) => e.rank >= 0);
    if (typed) ranked.sort((a, b) => a.rank - b.rank || a.at - b.at);
    this.shown = (typed ? ranked.slice(0, MOST) : ranked).map((found) => found.entry);
    this.options.replaceChildren(...this.shown.map((entry, at) => this.option(entry, at)));
    this.status.textContent = this.shown.length ? say(this.root.dataset.results, String(ranked.length)) : this.root.dataset.none;
    this.options.hidden = this.shown.length === 0;
    this.input.setAttribute("aria-expanded", String(this.shown.length > 0));
    this.mark(typed && this.shown.length ? 0 : -1);
  }

  option(entry, at) {
    const item = document.createElement("li");
    item.id = `${this.options.id}-${at}`;
    item.dataset.at = String(at);
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", String(entry.box.checked));
    const name = document.createElement("span");
    name.textContent = entry.label;
    item.append(name);
    if (entry.more) {
      const more = document.createElement("span");
      more.className = "muted small";
      more.textContent = entry.more;
      item.append(more);
    }
    return item;
  }

  close() {
    this.options.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
    this.active = -1;
  }

  mark(at) {
    this.active = at;
    [...this.options.children].forEach((item, place) => item.classList.toggle("now", place === at));
    const item = this.options.children[at];
    if (!item) return this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-activedescendant", item.id);
    item.scrollIntoView({ block: "nearest" });
  }

  key(event) {
    const last = this.shown.length - 1;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (this.options.hidden) return this.open();
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.mark((this.active + step + last + 1 + (this.active < 0 && step < 0 ? 1 : 0)) % (last + 1));
    } else if (event.key === "Enter") {
      // With nothing typed and the list closed it does what it does in every other field: it sends the form.
      if (this.options.hidden && !this.input.value) return;
      event.preventDefault();
      if (!this.options.hidden && this.active >= 0) this.toggle(this.active);
    } else if (event.key === "Escape") {
      if (this.options.hidden) this.input.value = "";
      this.close();
    }
  }

  toggle(at) {
    const entry = this.shown[at];
    // Whoever types a name wants it chosen, also when it is already; the open list unticks what it shows ticked.
    entry.box.checked = this.input.value ? true : !entry.box.checked;
    const sentence = entry.box.checked ? this.root.dataset.added : this.root.dataset.gone;
    if (this.input.value) {
      this.input.value = "";
      this.close();
    } else {
      this.options.children[at].setAttribute("aria-selected", String(entry.box.checked));
    }
    this.renderChips();
    this.status.textContent = say(sentence, entry.label);
  }

  renderChips() {
    this.chips.replaceChildren(...this.entries.filter((entry) => entry.box.checked).map((entry) => {
      const item = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.setAttribute("aria-label", say(this.root.dataset.remove, entry.label));
      const cross = document.createElement("span");
      cross.className = "x";
      cross.setAttribute("aria-hidden", "true");
      button.append(entry.label, cross);
      button.addEventListener("click", () => {
        entry.box.checked = false;
        this.renderChips();
        this.status.textContent = say(this.root.dataset.gone, entry.label);
        this.input.focus();
        this.close();
      });
      item.append(button);
      return item;
    }));
  }
}

document.querySelectorAll("[data-pick]").forEach((root) => new Pick(root));

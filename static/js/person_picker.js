// Finding a person while typing: the ARIA combobox with a listbox. Without it the "Find" button does the same by a page.
// Choosing somebody fills the hidden field and presses the form's own button, so that the server draws the page again.

const WAIT = 200; // milliseconds
const SHORTEST = 2; // letters

class PersonPicker {
  constructor(root, number) {
    this.root = root;
    this.input = root.querySelector("input[type=text], input[type=search]");
    this.hidden = root.querySelector("input[type=hidden][name=person]");
    this.add = root.querySelector("[data-person-add]") ?? root.closest("form")?.querySelector("[data-person-add]");
    if (!this.input || !this.hidden || !this.add) return;
    this.people = [];
    this.active = -1;
    this.asked = 0;
    this.id = `person-picker-${number}`;
    this.build();
    this.listen();
  }

  build() {
    this.list = Object.assign(document.createElement("ul"), { id: this.id, className: "sg-picker__list", hidden: true });
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "People found");
    this.status = Object.assign(document.createElement("p"), { className: "sg-picker__status" });
    this.status.setAttribute("role", "status");
    this.input.parentElement.append(this.list);
    this.root.append(this.status);
    const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.id };
    for (const [name, value] of Object.entries(attributes)) this.input.setAttribute(name, value);
    this.input.autocomplete = "off";
  }

  listen() {
    this.input.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.ask(), WAIT);
    });
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => {
      this.close();
      this.status.textContent = "";
    });
    // Pressing the mouse must not take the focus away before the click arrives.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.choose(Number(option.dataset.index));
    });
  }

  async ask() {
    const query = this.input.value.trim();
    const turn = ++this.asked;
    if (query.length < SHORTEST) return this.show([], "");
    const form = this.input.form;
    try {
      const answer = await fetch(this.root.dataset.personSearchUrl, {
        method: "POST",
        body: new URLSearchParams({ q: query }),
        credentials: "same-origin",
        headers: { Accept: "application/json", "X-CSRFToken": form?.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "" },
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const found = await answer.json();
      if (turn !== this.asked) return; // a newer question is on its way
      const people = Array.isArray(found) ? found : found.results ?? [];
      const count = people.length === 1 ? "1 person found" : `${people.length} people found`;
      this.show(people, people.length ? `${count}. Choose from the list.` : "Nobody of that name. Check the spelling, or say who it is in your own words.");
    } catch {
      if (turn === this.asked) this.show([], "The search did not answer. Press Find instead.");
    }
  }

  show(people, sentence) {
    const opens = this.list.hidden && people.length > 0;
    this.people = people;
    this.list.replaceChildren(...people.map((person, index) => this.option(person, index)));
    this.list.hidden = !people.length;
    this.input.setAttribute("aria-expanded", String(people.length > 0));
    this.mark(-1);
    this.status.textContent = sentence;
    // On a phone the keyboard takes half the screen: bring the box to the top, once, so that the names can be seen.
    if (opens && this.list.getBoundingClientRect().bottom > (window.visualViewport?.height ?? innerHeight)) {
      this.input.scrollIntoView({ block: "start" });
    }
  }

  option(person, index) {
    const option = Object.assign(document.createElement("li"), { id: `${this.id}-${index}`, className: "sg-picker__option" });
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.dataset.index = index;
    option.append(Object.assign(document.createElement("bdi"), { textContent: person.name }));
    if (person.detail) {
      option.append(Object.assign(document.createElement("span"), { className: "sg-picker__detail", textContent: person.detail }));
    }
    return option;
  }

  mark(index) {
    this.list.children[this.active]?.setAttribute("aria-selected", "false");
    this.active = index;
    const option = this.list.children[index];
    if (!option) return this.input.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", option.id);
  }

  key(event) {
    const count = this.list.hidden ? 0 : this.people.length;
    if (event.key === "Enter") {
      // Enter in this box never sends the concern; it chooses, or looks.
      event.preventDefault();
      if (count && (this.active >= 0 || count === 1)) this.choose(Math.max(this.active, 0));
      else if (count) this.mark(0); // several of that name: never guess which child
      else this.ask();
    } else if (event.key === "Escape" && count) {
      event.preventDefault();
      this.close();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && count) {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.mark(this.active === -1 && step < 0 ? count - 1 : (this.active + step + count) % count);
    } else if (event.key === "ArrowDown") this.ask();
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.mark(-1);
  }

  choose(index) {
    const person = this.people[index];
    if (!person) return;
    this.hidden.value = person.id;
    this.input.value = "";
    this.close();
    this.status.textContent = `Adding ${person.name}`;
    this.add.click();
  }
}

export function start() {
  document.querySelectorAll("[data-person-picker]").forEach((root, number) => new PersonPicker(root, number));
}

// Keys for people who live in a list: j and k move, Enter opens, / goes to the filter, ? explains.
// They never work while typing, nor together with Ctrl, Alt or the command key.

const KEYS = [
  ["j", "next row"],
  ["k", "row before"],
  ["Enter", "open the row"],
  ["/", "go to the filters"],
  ["Esc Esc", "hide the screen"],
  ["?", "this help"],
];

const typing = (target) => target.closest?.("input, textarea, select, [contenteditable], dialog") !== null;

function opener(row) {
  return row.querySelector("a.sg-queue__link, a[href]") ?? row;
}

function move(rows, step) {
  const current = rows.findIndex((row) => row.contains(document.activeElement));
  const next = current === -1 ? (step > 0 ? 0 : rows.length - 1) : current + step;
  const row = rows[Math.min(Math.max(next, 0), rows.length - 1)];
  const target = opener(row);
  if (target === row) row.tabIndex = -1;
  target.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

function focusFilter() {
  const panel = document.querySelector("[data-filter-panel]");
  if (panel) panel.open = true;
  const field = document.querySelector("[data-filter-focus]") ?? panel?.querySelector("input:not([type=hidden]), select");
  field?.focus();
}

function buildHelp() {
  const dialog = document.createElement("dialog");
  dialog.className = "sg-dialog";
  dialog.setAttribute("aria-labelledby", "keys-title");
  const title = Object.assign(document.createElement("h2"), { id: "keys-title", className: "govuk-heading-m", textContent: "Keys for this list" });
  const list = Object.assign(document.createElement("ul"), { className: "govuk-list" });
  for (const [key, does] of KEYS) {
    const item = document.createElement("li");
    item.append(Object.assign(document.createElement("kbd"), { textContent: key }), ` ${does}`);
    list.append(item);
  }
  const close = Object.assign(document.createElement("button"), { type: "button", className: "govuk-button", textContent: "Close" });
  close.addEventListener("click", () => dialog.close());
  dialog.append(title, list, close);
  document.body.append(dialog);
  return dialog;
}

export function start() {
  let help = null;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || typing(event.target)) return;
    const rows = [...document.querySelectorAll("[data-row-link]")].filter((row) => !row.closest("[inert], [hidden]"));
    if (!rows.length) return;
    if (event.key === "j") move(rows, 1);
    else if (event.key === "k") move(rows, -1);
    else if (event.key === "/") focusFilter();
    else if (event.key === "?") (help ??= buildHelp()).showModal();
    else if (event.key === "Enter" && document.activeElement?.matches("[data-row-link]")) {
      location.assign(document.activeElement.dataset.rowLink);
    } else return;
    event.preventDefault();
  });
}

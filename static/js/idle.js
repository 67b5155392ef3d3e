// Locks a page that was left alone, and says so a minute before. What was typed stays on the page and in the draft.
// Typing and clicking count as being here, and renew the session on the server now and then.
import { coverPage } from "./cover.js";
import { renewSession } from "./session.js";

const RENEW_AT_MOST_EVERY = 4 * 60 * 1000;
const WARN_BEFORE = 60 * 1000;

export function start() {
  const minutes = Number(document.body.dataset.idleMinutes);
  if (!(minutes > 1)) return;
  const limit = minutes * 60 * 1000;
  let lastActive = Date.now();
  let lastRenewed = Date.now();
  let warning = null;
  let ended = false;

  async function renew() {
    lastRenewed = Date.now();
    if ((await renewSession()) === "gone") end();
  }

  function active() {
    if (warning || ended) return;
    lastActive = Date.now();
    if (lastActive - lastRenewed > RENEW_AT_MOST_EVERY) renew();
  }

  function stay() {
    warning?.remove();
    warning = null;
    lastActive = Date.now();
    renew();
  }

  function warn() {
    warning = document.createElement("dialog");
    warning.className = "sg-dialog";
    warning.setAttribute("aria-labelledby", "idle-title");
    const title = element("h2", "govuk-heading-m", "You will be signed out in one minute");
    title.id = "idle-title";
    const text = element("p", "govuk-body", "Nobody has typed or clicked here for a while. What you have written is kept.");
    const button = element("button", "govuk-button", "Stay signed in");
    button.type = "button";
    button.addEventListener("click", stay);
    warning.addEventListener("cancel", stay);
    warning.append(title, text, button);
    document.body.append(warning);
    warning.showModal();
  }

  function end() {
    if (ended) return;
    ended = true;
    warning?.remove();
    for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
    const cover = element("div", "sg-cover");
    cover.setAttribute("role", "alertdialog");
    cover.setAttribute("aria-label", "Your session ended");
    const box = element("div", "sg-cover__text");
    const link = element("a", "govuk-button", "Sign in again");
    link.href = document.body.dataset.signInUrl ?? "/";
    link.target = "_blank";
    link.rel = "noopener";
    const back = element("button", "sg-link-button", "I have signed in: show this page again");
    back.type = "button";
    const told = element("p", "govuk-body", "Your session ended. Nothing is lost.");
    box.append(told, link, element("p", ""), back);
    cover.append(box);
    const uncover = coverPage(cover);
    link.focus();
    back.addEventListener("click", async () => {
      if ((await renewSession()) !== "here") {
        told.textContent = "You are not signed in yet. Nothing is lost.";
        return;
      }
      uncover();
      ended = false;
      lastActive = lastRenewed = Date.now();
      document.dispatchEvent(new Event("visibilitychange"));
    });
  }

  for (const kind of ["keydown", "pointerdown", "input"]) document.addEventListener(kind, active, { passive: true });
  const check = () => {
    if (ended) return;
    const idle = Date.now() - lastActive;
    if (idle >= limit) end();
    else if (idle >= limit - WARN_BEFORE && !warning) warn();
  };
  setInterval(check, 5000);
  // Timers sleep with a closed laptop: look at once when it is opened.
  document.addEventListener("visibilitychange", () => document.hidden || check());
}

function element(name, className, text = "") {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

// Keeps a draft on the server while somebody types, and says so quietly. Never leaves the page, never loses a word:
// what could not be sent stays in the form and is tried again.
import { renewSession } from "./session.js";

const AFTER_CHANGE = 1500; // milliseconds of quiet
const AT_MOST_EVERY = 4000;
const TRY_AGAIN = 8000;
const KEEPALIVE_LIMIT = 60000; // browsers refuse more in a request that outlives its page

function clock() {
  const now = new Date();
  return `${now.getHours()}:${String(now.getMinutes()).padStart(2, "0")}`;
}

class Autosave {
  constructor(form) {
    this.form = form;
    this.status = form.querySelector("[data-autosave-status]") ?? document.querySelector("[data-autosave-status]");
    this.saved = this.fields();
    this.lastSent = 0;
    this.timer = 0;
    this.request = null;
    this.sending = false;
    this.leaving = false;
    this.signedOut = false;
    this.status?.setAttribute("role", "status");
    this.listen();
  }

  listen() {
    const changed = () => this.schedule(AFTER_CHANGE);
    this.form.addEventListener("input", changed);
    this.form.addEventListener("change", changed);
    // Once sent for good, a late draft must not follow.
    this.form.addEventListener("submit", (event) => {
      if (event.defaultPrevented) return;
      this.leaving = true;
      clearTimeout(this.timer);
      this.request?.abort();
    });
    window.addEventListener("pageshow", () => { this.leaving = false; });
    window.addEventListener("pagehide", () => this.send(true));
    window.addEventListener("online", () => {
      this.lastSent = 0; // the pause after a failure was for the network, and it is back
      this.schedule(0);
    });
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) this.send(true);
      else if (this.fields() !== this.saved) this.comeBack();
    });
  }

  fields() {
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(this.form)) {
      if (typeof value === "string") fields.append(name, value);
    }
    return fields.toString();
  }

  schedule(wait) {
    if (this.leaving) return;
    clearTimeout(this.timer);
    const earliest = this.lastSent + AT_MOST_EVERY - Date.now();
    this.timer = setTimeout(() => this.send(false), Math.max(wait, earliest, 0));
  }

  // Signed in again in another tab: this page's token is out of date until the server gives it a new one.
  async comeBack() {
    if (this.signedOut && (await renewSession()) === "here") {
      this.signedOut = false;
      this.lastSent = 0;
    }
    this.schedule(0);
  }

  async send(closing) {
    const body = this.fields();
    if (this.leaving || body === this.saved) return;
    if (this.sending && !closing) return this.schedule(AFTER_CHANGE);
    clearTimeout(this.timer);
    this.lastSent = Date.now();
    this.sending = true;
    this.request = new AbortController();
    try {
      const answer = await fetch(this.form.dataset.autosaveUrl, {
        method: "POST",
        body,
        credentials: "same-origin",
        redirect: "manual",
        keepalive: closing && body.length < KEEPALIVE_LIMIT,
        signal: closing ? undefined : this.request.signal,
        headers: {
          "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8",
          "X-CSRFToken": this.form.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "",
          "X-Autosave": "1",
        },
      });
      await this.heard(answer, body);
    } catch (error) {
      if (error.name !== "AbortError") this.trouble("Not saved yet: no connection. What you typed is still on this page.");
    } finally {
      this.sending = false;
    }
    if (!this.leaving && this.fields() !== this.saved && !document.hidden) this.schedule(AFTER_CHANGE);
  }

  async heard(answer, body) {
    if (answer.ok) {
      this.saved = body;
      this.signedOut = false;
      this.say(`Saved ${clock()}`, "saved");
      return;
    }
    const told = await answer.json().catch(() => ({}));
    if (answer.status === 401 || answer.status === 403 || answer.type === "opaqueredirect") {
      this.signedOut = true;
      const signIn = told.sign_in_url ?? document.body.dataset.signInUrl;
      this.trouble("You have been signed out. Nothing is lost. Sign in again in a new tab, then carry on.", signIn);
    } else {
      this.trouble(told.sentence ?? "Not saved yet. What you typed is still on this page. We are trying again.");
    }
  }

  trouble(sentence, signIn) {
    this.say(sentence, "trouble", signIn);
    this.lastSent = Date.now() + TRY_AGAIN - AT_MOST_EVERY;
  }

  say(sentence, state, signIn) {
    if (!this.status) return;
    // The same words again would be read out again.
    if (this.status.dataset.said === sentence) return;
    this.status.dataset.said = sentence;
    this.status.dataset.state = state;
    this.status.textContent = sentence;
    if (!signIn || new URL(signIn, location.href).origin !== location.origin) return;
    const link = Object.assign(document.createElement("a"), {
      href: signIn, target: "_blank", rel: "noopener", className: "govuk-link", textContent: "Sign in (opens a new tab)",
    });
    this.status.append(" ", link);
  }
}

export function start() {
  for (const form of document.querySelectorAll("form[data-autosave-url]")) new Autosave(form);
}

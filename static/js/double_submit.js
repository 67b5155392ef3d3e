// A second press of the same button within three seconds does nothing. The button is marked, never disabled:
// a disabled button would drop its name and value from what is sent. The server makes sure in any case.

const PAUSE = 3000; // milliseconds

export function startDoubleSubmit() {
  const pressed = new WeakMap();
  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!button) return;
    const now = Date.now();
    if (now - (pressed.get(button) ?? -Infinity) < PAUSE) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    if (event.defaultPrevented) return;
    pressed.set(button, now);
    button.setAttribute("aria-disabled", "true");
    setTimeout(() => release(button), PAUSE);
  }, true);

  function release(button) {
    pressed.delete(button);
    button.removeAttribute("aria-disabled");
  }

  // Back from the next page: everything can be pressed again.
  window.addEventListener("pageshow", () => {
    for (const button of document.querySelectorAll('button[aria-disabled="true"]')) release(button);
  });
}

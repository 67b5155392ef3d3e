// Screens are overlooked in classrooms: a button, or Escape twice, covers the page until a click or Enter.
// It changes nothing else: what was typed, where the page stood and what had the focus all come back.
import { coverPage } from "./cover.js";

const TWICE_WITHIN = 600; // milliseconds

let uncover = null;

function hide() {
  if (uncover) return;
  const cover = document.createElement("button");
  cover.type = "button";
  cover.className = "sg-cover";
  cover.textContent = "Click or press Enter to carry on";
  // An open dialog lies above everything else, so the cover has to go inside it.
  const dialogs = [...document.querySelectorAll("dialog[open]")];
  for (const dialog of dialogs) dialog.close();
  const putBack = coverPage(cover);
  uncover = () => {
    uncover = null;
    putBack();
    for (const dialog of dialogs) dialog.showModal();
  };
  cover.addEventListener("click", () => uncover?.());
  // Moving the focus away must not leave the page covered with nothing to press.
  cover.addEventListener("blur", () => setTimeout(() => uncover && cover.focus(), 0));
  cover.focus();
}

export function startHideScreen() {
  for (const button of document.querySelectorAll("[data-hide-screen]")) {
    button.hidden = false;
    button.addEventListener("click", hide);
  }
  let lastEscape = -Infinity;
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Escape" || event.repeat) return;
      if (event.timeStamp - lastEscape < TWICE_WITHIN) hide();
      lastEscape = event.timeStamp;
    },
    true,
  );
}

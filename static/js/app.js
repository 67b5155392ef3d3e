// Starts what a page needs, and nothing it does not. Every page works without any of it.
import { startHideScreen } from "./hide_screen.js";
import { startCountdowns } from "./countdown.js";
import { startDoubleSubmit } from "./double_submit.js";

// GOV.UK's and MoJ's scripts are fetched at set-up and may be missing; the page names those that are there.
async function startVendor() {
  for (const link of document.querySelectorAll("link[data-vendor]")) {
    try {
      const library = await import(link.href);
      library.initAll();
    } catch (error) {
      console.warn(`${link.dataset.vendor} components did not start`, error);
    }
  }
}

// A module is fetched only where the page has something for it to do.
const OPTIONAL = [
  ["[data-autosave-url]", () => import("./autosave.js")],
  ["[data-person-picker]", () => import("./person_picker.js")],
  ["[data-imagery-words], [data-reveals]", () => import("./disclose.js")],
  ["[data-row-link]", () => import("./queue_keys.js")],
  ["[data-pulse-url]", () => import("./pulse.js")],
  ["body[data-idle-minutes]", () => import("./idle.js")],
  ["[data-renews-session]", () => import("./session.js")],
  ["[data-webauthn]", () => import("./passkeys.js")],
];

async function startOptional() {
  for (const [selector, load] of OPTIONAL) {
    if (document.querySelector(selector)) (await load()).start();
  }
}

startHideScreen();
startCountdowns();
startDoubleSubmit();
startOptional();
startVendor();

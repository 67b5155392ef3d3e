// One question to the server: am I still signed in? The answer also brings a fresh token for the forms on this page,
// because signing in again, in another tab, makes the old one worthless.

/** "here" while signed in, "gone" when not, "unknown" when the server cannot be reached or the page has no address for it. */
export async function renewSession() {
  const url = document.body.dataset.keepaliveUrl;
  if (!url) return "unknown";
  try {
    const answer = await fetch(url, { credentials: "same-origin", redirect: "manual", cache: "no-store" });
    if (!answer.ok) return answer.status >= 500 ? "unknown" : "gone";
    const told = await answer.json().catch(() => ({}));
    if (told.csrf_token) {
      for (const input of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) input.value = told.csrf_token;
    }
    return "here";
  } catch {
    return "unknown";
  }
}

/** On a page that waits for somebody to sign in elsewhere: fetch the new token as soon as they come back to it. */
export function start() {
  document.addEventListener("visibilitychange", () => document.hidden || renewSession());
}

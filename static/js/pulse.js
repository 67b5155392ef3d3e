// Says that a list has changed, without moving anything in it. Asks now and then, only while somebody looks; asking
// never makes a session last longer.

const EVERY = 30_000;

export function start() {
  const notice = document.querySelector("[data-pulse-url]");
  const form = document.getElementById("filters");
  let mark = null;

  async function ask() {
    if (document.hidden || !notice.hidden) return;
    try {
      const answer = await fetch(notice.dataset.pulseUrl, {
        method: "POST",
        body: new FormData(form),
        headers: { "X-Autosave": "1" },
      });
      if (!answer.ok) return;
      const { mark: now } = await answer.json();
      if (mark !== null && now !== mark) notice.hidden = false;
      mark = now;
    } catch {
      // The network is away: what is on the screen stays, and the next time tells.
    }
  }

  ask();
  setInterval(ask, EVERY);
}

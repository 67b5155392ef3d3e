// Keeps "Due in 3 h 20 min" true while a page stays open. Says the same as the server, in the same words (page_tags.py).
// It is not announced: a clock that speaks every minute helps nobody.

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86400;

function span(seconds) {
  if (seconds >= 2 * DAY) return `${Math.floor(seconds / DAY)} days`;
  if (seconds >= DAY) {
    const hours = Math.floor((seconds % DAY) / HOUR);
    return hours ? `1 day ${hours} h` : "1 day";
  }
  if (seconds >= HOUR) {
    const minutes = Math.floor((seconds % HOUR) / MINUTE);
    return minutes ? `${Math.floor(seconds / HOUR)} h ${minutes} min` : `${Math.floor(seconds / HOUR)} h`;
  }
  return seconds >= MINUTE ? `${Math.floor(seconds / MINUTE)} min` : "less than a minute";
}

export function words(due, now) {
  const seconds = Math.trunc((due - now) / 1000);
  return due >= now ? `Due in ${span(seconds)}` : `Overdue by ${span(-seconds)}`;
}

function tick(marks) {
  const now = Date.now();
  for (const [mark, due] of marks) {
    const count = mark.querySelector(".sg-deadline__count") ?? mark;
    const text = words(due, now);
    if (count.textContent !== text) count.textContent = text;
    mark.classList.toggle("sg-deadline--late", due < now);
    mark.classList.toggle("sg-deadline--soon", due >= now && due - now < 4 * HOUR * 1000);
  }
}

export function startCountdowns() {
  const marks = [...document.querySelectorAll("[data-deadline]")]
    .map((mark) => [mark, Date.parse(mark.dataset.deadline)])
    .filter(([, due]) => Number.isFinite(due));
  if (!marks.length) return;
  setInterval(() => document.hidden || tick(marks), 20000);
  document.addEventListener("visibilitychange", () => document.hidden || tick(marks));
}

// Shows what belongs to an answer, and advice about imagery when the words call for it.

/** Advice hidden until one of the words is typed. Once shown it stays: taking it away again would only confuse. */
function watchImagery(box) {
  const advice = document.getElementById(box.dataset.imageryHint);
  const words = box.dataset.imageryWords.split(",").map((word) => word.trim()).filter(Boolean);
  if (!advice || !words.length) return;
  const escaped = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const pattern = new RegExp(`(?<!\\p{L})(${escaped.join("|")})`, "iu");
  // A live region announces what changes inside it, so the text is put back in rather than the region shown.
  const text = advice.firstElementChild;
  const look = () => {
    if (!pattern.test(box.value)) return;
    box.removeEventListener("input", look);
    if (text) text.hidden = false;
  };
  if (text) text.hidden = true;
  advice.removeAttribute("data-imagery-waiting");
  box.addEventListener("input", look);
  look();
}

// GOV.UK's own script would also set aria-expanded on the radio, which no radio may have: hence ours.
/**
 * A checkbox, radio or select with data-reveals="id" opens that element. A select says when: data-reveals-value opens
 * it at that value, data-reveals-unless at every other one.
 */
function watchReveal(control) {
  const more = document.getElementById(control.dataset.reveals);
  if (!more) return;
  const show = () => {
    const { revealsValue: wanted, revealsUnless: usual } = control.dataset;
    if (usual !== undefined) more.hidden = control.value === usual && !more.querySelector(".govuk-error-message");
    else more.hidden = wanted === undefined ? !control.checked : control.value !== wanted;
    more.classList.remove("govuk-radios__conditional--hidden");
  };
  const group = control.type === "radio" && control.form
    ? [...control.form.elements].filter((other) => other.name === control.name)
    : [control];
  for (const other of group) other.addEventListener("change", show);
  show();
}

export function start() {
  for (const box of document.querySelectorAll("[data-imagery-words]")) watchImagery(box);
  for (const control of document.querySelectorAll("[data-reveals]")) watchReveal(control);
}

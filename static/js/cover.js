// Covers the whole page so that nothing of it can be seen, reached or read out. Used to hide a screen and to end a session.

/** Lays `cover` over the page and takes everything else out of reach. Returns a function that puts all back as it was. */
export function coverPage(cover) {
  const before = document.activeElement;
  const others = [...document.body.children].filter((element) => element !== cover && !element.inert);
  for (const element of others) element.inert = true;
  document.body.append(cover);
  return function uncover() {
    cover.remove();
    for (const element of others) element.inert = false;
    if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
  };
}

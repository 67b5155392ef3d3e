"""What is looked at on a page: its accessibility, whether anything sticks out, and whether anything is foreign."""

from pathlib import Path

from django.conf import settings
from playwright.sync_api import Locator, Page, ViewportSize

PHONE: ViewportSize = {"width": 390, "height": 844}
NARROW: ViewportSize = {"width": 320, "height": 640}
DESK: ViewportSize = {"width": 1280, "height": 900}
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

_AXE = "rules => axe.run({runOnly: rules, resultTypes: ['violations']})"
_FOCUS = """element => {
  const look = () => {
    const style = getComputedStyle(element);
    return [style.outlineStyle + style.outlineWidth + style.outlineColor, style.boxShadow, style.backgroundColor,
            style.borderColor].join(" | ");
  };
  const focused = look();
  element.blur();
  const plain = look();
  element.focus();
  return [focused, plain];
}"""

# What would run, or would be fetched, although no policy and no network told so.
_FOREIGN = """() => {
  const found = [];
  for (const element of document.querySelectorAll("*")) {
    for (const {name, value} of element.attributes) {
      const where = `${element.tagName.toLowerCase()} ${name}=${value.slice(0, 60)}`;
      if (/^on/.test(name)) found.push("inline handler: " + where);
      if (name === "style" && element.closest("main, header, footer")) found.push("inline style: " + where);
      if (/^(href|src|action|formaction|poster|srcset|data)$/.test(name)) {
        const url = new URL(value, location.href);
        if (!["tel:", "mailto:", "data:"].includes(url.protocol) && url.origin !== location.origin) {
          found.push("leads elsewhere: " + where);
        }
        if (url.protocol === "javascript:") found.push("runs: " + where);
      }
    }
  }
  for (const script of document.scripts) {
    const isData = /json/.test(script.type);
    if (!script.src && !isData && !script.nonce) found.push("inline script: " + script.text.slice(0, 60));
  }
  return found;
}"""


def axe_violations(page: Page) -> list[str]:
    """Run axe over the page as it stands and return what it finds, one line each."""
    if not page.evaluate("'axe' in window"):
        script = Path(settings.FRONTEND_DIR) / "vendor" / "axe" / "axe.min.js"
        page.evaluate(script.read_text())
    result = page.evaluate(_AXE, AXE_RULES)
    assert result["passes"], "axe did not run"
    return [f"{found['id']}: {node['target']}" for found in result["violations"] for node in found["nodes"]]


def foreign_things(page: Page) -> list[str]:
    """Return what on a page leads to another site, or would run although nobody allowed it."""
    found: list[str] = page.evaluate(_FOREIGN)
    return found


def overflows(page: Page) -> bool:
    """Say whether the page is wider than its window."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def enlarge_text(page: Page) -> None:
    """Make the page's text twice as large, as a reader's own setting does."""
    page.evaluate("document.documentElement.style.fontSize = '200%'")


def shows_focus(control: Locator) -> bool:
    """Say whether a control looks different while it has the focus."""
    focused, plain = control.evaluate(_FOCUS)
    return bool(focused != plain)

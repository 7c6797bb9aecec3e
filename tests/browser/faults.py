"""What is wrong with a screen, read from its semantics tree: pages that broke, words cut off, targets that a thumb misses."""

from typing import Final

from tests.browser.driver import FletPage

BROKEN: Final = ("Error running app", "Traceback", "SESSION_CRASHED")
THUMB_PX: Final = 56
"""The least height and width of a target on a phone; see tokens.TOUCH_PHONE."""
MOUSE_PX: Final = 44
DESK_PX: Final = 1000
LINE_PX: Final = 16
"""No line of the smallest words is lower."""
PILLAR: Final = 4
"""Words this many times as high as wide are broken letter by letter."""

# Lies over others or is small on purpose: marks on a map stand where things are, and shrink so as not to cover each other.
ON_A_MAP: Final = "[flt-semantics-identifier=ground], [flt-semantics-identifier=desk-map], [flt-semantics-identifier^=pick-]"
STRIPS: Final = "^(spot|photo|thumb)-"
"""A strip of photos scrolls to the right."""
SMALLER: Final = "^(strip-|toggle-cut)"
"""What stands above every screen is as low as the strip: the page below needs the room. Its width is ample."""

# One pass over the tree. A box is cut to those of its ancestors: what has scrolled under the bar at the bottom is not there.
_LOOK: Final = """([onMap, strips, smaller, least, line, pillar]) => {
  const faults = [];
  const lowest = line * (parseFloat(document.documentElement.style.fontSize || '16') / 16);
  const all = [...document.querySelectorAll('flt-semantics')];
  const ident = node => node.getAttribute('flt-semantics-identifier') || '';
  const identAround = node => ident(node) || ident(node.closest('[flt-semantics-identifier]') || node);
  const words = node => (node.getAttribute('aria-label') || node.innerText || identAround(node) || '?').trim().slice(0, 90);
  // While a pointer is about, the client hides what it scrolls otherwise.
  const scrolls = node => /scroll|auto|hidden/.test(node.style.overflowY + node.style.overflowX);
  const parentOf = node => node.parentElement && node.parentElement.closest('flt-semantics');
  const scrolled = node => { for (let up = parentOf(node); up; up = parentOf(up)) if (scrolls(up)) return true; return false; };
  const seen = node => {
    const own = node.getBoundingClientRect();
    const box = {left: own.left, top: own.top, right: own.right, bottom: own.bottom, cut: false};
    for (let up = parentOf(node); up; up = parentOf(up)) {
      if (!scrolls(up)) continue;
      const edge = up.getBoundingClientRect();
      box.cut ||= own.top < edge.top + 1 || own.bottom > edge.bottom - 1 || own.left < edge.left || own.right > edge.right;
      box.left = Math.max(box.left, edge.left); box.top = Math.max(box.top, edge.top);
      box.right = Math.min(box.right, edge.right); box.bottom = Math.min(box.bottom, edge.bottom);
    }
    box.right = Math.min(box.right, innerWidth); box.bottom = Math.min(box.bottom, innerHeight);
    box.width = box.right - box.left; box.height = box.bottom - box.top;
    box.whole = !box.cut && box.width > own.width - 1 && box.height > own.height - 1;
    return box;
  };
  const ours = all.filter(node => !node.closest(onMap) && !identAround(node).match(strips));
  for (const node of ours) {
    const box = node.getBoundingClientRect();
    // What has neither words nor a name is the ground of something that scrolls sideways.
    const out = box.width && box.left < innerWidth && box.right > innerWidth + 1;
    if (out && words(node) !== '?') faults.push('reaches out: ' + words(node));
    // The client cuts boxes to the screen: words that end exactly at its edge go on beyond it.
    const told = !node.querySelector('flt-semantics') && (node.getAttribute('aria-label') || node.innerText.trim());
    const atEdge = box.left > 2 && box.left < innerWidth && box.right > innerWidth - 0.5;
    if (told && atEdge && !node.matches('[role=tab]')) faults.push('reaches out: ' + words(node));
    const low = node.innerText.trim() && box.height && box.height < lowest;
    if (told && low && seen(node).whole) faults.push('leaves its box: ' + words(node));
    const broken = told && told.length > 2 && box.width && box.height > pillar * box.width;
    if (broken) faults.push('letters under each other: ' + words(node));
  }
  const roles = '[role=button], [role=tab], [role=checkbox], [role=radio], [role=switch]';
  const targets = ours.filter(node => node.matches(roles)).map(node => [node, seen(node)])
    .filter(([, box]) => box.width > 0 && box.height > 0);
  for (const [node, box] of targets) {
    const off = node.getAttribute('aria-disabled') === 'true';
    const field = node.closest('[role=textbox]') || node.querySelector('input, textarea');
    if (!node.getAttribute('aria-label') && !node.innerText.trim() && !(node.parentElement.closest('[aria-label]')))
      faults.push('has no name: ' + (identAround(node) || node.outerHTML.slice(0, 120)));
    const low = Math.min(box.width, box.height) < least - 0.6;
    if (low && box.whole && !off && !field && !identAround(node).match(smaller))
      faults.push(`small target ${Math.round(box.width)}x${Math.round(box.height)}: ` + words(node));
    if (box.bottom > innerHeight - 0.5 && box.height < least && !scrolled(node)) faults.push('below the screen: ' + words(node));
  }
  for (let one = 0; one < targets.length; one++) for (let two = one + 1; two < targets.length; two++) {
    const [first, a] = targets[one], [second, b] = targets[two];
    if (first.contains(second) || second.contains(first)) continue;
    const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    if (across > 3 && down > 3) faults.push(`overlap: ${words(first)} | ${words(second)}`);
  }
  return [...new Set(faults)];
}"""


async def find_faults(page: FletPage) -> list[str]:
    """What is wrong with the screen that is shown."""
    text = await page.text()
    width = (page.page.viewport_size or {"width": 0})["width"]
    least = MOUSE_PX if width >= DESK_PX else THUMB_PX
    seen: list[str] = await page.page.evaluate(_LOOK, [ON_A_MAP, STRIPS, SMALLER, least, LINE_PX, PILLAR])
    return [words for words in BROKEN if words in text] + seen

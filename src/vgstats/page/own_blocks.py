"""An analyst's own blocks on a finished page: marked as such, with a source, and apart from what vgstats worked out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from vgstats.blocks.own_text import OWN_BLOCK, OWN_LABELS
from vgstats.catalogue.numbers_in_words import OWN
from vgstats.page.numbers_on_page import attribute, facts_of

BESIDE_OWN_COUNTS = (
    "the report shows the region's own counts, and nothing can tell what an analyst's own numbers or figures beside "
    "them give away of the small ones that are hidden. Take it out, put it in a report without own counts, or import "
    "the figures (vgstats import; the guide Egna siffror, docs/egen-tabell.md in the project) and name the measure "
    "under measures: in the parameter file"
)
_NEVER = "h1, h2, h3, h4, h5, h6, nav, script, map, area, dl, time, details[open], .own-words"


def own_blocks_faults(page: LexborHTMLParser) -> Iterator[str]:
    """Yield what is wrong with an analyst's own blocks: nobody is told whose they are, or others' numbers are there."""
    boxes = {attribute(box, "aria-labelledby"): box for box in page.css(f".{OWN_BLOCK}")}
    labels = Counter(attribute(box, "aria-labelledby") for box in page.css(f".{OWN_BLOCK}"))
    for label, times in labels.items():
        if times > 1:
            name = box_name(boxes[label])
            yield f"the own block {name!r} stands {times} times, word for word. Keep one of them"
    for box in page.css(f".{OWN_BLOCK}"):
        head = next(box.iter(), None)
        if (
            head is None
            or attribute(head, "class") != "own-label"
            or head.text() not in OWN_LABELS.values()
        ):
            yield "there is an own block that does not say that it is the analyst's"
        elif attribute(box, "role") != "region" or attribute(box, "aria-labelledby") != head.id:
            yield "there is an own block that has no name for who listens to the page"
        if (strange := box.css_first(_NEVER)) is not None:
            yield f"there is a {strange.tag} element in an own block"
        if box.css_first("data, table, img") is not None and box.css_first("p.note cite") is None:
            yield f"the own block {box_name(box)!r} does not say where its numbers come from"
        if any(attribute(fact, "data-fact").split("|")[0] != OWN for fact in box.css("data")):
            yield f"the own block {box_name(box)!r} holds a number that is not the analyst's own"
    inside = sum(len(box.css("data")) for box in page.css(f".{OWN_BLOCK}"))
    if inside != sum(
        attribute(fact, "data-fact").split("|")[0] == OWN for fact in page.css("data")
    ):
        yield "a number of the analyst's own stands outside the blocks that say so"


def beside_own_counts(page: LexborHTMLParser) -> Iterator[str]:
    """Yield a fault for each own block with numbers or a figure, on a page that shows a region's own counts."""
    boxes = page.css(f".{OWN_BLOCK}")
    for box in boxes:
        if box.css_first("data, table, img") is not None:
            yield f"the own block {box_name(box)!r} may not stand there: {BESIDE_OWN_COUNTS}"
    if not boxes and any(name.split("|")[0] == OWN for name, _, _ in facts_of(page)):
        yield f"a number of the analyst's own may not stand there: {BESIDE_OWN_COUNTS}"


def in_own_block(element: LexborNode) -> bool:
    """Return whether an element stands in an analyst's own block."""
    above = element.parent
    while above is not None and attribute(above, "class") != OWN_BLOCK:
        above = above.parent
    return above is not None


def box_name(box: LexborNode) -> str:
    """Return what an own block is called: its caption, or the beginning of its text."""
    caption = (
        box.css_first("figcaption") or box.css_first("caption") or box.css_first("p:not([class])")
    )
    words = (caption or box).text(strip=True)
    return words[:60]

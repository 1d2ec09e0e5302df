"""A comparison as a picture: bars of what is in force and of the draft, and who moves by group, as SVG."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape

import attrs

from queue_engine.catalogue import translations
from queue_engine.rounds.whatif import DEARER, GAINS, LABELS, LESS_DEAR, LOSES, NOW, SHORT, THEN, GroupMoves, WhatIf

_FIGURES = ("placed", "first", "empty", "envy")
_COLOURS = {
    NOW: "#8a96a3",
    THEN: "#1f5f99",
    GAINS: "#1b7837",
    DEARER: "#7fbf7b",
    LOSES: "#b2182b",
    LESS_DEAR: "#ef8a62",
}
_WIDTH, _LEFT, _BAR, _ROW, _LETTER = 900, 340, 480, 16, 7


def picture(what_if: WhatIf, lang: str) -> str:
    """Return a comparison as the text of an SVG file, readable without colours: every bar has its number beside it.

    Args:
        what_if: from `whatif.compare`.
        lang: "ru" or "en".

    Complexity: linear in the groups.

    """
    drawing = _Drawing(lang)
    drawing.head(what_if.name)
    drawing.legend(NOW, THEN)
    figures = attrs.asdict(what_if.now), attrs.asdict(what_if.then)
    for name in _FIGURES:
        most = max(figures[0][name], figures[1][name], 1)
        drawing.text(0, drawing.said(LABELS[name]))
        for values, what in zip(figures, (NOW, THEN), strict=True):
            drawing.bar(_LEFT, values[name] * _BAR // most, what, str(values[name]))
        drawing.top += _ROW // 2
    drawing.top += _ROW
    drawing.legend(GAINS, DEARER, LOSES, LESS_DEAR)
    most = max((max(_sides(each)) for each in what_if.parted), default=0) or 1
    for each in what_if.parted:
        drawing.moves(each, most)
    return "".join(f"{line}\n" for line in drawing.lines())


def _sides(group: GroupMoves) -> tuple[int, int]:
    """Return how many of a group fare worse, and how many better."""
    return group.counts[LOSES] + group.counts[LESS_DEAR], group.counts[GAINS] + group.counts[DEARER]


@attrs.define(eq=False)
class _Drawing:
    """A picture while it is drawn, from the top downwards."""

    lang: str
    parts: list[str] = attrs.field(factory=list)
    top: int = 28

    def said(self, text: str) -> str:
        return translations(self.lang).gettext(text)

    def text(self, left: int, text: str, style: str = "") -> None:
        self.parts.append(f'<text x="{left + 8}" y="{self.top + 12}"{style}>{escape(text)}</text>')

    def box(self, left: int, width: int, what: str) -> None:
        self.parts.append(f'<rect x="{left}" y="{self.top}" width="{width}" height="13" fill="{_COLOURS[what]}"/>')

    def head(self, name: str) -> None:
        title = ": ".join(filter(None, (self.said("What if"), name)))
        self.parts.append(f"<title>{escape(title)}</title>")
        self.text(0, title, ' font-weight="bold"')
        self.top += 2 * _ROW

    def legend(self, *whats: str) -> None:
        left = _LEFT
        for what in whats:
            self.box(left, 13, what)
            text = self.said(SHORT.get(what, what))
            self.text(left + 13, text)
            left += 40 + _LETTER * len(text)
        self.top += 2 * _ROW

    def bar(self, left: int, width: int, what: str, value: str) -> None:
        self.box(left, width, what)
        self.text(left + width, value)
        self.top += _ROW

    def moves(self, group: GroupMoves, most: int) -> None:
        """Draw who fares worse to the left of a line, and who better to the right."""
        half, room = _BAR // 2, _BAR // 2 - 4 * _LETTER
        middle, (worse, better) = _LEFT + half, _sides(group)
        self.text(0, ": ".join(_shortened(title.in_language(self.lang)) for title in group.title))
        for sign, count, kinds in ((-1, worse, (LOSES, LESS_DEAR)), (1, better, (GAINS, DEARER))):
            edge = middle
            for kind in kinds:
                width = group.counts[kind] * room // most
                self.box(edge if sign > 0 else edge - width, width, kind)
                edge += sign * width
            self.text(edge if sign > 0 else edge - 20 - _LETTER * len(str(count)), str(count))
        self.top += _ROW + 4

    def lines(self) -> Iterator[str]:
        size = f'viewBox="0 0 {_WIDTH} {self.top + _ROW}" width="{_WIDTH}" height="{self.top + _ROW}"'
        yield f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" font-family="sans-serif" font-size="13">'
        yield '<rect width="100%" height="100%" fill="#ffffff"/>'
        yield from self.parts
        yield "</svg>"


def _shortened(text: str) -> str:
    """Return a title that fits beside the bars; the whole of it stands in the rules."""
    most = _LEFT // (2 * _LETTER)
    return text if len(text) <= most else text[: most - 1] + "…"

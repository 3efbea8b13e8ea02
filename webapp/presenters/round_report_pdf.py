"""The report of a round as one A4 page: title, language, and the same figures as the page in the browser.

Fonts come with the application. What they cannot draw (a programme's name in Arabic or Chinese, say) is not drawn
as boxes: the name as it stands in addresses takes its place, and the page says so.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask_babel import gettext as _
from fpdf import FPDF
from fpdf.fonts import TTFFont
from fpdf.prefs import ViewerPreferences

from webapp.presenters.round_report import Column, Figure, Plot, Report

FONTS = Path(__file__).parents[1] / "static/vendor/fonts"
# The light tokens of theme.css, for paper; a test holds them equal.
INK = {
    "ink": (0x14, 0x28, 0x2B),
    "muted": (0x48, 0x5C, 0x5F),
    "a": (0x0B, 0x5F, 0x57),
    "b": (0x57, 0x4B, 0x9F),
    "new": (0xED, 0xA9, 0x2F),
    "low": (0xAD, 0x34, 0x55),
    "sunk": (0xF2, 0xF4, 0xEE),
    "edge": (0x72, 0x83, 0x7F),
    "soft": (0xD7, 0xEB, 0xE4),
}
TOKENS = {"a": "pine", "b": "iris", "new": "gold", "low": "madder", "soft": "pine-soft"}
LEFT, RIGHT, TOP, BOTTOM = 16.0, 194.0, 15.0, 284.0
GAP = 8.0  # between the two columns of plots
PER_ROW = 6  # tiles
SCALES = (1.15, 1.0, 0.85, 0.7)


@dataclass(frozen=True)
class Printed:
    """The file, its title, where its page ends, and whether a name gave way to one that can be drawn."""

    content: bytes
    title: str
    end: float
    replaced: bool


def print_report(report: Report, *, made_at: datetime, language: str) -> Printed:
    """Return the report as PDF: the same bytes for the same report and moment.

    It is set smaller where many groups have long names.
    """
    for scale in SCALES:
        pdf = _Page(report, made_at, language, scale)
        try:
            end = pdf.fill()
            if end <= BOTTOM or scale == SCALES[-1]:
                break
        finally:
            pdf.close_fonts()
    return Printed(pdf.content, pdf.title or "", end, pdf.replaced)


class _Page(FPDF):
    """One page, filled from its top; millimetres."""

    def __init__(self, report: Report, made_at: datetime, language: str, scale: float) -> None:
        super().__init__(format="A4")
        self.report, self.scale, self.content = report, scale, b""
        self.c_margin = 0  # text begins where its box does
        self.set_auto_page_break(auto=False)
        self.add_font("figtree", "", FONTS / "Figtree_400Regular.ttf")
        self.add_font("figtree", "B", FONTS / "Figtree_600SemiBold.ttf")
        self.add_font("noto", "", FONTS / "NotoSans_400Regular.ttf")
        self.set_fallback_fonts(["noto"], exact_match=False)
        self.programme = self._drawable(report.programme, report.slug)
        self.round = self._drawable(report.round, _("the round of %(day)s", day=report.published))
        self.replaced = (self.programme, self.round) != (report.programme, report.round)
        self.set_title(f"{self.programme}, {self.round}: {report.title}")
        self.set_subject(report.lead)
        self.set_creator("Mosaic")
        self.set_lang(language)
        self.set_creation_date(made_at)
        self.viewer_preferences = ViewerPreferences(display_doc_title=True)
        self.add_page()
        self.set_xy(LEFT, TOP)

    def fill(self) -> float:
        """Write the page, and return where it ends."""
        self.head()
        self.figures(self.report.figures)
        self.proof()
        self.piles(self.report.fits)
        end = self.bars(self.report.plots)
        self.foot()
        self.content = bytes(self.output())
        return end

    def close_fonts(self) -> None:
        """Close the files of the fonts, which are open until then."""
        for font in self.fonts.values():
            if isinstance(font, TTFFont):
                font.close()

    def _drawable(self, text: str, instead: str) -> str:
        known = [font.cmap for font in self.fonts.values() if isinstance(font, TTFFont)]
        return text if all(any(ord(letter) in cmap for cmap in known) for letter in text) else instead

    def ink(self, name: str, size: float = 9, style: str = "") -> None:
        self.set_font("figtree", style, size)
        self.set_text_color(*INK[name])

    def at(self, x: float, y: float, text: str, width: float, *, align: str = "L", height: float = 4.2) -> float:
        """Write lines from here down, and return where they end."""
        self.set_xy(x, y)
        self.multi_cell(width, height, text, align=align, new_x="LEFT", new_y="NEXT")
        return float(self.get_y())

    def head(self) -> None:
        self.ink("muted", 9)
        y = self.at(LEFT, TOP, f"{self.programme} · {self.round}", RIGHT - LEFT, height=4.4)
        self.ink("ink", 20, "B")
        y = self.at(LEFT, y + 1.5, self.report.title, RIGHT - LEFT, height=8.4)
        self.ink("ink", 10.5)
        y = self.at(LEFT, y + 1, self.report.lead, RIGHT - LEFT, height=5)
        self.ink("muted", 9)
        self.set_y(self.at(LEFT, y, self.report.dates, RIGHT - LEFT) + 3)

    def figures(self, figures: Iterable[Figure]) -> None:
        y, width = self.get_y(), (RIGHT - LEFT - 3) / 4
        for number, figure in enumerate(figures):
            x = LEFT + number * (width + 1)
            self.set_fill_color(*INK["sunk"])
            self.rect(x, y, width, 23, style="F", round_corners=True, corner_radius=1.2)
            self.ink("muted", 8)
            self.at(x + 3, y + 2.5, figure.label, width - 5)
            self.ink("ink", 14, "B")
            self.at(x + 3, y + 7, figure.value, width - 5, height=6)
            self.ink("muted", 8)
            self.at(x + 3, y + 13.6, figure.note, width - 5, height=3.7)
        self.set_y(y + 26)

    def proof(self) -> None:
        y = self.get_y()
        self.ink("a" if self.report.proved else "ink", 9.5, "B")
        width = self.get_string_width(self.report.proof) + 6
        self.set_fill_color(*INK["soft" if self.report.proved else "sunk"])
        self.rect(LEFT, y, width, 6.4, style="F", round_corners=True, corner_radius=0.8)
        self.at(LEFT + 3, y + 1.1, self.report.proof, width)
        self.ink("muted", 9)
        self.at(LEFT + width + 3, y + 1.1, _("Rule: %(rule)s.", rule=self.report.rule), RIGHT - LEFT - width - 3)
        self.set_y(y + 10)

    def piles(self, columns: tuple[Column, ...]) -> None:
        """Draw the fits: tiles piled up, six a row, from thin to strong."""
        self._title(self.report.fits_title, self.report.fits_note)
        highest = max(-(-column.number // (self.report.tile * PER_ROW)) for column in columns) or 1
        step = self.scale * min(3.4, 38 / highest)
        width = (RIGHT - LEFT) / len(columns)
        base = self.get_y() + 5 + highest * step
        for number, column in enumerate(columns):
            x = LEFT + number * width + (width - PER_ROW * step) / 2
            self._pile(x, base, step, column)
            self.ink("muted", 8)
            self.at(LEFT + number * width, base + 1.2, column.label, width, align="C")
        self.set_draw_color(*INK["edge"])
        self.set_line_width(0.3)
        self.line(LEFT, base + 0.4, RIGHT, base + 0.4)
        self.set_y(base + 8)

    def _pile(self, x: float, base: float, step: float, column: Column) -> None:
        tiles = -(-column.number // self.report.tile)
        self.set_fill_color(*INK["low" if column.low else "a"])
        for tile in range(tiles):
            row, place = divmod(tile, PER_ROW)
            self.rect(x + place * step, base - (row + 1) * step, step * 0.86, step * 0.86, style="F")
        self.ink("ink", 9, "B")
        self.at(x - 6, base - -(-tiles // PER_ROW) * step - 4.6, str(column.number), PER_ROW * step + 12, align="C")

    def bars(self, plots: tuple[Plot, ...]) -> float:
        """Draw the plots in two columns, each next one in the column that has more room; return the lower end."""
        width = (RIGHT - LEFT - GAP) / 2
        ends = [self.get_y(), self.get_y()]
        for plot in plots:
            side = ends.index(min(ends))
            ends[side] = self._plot(plot, LEFT + side * (width + GAP), ends[side], width)
        return max(ends)

    def _plot(self, plot: Plot, x: float, y: float, width: float) -> float:
        self.set_xy(x, y)
        self._title(plot.title, plot.note, width)
        y, size, line = self.get_y(), 8.2 * self.scale, 3.5 * self.scale
        name, figure = width * 0.54, 17.0
        room = width - name - figure
        for bar in plot.bars:
            self.ink("ink", size)
            end = self.at(x, y, bar.label, name - 2, height=line)
            length = room * bar.whole / plot.longest
            self.set_fill_color(*INK["sunk"])
            self.rect(x + name, y + 0.1 * line, length, 0.8 * line, style="F")
            self.set_fill_color(*INK[bar.kind])
            self.rect(x + name, y + 0.1 * line, length * bar.part / max(1, bar.whole), 0.8 * line, style="F")
            self.ink("ink", size, "B")
            self.at(x + name + room, y, bar.said, figure, align="R", height=line)
            y = max(end, y + line) + 0.9 * self.scale
        return y + 3.5 * self.scale

    def _title(self, title: str, note: str, width: float = RIGHT - LEFT) -> None:
        x = self.get_x() if width < RIGHT - LEFT else LEFT
        self.ink("ink", 10.5, "B")
        y = self.at(x, self.get_y(), title, width, height=5)
        if note:
            self.ink("muted", 8)
            y = self.at(x, y, note, width, height=3.8)
        self.set_xy(x, y + 1.2)

    def foot(self) -> None:
        text = _("Figures alone: this page names nobody.")
        if self.replaced:
            more = _(
                "A name is written in letters that this page cannot draw; it stands in full on the page it came from."
            )
            text = f"{text} {more}"
        self.ink("muted", 8)
        self.at(LEFT, BOTTOM, text, RIGHT - LEFT - 20, height=3.6)
        self.at(RIGHT - 20, BOTTOM, "Mosaic", 20, align="R", height=3.6)

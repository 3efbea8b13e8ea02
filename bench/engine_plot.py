"""Draws seconds against size, ours and the rivals': `python -m bench.engine_plot FILE.json` writes the plot in docs."""

import json
import math
import statistics
import sys
from pathlib import Path

TARGET = Path(__file__).parent.parent / "docs" / "images" / "engine-time.svg"
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 420, 70, 190, 24, 56
HALO = 'stroke="#ffffff" stroke-width="4" paint-order="stroke"'  # words stay readable over lines
LOOKS = {  # colour and dashes, so that lines differ without colour too
    "Mosaic, total": ("#0b6e5f", ""),
    "Mosaic, coverage": ("#b4561f", "7 4"),
    "OR-Tools flow on all pairs": ("#3a4a8c", "2 3"),
    "matching, one mentor each": ("#7a3b78", "9 3 2 3"),
    "mentor-match's solver, one each": ("#555555", "1 5"),
}


def series(measured):
    """Return for each line its points (mentees, median seconds over the seeds)."""
    found = {name: {} for name in LOOKS}
    for line in measured["ours"]:
        size, _, kind = line["case"].partition(" ")
        if not kind and size != "midl" and line["objective"] in {"total", "coverage"}:
            times = [run["seconds"] + run["seconds_to_make_problem"] for run in line["runs"]]
            found[f"Mosaic, {line['objective']}"].setdefault(int(size.split("x")[0]), []).extend(times)
    names = dict(zip(("ortools", "matching", "mentor-match"), list(LOOKS)[2:], strict=True))
    for line in measured["rivals"]:
        if "seconds" in line:
            size = int(line["case"].split("x")[0])
            found[names[line["rival"]]].setdefault(size, []).append(line["seconds"])
    return {
        name: sorted((size, statistics.median(times)) for size, times in points.items())
        for name, points in found.items()
        if points
    }


def draw(lines):
    """Return the plot as SVG; both axes are logarithmic."""
    points = [point for line in lines.values() for point in line]
    sizes = sorted({size for size, _ in points})
    low = math.floor(math.log10(min(seconds for _, seconds in points)))
    high = math.ceil(math.log10(max(seconds for _, seconds in points)))

    def x(size):
        share = math.log(size / sizes[0]) / math.log(sizes[-1] / sizes[0])
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def y(seconds):
        return HEIGHT - BOTTOM - (math.log10(seconds) - low) / (high - low) * (HEIGHT - TOP - BOTTOM)

    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
            ' font-family="sans-serif" font-size="12">'
        ),
        "<title>Seconds to solve against the number of mentees, with half as many mentors</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
    ]
    for power in range(low, high + 1):
        at = y(10.0**power)
        parts.append(f'<path d="M{LEFT} {at:.1f}H{WIDTH - RIGHT}" stroke="#dddddd"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{10.0**power:g} s</text>')
    for size in sizes:
        parts.append(f'<text x="{x(size):.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{size:,}</text>')
    middle = (LEFT + WIDTH - RIGHT) / 2
    parts.append(f'<text x="{middle}" y="{HEIGHT - 12}" text-anchor="middle">mentees (mentors: half as many)</text>')
    lowest = -math.inf
    for name, line in sorted(lines.items(), key=lambda item: -item[1][-1][1]):
        colour, dashes = LOOKS[name]
        path = "M" + "L".join(f"{x(size):.1f} {y(seconds):.1f}" for size, seconds in line)
        parts.append(f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dashes}"/>')
        parts += [f'<circle cx="{x(a):.1f}" cy="{y(b):.1f}" r="3.5" fill="{colour}"/>' for a, b in line]
        lowest = max(lowest + 16, y(line[-1][1]) + 4)
        parts.append(f'<text x="{x(line[-1][0]) + 8:.1f}" y="{lowest:.1f}" fill="{colour}" {HALO}>{name}</text>')
    return "\n".join([*parts, "</svg>", ""])


if __name__ == "__main__":
    content = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    TARGET.write_text(draw(series(content["engine"])), encoding="utf-8")

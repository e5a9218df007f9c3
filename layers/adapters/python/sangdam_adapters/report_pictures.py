"""Pictures of a report: SVG that takes its colours from the page, so they fit light and dark."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from sangdam.learning.curves import Bin, Mark, Point
from sangdam.learning.intervals import Share
from sangdam_adapters.report_markup import escape

NAME = 24
"""Longest name beside a picture; the whole one stands in its tooltip."""

_WIDTH, _HEIGHT, _LEFT, _TOP, _BELOW, _RIGHT = 460, 340, 60, 16, 46, 16
_ACROSS, _DOWN = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BELOW


def bar(share: Share | None, *, low: float = 0.0, high: float = 1.0) -> str:
    """Return a bar as wide as its place, with its interval; its ends stand for low and high."""
    if share is None:
        return ""

    def place(value: float) -> float:
        return round(100 * min(1.0, max(0.0, (value - low) / (high - low))), 2)

    value, start, end = place(share.value), place(share.low), place(share.high)
    whisker = (
        f'<rect class="whisker" x="{start}" y="5.2" width="{round(max(0.4, end - start), 2)}"'
        ' height="1.6"/>'
        if share.low != share.high
        else ""
    )
    return (
        '<svg class="bar" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="track" width="100" height="12"/>'
        f'<rect class="fill" width="{value}" height="12"/>{whisker}</svg>'
    )


def heat_map(names: Sequence[str], matrix: Sequence[Sequence[int]], *, title: str) -> str:
    """Return a confusion matrix: ``matrix[i][j]`` rows of names[i] were taken for names[j].

    A row's shares need not add up to 1: it is compared with its largest cell.
    """
    cell, size = 30, 30 * len(names)
    longest = max((len(_short(name)) for name in names), default=0)
    side, top = 24 + 7.2 * longest, 30 + 5.6 * longest
    width, height = round(side + size + 4.8 * longest), round(top + size + 8)
    parts = [_svg(width, height, title=title, kind="map")]
    for number, name in enumerate(names):
        middle = cell * number + cell / 2
        parts.append(
            f'<text class="name" x="{side - 8}" y="{top + middle + 4}" text-anchor="end">'
            f"<title>{escape(name)}</title>{escape(_short(name))}</text>"
            f'<text class="name" transform="translate({side + middle + 3} {top - 8}) rotate(-50)">'
            f"<title>{escape(name)}</title>{escape(_short(name))}</text>"
        )
    for down, row in enumerate(matrix):
        fullest = max(row, default=0)
        for across, count in enumerate(row):
            x, y = side + cell * across, top + cell * down
            kind = "right" if across == down else "wrong"
            shade = round(0.12 + 0.88 * math.sqrt(count / fullest), 2) if count else 0
            parts.append(
                f'<g><rect class="cell" x="{x}" y="{y}" width="{cell - 1}" height="{cell - 1}"/>'
                f"<title>{escape(names[down])} → {escape(names[across])}: {count}</title>"
            )
            if count:
                ink = "onto" if shade > 0.6 else "ink"
                parts.append(
                    f'<rect class="{kind}" x="{x}" y="{y}" width="{cell - 1}" height="{cell - 1}"'
                    f' fill-opacity="{shade}"/><text class="{ink}" x="{x + cell / 2}"'
                    f' y="{y + cell / 2 + 4}" text-anchor="middle">{_count(count)}</text>'
                )
            parts.append("</g>")
    return "".join((*parts, "</svg>"))


def reliability(bins: Sequence[Bin], *, title: str, across: str, up: str) -> str:
    """Return a reliability diagram: how often right, by how sure; dots grow with their rows."""
    most = max((one.rows for one in bins), default=1)
    parts = [
        _svg(_WIDTH, _HEIGHT, title=title),
        _axes(across, up, highest=1.0),
        f'<line class="ideal" x1="{_x(0)}" y1="{_y(0, 1)}" x2="{_x(1)}" y2="{_y(1, 1)}"/>',
    ]
    for one in bins:
        x, share = _x(one.confidence), one.accuracy
        radius = round(3 + 8 * math.sqrt(one.rows / most), 1)
        parts.append(
            f'<g><line class="whisker" x1="{x}" y1="{_y(share.low, 1)}" x2="{x}"'
            f' y2="{_y(share.high, 1)}"/>'
            f'<circle class="dot" cx="{x}" cy="{_y(share.value, 1)}" r="{radius}"/>'
            f"<title>{one.confidence:.1%} → {share.value:.1%} ({one.rows})</title></g>"
        )
    return "".join((*parts, "</svg>"))


def risk_coverage(
    points: Sequence[Point],
    marks: Iterable[Mark],
    *,
    title: str,
    across: str,
    up: str,
    labels: dict[str, str],
    budget: tuple[float, str] | None,
) -> str:
    """Return the risk-coverage curve with the chosen thresholds and the budget marked."""
    marks = list(marks)
    seen = [*(one.risk for one in points), *(one.risk for one in marks)]
    highest = _round_up(max([*seen, 1.2 * budget[0] if budget else 0.0, 0.01]))
    line = " ".join(f"{_x(one.coverage)},{_y(one.risk, highest)}" for one in points)
    parts = [_svg(_WIDTH, _HEIGHT, title=title), _axes(across, up, highest=highest)]
    if budget is not None:
        y = _y(budget[0], highest)
        parts.append(
            f'<line class="budget" x1="{_x(0)}" y1="{y}" x2="{_x(1)}" y2="{y}"/>'
            f'<text class="budget" x="{_x(0) + 6}" y="{y - 6}">{escape(budget[1])}</text>'
        )
    parts.append(f'<polyline class="curve" points="{line}"/>')
    for one in marks:
        x, y = _x(one.coverage), _y(one.risk, highest)
        # The curve climbs to the right, so there is room above it to the left.
        side, turn, lift = ("end", -9, -9) if one.coverage > 0.4 else ("start", 10, 18)
        parts.append(
            f'<g><circle class="mark {escape(one.name)}" cx="{x}" cy="{y}" r="6"/>'
            f'<text class="label" x="{x + turn}" y="{y + lift}" text-anchor="{side}">'
            f"{escape(labels.get(one.name, one.name))}</text>"
            f"<title>{one.coverage:.1%}, {one.risk:.1%}</title></g>"
        )
    return "".join((*parts, "</svg>"))


def _svg(width: float, height: float, *, title: str, kind: str = "plot") -> str:
    return (
        f'<svg class="{kind}" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        f' role="img" aria-label="{escape(title)}">'
    )


def _axes(across: str, up: str, *, highest: float) -> str:
    parts = []
    for step in range(6):
        share = step / 5
        x, y = _x(share), _y(share * highest, highest)
        digits = 0 if highest >= 0.05 else 1
        parts.append(
            f'<line class="grid" x1="{_x(0)}" y1="{y}" x2="{_x(1)}" y2="{y}"/>'
            f'<text x="{_x(0) - 7}" y="{y + 4}" text-anchor="end">'
            f"{share * highest:.{digits}%}</text>"
            f'<text x="{x}" y="{_y(0, 1) + 17}" text-anchor="middle">{share:.0%}</text>'
        )
    middle = _TOP + _DOWN / 2
    return (
        f"{''.join(parts)}"
        f'<text class="axis" x="{_LEFT + _ACROSS / 2}" y="{_HEIGHT - 8}" text-anchor="middle">'
        f"{escape(across)}</text>"
        f'<text class="axis" transform="translate(13 {middle}) rotate(-90)" text-anchor="middle">'
        f"{escape(up)}</text>"
    )


def _x(share: float) -> float:
    return round(_LEFT + _ACROSS * share, 1)


def _y(value: float, highest: float) -> float:
    return round(_TOP + _DOWN * (1 - value / highest), 1)


def _round_up(value: float) -> float:
    """Return a share that is easy to divide into five and not below ``value``."""
    return next((one for one in (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5) if one >= value), 1.0)


def _short(name: str) -> str:
    # Both ends tell names apart: balance_not_updated_after_bank_transfer, …_after_cheque.
    return name if len(name) <= NAME else f"{name[: NAME // 2]}…{name[1 - NAME // 2 :]}"


def _count(count: int) -> str:
    return str(count) if count < 1000 else f"{count / 1000:.0f}k"

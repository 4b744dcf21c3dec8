"""The table that a person reads. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from inference.evaluation.figures import Figure, Line, Section

_HEADINGS = ("", "ours", "peer", "ratio", "target", "met")


def render(machine: Sequence[tuple[str, str]], sections: Iterable[Section]) -> str:
    """The machine's description, one table under it, and the notes of its sections."""
    sections = list(sections)
    rows = [cells(line) for section in sections for line in section.lines]
    widths = [max(map(len, column)) for column in zip(_HEADINGS, *rows, strict=True)]
    rule = "─" * (sum(widths) + 2 * (len(widths) - 1))
    label = max((len(name) for name, _ in machine), default=0)
    out = [f"{name:<{label}}  {value}" for name, value in machine]
    out += ["", _row(_HEADINGS, widths)]
    for section in sections:
        out += [rule, section.title]
        out += [_row(cells(line), widths) for line in section.lines]
    out.append(rule)
    for section in sections:
        out += [f"{section.title}: {note}" for note in section.notes]
    return "\n".join(out)


def cells(line: Line) -> tuple[str, str, str, str, str, str]:
    """A line's cells as text, in the order of the headings."""
    ratio = "" if line.ratio is None else f"{number(line.ratio)}×"
    peer = "" if line.peer is None else shown(line.peer)
    met = {True: "yes", False: "NO", None: "not measured" if line.target else ""}[line.met]
    return f"  {line.what}", shown(line.ours), peer, ratio, _target(line), met


def shown(figure: Figure) -> str:
    """The median with its unit, and the spread of the runs where there were several."""
    text = f"{number(figure.value)} {figure.unit}".rstrip()
    if len(figure.runs) < 2:
        return text
    return f"{text} ({number(min(figure.runs))}–{number(max(figure.runs))})"


def number(value: float) -> str:
    """Three significant digits, never in scientific notation."""
    if value == 0:
        return "0"
    size = abs(value)
    if size >= 99.95:
        return f"{value:,.0f}".replace(",", " ")
    decimals = 1 if size >= 9.995 else 2 if size >= 0.9995 else 3
    return f"{value:.{decimals}f}"


def _target(line: Line) -> str:
    if line.target is None:
        return ""
    goal = "" if line.target.goal is None else f" (goal {line.target.goal:g}×)"
    if line.target.of == "ratio":
        return f"≥ {line.target.limit:g}×{goal}"
    return f"{'≥' if line.better == 'more' else '≤'} {line.target.limit:g} {line.ours.unit}".rstrip()


def _row(values: Sequence[str], widths: Sequence[int]) -> str:
    """Words to the left, numbers to the right."""
    first, *rest = (
        value.ljust(width) if place in (0, 5) else value.rjust(width)
        for place, (value, width) in enumerate(zip(values, widths, strict=True))
    )
    return "  ".join((first, *rest)).rstrip()

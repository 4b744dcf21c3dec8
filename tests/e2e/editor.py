"""Hands on the editor: what a person does with mouse and keyboard, in the words of the tests."""

from __future__ import annotations

import re

from playwright.sync_api import FloatRect, Locator, Page, expect


def node(page: Page, name: str) -> Locator:
    """The box of a node on the canvas, of `start` or of `end`."""
    return page.locator(f'.react-flow__node[data-id="{name}"]')


def way(page: Page, begin: str, to: str) -> Locator:
    """The line from a node to another."""
    return page.get_by_role("group", name=f"Way from {begin} to {to}", exact=True).or_(
        page.locator(f'[aria-label="Way from {begin} to {to}"]')
    )


def add(page: Page, words: str) -> None:
    """Adds what the palette finds first, behind what is selected."""
    page.keyboard.press("n")
    page.get_by_role("dialog", name="Add a node").get_by_role("combobox").fill(words)
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Add a node")).to_have_count(0)


def pull(page: Page, begin: tuple[str, str], to: tuple[str, str]) -> None:
    """Draws a line from a mark of a box to a mark of another, with the mouse."""
    source, target = (
        node(page, name).locator(f'.react-flow__handle[data-handleid="{handle}"]') for name, handle in (begin, to)
    )
    start, end = at_rest(page, source, target)
    page.mouse.move(*middle(start))
    page.mouse.down()
    page.mouse.move(*middle(end), steps=6)
    page.mouse.up()


def place(page: Page, name: str) -> tuple[float, float]:
    """The middle of a box on the screen."""
    return middle(*at_rest(page, node(page, name)))


def at_rest(page: Page, *things: Locator) -> list[FloatRect]:
    """Where things are on the screen once they stand still: the view moves some frames after it was told to."""
    before: list[FloatRect] = []
    for _ in range(100):
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        now = [box for thing in things if (box := thing.bounding_box())]
        if now == before and len(now) == len(things):
            return now
        before = now
    raise AssertionError("it does not come to rest")


def middle(box: FloatRect) -> tuple[float, float]:
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def write_as(page: Page, field: str, mode: str) -> None:
    """Has a field be written in another way: as `Template`, `JSON` and so on."""
    how = page.get_by_role("button", name=re.compile(f"How “{field}” is written"))
    how.click()
    page.get_by_role("menuitem", name=mode).click()
    # A menu that closes gives the focus back a moment later, wherever it is by then.
    expect(how).to_be_focused()


def faults(page: Page) -> Locator:
    """What the editor says of the soundness of the toolchain."""
    return page.get_by_role("status", name="State of the draft")

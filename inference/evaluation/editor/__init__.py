"""The editor with a toolchain of 300 nodes and 450 edges, in a headless Chromium that draws without a graphics card.

section.py     the section of the table
browser.py     the browser, what its main thread works for a frame, and what a page holds on to
grid.py        the toolchain
stress.py      the peer: a canvas of React Flow in the manner of its own stress example
"""

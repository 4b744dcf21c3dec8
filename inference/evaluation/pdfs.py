"""PDF files of made-up text, for the environment that has reportlab. Nothing else but the standard library.

usage: python pdfs.py FOLDER FILES PAGES WORDS
"""

from __future__ import annotations

_SEED = 7
_SYLLABLES = (
    "ba", "ce", "di", "fo", "gu", "la", "me", "ni", "po", "ru", "sa", "te", "vi", "wo", "za", "kle", "bri", "ston",
    "ter", "ing",
)  # fmt: skip

"""Where the tokens of a page begin."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from inference.functions.reading import Block, Page
from inference.functions.reading.atoms import TokenisedPage
from inference.runner import token_counter
from tests.unit.reading.counters import word_pieces

_SIGNS = [
    "pump", "Größe", "e\u0301", "ﬁ", "Σ", "漢字", "\u200b", "\x1c", "\x00", "\u00a0", "a" * 120, ".", " " * 70,
    "telecommunications", "telecommunicationists",
]  # fmt: skip
_texts = st.lists(st.sampled_from([*_SIGNS, " ", "\n"]) | st.characters(exclude_categories=["Cs"]), max_size=30).map(
    "".join
)


@given(_texts)
def test_a_faster_way_to_the_tokens_finds_the_same(text: str) -> None:
    looked = TokenisedPage(page := Page(1, text, [Block(0, len(text), "paragraph")]), word_pieces())
    for _ in range(2):  # the second time, words are known
        found = TokenisedPage(page, token_counter())
        for at in range(len(text) + 1):
            assert (found.count(0, at), found.exact(0, at)) == (looked.count(0, at), looked.exact(0, at))


@given(st.data())
def test_where_tokens_are_those_of_words_they_are_counted_on_the_page(data: st.DataObject) -> None:
    text = data.draw(_texts)
    page = TokenisedPage(Page(1, text, [Block(0, len(text), "paragraph")]), word_pieces())
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    assert page.exact(start, end) in (None, word_pieces().count(text[start:end]))

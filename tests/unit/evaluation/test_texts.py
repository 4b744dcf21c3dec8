from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from inference.evaluation.texts import VOCABULARY, Clusters, Zipf, lengths, word
from inference.runner import token_counter


def test_no_two_ranks_share_a_word() -> None:
    words = [word(rank) for rank in range(VOCABULARY)]
    assert len(set(words)) == VOCABULARY
    assert all(each.isascii() and each.isalpha() and len(each) >= 4 for each in words)


def test_the_same_seed_writes_the_same() -> None:
    assert Zipf(5).text(10, 20) == Zipf(5).text(10, 20)
    assert Zipf(5).text(10, 20) != Zipf(6).text(10, 20)
    assert np.array_equal(Clusters(5).vectors(3), Clusters(5).vectors(3))


def test_words_are_as_frequent_as_their_rank_says() -> None:
    written = Counter(Zipf(1).words(200_000))
    # 1/(61 + n): the word of rank 61 is half as frequent as that of rank 0, that of rank 549 a tenth.
    assert written[word(0)] / written[word(61)] == pytest.approx(2, rel=0.25)
    assert sum(written[word(rank)] for rank in range(540, 560)) * 10 / 20 == pytest.approx(written[word(0)], rel=0.25)


def test_a_query_asks_for_different_words_of_its_passage() -> None:
    writer = Zipf(2)
    passage = writer.text(50, 120)
    assert 50 <= len(passage.split()) <= 120
    for _ in range(50):
        asked = writer.query(passage).split()
        assert 3 <= len(asked) <= 6
        assert len(set(asked)) == len(asked)
        assert set(asked) <= set(passage.rstrip(".").split())


def test_a_passage_has_the_tokens_that_were_asked_for() -> None:
    tokens, writer = token_counter(), Zipf(3)
    for wanted in (2, 60, 256):
        assert tokens.count(writer.text_of_tokens(tokens, wanted)) == wanted


def test_lengths_lie_around_the_middle_and_are_cut_off() -> None:
    drawn = lengths(5000, 1)
    assert max(drawn) == 256
    assert min(drawn) >= 2
    assert np.median(drawn) == pytest.approx(60, rel=0.1)
    assert np.mean(drawn) > np.median(drawn)


def test_vectors_are_units_that_lie_in_clusters() -> None:
    rows = Clusters(4).vectors(600)
    assert rows.shape == (600, 384)
    assert np.linalg.norm(rows, axis=1) == pytest.approx(np.ones(600), abs=1e-2)
    cosines = rows @ rows.T - 2 * np.eye(600, dtype=np.float32)
    # Of 600 vectors around 200 centres nearly all have a neighbour; two of different centres are nearly orthogonal.
    assert np.mean(cosines.max(axis=1) > 0.5) > 0.9
    assert abs(np.median(cosines)) < 0.1

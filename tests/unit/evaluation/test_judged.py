"""The judged texts and how what is found of them is counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from inference.evaluation.judged import judged_set, ndcg, read_cranfield, synthetic
from inference.evaluation.processes import Unmeasurable
from inference.evaluation.quality import windows


def test_ndcg() -> None:
    assert ndcg([1, 2, 3], {1, 2, 3}) == 1
    assert ndcg([9, 1], {1}) == pytest.approx(0.6309, abs=1e-4)
    assert ndcg([1, 9, 2], {1, 2}) == pytest.approx((1 + 1 / 2) / (1 + 0.6309), abs=1e-4)
    assert ndcg([1, 2], set()) == 0
    assert ndcg([5, 1], {1}, at=1) == 0


def test_cranfield_is_read_as_its_judgements_number_it(tmp_path: Path) -> None:
    (tmp_path / "cran.all.1400.xml").write_text(
        "<doc>\n<docno>1</docno>\n<title>wings</title>\n<text>wings in\na slipstream .</text>\n</doc>\n"
        "<doc>\n<docno>2</docno>\n<title></title>\n<text></text>\n</doc>\n"
        "<doc>\n<docno>3</docno>\n<title>heat</title>\n<text>heat flow</text>\n</doc>\n"
    )
    (tmp_path / "cran.qry.xml").write_text(
        "<xml><top>\r\n<num> 1</num>\r\n<title>\r\nwhat  of wings .\r\n</title></top>"
        "<top><num> 4</num><title>and heat</title></top></xml>"
    )
    (tmp_path / "cranqrel.trec.txt").write_text("1 0 1 1\r\n1 0  2 1\r\n2 0 3 3\r\n2 0 1 0\r\n")
    judged = read_cranfield(tmp_path)
    assert judged.texts == ["wings in\na slipstream .", "heat flow"]
    assert judged.queries == ["what of wings .", "and heat"]
    assert judged.relevant == [{0}, {1}]


def test_a_folder_that_was_named_must_hold_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PENSTOCK_BENCH_CRANFIELD", str(tmp_path))
    with pytest.raises(Unmeasurable, match="PENSTOCK_BENCH_CRANFIELD"):
        judged_set()


def test_the_made_up_set_has_an_answer_to_every_question() -> None:
    judged = synthetic()
    assert synthetic() == judged
    assert len(judged.queries) == len(judged.relevant) == 200
    assert all(len(relevant) == 4 for relevant in judged.relevant)
    assert len(set(judged.texts)) == len(judged.texts) == 800


def test_windows_of_sentences() -> None:
    text = "one two three four . five six seven eight . nine ten eleven twelve ."
    assert windows([text, text], 3) == [
        "one two three four . five six seven eight",
        "five six seven eight . nine ten eleven twelve .",
        "one two three four",
    ]
    assert len(windows([text], 99)) == 6

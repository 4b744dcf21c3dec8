from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from inference.evaluation import judged
from inference.evaluation.judged import Judged, cranfield, dense_quality, judged_set, made_up, ndcg
from inference.evaluation.processes import Unmeasurable

DOCUMENTS = """<doc><docno>1</docno><title>a</title><text>one
 <b>wing</b></text></doc><doc><docno>2</docno><title></title><text></text></doc>
<doc><docno> 3 </docno><title>c</title><text>three wings</text></doc>"""
QUERIES = "<top><num>1</num><title>what\r\n wing</title></top><top><num>4</num><title>how</title></top>"


def test_cranfield_s_queries_are_numbered_in_their_order(tmp_path: Path) -> None:
    (tmp_path / "cran.all.1400.xml").write_text(DOCUMENTS)
    (tmp_path / "cran.qry.xml").write_text(QUERIES)
    (tmp_path / "cranqrel.trec.txt").write_text("1 0 3  1\n1 0 1 0\n2 0 1 3\n2 0 2 1\n")
    found = cranfield(tmp_path)
    assert found.passages == ["one wing", "three wings"]
    assert found.queries == ["what wing", "how"]
    assert found.relevant == [{1}, {0}]


def test_a_folder_that_is_told_must_be_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(judged.FOLDER, str(tmp_path / "nowhere"))
    with pytest.raises(Unmeasurable, match="nowhere"):
        judged_set()
    monkeypatch.delenv(judged.FOLDER)
    monkeypatch.setattr(judged, "DEFAULT_FOLDER", tmp_path / "nowhere")
    assert judged_set().name == "made-up passages"


def test_made_up_queries_share_words_with_what_answers_them() -> None:
    made = made_up()
    assert made == made_up()
    for query, relevant in zip(made.queries[:20], made.relevant, strict=False):
        shared = [len(set(query.split()) & set(passage.split())) for passage in made.passages]
        best = [shared[place] for place in relevant]
        assert len(relevant) == 4
        assert sum(best) / len(best) > sum(shared) / len(shared) + 1


def test_ndcg_by_hand() -> None:
    assert ndcg([5, 1, 2], {1}) == pytest.approx(1 / np.log2(3))
    assert ndcg([1, 2], {1, 2}) == 1
    assert ndcg([1], set()) == 0


def test_quality_is_the_mean_over_queries() -> None:
    both = Judged("", ["a", "b"], ["x", "y"], [{0}, {0}])
    passages = np.eye(2, dtype=np.float32)
    assert dense_quality(both, passages, passages) == pytest.approx((1 + 1 / np.log2(3)) / 2)

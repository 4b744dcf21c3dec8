"""What a BM25 store is to find. The suite holds for every implementation: the one of segments in PostgreSQL, and the
definition, which looks at every chunk. Another one (on an extension, say) is added to `store`."""

from __future__ import annotations

import numpy as np
import pytest

from db import AllowedChunks, Storage, parse_query
from tests.bm25_library import Definition, Library, Store, idf


@pytest.fixture(params=["segments", "definition"])
def store(request: pytest.FixtureRequest, storage: Storage) -> Store:
    return storage.bm25 if request.param == "segments" else Definition(storage)


@pytest.fixture
async def library(storage: Storage) -> Library:
    return await Library.make(storage)


class Shelf:
    """One collection whose chunks are found by their texts."""

    def __init__(self, library: Library, store: Store, collection: int, ids: dict[str, int]) -> None:
        self._library, self._store, self.collection, self.ids = library, store, collection, ids

    @classmethod
    async def of(cls, library: Library, store: Store, *texts: str, language: str = "simple") -> Shelf:
        collection = await library.collection(language)
        await library.add(collection, texts)
        return cls(library, store, collection, await library.ids())

    async def found(self, query: str, limit: int = 50) -> list[str]:
        texts = {key: text for text, key in (await self._library.ids()).items()}
        return [texts[one.chunk_id] for one in await self._store.search([self.collection], parse_query(query), limit)]

    async def scores(self, query: str) -> dict[str, float]:
        texts = {key: text for text, key in self.ids.items()}
        found = await self._store.search([self.collection], parse_query(query), 50)
        return {texts[one.chunk_id]: one.score for one in found}


async def test_plain_words(library: Library, store: Store) -> None:
    shelf = await Shelf.of(library, store, "pump", "pump pump valve", "valve and water and more", "water")
    # N = 4, average length 2.5; tf / (tf + 1.2 (.25 + .75 length / 2.5))
    scores = await shelf.scores("pump")
    assert scores["pump pump valve"] == pytest.approx(idf(4, 2) * 2 / (2 + 1.2 * (0.25 + 0.75 * 3 / 2.5)))
    assert scores["pump"] == pytest.approx(idf(4, 2) / (1 + 1.2 * (0.25 + 0.75 / 2.5)))
    assert await shelf.scores("pump pump") == pytest.approx({text: 2 * score for text, score in scores.items()})
    assert await shelf.scores("pump^2.5") == pytest.approx({text: 2.5 * score for text, score in scores.items()})
    both, valve = await shelf.scores("pump valve"), await shelf.scores("valve")
    assert both["pump pump valve"] == pytest.approx(scores["pump pump valve"] + valve["pump pump valve"])


async def test_equal_scores_are_ordered_by_chunk(library: Library, store: Store) -> None:
    shelf = await Shelf.of(library, store, "b pump", "a pump", "c pump", "pump c", "a b")
    assert await shelf.found("pump", 3) == ["b pump", "a pump", "c pump"]
    # b and c are in two chunks each: other terms, the same numbers.
    assert await shelf.found("b c", 2) == ["b pump", "c pump"]


QUERIES = {
    '"relief valve"': ["relief valve"],
    '"valve relief"': ["valve relief"],
    '"valve spring"': [],
    '"relief valve"~1': ["relief valve", "relief spring valve"],
    '"relief valve"~2': ["relief valve", "valve relief", "relief spring valve"],
    'relief -"relief valve"': ["valve relief", "relief spring valve"],
    "relief -spring": ["relief valve", "valve relief"],
    "text:spring relief": ["relief spring valve"],
    'text:"spring valve"': ["relief spring valve"],
    "text:nothing relief": [],
    "-relief": [],
    "relief-spring": ["relief spring valve", "relief valve", "valve relief"],
    "-relief-valve valve": ["valve relief", "relief spring valve"],
    "unknown:spring": ["relief spring valve"],
    "SPRING AND water": ["relief spring valve", "water"],
}


async def test_query_language(library: Library, store: Store) -> None:
    shelf = await Shelf.of(library, store, "relief valve", "valve relief", "relief spring valve", "water")
    assert {query: sorted(await shelf.found(query)) for query in QUERIES} == {
        query: sorted(found) for query, found in QUERIES.items()
    }


async def test_a_phrase_scores_as_a_word_whose_idf_is_that_of_its_words(library: Library, store: Store) -> None:
    shelf = await Shelf.of(library, store, "relief valve relief valve", "relief x valve", "water")
    norms = [1.2 * (0.25 + 0.75 * length / (8 / 3)) for length in (4, 3)]
    together = 2 * idf(3, 2)
    assert await shelf.scores('"relief valve"') == pytest.approx(
        {"relief valve relief valve": together * 2 / (2 + norms[0])}
    )
    loose = (await shelf.scores('"relief valve"~1^3'))["relief x valve"]
    assert loose == pytest.approx(3 * together * 0.5 / (0.5 + norms[1]))


async def test_fields(library: Library, store: Store) -> None:
    collection = await library.collection("english")
    metadata = {"year": 2021, "author": {"name": "Ann Lee"}, "tags": ["Wet pumps", "dry"]}
    await library.add(collection, ["one water"], name="Annual-report_2024.pdf", metadata=metadata)
    await library.add(collection, ["two water"], name="notes.txt", headings=["1 Safety", "Relief valves"])

    async def found(query: str) -> list[str]:
        texts = {key: text for text, key in (await library.ids()).items()}
        hits = await store.search([collection], parse_query(query), 10)
        return [texts[hit.chunk_id].split()[0] for hit in hits]

    assert await found("document_name:report") == await found("name:reports water") == ["one"]
    assert await found('name:"annual report"') == await found('water name:"report 2024"') == ["one"]
    assert await found("headings:valve") == await found('headings:"safety relief"') == ["two"]
    assert await found("valve") == [], "headings are no text"
    assert await found("md.year:2021") == await found("document_md.author.name:ann") == ["one"]
    assert await found("md.tags:pumps") == await found('md.tags:"wet pumps"') == ["one"]
    assert await found("md.year:202") == await found("md.author:ann") == await found("md.nothing:ann") == []
    assert await found("water -md.year:2021") == await found("water -name:report") == ["two"]
    assert await found("water -headings:valve") == ["one"]
    assert await found("name:notes headings:safety -md.year:2021") == ["two"]


async def test_a_phrase_that_begins_with_a_stop_word_may_stand_at_the_beginning(library: Library, store: Store) -> None:
    texts = ["Relief valves open.", "Open the relief valve.", "Open a relief or valve."]
    shelf = await Shelf.of(library, store, *texts, language="english")
    for query in ('"relief valve"', '"the relief valve"', 'text:"of the relief valve"'):
        assert set(await shelf.found(query)) == set(texts[:2]), query
    assert await shelf.found('valve -"the relief valve"') == texts[2:]


async def test_metadata_are_found_however_their_letters_are_composed(library: Library, store: Store) -> None:
    collection = await library.collection("english")
    for text, author in (("one", "Zoe\u0308 Cafe\u0301"), ("two", "Zoë Café"), ("three", "Zoe Cafe")):
        await library.add(collection, [text], metadata={"author": author})
    ids = await library.ids()
    for query in ("md.author:zoë", "md.author:zoe\u0308", 'md.author:"ZOË CAFE\u0301"', "md.author:ｃａｆé"):
        found = await store.search([collection], parse_query(query), 10)
        assert {hit.chunk_id for hit in found} == {ids["one"], ids["two"]}, query


async def test_a_term_is_counted_in_all_languages_whatever_they_make_of_the_query(
    library: Library, store: Store
) -> None:
    english, german = await library.collection("english"), await library.collection("german")
    await library.add(english, ["pumping water", "water"])
    await library.add(german, ["Die Pumpen laufen", "Pumpe"])
    # In English the stem of "pumping" is that which "Pumpen" has in German.
    ((chunk, score),) = await store.search([english, german], parse_query("pumping"), 10)
    assert score == pytest.approx(idf(4, 3) / (1 + 1.2 * (0.25 + 0.75 * 2 / 1.5)))
    assert await store.search([english, german], parse_query('pumping -"Pumpen dry"'), 10) == [(chunk, score)]
    both = dict(await store.search([english, german], parse_query("pumping Pumpen"), 10))
    assert both[chunk] == pytest.approx(score), "no word changes what another gives"


async def test_several_collections_and_languages_count_together(library: Library, store: Store) -> None:
    english, german = await library.collection("english"), await library.collection("german")
    await library.add(english, ["running pumps", "a pump ran", "the valves"])
    await library.add(german, ["Die Pumpen laufen", "pump", "Ventile"])
    ids = await library.ids()
    found = dict(await store.search([english, german], parse_query("pump"), 10))
    assert set(found) == {ids["running pumps"], ids["a pump ran"], ids["Die Pumpen laufen"], ids["pump"]}
    # N is 6 and df 4, in both languages the stem is "pump"; lengths 2, 2, 1, 2, 1, 1.
    assert found[ids["pump"]] == pytest.approx(idf(6, 4) / (1 + 1.2 * (0.25 + 0.75 / 1.5)))
    found = await store.search([english, german], parse_query("Pumpen"), 10)
    assert {one.chunk_id for one in found} == {ids["Die Pumpen laufen"], ids["pump"]}, "a stem in German alone"
    assert await store.search([], parse_query("pumps"), 10) == []


async def test_only_what_is_allowed_with_the_scores_of_all(library: Library, store: Store) -> None:
    shelf = await Shelf.of(library, store, "pump", "pump valve", "valve", "pump pump water")
    whole = await shelf.scores("pump valve")
    chosen = [shelf.ids["pump valve"], shelf.ids["valve"], 2**62]
    found = await store.search([shelf.collection], parse_query("pump valve"), 10, AllowedChunks(np.array(chosen)))
    assert [one.chunk_id for one in found] == chosen[:2]
    assert [one.score for one in found] == pytest.approx([whole["pump valve"], whole["valve"]])
    assert await store.search([shelf.collection], parse_query("pump"), 10, AllowedChunks(np.empty(0, np.int64))) == []


# A text, what finds it, and what does not.
SCRIPTS = [
    ("水轮机的压力管道", ["压力", "轮机", "水轮机"], ["机道"]),
    ("東京タワーのポンプ", ["ポンプ", "東京"], ["京都"]),
    ("ปั๊มน้ำแรงดันสูง", ["น้ำ", "แรงดัน"], ["ไฟฟ้า"]),
    ("펌프의 압력", ["압력", "펌프"], ["밸브"]),
    ("مضخة المياه والصمام", ["المياه"], ["ماء"]),
    ("पंप का दबाव", ["दबाव", "पंप"], ["पानी"]),
    ("Ελληνική αντλία", ["ΑΝΤΛΊΑ"], ["βαλβίδα"]),
    ("Ünïcode cafe\u0301", ["ünïcode", "café"], ["cafe"]),
]


async def test_scripts(library: Library, store: Store) -> None:
    shelf = await Shelf.of(library, store, *(text for text, _, _ in SCRIPTS))
    for text, queries, others in SCRIPTS:
        assert [await shelf.found(query) for query in queries] == [[text]] * len(queries)
        assert [await shelf.found(query) for query in others] == [[]] * len(others)


async def test_stems_and_stop_words(library: Library, store: Store) -> None:
    shelf = await Shelf.of(
        library, store, "The pumps were running.", "state-of-the-art and/or new", "the of and", language="english"
    )
    assert await shelf.found("pump runs") == ["The pumps were running."]
    assert await shelf.found("art") == await shelf.found("new") == ["state-of-the-art and/or new"]
    assert await shelf.found('"state of fine art"') == [], "a stop word keeps its place, and another word is none"
    assert await shelf.found('"state of an art"') == ["state-of-the-art and/or new"]
    assert await shelf.found("the") == await shelf.found("text:the") == []
    assert len(await shelf.found("pump -the")) == 1


HARMLESS = [
    *("", " ", '"', '""', '"""', "-", "- -", '-"', "^", "~", ":", "::", "text:", 'text:"', "md.:x", "md.a.b.:", "^2"),
    *('"a"~', '"~2^3', "\x00", "a\x00b", "\x1b[0m\x7f", "\ud800 lone", "🙂 🏳️", "ǅ ß ﬁ İ", "\u0301\u0301", "a^0 b^0"),
    *("'; DROP TABLE chunks; --", "\\ (.*)+ [a-z]{9} % _ $1 %s {}", "the of and", "!!! ???", "漢" * 9_000),
    *("a" * 16_384, "a " * 8_192, "-a " * 5_000, '"a' * 5_000, "text:" * 3_000, "md.a:b " * 2_000),
    *("word^" + "9" * 400, '"a b"~' + "9" * 400, "-" * 16_384, " ".join(f"w{n}" for n in range(3_000))),
]


async def test_whatever_is_asked_does_no_harm(library: Library, store: Store) -> None:
    shelf = await Shelf.of(library, store, "pump valve", "water")
    assert [query for query in HARMLESS if await shelf.found(query)] == []


async def test_whatever_is_added_does_no_harm(library: Library, store: Store) -> None:
    texts = [
        "x" * 100_000,
        "pump " * 70_000,
        "",
        " \x01\x02 \n",
        "漢" * 20_000,
        " ".join(f"w{n}" for n in range(30_000)),
    ]
    shelf = await Shelf.of(library, store, *texts, language="english")
    assert await shelf.found("pump") == [texts[1]]
    # A word of more than 255 characters is cut into such of 255; a run of 20 000 characters is 19 999 pairs.
    often, total = 70_000, 393 + 70_000 + 19_999 + 30_000
    norm = 1.2 * (0.25 + 0.75 * 70_000 / (total / 6))
    assert (await shelf.scores("pump"))[texts[1]] == pytest.approx(idf(6, 1) * often / (often + norm), rel=1e-6)
    assert await shelf.found("w29999") == [texts[5]]
    assert await shelf.found('"w20000 w20001"') == [texts[5]]

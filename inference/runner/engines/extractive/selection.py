"""Which sentences answer: a pure decision over sentences, the question and their vectors (float32, length 1).

The numbers below were set by reading the answers to questions about manuals, policies and encyclopedic text, with
all-MiniLM-L6-v2: a sentence that answers has a cosine of about .4 to .8 with its question, an unrelated one below .25.
"""

from __future__ import annotations

import math
import re
from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from operator import mul

from inference.runner.engines.extractive.prompt import Passage
from inference.runner.engines.extractive.sentences import CELL, Sentence, split_sentences

MAX_READ = 4000  # sentences that are looked at for words
MAX_COMPARED = 96  # sentences that are embedded: about a second on two cores
MAX_QUOTED = 4
MAX_CHARACTERS = 800

CONTEXT_WEIGHT = 0.6
WORDS_WEIGHT = 0.2
QUANTITY_BONUS = 0.06
RANK_BONUS = 0.02  # sources come in the order of their relevance
SIMILAR_ENOUGH = 0.38
SIMILAR_WITH_WORDS = 0.25  # enough where most of the question's rare words are there too
WORDS_ENOUGH = 0.6
WITHIN = 0.13  # of the best score: what else answers
READ_ON = 2  # sentences after the best one
OPENING_BONUS = 0.15  # an overview likes what a source begins with
WHOLE_BONUS = 0.1  # and sentences that are more than a table's row
WHOLE_LENGTH = 40
SAME = 0.93  # cosine of two sentences that say the same

_WORD = re.compile(r"[^\W_]+")
_SUFFIX = re.compile(r"(?<=\w\w)(?:ings?|edly|ed|ies|ely|ly|es|s|e)$")
_STOP_WORDS = """
a an and are as at be been but by can could did do does for from had has have how i if in into is it its me my of on or
our shall should so tell than that the their them then there these they this to was we were what when where which who
whom whose why will with would you your please give say says about
"""
_STOP = frozenset(_STOP_WORDS.split())
_QUANTITY = re.compile(
    r"""\bhow\ (?:many|much|long|far|often|fast|hot|high|low|old|big|heavy|large|deep|wide|tall)\b
    | \bwhen\b | \bwhat\ (?:year|date|time)\b
    | \b(?:maximum|minimum|max|min|highest|lowest|limit|number|amount|rate|price|cost|percentage|temperature|pressure
      |speed|voltage|capacity|weight|length|size|duration|interval|deadline|age)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_READ_ON = re.compile(
    r"""\bhow\ (?:do|does|to|can|should|is|are)\b | \bwhat\ (?:should|must|can)\ \w+\ do\b | \bwhy\b | \bcauses?\b
    | \bsteps?\b | \bprocedure\b""",
    re.IGNORECASE | re.VERBOSE,
)
_OVERVIEW = re.compile(
    r"""\bsummar | \boverview\b | \bmain\ (?:points?|ideas?|topics?)\b | \bkey\ (?:points?|takeaways?)\b
    | \bwhat\ (?:is|are|does|do)\ (?:this|the|these|those|my|it)\ ?(?:documents?|texts?|files?|sources?|papers?|pdfs?)?
      \ ?(?:about|cover|say)\b\W*$""",
    re.IGNORECASE | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence at its place: `rank` of its source in the prompt, `position` in the source."""

    n: int
    rank: int
    position: int
    sentence: Sentence
    words: float  # share of the question's words that it has, by rarity, 0 to 1


def candidates(question: str, passages: Sequence[Passage]) -> list[Candidate]:
    """The sentences worth embedding, in the order of the sources; of too many, those with the question's words."""
    found: list[tuple[Passage, int, int, Sentence]] = []
    seen: set[str] = set()
    for rank, passage in enumerate(passages):
        for position, sentence in enumerate(split_sentences(passage.text, passage.section)):
            key = sentence.text.casefold()
            if len(found) < MAX_READ and key not in seen:  # passages that overlap repeat themselves
                seen.add(key)
                found.append((passage, rank, position, sentence))
    shares = word_shares(question, [sentence.in_context for *_, sentence in found])
    all_of_them = [
        Candidate(passage.n, rank, position, sentence, share)
        for (passage, rank, position, sentence), share in zip(found, shares, strict=True)
    ]
    # Without the question's words, the beginnings of the sources are the best guess.
    kept = sorted(all_of_them, key=lambda candidate: (-candidate.words, candidate.position, candidate.rank))[
        :MAX_COMPARED
    ]
    return sorted(kept, key=lambda candidate: (candidate.rank, candidate.position))


def blend(alone: bytes, in_context: bytes) -> bytes:
    """A sentence's vector: what its context says counts, but not as if the sentence said it."""
    if alone == in_context:
        return alone
    pairs = zip(array("f", alone), array("f", in_context), strict=True)
    return array("f", [(1 - CONTEXT_WEIGHT) * own + CONTEXT_WEIGHT * context for own, context in pairs]).tobytes()


def select(question: str, choice: Sequence[Candidate], asked: bytes, vectors: Sequence[bytes]) -> list[Candidate]:
    """The sentences to quote, in the order to quote them; none when nothing answers. `vectors` belong to `choice`."""
    rows = [array("f", vector) for vector in vectors]
    overview = _OVERVIEW.search(question)
    if overview:
        order = _overview_order(choice, rows)
    else:
        order = _answer_order(question, choice, [_cosine(array("f", asked), row) for row in rows])
    taken: list[int] = []
    room = MAX_CHARACTERS
    for place in order:
        if len(taken) == MAX_QUOTED:
            break
        length = len(choice[place].sentence.text)
        if taken and (length > room or any(_cosine(rows[place], rows[other]) > SAME for other in taken)):
            continue
        taken.append(place)
        room -= length
    quoted = [choice[place] for place in taken]
    return sorted(quoted, key=lambda one: (one.rank, one.position)) if overview else in_reading_order(quoted)


def _answer_order(question: str, choice: Sequence[Candidate], similar: Sequence[float]) -> list[int]:
    """Places in `choice` of what answers, best first; none when the best does not answer."""
    wants_number = bool(_QUANTITY.search(question))
    scores = [score(one, similarity, wants_number) for one, similarity in zip(choice, similar, strict=True)]
    order = sorted(range(len(choice)), key=lambda place: -scores[place])
    good = [
        place
        for place in order
        if scores[place] >= scores[order[0]] - WITHIN
        and answers(similar[place], choice[place].words)
        and not _is_another_row(choice[place], choice[order[0]])
    ]
    if not good or good[0] != order[0]:
        return []
    # How something is done, and why it happens, is told over several sentences: read on where the best one was found.
    return [*dict.fromkeys([good[0], *_following(choice, good[0]), *good])] if _READ_ON.search(question) else good


def _is_another_row(one: Candidate, best: Candidate) -> bool:
    """Whether it is a table's row that lacks words of the question which the best answer has: rows are all alike."""
    return CELL in one.sentence.text and one.words < best.words


def _following(choice: Sequence[Candidate], place: int) -> list[int]:
    """The places of the next sentences of the same section."""
    best = choice[place]
    after = range(place + 1, min(place + 1 + READ_ON, len(choice)))
    return [
        other
        for other in after
        if choice[other].rank == best.rank
        and choice[other].sentence.section == best.sentence.section
        and choice[other].position == best.position + other - place
    ]


def _overview_order(choice: Sequence[Candidate], rows: Sequence[array[float]]) -> list[int]:
    """Every source's sentence that is most like all of them comes first, then every source's second, and so on."""
    if not rows:
        return []
    centre = _centre(rows)
    worth = [
        _cosine(centre, row)
        + OPENING_BONUS / (1 + one.position)
        + WHOLE_BONUS * (len(one.sentence.text) >= WHOLE_LENGTH)
        for one, row in zip(choice, rows, strict=True)
    ]
    turn: Counter[int] = Counter()
    order: list[tuple[int, float, int]] = []
    for place in sorted(range(len(choice)), key=lambda place: -worth[place]):
        order.append((turn[choice[place].n], -worth[place], place))
        turn[choice[place].n] += 1
    return [place for *_, place in sorted(order)]


def answers(similarity: float, words: float) -> bool:
    return similarity >= SIMILAR_ENOUGH or (similarity >= SIMILAR_WITH_WORDS and words >= WORDS_ENOUGH)


def score(candidate: Candidate, similarity: float, wants_number: bool) -> float:
    has_number = any(character.isdigit() for character in candidate.sentence.text)
    return (
        similarity
        + WORDS_WEIGHT * candidate.words
        + QUANTITY_BONUS * (wants_number and has_number)
        + RANK_BONUS / (1 + candidate.rank)
    )


def in_reading_order(taken: Sequence[Candidate]) -> list[Candidate]:
    """`taken` is best first: the source of the best comes first, and each source is read from its beginning."""
    sources = {candidate.n: place for place, candidate in reversed(list(enumerate(taken)))}
    return sorted(taken, key=lambda candidate: (sources[candidate.n], candidate.position))


def word_shares(question: str, texts: Sequence[str]) -> list[float]:
    """How much of the question's words each text has; a word counts the more the fewer texts have it."""
    asked = stems(question)
    found = [stems(text) & asked for text in texts]
    frequency = Counter(word for words in found for word in words)
    rarity = {word: math.log(1 + len(texts) / (1 + frequency[word])) for word in asked}
    total = sum(rarity.values())
    return [sum(rarity[word] for word in sorted(words)) / total if total else 0.0 for words in found]


def stems(text: str) -> set[str]:
    words = (word.casefold() for word in _WORD.findall(text))
    return {_SUFFIX.sub("", word) for word in words if word not in _STOP}


def _cosine(one: array[float], other: array[float]) -> float:
    return sum(map(mul, one, other))


def _centre(rows: Sequence[array[float]]) -> array[float]:
    """The direction of the mean: a sentence close to it speaks of what the sources speak of."""
    sums = [sum(column) for column in zip(*rows, strict=True)]
    length = math.sqrt(sum(number * number for number in sums)) or 1.0
    return array("f", [number / length for number in sums])

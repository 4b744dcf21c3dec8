"""In which encoding a text is that is no UTF-8 and says nothing of it, by what its letters would be.

Between the single-byte encodings of the Latin script the alphabets of languages decide; of other scripts, and of
Chinese, Japanese and Korean, charset_normalizer tells the encoding. Loaded when it is first asked.
"""

from __future__ import annotations

import re

from charset_normalizer import from_bytes

_SAMPLE = 65536
_LONGEST_CHARACTER = 4
"""In bytes: what a sample may end within (GB 18030)."""
_BEYOND = re.compile(rb"[\x80-\xff]")
_RUNS = re.compile(rb"[\x80-\xff]{3,}")
_FEWEST = 12
"""Bytes above 127 from which an encoding of another script can be told: a word or two fits several."""
_FEWEST_LATIN = 3
_OTHER_SCRIPTS = ["cp1251", "koi8_r", "cp866", "cp1253", "cp1255", "cp1256", "cp874", "cp932", "euc_jp", "gb18030",
                  "big5hkscs", "cp949"]  # fmt: skip
_WESTERN = "cp1252"
_ALPHABETS: dict[str, tuple[str, ...]] = {
    _WESTERN: (
        "äöüß", "éèêëàâçîïôùûüœæÿ", "áéíóúñüïç", "ãõáéíóúâêôçàü", "àèéìòùíóî", "åäöéü", "æøåéöä", "ëïéèöüáóê",
        "áðéíóúýþæö", "šžäöõü", "àèéíïòóúüç",
    ),
    "cp1250": ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíľĺňóôŕšťúýž", "áéíóöőúüű", "ăâîşţ", "čćđšž"),
    "cp1254": ("çğıöşüâî",),
}  # fmt: skip
"""Small letters beyond ASCII of the languages that are written in an encoding."""
_LEAD = 0.1
"""By which share of its letters another encoding must fit better than Windows-1252."""
_LETTER = rb"[A-Za-z\x8a\x8c-\x8f\x9a\x9c-\x9f\xa3\xa5\xaa\xaf\xb3\xb9\xba\xbc\xbe-\xff]"
_WITHIN = re.compile(rb"(?<=%b)[\x80-\xff](?=%b)" % (_LETTER, _LETTER))
"""A letter beyond ASCII within a word: at its ends there are also signs, as in `\xbfno?` and `cm\xb3`."""


def guessed(data: bytes) -> str | None:
    """The encoding of a text, as Python calls it; Windows-1252 for what can be that, None for what can be nothing that
    is known."""
    sample = _sample(data)
    beyond = len(_BEYOND.findall(sample))
    # Of the Latin script, letters beyond ASCII stand among others; of any other, all of a word is beyond it.
    if 2 * sum(map(len, _RUNS.findall(sample))) < beyond:
        return _latin(sample)
    if beyond < _FEWEST:
        return None
    cuts = _LONGEST_CHARACTER if len(sample) == _SAMPLE else 1
    return next(filter(None, (_of_another_script(sample[: len(sample) - cut]) for cut in range(cuts))), None)


def _of_another_script(sample: bytes) -> str | None:
    best = from_bytes(
        sample,
        steps=1,
        chunk_size=len(sample),
        cp_isolation=_OTHER_SCRIPTS,
        preemptive_behaviour=False,
        enable_fallback=False,
    ).best()
    return best.encoding if best else None


def _sample(data: bytes) -> bytes:
    """What begins with the line, or nearly, of the first byte that is no ASCII."""
    first = _BEYOND.search(data)
    at = first.start() if first else 0
    start = max(data.rfind(b"\n", 0, at) + 1, at - 1000)
    return data[start : start + _SAMPLE]


def _latin(sample: bytes) -> str:
    letters = b"".join(_WITHIN.findall(sample))
    if len(letters) < _FEWEST_LATIN:
        return _WESTERN
    fits = {encoding: _fit(letters.decode(encoding, "replace").lower(), encoding) for encoding in _ALPHABETS}
    best = max(fits, key=lambda encoding: fits[encoding])
    return best if fits[best] >= fits[_WESTERN] + _LEAD else _WESTERN


def _fit(letters: str, encoding: str) -> float:
    """The share of letters that belong to one alphabet of the encoding, of whichever it is most."""
    return max(sum(map(letters.count, alphabet)) for alphabet in _ALPHABETS[encoding]) / len(letters)

"""Misspelt words of a question, as the notes or the table of the field spell them.

Latin words are mended by their letters, Chinese words by their sound: who types Chinese by pinyin
picks a wrong word that sounds the same (印射 for 映射), or leaves the pinyin as it is (rongqi).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from functools import lru_cache
from itertools import takewhile

from rapidfuzz import process
from rapidfuzz.distance import Indel

from knowledge.terms import HAN_RUN, chinese_words, concepts_of, words_of

_PLAIN = re.compile(
    r"(?<![A-Za-z0-9_./:-])[A-Za-z]{4,}(?![A-Za-z0-9_./:])|(?<=[a-z]-)[a-z]{4,}(?![A-Za-z0-9_./:])"
)

CUTOFF = 0.82
"""Least similarity (0..1, by the letters two words share in order) of a slip and the word it is of."""

_LATIN = 5  # shorter words have too many neighbours, except where two letters changed places
_LONGEST = 4  # Chinese words of the table are mostly this long or shorter
_ENDINGS = frozenset(["", *"d e r s y ed er es ly al ing ion ous able ance ible ment tion".split()])  # noqa: SIM905


def mended(question: str, spellings: Collection[str], stands: Callable[[str], bool]) -> str:
    """A question with its misspelt words mended; what is known, or like nothing known, stays.

    Args:
        question: as it was asked.
        spellings: Latin words of the notes and the table of the field, in lower case.
        stands: whether a word stands anywhere in the notes.
    """

    def put(found: re.Match[str]) -> str:
        word = found[0]
        return word if concepts_of(word) or stands(word) else _by_letters(word, spellings)

    def put_chinese(found: re.Match[str]) -> str:
        return "".join(_by_sound(w, stands) if HAN_RUN.match(w) else w for w in words_of(found[0]))

    return HAN_RUN.sub(put_chinese, _PLAIN.sub(put, question))


def _by_letters(word: str, spellings: Collection[str]) -> str:
    plain = word.lower()
    chinese = _chinese().get(_sound(plain))
    if chinese:
        return chinese
    for i in range(len(plain) - 1):
        swapped = plain[:i] + plain[i + 1] + plain[i] + plain[i + 2 :]
        if swapped != plain and swapped in spellings:
            return swapped
    if len(word) < _LATIN:
        return word
    found = process.extractOne(plain, spellings, scorer=Indel.normalized_similarity, score_cutoff=CUTOFF)
    return found[0] if found and not _is_other(plain, found[0]) else word


def _is_other(word: str, near: str) -> bool:
    """Whether two words are near because one is another form or the opposite of the other."""
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(word, near, strict=False)))
    forms = word[shared:] in _ENDINGS and near[shared:] in _ENDINGS
    return forms or near.endswith(word) or word.endswith(near)  # quick, quicker; install, uninstall


def _by_sound(run: str, stands: Callable[[str], bool]) -> str:
    """A run of Han characters, each piece put right that stands nowhere and sounds like a table's word."""
    if concepts_of(run):
        return run
    for size in range(min(_LONGEST, len(run)), 1, -1):
        for start in range(len(run) - size + 1):
            piece = run[start : start + size]
            put = None if stands(piece) else _chinese().get(_sound(_pinyin(piece)))
            if put:
                before, after = run[:start], run[start + size :]
                return _by_sound(before, stands) + put + _by_sound(after, stands)
    return run


@lru_cache(maxsize=1)
def _chinese() -> dict[str, str]:
    """From a sound to the word of the table that is spelt so; words that share a sound are left out."""
    words: dict[str, str] = {}
    twice: set[str] = set()
    for word in sorted(chinese_words()):
        sound = _sound(_pinyin(word))
        if sound in words:
            twice.add(sound)
        words[sound] = word
    return {sound: word for sound, word in words.items() if sound not in twice and len(word) > 1}


def _pinyin(text: str) -> str:
    from pypinyin import lazy_pinyin  # 0.15 s to import, needed for few questions

    return "".join(lazy_pinyin(text))


def _sound(pinyin: str) -> str:
    """Pinyin without what many speakers do not tell apart: zh/z, ch/c, sh/s, -ng/-n."""
    return re.sub(r"([zcs])h", r"\1", pinyin).replace("ng", "n")

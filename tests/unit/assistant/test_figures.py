"""Numbers, versions and flags: what a sentence claims, and whether a text has it however it writes it."""

from __future__ import annotations

import pytest

from assistant.figures import Figures, claimed


@pytest.mark.parametrize(
    ("sentence", "figures"),
    [
        ("Tensorflow2.15 needs CUDA12.1.", ["2.15", "12.1"]),
        ("on ubuntu22.04 or ubuntu:20.04-slim", ["22.04", "20.04"]),
        ("port 8080, published as 127.0.0.1:8080:80", ["8080", "127.0.0.1:8080:80"]),
        ("驱动535，TensorFlow2.15 要 546", ["2.15", "546"]),
        ("waits 10 seconds, then 3 more", ["10"]),
        ("at most 4 CPUs and 1 GB", ["4", "1"]),
        ("最多重试 5 次", ["5"]),
        ("the policy on-failure:5", ["5"]),
        ("with `-it` and `--rm`", ["-it", "--rm"]),
        ("nginx2, sha256 and x86_64 are names", []),
        ("1 of 2 ways", []),
    ],
)
def test_what_a_sentence_claims(sentence: str, figures: list[str]) -> None:
    assert claimed(sentence) == figures


@pytest.mark.parametrize(
    ("figure", "text"),
    [
        ("2.15", "Tensorflow2.15 asked for it"),
        ("22.04", "FROM ubuntu:22.04-minimal"),
        ("12", "CUDA12.1"),
        ("2.15", "tensorflow/tensorflow:2.15.0-gpu"),
        ("v2.1", "version 2.1"),
        ("8080", "-p 127.0.0.1:8080:80"),
        ("8080:80", "-p 127.0.0.1:8080:80"),
        ("512MB", "-m 512m"),
        ("512MB", "512 MB at most"),
        ("10s", "10 seconds"),
        ("10s", "等 10 秒"),
        ("10", "wait 10s"),
        ("-i", "docker run -it"),
        ("-it", "`-i` and `-t`"),
        ("--detach", "docker run -d nginx"),
        ("-d", "use --detach"),
    ],
)
def test_a_text_has_it_however_it_is_written(figure: str, text: str) -> None:
    assert Figures(text).has(figure)


@pytest.mark.parametrize(
    ("figure", "text"),
    [
        ("2.16", "Tensorflow2.15"),
        ("2.15.1", "Tensorflow2.15"),
        ("80:8080", "-p 8080:80"),
        ("512GB", "-m 512m"),
        ("10m", "10 seconds"),
        ("--detach-keys", "docker run -d"),
        ("-it", "docker run -i"),
        ("5", "5. the fifth point"),
        ("2", "3.12"),
    ],
)
def test_another_one_is_not_it(figure: str, text: str) -> None:
    assert not Figures(text).has(figure)


def test_what_stands_in_its_place_is_named() -> None:
    assert Figures("The driver 535, version 12.1, with --rm").of_kind("550") == ["535"]
    assert Figures("The driver 535, version 12.1, with --rm").of_kind("11.8") == ["12.1"]

"""Sentences held against excerpts: which place says them, and what in them is not as it stands there."""

from __future__ import annotations

import pytest

from assistant.grounding import ground
from assistant.values import Answer
from knowledge.library import Library
from tests.library import library_of, verdict

NOTES = """# Docker notes

## Stopping

- `docker stop`: sends SIGTERM first, so that the program can finish; after 10 seconds it sends SIGKILL.
- `docker kill`: sends SIGKILL at once.

Give it more time:

```bash
docker stop -t 30 web
```

## Drivers

The newest driver to be had was 535, while Tensorflow2.15 asked for 546 at least.

An image with Tensorflow2.10 runs on this driver.

## Limits

By default a container may use up the host.

- `-m`: memory limit; going over it gets the process killed.
- `--pids-limit`: upper bound on processes, which stops endless forking.

## Images

An image is a template that executes nothing itself.

## Volumes

A volume is kept when its container is removed. Back it up with tar.
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return library_of(tmp_path_factory.mktemp("library"), {"docker.md": NOTES})


def held(sentence: str, library: Library, *, given: int = 10) -> Answer:
    hits = library.matches("docker stop kill driver image container limits volume", limit=10)
    return ground("what do my notes say?", sentence, hits[:given], library, verdict, further=hits)


def quotes(answer: Answer) -> list[str]:
    return [citation.quote for citation in answer.citations]


@pytest.mark.parametrize(
    ("sentence", "quote", "not_quoted"),
    [
        ("First SIGTERM is sent, after 10 seconds SIGKILL [1].", "after 10 seconds", "at once"),
        ("The newest driver was 535 and Tensorflow 2.15 asked for 546 [3].", "was 535", "2.10"),
        ("On this driver an image with Tensorflow2.10 runs [1].", "Tensorflow2.10", "546"),
        (
            "The memory limit is set with -m; going over it gets the process killed [2].",
            "memory limit",
            "pids",
        ),
        ("By default a container may use up all of the host.", "may use up the host", "memory limit"),
    ],
)
def test_the_place_that_says_it_is_quoted_and_no_more(
    sentence: str, quote: str, not_quoted: str, library: Library
) -> None:
    got = held(sentence, library)
    assert not got.flags
    assert any(quote in one for one in quotes(got)) and not any(not_quoted in one for one in quotes(got))


def test_a_number_at_the_end_of_a_name_is_compared(library: Library) -> None:
    wrong = held("Tensorflow2.16 asked for the driver 546.", library)
    assert [(f.kind, "`2.16`" in f.why.en) for f in wrong.flags] == [("differs", True)]
    right = held("Tensorflow 2.15 asked for the driver 546.", library)
    assert not right.flags


def test_what_two_places_say_together_is_cited_from_both(library: Library) -> None:
    got = held(
        "An image is a template that executes nothing, a volume is kept and backed up with tar.", library
    )
    assert any("template" in one for one in quotes(got)) and any("tar" in one for one in quotes(got))


@pytest.mark.parametrize(
    "sentence",
    [
        "Podman sends SIGTERM first as well.",
        "IPv6 forwarding has a memory limit.",
        "A container image is kept by the SELinux driver at once.",
    ],
)
def test_what_is_said_of_another_thing_is_not_in_the_notes(sentence: str, library: Library) -> None:
    got = held(sentence, library)
    assert [flag.kind for flag in got.flags] == ["unsupported"] and not got.citations


def test_what_stands_in_a_note_the_model_was_not_given_is_not_called_missing(library: Library) -> None:
    for sentence in (
        "An image is a template that executes nothing.",
        "Going over the memory limit gets it killed.",
    ):
        got = held(sentence, library, given=1)
        assert not got.flags and len(got.citations) == 1


def test_mostly_unsupported_text_is_no_answer(library: Library) -> None:
    mixed = "A volume is kept when its container is removed. Bake sourdough bread. Water the tomatoes daily."
    assert not held(mixed, library).answered
    assert held("A volume is kept when its container is removed. Bake sourdough bread.", library).answered
    assert held(f"{mixed}\n\n```bash\ndocker stop -t 30 web\n```", library).answered  # the notes' own command

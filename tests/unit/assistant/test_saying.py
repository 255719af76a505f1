"""What opens an answer: chosen for the question, each sentence whole, nothing said twice."""

from __future__ import annotations

import pytest

from assistant.composing import words_in
from assistant.saying import CONTEXT, learned
from assistant.statement_signs import SIGNS
from knowledge.library import Library
from tests.library import asked, library_of

NOTES = """# Docker notes

## Restart policies

A restart policy says what happens after a container ends. The policies are:

- `no`: it stays down.
- `always`: it is started again, whatever the reason.
- `unless-stopped`: like always, but not after you stopped it yourself.

## Names and terms

- Registry: a server that keeps images.
- Tag: the part of an image's name after the colon.

## The bridge network

Without an option a container joins the network called bridge. There, containers find each other by
address only, never by name.

## When the daemon is away

`Cannot reach the engine at unix:///run/x.sock. Is the engine running?` means that the service is down.

## Copy files

Copy a file out of the container web:

```bash
docker cp web:/etc/nginx/nginx.conf .
```

What was copied belongs to the user who ran the command.

## Volumes

See section 3.
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return library_of(tmp_path_factory.mktemp("library"), {"docker.md": NOTES})


def test_what_introduces_a_list_brings_the_list(library: Library) -> None:
    text = asked(library, "what restart policies are there?").text
    lead = text.index("The policies are:")
    assert lead < text.index("  - `no`") < text.index("  - `always`") < text.index("  - `unless-stopped`")


def test_a_term_is_answered_by_its_own_entry(library: Library) -> None:
    text = asked(library, "what is a registry?").text
    assert text.startswith("Your notes say:\n\n- Registry: a server that keeps images. [1]")
    assert "after the colon" not in text


def test_a_sentence_that_takes_up_another_comes_after_it(library: Library) -> None:
    text = asked(library, "do containers in the bridge network find each other by name?").text
    assert text.index("Without an option") < text.index("There, containers find each other")


def test_an_error_text_in_code_is_not_cut_at_its_full_stop(library: Library) -> None:
    text = asked(library, "Cannot reach the engine at unix:///run/x.sock. Is the engine running?").text
    assert "`Cannot reach the engine at unix:///run/x.sock. Is the engine running?` means that" in text


def test_what_introduces_a_command_stands_there_and_only_there(library: Library) -> None:
    text = asked(library, "how do I copy a file out of a container?").text
    assert text.count("Copy a file out of the container web:") == 1
    assert text.index("Copy a file out of the container web:") < text.index("```bash")
    assert "The policies are:" not in text


def test_what_opens_an_answer_is_short(library: Library) -> None:
    for question in ("what is a container", "how do containers find each other", "what does always mean"):
        before, _, _ = asked(library, question).text.partition("```")
        assert words_in(before) <= 150


def test_every_sign_has_a_learned_weight() -> None:
    judge = learned()
    assert judge.weights.shape == (len(SIGNS),)
    assert judge.gate.shape == (len(SIGNS) + len(CONTEXT),)
    assert len({*SIGNS, *CONTEXT}) == len(SIGNS) + len(CONTEXT)
    assert judge.first <= 0
    assert judge.further <= 0

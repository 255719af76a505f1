"""Follow-up questions made whole, and answers fitted to what a conversation is about."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from assistant.adapting import fitted
from assistant.answering import answer
from assistant.commands.policy import Policy
from assistant.commands.review import review
from assistant.config import Limits
from assistant.followups import Understood, standalone, understood
from assistant.referring import Named, objects_of
from assistant.values import (
    Answer,
    AnswerDone,
    Command,
    Decision,
    Origin,
    SuggestedCommand,
    Turn,
    Verdict,
)
from knowledge.library import Library
from tests.library import library_of

NOTES = """# Docker notes

## Stopping

Stop a container; replace CONTAINER by its name or ID:

```bash
docker stop CONTAINER
```

## Logs

Show the logs of the container called gribble:

```bash
docker logs gribble
```

## 停止

停止一个容器，把 CONTAINER 换成它的名字：

```bash
docker stop CONTAINER
```
"""


def verdict(line: str) -> Verdict:
    return review(line, policy=Policy.standard(), limits=Limits(), workspace=Path("/nonexistent/workspace"))


def suggested(line: str) -> SuggestedCommand:
    return SuggestedCommand(Command(line, Origin.VERBATIM, line, "docker.md", 1, 1), verdict(line))


def turn(question: str, *lines: str) -> Turn:
    return Turn(question, Answer(question, "en", True, "", commands=tuple(map(suggested, lines))))


RUN = turn("run redis in the background", "docker run -d --name cache redis")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return library_of(tmp_path_factory.mktemp("library"), {"docker.md": NOTES})


def asked(question: str, library: Library, transcript: Sequence[Turn]) -> Answer:
    *_, last = answer(question, library, verdict, transcript=transcript)
    assert isinstance(last, AnswerDone)
    return last.answer


@pytest.mark.parametrize(
    ("question", "query"),
    [
        ("how can I stop it", "how can I stop the container"),
        ("怎么看它的日志", "怎么看容器的日志"),
        ("how do I list all volumes", "how do I list all volumes"),
        ("what is a registry", "what is a registry"),
        ("and on port 6379?", "run redis in the background on port 6379?"),
    ],
)
def test_what_is_left_out_comes_from_the_conversation(question: str, query: str) -> None:
    assert standalone(question, [RUN]) == query


def test_a_thing_takes_the_place_of_its_like() -> None:
    before = [turn("how do I inspect a volume", "docker volume inspect data")]
    assert standalone("and a network?", before) == "how do I inspect a network"


def test_a_question_by_itself_stays_as_it_is() -> None:
    assert understood("how can I stop it", []).query == "how can I stop it"
    assert not understood("how can I stop it", []).follows


def test_one_of_several_commands_is_picked_by_its_number() -> None:
    before = [turn("free some space", "docker system df", "docker image prune")]
    second = understood("the second one?", before)
    assert second.picked is not None
    assert second.picked.command.text == "docker image prune"
    assert understood("第一条是什么", before).query == "docker system df"
    assert understood("the fourth one?", before).picked is None


def test_another_language_asks_the_same_again() -> None:
    again = understood("用中文再说一遍", [RUN])
    assert (again.query, again.language) == (RUN.question, "zh")
    spoken_of = understood("which chinese mirrors of the hub are there", [RUN])
    assert spoken_of.language is None


def test_a_topic_is_dropped_by_the_next() -> None:
    transcript = [RUN, turn("how do I create a network", "docker network create backend")]
    assert understood("how do I remove it", transcript).it == Named("network", "backend")


@pytest.mark.parametrize(
    ("line", "objects"),
    [
        ("docker run -d --name cache redis:7", (Named("container", "cache"), Named("image", "redis:7"))),
        ("docker stop CONTAINER", (Named("container"),)),
        ("docker build -t shop:2 .", (Named("image", "shop:2"),)),
        ("docker network connect net box", (Named("network", "net"), Named("container", "box"))),
        ("docker info", ()),
    ],
)
def test_what_a_line_is_about(line: str, objects: tuple[Named, ...]) -> None:
    plan = verdict(line).plan
    assert plan is not None
    assert objects_of(plan) == objects


def test_a_known_name_is_filled_in_and_said(library: Library) -> None:
    got = asked("how can I stop it", library, [RUN])
    first = got.commands[0]
    assert (first.command.text, first.command.origin) == ("docker stop cache", Origin.ADAPTED)
    assert first.command.written == "docker stop CONTAINER"
    assert first.verdict.line == "docker stop cache"
    assert first.verdict.decision is Decision.ASK
    assert "\ndocker stop cache\n" in got.text
    assert "the note writes `docker stop CONTAINER`" in got.text


def test_the_example_of_a_note_gives_way_to_the_known_name(library: Library) -> None:
    got = asked("show me its logs", library, [RUN])
    assert got.commands[0].command.text == "docker logs cache"
    assert got.citations[0].quote in library.notes["docker.md"].quote(1, 99)


def test_nothing_is_filled_in_where_nothing_was_spoken_of(library: Library) -> None:
    got = asked("how can I stop a container", library, [])
    assert [c.command.origin for c in got.commands] == [Origin.VERBATIM] * len(got.commands)
    assert got.commands


def test_a_language_that_is_asked_for_is_answered_in(library: Library) -> None:
    before = [turn("how can I stop a container", "docker stop CONTAINER")]
    got = asked("in Chinese please", library, before)
    assert (got.language, got.question) == ("zh", "in Chinese please")


def test_two_examples_that_become_the_same_line_are_shown_once() -> None:
    lines = ("docker stop CONTAINER", "docker stop gribble")
    blocks = [f"```bash\n{line}\n```\n[{n}]" for n, line in enumerate(lines, 1)]
    both = Answer("q", "en", True, "\n\n".join(blocks), commands=tuple(map(suggested, lines)))
    it = Understood("q", follows=True, it=Named("container", "cache"))
    got = fitted(both, it, verdict)
    assert [one.command.text for one in got.commands] == ["docker stop cache"]
    assert got.text.count("\ndocker stop cache\n") == 1
    assert "\ndocker stop gribble\n" not in got.text


def test_a_word_of_thanks_leaves_the_topic_as_it_is() -> None:
    before = [Turn(q, Answer(q, "en", True, "")) for q in ("how do I stop a container?", "thanks!")]
    assert understood("thanks!", before[:1]) == Understood("thanks!")
    assert standalone("and in the background?", before) == standalone("and in the background?", before[:1])

"""Questions that go on to a tool or system the notes never speak of, and those that only give a name."""

from __future__ import annotations

import pytest

from assistant.answering import answer
from assistant.outside import outside
from assistant.values import Answer, AnswerDone, Turn
from knowledge.library import Library
from tests.fakes.chat_model import ScriptedChatModel
from tests.library import library_of, verdict

NOTES = """# Docker notes

## Running

Run a container in the background, 在后台运行容器:

```bash
docker run -d --name web nginx
```

Remove what is in the way of the installation on Ubuntu:

```bash
sudo apt-get remove podman-docker
```

## Kubernetes

Kubernetes runs containers in pods.

## Nomad
"""

EN = "how do I run a container in the background?"
ZH = "怎么在后台运行一个容器？"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return library_of(tmp_path_factory.mktemp("library"), {"docker.md": NOTES})


def ask(question: str, library: Library, *before: str, model: ScriptedChatModel | None = None) -> Answer:
    transcript: list[Turn] = []
    for earlier in before:
        *_, first = answer(earlier, library, verdict, transcript=transcript)
        assert isinstance(first, AnswerDone)
        transcript.append(Turn(earlier, first.answer))
    *_, last = answer(question, library, verdict, model=model, transcript=transcript)
    assert isinstance(last, AnswerDone)
    return last.answer


@pytest.mark.parametrize(
    ("before", "question", "name"),
    [
        (EN, "and with podman?", "podman"),
        (EN, "how about on OpenShift", "OpenShift"),
        (EN, "and in Nomad?", "Nomad"),
        (EN, "does nerdctl do that too?", "nerdctl"),
        (EN, "how would I do that in Apptainer?", "Apptainer"),
        (EN, "and on fedora?", "fedora"),
        (EN, "and in PowerShell?", "PowerShell"),
        (EN, "and using Mesosphere instead?", "Mesosphere"),
        (ZH, "那用 podman 呢？", "podman"),
        (ZH, "podman 呢", "podman"),
        (ZH, "在 OpenShift 上呢？", "OpenShift"),
        (ZH, "换成 nerdctl 怎么写", "nerdctl"),
        (ZH, "在树莓派上呢？", "树莓派"),
        (ZH, "用 Mesosphere 的话？", "Mesosphere"),
    ],
)
def test_a_tool_the_notes_never_speak_of_is_said_to_be_missing(
    before: str, question: str, name: str, library: Library
) -> None:
    model = ScriptedChatModel("Use `podman run -d --name web nginx` [1].")
    got = ask(question, library, before, model=model)
    assert not got.answered and not got.commands and not model.heard
    assert got.language == ("zh" if before == ZH else "en")
    assert name in got.text.split("\n")[0]
    assert "Running" in got.text  # where the rest of the question stands


@pytest.mark.parametrize(
    ("before", "question"),
    [
        (EN, "and for nginx2?"),
        (EN, "and with my-app?"),
        (EN, "and with Redis?"),
        (EN, "and on Kubernetes?"),
        (EN, "and on ubuntu?"),
        (EN, "and quickly?"),
        (EN, "and without podman?"),
        (EN, "and with the name podman-box?"),
        (EN, "call it podman"),
        (EN, "and from /srv/Data?"),
        (EN, "and on port 9000?"),
        (EN, "and with MyApp?"),
        (EN, "on the server"),
        (ZH, "但是用 myapp 这个名字"),
        (ZH, "换成 Redis 呢"),
        (ZH, "名字叫 podman 呢"),
        (ZH, "那快一点呢？"),
        (ZH, "在服务器上呢？"),
    ],
)
def test_a_name_of_ones_own_and_ordinary_words_are_not(before: str, question: str, library: Library) -> None:
    assert outside(question, library, follows=True) == ()


def test_what_goes_on_with_a_name_of_ones_own_is_answered(library: Library) -> None:
    for question in ("and with my-app?", "and for nginx2?", "and with Redis?"):
        got = ask(question, library, EN)
        assert got.answered and got.commands, question


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("how do I run a container in podman?", ("podman",)),
        ("what is podman", ("podman",)),
        ("podman 怎么弄", ("podman",)),
        ("I came from podman, how do I run a container?", ()),
        ("on my mac docker says permission denied", ()),
        ("how do I remove podman-docker before installing?", ()),
        ("what is Kubernetes?", ()),
    ],
)
def test_a_first_question_is_judged_by_what_it_asks_for(
    question: str, names: tuple[str, ...], library: Library
) -> None:
    assert outside(question, library, follows=False) == names


def test_an_empty_heading_for_it_is_named(library: Library) -> None:
    got = ask("and in Nomad?", library, EN)
    assert "nothing is written under it yet: Docker notes > Nomad" in got.text


def test_the_conversation_goes_on_with_its_topic_after_that(library: Library) -> None:
    got = ask("and in the background?", library, "how do I run a container?", "and with podman?")
    assert got.answered and [c.command.text for c in got.commands] == ["docker run -d --name web nginx"]

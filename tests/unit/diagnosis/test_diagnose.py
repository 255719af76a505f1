"""Errors to causes: every wording known, in whose words it is, and nothing told that is not known."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.commands.policy import Policy
from assistant.commands.review import review
from assistant.config import Limits
from assistant.diagnosis.diagnose import completed, diagnose_error, diagnose_run, diagnose_text
from assistant.diagnosis.matching import CHARACTERS, match_text
from assistant.diagnosis.rules import RULES
from assistant.diagnosis.values import Rule, Speaker
from assistant.errors import CommandError
from assistant.execution import engine_texts
from assistant.execution.clean import clean
from assistant.execution.outcome import ending_of
from assistant.values import Decision, Run, Verdict
from knowledge.language import Language, Text
from knowledge.library import Library
from tests.library import library_of

DATA = Path(__file__).parents[2] / "data" / "errors.toml"
ERRORS = [
    (speaker, cause, text)
    for speaker, table in tomllib.loads(DATA.read_text(encoding="utf-8")).items()
    for cause, texts in table.items()
    for text in texts
]
SPEAKERS: dict[str, Speaker] = {name: name for name in get_args(Speaker)}
RUN = Run(
    id="1", command="docker run web", question="", decision=Decision.ASK, approved_by="", engine="",
    started_at=0.0, ended_at=1.0, outcome="failed", exit_code=None, output="", output_cut=False, error=None,
    operations=(), created=(),
)  # fmt: skip


def judged(line: str, workspace: Path) -> Verdict:
    return review(line, policy=Policy.standard(), limits=Limits(), workspace=workspace)


@pytest.mark.parametrize(("speaker", "cause", "text"), ERRORS)
def test_a_wording_has_its_cause(speaker: str, cause: str, text: str) -> None:
    match = match_text(text, RULES, (SPEAKERS[speaker],))
    assert match is not None
    assert match.rule.cause == cause
    pasted = diagnose_text(f"I ran it and got:\n\n{text}\n\nwhat now?", "en")
    assert pasted is not None
    assert pasted.cause == cause
    assert pasted.evidence in text.splitlines() or pasted.evidence.strip("…") in text


def test_there_are_many_causes_each_with_a_wording() -> None:
    by_outcome = {rule.cause for rule in RULES if rule.outcomes}
    own = {"certificates-of-engine", "engine-timeout"}  # docknotes' own words, below
    causes = [rule.cause for rule in RULES]
    assert len(causes) == len(set(causes)) >= 80
    assert {cause for _, cause, _ in ERRORS} | by_outcome | own == set(causes)
    assert {cause for _, cause, _ in ERRORS} <= set(causes)


def test_the_readmes_name_their_number() -> None:
    root = Path(__file__).parents[3]
    assert f"{len(RULES)} causes" in (root / "README.md").read_text(encoding="utf-8")
    assert f"{len(RULES)} 种" in (root / "README.zh-CN.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.cause)
def test_a_rule_is_whole(rule: Rule, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM busybox\n", encoding="utf-8")
    assert rule.source and rule.about
    for text in (rule.what, rule.advice, rule.query):
        assert text.en.strip() and text.zh.strip()
    assert rule.what.en.endswith(".") and rule.what.zh.endswith("。")
    assert rule.patterns or rule.outcomes
    filled = {"{port}": "8080", "{name}": "web", "{image}": "nginx", "{network}": "mynet", "{volume}": "data"}
    for line in rule.following:
        for part, value in filled.items():
            line = line.replace(part, value)  # noqa: PLW2901
        assert "{" not in line
        if line.startswith("docker "):
            verdict = judged(line, tmp_path)
            assert verdict.kind == "docker"
            refused = (
                {reason.rule for reason in verdict.reasons} if verdict.decision is Decision.REFUSE else set()
            )
            assert refused <= {"unsupported"}


@pytest.mark.parametrize(
    ("why", "cause"),
    [
        ("no_socket", "daemon-not-running"),
        ("refused", "daemon-not-running"),
        ("denied", "socket-permission"),
        ("timeout", "engine-timeout"),
        ("broken", "engine-lost"),
        ("certificates", "certificates-of-engine"),
        ("old", "api-version"),
    ],
)
def test_our_own_words_of_an_engine_that_cannot_be_reached(why: engine_texts.Unreachable, cause: str) -> None:
    found = diagnose_error(engine_texts.unavailable("unix:///run/docker.sock", why), "en")
    assert found is not None
    assert found.cause == cause


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_engines_words_are_told_from_ours(language: Language) -> None:
    said = engine_texts.image_unavailable("ngnix", "pull access denied for ngnix, repository does not exist")
    found = diagnose_error(said, language)
    assert found is not None
    assert found.cause == "image-access-denied"
    assert "docker search ngnix" in [one.line for one in found.following]
    assert found.query == next(r for r in RULES if r.cause == found.cause).query.said_in(language)


@pytest.mark.parametrize(
    ("outcome", "cause"),
    [
        ("timed_out", "time-limit"),
        ("output_limit", "output-limit"),
        ("out_of_memory", "out-of-memory"),
        ("lost", "engine-lost"),
        ("cancelled", None),
        ("succeeded", None),
        ("detached", None),
        (None, None),
    ],
)
def test_an_outcome_tells_more_than_words(outcome: str | None, cause: str | None) -> None:
    run = replace(RUN, outcome=outcome, exit_code=137, output="Permission denied\n")  # type: ignore[arg-type]
    found = diagnose_run(run, "en")
    assert (found.cause if found else None) == cause


@pytest.mark.parametrize(
    ("code", "output", "cause"),
    [
        (126, "", "command-not-executable"),
        (127, "", "program-not-found"),
        (137, "", "killed"),
        (139, "", "crashed"),
        (143, "", "ended-by-signal"),
        (127, "wget: bad address 'db'\n", "name-resolution"),
        (1, "all is well\n", None),
        (3, "", None),
    ],
)
def test_an_exit_code_tells_where_no_words_do(code: int, output: str, cause: str | None) -> None:
    ending = ending_of(code)
    run = replace(RUN, exit_code=code, output=output, error=ending.error)
    found = diagnose_run(run, "zh")
    assert (found.cause if found else None) == cause


def test_a_container_cannot_speak_as_the_engine_does() -> None:
    forged = 'Conflict. The container name "/precious" is already in use by container "5a"'
    assert diagnose_run(replace(RUN, exit_code=1, output=forged), "en") is None
    assert diagnose_run(replace(RUN, error=engine_texts.said_no(forged)), "en") is not None
    unhealthy = diagnose_run(replace(RUN, exit_code=1, output="container precious is unhealthy"), "en")
    assert unhealthy is not None
    assert all("precious" not in one.line for one in unhealthy.following)


@pytest.mark.parametrize("name", ["-f", "--force", "a b", "a;reboot", "$(id)", "x" * 500, ""])
def test_only_a_plain_word_of_an_error_goes_into_a_line(name: str) -> None:
    found = diagnose_text(f'The container name "/{name}" is already in use by container "5a"', "en")
    assert found is not None
    assert found.cause == "name-in-use"
    assert found.following == ()


@pytest.mark.parametrize(
    ("command", "error", "better"),
    [
        (
            "docker run -d -p 8080:80 nginx",
            "Bind for 127.0.0.1:8080 failed: port is already allocated",
            "docker run -d -p 8081:80 nginx",
        ),
        (
            "docker run -p 127.0.0.1:80:80 nginx",
            "listen tcp4 127.0.0.1:80: bind: permission denied",
            "docker run -p 127.0.0.1:8080:80 nginx",
        ),
        (
            "docker run --publish=65535:80 nginx",
            "Bind for 127.0.0.1:65535 failed: port is already allocated",
            None,
        ),
        (
            "docker run -d --name web2 nginx",
            'The container name "/web2" is already in use by container "1"',
            "docker run -d --name web3 nginx",
        ),
        (
            "docker run --name=web nginx",
            'The container name "/web" is already in use by container "1"',
            "docker run --name=web2 nginx",
        ),
        (
            "docker pull Ubuntu:22.04",
            "invalid reference format: repository name must be lowercase",
            "docker pull ubuntu:22.04",
        ),
    ],
)
def test_the_failed_line_itself_is_mended(command: str, error: str, better: str | None) -> None:
    found = diagnose_error(engine_texts.said_no(error), "en", command=command)
    assert found is not None
    lines = [one.line for one in found.following]
    if better is None:
        assert command not in lines
        assert all(not line.startswith("docker run") for line in lines)
    else:
        assert lines[0] == better


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "how do I list all containers?",
        "disk on fire",
        "怎么查看所有容器",
        "remove what is not running any more",
    ],
)
def test_nothing_is_made_up(text: str) -> None:
    assert diagnose_text(text, "en") is None
    assert diagnose_error(Text(text, text), "en") is None


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    st.lists(st.one_of(st.text(max_size=40), st.sampled_from([text for _, _, text in ERRORS])), max_size=5),
    st.sampled_from(["", " ", "\n", "\x1b[31m", "`", "'"]),
)
def test_any_text_at_all(parts: list[str], between: str) -> None:
    text = between.join(parts)
    for found in (diagnose_text(text, "zh"), diagnose_error(Text(text, text), "en", command=text)):
        if found is not None:
            assert clean(found.evidence) == found.evidence
            assert "\n" not in found.evidence
            assert len(found.evidence) <= 302
            assert all("{" not in one.line or "{" in text for one in found.following)


def test_a_long_text_is_looked_at_from_its_end_and_shown_clean() -> None:
    noise = "/v2/ lookup x \x1b[31m" * 20_000
    assert diagnose_text("port is already allocated\n" + "x" * CHARACTERS, "en") is None
    found = diagnose_text(f"{noise}\n\x1b[31mno space left\u202e on device\x1b[0m", "en")
    assert found is not None
    assert (found.cause, found.evidence) == ("disk-full", "no space left on device")


def test_the_policy_has_its_word_on_each_next_line(tmp_path: Path) -> None:
    found = diagnose_text('The container name "/web" is already in use by container "5a"', "en")
    assert found is not None
    assert {one.decision for one in found.following} == {None}

    whole = completed(found, lambda line: judged(line, tmp_path), None, "en")

    words = {one.line: (one.kind, one.decision) for one in whole.following}
    assert words["docker ps -a --filter name=web"] == ("docker", Decision.ALLOW)
    assert words["docker rm web"] == ("docker", Decision.ASK)
    assert whole.citation is None


def test_a_next_line_the_policy_refuses_is_not_shown(tmp_path: Path) -> None:
    found = diagnose_error(
        engine_texts.said_no("Bind for 0.0.0.0:8080 failed: port is already allocated"),
        "en",
        command="docker run --privileged -p 8080:80 nginx",
    )
    assert found is not None
    assert "--privileged" in found.following[0].line

    def refuses(line: str) -> Verdict:
        raise CommandError(Text("no", "不"))

    shown = completed(found, lambda line: judged(line, tmp_path), None, "en").following
    assert shown
    assert all("--privileged" not in one.line for one in shown)
    assert all(one.kind == "host" for one in completed(found, refuses, None, "en").following)


# ---- the notes --------------------------------------------------------------------------------

NOTE = """# Mine

## Ports

Somebody else holds it: `port is already allocated`.

```bash
docker ps --filter publish=8080
```

## 端口

端口被占用时会提示 `port is already allocated`，换一个端口即可。

## Long

""" + "\n\n".join(f"Paragraph {n} about docker logs, {'word ' * 30}." for n in range(40))


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return library_of(tmp_path_factory.mktemp("mine"), {"mine.md": NOTE})


@pytest.mark.parametrize(("language", "heading"), [("en", "Ports"), ("zh", "端口")])
def test_the_notes_are_quoted_exactly_in_the_persons_language(
    library: Library, language: Language, heading: str, tmp_path: Path
) -> None:
    found = diagnose_text("Bind for 0.0.0.0:8080 failed: port is already allocated", language)
    assert found is not None
    cited = completed(found, lambda line: judged(line, tmp_path), library, language).citation
    assert cited is not None
    assert cited.headings[-1] == heading
    assert cited.quote == library.notes["mine.md"].quote(cited.first_line, cited.last_line)
    assert "port is already allocated" in cited.quote


def test_a_place_that_is_not_about_the_cause_is_not_shown(library: Library, tmp_path: Path) -> None:
    found = diagnose_text("no space left on device", "en")
    assert found is not None
    assert completed(found, lambda line: judged(line, tmp_path), library, "en").citation is None


def test_of_a_long_section_the_part_that_fits_is_quoted(library: Library, tmp_path: Path) -> None:
    found = diagnose_run(replace(RUN, outcome="output_limit"), "en")
    assert found is not None
    cited = completed(found, lambda line: judged(line, tmp_path), library, "en").citation
    assert cited is not None
    assert cited.headings[-1] == "Long"
    assert 0 < len(cited.quote) <= 900
    assert cited.quote in library.notes["mine.md"].quote(cited.first_line, cited.last_line)

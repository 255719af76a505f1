"""Any file at all: never a crash, and never a container that its own body would not be allowed to be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.commands.policy import Policy, check_body, networks_of
from assistant.commands.review import review
from assistant.compose.service_keys import KNOWN, REFUSED
from assistant.config import Limits
from assistant.values import Decision

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False),
    st.text(max_size=8),
    st.sampled_from(
        ["./data:/x", "/etc:/x", "v:/x", "host", "container:x", "1:1", "80", "a=b", "${X}", "$", "all", "10m",
         "1s",          "/var/run/docker.sock:/s",
         "no", "always", "true", "db", "sh -c 'x", "service_healthy", "../.."]
    ),
)  # fmt: skip
NAMES = st.one_of(
    st.sampled_from(
        ["type", "source", "target", "bind", "test", "context", "driver", "external", "name", "web", "db",
         "limits",         "resources", "devices", "condition", "aliases", "path", "file", "soft", "hard",
         "published", "replicas"]
    ),
    st.text(max_size=5),
)  # fmt: skip
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=3)),
    max_leaves=8,
)
SERVICE = st.dictionaries(st.sampled_from(sorted(KNOWN | REFUSED.keys())), VALUES, max_size=5)
PLAIN = st.fixed_dictionaries(
    {"image": st.just("busybox")}, optional=dict.fromkeys(sorted(KNOWN - {"image"}), VALUES)
)
TOP = st.one_of(VALUES, st.dictionaries(NAMES, VALUES, max_size=2))
FILES = st.fixed_dictionaries(
    {
        "services": st.one_of(
            VALUES, st.dictionaries(st.sampled_from(["web", "db"]), SERVICE, min_size=1, max_size=2)
        )
    },
    optional=dict.fromkeys(("networks", "volumes", "secrets", "configs", "name", "version", "x-y"), TOP),
)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=FILES, text=st.text(max_size=60))
def test_no_file_makes_it_crash_or_lets_more_through_than_the_policy(
    tmp_path_factory: Any, data: Any, text: str
) -> None:
    folder: Path = tmp_path_factory.getbasetemp() / "fuzz"
    (folder / "data").mkdir(parents=True, exist_ok=True)
    policy, limits = Policy.standard(), Limits()
    for content in (yaml.safe_dump(data), text):
        (folder / "compose.yaml").write_text(content, "utf-8", errors="replace")
        for line in ("docker compose up -d", "docker compose config", "docker compose down"):
            verdict = review(line, policy=policy, limits=limits, workspace=folder)
            if verdict.decision is Decision.REFUSE or verdict.plan is None:
                assert verdict.reasons
                continue
            for operation in verdict.plan.operations:
                if operation.path == "/containers/create":
                    assert operation.as_run is not None
                    names = networks_of(verdict.plan)
                    assert check_body(operation.as_run, policy, folder, limits, names) == ()


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(keys=PLAIN)
def test_no_service_makes_it_crash(tmp_path_factory: Any, keys: Any) -> None:
    folder: Path = tmp_path_factory.getbasetemp() / "fuzz-service"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "compose.yaml").write_text(yaml.safe_dump({"services": {"web": keys}}), "utf-8")
    verdict = review("docker compose up -d", policy=Policy.standard(), limits=Limits(), workspace=folder)
    assert verdict.kind == "docker"
    assert verdict.reasons

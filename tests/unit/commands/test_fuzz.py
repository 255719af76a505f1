"""Any text at all: no crash, and never a verdict more lenient than the body deserves."""

from __future__ import annotations

import copy
import json
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from assistant.commands.explain import explain_plan
from assistant.commands.find import find_commands
from assistant.commands.flags import COMMANDS, RUN
from assistant.commands.lexer import lex
from assistant.commands.others import rule_of
from assistant.commands.policy import Policy, check_body
from assistant.commands.policy_file import find_faults, load_policy
from assistant.commands.policy_schema import KEYS
from assistant.commands.policy_values import PROFILES, Profile
from assistant.commands.review import review
from assistant.config import Limits
from assistant.errors import CommandError
from assistant.values import Decision, OtherCommand, Verdict
from knowledge.values import Note
from tests.hostile import hostile_lines

POLICY, LIMITS = Policy.standard(), Limits()
EMPTY = Path("/nonexistent/workspace")
FUZZ = settings(
    max_examples=400, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)

_HOSTILE = [line for _, line in hostile_lines()]
_VALUES = [
    "host", "container:a", "all", "ALL", "/:/h", "./a:/b", ".:/w", "data:/d:ro", "80:80", "0.0.0.0:1:2",
    "A=1", "A", "type=bind,src=/,dst=/h", "type=volume,dst=/x,volume-opt=o=bind", "seccomp=unconfined",
    "no-new-privileges=false", "systempaths=unconfined", "none", "bridge", "name=host", "1g", "-1", "0",
    "true", "xxxxxxxxxxxxxxxxxxxx", "always", "<x>", "ID", "syslog", "/dev/sda", "..", "~", "$PWD",
    "'a b'", "\"$(pwd)\":/x", "/x:size=1m", "localhost:5000/a", "nginx", "-",
    "docknotes.owner=docknotes", "nofile=1:2", "5s", "{network}", "docknotes-1",
]  # fmt: skip
_FLAGS = [f"--{name}" for name in RUN.flags] + [f"-{flag.short}" for flag in RUN.flags.values() if flag.short]


def reviewed(line: str) -> Verdict:
    """The verdict on a line, with everything checked that holds for each."""
    verdict = review(line, policy=POLICY, limits=LIMITS, workspace=EMPTY, now=0.0)
    assert verdict.reasons
    assert all(reason.text.en and reason.text.zh for reason in verdict.reasons)
    assert explain_plan(verdict).en
    if verdict.suggestion is not None:
        suggested = review(verdict.suggestion, policy=POLICY, limits=LIMITS, workspace=EMPTY, now=0.0)
        assert suggested.kind == "docker"
    if verdict.plan is not None and isinstance(verdict.plan.action, OtherCommand):
        assert verdict.decision is Decision.REFUSE or rule_of(verdict.plan.action.name) is not None
    if verdict.decision is Decision.REFUSE:
        return verdict
    assert verdict.plan is not None
    for operation in verdict.plan.operations:
        if operation.path == "/containers/create":
            assert operation.as_run is not None
            reasons = check_body(json.loads(json.dumps(operation.as_run)), POLICY, EMPTY, LIMITS)
            waiting = {"body.Image"} if verdict.placeholders else set()
            assert {reason.rule for reason in reasons} <= waiting
    if verdict.decision is Decision.ALLOW:
        sent = verdict.plan.operations
        assert all(request.method == "GET" or request.path.endswith(("/wait", "/attach")) for request in sent)
    again = review(verdict.plan.line, policy=POLICY, limits=LIMITS, workspace=EMPTY, now=0.0)
    assert again.digest == verdict.digest
    return verdict


@FUZZ
@given(st.text(max_size=200))
@example("docker run " + "'" * 3)
@example("\\")
@example("docker run \\")
@example("docker ps \ud800")
def test_any_text(text: str) -> None:
    reviewed(text)
    reviewed("docker run " + text)
    try:
        words = lex(text, workspace=EMPTY).words
    except CommandError as error:
        assert error.text.zh
    else:
        assert all(word.raw for word in words)


@FUZZ
@given(
    st.sampled_from(sorted(" ".join(name) for name in COMMANDS)),
    st.lists(st.one_of(st.sampled_from(_FLAGS), st.sampled_from(_VALUES), st.text(max_size=8)), max_size=8),
)
def test_any_words_after_a_subcommand(name: str, words: list[str]) -> None:
    reviewed(f"docker {name} {' '.join(words)}")


@FUZZ
@given(
    st.lists(st.tuples(st.sampled_from(_FLAGS), st.sampled_from(_VALUES)), max_size=6),
    st.sampled_from(["=", " "]),
)
def test_any_flags_of_run(flags: list[tuple[str, str]], joint: str) -> None:
    reviewed("docker run " + " ".join(f"{flag}{joint}{value}" for flag, value in flags) + " ubuntu")


@FUZZ
@given(st.sampled_from(_HOSTILE), st.integers(0, 60), st.sampled_from(list(" \t\\'\"$—“#<>=:,-./~\n")))
def test_hostile_lines_with_a_character_put_in(line: str, at: int, char: str) -> None:
    reviewed(line[:at] + char + line[at:])


_KEYS = ["Privileged", "privileged", "binds", "BINDS", "Resources", "KernelMemory", "CPUShares", "Foo"]
_TOML = [
    "privileged = true", "capabilities = []", 'capabilities = ["KILL"]', 'capabilities = ["SYS_ADMIN"]',
    "[decisions]", 'run = "allow"', 'remove = "allow"', "[ulimits]", "core = 1", "core = -1", "x",
    "stop_seconds = 5", "[[a]]", "decisions.run = 1", "ulimits = { core = 2 }", "foreign = 3",
    'registries = ["localhost"]',
]  # fmt: skip
_JSON: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.sampled_from(_VALUES)
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@FUZZ
@given(st.data())
def test_any_value_under_any_key_of_a_body(data: st.DataObject) -> None:
    from assistant.commands.body_tables import CONFIG_RULES, HOST_RULES

    verdict = reviewed("docker run ubuntu")
    assert verdict.plan is not None
    body = next(
        dict(op.as_run) for op in verdict.plan.operations if op.path == "/containers/create" and op.as_run
    )
    host = dict(body["HostConfig"])
    key = data.draw(st.sampled_from(sorted(HOST_RULES)))
    host[key] = data.draw(_JSON)
    top = data.draw(st.sampled_from(sorted(CONFIG_RULES)))
    changed = {**body, "HostConfig": host} if data.draw(st.booleans()) else {**body, top: data.draw(_JSON)}

    reasons = check_body(changed, POLICY, EMPTY, LIMITS)

    assert all(reason.text.en for reason in reasons)
    if not reasons:
        after = changed["HostConfig"]
        assert not after["Privileged"]
        assert after["CapDrop"] == ["ALL"]
        assert after["MaskedPaths"] is None
        assert not after["PidMode"]
        assert not after["Devices"]


_FINAL = st.deferred(lambda: st.sampled_from([_final_body(profile) for profile in PROFILES]))


def _final_body(profile: Profile) -> tuple[Policy, dict[str, Any]]:
    policy = Policy.shipped(profile)
    verdict = review("docker run ubuntu ls", policy=policy, limits=LIMITS, workspace=EMPTY, now=0.0)
    assert verdict.plan is not None
    bodies = [op.as_run for op in verdict.plan.operations if op.path == "/containers/create"]
    return policy, json.loads(json.dumps(bodies[0]))


@FUZZ
@given(_FINAL, st.booleans(), st.text(min_size=1, max_size=12) | st.sampled_from(_KEYS), _JSON)
@example(_final_body("open"), True, "privileged", False)
@example(_final_body("open"), True, "PRIVILEGED", None)
@example(_final_body("open"), False, "hostconfig", {})
@example(_final_body("open"), True, "Privileged ", False)
@example(_final_body("open"), True, "\u017fysctls", None)
def test_a_key_outside_the_list_is_never_sent(
    final: tuple[Policy, dict[str, Any]], in_host: bool, key: str, value: Any
) -> None:
    from assistant.commands.body_tables import CONFIG_RULES, HOST_RULES

    policy, body = final
    known = HOST_RULES if in_host else CONFIG_RULES
    changed = copy.deepcopy(body)
    (changed["HostConfig"] if in_host else changed)[key] = value

    reasons = check_body(changed, policy, EMPTY, LIMITS)

    assert check_body(body, policy, EMPTY, LIMITS) == ()
    if key not in known:
        assert "body.unknown-key" in {reason.rule for reason in reasons}


@FUZZ
@given(st.text(max_size=80) | st.lists(st.sampled_from(_TOML), max_size=6).map("\n".join))
def test_any_policy_file(text: str) -> None:
    for fault in find_faults(text):
        assert fault.text.en
        assert fault.text.zh
        assert 0 <= fault.line <= len(text.splitlines()) + 1
    if not find_faults(text):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "policy.toml"
            path.write_text(text, encoding="utf-8")
            assert set(load_policy("open", path).capabilities) <= set(KEYS["capabilities"].ceiling or ())


@FUZZ
@given(
    st.lists(
        st.one_of(st.sampled_from(["```", "```bash", "> ", "~~~", "`", "docker ps \\"]), st.text(max_size=30))
    )
)
def test_any_note(lines: list[str]) -> None:
    split = tuple(line for text in lines for line in text.splitlines() or [""])
    for command in find_commands(Note("a.md", split, "a", "en"), 1, len(split)):
        assert 1 <= command.first_line <= command.last_line <= len(split)
        assert command.text

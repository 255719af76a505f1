"""The policy is data: three profiles, a person's own file, and what no file can open."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import pytest

from assistant.commands.body_tables import CONFIG_RULES, HOST_RULES
from assistant.commands.policy import Policy
from assistant.commands.policy_file import check_file, find_faults, load_policy, shipped_values
from assistant.commands.policy_schema import KEYS, is_never, never_list
from assistant.commands.policy_values import PROFILES, Profile
from assistant.commands.review import review
from assistant.config import AssistantConfig, Limits
from assistant.errors import PolicyError
from assistant.execution.making import make_policy
from assistant.values import Decision, RunContainer
from ui.cli.policy import as_toml


def decision(line: str, policy: Policy, workspace: Path) -> Decision:
    return review(line, policy=policy, limits=Limits(), workspace=workspace).decision


def write(folder: Path, text: str) -> Path:
    path = folder / "own.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("profile", PROFILES)
def test_the_shipped_file_holds_exactly_the_keys_of_the_schema(profile: str) -> None:
    values = shipped_values(profile)  # type: ignore[arg-type]
    assert set(values) == set(KEYS)


@pytest.mark.parametrize("policy", [Policy.shipped(profile) for profile in PROFILES])
def test_a_policy_shown_and_read_again_is_the_same(policy: Policy, tmp_path: Path) -> None:
    path = write(tmp_path, as_toml(policy, "zh"))
    assert check_file(path) == ()
    assert load_policy(policy.profile, path) == policy


def test_open_asks_for_nothing_that_undo_takes_back_and_for_all_else(clean_workspace: Path) -> None:
    policy = Policy.shipped("open")
    for line in ("docker run --rm alpine ls", "docker run -d -p 80:80 nginx", "docker pull alpine",
                 "docker run -v ./data:/d:ro alpine ls", "docker run -v /d alpine ls"):  # fmt: skip
        assert decision(line, policy, clean_workspace) is Decision.ALLOW, line
        assert decision(line, Policy.standard(), clean_workspace) is Decision.ASK, line
    for line in ("docker run -v ./data:/d alpine ls", "docker run -v data:/d alpine ls", "docker stop a",
                 "docker run -v data:/d:ro alpine ls", "docker rm -f a",
                 "docker run --mount type=bind,src=./data,dst=/d alpine ls"):  # fmt: skip
        assert decision(line, policy, clean_workspace) is Decision.ASK, line


def test_strict_gives_folders_to_read_only_and_no_capability(clean_workspace: Path) -> None:
    policy = Policy.shipped("strict")
    for line in ("docker run -v ./data:/d alpine ls", "docker run --restart always alpine ls",
                 "docker run --mount type=bind,src=./data,dst=/d alpine ls",
                 "docker run --cap-add KILL alpine ls", "docker stop -t 60 a"):  # fmt: skip
        assert decision(line, policy, clean_workspace) is Decision.REFUSE, line
        assert decision(line, Policy.standard(), clean_workspace) is Decision.ASK, line
    verdict = review(
        "docker run -v ./data:/d:ro alpine ls", policy=policy, limits=Limits(), workspace=clean_workspace
    )
    assert verdict.decision is Decision.ASK
    assert verdict.plan is not None
    bodies = [op.as_run for op in verdict.plan.operations if op.as_run and "HostConfig" in op.as_run]
    assert [body["HostConfig"]["CapAdd"] for body in bodies] == [[]]


def test_a_kind_of_command_can_be_refused(tmp_path: Path, clean_workspace: Path) -> None:
    policy = load_policy("standard", write(tmp_path, '[decisions]\npull = "refuse"\n'))
    assert decision("docker pull alpine", policy, clean_workspace) is Decision.REFUSE
    assert decision("docker run alpine", policy, clean_workspace) is Decision.ASK


def test_a_file_changes_what_it_names_and_nothing_else(tmp_path: Path) -> None:
    path = write(
        tmp_path, 'registries = ["ghcr.io"]\nsockets = ["/run/other.sock"]\n[ulimits]\nnofile = 10\n'
    )
    policy, shipped = load_policy("standard", path), Policy.standard()
    assert policy.registries == ("ghcr.io",)
    assert policy.sockets == (*shipped.sockets, "/run/other.sock")
    assert dict(policy.ulimits) == {**dict(shipped.ulimits), "nofile": 10}
    assert (policy.capabilities, policy.decisions) == (shipped.capabilities, shipped.decisions)


@pytest.mark.parametrize(
    ("text", "key", "line"),
    [
        ("# mine\n\nprivileged = true\n", "privileged", 3),
        ("Privileged = true", "Privileged", 1),
        ("pid_mode = 'host'", "pid_mode", 1),
        ('"--device" = ["/dev/sda"]', "--device", 1),
        ("never = []", "never", 1),
        ('owner_label = "x"', "owner_label", 1),
        ('foreign = "ask"\ncapabilities = [\n  "KILL",\n  "SYS_ADMIN",\n]\n', "capabilities", 4),
        ('registries = ["docker.io", "localhost:5000"]', "registries", 1),
        ('registries = [".com"]', "registries", 1),
        ('log_drivers = ["syslog"]', "log_drivers", 1),
        ('ipc_modes = ["host"]', "ipc_modes", 1),
        ('bind_modes = ["rshared"]', "bind_modes", 1),
        ('gpu_capabilities = ["display"]', "gpu_capabilities", 1),
        ('\n[decisions]\nrun = "ask"\nremove = "allow"', "decisions.remove", 4),
        ('decisions.stop = "allow"', "decisions.stop", 1),
    ],
)
def test_the_never_list_cannot_be_opened(text: str, key: str, line: int, tmp_path: Path) -> None:
    path = write(tmp_path, text)
    (fault,) = check_file(path)
    assert (fault.key, fault.line) == (key, line)
    assert "never allowed" in fault.text.en
    assert "永不允许" in fault.text.zh
    for profile in PROFILES:
        with pytest.raises(PolicyError, match=rf"line {line}, `{key}`"):
            load_policy(profile, path)


@pytest.mark.parametrize(
    ("text", "key", "line", "said"),
    [
        ("capabilites = []", "capabilites", 1, "nearest is `capabilities`"),
        ("\nregistry = []", "registry", 2, "nearest is `registries`"),
        ("[decisions]\nruns = 'ask'", "decisions.runs", 2, "nearest is `run`"),
        ("zzzzzz = 1", "zzzzzz", 1, "there are: registries"),
        ("stop_seconds = 121", "stop_seconds", 1, "from 0 to 120"),
        ("stop_seconds = true", "stop_seconds", 1, "from 0 to 120"),
        ("writable_folders = 1", "writable_folders", 1, "true or false"),
        ("foreign = 'allow'", "foreign", 1, "ask, refuse"),
        ("capabilities = 'KILL'", "capabilities", 1, "list of texts"),
        ("ulimits = 5", "ulimits", 1, "table"),
        ("[ulimits]\nnofile = 1_000_000_000", "ulimits.nofile", 2, "1048576"),
        ("sockets = ['run/x.sock']", "sockets", 1, "begins with /"),
        ("a = ", "", 1, "no TOML"),
    ],
)  # fmt: skip
def test_other_faults_are_named_with_what_would_do(text: str, key: str, line: int, said: str) -> None:
    (fault,) = find_faults(text)
    assert (fault.key, fault.line) == (key, line)
    assert said in fault.text.en


def test_all_faults_are_listed_by_line() -> None:
    faults = find_faults('x = 1\nforeign = "no"\n[ulimits]\ncore = 1\nwat = 2\n')
    assert [(fault.key, fault.line) for fault in faults] == [("x", 1), ("foreign", 2), ("ulimits.wat", 5)]


def test_the_never_list_is_what_the_body_tables_never_let_through() -> None:
    tables = {**HOST_RULES, **CONFIG_RULES}
    assert {"Privileged", "PidMode", "Devices", "MaskedPaths", "Runtime"} <= set(never_list())
    assert all(tables[key] in {"empty", "unset"} and is_never(key) for key in never_list())
    assert not any(is_never(key) for key in KEYS)


def test_the_persons_own_file_is_found(tmp_path: Path) -> None:
    config = AssistantConfig(home=tmp_path, workspace=tmp_path / "ws", profile="open")
    assert make_policy(config) == Policy.shipped("open")
    (tmp_path / "policy.toml").write_text("stop_seconds = 7\n")
    assert (make_policy(config).stop_seconds, make_policy(config).profile) == (7, "open")
    other = AssistantConfig(home=tmp_path, workspace=tmp_path, policy=tmp_path / "none.toml")
    with pytest.raises(PolicyError, match="cannot be read"):
        make_policy(other)


def test_the_shipped_file_explains_itself() -> None:
    text = (Path(__file__).parents[3] / "assistant" / "data" / "policy.toml").read_text("utf-8")
    assert set(tomllib.loads(text)) == {*KEYS, "profile"}
    assert text.count("# ") >= 12


def test_the_plan_says_who_sends_what(clean_workspace: Path) -> None:
    def sent(line: str) -> dict[str, str]:
        verdict = review(line, policy=Policy.standard(), limits=Limits(), workspace=clean_workspace)
        assert verdict.plan is not None
        return {operation.path: operation.sent for operation in verdict.plan.operations}

    assert sent("docker run --rm alpine ls") == {
        "/images/create": "if missing",
        "/networks/create": "here",
        "/containers/create": "always",
        "/containers/{container}/attach": "by docker",
        "/containers/{container}/wait": "always",
        "/containers/{container}/start": "always",
    }
    assert "/images/create" not in sent("docker run --pull never alpine ls")
    assert sent("docker run --pull always alpine ls")["/images/create"] == "always"
    assert "/images/create" not in sent(f"docker run {'a' * 64} ls")


@pytest.mark.parametrize(
    ("words", "user"),
    [
        ("-u $(id -u)", "{uid}"),
        ('--user "$(id -u):$(id -g)"', "{uid}:{gid}"),
        ("--user=`id -u`:`id -g`", "{uid}:{gid}"),
        ("-u ${UID}", "{uid}"),
        ("-u '$(id -u)'", None),
        ("-u $(id -u; touch x)", None),
        ("-u $(id -un)", None),
        ("-u $(whoami)", None),
        ("-u $UIDX", None),
    ],
)
def test_the_persons_own_numbers_are_known_without_a_shell(
    words: str, user: str | None, clean_workspace: Path
) -> None:
    line = f"docker run {words} alpine id"
    verdict = review(line, policy=Policy.standard(), limits=Limits(), workspace=clean_workspace)
    if user is None:
        assert verdict.decision is Decision.REFUSE
        return
    assert verdict.plan is not None
    assert isinstance(verdict.plan.action, RunContainer)
    wanted = user.format(uid=os.getuid(), gid=os.getgid())
    assert verdict.plan.action.body["User"] == wanted
    again = review(verdict.plan.line, policy=Policy.standard(), limits=Limits(), workspace=clean_workspace)
    assert again.digest == verdict.digest


def test_a_gpu_is_asked_for_with_gpus_not_by_a_variable(clean_workspace: Path) -> None:
    for profile in PROFILES:
        policy = Policy.shipped(profile)
        (clean_workspace / "gpu.env").write_text("NVIDIA_VISIBLE_DEVICES=0\n")
        for words in ("-e NVIDIA_VISIBLE_DEVICES=all", "--env NVIDIA_IMEX_CHANNELS=0", "--env-file gpu.env"):
            verdict = review(
                f"docker run {words} alpine ls", policy=policy, limits=Limits(), workspace=clean_workspace
            )
            assert verdict.decision is Decision.REFUSE, words
            assert "--gpus" in verdict.reasons[0].text.en
        for words in ("-e NVIDIA_VISIBLE_DEVICES=void", "--gpus all -e NVIDIA_DRIVER_CAPABILITIES=compute"):
            assert decision(f"docker run {words} alpine ls", policy, clean_workspace) is not Decision.REFUSE


def test_how_long_a_container_runs_in_the_background_is_said(clean_workspace: Path) -> None:
    said_of: tuple[tuple[Profile, str, str], ...] = (
        ("strict", "after 1 hour docknotes ends it", "满 1 小时后"),
        ("standard", "after 24 hours docknotes ends it", "满 24 小时后"),
        ("open", "without a time limit", "没有时间上限"),
    )
    for profile, en, zh in said_of:
        for line, said in (("docker run -d alpine ls", True), ("docker run alpine ls", False)):
            policy = Policy.shipped(profile)
            verdict = review(line, policy=policy, limits=Limits(), workspace=clean_workspace)
            assert (en in verdict.reasons[0].text.en) is said
            assert (zh in verdict.reasons[0].text.zh) is said

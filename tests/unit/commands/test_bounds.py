from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from assistant.commands.bounds import bound
from assistant.commands.plan import plan_line
from assistant.commands.policy import Policy, check_body
from assistant.config import Limits
from assistant.values import Change, Plan


def bounded(
    line: str, workspace: Path, limits: Limits | None = None
) -> tuple[dict[str, Any], dict[str, Change], Plan]:
    plan = plan_line(line, workspace=workspace)
    run, changes = bound(plan, limits=limits or Limits(), workspace=workspace)
    body = next(operation.as_run for operation in run.operations if operation.path == "/containers/create")
    assert body is not None
    return dict(body), {change.key: change for change in changes}, run


def test_every_container_is_bounded_closed_and_labelled(workspace: Path) -> None:
    body, changes, _ = bounded("docker run alpine", workspace)

    host = body["HostConfig"]
    assert body["Labels"] == {"docknotes.owner": "docknotes", "docknotes.run": "{run}"}
    assert host["Memory"] == host["MemorySwap"] == 2 * 1024**3
    assert (host["NanoCpus"], host["PidsLimit"], host["ShmSize"]) == (2 * 10**9, 256, 64 * 1024**2)
    assert host["CapDrop"] == ["ALL"]
    assert host["SecurityOpt"] == ["no-new-privileges:true"]
    assert (host["IpcMode"], host["CgroupnsMode"], host["NetworkMode"]) == ("private", "private", "{network}")
    assert host["LogConfig"] == {"Type": "json-file", "Config": {"max-file": "2", "max-size": "5242880"}}
    assert body["NetworkingConfig"] == {"EndpointsConfig": {}}
    assert all(change.why.en and change.why.zh for change in changes.values())
    assert (changes["HostConfig.Memory"].written, changes["HostConfig.Memory"].run) == ("-", "2048 MiB")


def test_the_body_as_written_stays_what_the_client_sends(workspace: Path) -> None:
    line = "docker run -v data:/d -v ./src:/s -p 80:80 --rm -it alpine"
    before = plan_line(line, workspace=workspace)
    after, _ = bound(before, limits=Limits(), workspace=workspace)

    written = next(
        operation.as_written for operation in after.operations if operation.path == "/containers/create"
    )
    assert written == plan_line(line, workspace=workspace).operations[0].as_written
    assert after.action == before.action


def test_a_network_of_its_own_comes_first_and_publishes_on_loopback(workspace: Path) -> None:
    body, changes, run = bounded("docker run -p 8080:80 -P nginx", workspace)

    pull, network = run.operations[:2]
    assert (pull.path, pull.sent, network.sent) == ("/images/create", "if missing", "here")
    assert (network.method, network.path, network.as_written) == ("POST", "/networks/create", None)
    assert network.as_run is not None
    assert network.as_run["Name"] == "{network}"
    assert network.as_run["Options"] == {"com.docker.network.bridge.host_binding_ipv4": "127.0.0.1"}
    assert network.as_run["Labels"] == body["Labels"]
    assert body["HostConfig"]["PortBindings"] == {"80/tcp": [{"HostIp": "127.0.0.1", "HostPort": "8080"}]}
    assert "127.0.0.1" in changes["HostConfig.PortBindings"].run


def test_the_same_port_on_every_address_is_one_port_on_loopback(workspace: Path) -> None:
    body, _, _ = bounded("docker run -p 0.0.0.0:80:80 -p [::]:80:80 -p 80:80 -p [::1]:80:80 nginx", workspace)

    assert body["HostConfig"]["PortBindings"]["80/tcp"] == [
        {"HostIp": "127.0.0.1", "HostPort": "80"},
        {"HostIp": "::1", "HostPort": "80"},
    ]


def test_without_a_network_none_is_made(workspace: Path) -> None:
    body, changes, run = bounded("docker run --network none alpine", workspace)

    assert body["HostConfig"]["NetworkMode"] == "none"
    assert "HostConfig.NetworkMode" not in changes
    assert all(operation.path != "/networks/create" for operation in run.operations)


def test_a_network_that_is_named_is_joined_by_the_id_it_has_then(workspace: Path) -> None:
    body, _, _ = bounded("docker run --network shop --network-alias web alpine", workspace)

    assert body["HostConfig"]["NetworkMode"] == "{network:shop}"
    assert body["NetworkingConfig"] == {"EndpointsConfig": {"{network:shop}": {"Aliases": ["web"]}}}


@pytest.mark.parametrize(
    ("flags", "key", "value"),
    [
        ("--memory 512m", "Memory", 512 * 1024**2),
        ("--memory 64g", "Memory", 2 * 1024**3),
        ("--memory 512m --memory-swap -1", "MemorySwap", 512 * 1024**2),
        ("--memory 512m --memory-reservation 1g", "MemoryReservation", 512 * 1024**2),
        ("--cpus .5", "NanoCpus", 5 * 10**8),
        ("--cpus 64", "NanoCpus", 2 * 10**9),
        ("--cpu-quota 50000", "NanoCpus", 5 * 10**8),
        ("--cpu-quota 50000 --cpu-period 50000", "NanoCpus", 10**9),
        ("--cpu-quota 50000", "CpuQuota", 0),
        ("--cpu-shares 99999", "CpuShares", 1024),
        ("--pids-limit -1", "PidsLimit", 256),
        ("--pids-limit 20", "PidsLimit", 20),
        ("--shm-size 8g", "ShmSize", 64 * 1024**2),
        ("--rm", "AutoRemove", False),
        ("--cap-drop ALL", "CapAdd", []),
        ("--cap-drop ALL --cap-add NET_BIND_SERVICE", "CapAdd", ["CAP_NET_BIND_SERVICE"]),
        ("--security-opt no-new-privileges", "SecurityOpt", ["no-new-privileges:true"]),
        ("--ulimit nofile=100", "Ulimits", [{"Name": "nofile", "Hard": 100, "Soft": 100}]),
        ("--ulimit nofile=9999999", "Ulimits", [{"Name": "nofile", "Hard": 65536, "Soft": 65536}]),
        ("--ulimit core=-1", "Ulimits", [{"Name": "core", "Hard": 0, "Soft": 0}]),
        (
            "--log-driver none",
            "LogConfig",
            {"Type": "json-file", "Config": {"max-file": "2", "max-size": "5242880"}},
        ),
        (
            "--log-driver local",
            "LogConfig",
            {"Type": "local", "Config": {"max-file": "2", "max-size": "5242880"}},
        ),
        ("--ipc none", "IpcMode", "none"),
        ("--restart on-failure:3", "RestartPolicy", {"Name": "on-failure", "MaximumRetryCount": 3}),
    ],
)
def test_bounds_are_lowered_never_raised(flags: str, key: str, value: object, workspace: Path) -> None:
    body, _, _ = bounded(f"docker run {flags} alpine", workspace)

    assert body["HostConfig"][key] == value
    assert check_body(body, Policy.standard(), workspace, Limits()) == ()


def test_a_short_list_of_capabilities_is_left(workspace: Path) -> None:
    body, _, _ = bounded("docker run --cap-drop CHOWN alpine", workspace)

    assert "CAP_CHOWN" not in body["HostConfig"]["CapAdd"]
    assert "CAP_SETUID" in body["HostConfig"]["CapAdd"]
    assert "CAP_NET_RAW" not in body["HostConfig"]["CapAdd"]


def test_folders_are_resolved_and_volumes_labelled(workspace: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(workspace)
    body, _, _ = bounded("docker run -v ./data:/d:ro -v cache:/c:nocopy --mount src=db,dst=/db alpine", link)

    assert body["HostConfig"]["Binds"] == [f"{workspace}/data:/d:ro"]
    label = {"docknotes.owner": "docknotes", "docknotes.run": "{run}"}
    assert body["HostConfig"]["Mounts"] == [
        {"Type": "volume", "Source": "db", "Target": "/db", "VolumeOptions": {"Labels": label}},
        {
            "Type": "volume",
            "Source": "cache",
            "Target": "/c",
            "VolumeOptions": {"Labels": label, "NoCopy": True},
        },
    ]


def test_a_terminal_and_its_input_stay_as_written(workspace: Path) -> None:
    for line in ("docker run -it ubuntu bash", "docker run -itd ubuntu bash"):
        body, changes, _ = bounded(line, workspace)
        assert body["OpenStdin"] and body["Tty"]
        assert "OpenStdin" not in changes


def test_narrower_limits_hold(workspace: Path) -> None:
    limits = Limits(memory_bytes=10**8, cpus=0.5, processes=10, shm_bytes=10**6, log_bytes=10**5)
    body, _, _ = bounded("docker run --memory 1g alpine", workspace, limits)

    assert body["HostConfig"]["Memory"] == 10**8
    assert check_body(body, Policy.standard(), workspace, limits) == ()


def test_what_creates_nothing_stays_as_it_is(workspace: Path) -> None:
    for line in ("docker ps", "docker rm a", "docker pull nginx"):
        plan = plan_line(line, workspace=workspace)
        assert bound(plan, limits=Limits(), workspace=workspace) == (plan, ())

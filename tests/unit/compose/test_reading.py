"""What a compose file is understood as: scalars, variables, each key of a service, order and copies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from assistant.compose.interpolation import Variables, read_env
from assistant.compose.problems import WrongKeyError
from assistant.compose.yaml_text import load
from assistant.values import Decision, JsonObject, Verdict
from tests.unit.compose.conftest import Planned


def body(planned: Planned, keys: str, rest: str = "", **others: str) -> JsonObject:
    """The body of the one service that has these keys, as written."""
    action = planned(f"services: {{web: {{image: busybox, {keys}}}}}\n{rest}", **others)
    return action.containers[0].run.body


def test_scalars_are_those_of_yaml_1_2() -> None:
    text = "{a: no, b: 22:22, c: 0o17, d: 017, e: on, f: true, g: 1.5, h: ~, i: '1', j: 0x1f, k: 2020-01-01}"
    assert load(text) == {
        "a": "no", "b": "22:22", "c": 15, "d": 17, "e": "on", "f": True, "g": 1.5, "h": None, "i": "1",
        "j": 31,        "k": "2020-01-01",
    }  # fmt: skip


def test_anchors_and_merges_with_the_nearer_key_first() -> None:
    text = "x: &x {a: 1, b: 2}\ny: &y {b: 3, c: 4}\nz: {<<: [*x, *y], a: 0}\n"
    assert load(text)["z"] == {"a": 0, "b": 2, "c": 4}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$A-$B", "one-"),
        ("${A}", "one"),
        ("${EMPTY:-d}", "d"),
        ("${EMPTY-d}", ""),
        ("${NONE-d}", "d"),
        ("${NONE:-${A}x}", "onex"),
        ("${A:+yes}${NONE+no}", "yes"),
        ("${A?needed}", "one"),
        ("$$A $${A}", "$A ${A}"),
        ("a$1b", None),
        ("${1}", None),
        ("${NONE:?}", None),
        ("${EMPTY:?}", None),
        ("${A", None),
    ],
)
def test_variables(text: str, value: str | None) -> None:
    variables = Variables({"A": "one", "EMPTY": ""})
    if value is None:
        with pytest.raises(WrongKeyError):
            variables.text(text)
    else:
        assert variables.text(text) == value


def test_variables_never_come_from_the_environment_of_the_program(
    planned: Planned, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKEN_OF_A_PERSON", "secret")
    action = planned('services: {web: {image: busybox, command: "echo [${TOKEN_OF_A_PERSON}]"}}')
    assert action.containers[0].run.body["Cmd"] == ["echo", "[]"]


def test_env_files() -> None:
    text = (
        "# c\nA=1\nexport B = two words # c\nC='$A #x'\nD=\"$A\\n\\$x\"\nE=${A}${Z}\nF\nG=\nH='a\nb'\nI=a#b\n"
    )
    assert read_env(text, {"Z": "9"}) == {
        "A": "1", "B": "two words", "C": "$A #x", "D": "1\n$x", "E": "19", "F": None, "G": "", "H": "a\nb",
        "I": "a#b",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("keys", "path", "value"),
    [
        ("command: sh -c 'a b' c", "Cmd", ["sh", "-c", "a b", "c"]),
        ("command: [a, 1, true]", "Cmd", ["a", "1", "true"]),
        ("entrypoint: [a, b]", "Entrypoint", ["a", "b"]),
        ("entrypoint: a 'b c'", "Entrypoint", ["a", "b c"]),
        ("environment: [A=1, B=]", "Env", ["A=1", "B="]),
        ("environment: {A: 1, B: yes, C: true, D: '$$x'}", "Env", ["A=1", "B=yes", "C=true", "D=$x"]),
        ("user: 1000", "User", "1000"),
        ("working_dir: /w", "WorkingDir", "/w"),
        ("stop_signal: SIGINT", "StopSignal", "SIGINT"),
        ("stop_grace_period: 1m30s", "StopTimeout", 90),
        ("stop_grace_period: 1500ms", "StopTimeout", 2),
        ("tty: true", "Tty", True),
        ("stdin_open: true", "OpenStdin", True),
        ("init: true", "HostConfig.Init", True),
        ("read_only: 'true'", "HostConfig.ReadonlyRootfs", True),
        ("mem_limit: 64m", "HostConfig.Memory", 64 * 1024**2),
        ("cpus: 0.5", "HostConfig.NanoCpus", 500_000_000),
        ("pids_limit: 10", "HostConfig.PidsLimit", 10),
        ("deploy: {resources: {limits: {cpus: '0.25', memory: 32M, pids: 5}}}", "HostConfig.Memory",
         32 * 1024**2),
        ("deploy: {resources: {limits: {cpus: '0.25'}}}", "HostConfig.NanoCpus", 250_000_000),
        ("restart: no", "HostConfig.RestartPolicy.Name", "no"),
        ("restart: 'on-failure:3'", "HostConfig.RestartPolicy.MaximumRetryCount", 3),
        ("deploy: {restart_policy: {condition: any}}", "HostConfig.RestartPolicy.Name", "always"),
        ("tmpfs: /t:size=1m", "HostConfig.Tmpfs", {"/t": "size=1m"}),
        ("shm_size: 1m", "HostConfig.ShmSize", 1024**2),
        ("ulimits: {nofile: {soft: 10, hard: 20}, core: 0}", "HostConfig.Ulimits.1.Hard", 20),
        ("cap_drop: [ALL]", "HostConfig.CapDrop", ["ALL"]),
        ("cap_add: [CHOWN]", "HostConfig.CapAdd", ["CAP_CHOWN"]),
        ("logging: {driver: none}", "HostConfig.LogConfig.Type", "none"),
        ("dns: 192.0.2.1", "HostConfig.Dns", ["192.0.2.1"]),
        ("extra_hosts: {a: 192.0.2.7}", "HostConfig.ExtraHosts", ["a:192.0.2.7"]),
        ("expose: [81]", "ExposedPorts", {"81/tcp": {}}),
        ("gpus: all", "HostConfig.DeviceRequests.0.Count", -1),
        ("labels: [a=b]", "Labels.a", "b"),
        ("healthcheck: {test: a b}", "Healthcheck", {"Test": ["CMD-SHELL", "a b"]}),
        ("healthcheck: {test: [CMD, a], interval: 2s, retries: '3'}", "Healthcheck",
         {"Test": ["CMD", "a"], "Interval": 2 * 10**9, "Retries": 3}),
        ("healthcheck: {disable: true}", "Healthcheck", {"Test": ["NONE"]}),
        ("network_mode: none", "HostConfig.NetworkMode", "none"),
        ("x-mine: {any: thing}", "Image", "busybox"),
    ],
)  # fmt: skip
def test_a_key_of_a_service(planned: Planned, keys: str, path: str, value: object) -> None:
    found: Any = body(planned, keys)
    for part in path.split("."):
        found = found[int(part)] if isinstance(found, list) else found[part]
    assert found == value


@pytest.mark.parametrize(
    ("device", "request_"),
    [
        ("{driver: nvidia, count: 2, capabilities: [gpu]}", (2, None, [["gpu"]])),
        ("{capabilities: [gpu]}", (-1, None, [["gpu"]])),
        ("{count: all, capabilities: [gpu, utility]}", (-1, None, [["utility", "gpu"]])),
        ("{device_ids: ['0', GPU-3faa8-219], capabilities: [gpu]}", (0, ["0", "GPU-3faa8-219"], [["gpu"]])),
    ],
)
def test_a_gpu_is_asked_for_as_by_the_flag(
    planned: Planned, device: str, request_: tuple[object, ...]
) -> None:
    made = body(planned, f"deploy: {{resources: {{reservations: {{devices: [{device}]}}}}}}")
    (found,) = made["HostConfig"]["DeviceRequests"]
    assert (found["Count"], found["DeviceIDs"], found["Capabilities"]) == request_


@pytest.mark.parametrize(
    ("port", "bound"),
    [
        ("80", {"80/tcp": [("", "")]}),
        ("'8080:80'", {"80/tcp": [("", "8080")]}),
        ("'127.0.0.1:8080:80/udp'", {"80/udp": [("127.0.0.1", "8080")]}),
        ("'9000-9001:80-81'", {"80/tcp": [("", "9000")], "81/tcp": [("", "9001")]}),
        ("{target: 80, published: 8080, protocol: udp, mode: host}", {"80/udp": [("", "8080")]}),
        ("{target: 80, host_ip: '::1', published: '8080'}", {"80/tcp": [("::1", "8080")]}),
        ("{target: 80, published: '8080-8081'}", {"80/tcp": [("", "8080-8081")]}),
    ],
)
def test_ports_short_and_long_open_on_this_machine_only(
    written: Callable[..., Verdict], port: str, bound: dict[str, list[tuple[str, str]]]
) -> None:
    verdict = written(f"services: {{web: {{image: busybox, ports: [{port}]}}}}")
    assert verdict.plan is not None
    create = next(op for op in verdict.plan.operations if op.path == "/containers/create")
    assert create.as_written is not None
    assert create.as_run is not None
    written_ports = create.as_written["HostConfig"]["PortBindings"]
    assert {k: [(e["HostIp"], e["HostPort"]) for e in v] for k, v in written_ports.items()} == bound
    run = create.as_run["HostConfig"]["PortBindings"]
    assert {entry["HostIp"] for entries in run.values() for entry in entries} <= {"127.0.0.1", "::1"}


def test_volumes_short_and_long(written: Callable[..., Verdict]) -> None:
    verdict = written(
        """
        name: shop
        services:
          web:
            image: busybox
            volumes:
              - ./data:/a:ro
              - kept:/b
              - /c
              - {type: volume, source: kept, target: /d, read_only: true, volume: {nocopy: true}}
              - {type: bind, source: ./src, target: /e, read_only: true}
              - {type: tmpfs, target: /f, tmpfs: {size: 1m, mode: 0o700}}
        volumes: {kept: {labels: {a: b}}}
        """
    )
    assert verdict.decision is Decision.ASK
    assert verdict.plan is not None
    run = next(op.as_run for op in verdict.plan.operations if op.path == "/containers/create")
    assert run is not None
    host = run["HostConfig"]
    (bind,) = host["Binds"]
    assert bind.endswith("/clean/data:/a:ro")
    assert run["Volumes"] == {"/c": {}}
    kept = [mount for mount in host["Mounts"] if mount["Type"] == "volume"]
    assert [mount["Source"] for mount in kept] == ["shop_kept", "shop_kept"]
    ours = {"docknotes.owner": "docknotes", "docknotes.run": "{run}"}
    its = {"com.docker.compose.project": "shop", "com.docker.compose.volume": "kept"}
    assert all(mount["VolumeOptions"]["Labels"] == {**ours, **its} for mount in kept)
    assert {"Type": "tmpfs", "Target": "/f", "TmpfsOptions": {"SizeBytes": 1024**2, "Mode": 0o700}} in host[
        "Mounts"
    ]


def test_environment_of_files_and_of_the_file_of_variables(planned: Planned) -> None:
    made = body(
        planned,
        "env_file: [a.env, {path: gone.env, required: false}], environment: [B=mine, FROM_ENV]",
        a_env="A=1\nB=theirs\n",
        _env="FROM_ENV=there\n",
    )
    assert made["Env"] == ["A=1", "B=mine", "FROM_ENV=there"]


def test_secrets_and_configs_are_files_to_read_only(planned: Planned) -> None:
    made = body(
        planned,
        "secrets: [word], configs: [{source: conf, target: /etc/x.conf}]",
        "secrets: {word: {file: ./w.txt}}\nconfigs: {conf: {file: ./c.txt}}",
        w_txt="w",
        c_txt="c",
    )
    targets = {(mount["Target"], mount["ReadOnly"], mount["Type"]) for mount in made["HostConfig"]["Mounts"]}
    assert targets == {("/run/secrets/word", True, "bind"), ("/etc/x.conf", True, "bind")}


NETS = """
name: shop
services:
  web: {image: busybox, networks: {front: {aliases: [www], priority: 10}, back: }}
  db: {image: busybox, networks: [back]}
  lone: {image: busybox}
networks: {front: , back: {internal: true}, unused: }
"""


def test_networks_with_aliases_and_only_those_in_use(written: Callable[..., Verdict]) -> None:
    verdict = written(NETS)
    assert verdict.plan is not None
    sent = [(op.path, (op.as_run or {}).get("Name")) for op in verdict.plan.operations]
    made = [name for path, name in sent if path == "/networks/create"]
    assert sorted(str(name) for name in made) == ["shop_back", "shop_default", "shop_front"]
    assert ("/networks/shop_back/connect", None) in sent
    bodies = {
        op.query["name"]: op.as_run for op in verdict.plan.operations if op.path == "/containers/create"
    }
    web = bodies["shop-web-1"]
    assert web is not None
    assert web["HostConfig"]["NetworkMode"] == "shop_front"
    assert web["NetworkingConfig"] == {"EndpointsConfig": {"shop_front": {"Aliases": ["web", "www"]}}}
    back = next(op.as_run for op in verdict.plan.operations if (op.as_run or {}).get("Name") == "shop_back")
    assert back is not None
    assert back["Internal"] is True
    assert back["Options"] == {"com.docker.network.bridge.host_binding_ipv4": "127.0.0.1"}


ORDER = """
name: p
services:
  web:
    image: busybox
    depends_on: {db: {condition: service_healthy}, gone: {condition: service_started, required: false}}
  db: {image: busybox, depends_on: [seed]}
  seed: {image: busybox}
  tool: {image: busybox, profiles: [debug]}
"""


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("up", ["p-seed-1", "p-db-1", "p-web-1"]),
        ("up db", ["p-seed-1", "p-db-1"]),
        ("up --no-deps db", ["p-db-1"]),
        ("up tool", ["p-tool-1"]),
        ("--profile debug up", ["p-seed-1", "p-db-1", "p-web-1", "p-tool-1"]),
        ("up --scale seed=2 db", ["p-seed-1", "p-seed-2", "p-db-1"]),
        ("up --scale db=0", ["p-seed-1", "p-web-1"]),
        ("-p other up seed", ["other-seed-1"]),
    ],
)
def test_which_containers_in_which_order(planned: Planned, line: str, names: list[str]) -> None:
    action = planned(ORDER, f"docker compose {line}")
    assert [item.run.name for item in action.containers] == names


def test_the_project_is_named_by_line_file_variables_or_folder(planned: Planned) -> None:
    text = "services: {web: {image: busybox}}"
    assert planned(text).project == "clean"
    assert planned(text, _env="COMPOSE_PROJECT_NAME=from-env\n").project == "from-env"
    assert planned(f"name: in-file\n{text}", _env="").project == "in-file"
    assert planned(f"name: in-file\n{text}", "docker-compose -p on-line up").project == "on-line"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("up --watch", "not watched"),
        ("up --remove-orphans", "`--remove-orphans` is not carried out"),
        ("down --rmi all", "images stay"),
        ("-f a.yaml -f b.yaml up", "Several files"),
        ("--project-directory / up", "project-directory"),
        ("exec web sh", "`docker compose exec` is not carried out"),
        ("run web sh", "`docker compose run` is not carried out"),
        ("config --no-interpolate", "`--no-interpolate`"),
        ("up nobody", "no service `nobody`"),
        ("up --scale nobody=2", "no service `nobody`"),
        ("down --timeout 100000", "waits for at most"),
    ],
)
def test_what_is_not_carried_out_is_said_by_name(
    written: Callable[..., Verdict], line: str, said: str
) -> None:
    verdict = written("services: {web: {image: busybox}}", f"docker compose {line}")
    assert verdict.decision is Decision.REFUSE
    assert said in verdict.reasons[0].text.en


@pytest.mark.parametrize(
    ("build", "line"),
    [
        ("./src", "docker build -t clean-web src"),
        (
            "{context: src, dockerfile: Other, args: {A: 'b c'}, target: t}",
            "docker build -t clean-web -f src/Other --build-arg 'A=b c' --target t src",
        ),
    ],
)
def test_an_image_to_be_built_is_named_by_its_build_line(
    written: Callable[..., Verdict], planned: Planned, build: str, line: str
) -> None:
    text = f"services: {{web: {{build: {build}}}}}"
    (container,) = planned(text).containers
    assert container.build == line
    assert (container.run.image, container.run.pull) == ("clean-web", "never")
    verdict = written(text, "docker compose up --build")
    assert verdict.decision is Decision.REFUSE
    assert f"Run first: {line}." in verdict.reasons[0].text.en
    assert written("services: {web: {image: busybox}}", "docker compose up --build").decision is Decision.ASK


@pytest.mark.parametrize("text", ["image: <your-image>", "image: busybox, ports: ['<port>:80']"])
def test_a_part_still_to_be_filled_in_is_named(written: Callable[..., Verdict], text: str) -> None:
    verdict = written(f"services: {{web: {{{text}}}}}")
    assert verdict.decision is Decision.REFUSE
    assert "still to be filled in" in verdict.reasons[0].text.en


def test_a_file_laid_over_another_is_named(written: Callable[..., Verdict]) -> None:
    text = "services: {web: {image: busybox}}"
    verdict = written(text, **{"compose.override.yaml": "services: {web: {privileged: true}}"})
    assert "compose.override.yaml" in verdict.reasons[0].text.en
    assert written(text, "docker compose -f compose.yaml up").decision is Decision.ASK


def test_every_reason_is_given_at_once(written: Callable[..., Verdict]) -> None:
    verdict = written(
        "services: {a: {image: busybox, privileged: true, pid: host}, b: {image: busybox, cap_add: [ALL]}}"
    )
    assert [reason.rule for reason in verdict.reasons] == ["body.PidMode", "body.Privileged", "body.CapAdd"]
    assert verdict.reasons[0].text.zh.startswith("服务 `a`：拒绝 `pid`")


def test_what_is_wrong_with_variables_is_said_and_missing_ones_are_noted(
    written: Callable[..., Verdict],
) -> None:
    verdict = written("services: {web: {image: 'busybox${NONE}'}}")
    assert verdict.plan is not None
    assert "`NONE`" in verdict.plan.client_notes[-1].en


def test_config_can_be_read_again_and_means_the_same(planned: Planned) -> None:
    text = planned(NETS, "docker compose config").text
    again = planned(text, "docker compose config").text
    assert text == again
    action, same = planned(NETS), planned(text)
    assert {item.run.name: item.run.body for item in action.containers} == {
        item.run.name: item.run.body for item in same.containers
    }


@pytest.mark.parametrize(
    ("flag", "shown"),
    [
        ("--services", "web\ndb\nlone\n"),
        ("--images", "busybox\n"),
        ("-q", ""),
        ("--networks", "back\ndefault\nfront\n"),
    ],
)
def test_parts_of_config(planned: Planned, flag: str, shown: str) -> None:
    assert planned(NETS, f"docker compose config {flag}").text == shown

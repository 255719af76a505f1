"""Whether what a host line wants holds already, told from a small made-up machine; nothing is run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.hosting.effects import effects_of, look_at
from assistant.hosting.host import Group, Host, ask_systemd, system_group
from assistant.hosting.values import Effects
from assistant.values import EngineInfo
from tests.fakes.engine import MemoryEngine

STATUS = """\
Package: curl
Status: install ok installed
Architecture: amd64
Version: 7.88.1-10

Package: docker-ce
Status: deinstall ok config-files
Version: 5:27.0.1

Package: kubectl
Status: hold ok installed
Version: 1.35.0-1.1
"""
GROUPS = {"docker": Group("docker", frozenset({"ann"})), "video": Group("video", frozenset({"bob"}))}
UNITS = {("is-active", "docker"): "active", ("is-enabled", "docker"): "disabled"}
ENGINE = EngineInfo("unix:///e.sock", "27.5.1", "1.47", "Linux", "x86_64", ("nvidia", "runc"))


@pytest.fixture
def host(tmp_path: Path) -> Host:
    for name, text in {
        "var/lib/dpkg/status": STATUS,
        "etc/apt/sources.list.d/docker.sources": "Types: deb\nURIs: https://download.docker.com/linux/debian\n",
        "etc/apt/sources.list.d/old.list": "# deb https://pkgs.k8s.io/x /\n",
        "etc/apt/keyrings/docker.asc": "key",
        "etc/apt/keyrings/empty.gpg": "",
        "etc/docker/daemon.json": json.dumps({"runtimes": {"nvidia": {"path": "x"}}}),
        "proc/swaps": "Filename Type Size\n/swap.img file 4194300\n",
        "sys/module/br_netfilter/refcnt": "1",
        "home/ann/.kube/config": "x",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / "etc/apt/keyrings/docker.asc").chmod(0o644)
    return Host(
        root=tmp_path,
        user="ann",
        home="/home/ann",
        group=GROUPS.get,
        systemd=lambda verb, unit: UNITS.get((verb, unit)),
        which=lambda name: None,
    )


def looked(line: str, host: Host, engine: EngineInfo | None = None) -> Effects | None:
    return effects_of(line, host, lambda: engine)


def state(line: str, host: Host, engine: EngineInfo | None = None) -> str | None:
    effects = looked(line, host, engine)
    return effects.state if effects else None


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("sudo usermod -aG docker $USER", "holds"),
        ('sudo usermod -a -G docker,video "${USER}"', "missing"),
        ("sudo usermod -aG kvm ann", "missing"),
        ("sudo gpasswd -a bob docker", "missing"),
        ("sudo usermod -aG docker $(cat /who)", "unknown"),
        ("sudo usermod -s /bin/zsh ann", "unknown"),
        ("sudo groupadd docker", "holds"),
        ("sudo groupadd nobodies", "missing"),
        ("sudo systemctl start docker.service", "holds"),
        ("sudo service docker start", "holds"),
        ("sudo systemctl enable docker", "missing"),
        ("sudo systemctl enable --now docker", "missing"),
        ("sudo systemctl restart docker", "unknown"),
        ("sudo systemctl start containerd", "unknown"),
        ("systemctl status docker", None),
        ("sudo apt-get install -y curl", "holds"),
        ("sudo apt install curl=7.88.1-10", "holds"),
        ("sudo apt install curl=8.0", "missing"),
        ("sudo apt-get install -y docker-ce", "missing"),
        ("sudo apt-get remove docker-ce docker.io", "holds"),
        ("sudo apt-mark hold kubectl", "holds"),
        ("sudo apt-mark hold curl", "missing"),
        ("sudo apt install ./local.deb", "unknown"),
        ("sudo apt-get update", "unknown"),
        ("sudo mkdir -p -m 0755 /etc/apt/keyrings", "holds"),
        ("sudo install -m 0755 -d /etc/apt/keyrings", "holds"),
        ("mkdir -p $HOME/.kube ~/.docker", "missing"),
        ("mkdir -p here", "unknown"),
        ("sudo chmod a+r /etc/apt/keyrings/docker.asc", "holds"),
        ("sudo chmod u+x /etc/apt/keyrings/docker.asc", "missing"),
        ("sudo chmod 0644 /etc/apt/keyrings/docker.asc", "holds"),
        ("sudo chmod 600 /etc/apt/keyrings/docker.asc", "missing"),
        ("sudo curl -fsSL https://x.example/gpg -o /etc/apt/keyrings/docker.asc", "holds"),
        ("curl -fsSL https://x.example/k | sudo gpg --dearmor -o /etc/apt/keyrings/empty.gpg", "missing"),
        ("echo 'a' > /etc/apt/keyrings/docker.asc", "holds"),
        (
            'echo "deb [arch=$(dpkg --print-architecture)] https://download.docker.com/linux/debian '
            '$(. /etc/os-release && echo "$V") stable" '
            "| sudo tee /etc/apt/sources.list.d/docker.list > /dev/null",
            "holds",
        ),
        ("echo 'deb https://pkgs.k8s.io/x /' | sudo tee /etc/apt/sources.list.d/k8s.list", "missing"),
        ("echo 'deb https://a.example/x /' | sudo tee /etc/apt/sources.list.d/docker.sources", "missing"),
        ("sudo modprobe br_netfilter", "holds"),
        ("sudo modprobe br-netfilter", "holds"),
        ("sudo modprobe overlay", "missing"),
        ("sudo modprobe ../x", "unknown"),
        ("sudo swapoff -a", "missing"),
        ("curl -fsSL https://get.docker.com | sh", "missing"),
        ("sh ./other.sh", "unknown"),
        ("for p in a b; do sudo apt-get remove $p; done", "unknown"),
        ("nvidia-smi", None),
        ("ls -l /etc", None),
        ("sudo sed -i s/a/b/ /etc/x", "unknown"),
        ("sudo apt-get update && sudo apt-get install -y docker-ce", "missing"),
    ],
)
def test_a_line_and_whether_it_is_so(line: str, expected: str | None, host: Host) -> None:
    assert state(line, host) == expected


def test_every_effect_says_what_and_why_in_both_languages(host: Host) -> None:
    effects = looked("sudo apt-get update && sudo usermod -aG docker $USER; sudo swapoff -a", host)
    assert effects is not None
    assert len(effects.each) == 3
    for effect in effects.each:
        assert all((effect.what.en, effect.what.zh, effect.evidence.en, effect.evidence.zh))
    assert "ann" in effects.each[1].evidence.en
    assert "/swap.img" in effects.each[2].evidence.zh


def test_a_group_that_this_login_has_not_yet_is_said(host: Host) -> None:
    effects = looked("sudo usermod -aG docker ann", host)
    assert effects is not None
    assert "log in again" in effects.each[0].evidence.en


def test_the_nvidia_runtime_needs_the_engine_to_know_it(host: Host) -> None:
    line = "sudo nvidia-ctk runtime configure --runtime=docker"
    unaware = EngineInfo("unix:///e.sock", "27.5.1", "1.47", "Linux", "x86_64", ("runc",))
    assert state(line, host) == "holds"  # no Engine to ask: the file tells
    assert state(line, host, ENGINE) == "holds"
    assert state(line, host, unaware) == "missing"
    (host.root / "etc/docker/daemon.json").write_text("[broken")
    assert state(line, host) == "missing"


def test_an_engine_that_answers_tells_that_docker_runs_and_is_installed(host: Host) -> None:
    quiet = Host(root=host.root, systemd=lambda verb, unit: None, which=lambda name: None)
    assert state("sudo systemctl start docker", quiet) == "unknown"
    assert state("sudo systemctl start docker", quiet, ENGINE) == "holds"
    assert state("sudo systemctl start nginx", quiet, ENGINE) == "unknown"
    assert state("curl https://get.docker.com | sudo sh", quiet, ENGINE) == "holds"


def test_a_machine_without_any_of_it_is_not_judged(tmp_path: Path) -> None:
    def no_groups(name: str) -> Group | None:
        raise LookupError(name)

    bare = Host(root=tmp_path, user="ann", group=no_groups, systemd=lambda verb, unit: None)
    for line in (
        "sudo apt-get install curl",
        "sudo usermod -aG docker ann",
        "sudo systemctl enable docker",
        "sudo swapoff -a",
        "echo 'deb https://a.example /' | sudo tee /etc/apt/sources.list.d/a.list",
    ):
        assert state(line, bare) == "unknown", line


def test_the_engine_is_asked_once_and_only_where_it_matters(host: Host) -> None:
    engine = MemoryEngine()
    look = look_at(engine)
    effects_of("sudo apt-get install curl", host, look)
    assert engine.requests == []
    for _ in range(3):
        effects_of("sudo nvidia-ctk runtime configure --runtime=docker", host, look)
    assert len(engine.requests) == 1
    broken = MemoryEngine()
    broken.is_down = True
    assert look_at(broken)() is None


_PARTS = """
    sudo usermod -aG -a docker $USER ${USER} $(id) groupadd systemctl start enable service apt-get install
    apt-mark hold chmod a+r 0644 mkdir -p install -d modprobe tee curl -o wget -O gpg --dearmor echo deb sh
    nvidia-ctk runtime configure --runtime=docker | && ; > >> < & /etc/apt/sources.list.d/x.list ~ ~/x //
    ../x http://a.example '' " ' # - -- .
"""
_ODD = ("/" + "n" * 5000, "m" * 5000, "\0", "/a\0b", "/\ud800", "\u202e", "\\")
_WORDS = st.sampled_from((*_PARTS.split(), *_ODD))


@given(st.lists(_WORDS, max_size=8))
def test_no_line_breaks_it_and_every_effect_is_complete(words: list[str]) -> None:
    bare = Host(
        root=Path("/nowhere"), user="ann", home="/home/ann", group=GROUPS.get, which=lambda name: None
    )
    effects = effects_of(" ".join(words), bare, lambda: None)
    for effect in effects.each if effects else ():
        assert effect.state in {"holds", "missing", "unknown"}
        assert all((effect.what.en, effect.what.zh, effect.evidence.en, effect.evidence.zh))


def test_the_real_system_is_read() -> None:
    root = system_group("root")
    assert root is not None
    assert "root" in root.members  # by its primary group
    assert system_group("no-such-group-at-all") is None
    assert ask_systemd("is-active", "--help") is None
    assert ask_systemd("start", "docker") is None


@pytest.mark.parametrize("name", ["m" * 5000, "a\0b", "\ud800"])
@pytest.mark.parametrize("program", ["modprobe", "groupadd", "mkdir", "chmod a+r", "systemctl start", "tee"])
def test_a_name_that_nothing_can_have_is_no_error(program: str, name: str) -> None:
    path = f"/{name}" if program in {"mkdir", "chmod a+r", "tee"} else name
    effects = effects_of(f"sudo {program} {path}", Host(), lambda: None)
    assert effects is not None
    assert effects.state in {"missing", "unknown"}

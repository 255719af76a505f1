"""Real failures of a real Engine, each told apart, with the place of the shipped notes that helps."""

from __future__ import annotations

import contextlib
import io
import json
import socket
import tarfile
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import docker  # type: ignore[import-untyped]
import pytest
from docker.types import IPAMConfig, IPAMPool, Mount  # type: ignore[import-untyped]

from assistant.config import Limits
from assistant.diagnosis.diagnose import completed, diagnose_error, diagnose_run
from assistant.diagnosis.values import Diagnosis
from assistant.errors import AssistantError, ImageUnavailableError
from assistant.execution.engine import DockerEngine
from assistant.execution.engine_texts import said_no
from assistant.values import Decision, Run, Verdict
from knowledge.config import SHIPPED_NOTES, KnowledgeConfig
from knowledge.language import Language, Text
from knowledge.library import Library
from tests.fakes.embedder import HashEmbedder
from tests.images import make_image
from tests.indexing import PATIENCE, context, start
from tests.plans import MIB, run_verdict
from tests.runs import Bench, bench

pytestmark = pytest.mark.engine

LANGUAGES: tuple[Language, ...] = ("en", "zh")
NOT_IN_THE_NOTES = {"container-paused"}
BROKEN = "docknotes-broken:latest"
ODD_SUBNET = "10.231.7.0/24"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """The shipped notes, searched by their words."""
    folder = tmp_path_factory.mktemp("shipped")
    config = KnowledgeConfig((SHIPPED_NOTES,), folder / "index", folder / "cache")
    return Library.open(config, HashEmbedder())[0]


@pytest.fixture(scope="module")
def broken(engine_address: str) -> Iterator[str]:
    """An image whose program is no program."""
    make_image(engine_address, BROKEN, {"bin/broken": "no program\n"}, ())
    yield BROKEN
    client = docker.APIClient(base_url=engine_address)
    client.remove_image(BROKEN)
    client.close()


@pytest.fixture
def at(engine: DockerEngine, tmp_path: Path) -> Iterator[Bench]:
    made = bench(engine, tmp_path)
    yield made
    made.ledger.close()


@pytest.fixture
def api(engine_address: str) -> Iterator[Any]:
    """Docker's own SDK, for what the sandbox would not do."""
    client = docker.APIClient(base_url=engine_address)
    yield client
    client.close()


def check(failed: Run | Text, cause: str, at: Bench, library: Library, command: str = "") -> Diagnosis:
    """The failure has this cause, and a place in the notes of each language that can be checked."""
    found = None
    for language in LANGUAGES:
        if isinstance(failed, Run):
            found = diagnose_run(failed, language)
        else:
            found = diagnose_error(failed, language, command=command)
        assert found is not None, failed
        assert found.cause == cause, failed
        found = completed(found, at.sandbox.review, library, language)
        cited = found.citation
        if cause in NOT_IN_THE_NOTES:
            assert cited is None
            continue
        assert cited is not None
        assert cited.note.startswith(f"{language}/")
        assert cited.quote == library.notes[cited.note].quote(cited.first_line, cited.last_line)
        assert any(
            word.casefold() in "\n".join((*cited.headings, cited.quote)).casefold() for word in found.about
        )
        for one in found.following:
            assert one.kind == "host" or one.decision in (Decision.ALLOW, Decision.ASK)
    assert found is not None
    return found


# ---- runs through the sandbox -----------------------------------------------------------------

SH = ("sh", "-c")
FORKS = "i=0; while [ $i -lt 40 ]; do sleep 5 & i=$((i+1)); done"
RUNS: list[tuple[str, Verdict | str]] = [
    ("command-not-found", run_verdict("no-such-program")),
    ("command-not-executable", run_verdict("/etc")),
    ("exec-format", run_verdict("broken", image=BROKEN)),
    ("program-not-found", run_verdict(*SH, "no-such-program")),
    ("command-not-executable", run_verdict(*SH, "/tmp")),
    ("killed", run_verdict(*SH, "sh -c 'kill -9 $$'; exit $?")),
    ("crashed", run_verdict(*SH, "sh -c 'kill -SEGV $$'; exit $?")),
    ("ended-by-signal", run_verdict(*SH, "sh -c 'kill $$'; exit $?")),
    ("out-of-memory", run_verdict("tail", "/dev/zero", memory=16 * MIB)),
    ("process-limit", run_verdict(*SH, FORKS, processes=16)),
    ("connection-refused", "docker run --rm --network none busybox nc 127.0.0.1 1"),
    ("read-only", "docker run --rm --read-only busybox touch /x"),
    ("disk-full", "docker run --rm --tmpfs /d:size=1m busybox dd if=/dev/zero of=/d/x bs=1M count=3"),
    ("file-permission", "docker run --rm -u 1000 busybox touch /root/x"),
    ("container-missing", "docker logs docknotes-no-such"),
    ("image-missing", "docker run --rm --pull never docknotes-no-such:1 true"),
    ("memory-limit-too-small", "docker run --rm -m 1m busybox true"),
    ("workdir", "docker run --rm -w /etc/passwd busybox true"),
    ("gpu-no-toolkit", "docker run --rm --gpus all busybox true"),
]


@pytest.mark.parametrize(("cause", "what"), RUNS, ids=lambda part: part if isinstance(part, str) else "")
def test_a_run_that_fails(cause: str, what: Verdict | str, at: Bench, library: Library, broken: str) -> None:
    run = at.line(what) if isinstance(what, str) else at.carry_out(what)
    check(run, cause, at, library)


@pytest.mark.parametrize(
    ("cause", "line"),
    [
        ("time-limit", "docker run --rm busybox sleep 60"),
        ("output-limit", "docker run --rm busybox yes"),
    ],
)
def test_a_run_that_reaches_a_limit_of_ours(
    cause: str, line: str, engine: DockerEngine, tmp_path: Path, library: Library
) -> None:
    seconds = 1.0 if cause == "time-limit" else 300.0
    small = bench(engine, tmp_path, limits=Limits(time_seconds=seconds, output_bytes=5_000))
    check(small.line(line), cause, small, library)
    small.ledger.close()


def test_a_run_that_is_cancelled_or_ends_well_has_no_diagnosis(at: Bench) -> None:
    assert diagnose_run(at.line("docker run --rm busybox echo port is already allocated"), "en") is None


def test_ports_and_names_that_are_taken(at: Bench, library: Library) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        line = f"docker run --rm -p {port}:80 busybox true"
        found = check(at.line(line), "port-in-use-on-host", at, library)
    assert found.evidence
    assert f"docker ps --filter publish={port}" in [one.line for one in found.following]
    assert (
        at.line(f"docker run -d --name docknotes-first -p {port}:80 busybox sleep 300").outcome == "detached"
    )
    try:
        found = check(at.line(line), "port-allocated", at, library)
        better = found.following[0]
        assert (better.line, better.decision) == (
            f"docker run --rm -p {port + 1}:80 busybox true",
            Decision.ASK,
        )
        found = check(
            at.line("docker run --rm --name docknotes-first busybox true"), "name-in-use", at, library
        )
        assert found.following[0].line == "docker run --rm --name docknotes-first2 busybox true"
        assert at.line(found.following[0].line).outcome == "succeeded"
        check(at.line("docker rm docknotes-first"), "container-running", at, library)
    finally:
        at.line("docker rm -f docknotes-first")


# ---- the Engine itself ------------------------------------------------------------------------


def refused(call: Callable[[], object]) -> Text:
    """What the Engine says to a call it does not carry out, as docknotes tells it."""
    try:
        call()
    except docker.errors.BuildError as error:
        return said_no(str(error.msg))
    except docker.errors.APIError as error:
        return said_no(str(error.explanation))
    raise AssertionError("the Engine did it")


@contextlib.contextmanager
def held(api: Any, *, network: str = "none", **host: Any) -> Iterator[str]:
    """A container that is there, not started."""
    config = api.create_host_config(network_mode=network, **host)
    container = str(api.create_container("busybox", ["sleep", "300"], host_config=config)["Id"])
    try:
        yield container
    finally:
        api.remove_container(container, force=True)


def started(api: Any, **host: Any) -> Callable[[], None]:
    def create_and_start() -> None:
        with held(api, **host) as container:
            api.start(container)

    return create_and_start


def test_containers_in_the_wrong_state(at: Bench, api: Any, library: Library) -> None:
    with held(api) as container:
        error = refused(lambda: api.exec_create(container, ["true"]))
        found = check(error, "container-not-running", at, library)
        assert f"docker logs {container}" in [one.line for one in found.following]
        check(refused(lambda: api.kill(container)), "cannot-kill", at, library)
        api.start(container)
        api.pause(container)
        error = refused(lambda: api.exec_start(api.exec_create(container, ["true"])["Id"]))
        check(error, "container-paused", at, library)
        api.unpause(container)
        check(refused(lambda: api.remove_image("busybox")), "image-in-use", at, library)


def test_mounts(at: Bench, api: Any, library: Library) -> None:
    missing = Mount("/m", str(at.workspace / "nowhere"), type="bind")
    check(refused(started(api, mounts=[missing])), "mount-missing", at, library)
    check(refused(started(api, binds=[f"{at.workspace}:/etc/passwd"])), "mount-not-a-directory", at, library)
    check(refused(started(api, binds=[f"{at.workspace}:relative"])), "mount-path", at, library)
    check(refused(started(api, binds=["a/b:/x"])), "mount-path", at, library)


def test_volumes(at: Bench, api: Any, library: Library) -> None:
    api.create_volume("docknotes-volume")
    try:
        with held(api, binds=["docknotes-volume:/v"]):
            check(refused(lambda: api.remove_volume("docknotes-volume")), "volume-in-use", at, library)
    finally:
        api.remove_volume("docknotes-volume")
    check(refused(lambda: api.inspect_volume("docknotes-volume")), "volume-missing", at, library)


def test_networks(at: Bench, api: Any, library: Library) -> None:
    name = "docknotes-network"
    pool = IPAMConfig(pool_configs=[IPAMPool(subnet=ODD_SUBNET)])
    api.create_network(name, ipam=pool)
    try:
        check(refused(lambda: api.create_network("other", ipam=pool)), "network-pool", at, library)
        with held(api, network=name) as container:
            api.start(container)
            check(refused(lambda: api.remove_network(name)), "network-in-use", at, library)
    finally:
        api.remove_network(name)
    check(refused(started(api, network=name)), "network-missing", at, library)


def test_an_address_on_a_network_that_is_not_ours(at: Bench, api: Any, library: Library) -> None:
    address = api.create_networking_config({"none": api.create_endpoint_config(ipv4_address="10.2.3.4")})

    def create_and_start() -> None:
        config = api.create_host_config(network_mode="none")
        container = api.create_container("busybox", ["true"], host_config=config, networking_config=address)
        try:
            api.start(container)
        finally:
            api.remove_container(container, force=True)

    check(refused(create_and_start), "network-user-defined-only", at, library)


def test_words_of_a_line_that_do_not_fit(at: Bench, api: Any, library: Library) -> None:
    both = {"auto_remove": True, "restart_policy": {"Name": "always"}}
    check(refused(started(api, **both)), "flags-conflict", at, library)
    other = refused(lambda: api.create_container("busybox", ["true"], platform="linux/arm64"))
    check(other, "image-platform", at, library)
    capital = refused(lambda: api.create_container("Busybox", ["true"]))
    found = check(capital, "reference-upper-case", at, library, "docker run --rm Busybox true")
    assert found.following[0].line == "docker run --rm busybox true"


@pytest.mark.parametrize(
    ("cause", "name", "content"),
    [
        ("dockerfile-missing", "other", "FROM busybox\n"),
        ("dockerfile-syntax", "Dockerfile", "FROM busybox\nRUNN true\n"),
        ("dockerfile-syntax", "Dockerfile", "\n"),
        ("copy-source-missing", "Dockerfile", "FROM busybox\nCOPY nowhere /x\n"),
        ("build-step-failed", "Dockerfile", "FROM busybox\nRUN exit 3\n"),
    ],
)
def test_builds(  # noqa: PLR0917 - three of them are the table's
    cause: str, name: str, content: str, at: Bench, api: Any, library: Library
) -> None:
    context_tar = io.BytesIO()
    with tarfile.open(fileobj=context_tar, mode="w") as tar:
        entry = tarfile.TarInfo(name)
        entry.size = len(content)
        tar.addfile(entry, io.BytesIO(content.encode()))

    def build() -> None:
        context_tar.seek(0)
        lines = api.build(
            fileobj=context_tar, custom_context=True, rm=True, forcerm=True, decode=True, network_mode="none"
        )
        for line in lines:
            if "error" in line:
                raise docker.errors.BuildError(line["error"], [])

    check(refused(build), cause, at, library)


# ---- registries -------------------------------------------------------------------------------

ANSWERS = {
    "tag": (404, "MANIFEST_UNKNOWN", "manifest unknown"),
    "name": (404, "NAME_UNKNOWN", "repository name not known to registry"),
    "denied": (403, "DENIED", "requested access to the resource is denied"),
    "login": (401, "UNAUTHORIZED", "authentication required"),
    "many": (429, "TOOMANYREQUESTS", "You have reached your pull rate limit."),
}


class Registry(BaseHTTPRequestHandler):
    """Says no to every pull, in the words of the registry API."""

    def do_GET(self) -> None:
        if self.path == "/v2/":
            self.answer(200, b"{}")
            return
        status, code, message = ANSWERS[self.path.split("/")[2]]
        self.answer(status, json.dumps({"errors": [{"code": code, "message": message}]}).encode())

    def do_HEAD(self) -> None:
        self.do_GET()

    def answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Docker-Distribution-Api-Version", "registry/2.0")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def registry() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Registry)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def pulled(at: Bench, reference: str) -> Text:
    with pytest.raises(ImageUnavailableError) as caught:
        list(at.engine.pull(reference))
    return caught.value.text


@pytest.mark.parametrize(
    ("kind", "cause"),
    [
        ("tag", "image-no-such-tag"),
        ("name", "image-access-denied"),
        ("denied", "image-access-denied"),
        ("login", "login-needed"),
        ("many", "registry-rate-limit"),
    ],
)
def test_a_registry_that_says_no(kind: str, cause: str, registry: str, at: Bench, library: Library) -> None:
    check(pulled(at, f"{registry}/{kind}/image:1"), cause, at, library)


def test_a_registry_nobody_is_at(at: Bench, library: Library) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    check(pulled(at, f"127.0.0.1:{port}/a/b:1"), "registry-unreachable", at, library)


# ---- no Engine --------------------------------------------------------------------------------


def ask_version(address: str, said: Any, as_nobody: bool) -> None:
    """What docknotes says of an Engine it cannot reach, asked by root or by nobody."""
    import os

    with contextlib.suppress(AssistantError):  # loads what is needed while it may still be read
        DockerEngine("unix:///nonexistent/docker.sock").version_text()
    if as_nobody:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
    engine = DockerEngine(address)
    try:
        engine.version_text()
    except AssistantError as error:
        said.put((error.text.en, error.text.zh))
    finally:
        engine.close()


@pytest.mark.parametrize(
    ("cause", "kind"),
    [
        ("daemon-not-running", "nothing there"),
        ("daemon-not-running", "nobody listens"),
        ("socket-permission", "not for this user"),
    ],
)
def test_an_engine_that_cannot_be_reached(
    cause: str, kind: str, at: Bench, library: Library, tmp_path: Path
) -> None:
    import tempfile

    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        path = Path(folder) / "docker.sock"
        Path(folder).chmod(0o755)
        unix = socket.socket(socket.AF_UNIX)
        if kind != "nothing there":
            unix.bind(str(path))
        if kind == "not for this user":
            unix.listen()
            path.chmod(0o600)
        said = context().Queue()
        process = start(ask_version, f"unix://{path}", said, kind == "not for this user")
        text = Text(*said.get(timeout=PATIENCE))
        process.join(PATIENCE)
        unix.close()
    check(text, cause, at, library)


@pytest.mark.parametrize(
    ("cause", "content"),
    [
        ("copy-source-missing", "FROM busybox\nCOPY nowhere /x\n"),
        ("build-step-failed", "FROM busybox\nRUN exit 3\n"),
    ],
)
def test_a_build_of_the_sandbox_that_fails(cause: str, content: str, at: Bench, library: Library) -> None:
    (at.workspace / "Dockerfile").write_text(content, encoding="utf-8")
    run = at.line("docker build -t docknotes-failing .")
    assert run.outcome == "failed"
    check(run, cause, at, library)


@pytest.mark.parametrize(
    ("cause", "line"),
    [
        ("container-missing", "docker start docknotes-no-such"),
        ("network-exists", "docker network create docknotes-there"),
        ("object-missing", "docker volume inspect docknotes-no-such"),
        ("object-missing", "docker network inspect docknotes-no-such"),
    ],
)
def test_other_commands_that_fail(cause: str, line: str, at: Bench, library: Library) -> None:
    if cause == "network-exists":
        assert at.line(line).outcome == "succeeded"
    try:
        run = at.line(line)
    except AssistantError as error:
        check(error.text, cause, at, library)
    else:
        check(run, cause, at, library)
    finally:
        if cause == "network-exists":
            at.line("docker network rm docknotes-there")

"""``docker run``: network, container, output, end, and everything put away again."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import ParamSpec, cast

from assistant.config import Limits
from assistant.errors import (
    EngineUnavailableError,
    ExecutionError,
    ObjectMissingError,
    SandboxLostError,
)
from assistant.execution.binds import binds_of, check_others, one_at_a_time
from assistant.execution.disk import DiskWatch, Quotas
from assistant.execution.frames import LogCutError
from assistant.execution.gpu_unasked import NO_GPUS, gives_gpus_unasked, without_gpus
from assistant.execution.images import from_image, image_to_use
from assistant.execution.networks import joining
from assistant.execution.outcome import Ending, Stopped, ending_of
from assistant.execution.own_network import OwnNetwork
from assistant.execution.session import Session
from assistant.execution.showing import output_of
from assistant.execution.volumes import (
    check_known,
    check_new,
    existing,
    is_unnamed,
    named_volumes,
    unnamed_volumes,
)
from assistant.protocols import Engine, Stream, Way
from assistant.values import Created, JsonObject, Notice, Output, Plan, Progress, RunContainer, Touched
from knowledge.language import Text

LOOK_SECONDS = 0.5
"""How long a detached container is watched before it is taken for started."""
END_SECONDS = 5.0
"""How long the Engine may take to tell the exit code once the output has ended."""

_OURS = ("container", "network")

P = ParamSpec("P")
Check = Callable[[JsonObject], None]
Steps = Generator[Output | Progress | Notice, None, Ending]


@dataclass(frozen=True, slots=True)
class ContainerRun:
    """One ``docker run``.

    ``check`` looks at a body just before it is sent and raises RefusedPlanError. ``image`` is the id
    of the image that was approved, None where it was to be pulled; ``volumes`` are the stamps of the
    volumes that were there then. ``lock`` is the file that runs with folders of the host hold while
    they start, one at a time. ``network`` is the one it has for itself. ``touched`` are the objects that
    were frozen, its network among them. Without a console in the session a program that reads its input
    finds it at its end.
    ``quotas`` knows whether the storage driver bounds what is written.
    """

    engine: Engine
    plan: Plan
    action: RunContainer
    session: Session
    limits: Limits
    check: Check
    lock: Path
    network: OwnNetwork
    image: str | None = None
    volumes: Mapping[str, str] = field(default_factory=dict)
    touched: Sequence[Touched] = ()
    quotas: Quotas = field(default_factory=Quotas)

    def steps(self) -> Steps:
        """Carries it out; what is not to stay is gone at the end, however that comes about."""
        started = False
        ending: Ending | None = None
        try:
            body, image = yield from self._prepare()
            binds = binds_of(body)
            with one_at_a_time(self.lock) if binds else nullcontext():
                if binds:
                    check_others(self.engine, binds)
                container = self._create(body, image)
                if not self.action.start:
                    return (ending := (yield from self._made(container)))
                way = self._start(container, tty=bool(body.get("Tty")))
            started = True
            if self.action.detach:
                ending = yield from self._look(container)
            elif self.session.console is not None and way is not None:
                resize = partial(self.engine.resize, container)
                with self.session.console.connected(way, tty=bool(body.get("Tty")), resize=resize):
                    ending = yield from self._watch(container, way)
            else:
                ending = yield from self._watch(container)
            return ending
        finally:
            if ending is None or (self.action.start and ending.outcome != "detached"):
                # A container that never started is of no use to anybody.
                self._put_away(keep=started and not self.action.remove, ended=ending is not None)

    def _prepare(self) -> Generator[Progress | Notice, None, tuple[JsonObject, str | None]]:
        """The body and the id of its image; both, and the network, are there before the lock is taken."""
        self.check(self._body())
        image = yield from image_to_use(self.engine, self.action, self.image, self.session)
        gpus_unasked = image is not None and gives_gpus_unasked(self.engine, image, self._body())
        if gpus_unasked:
            yield Notice(NO_GPUS)
        self.network.take(self.plan)
        body = self._body()  # only now is the network's name certain
        return (without_gpus(body) if gpus_unasked else body), image

    def _body(self) -> JsonObject:
        body: JsonObject = self.session.filled(create_body(self.plan))
        return without_input(body) if self.session.console is None and not self.action.detach else body

    def _create(self, body: JsonObject, image: str | None) -> str:
        """Creates the container, looking at everything once more that may have changed during a pull."""
        action = self.action
        self.check(body)
        volumes = named_volumes(body)
        known = existing(self.engine, volumes)
        check_known(known, self.volumes)
        container = self.quotas.create(
            self.engine,
            joining(self.engine, from_image(body, image), self.touched),
            name=action.name,
            platform=action.platform,
            most_bytes=self.limits.disk_bytes,
        )
        self.session.made(Created("container", container, action.name or ""))
        new = sorted(volumes.keys() - known.keys())
        check_new(self.engine, new)
        for volume in new:
            self.session.made(Created("volume", volume, volume))
        return container

    def _start(self, container: str, *, tty: bool) -> Way | None:
        """Starts it; with somebody at the keyboard, connected before the program can write anything."""
        way = self.engine.attach(container, tty=tty) if self.session.console is not None else None
        try:
            self.engine.start_container(container)
        except BaseException:
            if way is not None:
                way.close()
            raise
        return way

    def _made(self, container: str) -> Steps:
        yield Output(f"{container}\n")
        return Ending("succeeded")

    def _look(self, container: str) -> Steps:
        """Whether a detached container is still there after a moment."""
        yield Output(f"{container}\n")
        cancelled = self.session.cancel.wait(LOOK_SECONDS)
        if cancelled:
            self.engine.kill_container(container)
        state = self._state(container)
        if not cancelled and (state.get("Running") or state.get("Restarting")):
            return Ending("detached")
        yield from self.engine.follow(container, follow=False)
        return ending_of(
            state.get("ExitCode"),
            out_of_memory=bool(state.get("OOMKilled")),
            stopped="cancelled" if cancelled else None,
        )

    def _watch(self, container: str, way: Way | None = None) -> Steps:
        """The output, until the container ends or a limit is reached."""
        stopped: Stopped | None = None
        disk = DiskWatch(self.engine, container, most_bytes=self.limits.disk_bytes)
        with nullcontext() if self.quotas.bound else disk.looking():
            for stream in self._streams(container, way):
                stopped = yield from self._read(stream)
                if stopped is not None:
                    self.engine.kill_container(container)
                    break
        stopped = "disk_limit" if disk.filled and stopped is None else stopped
        try:
            exit_code = self.engine.wait_container(container, timeout_seconds=END_SECONDS)
        except ObjectMissingError as error:
            raise SandboxLostError(_GONE) from error
        state = self._state(container)
        return ending_of(exit_code, out_of_memory=bool(state.get("OOMKilled")), stopped=stopped)

    def _streams(self, container: str, way: Way | None) -> Iterator[Stream[Output]]:
        """Where the output comes from: the log, or what the person is connected to."""
        if way is None:
            yield self.engine.follow(container)
            return
        yield way
        # A program may close its output and go on; its log ends with it.
        yield self.engine.follow(container, tail="0")

    def _read(self, stream: Stream[Output]) -> Generator[Output | Progress, None, Stopped | None]:
        """The output of one stream; and why it is to be stopped, None where it ended by itself."""
        try:
            return (yield from output_of(stream, self.session, seconds=self.limits.time_seconds))
        except LogCutError:
            self.session.output_cut = True
            return "output_limit"

    def _state(self, container: str) -> JsonObject:
        try:
            found = self.engine.inspect("container", container)
        except ObjectMissingError as error:
            raise SandboxLostError(_GONE) from error
        known = {item.id for item in self.session.created} | named_volumes(create_body(self.plan)).keys()
        for volume in unnamed_volumes(found):  # a later `rm` without -v leaves them
            if volume not in known:
                self.session.made(Created("volume", volume, volume))
        return cast(JsonObject, found["State"])

    def _put_away(self, *, keep: bool, ended: bool) -> None:
        made = {kind: [item.id for item in self.session.created if item.kind == kind] for kind in _OURS}
        for container in made["container"]:
            if not keep and gone(self.engine.remove_container, container, force=True, volumes=True):
                unnamed = [item.id for item in self.session.created if is_unnamed(item)]
                for item in (container, *unnamed):
                    self.session.removed(item)
            elif keep and not ended:
                gone(self.engine.kill_container, container)
        left = any(item.kind == "container" for item in self.session.created)
        for network in made["network"]:
            if (not left and self.network.leave(network)) or remove_network(self.engine, network):
                self.session.removed(network)


def gone(remove: Callable[P, object], *args: P.args, **options: P.kwargs) -> bool:
    """Whether an object is gone after an attempt to remove it."""
    try:
        remove(*args, **options)
    except ObjectMissingError:
        return True
    except ExecutionError:
        return False
    return True


def remove_network(engine: Engine, network: str, *, patience_seconds: float = 2.0) -> bool:
    """Removes a network; the Engine may take a moment to let go of a container that has just ended."""
    deadline = time.monotonic() + patience_seconds
    while True:
        try:
            engine.remove_network(network)
        except ObjectMissingError:
            return True
        except EngineUnavailableError:
            return False
        except ExecutionError:
            if time.monotonic() >= deadline:
                return False
            time.sleep(0.05)
        else:
            return True


def create_body(plan: Plan) -> JsonObject:
    """The container-create body of a plan, as run."""
    return next(op.as_run or {} for op in plan.operations if op.path == "/containers/create")


def without_input(body: JsonObject) -> JsonObject:
    """A body whose program nobody types to: it finds the end of its input at once, instead of never."""
    if not body.get("OpenStdin"):
        return body
    return {**body, "AttachStdin": False, "OpenStdin": False, "StdinOnce": False, "Tty": False}


_GONE = Text(
    "The container was removed by someone else while it ran, so its end was not seen.",
    "容器在运行过程中被其他程序删除，因此没有看到它的结束。",
)

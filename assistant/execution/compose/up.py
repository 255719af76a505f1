"""``docker compose up``: networks, then each container after those it waits for; all of it or nothing."""

from __future__ import annotations

import time
from contextlib import nullcontext

from assistant.compose import labels
from assistant.errors import ObjectMissingError, RefusedPlanError
from assistant.execution.binds import binds_of, check_others, one_at_a_time
from assistant.execution.compose.attached import watch
from assistant.execution.compose.before import made_by_others
from assistant.execution.compose.members import (
    IMAGE,
    bodies,
    existing_network,
    name_of,
    ours_and_others,
)
from assistant.execution.compose.taking_away import take_away
from assistant.execution.compose.waiting import UpEndedError, Waiting, failed, wait_for
from assistant.execution.containers import LOOK_SECONDS
from assistant.execution.gpu_unasked import NO_GPUS, gives_gpus_unasked, without_gpus
from assistant.execution.images import from_image, image_to_use
from assistant.execution.others.job import Job, Steps
from assistant.execution.outcome import Ending
from assistant.execution.session import Cancelled
from assistant.execution.volumes import check_known, check_new, existing, named_volumes, unnamed_volumes
from assistant.values import (
    ComposeCommand,
    ComposeContainer,
    Created,
    JsonObject,
    Notice,
    Output,
)
from knowledge.language import Text


def steps(job: Job) -> Steps:
    """Carries ``up`` out; what it made is taken away again where it cannot be carried out as a whole."""
    if not isinstance(job.action, ComposeCommand):
        raise TypeError(job.action)
    run = _Up(job, job.action)
    done = False
    try:
        try:
            yield from run.start()
            ending = yield from run.go_on()
        except UpEndedError as end:
            ending = end.ending
        done = ending.outcome not in {"failed", "timed_out", "cancelled"} or run.all_started
        return ending
    finally:
        if not done:
            take_away(job.engine, job.session)


class _Up:
    """One ``up`` going on."""

    def __init__(self, job: Job, action: ComposeCommand) -> None:
        self.job = job
        self.action = action
        self.engine = job.engine
        self.session = job.session
        self.bodies = dict(bodies(job.plan))
        self.images: dict[str, str | None] = {}
        self.ids: dict[str, str] = {}
        self.all_started = False
        self.deadline = time.monotonic() + job.limits.time_seconds

    # ---- from nothing to all started

    def start(self) -> Steps:
        """Networks and containers, in order."""
        yield from self._get_images()
        there = self._there_already()
        yield from self._make_networks()
        for name, old in there.items():
            if name not in self.bodies:
                yield from self._remove(name, str(old["Id"]))
        for item in self.action.containers:
            self._wait_for_needs(item)
            yield from self._bring_up(item, there.get(item.run.name or ""))
        return Ending("succeeded")

    def _get_images(self) -> Steps:
        for item in self.action.containers:
            image = item.run.image
            if image in self.images:
                continue
            frozen = self.job.stamps.get(f"{IMAGE}{image}")
            if frozen is None and item.build is not None:
                raise failed(
                    f"The image {image} of the service {item.service} is not there yet; build it first: "
                    f"{item.build}",
                    f"服务 {item.service} 的镜像 {image} 还不存在；请先构建：{item.build}",
                )
            self.images[image] = yield from image_to_use(self.engine, item.run, frozen, self.session)
        return Ending("succeeded")

    def _there_already(self) -> dict[str, JsonObject]:
        """The project's containers of these services; only those that were approved are touched."""
        ours, others = ours_and_others(
            self.engine, self.action, {item.service for item in self.action.containers}
        )
        approved = {item.id for item in self.job.frozen("container")}
        strangers = others or [item for item in ours if str(item["Id"]) not in approved]
        if strangers:
            raise made_by_others(self.action.project, name_of(strangers[0]))
        return {name_of(item): item for item in ours}

    def _make_networks(self) -> Steps:
        written = {
            (op.as_run or {}).get("Name"): op.as_run or {}
            for op in self.job.plan.operations
            if op.path == "/networks/create"
        }
        approved = {item.id for item in self.job.frozen("network")}
        for network in self.action.networks:
            found = existing_network(self.engine, network, self.action.project)
            if found is None:
                made = self.engine.create_network(self.session.filled(written[network.name]))
                self.session.made(Created("network", made, network.name))
                yield _said("Network", network.name, "Created")
            elif network.external and str(found["Id"]) not in approved:
                raise RefusedPlanError(
                    Text(
                        f"The network {network.name} is another one than when you approved.",
                        f"网络 {network.name} 与批准时的不是同一个。",
                    )
                )
        return Ending("succeeded")

    def _wait_for_needs(self, item: ComposeContainer) -> None:
        for service, condition in item.needs:
            for other in self.action.containers:
                if other.service == service and other.run.name in self.ids:
                    container = self.ids[other.run.name]
                    name = other.run.name
                    wait_for(self._waiting(container, name), condition)

    def _waiting(self, container: str, name: str) -> Waiting:
        return Waiting(self.engine, container, name, self.session, self.deadline)

    def _bring_up(self, item: ComposeContainer, old: JsonObject | None) -> Steps:
        if self.session.cancel.is_set():
            raise Cancelled
        name = item.run.name or ""
        if old is not None:
            if self._is_the_same(old, item):
                self.ids[name] = str(old["Id"])
                yield _said("Container", name, "Running")
                return Ending("succeeded")
            yield from self._remove(name, str(old["Id"]))
        body: JsonObject = self.session.filled(self.bodies[name])
        image = self.images[item.run.image]
        if image is not None and gives_gpus_unasked(self.engine, image, body):
            body = without_gpus(body)
            yield Notice(NO_GPUS)
        binds = binds_of(body)
        with one_at_a_time(self.job.lock) if binds else nullcontext():
            if binds:
                check_others(self.engine, binds)
            self.ids[name] = self._create(item, body)
            self._connect(item)
            self.engine.start_container(self.ids[name])
        named = named_volumes(body)
        for volume in unnamed_volumes(self.engine.inspect("container", self.ids[name])):
            if volume not in named:
                self.session.made(Created("volume", volume, volume))
        yield _said("Container", name, "Started")
        return Ending("succeeded")

    def _is_the_same(self, old: JsonObject, item: ComposeContainer) -> bool:
        """Whether a container that is there runs already and is what would be made anew."""
        body_hash = (self.bodies[item.run.name or ""].get("Labels") or {}).get(labels.HASH)
        same = (old.get("Labels") or {}).get(labels.HASH) == body_hash
        same_image = str(old.get("ImageID")) == self.images[item.run.image]
        running = old.get("State") == "running"
        return same and same_image and running and not self.action.is_on("force-recreate")

    def _create(self, item: ComposeContainer, body: JsonObject) -> str:
        self._check(body)
        volumes = named_volumes(body)
        known = existing(self.engine, volumes)
        check_known(known, self.job.stamps)
        made = from_image(body, self.images[item.run.image])
        container = self.job.quotas.create(
            self.engine,
            made,
            name=item.run.name,
            platform=item.run.platform,
            most_bytes=self.job.limits.disk_bytes,
        )
        self.session.made(Created("container", container, item.run.name or ""))
        new = sorted(volumes.keys() - known.keys())
        check_new(self.engine, new)
        for volume in new:
            self.session.made(Created("volume", volume, volume))
        return container

    def _connect(self, item: ComposeContainer) -> None:
        for network, aliases in list(item.networks.items())[1:]:
            body = {"Container": self.ids[item.run.name or ""], "EndpointConfig": {"Aliases": list(aliases)}}
            self.engine.send("POST", "networks", network, "connect", body=body)

    def _check(self, body: JsonObject) -> None:
        from assistant.commands.policy import check_body, networks_of

        job = self.job
        reasons = check_body(body, job.policy, job.workspace, job.limits, networks_of(job.plan))
        if reasons:
            text = reasons[0].text
            raise RefusedPlanError(
                Text(f"Refused just before it was sent: {text.en}", f"在发送之前被拒绝：{text.zh}")
            )

    def _remove(self, name: str, id: str) -> Steps:
        """Removes a container whose place a new one takes."""
        try:
            self.engine.stop_container(id)
            self.engine.remove_container(id, force=True, volumes=True)
        except ObjectMissingError:
            pass
        yield _said("Container", name, "Removed")
        return Ending("succeeded")

    # ---- once all have started

    def go_on(self) -> Steps:
        """In the background: whether they are still there after a moment. Else their output."""
        if self.action.is_on("wait"):
            self._wait_for_all()
        if self.action.is_on("detach") or self.action.is_on("wait"):
            return (yield from self._look())
        self.all_started = True
        return (yield from watch(self.job, self.action, self.ids, self.deadline))

    def _wait_for_all(self) -> None:
        for name, container in self.ids.items():
            if self.engine.inspect("container", container)["State"].get("Health"):
                wait_for(self._waiting(container, name), "service_healthy")

    def _look(self) -> Steps:
        if self.session.cancel.wait(LOOK_SECONDS):
            raise Cancelled
        runs = False
        for name, container in self.ids.items():
            state = self.engine.inspect("container", container)["State"]
            is_on = bool(state.get("Running") or state.get("Restarting"))
            runs = runs or is_on
            if not is_on and state.get("ExitCode") != 0:
                yield from self.engine.follow(container, follow=False)
                code = state.get("ExitCode")
                raise failed(
                    f"{name} ended with code {code} right after its start; all of it is taken away again.",
                    f"{name} 启动后立即结束，退出码为 {code}，因此已全部撤回。",
                    code,
                )
        return Ending("detached" if runs else "succeeded")


def _said(kind: str, name: str, what: str) -> Output:
    """A line of what happened, as compose writes them: beside the output, not in it."""
    return Output(f" {kind} {name}  {what}\n", "stderr")

"""Approval, cleaning up, recording, limits: the sandbox on an Engine in memory."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.config import Limits
from assistant.errors import EngineUnavailableError, ObjectMissingError, RefusedPlanError
from assistant.execution.cleanup import leftovers, remove_leftovers
from assistant.execution.session import Session
from assistant.values import (
    Created,
    Decision,
    Ended,
    Inspect,
    JsonObject,
    ListContainers,
    Output,
    Placeholder,
    ReadLogs,
    Reason,
    ShowInfo,
    ShowVersion,
    Started,
    Verdict,
)
from knowledge.language import Text
from tests.fakes.engine import MemoryEngine
from tests.plans import create_body_of, pull, rm, run_verdict, stop, verdict_of, with_digest
from tests.runs import Bench, bench

FOREIGN = {"Image": "busybox", "Cmd": ["sleep", "60"], "Env": ["PASSWORD=secret", "EMPTY="]}


@pytest.fixture
def memory() -> MemoryEngine:
    return MemoryEngine(registry=["nginx"])


@pytest.fixture
def at(memory: MemoryEngine, tmp_path: Path) -> Iterator[Bench]:
    at = bench(memory, tmp_path, limits=Limits(time_seconds=1.0, output_bytes=1000))
    yield at
    at.ledger.close()


def start_foreign(memory: MemoryEngine, name: str = "theirs") -> str:
    container = memory.create_container(FOREIGN, name=name)
    memory.start_container(container)
    return container


# ---- approval -------------------------------------------------------------------------------


def test_an_asking_verdict_waits_for_an_approval(at: Bench, memory: MemoryEngine) -> None:
    with pytest.raises(RefusedPlanError, match="waits for an approval"):
        at.sandbox.run(run_verdict("true"))
    assert at.ledger.runs() == []
    assert memory.containers == {}


def test_a_refusal_is_final(at: Bench) -> None:
    reason = Reason("privileged", Text("it is privileged", "它要求特权"))
    refused = replace(run_verdict("true", decision=Decision.REFUSE), reasons=(reason,))
    fine = run_verdict("true")
    approval = at.sandbox.approve(fine, by="test")
    with pytest.raises(RefusedPlanError, match="it is privileged"):
        at.sandbox.approve(refused, by="test")
    with pytest.raises(RefusedPlanError):
        at.sandbox.run(refused, approval=approval)


def test_host_lines_and_lines_without_a_plan_never_run(at: Bench) -> None:
    for kind in ("host", "invalid", "docker"):
        verdict = Verdict("apt-get install x", kind, Decision.ALLOW, ())
        with pytest.raises(RefusedPlanError):
            at.sandbox.run(verdict)


def test_what_is_to_be_filled_in_is_not_run(at: Bench) -> None:
    verdict = replace(run_verdict("true"), placeholders=(Placeholder("ImageID", "image"),))
    with pytest.raises(RefusedPlanError, match="ImageID"):
        at.sandbox.approve(verdict, by="test")


def test_an_approval_is_used_once(at: Bench) -> None:
    verdict = run_verdict("true")
    approval = at.sandbox.approve(verdict, by="test")
    list(at.sandbox.run(verdict, approval=approval))
    with pytest.raises(RefusedPlanError, match="used already"):
        at.sandbox.run(verdict, approval=approval)


def test_an_approval_expires(memory: MemoryEngine, tmp_path: Path) -> None:
    at = bench(memory, tmp_path, approval_seconds=0.05)
    verdict = run_verdict("true")
    approval = at.sandbox.approve(verdict, by="test")
    time.sleep(0.1)
    with pytest.raises(RefusedPlanError, match="expired"):
        at.sandbox.run(verdict, approval=approval)


def test_an_approval_is_for_one_plan_only(at: Bench) -> None:
    approval = at.sandbox.approve(run_verdict("true"), by="test")
    with pytest.raises(RefusedPlanError, match="another plan"):
        at.sandbox.run(run_verdict("false"), approval=approval)


def test_a_forged_digest_does_not_help(at: Bench) -> None:
    verdict = run_verdict("true")
    approval = at.sandbox.approve(verdict, by="test")
    other = replace(run_verdict("false"), digest=verdict.digest)
    with pytest.raises(RefusedPlanError, match="another plan"):
        at.sandbox.run(other, approval=approval)


def test_a_body_changed_after_the_approval_is_noticed(at: Bench) -> None:
    verdict = run_verdict("true")
    approval = at.sandbox.approve(verdict, by="test")
    create_body_of(verdict)["Cmd"] = ["other"]
    for changed in (verdict, with_digest(verdict)):
        with pytest.raises(RefusedPlanError, match="another plan"):
            at.sandbox.run(changed, approval=approval)


def test_a_body_changed_once_the_run_was_asked_for_is_not_sent(at: Bench, memory: MemoryEngine) -> None:
    verdict = run_verdict("echo", "approved")
    events = at.sandbox.run(verdict, approval=at.sandbox.approve(verdict, by="test"))
    create_body_of(verdict)["Cmd"] = ["echo", "other"]
    (*_, ended) = events
    assert isinstance(ended, Ended)
    assert ended.run.output == "approved\n"


def test_a_decision_that_the_policy_did_not_make_counts_for_nothing(at: Bench, memory: MemoryEngine) -> None:
    for asking in (run_verdict("true"), pull("nginx"), stop("theirs")):
        with pytest.raises(RefusedPlanError, match="waits for an approval"):
            at.sandbox.run(replace(asking, decision=Decision.ALLOW))
    for refused in (pull("127.0.0.1:5999/x"), run_verdict("true", image="127.0.0.1:5999/x")):
        for decision in (Decision.ALLOW, Decision.ASK):
            forged = replace(refused, decision=decision)
            with pytest.raises(RefusedPlanError, match=r"127\.0\.0\.1"):
                at.sandbox.run(forged)
            with pytest.raises(RefusedPlanError, match=r"127\.0\.0\.1"):
                at.sandbox.approve(forged, by="test")
    line = at.sandbox.review("docker pull 127.0.0.1:5999/x")
    with pytest.raises(RefusedPlanError, match=r"127\.0\.0\.1"):
        at.sandbox.run(replace(line, decision=Decision.ALLOW))
    assert all(request != "pull" for request, _ in memory.requests)
    assert at.ledger.runs() == []


def test_a_digest_of_something_else_is_refused(at: Bench) -> None:
    for verdict in (run_verdict("true"), verdict_of(ShowInfo(), "docker info")):
        with pytest.raises(RefusedPlanError, match="another plan"):
            at.sandbox.approve(replace(verdict, digest="0" * 64), by="test")
        with pytest.raises(RefusedPlanError, match="another plan"):
            at.sandbox.run(replace(verdict, digest="0" * 64))


def test_requests_that_were_not_judged_are_refused(at: Bench) -> None:
    other_image = run_verdict("true")
    create_body_of(other_image)["Image"] = "nginx"
    other_network = run_verdict("true")
    assert other_network.plan is not None
    network = next(op.as_run for op in other_network.plan.operations if op.path == "/networks/create")
    network["Driver"] = "host"  # type: ignore[index]
    for verdict in (other_image, other_network):
        with pytest.raises(RefusedPlanError, match="do not belong"):
            at.sandbox.approve(with_digest(verdict), by="test")


def test_a_changed_or_invented_approval_is_worth_nothing(at: Bench, memory: MemoryEngine) -> None:
    start_foreign(memory)
    verdict = rm("theirs", force=True)
    approval = at.sandbox.approve(verdict, by="test", confirmed=["theirs"])
    with pytest.raises(RefusedPlanError, match="never given"):
        at.sandbox.run(verdict, approval=replace(approval, token="invented"))
    with pytest.raises(RefusedPlanError, match="another plan"):
        at.sandbox.run(verdict, approval=replace(approval, touched=()))
    assert len(memory.containers) == 1


def test_the_body_is_judged_again_just_before_it_is_sent(at: Bench, memory: MemoryEngine) -> None:
    (at.workspace / "data").mkdir()
    verdict = at.sandbox.review("docker run --rm -v ./data:/d busybox true")
    events = at.sandbox.run(verdict, approval=at.sandbox.approve(verdict, by="test"))
    (at.workspace / "data").rmdir()
    (at.workspace / "data").symlink_to("/etc")
    (*_, ended) = events
    assert isinstance(ended, Ended)
    assert ended.run.outcome == "failed"
    assert ended.run.error is not None and "just before it was sent" in ended.run.error.en
    assert all(request != "create container" for request, _ in memory.requests)
    assert memory.networks == {}


def test_a_forged_body_is_refused_before_anything_is_read_from_it(at: Bench, memory: MemoryEngine) -> None:
    for key, value in (("Privileged", True), ("Mounts", ["x"]), ("Binds", {"a": 1})):
        verdict = run_verdict("true")
        create_body_of(verdict)["HostConfig"][key] = value
        forged = with_digest(verdict)
        with pytest.raises(RefusedPlanError):
            at.sandbox.approve(forged, by="test")
        with pytest.raises(RefusedPlanError):
            at.sandbox.run(forged)
    assert all(request != "create container" for request, _ in memory.requests)


def test_the_approved_image_is_used_and_no_other(at: Bench, memory: MemoryEngine) -> None:
    approved = memory.images["busybox:latest"]
    run = at.carry_out(run_verdict("sleep", "60", detach=True, remove=False, name="kept"))
    (container,) = memory.containers.values()
    assert (container.body["Image"], container.body["Labels"]["docknotes.image"]) == (approved, "busybox")
    assert at.sandbox.touched(run_verdict("true")) == ()
    assert run.outcome == "detached"

    for other in (f"sha256:{'1' * 64}", None):
        verdict = run_verdict("true")
        memory.images["busybox:latest"] = approved
        approval = at.sandbox.approve(verdict, by="test")
        del memory.images["busybox:latest"]
        if other is not None:
            memory.images["busybox:latest"] = other
        (*_, ended) = at.sandbox.run(verdict, approval=approval)
        assert isinstance(ended, Ended)
        assert ended.run.outcome == "failed"
        assert ended.run.error is not None
        assert "another one than when you approved" in ended.run.error.en
    assert list(memory.containers) == [container.id]


def test_an_image_that_came_after_the_approval_is_not_taken_for_the_approved_one(
    at: Bench, memory: MemoryEngine
) -> None:
    fetched, local = run_verdict("true", image="nginx"), run_verdict("true", image="mine", pull="never")
    approvals = [at.sandbox.approve(verdict, by="test") for verdict in (fetched, local)]
    memory.images |= {"nginx:latest": f"sha256:{'1' * 64}", "mine:latest": f"sha256:{'2' * 64}"}
    outcomes = []
    for verdict, approval in zip((fetched, local), approvals, strict=True):
        (*_, ended) = at.sandbox.run(verdict, approval=approval)
        assert isinstance(ended, Ended)
        outcomes.append(ended.run.outcome)
    assert outcomes == ["succeeded", "failed"]
    assert ("pull", "nginx") in memory.requests


# ---- objects of others ----------------------------------------------------------------------


def test_foreign_objects_need_to_be_named(at: Bench, memory: MemoryEngine) -> None:
    container = start_foreign(memory)
    (touched,) = at.sandbox.touched(stop("theirs"))
    assert (touched.id, touched.name, touched.owned) == (container, "theirs", False)
    with pytest.raises(RefusedPlanError, match="theirs"):
        at.sandbox.approve(stop("theirs"), by="test")
    with pytest.raises(RefusedPlanError, match="theirs"):
        at.sandbox.approve(stop("theirs"), by="test", confirmed=["other"])
    assert at.carry_out(stop("theirs"), confirmed=["theirs"]).outcome == "succeeded"


def test_only_the_frozen_object_is_touched(at: Bench, memory: MemoryEngine) -> None:
    first = start_foreign(memory, "web")
    verdict = rm("web", force=True)
    approval = at.sandbox.approve(verdict, by="test", confirmed=["web"])
    memory.remove_container(first, force=True)
    second = start_foreign(memory, "web")
    (*_, ended) = at.sandbox.run(verdict, approval=approval)
    assert isinstance(ended, Ended)
    assert ended.run.outcome == "failed"
    assert list(memory.containers) == [second]


def test_one_that_fails_does_not_keep_the_others(at: Bench, memory: MemoryEngine) -> None:
    start_foreign(memory, "runs")
    created = memory.create_container(FOREIGN, name="made")
    run = at.carry_out(rm("runs", "made"), confirmed=["runs", created])
    assert run.outcome == "failed"
    assert [container.name for container in memory.containers.values()] == ["runs"]
    assert "made\n" in run.output


def test_what_is_not_there_is_said_before_the_approval(at: Bench) -> None:
    with pytest.raises(ObjectMissingError):
        at.sandbox.approve(stop("nobody"), by="test")


def test_an_image_named_for_a_container_brings_its_containers(at: Bench, memory: MemoryEngine) -> None:
    start_foreign(memory, "theirs")
    with pytest.raises(ObjectMissingError, match=r"that is an image.*theirs"):
        at.sandbox.touched(stop("busybox:latest"))
    with pytest.raises(ObjectMissingError, match="no such object"):
        at.sandbox.touched(stop("nginx"))


def volume_verdict(name: str = "data", *, read_only: bool = False) -> Verdict:
    verdict = run_verdict("true")
    mount = {"Type": "volume", "Source": name, "Target": "/data", "ReadOnly": read_only}
    mount["VolumeOptions"] = {"Labels": {"docknotes.owner": "docknotes"}}
    create_body_of(verdict)["HostConfig"]["Mounts"] = [mount]
    return with_digest(verdict)


def test_a_new_volume_is_recorded_as_made(at: Bench, memory: MemoryEngine) -> None:
    assert at.carry_out(volume_verdict()).created == (Created("volume", "data", "data"),)
    assert at.carry_out(volume_verdict()).created == ()
    assert list(memory.volumes) == ["data"]


def test_a_volume_of_others_needs_to_be_named(at: Bench, memory: MemoryEngine) -> None:
    memory.volumes["data"] = {"Name": "data", "Driver": "local", "Options": None, "Labels": {}}
    with pytest.raises(RefusedPlanError, match="data"):
        at.sandbox.approve(volume_verdict(), by="test")
    assert at.carry_out(volume_verdict(), confirmed=["data"]).outcome == "succeeded"
    with pytest.raises(RefusedPlanError, match="data"):
        at.sandbox.approve(volume_verdict(read_only=True), by="test")
    assert at.carry_out(volume_verdict(read_only=True), confirmed=["data"]).outcome == "succeeded"


@pytest.mark.parametrize("read_only", [True, False])
@pytest.mark.parametrize("before", [None, {"CreatedAt": "2026-01-01T00:00:00Z"}])
def test_a_volume_that_others_make_after_the_approval_is_not_used(
    before: dict[str, str] | None, read_only: bool, at: Bench, memory: MemoryEngine
) -> None:
    theirs: dict[str, object] = {"Name": "data", "Driver": "local", "Options": None, "Labels": {}}
    if before is not None:
        memory.volumes["data"] = {**theirs, **before}
    verdict = volume_verdict(read_only=read_only)
    approval = at.sandbox.approve(verdict, by="test", confirmed=["data"])
    memory.volumes["data"] = {**theirs, "CreatedAt": "2026-01-02T00:00:00Z"}
    for _ in at.sandbox.run(verdict, approval=approval):
        pass
    (run,) = at.ledger.runs()
    assert run.outcome == "failed"
    assert run.error is not None
    assert "since you approved" in run.error.en
    assert (memory.containers, list(memory.volumes), run.created) == ({}, ["data"], ())


def test_a_volume_that_others_make_at_the_same_moment_is_not_used(
    at: Bench, memory: MemoryEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    create = memory.create_container

    def after_them(body: JsonObject, **options: str | None) -> str:
        memory.volumes["data"] = {"Name": "data", "Driver": "local", "Options": None, "Labels": {}}
        return create(body, **options)

    monkeypatch.setattr(memory, "create_container", after_them)
    run = at.carry_out(volume_verdict())
    assert run.error is not None
    assert "since you approved" in run.error.en
    assert (memory.containers, run.created) == ({}, ())
    assert not any(request == "start" for request, _ in memory.requests)


def test_a_volume_with_driver_options_is_refused(at: Bench, memory: MemoryEngine) -> None:
    options = {"type": "none", "o": "bind", "device": "/etc"}
    memory.volumes["data"] = {"Name": "data", "Driver": "local", "Options": options, "Labels": {}}
    with pytest.raises(RefusedPlanError, match="driver options"):
        at.sandbox.approve(volume_verdict(), by="test", confirmed=["data"])
    with pytest.raises(RefusedPlanError, match="driver options"):
        at.sandbox.approve(volume_verdict(read_only=True), by="test", confirmed=["data"])
    del memory.volumes["data"]
    verdict = volume_verdict()
    approval = at.sandbox.approve(verdict, by="test")
    memory.volumes["data"] = {"Name": "data", "Driver": "local", "Options": options, "Labels": {}}
    *_, ended = at.sandbox.run(verdict, approval=approval)
    assert isinstance(ended, Ended)
    assert ended.run.outcome == "failed"
    assert memory.containers == {}


# ---- runs -----------------------------------------------------------------------------------


def test_a_run_is_recorded_from_its_start_and_put_away(at: Bench, memory: MemoryEngine) -> None:
    verdict = run_verdict("sh", "-c", "echo hi; echo oh >&2; exit 3")
    approval = at.sandbox.approve(verdict, by="person")
    events = at.sandbox.run(verdict, approval=approval, question="why?")
    (begun,) = at.ledger.runs()
    assert (begun.outcome, begun.question, begun.approved_by) == (None, "why?", "person")
    assert next(events) == Started(begun.id)
    rest = list(events)
    assert [e for e in rest if isinstance(e, Output)] == [Output("hi\n"), Output("oh\n", "stderr")]
    (run,) = at.ledger.runs()
    assert (run.outcome, run.exit_code, run.output, run.created) == ("failed", 3, "hi\noh\n", ())
    assert run.engine == "unix:///memory.sock 27.5.1"
    assert verdict.plan is not None
    assert run.operations == verdict.plan.operations
    assert memory.containers == {}
    assert memory.networks == {}


def test_without_rm_the_container_stays_and_is_found_again(at: Bench, memory: MemoryEngine) -> None:
    run = at.carry_out(run_verdict("true", remove=False, name="kept"))
    (created,) = run.created
    assert (created.kind, created.name) == ("container", "kept")
    assert memory.networks == {}
    assert leftovers(memory) == [created]
    assert remove_leftovers(memory) == [created]
    assert memory.containers == {}


def test_names_are_filled_in_the_known_places_only() -> None:
    session = Session(output_bytes=1)
    body = {
        "Cmd": ["echo", "{network}", "{run}"],
        "Env": ["A={run}"],
        "Labels": {"docknotes.run": "{run}", "mine": "{run}"},
        "HostConfig": {"NetworkMode": "{network}", "Memory": 5},
        "NetworkingConfig": {"EndpointsConfig": {"{network}": {"Aliases": ["{run}"]}}},
    }
    filled = session.filled(body)
    assert filled["Cmd"] == ["echo", "{network}", "{run}"]
    assert filled["Env"] == ["A={run}"]
    assert filled["Labels"] == {"docknotes.run": session.run, "mine": "{run}"}
    assert filled["HostConfig"] == {"NetworkMode": f"docknotes-{session.run}", "Memory": 5}
    assert filled["NetworkingConfig"] == {
        "EndpointsConfig": {f"docknotes-{session.run}": {"Aliases": ["{run}"]}}
    }
    assert body["HostConfig"] == {"NetworkMode": "{network}", "Memory": 5}
    assert session.filled({"Name": "{network}"})["Name"] == session.network


def test_time_is_limited(at: Bench, memory: MemoryEngine) -> None:
    run = at.carry_out(run_verdict("sh", "-c", "echo begun; sleep 60"))
    assert (run.outcome, run.exit_code, run.output) == ("timed_out", 137, "begun\n")
    assert memory.containers == {}


def test_output_is_limited_and_what_was_cut_is_said(at: Bench) -> None:
    script = "; ".join(["echo " + "x" * 99] * 30 + ["sleep 60"])
    run = at.carry_out(run_verdict("sh", "-c", script))
    assert run.outcome == "output_limit"
    assert run.output_cut
    assert len(run.output) == 1000


def test_a_cut_never_splits_a_character() -> None:
    session = Session(output_bytes=4)
    assert session.take(Output("你好")) == Output("你")
    assert session.output_cut


def test_cancel_from_another_thread(at: Bench, memory: MemoryEngine) -> None:
    begun = time.monotonic()

    def cancel(event: object) -> None:
        if isinstance(event, Started):
            threading.Timer(0.2, at.sandbox.cancel, [event.run]).start()

    run = at.carry_out(run_verdict("sleep", "60"), on_event=cancel)
    assert run.outcome == "cancelled"
    assert time.monotonic() - begun < 30  # of the program's 60
    assert memory.containers == {}
    at.sandbox.cancel(run.id)
    at.sandbox.cancel("unknown")


def test_a_caller_who_walks_away_cancels(at: Bench, memory: MemoryEngine) -> None:
    verdict = run_verdict("sh", "-c", "echo hi; sleep 60")
    events = at.sandbox.run(verdict, approval=at.sandbox.approve(verdict, by="test"))
    next(events)
    assert next(events) == Output("hi\n")
    events.close()  # type: ignore[attr-defined]
    assert at.ledger.runs()[0].outcome == "cancelled"
    assert memory.containers == {}
    assert memory.networks == {}


def test_a_failed_start_leaves_nothing_also_without_rm(at: Bench, memory: MemoryEngine) -> None:
    run = at.carry_out(run_verdict("no-such-program", remove=False))
    assert run.outcome == "failed"
    assert run.error is not None and "holds no such program" in run.error.en
    assert run.created == ()
    assert memory.containers == {}
    assert memory.networks == {}


def test_a_missing_image_is_pulled_and_recorded(at: Bench, memory: MemoryEngine) -> None:
    run = at.carry_out(run_verdict("true", image="nginx"))
    assert run.outcome == "succeeded"
    assert [(item.kind, item.name) for item in run.created] == [("image", "nginx")]
    assert at.carry_out(pull("nginx")).created == ()


def test_pull_always_pulls(at: Bench, memory: MemoryEngine) -> None:
    at.carry_out(run_verdict("true", image="nginx", pull="always"))
    at.carry_out(run_verdict("true", image="nginx", pull="always"))
    assert [request for request, _ in memory.requests].count("pull") == 2


def test_a_run_in_progress_is_not_swept_away(at: Bench, memory: MemoryEngine) -> None:
    """It has ended, its exit code is not read yet, and another run begins meanwhile."""
    verdict = run_verdict("sh", "-c", "echo hi; exit 4")
    events = at.sandbox.run(verdict, approval=at.sandbox.approve(verdict, by="test"))
    next(events)
    assert next(events) == Output("hi\n")
    at.carry_out(run_verdict("true"))
    (*_, ended) = events
    assert isinstance(ended, Ended)
    assert (ended.run.outcome, ended.run.exit_code) == ("failed", 4)


def test_only_what_is_ours_is_cleaned_up(at: Bench, memory: MemoryEngine) -> None:
    foreign = start_foreign(memory)
    network = memory.create_network({"Name": "theirs"})
    run = at.carry_out(run_verdict("sleep", "60", detach=True, remove=False))
    objects = [*run.created, Created("container", foreign), Created("network", network)]
    assert {item.id for item in remove_leftovers(memory, objects)} == {item.id for item in run.created}
    assert list(memory.containers) == [foreign]
    assert list(memory.networks) == [network]


def test_an_image_that_cannot_be_had_fails_and_leaves_nothing(at: Bench, memory: MemoryEngine) -> None:
    for verdict in (
        run_verdict("true", image="none"),
        run_verdict("true", image="none", pull="never"),
        pull("none"),
    ):
        run = at.carry_out(verdict)
        assert run.outcome == "failed"
        assert run.error is not None
        assert run.created == ()
    assert memory.networks == {}


def test_no_engine_raises_and_the_approval_still_holds(at: Bench, memory: MemoryEngine) -> None:
    verdict = run_verdict("true")
    approval = at.sandbox.approve(verdict, by="test")
    memory.is_down = True
    with pytest.raises(EngineUnavailableError):
        at.sandbox.run(verdict, approval=approval)
    memory.is_down = False
    assert at.ledger.runs() == []
    (*_, ended) = at.sandbox.run(verdict, approval=approval)
    assert isinstance(ended, Ended)
    assert ended.run.outcome == "succeeded"


def test_an_engine_that_goes_away_in_the_middle_loses_the_run(at: Bench, memory: MemoryEngine) -> None:
    def go_down(event: object) -> None:
        memory.is_down = isinstance(event, Output)

    run = at.carry_out(run_verdict("sh", "-c", "echo hi; sleep 60"), on_event=go_down)
    assert (run.outcome, run.exit_code, run.output) == ("lost", None, "hi\n")
    memory.is_down = False
    assert {item.id for item in leftovers(memory)} == {item.id for item in run.created}
    remove_leftovers(memory)


def test_a_fault_of_the_program_fails_the_run_and_is_recorded(
    at: Bench, memory: MemoryEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def overflow(*args: object, **options: object) -> None:
        raise OverflowError("timestamp too large")

    start_foreign(memory)
    monkeypatch.setattr(memory, "stop_container", overflow)
    stopped = at.carry_out(stop("theirs"), confirmed=["theirs"])
    monkeypatch.setattr(memory, "start_container", overflow)
    begun = at.carry_out(run_verdict("true"))
    for run in (stopped, begun):
        assert (run.outcome, run.created) == ("failed", ())
        assert run.error is not None and "OverflowError" in run.error.en
    assert memory.networks == {}


def test_a_container_that_others_remove_is_lost(at: Bench, memory: MemoryEngine) -> None:
    def remove(event: object) -> None:
        if isinstance(event, Output):
            memory.remove_container(next(iter(memory.containers)), force=True)

    assert at.carry_out(run_verdict("sh", "-c", "echo hi; sleep 60"), on_event=remove).outcome == "lost"


# ---- detached -------------------------------------------------------------------------------


def test_detached_stays_and_goes_with_rm(at: Bench, memory: MemoryEngine) -> None:
    run = at.carry_out(run_verdict("sleep", "60", detach=True, remove=False, name="web"))
    assert run.outcome == "detached"
    assert {item.kind for item in run.created} == {"network", "container"}
    assert run.output == next(iter(memory.containers)) + "\n"
    assert at.carry_out(rm("web")).outcome == "failed"
    assert at.carry_out(stop("web")).outcome == "succeeded"
    assert at.carry_out(rm("web")).outcome == "succeeded"
    assert memory.containers == {}
    assert memory.networks == {}


def test_detached_that_ends_at_once_is_told_with_its_log(at: Bench, memory: MemoryEngine) -> None:
    run = at.carry_out(run_verdict("sh", "-c", "echo why; exit 2", detach=True))
    assert (run.outcome, run.exit_code) == ("failed", 2)
    assert run.output.endswith("why\n")
    assert memory.containers == {}


def test_detached_with_rm_is_removed_after_its_end_by_the_next_run(at: Bench, memory: MemoryEngine) -> None:
    gone = at.carry_out(run_verdict("sleep", "600", detach=True, remove=True))
    kept = at.carry_out(run_verdict("sleep", "600", detach=True, remove=False))
    for container in list(memory.containers):
        memory.kill_container(container)
    assert (gone.outcome, kept.outcome) == ("detached", "detached")
    at.carry_out(run_verdict("true"))
    assert [f"{container}\n" for container in memory.containers] == [kept.output]


# ---- reading --------------------------------------------------------------------------------


def test_reading_needs_no_approval_and_is_recorded(at: Bench, memory: MemoryEngine) -> None:
    start_foreign(memory)
    for action, part in (
        (ListContainers(all=True), "theirs"),
        (ShowVersion(), "27.5.1"),
        (ShowInfo(), "Server Version: 27.5.1"),
        (Inspect(("theirs",)), '"Name": "/theirs"'),
    ):
        run = at.carry_out(verdict_of(action, "docker x"))
        assert run.outcome == "succeeded"
        assert run.exit_code is None
        assert part in run.output


def test_variables_of_other_containers_are_hidden(at: Bench, memory: MemoryEngine) -> None:
    start_foreign(memory)
    at.carry_out(run_verdict("sleep", "60", detach=True, name="ours", env=("MINE=shown",)))
    assert "secret" not in at.carry_out(verdict_of(Inspect(("theirs",)), "docker inspect theirs")).output
    assert (
        "PASSWORD=(hidden)" in at.carry_out(verdict_of(Inspect(("theirs",)), "docker inspect theirs")).output
    )
    assert "MINE=shown" in at.carry_out(verdict_of(Inspect(("ours",)), "docker inspect ours")).output


def test_inspect_names_what_is_not_there(at: Bench) -> None:
    run = at.carry_out(verdict_of(Inspect(("busybox", "nobody")), "docker inspect busybox nobody"))
    assert run.outcome == "failed"
    assert '"RepoTags"' in run.output
    assert "No such object: nobody" in run.output


def test_following_the_log_of_another_does_not_end_it(at: Bench, memory: MemoryEngine) -> None:
    container = start_foreign(memory)
    run = at.carry_out(verdict_of(ReadLogs("theirs", follow=True), "docker logs -f theirs"))
    assert run.outcome == "timed_out"
    assert memory.containers[container].status == "running"

"""Commands on images on a real Engine: what is removed, what is named, and whose it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.errors import RefusedPlanError
from assistant.execution.engine import DockerEngine
from assistant.execution.undoing import undo
from assistant.values import Decision
from tests.engine_images import dangling, foreign, identity, images_kept, remove_all, run_after
from tests.images import make_image
from tests.runs import Bench, bench

__all__ = ["images_kept"]
pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("images_kept")]


@pytest.fixture
def at(engine: DockerEngine, tmp_path: Path) -> Iterator[Bench]:
    at = bench(engine, tmp_path)
    yield at
    at.ledger.close()


# ---- tag ------------------------------------------------------------------------------------


def test_a_name_is_given_and_taken_back(at: Bench, engine: DockerEngine) -> None:
    run = at.line("docker tag busybox mine:1")
    assert run.outcome == "succeeded"
    assert [item.kind for item in run.created] == ["image"]
    assert identity(engine, "mine:1") == identity(engine, "busybox")
    assert [item.name for item in undo(engine, [run]).removed] == ["docker.io/library/mine:1"]
    assert identity(engine, "busybox") == run.created[0].id


def test_a_name_that_means_another_image_must_be_named_again(
    at: Bench, engine: DockerEngine, engine_address: str
) -> None:
    foreign(engine_address, "theirs:latest")
    theirs = identity(engine, "theirs")
    verdict = at.sandbox.review("docker tag busybox theirs")
    with pytest.raises(RefusedPlanError, match="theirs"):
        at.sandbox.approve(verdict, by="test")
    assert identity(engine, "theirs") == theirs
    run = at.carry_out(verdict, confirmed=[at.sandbox.touched(verdict)[0].name])
    assert identity(engine, "theirs") == identity(engine, "busybox")
    assert undo(engine, [run]).left == ()
    remove_all(engine, theirs)


def test_a_name_taken_after_the_approval_is_left_alone(
    at: Bench, engine: DockerEngine, engine_address: str
) -> None:
    run = run_after(at, "docker tag busybox theirs", lambda: foreign(engine_address, "theirs:latest"))
    assert run.outcome == "failed"
    assert run.error is not None and "another image since" in run.error.en
    assert identity(engine, "theirs") != identity(engine, "busybox")
    engine.remove_image("theirs")


def test_a_source_named_anew_after_the_approval_is_not_used(
    at: Bench, engine: DockerEngine, engine_address: str
) -> None:
    foreign(engine_address, "source:latest", "one")
    before = identity(engine, "source")
    run = run_after(at, "docker tag source mine", lambda: foreign(engine_address, "source:latest", "two"))
    assert run.outcome == "failed"
    assert run.created == ()
    remove_all(engine, before, "source")


def test_the_last_name_of_an_image_is_not_taken_back_with_the_image(
    at: Bench, engine: DockerEngine, engine_address: str
) -> None:
    image = dangling(engine, engine_address, "one")
    run = at.line(f"docker tag {image.removeprefix('sha256:')[:12]} mine")
    undone = undo(engine, [run])
    assert [item.id for item, _ in undone.left] == [image]
    assert identity(engine, image) == image
    remove_all(engine, image)


# ---- rmi ------------------------------------------------------------------------------------


def test_an_image_of_ours_is_removed_and_one_of_others_only_when_it_is_named(
    at: Bench, engine: DockerEngine, engine_address: str
) -> None:
    at.line("docker tag busybox mine:1")
    assert at.line("docker rmi mine:1").output == "Untagged: mine:1\n"
    foreign(engine_address, "theirs:latest")
    with pytest.raises(RefusedPlanError, match="theirs"):
        at.line("docker rmi theirs")
    assert identity(engine, "theirs")
    run = at.line("docker rmi theirs", confirmed=["theirs:latest"])
    assert run.output.startswith("Untagged: theirs:latest\nDeleted: sha256:")
    assert [text.en for text in undo(engine, [run]).stays] == ["theirs was removed, and does not come back."]


def test_our_label_on_an_image_makes_it_nobodys(at: Bench, engine: DockerEngine, engine_address: str) -> None:
    """Whoever builds an image labels it as they like: only what a run made is ours."""
    labels = "LABEL docknotes.owner=docknotes docknotes.run=0123456789ab"
    make_image(engine_address, "forged:latest", {"word": "x"}, (labels,))
    (item,) = at.sandbox.touched(at.sandbox.review("docker rmi forged"))
    assert not item.owned
    strict = bench(engine, at.workspace.parent, profile="strict")
    with pytest.raises(RefusedPlanError, match="objects of others"):
        strict.line("docker rmi forged", confirmed=["forged:latest"])
    strict.ledger.close()
    engine.remove_image("forged")


def test_a_name_of_ours_that_means_another_image_is_not_ours(
    at: Bench, engine: DockerEngine, engine_address: str
) -> None:
    at.line("docker tag busybox mine:1")
    foreign(engine_address, "mine:1")
    with pytest.raises(RefusedPlanError, match="mine:1"):
        at.line("docker rmi mine:1")
    engine.remove_image("mine:1")


def test_a_name_given_anew_after_the_approval_is_not_removed(
    at: Bench, engine: DockerEngine, engine_address: str
) -> None:
    foreign(engine_address, "theirs:latest", "one")
    first = identity(engine, "theirs")
    run = run_after(
        at,
        "docker rmi theirs",
        lambda: foreign(engine_address, "theirs:latest", "two"),
        confirmed=("theirs:latest",),
    )
    assert run.outcome == "failed"
    assert identity(engine, "theirs") != first
    remove_all(engine, first, "theirs")


def test_an_image_by_its_id_loses_the_names_it_had_and_no_other(
    at: Bench, engine: DockerEngine, engine_address: str
) -> None:
    foreign(engine_address, "theirs:latest")
    image = identity(engine, "theirs")
    query = {"repo": "theirs", "tag": "later"}
    run = run_after(
        at,
        f"docker rmi {image.removeprefix('sha256:')[:12]}",
        lambda: engine.send("POST", "images", image, "tag", query=query),
        confirmed=("theirs:latest",),
    )
    assert run.outcome == "succeeded"
    assert engine.inspect("image", image)["RepoTags"] == ["theirs:later"]
    engine.remove_image("theirs:later")


def test_an_id_with_several_names_needs_force(at: Bench, engine: DockerEngine) -> None:
    at.line("docker tag busybox mine:1")
    image = identity(engine, "mine:1").removeprefix("sha256:")[:12]
    with pytest.raises(RefusedPlanError, match="several names"):
        at.line(f"docker rmi {image}")
    touched = at.sandbox.touched(at.sandbox.review(f"docker rmi -f {image}"))
    assert {(item.name, item.owned) for item in touched} == {("busybox:latest", False), ("mine:1", True)}
    at.line("docker rmi mine:1")


# ---- history --------------------------------------------------------------------------------


def test_history_hides_what_was_given_to_the_build(
    at: Bench, engine: DockerEngine, engine_address: str
) -> None:
    make_image(engine_address, "theirs:latest", {"word": "x"}, ("ENV TOKEN=s3cret",))
    run = at.line("docker history --no-trunc theirs")
    assert run.decision is Decision.ALLOW
    assert "CREATED BY" in run.output
    assert "s3cret" not in run.output
    assert at.line("docker history -q theirs").output.strip() != ""
    engine.remove_image("theirs")


# ---- prune ----------------------------------------------------------------------------------


def stopped(engine: DockerEngine, name: str) -> str:
    return engine.create_container({"Image": "busybox", "Cmd": ["true"]}, name=name)


def test_only_containers_that_were_shown_are_pruned(at: Bench, engine: DockerEngine) -> None:
    at.line("docker run --name ours busybox true")
    theirs = stopped(engine, "theirs")
    with pytest.raises(RefusedPlanError, match="theirs"):
        at.line("docker container prune -f")
    later: list[str] = []
    run = run_after(
        at,
        "docker container prune -f",
        lambda: later.append(stopped(engine, "later")),
        confirmed=("theirs",),
    )
    assert run.outcome == "succeeded"
    assert set(run.output.split()[2:]) == {"ours", "theirs"}
    left = [str(item["Id"]) for item in engine.list_containers(all=True)]
    assert left == later
    assert theirs not in left
    engine.remove_container("later")


def test_strict_prunes_nothing_of_others_and_a_filter_leaves_them_out(
    at: Bench, engine: DockerEngine, tmp_path: Path
) -> None:
    theirs = stopped(engine, "theirs")
    (tmp_path / "strict").mkdir()
    strict = bench(engine, tmp_path / "strict", profile="strict")
    strict.line("docker run --name ours busybox true")
    with pytest.raises(RefusedPlanError, match="objects of others"):
        strict.line("docker container prune", confirmed=["theirs"])
    run = strict.line("docker container prune --filter label=docknotes.owner=docknotes")
    assert "ours" in run.output
    assert [item["Id"] for item in engine.list_containers(all=True)] == [theirs]
    assert "Nothing to remove." in strict.line("docker container prune --filter until=24h").output
    strict.ledger.close()
    engine.remove_container(theirs)


def test_an_image_without_a_name_that_came_in_between_survives(
    at: Bench, engine: DockerEngine, engine_address: str
) -> None:
    first = dangling(engine, engine_address, "one")
    later: list[str] = []
    run = run_after(
        at,
        "docker image prune -f",
        lambda: later.append(dangling(engine, engine_address, "two")),
        confirmed=(first.removeprefix("sha256:")[:12],),
    )
    assert run.outcome == "succeeded"
    assert f"Deleted: {first}" in run.output
    assert identity(engine, later[0]) == later[0]
    remove_all(engine, later[0])


def test_an_image_named_after_the_approval_is_not_pruned(
    at: Bench, engine: DockerEngine, engine_address: str
) -> None:
    image = dangling(engine, engine_address, "one")
    query = {"repo": "kept", "tag": "1"}
    run = run_after(
        at,
        "docker image prune",
        lambda: engine.send("POST", "images", image, "tag", query=query),
        confirmed=(image.removeprefix("sha256:")[:12],),
    )
    assert run.outcome == "failed"
    assert identity(engine, "kept:1") == image
    engine.remove_image("kept:1")


def test_volumes_and_networks_are_pruned_as_they_were_shown(at: Bench, engine: DockerEngine) -> None:
    engine.send("POST", "volumes", "create", body={"Name": "theirs"})
    engine.create_network({"Name": "theirs"})
    kept: list[str] = []

    def made_anew() -> None:
        engine.remove_volume("theirs")
        engine.send("POST", "volumes", "create", body={"Name": "theirs", "Labels": {"made": "anew"}})
        kept.append(engine.create_network({"Name": "later"}))

    with pytest.raises(RefusedPlanError, match="theirs"):
        at.line("docker volume prune -a")
    run = run_after(at, "docker volume prune -af", made_anew, confirmed=("theirs",))
    assert run.outcome == "failed"
    assert engine.inspect("volume", "theirs")["Labels"] == {"made": "anew"}
    assert at.line("docker volume prune --filter label!=made -a").output.startswith("Nothing")
    assert at.line("docker volume prune -af", confirmed=["theirs"]).outcome == "succeeded"
    run = run_after(
        at,
        "docker network prune -f",
        lambda: kept.append(engine.create_network({"Name": "last"})),
        confirmed=("theirs", "later"),
    )
    assert run.outcome == "succeeded"
    assert {network["Name"] for network in engine.list_networks()} == {"bridge", "host", "none", "last"} & {
        network["Name"] for network in engine.list_networks()
    }
    engine.remove_network("last")


def test_system_prune_takes_images_that_only_ended_containers_used(
    at: Bench, engine: DockerEngine, engine_address: str
) -> None:
    image = dangling(engine, engine_address, "one")
    engine.create_container({"Image": image, "Cmd": ["true"]}, name="theirs")
    engine.send("POST", "volumes", "create", body={"Name": "data"})
    verdict = at.sandbox.review("docker system prune -f --volumes")
    short = image.removeprefix("sha256:")[:12]
    assert {(item.kind, item.name) for item in at.sandbox.touched(verdict)} == {
        ("container", "theirs"),
        ("image", short),
    }
    assert {operation.sent for operation in verdict.plan.operations} == {"by docker", "here"}  # type: ignore[union-attr]
    run = at.carry_out(verdict, confirmed=["theirs", short])
    assert run.outcome == "succeeded"
    assert [text.en for text in undo(engine, [run]).stays] == ["What was pruned does not come back."]
    assert engine.inspect("volume", "data")["Name"] == "data"
    engine.remove_volume("data")

"""Takes runs back: exactly what each made on the Engine goes, and what stays is said."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.errors import (
    EngineUnavailableError,
    ExecutionError,
    ImageUnavailableError,
    ObjectMissingError,
    RefusedPlanError,
)
from assistant.execution.cleanup import remove_networks
from assistant.execution.containers import remove_network
from assistant.execution.ledger import Ledger
from assistant.execution.made_images import gives_names
from assistant.execution.session import RUN_LABEL, is_owned
from assistant.execution.staying import what_stays
from assistant.execution.volumes import is_unnamed
from assistant.protocols import Engine
from assistant.values import Created, Decision, Run
from knowledge.language import Text

_ORDER = ("container", "network", "volume", "image")


@dataclass(frozen=True, slots=True)
class Undone:
    """What became of the objects of some runs, and what no undo takes back.

    ``gone`` were not there any more; ``left`` are still there, each with the reason.
    """

    removed: tuple[Created, ...] = ()
    gone: tuple[Created, ...] = ()
    left: tuple[tuple[Created, Text], ...] = ()
    stays: tuple[Text, ...] = ()


def undo(engine: Engine, runs: Sequence[Run]) -> Undone:
    """Removes what runs made, the newest run first; a run's containers before what they use.

    Raises:
        RefusedPlanError: a run is still going on, or was carried out on another Engine.
        EngineUnavailableError: no Engine answers.
    """
    for run in runs:
        _check(engine, run)
    removed, gone, left = list[Created](), list[Created](), list[tuple[Created, Text]]()
    newest_first = sorted(runs, key=lambda run: run.started_at, reverse=True)
    for run in newest_first:
        for created in _in_order(run.created):
            why = _remove(engine, run, created)
            if why is None:
                removed.append(created)
            elif why is _GONE and (is_unnamed(created) or created.id in {item.id for item in removed}):
                continue  # it went with its container, or with its last name
            elif why is _GONE:
                gone.append(created)
            else:
                left.append((created, why))
        remove_networks(engine, run.id)  # one made anew when its container was started again
    stays = [text for run in newest_first for text in what_stays(run)]
    return Undone(tuple(removed), tuple(gone), tuple(left), tuple(dict.fromkeys(stays)))


def _in_order(made: Sequence[Created]) -> Iterator[Created]:
    """Containers before what they use, of each kind the newest first."""
    for kind in _ORDER:
        yield from (created for created in reversed(made) if created.kind == kind)


def undo_recorded(engine: Engine, ledger: Ledger, runs: Sequence[Run], *, by: str) -> Undone:
    """``undo``, with a run of its own in the ledger that says what was removed.

    Raises:
        RefusedPlanError, EngineUnavailableError: as ``undo``; nothing is recorded then.
        LedgerError: it cannot be recorded.
    """
    started = time.time()
    undone = undo(engine, runs)
    removed = "".join(f"{created.kind} {created.name or created.id}\n" for created in undone.removed)
    ledger.record(
        Run(
            id=secrets.token_hex(6),
            command=f"docknotes undo {' '.join(run.id for run in runs)}",
            question="",
            decision=Decision.ASK,
            approved_by=by,
            engine=runs[0].engine if runs else engine.address,
            started_at=started,
            ended_at=time.time(),
            outcome="failed" if undone.left else "succeeded",
            exit_code=None,
            output=removed,
            output_cut=False,
            error=undone.left[0][1] if undone.left else None,
            operations=(),
            created=(),
        )
    )
    return undone


def _check(engine: Engine, run: Run) -> None:
    if run.outcome is None:
        raise RefusedPlanError(
            Text(
                f"The run {run.id} is still going on; cancel it first.",
                f"运行 {run.id} 仍在进行；请先取消它。",
            )
        )
    address = run.engine.rpartition(" ")[0]
    if address != engine.address:
        raise RefusedPlanError(
            Text(
                f"The run {run.id} was carried out on the Engine {address}; set DOCKNOTES_ENGINE to it.",
                f"运行 {run.id} 是在引擎 {address} 上执行的；请把 DOCKNOTES_ENGINE 设为该地址。",
            )
        )


# ---- one object


def _remove(engine: Engine, run: Run, created: Created) -> Text | None:
    """Removes one object; None where it is gone by this, else why it is still there (or was gone)."""
    try:
        match created.kind:
            case "container":
                engine.inspect("container", created.id)  # an id is never given twice
                engine.remove_container(created.id, force=True, volumes=True)
            case "network":
                engine.inspect("network", created.id)
                if not remove_network(engine, created.id):
                    return _IN_USE
            case "volume":
                if not is_unnamed(created) and not _is_of(engine.inspect("volume", created.name), run):
                    return _ANOTHER
                engine.remove_volume(created.name)
            case "image":
                return _remove_image(engine, run, created)
    except (ObjectMissingError, ImageUnavailableError):
        return _GONE
    except ExecutionError as error:
        if isinstance(error, EngineUnavailableError):
            raise
        return error.text
    return None


def _remove_image(engine: Engine, run: Run, created: Created) -> Text | None:
    """Its name goes, the layers with it where nothing else uses them; what it was built from stays."""
    tags = engine.inspect("image", created.id).get("RepoTags") or []
    if not created.name:
        if tags:
            return _NAMED_SINCE
    elif str(engine.inspect("image", created.name)["Id"]) != created.id:
        return _ANOTHER
    elif len(tags) == 1 and Created("image", created.id) not in run.created and gives_names(run):
        return _LAST_NAME  # the image was there before
    engine.send("DELETE", "images", created.name or created.id, query={"noprune": "1"})
    return None


def _is_of(volume: Mapping[str, Any], run: Run) -> bool:
    """Whether a volume is the very one a run made: names of volumes can be given anew."""
    labels = volume.get("Labels") or {}
    return is_owned(labels) and labels.get(RUN_LABEL, run.id) == run.id


_GONE = Text("It was gone already.", "它之前就已经不在了。")
_IN_USE = Text("A container still uses it.", "仍有容器在使用它。")
_ANOTHER = Text(
    "Something else bears this name now; it was not made by this run.",
    "现在使用这个名称的是另一个对象，不是由这次运行创建的。",
)
_NAMED_SINCE = Text("It has got another name since.", "它之后又有了别的名称。")
_LAST_NAME = Text(
    "The image has no other name any more, so it would go with this one; `docker rmi` removes it.",
    "该镜像已没有其他名称，去掉这个名称就会删除镜像；可以用 `docker rmi` 删除它。",
)

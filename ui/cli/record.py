"""The commands over what was run: runs, undo, cleanup."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Sequence
from pathlib import Path

from assistant.diagnosis.diagnose import diagnose_run
from assistant.errors import AssistantError, LedgerError
from assistant.execution.cleanup import leftovers, remove_leftovers
from assistant.execution.engine import DockerEngine
from assistant.execution.ledger import Ledger
from assistant.execution.ledger_chain import Proof
from assistant.execution.staying import what_stays
from assistant.execution.undoing import Undone, undo_recorded
from assistant.keeping.talks import id_of
from assistant.values import Created, JsonObject, Run
from knowledge.language import Language, Text
from ui.cli.background import background_json, background_line, backgrounds
from ui.cli.contract import Json, run_json
from ui.cli.doing import BY, NOT_RUN
from ui.cli.reading import print_json
from ui.cli.show import Screen
from ui.settings import Settings
from ui.web.words import OUTCOMES

_ASK = Text(en="Go on? [y/N] ", zh="是否继续？[y/N] ")
_NOTHING = Text(en="Nothing was removed. Add --yes to do it.", zh="没有删除任何东西。加上 --yes 即可执行。")


def runs(settings: Settings, screen: Screen, *, limit: int, export: Path | None, as_json: bool) -> None:
    """The last runs, newest first; with ``export`` all of them into a new file, one JSON object a line."""
    ledger = Ledger(settings.assistant.ledger)
    if export is not None:
        count = _export(ledger, export, screen.language)
        screen.say(Text(f"{count} runs written to {export}.", f"已将 {count} 次运行写入 {export}。"))
        return
    states = backgrounds(settings, ledger)
    found = ledger.runs(limit)
    if as_json:
        print_json(
            {
                "runs": [
                    {**full_json(run, screen.language), **background_json(states(run), screen.language)}
                    for run in found
                ]
            }
        )
        return
    for run in found:
        when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(run.started_at))
        outcome = OUTCOMES[run.outcome or "running"].said_in(screen.language)
        screen.say(f"{run.id}  {when}  {outcome}  {_shown(run.command)}")
        if why := diagnose_run(run, screen.language):
            screen.say(f"    ! {why.what.said_in(screen.language)}")
        for created in run.created:
            screen.say(f"    + {_named(created)}")
        if (state := states(run)) is not None:
            screen.say(f"    {background_line(state, screen.language)}")
    if not found:
        screen.say(Text("Nothing was run yet.", "还没有执行过任何命令。"))


def verify(settings: Settings, screen: Screen, *, as_json: bool) -> int:
    """Whether the record is as it was written; 1 where it is not."""
    proof = Ledger(settings.assistant.ledger).verify()
    if as_json:
        print_json(_proof_json(proof, screen.language))
        return 1 if proof.broken else 0
    for broken in proof.broken:
        screen.warn(broken.text)
    if not proof.broken:
        screen.say(
            Text(
                f"{proof.runs} runs in {proof.entries} entries, each as it was written. "
                f"Last digest: {proof.head}",
                f"共 {proof.runs} 次运行、{proof.entries} 条记录，均与写入时一致。最后的摘要：{proof.head}",
            )
        )
    return 1 if proof.broken else 0


def full_json(run: Run, language: Language) -> Json:
    """A run with everything the ledger keeps of it."""
    return {
        **run_json(run, language),
        "command": run.command,
        "question": run.question,
        "conversation": run.conversation,
        "decision": str(run.decision),
        "approved_by": run.approved_by,
        "engine": run.engine,
        "started_at": run.started_at,
        "ended_at": run.ended_at,
        "output_cut": run.output_cut,
        "cause": why.cause if (why := diagnose_run(run, language)) else None,
        "not_undone": [text.said_in(language) for text in what_stays(run)],
    }


def undo(
    settings: Settings,
    screen: Screen,
    run_id: str | None,
    conversation: str | None,
    *,
    yes: bool,
    as_json: bool,
) -> int:
    """Takes back one run, or all of a conversation; asks first. 1 where something is still there."""
    ledger, engine = Ledger(settings.assistant.ledger), DockerEngine(settings.assistant.engine)
    named = id_of(settings.assistant.talks, conversation) if conversation else conversation
    chosen = _chosen(ledger, run_id, named)
    objects = [created for run in chosen for created in reversed(run.created)]
    if not yes and not _agreed(screen, objects, as_json=as_json):
        return NOT_RUN
    undone = undo_recorded(engine, ledger, chosen, by=BY)
    if as_json:
        print_json(undone_json(undone, screen.language))
    else:
        _say_undone(screen, undone)
    return 1 if undone.left else 0


def cleanup(settings: Settings, screen: Screen, *, yes: bool, as_json: bool) -> int:
    """Lists what docknotes made and is still there, and removes it; asks first. 1 where some is left."""
    engine = DockerEngine(settings.assistant.engine)
    objects = leftovers(engine)
    running = {
        str(item["Id"]): round(time.time() - float(item.get("Created") or 0))
        for item in engine.list_containers()
    }
    if not objects:
        if as_json:
            print_json({"found": [], "removed": []})
        else:
            screen.say(Text("Nothing of docknotes is left.", "引擎上没有 docknotes 留下的对象。"))
        return 0
    if not yes and not _agreed(screen, objects, running, as_json=as_json):
        return NOT_RUN
    removed = remove_leftovers(engine, objects)
    if as_json:
        shown = [_created_json(created, running) for created in objects]
        print_json({"found": shown, "removed": [_created_json(created) for created in removed]})
    else:
        for created in removed:
            screen.say(f"- {_named(created)}")
    return 0 if len(removed) == len(objects) else 1


def _export(ledger: Ledger, path: Path, language: Language) -> int:
    """All runs, oldest first, and at the end the proof; the file is new and its owner's alone."""
    found = ledger.runs(2**31)
    proof = ledger.verify()
    try:
        with os.fdopen(
            os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
        ) as file:
            for run in reversed(found):
                file.write(json.dumps(full_json(run, language), ensure_ascii=False) + "\n")
            file.write(json.dumps(_proof_json(proof, language), ensure_ascii=False) + "\n")
    except OSError as error:
        raise LedgerError(
            Text(
                f"{path} cannot be written: {error.strerror}. Name a file that is not there yet.",
                f"无法写入 {path}：{error.strerror}。请指定一个尚不存在的文件。",
            )
        ) from error
    return len(found)


def _chosen(ledger: Ledger, run_id: str | None, conversation: str | None) -> list[Run]:
    if (run_id is None) == (conversation is None):
        raise AssistantError(
            Text(
                "Name one run (`docknotes runs` lists them), or give --all-of-conversation a name.",
                "请指定一次运行（用 `docknotes runs` 查看），或用 --all-of-conversation 指定一个会话。",
            )
        )
    found = ledger.of_conversation(conversation) if conversation else []
    run = ledger.get(run_id) if run_id else None
    found = [run] if run is not None else found
    if not found:
        named = run_id or conversation
        raise AssistantError(
            Text(
                f"There is no run of `{named}`; `docknotes runs` lists them.",
                f"没有找到 `{named}` 的运行；用 `docknotes runs` 可以查看。",
            )
        )
    return found


def _agreed(
    screen: Screen, objects: Sequence[Created], running: JsonObject | None = None, *, as_json: bool
) -> bool:
    """Shows what would go and asks; where nobody can answer, says how to do it."""
    if as_json:
        print_json({"found": [_created_json(created, running) for created in objects], "removed": []})
        return False
    for created in objects:
        seconds = (running or {}).get(created.id)
        age = (
            Text(f"  (running for {seconds} s)", f"  （已运行 {seconds} 秒）")
            if seconds is not None
            else None
        )
        screen.say(f"- {_named(created)}{age.said_in(screen.language) if age else ''}")
    if screen.asks(_ASK):
        return True
    screen.warn(_NOTHING)
    return False


def _say_undone(screen: Screen, undone: Undone) -> None:
    for created in undone.removed:
        screen.say(f"- {_named(created)}")
    for created in undone.gone:
        gone = Text("gone already", "之前已不存在").said_in(screen.language)
        screen.say(f"  {_named(created)}: {gone}")
    for created, why in undone.left:
        screen.warn(f"! {_named(created)}: {why.said_in(screen.language)}")
    for text in undone.stays:
        screen.say(text)
    if not undone.removed and not undone.gone and not undone.left:
        screen.say(Text("It made nothing that could be removed.", "它没有创建可删除的对象。"))


def undone_json(undone: Undone, language: Language) -> Json:
    """What an undo came to."""
    return {
        "removed": [_created_json(created) for created in undone.removed],
        "gone": [_created_json(created) for created in undone.gone],
        "left": [{**_created_json(item), "why": why.said_in(language)} for item, why in undone.left],
        "not_undone": [text.said_in(language) for text in undone.stays],
    }


def _created_json(created: Created, running: JsonObject | None = None) -> Json:
    shown: Json = {"kind": created.kind, "id": created.id, "name": created.name}
    return shown if running is None else {**shown, "running_seconds": running.get(created.id)}


def _proof_json(proof: Proof, language: Language) -> Json:
    broken = [{"entry": b.entry, "run": b.run, "problem": b.text.said_in(language)} for b in proof.broken]
    return {"entries": proof.entries, "runs": proof.runs, "head": proof.head, "broken": broken}


def _named(created: Created) -> str:
    return f"{created.kind} {_shown(created.name or created.id[:12])}"


def _shown(text: str) -> str:
    return text if text.isprintable() else repr(text)

"""`docknotes save`: an answer, a run or a correction as a section of a notes file of one's own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from assistant.errors import KeepingError
from assistant.execution.clean import clean
from assistant.execution.ledger import Ledger
from assistant.keeping.as_section import answer_section, run_section
from assistant.keeping.saving import Draft, draft, save, target
from knowledge.config import SHIPPED_NOTES
from knowledge.language import Text
from ui.build import build_live
from ui.cli.doing import NOT_RUN
from ui.cli.reading import print_json
from ui.cli.show import Screen
from ui.cli.talks import find, keeping
from ui.settings import Settings

_ASK = Text("Write this? [y/N] ", "写入吗？[y/N] ")
_NOT = Text("Nothing was written. Add --yes to do it.", "没有写入任何内容。加上 --yes 即可写入。")


def save_section(
    settings: Settings,
    screen: Screen,
    file: str,
    *,
    conversation: str,
    turn: int | None,
    run: str,
    text: str,
    title: str,
    under: str,
    yes: bool,
    as_json: bool,
) -> int:
    """Shows the difference, asks, writes, and brings the index up to date; 3 where nothing was written.

    Raises:
        KeepingError: there is no such conversation or run, or no place in the notes.
        NoteError: the file cannot be read or written.
    """
    own_title, body = _section(settings, screen, conversation=conversation, turn=turn, run=run, text=text)
    own = settings.assistant.home / "notes"
    path = target(file, settings.knowledge.sources, shipped=SHIPPED_NOTES, own=own)
    planned = draft(path, file, title or own_title, body, under=under)
    if not as_json:
        screen.say(clean(planned.diff))
    if not yes and not screen.asks(_ASK):
        if as_json:
            print_json({"file": str(path), "saved": False, "diff": planned.diff})
        else:
            screen.warn(_NOT)
        return NOT_RUN
    backup = save(planned)
    _index(settings, screen, path, own)
    _say(screen, planned, backup, as_json=as_json)
    return 0


def _say(screen: Screen, planned: Draft, backup: Path | None, *, as_json: bool) -> None:
    if as_json:
        kept = str(backup) if backup else None
        print_json({"file": str(planned.path), "saved": True, "backup": kept, "diff": planned.diff})
        return
    screen.say(Text(f"Saved to {planned.path} and indexed.", f"已保存到 {planned.path} 并更新索引。"))
    if backup:
        screen.say(Text(f"What stood there is in {backup}.", f"原来的内容在 {backup}。"))


def _index(settings: Settings, screen: Screen, path: Path, own: Path) -> None:
    sources = settings.knowledge.sources
    if path.is_relative_to(own) and own not in settings.knowledge.present:
        sources = (*sources, own)
    with screen.progress() as watch:
        build_live(replace(settings.knowledge, sources=sources), watch)


def _section(
    settings: Settings, screen: Screen, *, conversation: str, turn: int | None, run: str, text: str
) -> tuple[str, str]:
    """Title and body of what is saved."""
    if sum(map(bool, (conversation, run, text))) != 1:
        raise KeepingError(
            Text(
                "Say what is to be saved: --conversation, --run or --text.",
                "请指定要保存的内容：--conversation、--run 或 --text。",
            )
        )
    if text:
        first = text.strip().splitlines()[0] if text.strip() else ""
        return first[:80], text
    if run:
        found = Ledger(settings.assistant.ledger).get(run)
        if found is None:
            raise KeepingError(Text(f"There is no run `{run}`.", f"没有找到运行 `{run}`。"))
        return found.command, run_section(found, screen.language)
    answered = [one for one in keeping(settings).turns(find(settings, conversation).id) if one.answer]
    chosen = [one for one in answered if turn in (None, one.n)][-1:]
    if not chosen or chosen[0].answer is None:
        raise KeepingError(
            Text("This conversation has no such answer.", "这个对话里没有这个回答。"),
        )
    return chosen[0].question, answer_section(chosen[0].answer, screen.language)

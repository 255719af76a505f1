"""Following the notes: ``docknotes index --watch``, and beside ``docknotes serve``."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from knowledge.language import Text
from knowledge.live import LiveLibrary, follow
from knowledge.values import IndexReport
from knowledge.watching import Changes
from ui.cli.contract import index_json
from ui.cli.reading import print_json
from ui.cli.show import Screen

_NAMES = 4  # named of each kind; more are counted
_END_SECONDS = 10.0  # for a batch of chunks under way when the person ends docknotes

_WATCHING = Text(
    en="Watching the notes; changes are indexed as they are saved. Press Ctrl+C to end.",
    zh="正在监视笔记，保存后会自动更新索引。按 Ctrl+C 结束。",
)
_ENDED = Text(en="No longer watching; the index is kept.", zh="已停止监视，索引会保留。")


def watch_index(live: LiveLibrary, screen: Screen, *, as_json: bool) -> None:
    """Keeps the index in line with the notes until Ctrl-C, and says in one line what was picked up."""

    def synced(changes: Changes, report: IndexReport) -> None:
        if as_json:
            print_json(index_json(report, str(live.now().folder)))
        else:
            screen.say(_clock() + picked_up(changes, report).said_in(screen.language))

    def tell(text: Text) -> None:
        screen.warn(_clock() + text.said_in(screen.language))

    screen.warn(_WATCHING)
    try:
        follow(live, stop=threading.Event(), synced=synced, tell=tell)
    except KeyboardInterrupt:
        screen.warn(_ENDED)


@contextmanager
def followed(live: LiveLibrary, screen: Screen) -> Iterator[None]:
    """Keeps a library in line with its notes in the background, and says in the terminal what it does."""
    stop = threading.Event()

    def synced(changes: Changes, report: IndexReport) -> None:
        screen.say(_clock() + picked_up(changes, report).said_in(screen.language))
        for skipped in report.skipped:
            screen.warn(skipped)

    def tell(text: Text) -> None:
        screen.warn(_clock() + text.said_in(screen.language))

    def work() -> None:
        follow(live, stop=stop, synced=synced, tell=tell)

    thread = threading.Thread(target=work, name="docknotes-notes", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(_END_SECONDS)


def picked_up(changes: Changes, report: IndexReport) -> Text:
    """One line on what changed and what was done."""
    parts = [
        (Text(en="new: {}", zh="新增：{}"), changes.added),
        (Text(en="changed: {}", zh="修改：{}"), changes.changed),
        (Text(en="removed: {}", zh="删除：{}"), changes.removed),
        (Text(en="renamed: {}", zh="改名：{}"), tuple(f"{old} → {new}" for old, new in changes.renamed)),
    ]
    told = [(text, names) for text, names in parts if names]
    en = "; ".join(text.en.format(_listed(names).en) for text, names in told)
    zh = "；".join(text.zh.format(_listed(names).zh) for text, names in told)
    return Text(
        en=f"Notes {en}. {report.embedded} chunks embedded, {report.removed} removed, "
        f"in {report.seconds:.1f} s.",
        zh=f"笔记{zh}。新嵌入 {report.embedded} 个片段，移除 {report.removed} 个，"
        f"用时 {report.seconds:.1f} 秒。",
    )


def _listed(names: tuple[str, ...]) -> Text:
    more = len(names) - _NAMES
    en, zh = ", ".join(names[:_NAMES]), "、".join(names[:_NAMES])
    return Text(en=f"{en} and {more} more", zh=f"{zh} 等 {len(names)} 篇") if more > 0 else Text(en, zh)


def _clock() -> str:
    return f"{datetime.now():%H:%M:%S} "

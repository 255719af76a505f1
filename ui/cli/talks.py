"""The commands over conversations: list, show, search, rename, export, delete."""

from __future__ import annotations

import os
import time
from pathlib import Path

from assistant.commands.review import review
from assistant.errors import KeepingError
from assistant.execution.clean import clean
from assistant.execution.ledger import Ledger
from assistant.execution.making import make_policy
from assistant.keeping.keeping import Keeping
from assistant.keeping.talks import KeptTurn, Talk, Talks
from knowledge.language import Text
from ui.cli.contract import Json, answer_json
from ui.cli.doing import NOT_RUN
from ui.cli.reading import print_json
from ui.cli.record import full_json
from ui.cli.show import Screen
from ui.settings import Settings

_NONE = Text("There are no conversations yet.", "还没有对话。")
_NO_HIT = Text("No conversation holds these words.", "没有对话包含这些词。")
_NOT_DELETED = Text("Nothing was deleted. Add --yes to do it.", "没有删除任何内容。加上 --yes 即可执行。")


def listed(settings: Settings, screen: Screen, words: str, *, as_json: bool) -> None:
    """The conversations, the last one first; with words only those that hold them all."""
    found = Talks(settings.assistant.talks).search(words)
    if as_json:
        print_json({"talks": [_talk_json(talk) for talk in found]})
        return
    for talk in found:
        when = time.strftime("%Y-%m-%d %H:%M", time.localtime(talk.changed_at))
        screen.say(clean(f"{talk.id}  {when}  {talk.turns:3}  {talk.title}"))
    if not found:
        screen.say(_NO_HIT if words.strip() else _NONE)


def show(settings: Settings, screen: Screen, name: str, *, as_json: bool) -> None:
    """One conversation in full."""
    talk = find(settings, name)
    if as_json:
        kept = keeping(settings)
        shown = [_turn_json(turn) for turn in kept.turns(talk.id)]
        ran = [full_json(run, screen.language) for run in kept.runs(talk.id)]
        print_json({**_talk_json(talk), "said": shown, "runs": ran})
        return
    screen.markdown(keeping(settings).export(talk, screen.language))


def rename(settings: Settings, screen: Screen, name: str, title: str, *, as_json: bool) -> None:
    """Gives a conversation another title.

    Raises:
        KeepingError: there is no such conversation, or the title is empty.
    """
    talk = find(settings, name)
    if not title.strip():
        raise KeepingError(Text("Give the conversation a title.", "请给对话一个标题。"))
    talks = Talks(settings.assistant.talks)
    talks.rename(talk.id, title)
    now = talks.find(talk.id) or talk
    if as_json:
        print_json(_talk_json(now))
    else:
        screen.say(Text(f"It is called “{now.title}” now.", f"现在叫“{now.title}”。"))


def export(settings: Settings, screen: Screen, name: str, file: Path | None) -> None:
    """A conversation as Markdown, on standard output or in a new file.

    Raises:
        KeepingError: there is no such conversation, or the file is there already or cannot be written.
    """
    talk = find(settings, name)
    text = keeping(settings).export(talk, screen.language)
    if file is None:
        screen.raw(clean(text))
        return
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:
            out.write(text)
    except OSError as error:
        raise KeepingError(
            Text(
                f"{file} cannot be written: {error.strerror}. Name a file that is not there yet.",
                f"无法写入 {file}：{error.strerror}。请指定一个尚不存在的文件。",
            )
        ) from error
    screen.say(Text(f"Written to {file}.", f"已写入 {file}。"))


def delete(settings: Settings, screen: Screen, name: str, *, yes: bool, as_json: bool) -> int:
    """Deletes a conversation for good; asks first. 3 where nothing was done."""
    talk = find(settings, name)
    ask = Text(
        f"Delete “{talk.title}” ({talk.turns} questions) for good? [y/N] ",
        f"永久删除“{talk.title}”（{talk.turns} 个问题）？[y/N] ",
    )
    if not yes and not screen.asks(ask):
        screen.warn(_NOT_DELETED)
        return NOT_RUN
    stay = keeping(settings).delete(talk.id)
    if as_json:
        print_json({"deleted": talk.id, "runs_that_stay": stay})
        return 0
    screen.say(Text(f"“{talk.title}” is deleted.", f"已删除“{talk.title}”。"))
    if stay:
        screen.say(what_stays(stay))
    return 0


def what_stays(runs: int) -> Text:
    """What of a deleted conversation the record of runs keeps, and why."""
    return Text(
        f"Its {runs} runs stay in the record of runs, with command and outcome, without the question. Only "
        "the record's chained log, by which tampering is found, still has what was asked.",
        f"其中 {runs} 次运行仍留在运行记录里，只有命令和结果，不再带有提问；"
        "用来发现篡改的链式日志里仍保留当时的提问。",
    )


def find(settings: Settings, name: str) -> Talk:
    """The conversation of this id or title.

    Raises:
        KeepingError: there is none, or several have this title.
    """
    talk = Talks(settings.assistant.talks).find(name)
    if talk is None:
        raise KeepingError(
            Text(
                f"There is no conversation “{name}”; `docknotes talks` lists them.",
                f"没有名为“{name}”的对话；用 `docknotes talks` 可以查看。",
            )
        )
    return talk


def keeping(settings: Settings) -> Keeping:
    """The conversations and their runs, under the settings in force."""
    config = settings.assistant
    policy = make_policy(config)
    return Keeping(
        Talks(config.talks),
        Ledger(config.ledger),
        lambda line: review(line, policy=policy, limits=config.limits, workspace=config.workspace),
    )


def _talk_json(talk: Talk) -> Json:
    return {
        "id": talk.id,
        "title": talk.title,
        "created_at": talk.created_at,
        "changed_at": talk.changed_at,
        "turns": talk.turns,
    }


def _turn_json(turn: KeptTurn) -> Json:
    said: Json = {"question": turn.question, "asked_at": turn.asked_at, "finished": turn.answer is not None}
    return {**said, **(answer_json(turn.answer) if turn.answer else {"answer": turn.text})}

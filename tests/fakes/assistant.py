"""A stand-in for the assistant: believable values, nothing behind them."""
# ruff: noqa: E501 (one sentence a line, in both languages)

from __future__ import annotations

import queue
import shutil
import threading
import time
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp

from assistant.diagnosis.diagnose import completed, diagnose_run
from assistant.diagnosis.values import Diagnosis
from assistant.errors import ExecutionError, ModelError, RefusedPlanError
from assistant.execution.background import Background
from assistant.execution.console import Console
from assistant.execution.ledger import Ledger
from assistant.execution.staying import what_stays
from assistant.execution.streams import Duplex
from assistant.execution.undoing import Undone
from assistant.hosting.values import Effect, Effects
from assistant.keeping.gaps import Gap, Gaps, Place
from assistant.keeping.keeping import Keeping
from assistant.keeping.saving import Saver
from assistant.keeping.talks import Talks
from assistant.values import (
    Answer,
    AnswerDone,
    AnswerPart,
    AnswerText,
    Approval,
    Change,
    Citation,
    Command,
    Created,
    Decision,
    Ended,
    EngineInfo,
    GpuReport,
    ListContainers,
    Operation,
    Origin,
    OutcomeKind,
    Output,
    Placeholder,
    PlaceholderKind,
    Plan,
    Progress,
    Reason,
    Run,
    RunContainer,
    RunEvent,
    Rung,
    Started,
    SuggestedCommand,
    Touched,
    Turn,
    Verdict,
)
from assistant.verifying.values import Stamp
from knowledge.language import Language, Text, language_of
from knowledge.values import Block, Chunk, Hit, Note, Section

NOTE = Note(
    path="zh/2-quick-start.md",
    title="快速上手",
    language="zh",
    lines=(
        "# 2. 快速上手",
        "",
        "## 2.1 运行容器",
        "",
        "用 `-d` 让容器在后台运行，用 `-p 8080:80` 把宿主机的 8080 端口映射到容器的 80 端口。==两个选项可以一起用。==",
        "",
        "```bash",
        "docker run -d -p 8080:80 nginx",
        "```",
        "",
        "![截图](https://evil.example/pixel.png)",
        "",
        "- 查看全部容器：`docker ps -a`",
        "- 停止：`docker stop ContainerName`",
        "",
        "| 选项 | 意思 |",
        "| --- | --- |",
        "| `-d` | 后台 |",
        "",
        "## 2.2 删除容器",
        "",
        '<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>',
        "",
        "### 2.3 数据卷",
    ),
)
ENGLISH = Note(
    path="en/2-quick-start.md",
    title="Quick start",
    language="en",
    lines=(
        "# 2. Quick start",
        "",
        "## 2.1 Running a container",
        "",
        "`-d` runs it in the background; `-p 8080:80` publishes port 80 on port 8080 of the host.",
        "",
        "## 2.2 Listing containers",
        "",
        "`docker ps -a` lists all containers, also stopped ones.",
    ),
)


def _section(note: Note, headings: tuple[str, ...], first: int, last: int, *, empty: bool = False) -> Section:
    blocks = () if empty else (Block("paragraph", note.quote(first, last), first + 1, last),)
    return Section(note.path, headings, len(headings), first, last, blocks, is_empty=empty)


class MemoryLibrary:
    """Two small notes."""

    notes: Mapping[str, Note]
    skipped: tuple[str, ...] = ()

    def __init__(self) -> None:
        self.notes = {NOTE.path: NOTE, ENGLISH.path: ENGLISH}

    def outline(self) -> list[Section]:
        top = "2. 快速上手"
        return [
            _section(NOTE, (top,), 1, 2, empty=True),
            _section(NOTE, (top, "2.1 运行容器"), 3, 19),
            _section(NOTE, (top, "2.2 删除容器"), 20, 23),
            _section(NOTE, (top, "2.2 删除容器", "2.3 数据卷"), 24, 24, empty=True),
            _section(ENGLISH, ("2. Quick start",), 1, 2, empty=True),
            _section(ENGLISH, ("2. Quick start", "2.1 Running a container"), 3, 6),
            _section(ENGLISH, ("2. Quick start", "2.2 Listing containers"), 7, 9),
        ]

    def search(self, query: str, *, limit: int = 10) -> list[Hit]:
        hits = []
        for section in self.outline():
            text = self.notes[section.note].quote(section.first_line, section.last_line)
            if query.casefold() in text.casefold() and section.blocks:
                chunk = Chunk(
                    f"{section.note}:{section.first_line}", section.note, section.headings, section.first_line,
                    section.last_line, text, self.notes[section.note].language,
                )  # fmt: skip
                hits.append(Hit(chunk, 1.0, keyword_rank=1))
        return hits[:limit]


def text(en: str, zh: str) -> Text:
    return Text(en=en, zh=zh)


class MemoryAssistant:
    """Answers every question alike; runs nothing, but tells of it as a sandbox would."""

    def __init__(
        self,
        *,
        engine: bool = True,
        model: str | None = None,
        pause_seconds: float = 0.03,
        home: Path | None = None,
    ) -> None:
        self.library = MemoryLibrary()
        kept_in = home or Path(mkdtemp())
        if home is None:
            weakref.finalize(self, shutil.rmtree, kept_in, ignore_errors=True)
        ledger = Ledger(kept_in / "ledger.sqlite3")
        self.keeping = Keeping(Talks(kept_in / "talks.sqlite3"), ledger, self.review)
        self.gaps = Gaps(kept_in / "gaps.sqlite3")
        self.indexed: list[Path] = []
        self.saver = Saver((), own=kept_in / "notes", index=self._index)
        self.undone: list[Run] = []
        self.model_name = model
        self.has_engine = engine
        self.pause_seconds = pause_seconds
        self.asked: list[tuple[str, int]] = []
        self.ran: list[Verdict] = []
        self.waits: list[Answer] = []
        self.decided: list[tuple[str, Run | None]] = []
        self.dropped: list[str] = []
        self.approvals: dict[str, Approval] = {}
        self.cancelled: dict[str, threading.Event] = {}
        self.records: list[Run] = []
        self.foreign = False
        self.forgets = False
        self.missing = False
        self.lines = 12
        self.in_background: Background | None = None

    def _index(self, path: Path) -> bool:
        self.indexed.append(path)
        return True

    def open_gaps(self) -> list[tuple[Gap, list[Place]]]:
        place = Place(NOTE.path, ("2. 快速上手", "2.3 数据卷"), 24, is_empty=True)
        return [(gap, [place]) for gap in self.gaps.all()]

    def go_on(self, proposal: str, run: Run | None) -> Iterator[AnswerPart]:
        self.decided.append((proposal, run))
        said = "It was run." if run is not None else "It was not run."
        yield AnswerText(said)
        yield AnswerDone(Answer(proposal, "en", True, said, model=self.model_name))

    def waiting(self) -> list[Answer]:
        return list(self.waits)

    def drop(self, proposals: Iterable[str]) -> None:
        self.dropped += proposals

    def ask(self, question: str, transcript: Sequence[Turn] = ()) -> Iterator[AnswerPart]:
        self.asked.append((question, len(transcript)))
        language = language_of(question)
        if "broken" in question:
            raise ModelError(text("The chat model does not answer.", "聊天模型没有响应。"))
        answered = "sourdough" not in question
        body = _ANSWER[language] if answered else _NOTHING[language]
        for start in range(0, len(body), 12):
            time.sleep(self.pause_seconds)
            yield AnswerText(body[start : start + 12])
        yield AnswerDone(
            Answer(
                question, language, answered, body,
                citations=_citations() if answered else (),
                commands=tuple(self._commands(question)) if answered else (),
                model=self.model_name,
            )
        )  # fmt: skip

    def _commands(self, question: str) -> Iterator[SuggestedCommand]:
        lines = {
            "docker run -d -p 8080:80 nginx": Origin.VERBATIM,
            "docker ps -a": Origin.CORRECTED,
            "docker stop ContainerName": Origin.VERBATIM,
            "docker run --privileged -v /:/host ubuntu": Origin.MODEL,
            "sudo systemctl restart docker": Origin.VERBATIM,
        }
        for line, origin in lines.items():
            written = line.replace("--", "-").replace("-a", "—a")
            note = NOTE.path if origin is not Origin.MODEL else None
            yield SuggestedCommand(
                Command(line, origin, written, note, 8, 8), self.review(line), 1 if note else None
            )

    def review(self, line: str) -> Verdict:
        if not line.startswith("docker "):
            reason = Reason(
                "host",
                text(
                    "It changes this machine, so it is never run here.", "它会改动本机，因此不会在这里运行。"
                ),
            )
            return Verdict(line, "host", Decision.REFUSE, (reason,))
        argv = tuple(line.split()[1:])
        digest = sha256(line.encode()).hexdigest()
        if "--privileged" in argv:
            reason = Reason(
                "privileged",
                text("A privileged container has all rights on the host.", "特权容器拥有主机的全部权限。"),
            )
            return Verdict(line, "docker", Decision.REFUSE, (reason,), digest=digest)
        if argv[0] in {"ps", "images", "version", "logs"}:
            plan = Plan(
                line, argv, ListContainers(all=True), (Operation("GET", "/containers/json", {"all": "1"}),)
            )
            reason = Reason("reads", text("It only reads.", "它只读取。"))
            return Verdict(line, "docker", Decision.ALLOW, (reason,), plan, digest=digest)
        body = {"Image": argv[-1]}
        plan = Plan(
            line,
            argv,
            RunContainer(argv[-1], body),
            (Operation("POST", "/containers/create", {}, body, body), *_attaching(argv)),
        )
        placeholders = (Placeholder("ContainerName", "container"),) if "ContainerName" in argv else ()
        changes = () if argv[0] == "stop" else _CHANGES
        reason = Reason("creates", text("It starts a container.", "它会启动一个容器。"))
        return Verdict(
            line, "docker", Decision.ASK, (reason,), plan, changes, digest=digest, placeholders=placeholders
        )

    def explain(self, verdict: Verdict) -> Text:
        if verdict.decision is Decision.ALLOW:
            return text("Lists all containers, also stopped ones.", "列出所有容器，包括已停止的。")
        return text(
            "Starts a container from nginx in the background. Port 80 of the container answers on 127.0.0.1:8080.",
            "从 nginx 镜像在后台启动一个容器，容器的 80 端口在 127.0.0.1:8080 上可用。",
        )

    def effects(self, verdict: Verdict) -> Effects | None:
        if verdict.kind != "host":
            return None
        what = text("The service docker runs.", "服务 docker 正在运行。")
        return Effects((Effect("holds", what, text("systemd: active", "systemd：active")),))

    def stamp(self, command: Command) -> Stamp | None:
        if command.text != "docker ps -a":
            return None
        return Stamp(NOTE.path, command.text, 1769860800.0, "27.3.1", "succeeded", 0, "abc")

    def touched(self, verdict: Verdict) -> tuple[Touched, ...]:
        if " stop " not in verdict.line:
            return ()
        if self.missing:
            raise ExecutionError(text("There is no container web.", "没有名为 web 的容器。"))
        return (Touched("container", "3f2a9c0d11aa", verdict.line.split()[-1], owned=not self.foreign),)

    def approve(self, verdict: Verdict, *, by: str, confirmed: Sequence[str] = ()) -> Approval:
        touched = self.touched(verdict)
        if verdict.decision is Decision.REFUSE or any(not t.owned and t.id not in confirmed for t in touched):
            raise RefusedPlanError(text("This may not run.", "这条命令不能运行。"))
        approval = Approval(f"token-{len(self.approvals)}", verdict.digest, by, time.time() + 60, touched)
        if not self.forgets:
            self.approvals[approval.token] = approval
        return approval

    def run(
        self,
        verdict: Verdict,
        *,
        approval: Approval | None = None,
        question: str = "",
        by: str = "",
        conversation: str = "",
        console: Console | None = None,
    ) -> Iterator[RunEvent]:
        fits = approval is not None and self.approvals.pop(approval.token, None) is approval
        if verdict.decision is Decision.REFUSE or (verdict.decision is Decision.ASK and not fits):
            raise RefusedPlanError(text("This may not run.", "这条命令不能运行。"))
        self.ran.append(verdict)
        run_id = f"r{len(self.ran):04d}"
        cancelled = self.cancelled.setdefault(run_id, threading.Event())
        began = time.time()
        yield Started(run_id)
        if " run " in verdict.line:
            for done in range(0, 101, 10):
                time.sleep(self.pause_seconds)
                yield Progress(
                    "a1b2c3", "Downloading" if done < 100 else "Pull complete", done * 10**5, 10**7
                )
        out = ""
        if console is not None:
            yield from _echo(console)
        for n in range(1 if " stop " in verdict.line else self.lines):
            if cancelled.wait(self.pause_seconds):
                break
            piece = f'line {n}: <b onclick=alert(1)>hello</b> <img src=x onerror="window.pwned=1">\n'
            out += piece
            yield Output(piece)
        ok = not cancelled.is_set()
        run = Run(
            run_id, verdict.line, question, verdict.decision, by, "unix:///run/docker.sock", began, time.time(),
            _outcome(ok=ok, detached=self.in_background is not None), 0 if ok else 137, out, False, None, (),
            (Created("container", "9d1c2b3a4f5e6677", "quiet_web"),) if " run " in verdict.line else (),
        )  # fmt: skip
        self.records.insert(0, run)
        yield Ended(run)

    def diagnose(self, run: Run, language: Language) -> Diagnosis | None:
        found = diagnose_run(run, language)
        return completed(found, self.review, None, language) if found is not None else None

    def cancel(self, run_id: str) -> None:
        self.cancelled.setdefault(run_id, threading.Event()).set()

    def engine_status(self) -> EngineInfo | Text:
        if self.has_engine:
            return EngineInfo("unix:///run/docker.sock", "27.3.1", "1.47", "linux", "amd64")
        return text(
            "No Docker Engine answers at unix:///var/run/docker.sock. Install it with “sudo apt-get install docker.io”, "
            "or start it with “sudo systemctl start docker”.",
            "unix:///var/run/docker.sock 上没有 Docker Engine 响应。可以用“sudo apt-get install docker.io”安装，"
            "或用“sudo systemctl start docker”启动。",
        )

    def gpu(self, approve: Callable[[Verdict], Approval | None]) -> Iterator[Rung | GpuReport]:
        rungs = [
            Rung(1, text("Driver on the host", "主机上的驱动"), "pass", "NVIDIA driver 550.54.14"),
            Rung(2, text("Docker Engine, 19.03 or later", "Docker Engine，19.03 或更新"), "pass", "27.3.1"),
            Rung(
                3,
                text("NVIDIA runtime known to the Engine", "Engine 认识 NVIDIA 运行时"),
                "pass",
                "runtimes: nvidia, runc",
            ),
        ]
        for rung in rungs:
            time.sleep(self.pause_seconds)
            yield rung
        verdict = self.review("docker run --rm --gpus all nvidia/cuda:12.4.1-base-ubuntu22.04")
        approval = approve(verdict)
        name = text("nvidia-smi in a container", "容器里的 nvidia-smi")
        if approval is None:
            last = Rung(5, name, "skipped", cause=text("You skipped it.", "你跳过了这一步。"))
        else:
            last = Rung(
                5, name, "fail", "could not select device driver \"\" with capabilities: [[gpu]]",
                text("The Engine has no NVIDIA runtime.", "Engine 没有 NVIDIA 运行时。"),
                text("Install the NVIDIA container toolkit, then restart Docker.", "安装 NVIDIA 容器工具包，然后重启 Docker。"),
                "docker",
            )  # fmt: skip
        yield last
        yield GpuReport((*rungs, last), driver="550.54.14")

    def candidates(self, kind: PlaceholderKind) -> tuple[str, ...]:
        return ("web", "db") if kind == "container" else ()

    def undo(self, run: Run) -> Undone:
        self.undone.append(run)
        return Undone(removed=run.created, stays=tuple(what_stays(run)))

    def background(self, run: Run) -> Background | None:
        return self.in_background if run.outcome == "detached" else None

    def runs(self, limit: int = 50) -> list[Run]:
        return self.records[:limit]


def _outcome(*, ok: bool, detached: bool) -> OutcomeKind:
    return "cancelled" if not ok else "detached" if detached else "succeeded"


def _attaching(argv: Sequence[str]) -> tuple[Operation, ...]:
    if not {"-i", "-it"} & set(argv):
        return ()
    return (Operation("POST", "/containers/{container}/attach", {"stream": "1", "stdin": "1"}),)


def _echo(console: Console) -> Iterator[RunEvent]:
    """A program that says again what is typed, until its input ends."""
    said: queue.Queue[bytes | None] = queue.Queue()
    way = Duplex(
        iter(()),
        close=lambda: None,
        send=said.put,
        close_input=lambda: said.put(None),
        translate=lambda error: ExecutionError(text(str(error), str(error))),
    )
    with console.connected(way, tty=False, resize=lambda rows, columns: None):
        while (data := said.get()) is not None:
            yield Output(data.decode())


_ANSWER = {
    "zh": "用 `-d` 让容器在后台运行，用 `-p 8080:80` 做端口映射 [1]。\n\n```bash\ndocker run -d -p 8080:80 nginx\n```\n\n"
    "查看全部容器，包括已停止的 [2]。",
    "en": "`-d` runs the container in the background and `-p 8080:80` publishes the port [1].\n\n"
    "```bash\ndocker run -d -p 8080:80 nginx\n```\n\nTo see all containers, also stopped ones, list them [2]. "
    '<img src=x onerror="window.pwned=1">',
}
_NOTHING = {
    "zh": "笔记里没有关于这个问题的内容。最接近的标题是“运行容器”。",
    "en": "Your notes hold nothing on this. The nearest heading is “Running a container”.",
}


def _citations() -> tuple[Citation, ...]:
    return (
        Citation(1, NOTE.path, ("2. 快速上手", "2.1 运行容器"), 5, 5, "用 `-d` 让容器在后台运行"),
        Citation(2, NOTE.path, ("2. 快速上手", "2.1 运行容器"), 13, 13, "`docker ps -a`"),
    )


_CHANGES = (
    Change(
        "HostConfig.Memory",
        "",
        "2 GiB",
        text("A container may not use up the host's memory.", "容器不能耗尽主机内存。"),
    ),
    Change(
        "HostConfig.PortBindings",
        "0.0.0.0:8080",
        "127.0.0.1:8080",
        text("Only this machine can reach it.", "只有本机可以访问。"),
    ),
    Change("HostConfig.CapDrop", "", "ALL", text("Fewer rights inside.", "容器内权限更少。")),
)

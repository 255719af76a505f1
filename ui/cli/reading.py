"""The commands that only read: search, ask, plan, doctor, index."""

from __future__ import annotations

import json
import platform
import sys
from collections.abc import Callable
from importlib.metadata import version

from assistant.hosting.values import Effects
from assistant.values import Answer, AnswerDone, AnswerStep, EngineInfo, Steps, Verdict
from assistant.verifying.stamps import Stamps
from assistant.verifying.values import Stamp
from knowledge.language import Language, Tell, Text, silent
from knowledge.live import LiveLibrary
from knowledge.values import Hit, IndexReport
from ui.build import assistant_over, build_live, build_model
from ui.cli.contract import Json, answer_json, batch, hits_json, index_json, steps_json
from ui.cli.show import Screen
from ui.settings import Settings


def print_json(value: Json) -> None:
    """One JSON object on one line, as it is (no escapes for Chinese)."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def _answer_each(key: str, respond: Callable[[str], Json], language: Language) -> None:
    for response in batch(sys.stdin, key, respond, language):
        print_json(response)


def _opened(settings: Settings, screen: Screen) -> LiveLibrary:
    """The notes, searchable; files that were left out are named, and so is having no text at all."""
    with screen.progress() as watch:
        live, _ = build_live(settings.knowledge, watch)
    library = live.now()
    for skipped in library.skipped:
        screen.warn(skipped)
    if not library.chunks:
        named = ", ".join(str(source) for source in settings.knowledge.sources)
        screen.warn(
            Text(en=f"There is no text in these notes: {named}.", zh=f"这些笔记里没有文字：{named}。")
        )
    return live


def search(settings: Settings, screen: Screen, query: str, *, limit: int, as_json: bool) -> None:
    """Hits for a query, or for each line of standard input where the query is ``-``."""
    live = _opened(settings, screen)
    stamps = Stamps(settings.assistant.stamps)

    def stamped(hit: Hit) -> list[Stamp]:
        if not stamps.are_there:
            return []
        from assistant.verifying.lookup import stamps_in

        return stamps_in(hit, live.now().notes, stamps)

    def found(asked: str) -> Json:
        return hits_json(live.latest().search(asked, limit=limit), screen.language, stamped)

    if query == "-":
        _answer_each("query", found, screen.language)
        return
    hits = live.now().search(query, limit=limit)
    if as_json:
        print_json({"id": None, **hits_json(hits, screen.language, stamped)})
    else:
        screen.hits(hits, stamped)


def ask(settings: Settings, screen: Screen, question: str, *, conversation: str = "", as_json: bool) -> None:
    """The answer to a question, or to each line of standard input where the question is ``-``.

    With a conversation (its id or title; a new one where there is none) the question goes on from what
    was said there, and is kept.
    """
    live = _opened(settings, screen)
    assistant = assistant_over(live, settings)
    talk = assistant.keeping.talks.find(conversation) if conversation else None
    name = talk.id if talk else " ".join(conversation.split())

    def answered(asked: str, tell: Tell = silent) -> Answer:
        live.latest()
        parts: list[Answer] = []
        given = assistant.keeping.ask(assistant.ask, name, asked) if name else assistant.ask(asked)
        for part in given:
            if isinstance(part, AnswerDone):
                parts.append(part.answer)
            elif isinstance(part, AnswerStep):
                tell(part.text)
        # Nobody comes back to a proposal made here: `docknotes run` takes the line itself.
        assistant.drop(c.proposal for c in parts[-1].commands if c.proposal)
        return parts[-1]

    if question == "-":
        _answer_each("question", lambda q: answer_json(answered(q), assistant.stamp), screen.language)
        return
    answer = answered(question, silent if as_json else screen.step)
    if as_json:
        print_json({"id": None, **answer_json(answer, assistant.stamp)})
    else:
        screen.answer(answer, assistant.stamp)


def plan(settings: Settings, screen: Screen, line: str, *, as_json: bool) -> int:
    """The verdict on one or several lines, or on each line of standard input; exit code 1 for a refusal."""
    from assistant.commands.explain import explain_plan
    from assistant.commands.review import review
    from assistant.commands.steps import review_steps
    from assistant.execution.engine import DockerEngine
    from assistant.execution.making import make_policy
    from assistant.hosting.effects import effects_of, look_at
    from assistant.hosting.host import Host

    config = settings.assistant
    policy = make_policy(config)

    def steps_of(written: str) -> Steps:
        return review_steps(
            written,
            lambda one: review(one, policy=policy, limits=config.limits, workspace=config.workspace),
        )

    engine = look_at(DockerEngine(config.engine))

    def look(verdict: Verdict) -> Effects | None:
        return effects_of(verdict.line, Host(), engine) if verdict.kind == "host" else None

    if line == "-":
        _answer_each("command", lambda one: steps_json(steps_of(one), screen.language, look), screen.language)
        return 0
    steps = steps_of(line)
    if as_json:
        print_json({"id": None, **steps_json(steps, screen.language, look)})
    else:
        screen.steps(steps, explain_plan, look)
    return 1 if steps.decision == "refuse" else 0


def index(settings: Settings, screen: Screen, *, as_json: bool, watch: bool = False) -> None:
    """Brings the index up to date and says what was done; with ``watch`` goes on doing so until Ctrl-C."""
    with screen.progress() as told:
        live, report = build_live(settings.knowledge, told)
    if as_json:
        print_json(index_json(report, str(live.now().folder)))
    else:
        _say_indexed(screen, report)
    if watch:
        from ui.cli.following import watch_index

        watch_index(live, screen, as_json=as_json)


def _say_indexed(screen: Screen, report: IndexReport) -> None:
    for skipped in report.skipped:
        screen.warn(skipped)
    screen.say(
        Text(
            en=f"{report.notes} notes, {report.chunks} chunks: {report.embedded} embedded, "
            f"{report.removed} removed, in {report.seconds:.1f} s.",
            zh=f"{report.notes} 篇笔记，{report.chunks} 个片段：新嵌入 {report.embedded} 个，"
            f"移除 {report.removed} 个，用时 {report.seconds:.1f} 秒。",
        )
    )


def _chroma(settings: Settings, language: Language) -> Json | None:
    """The Chroma server that keeps the index, without its password; None where a folder does."""
    if not settings.knowledge.chroma_url:
        return None
    from knowledge.chroma import reach_server

    address, problem = reach_server(settings.knowledge.chroma_url, settings.knowledge.chroma_token)
    said = problem.text.said_in(language) if problem else None
    return {"address": address, "reachable": problem is None, "problem": said}


def _model(settings: Settings) -> str | None:
    """The chat model that would read the notes, with its server; for `auto` the one found, or none."""
    model = build_model(settings.assistant)
    if model is None:
        return None
    return f"{model.name} ({model.address})" if model.address else model.name


def doctor(settings: Settings, screen: Screen, *, as_json: bool) -> None:
    """What is there and what is missing: versions, places, Engine, model."""
    from rich.cells import set_cell_size

    from assistant.errors import ExecutionError
    from assistant.execution.engine import DockerEngine
    from knowledge.index import index_folder

    packages = ("docknotes", "langchain", "chromadb", "sentence-transformers", "docker", "gradio", "torch")
    engine: EngineInfo | Text
    try:
        engine = DockerEngine(settings.assistant.engine).info()
    except ExecutionError as error:
        engine = error.text
    facts: Json = {
        "python": platform.python_version(),
        "packages": {name: version(name) for name in packages},
        "notes": [str(source) for source in settings.knowledge.sources],
        "index": str(index_folder(settings.knowledge)),
        "chroma": _chroma(settings, screen.language),
        "embedding": settings.knowledge.embedding,
        "cache": str(settings.knowledge.cache),
        "ledger": str(settings.assistant.ledger),
        "workspace": str(settings.assistant.workspace),
        "model": _model(settings),
        "engine": {
            "address": settings.assistant.engine,
            "reachable": isinstance(engine, EngineInfo),
            "version": engine.version if isinstance(engine, EngineInfo) else None,
            "problem": engine.said_in(screen.language) if isinstance(engine, Text) else None,
        },
    }
    if as_json:
        print_json(facts)
        return
    for name, value in facts.items():
        shown = value
        if name == "chroma" and value:
            shown = f"{value['address']} {value['problem'] or ''}"
        elif name == "engine":
            shown = value["version"] or value["problem"]
        elif name == "packages":
            shown = ", ".join(f"{package} {number}" for package, number in value.items())
        elif name == "notes":
            shown = ", ".join(value)
        label = _LABELS[name].said_in(screen.language)
        screen.say(f"{set_cell_size(label, 10)} {shown if shown is not None else '-'}")


_LABELS = {
    "python": Text("python", "Python"),
    "packages": Text("packages", "软件包"),
    "notes": Text("notes", "笔记"),
    "index": Text("index", "索引"),
    "chroma": Text("chroma", "Chroma"),
    "embedding": Text("embedding", "嵌入模型"),
    "cache": Text("cache", "缓存"),
    "ledger": Text("ledger", "运行记录"),
    "workspace": Text("workspace", "工作区"),
    "model": Text("model", "聊天模型"),
    "engine": Text("engine", "引擎"),
}

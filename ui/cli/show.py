"""Values to lines on a terminal. Text from notes and containers is data: its escapes are taken out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markdown import Markdown
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from assistant.execution.clean import clean
from assistant.hosting.values import Effects
from assistant.values import Answer, Command, GpuReport, Rung, Steps, Verdict
from assistant.verifying.texts import stamp_text
from assistant.verifying.values import Stamp
from knowledge.language import Language, Text
from knowledge.values import Hit
from ui.build import Watch
from ui.web.words import EFFECTS, ORIGINS, RUNG_STATES, VERDICTS, WRITTEN_BY

_INDEXING = Text(en="Indexing notes", zh="正在为笔记建立索引")


class Screen:
    """Prints in one language; Markdown is drawn on a terminal and left as it is in a pipe."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language
        self._out = Console(markup=False, highlight=False, emoji=False, soft_wrap=True)
        self._err = Console(stderr=True, markup=False, highlight=False, emoji=False, soft_wrap=True)

    def say(self, text: Text | str) -> None:
        """A line for the person, on standard output."""
        self._out.print(text if isinstance(text, str) else text.said_in(self.language))

    def warn(self, text: Text | str) -> None:
        """A line for the person, on standard error."""
        self._err.print(clean(text if isinstance(text, str) else text.said_in(self.language)))

    def step(self, text: Text) -> None:
        """What a chat model does on the way, in one line on standard error."""
        self.warn(f"→ {text.said_in(self.language)}")

    def asks(self, question: Text) -> bool:
        """Whether the person at the terminal says yes; no where nobody is there."""
        if not sys.stdin.isatty():
            return False
        try:
            return self._out.input(question.said_in(self.language)).strip().lower() in {"y", "yes", "是"}
        except EOFError:
            return False

    def raw(self, text: str, *, error: bool = False) -> None:
        """A container's output as it came, without a line end of ours."""
        stream = sys.stderr if error else sys.stdout
        stream.write(text)
        stream.flush()

    def markdown(self, text: str, *, links: bool = True) -> None:
        """Markdown, drawn where a person looks at it; ``links`` False: with none that can be followed."""
        shown = clean(text)
        self._out.print(Markdown(shown, hyperlinks=links) if self._out.is_terminal else shown)

    @contextmanager
    def progress(self) -> Iterator[Watch]:
        """Progress bars on standard error that appear once there is something to wait for."""
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(compact=True),
        )
        bar = Progress(*columns, console=self._err)
        try:
            task = bar.add_task(_INDEXING.said_in(self.language), total=None, visible=False)

            def update(done: int, total: int) -> None:
                if total:
                    bar.start()
                bar.update(task, completed=done, total=total, visible=total > 0)

            unpacking = bar.add_task("", total=None, visible=False)

            def step(what: Text, done: int, total: int) -> None:
                said = what.said_in(self.language)
                bar.start()
                bar.update(unpacking, description=said, completed=done, total=total, visible=True)

            yield Watch(update, step, self.warn)
        finally:
            if bar.live.is_started:
                bar.stop()

    def answer(self, answer: Answer, stamp_of: Callable[[Command], Stamp | None] = lambda _: None) -> None:
        """An answer, the places it rests on, and the verdict on each command."""
        language = answer.language
        if answer.notice:
            self.warn(answer.notice.said_in(language))
        self.markdown(answer.text, links=answer.model is None)
        for flag in answer.flags:
            self.say(clean(f"! {flag.sentence}\n  {flag.why.said_in(language)}"))
        if answer.citations:
            self.say("")
        for c in answer.citations:
            self.say(clean(f"[{c.n}] {c.note}:{c.first_line}-{c.last_line}  {' > '.join(c.headings)}"))
        for suggested in answer.commands:
            command = suggested.command
            verdict = suggested.verdict
            origin = ORIGINS[str(command.origin)].said_in(language)
            self.say(
                clean(
                    f"\n$ {command.text}\n  ({origin}; {VERDICTS[str(verdict.decision)].said_in(language)})"
                )
            )
            for reason in verdict.reasons:
                self.say(f"  - {clean(reason.text.said_in(language))}")
            if (stamp := stamp_of(command)) is not None:
                self.say(f"  - {stamp_text(stamp).said_in(language)}")
        if answer.model:
            self.say("\n" + clean(WRITTEN_BY.said_in(language).format(model=answer.model)))

    def verdict(self, verdict: Verdict, explained: Text) -> None:
        """What a line would do, what the policy says, and what the sandbox changes."""
        language = self.language
        self.say(clean(f"$ {verdict.line}\n{VERDICTS[str(verdict.decision)].said_in(language)}"))
        for reason in verdict.reasons:
            if verdict.plan is None or reason.text != explained:  # which comes below
                self.say(f"- {clean(reason.text.said_in(language))}")
        if verdict.suggestion:
            meant = Text(en="Did you mean: {line}", zh="你是不是想写：{line}").said_in(language)
            self.say(clean(meant.format(line=verdict.suggestion)))
        if verdict.plan is None:
            return
        self.say("\n" + clean(explained.said_in(language)))
        if verdict.changes:
            self.say(Text(en="\nThe sandbox changes:", zh="\n沙箱会改动："))
        for change in verdict.changes:
            why = change.why.said_in(language)
            self.say(clean(f"- {change.key}: {change.written or '-'} -> {change.run}  ({why})"))

    def steps(
        self,
        steps: Steps,
        explain: Callable[[Verdict], Text],
        look: Callable[[Verdict], Effects | None] = lambda _: None,
    ) -> None:
        """Each of several commands with its verdict, then what they come to; a single one as ever."""
        for number, verdict in enumerate(steps.steps, 1):
            if len(steps.steps) > 1:
                self.say(Text(en=f"Step {number}", zh=f"第 {number} 步"))
            self.verdict(verdict, explain(verdict))
            self.effects(look(verdict))
            if len(steps.steps) > 1:
                self.say("")
        if len(steps.steps) > 1:
            decision = VERDICTS[str(steps.decision)]
            self.say(
                Text(
                    en=f"All {len(steps.steps)} steps together: {decision.en}",
                    zh=f"全部 {len(steps.steps)} 步合计：{decision.zh}",
                )
            )

    def effects(self, effects: Effects | None) -> None:
        """What a line for a shell wants, and whether it is so already."""
        for effect in effects.each if effects else ():
            state = EFFECTS[effect.state].said_in(self.language)
            what, seen = effect.what.said_in(self.language), effect.evidence.said_in(self.language)
            wanted = Text(f"- Wanted: {what} {state} ({seen})", f"- 想要的结果：{what}{state}（{seen}）")
            self.say(clean(wanted.said_in(self.language)))

    def hits(self, hits: list[Hit], stamped: Callable[[Hit], list[Stamp]] = lambda _: []) -> None:
        """Hits with their place and text, and how the commands in them went when they were tried."""
        if not hits:
            self.say(Text(en="Nothing found.", zh="没有找到。"))
        for hit in hits:
            c = hit.chunk
            place = f"{c.note}:{c.first_line}-{c.last_line}  {' > '.join(c.headings)}  ({hit.score:.2f})"
            self.say(clean(f"{place}\n{c.text}"))
            for stamp in stamped(hit):
                self.say(clean(f"  $ {stamp.command}: {stamp_text(stamp).said_in(self.language)}"))
            self.say("")

    def rung(self, rung: Rung) -> None:
        """One step of the GPU ladder."""
        language = self.language
        self.say(f"{rung.number}. {rung.name.said_in(language)}: {RUNG_STATES[rung.state].said_in(language)}")
        for line in clean(rung.evidence).strip().splitlines()[:12]:
            self.say(f"     {line}")
        for text in (rung.cause, rung.advice):
            if text:
                self.say(f"   {clean(text.said_in(language))}")

    def gpu(self, report: GpuReport) -> None:
        """What the ladder comes to."""
        if report.works:
            self.say(
                Text(
                    en=f"The GPU works: computed on {report.computed_on}.",
                    zh=f"GPU 可用：已在 {report.computed_on} 上完成计算。",
                )
            )
        else:
            self.say(Text(en="No GPU was proved to work.", zh="没有证实任何 GPU 可用。"))

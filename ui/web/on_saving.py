"""Saving to the notes from the page: the file, then the difference, then the person's yes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath

from assistant.errors import AssistantError
from assistant.keeping.as_section import answer_section, correction_section, run_section
from assistant.keeping.saving import Saved
from assistant.keeping.talks import as_title
from assistant.values import Command, Run
from knowledge.errors import KnowledgeError
from knowledge.language import Text
from ui.web import words_keeping as words
from ui.web.act import Act
from ui.web.facade import AssistantView
from ui.web.saving import Saving
from ui.web.session import Session

MOST_OFFERED = 300


@dataclass(frozen=True, slots=True)
class _Subject:
    """What is saved: its title and body as a section, and the note it belongs to, where there is one."""

    title: str
    body: str
    note: str = ""
    correction: Command | None = None


def press(session: Session, act: Act, assistant: AssistantView) -> None:
    """Carries out a press on saving something; anything unknown is nothing."""
    key, do = act.text("key"), act.text("do")
    subject = _subject(key, session, assistant)
    if subject is None or do == "save-cancel":
        session.savings.pop(key, None)
        return
    saving = session.savings.get(key)
    try:
        if saving is None or do == "save":
            session.savings[key] = saving = _begun(subject, assistant)
            _mend(saving, subject, assistant)
            return
        saving.message = None
        if do == "save-section":
            saving.draft, saving.is_mend = None, False
        elif do == "save-draft":
            _draft(saving, subject, act.texts("fields"), assistant)
        elif do == "save-write" and saving.draft is not None:
            saving.done = _told(assistant.saver.save(saving.draft))
            saving.draft = None
    except (AssistantError, KnowledgeError) as error:
        if saving is not None:
            saving.draft, saving.is_mend, saving.message = None, False, error.text


def _begun(subject: _Subject, assistant: AssistantView) -> Saving:
    files = tuple(assistant.saver.files())[:MOST_OFFERED]
    file = subject.note if subject.note in files else files[0] if len(files) == 1 else ""
    outline = assistant.library.outline()
    headings = dict.fromkeys(s.headings[-1] for s in outline if s.note in files and s.headings)
    return Saving(subject.title, file=file, files=files, headings=tuple(headings)[:MOST_OFFERED])


def _mend(saving: Saving, subject: _Subject, assistant: AssistantView) -> None:
    if subject.correction is not None:
        saving.draft = assistant.saver.mended(subject.correction, assistant.library.notes)
        saving.is_mend = saving.draft is not None


def _draft(saving: Saving, subject: _Subject, fields: list[str], assistant: AssistantView) -> None:
    title, file, under, *_ = (" ".join(field.split()) for field in (*fields, "", "", ""))
    title, under = title.lstrip("# "), under.lstrip("# ")  # as they stand in the file
    saving.title, saving.file, saving.under, saving.draft = title or subject.title, file, under, None
    if not file:
        saving.message = words.NAME_A_FILE
        return
    if not PurePath(file).suffix:
        saving.file = file = f"{file}.md"
    saving.draft = assistant.saver.draft(file, saving.title, subject.body, under=under)


def _told(saved: Saved) -> Text:
    """What became of it, in words."""
    if saved.trouble is not None:
        text = words.SAVED_NOT_INDEXED
    else:
        text = words.SAVED if saved.is_indexed else words.SAVED_UNREAD
    named: Mapping[str, object] = {"file": saved.path}
    parts = [Text(text.en.format(**named), text.zh.format(**named))]
    parts += [saved.trouble] if saved.trouble is not None else []
    if saved.backup is not None:
        kept = words.BACKUP
        parts.append(Text(kept.en.format(file=saved.backup), kept.zh.format(file=saved.backup)))
    return Text(" ".join(part.en for part in parts), "".join(part.zh for part in parts))


def _subject(key: str, session: Session, assistant: AssistantView) -> _Subject | None:
    what, _, name = key.partition("-")
    exchange, card = session.exchange(name), session.card(name)
    if what == "answer" and exchange is not None and exchange.answer is not None:
        answer = exchange.answer
        note = next((citation.note for citation in answer.citations), "")
        return _Subject(as_title(answer.question), answer_section(answer, answer.language), note)
    if what == "run" and (run := next((r for r in _runs(session, assistant) if r.id == name), None)):
        return _Subject(as_title(run.command), run_section(run, session.language))
    if what == "correction" and card is not None and card.is_corrected:
        command = card.command
        body = correction_section(command, card.language)
        return _Subject(as_title(command.text), body, command.note or "", command)
    return None


def _runs(session: Session, assistant: AssistantView) -> Iterator[Run]:
    for exchange in session.exchanges:
        yield from (card.ended for card in exchange.cards if card.ended is not None)
    yield from assistant.runs()

"""Errors of the assistant side.

AssistantError
  ModelError                  the chat model cannot be reached or failed
  CommandError                a line that is no plan
    CommandSyntaxError        not a docker line as the docker CLI would take it
      UnreadableFileError     it names a file that is not there to be read
    UnsupportedCommandError   a docker line this version does not carry out
  PolicyError                 a policy file that cannot be used
  RefusedPlanError            run without an approval that fits, or of a refused plan
  ExecutionError              the Engine could not do it
    EngineUnavailableError    no Engine answers
    ImageUnavailableError     the image is not here and cannot be pulled
    ObjectMissingError        no such container, volume or network
    SandboxLostError          the container went away under a run
    BusyError                 as many runs wait as may
  LedgerError                 the record of runs cannot be read or written
  KeepingError                conversations or other things kept cannot be read, found or written
"""

from __future__ import annotations

from knowledge.language import Text


class AssistantError(Exception):
    """Base of all errors of the assistant side; carries its message in both languages."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


class ModelError(AssistantError):
    """The chat model cannot be reached, is not configured right, or failed while answering."""


class CommandError(AssistantError):
    """A line that is no plan; ``word`` is the part at fault, ``suggestion`` a mended line."""

    def __init__(self, text: Text, *, word: str = "", suggestion: str | None = None) -> None:
        super().__init__(text)
        self.word = word
        self.suggestion = suggestion


class CommandSyntaxError(CommandError):
    """The docker CLI would not take the line."""


class UnreadableFileError(CommandSyntaxError):
    """A file that the line names cannot be read here; the line itself may be right."""


class UnsupportedCommandError(CommandError):
    """The docker CLI takes the line, the sandbox does not carry it out."""


class RefusedPlanError(AssistantError):
    """A plan that is refused, or that waits for an approval which was not given or does not fit."""


class PolicyError(AssistantError):
    """A policy file that cannot be read, or that holds what a policy cannot hold."""


class ExecutionError(AssistantError):
    """The Engine could not do what the plan says."""


class EngineUnavailableError(ExecutionError):
    """No Engine answers at the configured address."""


class ImageUnavailableError(ExecutionError):
    """The image is not on the Engine and could not be pulled."""


class ObjectMissingError(ExecutionError):
    """There is no container, volume or network of that name or id."""


class SandboxLostError(ExecutionError):
    """The container of a run, or the connection to it, went away before its end was seen."""


class BusyError(ExecutionError):
    """As many runs go on and wait as may; nothing was begun."""


class LedgerError(AssistantError):
    """The record of runs cannot be read or written."""


class KeepingError(AssistantError):
    """Something that is kept (a conversation, a gap, a section to save) cannot be read, found or written."""

"""Which images are ours. Whoever builds an image labels it as they like, so only the ledger tells."""

from __future__ import annotations

from assistant.execution.ledger import Ledger
from assistant.values import Operation, Run, Touched

RENAMED = "meant another image before"
"""Stands in the output of a run that took a name from another image."""


class MadeImages:
    """Tells the images that runs on one Engine made from others, by id and name; the ledger is asked once.

    An image we made that somebody gave another name is ours under the name we gave it, and only there.
    """

    def __init__(self, ledger: Ledger, address: str) -> None:
        self._ledger = ledger
        self._address = address
        self._known: frozenset[tuple[str, str]] | None = None

    def __call__(self, image: Touched) -> bool:
        """Whether an image is ours.

        Raises:
            LedgerError: the record of runs cannot be read.
        """
        if self._known is None:
            self._known = frozenset(
                (created.id, full_name(created.name))
                for run in self._ledger.that_made("image")
                if run.engine.rpartition(" ")[0] == self._address
                for created in run.created
                if created.kind == "image"
            )
        nameless = image.name in {"", short_id(image.id)}
        return (image.id, "" if nameless else full_name(image.name)) in self._known


def makes_image(operation: Operation) -> bool:
    """Whether a request makes images here; a pull only brings them."""
    return operation.path in {"/commit", "/images/load", "/build"} or "fromSrc" in operation.query


def gives_names(run: Run) -> bool:
    """Whether a run gave names to images, other than by a pull."""
    return any(makes_image(operation) or operation.path.endswith("/tag") for operation in run.operations)


def full_name(name: str) -> str:
    """A name of an image with registry and tag, so that two spellings of one name are equal."""
    from assistant.commands.change_plans import spelt_out
    from assistant.commands.references import parse_reference
    from assistant.errors import CommandSyntaxError

    try:
        return spelt_out(parse_reference(name)) if name else ""
    except CommandSyntaxError:
        return name


def short_id(image: str) -> str:
    """The first twelve digits of an image's id, as docker's client shows it."""
    return image.removeprefix("sha256:")[:12]

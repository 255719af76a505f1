"""Where a chat model's work waits for the person: LangGraph's checkpoints in one SQLite file."""

from __future__ import annotations

import os
import sqlite3
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import ModelError
from knowledge.language import Text

if TYPE_CHECKING:
    from langgraph.checkpoint.sqlite import SqliteSaver

_BUSY_SECONDS = 10.0


class Checkpoints:
    """The checkpoints, opened at the first use; the file is its owner's alone."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._saver: SqliteSaver | None = None

    @property
    def is_there(self) -> bool:
        """Whether anything was ever kept."""
        return self._saver is not None or self._path.exists()

    def saver(self) -> SqliteSaver:
        """LangGraph's checkpointer over the file.

        Raises:
            ModelError: the file cannot be opened or made.
        """
        with self._lock:
            if self._saver is None:
                self._saver = self._opened()
            return self._saver

    def threads(self) -> list[str]:
        """The work that waits, oldest first."""
        saver = self.saver()
        with saver.cursor(transaction=False) as cursor:
            cursor.execute(
                "SELECT thread_id, MAX(checkpoint_id) FROM checkpoints GROUP BY thread_id ORDER BY 2"
            )
            return [str(row[0]) for row in cursor.fetchall()]

    def forget(self, thread: str) -> None:
        """Removes everything of one work; nothing happens where there is none."""
        self.saver().delete_thread(thread)

    def close(self) -> None:
        """Closes the file."""
        with self._lock:
            if self._saver is not None:
                self._saver.conn.close()
                self._saver = None

    def _opened(self) -> SqliteSaver:
        from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
        from langgraph.checkpoint.sqlite import SqliteSaver

        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
            connection = sqlite3.connect(self._path, timeout=_BUSY_SECONDS, check_same_thread=False)
            # Only the types that the library itself keeps there are made again when they are read.
            saver = SqliteSaver(connection, serde=JsonPlusSerializer(allowed_msgpack_modules=None))
            saver.setup()
        except (OSError, sqlite3.Error) as error:
            raise ModelError(
                Text(
                    f"{self._path} cannot be opened ({error}). Delete it, or set DOCKNOTES_HOME to a folder "
                    "of yours.",
                    f"无法打开 {self._path}（{error}）。请删除它，"
                    "或把 DOCKNOTES_HOME 设为你有权写入的文件夹。",
                )
            ) from error
        return saver

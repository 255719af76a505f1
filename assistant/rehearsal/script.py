"""The program that goes through the lines within the container, and what it says on the way. Pure.

The program is the same for all lines; they are handed to it as arguments, each as it stands. After each
it writes a mark with a number drawn for this rehearsal. What runs in the container could read that number
and write marks of its own: they tell how lines went, and decide nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.rehearsal.values import LineBegun, LineEnded
from assistant.values import Output

# A line with an open quote is found before it is entered: `eval` of it would end some shells.
# The container's user is root already; `sudo` is seldom in an image, and stands here for the plain command.
SCRIPT = """\
exec 2>&1 </dev/null
sudo() {
  while [ $# -gt 0 ]; do
    case "$1" in
      -u|-g|-h|-p|--user|--group) shift; [ $# -eq 0 ] || shift ;;
      --) shift; break ;;
      -*) shift ;;
      *) break ;;
    esac
  done
  case "${1-}" in
    '') return 0 ;;
    *=*) env "$@" ;;
    *) "$@" ;;
  esac
}
export DEBIAN_FRONTEND=noninteractive USER=root HOME=/root
docknotes_mark=$1
docknotes_n=0
shift
for docknotes_line in "$@"; do
  printf '::%s begin %d 0\\n' "$docknotes_mark" "$docknotes_n"
  if sh -n -c "$docknotes_line"; then
    eval "$docknotes_line"
  else
    (exit 2)
  fi
  printf '\\n::%s end %d %d\\n' "$docknotes_mark" "$docknotes_n" "$?"
  docknotes_n=$((docknotes_n + 1))
done
exit 0
"""


def arguments(mark: str, lines: Sequence[str]) -> list[str]:
    """What ``sh`` is started with: the program, and the lines as data."""
    return ["-c", SCRIPT, "rehearsal", mark, *lines]


class Marks:
    """Tells the program's marks from what the lines wrote, in output that comes in pieces."""

    def __init__(self, mark: str) -> None:
        self._mark = re.compile(rf"\n?::{re.escape(mark)} (begin|end) (\d+) (\d+)\n")
        self._head = f"\n::{mark} "
        self._longest = len(self._head) + 24
        self._held = ""

    def feed(self, text: str) -> Iterator[Output | LineBegun | LineEnded]:
        """What is certain by now."""
        self._held += text
        while found := self._mark.search(self._held):
            if found.start() and found[1] == "end":
                yield Output(self._held[: found.start()].removesuffix("\n") + "\n")
            elif found.start():
                yield Output(self._held[: found.start()])
            self._held = self._held[found.end() :]
            n, code = int(found[2]), int(found[3])
            yield LineBegun(n) if found[1] == "begin" else LineEnded(n, code)
        keep = self._open_end()
        shown, self._held = self._held[: len(self._held) - keep], self._held[len(self._held) - keep :]
        if shown:
            yield Output(shown)

    def finish(self) -> Iterator[Output]:
        """What was held back, at the end."""
        held, self._held = self._held, ""
        if held.strip():
            yield Output(held)

    def _open_end(self) -> int:
        """How many characters at the end may be the beginning of a mark."""
        tail = self._held[-self._longest :]
        for start in range(len(tail)):
            rest = tail[start:]
            if rest[0] in "\n:" and (
                self._head.startswith(rest)
                or self._head[1:].startswith(rest)
                or rest.startswith((self._head, self._head[1:]))
            ):
                return len(rest)
        return 0

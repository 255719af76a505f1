"""What is said to a person when the Engine cannot be reached or says no. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from assistant.diagnosis.matching import match_text
from assistant.diagnosis.rules import RULES
from assistant.diagnosis.values import Speaker
from assistant.execution.clean import clean
from knowledge.language import Text

Unreachable = Literal[
    "no_socket", "denied", "refused", "timeout", "broken", "certificates", "ssh", "old", "other"
]

_WHY: dict[Unreachable, Text] = {
    "no_socket": Text(
        "there is no socket there. Docker is probably not installed or not started. Try "
        "`sudo systemctl start docker` (Docker Desktop: open it), or set DOCKNOTES_ENGINE to another "
        "address.",
        "那里没有套接字，Docker 多半还没有安装或没有启动。请试试 `sudo systemctl start docker`"
        "（使用 Docker Desktop 请先打开它），或用 DOCKNOTES_ENGINE 指定别的地址。",
    ),
    "denied": Text(
        "this user may not use the socket. Add yourself to the docker group with "
        "`sudo usermod -aG docker $USER`, then log out and in again.",
        "当前用户没有使用该套接字的权限。请运行 `sudo usermod -aG docker $USER` 把自己加入 docker 组，"
        "然后注销并重新登录。",
    ),
    "refused": Text(
        "the connection was refused: nothing listens there. Start the Docker daemon "
        "(`sudo systemctl start docker`) or check the address.",
        "连接被拒绝：那里没有程序在监听。请启动 Docker 守护进程（`sudo systemctl start docker`），"
        "或检查地址是否正确。",
    ),
    "timeout": Text(
        "it did not answer in time. The daemon may be overloaded, or the address is not reachable from here.",
        "它没有在规定时间内应答。守护进程可能负载过高，或者从这里无法访问该地址。",
    ),
    "broken": Text(
        "the connection broke off. The daemon may have been stopped or restarted; check it and try again.",
        "连接中断了。守护进程可能被停止或重启；请检查后再试一次。",
    ),
    "certificates": Text(
        "the TLS certificates do not fit. The folder must hold ca.pem, cert.pem and key.pem for this Engine.",
        "TLS 证书不匹配。证书目录里应有这个 Engine 的 ca.pem、cert.pem 和 key.pem。",
    ),
    "ssh": Text(
        "an ssh address needs the paramiko package (`pip install paramiko`) and a key that works without "
        "a password.",
        "ssh 地址需要 paramiko 包（`pip install paramiko`）以及无需输入密码即可登录的密钥。",
    ),
    "old": Text(
        "its API is older than the Docker SDK supports. Docker 19.03 or later is needed.",
        "它的 API 版本太旧，Docker SDK 已不支持。需要 Docker 19.03 或更新的版本。",
    ),
    "other": Text(
        "the answer could not be used. Check that a Docker Engine is at this address.",
        "无法使用它的应答。请确认该地址上确实是 Docker Engine。",
    ),
}


def unavailable(address: str, why: Unreachable) -> Text:
    """Why the Engine at an address cannot be used, and what to try."""
    reason = _WHY[why]
    return Text(
        f"No Docker Engine answers at {address}: {reason.en}",
        f"{address} 上没有 Docker Engine 应答：{reason.zh}",
    )


def why_unreachable(error: BaseException, address: str) -> Unreachable:
    """The kind of fault behind an error of the connection, found in the chain of its causes."""
    kinds: tuple[tuple[type[BaseException], Unreachable], ...] = (
        (FileNotFoundError, "no_socket"),
        (PermissionError, "denied"),
        (ConnectionRefusedError, "refused"),
        (TimeoutError, "timeout"),
        (ConnectionError, "broken"),
    )
    chain = list(causes(error))
    if any("certificate" in str(link).lower() for link in chain):
        return "certificates"
    for kind, why in kinds:
        if any(isinstance(link, kind) for link in chain):
            return why
    if any("Timeout" in type(link).__name__ for link in chain):
        return "timeout"
    if address.startswith("ssh://"):
        return "ssh"
    named = {type(link).__name__ for link in chain}
    return "broken" if named & {"ProtocolError", "ChunkedEncodingError", "IncompleteRead"} else "other"


def causes(error: BaseException) -> Iterator[BaseException]:
    """An error, its causes and the errors it carries as arguments, each once."""
    seen, waiting = set[int](), [error]
    while waiting:
        link = waiting.pop()
        if id(link) in seen:
            continue
        seen.add(id(link))
        yield link
        carried = [*link.args, link.__cause__, link.__context__, getattr(link, "reason", None)]
        waiting += [item for item in carried if isinstance(item, BaseException)]


_ENGINE: tuple[Speaker, ...] = ("engine",)
_SAID_AT_MOST = 2_000


def one_line(words: str, at_most: int = _SAID_AT_MOST) -> str:
    """Words of an Engine or a registry, fit to be shown: cleaned, on one line, not too long.

    A registry or an image writes part of them, so they are data as a container's output is.
    """
    line = " ".join(clean(words[: 2 * at_most]).split())
    return line if len(line) <= at_most else f"{line[: at_most - 1]}…"


def said_no(message: str) -> Text:
    """The Engine's own words, marked as such, with what helps where that is known."""
    said = one_line(message) or "(no message)"
    match = match_text(said, RULES, _ENGINE)
    if match is None:
        return Text(f"The Engine said: {said}", f"Engine 返回：{said}")
    what, advice = match.rule.what, match.rule.advice
    return Text(f"{what.en} {advice.en} The Engine said: {said}", f"{what.zh}{advice.zh}Engine 返回：{said}")


def missing(message: str) -> Text:
    """There is no such object."""
    message = one_line(message)
    return Text(
        f"There is no such object on the Engine; `docker ps -a` and `docker images` list what there is. "
        f"The Engine said: {message}",
        f"Engine 上没有这个对象；可以用 `docker ps -a` 和 `docker images` 查看现有的对象。"
        f"Engine 返回：{message}",
    )


def image_unavailable(reference: str, message: str) -> Text:
    """The image is not here and could not be fetched; tells a network fault from a wrong name."""
    reference, message = one_line(reference), one_line(message)
    low = message.lower()
    if any(
        word in low for word in ("no such host", "dial tcp", "timeout", "connection refused", "tls handshake")
    ):
        return Text(
            f"The image {reference} is not on the Engine, and the Engine cannot reach the registry to pull "
            f"it. Check the Engine's network, proxy or registry mirror, or load the image from a file with "
            f"`docker load`. The Engine said: {message}",
            f"Engine 上没有镜像 {reference}，而且 Engine 连不上镜像仓库，无法拉取。"
            f"请检查 Engine 的网络、代理或镜像加速器，或者用 `docker load` 从文件载入镜像。"
            f"Engine 返回：{message}",
        )
    if any(
        word in low for word in ("denied", "not found", "does not exist", "manifest unknown", "unauthorized")
    ):
        return Text(
            f"There is no image {reference} to pull: the name or tag is wrong, or it is private and needs a "
            f"login. The Engine said: {message}",
            f"拉取不到镜像 {reference}：名称或标签有误，或者它是私有镜像、需要登录。Engine 返回：{message}",
        )
    return Text(
        f"The image {reference} could not be pulled. The Engine said: {message}",
        f"无法拉取镜像 {reference}。Engine 返回：{message}",
    )


def image_not_here(message: str) -> Text:
    """There is no such image on the Engine; the name stands in the Engine's own words."""
    message = one_line(message)
    return Text(
        f"The image is not on the Engine. `docker images` lists what is there. The Engine said: {message}",
        f"Engine 上没有这个镜像。可以用 `docker images` 查看已有镜像。Engine 返回：{message}",
    )

"""``auto``: a chat model that is on this machine already. Nothing but this machine is asked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from ipaddress import ip_address
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, build_opener

OLLAMA = "http://127.0.0.1:11434"
"""Where Ollama listens of itself. Its variable OLLAMA_HOST is not looked at: it may name another machine.

Source: Ollama's FAQ."""

_WAIT_SECONDS = 2.0
_NO_CHAT = ("bert", "embed")  # families and names of models that only embed


def find_ollama(address: str = OLLAMA) -> str | None:
    """``ollama:name`` of the chat model that was changed last; None where no Ollama with one answers."""
    opener = build_opener(ProxyHandler({}))  # a proxy of the environment is another machine
    try:
        with opener.open(f"{address}/api/tags", timeout=_WAIT_SECONDS) as response:
            listed = json.loads(response.read(1_000_000))
    except (URLError, OSError, ValueError):
        return None
    models = listed.get("models") if isinstance(listed, dict) else None
    names = _chat_models(models if isinstance(models, list) else [])
    return f"ollama:{names[0]}" if names else None


def _chat_models(models: Sequence[Any]) -> list[str]:
    """Names of the models that chat, the one changed last first."""
    known = [model for model in models if isinstance(model, dict) and isinstance(model.get("name"), str)]
    chats = [model for model in known if not any(part in _family(model) for part in _NO_CHAT)]
    return [m["name"] for m in sorted(chats, key=lambda m: str(m.get("modified_at", "")), reverse=True)]


def _family(model: dict[str, Any]) -> str:
    details = model.get("details")
    family = details.get("family", "") if isinstance(details, dict) else ""
    return f"{model['name']} {family}".lower()


def is_loopback(url: str | None) -> bool:
    """Whether an address is on this machine by its own wording; names are not looked up."""
    host = urlsplit(url).hostname if url else None
    if host is None:
        return False
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")

"""Stands before every route: only this machine's person, from this page, gets through.

Gradio's own endpoints answer whoever can reach the port, and accept any Host and Origin. So
each request needs, in this order: a loopback Host with our own port (DNS rebinding), no foreign
Origin (another page in the same browser), a path the page needs (no uploads, no file serving, no
API listing), and the secret of this launch in a cookie (other programs on this machine).
"""

from __future__ import annotations

import secrets
from html import escape
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from knowledge.language import Language, Text
from ui.web import words

LANGUAGES: tuple[Language, ...] = ("en", "zh")
LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})
SAFE_METHODS = frozenset({"GET", "HEAD"})
PAGE_PATHS = frozenset({"/", "/config", "/theme.css", "/favicon.ico", "/gradio_api/theme.css"})
PAGE_PREFIXES = ("/assets/", "/static/", "/svelte/")
EVENT_PATHS = frozenset(
    {
        "/gradio_api/queue/join",
        "/gradio_api/queue/data",
        "/gradio_api/cancel",
        "/gradio_api/reset",
        "/gradio_api/startup-events",
        "/gradio_api/info",
        "/gradio_api/app_id",
    }
)
EVENT_PREFIXES = ("/gradio_api/heartbeat/",)
CONTENT_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; connect-src 'self'; object-src 'none'; frame-ancestors 'none'; "
    "form-action 'self'; base-uri 'self'"
)
HEADERS = {
    "content-security-policy": CONTENT_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}


class Gate:
    """ASGI middleware; streams pass through untouched."""

    def __init__(self, app: ASGIApp, *, secret: str) -> None:
        self._app = app
        self._secret = secret

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets a request through, or answers it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        answer = self._answer(scope)
        if answer is not None:
            await answer(scope, receive, _with_headers(send))
            return
        await self._app(scope, receive, _with_headers(send, _page_cookie(scope)))

    def _answer(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        if not _is_ours(headers.get("host", ""), scope):
            return PlainTextResponse("unknown host", status_code=400)
        if _is_foreign(headers, scope):
            return PlainTextResponse("foreign origin", status_code=403)
        if not _is_needed(scope["path"]):
            return PlainTextResponse("not found", status_code=404)
        if _same(_cookie(headers, cookie_name(scope)), self._secret):
            return None
        return self._enter(scope, headers)

    def _enter(self, scope: Scope, headers: Headers) -> Response:
        query = dict(parse_qsl(scope.get("query_string", b"").decode("latin-1")))
        is_page = scope["path"] == "/" and scope["method"] in SAFE_METHODS
        if not is_page:
            return PlainTextResponse("open the address printed in the terminal", status_code=401)
        if not _same(query.pop("token", ""), self._secret):
            return HTMLResponse(_page(words.REFUSED_PAGE_TITLE, words.REFUSED_PAGE), status_code=401)
        # A page that moves on by itself, not a 303: after a click in another site's page (a terminal
        # in the browser) a redirect would still count as that site's, and a strict cookie stays home.
        address = "/" + (f"?{urlencode(query)}" if query else "")
        response = HTMLResponse(_page(words.OPENING, None), headers={"refresh": f"0; url={address}"})
        response.headers["cache-control"] = "no-store"
        response.set_cookie(cookie_name(scope), self._secret, httponly=True, samesite="strict", path="/")
        return response


def cookie_name(scope: Scope) -> str:
    """Cookies are shared by all ports of a host, so the name carries ours."""
    return f"docknotes-{_port(scope)}"


def page_cookie_name(scope: Scope) -> str:
    """The cookie that tells one browser's conversation from another's."""
    return f"docknotes-page-{_port(scope)}"


def _page_cookie(scope: Scope) -> str | None:
    """The cookie to set with the page where the browser brings none: random, and known to no script."""
    name = page_cookie_name(scope)
    if scope["path"] != "/" or _cookie(Headers(scope=scope), name):
        return None
    return f"{name}={secrets.token_urlsafe(24)}; Path=/; HttpOnly; SameSite=Strict"


def _port(scope: Scope) -> int:
    server = scope.get("server") or ("", 0)
    return int(server[1] or 0)


def _is_ours(host: str, scope: Scope) -> bool:
    name, _, port = host.rpartition(":") if not host.endswith("]") else (host, "", "")
    if not name:
        name, port = host, ""
    return name.lower() in LOOPBACK_NAMES and (port or "80") == str(_port(scope))


def _is_foreign(headers: Headers, scope: Scope) -> bool:
    origin = headers.get("origin")
    if origin is not None and origin.lower() != f"http://{headers.get('host', '')}".lower():
        return True
    site = headers.get("sec-fetch-site", "none")
    if site in {"none", "same-origin"}:
        return False
    is_navigation = headers.get("sec-fetch-mode") == "navigate" and scope["path"] == "/"
    return not (is_navigation and scope["method"] in SAFE_METHODS)


def _is_needed(path: str) -> bool:
    return path in PAGE_PATHS | EVENT_PATHS or path.startswith(PAGE_PREFIXES + EVENT_PREFIXES)


def _cookie(headers: Headers, name: str) -> str:
    try:
        cookies = SimpleCookie(headers.get("cookie", ""))
    except CookieError:
        return ""
    return cookies[name].value if name in cookies else ""


def _same(given: str, secret: str) -> bool:
    return bool(secret) and secrets.compare_digest(given.encode(), secret.encode())


def _with_headers(send: Send, cookie: str | None = None) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            if cookie is not None:
                headers.append("set-cookie", cookie)
            for name, value in HEADERS.items():
                headers[name] = value
            if "access-control-allow-origin" in headers:
                del headers["access-control-allow-origin"]
        await send(message)

    return sending


def _page(title: Text, body: Text | None) -> str:
    texts = [
        (language, title.said_in(language), body.said_in(language) if body else "") for language in LANGUAGES
    ]
    blocks = "".join(
        f'<section lang="{language}"><h1>{escape(head)}</h1><p>{escape(text)}</p></section>'
        for language, head, text in texts
    )
    style = (
        "body{font:16px/1.6 system-ui,'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif;"
        "max-width:34rem;margin:12vh auto;padding:0 1.25rem;color:#1f2a37;background:#f7f8fa}"
        "h1{font-size:1.15rem;margin:2rem 0 .3rem}p{margin:0}"
        "@media(prefers-color-scheme:dark){body{color:#dce3ea;background:#12181f}}"
    )
    return (
        '<!doctype html><html><head><meta charset="utf-8"><title>docknotes</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<style>{style}</style></head><body>{blocks}</body></html>"
    )

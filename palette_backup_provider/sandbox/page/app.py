"""The page as a web application, and who may ask it for what.

It has a server of its own: over plain http no browser warns of a certificate, no fault strikes it,
and the origin is its own.
"""

from collections.abc import Callable

from flask import Blueprint, Flask, render_template, request
from werkzeug.wrappers import Response

from palette_backup_provider.sandbox.json import Body
from palette_backup_provider.sandbox.palette.errors import Refusal
from palette_backup_provider.sandbox.proxy.conditions import Conditions
from palette_backup_provider.sandbox.proxy.faults import KINDS

_NAMES = ("127.0.0.1", "localhost")
_OURS = ("same-origin", "none")
"""What a browser says of requests by the page itself, and by the person at its address bar."""
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def page(tell: Callable[[], Body], controls: Blueprint, conditions: Conditions) -> Flask:
    """`GET /`, `GET /state` with what `tell` gives, and the control routes."""
    app = Flask(__name__)
    app.before_request(_refuse_strangers)
    app.after_request(_harden)
    app.register_error_handler(Refusal, lambda refusal: refusal.response())
    app.register_blueprint(controls)

    errors = [(name, code) for name, codes in conditions.errors.items() for code in codes]

    @app.get("/")
    def whole() -> str:
        return render_template("page.html", faults=KINDS, errors=errors)

    @app.get("/state")
    def state() -> Body:
        return tell()

    return app


def _refuse_strangers() -> None:
    """Refuse what another site has a browser ask. Only a link may lead here from there."""
    port = request.environ["SERVER_PORT"]
    if request.host not in [f"{name}:{port}" for name in _NAMES]:
        raise Refusal(421, "Misdirected", f"This server is {_NAMES[0]}:{port} and no other")
    if request.path == "/" and request.method == "GET":
        return
    if request.headers.get("Sec-Fetch-Site", "none") not in _OURS:
        raise Refusal(403, "Forbidden", "Another site asks for this")
    origin = request.headers.get("Origin")
    if origin != f"http://{request.host}" and (origin or request.method == "POST"):
        raise Refusal(403, "Forbidden", "Another origin asks for this, or none")


def _harden(answer: Response) -> Response:
    answer.headers.update(_HEADERS)
    return answer

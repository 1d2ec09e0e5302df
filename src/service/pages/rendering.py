"""One way to make a page: its language, its menu by role, its words; and what is shown when something fails."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from http import HTTPStatus
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

import msgspec
from litestar import MediaType, Request
from litestar.response import Redirect, Template

from service.enrolment.schemas import Language
from service.pages.words import WORDS
from service.problems import FieldProblem, answer_problem, problem_of
from service.security.roles import Actor, Role

Sent = TypeVar("Sent", bound=msgspec.Struct)
HERE = Path(__file__).parent
STATIC = HERE / "static"
TEMPLATES = HERE / "templates"
_STYLE_VERSION = hashlib.sha256((STATIC / "page.css").read_bytes()).hexdigest()[:12]
STYLE = f"/static/page.css?v={_STYLE_VERSION}"
"""The address of the stylesheet; it changes with its content, so that browsers may keep it for good."""

_PUBLIC = (("/", "public_lists"), ("/queues", "queues"), ("/places", "free_places"), ("/rules", "rules"))
_OFFICE = (("/work", "worklist"), ("/work/rounds", "rounds"), ("/work/rules", "rule_files"))
_MENUS: Mapping[Role, tuple[tuple[str, str], ...]] = {
    Role.PARENT: (("/my", "mine"), ("/my/new", "apply")),
    Role.LEARNER: (("/my", "mine"), ("/my/new", "apply")),
    Role.MFC: (("/work", "worklist"), ("/my/new", "apply")),
    Role.OFFICER: _OFFICE,
    Role.COMMISSION: _OFFICE,
    Role.MINISTRY: _OFFICE,
    Role.AUDITOR: _OFFICE,
}


def language_of(request: Request[Any, Any, Any]) -> Language:
    """Return the language asked for, or chosen before; Russian where none was."""
    asked = request.query_params.get("lang") or request.cookies.get("lang") or "ru"
    return "en" if asked == "en" else "ru"


def page(
    request: Request[Any, Any, Any], template: str, answer: HTTPStatus = HTTPStatus.OK, /, **parts: Any
) -> Template:
    """Return a page in the reader's language, with the menu of their role."""
    lang = language_of(request)
    actor: Actor = request.scope.get("user") or Actor()
    context = {
        "lang": lang,
        "w": WORDS[lang],
        "style": STYLE,
        "actor": actor,
        "menu": (*_PUBLIC, *_MENUS.get(actor.role, ())),
        "here": request.url.path,
        "languages": {code: _in_language(request, code) for code in ("ru", "en")},
        "done": request.query_params.get("done", ""),
        **parts,
    }
    made = Template(template, context=context, status_code=answer.value, media_type=MediaType.HTML)
    if "lang" in request.query_params:
        made.set_cookie("lang", lang, max_age=365 * 24 * 60 * 60, httponly=True, samesite="lax", path="/")
    return made


def _in_language(request: Request[Any, Any, Any], lang: str) -> str:
    """Return the address of the same page in another language."""
    kept = [(name, text) for name, text in request.query_params.multi_items() if name not in {"lang", "done"}]
    return f"{request.url.path}?{urlencode([*kept, ('lang', lang)])}"


def checked(made: Sent) -> Sent:
    """Return what a form has made, if it fits the bounds that the API has for it.

    Raises:
        ValidationError: it does not; the message names the field.

    """
    return msgspec.convert(msgspec.to_builtins(made, builtin_types=(date,)), type(made))


def done(address: str) -> Redirect:
    """Return to a page after something was done there, so that loading it again does nothing twice."""
    return Redirect(f"{address}{'&' if '?' in address else '?'}done=1", status_code=HTTPStatus.SEE_OTHER.value)


def show_failure(request: Request[Any, Any, Any], error: Exception) -> Template | Redirect:
    """Answer a page that failed with one that says what to do; the log gets what the API would tell."""
    document = problem_of(error, request.url.path)
    kind = document.type.rpartition(":")[2]
    if kind == "not-signed-in" and request.method == "GET":
        return Redirect("/sign-in", status_code=HTTPStatus.SEE_OTHER.value)
    status = answer_problem(request, error).status_code
    words = WORDS[language_of(request)]
    shown: list[FieldProblem] = document.errors if kind in {"bad-value", "not-possible", "conflict"} else []
    return page(
        request,
        "error.html",
        HTTPStatus(status or HTTPStatus.INTERNAL_SERVER_ERROR),
        message=words.get(f"error.{kind}", words["error.other"]),
        errors=shown,
        detail=document.detail if kind == "conflict" else "",
    )

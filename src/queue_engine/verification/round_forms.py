"""The forms of the lines of a round, and what is said about a line that has another (§9.2, §9.7)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from .encoding import EncodingError, read
from .events import is_day, is_digest, is_id, is_name
from .files import readable, texts
from .findings import short
from .round_model import Folder

LONGEST = 1 << 26  # bytes of a line: an order may hold every child of a city
_Test = Callable[[object], bool]


class Form(NamedTuple):
    """The parts a line has to have, those it may have, and what each has to be."""

    required: Mapping[str, tuple[_Test, str]]
    optional: Mapping[str, tuple[_Test, str]]


def _is_count(value: object) -> bool:
    return type(value) is int and value >= 0


def _is_number(value: object) -> bool:
    return type(value) is int and value > 0


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(type(item) is str for item in value)


def _is_tiers(value: object) -> bool:
    return isinstance(value, list) and all(_is_texts(item) and item for item in value)


def _is_passes(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(map(is_name, value)) and len(set(value)) == len(value)


def _is_service(value: object) -> bool:
    return value == "" or is_name(value)


def _is_true(value: object) -> bool:
    return value is True


def _is_one(value: object) -> bool:
    return type(value) is int and value == 1


def _is_reserve(value: object) -> bool:
    return isinstance(value, dict) and not wrong_parts(value, _RESERVE)


def _is_reserves(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_reserve, value))


def _one_of(*names: str) -> tuple[_Test, str]:
    return lambda value: isinstance(value, str) and value in names, " or ".join(names)


_ID = (is_id, "an ID")
_NAME = (is_name, "a NAME")
_COUNT = (_is_count, "an integer from 0")
_NUMBER = (_is_number, "an integer from 1")
_TEXT = (_is_text, "a text")
_TEXTS = (_is_texts, "a list of IDs")
_DIGEST = (is_digest, "a DIGEST")
_ONE = (_is_one, "1")
_KIND = (_is_text, "a kind of line")
_RESERVE = Form(
    {
        "reserve": _ID,
        "entitled": _TEXTS,
        "seats": _COUNT,
        "filled": _one_of("before_general", "after_general"),
        "unused": _one_of("general", "keep"),
    },
    {},
)
FREEZE_FORMS: Mapping[str, Form] = {
    "round": Form(
        {
            "kind": _KIND,
            "v": _ONE,
            "round": _NAME,
            "service": (_is_service, 'a NAME or ""'),
            "on": (is_day, "a DAY"),
            "rules": _DIGEST,
            "list": _DIGEST,
            "mechanism": _NAME,
            "passes": (_is_passes, "a list of at least one NAME, no two alike"),
        },
        {},
    ),
    "programme": Form(
        {
            "kind": _KIND,
            "programme": _ID,
            "pass": _NAME,
            "declared": _COUNT,
            "seats": _COUNT,
            "order": _TEXTS,
        },
        {
            "organisation": _TEXT,
            "norm": _COUNT,
            "withheld": _COUNT,
            "ground": _TEXT,
            "reserves": (_is_reserves, "a list of reserves as §9.2 has them"),
            "holders": _TEXTS,
            "flows_to": _ID,
            "interim": _one_of("temporary", "short_stay"),
            "until": (is_day, "a DAY"),
            "ties": _one_of("overfill", "underfill"),
            "tiers": (_is_tiers, "a list of lists of IDs, none of them empty"),
            "others": _TEXTS,
        },
    ),
    "applicant": Form({"kind": _KIND, "application": _ID, "wishes": _TEXTS}, {"others": _TEXTS}),
    "bundle": Form({"kind": _KIND, "members": _TEXTS}, {}),
}
"""The kinds of lines of freeze.jsonl, in the order in which they stand there."""
RESULT_FORMS: Mapping[str, Form] = {
    "result": Form({"kind": _KIND, "v": _ONE, "round": _NAME, "freeze": _DIGEST, "runs": _NUMBER}, {}),
    "cutoff": Form(
        {"kind": _KIND, "programme": _ID, "seats": _COUNT, "placed": _COUNT}, {"last": _ID, "position": _NUMBER}
    ),
    "placed": Form(
        {"kind": _KIND, "application": _ID, "programme": _ID, "wish": _NUMBER, "pass": _NAME, "seat": _ID},
        {"interim": (_is_true, "true, or left out")},
    ),
    "not_placed": Form({"kind": _KIND, "application": _ID}, {}),
}
"""The kinds of lines of result.jsonl; the last two stand for each other."""


def wrong_parts(content: Mapping[str, object], form: Form) -> list[str]:
    """Say which parts of a line are missing, not known, or not what they have to be.

    >>> wrong_parts({"kind": "bundle", "member": 1}, FREEZE_FORMS["bundle"])
    ['members is missing', "'member' is no part of it"]

    """
    wrong = [f"{name} is missing" for name in form.required if name not in content]
    for name, value in content.items():
        test = form.required.get(name) or form.optional.get(name)
        if test is None:
            wrong.append(f"{short(name)} is no part of it")
        elif not test[0](value):
            wrong.append(f"{name} is {short(value)}; it has to be {test[1]}")
    return wrong


def formed_lines(
    folder: Folder, file: str, forms: Mapping[str, Form], rule: str
) -> Iterator[tuple[int, str, dict[str, Any] | None]]:
    """Yield number, kind and parts of the lines of a file, and report those that have no form.

    Of a line whose kind or whose parts cannot be told, the parts are None.
    """
    name = folder.prefix + file
    if not readable(folder.root / file, name, folder.report, "V5", "§9.1"):
        return
    for number, line in texts(folder.root / file, name, folder.report, "V5", "§9.1", LONGEST):
        try:
            content = read(line, thorough=False, most=LONGEST)
        except EncodingError as error:
            folder.say("V5", file, number, "§2", f"the line cannot be read: {error}")
            yield number, "", None
            continue
        kind = content.get("kind") if isinstance(content, dict) else None
        form = forms.get(kind) if isinstance(kind, str) else None
        if not isinstance(content, dict) or not isinstance(kind, str) or form is None:
            folder.say("V5", file, number, rule, f"kind is {short(kind)}; it has to be {' or '.join(forms)}")
            yield number, "", None
            continue
        wrong = wrong_parts(content, form)
        for message in wrong:
            folder.say("V5", file, number, rule, f"{_subject(content)}: {message}")
        yield number, kind, None if wrong else content


def _subject(content: Mapping[str, object]) -> str:
    """Name whom or what a line is about."""
    for name in ("application", "programme", "members", "round"):
        if name in content:
            return f"{name} {short(content[name])}"
    return f"kind {short(content.get('kind'))}"

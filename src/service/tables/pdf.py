"""Papers in Russian as PDF: the protocol of the commission and what a family gets; the same paper, the same bytes."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

import typst
from babel.dates import format_date

from service.tables.papers import Extract, Protocol, Referral, Registration

Paper = Protocol | Registration | Referral | Extract

_TEMPLATE = Path(__file__).parent / "papers.typ"
_ACCESSIBLE: Literal["ua-1"] = "ua-1"


def write_pdf(paper: Paper) -> bytes:
    """Return a paper as PDF/UA: tagged, with page numbers, fonts inside, dated with its own day.

    >>> write_pdf(Referral("Комитет", "Н-1", date(2026, 6, 1), "74-1", "Детский сад № 5", "", "", ""))[:5]
    b'%PDF-'

    """
    return _compiled(paper, "pdf")[0]


def draw_pages(paper: Paper, pixels_per_inch: int = 72) -> list[bytes]:
    r"""Return the pages of a paper as PNG images.

    >>> paper = Referral("Комитет", "Н-1", date(2026, 6, 1), "74-1", "Детский сад № 5", "", "", "")
    >>> [page[:4] for page in draw_pages(paper)]
    [b'\x89PNG']

    """
    return _compiled(paper, "png", pixels_per_inch)


def long_date(day: date) -> str:
    """Return a day as papers write it.

    >>> long_date(date(2026, 9, 1)).replace(chr(160), " ")
    '1 сентября 2026 г.'

    """
    return format_date(day, "long", locale="ru").replace("\u202f", "\u00a0").replace(" г.", "\u00a0г.")


@cache
def _template() -> bytes:
    return _TEMPLATE.read_bytes()


def _compiled(paper: Paper, kind: Literal["pdf", "png"], pixels_per_inch: int | None = None) -> list[bytes]:
    made = datetime(paper.day.year, paper.day.month, paper.day.day, tzinfo=UTC)
    contents = {"made": [made.year, made.month, made.day], **_LAYOUTS[type(paper)](paper)}
    pages: bytes | list[bytes] = typst.compile(
        _template(),
        format=kind,
        ppi=pixels_per_inch,
        ignore_system_fonts=True,  # or the bytes would depend on the machine
        timestamp=int(made.timestamp()),
        sys_inputs={"paper": json.dumps(contents, ensure_ascii=False)},
        pdf_standards=_ACCESSIBLE if kind == "pdf" else None,
    )
    return pages if isinstance(pages, list) else [pages]  # a list where there are several images


def _paper(authority: str, title: str, subtitle: str, footer: str, **parts: Any) -> dict[str, Any]:
    contents = {"head": [authority], "title": title, "subtitle": subtitle, "footer": footer}
    return {**contents, "facts": [], "sections": [], "signatures": [], **parts}


def _section(title: str, **parts: Any) -> dict[str, Any]:
    return {"title": title, "facts": [], "table": None, "empty": "Нет.", "texts": [], **parts}


def _table(header: list[str], widths: list[int], rows: list[list[str]]) -> dict[str, Any]:
    return {"header": header, "widths": widths, "rows": rows}


def _filled(*facts: tuple[str, str]) -> list[tuple[str, str]]:
    return [(name, text) for name, text in facts if text]


def _protocol(paper: Protocol) -> dict[str, Any]:
    header = ["№", "Заявление", "Место в очереди", "Основание", "Решение"]
    sections = [
        _section(
            part.programme,
            facts=_filled(("Свободных мест", str(part.free)), ("Направлено", str(part.sent))),
            table=_table(
                header,
                [1, 3, 2, 7, 4],
                [
                    [str(number), row.application, str(row.position), row.ground, row.decision]
                    for number, row in enumerate(part.rows, 1)
                ],
            ),
            empty="Заявлений нет.",
        )
        for part in paper.programmes
    ]
    if paper.decided:
        sections.append(_section("Решили", texts=list(paper.decided)))
    return _paper(
        paper.authority,
        f"Протокол № {paper.number}",
        f"заседания комиссии от {long_date(paper.day)}",
        f"Протокол № {paper.number}",
        facts=_filled(
            ("Услуга", paper.service),
            ("Присутствовали", ", ".join(f"{member.name} ({member.role})" for member in paper.members)),
            ("Правила", paper.rules),
            ("Запись журнала", paper.entry),
        ),
        sections=sections,
        signatures=[[member.role, member.name] for member in paper.members],
    )


def _registration(paper: Registration) -> dict[str, Any]:
    wishes = [[str(number), wish] for number, wish in enumerate(paper.wishes, 1)]
    texts = [f"Следить за заявлением: {paper.address}"] if paper.address else []
    return _paper(
        paper.authority,
        "Уведомление о регистрации заявления",
        f"от {long_date(paper.day)}",
        f"Заявление {paper.application}",
        facts=_filled(
            ("Номер заявления", paper.application),
            ("Подано", paper.submitted),
            ("Услуга", paper.service),
            ("Желаемая дата зачисления", paper.desired),
        ),
        sections=[
            _section("Выбранные программы в порядке предпочтения", table=_table(["№", "Программа"], [1, 12], wishes)),
            _section(
                "Документы",
                table=_table(["Документ", "Состояние"], [8, 4], [list(each) for each in paper.documents]),
                empty="Документы не приложены.",
            ),
            *([_section("Как узнать о заявлении", texts=texts)] if texts else []),
        ],
    )


def _referral(paper: Referral) -> dict[str, Any]:
    return _paper(
        paper.authority,
        f"Направление № {paper.number}",
        f"от {long_date(paper.day)}",
        f"Направление № {paper.number}",
        facts=_filled(
            ("По заявлению", paper.application),
            ("Направляется в", paper.organisation),
            ("Программа", paper.programme),
            ("Основание", paper.ground),
            ("Явиться в организацию не позднее", paper.until),
        ),
        signatures=[[paper.signed_by.role, paper.signed_by.name]] if paper.signed_by else [],
    )


def _extract(paper: Extract) -> dict[str, Any]:
    grounds = _table(["Что важно для порядка", "У заявления"], [7, 5], [list(each) for each in paper.grounds])
    changes = [[each.when, each.was, each.now, each.reason] for each in paper.changes]
    return _paper(
        paper.authority,
        "Выписка о месте в очереди",
        f"на {long_date(paper.day)}",
        f"Заявление {paper.application}",
        facts=_filled(
            ("Номер заявления", paper.application),
            ("Очередь", paper.programme),
            ("Место", f"{paper.position} из {paper.length}"),
            ("Правила", paper.rules),
            ("Запись журнала", paper.entry),
        ),
        sections=[
            _section("Почему место именно такое", table=grounds),
            _section(
                "Как место менялось",
                table=_table(["Когда", "Было", "Стало", "Почему"], [3, 1, 1, 8], changes),
                empty="Место не менялось.",
            ),
        ],
    )


_LAYOUTS: dict[type, Any] = {
    Protocol: _protocol,
    Registration: _registration,
    Referral: _referral,
    Extract: _extract,
}

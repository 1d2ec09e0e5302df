"""The words of the pages, in Russian and in English."""

from __future__ import annotations

from collections.abc import Mapping

import attrs


@attrs.frozen
class PageText:
    """Everything the pages say in one language, apart from what the engine explains."""

    heading: str
    intro: str
    number: str
    number_hint: str
    service: str
    show: str
    languages: str
    place: str
    out_of: str
    unknown: str
    unknown_advice: str
    failed: str
    failed_advice: str
    decided_by: str
    privacy: str


RUSSIAN = PageText(
    heading="Место в очереди",
    intro="Узнайте место заявления в каждой очереди по открытым спискам.",
    number="Номер заявления",
    number_hint="Он указан в уведомлении о регистрации заявления.",
    service="Услуга",
    show="Показать место",
    languages="Язык",
    place="Место",
    out_of="из",
    unknown="Заявления с таким номером нет",
    unknown_advice="Сверьте номер с уведомлением о регистрации и выбранную услугу. "
    "Если всё верно, обратитесь в управление образования.",
    failed="Страница сейчас не открывается",
    failed_advice="Проверьте адрес или попробуйте позже. Место в очереди от этого не меняется.",
    decided_by="Место после предыдущего решает правило",
    privacy="Это сведения открытых списков. Почему место именно такое, семья читает после входа.",
)

ENGLISH = PageText(
    heading="Place in the queue",
    intro="See the application's place in every queue, by the public lists.",
    number="Application number",
    number_hint="It stands in the notice that the application is registered.",
    service="Service",
    show="Show the place",
    languages="Language",
    place="Place",
    out_of="of",
    unknown="There is no application of this number",
    unknown_advice="Compare the number with the notice of registration, and the service you chose. "
    "If both are right, ask the education department.",
    failed="The page cannot be opened now",
    failed_advice="Check the address or try again later. It does not change the place in the queue.",
    decided_by="What puts it behind the one before",
    privacy="This is what the public lists hold. Families read why the place is what it is when they are signed in.",
)

TEXTS: Mapping[str, PageText] = {"ru": RUSSIAN, "en": ENGLISH}

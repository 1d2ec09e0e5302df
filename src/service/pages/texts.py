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
    any_service: str
    show: str
    languages: str
    place: str
    out_of: str
    queues: str
    rules: str
    not_in_queue: str
    no_queue: str
    unknown: str
    unknown_advice: str
    several: str
    failed: str
    failed_advice: str
    privacy: str


RUSSIAN = PageText(
    heading="Место в очереди",
    intro="Узнайте место заявления в каждой очереди и почему оно именно такое.",
    number="Номер заявления",
    number_hint="Он указан в уведомлении о регистрации заявления.",
    service="Услуга",
    any_service="Любая",
    show="Показать место",
    languages="Язык",
    place="Место",
    out_of="из",
    queues="Очереди этого заявления",
    rules="Правила и их порядок",
    not_in_queue="Не стоит в очереди",
    no_queue="Это заявление пока не стоит ни в одной очереди.",
    unknown="Заявления с таким номером нет",
    unknown_advice="Сверьте номер с уведомлением о регистрации и выбранную услугу. "
    "Если всё верно, обратитесь в управление образования.",
    several="Заявление с таким номером есть в нескольких услугах. Выберите свою:",
    failed="Страница сейчас не открывается",
    failed_advice="Проверьте адрес или попробуйте позже. Место в очереди от этого не меняется.",
    privacy="О тех, кто впереди, сообщается только их число.",
)

ENGLISH = PageText(
    heading="Place in the queue",
    intro="See the application's place in every queue, and why it is exactly that place.",
    number="Application number",
    number_hint="It stands in the notice that the application is registered.",
    service="Service",
    any_service="Any",
    show="Show the place",
    languages="Language",
    place="Place",
    out_of="of",
    queues="The queues of this application",
    rules="The rules and their order",
    not_in_queue="Not in the queue",
    no_queue="This application is in no queue yet.",
    unknown="There is no application of this number",
    unknown_advice="Compare the number with the notice of registration, and the service you chose. "
    "If both are right, ask the education department.",
    several="Several services have an application of this number. Choose yours:",
    failed="The page cannot be opened now",
    failed_advice="Check the address or try again later. It does not change the place in the queue.",
    privacy="Of those ahead, only their number is told.",
)

TEXTS: Mapping[str, PageText] = {"ru": RUSSIAN, "en": ENGLISH}

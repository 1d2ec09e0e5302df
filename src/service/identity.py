"""What people are known by: insurance numbers, birth certificates and other papers, telephone numbers, names.

A text that cannot be what it should be is refused with what was expected; nothing is guessed.
"""

from __future__ import annotations

import re
import unicodedata

import attrs

_SNILS = re.compile(r"\D*(\d{3})\D?(\d{3})\D?(\d{3})\D?(\d{2})\D*")
_FIRST_CHECKED = 1_001_998
"""Numbers up to this one were given out without check digits."""
_SERIES = re.compile(r"([IVXLCDM]{1,5})[- ]?([А-ЯЁ]{2})")
_NUMBER = re.compile(r"\d{6}")
_PASSPORT = re.compile(r"\d{4} ?\d{6}")
_FOREIGN = re.compile(r"[0-9A-ZА-ЯЁ][0-9A-ZА-ЯЁ/ -]{2,39}")
_PHONE = re.compile(r"(?:\+7|8)(\d{10})")
_NAME = re.compile(r"[А-ЯЁа-яёA-Za-z' ’-]{1,100}")
_ROMAN_LOOKALIKES = str.maketrans({"1": "I", "Х": "X", "І": "I", "С": "C", "М": "M", "Ѵ": "V"})
_CYRILLIC_LOOKALIKES = str.maketrans("ABCEHKMOPTXY", "АВСЕНКМОРТХУ")
_LATIN = str.maketrans("abcehkmoptxy", "авсенкмортху")
KINDS = ("birth_certificate", "passport", "foreign", "birth_act")
"""The papers a child may be known by."""


class IdentityError(ValueError):
    """A text cannot be what it should be.

    Args:
        expected: what was expected.
        remedy: what to do.

    """

    def __init__(self, expected: str, remedy: str) -> None:
        """Keep the parts for the problem."""
        super().__init__(f"{expected}; {remedy}")
        self.expected = expected
        self.remedy = remedy


def snils(text: str) -> str:
    """Return an insurance number as it is written officially.

    Raises:
        IdentityError: it has not eleven digits, or its check digits do not fit.

    Source: the check digits are the sum of each of the first nine digits times its place from the right, modulo 101.

    >>> snils("11223344595"), snils("087-654-303 00"), snils("899-980-001 00")
    ('112-233-445 95', '087-654-303 00', '899-980-001 00')

    """
    match = _SNILS.fullmatch(text)
    if match is None:
        raise IdentityError("an insurance number (СНИЛС) of eleven digits", "write it like 112-233-445 95")
    digits = "".join(match.groups()[:3])
    total = sum(int(digit) * (9 - place) for place, digit in enumerate(digits))
    if int(digits) > _FIRST_CHECKED and total % 101 % 100 != int(match[4]):
        raise IdentityError("an insurance number whose last two digits fit the others", "compare it with the paper")
    return f"{match[1]}-{match[2]}-{match[3]} {match[4]}"


@attrs.frozen
class Paper:
    """The paper a child is known by, as it is compared.

    Args:
        kind: one of `KINDS`.
        text: series and number.

    """

    kind: str
    text: str

    def __str__(self) -> str:
        """Return how references and lists write it."""
        return f"{self.kind}:{self.text}"


def paper(kind: str, series: str, number: str) -> Paper:
    """Return a paper, its letters and digits as they are compared.

    Raises:
        IdentityError: there is no such kind, or the text is no series and number of it.

    >>> str(paper("birth_certificate", "1-ив", "123456")), paper("birth_certificate", "III AK", "000001").text
    ('birth_certificate:I-ИВ 123456', 'III-АК 000001')

    """
    if kind == "birth_certificate":
        return Paper(kind, f"{_series(series)} {_digits(number)}")
    if kind == "passport":
        whole = f"{series} {number}".replace(" ", "")
        if not _PASSPORT.fullmatch(whole):
            raise IdentityError("four digits of the series and six of the number", "write it like 7512 123456")
        return Paper(kind, f"{whole[:4]} {whole[4:]}")
    if kind in KINDS:
        whole = " ".join(f"{series} {number}".upper().split())
        if not _FOREIGN.fullmatch(whole):
            raise IdentityError("3 to 40 letters and digits", "write the number as it stands on the paper")
        return Paper(kind, whole)
    raise IdentityError(f"one of {', '.join(KINDS)}", "choose the kind of the paper")


def phone(text: str) -> str:
    """Return a telephone number in its international form; "" stays "".

    Raises:
        IdentityError: it is no Russian number.

    >>> phone("8 (351) 263-00-00")
    '+73512630000'

    """
    if not text.strip():
        return ""
    match = _PHONE.fullmatch(re.sub(r"[\s().-]", "", text))
    if match is None:
        raise IdentityError("a telephone number of Russia", "write it like +7 351 263-00-00")
    return f"+7{match[1]}"


def name(text: str) -> str:
    """Return a part of a name with single blanks; letters are left as they were written.

    Raises:
        IdentityError: it holds something that names do not.

    """
    found = " ".join(unicodedata.normalize("NFC", text).split())
    if not _NAME.fullmatch(found):
        raise IdentityError("letters, blanks, hyphens and apostrophes, 100 at most", "write it as in the paper")
    return found


def folded(text: str) -> str:
    """Return a text as it is looked for: without case, accents, double blanks, dashes of several kinds, ё or й's sign.

    Latin letters that look like Russian ones count as those.

    >>> folded("Ёлкина  Анна–Мария") == folded("ЕЛКИНА AННA-МАРИЯ")
    True

    """
    plain = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(letter for letter in plain if not unicodedata.combining(letter) and letter.isprintable())
    dashes = re.sub(r"[\u2010-\u2015\u2212-]+", "-", kept)
    return " ".join(dashes.translate(_LATIN).split())


def _series(text: str) -> str:
    whole = text.strip().upper().replace("–", "-")
    parts = re.split(r"[- ]+", whole, maxsplit=1)
    if len(parts) == 1 and (match := re.fullmatch(r"([1IVXLCDMХІСМ]+)([А-ЯЁA-Z]{2})", whole)):
        parts = [match[1], match[2]]
    last = parts[1].translate(_CYRILLIC_LOOKALIKES) if len(parts) > 1 else ""
    found = _SERIES.fullmatch(f"{parts[0].translate(_ROMAN_LOOKALIKES)}-{last}")
    if found is None or not _is_roman(found[1]):
        raise IdentityError("a Roman number and two Russian letters", "write the series like I-ИВ")
    return f"{found[1]}-{found[2]}"


def _is_roman(text: str) -> bool:
    return re.fullmatch(r"M*(CM|CD|D?C{0,3})(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})", text) is not None and text != ""


def _digits(text: str) -> str:
    found = text.strip()
    if not (found.isascii() and _NUMBER.fullmatch(found)):
        raise IdentityError("six digits", "write the number of the certificate like 123456")
    return found

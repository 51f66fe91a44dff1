"""Days as event data write them, as SQL expressions over a text; what is not surely a day is NULL.

2018-06-12 and 2018/6/12, with or without a time behind it; 2018.6.12; 20180612; 12 June 2018, 12-Jun-2018, 12-Jun-18, June 12,
2018; 12.6.2018, written where the day comes first, with or without a time; and, where it is known whether the day or the month
comes first, 12/6/2018, 12-6-2018 and 12/6/18, with or without a time.
Years of two digits go by the pivot of `detente.base.dates`. Words that databases take for days (infinity, epoch) and years
before Christ are none. Whether a day lies in the span that a record can hold is asked elsewhere, for all formats at once.
"""

from __future__ import annotations

from detente.base.dates import PIVOT

__all__ = ["EITHER", "day_of", "pivoted"]

EITHER = "[0-9]{1,2}(/[0-9]{1,2}/([0-9]{2}|[0-9]{4})|-[0-9]{1,2}-[0-9]{4})( .*)?"
"""A day of which the day or the month may come first, as a regular expression."""

_BEFORE = r"(?i)\b(b\.? ?c|v\.? ?(chr|u\.? ?z)|av\.? ?j|a\.? ?c\b|до н)"


def day_of(text: str, order: str = "") -> str:
    """The day that a text names. order : in 3/4/2018 the "day" or the "month" comes first; "either": only what leaves no doubt
    is read (13/4/2018, 4/13/2018, 4/4/2018); empty: such dates are none."""

    def when(pattern: str, then: str) -> str:
        return f" when regexp_full_match({text}, '{pattern}') then {then}"

    words, spaced = "[A-Za-z]{3,9}", f"regexp_replace(regexp_replace({text}, '[-, .]+', ' ', 'g'), '(?i)\\bsept\\b', 'Sep')"
    known = (
        when("[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}", f"try_cast({text} as date)")
        + when(
            "[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}[ T].*",
            f"case when not {_before(text)} then try_cast(regexp_extract({text}, '^[^ T]+') as date) end",
        )
        + when("[0-9]{4}[.][0-9]{1,2}[.][0-9]{1,2}", f"try_strptime({text}, '%Y.%m.%d')::date")
        + when(
            "[0-9]{1,2}[.][0-9]{1,2}[.][0-9]{4}( [0-9]{1,2}:[0-9]{2}(:[0-9]{2})?)?",
            f"try_strptime(regexp_extract({text}, '^[^ ]+'), '%d.%m.%Y')::date",
        )
        + when("[0-9]{8}([.]0+)?", f"try_strptime(left({text}, 8), '%Y%m%d')::date")
        + when(f"[0-9]{{1,2}}[- ]{words}[- ][0-9]{{4}}", f"try_strptime({spaced}, ['%d %B %Y', '%d %b %Y'])::date")
        + when(f"[0-9]{{1,2}}[- ]{words}[- ][0-9]{{2}}", pivoted(f"try_strptime({spaced}, ['%d %B %y', '%d %b %y'])::date"))
        + when(f"{words}[.]? [0-9]{{1,2}},? [0-9]{{4}}", f"try_strptime({spaced}, ['%B %d %Y', '%b %d %Y'])::date")
    )
    return f"(case{known}{when(EITHER, _either(text, order)) if order else ''} end)"


def pivoted(day: str) -> str:
    """A day that was read from two digits of its year."""
    return f"(case when year({day}) >= {PIVOT + 100} then ({day} - interval 100 year)::date else {day} end)"


def _before(text: str) -> str:
    return f"regexp_matches({text}, '{_BEFORE}')"


def _either(text: str, order: str) -> str:
    day = f"replace(regexp_extract({text}, '^[^ ]+'), '-', '/')"
    first, second, year = (f"split_part({day}, '/', {n})" for n in (1, 2, 3))

    def read(form: str) -> str:
        short = pivoted(f"try_strptime({day}, '{form}/%y')::date")
        return f"case when length({year}) = 2 then {short} else try_strptime({day}, '{form}/%Y')::date end"

    by_day, by_month = read("%d/%m"), read("%m/%d")
    either = f"case when {first}::int > 12 then {by_day} when {second}::int > 12 or {first} = {second} then {by_month} end"
    found = {"day": by_day, "month": by_month, "either": either}[order]
    return f"case when not {_before(text)} then {found} end"

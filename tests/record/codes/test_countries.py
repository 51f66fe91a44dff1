"""From the codes and names of event data to ISO 3166-1 alpha-3."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.record.codes.countries import countries, country, normal, normal_sql


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("PRK", "PRK"), ("prk", "PRK"), ("kp", "PRK"), ("North Korea", "PRK"),
        ("Korea, Democratic People's Republic of", "PRK"),
        ("South Korea", "KOR"), ("United States", "USA"), ("Iran", "IRN"), ("Côte d'Ivoire", "CIV"), ("Ivory Coast", "CIV"),
        ("Russia", "RUS"), ("Türkiye", "TUR"), ("Turkey", "TUR"), ("Syria", "SYR"), ("Vietnam", "VNM"), ("Taiwan", "TWN"),
        ("DR Congo", "COD"), ("ROM", "ROU"), ("Palestine", "PSE"), ("  united   STATES ", "USA"),
        ("Korea, Rep.", "KOR"), ("Korea, Dem. People's Rep.", "PRK"), ("Congo, Dem. Rep.", "COD"), ("Egypt, Arab Rep.", "EGY"),
        ("Holy See", "VAT"), ("Yemen, Rep.", "YEM"), ("South Yemen", "YMD"), ("Upper Volta", "BFA"), ("Gambia, The", "GMB"),
        ("Hong Kong SAR, China", "HKG"), ("Macedonia, FYR", "MKD"), ("Somalia, Fed. Rep.", "SOM"), ("Ceylon", "LKA"),
        ("Korea", None), ("XXX", None), ("", None), ("European Union", None), ("NATO", None), ("Al Qaeda", None),
    ],
)  # fmt: skip
def test_names_and_codes(text: str, code: str | None) -> None:
    """Catches a country that data name otherwise than ISO does, and a name of no country (or of two) that is given one."""
    assert country(text) == code


def test_every_answer_is_a_code_of_the_standard() -> None:
    """Catches an alias that leads to a code that does not exist. XKX is the code that data use for Kosovo."""
    import pycountry

    former = {entry.alpha_3 for entry in pycountry.historic_countries}
    assert set(countries().values()) <= {entry.alpha_3 for entry in pycountry.countries} | former | {"XKX"}
    assert {value for key, value in countries().items() if value in former} & {"USA", "KOR", "PRK"} == set()
    for entry in pycountry.countries:
        assert country(entry.alpha_3) == entry.alpha_3
        assert country(entry.name) == entry.alpha_3


def test_keys_are_normal() -> None:
    """A key that is not in the form that is looked up would never be found."""
    assert [key for key in countries() if not key.isupper() and key != normal(key)] == []


@given(st.text(max_size=30))
def test_the_two_ways_to_normalise_agree(name: str) -> None:
    """Python and SQL compare names alike, at least in letters that any name of the table has."""
    plain = "".join(c for c in name if c.isascii() or c in "çéèêëïîíóôöüãåñÇÉÅÖÜ")
    assert duckdb.execute(f"select {normal_sql('$1')}", [plain.replace(chr(0), "")]).fetchall() == [
        (normal(plain.replace(chr(0), "")),)
    ]

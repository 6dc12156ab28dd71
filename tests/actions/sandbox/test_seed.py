"""The seed: as many addresses as promised, each postcode of the README's table, and UPRNs that stay text."""

from __future__ import annotations

import re
from pathlib import Path

from actions.sandbox import seed as module
from actions.sandbox.seed import read_seed

SEED = read_seed()
README = Path(module.__file__).with_name("README.md").read_text(encoding="utf-8")
WITHOUT_ADDRESS = {"SK8 9ZZ", "SK22 9AA", "LS1 9AA", "SK1 9ZA"}


def test_uprns_are_unique_have_twelve_digits_and_may_begin_with_zero() -> None:
    uprns = [home.uprn for home in SEED.addresses]
    assert len(set(uprns)) == len(uprns) >= 600
    assert all(re.fullmatch(r"\d{12}", uprn) for uprn in uprns)
    assert any(uprn.startswith("0") for uprn in uprns)


def test_the_ordinary_postcode_has_numbers_1_to_12() -> None:
    homes = [home for home in SEED.addresses if home.postcode == "SK1 3XE" and home.classification[0] == "R"]
    assert [home.number for home in homes] == [str(number) for number in range(1, 13)]


def test_the_readme_names_each_hard_case_and_only_what_is_there() -> None:
    told = set(re.findall(r"^\| ([A-Z]{1,2}\d+ \d[A-Z]{2}) \|", README, re.MULTILINE))
    seeded = {home.postcode for home in SEED.addresses}
    assert told - seeded == WITHOUT_ADDRESS
    special = {
        home.postcode
        for home in SEED.addresses
        if not re.fullmatch(r"(mo|tu|we|th|fr)-[ab]", home.plan) or home.services != "house" or home.member
    }
    assert special <= told


def test_every_plan_and_set_is_known() -> None:
    assert {home.services for home in SEED.addresses} <= set(SEED.sets)
    assert {name for names in SEED.sets.values() for name in names} <= set(SEED.services)

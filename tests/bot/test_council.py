"""The council's profile: Stockport's own data holds together, and a broken profile is told with file and line."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, time
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bot.council import Council, ProfileError, council, load_council
from bot.finding import words_of
from bot.hours import Week
from bot.profile import BulkyItem, Container, Place, bank_holidays
from bot.settings import settings

FOLDER = Path(__file__).parents[2] / "data" / "councils" / "stockport"


@pytest.fixture(scope="module")
def stockport() -> Council:
    return load_council(FOLDER)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the folder, to break."""
    return Path(shutil.copytree(FOLDER, tmp_path / "stockport"))


def replace(path: Path, old: str, new: str) -> int:
    """Break one place of a file; the line that it is on."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


# --- Stockport's data ---


def test_the_lists_are_long_enough(stockport: Council) -> None:
    assert len(stockport.items) >= 330
    assert len(stockport.streets) >= 150
    assert len(stockport.bulky_items) >= 40
    assert len(stockport.places_of("tip")) >= 2
    assert len(stockport.places_of("recycling_point")) >= 12
    assert len(stockport.places_of("caddy_bag_point")) >= 6


def test_every_item_goes_to_a_container_or_a_route_and_each_is_used(stockport: Council) -> None:
    known = {*stockport.containers, *stockport.routes}
    assert {item.goes for item in stockport.items} <= known
    # The kitchen caddy is emptied into the green bin; nothing goes to it alone.
    assert known - {item.goes for item in stockport.items} == {"food_caddy"}


def test_no_name_stands_twice(stockport: Council) -> None:
    names = ["".join(words_of(name)) for item in stockport.items for name in (item.name, *item.aliases)]
    assert sorted(names) == sorted(set(names))


def test_streets_stand_once(stockport: Council) -> None:
    names = [street.name for street in stockport.streets]
    assert len(names) == len(set(names))


def test_every_name_and_alias_finds_its_own_item(stockport: Council) -> None:
    for item in stockport.items:
        for name in (item.name, *item.aliases):
            found = stockport.find_item(f"which bin does {name} go in")
            assert found and found[0] is item, name


def test_every_council_phone_is_one_that_nobody_has(stockport: Council) -> None:
    """Only a number that another body publishes, which its source says, may be a real one."""
    phones = [fact for fact in stockport.facts.values() if fact.kind == "phone"]
    assert phones
    assert all(fact.source.startswith("https://") or str(fact.value).startswith("0161 496 0") for fact in phones)


def test_data_files_open_with_subject_and_owner() -> None:
    for path in FOLDER.glob("*.yml"):
        first, second = path.read_text(encoding="utf-8").splitlines()[:2]
        assert first.startswith("# "), path
        assert second.startswith("# Owner: "), path


def test_lookups_name_what_the_profile_names(stockport: Council) -> None:
    blocks = YAML(typ="safe", pure=True).load(FOLDER / "lookups.yml")["nlu"]
    lookups = {block["lookup"]: _examples(block) for block in blocks if "lookup" in block}
    synonyms = {block["synonym"]: _examples(block) for block in blocks if "synonym" in block}
    named: list[Container | BulkyItem | Place] = [
        *stockport.containers.values(),
        *stockport.bulky_items.values(),
        *stockport.places_of("tip"),
    ]
    assert set(synonyms) == {thing.id for thing in named}
    for thing in named:
        assert synonyms[thing.id] == {thing.name.split(" (")[0].lower(), *map(str.lower, thing.aliases)}
    assert lookups["street"] == {street.name for street in stockport.streets}
    everything = lookups["container"] | lookups["bulky_item"] | lookups["site"]
    assert everything >= {word for words in synonyms.values() for word in words}


def test_a_synonym_means_one_thing() -> None:
    blocks = YAML(typ="safe", pure=True).load(FOLDER / "lookups.yml")["nlu"]
    words = [word for block in blocks if "synonym" in block for word in _examples(block)]
    assert sorted(words) == sorted(set(words))


def _examples(block: dict[str, str]) -> set[str]:
    return {line.removeprefix("- ") for line in block["examples"].splitlines()}


# --- Facts ---


def test_facts_are_typed(stockport: Council) -> None:
    assert stockport.fact("missed_window_working_days") == 2
    assert stockport.fact("garden_fee") == 5900
    assert stockport.fact("missed_cutoff") == time(16)
    assert isinstance(stockport.fact("garden_year_start"), date)
    assert isinstance(stockport.fact("contact_hours"), Week)
    assert str(stockport.fact("privacy_page")).startswith("https://")


def test_facts_in_words(stockport: Council) -> None:
    assert stockport.said("garden_fee") == "£59"
    assert stockport.said("bulky_price_large") == "£35.50"
    assert stockport.said("new_bin_fee") == "free"
    assert stockport.said("missed_cutoff") == "4pm"
    assert stockport.said("missed_window_working_days") == "2"
    assert stockport.said("garden_year_end") == "Sunday 28 February 2027"
    assert stockport.said("contact_hours") == "Monday to Friday 9am to 5pm; Saturday and Sunday closed"


def test_an_unknown_fact_is_told(stockport: Council) -> None:
    with pytest.raises(ProfileError, match="no fact 'garden_fees'"):
        stockport.fact("garden_fees")


def test_placeholders(stockport: Council) -> None:
    found = stockport.placeholders()
    assert found["council.name"] == "Stockport Council"
    assert found["council.phone"] == "0161 496 0100"
    assert found["fact.garden_fee"] == "£59"
    assert found["container.black_bin"] == "Black bin"
    assert all(isinstance(words, str) and words for words in found.values())


def test_sample_facts_are_known_as_unchecked(stockport: Council) -> None:
    assert {fact.name for fact in stockport.unchecked()} == set(stockport.facts)


def test_facts_fall_due_on_their_review_date(stockport: Council) -> None:
    assert stockport.facts_due(date(2027, 1, 31)) == []
    assert "garden_fee" in {fact.name for fact in stockport.facts_due(date(2027, 2, 1))}


# --- Finding things ---


@pytest.mark.parametrize(
    ("message", "name"),
    [
        ("which bin do pizza boxs go in?", "Pizza box"),
        ("greasy pizza boxes", "Greasy pizza box"),
        ("where do I put batterys", "Batteries"),
        ("battery charger", "Charger"),
        ("can i recycle plastc bottles", "Plastic bottle"),
        ("where do cans go", "Drinks can"),
        ("teabags", "Tea bags"),
        ("grass cutings", "Grass cuttings"),
        ("flourescent tube", "Fluorescent tube"),
        ("what about tetra paks", "Food carton"),
        ("is Pyrex ok with the glass", "Pyrex"),
        ("my nan's old wardrobe", "Wardrobe"),
        ("elf bars", "Vape"),
        ("shreded paper", "Shredded paper"),
        ("wine glasses", "Drinking glass"),
        ("paint brush", "Paint brush"),
        ("bagel", "Bagel"),
    ],
)
def test_an_item_is_found_in_a_message(stockport: Council, message: str, name: str) -> None:
    found = stockport.find_item(message)
    assert found is not None
    assert found[0].name == name
    assert found[1] >= 80


@pytest.mark.parametrize(
    "message",
    ["", "bag", "can you help", "where do I place it", "my bin was not emptied", "battery operated unicorn"],
)
def test_nothing_is_claimed_when_no_item_is_named(stockport: Council, message: str) -> None:
    assert stockport.find_item(message) is None


def test_near_misses_are_offered(stockport: Council) -> None:
    near = stockport.find_items("bag", limit=5)
    assert len(near) == 5
    assert all("bag" in " ".join((item.name, *item.aliases)).lower() for item, _ in near)
    assert all(score < 80 for _, score in near)
    assert stockport.find_items("unicorn") == []
    assert [item.name for item, _ in stockport.find_items("battery operated unicorn")][0] == "Batteries"


@pytest.mark.parametrize(
    ("goes", "messages"),
    {
        "shop": ["vape", "aa batteries", "carrier bag", "coffee pods"],
        "pharmacy": ["old tablets", "insulin needles"],
        "hazardous": ["gas canister", "asbestos", "half a tin of paint"],
        "black_bin": ["pyrex", "black plastic tray", "nappies", "cat litter", "polystyrene"],
        "blue_bin": ["juice carton", "cereal box"],
        "brown_bin": ["empty aerosol", "clean foil", "jam jar"],
        "green_bin": ["food waste", "grass"],
        "tip": ["car battery", "light bulb", "rubble"],
    }.items(),
)
def test_the_traps(stockport: Council, goes: str, messages: list[str]) -> None:
    for message in messages:
        found = stockport.find_item(message)
        assert found and found[0].goes == goes, message


def test_a_hazard_is_found(stockport: Council) -> None:
    found = stockport.find_hazard("how do I get rid of asbestoss sheets")
    assert found and found.id == "asbestos"
    assert [hazard.id for hazard in stockport.hazards.values() if hazard.book] == ["asbestos"]
    assert stockport.find_hazard("grass") is None


# --- Rules, prices, neighbours ---


def test_a_crew_reason_falls_back_to_its_type(stockport: Council) -> None:
    food = stockport.crew_reason("Contaminated - Food waste")
    other = stockport.crew_reason("Contaminated - Paint")
    assert food and "food" in food.said
    assert other and other.event == "Contaminated"
    assert stockport.crew_reason("Street completed") is None


def test_whose_doing_it_was(stockport: Council) -> None:
    sides = {event: reason.side for event, reason in stockport.crew_reasons.items()}
    assert sides["Contaminated"] == "resident"
    assert sides["Inaccessible road"] == "street"
    assert sides["Breakdown"] == "council"


def test_bulky_price_is_its_groups(stockport: Council) -> None:
    assert stockport.bulky_price("sofa") == 2200
    assert stockport.bulky_price("fridge") == 4800
    with pytest.raises(ProfileError, match="no bulky item 'castle'"):
        stockport.bulky_price("castle")


def test_neighbours(stockport: Council) -> None:
    manchester, cheshire = stockport.neighbour("4215"), stockport.neighbour("0660")
    assert manchester and manchester.name == "Manchester City Council"
    assert cheshire and cheshire.name == "Cheshire East Council"
    assert stockport.neighbour("9999") is None


def test_neighbours_by_the_code_of_their_area(stockport: Council) -> None:
    high_peak = stockport.neighbour_by_gss("E07000037")
    assert high_peak and high_peak.name == "High Peak Borough Council"
    assert stockport.neighbour_by_gss(stockport.identity.gss_code) is None
    assert len({stockport.identity.gss_code, *(each.gss for each in stockport.neighbours)}) == 8


def test_bank_holidays(stockport: Council) -> None:
    assert stockport.bank_holiday(date(2026, 12, 25)) == "Christmas Day"
    # 26 December 2026 is a Saturday: the day off is the Monday.
    assert stockport.bank_holiday(date(2026, 12, 28)) == "Boxing Day"
    assert stockport.bank_holiday(date(2027, 3, 29)) == "Easter Monday"
    assert stockport.bank_holiday(date(2026, 11, 23)) is None
    assert bank_holidays("SCT")(date(2026, 11, 30)) is not None
    assert stockport.bank_holiday(date(2026, 11, 30)) is None


def test_an_unknown_division_is_told() -> None:
    with pytest.raises(ProfileError, match="'MARS' is not a bank holiday division"):
        bank_holidays("MARS")


# --- The council that the settings name ---


@pytest.fixture
def fresh_settings() -> Iterator[None]:
    settings.cache_clear()
    yield
    settings.cache_clear()


def test_the_settings_name_the_council(copy: Path, monkeypatch: pytest.MonkeyPatch, fresh_settings: None) -> None:
    target = copy.parent / "data" / "councils" / "elsewhere"
    shutil.copytree(copy, target)
    replace(target / "profile.yml", "name: Stockport Council", "name: Elsewhere Council")
    monkeypatch.setenv("DATA_DIR", str(copy.parent / "data"))
    monkeypatch.setenv("COUNCIL", "elsewhere")
    assert council().identity.name == "Elsewhere Council"
    assert council() is council()


# --- Errors ---


@pytest.mark.parametrize(
    ("file", "old", "new", "complaint"),
    [
        ("profile.yml", "  short: Stockport\n", "", "'short' is missing in 'council'"),
        ("profile.yml", "  colour: black", "  colour: 7", "'colour' has the wrong kind of value"),
        ("profile.yml", "  colour: black", "  color: black", "'color' is not known here"),
        ("profile.yml", 'value: "59.00"', "value: 59.00", "'garden_fee': must be pounds and pence"),
        ("profile.yml", 'value: "16:00"', 'value: "4pm"', "'collection_ends'"),
        ("profile.yml", "mo-fr 09:00-17:00; bank", "mon 09:00-17:00; bank", "'mon' is not a day"),
        ("profile.yml", "kind: phone", "kind: telephone", "'telephone' is not one of number, money"),
        ("profile.yml", "  contact_phone:", "  contact_fone:", "the fact 'contact_phone' is missing"),
        ("profile.yml", "side: resident", "side: moon", "'moon' is not one of resident, street, council"),
        ("profile.yml", "price: bulky_price_small", "price: garden_max_bins", "'garden_max_bins' is not one of"),
        ("profile.yml", "group: standard", "group: huge", "'huge' is not one of small"),
        ("profile.yml", "id: bath,", "id: armchair,", "the id 'armchair' stands twice"),
        ("profile.yml", "division: ENG", "division: MARS", "'MARS' is not a bank holiday division"),
        ("profile.yml", "  blue_bin:", "  black_bin:", "duplicate key"),
        ("items.yml", "goes: green_bin", "goes: gren_bin", "'gren_bin' is not one of black_bin"),
        ("items.yml", "[food, food scraps", "[newspaper, food scraps", "already stands under 'Food waste'"),
        ("places.yml", "    kind: tip", "    kind: dump", "'dump' is not one of tip"),
        ("places.yml", "mo-fr 08:00-18:00", "mo-fr 8-18", "must give hours like"),
    ],
)
def test_a_broken_profile_is_told_with_file_and_line(copy: Path, file: str, old: str, new: str, complaint: str) -> None:
    replace(copy / file, old, new)
    with pytest.raises(ProfileError, match=complaint) as error:
        load_council(copy)
    assert f"{file}, line " in str(error.value)


def test_the_line_is_the_right_one(copy: Path) -> None:
    line = replace(copy / "profile.yml", 'value: "59.00"', "value: fifty-nine")
    with pytest.raises(ProfileError, match=f"profile.yml, line {line}:"):
        load_council(copy)
    shutil.copy(FOLDER / "profile.yml", copy / "profile.yml")
    line = replace(copy / "items.yml", "goes: pharmacy", "goes: chemist")
    with pytest.raises(ProfileError, match=f"items.yml, line {line}:"):
        load_council(copy)


def test_a_missing_file_or_section_is_told(copy: Path) -> None:
    (copy / "streets.yml").write_text("# nothing\n", encoding="utf-8")
    with pytest.raises(ProfileError, match="named sections"):
        load_council(copy)
    (copy / "streets.yml").write_text("roads: []\n", encoding="utf-8")
    with pytest.raises(ProfileError, match="'streets' is missing"):
        load_council(copy)
    (copy / "streets.yml").unlink()
    with pytest.raises(ProfileError, match="streets.yml cannot be read"):
        load_council(copy)

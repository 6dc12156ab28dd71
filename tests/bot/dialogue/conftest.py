"""A small council of its own: a few journeys as data, so that tests of the dialogue do not hang on the real content."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.dialogue.journey_reader import read_journeys
from bot.dialogue.journeys import Journey
from tests.bot.dialogue.builder import BINS as BIN_BUTTONS
from tests.bot.dialogue.builder import Talk, given

QUESTIONS = """\
# The questions that services share.
# Owner: tests
questions:
  postcode: {type: postcode, label: Postcode, entity: postcode, shown: false}
  address: {type: address, choices: backend, label: Address}
  contact: {type: contact, optional: true, label: Email or phone}
groups:
  address: [postcode, address]
"""
SHARED = """\
# What every service shares.
# Owner: tests
journeys:
  speak_to_person:
    title: Leave a message
    asks:
      - about: {type: text, limit: 100, label: What it is about}
    endings: [left]
  erase_chat:
    title: Delete this chat
    confirm: utter_ask_erase_chat_confirmed
    endings: [erased]
"""
BINS = """\
# Bins.
# Owner: tests
journeys:
  bin_missed:
    title: Report a missed bin
    asks:
      - address
      - container: {type: choice, choices: backend, label: Bin, entity: container}
      - check: due
      - note: {type: text, optional: true, limit: 50, label: Note for the crew}
      - contact
    confirm: true
    endings: [reported, not_due]
  bin_new:
    title: Ask for a new bin
    starts: [bin_new, bin_broken]
    asks:
      - address
      - reason:
          label: Reason
          choices:
            - {value: missing, title: It is missing, also: [stolen, lost]}
            - {value: broken, title: It is broken, also: [cracked]}
    confirm: true
    endings: [ordered]
  bin_bulky:
    title: Book a bulky collection
    asks:
      - items: {type: many, choices: backend, label: Items}
    endings: [booked]
  bin_spilled:
    title: Report spilled waste
    asks:
      - where: {type: place, label: Place, entity: postcode}
      - photo: {type: photo, optional: true, label: Photo}
      - papers: {type: document, label: Papers}
    endings: [reported]
  what_goes_where:
    title: What goes in which bin
    asks:
      - item: {type: item, label: Item}
    endings: [bin]
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with the questions and journeys above."""
    folder = tmp_path / "data"
    for name, text in (
        ("shared/questions.yml", QUESTIONS),
        ("shared/journeys.yml", SHARED),
        ("services/bins/journeys.yml", BINS),
    ):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def known(data: Path) -> Mapping[str, Journey]:
    """The journeys above, by id."""
    return read_journeys(data)


@pytest.fixture
def talk(known: Mapping[str, Journey]) -> Talk:
    """A conversation that has just begun."""
    return Talk(known)


@pytest.fixture
def at_bin(talk: Talk) -> Talk:
    """In bin_missed, asked which bin; postcode and address are answered."""
    talk.inside("bin_missed", "bin_missed_container").with_buttons(*BIN_BUTTONS)
    return talk.with_slots(postcode=given("SK1 3XE"), address=given("1"), asked=["postcode", "address"])

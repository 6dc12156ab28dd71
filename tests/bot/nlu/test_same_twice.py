"""Two models learnt from the same content read alike, bit for bit, whatever order Python's sets have."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from rasa.shared.utils.io import read_yaml_file, write_yaml

from bot.settings import settings
from tests.conftest import A_TUESDAY, ROOT

# Small, with something for every component to learn: intents, answers, what is out of scope, names, danger.
NLU = """\
version: "3.1"
nlu:
- intent: bin_day
  examples: |
    - when is my bin collected
    - what day are the bins
    - which bin is it this week
    - next collection for Edward Street
- intent: bin_missed
  examples: |
    - my bin was not emptied
    - you missed my brown bin
    - the bin men drove past
    - bin still full nobody came
- intent: bin_new
  examples: |
    - I need a new bin
    - my blue bin was stolen
    - order another bin
    - the lid of my bin is broken
- intent: faq/food_waste
  examples: |
    - what goes in the food caddy
    - can I put bones in the caddy
    - is cooked food allowed
    - maggots in my food caddy
- intent: faq/trade_waste
  examples: |
    - do you collect from shops
    - business waste collection
    - bins for my cafe
    - commercial rubbish prices
- intent: out_of_scope
  examples: |
    - tell me a joke
    - who won the football
    - order a pizza
    - play some music
- synonym: blue_bin
  examples: |
    - blue bin
    - paper bin
- lookup: container
  examples: |
    - blue bin
    - brown bin
- lookup: street
  examples: |
    - Edward Street
    - Edmund Street
    - Bosden Fold Road
    - Bosden Hall Road
"""
TAUGHT = 40  # expressions of danger of each kind
SENTENCES = (
    "what day do you empty the blue bin on Edwrad Street",
    "my brown bin was missed, and do you collect from my cafe",
    "new papr bin for 4 Bosdn Rd SK1 3XE before 24 November",
    "chicken bones in the caddy?",
    "how tall is the tower",
    "i can smell gas in the kitchen",
    "meet me at noon",
)


def write_content(folder: Path) -> None:
    """The pipeline of config.yml, and the small content that it learns here."""
    recipe = read_yaml_file(ROOT / "config.yml")
    (folder / "data" / "safety" / "expressions").mkdir(parents=True)
    write_yaml({key: recipe[key] for key in ("recipe", "language", "pipeline")}, folder / "config.yml")
    (folder / "nlu.yml").write_text(NLU, encoding="utf-8")
    safety = ROOT / "data" / "safety"
    shutil.copy(safety / "signals.yml", folder / "data" / "safety")
    for name in ("gas_or_co.yml", "flood_now.yml", "ordinary.yml", "everyday.yml"):
        taught = read_yaml_file(safety / "expressions" / name)["examples"][:TAUGHT]
        write_yaml({"examples": taught}, folder / "data" / "safety" / "expressions" / name)
    (folder / "var").mkdir()
    (folder / "var" / "minilm-onnx").symlink_to((Path(settings().var_dir) / "minilm-onnx").resolve())


def learn(folder: Path, seed: int) -> subprocess.Popen[str]:
    """A process that learns the content in the folder, with its own order of sets, and reads the sentences."""
    write_content(folder)
    own = {"PYTHONHASHSEED": str(seed), "PYTHONPATH": str(ROOT), "VAR_DIR": "var", "DATA_DIR": str(ROOT / "data")}
    own |= {"ASSISTANT_NOW": A_TUESDAY, "RASA_MAX_CACHE_SIZE": "0"}
    command = (sys.executable, "-m", "tests.support.twin", *SENTENCES)
    with (folder / "log").open("w") as log:
        return subprocess.Popen(
            command, cwd=folder, env=os.environ | own, text=True, stdout=subprocess.PIPE, stderr=log
        )


def answers(twin: subprocess.Popen[str], log: Path) -> list[dict[str, Any]]:
    said, _ = twin.communicate()
    assert twin.returncode == 0, log.read_text(encoding="utf-8")[-3000:]
    return list(json.loads(said.splitlines()[-1]))


@pytest.mark.model
def test_what_is_learnt_twice_answers_alike(tmp_path: Path) -> None:
    twins = [learn(tmp_path / str(seed), seed) for seed in (1, 2)]
    one, other = (answers(twin, tmp_path / str(seed) / "log") for seed, twin in enumerate(twins, start=1))
    assert one == other
    kinds = {data.get("safety") for data in one}
    assert "gas_or_co" in kinds and None in kinds
    entities = {item["entity"] for data in one for item in data["entities"]}
    assert {"container", "street", "postcode", "date"} <= entities
    assert {data["understanding"]["query"] for data in one} >= {"bin_day", "faq/food_waste"}

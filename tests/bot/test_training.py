"""When a model is trained, when it is not, and what is left when that fails; with a stand-in for `rasa train`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import training
from bot.settings import settings

READ = ("config.yml", "uv.lock", "data/services/waste/nlu.yml", "bot/nlu/intents.py")
TRAINER = """
import pathlib, sys
options = dict(zip(sys.argv[1::2], sys.argv[2::2]))
with open("calls", "a") as calls:
    calls.write(options["--fixed-model-name"] + "\\n")
print("2026-11-23 INFO Starting to train component 'IntentClassifier'.", flush=True)
out = pathlib.Path(options["--out"])
out.mkdir(parents=True)
(out / (options["--fixed-model-name"] + ".tar.gz")).write_text("a model")
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(tmp_path)
    for name in ("COUNCIL", "DATA_DIR", "MODEL_DIR", "VAR_DIR"):
        monkeypatch.delenv(name, raising=False)
    settings.cache_clear()
    for name in (*READ, "bot/staff/desk.py"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    yield tmp_path
    settings.cache_clear()


def trainer(project: Path, script: str = TRAINER) -> tuple[str, ...]:
    path = project / "trainer.py"
    path.write_text(script)
    return (sys.executable, str(path))


def in_a_process(project: Path, script: str) -> subprocess.Popen[bytes]:
    """Train as another process would."""
    code = "import sys; from bot import training; sys.exit(training.run(sys.argv[1:]))"
    where = {**os.environ, "PYTHONPATH": str(Path(training.__file__).parents[1])}
    return subprocess.Popen([sys.executable, "-c", code, *trainer(project, script)], cwd=project, env=where)


def trained(project: Path) -> int:
    """How many times the stand-in was run."""
    return len((project / "calls").read_text().splitlines())


@pytest.mark.parametrize("name", READ)
def test_a_change_in_what_training_reads_needs_a_new_model(project: Path, name: str) -> None:
    training.train(project, trainer(project))
    assert not training.is_stale(project)
    (project / name).write_text("changed")
    assert training.is_stale(project)


def test_a_new_or_renamed_file_of_content_needs_a_new_model(project: Path) -> None:
    before = training.fingerprint(project)
    nlu = project / "data" / "services" / "waste" / "nlu.yml"
    renamed = nlu.rename(nlu.with_name("understanding.yml"))
    between = training.fingerprint(project)
    renamed.with_name("responses.yml").write_text("")
    assert len({before, between, training.fingerprint(project)}) == 3


def test_what_training_does_not_read_needs_none(project: Path) -> None:
    before = training.fingerprint(project)
    (project / "bot" / "staff" / "desk.py").write_text("changed")
    (project / "bot" / "nlu" / "__pycache__").mkdir()
    (project / "bot" / "nlu" / "__pycache__" / "intents.pyc").write_text("compiled")
    assert training.fingerprint(project) == before


def test_another_council_needs_another_model(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = training.fingerprint(project)
    monkeypatch.setenv("COUNCIL", "elsewhere")
    settings.cache_clear()
    assert training.fingerprint(project) != before


def test_training_happens_once_for_the_same_content(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = training.train(project, trainer(project))
    assert model.name == f"assistant-{training.fingerprint(project)[:12]}.tar.gz"
    assert model.read_text() == "a model"
    assert "training IntentClassifier" in capsys.readouterr().out
    assert training.train(project, trainer(project)) == model
    assert capsys.readouterr().out == ""
    assert trained(project) == 1


def test_going_back_to_older_content_uses_its_model_again(project: Path) -> None:
    older = training.train(project, trainer(project))
    os.utime(older, (1, 1))
    (project / "config.yml").write_text("changed")
    newer = training.train(project, trainer(project))
    os.utime(newer, (2, 2))
    (project / "config.yml").write_text("config.yml")
    assert training.train(project, trainer(project)) == older
    assert training.newest_model(project / "models") == older
    assert trained(project) == 2


def test_the_last_three_models_are_kept(project: Path) -> None:
    made = []
    for age in range(5):
        (project / "config.yml").write_text(str(age))
        made.append(training.train(project, trainer(project)))
        os.utime(made[-1], (age, age))
    assert sorted((project / "models").glob("*.tar.gz")) == sorted(made[2:])


def test_no_model_is_none(project: Path) -> None:
    assert training.newest_model(project / "models") is None


def test_a_failure_tells_the_lines_that_matter_and_leaves_no_model(project: Path) -> None:
    script = r"print('Reading'); print('\x1b[91mInvalidDomain: utter_hello is used twice\x1b[0m'); 1 / 0"
    with pytest.raises(training.TrainingFailed) as told:
        training.train(project, trainer(project, script))
    assert "var/log/train.log" in str(told.value)
    assert told.value.lines == (
        "Reading",
        "InvalidDomain: utter_hello is used twice",
        "ZeroDivisionError: division by zero",
    )
    assert training.is_stale(project)


def test_a_trainer_that_makes_nothing_has_failed(project: Path) -> None:
    with pytest.raises(training.TrainingFailed):
        training.train(project, trainer(project, "print('done')"))


def test_a_model_of_content_that_changed_meanwhile_is_not_kept(project: Path) -> None:
    script = TRAINER + "pathlib.Path('config.yml').write_text('edited while it trained')\n"
    with pytest.raises(training.TrainingFailed, match="changed during the training"):
        training.train(project, trainer(project, script))
    assert training.newest_model(project / "models") is None


def test_two_trainings_at_once_make_one_model(project: Path) -> None:
    both = [in_a_process(project, "import time; time.sleep(0.3)\n" + TRAINER) for _ in range(2)]
    assert [process.wait(timeout=30) for process in both] == [0, 0]
    assert trained(project) == 1


def test_a_training_that_is_killed_leaves_nothing_running_and_no_model(project: Path) -> None:
    script = "import os, time, pathlib; pathlib.Path('pid').write_text(str(os.getpid())); time.sleep(60)"
    process = in_a_process(project, script)
    deadline = time.monotonic() + 20
    while not (project / "pid").exists() or not (project / "pid").read_text():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=10)
    child = Path("/proc") / (project / "pid").read_text() / "stat"
    while child.exists() and child.read_text().split(") ")[1][0] != "Z":
        assert time.monotonic() < deadline, "the trainer outlived its parent"
        time.sleep(0.02)
    assert training.train(project, trainer(project)).is_file()


def test_the_command_tells_a_failure_and_its_status(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert training.run(trainer(project, "raise SystemExit('InvalidConfig')")) == 1
    assert "InvalidConfig" in capsys.readouterr().out
    assert training.run(trainer(project)) == 0
    assert "The model is up to date: models/assistant-" in capsys.readouterr().out

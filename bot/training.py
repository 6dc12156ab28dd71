"""Training on demand: a model exists for the content and code as they are now, or one is trained.

The model's file name carries a fingerprint of everything that training reads, so that whether to train is a
question about a file name. Rasa's own ``rasa train`` does the work in a process of its own; what it prints is kept
in var/log/train.log and told here in plain words. Nothing of Rasa is imported: asking costs milliseconds.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot import children
from bot.bootstrap import exclusive, say
from bot.settings import settings

# What decides what a model is, beside the folder of content that the setting DATA_DIR names.
INPUTS = (
    "config.yml",
    "domain.yml",
    "uv.lock",
    "bot/content.py",
    "bot/council.py",
    "bot/filling.py",
    "bot/finding.py",
    "bot/handover.py",
    "bot/profile.py",
    "bot/profile_desk.py",
    "bot/profile_desk_reader.py",
    "bot/profile_file.py",
    "bot/profile_reader.py",
    "bot/importer.py",
    "bot/safety_numbers.py",
    "bot/dialogue",
    "bot/nlu",
    "bot/text",
)
KEPT = 3
# Rasa's check before training reads everything once more; `assistant check` finds what it finds, and more. Forced,
# as Rasa's cache does not see changes in modules that a component imports: every training is a whole one.
RASA_TRAIN = (sys.executable, "-m", "rasa", "train", "--skip-validation", "--force")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
COMPONENT = re.compile(r"Starting to train component '(\w+)'")


class TrainingFailed(Exception):
    """No model could be trained; the message is one plain sentence, `lines` the end of the log that matters."""

    def __init__(self, sentence: str, lines: Sequence[str] = ()) -> None:
        super().__init__(sentence)
        self.lines = tuple(lines)


def _files(root: Path) -> Iterator[Path]:
    for name in (*INPUTS, settings().data_dir):
        place = root / name
        for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith("."):
                yield path


def fingerprint(root: Path) -> str:
    """SHA-256 over everything that training reads: content, configuration, our components, the council's name."""
    digest = hashlib.sha256(settings().council.encode())
    for path in _files(root):
        content = path.read_bytes()
        digest.update(f"\0{os.path.relpath(path, root)}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def model_path(root: Path) -> Path:
    """Where the model of the content as it is now is, or will be."""
    return root / settings().model_dir / f"assistant-{fingerprint(root)[:12]}.tar.gz"


def _models(model_dir: Path) -> list[Path]:
    return sorted(model_dir.glob("assistant-*.tar.gz"), key=lambda path: path.stat().st_mtime, reverse=True)


def newest_model(model_dir: Path) -> Path | None:
    """The model that was trained or used last, if there is one."""
    return next(iter(_models(model_dir)), None)


def is_stale(root: Path) -> bool:
    """Whether content, configuration or code changed since the last model that was trained on them."""
    return not model_path(root).is_file()


def lines_that_matter(text: str, most: int = 8) -> list[str]:
    """The end of a log without what only a programmer reads: frames of tracebacks, empty lines, colours."""
    plain = (COLOUR.sub("", line).rstrip() for line in text.splitlines())
    return [line for line in plain if line and not line.startswith((" ", "\t", "Traceback"))][-most:]


def _run(command: Sequence[str], root: Path, log: Path) -> int:
    """Run the trainer, say which part it is at, keep all it prints in the log; its exit status."""
    trainer = children.start(command, root, {"RASA_MAX_CACHE_SIZE": "0"})
    log.parent.mkdir(parents=True, exist_ok=True)
    try:
        with log.open("wb") as record:
            for line in trainer.stdout or ():
                record.write(line)
                if found := COMPONENT.search(line.decode("utf-8", "replace")):
                    say(f"  training {found[1]}")
        return trainer.wait()
    finally:
        if trainer.poll() is None:
            children.send(trainer, signal.SIGKILL)
            trainer.wait()


def _train(root: Path, target: Path, command: Sequence[str]) -> None:
    # Rasa writes the archive where it is told, bit by bit: only a whole one is moved to its place.
    workshop = target.parent / ".training"
    shutil.rmtree(workshop, ignore_errors=True)
    log = root / settings().var_dir / "log" / "train.log"
    name = target.name.removesuffix(".tar.gz")
    options = ("--data", settings().data_dir, "--fixed-model-name", name, "--out", str(workshop))
    try:
        status = _run((*command, *options), root, log)
        made = workshop / target.name
        if status != 0 or not made.is_file():
            lines = lines_that_matter(log.read_text("utf-8", "replace"))
            raise TrainingFailed(f"Training failed; {settings().var_dir}/log/train.log ends like this:", lines)
        if model_path(root) != target:
            raise TrainingFailed("The content was changed during the training; train once more.")
        os.replace(made, target)
    finally:
        shutil.rmtree(workshop, ignore_errors=True)
    for old in _models(target.parent)[KEPT:]:
        old.unlink()


def train(root: Path, command: Sequence[str] = RASA_TRAIN) -> Path:
    """The model of the content as it is now, trained if (and only if) it is not there. Raises TrainingFailed."""
    target = model_path(root)
    target.parent.mkdir(parents=True, exist_ok=True)
    with exclusive(target.parent / ".lock", "Another training is going on here: waiting for it."):
        if not target.is_file():
            say("Training the assistant: about a minute.")
            began = time.monotonic()
            _train(root, target, command)
            say(f"Trained in {time.monotonic() - began:.0f} s.")
    os.utime(target)  # the newest in the folder is the one that `rasa run` by hand takes
    return target


def tell(failure: TrainingFailed) -> None:
    """Say at the terminal why there is no model."""
    say(str(failure))
    for line in failure.lines:
        say(f"  {line}")


def run(command: Sequence[str] = RASA_TRAIN) -> int:
    """For `assistant train`: the exit status."""
    try:
        model = train(Path.cwd(), command)
    except TrainingFailed as failure:
        tell(failure)
        return 1
    except KeyboardInterrupt:
        say("Training was stopped; the models that were there are unchanged.")
        return 130
    say(f"The model is up to date: {settings().model_dir}/{model.name}.")
    return 0

"""From a bare machine to the environment, with a stand-in uv: what is done, what is said, what is repaired."""

from __future__ import annotations

import ast
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from bot import bootstrap

ROOT = Path(__file__).resolve().parents[2]
# Does what the file `uv-does` says, once; otherwise makes an environment whose Python builds the embeddings.
UV = """#!/bin/sh
[ "$1" = --version ] && { echo "uv 0.9.1 (stand-in)"; exit; }
echo "$*" >> calls
if [ -f uv-does ]; then mv uv-does uv-did; . ./uv-did; fi
mkdir -p .venv/bin
printf '#!/bin/sh\\necho "$*" >> calls; mkdir -p var/minilm-onnx\\n' > .venv/bin/python
printf '[ "$2" = bot.nlu.minilm_build ] || mkdir -p var/danger-1\\n' >> .venv/bin/python
chmod +x .venv/bin/python
echo "Downloading tensorflow (460.0MiB)"
echo " + not-for-people==1.0"
"""
ALL = ["sync --frozen", "-m bot.nlu.minilm_build", "-m bot.nlu.danger_model"]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with the bootstrap and nothing else, on a machine that has uv."""
    root = tmp_path / "project"
    (root / "bot").mkdir(parents=True)
    shutil.copy(ROOT / "bot" / "bootstrap.py", root / "bot")
    for name in ("pyproject.toml", "uv.lock"):
        (root / name).write_text(name)
    give(tmp_path / "machine" / "uv", UV)
    return root


def give(program: Path, script: str) -> None:
    program.parent.mkdir(exist_ok=True)
    program.write_text(script)
    program.chmod(0o755)


def start(project: Path, **variables: str) -> subprocess.Popen[str]:
    machine = {"PATH": f"{project.parent / 'machine'}:/usr/bin:/bin", "HOME": str(project.parent), **variables}
    command = [sys.executable, "bot/bootstrap.py"]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=project, env=machine, text=True, stdout=pipe, stderr=pipe)


def finish(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err


def calls(project: Path) -> list[str]:
    """What the tools were asked since the last look."""
    record = project / "calls"
    lines = record.read_text().splitlines() if record.exists() else []
    record.unlink(missing_ok=True)
    return lines


def wait_for(path: Path) -> None:
    deadline = time.monotonic() + 20
    while not path.exists():
        assert time.monotonic() < deadline, f"{path} never came"
        time.sleep(0.02)


def test_the_first_run_makes_everything_and_shows_progress(project: Path) -> None:
    status, out, err = finish(start(project))
    assert (status, err) == (0, "")
    assert calls(project) == ALL
    assert "Downloading tensorflow (460.0MiB)" in out
    assert "not-for-people" not in out
    assert "not-for-people" in (project / "var" / "log" / "setup.log").read_text()


def test_a_run_with_nothing_to_do_does_and_says_nothing(project: Path) -> None:
    finish(start(project))
    calls(project)
    assert finish(start(project)) == (0, "", "")
    assert calls(project) == []


def test_a_changed_lock_file_is_followed(project: Path) -> None:
    finish(start(project))
    calls(project)
    (project / "uv.lock").write_text("something newer")
    assert finish(start(project))[0] == 0
    assert calls(project) == ["sync --frozen"]


@pytest.mark.parametrize(
    ("complaint", "sentence"),
    [
        ("error: Failed to fetch: dns error: failed to lookup address", "The package index could not be reached"),
        ("error: failed to copy file: No space left on device (os error 28)", "The disk is full"),
        ("error: something that nobody foresaw", "Setting up failed"),
    ],
)
def test_a_failure_is_one_plain_sentence_and_the_next_run_repairs(project: Path, complaint: str, sentence: str) -> None:
    (project / "uv-does").write_text(f"echo '{complaint}'; exit 2")
    status, _, err = finish(start(project))
    assert status == 1
    assert err.startswith(sentence)
    assert err.count("\n") == 1
    calls(project)
    assert finish(start(project))[0] == 0
    assert calls(project) == ALL


def test_half_an_environment_is_made_anew_after_an_interruption(project: Path) -> None:
    (project / "uv-does").write_text("mkdir -p .venv; touch .venv/half-a-package; exec sleep 60")
    process = start(project)
    wait_for(project / ".venv" / "half-a-package")
    process.send_signal(signal.SIGTERM)
    status, _, err = finish(process)
    assert status == 130
    assert "Traceback" not in err
    assert "interrupted" in err
    assert finish(start(project))[0] == 0
    assert not (project / ".venv" / "half-a-package").exists()
    assert (project / ".venv" / "bin" / "python").exists()


def test_an_environment_survives_a_lost_network(project: Path) -> None:
    finish(start(project))
    (project / ".venv" / "installed").touch()
    (project / "uv.lock").write_text("something newer")
    (project / "uv-does").write_text("echo 'error sending request for url'; exit 1")
    assert finish(start(project))[0] == 1
    assert finish(start(project))[0] == 0
    assert (project / ".venv" / "installed").exists()


def test_uv_is_fetched_where_it_is_missing_or_too_old(project: Path, tmp_path: Path) -> None:
    give(tmp_path / "machine" / "uv", "#!/bin/sh\necho uv 0.2.9\n")
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    with zipfile.ZipFile(shelf / "uv-0.9.1-py3-none-any.whl", "w") as wheel:
        program = zipfile.ZipInfo("uv-0.9.1.data/scripts/uv")
        program.external_attr = 0o100755 << 16
        wheel.writestr(program, UV)
        wheel.writestr("uv-0.9.1.dist-info/METADATA", "Metadata-Version: 2.1\nName: uv\nVersion: 0.9.1\n")
        wheel.writestr("uv-0.9.1.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr("uv-0.9.1.dist-info/RECORD", "")
    status, out, err = finish(start(project, PIP_NO_INDEX="1", PIP_FIND_LINKS=str(shelf)))
    assert (status, err) == (0, "")
    assert "Fetching uv" in out
    assert calls(project) == ALL


def test_two_at_once_take_turns(project: Path) -> None:
    with bootstrap.exclusive(project / "var" / "setup.lock", "never said here"):
        process = start(project)
        assert process.stdout is not None
        assert process.stdout.readline().startswith("Another set-up is going on here")
        assert calls(project) == []
    assert finish(process)[0] == 0
    assert calls(project) == ALL


def test_too_little_disk_is_told_before_anything_is_done(tmp_path: Path) -> None:
    with pytest.raises(bootstrap.Trouble, match=r"^Only [\d.]+ GB of disk are free; it needs 1e\+09 GB\.$"):
        bootstrap.check_disk(tmp_path, 1e9, "it")


def test_another_python_is_told_what_is_needed() -> None:
    with pytest.raises(bootstrap.Trouble) as told:
        bootstrap.check_python((3, 10, 2))
    expected = "Python 3.11 is needed; this machine has 3.10.2. On Debian 12: sudo apt-get install python3.11."
    assert str(told.value) == expected


def test_an_old_python_can_read_the_file_to_be_told() -> None:
    tree = ast.parse((ROOT / "bot" / "bootstrap.py").read_text(), feature_version=(3, 6))
    imported = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    assert "dataclasses" not in imported  # new in 3.7


def make(tmp_path: Path, *targets: str) -> subprocess.CompletedProcess[str]:
    """Run make on a machine that has no Python at all."""
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("sh", "sed", "expand"):
        os.symlink(str(shutil.which(name)), programs / name)
    command = [str(shutil.which("make")), "-f", str(ROOT / "Makefile"), *targets]
    return subprocess.run(command, cwd=tmp_path, env={"PATH": str(programs)}, text=True, capture_output=True)


def test_make_without_a_target_lists_them(tmp_path: Path) -> None:
    listed = [line.split()[1] for line in make(tmp_path).stdout.splitlines()]
    assert listed == ["help", "run", "test", "check", "train"]


def test_make_says_that_python_is_missing(tmp_path: Path) -> None:
    made = make(tmp_path, "run")
    assert made.returncode != 0
    assert made.stderr.startswith("Python 3.11 is needed; this machine has none.")

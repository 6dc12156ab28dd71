"""The ``assistant`` command: run, train, check, parse, talk, webchat, bench.

Each subcommand is a module in ``bot/commands`` with ``run(arguments) -> int``, imported only when it is asked for,
so that a light one starts at once. Exit status 0 means that all is well.
"""

from __future__ import annotations

import argparse
import importlib
import sys

COMMANDS = {
    "run": "start the assistant, its actions, the staff's pages and the demonstration council",
    "train": "train a model, if the content or configuration changed since the last one",
    "check": "check content and configuration like a compiler, with file and line",
    "parse": "say what each line of input means, one JSON object a line",
    "talk": "talk to the assistant in the terminal",
    "bench": "measure by hand: nlu, against stock Rasa; understanding; webchat",
    "webchat": "switch the web chat off or on while everything runs, or say how it stands",
}


def parser() -> argparse.ArgumentParser:
    """The command line's grammar."""
    top = argparse.ArgumentParser(prog="assistant", description="The Council Assistant.")
    below = top.add_subparsers(dest="command", required=True, metavar="command")
    for name, purpose in COMMANDS.items():
        command = below.add_parser(name, help=purpose, description=purpose.capitalize() + ".")
        if name == "webchat":
            told = "what to do; state, which only says how it stands, if left out"
            command.add_argument("to", nargs="?", choices=("on", "off", "state"), default="state", help=told)
        if name == "bench":
            command.add_argument("what", choices=("nlu", "understanding", "webchat"), help="what to measure")
            command.add_argument("options", nargs=argparse.REMAINDER, help="its own options; --help names them")
        if name == "parse":
            command.add_argument("--model", help="a model's file or folder; the newest trained one if left out")
            command.add_argument("file", nargs="?", help="a file with one message a line; standard input if left out")
    return top


def main(arguments: list[str] | None = None) -> int:
    """Run one subcommand; its exit status."""
    given = parser().parse_args(arguments)
    module = importlib.import_module(f"bot.commands.{given.command}")
    try:
        return int(module.run(given))
    except KeyboardInterrupt:
        return 130
    except ValueError as error:  # settings and profile say in plain words what is wrong
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())

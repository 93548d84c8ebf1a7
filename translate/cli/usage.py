"""What the command says to words it does not understand."""

from __future__ import annotations

import argparse
import difflib
from collections.abc import Iterable, Sequence
from typing import Any, NoReturn

from translate.cli.terminal import legible


class Parser(argparse.ArgumentParser):
    """Complains in two lines, with the nearest word that it knows; argparse would print every option first.

    ``surplus`` is the hint to those who give more arguments than the command takes.
    """

    def __init__(self, *args: Any, surplus: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        self._surplus = surplus

    def error(self, message: str) -> NoReturn:
        """Print what is wrong and where help is, and exit with 2."""
        self._refuse(message)

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> tuple[Any, list[str]]:
        """Refuse what is not known here, where it is known whose option or argument it would have been."""
        found, unknown = super().parse_known_args(args, namespace)
        options = [word.partition("=")[0] for word in unknown if word.startswith("-") and word != "-"]
        if options:
            # What follows an unknown option may be its value: of that nothing is said.
            known = [name for action in self._actions for name in action.option_strings]
            self._refuse(f"unrecognised option: {options[0]}", _alike(options[0], known))
        if unknown:
            self._refuse(f"unrecognised arguments: {' '.join(unknown)}", self._surplus)
        return found, []

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if not isinstance(action, argparse._SubParsersAction) or value in action.choices:
            super()._check_value(action, value)
            return
        # Those of the help: the two words of 'batch status' are one internally.
        names = [shown.dest for shown in action._choices_actions]
        kind = str(action.metavar).lower()
        self._refuse(f"there is no {kind} {value}", _alike(value, names), f"There are: {', '.join(names)}.")

    def _refuse(self, what: str, *hints: str) -> NoReturn:
        hint = " ".join(filter(None, (*hints, f"See {self.prog} --help.")))
        self.exit(2, f"{self.prog}: error: {legible(what)}\n       {hint}\n")


def _alike(word: str, known: Iterable[str]) -> str:
    near: Sequence[str] = difflib.get_close_matches(word, list(known), n=1)
    return f"Did you mean {near[0]}?" if near else ""

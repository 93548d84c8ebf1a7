"""What can go wrong, as a tree; every class owns the exit code of the command it ends.

Fr2enError
├── UsageError     2  options that do not go together
├── StrictError    3  a check failed, or the text is not French, under --strict
├── InputError     4  a file that is missing, unreadable, binary or undecodable
├── ModelError     5  a checkpoint that is missing, broken or cannot be fetched
│   └── OfflineError  a download was needed and none is allowed or possible
├── OutputError    6  an output that cannot be written or would overwrite a file
├── GateError      8  a significant loss below a floor of eval/baseline.json
└── LLMError       9  a language model's service that fails or is not allowed
    ├── AnswerError   the service answered, but not what was asked
    └── PromptError   a prompt that is not there, or rendered with the wrong variables
"""

from __future__ import annotations


class Fr2enError(Exception):
    """An error to show to the user: what, where, and (``hint``) what to try."""

    exit_code = 1

    def __init__(self, what: str, hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.what}\n{self.hint}" if self.hint else self.what


class UsageError(Fr2enError):
    """Options that do not go together."""

    exit_code = 2


class StrictError(Fr2enError):
    """Something doubtful, where the user asked for nothing doubtful."""

    exit_code = 3


class InputError(Fr2enError):
    """An input that cannot be read as text."""

    exit_code = 4


class ModelError(Fr2enError):
    """A checkpoint that cannot be found, read or used."""

    exit_code = 5


class OfflineError(ModelError):
    """A download was needed, and the network is forbidden or out of reach."""


class OutputError(Fr2enError):
    """An output that cannot be written."""

    exit_code = 6


class GateError(Fr2enError):
    """Translations have become significantly worse than the baseline, or cannot be compared with it."""

    exit_code = 8


class LLMError(Fr2enError):
    """A language model was asked for, and its service fails, refuses, or may not be reached."""

    exit_code = 9


class AnswerError(LLMError):
    """The service answered, but twice not in the form that was asked for."""


class PromptError(LLMError):
    """A prompt that is not there or not sound, or that was given the wrong variables."""

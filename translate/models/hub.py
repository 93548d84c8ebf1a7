"""Checkpoints from the Hugging Face hub: found in its cache, or downloaded when the user asked for that."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from translate.errors import ModelError, OfflineError
from translate.models.checkpoint import CONFIG, OPTIONAL, PICKLE, REQUIRED, SAFETENSORS
from translate.models.paths import expanded, local_folder
from translate.network import hush, is_forbidden

#: As the hub wants it: no -- or .. in it, no sign at the end of a part, 96 characters at most.
_HUB_ID = re.compile(r"(?!.*(?:--|\.\.|\.git$))[A-Za-z0-9](?:[\w.-]{0,94}\w)?/[A-Za-z0-9](?:[\w.-]{0,94}\w)?")

#: Seconds to wait for the first answer of the hub: a machine without a network shall hear of it at once.
_PATIENCE = 5.0


def is_hub_id(name: str) -> bool:
    """Return whether ``name`` has the form OWNER/MODEL and is no folder here."""
    return _HUB_ID.fullmatch(name) is not None and local_folder(name) is None


def hub_cache() -> Path:
    """Return huggingface_hub's cache folder, by its own rules, as the environment is now."""
    for variable in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"):
        if chosen := os.environ.get(variable):
            return expanded(chosen, variable)
    home = os.environ.get("HF_HOME") or Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache") / "huggingface"
    return expanded(home, "HF_HOME or XDG_CACHE_HOME") / "hub"


def cached(name: str) -> Path | None:
    """Return the folder of the hub model ``name`` in huggingface_hub's cache, None where it is not there."""
    hush()
    from huggingface_hub import try_to_load_from_cache

    found = try_to_load_from_cache(name, CONFIG, cache_dir=hub_cache())
    return Path(found).parent if isinstance(found, str) else None


def download(name: str) -> Path:
    """Download the files of hub model ``name`` that fr2en needs into huggingface_hub's cache; return their
    folder.

    Weights are taken as safetensors where the model has them, else as .bin; nothing that is there already is
    fetched again. Raises OfflineError within seconds where the hub is out of reach, ModelError where it has
    no such model or the model lacks files.
    """
    if is_forbidden():
        raise OfflineError(
            f"{name} is not on this machine, and downloads are forbidden (--offline or FR2EN_OFFLINE)",
            _elsewhere(name),
        )
    hush()
    from huggingface_hub import HfApi, snapshot_download
    from huggingface_hub import errors as hub_errors
    from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError

    # The base of the errors of the HTTP library that this version of huggingface_hub uses.
    transport_error: type[Exception] = hub_errors.HTTPError  # type: ignore[attr-defined, unused-ignore]

    endpoint = os.environ.get("HF_ENDPOINT") or None
    try:
        listing = HfApi(endpoint=endpoint, token=False).model_info(name, timeout=_PATIENCE)
        files = _wanted(name, {entry.rfilename for entry in listing.siblings or ()})
        return Path(
            snapshot_download(
                name,
                allow_patterns=files,
                cache_dir=hub_cache(),
                endpoint=endpoint,
                etag_timeout=_PATIENCE,
                token=False,
            )
        )
    except RepositoryNotFoundError as error:
        raise ModelError(
            f"the hub has no public model {name}", "Check its spelling on huggingface.co/models."
        ) from error
    except HfHubHTTPError as error:
        raise ModelError(f"the hub did not give {name}: {_reason(error)}", "Try again later.") from error
    except (transport_error, ConnectionError, TimeoutError, FileNotFoundError) as error:
        raise OfflineError(
            f"{name} is not on this machine, and the hub cannot be reached ({_reason(error)})",
            _elsewhere(name),
        ) from error
    except OSError as error:
        raise ModelError(
            f"{name} cannot be kept in {hub_cache()}: {_reason(error)}", "Set HF_HOME to a folder with room."
        ) from error


def _wanted(name: str, present: set[str]) -> list[str]:
    weights = next((file for file in (SAFETENSORS, PICKLE) if file in present), None)
    missing = [file for file in REQUIRED if file not in present]
    if weights is None:
        missing.append(f"{SAFETENSORS} (or {PICKLE})")
    if missing or weights is None:
        raise ModelError(
            f"the hub model {name} lacks {', '.join(missing)}: it is no Marian checkpoint",
            "fr2en runs Marian checkpoints, such as Helsinki-NLP/opus-mt-fr-en.",
        )
    return [*REQUIRED, *(file for file in OPTIONAL if file in present), weights]


def _elsewhere(name: str) -> str:
    return (
        f"On a machine with a network run 'fr2en models pull {name}', copy the folder it names here and "
        "give it as --model; or go on with --model bundled."
    )


def _reason(error: Any) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]

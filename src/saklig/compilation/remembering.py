"""What the audit found, kept beside the answers, so that publishing unchanged answers again does not repeat it.

One hidden file a study in the folder of the answers, `.saklig-audit-<study>.json`, readable by its owner alone. It
holds no answers. It is as confidential as they are all the same: its key is a hash of all the answers, by which
somebody who knows all of them but one could try the last one, and the rule that withheld a group tells more of it
than the edition does. So it is written beside the answers and nowhere else, and `publish` never copies it.

A file that was damaged, or that belongs to other answers, another study or other rules, is as good as none.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from pathlib import Path

from saklig.disclosure.pattern import Pattern, PatternError
from saklig.edition.whole import remove_leftovers, write_file

_FORMAT = "saklig audit 1"
_LARGEST = 200_000_000


def audit_file(folder: Path, study: str) -> Path:
    return folder / f".saklig-audit-{study}.json"


def recall(folder: Path, study: str) -> Pattern | None:
    """The pattern as it was kept, None where there is none that is whole. `protect` checks that it fits the answers."""
    path = audit_file(folder, study)
    try:
        if not path.is_file() or path.stat().st_size > _LARGEST:
            return None
        kept = json.loads(path.read_bytes())
        if kept["format"] != _FORMAT or kept["sha256"] != _checksum(kept["pattern"]):
            return None
        return Pattern.from_json(kept["pattern"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError, PatternError):
        return None


def remember(pattern: Pattern, folder: Path, study: str) -> None:
    """Keeps the pattern; a folder that cannot be written to is no fault, the next run only takes longer."""
    form = pattern.to_json()
    content = json.dumps({"format": _FORMAT, "pattern": form, "sha256": _checksum(form)}, ensure_ascii=False)
    with suppress(OSError):
        remove_leftovers(folder)  # another run that writes here now loses its memory, which is no fault either
        write_file(audit_file(folder, study), content.encode(), private=True)


def _checksum(form: object) -> str:
    return hashlib.sha256(json.dumps(form, sort_keys=True).encode()).hexdigest()

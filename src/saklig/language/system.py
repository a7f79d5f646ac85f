"""What the operating system says when it refuses, in plain words: its own are English whatever the language."""

from __future__ import annotations

import errno
from collections.abc import Mapping

from saklig.language.catalog import N_, say

_REASONS: Mapping[int, str] = {
    errno.ENOSPC: N_("the disk is full"),
    errno.EDQUOT: N_("the space that you may use is full"),
    errno.EACCES: N_("you may not do this here; ask whoever decides over the folder"),
    errno.EPERM: N_("you may not do this here; ask whoever decides over the folder"),
    errno.EROFS: N_("the disk can only be read"),
    errno.ENOENT: N_("there is no such file or folder"),
    errno.EEXIST: N_("there is a file or folder of that name already"),
    errno.EISDIR: N_("this is a folder"),
    errno.ENOTDIR: N_("a part of the path is no folder"),
    errno.ENOTEMPTY: N_("the folder is not empty"),
    errno.ENAMETOOLONG: N_("the name is too long"),
    errno.ELOOP: N_("links lead in a circle"),
    errno.EIO: N_("the disk cannot be read or written"),
    errno.EMFILE: N_("too many files are open"),
    errno.EBUSY: N_("another program uses it"),
    errno.EPIPE: N_("whoever reads the output has stopped reading"),
}


def reason(error: OSError) -> str:
    """Why, in the language that is spoken; a rare reason as the system says it."""
    words = _REASONS.get(error.errno or 0)
    return say(words) if words else error.strerror or type(error).__name__

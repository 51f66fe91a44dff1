"""Whether a file is the one that was published.

Where the lists have its size and MD5, both must agree. What they do not say is made up for by the archive itself: every member
is unpacked and its CRC-32 compared, which finds what was cut off or damaged, but not an older edition of the file. MD5 is what
the publisher gives: good against accidents, not against somebody who means to deceive.

What an archive says of its own size is held against the bounds of `base.bounds` before a byte of it is unpacked.
"""

from __future__ import annotations

import errno
import hashlib
import struct
import zipfile
from pathlib import Path

from detente.base.packed import DAMAGED, members
from detente.errors import InputError
from detente.record.fetching.lists import Listed

__all__ = ["is_archive", "what_is_wrong"]

_CHUNK = 1 << 20
_BROKEN = (*DAMAGED, struct.error, RuntimeError, ValueError, OverflowError)


def is_archive(start: bytes) -> bool:
    """Whether a .zip can begin with these bytes."""
    return start[:4] in (b"PK\x03\x04", b"PK\x05\x06") or (len(start) < 4 and b"PK\x03\x04".startswith(start))


def what_is_wrong(path: Path, listed: Listed) -> str:
    """Why a file is not the published one; empty where it is.

    Raises
    ------
    OSError
        If it cannot be read.
    """
    size = path.stat().st_size
    if listed.size is not None and size != listed.size:
        return f"it has {size:,} bytes, the list says {listed.size:,}"
    if listed.md5 is not None:
        with path.open("rb") as file:
            digest = hashlib.md5(usedforsecurity=False)
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
        if digest.hexdigest() != listed.md5:
            return f"its checksum is {digest.hexdigest()}, the list says {listed.md5}"
    if listed.size is not None and listed.md5 is not None:
        return ""
    try:
        with zipfile.ZipFile(path) as archive:
            members(archive, size, path.name)
            broken = archive.testzip()
    except InputError as err:
        return str(err).removeprefix(f"{path.name}: ")
    except _BROKEN as err:
        return f"it cannot be unpacked: {err}"
    except OSError as err:
        if err.errno not in (None, errno.EINVAL):  # what the archive says of itself leads nowhere
            raise
        return f"it cannot be unpacked: {err}"
    return f"its member {broken[:100]} is damaged" if broken is not None else ""

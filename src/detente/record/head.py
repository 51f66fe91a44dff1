"""The head of a record, to be written down, given to the other side, signed, and checked against later.

A head stands for everything that was ever added, and tells nothing of it. Written as a line,

    detente-head 1 RECORD ENTRIES ROOT

with the id of the record, the number of its entries and their Merkle root (`detente.record.merkle`). Whoever holds a head sees
of any later state of the record whether it continues it: with the record at hand, the first ENTRIES of it must have that ROOT;
without it, a proof of consistency does. Two parties that hold the same head hold the same record up to it.

A signature (Ed25519, RFC 8032) is over that line in ASCII, without an end of line. It says who gave the head, not that what is
recorded is true.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from detente.base.atomic import write_atomic
from detente.base.bounds import name_of, read_bytes, read_text
from detente.base.json import read_json
from detente.errors import OutputError, RecordError
from detente.record.chain import Chain, Head
from detente.record.merkle import consistency_proof, root, verify_consistency

__all__ = ["Given", "continues", "make_key", "proves", "read_head", "read_proof", "signed", "with_proof"]

_LINE = re.compile(r"detente-head 1 ([0-9a-f]{32}) (0|[1-9][0-9]{0,8}) ([0-9a-f]{64})")
_HASH = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True)
class Given:
    """A head as it is given away. key, signature : of Ed25519, 32 and 64 bytes; None where it is not signed.

    since, proof : an earlier head of the same record, and the proof that this one continues it.
    """

    head: Head
    key: bytes | None = None
    signature: bytes | None = None
    since: Head | None = None
    proof: tuple[bytes, ...] = ()

    @property
    def line(self) -> str:
        return line(self.head)

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it.

        head : the head as a line: `detente-head 1`, the record's id, the number of entries, the root
        key : with `--sign`, the public key, in base64
        signature : the signature of that line
        since : with `--since`, the earlier head
        proof : the hashes that prove that this one continues it
        """
        told: dict[str, Any] = {"head": self.line}
        if self.key and self.signature:
            told |= {"key": base64.b64encode(self.key).decode(), "signature": base64.b64encode(self.signature).decode()}
        if self.since:
            told |= {"since": line(self.since), "proof": [node.hex() for node in self.proof]}
        return told


def line(head: Head) -> str:
    """A head as a line of text."""
    return f"detente-head 1 {head.record} {head.entries} {head.root}"


def read_head(given: str, key: Path | None = None) -> Given:
    """A head: as a line of text, as a file that holds the line or was written by `detente record head -o`, or ``-``.

    key : a file with the public key of whoever should have signed it.

    Raises
    ------
    RecordError
        If it is no head, or is not signed by that key.
    """
    text = given if given.startswith("detente-head ") else read_text(given, error=RecordError, what="head")
    source = "<head>" if text is given else given
    data = _data(text, source)
    found = _given(data, source)
    if found.signature and not _verified(found):
        raise RecordError(f"{source}: its signature is not that of its key (ask for the head once more)", source=source)
    if key is not None:
        expected = _public(key)
        if found.key != expected:
            got = f"signed by another key, {found.key.hex()}" if found.key else "not signed"
            raise RecordError(f"{source}: is {got}; wanted the signature of {key} (ask for the head once more)", source=source)
    return found


def read_proof(path: str) -> Given:
    """A head with the proof that it continues an earlier one, as `detente record head --since` writes it.

    Raises
    ------
    RecordError
        If it is none.
    """
    found = read_head(path)
    if found.since is None:
        message = f"{path}: holds no proof (the other side makes one with `detente record head --since HEAD -o FILE`)"
        raise RecordError(message, source=path)
    return found


def continues(chain: Chain, earlier: Head) -> str:
    """Why the record does not continue an earlier head; empty if it does."""
    if chain.id != earlier.record:
        return f"the head is of another record, {earlier.record}; this one is {chain.id}"
    if len(chain.entries) < earlier.entries:
        return f"the head counts {earlier.entries} entries, and the record has {len(chain.entries)}: some were dropped"
    if root(chain.leaves[: earlier.entries]).hex() != earlier.root:
        return f"the first {earlier.entries} entries are others than those that the head was made for: the record was rewritten"
    return ""


def with_proof(chain: Chain, earlier: Head) -> Given:
    """The head of a record with the proof that it continues an earlier one.

    Raises
    ------
    RecordError
        If it does not.
    """
    if reason := continues(chain, earlier):
        raise RecordError(f"{chain.folder}: {reason} (there is no proof of what is not so)", source=str(chain.folder))
    proof = consistency_proof(earlier.entries, chain.leaves) if earlier.entries else ()
    return Given(chain.head, since=earlier, proof=proof)


def proves(given: Given, earlier: Head) -> str:
    """Why a head with a proof does not show that it continues an earlier one; empty if it does."""
    head = given.head
    if head.record != earlier.record:
        return f"the head is of record {head.record}, and the earlier one of {earlier.record}"
    if not earlier.entries:
        return ""
    if not verify_consistency(
        earlier.entries, bytes.fromhex(earlier.root), head.entries, bytes.fromhex(head.root), given.proof
    ):
        return f"the proof does not lead from the head of {earlier.entries} entries to the one of {head.entries}"
    return ""


def signed(given: Given, key: Path) -> Given:
    """The same head with a signature.

    key : a file with an Ed25519 private key in PEM, as `make_key` or ``openssl genpkey -algorithm ed25519`` writes it.

    Raises
    ------
    RecordError
        If the file holds no such key, or the package `cryptography` is missing.
    """
    _ed25519()
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        private = load_pem_private_key(read_bytes(key, error=RecordError), password=None)
    except (ValueError, TypeError) as err:
        raise RecordError(
            f"{name_of(key)}: holds no private key in PEM, without a password: {err}", source=name_of(key)
        ) from None
    if not isinstance(private, Ed25519PrivateKey):
        raise RecordError(
            f"{name_of(key)}: holds a key of another kind, wanted Ed25519 (`detente record key` makes one)", source=name_of(key)
        )
    signature = private.sign(given.line.encode("ascii"))
    return replace(given, key=private.public_key().public_bytes_raw(), signature=signature)


def make_key(path: Path) -> Path:
    """Write a new private key, readable by its owner only, and the public key beside it; where the public one is.

    Raises
    ------
    RecordError
        If the package `cryptography` is missing.
    OutputError
        If one of the files is there already, or cannot be written.
    """
    _ed25519()
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

    public = path.with_name(f"{path.name}.pub")
    for file in (path, public):
        if file.exists() or file.is_symlink():
            raise OutputError(f"{file}: is there already; a key is never overwritten (choose another name)", source=str(file))
    private = Ed25519PrivateKey.generate()
    write_atomic(path, private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), mode=0o600)
    write_atomic(public, private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return public


def _data(text: str, source: str) -> Mapping[str, Any]:
    if not text.lstrip().startswith("{"):
        return {"head": text.strip()}
    data = read_json(text, source, error=RecordError, what="head")
    return data if isinstance(data, dict) else {}


def _given(data: Mapping[str, Any], source: str) -> Given:
    def refuse(what: str) -> RecordError:
        hint = "a head is a line such as `detente record head` prints, or a file that it has written"
        return RecordError(f"{source}: is no head: {what} ({hint})", source=source)

    if unknown := sorted(data.keys() - {"head", "key", "signature", "since", "proof"}):
        raise refuse(f"unknown key {unknown[0]!r:.60}")
    head, since = _read_line(data.get("head")), _read_line(data.get("since"))
    if head is None or ("since" in data and since is None):
        raise refuse("wanted `detente-head 1`, the id of the record, the number of entries and their root")
    proof = data.get("proof", [])
    if not isinstance(proof, list) or len(proof) > 64 or not all(isinstance(n, str) and _HASH.fullmatch(n) for n in proof):
        raise refuse("its proof is not a list of hashes")
    key, signature = (_bytes(data.get(name), size) for name, size in (("key", 32), ("signature", 64)))
    if (key is None) != (signature is None) or ("key" in data and key is None) or ("signature" in data and signature is None):
        raise refuse("its signature or its key is not whole")
    return Given(head, key, signature, since, tuple(map(bytes.fromhex, proof)))


def _read_line(text: object) -> Head | None:
    found = _LINE.fullmatch(text) if isinstance(text, str) else None
    return Head(found[1], int(found[2]), found[3]) if found else None


def _bytes(text: object, size: int) -> bytes | None:
    try:
        found = base64.b64decode(text, validate=True) if isinstance(text, str) else b""
    except (binascii.Error, ValueError):
        return None
    return found if len(found) == size else None


def _verified(given: Given) -> bool:
    _ed25519()
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    assert given.key is not None
    assert given.signature is not None
    try:
        Ed25519PublicKey.from_public_bytes(given.key).verify(given.signature, given.line.encode("ascii"))
    except (InvalidSignature, ValueError):
        return False
    return True


def _public(path: Path) -> bytes:
    _ed25519()
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        key = load_pem_public_key(read_bytes(path, error=RecordError))
    except ValueError as err:
        raise RecordError(f"{name_of(path)}: holds no public key in PEM: {err}", source=name_of(path)) from None
    if not isinstance(key, Ed25519PublicKey):
        raise RecordError(f"{name_of(path)}: holds a key of another kind, wanted Ed25519", source=name_of(path))
    return key.public_bytes_raw()


def _ed25519() -> None:
    try:
        import cryptography  # noqa: F401
    except ImportError:
        raise RecordError("signatures need the package cryptography (pip install 'detente[sign]')") from None

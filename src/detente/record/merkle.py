"""Merkle trees over a list that only grows: what two holders of the same list can prove to each other.

D[n] = (d0, .., dn-1) are byte strings. With H = SHA-256, || for joining and k the largest power of two below n:

    MTH({})     = H()
    MTH({d0})   = H(0x00 || d0)                                     a leaf
    MTH(D[n])   = H(0x01 || MTH(D[0:k]) || MTH(D[k:n]))             a node, n > 1

MTH(D[n]), the root, stands for the whole list: two lists with the same root are the same list. That an earlier list of m
entries is the beginning of a later one of n is proved by at most log2(n) + 1 nodes,

    PROOF(m, D[n])          = SUBPROOF(m, D[n], true)
    SUBPROOF(m, D[m], b)    = {} if b, else {MTH(D[m])}
    SUBPROOF(m, D[n], b)    = SUBPROOF(m, D[0:k], b) : MTH(D[k:n])                  m <= k
                            = SUBPROOF(m - k, D[k:n], false) : MTH(D[0:k])          m > k

which anybody checks who has the two roots and none of the entries. The two prefixes keep a leaf from passing for a node.

Source: RFC 6962, Certificate Transparency, section 2.1; the check is that of RFC 9162, section 2.1.4.2.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

__all__ = ["consistency_proof", "leaf_hash", "root", "verify_consistency"]


def leaf_hash(entry: bytes) -> bytes:
    """The hash of one entry, 32 bytes."""
    return hashlib.sha256(b"\0" + entry).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over the hashes of the entries, in order."""
    if not leaves:
        return hashlib.sha256().digest()
    level = list(leaves)
    while len(level) > 1:  # a node without a neighbour moves up as it is, which gives the same tree
        pairs = [_node(level[n], level[n + 1]) for n in range(0, len(level) - 1, 2)]
        level = [*pairs, level[-1]] if len(level) % 2 else pairs
    return level[0]


def consistency_proof(size: int, leaves: Sequence[bytes]) -> tuple[bytes, ...]:
    """The proof that the first `size` of the entries are the beginning of all of them.

    size : 1 .. len(leaves).
    """
    if not 0 < size <= len(leaves):
        raise ValueError(f"got the first {size} of {len(leaves)} entries, wanted 1 to {len(leaves)}")
    return tuple(_subproof(size, leaves, whole=True))


def verify_consistency(size: int, before: bytes, later_size: int, later: bytes, proof: Sequence[bytes]) -> bool:
    """Whether a proof shows that the list with `size` entries and the root `before` is the beginning of the later one."""
    if not 0 < size <= later_size:
        return False
    if size == later_size:
        return not proof and before == later
    path = [before, *proof] if size & (size - 1) == 0 else list(proof)
    if not path:
        return False
    at, last = size - 1, later_size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if not last:
            return False
        if at & 1 or at == last:
            old, new = _node(sibling, old), _node(sibling, new)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            new = _node(new, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and old == before and new == later


def _subproof(size: int, leaves: Sequence[bytes], *, whole: bool) -> list[bytes]:
    if size == len(leaves):
        return [] if whole else [root(leaves)]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    if size <= split:
        return [*_subproof(size, leaves[:split], whole=whole), root(leaves[split:])]
    return [*_subproof(size - split, leaves[split:], whole=False), root(leaves[:split])]


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()

"""Roots and proofs of consistency against published vectors, and against the definition written out."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.record.merkle import consistency_proof, leaf_hash, root, verify_consistency

# The test vectors of the reference implementations of RFC 6962 (google/certificate-transparency, merkle_tree_test.cc, and
# transparency-dev/merkle, testonly): eight entries, the root of each beginning, and proofs between some of them.
ENTRIES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
PROOFS = {
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
LEAVES = [leaf_hash(bytes.fromhex(entry)) for entry in ENTRIES]


def by_definition(entries: list[bytes]) -> bytes:
    """MTH of RFC 6962, section 2.1, word for word."""
    n = len(entries)
    if n == 0:
        return hashlib.sha256(b"").digest()
    if n == 1:
        return hashlib.sha256(b"\x00" + entries[0]).digest()
    k = max(2**i for i in range(n) if 2**i < n)
    return hashlib.sha256(b"\x01" + by_definition(entries[:k]) + by_definition(entries[k:])).digest()


def test_published_roots() -> None:
    """Catches another tree than that of Certificate Transparency, with which other tools could not check a head."""
    assert [root(LEAVES[:n]).hex() for n in range(1, 9)] == ROOTS
    assert root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize("sizes", PROOFS)
def test_published_proofs(sizes: tuple[int, int]) -> None:
    """Catches proofs in another order or of other nodes than the standard's."""
    before, now = sizes
    assert [node.hex() for node in consistency_proof(before, LEAVES[:now])] == PROOFS[sizes]


@given(st.lists(st.binary(max_size=4), max_size=40))
def test_roots_by_definition(entries: list[bytes]) -> None:
    """Catches a short cut that differs from the recursion for some number of entries."""
    assert root([leaf_hash(entry) for entry in entries]) == by_definition(entries)


def test_every_proof_holds_and_no_forged_one() -> None:
    """For all sizes up to 20: the proof holds; with a node changed, dropped, added, or for another size or root, it does not."""
    leaves = [leaf_hash(bytes([n])) for n in range(20)]
    other = [leaf_hash(b"x"), *leaves[1:]]
    for now in range(1, 21):
        for before in range(1, now + 1):
            first, last = root(leaves[:before]), root(leaves[:now])
            proof = consistency_proof(before, leaves[:now])
            assert verify_consistency(before, first, now, last, proof)
            assert not verify_consistency(before, root(other[:before]), now, last, proof)
            assert not verify_consistency(before, first, now, root(other[:now]), proof)
            assert not verify_consistency(before, first, now, last, (*proof, last))
            assert not proof or not verify_consistency(before, first, now, last, proof[:-1])
            for at in range(len(proof)):
                forged = (*proof[:at], bytes(32), *proof[at + 1 :])
                assert not verify_consistency(before, first, now, last, forged)
            for size in range(now + 2):
                assert size == before or not verify_consistency(size, first, now, last, proof)


@pytest.mark.parametrize("size", [0, -1, 9])
def test_no_proof_of_what_is_not_there(size: int) -> None:
    """Catches a proof for a beginning that is none."""
    with pytest.raises(ValueError, match="wanted 1 to 8"):
        consistency_proof(size, LEAVES)

"""Holds gatehouse_identity.py against docs/identity-test-vectors.json; fails when one is not kept."""

import base64
import json
import pathlib
import sys

from gatehouse_identity import IdentityRefused, IdentityVerifier

path = pathlib.Path(__file__).resolve().parents[2] / "docs" / "identity-test-vectors.json"
file = json.loads(path.read_text(encoding="utf-8"))


def verdict(vector):
    verifier = IdentityVerifier(
        file["gateway"],
        file["subgraph"],
        fetch_keys=lambda: file["keys"],
        now=lambda: vector["now"],
        clock_tolerance=file["clockTolerance"],
    )
    try:
        return {"identity": verifier.verify(vector["tokens"], base64.b64decode(vector["body"]))}
    except IdentityRefused as refusal:
        return {"refused": refusal.reason}


broken = 0
for vector in file["vectors"]:
    found = verdict(vector)
    if found != vector["expect"]:
        broken += 1
        print(f"not kept: {vector['name']}: expected {vector['expect']}, found {found}")
print(f"{len(file['vectors']) - broken} of {len(file['vectors'])} vectors kept")
sys.exit(1 if broken or not file["vectors"] else 0)

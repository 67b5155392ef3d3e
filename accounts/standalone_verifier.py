"""Checks an export of the ledger without the system that wrote it. Standard library only: it goes with every export.

    python3 verify.py EXPORT.zip --public-key KEY [--end MESSAGE.txt ...] [--key FILE]

It says whether the export was signed with that key, whether a row is missing, moved or does not follow from the row
before it, and whether the ledger still holds the ends that were sent out day by day. With the secret key of the ledger,
which the school's operator holds, it also computes every row's seal anew. Exit code 0: all holds; 1: it does not.
"""

import argparse
import base64
import hashlib
import hmac
import json
import sys
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

START = "00" * 32
FIELDS = ("school", "chain", "id", "seq", "at", "actor", "actor_name", "event", "target", "summary", "data", "key_id")
NOT_SIGNED = "The export was not signed with this key, or was altered since."
_END_TITLE = "Signed end of the ledger"
_CANONICAL = json.JSONEncoder(sort_keys=True, ensure_ascii=True, separators=(",", ":"))

# Ed25519, the checking of a signature alone, as RFC 8032 writes it out.
_P = 2**255 - 19
_Q = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P
_ROOT = pow(2, (_P - 1) // 4, _P)
Point = tuple[int, int, int, int]


def _add(one: Point, two: Point) -> Point:
    a = (one[1] - one[0]) * (two[1] - two[0]) % _P
    b = (one[1] + one[0]) * (two[1] + two[0]) % _P
    c = 2 * one[3] * two[3] * _D % _P
    d = 2 * one[2] * two[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % _P, g * h % _P, f * g % _P, e * h % _P)


def _times(number: int, point: Point) -> Point:
    found: Point = (0, 1, 1, 0)
    while number > 0:
        if number & 1:
            found = _add(found, point)
        point = _add(point, point)
        number >>= 1
    return found


def _same(one: Point, two: Point) -> bool:
    return (one[0] * two[2] - two[0] * one[2]) % _P == 0 and (one[1] * two[2] - two[1] * one[2]) % _P == 0


def _x_of(y: int, sign: int) -> int | None:
    if y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P
    if square == 0:
        return None if sign else 0
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P != 0:
        x = x * _ROOT % _P
    if (x * x - square) % _P != 0:
        return None
    return _P - x if (x & 1) != sign else x


def _point(packed: bytes) -> Point | None:
    y = int.from_bytes(packed, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    x = _x_of(y, sign)
    return None if x is None else (x, y, 1, x * y % _P)


def is_signed(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Say whether the signature of a message was made with the secret half of a key."""
    if len(public_key) != 32 or len(signature) != 64:
        return False
    a, r = _point(public_key), _point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= _Q:
        return False
    digest = hashlib.sha512(signature[:32] + public_key + message).digest()
    k = int.from_bytes(digest, "little") % _Q
    base_y = 4 * pow(5, _P - 2, _P) % _P
    base_x = _x_of(base_y, 0) or 0
    base: Point = (base_x, base_y, 1, base_x * base_y % _P)
    return _same(_times(s, base), _add(r, _times(k, a)))


def row_seal(row: dict[str, Any], key: bytes) -> str:
    """Return the seal that a row must have, from the row before it and all it says."""
    said = _CANONICAL.encode({name: row[name] for name in FIELDS}).encode()
    return hmac.digest(key, b"\x00".join([b"row", bytes.fromhex(row["prev_hash"]), said]), "sha256").hex()


def parse_end(text: str) -> dict[str, str]:
    """Return what a signed end says, by name; nothing where the text holds none."""
    lines = [line.strip() for line in text.splitlines()]
    if _END_TITLE not in lines:
        return {}
    pairs = (line.partition(": ") for line in lines[lines.index(_END_TITLE) + 1 :] if ": " in line)
    wanted = {"school", "day", "at", "ledger", "whole", "key", "signature"}
    return {name: value for name, _, value in pairs if name in wanted}


def end_message(end: dict[str, str]) -> bytes:
    """Return what is signed of an end."""
    names = ("school", "day", "at", "ledger", "whole", "key")
    return "\n".join([_END_TITLE, *(f"{name}: {end.get(name, '')}" for name in names)]).encode()


def end_is_signed(end: dict[str, str], public_key: str) -> bool:
    """Say whether an end was signed with a key."""
    try:
        signature, key = bytes.fromhex(end.get("signature", "")), bytes.fromhex(public_key)
    except ValueError:
        return False
    return end.get("key") == public_key and is_signed(key, end_message(end), signature)


def _lines(archive: zipfile.ZipFile) -> Iterator[tuple[bytes, dict[str, Any]]]:
    with archive.open("rows.jsonl") as file:
        for line in file:
            yield line, json.loads(line)


def problems_of(
    path: str | Path, public_key: str, ends: Sequence[str] = (), keys: dict[str, bytes] | None = None
) -> list[str]:
    """Return what is wrong with an export, one sentence each; nothing where all holds."""
    with zipfile.ZipFile(path) as archive:
        manifest_bytes = archive.read("manifest.json")
        manifest = json.loads(manifest_bytes)
        try:
            signature = bytes.fromhex(archive.read("manifest.sig").decode().strip())
        except ValueError:
            signature = b""
        if not is_signed(bytes.fromhex(public_key), manifest_bytes, signature):
            return [NOT_SIGNED]
        digest, seals = hashlib.sha256(), {}
        found: list[str] = []
        for wrong, line, row in _followed(_lines(archive), keys):
            digest.update(line)
            seals[row["seq"]] = row["hash"]
            found += wrong
        if digest.hexdigest() != manifest["rows_sha256"]:
            found.append("The rows are not those that were signed.")
        if len(seals) != manifest["last"] or seals.get(manifest["last"], START) != manifest["last_hash"]:
            found.append("Rows are missing at the end.")
        sent = [*ends, *_split_ends(archive.read("ends.txt").decode())]
    return found + [line for text in sent for line in end_problems(text, public_key, manifest["school"], seals)]


def _followed(
    lines: Iterable[tuple[bytes, dict[str, Any]]], keys: dict[str, bytes] | None
) -> Iterator[tuple[list[str], bytes, dict[str, Any]]]:
    """Yield each row with what is wrong with it; after the first that does not follow, the others are only read."""
    before, is_broken = START, False
    for seq, (line, row) in enumerate(lines, start=1):
        wrong = []
        if not is_broken:
            if row["seq"] != seq:
                wrong.append(f"Row {seq} is missing or out of its place.")
            elif row["prev_hash"] != before:
                wrong.append(f"Row {seq} does not follow from the row before it.")
            elif keys is not None and "withheld" not in row and not _is_sealed(row, keys):
                wrong.append(f"Row {seq} was altered after it was written.")
            is_broken = bool(wrong)
        before = row["hash"]
        yield wrong, line, row


def _is_sealed(row: dict[str, Any], keys: dict[str, bytes]) -> bool:
    key = keys.get(row["key_id"])
    return key is not None and hmac.compare_digest(row_seal(row, key), row["hash"])


def _split_ends(text: str) -> list[str]:
    return [f"{_END_TITLE}{part}" for part in text.split(_END_TITLE)[1:]]


def end_problems(text: str, public_key: str, school: str, seals: dict[int, str]) -> list[str]:
    """Return what is wrong with a signed end, compared with the rows' seals by number."""
    end = parse_end(text)
    day = end.get("day", "an unknown day")
    if not end_is_signed(end, public_key):
        return [f"The end of {day} was not signed with this key, or was altered."]
    if end["school"] != school:
        return [f"The end of {day} belongs to another school."]
    seq, _, seal = end["ledger"].partition(" ")
    if seals.get(int(seq), START if seq == "0" else "") != seal:
        return [f"The rows up to the end of {day} are not there as they were then."]
    return []


def main(arguments: Sequence[str] | None = None) -> int:
    """Check what the command line names; say what was found."""
    parser = argparse.ArgumentParser(description="Check an export of the ledger.")
    parser.add_argument("export", help="the .zip file")
    parser.add_argument("--public-key", required=True, help="as it stands in any signed end that you received")
    parser.add_argument("--end", action="append", default=[], help="a file with a message that held a signed end")
    parser.add_argument("--key", help="a file with the ledger's secret keys, a line 'id:base64' each")
    given = parser.parse_args(arguments)
    ends = [Path(name).read_text() for name in given.end]
    keys = _read_keys(Path(given.key).read_text()) if given.key else None
    try:
        found = problems_of(given.export, given.public_key.strip().lower(), ends, keys)
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as problem:
        found = [f"The export cannot be read: {type(problem).__name__}."]
    sys.stdout.write("\n".join(found or ["All holds."]) + "\n")
    return 1 if found else 0


def _read_keys(text: str) -> dict[str, bytes]:
    pairs = (part.strip().partition(":") for part in text.replace(",", "\n").splitlines() if ":" in part)
    return {name: base64.b64decode(value) for name, _, value in pairs}


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Checks a dossier with Python's standard library and no code of Jurat's.

    check.py DOSSIER.zip ...

It reads the ZIP with zipfile, and by its own code checks both manifests, that
the manifests and the files are the same set, every event's disclosures against
its leaf, that the incident's events are all there and follow one another, that
the last one seals what is there, and that each is in the log under the
checkpoint. It checks no signature: the standard library has no Ed25519.
Exit status: 0 all of it holds, 1 something does not.
Clauses (D...) are those of docs/format/dossier.md, (L...) of ledger.md.
"""
import base64
import hashlib
import json
import sys
import zipfile


def sha(b):
    return hashlib.sha256(b).hexdigest()


def b64url(s):
    return base64.urlsafe_b64decode(s + "=" * (-len(s) % 4))


def digest(disclosure):  # L7
    return base64.urlsafe_b64encode(hashlib.sha256(disclosure.encode("ascii")).digest()).rstrip(b"=").decode()


def leaf_hash(leaf):  # RFC 6962
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_from(index, size, leaf, path):
    """RFC 9162, 2.1.3.2."""
    fn, sn, r = index, size - 1, leaf
    for p in path:
        assert sn != 0, "the proof is too long"
        if fn & 1 or fn == sn:
            r = node_hash(p, r)
            while not fn & 1 and fn != 0:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = node_hash(r, p)
        fn, sn = fn >> 1, sn >> 1
    assert sn == 0, "the proof is too short"
    return r


def thumbprint(jwk):  # RFC 7638
    text = json.dumps({k: jwk[k] for k in ("crv", "kty", "x")}, separators=(",", ":"), sort_keys=True)
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


def manifest(text):  # D22
    out = {}
    for line in text.decode("ascii").splitlines():
        want, _, name = line.partition("  ")
        assert len(want) == 64 and name not in out, line
        out[name] = want
    return out


def claims(leaf, lines):
    """The claims of a leaf that are disclosed, and the payload's parts."""
    body = json.loads(leaf)
    assert set(body) == {"_sd", "_sd_alg", "iss", "vct"} and body["_sd_alg"] == "sha-256", "not a leaf"
    assert len(body["_sd"]) == 16 and len(leaf) <= 4096, "not a leaf"
    by_digest = {digest(d): d for d in lines}
    top, parts, used = {}, {}, 0
    for sd in body["_sd"]:
        if sd in by_digest:
            _, name, value = json.loads(b64url(by_digest[sd]))
            top[name], used = value, used + 1
    for sd in top.get("payload", {"_sd": []})["_sd"]:
        if sd in by_digest:
            _, name, value = json.loads(b64url(by_digest[sd]))
            parts[name], used = value, used + 1
    assert used == len(lines), "a disclosure the leaf does not commit to"
    return body["iss"], top, parts


def check(path):
    with zipfile.ZipFile(path) as z:
        names = [i.filename for i in z.infolist()]
        assert len(set(names)) == len(names), "a name occurs twice"
        assert all(i.compress_type == zipfile.ZIP_STORED for i in z.infolist()), "a member is compressed"
        top = names[0].split("/")[0]
        files = {n.split("/", 1)[1]: z.read(n) for n in names}
        assert all(n.startswith(top + "/") for n in names), "more than one top-level directory"

    payload, tags = manifest(files["manifest-sha256.txt"]), manifest(files["tagmanifest-sha256.txt"])
    for listed in (payload, tags):
        for name, want in listed.items():
            assert sha(files[name]) == want, name + ": other bytes"
    unlisted = set(files) - set(payload) - set(tags)
    assert unlisted == {"tagmanifest-sha256.txt", "jurat/tagmanifest.sig"}, unlisted
    assert all(n.startswith("data/") for n in payload) and not any(n.startswith("data/") for n in tags)

    checkpoint = files["jurat/checkpoint"].decode().split("\n")
    origin = checkpoint[0]

    def included(leaf, proof, checkpoint=checkpoint):
        size, root = int(checkpoint[1]), base64.b64decode(checkpoint[2])
        head, _, note = files[proof].decode().partition("\n\n")
        lines = head.split("\n")
        assert lines[0] == "c2sp.org/tlog-proof@v1" and lines[1].startswith("index ")
        assert note.split("\n")[:3] == checkpoint[:3], proof + ": another checkpoint"
        hashes = [base64.b64decode(h) for h in lines[2:]]
        assert root_from(int(lines[1][6:]), size, leaf_hash(leaf), hashes) == root, proof + ": not in the log"
        return int(lines[1][6:])

    house, keys = [], {}
    for name in sorted(files):
        if name.startswith("jurat/house/") and name.endswith(".json"):
            stem = name[: -len(".json")]
            iss, top, parts = claims(files[name], files[stem + ".txt"].decode("ascii").splitlines())
            assert "incident" not in top
            index = included(files[name], stem + ".tlog-proof")
            house.append((stem, iss, top["act"], parts["open"]["value"], index))
            if top["act"] == "person.key":
                for key in parts["open"]["value"]["keys"]:
                    keys.setdefault((parts["open"]["value"]["id"], thumbprint(key)), index)

    ended, grew = {origin: None}, True  # D52: the log, and those it continues with the checkpoints they ended with
    while grew:
        grew = False
        for stem, iss, act, value, index in house:
            if act == "ledger.continued" and value["next"].split("+")[0] in ended and value["origin"] not in ended:
                assert index == 0 or value["next"].split("+")[0] != origin, "the log does not begin with the end of the one before"
                ended[value["origin"]], grew = value["checkpoint"].split("\n"), True
    for stem, iss, act, value, index in house:
        assert iss in ended, stem + ": issued by another log"
        if stem + ".ended.tlog-proof" in files:
            included(files[stem + ".json"], stem + ".ended.tlog-proof", ended[iss])

    seq, prev, last, by_id, acts, before, alone = 0, None, None, {}, [], -1, set()
    document = json.loads(files["data/referral.json"])
    while "jurat/leaves/%06d.json" % seq in files:  # D32
        leaf = files["jurat/leaves/%06d.json" % seq]
        iss, top, parts = claims(leaf, files["jurat/disclosures/%06d.txt" % seq].decode("ascii").splitlines())
        assert iss in ended and top["incident"] == document["incident"]["value"]["number"]
        assert top["incident_seq"] == seq, "a gap before %d" % seq
        assert top["incident_prev"] == prev, "event %d does not follow the one before it" % seq
        prev = base64.b64encode(leaf_hash(leaf)).decode()
        index = included(leaf, "jurat/proofs/%06d.tlog-proof" % seq)
        assert index > before, "event %d stands in the log before the one it follows" % seq
        before, proof = index, "jurat/ended/%06d.tlog-proof" % seq
        if iss != origin and proof not in files:
            alone.add(iss)
        elif iss != origin:
            assert iss not in alone, "event %d was in the log that ended, and one before it is not shown there" % seq
            included(leaf, proof, ended[iss])
        if "actor_proof" in top:  # D35
            signed = (top["actor_proof"]["person"], top["actor_proof"]["key"])
            assert keys.get(signed, -1) < index, "event %d is signed with a key put on the record later" % seq
        last, seq = (top, parts), seq + 1
        by_id[top["id"]] = parts.get("open")
        acts.append((top["act"], parts.get("open")))
    assert seq == sum(n.startswith("jurat/leaves/") for n in files), "a gap in the events"

    top, parts = last  # D30
    assert top["act"] == "dossier.sealed", "the last event is no seal"
    seal = parts["open"]["value"]["seal"]
    assert seal["manifest"] == "sha256:" + sha(files["manifest-sha256.txt"]), "another manifest was sealed"
    for tag in seal["tags"]:
        assert tag["digest"] == "sha256:" + sha(files[tag["path"]]), tag["path"] + ": another was sealed"

    sealed = {tag["path"] for tag in seal["tags"]}  # D31
    for name in set(tags) - sealed:
        after = name in ("manifest-sha256.txt", "jurat/checkpoint", "jurat/consistency")
        after = after or name.startswith("jurat/tokens/") or name.endswith(".tlog-proof")
        if name.startswith(("jurat/leaves/", "jurat/disclosures/")):
            after = int(name.split("/")[2].split(".")[0]) >= seal["events"]
        assert after, name + ": added after the seal"

    received = {part["item"]["id"]: part["value"] for act, part in acts if act == "exhibit.received" and part}
    for item in document["inventory"]:  # D46
        x = item["exhibit"]["value"]
        if x["id"] in received:
            assert received[x["id"]]["digest"] == x["digest"], x["id"] + ": the ledger received other bytes"
        if item["state"] == "new":
            assert item["exhibit"]["value"]["digest"] == "sha256:" + sha(files[item["path"]]), item["path"]
    for kind in ("parties", "allegations", "accounts", "flags", "holds"):  # D44
        for one in document[kind] or []:
            if one.get("event"):
                assert by_id[one["event"]]["value"] == one["value"], kind + " against the ledger"
    return seq, len(files)


if __name__ == "__main__":
    status = 0
    for path in sys.argv[1:]:
        try:
            print("%s: holds: %d events, %d files" % ((path,) + check(path)))
        except (AssertionError, KeyError, ValueError, zipfile.BadZipFile) as e:
            print("%s: does not hold: %r" % (path, e))
            status = 1
    sys.exit(status)

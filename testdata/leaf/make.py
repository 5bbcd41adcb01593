#!/usr/bin/env python3
"""Makes vectors.json: leaves and disclosures, good and bad, with the answer
each must give. It follows docs/format/ledger.md and shares no code with the Go
package that is tested against it; it needs nothing but Python's own library.

    python3 make.py > vectors.json

The vectors are frozen: a change of this output is a change of the format.
"""
import base64
import hashlib
import json
import sys

ORIGIN = "records.city.example/jurat"
VCT = "urn:jurat:event:1"
CLASSES = ["open", "identity", "contact", "health", "exact_address", "minor", "compelled", "privileged"]
CLAIMS = ["id", "at", "act", "actor", "order", "payload", "incident", "incident_seq", "incident_prev", "actor_proof"]

INTACT, ALTERED, CANNOT = "intact", "altered", "could not tell"


def b64url(b):
    return base64.urlsafe_b64encode(b).rstrip(b"=").decode()


def compact(v):
    return json.dumps(v, ensure_ascii=False, separators=(",", ":"))


def sha(text):
    return hashlib.sha256(text if isinstance(text, bytes) else text.encode()).digest()


def digest(disclosure):
    """L7: base64url of the SHA-256 of the disclosure's ASCII."""
    return b64url(sha(disclosure))


class Stream:
    """Bytes anybody can make again: SHA-256 of a text and a counter."""

    def __init__(self, name):
        self.name, self.n, self.left = name.encode(), 0, b""

    def take(self, n):
        while len(self.left) < n:
            self.left += sha(self.name + self.n.to_bytes(8, "big"))
            self.n += 1
        out, self.left = self.left[:n], self.left[n:]
        return out

    def salt(self):
        return self.take(16)

    def decoy(self):
        return b64url(sha(self.take(16)))


def raw_disclosure(json_text):
    return b64url(json_text if isinstance(json_text, bytes) else json_text.encode())


def disclose(salt, name, value_text):
    return raw_disclosure('["%s","%s",%s]' % (b64url(salt), name, value_text))


def leaf_text(digests, alg="sha-256", iss=ORIGIN, vct=VCT):
    return '{"_sd":[%s],"_sd_alg":"%s","iss":"%s","vct":"%s"}' % (
        ",".join('"%s"' % d for d in digests), alg, iss, vct)


def leaf_of(digests, **kw):
    return leaf_text(sorted(digests), **kw)


class Event:
    """One event, made step by step, so that a bad vector can spoil one step."""

    def __init__(self, name="vector"):
        self.s = Stream(name)
        self.values = {
            "id": compact("0193b0c6-7d30-7abc-8def-0123456789ab"),
            "at": compact("2026-11-22T07:09:10.123456Z"),
            "act": compact("exhibit.received"),
            "actor": compact({"person": "officer-4471", "office": "police", "role": "officer", "via": "key"}),
            "order": compact([{"id": "chicago-eo-2026-01", "digest": "sha256:" + hashlib.sha256(b"the order").hexdigest()}]),
            "incident": compact("2026-000001"),
            "incident_seq": "7",
            "incident_prev": compact(base64.b64encode(sha("the leaf before")).decode()),
        }
        self.parts = {
            "open": compact({"item": {"noun": "exhibit", "id": "2026-000001-E1"},
                             "value": {"kind": "bwc", "size": 4096, "name": "body camera <1> & \"2\" \u00e9\u2028"},
                             "note": "received at the counter\nby hand"}),
            "identity": compact({"badge": "unknown"}),
            "minor": "true",
        }
        self.payload = None       # the payload's JSON text, when spoiled
        self.made = {}            # claim -> disclosure, when spoiled
        self.made_parts = {}      # class -> disclosure, when spoiled

    def build(self):
        """Returns (leaf, {claim: disclosure}, {class: disclosure})."""
        s = self.s
        first = ["act", "actor", "order"]
        claims = {c: self.made.get(c) or disclose(s.salt(), c, self.values[c]) for c in first if c in self.values or c in self.made}
        payload_salt = s.salt()
        parts = {}
        for c in CLASSES:
            if c in self.made_parts:
                parts[c] = self.made_parts[c]
            elif c in self.parts:
                parts[c] = disclose(s.salt(), c, self.parts[c])
        sums = [digest(d) for d in parts.values()]
        while len(sums) < 8:
            sums.append(s.decoy())
        value = self.payload(sums) if self.payload else '{"_sd":%s}' % compact(sorted(sums))
        claims["payload"] = disclose(payload_salt, "payload", value)
        for c in CLAIMS:
            if c not in claims and (c in self.values or c in self.made):
                claims[c] = self.made.get(c) or disclose(s.salt(), c, self.values[c])
        sums = [digest(d) for d in claims.values()]
        while len(sums) < 16:
            sums.append(s.decoy())
        self.sums = sums
        return leaf_of(sums), claims, parts


VECTORS = []


def add(name, clause, answer, leaf, disclosures, event=None, claims=None, parts=None):
    v = {"name": name, "clause": clause, "answer": answer, "leaf": leaf, "disclosures": list(disclosures)}
    if answer == INTACT:
        v["leaf_hash"] = base64.b64encode(hashlib.sha256(b"\x00" + leaf.encode()).digest()).decode()
        v["claims"] = {c: event.values[c] for c in claims if c != "payload"} if event else {}
        v["payload"] = "payload" in (claims or [])
        v["parts"] = {c: event.parts[c] for c in parts} if event else {}
    VECTORS.append(v)


def good(name, clause, e, keep_claims=None, keep_parts=None):
    leaf, claims, parts = e.build()
    cs = {c: d for c, d in claims.items() if keep_claims is None or c in keep_claims}
    ps = {c: d for c, d in parts.items() if keep_parts is None or c in keep_parts}
    add(name, clause, INTACT, leaf, list(cs.values()) + list(ps.values()), e, cs, ps)
    if all(c in cs for c in ("act", "actor", "order", "payload")):
        signed = "".join(cs[c] + "~" for c in ("act", "actor", "order", "payload"))
        VECTORS[-1]["challenge"] = hashlib.sha256(signed.encode()).hexdigest()


def bad(name, clause, answer, spoil=None, spoil_leaf=None, spoil_list=None):
    e = Event("bad " + name)
    if spoil:
        spoil(e)
    leaf, claims, parts = e.build()
    given = list(claims.values()) + list(parts.values())
    if spoil_leaf:
        leaf = spoil_leaf(leaf, e.sums)
    if spoil_list:
        given = spoil_list(given, claims, parts)
    add(name, clause, answer, leaf, given)


def value(claim, text):
    return lambda e: e.values.__setitem__(claim, text)


def part(cls, text):
    return lambda e: e.parts.__setitem__(cls, text)


def made(claim, make):
    return lambda e: e.made.__setitem__(claim, make(e))


def loosen(b64):
    """The same bytes with an unused bit set in the last character."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return b64[:-1] + alphabet[alphabet.index(b64[-1]) + 1]


def with_padding(json_text, want):
    """Spaces the JSON until its base64url has the wanted length modulo 4."""
    while len(b64url(json_text.encode())) % 4 != want:
        json_text = json_text.replace('"]', '" ]') if json_text.endswith('"]') else json_text[:-1] + " ]"
    return b64url(json_text.encode())


def act(text, salt=16):
    """A disclosure of the claim act in any JSON text, from one salt."""
    return lambda e: raw_disclosure(text.replace("SALT", b64url(e.s.take(salt))))


# --- good ---------------------------------------------------------------
good("everything disclosed", "L4", Event())

e = Event("house")
for c in CLAIMS[6:9]:
    del e.values[c]
e.parts = {"open": compact({"item": {"noun": "person", "id": "person-3"}, "value": None})}
good("an act of the house", "L4", e)

e = Event("first")
e.values["incident_seq"], e.values["incident_prev"] = "0", "null"
good("the first of an incident", "L6", e)

e = Event("all")
e.parts = {c: compact({"item": {"noun": "record", "id": "2026-000001-R1"}, "value": [1.5, -2e-3, {}]} if c == "open" else {"class": c}) for c in CLASSES}
good("every class present", "L5", e)

good("nothing disclosed", "L4", Event("nothing"), [], [])
good("the completeness claims alone", "L6", Event("complete"), CLAIMS[6:9], [])
good("the payload without its parts", "L5", Event("payload"), ["payload"], [])
good("one sealed part alone", "L5", Event("sealed"), ["payload"], ["identity"])
for c in CLAIMS[:9]:
    good("one claim alone: " + c, "L4", Event("one " + c), [c], [])

e = Event("proof")
e.values["actor_proof"] = compact({"kind": "ed25519", "person": "officer-4471", "key": b64url(sha("a key")), "signature": b64url(sha("a") + sha("b"))})
good("with a proof", "L9", e)

e = Event("spaces")
e.parts["open"] = '{"value": {"a" : [ 1 , 2 ]}, "item":{"noun":"flag","id":"2026-000001-F1"}}'
good("spaces inside a value", "L7", e)

e = Event("escapes")
e.parts["open"] = '{"item":{"noun":"flag","id":"2026-000001-F1"},"value":"\\ud83d\\ude80 \\u0000 \\"","note":"\\u00e9"}'
good("escapes inside a value", "L1", e)

# --- the leaf -----------------------------------------------------------
bad("duplicate digest", "L3", CANNOT, spoil_leaf=lambda leaf, sums: leaf_of(sums[:15] + [sums[0]]))
bad("15 digests", "L3", CANNOT, spoil_leaf=lambda leaf, sums: leaf_of(sums[:15]))
bad("17 digests", "L3", CANNOT, spoil_leaf=lambda leaf, sums: leaf_of(sums + [b64url(sha("one more"))]))
bad("no digests", "L3", CANNOT, spoil_leaf=lambda leaf, sums: leaf_of([]))
bad("unsorted digests", "L3", CANNOT, spoil_leaf=lambda leaf, sums: leaf_text(list(reversed(sorted(sums)))))
bad("digest with an unused bit", "L3", CANNOT, spoil_leaf=lambda leaf, sums: leaf_of(sums[:15] + [loosen(b64url(bytes(32)))]))
bad("digest of 31 bytes", "L3", CANNOT, spoil_leaf=lambda leaf, sums: leaf_of(sums[:15] + [b64url(bytes(31))]))
bad("digest in standard base64", "L3", CANNOT, spoil_leaf=lambda leaf, sums: leaf_of(sums[:15] + ["+" + b64url(bytes(32))[1:]]))
bad("wrong _sd_alg", "L2", CANNOT, spoil_leaf=lambda leaf, sums: leaf_of(sums, alg="sha-512"))
bad("no _sd_alg", "L2", CANNOT, spoil_leaf=lambda leaf, sums: leaf.replace('"_sd_alg":"sha-256",', ""))
bad("wrong vct", "L2", CANNOT, spoil_leaf=lambda leaf, sums: leaf_of(sums, vct="urn:jurat:event:2"))
bad("no vct", "L2", CANNOT, spoil_leaf=lambda leaf, sums: leaf.replace(',"vct":"%s"' % VCT, ""))
bad("another member", "L2", CANNOT, spoil_leaf=lambda leaf, sums: leaf[:-1] + ',"iat":1}')
bad("duplicated member", "L2", CANNOT, spoil_leaf=lambda leaf, sums: leaf.replace('"iss"', '"iss":"x","iss"'))
bad("members in another order", "L2", CANNOT, spoil_leaf=lambda leaf, sums: '{"vct":"%s",' % VCT + leaf[1:].replace(',"vct":"%s"' % VCT, ""))
bad("a space in the leaf", "L2", CANNOT, spoil_leaf=lambda leaf, sums: leaf.replace(",", ", ", 1))
bad("an escape in the leaf", "L2", CANNOT, spoil_leaf=lambda leaf, sums: leaf.replace("records", "\\u0072ecords"))
bad("empty issuer", "L10", CANNOT, spoil_leaf=lambda leaf, sums: leaf_of(sums, iss=""))
bad("issuer with a plus", "L10", CANNOT, spoil_leaf=lambda leaf, sums: leaf_of(sums, iss="a+b"))
bad("trailing bytes after the leaf", "L2", CANNOT, spoil_leaf=lambda leaf, sums: leaf + "\n")
bad("leaf cut short", "L2", CANNOT, spoil_leaf=lambda leaf, sums: leaf[:-1])
bad("empty leaf", "L2", CANNOT, spoil_leaf=lambda leaf, sums: "")
bad("leaf over 4096 bytes", "L2", CANNOT, spoil_leaf=lambda leaf, sums: leaf_of(sums, iss="a" * 3400))

# --- disclosures the leaf does not commit to ----------------------------
bad("unreferenced disclosure", "L7", ALTERED, spoil_list=lambda g, c, p: g + [disclose(bytes(16), "act", '"x.y"')])
bad("a bit flipped in a disclosure", "L7", ALTERED, spoil_list=lambda g, c, p: [g[0][:30] + ("A" if g[0][30] != "A" else "B") + g[0][31:]] + g[1:])
bad("a disclosure of another leaf", "L7", ALTERED, spoil_list=lambda g, c, p: g + [Event("another").build()[1]["id"]])
bad("the same disclosure twice", "L7", ALTERED, spoil_list=lambda g, c, p: g + [g[0]])
bad("a part without its payload", "L5", ALTERED, spoil_list=lambda g, c, p: [d for d in g if d != c["payload"]])
bad("an empty disclosure", "L7", ALTERED, spoil_list=lambda g, c, p: g + [""])
bad("a disclosure with padding added", "L7", ALTERED, spoil_list=lambda g, c, p: [g[0] + "="] + g[1:])
bad("a disclosure with a line break added", "L7", ALTERED, spoil_list=lambda g, c, p: [g[0] + "\n"] + g[1:])
bad("unreferenced beside a malformed one", "L7", ALTERED, spoil_list=lambda g, c, p: g + ["not a disclosure"])

# --- disclosures committed to, but not of the format --------------------
bad("salt of 15 bytes", "L7", CANNOT, made("act", act('["SALT","act","a.b"]', 15)))
bad("salt of 17 bytes", "L7", CANNOT, made("act", act('["SALT","act","a.b"]', 17)))
bad("salt that is a number", "L7", CANNOT, made("act", act('[1,"act","a.b"]')))
bad("salt with an unused bit", "L7", CANNOT, made("act", lambda e: raw_disclosure('["%s","act","a.b"]' % loosen(b64url(bytes(16))))))
bad("two elements", "L7", CANNOT, made("act", act('["SALT","act"]')))
bad("four elements", "L7", CANNOT, made("act", act('["SALT","act","a.b",1]')))
bad("an object", "L7", CANNOT, made("act", act('{"a":"SALT"}')))
bad("trailing bytes in a disclosure", "L7", CANNOT, made("act", act('["SALT","act","a.b"]x')))
bad("two values in a disclosure", "L7", CANNOT, made("act", act('["SALT","act","a.b"][]')))
bad("not UTF-8", "L1", CANNOT, made("act", lambda e: raw_disclosure(b'["' + b64url(bytes(16)).encode() + b'","act","a.\xff"]')))
bad("half a surrogate pair", "L1", CANNOT, made("act", act('["SALT","act","a.\\ud800"]')))
bad("non-canonical base64 in a disclosure", "L7", CANNOT, made("act", lambda e: loosen(with_padding('["%s","act","a.b"]' % b64url(bytes(16)), 3))))
bad("padded base64 in a disclosure", "L7", CANNOT, made("act", lambda e: with_padding('["%s","act","a.b"]' % b64url(bytes(16)), 3) + "="))
bad("a line break inside a disclosure", "L7", CANNOT, made("act", lambda e: (lambda d: d[:8] + "\n" + d[8:])(disclose(bytes(16), "act", '"a.b"'))))
bad("a name with a capital", "L7", CANNOT, made("act", act('["SALT","Act","a.b"]')))
bad("an unknown claim", "L4", CANNOT, made("act", act('["SALT","motive","a.b"]')))
bad("a claim made twice", "L4", CANNOT, made("actor", act('["SALT","act","a.b"]')))
bad("a part where a claim should be", "L5", CANNOT, made("act", act('["SALT","open","a.b"]')))

# --- claims -------------------------------------------------------------
bad("id that is a UUIDv4", "L4", CANNOT, value("id", '"0193b0c6-7d30-4abc-8def-0123456789ab"'))
bad("id in capitals", "L4", CANNOT, value("id", '"0193B0C6-7D30-7ABC-8DEF-0123456789AB"'))
bad("time without a fraction", "L4", CANNOT, value("at", '"2026-11-22T07:09:10Z"'))
bad("time in nanoseconds", "L4", CANNOT, value("at", '"2026-11-22T07:09:10.123456789Z"'))
bad("time with an offset", "L4", CANNOT, value("at", '"2026-11-22T07:09:10.123456+00:00"'))
bad("time with a comma", "L4", CANNOT, value("at", '"2026-11-22T07:09:10,123456Z"'))
bad("time that never was", "L4", CANNOT, value("at", '"2026-02-30T07:09:10.123456Z"'))
bad("act without a verb", "L4", CANNOT, value("act", '"exhibit"'))
bad("act that is a number", "L4", CANNOT, value("act", "1"))
bad("actor with an unknown member", "L4", CANNOT, value("actor", '{"via":"key","rank":"x"}'))
bad("actor with a member twice", "L1", CANNOT, value("actor", '{"via":"key","via":"operator"}'))
bad("actor with a member in another case", "L4", CANNOT, value("actor", '{"Via":"key"}'))
bad("actor without means", "L4", CANNOT, value("actor", '{"person":"officer-4471"}'))
bad("order digest in capitals", "L11", CANNOT, value("order", compact([{"id": "x", "digest": "sha256:" + "A" * 64}])))
bad("order without a digest", "L4", CANNOT, value("order", '[{"id":"x"}]'))
bad("incident misspelt", "L4", CANNOT, value("incident", '"2026-1"'))
bad("negative number in the incident", "L6", CANNOT, value("incident_seq", "-1"))
bad("number in the incident with a fraction", "L6", CANNOT, value("incident_seq", "7.0"))
bad("number in the incident as text", "L6", CANNOT, value("incident_seq", '"7"'))
bad("a later event without a leaf before it", "L6", CANNOT, value("incident_prev", "null"))
bad("a first event with a leaf before it", "L6", CANNOT, value("incident_seq", "0"))
bad("previous leaf in base64url", "L6", CANNOT, value("incident_prev", compact(b64url(sha("x")))))
bad("previous leaf of zeros", "L6", CANNOT, value("incident_prev", compact(base64.b64encode(bytes(32)).decode())))
bad("a proof of an unknown shape", "L9", CANNOT, value("actor_proof", '{"kind":"ed25519","person":"officer-4471"}'))

# --- the payload --------------------------------------------------------
def payload(f):
    return lambda e: setattr(e, "payload", f)


bad("payload with 7 digests", "L5", CANNOT, payload(lambda sums: '{"_sd":%s}' % compact(sorted(sums[:7]))))
bad("payload with 9 digests", "L5", CANNOT, payload(lambda sums: '{"_sd":%s}' % compact(sorted(sums + [b64url(sha("x"))]))))
bad("payload unsorted", "L5", CANNOT, payload(lambda sums: '{"_sd":%s}' % compact(list(reversed(sorted(sums))))))
bad("payload with another member", "L5", CANNOT, payload(lambda sums: '{"_sd":%s,"note":1}' % compact(sorted(sums))))
bad("payload with a digest twice", "L5", CANNOT, payload(lambda sums: '{"_sd":%s}' % compact(sorted(sums[:7] + [sums[0]]))))


def shared(e):
    e.payload = lambda sums: '{"_sd":%s}' % compact(sorted(sums[:7] + [digest(e.made["act"])]))
    e.made["act"] = disclose(bytes(16), "act", '"a.b"')


bad("a digest in the leaf and in its payload", "L5", CANNOT, shared)
bad("an unknown class", "L5", CANNOT, lambda e: e.made_parts.__setitem__("contact", disclose(bytes(16), "secret", "1")))
bad("a class there twice", "L5", CANNOT, lambda e: e.made_parts.__setitem__("contact", disclose(bytes(16), "open", "1")))
bad("a reserved name inside a part", "L1", CANNOT, part("open", '{"item":{"noun":"x","id":"y"},"value":{"a":{"_sd":[]}}}'))
bad("a reserved name, escaped", "L1", CANNOT, part("open", '{"item":{"noun":"x","id":"y"},"value":{"\\u005fsd":[]}}'))
bad("dots inside a part", "L1", CANNOT, part("open", '{"item":{"noun":"x","id":"y"},"value":[{"...":"x"}]}'))
bad("duplicated names inside a part", "L1", CANNOT, part("open", '{"item":{"noun":"x","id":"y"},"value":{"a":1,"a":2}}'))
bad("duplicated names, one escaped", "L1", CANNOT, part("open", '{"item":{"noun":"x","id":"y"},"value":{"a":1,"\\u0061":2}}'))
bad("a part nested too deep", "L1", CANNOT, part("open", '{"item":{"noun":"x","id":"y"},"value":' + "[" * 70 + "]" * 70 + "}"))
bad("a number with a leading zero", "L1", CANNOT, part("open", '{"item":{"noun":"x","id":"y"},"value":01}'))

# --- the writer ---------------------------------------------------------
# One event as the Go package must write it from the same bytes of randomness:
# salts in the order act, actor, order, payload, parts, then decoys; then id,
# at, incident, incident_seq, incident_prev, actor_proof, then decoys.
w = Event("jurat test stream")
w.parts["open"] = compact({"item": {"noun": "exhibit", "id": "2026-000001-E1"}, "value": {"kind": "bwc", "name": "<a> & \"b\" \u00e9", "size": 4096}, "note": "by hand\n"})
w.values["actor_proof"] = compact({"kind": "ed25519", "person": "officer-4471", "key": b64url(sha("a key")), "signature": b64url(sha("a") + sha("b"))})
leaf, claims, parts = w.build()
written = {"stream": "jurat test stream", "leaf": leaf, "claims": [claims[c] for c in CLAIMS], "parts": parts}

json.dump({"written": written, "vectors": VECTORS}, sys.stdout, ensure_ascii=True, indent=1)
sys.stdout.write("\n")

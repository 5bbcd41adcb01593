package fsck

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"jurat/format"
)

// readKeys checks log.pub and keys.jsonl against the keys at hand and the
// rotations on the record.
func (l *logCheck) readKeys() {
	l.checkPub()
	where := l.s.where(keysFile)
	if !l.s.has(keysFile) {
		return // told by checkNeeded
	}
	text, err := l.s.read(keysFile, noteBytes)
	if err != nil {
		l.c.unsure(where, "it cannot be read: %v", err)
		return
	}
	keys, err := format.ParseKeys(text)
	if err != nil {
		l.c.altered(where, "it is not a list of keys as the log writes it: %v", err)
		return
	}
	last := map[format.KeyKind]format.Key{}
	for _, k := range keys {
		if before, ok := last[k.Kind]; ok {
			l.checkRotated(where, before, k)
		} else if k.From != 0 {
			l.c.altered(where, "the first %s key is in force only from leaf %d on", k.Kind, k.From)
		}
		last[k.Kind] = k
		if k.Kind == format.KeyLog && !slices.Contains(l.keys, k.Public) && len(l.keys) > 0 {
			l.c.doubt(where, "it lists the log key %s, which is not the log's", k.Public)
		}
	}
	if last[format.KeyLog].To != format.InForce {
		l.c.altered(where, "it lists no log key in force")
	}
	if !l.newest {
		return
	}
	if len(l.c.rec.Keys) == 0 {
		l.c.skip("the office, witness and age keys of %s: no other copy of them is at hand", where)
	}
	for _, want := range l.c.rec.Keys {
		have, ok := last[want.Kind]
		switch {
		case want.Kind == format.KeyWrapping || want.Kind == format.KeyDuplicates || want.Kind == format.KeyLog:
		case !ok || have.To != format.InForce:
			l.c.altered(where, "it lists no %s key in force, and the record has one", want.Kind)
		case have.Public != want.Public:
			l.c.altered(where, "the %s key in force is not the one of the key folder", want.Kind)
		}
	}
	l.checkSecret(where, keys, format.KeyWrapping, l.c.rec.KEK)
	l.checkSecret(where, keys, format.KeyDuplicates, l.c.rec.Duplicates)
}

// checkPub checks that log.pub is the key in force.
func (l *logCheck) checkPub() {
	where := l.s.where(logPubFile)
	if !l.s.has(logPubFile) || len(l.keys) == 0 {
		return
	}
	text, err := l.s.read(logPubFile, noteBytes)
	switch {
	case err != nil:
		l.c.unsure(where, "it cannot be read: %v", err)
	case string(text) == l.keys[0]+"\n":
	case slices.ContainsFunc(l.keys, func(k string) bool { return string(text) == k+"\n" }):
		l.c.note("%s names a key that another has followed: the next publication finishes the rotation", where)
	case l.signedBy(strings.TrimSuffix(string(text), "\n")):
		l.c.doubt(where, "it is not the log's key")
	default:
		l.c.altered(where, "it is not the log's key")
	}
}

// signedBy reports whether a key signed the checkpoint that lies there.
func (l *logCheck) signedBy(key string) bool {
	msg, err := l.s.read(checkpointFile, noteBytes)
	if !l.s.has(checkpointFile) || err != nil {
		return false
	}
	_, err = format.OpenCheckpoint(msg, key)
	return err == nil
}

// checkRotated checks that one signing key followed another by a rotation on
// the record, signed by both.
func (l *logCheck) checkRotated(where string, before, k format.Key) {
	if k.Kind != format.KeyLog && k.Kind != format.KeyOffice && k.Kind != format.KeyWitness {
		return // nothing signed rotates these
	}
	for _, r := range l.c.rotations {
		if r.Kind == k.Kind && r.Old == before.Public && r.New == k.Public {
			if l.newest && r.at >= k.From {
				l.c.altered(where, "a %s key is in force from leaf %d on, before its rotation (leaf %d)", k.Kind, k.From, r.at)
			}
			return
		}
	}
	l.c.altered(where, "no rotation on the record leads from one %s key to the next, in force from leaf %d on", k.Kind, k.From)
}

// checkSecret compares the name of a secret key with the key at hand.
func (l *logCheck) checkSecret(where string, keys []format.Key, kind format.KeyKind, secret []byte) {
	var names []string
	for _, k := range keys {
		if k.Kind == kind {
			names = append(names, k.Public)
		}
	}
	if len(names) == 0 || len(secret) == 0 {
		return
	}
	name := format.SecretKeyName(kind, secret)
	matches := names[len(names)-1] == name
	if kind == format.KeyWrapping {
		switch {
		case matches && len(names) == 1:
			l.c.kekName = kekMatches
		case matches:
			l.c.kekName = kekOlder
		default:
			l.c.kekName = kekOther
		}
	}
	if kind == format.KeyDuplicates {
		l.c.dupMatches = matches
	}
	delete(l.c.misnamed, kind)
	if !matches {
		l.c.misnamed[kind] = Finding{Unsure, fmt.Sprintf("the %s key in force is named %s, and the one at hand is %s", kind, names[len(names)-1], name), where}
	}
}

// anchorName is where a checkpoint that others signed too is kept.
func anchorName(head format.Checkpoint) string {
	return fmt.Sprintf("%s%d-%s.checkpoint", anchorsFolder, head.Size, hex.EncodeToString(head.Root[:8]))
}

package format

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"jurat"
)

// A KeyKind is what a key of the record is for.
type KeyKind string

// The seven keys of a record (L18). Persons keep their own.
const (
	KeyLog        KeyKind = "log"        // signs checkpoints
	KeyOffice     KeyKind = "office"     // signs letters: leaves shown, seals, receipts
	KeyWitness    KeyKind = "witness"    // cosigns the checkpoints of others
	KeyAge        KeyKind = "age"        // others encrypt to it
	KeyWrapping   KeyKind = "wrapping"   // wraps the keys of exhibits and sealed parts; secret
	KeySession    KeyKind = "session"    // signs sessions; secret
	KeyDuplicates KeyKind = "duplicates" // recognises an exhibit received twice; secret
)

// KeyKinds lists every kind, in the order of a key file.
var KeyKinds = [...]KeyKind{KeyLog, KeyOffice, KeyWitness, KeyAge, KeyWrapping, KeySession, KeyDuplicates}

// InForce is the To of a key that is still in use.
const InForce = -1

// A Key is one line of keys.jsonl: a key and the leaves it was in force for.
type Key struct {
	Kind   KeyKind
	Public string // by kind: see L18
	From   int64  // the first leaf
	To     int64  // the leaf after the last, or InForce
}

// SecretKeyName is the Public of a secret key: 16 hexadecimal digits of the
// SHA-256 of "jurat key", its kind and itself, with a newline after each of
// the first two. It tells keys apart and nothing else about them.
func SecretKeyName(kind KeyKind, key []byte) string {
	sum := sha256.Sum256(append([]byte("jurat key\n"+string(kind)+"\n"), key...))
	return hex.EncodeToString(sum[:8])
}

// MarshalKeys prints a key file, sorted as it must be. Invalid: the keys are
// not what [ParseKeys] accepts.
func MarshalKeys(keys []Key) ([]byte, error) {
	keys = slices.Clone(keys)
	slices.SortStableFunc(keys, keyOrder)
	b := appendKeys(nil, keys)
	if _, err := ParseKeys(b); err != nil {
		return nil, jurat.Because(jurat.Invalid, err, "the keys cannot be listed")
	}
	return b, nil
}

func appendKeys(b []byte, keys []Key) []byte {
	for _, k := range keys {
		b = append(b, `{"kind":`...)
		b = appendText(b, string(k.Kind))
		b = append(b, `,"public":`...)
		b = appendText(b, k.Public)
		b = append(b, `,"from":`...)
		b = strconv.AppendInt(b, k.From, 10)
		if k.To != InForce {
			b = append(b, `,"to":`...)
			b = strconv.AppendInt(b, k.To, 10)
		}
		b = append(b, "}\n"...)
	}
	return b
}

// ParseKeys reads a key file in its one spelling: sorted by first leaf, then
// by kind; of each kind, every key begins where the one before it ended.
// Unavailable: anything else.
func ParseKeys(b []byte) ([]Key, error) {
	var keys []Key
	last := map[KeyKind]Key{}
	for i, line := range bytes.SplitAfter(b, []byte{'\n'}) {
		if len(line) == 0 {
			break
		}
		k, err := parseKey(line)
		before, ok := last[k.Kind]
		switch {
		case err != nil:
		case ok && before.To != k.From:
			err = fmt.Errorf("it does not begin where the %s key before it ends", k.Kind)
		case len(keys) > 0 && keyOrder(keys[len(keys)-1], k) >= 0:
			err = fmt.Errorf("it is not in its place")
		}
		if err != nil {
			return nil, jurat.Because(jurat.Unavailable, err, "keys, line %d", i+1)
		}
		last[k.Kind] = k
		keys = append(keys, k)
	}
	if !bytes.Equal(appendKeys(nil, keys), b) {
		return nil, jurat.Errorf(jurat.Unavailable, "keys: not in their one spelling")
	}
	return keys, nil
}

func keyOrder(a, b Key) int {
	if a.From != b.From {
		return int(max(-1, min(1, a.From-b.From)))
	}
	return slices.Index(KeyKinds[:], a.Kind) - slices.Index(KeyKinds[:], b.Kind)
}

func parseKey(line []byte) (Key, error) {
	k := Key{To: InForce}
	list, err := members(line)
	if err != nil {
		return k, err
	}
	var kind string
	if err := bind(list, "kind", &kind, "public", &k.Public, "from", &k.From, "to?", &k.To); err != nil {
		return k, err
	}
	k.Kind = KeyKind(kind)
	if k.To != InForce && k.To <= k.From {
		return k, fmt.Errorf("it ends before it begins")
	}
	return k, checkPublic(k.Kind, k.Public)
}

func checkPublic(kind KeyKind, public string) error {
	switch kind {
	case KeyLog, KeyOffice, KeyWitness:
		_, err := rotatable(kind, public)
		return err
	case KeyAge:
		return checkRecipient(public)
	case KeyWrapping, KeySession, KeyDuplicates:
		if raw, err := hex.DecodeString(public); err != nil || len(raw) != 8 || strings.ToLower(public) != public {
			return fmt.Errorf("%q is not the name of a secret key", public)
		}
		return nil
	}
	return fmt.Errorf("unknown kind of key %q", kind)
}

// KeyAt is the key of a kind in force at a leaf. NotFound: there was none.
func KeyAt(keys []Key, kind KeyKind, leaf int64) (Key, error) {
	for _, k := range keys {
		if k.Kind == kind && k.From <= leaf && (k.To == InForce || leaf < k.To) {
			return k, nil
		}
	}
	return Key{}, jurat.Errorf(jurat.NotFound, "no %s key was in force at leaf %d", kind, leaf)
}

// rotatable is the Ed25519 key behind the Public of a log, office or witness
// key in its one spelling.
func rotatable(kind KeyKind, public string) (ed25519.PublicKey, error) {
	switch kind {
	case KeyLog:
		_, pub, err := logKey(public)
		return pub, err
	case KeyOffice:
		return JWK{Kty: "OKP", Crv: "Ed25519", X: public}.Public()
	case KeyWitness:
		v, raw, err := witness(public)
		if err != nil {
			return nil, err
		}
		if raw[0] != algCosignatureEd25519 {
			return nil, jurat.Errorf(jurat.Invalid, "witness key of %s: want a cosignature key of type 4", v.Name())
		}
		return raw[1:], nil
	}
	return nil, jurat.Errorf(jurat.Invalid, "a %s key does not sign", kind)
}

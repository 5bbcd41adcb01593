package format

import (
	"bytes"
	"crypto/ed25519"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	cosignature "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"

	"jurat"
)

// The signature types a witness may have (C2SP tlog-cosignature).
const (
	algCosignatureEd25519 = 4
	algCosignatureMLDSA44 = 6
)

// A Cosignature says that a witness saw this head of the log, and none
// inconsistent with it, at a time by its own clock (L14).
type Cosignature struct {
	Witness string    // the name of its key
	At      time.Time // whole seconds, UTC
}

// WitnessKey is the cosignature verifier key of a witness (type 4).
func WitnessKey(name string, pub ed25519.PublicKey) (string, error) {
	if err := CheckOrigin(name); err != nil {
		return "", err
	}
	key, err := LogKey(name, pub)
	if err != nil {
		return "", err
	}
	if key, err = cosignature.VKeyToCosignatureV1(key); err != nil {
		return "", jurat.Because(jurat.Invalid, err, "key of witness %s", name)
	}
	return key, nil
}

// Cosign adds the witness's cosignature to a checkpoint. It does not check the
// checkpoint's consistency with others: a witness does, before it asks.
func Cosign(checkpoint []byte, name string, key ed25519.PrivateKey, at time.Time) ([]byte, error) {
	if _, err := ParseCheckpoint(checkpoint); err != nil {
		return nil, err
	}
	vkey, err := WitnessKey(name, key.Public().(ed25519.PublicKey))
	if err != nil {
		return nil, err
	}
	v, _, err := witness(vkey)
	if err != nil {
		return nil, err
	}
	n, err := openNote(checkpoint)
	if err != nil {
		return nil, err
	}
	out, err := note.Sign(n, cosigner{v, key, at.Unix()})
	if err != nil {
		return nil, jurat.Because(jurat.Invalid, err, "cosignature by %s", name)
	}
	return out, nil
}

// A cosigner signs as transparency-dev/formats verifies, with a given time
// where that package would read a clock.
type cosigner struct {
	note.Verifier
	key ed25519.PrivateKey
	at  int64
}

func (c cosigner) Sign(msg []byte) ([]byte, error) {
	head := "cosignature/v1\ntime " + strconv.FormatInt(c.at, 10) + "\n"
	sig := binary.BigEndian.AppendUint64(nil, uint64(c.at)) //nolint:gosec // the verifier reads it back as it is
	return append(sig, ed25519.Sign(c.key, append([]byte(head), msg...))...), nil
}

// witness reads a cosignature verifier key in its one spelling, and gives its
// type and key bytes too.
func witness(vkey string) (v note.Verifier, raw []byte, err error) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) == 3 {
		raw, err := std64.DecodeString(parts[2])
		switch {
		case err != nil || len(raw) == 0 || CheckOrigin(parts[0]) != nil:
		case raw[0] == algEd25519:
			return nil, nil, jurat.Errorf(jurat.Invalid, "witness key of %s: it is a plain key; ask for the cosignature key (type 4)", parts[0])
		case raw[0] == algCosignatureEd25519 || raw[0] == algCosignatureMLDSA44:
			v, err := cosignature.NewVerifierForCosignatureV1(vkey)
			if err == nil && fmt.Sprintf("%08x", v.KeyHash()) == parts[1] {
				return v, raw, nil
			}
		}
	}
	return nil, nil, jurat.Errorf(jurat.Invalid, "witness key %q: want a name, eight hexadecimal digits and a cosignature key in base64, with plus signs between them", vkey)
}

// Cosignatures lists the valid cosignatures on a checkpoint by the witnesses
// (cosignature verifier keys), in the order of the checkpoint. Signatures by
// others are passed over. Altered: one by a witness is wrong.
func Cosignatures(checkpoint []byte, witnesses ...string) ([]Cosignature, error) {
	known := make([]note.Verifier, len(witnesses))
	for i, vkey := range witnesses {
		v, _, err := witness(vkey)
		if err != nil {
			return nil, err
		}
		known[i] = v
	}
	if _, err := ParseCheckpoint(checkpoint); err != nil {
		return nil, err
	}
	n, err := note.Open(checkpoint, verifiers(known))
	if bad, ok := errors.AsType[*note.InvalidSignatureError](err); ok {
		return nil, jurat.Errorf(jurat.Altered, "checkpoint: the cosignature by %s is not over these bytes", bad.Name)
	}
	if _, ok := errors.AsType[*note.UnverifiedNoteError](err); ok {
		return nil, nil
	}
	if err != nil {
		return nil, jurat.Because(jurat.Unavailable, err, "checkpoint")
	}
	list := make([]Cosignature, len(n.Sigs))
	for i, s := range n.Sigs {
		at, err := cosignature.CoSigV1Timestamp(s)
		if err != nil {
			return nil, jurat.Because(jurat.Unavailable, err, "cosignature by %s", s.Name)
		}
		list[i] = Cosignature{Witness: s.Name, At: at.UTC()}
	}
	return list, nil
}

// Anchored checks that a quorum of t's witnesses cosigned a checkpoint and
// gives their cosignatures. Altered: one of them is wrong. Unavailable: too
// few, or no witness is trusted; the cosignatures found are given with it.
func (t Trust) Anchored(checkpoint []byte) ([]Cosignature, error) {
	list, err := Cosignatures(checkpoint, t.Witnesses...)
	switch {
	case err != nil:
		return nil, err
	case t.Quorum == 0:
		return list, jurat.Errorf(jurat.Unavailable, "the checkpoint is published, not anchored: no witness is trusted here")
	case len(list) < t.Quorum:
		return list, jurat.Errorf(jurat.Unavailable, "the checkpoint is published, not anchored: %d of %d witnesses needed have cosigned it", len(list), t.Quorum)
	}
	return list, nil
}

// MergeSignatures adds to a checkpoint the signatures on other copies of it,
// as they arrive in files, and keeps those it has. It checks none. Invalid: a
// copy is of another checkpoint.
func MergeSignatures(checkpoint []byte, copies ...[]byte) ([]byte, error) {
	n, err := openNote(checkpoint)
	if err != nil {
		return nil, err
	}
	for _, c := range copies {
		other, err := openNote(c)
		if err != nil {
			return nil, err
		}
		if other.Text != n.Text {
			return nil, jurat.Errorf(jurat.Invalid, "the cosignatures are on another checkpoint than the one they are added to")
		}
		for _, s := range other.UnverifiedSigs {
			if !slices.Contains(n.UnverifiedSigs, s) {
				n.UnverifiedSigs = append(n.UnverifiedSigs, s)
			}
		}
	}
	var b bytes.Buffer
	b.WriteString(n.Text)
	b.WriteByte('\n')
	for _, s := range n.UnverifiedSigs {
		fmt.Fprintf(&b, "— %s %s\n", s.Name, s.Base64)
	}
	_, err = ParseCheckpoint(b.Bytes()) // a note holds at most 100 signatures
	return b.Bytes(), err
}

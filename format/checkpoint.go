package format

import (
	"errors"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"jurat"
)

// A Checkpoint is the head of a log at one size (C2SP tlog-checkpoint, L13).
type Checkpoint struct {
	Origin string // the log's name and the name of its key
	Size   int64
	Root   tlog.Hash
}

// Text is what the log and its witnesses sign: origin, size and root, a line
// each.
func (c Checkpoint) Text() string {
	return c.Origin + "\n" + strconv.FormatInt(c.Size, 10) + "\n" + c.Root.String() + "\n"
}

// Sign gives c as a signed note. Invalid: the key's name is not c's origin.
func (c Checkpoint) Sign(log note.Signer) ([]byte, error) {
	if err := CheckOrigin(c.Origin); err != nil {
		return nil, err
	}
	if log.Name() != c.Origin || c.Size < 0 {
		return nil, jurat.Errorf(jurat.Invalid, "a checkpoint of %s at size %d cannot be signed by the key of %s", c.Origin, c.Size, log.Name())
	}
	msg, err := note.Sign(&note.Note{Text: c.Text()}, log)
	if err != nil {
		return nil, jurat.Because(jurat.Invalid, err, "checkpoint of %s", c.Origin)
	}
	return msg, nil
}

// ParseCheckpoint reads a signed note as a checkpoint and checks no signature.
// Unavailable: it is none in its one spelling; extension lines are not used.
func ParseCheckpoint(msg []byte) (Checkpoint, error) {
	n, err := openNote(msg)
	if err != nil {
		return Checkpoint{}, err
	}
	return parseCheckpointText(n.Text)
}

// OpenCheckpoint reads a checkpoint and checks that one of the given log keys
// (note verifier keys) signed it. Altered: a signature by one of them is
// wrong. Unavailable: none of them signed it, or it is not a checkpoint of the
// log they are named for.
func OpenCheckpoint(msg []byte, log ...string) (Checkpoint, error) {
	known := make([]note.Verifier, len(log))
	for i, vkey := range log {
		v, _, err := logKey(vkey)
		if err != nil {
			return Checkpoint{}, err
		}
		known[i] = v
	}
	c, err := ParseCheckpoint(msg)
	if err != nil {
		return Checkpoint{}, err
	}
	n, err := note.Open(msg, verifiers(known))
	var bad *note.InvalidSignatureError
	var none *note.UnverifiedNoteError
	switch {
	case errors.As(err, &bad):
		return Checkpoint{}, jurat.Errorf(jurat.Altered, "checkpoint of %s at size %d: the signature by key %08x is not over these bytes", c.Origin, c.Size, bad.Hash)
	case errors.As(err, &none):
		return Checkpoint{}, jurat.Errorf(jurat.Unavailable, "checkpoint of %s at size %d: no key at hand signed it", c.Origin, c.Size)
	case err != nil:
		return Checkpoint{}, jurat.Because(jurat.Unavailable, err, "checkpoint of %s", c.Origin)
	}
	for _, s := range n.Sigs {
		if s.Name == c.Origin {
			return c, nil
		}
	}
	return Checkpoint{}, jurat.Errorf(jurat.Unavailable, "checkpoint: it is of %s, and the key that signed it is of %s", c.Origin, n.Sigs[0].Name)
}

// verifiers finds keys as note.VerifierList does, but takes the same key given
// twice for one.
type verifiers []note.Verifier

func (vs verifiers) Verifier(name string, hash uint32) (note.Verifier, error) {
	for _, v := range vs {
		if v.Name() == name && v.KeyHash() == hash {
			return v, nil
		}
	}
	return nil, &note.UnknownVerifierError{Name: name, KeyHash: hash}
}

// openNote takes a signed note apart; every signature is in UnverifiedSigs.
func openNote(msg []byte) (*note.Note, error) {
	_, err := note.Open(msg, nil)
	if none, ok := errors.AsType[*note.UnverifiedNoteError](err); ok {
		return none.Note, nil
	}
	return nil, jurat.Because(jurat.Unavailable, err, "checkpoint")
}

func parseCheckpointText(s string) (Checkpoint, error) {
	lines := strings.Split(s, "\n")
	if len(lines) != 4 || lines[3] != "" {
		return Checkpoint{}, jurat.Errorf(jurat.Unavailable, "checkpoint: want origin, size and root, and no other line")
	}
	c := Checkpoint{Origin: lines[0]}
	if err := CheckOrigin(c.Origin); err != nil {
		return Checkpoint{}, jurat.Because(jurat.Unavailable, err, "checkpoint")
	}
	var err error
	if c.Size, err = number([]byte(lines[1])); err != nil {
		return Checkpoint{}, jurat.Because(jurat.Unavailable, err, "checkpoint of %s: size", c.Origin)
	}
	if c.Root, err = parseHash(lines[2]); err != nil {
		return Checkpoint{}, jurat.Because(jurat.Unavailable, err, "checkpoint of %s: root", c.Origin)
	}
	return c, nil
}

package format

import (
	"bytes"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"jurat"
)

// MaxHashes is the most hashes a proof may have: more than any tree needs.
const MaxHashes = 126

// An InclusionProof shows offline that a leaf is in a log: C2SP tlog-proof
// without the line of extra data (L15). Checkpoint is a signed note, with
// what cosignatures there are, verbatim.
type InclusionProof struct {
	Index      int64
	Hashes     tlog.RecordProof
	Checkpoint []byte
}

const tlogProofHead = "c2sp.org/tlog-proof@v1\n"

// Marshal prints p.
func (p InclusionProof) Marshal() []byte {
	b := []byte(tlogProofHead)
	b = append(b, "index "...)
	b = append(strconv.AppendInt(b, p.Index, 10), '\n')
	return appendProof(b, p.Hashes, p.Checkpoint)
}

// ParseInclusionProof reads what Marshal prints, in its one spelling, and
// checks nothing. Unavailable: anything else; a line of extra data, which
// nothing authenticates, is refused.
func ParseInclusionProof(b []byte) (InclusionProof, error) {
	rest, ok := strings.CutPrefix(string(b), tlogProofHead)
	if !ok {
		return InclusionProof{}, jurat.Errorf(jurat.Unavailable, "proof of inclusion: it does not begin as one of version 1")
	}
	var p InclusionProof
	var hashes []tlog.Hash
	var err error
	p.Index, hashes, p.Checkpoint, err = parseProofBody("index ", rest)
	if err != nil {
		return InclusionProof{}, jurat.Because(jurat.Unavailable, err, "proof of inclusion")
	}
	p.Hashes = hashes
	return p, nil
}

// Verify checks that the leaf is in the log whose keys (note verifier keys)
// are given, and gives the checkpoint it is under. Altered: the proof does not
// lead from this leaf to that checkpoint's root, or the checkpoint's signature
// is wrong. Unavailable: none of the keys signed the checkpoint.
func (p InclusionProof) Verify(leaf []byte, log ...string) (Checkpoint, error) {
	c, err := OpenCheckpoint(p.Checkpoint, log...)
	if err != nil {
		return Checkpoint{}, err
	}
	if err := p.VerifyUnder(c, leaf); err != nil {
		return Checkpoint{}, err
	}
	return c, nil
}

// VerifyUnder checks that the leaf is in the log as a checkpoint has it that the
// caller has checked. Altered: the proof is under another checkpoint, or does
// not lead from this leaf to that root. Signatures are not looked at.
func (p InclusionProof) VerifyUnder(c Checkpoint, leaf []byte) error {
	own, err := ParseCheckpoint(p.Checkpoint)
	if err != nil {
		return err
	}
	if own != c {
		return jurat.Errorf(jurat.Altered, "the proof is under another checkpoint than %s at size %d", c.Origin, c.Size)
	}
	if err := tlog.CheckRecord(p.Hashes, c.Size, c.Root, p.Index, LeafHash(leaf)); err != nil {
		return jurat.Because(jurat.Altered, err, "the proof does not show leaf %d in %s at size %d", p.Index, c.Origin, c.Size)
	}
	return nil
}

// A ConsistencyProof shows that a log at one size is the log at a smaller size
// with leaves added: the body of a C2SP tlog-witness request, so that the same
// file can be handed to a witness (L16).
type ConsistencyProof struct {
	Old        int64 // the smaller size
	Hashes     tlog.TreeProof
	Checkpoint []byte // of the larger size
}

// Marshal prints p.
func (p ConsistencyProof) Marshal() []byte {
	b := append(strconv.AppendInt([]byte("old "), p.Old, 10), '\n')
	return appendProof(b, p.Hashes, p.Checkpoint)
}

// ParseConsistencyProof reads what Marshal prints, in its one spelling, and
// checks nothing. Unavailable: anything else.
func ParseConsistencyProof(b []byte) (ConsistencyProof, error) {
	var p ConsistencyProof
	var hashes []tlog.Hash
	var err error
	p.Old, hashes, p.Checkpoint, err = parseProofBody("old ", string(b))
	if err != nil {
		return ConsistencyProof{}, jurat.Because(jurat.Unavailable, err, "proof of consistency")
	}
	p.Hashes = hashes
	return p, nil
}

// Verify checks p from an older checkpoint of the same log, which the caller
// has checked, and gives the newer one. Altered: p does not lead from one to
// the other, or the newer one's signature is wrong. Unavailable: p is of
// another log or from another size, or no given key signed the newer one.
func (p ConsistencyProof) Verify(old Checkpoint, log ...string) (Checkpoint, error) {
	c, err := OpenCheckpoint(p.Checkpoint, log...)
	if err != nil {
		return Checkpoint{}, err
	}
	if err := p.VerifyUnder(old, c); err != nil {
		return Checkpoint{}, err
	}
	return c, nil
}

// VerifyUnder is Verify between two checkpoints that the caller has checked,
// the newer being the one p carries. Signatures are not looked at.
func (p ConsistencyProof) VerifyUnder(old, c Checkpoint) error {
	if c.Origin != old.Origin || p.Old != old.Size {
		return jurat.Errorf(jurat.Unavailable, "the proof is from %s at size %d, not from %s at size %d", c.Origin, p.Old, old.Origin, old.Size)
	}
	var err error
	switch {
	case old.Size == 0 && len(p.Hashes) == 0:
		return nil // every log is consistent with the empty one
	case old.Size == 0 || old.Size > c.Size:
		err = jurat.Errorf(jurat.Altered, "the sizes do not go together")
	default:
		err = tlog.CheckTree(p.Hashes, c.Size, c.Root, old.Size, old.Root)
	}
	if err != nil {
		return jurat.Because(jurat.Altered, err, "the proof does not show %s at size %d to continue it at size %d", c.Origin, c.Size, old.Size)
	}
	return nil
}

func appendProof(b []byte, hashes []tlog.Hash, checkpoint []byte) []byte {
	for _, h := range hashes {
		b = append(append(b, h.String()...), '\n')
	}
	return append(append(b, '\n'), checkpoint...)
}

// parseProofBody reads a line of a word and a number, lines of hashes, an
// empty line, and a checkpoint.
func parseProofBody(word, s string) (n int64, hashes []tlog.Hash, checkpoint []byte, err error) {
	line, rest, ok := strings.Cut(s, "\n")
	digits, ok2 := strings.CutPrefix(line, word)
	if !ok || !ok2 {
		return 0, nil, nil, jurat.Errorf(jurat.Unavailable, "want a line of %q and a number", strings.TrimSpace(word))
	}
	if n, err = number([]byte(digits)); err != nil {
		return 0, nil, nil, err
	}
	for {
		line, rest, ok = strings.Cut(rest, "\n")
		switch {
		case !ok:
			return 0, nil, nil, jurat.Errorf(jurat.Unavailable, "cut short")
		case line == "":
			checkpoint = bytes.Clone([]byte(rest))
			_, err = ParseCheckpoint(checkpoint)
			return n, hashes, checkpoint, err
		case len(hashes) == MaxHashes:
			return 0, nil, nil, jurat.Errorf(jurat.Unavailable, "more than %d hashes", MaxHashes)
		}
		h, err := parseHash(line)
		if err != nil {
			return 0, nil, nil, err
		}
		hashes = append(hashes, h)
	}
}

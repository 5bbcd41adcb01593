package ledger

import (
	"context"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"jurat"
	"jurat/format"
)

// An Anchor is a checkpoint of this log that others have signed or stamped.
type Anchor struct {
	Published                         // with the cosignatures that were imported
	Cosignatures []format.Cosignature // by the witnesses trusted, valid
	Tokens       [][]byte             // RFC 3161 tokens over the checkpoint's text, as imported
}

// anchors/ holds, for each checkpoint that was imported, SIZE-ROOT.checkpoint,
// where ROOT is the first 16 hexadecimal digits of the root, and for each token
// over its text SIZE-ROOT-TOKEN.tsr, where TOKEN are those of its SHA-256.
const (
	anchorSuffix = ".checkpoint"
	tokenSuffix  = ".tsr"
)

func anchorStem(c format.Checkpoint) string {
	return fmt.Sprintf("%d-%s", c.Size, hex.EncodeToString(c.Root[:8]))
}

func anchorSize(name string) (int64, bool) {
	digits, _, ok := strings.Cut(name, "-")
	size, err := strconv.ParseInt(digits, 10, 64)
	return size, ok && err == nil && size >= 0
}

// Import keeps a checkpoint of this log that arrived as a file, with the valid
// cosignatures of the witnesses trusted, and returns those. Signatures by
// others are dropped. A checkpoint that is the one published gets the
// cosignatures there too. When it returns nil, what it kept is durable.
//
// A checkpoint ahead of the record, or of another history, is kept as well,
// because it is evidence; the error then says so, as that of [Ledger.Check]
// does, and signing has stopped. Altered: a signature of the log or of a
// trusted witness is wrong. Unavailable: it is no checkpoint of this log.
func (l *Ledger) Import(ctx context.Context, checkpoint []byte, trust format.Trust) ([]format.Cosignature, error) {
	found, err := format.Cosignatures(checkpoint, trust.Witnesses...)
	if err != nil {
		return nil, err
	}
	if err := l.keep(ctx, checkpoint, trust.Witnesses); err != nil {
		return nil, err
	}
	if err := l.Check(ctx, checkpoint); err != nil {
		l.mu.Lock()
		defer l.mu.Unlock()
		if errors.Is(err, jurat.Conflict) || errors.Is(err, jurat.Altered) {
			return found, l.stop(err)
		}
		return found, err
	}
	return found, nil
}

func (l *Ledger) keep(ctx context.Context, checkpoint []byte, witnesses []string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	c, err := l.openNote(checkpoint)
	if err != nil {
		return err
	}
	checkpoint, err = onlySignedBy(checkpoint, slices.Concat(l.logKeys, witnesses))
	if err != nil {
		return err
	}
	unlock, err := l.folder.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	name := path.Join(anchorsName, anchorStem(c.Checkpoint)+anchorSuffix)
	merged := checkpoint
	old, err := l.folder.read(name, noteLimit)
	if err == nil {
		merged, err = format.MergeSignatures(old, checkpoint)
	} else if errors.Is(err, jurat.NotFound) {
		err = nil
	}
	if err != nil {
		return err
	}
	if string(merged) != string(old) {
		if err := l.folder.write(file{name, merged}); err != nil {
			return err
		}
	}
	p, err := l.published(l.folder)
	if err != nil || p.Note == nil || p.Checkpoint != c.Checkpoint {
		return nil // the anchor is kept; what is wrong there is told by Check
	}
	if merged, err = format.MergeSignatures(p.Note, merged); err != nil || string(merged) == string(p.Note) {
		return err
	}
	return l.folder.write(file{checkpointName, merged})
}

// onlySignedBy drops the signatures of a note by keys that are not listed:
// nobody here can check them, and a note holds only so many.
func onlySignedBy(msg []byte, keys []string) ([]byte, error) {
	_, err := note.Open(msg, nil)
	unverified, ok := errors.AsType[*note.UnverifiedNoteError](err)
	if !ok {
		return nil, jurat.Because(jurat.Unavailable, err, "checkpoint")
	}
	n := unverified.Note
	var b strings.Builder
	b.WriteString(n.Text + "\n")
	for _, s := range n.UnverifiedSigs {
		if slices.ContainsFunc(keys, func(k string) bool { return strings.HasPrefix(k, fmt.Sprintf("%s+%08x+", s.Name, s.Hash)) }) {
			fmt.Fprintf(&b, "— %s %s\n", s.Name, s.Base64)
		}
	}
	return []byte(b.String()), nil
}

// ImportToken keeps an RFC 3161 token, or a response that holds one, over the
// text of a checkpoint of this log: the three lines before its signatures
// (head -n 3 checkpoint). It is checked in full, with roots for trust; the
// checkpoint is kept as by [Ledger.Import]. When it returns a nil error, both
// are durable. Errors are those of [format.VerifyToken] and of Import.
func (l *Ledger) ImportToken(ctx context.Context, checkpoint, token []byte, roots []*x509.Certificate) (format.Stamp, error) {
	c, err := format.ParseCheckpoint(checkpoint)
	if err != nil {
		return format.Stamp{}, err
	}
	stamp, err := format.VerifyToken(token, []byte(c.Text()), roots, nil)
	if err != nil {
		return format.Stamp{}, err
	}
	if _, err := l.Import(ctx, checkpoint, format.Trust{}); err != nil {
		return stamp, err
	}
	digest := jurat.DigestOf(token)
	return stamp, l.folder.write(file{path.Join(anchorsName, anchorStem(c)+"-"+digest.Hex()[:16]+tokenSuffix), token})
}

// Anchored returns the newest checkpoint that a quorum of the trusted witnesses
// cosigned, with its tokens. NotFound: everything is published, not anchored.
func (l *Ledger) Anchored(trust format.Trust) (Anchor, error) {
	all, err := l.Anchors()
	if err != nil {
		return Anchor{}, err
	}
	for _, a := range slices.Backward(all) {
		a.Cosignatures, err = trust.Anchored(a.Note)
		if err == nil {
			return a, nil
		}
		if !errors.Is(err, jurat.Unavailable) {
			return Anchor{}, err
		}
	}
	return Anchor{}, jurat.Errorf(jurat.NotFound, "no checkpoint has the cosignatures of %d trusted witnesses: what is published is not anchored", max(1, trust.Quorum))
}

// Anchors lists the checkpoints imported, with their tokens, from the smallest
// size to the largest. Their cosignatures are in the notes, not looked at.
func (l *Ledger) Anchors() ([]Anchor, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	names, err := l.folder.list(anchorsName)
	if err != nil {
		return nil, err
	}
	var all []Anchor
	for _, name := range names {
		stem, ok := strings.CutSuffix(name, anchorSuffix)
		if !ok {
			continue
		}
		a, err := l.anchor(name)
		if err != nil {
			return nil, err
		}
		for _, t := range names {
			if strings.HasPrefix(t, stem+"-") && strings.HasSuffix(t, tokenSuffix) {
				token, err := l.folder.read(path.Join(anchorsName, t), noteLimit)
				if err != nil {
					return nil, err
				}
				a.Tokens = append(a.Tokens, token)
			}
		}
		all = append(all, a)
	}
	slices.SortFunc(all, func(a, b Anchor) int { return int(max(-1, min(1, a.Size-b.Size))) })
	return all, nil
}

func (l *Ledger) anchor(name string) (Anchor, error) {
	msg, err := l.folder.read(path.Join(anchorsName, name), noteLimit)
	if err != nil {
		return Anchor{}, err
	}
	p, err := l.openNote(msg)
	return Anchor{Published: p}, err
}

// imported returns, of the checkpoints under anchors/, those beyond what is
// published and the newest that is not: the older ones were compared when they
// were the newest.
func (l *Ledger) imported(published int64) ([]reference, error) {
	names, err := l.folder.list(anchorsName)
	if err != nil {
		return nil, err
	}
	newest := int64(-1)
	for _, name := range names {
		if size, ok := anchorSize(name); ok && size <= published {
			newest = max(newest, size)
		}
	}
	var refs []reference
	for _, name := range names {
		if size, ok := anchorSize(name); !ok || size < newest || !strings.HasSuffix(name, anchorSuffix) {
			continue
		}
		r, ok := l.anchors[name]
		if !ok {
			a, err := l.anchor(name)
			if err != nil {
				if origin, ok := l.originOf(name); ok && origin != l.Origin() {
					continue // of the log before this one, on its way to past/
				}
				return nil, err
			}
			r = reference{a.Published, "the witnessed checkpoint " + l.folder.path(path.Join(anchorsName, name)), name}
			l.anchors[name] = r
		}
		refs = append(refs, r)
	}
	return refs, nil
}

// originOf is the origin of a checkpoint under anchors/, when it can be read.
func (l *Ledger) originOf(name string) (string, bool) {
	msg, err := l.folder.read(path.Join(anchorsName, name), noteLimit)
	if err != nil {
		return "", false
	}
	c, err := format.ParseCheckpoint(msg)
	return c.Origin, err == nil
}

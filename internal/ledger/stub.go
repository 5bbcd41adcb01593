package ledger

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"jurat"
)

func nnn(n int64) string {
	s := fmt.Sprintf("%03d", n%1000)
	for n /= 1000; n > 0; n /= 1000 {
		s = fmt.Sprintf("x%03d/%s", n%1000, s)
	}
	return s
}

func tilePath(level int, n int64, w int) string {
	s := fmt.Sprintf("tile/%d/%s", level, nnn(n))
	if w < 256 {
		s += ".p/" + strconv.Itoa(w)
	}
	return s
}

func entriesPath(n int64, w int) string {
	s := "tile/entries/" + nnn(n)
	if w < 256 {
		s += ".p/" + strconv.Itoa(w)
	}
	return s
}

func appendEntry(b, leaf []byte) ([]byte, error) {
	if len(leaf) > 65535 {
		return nil, errors.New("too long")
	}
	b = append(b, byte(len(leaf)>>8), byte(len(leaf)))
	return append(b, leaf...), nil
}

type Published struct {
	Origin string
	Size   int64
	Root   tlog.Hash
	Note   []byte
}

const checkpointLimit = 1 << 20

func (l *Ledger) published(f *folder) (Published, error) {
	b, err := f.read(checkpointName, checkpointLimit)
	if errors.Is(err, jurat.NotFound) {
		return Published{}, nil
	}
	if err != nil {
		return Published{}, err
	}
	return l.openNote(b)
}

func (l *Ledger) openNote(b []byte) (Published, error) {
	vs, _ := l.verifiers()
	n, err := note.Open(b, vs)
	if err != nil {
		return Published{}, jurat.Because(jurat.Altered, err, "the checkpoint is not signed by this log")
	}
	lines := strings.Split(n.Text, "\n")
	size, _ := strconv.ParseInt(lines[1], 10, 64)
	h, _ := base64.StdEncoding.DecodeString(lines[2])
	return Published{lines[0], size, tlog.Hash(h), b}, nil
}

func (l *Ledger) sign(head Head) (Published, error) {
	b, err := note.Sign(&note.Note{Text: fmt.Sprintf("%s\n%d\n%s\n", l.Origin(), head.Size, base64.StdEncoding.EncodeToString(head.Root[:]))}, l.key.Signer)
	return Published{l.Origin(), head.Size, head.Root, b}, err
}

func (l *Ledger) ownKey() error     { return nil }
func (l *Ledger) ownLog(Head) error { return nil }
func (l *Ledger) introduce() error {
	return l.folder.write(file{"log.pub", []byte(l.key.Public + "\n")})
}
func (l *Ledger) logKeys() (note.Verifiers, error) {
	v, err := l.key.verifier()
	if err != nil {
		return nil, err
	}
	return note.VerifierList(v), nil
}
func (l *Ledger) imported() ([]reference, error) { return nil, nil }

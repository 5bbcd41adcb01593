package fsck

import (
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"jurat"
	"jurat/format"
)

// readAnchors checks the checkpoints and tokens that were imported.
func (l *logCheck) readAnchors() {
	slices.Sort(l.s.anchors)
	for _, name := range l.s.anchors {
		where := l.s.where(name)
		switch {
		case strings.HasSuffix(name, ".checkpoint"):
			l.readAnchor(name, where)
		case strings.HasSuffix(name, ".tsr"):
			l.readToken(name, where)
		default:
			l.c.altered(where, "no such file belongs to a ledger")
		}
	}
}

func (l *logCheck) readAnchor(name, where string) {
	msg, err := l.s.read(name, noteBytes)
	if err != nil {
		l.c.unsure(where, "it cannot be read: %v", err)
		return
	}
	head, ok := l.open(msg, where)
	if !ok {
		return
	}
	if anchorName(head) != name {
		l.c.altered(where, "it holds a checkpoint over %s whose name would be %s", count(head.Size, "leaf"), anchorName(head))
	}
	l.claims = append(l.claims, claim{head.Size, hash(head.Root), where, "the checkpoint others signed"})
	for _, line := range strangers(msg, l.keys) {
		key, _, err := signatureKey(line)
		if err == nil {
			l.c.skip("the signature by %s in %s: no key of it is at hand", key, where)
		}
	}
}

// readToken checks that a time-stamp token is the one imported, and that it is
// over the text of the checkpoint it lies with. Whether its authority is one to
// trust is asked elsewhere.
func (l *logCheck) readToken(name, where string) {
	token, err := l.s.read(name, noteBytes)
	if err != nil {
		l.c.unsure(where, "it cannot be read: %v", err)
		return
	}
	stem, digest := "", ""
	if i := strings.LastIndexByte(name, '-'); i > 0 {
		stem, digest = name[:i], strings.TrimSuffix(name[i+1:], ".tsr")
	}
	if jurat.DigestOf(token).Hex()[:16] != digest {
		l.c.altered(where, "it is not the token that was imported: its digest is another than its name says")
		return
	}
	checkpoint := stem + ".checkpoint"
	if !l.s.has(checkpoint) {
		l.c.altered(l.s.where(checkpoint), "the file is missing, and the token %s is over it", name)
		return
	}
	msg, err := l.s.read(checkpoint, noteBytes)
	if err != nil {
		return // told by readAnchor
	}
	head, err := format.ParseCheckpoint(msg)
	if err != nil {
		return
	}
	stamp, err := format.VerifyToken(token, []byte(head.Text()), nil, nil)
	switch {
	case answerTo(err) == Altered:
		l.c.because(where, err)
	case stamp.Authority == "" && err != nil:
		l.c.unsure(where, "%v", err)
	default:
		l.c.skip("whether %s, who made %s, is an authority to trust", stamp.Authority, where)
	}
}

// readGap checks what the first leaf of the log after this one says of it, and
// what the log before this one says of the key this one began with.
func (l *logCheck) readGap() {
	c, log := l.c, int(l.s.log)
	if log > 0 && log <= len(c.gaps) && len(l.keys) > 0 {
		if g := c.gaps[log-1]; !slices.Contains(l.keys, g.Next) {
			c.altered(g.where, "it says that the log to come begins with another key than that of %s", l.origin)
		}
	}
	if l.newest {
		if len(c.gaps) > log {
			c.altered("ledger", "%s on the record that the log was continued, and the rows are in log number %d", count(int64(len(c.gaps)), "event"), log+1)
		}
		return
	}
	if log >= len(c.gaps) {
		c.altered("ledger", "the log %s ended, and no event on the record declares how", l.origin)
		return
	}
	g := c.gaps[log]
	l.short = g.Kept < g.Size
	if len(l.keys) == 0 {
		c.unsure(g.where, "the checkpoint it declares cannot be checked: no key of the log that ended is at hand")
		return
	}
	if g.Origin != l.origin {
		c.altered(g.where, "it declares the end of the log %s, and that of %s lies in past/", g.Origin, l.origin)
		return
	}
	head, err := format.OpenCheckpoint([]byte(g.Checkpoint), l.keys...)
	if err != nil {
		c.altered(g.where, "the checkpoint it declares is not what the key of the log that ended signed: %v", err)
		return
	}
	l.claims = append(l.claims, claim{head.Size, hash(head.Root), g.where, "the last checkpoint of the log that ended"})
}

// A mirrorNote is the checkpoint of a mirror as it was read.
type mirrorNote struct {
	dir string
	msg []byte
	err error
}

func (c *check) readMirrors() (list []mirrorNote) {
	for _, dir := range c.rec.Mirrors {
		msg, err := readFile(c.rec.open(dir), checkpointFile, noteBytes)
		list = append(list, mirrorNote{dir, msg, err})
	}
	return list
}

// openMirrors takes in the checkpoints of the mirrors: what they show must be
// of the history the rows hold.
func (c *check) openMirrors(mirrors []mirrorNote, logs []*logCheck) {
	for _, m := range mirrors {
		where := filepath.ToSlash(filepath.Join(m.dir, checkpointFile))
		if errors.Is(m.err, fs.ErrNotExist) {
			c.skip("the mirror %s: it is not there, or holds no checkpoint", m.dir)
			continue
		}
		if m.err != nil {
			c.unsure(where, "it cannot be read: %v", m.err)
			continue
		}
		head, err := format.ParseCheckpoint(m.msg)
		if err != nil {
			c.because(where, err)
			continue
		}
		i := slices.IndexFunc(logs, func(l *logCheck) bool { return l.origin == head.Origin })
		if i < 0 {
			c.unsure(where, "it is of the log %s, which is none of this record's", head.Origin)
			continue
		}
		if head, err = format.OpenCheckpoint(m.msg, logs[i].keys...); err != nil {
			c.because(where, err)
			continue
		}
		logs[i].claims = append(logs[i].claims, claim{head.Size, hash(head.Root), where, "the mirror's checkpoint"})
		c.skip("the tiles of the mirror %s: its checkpoint was compared", m.dir)
	}
}

package fsck

import (
	"slices"

	"jurat"
	"jurat/format"
	"jurat/internal/register"
)

// checkLedger makes every log again from its rows, and compares every file. A
// record that is published to meanwhile is looked at once more.
func (c *check) checkLedger() {
	if c.rec.Rows == nil {
		c.skip("ledger/: without the rows nothing says what its files should be")
		return
	}
	kept := c.findings
	defer func() { c.findings = kept }()
	for range 3 {
		c.findings = &findings{}
		before, err := c.logs()
		if err != nil {
			c.because("ledger", err)
			c.skip("the files of ledger/ that come after what could not be read")
		}
		if len(c.list)+len(c.doubts) == 0 || c.head() == before {
			break
		}
	}
	kept.add(c.findings)
}

// A logHead is how far the newest log is.
type logHead struct{ log, size int64 }

func (c *check) head() (h logHead) {
	err := c.rec.Rows.Read(c.ctx, func(tx *register.Tx) error {
		head, err := tx.TreeHead()
		h = logHead{head.Log, head.Size}
		return err
	})
	if err != nil {
		return logHead{-1, -1}
	}
	return h
}

// logs checks every log there was, and gives the head of the newest. What was
// published is read before the rows are, so that the rows are never behind it
// only because somebody published meanwhile: first the checkpoint, then which
// files there are, then the rows.
func (c *check) logs() (newest logHead, err error) {
	newest = c.head()
	mirrors := c.readMirrors()
	shelves, ok := c.shelve(max(0, newest.log))
	err = c.rec.Rows.Read(c.ctx, func(tx *register.Tx) error {
		head, err := tx.TreeHead()
		if err != nil {
			return err
		}
		if head.Log != max(0, newest.log) {
			c.unsure("ledger", "the log was continued while it was checked: check again")
			return nil
		}
		newest = logHead{head.Log, head.Size}
		if !ok {
			return c.withoutFolder(tx, head.Log, head.Size)
		}
		var logs []*logCheck
		for _, s := range shelves {
			logs = append(logs, c.openLog(s, s.log == head.Log))
		}
		c.openMirrors(mirrors, logs)
		for _, l := range logs {
			if err := l.check(tx); err != nil {
				return err
			}
		}
		return nil
	})
	return newest, err
}

// withoutFolder checks the rows of a record whose ledger folder is not there.
func (c *check) withoutFolder(tx *register.Tx, log, size int64) error {
	if size > 0 && len(c.list) == 0 {
		c.unsure("ledger", "the folder is not there, and %s in a log", have(size))
	}
	for n := range log + 1 {
		l := &logCheck{c: c, s: newShelf(n, nil), newest: n == log, bare: true}
		if err := l.check(tx); err != nil {
			return err
		}
	}
	return nil
}

// A logCheck is the check of one log: its rows against its files.
type logCheck struct {
	c      *check
	s      *shelf
	newest bool
	bare   bool // there is no folder

	keys      []string // verifier keys that may have signed
	origin    string
	published int64   // the size under the checkpoint; 0: none
	claims    []claim // roots that somebody was shown
	short     bool    // the record says that it lost leaves of this log
	grown     *grown
}

// A claim is a root that a signed checkpoint shows for a size.
type claim struct {
	size         int64
	root         hash
	where, whose string
}

// openLog reads what does not depend on the leaves: the keys, the checkpoint,
// the anchors.
func (c *check) openLog(s *shelf, newest bool) *logCheck {
	l := &logCheck{c: c, s: s, newest: newest}
	l.chooseKeys()
	l.readCheckpoint()
	l.readKeys()
	l.readAnchors()
	l.readGap()
	return l
}

// chooseKeys decides which keys may have signed checkpoints of the log: of the
// newest the key at hand, and those before it by rotations that both signed;
// of one that ended the key it left, which its successor's first leaf vouches
// for.
func (l *logCheck) chooseKeys() {
	key := l.c.rec.LogKey
	if !l.newest || key == "" {
		pub, err := l.pub()
		if err != nil {
			return // told by readKeys
		}
		key = pub
		if l.newest {
			l.c.skip("whether ledger/log.pub is the log's key: no other copy of it is at hand")
		}
	}
	origin, err := format.LogKeyOrigin(key)
	if err != nil {
		l.c.unsure(l.s.where(logPubFile), "the log's key cannot be read: %v", err)
		return
	}
	l.origin, l.keys = origin, []string{key}
	for changed := true; changed; {
		changed = false
		for _, r := range l.c.rotations {
			if r.Kind != format.KeyLog || r.Origin != origin {
				continue
			}
			if slices.Contains(l.keys, r.New) && !slices.Contains(l.keys, r.Old) {
				l.keys, changed = append(l.keys, r.Old), true
			}
			// A rotation that was cut short is on the record before its key is in use.
			if slices.Contains(l.keys, r.Old) && !slices.Contains(l.keys, r.New) {
				l.keys, changed = append(l.keys, r.New), true
			}
		}
	}
}

// pub gives what log.pub says.
func (l *logCheck) pub() (string, error) {
	if !l.s.has(logPubFile) {
		return "", jurat.Errorf(jurat.NotFound, "there is no %s", logPubFile)
	}
	text, err := l.s.read(logPubFile, noteBytes)
	if err != nil {
		return "", unreadable(err)
	}
	if n := len(text); n > 0 && text[n-1] == '\n' {
		return string(text[:n-1]), nil
	}
	return string(text), nil
}

// readCheckpoint checks the checkpoint's signatures and its spelling. What it
// says of the leaves is compared when they were read.
func (l *logCheck) readCheckpoint() {
	c, where := l.c, l.s.where(checkpointFile)
	if !l.s.has(checkpointFile) {
		return // told when it is known how far the log is
	}
	msg, err := l.s.read(checkpointFile, noteBytes)
	if err != nil {
		c.unsure(where, "it cannot be read: %v", err)
		l.published = unread
		return
	}
	head, ok := l.open(msg, where)
	if !ok {
		l.published = unread
		return
	}
	l.published = head.Size
	l.claims = append(l.claims, claim{head.Size, hash(head.Root), where, "the checkpoint"})
	if strange := strangers(msg, l.keys); len(strange) > 0 {
		l.cosigned(head, strange, where)
	}
}

// unread is the size under a checkpoint that could not be read.
const unread = -1

// open reads a checkpoint of this log. Whatever is not one that the log's key
// signed, to the byte, is altered: the log wrote no such file.
func (l *logCheck) open(msg []byte, where string) (format.Checkpoint, bool) {
	c := l.c
	if len(l.keys) == 0 {
		c.unsure(where, "no key of the log is at hand to check it with")
		return format.Checkpoint{}, false
	}
	head, err := format.OpenCheckpoint(msg, l.keys...)
	if err == nil {
		err = oneSpelling(msg, head)
	}
	if err == nil && head.Origin != l.origin {
		err = jurat.Errorf(jurat.Altered, "it is of the log %s, not of %s", head.Origin, l.origin)
	}
	if err == nil {
		return head, true
	}
	if pub, perr := l.pub(); perr == nil && l.newest && !slices.Contains(l.keys, pub) {
		if _, perr := format.OpenCheckpoint(msg, pub); perr == nil {
			c.doubt(where, "it is signed by the key in ledger/%s and not by the log's key", logPubFile)
			return head, false
		}
	}
	c.altered(where, "it is not what the log's key signed: %v", err)
	return head, false
}

// cosigned checks that signatures by others are those that were imported.
func (l *logCheck) cosigned(head format.Checkpoint, strange []string, where string) {
	imported := map[string]bool{}
	if name := anchorName(head); l.s.has(name) {
		msg, err := l.s.read(name, noteBytes)
		if err != nil {
			return // told by readAnchor
		}
		for _, line := range signatureLines(msg) {
			imported[line] = true
		}
	}
	for _, line := range strange {
		if !imported[line] {
			l.c.altered(where, "it has a signature that is not the log's and that was not imported")
			return
		}
	}
}

// check makes the log again and compares.
func (l *logCheck) check(tx *register.Tx) error {
	c := l.c
	l.grown = newGrown(l)
	if err := l.grown.grow(tx); err != nil {
		return err
	}
	if l.bare || l.s.blind && !l.s.has(checkpointFile) {
		return nil
	}
	g := l.grown
	where := l.s.where(checkpointFile)
	switch {
	case l.published == 0 && !l.s.has(checkpointFile) && g.heads > 1 && g.lostLeaves == 0:
		c.altered(where, "the file is missing, and the log was published")
	case l.published == 0 && !l.s.has(checkpointFile) && g.t.size > 0:
		c.note("%s an index, and no checkpoint was published yet", have(g.t.size))
	case l.newest && l.published >= 0 && l.published < g.t.size:
		c.note("%s an index and awaits a checkpoint: the next publication gives it", have(g.t.size-l.published))
	}
	l.checkNeeded()
	return nil
}

// checkNeeded checks that what lies beside a checkpoint is there.
func (l *logCheck) checkNeeded() {
	if !l.s.has(checkpointFile) {
		return
	}
	for _, name := range []string{logPubFile, keysFile} {
		if !l.s.has(name) && !l.s.blind {
			l.c.altered(l.s.where(name), "the file is missing")
		}
	}
}

package fsck

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"slices"
	"strings"

	"jurat"
	"jurat/format"
	"jurat/internal/register"
)

// A grown is a log made again, leaf by leaf. It holds the right edge of the
// tree only: the hashes of each level's last tile and the last bundle.
type grown struct {
	l      *logCheck
	t      tree
	levels []*edge
	bundle edge // of entries

	heads      int // roots the rows keep
	lostLeaves int64
	lost       []string
	broken     bool  // a leaf is missing: what follows cannot be made
	headless   bool  // not every root that the rows keep could be read
	superseded int64 // partial tiles of published sizes that are not there
}

// An edge is the last tile of a level.
type edge struct {
	place
	data   []byte
	ends   []int                      // of each hash or entry in data
	marked [format.TileWidth + 1]bool // widths at which a root was kept
	needed int                        // the width under the checkpoint; 0: none
}

func newGrown(l *logCheck) *grown {
	return &grown{l: l, bundle: edge{place: place{level: -1}}}
}

// grow reads the log's leaves in order, compares every root that was kept or
// shown, and every tile as soon as it is whole.
func (g *grown) grow(tx *register.Tx) error {
	c, log := g.l.c, g.l.s.log
	nextHead, stop := iter.Pull2(rows(tx.EachTreeHead, log))
	defer stop()
	rooted := int64(0) // the largest size whose root the rows keep
	head, headErr, more := nextHead()
	for row, rowErr := range rows(tx.EachLeaf, log) {
		if rowErr != nil {
			return rowErr
		}
		if row.Index != g.t.size {
			c.altered(g.leafName(g.t.size), "the log has no leaf of this index: index %d comes next", row.Index)
			g.broken = true
			break
		}
		leaf, err := g.leaf(tx, row)
		if err != nil {
			return err
		}
		if leaf == nil {
			g.broken = true
			break
		}
		g.add(leaf)
		for more && headErr == nil && head.Size <= g.t.size {
			g.heads, rooted = g.heads+1, head.Size
			if head.Size == g.t.size {
				g.mark()
			}
			if head.Size != g.t.size || hash(head.Root) != g.t.root() {
				c.altered("register", "the root it keeps of the first %s of %s is not the one they give", count(head.Size, "leaf"), g.l.name())
			}
			head, headErr, more = nextHead()
		}
		if g.t.size == g.l.published {
			g.need()
		}
		g.compareClaims()
	}
	for ; more && headErr == nil; head, headErr, more = nextHead() {
		g.heads, rooted = g.heads+1, g.t.size // told here
		if !g.broken {
			c.altered("register", "it keeps a root of %s of %s, and only %d are there", count(head.Size, "leaf"), g.l.name(), g.t.size)
		}
	}
	if headErr != nil {
		if answerTo(headErr) != Altered {
			return headErr
		}
		c.because("register", headErr)
		g.headless = true
	} else if rooted != g.t.size && !g.broken {
		c.altered("register", "it keeps no root of the %s of %s, only of the first %d", count(g.t.size, "leaf"), g.l.name(), rooted)
	}
	g.finish()
	return nil
}

func (l *logCheck) name() string {
	if l.origin != "" {
		return "the log " + l.origin
	}
	return fmt.Sprintf("log %d", l.s.log)
}

func (g *grown) leafName(index int64) string {
	if g.l.newest {
		return fmt.Sprintf("ledger leaf %d", index)
	}
	return fmt.Sprintf("ledger past/%d leaf %d", g.l.s.log, index)
}

// leaf gives the bytes of a leaf; nil when they are not on the record.
func (g *grown) leaf(tx *register.Tx, row register.LeafRow) ([]byte, error) {
	if row.Event == "" {
		g.lostLeaves++
		g.lost = append(g.lost, fmt.Sprint(row.Index))
		return row.Leaf, nil
	}
	e, err := tx.Event(row.Event)
	if errors.Is(err, jurat.NotFound) {
		g.l.c.altered(g.leafName(row.Index), "it is of event %s, and that is not on the record", row.Event)
		return nil, nil
	}
	return e.Leaf, err
}

// add appends a leaf to the tree and its tiles.
func (g *grown) add(leaf []byte) {
	g.bundle.data = binary.BigEndian.AppendUint16(g.bundle.data, uint16(len(leaf)))
	g.bundle.data = append(g.bundle.data, leaf...)
	g.bundle.ends = append(g.bundle.ends, len(g.bundle.data))
	g.t.add(leafHash(leaf), func(height int, root hash) {
		if height%format.TileHeight != 0 {
			return
		}
		level := height / format.TileHeight
		if level == len(g.levels) {
			g.levels = append(g.levels, &edge{place: place{level: level}})
		}
		e := g.levels[level]
		e.data = append(e.data, root[:]...)
		e.ends = append(e.ends, len(e.data))
	})
	for _, e := range g.edges() {
		if e.width() == format.TileWidth {
			g.compare(e)
			*e = edge{place: place{e.level, e.n + 1}, data: e.data[:0], ends: e.ends[:0]}
		}
	}
}

func (g *grown) edges() []*edge { return append([]*edge{&g.bundle}, g.levels...) }

func (e *edge) width() int { return len(e.ends) }

// mark remembers that a root was kept of the tree as it is: partial tiles of
// it may lie in the folder.
func (g *grown) mark() {
	for _, e := range g.edges() {
		e.marked[e.width()] = true
	}
}

// need remembers that the checkpoint is over the tree as it is.
func (g *grown) need() {
	for _, e := range g.edges() {
		e.needed = e.width()
	}
}

// compareClaims compares the root with those that checkpoints of this size
// show.
func (g *grown) compareClaims() {
	g.l.claims = slices.DeleteFunc(g.l.claims, func(one claim) bool {
		if one.size != g.t.size {
			return false
		}
		if one.root != g.t.root() {
			g.l.c.altered(one.where, "%s, over %s, is not of the history the rows hold", one.whose, count(one.size, "leaf"))
		}
		return true
	})
}

// compare compares every file of a tile with what the rows give.
func (g *grown) compare(e *edge) {
	l := g.l
	if l.bare {
		return
	}
	widths := l.s.tiles[e.place]
	delete(l.s.tiles, e.place)
	for _, w := range widths {
		g.compareFile(e, w)
	}
	full := slices.Contains(widths, format.TileWidth)
	whole := e.width() == format.TileWidth && g.t.size <= l.published
	switch {
	case whole && !full:
		l.missing(e.place, format.TileWidth)
	case !whole && e.needed > 0 && !full && !slices.Contains(widths, e.needed):
		l.missing(e.place, e.needed)
	}
	if e.width() < format.TileWidth {
		for w := 1; w < e.needed; w++ {
			if e.marked[w] && !slices.Contains(widths, w) {
				g.superseded++
			}
		}
	}
}

func (l *logCheck) missing(at place, width int) {
	if l.s.blind {
		return
	}
	l.c.altered(l.s.where(tileName(at, width)), "the file is missing, and the checkpoint needs it")
}

// compareFile compares one file of a tile.
func (g *grown) compareFile(e *edge, w int) {
	l, name := g.l, tileName(e.place, w)
	where := l.s.where(name)
	if w > e.width() {
		if !g.broken {
			l.beyond(where, g.t.size)
		}
		return
	}
	want := e.data[:e.ends[w-1]]
	got, err := l.s.read(name, int64(len(want)))
	switch {
	case errors.Is(err, fs.ErrNotExist): // superseded since it was listed
	case err != nil:
		l.c.unsure(where, "it cannot be read: %v", err)
	case !bytes.Equal(got, want):
		l.c.altered(where, "its bytes are not those the rows give")
	case w < format.TileWidth && !e.marked[w] && !g.broken && !g.headless:
		l.c.altered(where, "its bytes are those the rows give, and no checkpoint was ever made of this size")
	}
}

// beyond tells of a file or checkpoint for more leaves than the rows have.
func (l *logCheck) beyond(where string, size int64) {
	if l.short {
		l.c.note("%s is of leaves the record lost, as the first leaf of the log after it declares", where)
		return
	}
	l.c.altered(where, "it is of more leaves than the %d the record holds: the record was set back, or rows were removed. "+
		"Bring back the newest copy of the record, or recover the leaves from a mirror folder", size)
}

// finish compares the tiles of the right edge, and tells what is left over.
func (g *grown) finish() {
	l := g.l
	for _, e := range g.edges() {
		if e.width() > 0 {
			g.compare(e)
		}
	}
	if g.lostLeaves > 0 {
		l.c.unsure("ledger", "%s recovered from a mirror, and the events they commit to are lost: %s", recovered(g.lostLeaves), strings.Join(g.lost[:min(len(g.lost), 100)], ", "))
	}
	if g.broken {
		l.c.skip("the files of %s from leaf %d on: a leaf before them is missing", l.name(), g.t.size)
		return
	}
	for _, one := range l.claims {
		if one.size == 0 && one.root == g.t.root() {
			continue
		}
		l.beyond(one.where, g.t.size)
	}
	l.c.sorted(func() {
		for at, widths := range l.s.tiles {
			for _, w := range widths {
				l.beyond(l.s.where(tileName(at, w)), g.t.size)
			}
		}
	})
	if g.superseded > 0 {
		l.c.note("%s of sizes once published %s not in the folder: a copy of it has only those of its own", count(g.superseded, "partial tile"), isAre(g.superseded))
	}
}

func recovered(n int64) string {
	if n == 1 {
		return "1 leaf was"
	}
	return fmt.Sprintf("%d leaves were", n)
}

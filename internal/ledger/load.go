package ledger

import (
	"context"
	"errors"

	"golang.org/x/mod/sumdb/tlog"

	"jurat"
)

// load returns the edge of a tree that was published, from the tiles on disk
// and the rows of the last bundle. Tiles that are missing or do not give the
// root are not relied on, and not repaired either: then the edge is made from
// the rows alone. Rows that do not give the root are Altered.
func (l *Ledger) load(ctx context.Context, head Head) (*edge, error) {
	if head.Size == 0 {
		return &edge{}, nil
	}
	e, err := loadTiles(ctx, l.folder, l.store.Leaves, head.Size)
	if err != nil && !errors.Is(err, errTiles) {
		return nil, err
	}
	if err == nil {
		if root, err := e.root(); err != nil || root == head.Root {
			return e, err
		}
	}
	e = &edge{}
	if err := e.extend(ctx, l.store.Leaves, head.Size, nil, nil); err != nil {
		return nil, err
	}
	root, err := e.root()
	if err != nil {
		return nil, err
	}
	if root != head.Root {
		return nil, l.stop(jurat.Errorf(jurat.Altered, "the first %d leaves of the record are not those whose root it keeps: nothing more is signed; run jurat fsck", head.Size))
	}
	clear(e.moved)
	return e, nil
}

// errTiles is the cause when tiles are not there as they should be.
var errTiles = errors.New("a tile is missing or cut short")

// A leafReader calls fn with leaves in order, as [Store.Leaves] does.
type leafReader func(ctx context.Context, from, to int64, fn func(index int64, leaf []byte) error) error

// loadTiles makes the edge of a size from the tiles of a folder, and from the
// leaves of its last bundle. Nothing is checked: its root tells.
func loadTiles(ctx context.Context, f *folder, leaves leafReader, size int64) (*edge, error) {
	e := &edge{size: size - size%width}
	for level := 1; size>>(height*level) > 0; level++ {
		for len(e.tiles) <= level {
			e.tiles, e.moved = append(e.tiles, nil), append(e.moved, false)
		}
		w := int(size >> (height * level) % width)
		if w == 0 {
			continue
		}
		data, err := readTile(f, level, size>>(height*(level+1)), w)
		if err != nil {
			return nil, errors.Join(errTiles, err)
		}
		for i := range w {
			e.tiles[level] = append(e.tiles[level], tlog.Hash(data[i*tlog.HashSize:(i+1)*tlog.HashSize]))
		}
	}
	if err := e.extend(ctx, leaves, size, nil, nil); err != nil {
		return nil, err
	}
	clear(e.moved)
	return e, nil
}

// readTile reads the first w hashes of a tile: from the partial tile of that
// width, or from the full one that took its place.
func readTile(f *folder, level int, n int64, w int) ([]byte, error) {
	data, err := f.read(tilePath(level, n, w), width*tlog.HashSize)
	if w < width && errors.Is(err, jurat.NotFound) {
		data, err = f.read(tilePath(level, n, width), width*tlog.HashSize)
		if err == nil && len(data) == width*tlog.HashSize {
			data = data[:w*tlog.HashSize]
		}
	}
	if err == nil && len(data) != w*tlog.HashSize {
		err = jurat.Errorf(jurat.Unavailable, "%s is cut short", f.path(tilePath(level, n, w)))
	}
	return data, err
}

// extend adds leaves up to size. Files that fill are given to files unless it
// is nil. pass, unless nil, is called at every size reached.
func (e *edge) extend(ctx context.Context, leaves leafReader, size int64, files *[]file, pass func(e *edge) error) error {
	var discard []file
	err := leaves(ctx, e.size, size, func(_ int64, leaf []byte) error {
		to := files
		if to == nil {
			discard = discard[:0]
			to = &discard
		}
		if err := e.add(leaf, to); err != nil {
			return err
		}
		if pass == nil {
			return nil
		}
		return pass(e)
	})
	if err == nil && e.size != size {
		err = jurat.Errorf(jurat.Unavailable, "there are %d leaves where %d were expected", e.size, size)
	}
	return err
}

// compare gives a function for extend that stops at a reference with another
// root than the leaves give.
func (l *Ledger) compare(refs []reference) func(*edge) error {
	return func(e *edge) error {
		for _, r := range refs {
			if r.Size != e.size {
				continue
			}
			if root, err := e.root(); err != nil {
				return err
			} else if root != r.Root {
				return l.forked(r.what, r.Published)
			}
		}
		return nil
	}
}

// piece is how many leaves catchUp holds files of at a time: 32 MiB or so.
const piece = 64 * width

// catchUp publishes head, of which only the part under p was published.
// Nothing is written before the rows have given head's root, and the root of
// every reference on the way.
func (l *Ledger) catchUp(ctx context.Context, p Published, head Head) error {
	e := &edge{}
	if p.Size > 0 {
		var err error
		if e, err = l.load(ctx, Head{Size: p.Size, Root: p.Root}); err != nil {
			return err
		}
	}
	refs, err := l.references(p.Size)
	if err != nil {
		return err
	}
	trial, small := e.clone(), head.Size-p.Size <= piece
	var files []file
	keep := &files
	if !small {
		keep = nil
	}
	if err := trial.extend(ctx, l.store.Leaves, head.Size, keep, l.compare(refs)); err != nil {
		return err
	}
	if root, err := trial.root(); err != nil {
		return err
	} else if root != head.Root {
		return l.stop(jurat.Errorf(jurat.Altered, "the %d leaves of the record are not those whose root it keeps: nothing more is signed; run jurat fsck", head.Size))
	}
	for !small && e.size < head.Size {
		if err := e.extend(ctx, l.store.Leaves, min(e.size+piece, head.Size), &files, nil); err != nil {
			return err
		}
		unlock, err := l.guard(ctx, head.Log)
		if err != nil {
			return err
		}
		err = l.folder.write(files...)
		unlock()
		if err != nil {
			return err
		}
		files = files[:0]
	}
	if small {
		e = trial
	}
	e.cut(&files)
	if _, err := l.issue(ctx, head, files); err != nil {
		return err
	}
	l.edge, l.edgeLog = e, head.Log
	return nil
}

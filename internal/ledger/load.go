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
	e, err := l.loadTiles(ctx, head.Size)
	if err != nil && !errors.Is(err, errTiles) {
		return nil, err
	}
	if err == nil {
		if root, err := e.root(); err != nil || root == head.Root {
			return e, err
		}
	}
	e = &edge{}
	if err := l.extend(ctx, e, head.Size, nil, nil); err != nil {
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

// loadTiles takes the levels above the leaves from tiles on disk.
func (l *Ledger) loadTiles(ctx context.Context, size int64) (*edge, error) {
	e := &edge{size: size - size%width}
	for level := 1; size>>(height*level) > 0; level++ {
		for len(e.tiles) <= level {
			e.tiles, e.moved = append(e.tiles, nil), append(e.moved, false)
		}
		w := int(size >> (height * level) % width)
		if w == 0 {
			continue
		}
		data, err := readTile(l.folder, level, size>>(height*(level+1)), w)
		if err != nil {
			return nil, errors.Join(errTiles, err)
		}
		for i := range w {
			e.tiles[level] = append(e.tiles[level], tlog.Hash(data[i*tlog.HashSize:(i+1)*tlog.HashSize]))
		}
	}
	if err := l.extend(ctx, e, size, nil, nil); err != nil {
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

// extend adds the store's leaves up to size to e. Files that fill are given to
// files unless it is nil. Each of marks is compared when its size is reached;
// a mark with another root is the error of forked.
func (l *Ledger) extend(ctx context.Context, e *edge, size int64, files *[]file, marks []reference) error {
	var discard []file
	err := l.store.Leaves(ctx, e.size, size, func(_ int64, leaf []byte) error {
		to := files
		if to == nil {
			discard = discard[:0]
			to = &discard
		}
		if err := e.add(leaf, to); err != nil {
			return err
		}
		for _, m := range marks {
			if m.Size != e.size {
				continue
			}
			if root, err := e.root(); err != nil {
				return err
			} else if root != m.Root {
				return l.forked(m.what, m.Published)
			}
		}
		return nil
	})
	if err == nil && e.size != size {
		err = jurat.Errorf(jurat.Unavailable, "the record gave %d of %d leaves", e.size, size)
	}
	return err
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
	marks, err := l.references()
	if err != nil {
		return err
	}
	trial, small := e.clone(), head.Size-p.Size <= piece
	var files []file
	keep := &files
	if !small {
		keep = nil
	}
	if err := l.extend(ctx, trial, head.Size, keep, marks); err != nil {
		return err
	}
	if root, err := trial.root(); err != nil {
		return err
	} else if root != head.Root {
		return l.stop(jurat.Errorf(jurat.Altered, "the %d leaves of the record are not those whose root it keeps: nothing more is signed; run jurat fsck", head.Size))
	}
	for !small && e.size < head.Size {
		if err := l.extend(ctx, e, min(e.size+piece, head.Size), &files, nil); err != nil {
			return err
		}
		unlock, err := l.guard(ctx)
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

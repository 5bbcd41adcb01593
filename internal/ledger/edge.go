package ledger

import (
	"slices"

	"golang.org/x/mod/sumdb/tlog"

	"jurat"
	"jurat/format"
)

// Tiles are height 8, so width 256 hashes or leaves when full (L12).
const (
	width  = format.TileWidth
	height = format.TileHeight
)

// tilePath is where the first w hashes of the n-th tile of a level lie.
func tilePath(level int, n int64, w int) string {
	return format.TilePath(tlog.Tile{H: height, L: level, N: n, W: w})
}

// entriesPath is where the first w leaves of the n-th bundle lie.
func entriesPath(n int64, w int) string { return tilePath(-1, n, w) }

// An edge is the right edge of the tree: all that the next leaf needs to know
// of the leaves before it. It is at most 256 hashes a level and one bundle, at
// any size of the log, so that publishing one event costs O(log n).
type edge struct {
	size   int64
	tiles  [][]tlog.Hash // by level: the hashes of the last tile while it is not full
	bundle []byte        // the last entry bundle while it is not full
	moved  []bool        // by level: whether the tile grew since the files were last cut
}

// A file is one file of the ledger folder, by its slash-separated name there.
type file struct {
	name string
	data []byte
}

// clone returns an edge that can grow while e stays.
func (e *edge) clone() *edge {
	c := &edge{size: e.size, bundle: slices.Clone(e.bundle), moved: slices.Clone(e.moved)}
	for _, tile := range e.tiles {
		c.tiles = append(c.tiles, slices.Clone(tile))
	}
	return c
}

// add appends one leaf, and gives files every tile and bundle it fills.
func (e *edge) add(leaf []byte, files *[]file) error {
	bundle, err := format.AppendEntry(e.bundle, leaf)
	if err != nil {
		return jurat.Because(jurat.Invalid, err, "leaf %d cannot be logged", e.size)
	}
	e.bundle = bundle
	e.grow(0, tlog.RecordHash(leaf), files)
	e.size++
	if e.size%width == 0 {
		*files = append(*files, file{entriesPath(e.size/width-1, width), e.bundle})
		e.bundle = nil
	}
	return nil
}

// grow appends a hash to the last tile of a level, and when that fills the
// tile, its root to the level above.
func (e *edge) grow(level int, h tlog.Hash, files *[]file) {
	if level == len(e.tiles) {
		e.tiles, e.moved = append(e.tiles, nil), append(e.moved, false)
	}
	e.tiles[level], e.moved[level] = append(e.tiles[level], h), true
	if len(e.tiles[level]) < width {
		return
	}
	n := e.size >> (height * (level + 1)) // full tiles of this level before this one
	*files = append(*files, file{tilePath(level, n, width), tileData(e.tiles[level])})
	root := subtree(e.tiles[level])
	e.tiles[level], e.moved[level] = nil, false
	e.grow(level+1, root, files)
}

// cut gives files the partial tiles and the partial bundle of the size reached,
// those that grew since the last cut.
func (e *edge) cut(files *[]file) {
	for level, tile := range e.tiles {
		if len(tile) == 0 || !e.moved[level] {
			continue
		}
		n := e.size >> (height * (level + 1))
		*files = append(*files, file{tilePath(level, n, len(tile)), tileData(tile)})
		if level == 0 {
			*files = append(*files, file{entriesPath(n, len(tile)), slices.Clone(e.bundle)})
		}
		e.moved[level] = false
	}
}

// root is the RFC 6962 root of the tree.
func (e *edge) root() (tlog.Hash, error) {
	if e.size == 0 {
		return tlog.TreeHash(0, nil)
	}
	return tlog.TreeHash(e.size, tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		hashes := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			level, n := tlog.SplitStoredHashIndex(index)
			low := level % height
			tile := e.tiles[level/height]
			from := int(n<<low) % width
			hashes[i] = subtree(tile[from : from+1<<low])
		}
		return hashes, nil
	}))
}

// subtree is the hash of a complete subtree whose leaves are hashes.
func subtree(hashes []tlog.Hash) tlog.Hash {
	if len(hashes) == 1 {
		return hashes[0]
	}
	half := len(hashes) / 2
	return tlog.NodeHash(subtree(hashes[:half]), subtree(hashes[half:]))
}

func tileData(hashes []tlog.Hash) []byte {
	data := make([]byte, 0, len(hashes)*tlog.HashSize)
	for _, h := range hashes {
		data = append(data, h[:]...)
	}
	return data
}

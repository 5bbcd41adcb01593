package ledger

import (
	"sync"

	"golang.org/x/mod/sumdb/tlog"

	"jurat"
)

// tiles reads tiles of a folder for proofs, each once; every tile is checked
// against the root of the tree it is asked under before it is believed.
type tiles struct {
	folder *folder

	mu    sync.Mutex
	known map[tlog.Tile][]byte // read and checked
	err   error                // the first tile that could not be read
}

func newTiles(f *folder) *tiles { return &tiles{folder: f, known: map[tlog.Tile][]byte{}} }

// under returns the hashes of the tree p is the checkpoint of.
func (t *tiles) under(p Published) tlog.HashReader {
	return tlog.TileHashReader(tlog.Tree{N: p.Size, Hash: p.Root}, t)
}

// Height implements [tlog.TileReader].
func (t *tiles) Height() int { return height }

// ReadTiles implements [tlog.TileReader].
func (t *tiles) ReadTiles(want []tlog.Tile) ([][]byte, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	out := make([][]byte, len(want))
	for i, tile := range want {
		data, ok := t.known[tile]
		if !ok {
			var err error
			if data, err = readTile(t.folder, tile.L, tile.N, tile.W); err != nil {
				t.err = err
				return nil, err
			}
		}
		out[i] = data
	}
	return out, nil
}

// SaveTiles implements [tlog.TileReader]: these were checked.
func (t *tiles) SaveTiles(checked []tlog.Tile, data [][]byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i, tile := range checked {
		t.known[tile] = data[i]
	}
}

// explain gives an error of a computation over tiles its kind: a tile that
// could not be read is could-not-tell, and one that was read and does not give
// the root of the checkpoint is altered.
func (t *tiles) explain(err error, what string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.err != nil {
		return jurat.Because(jurat.Unavailable, err, "%s could not be computed; run jurat fsck", what)
	}
	return jurat.Because(jurat.Altered, err, "%s: the tiles under %s do not give the root that was signed; run jurat fsck", what, t.folder.dir)
}

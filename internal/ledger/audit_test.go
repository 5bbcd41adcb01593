package ledger_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"jurat/internal/ledger"
)

// A disk the audit can read.
type reader func(name string) ([]byte, error)

func dirReader(dir string) reader {
	return func(name string) ([]byte, error) { return os.ReadFile(filepath.Join(dir, name)) }
}

// audit re-derives the whole log folder from the store's leaves, with x/mod's
// tiles and code of its own, and compares every file the checkpoint needs.
func audit(t testing.TB, dir string, store ledger.Store) (size int64) {
	t.Helper()
	size, err := auditFiles(dirReader(dir), store)
	if err != nil {
		t.Fatalf("audit: %v", err)
	}
	return size
}

func auditFiles(read reader, store ledger.Store) (int64, error) {
	pub, err := read("log.pub")
	if err != nil {
		return 0, err
	}
	verifier, err := note.NewVerifier(string(bytes.TrimSpace(pub)))
	if err != nil {
		return 0, err
	}
	text, err := read("checkpoint")
	if err != nil {
		return 0, err
	}
	n, err := note.Open(text, note.VerifierList(verifier))
	if err != nil {
		return 0, err
	}
	var size int64
	var name, hash string
	if _, err := fmt.Sscanf(n.Text, "%s\n%d\n%s\n", &name, &size, &hash); err != nil {
		return 0, err
	}
	root, err := tlog.ParseHash(hash)
	if err != nil {
		return 0, err
	}
	var leaves [][]byte
	err = store.Leaves(context.Background(), 0, size, func(_ int64, leaf []byte) error {
		leaves = append(leaves, bytes.Clone(leaf))
		return nil
	})
	if err != nil {
		return 0, err
	}
	return size, auditTiles(read, leaves, root)
}

func auditTiles(read reader, leaves [][]byte, root tlog.Hash) error {
	var stored []tlog.Hash
	hashes := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for i, x := range indexes {
			out[i] = stored[x]
		}
		return out, nil
	})
	for i, leaf := range leaves {
		more, err := tlog.StoredHashes(int64(i), leaf, hashes)
		if err != nil {
			return err
		}
		stored = append(stored, more...)
	}
	size := int64(len(leaves))
	if got, err := tlog.TreeHash(size, hashes); err != nil || got != root {
		return fmt.Errorf("the leaves have the root %v (%v), the checkpoint says %v", got, err, root)
	}
	for _, tile := range tlog.NewTiles(8, 0, size) {
		want, err := tlog.ReadTileData(tile, hashes)
		if err != nil {
			return err
		}
		if err := compare(read, c2spPath(fmt.Sprint(tile.L), tile), want); err != nil {
			return err
		}
		if tile.L > 0 {
			continue
		}
		var bundle []byte
		for _, leaf := range leaves[tile.N*256 : tile.N*256+int64(tile.W)] {
			bundle = binary.BigEndian.AppendUint16(bundle, uint16(len(leaf)))
			bundle = append(bundle, leaf...)
		}
		if err := compare(read, c2spPath("entries", tile), bundle); err != nil {
			return err
		}
	}
	return nil
}

// c2spPath spells a tile's path as tlog-tiles does: x/mod's path without the
// height, and a name for the level.
func c2spPath(level string, t tlog.Tile) string {
	t.L = 0
	return "tile/" + level + t.Path()[len("tile/8/0"):]
}

func compare(read reader, name string, want []byte) error {
	got, err := read(name)
	if err != nil {
		return err
	}
	if !bytes.Equal(got, want) {
		return fmt.Errorf("%s has %d bytes that are not the %d derived from the leaves", name, len(got), len(want))
	}
	return nil
}

func remove(t testing.TB, dir, name string) {
	t.Helper()
	if err := os.Remove(filepath.Join(dir, name)); err != nil {
		t.Fatal(err)
	}
}

package dirstore

import (
	"bytes"
	"path/filepath"
	"testing"

	"jurat/internal/vault"
	"jurat/internal/vault/vaulttest"
)

// TestBothWaysOfWriting writes the same bytes around the page cache and, where
// direct writing ends early or is never begun, through it.
func TestBothWaysOfWriting(t *testing.T) {
	data := vaulttest.Bytes(41<<20 + 999)
	aligned := alignedCopy(data)
	for name, c := range map[string]struct {
		size  int64
		first int // bytes of the first write
		from  []byte
	}{
		"aligned throughout":            {int64(len(data)), 4 << 20, aligned},
		"of unknown length":             {-1, 4 << 20, aligned},
		"misaligned in memory":          {int64(len(data)), 4 << 20, append(make([]byte, 1, len(data)+1), data...)[1:]},
		"misaligned after the first":    {int64(len(data)), 4<<20 + 1, aligned},
		"promised less than it is":      {5 << 20, 4 << 20, aligned},
		"promised more than it is":      {50 << 20, 4 << 20, aligned},
		"promised small: never direct":  {10, 4 << 20, aligned},
		"in pieces smaller than a page": {int64(len(data)), 4095, aligned},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := Create(filepath.Join(t.TempDir(), "vault"))
			if err != nil {
				t.Fatal(err)
			}
			d, err := s.Create(t.Context(), vaulttest.ID(1), c.size)
			if err != nil {
				t.Fatal(err)
			}
			next := c.first
			for rest := c.from; len(rest) > 0; next = 4 << 20 {
				n := min(next, len(rest))
				if m, err := d.Write(rest[:n]); m != n || err != nil {
					t.Fatalf("Write: %d of %d, %v", m, n, err)
				}
				rest = rest[n:]
			}
			if err := s.Keep(t.Context(), d)[0]; err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(vaulttest.Get(t, s, vaulttest.ID(1)), data) {
				t.Error("other bytes came back")
			}
		})
	}
}

// alignedCopy is data at an address direct writing likes.
func alignedCopy(data []byte) []byte {
	room := make([]byte, len(data)+vault.Alignment)
	for i := range vault.Alignment {
		if isAligned(room[i:]) {
			room = room[i:]
			break
		}
	}
	return room[:copy(room, data)]
}

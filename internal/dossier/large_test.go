package dossier_test

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"jurat"
	"jurat/format"
	"jurat/internal/dossier"
)

// TestALargeDossierTakesConstantMemory builds and checks a dossier with an
// exhibit of JURAT_BIG bytes and prints the times beside openssl's.
func TestALargeDossierTakesConstantMemory(t *testing.T) {
	n := int64(64 << 20)
	if os.Getenv("JURAT_BIG") != "" {
		n = 4 << 30
	}
	if testing.Short() {
		t.Skip("short")
	}
	c := newCity(t, "city.example/log", "city")
	s := c.tell()
	x := s.doc.Inventory[0].Exhibit.Value
	block := bytes.Repeat([]byte("a byte of video "), 1<<16)
	sums, err := format.Sum(nil, io.LimitReader(&endless{b: block}, n), nil)
	if err != nil {
		t.Fatal(err)
	}
	x.Digest, x.Size = sums.Digest, n
	_ = jurat.Digest{}
	s.doc.Inventory[0].Exhibit = format.Stated[jurat.Exhibit]{Value: x}
	p := c.parcel(s)
	p.Exhibits = []dossier.Exhibit{{Path: s.doc.Inventory[0].Path, Size: n, Digest: sums.Digest, Open: func(context.Context) (io.ReadCloser, error) {
		return io.NopCloser(io.LimitReader(&endless{b: block}, n)), nil
	}}}
	path := filepath.Join(t.TempDir(), "big.zip")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // synced by Build
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	start := time.Now()
	if _, err := dossier.Build(t.Context(), f, p, c.seal(s, 0, nil)); err != nil {
		t.Fatal(err)
	}
	built := time.Since(start)
	var took, rival []time.Duration
	for range 3 {
		start = time.Now()
		r := dossier.Verify(t.Context(), path, dossier.Options{})
		took = append(took, time.Since(start))
		if r.Answer != dossier.Altered { // the ledger received another photograph, and nothing else is wrong
			t.Fatalf("%+v", r.Findings)
		}
		if openssl, err := exec.LookPath("openssl"); err == nil {
			start = time.Now()
			if err := exec.Command(openssl, "dgst", "-sha256", path).Run(); err != nil {
				t.Fatal(err)
			}
			rival = append(rival, time.Since(start))
		}
	}
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > 96<<20 {
		t.Errorf("building and checking %d bytes three times allocated %d bytes", n, used)
	}
	t.Logf("%d bytes: build %v, verify %v, openssl dgst %v, allocated %d MiB", n, built, took, rival, (after.TotalAlloc-before.TotalAlloc)>>20)
}

// endless repeats b.
type endless struct {
	b  []byte
	at int
}

func (e *endless) Read(p []byte) (int, error) {
	n := copy(p, e.b[e.at:])
	e.at = (e.at + n) % len(e.b)
	return n, nil
}

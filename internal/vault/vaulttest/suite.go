// Package vaulttest holds stores to the contract of vault.Store.
//
// Holds: one suite, a subtest for each sentence of the contract, and a store
// that fails on purpose.
// Promises: a store that passes Run can stand below a vault.
// May open: the law; vault.
// Never: is linked into the product.
package vaulttest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"jurat"
	"jurat/internal/vault"
)

// ID is a blob id that ends with the number n.
func ID(n int) vault.BlobID { return vault.BlobID(fmt.Sprintf("%02x%030x", n%256, n)) }

// Bytes gives n bytes that do not repeat and are the same in every run.
func Bytes(n int) []byte {
	b := make([]byte, n)
	rand.NewChaCha8([32]byte{byte(n), byte(n >> 8)}).Read(b)
	return b
}

// Put keeps data under id.
func Put(t *testing.T, s vault.Store, id vault.BlobID, data []byte) {
	t.Helper()
	d, err := s.Create(t.Context(), id, int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := s.Keep(t.Context(), d)[0]; err != nil {
		t.Fatal(err)
	}
}

// Get reads all of id.
func Get(t *testing.T, s vault.Store, id vault.BlobID) []byte {
	t.Helper()
	o, err := s.Open(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	b, err := io.ReadAll(io.NewSectionReader(o, 0, o.Size()+10))
	if err != nil {
		t.Fatal(err)
	}
	if int64(len(b)) != o.Size() {
		t.Errorf("Size says %d, %d bytes are there", o.Size(), len(b))
	}
	return b
}

// Run runs the suite. open returns a new, empty store and cleans up after t.
func Run(t *testing.T, open func(t *testing.T) vault.Store) {
	for _, c := range []struct {
		name string
		test func(t *testing.T, s vault.Store)
	}{
		{"what is kept is read again", keptIsRead},
		{"a blob may be written in pieces of any length", anyPieces},
		{"size is a promise to prepare for, not a limit", sizeIsNoLimit},
		{"what is not kept yet is not there", notKept},
		{"a discarded draft leaves nothing", discarded},
		{"a draft ends once", endsOnce},
		{"a finished draft is kept", finished},
		{"an id is used once", idOnce},
		{"drafts are kept together, each with its own result", together},
		{"an id that was never kept is NotFound", neverKept},
		{"a removed blob is gone", removed},
		{"Blobs gives every kept blob in the order of ids", blobs},
		{"Sweep removes old drafts and nothing else", sweep},
		{"many goroutines at once", goroutines},
		{"reading at any offset", offsets},
		{"a context that has ended is obeyed", ended},
		{"an id of another spelling is refused", spelling},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, open(t)) })
	}
}

func keptIsRead(t *testing.T, s vault.Store) {
	for i, n := range []int{0, 1, 55, 4095, 4096, 4097, 65536, 1<<20 + 3, 4<<20 + 4096} {
		data := Bytes(n)
		Put(t, s, ID(i), data)
		if got := Get(t, s, ID(i)); !bytes.Equal(got, data) {
			t.Errorf("%d bytes came back as %d others", n, len(got))
		}
	}
}

func anyPieces(t *testing.T, s vault.Store) {
	data := Bytes(3<<20 + 17)
	d, err := s.Create(t.Context(), ID(1), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	for rest, n := data, 1; len(rest) > 0; n = n*5 + 3 {
		n = min(n, len(rest))
		piece := bytes.Clone(rest[:n])
		if m, err := d.Write(piece); err != nil || m != n {
			t.Fatalf("Write of %d: %d, %v", n, m, err)
		}
		clear(piece) // Write does not keep p
		rest = rest[n:]
	}
	if err := s.Keep(t.Context(), d)[0]; err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(Get(t, s, ID(1)), data) {
		t.Error("other bytes came back")
	}
}

func sizeIsNoLimit(t *testing.T, s vault.Store) {
	data := Bytes(200_000)
	for i, size := range []int64{-1, 0, 10, 199_999, 200_001, 3 << 20} {
		d, err := s.Create(t.Context(), ID(i), size)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.Write(data); err != nil {
			t.Fatal(err)
		}
		if err := s.Keep(t.Context(), d)[0]; err != nil {
			t.Fatal(err)
		}
		if got := Get(t, s, ID(i)); !bytes.Equal(got, data) {
			t.Errorf("promised %d: %d bytes came back", size, len(got))
		}
	}
}

func mustCreate(t *testing.T, s vault.Store, id vault.BlobID) vault.Draft {
	t.Helper()
	d, err := s.Create(t.Context(), id, -1)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Write([]byte("some bytes")); err != nil {
		t.Fatal(err)
	}
	return d
}

func wantGone(t *testing.T, s vault.Store, id vault.BlobID) {
	t.Helper()
	if _, err := s.Open(t.Context(), id); !errors.Is(err, jurat.NotFound) {
		t.Errorf("Open: %v, want NotFound", err)
	}
	for b, err := range s.Blobs(t.Context()) {
		if err != nil {
			t.Error(err)
		}
		if b.ID == id {
			t.Error("Blobs lists it")
		}
	}
}

func litter(t *testing.T, s vault.Store) (list []vault.Litter) {
	t.Helper()
	for l, err := range s.Litter(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, l)
	}
	return list
}

func notKept(t *testing.T, s vault.Store) {
	d := mustCreate(t, s, ID(1))
	wantGone(t, s, ID(1))
	if l := litter(t, s); len(l) != 1 || !l[0].Draft || !strings.Contains(l[0].Name, string(ID(1))) {
		t.Errorf("Litter: %+v, want the draft", l)
	}
	if err := d.Finish(); err != nil {
		t.Fatal(err)
	}
	wantGone(t, s, ID(1))
	if err := d.Discard(); err != nil {
		t.Fatal(err)
	}
}

func discarded(t *testing.T, s vault.Store) {
	d := mustCreate(t, s, ID(1))
	for range 2 {
		if err := d.Discard(); err != nil {
			t.Fatal(err)
		}
	}
	wantGone(t, s, ID(1))
	if l := litter(t, s); len(l) != 0 {
		t.Errorf("Litter: %+v", l)
	}
	if _, err := d.Write([]byte("x")); !errors.Is(err, jurat.Unavailable) {
		t.Errorf("Write after Discard: %v", err)
	}
	if err := s.Keep(t.Context(), d)[0]; !errors.Is(err, jurat.Unavailable) {
		t.Errorf("Keep after Discard: %v", err)
	}
	Put(t, s, ID(1), []byte("the id is free again"))
}

func endsOnce(t *testing.T, s vault.Store) {
	d := mustCreate(t, s, ID(1))
	if errs := s.Keep(t.Context(), d, d); errs[0] != nil || !errors.Is(errs[1], jurat.Unavailable) {
		t.Errorf("Keep twice: %v", errs)
	}
	if _, err := d.Write([]byte("x")); !errors.Is(err, jurat.Unavailable) {
		t.Errorf("Write after Keep: %v", err)
	}
	if err := d.Discard(); err != nil {
		t.Errorf("Discard after Keep: %v", err)
	}
	if got := Get(t, s, ID(1)); string(got) != "some bytes" {
		t.Errorf("after Discard: %q", got)
	}
}

func finished(t *testing.T, s vault.Store) {
	d := mustCreate(t, s, ID(1))
	if err := d.Finish(); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Write([]byte("more")); !errors.Is(err, jurat.Unavailable) {
		t.Errorf("Write after Finish: %v", err)
	}
	if err := s.Keep(t.Context(), d)[0]; err != nil {
		t.Fatal(err)
	}
	if got := Get(t, s, ID(1)); string(got) != "some bytes" {
		t.Errorf("read back %q", got)
	}
}

func idOnce(t *testing.T, s vault.Store) {
	d := mustCreate(t, s, ID(1))
	if _, err := s.Create(t.Context(), ID(1), -1); !errors.Is(err, jurat.Conflict) {
		t.Errorf("Create while it is written: %v, want Conflict", err)
	}
	if err := s.Keep(t.Context(), d)[0]; err != nil {
		t.Fatal(err)
	}
	if _, err := s.Create(t.Context(), ID(1), -1); !errors.Is(err, jurat.Conflict) {
		t.Errorf("Create when it is kept: %v, want Conflict", err)
	}
	if l := litter(t, s); len(l) != 0 {
		t.Errorf("refused drafts left %+v", l)
	}
}

func together(t *testing.T, s vault.Store) {
	if errs := s.Keep(t.Context()); len(errs) != 0 {
		t.Errorf("Keep of none: %v", errs)
	}
	var ds []vault.Draft
	for i := range 20 {
		ds = append(ds, mustCreate(t, s, ID(i*7)))
	}
	if err := ds[3].Discard(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel() // once begun it runs to its end
	for i, err := range s.Keep(ctx, ds...) {
		if i == 3 {
			if !errors.Is(err, jurat.Unavailable) {
				t.Errorf("the discarded one: %v", err)
			}
			wantGone(t, s, ID(i*7))
			continue
		}
		if err != nil {
			t.Errorf("draft %d: %v", i, err)
			continue
		}
		if got := Get(t, s, ID(i*7)); string(got) != "some bytes" {
			t.Errorf("draft %d reads %q", i, got)
		}
	}
}

func neverKept(t *testing.T, s vault.Store) {
	wantGone(t, s, ID(1))
	if err := s.Remove(t.Context(), ID(1)); !errors.Is(err, jurat.NotFound) {
		t.Errorf("Remove: %v", err)
	}
}

func removed(t *testing.T, s vault.Store) {
	Put(t, s, ID(1), []byte("a"))
	Put(t, s, ID(2), []byte("b"))
	if err := s.Remove(t.Context(), ID(1)); err != nil {
		t.Fatal(err)
	}
	wantGone(t, s, ID(1))
	if got := Get(t, s, ID(2)); string(got) != "b" {
		t.Errorf("the other one reads %q", got)
	}
}

func blobs(t *testing.T, s vault.Store) {
	for _, i := range []int{300, 2, 255, 1, 256, 3} {
		Put(t, s, ID(i), Bytes(i))
	}
	mustCreate(t, s, ID(9))
	var last vault.BlobID
	n := 0
	for b, err := range s.Blobs(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if b.ID <= last {
			t.Errorf("%s comes after %s", b.ID, last)
		}
		last = b.ID
		n++
		if got := Get(t, s, b.ID); int64(len(got)) != b.Size {
			t.Errorf("%s: listed with %d bytes, has %d", b.ID, b.Size, len(got))
		}
	}
	if n != 6 {
		t.Errorf("%d blobs, want 6", n)
	}
	for _, err := range s.Blobs(t.Context()) {
		if err == nil {
			break // stopping early is allowed
		}
		t.Fatal(err)
	}
}

func sweep(t *testing.T, s vault.Store) {
	Put(t, s, ID(1), []byte("kept"))
	d := mustCreate(t, s, ID(2))
	before := litter(t, s)[0].At
	if n, err := s.Sweep(t.Context(), before); n != 0 || err != nil {
		t.Errorf("Sweep of what is older than the draft: %d, %v", n, err)
	}
	if n, err := s.Sweep(t.Context(), before.Add(time.Hour)); n != 1 || err != nil {
		t.Errorf("Sweep: %d, %v, want 1", n, err)
	}
	if l := litter(t, s); len(l) != 0 {
		t.Errorf("left: %+v", l)
	}
	if err := s.Keep(t.Context(), d)[0]; !errors.Is(err, jurat.Unavailable) {
		t.Errorf("Keep of a swept draft: %v", err)
	}
	wantGone(t, s, ID(2))
	if got := Get(t, s, ID(1)); string(got) != "kept" {
		t.Errorf("the kept one reads %q", got)
	}
}

func goroutines(t *testing.T, s vault.Store) {
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			data := Bytes(100_000 + i)
			d, err := s.Create(t.Context(), ID(i%4*256+i), int64(len(data)))
			if err != nil {
				t.Error(err)
				return
			}
			if _, err := d.Write(data); err != nil {
				t.Error(err)
			}
			if err := s.Keep(t.Context(), d)[0]; err != nil {
				t.Error(err)
			}
			if o, err := s.Open(t.Context(), ID(i%4*256+i)); err != nil {
				t.Error(err)
			} else {
				o.Close()
			}
		})
	}
	wg.Wait()
	for i := range 16 {
		if !bytes.Equal(Get(t, s, ID(i%4*256+i)), Bytes(100_000+i)) {
			t.Errorf("blob %d differs", i)
		}
	}
}

func offsets(t *testing.T, s vault.Store) {
	data := Bytes(100_000)
	Put(t, s, ID(1), data)
	o, err := s.Open(t.Context(), ID(1))
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	for _, off := range []int64{0, 1, 4096, 99_000, 99_999} {
		b := make([]byte, 1000)
		n, err := o.ReadAt(b, off)
		want := data[off:min(off+1000, 100_000)]
		if !bytes.Equal(b[:n], want) || (n < 1000) != errors.Is(err, io.EOF) {
			t.Errorf("at %d: %d bytes, %v", off, n, err)
		}
	}
	if n, err := o.ReadAt(make([]byte, 1), 100_000); n != 0 || !errors.Is(err, io.EOF) {
		t.Errorf("at the end: %d, %v", n, err)
	}
}

func ended(t *testing.T, s vault.Store) {
	Put(t, s, ID(1), []byte("kept"))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Create(ctx, ID(2), 1); !errors.Is(err, jurat.Unavailable) {
		t.Errorf("Create: %v", err)
	}
	if _, err := s.Open(ctx, ID(1)); !errors.Is(err, jurat.Unavailable) {
		t.Errorf("Open: %v", err)
	}
	if err := s.Remove(ctx, ID(1)); !errors.Is(err, jurat.Unavailable) {
		t.Errorf("Remove: %v", err)
	}
	n := 0
	for _, err := range s.Blobs(ctx) {
		n++
		if !errors.Is(err, jurat.Unavailable) {
			t.Errorf("Blobs: %v", err)
		}
	}
	if n != 1 {
		t.Errorf("Blobs gave %d answers, want one error", n)
	}
	if l := litter(t, s); len(l) != 0 {
		t.Errorf("left: %+v", l)
	}
	if got := Get(t, s, ID(1)); string(got) != "kept" {
		t.Errorf("the kept one reads %q", got)
	}
}

func spelling(t *testing.T, s vault.Store) {
	for _, id := range []vault.BlobID{"", "ab", "../../../../etc/passwd", "ABCDEF00000000000000000000000000", ID(1) + "0"} {
		if _, err := s.Create(t.Context(), id, 0); !errors.Is(err, jurat.Invalid) {
			t.Errorf("Create(%q): %v, want Invalid", id, err)
		}
		if _, err := s.Open(t.Context(), id); !errors.Is(err, jurat.Invalid) {
			t.Errorf("Open(%q): %v, want Invalid", id, err)
		}
		if err := s.Remove(t.Context(), id); !errors.Is(err, jurat.Invalid) {
			t.Errorf("Remove(%q): %v, want Invalid", id, err)
		}
	}
}

package vault_test

import (
	"bytes"
	"errors"
	"io"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"jurat"
	"jurat/internal/vault"
	"jurat/internal/vault/memstore"
	"jurat/internal/vault/vaulttest"
)

// parts receives a source in parts and gives them and what they hold together.
func parts(t *testing.T, v *vault.Vault, r io.Reader) ([]vault.Blob, []byte, error) {
	t.Helper()
	var all []vault.Blob
	var text []byte
	err := v.ReceiveParts(t.Context(), r, false, func(b vault.Blob) error {
		one, err := readAll(t, v, b)
		all, text = append(all, b), append(text, one...)
		return err
	})
	return all, text, err
}

func TestAFastSourceIsOnePart(t *testing.T) {
	v := newVault(t, memstore.New())
	for _, n := range sizes {
		data := vaulttest.Bytes(n)
		all, text, err := parts(t, v, iotest.HalfReader(bytes.NewReader(data)))
		if err != nil || len(all) != min(n, 1) || !bytes.Equal(text, data) {
			t.Errorf("%d bytes: %d parts of %d bytes, %v", n, len(all), len(text), err)
		}
	}
}

// What came before a source failed is kept; of what a source refuses, nothing.
func TestABrokenSourceLeavesAPart(t *testing.T) {
	v := newVault(t, memstore.New())
	data := vaulttest.Bytes(3 << 20)
	all, text, err := parts(t, v, io.MultiReader(bytes.NewReader(data), iotest.ErrReader(io.ErrUnexpectedEOF)))
	if !errors.Is(err, jurat.Unavailable) || !errors.Is(err, io.ErrUnexpectedEOF) || len(all) != 1 || !bytes.Equal(text, data) {
		t.Errorf("lost: %d parts of %d bytes, %v", len(all), len(text), err)
	}
	s := memstore.New()
	if _, _, err := parts(t, newVault(t, s), io.MultiReader(bytes.NewReader(data), iotest.ErrReader(jurat.Errorf(jurat.Invalid, "too long")))); !errors.Is(err, jurat.Invalid) {
		t.Errorf("refused: %v", err)
	}
	wantEmpty(t, s)
	stop := errors.New("enough")
	if err := newVault(t, s).ReceiveParts(t.Context(), bytes.NewReader(data), false, func(vault.Blob) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("kept said enough: %v", err)
	}
}

// Sources that bring a byte now and then do not keep others waiting, and what
// they brought ten seconds ago is durable.
func TestSlowSourcesKeepNobodyWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVault(t, memstore.New())
		var came, kept atomic.Int64
		stop := make(chan struct{})
		slow := readerFunc(func(p []byte) (int, error) {
			select {
			case <-time.After(300 * time.Millisecond):
				came.Add(1)
				p[0] = 'x'
				return 1, nil
			case <-stop:
				return 0, io.EOF
			}
		})
		ended := make(chan error)
		for range 4 {
			go func() {
				ended <- v.ReceiveParts(t.Context(), slow, false, func(b vault.Blob) error { kept.Add(b.Size); return nil })
			}()
		}
		for range 20 {
			time.Sleep(2 * time.Second)
			began := time.Now()
			if _, err := v.Receive(t.Context(), bytes.NewReader([]byte("now"))); err != nil {
				t.Fatal(err)
			}
			if took := time.Since(began); took > time.Second {
				t.Errorf("somebody waited %v", took)
			}
		}
		if missing := came.Load() - kept.Load(); kept.Load() == 0 || missing > 4*21*1000/300 {
			t.Errorf("%d of %d bytes are durable", kept.Load(), came.Load())
		}
		close(stop)
		for range 4 {
			if err := <-ended; err != nil {
				t.Error(err)
			}
		}
		if came.Load() != kept.Load() {
			t.Errorf("%d bytes came, %d were kept", came.Load(), kept.Load())
		}
	})
}

// The first part may be the whole file and has its digest; those after it are
// never asked for one. Long and short parts, since each is sealed in its own way.
func TestOnlyTheFirstPartHasADigest(t *testing.T) {
	v := newVault(t, memstore.New())
	data := vaulttest.Bytes(9 << 20)
	var all []vault.Blob
	at := 0
	for _, n := range []int{3 << 20, 5, 0, 6<<20 - 5} {
		cut := data[at : at+n]
		at += n
		if err := v.ReceiveParts(t.Context(), bytes.NewReader(cut), len(all) > 0, func(b vault.Blob) error { all = append(all, b); return nil }); err != nil {
			t.Fatal(err)
		}
	}
	if len(all) != 3 || all[0].Digest != jurat.DigestOf(data[:3<<20]) || all[0].Tag != v.Tag(all[0].Digest) {
		t.Fatalf("%d parts, the first %+v", len(all), all[0])
	}
	for _, b := range all[1:] {
		if !b.Digest.IsZero() || b.Tag != [32]byte{} {
			t.Errorf("a later part has digest %s and tag %x", b.Digest, b.Tag)
		}
	}
	whole, err := v.Join(t.Context(), all)
	if err != nil || whole.Digest != jurat.DigestOf(data) || whole.Tag != v.Tag(whole.Digest) {
		t.Errorf("joined: %+v, %v", whole, err)
	}
}

func TestPartsAreJoined(t *testing.T) {
	v := newVault(t, memstore.New())
	data := vaulttest.Bytes(7<<20 + 5)
	var all []vault.Blob
	for _, cut := range [][]byte{data[:1], data[1:1], data[1 : 3<<20], data[3<<20:]} {
		b, err := v.Receive(t.Context(), bytes.NewReader(cut))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, b)
	}
	b, err := v.Join(t.Context(), all)
	if err != nil || b.Digest != jurat.DigestOf(data) || b.Size != int64(len(data)) {
		t.Fatalf("joined: %+v, %v", b, err)
	}
	if text, err := readAll(t, v, b); err != nil || !bytes.Equal(text, data) {
		t.Errorf("the joined blob has %d bytes, %v", len(text), err)
	}
	for _, part := range all {
		if b.ID == part.ID || bytes.Equal(b.Key, part.Key) {
			t.Error("the joined blob has a part's name or key")
		}
	}
	if err := v.Remove(t.Context(), all[2].ID); err != nil {
		t.Fatal(err)
	}
	if _, err := v.Join(t.Context(), all); !errors.Is(err, jurat.NotFound) {
		t.Errorf("a part that is gone: %v", err)
	}
}

package vault_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"testing"
	"testing/iotest"

	"jurat"
	"jurat/internal/vault"
	"jurat/internal/vault/memstore"
	"jurat/internal/vault/vaulttest"
)

var (
	kek    = bytes.Repeat([]byte{1}, vault.KeySize)
	dupKey = bytes.Repeat([]byte{2}, vault.KeySize)
)

func newVault(t *testing.T, s vault.Store) *vault.Vault {
	t.Helper()
	v, err := vault.New(s, kek, dupKey)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// sizes are the lengths at which something changes: of chunks, of buffers, of
// blocks.
var sizes = []int{0, 1, 100, 16383, 16384, 16385, 32768, 1<<20 - 1, 1 << 20, 1<<20 + 1, 4<<20 - 56, 4 << 20, 4193280, 4193281, 5<<20 + 12345, 9 << 20}

func TestWhatIsReceivedIsReadAgain(t *testing.T) {
	v := newVault(t, memstore.New())
	for _, n := range sizes {
		data := vaulttest.Bytes(n)
		// A reader that gives one odd piece at a time must not change the chunks.
		b, err := v.Receive(t.Context(), iotest.HalfReader(bytes.NewReader(data)))
		if err != nil {
			t.Fatalf("%d bytes: %v", n, err)
		}
		if b.Size != int64(n) || b.Digest != jurat.Digest(sha256.Sum256(data)) || b.Tag != v.Tag(b.Digest) {
			t.Errorf("%d bytes: received as %+v", n, b)
		}
		var out bytes.Buffer
		if err := v.Copy(t.Context(), b, &out); err != nil || !bytes.Equal(out.Bytes(), data) {
			t.Errorf("%d bytes: copied as %d others: %v", n, out.Len(), err)
		}
		if err := v.Check(t.Context(), b); err != nil {
			t.Errorf("%d bytes: %v", n, err)
		}
		r, err := v.Open(t.Context(), b)
		if err != nil {
			t.Fatal(err)
		}
		if n <= 32768 { // it reads byte by byte
			if err := iotest.TestReader(r, data); err != nil {
				t.Errorf("%d bytes: %v", n, err)
			}
		}
		r.Seek(0, io.SeekStart)
		if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, data) {
			t.Errorf("%d bytes: read as %d others: %v", n, len(got), err)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestABrokenSourceLeavesNothing(t *testing.T) {
	for _, n := range []int{0, 100, 3 << 20, 20 << 20} {
		s := memstore.New()
		v := newVault(t, s)
		broken := io.MultiReader(bytes.NewReader(vaulttest.Bytes(n)), iotest.ErrReader(errors.New("cable pulled")))
		if _, err := v.Receive(t.Context(), broken); !errors.Is(err, jurat.Unavailable) {
			t.Errorf("after %d bytes: %v", n, err)
		}
		wantEmpty(t, s)
	}
}

func TestASourceKeepsTheKindOfItsError(t *testing.T) {
	v := newVault(t, memstore.New())
	_, err := v.Receive(t.Context(), iotest.ErrReader(jurat.Errorf(jurat.Forbidden, "too much for you")))
	if !errors.Is(err, jurat.Forbidden) {
		t.Error(err)
	}
}

func TestAStoppedReceiveLeavesNothing(t *testing.T) {
	s := memstore.New()
	v := newVault(t, s)
	ctx, cancel := context.WithCancel(t.Context())
	n := 0
	src := readerFunc(func(p []byte) (int, error) {
		if n += len(p); n > 6<<20 {
			cancel()
		}
		return len(p), nil
	})
	if _, err := v.Receive(ctx, src); !errors.Is(err, jurat.Unavailable) || !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	wantEmpty(t, s)
	// And the buffers are free again.
	for range 5 {
		if _, err := v.Receive(t.Context(), bytes.NewReader(nil)); err != nil {
			t.Fatal(err)
		}
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func wantEmpty(t *testing.T, s vault.Store) {
	t.Helper()
	for b, err := range s.Blobs(t.Context()) {
		t.Errorf("kept: %+v, %v", b, err)
	}
	for l, err := range s.Litter(t.Context()) {
		t.Errorf("left: %+v, %v", l, err)
	}
}

package vault_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"syscall"
	"testing"

	"jurat"
	"jurat/internal/vault"
	"jurat/internal/vault/memstore"
	"jurat/internal/vault/vaulttest"
)

// sealedOf is the sealed bytes of a kept blob.
func sealedOf(t *testing.T, s vault.Store, b vault.Blob) []byte {
	t.Helper()
	return vaulttest.Get(t, s, b.ID)
}

// readAll reads through a Reader in small pieces, as a player would.
func readAll(t *testing.T, v *vault.Vault, b vault.Blob) ([]byte, error) {
	r, err := v.Open(t.Context(), b)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	var out bytes.Buffer
	_, err = io.CopyBuffer(struct{ io.Writer }{&out}, struct{ io.Reader }{r}, make([]byte, 5000))
	return out.Bytes(), err
}

// TestAlteredSealedBytesAreAltered changes the sealed bytes in every way
// somebody with the disk in hand could, and wants every way of reading to say
// so, and no way of reading to give out a byte that was not received.
func TestAlteredSealedBytesAreAltered(t *testing.T) {
	const n = 40000
	data := vaulttest.Bytes(n)
	home := memstore.New()
	v := newVault(t, home)
	b, err := v.Receive(t.Context(), bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	other, err := v.Receive(t.Context(), bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	sealed, another := sealedOf(t, home, b), sealedOf(t, home, other)

	cases := map[string][]byte{
		"another blob with the same content": another,
		"header of another blob":             append(bytes.Clone(another[:56]), sealed[56:]...),
		"empty":                              {},
		"one byte more":                      append(bytes.Clone(sealed), 0),
		"a chunk more":                       append(bytes.Clone(sealed), sealed[56:56+16400]...),
		"all zero":                           make([]byte, len(sealed)),
		"two chunks swapped":                 slicesJoin(sealed[:56], sealed[56+16400:56+2*16400], sealed[56:56+16400], sealed[56+2*16400:]),
		"a chunk twice":                      slicesJoin(sealed[:56], sealed[56:56+16400], sealed[56:56+16400], sealed[56+2*16400:]),
		"a chunk left out":                   slicesJoin(sealed[:56], sealed[56+16400:]),
		"a chunk of the other blob":          slicesJoin(sealed[:56], another[56:56+16400], sealed[56+16400:]),
	}
	for _, at := range []int{0, 23, 24, 55, 56, 57, 56 + 16383, 56 + 16384, 56 + 16399, 56 + 16400, len(sealed) - 17, len(sealed) - 1} {
		c := bytes.Clone(sealed)
		c[at] ^= 0x10
		cases[fmt.Sprintf("bit flipped at %d", at)] = c
	}
	for _, cut := range []int{1, 16, 17, 1000, 7232, 7248, 7249, 20000, len(sealed) - 56, len(sealed) - 1} {
		cases[fmt.Sprintf("cut short by %d", cut)] = bytes.Clone(sealed[:len(sealed)-cut])
	}
	for name, bad := range cases {
		t.Run(name, func(t *testing.T) {
			s := memstore.New()
			vaulttest.Put(t, s, b.ID, bad)
			v := newVault(t, s)
			if err := v.Check(t.Context(), b); !errors.Is(err, jurat.Altered) || errors.Is(err, jurat.Unavailable) {
				t.Errorf("Check: %v", err)
			}
			var out bytes.Buffer
			if err := v.Copy(t.Context(), b, &out); !errors.Is(err, jurat.Altered) {
				t.Errorf("Copy: %v", err)
			}
			if !bytes.HasPrefix(data, out.Bytes()) {
				t.Error("Copy wrote bytes that were not received")
			}
			got, err := readAll(t, v, b)
			if !errors.Is(err, jurat.Altered) {
				t.Errorf("Read: %v", err)
			}
			if !bytes.HasPrefix(data, got) {
				t.Error("Read gave bytes that were not received")
			}
			r, err := v.Open(t.Context(), b)
			if err != nil {
				return // said above
			}
			defer r.Close()
			whole := make([]byte, n)
			if m, err := r.ReadAt(whole, 0); !errors.Is(err, jurat.Altered) || !bytes.Equal(whole[:m], data[:m]) {
				t.Errorf("ReadAt: %d bytes, %v", m, err)
			}
		})
	}
}

func slicesJoin(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

func TestAnAlteredRangeDoesNotHideTheRest(t *testing.T) {
	data := vaulttest.Bytes(5 * 16384)
	home := memstore.New()
	b, err := newVault(t, home).Receive(t.Context(), bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	bad := sealedOf(t, home, b)
	bad[56+2*16400+5] ^= 1 // chunk 2
	s := memstore.New()
	vaulttest.Put(t, s, b.ID, bad)
	r, err := newVault(t, s).Open(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for k := range 5 {
		p := make([]byte, 100)
		_, err := r.ReadAt(p, int64(k*16384+50))
		if k == 2 {
			if !errors.Is(err, jurat.Altered) {
				t.Errorf("chunk 2: %v", err)
			}
			continue
		}
		if err != nil || !bytes.Equal(p, data[k*16384+50:][:100]) {
			t.Errorf("chunk %d: %v", k, err)
		}
	}
}

func TestWhatTheRecordSaysIsHeldAgainstTheBytes(t *testing.T) {
	s := memstore.New()
	v := newVault(t, s)
	b, err := v.Receive(t.Context(), bytes.NewReader(vaulttest.Bytes(40000)))
	if err != nil {
		t.Fatal(err)
	}
	other, err := v.Receive(t.Context(), bytes.NewReader(nil))
	if err != nil {
		t.Fatal(err)
	}
	strange, err := vault.New(s, bytes.Repeat([]byte{9}, 32), dupKey)
	if err != nil {
		t.Fatal(err)
	}
	change := func(f func(*vault.Blob)) vault.Blob {
		c := b
		f(&c)
		return c
	}
	for _, c := range []struct {
		name string
		v    *vault.Vault
		b    vault.Blob
		want jurat.Kind
	}{
		{"nothing changed", v, b, ""},
		{"a wrapping key of another vault", strange, b, jurat.Unavailable},
		{"the wrapped key of another blob", v, change(func(b *vault.Blob) { b.Key = other.Key }), jurat.Unavailable},
		{"no key: it was erased", v, change(func(b *vault.Blob) { b.Key = nil }), jurat.Unavailable},
		{"another size", v, change(func(b *vault.Blob) { b.Size-- }), jurat.Altered},
		{"a size below zero", v, change(func(b *vault.Blob) { b.Size = -1 }), jurat.Altered},
		{"a size no blob has", v, change(func(b *vault.Blob) { b.Size = 1<<63 - 1 }), jurat.Altered},
		{"another digest", v, change(func(b *vault.Blob) { b.Digest[0] ^= 1 }), jurat.Altered},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := c.v.Check(t.Context(), c.b)
			if c.want == "" && err != nil || c.want != "" && !errors.Is(err, c.want) {
				t.Errorf("Check: %v, want %q", err, c.want)
			}
		})
	}
}

func TestBytesThatAreGone(t *testing.T) {
	s := memstore.New()
	v := newVault(t, s)
	b, err := v.Receive(t.Context(), bytes.NewReader([]byte("x")))
	if err != nil {
		t.Fatal(err)
	}
	if err := v.Remove(t.Context(), b.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := v.Open(t.Context(), b); !errors.Is(err, jurat.NotFound) {
		t.Errorf("Open: %v", err)
	}
	if err := v.Check(t.Context(), b); !errors.Is(err, jurat.Altered) {
		t.Errorf("Check: %v", err)
	}
}

func TestAReadErrorIsNotAnAlteration(t *testing.T) {
	home := memstore.New()
	b, err := newVault(t, home).Receive(t.Context(), bytes.NewReader(vaulttest.Bytes(10<<20)))
	if err != nil {
		t.Fatal(err)
	}
	for n := 1; ; n++ {
		for _, op := range []vaulttest.Op{vaulttest.OpOpen, vaulttest.OpRead} {
			s := vaulttest.Break(home, vaulttest.Fault{Op: op, N: n, Short: 1000})
			err := newVault(t, s).Check(t.Context(), b)
			if !s.Struck() {
				if err != nil {
					t.Errorf("nothing failed: %v", err)
				}
				if op == vaulttest.OpRead {
					if n < 4 {
						t.Errorf("only %d reads", n-1)
					}
					return
				}
				continue
			}
			if !errors.Is(err, jurat.Unavailable) || errors.Is(err, jurat.Altered) {
				t.Errorf("%s %d failed: %v, want Unavailable", op, n, err)
			}
		}
	}
}

func TestAStoppedCheckCouldNotTell(t *testing.T) {
	v := newVault(t, memstore.New())
	b, err := v.Receive(t.Context(), bytes.NewReader(vaulttest.Bytes(20<<20)))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	n := 0
	err = v.Copy(ctx, b, writerFunc(func(p []byte) (int, error) {
		if n++; n == 10 {
			cancel()
		}
		return len(p), nil
	}))
	if !errors.Is(err, jurat.Unavailable) || errors.Is(err, jurat.Altered) {
		t.Errorf("%v", err)
	}
	full := v.Copy(t.Context(), b, writerFunc(func([]byte) (int, error) { return 0, syscall.ENOSPC }))
	if !errors.Is(full, jurat.Unavailable) || !errors.Is(full, syscall.ENOSPC) {
		t.Errorf("a full disk at the other end: %v", full)
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

// TestAFailedReceiveLeavesNothing fails every call a receive makes, each that
// changes something also in the way that it was carried out all the same.
func TestAFailedReceiveLeavesNothing(t *testing.T) {
	for _, size := range []int{0, 1000, 9 << 20} {
		data := vaulttest.Bytes(size)
		for _, op := range []vaulttest.Op{vaulttest.OpCreate, vaulttest.OpWrite, vaulttest.OpKeep} {
			for _, persists := range []bool{false, true} {
				for n := 1; ; n++ {
					home := memstore.New()
					s := vaulttest.Break(home, vaulttest.Fault{Op: op, N: n, Persists: persists, Short: 500, Err: syscall.ENOSPC})
					b, err := newVault(t, s).Receive(t.Context(), bytes.NewReader(data))
					if !s.Struck() {
						if err != nil || b.Size != int64(size) {
							t.Errorf("nothing failed: %v", err)
						}
						break
					}
					if !errors.Is(err, jurat.Unavailable) || !errors.Is(err, syscall.ENOSPC) {
						t.Errorf("%s %d of %d bytes: %v", op, n, size, err)
					}
					if op == vaulttest.OpKeep && persists {
						continue // outcome unknown: an orphan, which fsck lists
					}
					wantEmpty(t, home)
				}
			}
		}
	}
}

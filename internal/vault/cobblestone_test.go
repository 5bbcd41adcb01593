package vault

import (
	"bytes"
	"compress/zlib"
	"crypto/cipher"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"testing"

	"jurat"
)

type bytesObject struct{ *bytes.Reader }

func (bytesObject) Close() error { return nil }

// openAll opens sealed bytes through the whole pass and through ReadAt, and
// wants the same of both.
func openAll(t *testing.T, key []byte, context string, sealed []byte) ([]byte, error) {
	t.Helper()
	size, ok := openedSize(int64(len(sealed)))
	if !ok {
		return nil, errLength
	}
	r, err := newReader(bytesObject{bytes.NewReader(sealed)}, key, Blob{ID: BlobID(context), Size: size})
	if err != nil {
		return nil, err
	}
	r.scratch = &sync.Pool{New: func() any { return new(scratch) }}
	w, err := newWork()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	digest, err := r.pass(t.Context(), w, &out)
	if err != nil {
		return nil, err
	}
	if digest != jurat.DigestOf(out.Bytes()) {
		t.Error("the pass hashed other bytes than it wrote")
	}
	ranged := make([]byte, size)
	if _, err := r.ReadAt(ranged, 0); err != nil {
		t.Errorf("the pass opened it, ReadAt: %v", err)
	}
	if !bytes.Equal(ranged, out.Bytes()) {
		t.Error("ReadAt gives other bytes than the pass")
	}
	return out.Bytes(), nil
}

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestPublishedVectorsOfCobblestone256(t *testing.T) { // V6 to V13
	var file struct {
		Tests []struct {
			ID                                       int `json:"tcId"`
			Comment, Key, Ctx, Ct, MsgSha512, Result string
			MsgLength                                int64
		}
	}
	data, err := os.ReadFile("testdata/wycheproof_cobblestone256.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Tests) != 35 {
		t.Fatalf("%d vectors, want 35", len(file.Tests))
	}
	for _, v := range file.Tests {
		t.Run(fmt.Sprintf("%d %s", v.ID, v.Comment), func(t *testing.T) {
			z, err := zlib.NewReader(bytes.NewReader(unhex(t, v.Ct)))
			if err != nil {
				t.Fatal(err)
			}
			sealed, err := io.ReadAll(z)
			if err != nil {
				t.Fatal(err)
			}
			out, err := openAll(t, unhex(t, v.Key), string(unhex(t, v.Ctx)), sealed)
			if v.Result == "invalid" {
				if err == nil {
					t.Fatal("it opened")
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			sum := sha512.Sum512(out)
			if int64(len(out)) != v.MsgLength || hex.EncodeToString(sum[:]) != v.MsgSha512 {
				t.Errorf("opened to %d other bytes", len(out))
			}
			if SealedSize(v.MsgLength) != int64(len(sealed)) {
				t.Errorf("SealedSize %d, the vector has %d", SealedSize(v.MsgLength), len(sealed))
			}
		})
	}
}

// TestVectorsOfAnotherWriter holds the code to what a script that shares
// nothing with it made from docs/format/vault.md.
func TestVectorsOfAnotherWriter(t *testing.T) { // V1, V6 to V19
	var vectors []struct {
		Blob, Kek, Key, Salt, Wrapped, Digest, Tag, Header string
		DuplicatesKey                                      string `json:"duplicates_key"`
		Size                                               int64
		SealedSize                                         int64  `json:"sealed_size"`
		SealedSHA256                                       string `json:"sealed_sha256"`
	}
	data, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &vectors); err != nil {
		t.Fatal(err)
	}
	for _, x := range vectors {
		v, err := New(nil, unhex(t, x.Kek), unhex(t, x.DuplicatesKey))
		if err != nil {
			t.Fatal(err)
		}
		id, err := ParseBlobID(x.Blob)
		if err != nil {
			t.Fatal(err)
		}
		key, err := unwrap(v.kek, id, unhex(t, x.Wrapped))
		if err != nil || hex.EncodeToString(key) != x.Key {
			t.Fatalf("size %d: unwrapped %x, %v", x.Size, key, err)
		}
		message := make([]byte, x.Size)
		for i := range message {
			message[i] = byte((int64(i)*7 + x.Size) % 251)
		}
		digest := jurat.DigestOf(message)
		tag := v.Tag(digest)
		if digest.String() != x.Digest || hex.EncodeToString(tag[:]) != x.Tag {
			t.Errorf("size %d: digest %s, tag %x", x.Size, digest, tag)
		}
		s := &sealer{}
		copy(s.header[:], unhex(t, x.Salt))
		var commitment []byte
		if s.aead, s.base, commitment, err = derive(key, s.header[:saltSize], x.Blob); err != nil {
			t.Fatal(err)
		}
		copy(s.header[saltSize:], commitment)
		sealed, err := sealSmall(make([]byte, 0, 1<<20), piece{buf: message, n: len(message), last: true}, s)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(sealed)
		if hex.EncodeToString(sealed[:headerSize]) != x.Header || int64(len(sealed)) != x.SealedSize || hex.EncodeToString(sum[:]) != x.SealedSHA256 {
			t.Errorf("size %d: sealed to %d other bytes", x.Size, len(sealed))
		}
		out, err := openAll(t, key, x.Blob, sealed)
		if err != nil || !bytes.Equal(out, message) {
			t.Errorf("size %d: %v", x.Size, err)
		}
	}
}

func TestASealerGoesForwardOnly(t *testing.T) {
	s, err := newSealer(make([]byte, keySize), "context")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[[12]byte]bool{}
	s.aead = recordingAEAD{s.aead, func(n []byte) {
		if seen[[12]byte(n)] {
			t.Error("a nonce was used twice")
		}
		seen[[12]byte(n)] = true
	}}
	for range 300 {
		if _, err := s.seal(nil, make([]byte, chunkSize)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.seal(nil, make([]byte, 5)); err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{0, 5, chunkSize, chunkSize + 1} {
		if _, err := s.seal(nil, make([]byte, n)); err == nil {
			t.Error("it sealed a chunk after the last")
		}
	}
	s.done, s.next = false, maxChunks
	if _, err := s.seal(nil, nil); err == nil {
		t.Error("it sealed more chunks than a message has")
	}
	if len(seen) != 301 {
		t.Errorf("%d chunks sealed", len(seen))
	}
}

type recordingAEAD struct {
	cipher.AEAD
	nonce func([]byte)
}

func (r recordingAEAD) Seal(dst, nonce, plain, ad []byte) []byte {
	r.nonce(nonce)
	return r.AEAD.Seal(dst, nonce, plain, ad)
}

func TestSizesAreInverse(t *testing.T) { // V10, V11
	valid := map[int64]int64{}
	for n := int64(0); n < 3*chunkSize; n++ {
		valid[SealedSize(n)] = n
	}
	for sealed := int64(0); sealed < SealedSize(3*chunkSize-1); sealed++ {
		n, ok := openedSize(sealed)
		if want, is := valid[sealed]; ok != is || ok && n != want {
			t.Fatalf("openedSize(%d): %d, %t; want %d, %t", sealed, n, ok, want, is)
		}
	}
	if n, ok := openedSize(SealedSize(MaxSize)); !ok || n != MaxSize {
		t.Errorf("the largest blob: %d, %t", n, ok)
	}
}

func TestAKeyUnwrapsForItsBlobOnly(t *testing.T) { // V16, V17
	v, err := New(nil, make([]byte, 32), make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	key := bytes.Repeat([]byte{7}, keySize)
	wrapped := wrap(v.kek, "a", key)
	if got, err := unwrap(v.kek, "a", wrapped); err != nil || !bytes.Equal(got, key) {
		t.Fatalf("%x, %v", got, err)
	}
	if bytes.Equal(wrap(v.kek, "a", key), wrapped) {
		t.Error("two wrappings are equal")
	}
	if _, err := unwrap(v.kek, "b", wrapped); !errors.Is(err, errWrapped) {
		t.Errorf("for another blob: %v", err)
	}
	for i := range wrapped {
		bad := bytes.Clone(wrapped)
		bad[i] ^= 1
		if _, err := unwrap(v.kek, "a", bad); !errors.Is(err, errWrapped) {
			t.Errorf("byte %d flipped: %v", i, err)
		}
	}
	for _, n := range []int{0, 1, 60, 62} {
		if _, err := unwrap(v.kek, "a", make([]byte, n)); !errors.Is(err, errWrapped) {
			t.Errorf("%d bytes: %v", n, err)
		}
	}
}

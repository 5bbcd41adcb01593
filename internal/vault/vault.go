package vault

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"io"
	"iter"
	"slices"
	"sync"
	"time"

	"jurat"
)

// KeySize is the size in bytes of the wrapping key and of the duplicates key.
const KeySize = 32

// A Vault seals and opens blobs in a store. Its methods may be called from many
// goroutines; what they need of memory is bounded, whatever is received: 16 MiB
// for each of the at most three receives, batches, copies and checks at work.
type Vault struct {
	store  Store
	kek    cipher.AEAD
	dupKey []byte
	works  works

	scratch sync.Pool // of *scratch
}

// New returns a vault over a store, with its wrapping key and its duplicates
// key, [KeySize] bytes each; any other size is Invalid.
func New(s Store, kek, dupKey []byte) (*Vault, error) {
	if len(kek) != KeySize || len(dupKey) != KeySize {
		return nil, jurat.Errorf(jurat.Invalid, "the vault's keys are %d and %d bytes; want %d each", len(kek), len(dupKey), KeySize)
	}
	block, err := aes.NewCipher(kek)
	if err != nil {
		return nil, jurat.Because(jurat.Invalid, err, "the wrapping key")
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, jurat.Because(jurat.Invalid, err, "the wrapping key")
	}
	v := &Vault{store: s, kek: aead, dupKey: slices.Clone(dupKey), works: works{tokens: make(chan struct{}, maxWorks)}}
	v.scratch.New = func() any { return new(scratch) }
	return v, nil
}

// Receive seals everything read from r. When it returns nil the blob is
// durable; when it does not, nothing is kept. An error of r is Unavailable, or
// its own kind if it has one; so is a full disk. Receive returns only after a
// Read in progress has returned. Few run at a time and the others wait for
// their buffers, so r must not itself wait for a Receive, Copy or Check; it may
// be a [Reader].
func (v *Vault) Receive(ctx context.Context, r io.Reader) (Blob, error) {
	w, err := v.works.take(ctx)
	if err != nil {
		return Blob{}, err
	}
	defer v.works.give(w)
	return v.keep(ctx, w, source{r: r, size: -1})
}

// keep seals one blob and makes it durable, or keeps nothing.
func (v *Vault) keep(ctx context.Context, w *work, src source) (Blob, error) {
	b, d, err := v.seal(ctx, w, randomByte(), src)
	if err != nil {
		return Blob{}, err
	}
	if err := v.store.Keep(ctx, d)[0]; err != nil {
		return Blob{}, err
	}
	return b, nil
}

// seal writes one blob as a draft. On error there is no draft.
func (v *Vault) seal(ctx context.Context, w *work, group byte, src source) (Blob, Draft, error) {
	var key [keySize]byte
	rand.Read(key[:])
	defer clear(key[:])
	id := newID(group)
	s, err := newSealer(key[:], string(id))
	if err != nil {
		return Blob{}, nil, jurat.Because(jurat.Unavailable, err, "deriving a key")
	}
	sealed := int64(-1)
	if src.size >= 0 {
		if src.size > MaxSize {
			return Blob{}, nil, jurat.Errorf(jurat.Invalid, "larger than the %d bytes one blob holds", int64(MaxSize))
		}
		sealed = SealedSize(src.size)
	}
	d, err := v.store.Create(ctx, id, sealed)
	if err != nil {
		return Blob{}, nil, err
	}
	size, digest, err := w.run(ctx, src, s, d)
	if err != nil {
		return Blob{}, nil, errors.Join(err, d.Discard())
	}
	b := Blob{ID: id, Size: size, Digest: digest, Key: wrap(v.kek, id, key[:])}
	if !src.unhashed {
		b.Tag = v.Tag(digest)
	}
	return b, d, nil
}

// Remove removes a blob that no record names, durably; an id that is not kept
// is NotFound. Disposal of a recorded blob erases its key first.
func (v *Vault) Remove(ctx context.Context, id BlobID) error { return v.store.Remove(ctx, id) }

// Room says how many bytes the place of the vault still takes; a place that
// does not know takes what one blob holds.
func (v *Vault) Room() (int64, error) {
	if place, ok := v.store.(Roomy); ok {
		return place.Room()
	}
	return MaxSize, nil
}

// Blobs gives every kept blob, for finding orphans. After an error, which is
// Unavailable, it gives nothing more.
func (v *Vault) Blobs(ctx context.Context) iter.Seq2[Stored, error] { return v.store.Blobs(ctx) }

// Litter gives what lies in the store and is no kept blob.
func (v *Vault) Litter(ctx context.Context) iter.Seq2[Litter, error] { return v.store.Litter(ctx) }

// Sweep removes drafts that nobody has written to since olderThan, left by
// processes that were killed, and says how many. Kept blobs are never swept.
func (v *Vault) Sweep(ctx context.Context, olderThan time.Time) (int, error) {
	return v.store.Sweep(ctx, olderThan)
}

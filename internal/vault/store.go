package vault

import (
	"context"
	"io"
	"iter"
	"time"
)

// A Store keeps sealed bytes under blob ids. It is written once for each place
// bytes can live, and every one passes vaulttest.Run. It sees ciphertext only.
// All methods may be called from many goroutines. A context that has ended is
// jurat.Unavailable, an id of another spelling jurat.Invalid.
type Store interface {
	// Create begins a blob. size is the number of bytes that will be written,
	// or -1 when nobody knows yet; it is a promise to prepare for, not a limit.
	// An id that is kept already, or being written, is jurat.Conflict; a full
	// place is jurat.Unavailable.
	Create(ctx context.Context, id BlobID, size int64) (Draft, error)

	// Keep makes drafts of this store durable and gives each its id, sharing
	// what work they can share, and ends every one of them. Result i is about
	// draft i: nil when its bytes are all there and survive a power cut;
	// otherwise an error of kind jurat.Unavailable, and the blob is not there,
	// or, when errors.Is(err, durable.ErrOutcomeUnknown), may or may not be
	// after a power cut. Once begun it runs to its end whatever ctx says.
	Keep(ctx context.Context, drafts ...Draft) []error

	// Open returns the sealed bytes as they are on the medium, unverified; the
	// product reads through [Vault.Open], the doubter through this. An id that
	// was never kept is jurat.NotFound; a medium that does not answer is
	// jurat.Unavailable.
	Open(ctx context.Context, id BlobID) (Object, error)

	// Remove removes a kept blob, durably. An id that is not kept is
	// jurat.NotFound.
	Remove(ctx context.Context, id BlobID) error

	// Blobs gives every kept blob, in the order of ids. After an error, which
	// is jurat.Unavailable, it gives nothing more.
	Blobs(ctx context.Context) iter.Seq2[Stored, error]

	// Litter gives what lies in the place and is no kept blob: drafts that are
	// being written, drafts a killed process left, and things nobody knows.
	Litter(ctx context.Context) iter.Seq2[Litter, error]

	// Sweep removes drafts last written before olderThan and says how many.
	// It removes no kept blob and nothing it does not know.
	Sweep(ctx context.Context, olderThan time.Time) (int, error)
}

// A Draft is a blob being written. One goroutine uses it at a time, and it ends
// with Store.Keep or with Discard.
type Draft interface {
	// Write adds sealed bytes and does not keep p. A store may write faster
	// when p begins at a multiple of [Alignment] in memory and is a multiple of
	// it in length; it accepts any p. A full place is jurat.Unavailable. After
	// an error only Discard helps.
	io.Writer

	// Finish makes the bytes durable; nothing is written after it. Keep does it
	// when it has not been done, so a caller needs it only to spread the work.
	Finish() error

	// Discard removes what was written. After Keep it does nothing.
	Discard() error
}

// An Object is the sealed bytes of a kept blob. ReadAt may be called from many
// goroutines; its errors other than io.EOF are of kind jurat.Unavailable.
type Object interface {
	io.ReaderAt
	io.Closer
	Size() int64
}

// A Sequential object is told before it is read from end to end, so that it may
// read ahead. It is advice: nothing fails for want of it.
type Sequential interface{ Sequential() }

// A Roomy store knows how many more bytes its place takes.
type Roomy interface{ Room() (int64, error) }

// Stored says what a store knows of a kept blob.
type Stored struct {
	ID   BlobID
	Size int64     // sealed bytes
	At   time.Time // last written, by the medium's clock
}

// Litter is something in a store that is no kept blob.
type Litter struct {
	Name  string // as the store names it
	Size  int64
	At    time.Time // last written, by the medium's clock
	Draft bool      // a draft, which Sweep removes when it is old enough
}

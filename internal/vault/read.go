package vault

import (
	"context"
	"errors"
	"io"
	"sync"

	"jurat"
)

// A Reader reads the bytes received, each verified with its chunk before it is
// given out. ReadAt may be called from many goroutines; Read and Seek from one
// at a time. Errors other than io.EOF are Altered, when we looked and the bytes
// are not those sealed, or Unavailable, when we could not look.
type Reader struct {
	object  Object
	opener  *opener
	size    int64
	scratch *sync.Pool // of the vault

	at     int64 // of Read and Seek
	window []byte
	from   int64 // of window, always the start of a chunk
}

// readChunks is how many chunks one call to the store asks for, at most.
const (
	readChunks   = 64
	windowChunks = 16
)

// A scratch is room for the sealed bytes of one call, and for one chunk opened.
type scratch struct {
	sealed [readChunks * sealedChunk]byte
	chunk  [chunkSize]byte
}

// Open opens a blob for reading ranges of it. A blob the store does not have is
// NotFound; a key that does not open it, or a store that does not answer, is
// Unavailable; a header or a length that is not that of the blob is Altered.
// The caller closes the Reader.
func (v *Vault) Open(ctx context.Context, b Blob) (*Reader, error) {
	key, err := unwrap(v.kek, b.ID, b.Key)
	if err != nil {
		return nil, jurat.Because(jurat.Unavailable, err, "could not tell: the key does not open blob %s", b.ID)
	}
	object, err := v.store.Open(ctx, b.ID)
	if err != nil {
		return nil, err
	}
	r, err := newReader(object, key, b)
	if err != nil {
		object.Close()
		return nil, err
	}
	r.scratch = &v.scratch
	return r, nil
}

func newReader(object Object, key []byte, b Blob) (*Reader, error) {
	if b.Size < 0 || b.Size > MaxSize || object.Size() != SealedSize(b.Size) {
		return nil, jurat.Because(jurat.Altered, errLength, "blob %s is altered: %d sealed bytes are there, not %d", b.ID, object.Size(), SealedSize(b.Size))
	}
	var header [headerSize]byte
	if err := readFull(object, header[:], 0); err != nil {
		return nil, err
	}
	o, err := newOpener(key, header[:], string(b.ID))
	if err != nil {
		return nil, jurat.Because(jurat.Altered, err, "blob %s is altered", b.ID)
	}
	return &Reader{object: object, opener: o, size: b.Size}, nil
}

// readFull reads exactly p. The size was compared before, so an end that comes
// too early means that the bytes were cut since.
func readFull(object Object, p []byte, off int64) error {
	n, err := object.ReadAt(p, off)
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		return readError(err)
	case n < len(p):
		return jurat.Errorf(jurat.Altered, "the blob is altered: it was cut short")
	default:
		return nil
	}
}

// Size is the number of bytes received.
func (r *Reader) Size() int64 { return r.size }

// Close ends reading.
func (r *Reader) Close() error { return r.object.Close() }

// chunkLen is the length of chunk k opened.
func (r *Reader) chunkLen(k int64) int64 { return min(chunkSize, r.size-k*chunkSize) }

// ReadAt implements io.ReaderAt. What it gives is verified with its chunks.
func (r *Reader) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 {
		return 0, jurat.Errorf(jurat.Invalid, "offset %d is before the start", off)
	}
	s := r.scratch.Get().(*scratch)
	defer r.scratch.Put(s)
	n := 0
	for n < len(p) && off+int64(n) < r.size {
		m, err := r.readSome(s, p[n:], off+int64(n))
		n += m
		if err != nil {
			return n, err
		}
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// readSome fills p as far as one call to the store reaches.
func (r *Reader) readSome(s *scratch, p []byte, off int64) (int, error) {
	first := off / chunkSize
	end := min(off+int64(len(p)), r.size)
	last := min((end-1)/chunkSize, first+readChunks-1)
	sealed := s.sealed[:(last-first)*sealedChunk+r.chunkLen(last)+tagSize]
	if err := readFull(r.object, sealed, headerSize+first*sealedChunk); err != nil {
		return 0, err
	}
	n := 0
	for k := first; k <= last; k++ {
		one := sealed[:r.chunkLen(k)+tagSize]
		sealed = sealed[len(one):]
		skip := int64(0)
		if k == first {
			skip = off - first*chunkSize
		}
		// A chunk that is wanted whole is opened in its place.
		if room := p[n:]; skip == 0 && int64(len(room)) >= r.chunkLen(k) {
			if _, err := r.opener.open(room[:0:r.chunkLen(k)], one, k); err != nil {
				return n, altered(err, k)
			}
			n += int(r.chunkLen(k))
			continue
		}
		plain, err := r.opener.open(s.chunk[:0], one, k)
		if err != nil {
			return n, altered(err, k)
		}
		n += copy(p[n:], plain[skip:])
	}
	return n, nil
}

func altered(err error, k int64) error {
	return jurat.Because(jurat.Altered, err, "the blob is altered in bytes %d to %d", k*chunkSize, (k+1)*chunkSize-1)
}

// Read implements io.Reader. Small reads are served from a window of chunks
// opened ahead.
func (r *Reader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if r.at >= r.size {
		return 0, io.EOF
	}
	if len(p) >= windowChunks*chunkSize {
		n, err := r.ReadAt(p[:min(int64(len(p)), r.size-r.at)], r.at)
		r.at += int64(n)
		return n, err
	}
	if r.at < r.from || r.at >= r.from+int64(len(r.window)) {
		if r.window == nil {
			r.window = make([]byte, 0, windowChunks*chunkSize)
		}
		from := r.at / chunkSize * chunkSize
		w := r.window[:min(int64(cap(r.window)), r.size-from)]
		n, err := r.ReadAt(w, from)
		r.window, r.from = w[:n], from
		if r.at >= from+int64(n) {
			return 0, err // nothing verified reaches this far
		}
	}
	n := copy(p, r.window[r.at-r.from:])
	r.at += int64(n)
	return n, nil
}

// Seek implements io.Seeker; the end is the size the record gives, which the
// length of the sealed bytes was held against.
func (r *Reader) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekStart:
	case io.SeekCurrent:
		offset += r.at
	case io.SeekEnd:
		offset += r.size
	default:
		return r.at, jurat.Errorf(jurat.Invalid, "whence %d", whence)
	}
	if offset < 0 {
		return r.at, jurat.Errorf(jurat.Invalid, "offset %d is before the start", offset)
	}
	r.at = offset
	return offset, nil
}

package vault

import (
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"runtime"

	"jurat"
)

// Check reads a blob end to end. It returns nil when the bytes are the bytes
// received: every chunk opened and the SHA-256 of all is the digest. It returns
// Altered when they are not, bytes that are gone included, and Unavailable when
// it could not tell; the two are never taken for one another.
func (v *Vault) Check(ctx context.Context, b Blob) error { return v.Copy(ctx, b, nil) }

// Copy writes the bytes received to w, each verified with its chunk, and when
// it returns nil also by the digest of all. What was written before an error is
// a true beginning of the blob. Errors are those of [Vault.Check], and w's own,
// which is Unavailable unless it has a kind. Memory is the same at any size.
func (v *Vault) Copy(ctx context.Context, b Blob, w io.Writer) error {
	r, err := v.Open(ctx, b)
	if errors.Is(err, jurat.NotFound) {
		return jurat.Because(jurat.Altered, err, "blob %s is altered: its bytes are gone", b.ID)
	}
	if err != nil {
		return err
	}
	defer r.Close() // opened for reading
	buffers, err := v.works.take(ctx)
	if err != nil {
		return err
	}
	defer v.works.give(buffers)
	digest, err := r.pass(ctx, buffers, w)
	if err != nil {
		return err
	}
	if digest != b.Digest {
		return jurat.Errorf(jurat.Altered, "blob %s is altered: its digest is %s, not %s", b.ID, digest, b.Digest)
	}
	return nil
}

// A run of chunks on its way through a pass: sealed, and after opening with
// the plain bytes of each chunk where its sealed bytes were.
type run struct {
	buf   []byte
	n     int   // sealed bytes
	first int64 // chunk number
}

// passChunks fit a block.
const passChunks = 256

// sequential says that a blob is read from end to end.
func (r *Reader) sequential() {
	if o, ok := r.object.(Sequential); ok {
		o.Sequential()
	}
}

// pass reads, opens and hashes everything, in three stages at once; w, when not
// nil, is written by the last.
func (r *Reader) pass(ctx context.Context, buffers *work, w io.Writer) (jurat.Digest, error) {
	defer runtime.KeepAlive(buffers)
	r.sequential()
	p := newPipe(ctx)
	free, sealed, opened := make(chan []byte, blockCount), make(chan run), make(chan run)
	for _, b := range buffers.block {
		free <- b
	}
	p.stage(func(ctx context.Context) error {
		defer close(sealed)
		return r.readRuns(ctx, free, sealed)
	})
	p.stage(func(ctx context.Context) error {
		defer close(opened)
		for q := range sealed {
			if err := r.openRun(q); err != nil {
				return err
			}
			if err := send(ctx, opened, q); err != nil {
				return err
			}
		}
		return nil
	})
	h := sha256.New()
	p.stage(func(ctx context.Context) error {
		for q := range opened {
			for at := 0; at < q.n; at += sealedChunk {
				plain := q.buf[at : min(at+sealedChunk, q.n)-tagSize]
				h.Write(plain)
				if w == nil {
					continue
				}
				if _, err := w.Write(plain); err != nil {
					return writeError(err)
				}
			}
			free <- q.buf
		}
		return nil
	})
	if err := p.wait(); err != nil {
		return jurat.Digest{}, err
	}
	return jurat.Digest(h.Sum(nil)), nil
}

func (r *Reader) readRuns(ctx context.Context, free <-chan []byte, out chan<- run) error {
	for k := int64(0); k < chunks(r.size); k += passChunks {
		buf, err := receive(ctx, free)
		if err != nil {
			return err
		}
		last := min(k+passChunks, chunks(r.size)) - 1
		q := run{buf: buf, n: int((last-k)*sealedChunk + r.chunkLen(last) + tagSize), first: k}
		if err := readFull(r.object, q.buf[:q.n], headerSize+k*sealedChunk); err != nil {
			return err
		}
		if err := send(ctx, out, q); err != nil {
			return err
		}
	}
	return nil
}

func (r *Reader) openRun(q run) error {
	for at, k := 0, q.first; at < q.n; at, k = at+sealedChunk, k+1 {
		one := q.buf[at:min(at+sealedChunk, q.n)]
		if _, err := r.opener.open(one[:0], one, k); err != nil {
			return altered(err, k)
		}
	}
	return nil
}

// writeError is an error of whoever takes the bytes: its own kind if it has one.
func writeError(err error) error {
	var known *jurat.Error
	if errors.As(err, &known) {
		return err
	}
	return jurat.Because(jurat.Unavailable, err, "the bytes could not be written")
}

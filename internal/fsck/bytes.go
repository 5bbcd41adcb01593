package fsck

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"jurat"
	"jurat/internal/register"
	"jurat/internal/vault"
)

// checkBytes reads every exhibit held here to its end, and then looks at what
// else lies in the vault.
func (c *check) checkBytes() {
	if c.rec.Blobs == nil {
		c.unsure("vault", "the vault could not be opened: no exhibit could be read")
		return
	}
	if c.rec.Rows == nil {
		return
	}
	var named [][16]byte // blobs some exhibit or parcel has
	var parts [][16]byte // and some upload, which is no part of the record yet
	whole := true
	err := c.rec.Rows.Read(c.ctx, func(tx *register.Tx) error {
		err := tx.EachBlob(func(b register.BlobRow) error {
			named = append(named, packed(vault.BlobID(b.ID)))
			return c.checkBlob(tx, b)
		})
		if err != nil {
			return err
		}
		return tx.EachPart(func(p register.PartRow) error {
			parts = append(parts, packed(vault.BlobID(p.ID)))
			return nil
		})
	})
	if err == nil {
		var parcels [][16]byte
		parcels, err = c.checkParcels()
		named = append(named, parcels...)
	}
	if err != nil {
		c.because("register", err)
		c.skip("the bytes of the exhibits that come after what could not be read")
		whole = false
	}
	c.checkLitter(named, parts, whole)
}

// checkBlob checks the bytes of one exhibit.
func (c *check) checkBlob(tx *register.Tx, b register.BlobRow) error {
	where := "exhibit " + string(b.Exhibit)
	x, err := received(tx, b)
	switch {
	case errors.Is(err, jurat.NotFound):
		c.altered(where, "bytes are kept for it, and no event is about it")
		return nil
	case errors.Is(err, jurat.Unavailable):
		return err
	case err != nil:
		c.altered(where, "bytes are kept for it, and what its event says of them cannot be read: %v", err)
		return nil
	}
	if x.Held != jurat.HeldHere {
		c.altered(where, "bytes are kept for it, and its event says that it is held elsewhere")
	}
	if len(c.rec.Duplicates) > 0 {
		mac := hmac.New(sha256.New, c.rec.Duplicates)
		mac.Write(x.Digest[:])
		if hmac.Equal(mac.Sum(nil), b.Tag[:]) {
			c.tagged++
		} else {
			c.untagged = append(c.untagged, stuck{where, "its tag is not that of its digest under the duplicates key"})
		}
	}
	before := len(c.list)
	c.checkSealed(b, x, where)
	if len(c.list) > before && c.disposedSince(b.Exhibit) {
		c.list = c.list[:before]
		c.note("%s was disposed of while it was checked", where)
	}
	return c.ctx.Err()
}

// checkParcels checks the bytes of every dossier that is kept for handing over,
// and gives their blobs.
func (c *check) checkParcels() (named [][16]byte, err error) {
	err = c.rec.Rows.Read(c.ctx, func(tx *register.Tx) error {
		all, err := tx.AllParcels()
		if err != nil {
			return err
		}
		for _, p := range all {
			named = append(named, packed(vault.BlobID(p.ID)))
			where := "parcel of dossier " + string(p.Dossier)
			before := len(c.list)
			c.checkSealed(register.BlobRow{ID: p.ID, Size: p.Size, Digest: p.Digest, Tag: p.Tag, Key: p.Key}, jurat.Exhibit{Size: p.Size, Digest: p.Digest}, where)
			if len(c.list) > before && c.droppedSince(p.Dossier) {
				c.list = c.list[:before]
				c.note("the %s was dropped while it was checked", where)
			}
			if err := c.ctx.Err(); err != nil {
				return err
			}
		}
		return nil
	})
	return named, err
}

// droppedSince reports whether a parcel is no longer kept, by a record that may
// be written to while it is checked.
func (c *check) droppedSince(dossier jurat.ItemID) bool {
	gone := false
	err := c.rec.Rows.Read(c.ctx, func(tx *register.Tx) error {
		_, err := tx.Parcel(dossier)
		gone = errors.Is(err, jurat.NotFound)
		return nil
	})
	return err == nil && gone
}

// disposedSince reports whether an exhibit's bytes are no longer named by the
// record, which may be written to while it is checked.
func (c *check) disposedSince(exhibit jurat.ItemID) bool {
	gone := false
	err := c.rec.Rows.Read(c.ctx, func(tx *register.Tx) error {
		_, err := tx.Blob(exhibit)
		gone = errors.Is(err, jurat.NotFound)
		return nil
	})
	return err == nil && gone
}

// checkSealed opens the sealed bytes of an exhibit and compares their digest.
func (c *check) checkSealed(b register.BlobRow, x jurat.Exhibit, where string) {
	id, err := vault.ParseBlobID(b.ID)
	if err != nil {
		c.altered(where, "the register names its bytes %q, which nothing in the vault is named", b.ID)
		return
	}
	object, err := c.rec.Blobs.Open(c.ctx, id)
	if errors.Is(err, jurat.NotFound) {
		c.altered(where, "its bytes are missing: there is no blob %s in the vault", id)
		return
	}
	if err != nil {
		c.unsure(where, "its bytes cannot be read: %v", err)
		return
	}
	defer object.Close()
	if want := sealedBytes(x.Size); object.Size() != want {
		c.altered(where, "blob %s has %d bytes; %d bytes received are %d sealed", id, object.Size(), x.Size, want)
		return
	}
	if len(b.Key) == 0 {
		c.altered(where, "the key of its bytes is missing, and it was not disposed of")
		return
	}
	key, ok := c.dataKey(b, where)
	if !ok {
		return
	}
	header := make([]byte, headerBytes)
	if err := readAt(object, header, 0); err != nil {
		c.sealedError(where, err)
		return
	}
	m, ok := openMessage(key, header, string(id))
	if !ok {
		c.altered(where, "blob %s is not what was sealed under its key: its header is another's", id)
		return
	}
	sum, err := c.digest(object, m, x.Size)
	switch {
	case err != nil:
		c.sealedError(where, err)
	case sum != x.Digest:
		c.altered(where, "its bytes have digest %s, and its event commits to %s", sum, x.Digest)
	}
}

// dataKey unwraps the key of an exhibit's bytes: a byte of version before the
// nonce, and the blob's name bound to it.
func (c *check) dataKey(b register.BlobRow, where string) ([]byte, bool) {
	if c.kek == nil {
		return nil, false
	}
	if b.Key[0] != wrapVersion {
		c.unsure(where, "the key of its bytes is wrapped in a way this program does not know (version %d)", b.Key[0])
		return nil, false
	}
	key, ok := openNonced(c.kek, b.Key[1:], wrappedBound+b.ID)
	if !ok || len(key) != 32 {
		c.stuck = append(c.stuck, stuck{where, "the wrapped key of its bytes"})
		return nil, false
	}
	c.opened++
	return key, true
}

// errShort and errChunk are what is wrong with sealed bytes; other errors are
// that they could not be read.
var errShort = jurat.Errorf(jurat.Altered, "its sealed bytes end too early")

func (c *check) sealedError(where string, err error) {
	if answerTo(err) == Altered {
		c.because(where, err)
		return
	}
	c.unsure(where, "its bytes cannot be read: %v", err)
}

func readAt(object io.ReaderAt, p []byte, off int64) error {
	n, err := object.ReadAt(p, off)
	if n == len(p) {
		return nil
	}
	if err == nil || errors.Is(err, io.EOF) {
		return errShort
	}
	return err
}

// digest opens every chunk and gives the SHA-256 of what was received. Reading,
// opening and hashing go on beside one another, in a fixed number of buffers.
func (c *check) digest(object vault.Object, m message, size int64) (jurat.Digest, error) {
	const buffers = 4
	type run struct {
		buf   []byte // sealed, then opened in place
		plain [][]byte
		first int64 // chunk
		err   error
	}
	free := make(chan *run, buffers)
	for range buffers {
		free <- &run{buf: make([]byte, runChunks*sealedChunk)}
	}
	read, opened := make(chan *run, buffers), make(chan *run, buffers)
	stop := make(chan struct{})
	var working sync.WaitGroup
	defer working.Wait()
	defer close(stop)
	chunks := size/chunkBytes + 1
	working.Go(func() {
		defer close(read)
		for k := int64(0); k < chunks; k += runChunks {
			var r *run
			select {
			case r = <-free:
			case <-stop:
				return
			}
			end := min(headerBytes+(k+runChunks)*sealedChunk, sealedBytes(size))
			from := headerBytes + k*sealedChunk
			r.first, r.buf = k, r.buf[:end-from]
			if r.err = c.ctx.Err(); r.err == nil {
				r.err = readAt(object, r.buf, from)
			}
			failed := r.err != nil
			read <- r // and it is the opener's
			if failed {
				return
			}
		}
	})
	working.Go(func() {
		defer close(opened)
		for r := range read {
			r.plain = r.plain[:0]
			for k, sealed := range each(r.buf, sealedChunk) {
				if r.err != nil {
					break
				}
				plain, ok := m.open(sealed, r.first+k)
				if !ok {
					r.err = jurat.Errorf(jurat.Altered, "its sealed bytes were changed: chunk %d of %d does not open", r.first+k+1, chunks)
				}
				r.plain = append(r.plain, plain)
			}
			failed := r.err != nil
			opened <- r // and it is the hasher's
			if failed {
				return
			}
		}
	})
	h := sha256.New()
	for r := range opened {
		if r.err != nil {
			return jurat.Digest{}, r.err
		}
		for _, p := range r.plain {
			h.Write(p)
		}
		if c.read += int64(len(r.buf)); c.rec.Progress != nil {
			c.rec.Progress(c.read)
		}
		r.buf = r.buf[:cap(r.buf)]
		free <- r
	}
	return jurat.Digest(h.Sum(nil)), nil
}

// runChunks is how many chunks are read at once: 1 MiB.
const runChunks = 64

// each gives b in pieces of n bytes, the last one shorter.
func each(b []byte, n int) func(yield func(int64, []byte) bool) {
	return func(yield func(int64, []byte) bool) {
		for k := int64(0); len(b) > 0; k++ {
			piece := b[:min(n, len(b)):min(n, len(b))]
			if !yield(k, piece) {
				return
			}
			b = b[len(piece):]
		}
	}
}

// checkLitter notes what lies in the vault and no exhibit names.
func (c *check) checkLitter(known, parts [][16]byte, whole bool) {
	slices.SortFunc(known, compare)
	slices.SortFunc(parts, compare)
	for i := 1; i < len(known); i++ {
		if known[i] == known[i-1] {
			c.altered("register", "two exhibits have the same blob %x", known[i])
		}
	}
	if len(parts) > 0 {
		c.note("%s of files that are on their way or have just come: no part of the record", count(int64(len(parts)), "part"))
	}
	var orphans []string
	for b, err := range c.rec.Blobs.Blobs(c.ctx) {
		if err != nil {
			c.unsure("vault", "it cannot be listed: %v", err)
			break
		}
		_, ok := slices.BinarySearchFunc(known, packed(b.ID), compare)
		if _, part := slices.BinarySearchFunc(parts, packed(b.ID), compare); !ok && !part {
			orphans = append(orphans, string(b.ID))
		}
	}
	if len(orphans) > 0 && whole {
		c.note("%s in the vault that no exhibit names: %s", count(int64(len(orphans)), "blob"), few(orphans))
	}
	var drafts, foreign []string
	for l, err := range c.rec.Blobs.Litter(c.ctx) {
		if err != nil {
			c.unsure("vault", "it cannot be listed: %v", err)
			break
		}
		if l.Draft {
			drafts = append(drafts, l.Name)
		} else {
			foreign = append(foreign, l.Name)
		}
	}
	if len(drafts) > 0 {
		c.note("%s in the vault that was being written, or that a killed program left: %s", count(int64(len(drafts)), "draft"), few(drafts))
	}
	if len(foreign) > 0 {
		c.note("%s in the vault that is none of its own: %s", count(int64(len(foreign)), "file"), few(foreign))
	}
}

func packed(id vault.BlobID) (b [16]byte) {
	raw, _ := hex.DecodeString(string(id))
	copy(b[:], raw)
	return b
}

func compare(a, b [16]byte) int { return bytes.Compare(a[:], b[:]) }

// few names some of a list, and how many more there are.
func few(list []string) string {
	const most = 10
	if len(list) <= most {
		return strings.Join(list, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(list[:most], ", "), len(list)-most)
}

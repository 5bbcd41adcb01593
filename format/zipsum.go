package format

import (
	"crypto/sha256"
	"hash/crc32"
	"io"

	"jurat"
)

// Sums is what one pass over some bytes says about them.
type Sums struct {
	Digest jurat.Digest
	CRC    uint32
	Size   int64
}

// SumBytes is Sum for bytes at hand.
func SumBytes(b []byte) Sums {
	return Sums{jurat.DigestOf(b), crc32.ChecksumIEEE(b), int64(len(b))}
}

const (
	sumBlock  = 1 << 20 // a read: large enough that a wake-up costs nothing beside hashing it
	sumBlocks = 3       // one being hashed, one full, one being read into
)

// Sum reads src to its end and computes SHA-256 and CRC-32 together, and writes
// what it read to dst when dst is not nil. Hashing runs on its own goroutine and
// overlaps reading, so the pass takes about as long as SHA-256 alone; memory is
// constant. progress, when not nil, is told how many bytes each block added.
// The error is the reader's or the writer's, unchanged; Sums then covers what
// was read before it.
func Sum(dst io.Writer, src io.Reader, progress func(n int)) (Sums, error) {
	var s Sums
	first := make([]byte, 64<<10)
	n, ended, err := fill(src, first)
	if ended {
		s = SumBytes(first[:n])
		if dst != nil && n > 0 {
			if _, err := dst.Write(first[:n]); err != nil {
				return s, err
			}
		}
		if progress != nil && n > 0 {
			progress(n)
		}
		return s, nil
	}
	if err != nil {
		return SumBytes(first[:n]), err
	}
	return sumLong(dst, first, src, progress)
}

func sumLong(dst io.Writer, first []byte, src io.Reader, progress func(n int)) (Sums, error) {
	free, full := make(chan []byte, sumBlocks), make(chan []byte, sumBlocks)
	done := make(chan jurat.Digest)
	for range sumBlocks {
		free <- make([]byte, sumBlock)
	}
	go func() {
		h := sha256.New()
		h.Write(first)
		for b := range full {
			h.Write(b)
			free <- b[:cap(b)]
		}
		done <- jurat.Digest(h.Sum(nil))
	}()
	var s Sums
	take := func(b []byte) error {
		s.Size += int64(len(b))
		s.CRC = crc32.Update(s.CRC, crc32.IEEETable, b)
		if dst != nil {
			if _, err := dst.Write(b); err != nil {
				return err
			}
		}
		if progress != nil {
			progress(len(b))
		}
		return nil
	}
	err, ended := take(first), false
	for err == nil && !ended {
		b := <-free
		var n int
		n, ended, err = fill(src, b)
		if n > 0 {
			full <- b[:n]
			if failed := take(b[:n]); failed != nil {
				err = failed
			}
		}
	}
	close(full)
	s.Digest = <-done
	return s, err
}

// fill reads until b is full or src ends or fails. Unlike io.ReadFull it keeps
// src's own error, so that a source cut short is not taken for one that ended:
// only io.EOF itself is the end, and only from src.
func fill(src io.Reader, b []byte) (n int, ended bool, err error) {
	for n < len(b) {
		m, err := src.Read(b[n:])
		n += m
		if err == io.EOF {
			return n, true, nil
		}
		if err != nil {
			return n, false, err
		}
	}
	return n, false, nil
}

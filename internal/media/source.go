package media

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"hash"
	"io"
	"os"

	"jurat"
)

// A Source is the bytes of an exhibit, which can be read from the start more
// than once.
type Source struct {
	Open   func() (io.ReadCloser, error)
	Size   int64
	Digest jurat.Digest // they must be these bytes
	Media  string       // media type as received, an assertion
}

// An input is a source readied for a program: a nameless file, or where there
// is no room for one a stream that is read once.
type input struct {
	file   *os.File // nil: a stream
	stream io.ReadCloser
	ahead  *bufio.Reader
	sum    hash.Hash
	source Source
	head   []byte // the first bytes
	tail   []byte // the last; nil of a stream
}

const (
	headSize = 4 << 10
	tailSize = 64 << 10
)

// input reads a source into a nameless file, and checks that the bytes are
// those named: Altered where they are not. What is larger than memory takes
// and has no folder to go to becomes a stream, checked at its end.
func (t *Tools) input(ctx context.Context, s Source) (_ *input, err error) {
	in := &input{source: s, sum: sha256.New()}
	in.file, err = t.scratch(s.Size)
	if errors.Is(err, errNoScratch) {
		return newStream(ctx, s)
	}
	if err != nil {
		return nil, err
	}
	r, err := s.Open()
	if err != nil {
		in.close()
		return nil, err
	}
	defer func() {
		if err = errors.Join(err, r.Close()); err != nil {
			in.close()
		}
	}()
	if _, err := io.CopyBuffer(struct{ io.Writer }{io.MultiWriter(in.file, in.sum)}, stopped{ctx, r}, make([]byte, 1<<20)); err != nil {
		return nil, readError(err)
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	keepStill(in.file)
	in.head = make([]byte, min(headSize, s.Size))
	in.tail = make([]byte, min(tailSize, s.Size))
	if _, err := in.file.ReadAt(in.head, 0); err != nil {
		return nil, readError(err)
	}
	if _, err := in.file.ReadAt(in.tail, s.Size-int64(len(in.tail))); err != nil {
		return nil, readError(err)
	}
	return in, nil
}

// newStream is a source that is read once, from its start.
func newStream(ctx context.Context, s Source) (*input, error) {
	r, err := s.Open()
	if err != nil {
		return nil, err
	}
	in := &input{source: s, sum: sha256.New(), stream: r}
	in.ahead = bufio.NewReaderSize(io.TeeReader(stopped{ctx, r}, in.sum), 1<<20)
	if in.head, err = in.ahead.Peek(headSize); err != nil && !errors.Is(err, io.EOF) {
		return nil, errors.Join(readError(err), r.Close())
	}
	in.head = bytes.Clone(in.head)
	return in, nil
}

// check compares what was read with what the source is said to be.
func (in *input) check() error {
	if got := jurat.Digest(in.sum.Sum(nil)); got != in.source.Digest {
		return jurat.Errorf(jurat.Altered, "the bytes are altered: they were %s when received and are %s now", in.source.Digest, got)
	}
	return nil
}

// finish reads a stream to its end and checks it. A file was checked before.
func (in *input) finish() error {
	if in.stream == nil {
		return nil
	}
	if _, err := io.Copy(io.Discard, in.ahead); err != nil {
		return readError(err)
	}
	return in.check()
}

func (in *input) close() {
	if in.file != nil {
		in.file.Close()
	}
	if in.stream != nil {
		in.stream.Close()
	}
}

// give readies a job to read the input, and gives the name it has inside.
func (in *input) give(j *job) (name string) {
	if in.file == nil {
		j.stdin = in.ahead
		return "pipe:0"
	}
	j.files = append(j.files, in.file)
	return inside(len(j.files) - 1)
}

// inside is the name that the n-th file of a job has for its program.
func inside(n int) string { return "/proc/self/fd/" + string(rune('3'+n)) }

// readError gives what an exhibit's bytes could not be read for a kind, if it
// has none.
func readError(err error) error {
	if _, ok := errors.AsType[*jurat.Error](err); ok {
		return err
	}
	return jurat.Because(jurat.Unavailable, err, "could not tell: the bytes cannot be read")
}

// stopped is a reader that ends with its context.
type stopped struct {
	ctx context.Context
	r   io.Reader
}

func (s stopped) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.r.Read(p)
}

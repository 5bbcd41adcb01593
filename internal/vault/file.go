package vault

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"

	"jurat"
)

// ReceiveFile seals a file from its first byte, whatever its offset. When it
// returns nil the blob is durable; when it does not, nothing is kept, and the
// sentence names the file. A file that changed while it was read is Conflict;
// what is no file (a folder, a pipe) is Invalid; what cannot be read, and a
// full disk, are Unavailable. progress, if not nil, is told the bytes received
// so far, from one goroutine at a time.
func (v *Vault) ReceiveFile(ctx context.Context, f *os.File, progress func(int64)) (Blob, error) {
	w, err := v.works.take(ctx)
	if err != nil {
		return Blob{}, notKept(f.Name(), err)
	}
	defer v.works.give(w)
	return v.receiveFile(ctx, w, f, progress)
}

func (v *Vault) receiveFile(ctx context.Context, w *work, f *os.File, progress func(int64)) (Blob, error) {
	src, err := fileSource(f)
	if err != nil {
		return Blob{}, notKept(f.Name(), err)
	}
	src.progress = progress
	adviseSequential(f)
	b, d, err := v.seal(ctx, w, randomByte(), src)
	if err != nil {
		return Blob{}, notKept(f.Name(), err)
	}
	if err := v.store.Keep(ctx, d)[0]; err != nil {
		return Blob{}, notKept(f.Name(), err)
	}
	return b, nil
}

// fileSource is a file as a source: read by offset, and asked again at its end
// whether it is still the file it was.
func fileSource(f *os.File) (source, error) {
	before, err := f.Stat()
	if err != nil {
		return source{}, openError(err)
	}
	switch {
	case before.IsDir():
		return source{}, jurat.Errorf(jurat.Invalid, "it is a folder")
	case !before.Mode().IsRegular():
		return source{}, jurat.Errorf(jurat.Invalid, "it is not a file")
	}
	check := func(read int64) error {
		after, err := f.Stat()
		if err != nil {
			return openError(err)
		}
		if read != before.Size() || changed(before, after) {
			return changedWhileRead()
		}
		return nil
	}
	return source{r: io.NewSectionReader(f, 0, MaxSize+1), size: before.Size(), check: check}, nil
}

func changedWhileRead() error {
	return jurat.Errorf(jurat.Conflict, "it changed while it was read; receive it again when nobody writes to it")
}

// openError says why a file cannot be received at all.
func openError(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return jurat.Because(jurat.NotFound, err, "there is no such file")
	}
	if errors.Is(err, fs.ErrPermission) {
		return jurat.Because(jurat.Unavailable, err, "there is no permission to read it")
	}
	return jurat.Because(jurat.Unavailable, err, "it could not be opened")
}

// notKept puts the name of a file before the reason why it was not kept.
func notKept(name string, err error) error {
	var known *jurat.Error
	if errors.As(err, &known) {
		return jurat.Because(known.Kind, known.Err, "%s was not kept: %s", name, known.Detail)
	}
	return jurat.Because(jurat.Unavailable, err, "%s was not kept", name)
}

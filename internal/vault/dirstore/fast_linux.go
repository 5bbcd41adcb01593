package dirstore

import (
	"errors"
	"os"
	"syscall"
	"unsafe"

	"jurat/internal/durable"
	"jurat/internal/vault"
)

const (
	// From this size on a file is written around the page cache: a buffered
	// copy of gigabytes falls to a fifth of the disk's speed once the dirty
	// pages pass the kernel's limit.
	directFrom = 64 << 10

	// From this size on room is reserved first; for less it costs more than it
	// saves, and a full disk is noticed soon enough.
	reserveFrom = 4 << 20

	flushEvery = 8 << 20 // in buffered writing, how much is left to the kernel

	fallocKeepSize = 1
	syncRangeWait  = 1 | 2 | 4 // wait before, write, wait after
	syncRangeStart = 2
	fadvSequential = 2
	fadvDontNeed   = 4
)

// A fastFile writes an *os.File as fast as the system lets it. The zero value
// writes through durable.File.
type fastFile struct {
	file    *os.File
	direct  bool
	written int64
	flushed int64 // up to here the kernel was told to write, when buffered
}

// begin reserves room for size bytes, so that a full disk is noticed before
// anything is read, and turns direct writing on.
func (x *fastFile) begin(f *os.File, size int64) error {
	x.file = f
	if size >= 0 && size < directFrom {
		return nil
	}
	if size >= reserveFrom {
		err := x.control(func(fd int) error { return syscall.Fallocate(fd, 0, 0, size) })
		if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG) {
			return writeError(err)
		}
	}
	x.direct = x.setDirect(true) == nil
	return nil
}

func (x *fastFile) control(f func(fd int) error) error {
	c, err := x.file.SyscallConn()
	if err != nil {
		return err
	}
	var inner error
	if err := c.Control(func(fd uintptr) { inner = f(int(fd)) }); err != nil {
		return err
	}
	return inner
}

// setDirect turns O_DIRECT on or off; a file system without it says EINVAL.
func (x *fastFile) setDirect(on bool) error {
	return x.control(func(fd int) error {
		flags, _, errno := syscall.Syscall(syscall.SYS_FCNTL, uintptr(fd), syscall.F_GETFL, 0)
		if errno != 0 {
			return errno
		}
		if on {
			flags |= syscall.O_DIRECT
		} else {
			flags &^= syscall.O_DIRECT
		}
		if _, _, errno := syscall.Syscall(syscall.SYS_FCNTL, uintptr(fd), syscall.F_SETFL, flags); errno != 0 {
			return errno
		}
		return nil
	})
}

// write writes p, the aligned part of it directly.
func (x *fastFile) write(f durable.File, p []byte) (int, error) {
	if x.file == nil {
		return f.Write(p)
	}
	done := 0
	if x.direct {
		n, err := x.writeDirect(p)
		done += n
		if err != nil {
			return done, err
		}
		p = p[n:]
	}
	if len(p) == 0 {
		return done, nil
	}
	n, err := x.file.Write(p)
	x.written += int64(n)
	if err == nil {
		err = x.flush()
	}
	return done + n, err
}

// writeDirect writes what of p is aligned. When there is more, or the file
// system refuses, direct writing ends and the rest goes the other way: the same
// sealed bytes, not sealed again.
func (x *fastFile) writeDirect(p []byte) (int, error) {
	n := len(p) &^ (vault.Alignment - 1)
	if x.written%vault.Alignment != 0 || !isAligned(p) {
		n = 0
	}
	done := 0
	if n > 0 {
		var err error
		done, err = x.file.Write(p[:n])
		x.written += int64(done)
		if err != nil && !errors.Is(err, syscall.EINVAL) {
			return done, err
		}
	}
	if done < len(p) {
		x.direct = false
		x.flushed = x.written
		if err := x.setDirect(false); err != nil {
			return done, err
		}
	}
	return done, nil
}

func isAligned(p []byte) bool {
	return uintptr(unsafe.Pointer(unsafe.SliceData(p)))%vault.Alignment == 0
}

// flush keeps the dirty pages of a buffered file few: the kernel starts on what
// was just written and has finished what was written before.
func (x *fastFile) flush() error {
	if x.written-x.flushed < flushEvery {
		return nil
	}
	from, n := x.flushed, x.written-x.flushed
	x.flushed = x.written
	return x.control(func(fd int) error {
		if err := ignoreUnsupported(syscall.SyncFileRange(fd, from, n, syncRangeStart)); err != nil || from == 0 {
			return err
		}
		back := max(from-flushEvery, 0)
		if err := ignoreUnsupported(syscall.SyncFileRange(fd, back, from-back, syncRangeWait)); err != nil {
			return err
		}
		_, _, _ = syscall.Syscall6(syscall.SYS_FADVISE64, uintptr(fd), uintptr(back), uintptr(from-back), fadvDontNeed, 0, 0)
		return nil
	})
}

func ignoreUnsupported(err error) error {
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOSYS) || errors.Is(err, syscall.ESPIPE) {
		return nil
	}
	return err
}

// end gives back what was reserved and not written: a source may end early.
func (x *fastFile) end(durable.File) error {
	if x.file == nil {
		return nil
	}
	info, err := x.file.Stat()
	if err != nil || info.Size() == x.written {
		return err
	}
	return x.file.Truncate(x.written)
}

// adviseSequential asks for more reading ahead; without it a full read is half
// as fast as the disk. It is advice, so its failure is nobody's.
func adviseSequential(f *os.File) {
	if c, err := f.SyscallConn(); err == nil {
		_ = c.Control(func(fd uintptr) {
			_, _, _ = syscall.Syscall6(syscall.SYS_FADVISE64, fd, 0, 0, fadvSequential, 0, 0)
		})
	}
}

// room is how many bytes whoever may write to a folder may still write there.
func room(folder string) (int64, error) {
	var fs syscall.Statfs_t
	if err := syscall.Statfs(folder, &fs); err != nil {
		return 0, err
	}
	return int64(fs.Bavail) * fs.Bsize, nil
}

package media

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"jurat"
)

// limits bound one run of a program. Zero is the least that is useful.
type limits struct {
	wall   time.Duration
	cpu    time.Duration
	memory int64 // bytes of address space
	output int64 // bytes of any file it writes
}

func (l limits) filled() limits {
	if l.wall == 0 {
		l.wall = time.Minute
	}
	if l.cpu == 0 {
		l.cpu = l.wall * threads
	}
	if l.memory == 0 {
		l.memory = 4 << 30
	}
	if l.output == 0 {
		l.output = 1 << 20
	}
	return l
}

// threads is how many a program may use.
const threads = 2

// A job is one run of a program. Its files are 3, 4, … inside, under
// /proc/self/fd.
type job struct {
	program string
	args    []string
	files   []*os.File
	stdin   io.Reader
	stdout  io.Writer
	limits  limits
}

// Errors of a run.
var (
	errTooLong = errors.New("it took too long")
	errFailed  = errors.New("the program ended with an error")
)

// run waits for a turn, and runs a job in the sandbox. An error is Unavailable:
// the sandbox cannot be had, the program could not read what it was given, or
// it took longer than its limits. The program's words are its cause.
func (t *Tools) run(ctx context.Context, j job) error {
	if err := t.ready(ctx); err != nil {
		return err
	}
	var why bounded
	err := t.start(ctx, j, &why)
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return jurat.Because(jurat.Unavailable, ctx.Err(), "could not tell: it was stopped")
	case errors.Is(err, errTooLong):
		return jurat.Because(jurat.Unavailable, err, "could not tell: %s took longer than %s", filepath.Base(j.program), j.limits.filled().wall)
	}
	return jurat.Because(jurat.Unavailable, errors.Join(err, why.err()), "could not tell: %s could not read it", filepath.Base(j.program))
}

// turn waits until few enough films are worked on, and gives the place back.
func (t *Tools) turn(ctx context.Context) (func(), error) {
	select {
	case t.turns <- struct{}{}:
		return func() { <-t.turns }, nil
	case <-ctx.Done():
		return nil, jurat.Because(jurat.Unavailable, ctx.Err(), "could not tell: it was stopped")
	}
}

// start runs a job; what the program complains of goes to why.
func (t *Tools) start(ctx context.Context, j job, why *bounded) error {
	lim := j.limits.filled()
	ctx, cancel := context.WithTimeoutCause(ctx, lim.wall, errTooLong)
	defer cancel()
	line := append(confine(lim), append([]string{j.program}, j.args...)...)
	files := j.files
	if t.sandbox == Confined {
		filter, err := syscallFilter()
		if err != nil {
			return err
		}
		defer filter.Close()
		files = append(files[:len(files):len(files)], filter)
		line = append(t.box(2+len(files)), line...)
	}
	cmd := exec.CommandContext(ctx, line[0], line[1:]...)
	cmd.Env = []string{"LC_ALL=C", "PATH=/usr/bin:/bin", "HOME=/nonexistent"}
	cmd.Dir = "/"
	cmd.ExtraFiles, cmd.Stdin, cmd.Stdout, cmd.Stderr = files, j.stdin, j.stdout, why
	cmd.WaitDelay = 5 * time.Second
	alone(cmd)
	err := cmd.Run()
	switch cause := context.Cause(ctx); {
	case errors.Is(cause, errTooLong):
		return errTooLong
	case cause != nil:
		return cause
	}
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return errors.Join(errFailed, exit)
	}
	return err
}

// confine bounds what a program may use, sandbox or not.
func confine(l limits) []string {
	return []string{"/usr/bin/prlimit",
		"--cpu=" + strconv.Itoa(int(l.cpu/time.Second)+1), "--as=" + strconv.FormatInt(l.memory, 10), "--fsize=" + strconv.FormatInt(l.output, 10),
		"--nofile=64", "--core=0", "--memlock=0", "--"}
}

// box is the sandbox: a system to read from, a small /tmp that is gone
// afterwards, and nothing else. filter is the file of the syscall filter.
func (t *Tools) box(filter int) []string {
	b := []string{t.settings.Bubblewrap,
		"--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-net", "--unshare-cgroup-try",
		"--uid", "65534", "--gid", "65534", "--hostname", "sandbox", "--die-with-parent", "--new-session", "--cap-drop", "ALL",
		"--clearenv", "--setenv", "LC_ALL", "C", "--setenv", "HOME", "/tmp", "--setenv", "PATH", "/usr/bin",
		"--ro-bind", "/usr", "/usr"}
	for _, dir := range []string{"/bin", "/lib", "/lib64"} {
		if link, err := os.Readlink(dir); err == nil {
			b = append(b, "--symlink", link, dir)
		} else if exists(dir) {
			b = append(b, "--ro-bind", dir, dir)
		}
	}
	// The linker's cache, and where Debian chooses between libraries.
	for _, path := range []string{"/etc/ld.so.cache", "/etc/alternatives"} {
		b = append(b, "--ro-bind-try", path, path)
	}
	// A program of the operator's own lies where they put it.
	for _, p := range []string{t.settings.FFmpeg, t.settings.FFprobe} {
		if !strings.HasPrefix(p, "/usr/") {
			b = append(b, "--ro-bind", p, p)
		}
	}
	return append(b, "--proc", "/proc", "--dev", "/dev", "--size", "16777216", "--tmpfs", "/tmp", "--chdir", "/tmp", "--remount-ro", "/", "--remount-ro", "/dev",
		"--seccomp", strconv.Itoa(filter), "--")
}

// bounded keeps the first bytes written to it and swallows the rest.
type bounded struct{ kept []byte }

const boundedMost = 8 << 10

func (b *bounded) Write(p []byte) (int, error) {
	b.kept = append(b.kept, p[:min(len(p), boundedMost-len(b.kept))]...)
	return len(p), nil
}

func (b *bounded) String() string { return string(b.kept) }

// err is what a program complained of, in one line.
func (b *bounded) err() error {
	text := strings.Join(strings.FieldsFunc(strings.ToValidUTF8(b.String(), "?"), func(r rune) bool { return r == '\n' || r == '\r' }), "; ")
	if text == "" {
		return nil
	}
	const most = 600
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + " …"
	}
	return errors.New(text)
}

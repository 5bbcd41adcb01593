package media

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync"
	"time"

	"jurat"
)

// Settings are what an operator may say about the programs. The zero value is
// Debian's ffmpeg in Debian's bubblewrap, found on the PATH.
type Settings struct {
	FFmpeg     string // program; empty: ffmpeg
	FFprobe    string // program; empty: ffprobe
	Bubblewrap string // program; empty: bwrap
	// Unconfined runs the programs without a sandbox where none can be had: the
	// operator's own word that this machine is one, such as a container made
	// for nothing else.
	Unconfined bool
	// Scratch is a folder for nameless files with decrypted bytes, for films
	// larger than [MemoryMost]. Empty: such films are read only as they stream.
	Scratch string
}

// MemoryMost is how many bytes of one film are held decrypted in memory; more
// goes to the scratch folder or through a pipe.
const MemoryMost int64 = 1 << 30

// Tools are the programs as this machine has them. They are safe for use by
// many goroutines; few films are worked on at a time and the others wait.
type Tools struct {
	settings Settings
	memory   int64 // MemoryMost, but in a test of what is larger
	turns    chan struct{}

	once    sync.Once
	sandbox string // how the programs are confined
	version string // of ffmpeg, as it says it
	refused error  // why no program may be run
}

// How programs are confined.
const (
	Confined   = "bubblewrap, seccomp, no network"
	Unconfined = "no sandbox: the operator allowed it"
)

// New gives the tools; nothing is looked for until it is needed.
func New(s Settings) *Tools {
	for _, p := range []struct {
		name *string
		std  string
	}{{&s.FFmpeg, "ffmpeg"}, {&s.FFprobe, "ffprobe"}, {&s.Bubblewrap, "bwrap"}} {
		if *p.name == "" {
			*p.name = p.std
		}
	}
	return &Tools{settings: s, memory: MemoryMost, turns: make(chan struct{}, 2)}
}

// Found is what a machine has of what films need.
type Found struct {
	FFmpeg  string // its version; empty: not there, or not to be run
	Sandbox string // how it is confined
	Err     error  // why films cannot be looked into; Unavailable
}

// Look finds the programs and tries the sandbox, once.
func (t *Tools) Look(ctx context.Context) Found {
	err := t.ready(ctx)
	return Found{FFmpeg: t.version, Sandbox: t.sandbox, Err: err}
}

// ready finds the programs and tries the sandbox; Unavailable says why no
// program may be run.
func (t *Tools) ready(ctx context.Context) error {
	t.once.Do(func() { t.find(context.WithoutCancel(ctx)) })
	return t.refused
}

func (t *Tools) find(ctx context.Context) {
	for _, p := range []*string{&t.settings.FFmpeg, &t.settings.FFprobe} {
		path, err := program(*p)
		if err != nil {
			t.refused = jurat.Because(jurat.Unavailable, err, "could not tell: %s is not on this machine, so films are kept and not looked into; install ffmpeg (Debian's package), or name it under media in the settings", *p)
			return
		}
		*p = path
	}
	var out, why bounded
	try := job{program: t.settings.FFmpeg, args: []string{"-hide_banner", "-version"}, stdout: &out, limits: limits{wall: 20 * time.Second}}
	bwrap, err := program(t.settings.Bubblewrap)
	if err == nil {
		t.settings.Bubblewrap, t.sandbox = bwrap, Confined
		if err = t.start(ctx, try, &why); err == nil {
			t.version = versionOf(out.String())
			return
		}
	}
	if !t.settings.Unconfined {
		t.sandbox = ""
		t.refused = jurat.Because(jurat.Unavailable, errors.Join(err, why.err()), "could not tell: no sandbox can be had here (%s), and hostile bytes are not read without one; install bubblewrap and allow it user namespaces, or set sandbox = \"none\" under media in the settings if this machine is one", filepath.Base(t.settings.Bubblewrap))
		return
	}
	t.sandbox, out = Unconfined, bounded{}
	if err := t.start(ctx, try, &why); err != nil {
		t.refused = jurat.Because(jurat.Unavailable, errors.Join(err, why.err()), "could not tell: %s does not run", t.settings.FFmpeg)
		return
	}
	t.version = versionOf(out.String())
}

// program is where a program lies, links followed: the sandbox shows the
// system's folders and no others.
func program(name string) (string, error) {
	path, err := exec.LookPath(name)
	if err != nil {
		return "", err
	}
	if path, err = filepath.Abs(path); err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(path)
}

var versionLine = regexp.MustCompile(`^ffmpeg version (\S{1,60})`)

func versionOf(text string) string {
	if m := versionLine.FindStringSubmatch(text); m != nil {
		return "ffmpeg " + m[1]
	}
	return "ffmpeg of a version it does not say"
}

// exists reports whether a folder or file of the system is there.
func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	mrand "math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// run runs a program and gives its time in seconds and its peak memory in
// MiB, and its standard output. What it says on standard error is kept for
// the error.
func run(ctx context.Context, env []string, name string, args ...string) (seconds float64, rss int64, out []byte, err error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(os.Environ(), env...)
	var said bytes.Buffer
	cmd.Stderr = &said
	seconds, err = timed(func() error {
		var err error
		out, err = cmd.Output()
		return err
	})
	if err != nil {
		return 0, 0, out, fmt.Errorf("%s: %w: %s", filepath.Base(name), err, tail(said.Bytes()))
	}
	if u, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		rss = u.Maxrss >> 10
	}
	return seconds, rss, out, nil
}

// processor is what this process has used of the processors, in seconds.
func processor() float64 {
	var r syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &r) != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano()).Seconds()
}

func tail(b []byte) string {
	if len(b) > 400 {
		b = b[len(b)-400:]
	}
	return strings.TrimSpace(string(b))
}

// noise fills a file with bytes nothing compresses, and reads it once so that
// every round finds it in the cache.
func noise(path string, size int64) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	var seed [32]byte
	if _, err := rand.Read(seed[:]); err != nil {
		return err
	}
	source := mrand.NewChaCha8(seed)
	w := bufio.NewWriterSize(f, 1<<20)
	buf := make([]byte, 1<<20)
	for left := size; left > 0; {
		n := min(left, int64(len(buf)))
		if _, err := source.Read(buf[:n]); err != nil {
			return err
		}
		if _, err := w.Write(buf[:n]); err != nil {
			return err
		}
		left -= n
	}
	return errors.Join(w.Flush(), f.Sync(), f.Close())
}

// sealRate is how many bytes a second OpenSSL's AES-256-GCM seals.
func sealRate(ctx context.Context) (float64, error) {
	_, _, out, err := run(ctx, nil, "openssl", "speed", "-seconds", "1", "-bytes", "16384", "-evp", "aes-256-gcm")
	if err != nil {
		return 0, err
	}
	m := regexp.MustCompile(`(?m)^AES-256-GCM\s+([0-9.]+)k`).FindSubmatch(out)
	if m == nil {
		return 0, fmt.Errorf("openssl speed printed no rate: %s", tail(out))
	}
	k, err := strconv.ParseFloat(string(m[1]), 64)
	return k * 1000, err
}

// version is the first line a program prints of its own version.
func version(ctx context.Context, name string, args ...string) string {
	out, err := exec.CommandContext(ctx, name, args...).CombinedOutput()
	if err != nil {
		return name + ": not installed"
	}
	first, _, _ := strings.Cut(string(out), "\n")
	return first
}

// have reports whether a rival is installed.
func have(name string) bool {
	_, err := exec.LookPath(name)
	return err == nil
}

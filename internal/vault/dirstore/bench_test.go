package dirstore_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"testing"
	"time"

	"jurat/internal/vault"
	"jurat/internal/vault/dirstore"
)

// The benchmarks stand beside their rivals in one run; run them with
// -benchtime 1x. JURAT_BENCH_BYTES sets the size of the video (default 4 GiB),
// JURAT_BENCH_ROUNDS how many interleaved rounds the medians are of.

func setting(b *testing.B, name string, otherwise int64) int64 {
	b.Helper()
	s := os.Getenv(name)
	if s == "" {
		return otherwise
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		b.Fatal(err)
	}
	return n
}

func median(d []time.Duration) time.Duration {
	slices.Sort(d)
	return d[len(d)/2]
}

func timed(b *testing.B, f func() error) time.Duration {
	b.Helper()
	start := time.Now()
	if err := f(); err != nil {
		b.Fatal(err)
	}
	return time.Since(start)
}

func run(name string, args ...string) error {
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w: %s", name, err, out)
	}
	return nil
}

// sealRate is what openssl says of AES-256-GCM, in bytes per second.
func sealRate(b *testing.B) float64 {
	b.Helper()
	out, err := exec.Command("openssl", "speed", "-seconds", "1", "-bytes", "16384", "-evp", "aes-256-gcm").Output()
	if err != nil {
		b.Fatal(err)
	}
	m := regexp.MustCompile(`(?m)^AES-256-GCM\s+([0-9.]+)k`).FindSubmatch(out)
	if m == nil {
		b.Fatalf("openssl speed said: %s", out)
	}
	k, err := strconv.ParseFloat(string(m[1]), 64)
	if err != nil {
		b.Fatal(err)
	}
	return k * 1000
}

func newBenchVault(b *testing.B, dir string) *vault.Vault {
	b.Helper()
	s, err := dirstore.Create(dir)
	if err != nil {
		b.Fatal(err)
	}
	v, err := vault.New(s, make([]byte, 32), make([]byte, 32))
	if err != nil {
		b.Fatal(err)
	}
	return v
}

// noise makes a file of size bytes that do not compress, from one random block.
func noise(b *testing.B, name string, size int64) {
	b.Helper()
	f, err := os.Create(name)
	if err != nil {
		b.Fatal(err)
	}
	block := make([]byte, 1<<20+7)
	rand.Read(block)
	for left := size; left > 0; left -= int64(len(block)) {
		if _, err := f.Write(block[:min(left, int64(len(block)))]); err != nil {
			b.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkReceiveVideo is row 1: a video, durable and encrypted, beside
// SHA-256 and AES-256-GCM of openssl over the same bytes.
func BenchmarkReceiveVideo(b *testing.B) {
	size := setting(b, "JURAT_BENCH_BYTES", 4<<30)
	rounds := setting(b, "JURAT_BENCH_ROUNDS", 3)
	dir := b.TempDir()
	src := filepath.Join(dir, "video.mp4")
	noise(b, src, size)
	if err := run("sync"); err != nil {
		b.Fatal(err)
	}
	rate := sealRate(b)
	for b.Loop() {
		var ours, rival, checks, ratios []time.Duration
		for range rounds {
			hash := timed(b, func() error { return run("openssl", "dgst", "-sha256", src) })
			hash += time.Duration(float64(size) / rate * float64(time.Second))
			v := newBenchVault(b, filepath.Join(dir, "vault"))
			var blob vault.Blob
			took := timed(b, func() error {
				f, err := os.Open(src)
				if err != nil {
					return err
				}
				defer f.Close()
				blob, err = v.ReceiveFile(context.Background(), f, nil)
				return err
			})
			checks = append(checks, timed(b, func() error { return v.Check(context.Background(), blob) }))
			ours, rival = append(ours, took), append(rival, hash)
			ratios = append(ratios, time.Duration(float64(took)/float64(hash)*1000))
			b.Logf("received in %v, rival %v, checked in %v", took, hash, checks[len(checks)-1])
			if err := os.RemoveAll(filepath.Join(dir, "vault")); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(median(ratios))/1000, "ratio")
		b.ReportMetric(float64(size)/median(ours).Seconds()/1e9, "GB/s")
		b.ReportMetric(float64(size)/median(checks).Seconds()/1e9, "check-GB/s")
		b.ReportMetric(float64(size)/median(rival).Seconds()/1e9, "rival-GB/s")
		b.ReportMetric(peakMiB(b), "peak-MiB")
	}
}

// peakMiB is the most memory this process has had resident.
func peakMiB(b *testing.B) float64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	m := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(status)
	if m == nil {
		return 0
	}
	k, err := strconv.Atoi(string(m[1]))
	if err != nil {
		b.Fatal(err)
	}
	return float64(k) / 1024
}

// BenchmarkReceivePhotos is row 2: 10,000 photos of 200 KiB, beside cp, sync
// and one openssl dgst over all.
func BenchmarkReceivePhotos(b *testing.B) {
	count := int(setting(b, "JURAT_BENCH_PHOTOS", 10_000))
	rounds := setting(b, "JURAT_BENCH_ROUNDS", 3)
	dir := b.TempDir()
	src := filepath.Join(dir, "photos")
	if err := os.Mkdir(src, 0o700); err != nil {
		b.Fatal(err)
	}
	var names []string
	for i := range count {
		names = append(names, filepath.Join(src, fmt.Sprintf("%05d.jpg", i)))
		noise(b, names[i], 200<<10)
	}
	if err := run("sync"); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		var ours, rival, ratios []time.Duration
		for range rounds {
			copied := filepath.Join(dir, "copy")
			other := timed(b, func() error {
				if err := run("cp", "-r", src, copied); err != nil {
					return err
				}
				if err := run("sync"); err != nil {
					return err
				}
				return run("openssl", append([]string{"dgst", "-sha256"}, names...)...)
			})
			v := newBenchVault(b, filepath.Join(dir, "vault"))
			took := timed(b, func() error {
				n := 0
				for g := range v.ReceiveBatch(context.Background(), slices.Values(names), nil) {
					for _, o := range g {
						if o.Err != nil {
							return o.Err
						}
						n++
					}
				}
				if n != count {
					return fmt.Errorf("%d outcomes", n)
				}
				return nil
			})
			ours, rival = append(ours, took), append(rival, other)
			ratios = append(ratios, time.Duration(float64(took)/float64(other)*1000))
			b.Logf("received in %v, rival %v", took, other)
			for _, d := range []string{"vault", "copy"} {
				if err := os.RemoveAll(filepath.Join(dir, d)); err != nil {
					b.Fatal(err)
				}
			}
		}
		b.ReportMetric(float64(median(ratios))/1000, "ratio")
		b.ReportMetric(float64(count)/median(ours).Seconds(), "photos/s")
		b.ReportMetric(float64(count)/median(rival).Seconds(), "rival-photos/s")
		b.ReportMetric(peakMiB(b), "peak-MiB")
	}
}

// BenchmarkReadRange reads 1 MiB at random places of a blob.
func BenchmarkReadRange(b *testing.B) {
	v := newBenchVault(b, filepath.Join(b.TempDir(), "vault"))
	const size = 256 << 20
	blob, err := v.Receive(context.Background(), io.LimitReader(bytes.NewReader(make([]byte, size)), size))
	if err != nil {
		b.Fatal(err)
	}
	r, err := v.Open(context.Background(), blob)
	if err != nil {
		b.Fatal(err)
	}
	defer r.Close()
	p := make([]byte, 1<<20)
	b.SetBytes(1 << 20)
	at := int64(1)
	for b.Loop() {
		at = (at*6364136223846793005 + 1442695040888963407) & (1<<62 - 1)
		if _, err := r.ReadAt(p, at%(size-1<<20)); err != nil {
			b.Fatal(err)
		}
	}
	runtime.KeepAlive(p)
}

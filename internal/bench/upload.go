package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
)

// uploads is row "serve": a file by tus over loopback beside the command line,
// and a hundred uploads at once. The client is the one below, so that what is
// measured is the counter and no script engine: a creation, then one PATCH for
// each piece, of the size the page of the counter sends.
func uploads(ctx context.Context, s setup) error {
	head("serve", fmt.Sprintf("receive %d MiB by tus over loopback; then 100 files of 5 MiB at once; `jurat serve`, tus client in Go", s.mib))
	file := filepath.Join(s.dir, "upload.bin")
	if err := noise(file, s.mib<<20); err != nil {
		return err
	}
	defer os.Remove(file)
	var door, web, rate, hundred series
	var peak int64
	for range s.rounds {
		dir, in, err := s.record(ctx, "record-door")
		if err != nil {
			return err
		}
		t, _, _, err := run(ctx, nil, s.jurat, "--dir", dir, "receive", "--incident", in, "--kind", "bwc", file)
		if err != nil {
			return err
		}
		if err := os.RemoveAll(dir); err != nil {
			return err
		}
		door = append(door, t)
		u, many, rss, err := s.uploadRound(ctx, file)
		if err != nil {
			return err
		}
		web, hundred, peak = append(web, u), append(hundred, many), max(peak, rss)
		rate = append(rate, t/u)
	}
	line("jurat receive", "%v, %.0f MB/s", door, float64(s.mib<<20)/1e6/door.median())
	line(fmt.Sprintf("by tus, in pieces of %d MiB", pieceSize>>20), "%v, %.0f MB/s", web, float64(s.mib<<20)/1e6/web.median())
	against("rate by tus / rate of the command line", rate, "at least 0.4")
	line("100 files of 5 MiB at once", "%v", hundred)
	line("the server's peak memory", "%d MiB, target at most 256", peak)
	return nil
}

// pieceSize is what the page of the counter sends at once.
const pieceSize = 64 << 20

// uploadRound is one round at a counter of its own.
func (s setup) uploadRound(ctx context.Context, file string) (one, many float64, peak int64, err error) {
	c, err := s.serve(ctx, "record-serve")
	if err != nil {
		return 0, 0, 0, err
	}
	defer func() { err = errors.Join(err, c.stop(), os.RemoveAll(c.dir)) }()
	g, err := c.come(ctx, "officer-1")
	if err != nil {
		return 0, 0, 0, err
	}
	var in struct{ Value struct{ Number string } }
	if err := g.call(ctx, "/incidents", map[string]any{"title": "bench"}, &in); err != nil {
		return 0, 0, 0, err
	}
	f, err := os.Open(file)
	if err != nil {
		return 0, 0, 0, err
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return 0, 0, 0, err
	}
	if one, err = timed(func() error { return g.upload(ctx, in.Value.Number, f, st.Size()) }); err != nil {
		return 0, 0, 0, err
	}
	const files, size = 100, 5 << 20
	var failed atomic.Pointer[error]
	many, _ = timed(func() error {
		var wg sync.WaitGroup
		for i := range files {
			wg.Go(func() {
				// Each of its own: a piece of the large file, a byte further on.
				if err := g.upload(ctx, in.Value.Number, io.NewSectionReader(f, int64(i)+1, size), size); err != nil {
					failed.Store(&err)
				}
			})
		}
		wg.Wait()
		return nil
	})
	if err := failed.Load(); err != nil {
		return 0, 0, 0, *err
	}
	peak, err = c.peak()
	return one, many, peak, err
}

// upload sends a file by tus, and compares what arrived with what was sent.
func (g *guest) upload(ctx context.Context, incident string, from io.ReaderAt, size int64) error {
	ask := func(method, at string, body io.Reader, length int64, headers ...string) (*http.Response, error) {
		r, err := http.NewRequestWithContext(ctx, method, at, body)
		if err != nil {
			return nil, err
		}
		r.ContentLength = length
		r.Header.Set("Tus-Resumable", "1.0.0")
		for i := 0; i+1 < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		a, err := g.Do(r)
		if err != nil {
			return nil, err
		}
		text, err := io.ReadAll(a.Body)
		if a.StatusCode >= 300 {
			err = errors.Join(err, fmt.Errorf("%s: %d %s", method, a.StatusCode, tail(text)))
		}
		return a, errors.Join(err, a.Body.Close())
	}
	a, err := ask(http.MethodPost, g.site+"/incidents/"+incident+"/files", nil, 0, "Upload-Length", strconv.FormatInt(size, 10), "Upload-Metadata", "filename dXBsb2FkLmJpbg==") //nolint:bodyclose // ask closes it
	if err != nil {
		return err
	}
	at := g.site + a.Header.Get("Location")
	sum := sha256.New()
	for offset := int64(0); offset < size; {
		n := min(pieceSize, size-offset)
		piece := io.TeeReader(io.NewSectionReader(from, offset, n), sum)
		if a, err = ask(http.MethodPatch, at, piece, n, "Content-Type", "application/offset+octet-stream", "Upload-Offset", strconv.FormatInt(offset, 10)); err != nil { //nolint:bodyclose // ask closes it
			return err
		}
		if offset, err = strconv.ParseInt(a.Header.Get("Upload-Offset"), 10, 64); err != nil {
			return err
		}
	}
	if got := a.Header.Get("Jurat-Sha256"); got != hex.EncodeToString(sum.Sum(nil)) {
		return fmt.Errorf("sent one file and the counter has another: %q", got)
	}
	return nil
}

package register_test

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"jurat"
	"jurat/format"
	"jurat/internal/register"
	"jurat/internal/register/registertest"
)

// actOf is an act as large as a real one: a leaf of 1.2 KiB, 2 KiB of
// disclosures.
func actOf(in jurat.IncidentNumber, seq int64) register.EventRow {
	id := risingID()
	claims := make([]format.Disclosure, 9)
	for i := range claims {
		claims[i] = format.Disclosure(text(140))
	}
	return register.EventRow{
		ID: id, At: registertest.Noon, Act: "record.added", Incident: in, Seq: seq, Person: "officer-4471",
		Item: jurat.Item{Noun: jurat.NounRecord, ID: jurat.NumberItem(in, jurat.NounRecord, int(seq%8)+1)},
		Leaf: append([]byte(id), text(1160)...), Claims: claims, Open: format.Disclosure(text(800)),
	}
}

// risingID is an id as the desk makes them: ordered by time, which the speed
// of every index on it depends on.
func risingID() jurat.EventID {
	id := []byte(registertest.NewID())
	h := fmt.Sprintf("%012x", time.Now().UnixMicro()&(1<<48-1))
	copy(id, h[:8])
	copy(id[9:], h[8:])
	return jurat.EventID(id)
}

// cpu is the processor time this program has used.
func cpu() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// text is n characters that differ from call to call.
func text(n int) string {
	from := noise.n.Add(7) % (1 << 16)
	return noise.text[from : from+uint64(n)]
}

var noise = func() *struct {
	n    atomic.Uint64
	text string
} {
	b := make([]byte, 1<<16)
	rand.Read(b)
	return &struct {
		n    atomic.Uint64
		text string
	}{text: base64.RawURLEncoding.EncodeToString(b)}
}()

// BenchmarkActs measures durable acts: lock, leaf, disclosures, item, head.
func BenchmarkActs(b *testing.B) {
	b.Run("fdatasync", benchSync)
	for _, writers := range []int{1, 16, 256} {
		b.Run(fmt.Sprintf("sqlite/%d", writers), func(b *testing.B) { benchActs(b, openSQLite(b), writers) })
	}
}

func benchActs(b *testing.B, r *register.Register, writers int) {
	incidents := openIncidents(b, r, max(writers, 64))
	var left atomic.Int64
	left.Store(int64(b.N))
	took := make([][]time.Duration, writers)
	spent := cpu()
	b.ResetTimer()
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for i := w; left.Add(-1) >= 0; i += writers {
				begun := time.Now()
				e := actOf(incidents[i%len(incidents)], int64(i))
				err := r.Write(b.Context(), func(tx *register.Tx) error {
					h, err := tx.Lock(e.Incident)
					if err != nil {
						return err
					}
					e.Seq = h.Seq + 1
					return tx.Append(e)
				})
				if err != nil {
					b.Error(err)
					return
				}
				took[w] = append(took[w], time.Since(begun))
			}
		})
	}
	all.Wait()
	b.StopTimer()
	b.ReportMetric(float64(cpu()-spent)/1000/float64(b.N), "cpu-µs/act")
	times := slices.Concat(took...)
	slices.Sort(times)
	if len(times) > 0 {
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "acts/s")
		b.ReportMetric(float64(times[len(times)/2].Microseconds())/1000, "p50-ms")
		b.ReportMetric(float64(times[len(times)*99/100].Microseconds())/1000, "p99-ms")
	}
}

func openIncidents(tb testing.TB, r *register.Register, n int) []jurat.IncidentNumber {
	tb.Helper()
	var all []jurat.IncidentNumber
	err := r.Write(tb.Context(), func(tx *register.Tx) error {
		all = all[:0]
		for range n {
			in, err := tx.NextIncident(2026)
			if err != nil {
				return err
			}
			all = append(all, in)
		}
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
	return all
}

// benchSync is the rival: a preallocated file, 4 KiB and fdatasync.
func benchSync(b *testing.B) {
	f, err := os.Create(filepath.Join(b.TempDir(), "log"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	const pages = 1024
	page := bytes.Repeat([]byte{7}, 4096)
	for range pages {
		f.Write(page)
	}
	f.Sync()
	b.ResetTimer()
	for i := range b.N {
		if _, err := f.WriteAt(page, int64(i%pages)*4096); err != nil {
			b.Fatal(err)
		}
		if err := syscall.Fdatasync(int(f.Fd())); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "acts/s")
}

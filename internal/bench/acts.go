package main

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/ledger"
	"jurat/internal/register"
	"jurat/internal/vault"
	"jurat/internal/vault/memstore"
	"jurat/orders"
)

// spell is how long one measurement of a rate lasts.
const spell = 2 * time.Second

// shippedOrder writes the order file that ships.
func shippedOrder(path string) error {
	text, err := orders.Read(orders.Chicago)
	if err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o644)
}

// acts is row 3.
func acts(ctx context.Context, s setup) error {
	head("3", "durable acts: policy, law, leaf, disclosures, state, one transaction each; SQLite")
	var sync1, rows series
	rate := map[int]series{}
	half := map[int]series{}
	tessera := map[int]series{}
	var published series
	for range s.rounds {
		r, err := fdatasyncs(filepath.Join(s.dir, "preallocated"))
		if err != nil {
			return err
		}
		sync1 = append(sync1, r)
		if r, err = sqliteRows(ctx, filepath.Join(s.dir, "rows.sqlite")); err != nil {
			return err
		}
		rows = append(rows, r)
		for _, writers := range []int{1, 16, 256} {
			r, p50, err := s.actRate(ctx, writers)
			if err != nil {
				return err
			}
			rate[writers], half[writers] = append(rate[writers], r), append(half[writers], p50*1000)
			if s.rate != "" {
				if r, err = s.tesseraRate(ctx, writers); err != nil {
					return err
				}
				tessera[writers] = append(tessera[writers], r)
			}
		}
		p99, err := s.published(ctx)
		if err != nil {
			return err
		}
		published = append(published, p99*1000)
	}
	perSecond := func(what string, r series) {
		if len(r) == 0 {
			line(what, "not measured")
			return
		}
		line(what, "%.0f/s (%.0f-%.0f)", r.median(), slices.Min(r), slices.Max(r))
	}
	perSecond("bare fdatasync, 4 KiB overwritten in place", sync1)
	perSecond("SQLite, one row per transaction, 1 writer", rows)
	for _, writers := range []int{1, 16, 256} {
		perSecond(fmt.Sprintf("jurat acts, %d writers", writers), rate[writers])
		perSecond(fmt.Sprintf("Tessera POSIX v1.0.4, batches of 5 ms, %d writers", writers), tessera[writers])
	}
	against("jurat at 1 writer / fdatasync", ratios(rate[1], sync1), "at least 0.35")
	line("jurat at 16 writers", "%.0f/s, target at least 10000/s", rate[16].median())
	line("jurat at 256 writers", "%.0f/s, target at least 15000/s; p50 %.1f ms, target at most 20", rate[256].median(), half[256].median())
	line("act to published, p99", "%.0f ms (%.0f-%.0f), target at most 150", published.median(), slices.Min(published), slices.Max(published))
	return nil
}

// A bench record is a whole record but for its vault, which acts do not touch.
type benchRecord struct {
	*desk.Desk
	register  *register.Register
	ledger    *ledger.Ledger
	incidents []jurat.IncidentNumber
	dir       string
}

var began = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func (s setup) newRecord(ctx context.Context, incidents int) (*benchRecord, error) {
	return s.newRecordIn(ctx, filepath.Join(s.dir, "record-3"), incidents)
}

func (s setup) newRecordIn(ctx context.Context, dir string, incidents int) (_ *benchRecord, err error) {
	r := &benchRecord{dir: dir}
	if err := os.MkdirAll(r.dir, 0o755); err != nil {
		return nil, err
	}
	if r.register, err = register.OpenSQLite(ctx, filepath.Join(r.dir, "register.sqlite")); err != nil {
		return nil, err
	}
	secret := make([]byte, 64)
	if _, err := rand.Read(secret); err != nil {
		return nil, err
	}
	v, err := vault.New(memstore.New(), secret[:32], secret[32:])
	if err != nil {
		return nil, err
	}
	key, hidden, err := ledger.NewKey("bench.example/jurat", rand.Reader)
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(r.dir, logSecret), []byte(hidden), 0o600); err != nil {
		return nil, err
	}
	if r.ledger, err = ledger.Open(ctx, filepath.Join(r.dir, "ledger"), key, r.register.Ledger(), ledger.Options{}); err != nil {
		return nil, err
	}
	_, office, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	if r.Desk, err = desk.Open(ctx, desk.Doors{Register: r.register, Vault: v, Ledger: r.ledger, Origin: "bench.example/jurat", Office: office, KEK: secret[:32]}); err != nil {
		return nil, err
	}
	text, err := orders.Read(orders.Chicago)
	if err != nil {
		return nil, err
	}
	op := desk.Caller{}
	if _, err := r.AddOffice(ctx, op, began, jurat.Office{ID: "police", Name: "Police", Function: jurat.FunctionPolice, Own: true}); err != nil {
		return nil, err
	}
	if _, err := r.AddPerson(ctx, op, began, jurat.Person{ID: "officer-1", Label: "Officer 1", Office: "police", Role: jurat.RoleOfficer, Sworn: true}); err != nil {
		return nil, err
	}
	if _, _, err := r.AdoptOrder(ctx, op, began, orders.Chicago, text); err != nil {
		return nil, err
	}
	for range incidents {
		in, _, err := r.OpenIncident(ctx, officer, began, jurat.Opening{Title: "bench", Trigger: "unknown"})
		if err != nil {
			return nil, err
		}
		r.incidents = append(r.incidents, in.Number)
	}
	return r, nil
}

var officer = desk.Caller{Person: "officer-1"}

func (r *benchRecord) close() error {
	return errors.Join(r.ledger.Close(), r.register.Close(), os.RemoveAll(r.dir))
}

// one does one act, at the time it is done: ids are ordered by it.
func (r *benchRecord) one(ctx context.Context, writer int) (jurat.EventID, error) {
	_, done, err := r.AddParty(ctx, officer, time.Now(), r.incidents[writer%len(r.incidents)], jurat.Particulars{Slot: "Witness 1", Capacity: "witness"})
	return done.Event, err
}

// actRate is acts a second, and the median time of one, at so many writers.
func (s setup) actRate(ctx context.Context, writers int) (perSecond, p50 float64, err error) {
	r, err := s.newRecord(ctx, min(writers, 256))
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, r.close()) }()
	took := make([][]float64, writers)
	var failed atomic.Pointer[error]
	var wg sync.WaitGroup
	start := time.Now()
	for w := range writers {
		wg.Go(func() {
			for time.Since(start) < spell {
				t, err := timed(func() error { _, err := r.one(ctx, w); return err })
				if err != nil {
					failed.Store(&err)
					return
				}
				took[w] = append(took[w], t)
			}
		})
	}
	wg.Wait()
	all := slices.Concat(took...)
	if err := failed.Load(); err != nil {
		return 0, 0, *err
	}
	return float64(len(all)) / time.Since(start).Seconds(), series(all).median(), nil
}

// published is the 99th percentile of the time from an act that was
// acknowledged to the signed checkpoint that covers it, at 16 writers.
func (s setup) published(ctx context.Context) (p99 float64, err error) {
	r, err := s.newRecord(ctx, 16)
	if err != nil {
		return 0, err
	}
	loop, stop := context.WithCancel(ctx)
	var loopDone sync.WaitGroup
	loopDone.Go(func() { r.ledger.Run(loop, 50*time.Millisecond, func(error) {}) })
	defer func() {
		stop()
		loopDone.Wait()
		err = errors.Join(err, r.close())
	}()
	var mu sync.Mutex
	var waits series
	var failed atomic.Pointer[error]
	var wg sync.WaitGroup
	start := time.Now()
	for w := range 16 {
		wg.Go(func() {
			for time.Since(start) < spell {
				id, err := r.one(ctx, w)
				if err != nil {
					failed.Store(&err)
					return
				}
				acked := time.Now()
				for !r.covered(ctx, id) {
					time.Sleep(2 * time.Millisecond)
				}
				mu.Lock()
				waits = append(waits, time.Since(acked).Seconds())
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if err := failed.Load(); err != nil {
		return 0, *err
	}
	slices.Sort(waits)
	return waits[len(waits)*99/100], nil
}

func (r *benchRecord) covered(ctx context.Context, id jurat.EventID) bool {
	index, err := r.register.Ledger().Index(ctx, id)
	if err != nil {
		return false
	}
	p, err := r.ledger.Published()
	return err == nil && index < p.Size
}

// fdatasyncs is how often a second one writer can overwrite 4 KiB durably.
func fdatasyncs(path string) (float64, error) {
	f, err := os.Create(path)
	if err != nil {
		return 0, err
	}
	defer os.Remove(path)
	defer f.Close()
	block := make([]byte, 4096)
	for range 256 {
		if _, err := f.Write(block); err != nil {
			return 0, err
		}
	}
	if err := f.Sync(); err != nil {
		return 0, err
	}
	n, start := 0, time.Now()
	for time.Since(start) < spell {
		if _, err := f.WriteAt(block, int64(n%256)*4096); err != nil {
			return 0, err
		}
		if err := unix.Fdatasync(int(f.Fd())); err != nil {
			return 0, err
		}
		n++
	}
	return float64(n) / time.Since(start).Seconds(), nil
}

// sqliteRows is how many transactions of one row a second SQLite commits.
func sqliteRows(ctx context.Context, path string) (float64, error) {
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=journal_mode(WAL)&_pragma=synchronous(2)")
	if err != nil {
		return 0, err
	}
	db.SetMaxOpenConns(1)
	defer func() {
		for _, tail := range []string{"", "-wal", "-shm"} {
			os.Remove(path + tail)
		}
	}()
	defer db.Close()
	if _, err := db.ExecContext(ctx, "create table row (id integer primary key, body blob) strict"); err != nil {
		return 0, err
	}
	body := make([]byte, 300)
	n, start := 0, time.Now()
	for time.Since(start) < spell {
		if _, err := db.ExecContext(ctx, "insert into row (body) values ($1)", body); err != nil {
			return 0, err
		}
		n++
	}
	return float64(n) / time.Since(start).Seconds(), nil
}

// tesseraRate is how many entries a second Tessera's POSIX log takes.
func (s setup) tesseraRate(ctx context.Context, writers int) (float64, error) {
	dir := filepath.Join(s.dir, "tessera")
	defer os.RemoveAll(dir)
	_, _, out, err := run(ctx, nil, s.rate, dir, strconv.Itoa(writers), fmt.Sprint(spell.Seconds()))
	if err != nil {
		return 0, err
	}
	r, err := strconv.ParseFloat(strings.TrimSpace(string(out)), 64)
	if err != nil {
		return 0, fmt.Errorf("tessera printed no rate: %s", tail(out))
	}
	return r, nil
}

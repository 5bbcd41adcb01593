package main

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/ledger"
	"jurat/internal/numbers"
	"jurat/internal/register"
	"jurat/internal/vault"
	"jurat/internal/vault/memstore"
	"jurat/order"
)

// duties is row 8, one row 9 and publication row 10: one record of many
// incidents, made through the desk, serves all three. Each measurement is a
// process of its own that opens the record from disk, so that its memory is its
// own; what is measured ends when the last line is written.
func duties(ctx context.Context, s setup) error {
	head("8", fmt.Sprintf("all duties of %d open incidents, from the register to the last line", s.incidents))
	dir, err := s.many(ctx)
	if err != nil {
		return err
	}
	return s.repeat(ctx, dir, "duties", "at most 10 s and 256 MiB")
}

func oneIncident(ctx context.Context, s setup) error {
	head("9", fmt.Sprintf("the duties and gates of one incident among %d: register, policy, evaluation; 1,000 incidents, the median of them", s.incidents))
	dir, err := s.many(ctx)
	if err != nil {
		return err
	}
	var each series
	for range s.rounds {
		out, _, err := s.measure(ctx, dir, "incident")
		if err != nil {
			return err
		}
		each = append(each, out.Seconds*1000)
	}
	line("jurat", "%.2f ms (%.2f-%.2f), target at most 1", each.median(), slices.Min(each), slices.Max(each))
	return nil
}

func publication(ctx context.Context, s setup) error {
	head("10", fmt.Sprintf("a year's publication over %d incidents, from the register to the last file", s.incidents))
	dir, err := s.many(ctx)
	if err != nil {
		return err
	}
	return s.repeat(ctx, dir, "publication", "at most 5 s")
}

// repeat measures something round by round.
func (s setup) repeat(ctx context.Context, dir, what, target string) error {
	var wall, used series
	var rss int64
	var last measured
	for range s.rounds {
		out, peak, err := s.measure(ctx, dir, what)
		if err != nil {
			return err
		}
		wall, used, rss, last = append(wall, out.Seconds), append(used, out.Processor), max(rss, peak), out
	}
	line("jurat", "%v, target %s", wall, target)
	line("of processor time", "%v on %d", used, runtime.NumCPU())
	line("peak memory", "%d MiB", rss)
	line("what came of it", "%s", last.Said)
	return nil
}

// A measured is what one process says of its work.
type measured struct {
	Seconds   float64 `json:"seconds"`
	Processor float64 `json:"processor"`
	Said      string  `json:"said"`

	// Seconds, of what is done often.
	Wall *quantiles `json:"wall,omitempty"`
	Used *quantiles `json:"used,omitempty"`
}

// measure does one piece of work in a process of its own.
func (s setup) measure(ctx context.Context, dir, what string) (measured, int64, error) {
	self, err := os.Executable()
	if err != nil {
		return measured{}, 0, err
	}
	_, rss, out, err := run(ctx, nil, self, "measure", dir, what)
	if err != nil {
		return measured{}, 0, err
	}
	var m measured
	return m, rss, json.Unmarshal(out, &m)
}

// The moments the record of many incidents is about.
var (
	yearBegan = time.Date(2026, 2, 1, 12, 0, 0, 0, time.UTC)
	yearEnded = time.Date(2027, 3, 1, 12, 0, 0, 0, time.UTC)
)

const logSecret = "log.secret"

func (s setup) manyDir() string {
	return filepath.Join(s.dir, fmt.Sprintf("record-of-%d", s.incidents))
}

// many makes the record once and keeps it for the other rows: each incident
// with its activity, an identification attempt, a report begun, and footage
// held elsewhere.
func (s setup) many(ctx context.Context) (string, error) {
	dir := s.manyDir()
	if _, err := os.Stat(filepath.Join(dir, "made")); err == nil {
		return dir, nil
	}
	r, err := s.newRecordIn(ctx, dir, 0)
	if err != nil {
		return "", err
	}
	if _, err := r.AddPerson(ctx, desk.Caller{}, began, jurat.Person{ID: "supervisor-1", Label: "Supervisor 1", Office: "police", Role: jurat.RoleSupervisor, Sworn: true}); err != nil {
		return "", err
	}
	start := time.Now()
	var next atomic.Int64
	var failed atomic.Pointer[error]
	var wg sync.WaitGroup
	for range 128 {
		wg.Go(func() {
			for failed.Load() == nil {
				i := int(next.Add(1)) - 1
				if i >= s.incidents {
					return
				}
				if err := r.filled(ctx, i); err != nil {
					failed.Store(&err)
				}
			}
		})
	}
	wg.Wait()
	if err := failed.Load(); err != nil {
		return "", *err
	}
	p, err := r.ledger.Publish(ctx)
	if err != nil {
		return "", err
	}
	line("made the record", "%d events in %.0f s, not counted below", p.Size, time.Since(start).Seconds())
	return dir, errors.Join(r.ledger.Close(), r.register.Close(), os.WriteFile(filepath.Join(dir, "made"), nil, 0o644))
}

// filled opens the i-th incident and files something under it.
func (r *benchRecord) filled(ctx context.Context, i int) error {
	at := yearBegan.Add(time.Duration(i%330) * 24 * time.Hour).Add(time.Duration(i%24) * time.Hour)
	pick := func(list ...string) string { return list[(i/7+i)%len(list)] }
	in, _, err := r.OpenIncident(ctx, officer, at, jurat.Opening{
		Title: "Vehicle stop", Trigger: "observed", EventNumber: fmt.Sprintf("26-%06d", i), FirstKnowledge: at, Occurred: jurat.Span{From: at, Precision: "approx"},
		Place: jurat.Place{District: fmt.Sprint(1 + i%22), Description: "a street of the city, as the dispatch has it", InsideCity: jurat.Yes},
	})
	if err != nil {
		return err
	}
	for _, rec := range []struct {
		typ    jurat.RecordType
		fields map[string]any
	}{
		{"activity", map[string]any{
			"activity_kinds": []string{pick("arrest", "vehicle_stop", "staging", "transport", "crowd_control")}, "agencies": []string{pick("ice_ero", "ice_hsi", "cbp_usbp", "unknown")},
			"agency_basis": pick("insignia", "stated", "assumed"), "warrant_shown": "unknown", "force_seen": []string{"none_observed"}, "member_actions": []string{"observed_only"},
		}},
		{jurat.TypeIdentification, map[string]any{
			"asked_at": at.Format(time.RFC3339), "asked_whom": "Supervisor 1", "role_asked": "supervisor_on_scene", "question": "Your name and badge number?",
			"outcome": pick("refused", "no_answer", "identified_verified", "partial"), "credential_shown": "no", "recording": "yes_not_yet_uploaded",
		}},
		{jurat.TypeReport, map[string]any{
			"narrative": "At the time stated I saw several vehicles stop beside a parked car. Persons in vests spoke with the driver. I asked Supervisor 1 for a name and a badge number, and recorded what was said. " +
				"No force was seen by me. I stayed at a distance, kept the camera on, and left when the vehicles left.",
			"violation_alleged": pick("no", "unknown", "yes"), "anyone_injured": "no", "viewed_footage": "no", "witnesses_canvassed": "done", "private_video_asked": "done",
		}},
	} {
		text, err := json.Marshal(rec.fields)
		if err != nil {
			return err
		}
		if _, _, err := r.AddRecord(ctx, officer, at, in.Number, desk.Words{Type: rec.typ, Fields: text}); err != nil {
			return err
		}
	}
	if i%3 == 0 {
		return nil // no footage on record
	}
	_, _, err = r.LocateExhibit(ctx, officer, at, in.Number, jurat.Arrival{Kind: "bwc", System: "camera store", Key: fmt.Sprintf("clip-%d", i)})
	return err
}

// measuring is the other process: it opens the record, does one piece of work,
// and says how long that took.
func measuring(ctx context.Context, dir, what string) error {
	reg, err := register.OpenSQLite(ctx, filepath.Join(dir, "register.sqlite"))
	if err != nil {
		return err
	}
	secret, err := os.ReadFile(filepath.Join(dir, logSecret))
	if err != nil {
		return err
	}
	key, err := ledger.ParseKey(string(secret))
	if err != nil {
		return err
	}
	log, err := ledger.Open(ctx, filepath.Join(dir, "ledger"), key, reg.Ledger(), ledger.Options{})
	if err != nil {
		return err
	}
	v, err := vault.New(memstore.New(), make([]byte, 32), make([]byte, 32))
	if err != nil {
		return err
	}
	d, err := desk.Open(ctx, desk.Doors{Register: reg, Vault: v, Ledger: log, Origin: log.Origin(), Office: ed25519.NewKeyFromSeed(make([]byte, 32)), KEK: make([]byte, 32)})
	if err != nil {
		return err
	}
	work := map[string]func(context.Context, *desk.Desk) (string, float64, error){"duties": listDuties, "incident": showIncidents, "publication": publishYear}[what]
	often := map[string]func(context.Context, *desk.Desk, string) (measured, error){"search": searchAll, "list": listAll, "engine": searchEngine}[what]
	if often != nil {
		m, err := often(ctx, d, dir)
		if err == nil {
			err = json.NewEncoder(os.Stdout).Encode(m)
		}
		return errors.Join(err, log.Close(), reg.Close())
	}
	if work == nil {
		return fmt.Errorf("nothing is measured as %q", what)
	}
	before := processor()
	start := time.Now()
	said, seconds, err := work(ctx, d)
	if err != nil {
		return err
	}
	if seconds == 0 {
		seconds = time.Since(start).Seconds()
	}
	m := measured{Seconds: seconds, Processor: processor() - before, Said: said}
	if err := json.NewEncoder(os.Stdout).Encode(m); err != nil {
		return err
	}
	return errors.Join(log.Close(), reg.Close())
}

var supervisor = desk.Caller{Person: "supervisor-1"}

// listDuties lists what everybody owes and writes every line, as jurat duty
// list --json does.
func listDuties(ctx context.Context, d *desk.Desk) (string, float64, error) {
	lines, err := d.Duties(ctx, supervisor, yearEnded, nil)
	if err != nil {
		return "", 0, err
	}
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		return "", 0, err
	}
	defer null.Close()
	out := json.NewEncoder(null)
	late := 0
	for _, l := range lines {
		if l.State == order.Late {
			late++
		}
		if err := out.Encode(l); err != nil {
			return "", 0, err
		}
	}
	return fmt.Sprintf("%d lines, %d of them late", len(lines), late), 0, nil
}

// showIncidents opens a thousand incidents, and then measures each once more:
// the second opening is no event.
func showIncidents(ctx context.Context, d *desk.Desk) (string, float64, error) {
	lines, err := d.List(ctx, supervisor, yearEnded, "", 1000)
	if err != nil {
		return "", 0, err
	}
	var took series
	owed := 0
	for round := range 2 {
		for _, l := range lines {
			t, err := timed(func() error {
				v, err := d.Show(ctx, supervisor, yearEnded, l.Incident)
				owed += len(v.Duties)
				return err
			})
			if err != nil {
				return "", 0, err
			}
			if round == 1 {
				took = append(took, t)
			}
		}
	}
	return fmt.Sprintf("%d duties of %d incidents", owed/2, len(lines)), took.median(), nil
}

// publishYear counts a year and makes every file of its site.
func publishYear(ctx context.Context, d *desk.Desk) (string, float64, error) {
	period, err := numbers.ParsePeriod("2026")
	if err != nil {
		return "", 0, err
	}
	p, _, err := d.Publication(ctx, supervisor, yearEnded, desk.Counting{Period: period})
	if err != nil {
		return "", 0, err
	}
	files, size := 0, 0
	err = p.Site(func(_ string, b []byte) error {
		files, size = files+1, size+len(b)
		return nil
	}, nil)
	return fmt.Sprintf("%d files, %d KiB, counted at leaf %d", files, size>>10, p.Checkpoint.Size), 0, err
}

// measureArgs reports whether this process is one that measures.
func measureArgs() (dir, what string, ok bool) {
	if flag.NArg() == 3 && flag.Arg(0) == "measure" {
		return flag.Arg(1), flag.Arg(2), true
	}
	return "", "", false
}

package desk_test

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"jurat"
	"jurat/format"
	"jurat/internal/desk"
	"jurat/internal/desk/desktest"
	"jurat/internal/register"
)

// digests are the digests of the journal on the record, in order.
func digests(t testing.TB, r *desktest.Record) []jurat.JournalDigest {
	t.Helper()
	var all []jurat.JournalDigest
	for _, e := range chain(t, r, register.House) {
		if e.Act != jurat.JournalDigested {
			continue
		}
		st, err := format.ReadLeaf(e.Leaf, append(e.Claims, e.Open))
		must(t, err)
		open, err := st.Open()
		must(t, err)
		var d jurat.JournalDigest
		must(t, json.Unmarshal(open.Value, &d))
		if st.Actor.Via != jurat.ViaSystem || st.Actor.Person != "" {
			t.Errorf("a digest by %+v", st.Actor)
		}
		all = append(all, d)
	}
	return all
}

// recomputed asserts that digests are dense and of the lines they name.
func recomputed(t testing.TB, r *desktest.Record) {
	t.Helper()
	lines, to := journal(t, r, 0), int64(0)
	for _, d := range digests(t, r) {
		if d.From != to+1 || d.To < d.From {
			t.Fatalf("a digest of %d to %d after one to %d", d.From, d.To, to)
		}
		h := sha256.New()
		for _, line := range lines[d.From-1 : d.To] {
			b, err := json.Marshal(line)
			must(t, err)
			h.Write(append(b, '\n'))
		}
		if jurat.Digest(h.Sum(nil)) != d.Digest {
			t.Errorf("the digest of %d to %d is not theirs", d.From, d.To)
		}
		to = d.To
	}
}

func TestTheJournalsDigestIsDueAfterAnHour(t *testing.T) {
	r := desktest.City(t)
	ctx, in := t.Context(), r.Opened(t)
	try := func(after time.Duration) {
		t.Helper()
		_, err := r.Show(ctx, r.As("aide-1"), at(after), in)
		refused(t, err, jurat.NotFound, "")
	}
	must(t, r.DigestJournal(ctx, at(5*time.Hour))) // nothing to digest
	try(0)
	for _, tc := range []struct {
		after time.Duration
		want  int
	}{{0, 0}, {time.Hour - time.Second, 0}, {time.Hour, 1}, {3 * time.Hour, 1}} {
		must(t, r.DigestJournal(ctx, at(tc.after)))
		if n := len(digests(t, r)); n != tc.want {
			t.Errorf("%d digests after %v, want %d", n, tc.after, tc.want)
		}
	}
	// Lines of the last hour wait, and the oldest of them says when.
	try(2 * time.Hour)
	try(2*time.Hour + 59*time.Minute)
	must(t, r.DigestJournal(ctx, at(3*time.Hour)))
	if d := digests(t, r); len(d) != 2 || d[1].From != 2 || d[1].To != 3 {
		t.Errorf("digests %+v", d)
	}
	recomputed(t, r)
	provable(t, r)
}

func TestManyDigestOneJournal(t *testing.T) {
	engines(t, func(t *testing.T, engine desktest.Engine) {
		r := desktest.CityOn(t, engine)
		second, _ := r.Over(t, r.Store)
		ctx, in := t.Context(), r.Opened(t)
		for i := range 40 {
			_, err := r.Show(ctx, r.As("aide-1"), at(time.Duration(i)*time.Minute), in)
			refused(t, err, jurat.NotFound, "")
		}
		var wg sync.WaitGroup
		for i := range 16 {
			d := r.Desk
			if i%2 == 0 {
				d = second
			}
			wg.Go(func() {
				if err := d.DigestJournal(ctx, at(2*time.Hour)); err != nil {
					t.Error(err)
				}
				_, err := d.List(ctx, r.As("auditor-1"), at(2*time.Hour+time.Duration(i)*time.Minute), "", 1)
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := len(digests(t, r)); n != 1 {
			t.Errorf("%d digests", n)
		}
		must(t, r.DigestJournal(ctx, at(4*time.Hour)))
		recomputed(t, r)
	})
}

// §6, rate-limited: the same attempt again within a minute is counted, and the
// count has a line once the minute is over; so do lists and searches, the
// operator's among them.
func TestAnAttemptThatRepeatsIsCounted(t *testing.T) {
	r := desktest.City(t)
	ctx, in := t.Context(), r.Opened(t)
	for i := range 500 {
		_, err := r.Show(ctx, r.As("aide-1"), at(time.Duration(i)*time.Millisecond), in)
		refused(t, err, jurat.NotFound, "there is no incident")
		_, err = r.Search(ctx, desk.Caller{}, at(time.Duration(i)*time.Millisecond), desk.Sought{Words: "stop"}, "", 5)
		must(t, err)
		_, err = r.Show(ctx, desk.Caller{Person: jurat.PersonID(fmt.Sprintf("nobody-%d", i))}, at(0), in)
		refused(t, err, jurat.NotFound, "there is no person")
	}
	// Three, and that an office was refused again and again.
	if lines := journal(t, r, 0); len(lines) != 4 || lines[3].Kind != "pattern" {
		t.Fatalf("%d lines: %v", len(lines), lines)
	}
	lines, err := r.Journal(ctx, r.As("auditor-1"), at(time.Minute), 4, 100)
	must(t, err)
	if len(lines) != 3 {
		t.Fatalf("%d lines after the minute: %v", len(lines), lines)
	}
	for _, line := range lines {
		if !strings.Contains(line.Detail, `"repeated":499`) || !line.At.Equal(desktest.Noon) {
			t.Errorf("%+v", line)
		}
	}
	// A minute later it is news again.
	_, err = r.Show(ctx, r.As("aide-1"), at(2*time.Minute), in)
	refused(t, err, jurat.NotFound, "")
	if n := len(journal(t, r, 0)); n != 8 {
		t.Errorf("%d lines", n)
	}
}

// Somebody who tries one number after the other gets sixty lines, and a count.
func TestAProbeDoesNotFloodTheJournal(t *testing.T) {
	r := desktest.City(t)
	ctx := t.Context()
	for i := range 1000 {
		_, err := r.Show(ctx, r.As("aide-1"), desktest.Noon, jurat.NewIncidentNumber(2026, i+1))
		refused(t, err, jurat.NotFound, "there is no incident")
	}
	_, err := r.Show(ctx, r.As("aide-1"), desktest.Noon, "2026-000001 and <b>words</b> nobody should keep")
	refused(t, err, jurat.NotFound, "")
	if n := len(journal(t, r, 0)); n != 62 { // and the alert
		t.Fatalf("%d lines", n)
	}
	// Others are not silenced by it.
	_, err = r.Show(ctx, r.As("liaison-1"), desktest.Noon, "2026-000001")
	refused(t, err, jurat.NotFound, "")
	if lines := journal(t, r, 62); len(lines) != 1 || lines[0].Person != "liaison-1" {
		t.Fatalf("%v", lines)
	}
	must(t, r.DigestJournal(ctx, at(time.Minute)))
	lines := journal(t, r, 63)
	if len(lines) != 1 || !strings.Contains(lines[0].Detail, `"too-many"`) || !strings.Contains(lines[0].Detail, `"repeated":940`) || !strings.Contains(lines[0].Detail, `"alert":true`) {
		t.Errorf("%v", lines)
	}
	for _, line := range journal(t, r, 0) {
		if strings.Contains(line.Detail+string(line.Incident), "words") {
			t.Errorf("the journal keeps what was typed: %v", line)
		}
	}
}

// What a court sealed from those who read the journal, or expunged, has no number
// there; the line stays, and so does what its digest covers.
func TestTheJournalNamesNoIncidentACourtHid(t *testing.T) {
	r := desktest.City(t)
	ctx, aide := t.Context(), r.As("aide-1")
	sealed, open := r.Opened(t), r.Opened(t)
	for _, in := range []jurat.IncidentNumber{sealed, open} {
		_, err := r.Show(ctx, aide, desktest.Noon, in)
		refused(t, err, jurat.NotFound, "")
	}
	named := func(who jurat.PersonID) map[jurat.IncidentNumber]int {
		t.Helper()
		n := map[jurat.IncidentNumber]int{}
		lines, err := r.Journal(ctx, r.As(who), at(time.Hour), 0, 1000)
		must(t, err)
		back, err := r.JournalBack(ctx, r.As(who), at(time.Hour), 0, 1000)
		must(t, err)
		for _, line := range append(lines, back...) {
			if line.Person == "aide-1" {
				n[line.Incident]++
			}
		}
		return n
	}
	for _, tc := range []struct {
		writ    jurat.Writ
		auditor int // how often the number is told
	}{
		{writ: jurat.Writ{}, auditor: 2},
		{writ: jurat.Writ{Kind: jurat.WritSeal, Incident: sealed, OpenTo: []jurat.Role{jurat.RoleAuditor}}, auditor: 2},
		{writ: jurat.Writ{Kind: jurat.WritSeal, Incident: sealed, OpenTo: []jurat.Role{jurat.RoleCounsel}}},
		{writ: jurat.Writ{Kind: jurat.WritExpunge, Incident: sealed, Backups: at(oneDay)}},
	} {
		if tc.writ.Kind != "" {
			ordered(t, r, desktest.Noon, tc.writ)
		}
		for _, who := range []jurat.PersonID{"auditor-1", "administrator-1"} {
			want := tc.auditor
			if who == "administrator-1" && tc.writ.Kind == jurat.WritSeal {
				want = 0 // no court named their role
			}
			if n := named(who); n[sealed] != want || n[open] != 2 || n[""] != 2-want {
				t.Errorf("%s after %q: %v", who, tc.writ.Kind, n)
			}
		}
	}
	must(t, r.DigestJournal(ctx, at(3*time.Hour)))
	recomputed(t, r)
}

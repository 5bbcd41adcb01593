package dossier_test

import (
	"crypto/ed25519"
	"encoding/json"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"jurat"
	"jurat/format"
	"jurat/internal/dossier"
)

// end ends the city's log and goes on with one of another name: everything is
// sequenced again after the event that declares how the old one ended. lost is
// how many leaves more than are there its last checkpoint is over.
func (c *city) end(name string, lost int64) {
	c.t.Helper()
	size := int64(len(c.leaves))
	last := c.checkpoint(size)
	if lost > 0 {
		note, err := format.Checkpoint{Origin: c.origin, Size: size + lost, Root: tlog.Hash{1}}.Sign(c.signer())
		c.must(err)
		last = note
	}
	for _, list := range [][]placed{c.events, c.house} {
		for i := range list {
			if lost == 0 && list[i].index >= 0 {
				list[i].event.Ended = c.proof(list[i], size, last)
			}
		}
	}
	next := seeded(c.seed, name)
	vkey, err := format.LogKey(name, next.Public().(ed25519.PublicKey))
	c.must(err)
	c.ended = append([]format.TrustedOffice{{Name: c.seed, Origin: c.origin, Log: []string{c.logPublic()}, Office: []format.JWK{format.NewJWK(c.office.Public().(ed25519.PublicKey))}}}, c.ended...)
	raw, err := json.Marshal(format.Gap{Origin: c.origin, Checkpoint: string(last), Size: size + lost, Kept: size, Next: vkey})
	c.must(err)
	c.now()
	first := c.record(jurat.ContinueLedger(raw), "")
	c.origin, c.logKey = name, next
	c.sequence(first)
}

// sequence puts every leaf into a new tree, one of them first.
func (c *city) sequence(first placed) {
	c.t.Helper()
	old := c.leaves
	c.leaves, c.hashes = nil, nil
	place := make([]int64, len(old))
	for i, n := int64(-1), int64(0); i < int64(len(old)); i++ {
		from := i
		if i < 0 {
			from = first.index
		} else if i == first.index {
			continue
		}
		stored, err := tlog.StoredHashes(n, old[from], c.reader())
		c.must(err)
		c.hashes, c.leaves = append(c.hashes, stored...), append(c.leaves, old[from])
		place[from] = n
		n++
	}
	for _, list := range [][]placed{c.events, c.house} {
		for i := range list {
			list[i].index = place[list[i].index]
		}
	}
}

// trustWithEnded pins a city with the logs it had.
func trustWithEnded(t testing.TB, c *city) []byte {
	t.Helper()
	now := format.TrustedOffice{Name: c.seed, Origin: c.origin, Log: []string{c.logPublic()}, Office: []format.JWK{format.NewJWK(c.office.Public().(ed25519.PublicKey))}}
	b, err := format.Trust{Offices: append([]format.TrustedOffice{now}, c.ended...)}.Marshal()
	c.must(err)
	return b
}

// continued is a city whose log ended after the referral was decided.
func continued(c *city, lost int64) *story {
	s := c.tell()
	c.end("city.example/log-2", lost)
	s.doc.Dossier.Sender.Origin = c.origin
	return s
}

// What a maker with every key may do to a dossier whose incident lived in two
// logs.
func TestLiesAboutALogThatEnded(t *testing.T) {
	for _, tc := range []struct {
		name   string
		change func(*city)
		answer string
		where  string
		what   string
	}{
		{"nothing", func(*city) {}, dossier.Intact, "", ""},
		{"the end is not declared", func(c *city) {
			c.house = c.house[:len(c.house)-1]
		}, dossier.Altered, "jurat/leaves/000000.json", "nothing says that one continues the other"},
		{"what it says of the end is withheld", func(c *city) {
			e := &c.house[len(c.house)-1].event
			e.Disclosures = e.Disclosures[:len(e.Disclosures)-1]
		}, dossier.Unsure, "jurat/leaves/000000.json", "is not disclosed"},
		{"a proof in the middle is left out", func(c *city) {
			c.events[2].event.Ended = nil
		}, dossier.Altered, "jurat/ended/000002.tlog-proof", "the proof of this one is missing"},
		{"the proofs from some event on are left out", func(c *city) {
			for i := 3; i < len(c.events); i++ {
				c.events[i].event.Ended = nil
			}
		}, dossier.Intact, "", ""},
		{"a proof of another event", func(c *city) {
			c.events[2].event.Ended = c.events[1].event.Ended
		}, dossier.Altered, "jurat/ended/000002.tlog-proof", "does not show"},
		{"a proof of a house event of another", func(c *city) {
			c.house[1].event.Ended = c.house[0].event.Ended
		}, dossier.Altered, "jurat/house/000001.ended.tlog-proof", "does not show"},
		{"the next log does not begin with it", func(c *city) {
			c.sequence(c.house[0])
		}, dossier.Altered, "jurat/house/000004.tlog-proof", "its first leaf is due to do it"},
		{"two events stand in the next log in the wrong order", func(c *city) {
			c.sequence(c.events[3])
		}, dossier.Altered, "jurat/proofs/000003.tlog-proof", "before the event it follows"},
		{"two events declare it", func(c *city) {
			var gap json.RawMessage = c.house[len(c.house)-1].open.Value
			c.record(jurat.ContinueLedger(gap), "")
		}, dossier.Altered, "jurat/house/000005.json", "two events declare"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := newCity(t, "city.example/log", "city")
			c.short = true
			s := continued(c, 0)
			tc.change(c)
			path, _ := c.build(s, 0, nil)
			r := dossier.Verify(t.Context(), path, dossier.Options{Trust: trustWithEnded(t, c)})
			wantAnswer(t, tc.answer, r)
			if tc.answer == dossier.Intact {
				return
			}
			for _, f := range r.Findings {
				if f.Answer == tc.answer && f.Where == tc.where && strings.Contains(f.What, tc.what) {
					return
				}
			}
			t.Errorf("no finding at %s that says %q: %+v", tc.where, tc.what, r.Findings)
		})
	}
}

// A reader who knows only the log that ended is told whose keys to ask for; one
// who knows only the present log is told what that leaves open.
func TestTrustInALogThatEnded(t *testing.T) {
	c := newCity(t, "city.example/log", "city")
	c.short = true
	old := trustOf(t, nil, c)
	s := continued(c, 0)
	path, _ := c.build(s, 0, nil)
	r := dossier.Verify(t.Context(), path, dossier.Options{Trust: old})
	wantAnswer(t, dossier.Unsure, r)
	if !strings.Contains(r.Findings[0].What, "get the keys of city.example/log-2") {
		t.Errorf("findings: %+v", r.Findings)
	}
	r = dossier.Verify(t.Context(), path, dossier.Options{Trust: trustOf(t, nil, c)})
	wantAnswer(t, dossier.Intact, r)
	if !strings.Contains(strings.Join(r.NotChecked, "\n"), "who signed the last checkpoint of the log city.example/log") {
		t.Errorf("not checked: %q", r.NotChecked)
	}
	// Another key than the trusted one signed it.
	forger := newCity(t, "city.example/log", "city")
	forger.short, forger.logKey = true, seeded("a forger", "log")
	told := continued(forger, 0)
	path, _ = forger.build(told, 0, nil)
	forger.ended[0].Log = c.ended[0].Log
	r = dossier.Verify(t.Context(), path, dossier.Options{Trust: trustWithEnded(t, forger)})
	wantAnswer(t, dossier.Altered, r)
}

package desk_test

import (
	"encoding/csv"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/desk/desktest"
)

// audited asks page by page until there is none, and gives every event.
func audited(t *testing.T, r *desktest.Record, who jurat.PersonID, ask desk.AuditAsk) []desk.Audited {
	t.Helper()
	var all []desk.Audited
	for {
		page, err := r.Audit(t.Context(), r.As(who), desktest.Noon.Add(time.Hour), ask)
		must(t, err)
		all = append(all, page.Events...)
		if ask.Before = page.Next; ask.Before == "" {
			return all
		}
	}
}

// Whoever audits is listed everything that was done, once, however small the
// pages are, and each thing that narrows the list leaves out what it says.
func TestAnAuditListsWhatWasDoneOnce(t *testing.T) {
	r := desktest.City(t)
	ref := r.Approved(t)
	in := ref.Incident
	other := r.Opened(t)
	must(t, r.Publish(t.Context()))
	all := audited(t, r, "auditor-1", desk.AuditAsk{Limit: 7})
	seen := map[jurat.EventID]bool{}
	for i, e := range all {
		if seen[e.ID] || i > 0 && e.ID >= all[i-1].ID {
			t.Fatalf("%s is there twice, or not below %s", e.ID, all[i-1].ID)
		}
		seen[e.ID] = true
	}
	for _, chained := range []jurat.IncidentNumber{in, other, ""} {
		for _, e := range chain(t, r, chained) {
			if !seen[e.ID] {
				t.Errorf("%s of %q is not listed", e.Act, chained)
			}
		}
	}
	if all[len(all)-1].Leaf == nil {
		t.Error("an event of the ledger has no place in it")
	}
	day := desktest.Noon.Truncate(24 * time.Hour)
	for what, narrowed := range map[string]struct {
		ask  desk.AuditAsk
		only func(e desk.Audited) bool
	}{
		"an act":          {desk.AuditAsk{Act: jurat.RecordAdded}, func(e desk.Audited) bool { return e.Act == jurat.RecordAdded }},
		"an office":       {desk.AuditAsk{Office: "city-police"}, func(e desk.Audited) bool { return e.Actor.Office == "city-police" }},
		"an incident":     {desk.AuditAsk{Incident: other}, func(e desk.Audited) bool { return e.Incident == other }},
		"a time":          {desk.AuditAsk{From: desktest.Noon, Until: desktest.Noon.Add(time.Millisecond)}, func(e desk.Audited) bool { return e.At.Equal(desktest.Noon) }},
		"two as one":      {desk.AuditAsk{OneOperator: true}, func(e desk.Audited) bool { return e.OneOperator }},
		"act and office":  {desk.AuditAsk{Act: jurat.ReferralApproved, Office: "county-prosecutor"}, func(desk.Audited) bool { return false }},
		"the day after":   {desk.AuditAsk{From: day.AddDate(0, 0, 1)}, func(desk.Audited) bool { return false }},
		"until that noon": {desk.AuditAsk{Until: desktest.Noon}, func(e desk.Audited) bool { return e.At.Before(desktest.Noon) }},
	} {
		want := slices.DeleteFunc(slices.Clone(all), func(e desk.Audited) bool { return !narrowed.only(e) })
		narrowed.ask.Limit = 3
		got := audited(t, r, "auditor-1", narrowed.ask)
		got = slices.DeleteFunc(got, func(e desk.Audited) bool { return e.Act == jurat.ItemOpened && !seen[e.ID] }) // looking is on the record too
		if !slices.EqualFunc(got, want, func(a, b desk.Audited) bool { return a.ID == b.ID }) {
			t.Errorf("%s: %d events, want %d", what, len(got), len(want))
		}
	}
	if _, err := r.Audit(t.Context(), r.As("auditor-1"), desktest.Noon, desk.AuditAsk{Before: "nothing"}); !errors.Is(err, jurat.Invalid) {
		t.Errorf("a page before nothing: %v", err)
	}
	for _, who := range []jurat.PersonID{"officer-4471", "supervisor-1102", "prosecutor-12"} {
		if page, err := r.Audit(t.Context(), r.As(who), desktest.Noon, desk.AuditAsk{}); !errors.Is(err, jurat.Forbidden) || page.Events != nil {
			t.Errorf("%s audits: %v", who, err)
		}
	}
}

// The walls stand in an audit as they do elsewhere: what a court sealed is not
// there, an administrator is listed no incident, and what was written as a reason
// in an incident is read by who opens it; that a sealed part was opened, and why,
// is what an audit is for.
func TestTheWallsStandInAnAudit(t *testing.T) {
	r := desktest.City(t)
	in := r.Opened(t)
	r.Complete(t, in)
	_, err := r.OpenSealed(t.Context(), r.As("detective-2208"), desktest.Noon, jurat.Item{Noun: jurat.NounParty, ID: jurat.ItemID(string(in) + "-P1")}, jurat.ClassIdentity, "to ask for the account")
	must(t, err)
	_, _, err = r.PlaceHold(t.Context(), r.As("counsel-3"), desktest.Noon, in, "a petition", []jurat.ItemID{jurat.ItemID(in)})
	must(t, err)
	hold := jurat.ItemID(string(in) + "-H1")
	_, _, err = r.ReleaseHold(t.Context(), r.As("counsel-3"), desktest.Noon, hold, "the petition was withdrawn")
	must(t, err)
	notes := func(ask desk.AuditAsk) (all []string) {
		for _, e := range audited(t, r, "auditor-1", ask) {
			if e.Incident == in && e.Note != "" {
				all = append(all, e.Note)
			}
		}
		return all
	}
	if got := notes(desk.AuditAsk{}); !slices.Equal(got, []string{"to ask for the account"}) {
		t.Errorf("without opening it, an audit reads %q", got)
	}
	if got := notes(desk.AuditAsk{Incident: in}); !slices.Contains(got, "the petition was withdrawn") {
		t.Errorf("having opened it, an audit reads %q", got)
	}
	for _, e := range audited(t, r, "administrator-1", desk.AuditAsk{}) {
		if e.Incident != "" {
			t.Fatalf("an administrator is listed %s of %s", e.Act, e.Incident)
		}
	}
	if _, err := r.Audit(t.Context(), r.As("administrator-1"), desktest.Noon, desk.AuditAsk{Incident: in}); !errors.Is(err, jurat.NotFound) {
		t.Errorf("an administrator asks for an incident: %v", err)
	}
	first, _, err := r.ApproveWrit(t.Context(), r.As("records-3"), desktest.Noon, jurat.Writ{Kind: jurat.WritSeal, Incident: in, Court: "a court", Number: "1", OpenTo: []jurat.Role{jurat.RoleCounsel}})
	must(t, err)
	_, _, err = r.CarryOutWrit(t.Context(), r.As("counsel-3"), desktest.Noon, first.ID)
	must(t, err)
	for _, e := range audited(t, r, "auditor-1", desk.AuditAsk{}) {
		if e.Incident == in {
			t.Fatalf("what a court sealed is listed: %s", e.Act)
		}
	}
	if _, err := r.Audit(t.Context(), r.As("auditor-1"), desktest.Noon, desk.AuditAsk{Incident: in}); !errors.Is(err, jurat.NotFound) {
		t.Errorf("an auditor asks for what a court sealed: %v", err)
	}
}

// What stands in a sheet is calculated by no spreadsheet, whoever wrote it.
func TestTheSheetOfAnAuditCalculatesNothing(t *testing.T) {
	r := desktest.City(t)
	in := r.Opened(t)
	r.Complete(t, in)
	for _, reason := range []string{`=HYPERLINK("http://evil.example")`, "+1", "-1", "@x", "plain, \"quoted\"\nand two lines"} {
		_, err := r.OpenSealed(t.Context(), r.As("detective-2208"), desktest.Noon, jurat.Item{Noun: jurat.NounParty, ID: jurat.ItemID(string(in) + "-P1")}, jurat.ClassIdentity, reason)
		must(t, err)
	}
	text, err := desk.AuditSheet(audited(t, r, "auditor-1", desk.AuditAsk{Act: jurat.IdentityOpened}))
	must(t, err)
	rows, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
	must(t, err)
	if !slices.Equal(rows[0], desk.AuditColumns[:]) || len(rows) != 6 {
		t.Fatalf("%d lines under %v", len(rows), rows[0])
	}
	var notes []string
	for _, row := range rows[1:] {
		for i, cell := range row {
			if cell != "" && strings.ContainsAny(cell[:1], "=+-@") {
				t.Errorf("column %s begins a formula: %q", rows[0][i], cell)
			}
		}
		notes = append(notes, row[len(row)-1])
	}
	slices.Sort(notes)
	if want := []string{"'+1", "'-1", `'=HYPERLINK("http://evil.example")`, "'@x", "plain, \"quoted\"\nand two lines"}; !slices.Equal(notes, want) {
		t.Errorf("%q, want %q", notes, want)
	}
}

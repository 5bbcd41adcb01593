package desk_test

import (
	"errors"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"jurat"
	"jurat/format"
	"jurat/internal/desk"
	"jurat/internal/desk/desktest"
	"jurat/internal/numbers"
	"jurat/orders"
)

// A row is a line of a list, by all that tells it apart, and what the policy is
// asked about it.
type row struct {
	key   string
	in    jurat.IncidentNumber // "": of the house
	about *jurat.Record        // a record that may stand behind a wall
	by    jurat.PersonID       // who wrote it, where that decides
}

// A listing is a list as somebody gets it: ask is what they must be allowed to
// have a list at all, each what they must be allowed of each of its rows.
type listing struct {
	ask, each jurat.Act
	rows      func(testing.TB, *desktest.Record, desk.Caller) ([]row, error)
	mine      bool // only the rows they wrote
	others    bool // only the rows they did not write: nobody approves what is theirs
}

// listsAt is when the lists of the test are asked for: past every last day.
var listsAt = at(100 * oneDay)

// noRoster is a table without a row: what is missing then is what records say.
var noRoster = numbers.Import{Kind: numbers.Roster}

// listings are all the lists a desk has whose rows are of incidents, or of
// records that may stand behind a wall.
var listings = map[string]listing{
	"List": {ask: desk.ActionIncidents, each: desk.ActionView, rows: func(t testing.TB, r *desktest.Record, c desk.Caller) ([]row, error) {
		return byLine(r.List(t.Context(), c, listsAt, "", 100))
	}},
	"Search": {ask: desk.ActionSearch, each: desk.ActionView, rows: func(t testing.TB, r *desktest.Record, c desk.Caller) ([]row, error) {
		return byLine(r.Search(t.Context(), c, listsAt, desk.Sought{Words: "vehicle"}, "", 100))
	}},
	"Search, of what is closed": {ask: desk.ActionSearch, each: desk.ActionView, rows: func(t testing.TB, r *desktest.Record, c desk.Caller) ([]row, error) {
		return byLine(r.Search(t.Context(), c, listsAt, desk.Sought{Words: "vehicle", State: jurat.IncidentIsClosed}, "", 100))
	}},
	"Search, without words": {ask: desk.ActionSearch, each: desk.ActionView, rows: func(t testing.TB, r *desktest.Record, c desk.Caller) ([]row, error) {
		return byLine(r.Search(t.Context(), c, listsAt, desk.Sought{Order: "chicago-eo-2026-01", State: jurat.IncidentIsOpen, From: desktest.Noon, Until: at(oneDay)}, "", 100))
	}},
	"Mine": {ask: desk.ActionIncidents, each: desk.ActionView, mine: true, rows: func(t testing.TB, r *desktest.Record, c desk.Caller) ([]row, error) {
		all, _, err := r.Mine(t.Context(), c, listsAt, "", 100)
		return rowsOf(all, err, func(l desk.Line) row { return row{key: l.Title, in: l.Incident, by: c.Person} })
	}},
	"Referrals": {ask: desk.ActionReferrals, each: desk.ActionView, rows: func(t testing.TB, r *desktest.Record, c desk.Caller) ([]row, error) {
		all, err := r.Referrals(t.Context(), c, listsAt)
		return rowsOf(all, err, func(l desk.ReferralLine) row { return row{key: string(l.ID), in: l.Incident} })
	}},
	"ByEventNumber": {ask: desk.ActionSearch, each: desk.ActionView, rows: func(t testing.TB, r *desktest.Record, c desk.Caller) ([]row, error) {
		all, err := r.ByEventNumber(t.Context(), c, listsAt, "26-327-0144")
		return rowsOf(all, err, func(l desk.OpenedFor) row { return row{key: l.Title, in: l.Incident} })
	}},
	"Duties": {ask: desk.ActionList, each: desk.ActionView, rows: func(t testing.TB, r *desktest.Record, c desk.Caller) ([]row, error) {
		all, err := r.Duties(t.Context(), c, listsAt, nil)
		return rowsOf(all, err, func(l desk.DutyLine) row {
			return row{key: l.Order + " " + l.ID + " " + l.Item, in: l.Incident}
		})
	}},
	"DutyPage": {ask: desk.ActionList, each: desk.ActionView, rows: func(t testing.TB, r *desktest.Record, c desk.Caller) ([]row, error) {
		p, err := r.DutyPage(t.Context(), c, listsAt, "", "", 100_000)
		return rowsOf(p.Lines, err, func(l desk.DutyLine) row {
			return row{key: l.Order + " " + l.ID + " " + l.Item, in: l.Incident}
		})
	}},
	"Footage": {ask: desk.ActionIncidents, each: desk.ActionView, rows: func(t testing.TB, r *desktest.Record, c desk.Caller) ([]row, error) {
		all, err := r.Footage(t.Context(), c, listsAt, time.Time{}, true)
		return rowsOf(all.Lines, err, func(l desk.FootageLine) row { return row{key: l.Item, in: l.Incident} })
	}},
	"FootageGaps": {ask: desk.ActionIncidents, each: desk.ActionView, rows: func(t testing.TB, r *desktest.Record, c desk.Caller) ([]row, error) {
		all, err := r.FootageGaps(t.Context(), c, listsAt, []*numbers.Import{&noRoster}, time.Time{})
		return rowsOf(all, err, func(l desk.FootageGap) row { return row{key: l.Member + l.Event, in: l.Incident} })
	}},
	"Notices": {ask: desk.ActionIncidents, each: desk.ActionView, rows: func(t testing.TB, r *desktest.Record, c desk.Caller) ([]row, error) {
		all, err := r.Notices(t.Context(), c, listsAt, true)
		return rowsOf(all, err, func(l desk.NoticeLine) row { return row{key: string(l.Record), in: l.Incident} })
	}},
	// A hold of the house has a row for each thing in its scope.
	"Holds": {ask: desk.ActionIncidents, each: desk.ActionView, rows: func(t testing.TB, r *desktest.Record, c desk.Caller) ([]row, error) {
		all, err := r.Holds(t.Context(), c, listsAt, true)
		return scoped(all, err, func(l desk.HoldLine) jurat.Hold { return l.Hold })
	}},
	"ShowHouse, its holds": {ask: desk.ActionList, each: desk.ActionView, rows: func(t testing.TB, r *desktest.Record, c desk.Caller) ([]row, error) {
		v, err := r.ShowHouse(t.Context(), c, listsAt)
		return scoped(v.Holds, err, func(s desk.Shown[jurat.Hold]) jurat.Hold { return s.Value })
	}},
	"ShowHouse, its records": {ask: desk.ActionList, each: desk.ActionList, rows: func(t testing.TB, r *desktest.Record, c desk.Caller) ([]row, error) {
		v, err := r.ShowHouse(t.Context(), c, listsAt)
		return rowsOf(v.Records, err, func(s desk.Shown[jurat.Record]) row { return ofRecord(s.Value) })
	}},
	"Records of the house": {ask: desk.ActionList, each: desk.ActionList, rows: func(t testing.TB, r *desktest.Record, c desk.Caller) ([]row, error) {
		all, err := r.Records(t.Context(), c, listsAt, "")
		return rowsOf(all, err, ofRecord)
	}},
	"Waiting": {ask: jurat.RecordApproved, each: jurat.RecordApproved, others: true, rows: func(t testing.TB, r *desktest.Record, c desk.Caller) ([]row, error) {
		all, err := r.Waiting(t.Context(), c, listsAt)
		return rowsOf(all, err, func(s desk.Shown[jurat.Record]) row { return ofRecord(s.Value) })
	}},
	"RedactionsWaiting, begun": {ask: jurat.RedactionMade, each: desk.ActionView, mine: true, rows: func(t testing.TB, r *desktest.Record, c desk.Caller) ([]row, error) {
		q, err := r.RedactionsWaiting(t.Context(), c, listsAt)
		return rowsOf(q.Begun, err, func(e desk.EditDraft) row {
			return row{key: string(e.Exhibit), in: e.Exhibit.Incident(), by: c.Person}
		})
	}},
	"AllDisposals": {ask: desk.ActionPlan, each: desk.ActionPlan, rows: func(t testing.TB, r *desktest.Record, c desk.Caller) ([]row, error) {
		all, err := r.AllDisposals(t.Context(), c, listsAt)
		return rowsOf(all, err, func(d jurat.Disposal) row { return row{key: string(d.ID), in: d.ID.Incident()} })
	}},
	"PlanDisposal": {ask: desk.ActionPlan, each: desk.ActionPlan, rows: func(t testing.TB, r *desktest.Record, c desk.Caller) ([]row, error) {
		all, err := r.PlanDisposal(t.Context(), c, listsAt, desk.Planning{})
		return rowsOf(all, err, func(l desk.Disposable) row { return row{key: string(l.Exhibit), in: l.Incident} })
	}},
	// An audit lists events; what is told apart here is of which incidents.
	"Audit": {ask: desk.ActionJournal, each: desk.ActionView, rows: func(t testing.TB, r *desktest.Record, c desk.Caller) ([]row, error) {
		a, err := r.Audit(t.Context(), c, listsAt, desk.AuditAsk{Limit: 100_000})
		rows, err := rowsOf(a.Events, err, func(e desk.Audited) row { return row{key: "events", in: e.Incident} })
		slices.SortFunc(rows, func(a, b row) int { return strings.Compare(string(a.in), string(b.in)) })
		return slices.CompactFunc(rows, func(a, b row) bool { return a.in == b.in }), err
	}},
	"Sample": {ask: desk.ActionIncidents, each: desk.ActionView, rows: func(t testing.TB, r *desktest.Record, c desk.Caller) ([]row, error) {
		s, err := r.Sample(t.Context(), c, listsAt, "published before", 1, 0)
		return rowsOf(s.Incidents, err, func(in jurat.IncidentNumber) row { return row{key: string(in), in: in} })
	}},
}

func rowsOf[T any](all []T, err error, of func(T) row) ([]row, error) {
	rows := make([]row, len(all))
	for i, one := range all {
		rows[i] = of(one)
	}
	return rows, err
}

func byLine(all []desk.Line, err error) ([]row, error) {
	return rowsOf(all, err, func(l desk.Line) row { return row{key: string(l.Incident) + " " + l.Title, in: l.Incident} })
}

func ofRecord(r jurat.Record) row {
	return row{key: string(r.ID), in: r.Incident, about: &r, by: r.Author}
}

func scoped[T any](all []T, err error, of func(T) jurat.Hold) ([]row, error) {
	var rows []row
	for _, one := range all {
		h := of(one)
		if len(h.Scope) == 0 {
			rows = append(rows, row{key: string(h.ID), in: h.ID.Incident()})
		}
		for _, item := range h.Scope {
			in := item.Incident()
			if in == "" {
				in = jurat.IncidentNumber(item)
			}
			rows = append(rows, row{key: string(h.ID) + " of " + string(item), in: in})
		}
	}
	return rows, err
}

// A town is a record in which every list has something: of each incident a
// report that waits, footage, a gap, a notice, an edit list begun, and of two a
// disposal; holds over several; complaints; and one incident that a court
// expunged.
type town struct {
	*desktest.Record
	incidents []jurat.IncidentNumber // the last was expunged
	closed    map[jurat.IncidentNumber]bool
	referred  jurat.IncidentNumber // to the county's prosecutor
}

func newTown(t *testing.T, engine desktest.Engine) town {
	t.Helper()
	city, _ := neighbours(t, engine)
	v := town{Record: city, closed: map[jurat.IncidentNumber]bool{}}
	ctx, counsel, admin := t.Context(), v.As("counsel-3"), v.As("administrator-1")
	_, _, err := v.AdoptOrder(ctx, admin, desktest.Noon, "mcc.yaml", mustRead(t, "chicago-mcc-2-173.yaml"))
	must(t, err)
	_, err = v.RetirePerson(ctx, admin, desktest.Noon, "officer-4472", "left")
	must(t, err)
	ref := v.Approved(t)
	v.Send(t, ref.ID, desktest.Noon)
	v.referred = ref.Incident
	v.incidents = append(v.incidents, ref.Incident)
	for i, author := range []jurat.PersonID{"officer-4471", "supervisor-1102", "supervisor-1103", "detective-2208", "supervisor-1102"} {
		in, _, elsewhere := filmedTwice(t, v.Record)
		v.incidents = append(v.incidents, in)
		wrote(t, v.Record, "detective-2208", in, "preservation_notice", "", `{"to":"a store","basis":"courtesy","items_described":"a camera","sent_at":"2026-11-20T12:00:00Z","due_at":"2026-11-23T12:00:00Z"}`)
		wrote(t, v.Record, "evidence-7", in, "footage_gap", "", `{"camera_of":"officer-4471","why_missing":"unknown","found_at":"2026-11-21T12:00:00Z"}`)
		for _, editor := range []jurat.PersonID{"evidence-7", "counsel-3", "records-3"} {
			must(t, v.SaveEdits(ctx, v.As(editor), desktest.Noon, jurat.NumberItem(in, jurat.NounExhibit, 1), map[string][]string{"a": {"b"}}))
		}
		v.Added(t, author, in, jurat.TypeReport, desktest.Report())
		if i < 2 {
			settled(t, v.Record, in, listsAt)
			v.closed[in] = true
			_, _, err := v.ApproveDisposal(ctx, v.As("records-3"), listsAt, in, desk.Disposing{Certificate: "12-345", Backups: listsAt.Add(35 * oneDay)})
			must(t, err)
		} else if i < 4 {
			got[jurat.Hold, desk.Done](t)(v.PlaceHold(ctx, counsel, listsAt, in, "a petition", []jurat.ItemID{elsewhere}))
		}
	}
	for i, in := range v.incidents[:5] {
		next := v.incidents[(i+1)%5]
		got[jurat.Hold, desk.Done](t)(v.PlaceHold(ctx, counsel, listsAt, "", "a suit", []jurat.ItemID{jurat.ItemID(in), jurat.NumberItem(next, jurat.NounExhibit, 1)}))
	}
	for _, author := range []jurat.PersonID{"officer-4471", "supervisor-1102", "detective-2208"} {
		c := wrote(t, v.Record, author, "", "own_complaint", "", `{"received_at":"2026-11-20T10:00:00-06:00","owner_body":"unassigned","conduct":["escort"],"complainant":"by letter"}`)
		got[jurat.Record, desk.Done](t)(v.SubmitRecord(ctx, v.As(author), desktest.Noon, c.ID))
	}
	wrote(t, v.Record, "conduct-7", "", "complaint_step", "", `{"complaint":"record-1","owner_body":"bia","jurisdiction_basis":"an example","assigned_at":"2026-11-23T10:00:00-06:00"}`)
	for i := range 4 { // opened later than the others
		in, _, err := v.OpenIncident(ctx, v.As("officer-4471"), at(time.Duration(i+1)*oneDay), jurat.Opening{Title: "Vehicle stop"})
		must(t, err)
		if i%2 == 0 {
			_, err := v.CloseIncident(ctx, v.As("supervisor-1102"), listsAt, in.Number, "nothing awaits anybody")
			must(t, err)
			v.closed[in.Number] = true
		}
	}
	wrote(t, v.Record, "evidence-7", "", "footage_holder", "", `{"system":"camera-store","holder":"A unit","call":"desk 1"}`)
	ordered(t, v.Record, listsAt, jurat.Writ{Kind: jurat.WritExpunge, Incident: v.incidents[5], Backups: listsAt.Add(oneDay)})
	return v
}

func mustRead(t testing.TB, file string) []byte {
	t.Helper()
	text, err := orders.Read(file)
	must(t, err)
	return text
}

// everybody is who asks: each person there is, the operator, and nobody the
// record knows.
func (v town) everybody() []desk.Caller {
	all := []desk.Caller{{}, {Person: "nobody-1"}}
	for _, m := range desktest.Members {
		all = append(all, v.As(m.ID))
	}
	return all
}

// decides is the policy's word on a row of a list.
func (v town) decides(t testing.TB, c desk.Caller, l listing, r row) bool {
	t.Helper()
	if l.mine && r.by != c.Person || l.others && r.by == c.Person {
		return false
	}
	if r.in == "" && (r.about == nil || r.about.Wall == "") {
		return true // the house's own, as the list is
	}
	may, err := desk.Decides(t.Context(), v.Desk, c, l.each, r.in, r.about)
	must(t, err)
	return may
}

// A list is the policy's decision, row by row: who may have it gets the rows
// about which the policy says yes to them, each once, and no others; whatever
// courts have sealed, for whichever roles. Pages hold all of it, and none is
// short for what is left out.
func TestEveryListIsThePolicysDecisionRowByRow(t *testing.T) {
	engines(t, func(t *testing.T, engine desktest.Engine) {
		v := newTown(t, engine)
		// What a list has is what anybody gets of it while nothing is sealed.
		whole := map[string]map[string]row{}
		for name, l := range listings {
			whole[name] = map[string]row{}
			for _, c := range v.everybody() {
				rows, err := l.rows(t, v.Record, c)
				if err != nil && !errors.Is(err, jurat.Forbidden) && !errors.Is(err, jurat.NotFound) {
					t.Fatalf("%s for %q: %v", name, c.Person, err)
				}
				for _, r := range rows {
					whole[name][l.name(r)] = r
				}
			}
			if len(whole[name]) == 0 {
				t.Fatalf("%s has %d rows: the town has too little of it", name, len(whole[name]))
			}
			for _, r := range whole[name] {
				if r.in == v.incidents[5] {
					t.Fatalf("%s tells of what was expunged: %+v", name, r)
				}
			}
		}
		sealed := map[jurat.IncidentNumber]bool{}
		rapid.Check(t, func(rt *rapid.T) {
			roles := rapid.SliceOfNDistinct(rapid.SampledFrom(jurat.Roles[:10]), 1, 4, rapid.ID)
			for _, in := range v.incidents[:5] {
				switch {
				case rapid.Bool().Draw(rt, string(in)+" is sealed"):
					ordered(t, v.Record, listsAt, jurat.Writ{Kind: jurat.WritSeal, Incident: in, OpenTo: roles.Draw(rt, "but for")})
					sealed[in] = true
				case sealed[in]:
					ordered(t, v.Record, listsAt, jurat.Writ{Kind: jurat.WritUnseal, Incident: in})
					sealed[in] = false
				}
			}
			who := rapid.SliceOfNDistinct(rapid.IntRange(0, len(v.everybody())-1), 4, 4, rapid.ID).Draw(rt, "who asks")
			size := rapid.IntRange(1, 4).Draw(rt, "page")
			for _, i := range who {
				for name, l := range listings {
					v.holds(rt, t, v.everybody()[i], name, l, whole[name])
				}
				v.paged(rt, t, v.everybody()[i], size)
				v.narrowed(rt, t, v.everybody()[i], size)
			}
			c := v.everybody()[who[0]]
			for _, in := range v.incidents {
				may, err := desk.Decides(t.Context(), v.Desk, c, desk.ActionView, in, nil)
				must(t, err)
				if _, err := v.Show(t.Context(), c, listsAt, in); (err == nil) != may {
					rt.Errorf("%q opens %s: %v; the policy says %t", c.Person, in, err, may)
				}
			}
		})
	})
}

// name tells the rows of a list apart, also those that only one person has.
func (l listing) name(r row) string {
	if l.mine {
		return string(r.in) + " " + r.key + " of " + string(r.by)
	}
	return string(r.in) + " " + r.key
}

// holds holds one list as one person gets it to the policy.
func (v town) holds(rt *rapid.T, t *testing.T, c desk.Caller, name string, l listing, whole map[string]row) {
	may, err := desk.Decides(t.Context(), v.Desk, c, l.ask, "", nil)
	must(t, err)
	rows, err := l.rows(t, v.Record, c)
	if !may {
		if len(rows) > 0 || !errors.Is(err, jurat.Forbidden) && !errors.Is(err, jurat.NotFound) {
			rt.Errorf("%s for %q, who may have none: %d rows, %v", name, c.Person, len(rows), err)
		}
		return
	}
	must(t, err)
	want := map[string]bool{}
	for key, r := range whole {
		if v.decides(t, c, l, r) {
			want[key] = true
		}
	}
	for _, r := range rows {
		key := l.name(r)
		if !want[key] {
			rt.Errorf("%s gives %q %s of %q: the policy says no, or it came twice", name, c.Person, r.key, r.in)
		}
		delete(want, key)
	}
	for key := range maps.Keys(want) {
		rt.Errorf("%s keeps from %q %s: the policy says yes", name, c.Person, key)
	}
}

// paged reads the lists that have pages by pages of a size: all of it, in
// order, nothing twice.
func (v town) paged(rt *rapid.T, t *testing.T, c desk.Caller, size int) {
	for name, page := range map[string]func(after jurat.IncidentNumber, limit int) ([]desk.Line, error){
		"List": func(after jurat.IncidentNumber, limit int) ([]desk.Line, error) {
			return v.List(t.Context(), c, listsAt, after, limit)
		},
		"Search": func(after jurat.IncidentNumber, limit int) ([]desk.Line, error) {
			return v.Search(t.Context(), c, listsAt, desk.Sought{Words: "vehicle"}, after, limit)
		},
	} {
		whole, err := page("", 100)
		if err != nil {
			continue
		}
		var got []desk.Line
		for after := jurat.IncidentNumber(""); ; {
			lines, err := page(after, size)
			must(t, err)
			got = append(got, lines...)
			if len(lines) < size {
				break
			}
			after = lines[size-1].Incident
		}
		if !slices.Equal(got, whole) {
			rt.Errorf("%s for %q, %d at a time: %v; whole: %v", name, c.Person, size, got, whole)
		}
	}
}

// narrowed holds a search that is narrowed to the same search that is not: what
// fits, by what the lines say, and all of it, in order, nothing twice.
func (v town) narrowed(rt *rapid.T, t *testing.T, c desk.Caller, size int) {
	days := rapid.SampledFrom([]time.Time{{}, desktest.Noon, at(oneDay), at(2*oneDay + time.Microsecond), at(3 * oneDay), listsAt})
	sought := desk.Sought{
		Words: "vehicle", State: rapid.SampledFrom([]jurat.IncidentState{"", jurat.IncidentIsOpen, jurat.IncidentIsClosed}).Draw(rt, "state"),
		Order: rapid.SampledFrom([]string{"", "chicago-eo-2026-01"}).Draw(rt, "order"), From: days.Draw(rt, "from"), Until: days.Draw(rt, "until"),
	}
	whole, err := v.Search(t.Context(), c, listsAt, desk.Sought{Words: "vehicle"}, "", 100)
	if err != nil {
		return
	}
	want := slices.DeleteFunc(whole, func(l desk.Line) bool {
		return sought.State != "" && v.closed[l.Incident] != (sought.State == jurat.IncidentIsClosed) ||
			!sought.From.IsZero() && l.Opened.Before(sought.From) || !sought.Until.IsZero() && !l.Opened.Before(sought.Until)
	})
	without := sought
	if without.Words = ""; without != (desk.Sought{}) {
		lines, err := v.Search(t.Context(), c, listsAt, without, "", 100)
		must(t, err)
		if !slices.EqualFunc(lines, want, func(a, b desk.Line) bool { return a.Incident == b.Incident }) {
			rt.Errorf("%+v for %q: %v, want %v", without, c.Person, lines, want)
		}
	}
	var got []desk.Line
	for after := jurat.IncidentNumber(""); ; {
		lines, err := v.Search(t.Context(), c, listsAt, sought, after, size)
		must(t, err)
		got = append(got, lines...)
		if len(lines) < size {
			break
		}
		after = lines[size-1].Incident
	}
	if !slices.Equal(got, want) {
		rt.Errorf("%+v for %q, %d at a time: %v, want %v", sought, c.Person, size, got, want)
	}
}

// The inbox of a prosecutor's record is a list like the others, and has all
// that came in.
func TestAnInboxIsWithoutWhatACourtSealed(t *testing.T) {
	engines(t, func(t *testing.T, engine desktest.Engine) {
		city, county := neighbours(t, engine)
		ctx, admin, prosecutor := t.Context(), county.As("administrator-1"), county.As("prosecutor-12")
		county.Join(t, admin, desktest.Member{ID: "records-8", Office: "county-prosecutor", Role: jurat.RoleRecords})
		var all []jurat.Dossier
		for range 3 {
			_, sealed := city.Send(t, city.Approved(t).ID, desktest.Noon)
			all = append(all, taken(t, county, sealed, ""))
		}
		got[string, desk.Done](t)(county.SignReceipt(ctx, prosecutor, desktest.Noon, all[1].ID))
		inbox := func() (ids []jurat.ItemID) {
			t.Helper()
			list, err := county.Inbox(ctx, prosecutor, listsAt)
			must(t, err)
			for _, x := range list {
				ids = append(ids, x.Dossier.ID)
			}
			slices.Sort(ids)
			return ids
		}
		for set := range 1 << len(all) {
			var want []jurat.ItemID
			for i, x := range all {
				w := jurat.Writ{Kind: jurat.WritUnseal, Incident: x.Incident, Court: "Circuit court", Number: "26-118"}
				if set&(1<<i) != 0 {
					w.Kind, w.OpenTo = jurat.WritSeal, []jurat.Role{jurat.RoleRecords}
				} else {
					want = append(want, x.ID)
				}
				first := got[jurat.Writ, desk.Done](t)(county.ApproveWrit(ctx, county.As("records-8"), listsAt, w))
				got[jurat.Writ, desk.Done](t)(county.CarryOutWrit(ctx, prosecutor, listsAt, first.ID))
			}
			if ids := inbox(); !slices.Equal(ids, want) {
				t.Errorf("%d: the inbox has %v, want %v", set, ids, want)
			}
		}
	})
}

// What the house did about an incident that a court sealed tells nobody of it
// who may not open it: not the reason a hold was lifted for, not the order
// itself, disclosed from the log.
func TestWhatTheHouseDidTellsOfNoSealedIncident(t *testing.T) {
	r := desktest.City(t)
	ctx, counsel, records := t.Context(), r.As("counsel-3"), r.As("records-3")
	in, other := r.Opened(t), r.Opened(t)
	both := []jurat.ItemID{jurat.ItemID(in), jurat.ItemID(other)}
	got[jurat.Hold, desk.Done](t)(r.PlaceHold(ctx, counsel, at(0), "", "a petition", both))
	hold := got[jurat.Hold, desk.Done](t)(r.PlaceHold(ctx, counsel, at(0), "", "a suit", both))
	got[jurat.Hold, desk.Done](t)(r.ReleaseHold(ctx, counsel, at(0), hold.ID, "the quoll was settled"))
	w := got[jurat.Writ, desk.Done](t)(r.ApproveWrit(ctx, records, at(0), jurat.Writ{Kind: jurat.WritSeal, Incident: other, Court: "a court", Number: "1", OpenTo: []jurat.Role{jurat.RoleCounsel}}))
	got[jurat.Writ, desk.Done](t)(r.WithdrawWrit(ctx, records, at(0), w.ID, "the numbat was meant"))
	ordered(t, r, at(0), jurat.Writ{Kind: jurat.WritSeal, Incident: in, OpenTo: []jurat.Role{jurat.RoleCounsel, jurat.RoleRecords}})
	must(t, r.Publish(ctx))
	for who, want := range map[jurat.PersonID]struct{ hold, writ bool }{
		"counsel-3": {true, true}, "records-3": {true, true}, "supervisor-1102": {false, true},
		"officer-4471": {}, "auditor-1": {}, "conduct-7": {}, "administrator-1": {}, "": {},
	} {
		c := r.As(who)
		events, err := r.Events(ctx, c, at(time.Hour), "")
		must(t, err)
		_, _, absent := r.Disclose(ctx, c, at(time.Hour), "01a205e9-1fb3-725f-877d-faf913867ee7", []format.Claim{format.ClaimPayload})
		if who == "auditor-1" || who == "administrator-1" {
			a, err := r.Audit(ctx, c, at(time.Hour), desk.AuditAsk{Limit: 1000})
			must(t, err)
			for _, e := range a.Events {
				if e.Item.Noun == jurat.NounWrit && e.Note != "" || e.Item.Noun == jurat.NounHold && e.Note != "" {
					t.Errorf("%q audits %s: %q", who, e.Act, e.Note)
				}
			}
		}
		for _, e := range events {
			may := want.hold
			switch e.Item.Noun {
			case jurat.NounWrit:
				may = want.writ
			case jurat.NounHold:
			default:
				continue
			}
			noted := e.Act == jurat.HoldReleased || e.Act == jurat.WritWithdrawn
			if (e.Note != "") != (noted && may) {
				t.Errorf("%q is told of %s: %q", who, e.Act, e.Note)
			}
			text, _, err := r.Disclose(ctx, c, at(time.Hour), e.ID, []format.Claim{format.ClaimPayload})
			if may {
				must(t, err)
			} else if text != "" || err == nil || err.Error() != strings.ReplaceAll(absent.Error(), "01a205e9-1fb3-725f-877d-faf913867ee7", string(e.ID)) {
				t.Errorf("%q has %s disclosed: %q, %v; of what is absent: %v", who, e.Act, text, err, absent)
			}
		}
		if v, err := r.ShowHouse(ctx, c, at(time.Hour)); err != nil || (len(v.Holds) == 2) != (who != "conduct-7" && who != "administrator-1") || strings.Contains(string(mustJSON(t, v.Holds)), string(in)) != want.hold {
			t.Errorf("%q is shown the holds %s, %v", who, mustJSON(t, v.Holds), err)
		}
	}
	v, err := r.Show(ctx, r.As("officer-4471"), at(time.Hour), other)
	must(t, err)
	if len(v.Holds) != 1 || len(v.Holds[0].Value.Scope) != 1 {
		t.Errorf("the hold over both, in the one that is open: %+v", v.Holds)
	}
}

// unfiltered are the lists that are held to the policy elsewhere, or have no
// row that could be kept from somebody who may have the list.
var unfiltered = map[string]string{
	"Adoptions": "orders are public texts", "Alerts": "of the journal", "CompareTable": "of the table that is given", "Custody": "of one incident, which opens",
	"Dispatch": "of the tables on record", "Disposals": "of one incident, which opens", "Disputes": "of one incident, which opens",
	"Drafts": "the caller's own", "Events": "of one incident, which opens; of the house: TestWhatTheHouseDidTellsOfNoSealedIncident",
	"Holdings": "of the tables on record, without persons", "Imports": "of the house", "Inbox": "TestAnInboxIsWithoutWhatACourtSealed",
	"Journal": "its lines whole; their numbers: TestTheJournalNamesNoIncidentACourtHid", "Keys": "of the house", "JournalBack": "its lines whole; their numbers: TestTheJournalNamesNoIncidentACourtHid",
	"Letters": "what is done again after a restore, all of it", "Offices": "of the house", "People": "of the house",
	"RecordTypes": "of public texts: TestNobodyElseFindsAProsecutorsOwnWork", "RecordVersions": "of one record, which opens", "Replay": "what is done again after a restore, all of it",
	"SignOns": "of the house", "StopsApproval": "of the caller's own draft", "TrustOffices": "an act", "Writs": "what courts ordered is listed whole, to who carries it out",
}

func TestEveryListIsHeldToThePolicyOrSaysWhyNot(t *testing.T) {
	held := map[string]bool{}
	for name := range listings {
		first, _, _ := strings.Cut(strings.ReplaceAll(name, ",", ""), " ")
		held[first] = true
	}
	for m := range reflect.TypeFor[*desk.Desk]().Methods() {
		if slices.Contains(unasked, m.Name) || m.Type.NumOut() == 0 || m.Type.Out(0).Kind() != reflect.Slice || m.Type.Out(0).Elem().Kind() == reflect.Uint8 {
			continue
		}
		if _, ok := unfiltered[m.Name]; ok == held[m.Name] {
			t.Errorf("%s: add it to listings, or say in unfiltered why it is none of them", m.Name)
		}
	}
}

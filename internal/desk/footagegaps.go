package desk

import (
	"cmp"
	"context"
	"encoding/json"
	"iter"
	"slices"
	"sync"
	"time"

	"jurat"
	"jurat/internal/numbers"
	"jurat/internal/register"
	"jurat/order"
)

// A FootageGap is one recording that was to be expected, and what there is of
// it (EVD-7). Commander: nobody found out why it is missing within the time the
// order gives, so that it is asked about one rank higher.
type FootageGap struct {
	numbers.ExpectedFootage
	Label     order.Label `json:"reason,omitempty"` // in words, of the reason
	Since     time.Time   `json:"missing_since,omitzero"`
	Commander bool        `json:"commander,omitempty"`
}

// FootageGaps compares who was to have footage with what is on record here and
// elsewhere. It reads the tables given or, with none, the rosters and dispatch
// tables on record from since on; and beside them every gap on record that no
// row of them is about. A lawful gap is explained like any other, and none is a
// failure.
//
// It is journalled and opens no incident. Conflict: there is no
// table, given or on record, so that nothing says what was to be expected.
func (d *Desk) FootageGaps(ctx context.Context, c Caller, at time.Time, given []*numbers.Import, since time.Time) ([]FootageGap, error) {
	at = jurat.At(at)
	var all []FootageGap
	err := d.survey(ctx, c, at, func(tx *register.Tx, h hand) error {
		tables := given
		if len(tables) == 0 {
			for _, kind := range [...]numbers.Kind{numbers.Roster, numbers.Dispatch} {
				im, err := d.imported(tx, kind, since)
				if err != nil {
					return err
				}
				if len(im.Accepted) > 0 {
					tables = append(tables, im)
				}
			}
		}
		if len(tables) == 0 {
			return jurat.Errorf(jurat.Conflict, "no roster and no dispatch table since %s is given or on record, so nothing says whose footage was to be expected; give one with --roster or --dispatch, or import it", since.Format(time.DateOnly))
		}
		g := gaps{orders: h.house.orders.orders, at: at, known: map[jurat.ItemID]FootageGap{}, told: map[jurat.ItemID]bool{}}
		all = []FootageGap{}
		for _, im := range tables {
			found, err := numbers.ExpectFootage(im, d.seenFacts(tx, h, &g))
			if err != nil {
				return err
			}
			for _, e := range found {
				all = append(all, g.complete(e))
			}
		}
		for id, one := range g.known {
			if !g.told[id] && one.Missing() && (one.Since.IsZero() || !one.Since.Before(since)) { // no row is about it
				all = append(all, one)
			}
		}
		return nil
	})
	slices.SortStableFunc(all, func(a, b FootageGap) int {
		return cmp.Or(a.From.Compare(b.From), cmp.Compare(a.Incident, b.Incident), cmp.Compare(a.Event, b.Event), cmp.Compare(a.Member, b.Member))
	})
	return all, err
}

// seenFacts are the facts of the incidents somebody may see; the gaps on record
// in them are noted.
func (d *Desk) seenFacts(tx *register.Tx, h hand, g *gaps) iter.Seq2[order.Facts, error] {
	return func(yield func(order.Facts, error) bool) {
		// Who is of another office has no lists, so nothing has to be asked of the
		// transaction here, which is reading.
		read := func(f order.Facts) order.Facts {
			q := question{who: h, action: actionView, incident: f.Incident.Number}
			if may, _ := d.policy.allows(q); !may {
				return order.Facts{}
			}
			return g.note(f)
		}
		for f, err := range eachIncident(tx, &sweep{size: register.AllEvents, nouns: factNouns, hidden: h.house.hidden(h)}, read) {
			if err == nil && f.Incident.Number == "" {
				continue // not theirs to see
			}
			if !yield(f, err) {
				return
			}
		}
	}
}

// gaps are the records of footage that does not exist.
type gaps struct {
	orders []*order.Order
	at     time.Time
	mu     sync.Mutex
	known  map[jurat.ItemID]FootageGap
	told   map[jurat.ItemID]bool // those a row is about
}

// A gapRecord is what is read of a footage_gap.
type gapRecord struct {
	Camera string    `json:"camera_of"`
	Why    string    `json:"why_missing"`
	Found  time.Time `json:"found_at"`
}

// note keeps the gaps of an incident, with whether the order's time to find out
// why has run, and gives the facts with each gap as it was amended.
func (g *gaps) note(f order.Facts) order.Facts {
	says := asAmended[gapRecord](f.Records, typeGap)
	if len(says) == 0 {
		return f
	}
	f.Records = slices.DeleteFunc(slices.Clone(f.Records), func(r jurat.Record) bool { return r.Type == typeGap })
	for _, r := range says {
		f.Records = append(f.Records, jurat.Record{ID: r.Last, Incident: f.Incident.Number, Type: typeGap, Fields: r.Whole})
	}
	late := map[string]bool{}
	for _, duty := range order.Evaluate(g.orders, f, g.at).Duties {
		late[duty.Item] = late[duty.Item] || duty.State == order.Late
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, r := range says {
		one := FootageGap{Since: r.Says.Found, Label: g.label(r.Says.Why), Commander: late[string(r.Last)]}
		one.ExpectedFootage = numbers.ExpectedFootage{
			Incident: f.Incident.Number, Event: f.Incident.EventNumber, Member: r.Says.Camera, From: f.Incident.FirstKnowledge, Owner: Unassigned,
			State: numbers.FootageAbsent, Why: "there is none, and why is not known", Gap: r.Last, Reason: r.Says.Why,
		}
		if r.Says.Why != "" && r.Says.Why != string(jurat.Unknown) {
			one.State, one.Commander = numbers.FootageExplained, false
		}
		g.known[r.Last] = one
	}
	return f
}

// complete adds to an expected recording what its gap's record says. One that
// nobody recorded counts as found missing when the tour or the run ended.
func (g *gaps) complete(e numbers.ExpectedFootage) FootageGap {
	one := FootageGap{ExpectedFootage: e, Label: g.label(e.Reason)}
	if e.Gap != "" {
		g.mu.Lock()
		defer g.mu.Unlock()
		k := g.known[e.Gap]
		g.told[e.Gap] = true
		one.Since, one.Commander = k.Since, k.Commander && e.Missing()
		return one
	}
	if e.State != numbers.FootageAbsent {
		return one
	}
	one.Since = e.Until
	if one.Since.IsZero() {
		one.Since = e.From
	}
	fields, err := json.Marshal(map[string]any{"camera_of": e.Member, "why_missing": jurat.Unknown, "found_at": one.Since})
	if err != nil {
		return one
	}
	id := jurat.NumberItem(e.Incident, jurat.NounRecord, 1)
	asIf := order.Facts{Incident: jurat.Incident{Number: e.Incident, FirstKnowledge: one.Since}, Records: []jurat.Record{{ID: id, Type: typeGap, Fields: fields}}}
	for _, duty := range order.Evaluate(g.orders, asIf, g.at).Duties {
		one.Commander = one.Commander || duty.Item == string(id) && duty.State == order.Late
	}
	return one
}

// label is a reason in the words of the first order that has it.
func (g *gaps) label(reason string) order.Label {
	for _, o := range g.orders {
		t, _ := o.Table(tableGapReasons)
		for _, it := range t.Items {
			if it.ID == reason {
				return it.Label
			}
		}
	}
	return nil
}

// tableGapReasons is the orders' table of why footage is missing.
const tableGapReasons = "footage_gaps"

// Unassigned is said of what nobody is named to look after.
const Unassigned = order.Unassigned

package order

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"jurat"
)

func noDuty(o *Order, id string) error {
	return jurat.Errorf(jurat.NotFound, "%s has no duty %q", o.ID, id)
}

// A Comparison is what comes out differently of the same facts at the same
// moment under other orders, or another version of one. It rewrites nothing:
// what was done under the one keeps its version.
type Comparison struct {
	Duties []DutyChange `json:"duties,omitempty"`
	Gates  []GateChange `json:"gates,omitempty"`
}

// A DutyChange is a duty that stands otherwise. Was or Now is nil where the one
// side has no such duty, or no such item of it.
type DutyChange struct {
	ID    string   `json:"id"`
	Item  string   `json:"item,omitempty"`
	Title Label    `json:"title"`
	Was   *Duty    `json:"was,omitempty"`
	Now   *Duty    `json:"now,omitempty"`
	Say   []string `json:"say"` // what differs, one thing a line
}

// A GateChange is a gate that is open on one side alone, or closed for other
// reasons.
type GateChange struct {
	ID     GateID   `json:"id"`
	Was    bool     `json:"was_open"`
	Now    bool     `json:"now_open"`
	Gone   []Reason `json:"gone,omitempty"`
	Gained []Reason `json:"gained,omitempty"`
}

// Compare evaluates facts under two sets of orders at one moment and gives what
// differs, in the order of the evaluations. The same sets give an empty answer.
func Compare(f Facts, at time.Time, a, b []*Order) Comparison {
	was, now := Evaluate(a, f, at), Evaluate(b, f, at)
	var out Comparison
	for i := range was.Duties {
		d := &was.Duties[i]
		other := find(now.Duties, d)
		if say := differs(d, other); len(say) > 0 {
			out.Duties = append(out.Duties, DutyChange{ID: d.ID, Item: d.Item, Title: d.Title, Was: d, Now: other, Say: say})
		}
	}
	for i := range now.Duties {
		if d := &now.Duties[i]; find(was.Duties, d) == nil {
			out.Duties = append(out.Duties, DutyChange{ID: d.ID, Item: d.Item, Title: d.Title, Now: d, Say: differs(nil, d)})
		}
	}
	for i := range was.Gates {
		g, h := was.Gates[i], now.Gates[i]
		c := GateChange{ID: g.ID, Was: g.Open, Now: h.Open, Gone: without(g.Reasons, h.Reasons), Gained: without(h.Reasons, g.Reasons)}
		if c.Was != c.Now || len(c.Gone)+len(c.Gained) > 0 {
			out.Gates = append(out.Gates, c)
		}
	}
	return out
}

// find gives the same duty of another evaluation: two versions of an order
// share its id, and so do their duties.
func find(ds []Duty, d *Duty) *Duty {
	i := slices.IndexFunc(ds, func(x Duty) bool { return x.Order == d.Order && x.ID == d.ID && x.Item == d.Item })
	if i < 0 {
		return nil
	}
	return &ds[i]
}

func without(a, b []Reason) []Reason {
	return slices.DeleteFunc(slices.Clone(a), func(r Reason) bool {
		return slices.ContainsFunc(b, func(x Reason) bool { return x.Order == r.Order && x.ID == r.ID && x.Item == r.Item })
	})
}

func differs(a, b *Duty) []string {
	switch {
	case b == nil:
		return []string{"there is no such duty any more; it was " + words(a.State)}
	case a == nil:
		return []string{"there was no such duty; it is " + words(b.State)}
	}
	var out []string
	say := func(what, was, now string) {
		if was != now {
			out = append(out, fmt.Sprintf("%s: %s, was %s", what, now, was))
		}
	}
	say("state", words(a.State), words(b.State))
	say("due", dueText(a), dueText(b))
	say("owner", a.Owner, b.Owner)
	say("guards", orNone(names(a.Guards)), orNone(names(b.Guards)))
	say("local target", yesNo(a.Local), yesNo(b.Local))
	say("stands on", string(a.Basis), string(b.Basis))
	return out
}

func words[S ~string](s S) string { return strings.ReplaceAll(string(s), "_", " ") }

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func dueText(d *Duty) string {
	switch {
	case !d.Due.IsZero():
		return d.Due.Format(time.RFC3339)
	case d.Clock == ClockImmediately:
		return string(ClockImmediately)
	}
	return "not stated"
}

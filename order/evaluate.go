package order

import (
	"slices"
	"time"

	"jurat"
)

// A State says how a duty stands.
type State string

// The states of a duty.
const (
	NotApplicable State = "not_applicable"
	Owed          State = "owed"
	Met           State = "met"
	Late          State = "late"
	CannotTell    State = "cannot_tell" // a fact it depends on is not known
	Immediately   State = "immediately" // done; its seconds are shown and never judged
)

// States lists every state of a duty.
var States = [...]State{NotApplicable, Owed, Met, Late, CannotTell, Immediately}

// A Duty is one duty of one order, for one item where it is asked item by
// item, as it stands at a moment. It is derived and never stored as truth.
type Duty struct {
	Order        string     `json:"order"`
	ID           string     `json:"id"`
	Item         string     `json:"item,omitempty"`
	Title        Label      `json:"title"`
	Say          Label      `json:"say"`
	Owner        string     `json:"owner"`            // a role, a function, a body, or unassigned
	Role         string     `json:"role,omitempty"`   // of a duty whose owner a record names: who sees to it that one is named
	Period       string     `json:"period,omitempty"` // of a duty that recurs
	State        State      `json:"state"`
	Since        time.Time  `json:"since,omitzero"`  // where its clock starts
	Due          time.Time  `json:"due,omitzero"`    // zero: no time is stated
	MetAt        time.Time  `json:"met_at,omitzero"` // where the order says when it was met
	MetLate      bool       `json:"met_late,omitempty"`
	Seconds      *int64     `json:"seconds,omitempty"` // of an immediate duty: from since to done, or to now while owed
	Clock        ClockKind  `json:"clock"`
	Local        bool       `json:"local,omitempty"`           // the target is the city's own
	Warned       int        `json:"warned,omitempty"`          // the last warning passed, in the clock's unit
	WarnedBefore int        `json:"warned_before,omitempty"`   // the same, counted back from the end
	Unassigned   time.Time  `json:"unassigned_since,omitzero"` // zero where somebody owns it, or nobody knows since when
	Surges       []SurgeNow `json:"surges,omitempty"`          // the surge periods it falls into, with what they change
	Urgent       bool       `json:"urgent,omitempty"`
	Excuse       string     `json:"excuse,omitempty"` // the reason stated for not doing it
	Paused       string     `json:"paused,omitempty"` // the reason its clock stands still
	Guards       []GateID   `json:"guards,omitempty"`
	Why          []string   `json:"why"`             // the facts used, and what is missing
	Facts        []Fact     `json:"facts,omitempty"` // the same in words, of an evaluation that is [Explained]
	Footing
}

// Open reports whether the duty still asks somebody to do something.
func (d Duty) Open() bool { return d.State == Owed || d.State == Late || d.State == CannotTell }

// A Reason closes a gate, and says what a person can do about it.
type Reason struct {
	Order string   `json:"order"`
	ID    string   `json:"id"` // of the duty or the need
	Item  string   `json:"item,omitempty"`
	Say   string   `json:"say"` // in English; Label has the other languages
	Label Label    `json:"label,omitempty"`
	Why   []string `json:"why,omitempty"`
	Basis Basis    `json:"basis"`
}

// A Gate is open, or closed with reasons. Warnings come from entries nobody
// verified: they are shown and close nothing.
type Gate struct {
	ID       GateID   `json:"id"`
	Open     bool     `json:"open"`
	Reasons  []Reason `json:"reasons,omitempty"`
	Warnings []Reason `json:"warnings,omitempty"`
}

// For gives the gate's reasons as far as they concern one item: those about
// that item, and those about none.
func (g Gate) For(item string) []Reason {
	return slices.DeleteFunc(slices.Clone(g.Reasons), func(r Reason) bool { return r.Item != "" && r.Item != item })
}

// An OrderNow is how one order stands at the moment asked about.
type OrderNow struct {
	ID          string   `json:"id"`
	Standing    Standing `json:"standing"`
	Authority   string   `json:"authority,omitempty"`
	Then        Standing `json:"then,omitempty"`        // when the incident happened
	Retroactive bool     `json:"retroactive,omitempty"` // the incident happened before it: it is not cited as authority
	Suspended   string   `json:"suspended,omitempty"`   // why its duties are not owed
}

// An Evaluation is what follows from orders, facts and a moment.
type Evaluation struct {
	Incident jurat.IncidentNumber `json:"incident,omitempty"` // empty: the house
	At       time.Time            `json:"at"`
	Until    time.Time            `json:"-"` // before it no duty stands otherwise while the facts stay; At: no longer than that; zero: for good
	Orders   []OrderNow           `json:"orders"`
	Duties   []Duty               `json:"duties"`
	Gates    []Gate               `json:"gates"` // always the four, in the order of GateIDs
}

// Gate gives one gate of the evaluation.
func (e Evaluation) Gate(id GateID) Gate {
	for _, g := range e.Gates {
		if g.ID == id {
			return g
		}
	}
	return Gate{ID: id}
}

// Evaluate is [Evaluate] for one order alone.
func (o *Order) Evaluate(f Facts, at time.Time) Evaluation { return Evaluate([]*Order{o}, f, at) }

// Evaluate says what the adopted orders together make whom owe at a moment,
// and which gates are open. It is total: facts of any shape give an answer. It
// is deterministic, changes nothing, and may be called by many at once.
//
// A gate that no order speaks of is closed: nobody said what opens it.
func Evaluate(orders []*Order, f Facts, at time.Time) Evaluation {
	return evaluate(newView(orders, &f, at.UTC()))
}

// DutiesOf is [Evaluate] for a list of duties: without gates, and without the
// facts that say why a duty stands as it does.
func DutiesOf(orders []*Order, f Facts, at time.Time) Evaluation {
	v := newView(orders, &f, at.UTC())
	v.bare = true
	e := evaluate(v)
	e.Gates = nil
	return e
}

func evaluate(v *view) Evaluation {
	f, at, orders := v.f, v.at, v.orders
	out := Evaluation{Incident: f.Incident.Number, At: at}
	gates := [len(GateIDs)]Gate{}
	spoken := [len(GateIDs)]bool{}
	for i, id := range GateIDs {
		gates[i].ID = id
	}
	for _, o := range orders {
		s := newScene(o, v)
		out.Orders = append(out.Orders, s.now())
		for i := range o.Duties {
			rule := &o.Duties[i]
			if (rule.Scope == OfHouse) != (f.Incident.Number == "") {
				continue
			}
			for _, d := range s.duty(rule) {
				out.Duties = append(out.Duties, d)
				for _, g := range d.Guards {
					if !v.bare && d.Open() && d.Excuse == "" {
						gates[gateIndex(g)].close(Reason{Order: o.ID, ID: d.ID, Item: d.Item, Say: d.Say.String(), Label: d.Say, Why: d.Why, Basis: d.Basis})
					}
				}
			}
		}
		for i := range o.Gates {
			if v.bare {
				break
			}
			spoken[gateIndex(o.Gates[i].ID)] = true
			s.needs(&o.Gates[i], &gates[gateIndex(o.Gates[i].ID)])
		}
	}
	for i := range gates {
		if !spoken[i] {
			gates[i].close(Reason{ID: "no-rule", Say: "No adopted order says what opens this gate.", Basis: Choice})
		}
		gates[i].Open = len(gates[i].Reasons) == 0
	}
	out.Gates, out.Until = gates[:], v.until
	return out
}

func gateIndex(id GateID) int { return max(slices.Index(GateIDs[:], id), 0) }

// close adds a reason; one nobody verified is only a warning.
func (g *Gate) close(r Reason) {
	if r.Basis == Unverified {
		g.Warnings = append(g.Warnings, r)
		return
	}
	g.Reasons = append(g.Reasons, r)
}

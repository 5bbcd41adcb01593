package desk

import (
	"cmp"
	"context"
	"slices"
	"time"

	"jurat"
	"jurat/internal/register"
	"jurat/order"
)

// A FootageLine is one recording on its way to its last day: where it is, what
// keeps it, and whom to call (EVD-2, EVD-3).
type FootageLine struct {
	Incident jurat.IncidentNumber `json:"incident"`
	order.LastDay
	Presumed  bool        `json:"presumed,omitempty"` // its own date is not known: counted from the earliest possible day
	Kind      string      `json:"kind"`
	Held      jurat.Held  `json:"held"`
	System    string      `json:"system,omitempty"` // elsewhere
	Key       string      `json:"key,omitempty"`
	Grounds   []string    `json:"grounds"` // of its flags; none: nobody flagged it
	Confirmed *bool       `json:"confirmed_there,omitempty"`
	OnHold    bool        `json:"on_hold,omitempty"`
	Holder    *Holder     `json:"holder,omitempty"` // nil elsewhere: nobody said whom to call
	Notice    *NoticeLine `json:"notice,omitempty"` // the newest to its holder
}

// Settled reports that nothing is owed any more before the last day: the
// recording is preserved or held, or somebody decided that no ground applies.
func (l FootageLine) Settled() bool { return l.State == order.Met }

// A Holder is who runs another system and how their desk is reached, as a
// record of the house says.
type Holder struct {
	System string `json:"system"`
	Name   string `json:"holder"`
	Call   string `json:"call"`
	Hours  string `json:"hours,omitempty"`
}

// Footage is the morning list.
type Footage struct {
	Counted time.Time     `json:"counted"`
	Within  int           `json:"within_days"` // what is not yet warned of has this many days, or more
	Lines   []FootageLine `json:"lines"`
	Settled int           `json:"settled"` // lines left out, for nothing is owed about them
}

// Footage lists the recordings nearing the last day of their keeping, and those
// past it, as the adopted orders count: each from its first warning on or, with
// a day, each whose last day is that day or before. The earliest last day comes
// first; one that cannot be told comes before all. Those about which nothing is
// owed any more are counted, and listed with settled.
//
// It lists what the person may see, is journalled and opens no incident. Conflict: no adopted order counts a last day, so that an empty list
// would say nothing.
func (d *Desk) Footage(ctx context.Context, c Caller, at, by time.Time, settled bool) (Footage, error) {
	at = jurat.At(at)
	all := Footage{Counted: at}
	err := d.survey(ctx, c, at, func(tx *register.Tx, h hand) error {
		all.Lines, all.Settled = []FootageLine{}, 0
		orders := h.house.orders.orders
		var ok bool
		if all.Within, ok = order.Outlook(orders, at); !ok {
			return jurat.Errorf(jurat.Conflict, "no adopted order says when footage reaches its last day, so nothing can be counted; adopt the one that does, such as illinois-bwc-act.yaml")
		}
		holders, err := holdersOf(tx)
		if err != nil {
			return err
		}
		lines, err := seen(d, tx, h, func(f order.Facts) []FootageLine { return footageOf(f, orders, at) })
		if err != nil {
			return err
		}
		for _, l := range lines {
			switch {
			case !l.listed(by):
			case l.Settled() && !settled:
				all.Settled++
			default:
				l.Holder = holders[l.System]
				all.Lines = append(all.Lines, l)
			}
		}
		return nil
	})
	if err != nil {
		return Footage{}, err
	}
	slices.SortStableFunc(all.Lines, func(a, b FootageLine) int {
		return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.Incident, b.Incident), cmp.Compare(a.Item, b.Item))
	})
	return all, nil
}

// listed says whether a line belongs to the list: one whose last day cannot be
// told always does.
func (l FootageLine) listed(by time.Time) bool {
	if l.Due.IsZero() || by.IsZero() {
		return l.Due.IsZero() || l.Warned > 0 || l.Past
	}
	return l.On <= by.Format(time.DateOnly)
}

// footageOf counts the recordings of an incident toward their last days.
func footageOf(f order.Facts, orders []*order.Order, at time.Time) []FootageLine {
	counted := order.LastDays(orders, f, at)
	notices := noticesOf(f, at)
	lines := make([]FootageLine, 0, len(counted))
	for _, day := range counted {
		i := slices.IndexFunc(f.Exhibits, func(x jurat.Exhibit) bool { return string(x.ID) == day.Item })
		if i < 0 {
			continue // the duty is asked about something else
		}
		x := f.Exhibits[i]
		if x.Disposed != nil {
			continue // its last day is behind it
		}
		l := FootageLine{
			Incident: f.Incident.Number, LastDay: day, Presumed: x.Recorded.From.IsZero(), Kind: x.Kind, Held: x.Held, System: x.System, Key: x.Key, Grounds: []string{},
			OnHold: slices.ContainsFunc(f.Holds, func(h jurat.Hold) bool { return h.Holds(x.ID) }),
		}
		for _, flag := range f.Flags {
			if flag.Exhibit == x.ID {
				l.Grounds = append(l.Grounds, flag.Grounds...)
			}
		}
		if x.Held == jurat.HeldElsewhere {
			confirmed := !x.Confirmed.IsZero()
			l.Confirmed = &confirmed
		}
		for k := range notices {
			if n := &notices[k]; n.Exhibit == x.ID || n.Exhibit == "" && n.System != "" && n.System == x.System {
				l.Notice = n
			}
		}
		lines = append(lines, l)
	}
	return lines
}

// holdersOf are the desks to call, by system: of two records about one system
// the newer holds.
func holdersOf(tx *register.Tx) (map[string]*Holder, error) {
	records, err := loadAll[jurat.Record](tx, register.House, jurat.NounRecord)
	if err != nil {
		return nil, err
	}
	holders := map[string]*Holder{}
	for _, r := range asAmended[Holder](records, typeHolder) {
		if r.Says.System != "" {
			holders[r.Says.System] = &r.Says
		}
	}
	return holders, nil
}

// survey answers a question across incidents, and journals it. Who keeps the
// house's lists and may see no incident is refused.
func (d *Desk) survey(ctx context.Context, c Caller, at time.Time, fn func(*register.Tx, hand) error) error {
	var asked entry
	err := d.read(ctx, c, at, actionIncidents, "", func(tx *register.Tx, h hand) error {
		asked = question{who: h, action: actionIncidents}.entry(string(actionList))
		return fn(tx, h)
	})
	if err == nil {
		err = d.note(ctx, at, asked)
	}
	return err
}

// seen does work on the facts of every incident and gives the lines of those
// that the person may see, in the order of their numbers.
func seen[T any](d *Desk, tx *register.Tx, h hand, work func(order.Facts) []T) ([]T, error) {
	type found struct {
		in    jurat.IncidentNumber
		lines []T
	}
	var all []found
	for some, err := range eachIncident(tx, &sweep{size: register.AllEvents, nouns: factNouns, hidden: h.house.hidden(h)}, func(f order.Facts) found { return found{f.Incident.Number, work(f)} }) {
		switch {
		case err != nil:
			return nil, err
		case len(some.lines) > 0:
			all = append(all, some)
		}
	}
	slices.SortFunc(all, func(a, b found) int { return cmp.Compare(a.in, b.in) })
	lines := []T{}
	for _, some := range all {
		q := question{who: h, action: actionView, incident: some.in}
		if err := d.inform(tx, &q); err != nil {
			return nil, err
		}
		if may, _ := d.policy.allows(q); may {
			lines = append(lines, some.lines...)
		}
	}
	return lines, nil
}

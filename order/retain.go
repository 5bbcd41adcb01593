package order

import (
	"fmt"
	"slices"
	"time"

	"jurat"
)

// A Shield says what kind of thing protects an exhibit from disposal.
type Shield string

// The shields.
const (
	ShieldHold     Shield = "hold"          // beats every schedule (LAW-3)
	ShieldOpen     Shield = "open_incident" // the incident is not closed (EVD-6)
	ShieldReferral Shield = "referral"      // somebody may still ask for it
	ShieldFlag     Shield = "flag"          // a ground, and its time
	ShieldMinimum  Shield = "minimum"       // a schedule's time is not over
	ShieldSchedule Shield = "no_schedule"   // nothing adopted says that it may go (LAW-1)
	ShieldGate     Shield = "gate"          // an order's own gate is closed
	ShieldCopy     Shield = "copy"          // what was made from it is held or flagged
	ShieldPending  Shield = "disposal"      // another disposal names it
	ShieldGone     Shield = "disposed"
)

// A Protection is one thing that protects an exhibit.
type Protection struct {
	By    Shield `json:"by"`
	ID    string `json:"id,omitempty"` // of the hold, the flag, the referral, the rule or the need
	Say   string `json:"say"`          // in English
	Label Label  `json:"-"`            // a gate's reason in every language its order has; nil: nobody else says it
}

// A Reach is a schedule that applies to an exhibit, with its times.
type Reach struct {
	Order   string       `json:"order"`
	Version jurat.Digest `json:"version"`
	ID      string       `json:"id"`
	Title   Label        `json:"title"`
	Minimum Period       `json:"minimum,omitzero"`
	Maximum Period       `json:"maximum,omitzero"`
	Since   time.Time    `json:"since"`          // the latest moment the minimum may count from
	Until   time.Time    `json:"until,omitzero"` // the minimum's end; zero: none is stated
	Past    time.Time    `json:"past,omitzero"`  // the maximum's end; zero: none is stated
	Footing
}

// Name is ORDER/SCHEDULE.
func (r Reach) Name() string { return r.Order + "/" + r.ID }

// A Retention is how one exhibit stands to the schedules and to what beats
// them. It may be disposed of when By names a schedule and nothing protects it.
type Retention struct {
	Exhibit     jurat.ItemID `json:"exhibit"`
	Kind        string       `json:"kind"`
	By          *Reach       `json:"by,omitempty"`  // the schedule that reaches it now
	Schedules   []Reach      `json:"schedules"`     // all that apply
	Protections []Protection `json:"protections"`   // empty: it may be disposed of
	Past        time.Time    `json:"past,omitzero"` // the earliest maximum
	Overdue     bool         `json:"overdue"`       // past it, and no ground keeps the exhibit
}

// Open reports whether nothing stands in the way of disposing of it.
func (r Retention) Open() bool { return r.By != nil && len(r.Protections) == 0 }

// Retain says of every exhibit of an incident how it stands to the schedules of
// the orders at a moment. An exhibit is reached by a schedule whose minimum is
// over, and every schedule that applies protects it until its own is; where a
// minimum is not stated, nobody knows when it is over, and it protects. What
// nobody verified protects, and reaches nothing: an erasure cannot be taken
// back. The same holds of an order that is not in force. Without any schedule
// nothing can be disposed of (LAW-1).
//
// What was made from an exhibit (a preview, a redaction) is kept as its source
// is, by the source's kind, age and flags and its own flags and holds besides:
// a copy does not outlive what it shows, and protects it while it is protected.
//
// Times count from the end of the recording; where it is not stated, or lies
// before the incident may have begun, as of a device whose clock was not set,
// the minimum counts from when the exhibit was received, and the maximum from
// the oldest day it may be of (EVD-2). What is flagged counts from its last
// flag, if that is later.
func Retain(orders []*Order, f Facts, at time.Time) []Retention {
	v := newView(orders, &f, at.UTC())
	all := make([]Retention, 0, len(f.Exhibits))
	for i := range f.Exhibits {
		all = append(all, v.retain(&f.Exhibits[i]))
	}
	for i := range f.Exhibits {
		v.shieldSources(all, i)
	}
	return all
}

// shieldSources protects what exhibit i was made from while i itself is held or
// flagged.
func (v *view) shieldSources(all []Retention, i int) {
	kept := slices.ContainsFunc(all[i].Protections, func(p Protection) bool { return p.By == ShieldHold || p.By == ShieldFlag })
	from := v.f.Exhibits[i].DerivedFrom
	for range v.f.Exhibits {
		k := slices.IndexFunc(v.f.Exhibits, func(y jurat.Exhibit) bool { return kept && from != "" && y.ID == from })
		if k < 0 || k == i || v.f.Exhibits[k].Disposed != nil {
			return
		}
		all[k].shield(ShieldCopy, string(all[i].Exhibit), "%s was made from it, and is held or flagged", all[i].Exhibit)
		from = v.f.Exhibits[k].DerivedFrom
	}
}

func (v *view) retain(x *jurat.Exhibit) Retention {
	r := Retention{Exhibit: x.ID, Kind: x.Kind, Schedules: []Reach{}, Protections: []Protection{}}
	if x.Disposed != nil {
		r.shield(ShieldGone, string(x.Disposed.Disposal), "it was disposed of on %s under certificate %s", x.Disposed.At.Format(time.DateOnly), x.Disposed.Certificate)
		return r
	}
	source := v.source(x)
	for i := range v.f.Holds {
		if h := &v.f.Holds[i]; h.Holds(x.ID) || h.Holds(source.ID) {
			r.shield(ShieldHold, string(h.ID), "hold %s is in force (%s): it beats every schedule", h.ID, h.Matter)
		}
	}
	used := false
	for i := range v.f.Referrals {
		k := &v.f.Referrals[i]
		if k.Pending() {
			r.shield(ShieldReferral, string(k.ID), "referral %s is %s: the office it went to may still ask for it", k.ID, k.State)
		}
		used = used || len(k.Dossiers) > 0 && k.State != jurat.ReferralIsWithdrawn && k.State != jurat.ReferralDeclined
	}
	flags := v.flagsOf(source.ID)
	if source != x {
		flags = slices.Concat(flags, v.flagsOf(x.ID))
	}
	youngest, oldest := ages(source, &v.f.Incident)
	for _, fl := range flags {
		v.shieldFlag(&r, fl)
		if fl.At.After(youngest) {
			youngest = fl.At
		}
	}
	applies := map[string]bool{"always": true, "unflagged": len(flags) == 0, "flagged": len(flags) > 0, "used_in_proceeding": used}
	for _, o := range v.orders {
		for i := range o.Schedules {
			if s := &o.Schedules[i]; applies[s.When] && slices.Contains(s.Kinds, source.Kind) {
				v.reach(&r, o, s, youngest, oldest)
			}
		}
	}
	switch {
	case len(r.Schedules) == 0:
		r.shield(ShieldSchedule, "", "no schedule of an adopted order is about an exhibit of the kind %q: without one nothing is disposed of (LAW-1)", source.Kind)
	case r.By == nil && !slices.ContainsFunc(r.Protections, func(p Protection) bool { return p.By == ShieldMinimum }):
		r.shield(ShieldSchedule, "", "no schedule that is verified and in force says that it may be disposed of (LAW-1)")
	}
	// Of several maxima the earliest is meant; a ground, or a hold, keeps it.
	r.Overdue = !r.Past.IsZero() && !v.at.Before(r.Past) &&
		!slices.ContainsFunc(r.Protections, func(p Protection) bool { return p.By == ShieldHold || p.By == ShieldFlag || p.By == ShieldReferral })
	return r
}

// source is the exhibit that x was made from, first of all; x itself if it was
// made from none that is on record.
func (v *view) source(x *jurat.Exhibit) *jurat.Exhibit {
	for range v.f.Exhibits { // no longer than a chain can be
		i := slices.IndexFunc(v.f.Exhibits, func(y jurat.Exhibit) bool { return x.DerivedFrom != "" && y.ID == x.DerivedFrom })
		if i < 0 {
			break
		}
		x = &v.f.Exhibits[i]
	}
	return x
}

// reach adds a schedule that applies, and what it protects from.
func (v *view) reach(r *Retention, o *Order, s *Schedule, youngest, oldest time.Time) {
	one := Reach{Order: o.ID, Version: o.Digest, ID: s.ID, Title: s.Title, Minimum: s.Minimum, Maximum: s.Maximum, Since: youngest, Footing: s.Footing}
	if s.Maximum.Stated() {
		one.Past = o.after(s.Maximum, oldest)
		if s.When == "flagged" {
			one.Past = o.after(s.Maximum, youngest)
		}
		if s.Basis != Unverified && (r.Past.IsZero() || one.Past.Before(r.Past)) {
			r.Past = one.Past
		}
	}
	standing, _ := o.StatusAt(v.at)
	switch name := one.Name(); {
	case s.Minimum.None:
		r.shield(ShieldMinimum, name, "%s keeps it without end", name)
	case !s.Minimum.Stated():
		r.shield(ShieldMinimum, name, "%s states no minimum: nobody knows from when it may be disposed of", name)
	default:
		one.Until = o.after(s.Minimum, youngest)
		switch {
		case v.at.Before(one.Until):
			r.shield(ShieldMinimum, name, "%s keeps it for %s, until %s", name, s.Minimum, one.Until.In(o.Zone).Format("2006-01-02 15:04"))
		case s.Basis == Unverified:
			r.shield(ShieldSchedule, name, "%s is over, and nobody verified it: it lets nothing be disposed of until it is stated, reported or adopted as a choice", name)
		case standing != InForce && standing != Disputed:
			r.shield(ShieldSchedule, name, "the order of %s is %s: it lets nothing be disposed of", name, standing)
		case r.By == nil || one.Until.After(r.By.Until):
			r.By = &one
		}
	}
	r.Schedules = append(r.Schedules, one)
}

// shieldFlag adds what the grounds of a flag protect.
func (v *view) shieldFlag(r *Retention, fl *jurat.Flag) {
	for _, id := range fl.Grounds {
		known := false
		for _, o := range v.orders {
			i := slices.IndexFunc(o.Grounds, func(g Ground) bool { return g.ID == id })
			if i < 0 {
				continue
			}
			known = true
			g := &o.Grounds[i]
			switch until := o.after(g.Minimum, fl.At); {
			case !g.Minimum.Stated():
				r.shield(ShieldFlag, string(fl.ID), "flag %s, ground %s: %s states no end to it", fl.ID, id, o.ID)
			case v.at.Before(until):
				r.shield(ShieldFlag, string(fl.ID), "flag %s, ground %s: kept for %s, until %s", fl.ID, id, g.Minimum, until.In(o.Zone).Format("2006-01-02 15:04"))
			case g.Basis == Unverified:
				r.shield(ShieldFlag, string(fl.ID), "flag %s, ground %s: its %s are over, and nobody verified them", fl.ID, id, g.Minimum)
			}
		}
		if !known {
			r.shield(ShieldFlag, string(fl.ID), "flag %s, ground %q: no adopted order says how long it keeps it", fl.ID, id)
		}
	}
}

func (r *Retention) shield(by Shield, id, format string, args ...any) {
	r.Protections = append(r.Protections, Protection{By: by, ID: id, Say: fmt.Sprintf(format, args...)})
}

// ages gives the youngest and the oldest an exhibit may be.
func ages(x *jurat.Exhibit, in *jurat.Incident) (youngest, oldest time.Time) {
	recorded := x.Recorded.To
	if recorded.IsZero() {
		recorded = x.Recorded.From
	}
	youngest = x.ReceivedAt
	begins := in.Occurred.From
	believed := !recorded.IsZero() && x.Recorded.Precision != "unknown" && !recorded.After(x.ReceivedAt) && (begins.IsZero() || !x.Recorded.From.Before(begins.Add(-24*time.Hour)))
	if believed {
		youngest = recorded
	}
	oldest = youngest
	for _, t := range [...]time.Time{x.Recorded.From, in.Occurred.From, in.FirstKnowledge, x.ReceivedAt} {
		if !t.IsZero() {
			oldest = t
			break
		}
	}
	return youngest, oldest
}

// Newly gives what an order file, adopted in place of its earlier version,
// would reach that nothing reaches now, and what it would no longer reach: of
// the retentions before and after, those whose answer differs.
func Newly(before, after []Retention) (reached, spared []Retention) {
	for _, now := range after {
		i := slices.IndexFunc(before, func(r Retention) bool { return r.Exhibit == now.Exhibit })
		was := i >= 0 && before[i].Open()
		switch {
		case now.Open() && !was:
			reached = append(reached, now)
		case was && !now.Open():
			spared = append(spared, now)
		}
	}
	return reached, spared
}

package numbers

import (
	"slices"
	"time"

	"jurat"
	"jurat/order"
)

// A gapClass is one thing that is not known, refused or overdue, and how it is
// counted (PUB-2). when gives the months under which an incident is counted.
type gapClass struct {
	id   string
	when func(c *counter, f *order.Facts) []time.Time
}

// gapClasses is the closed list of gaps that are counted month by month. A gap
// without a query fails the publication.
func gapClasses() []gapClass {
	incident := func(is func(c *counter, f *order.Facts) bool) func(*counter, *order.Facts) []time.Time {
		return func(c *counter, f *order.Facts) []time.Time {
			if is(c, f) {
				return []time.Time{happened(f.Incident)}
			}
			return nil
		}
	}
	outcome := func(want jurat.Outcome) func(*counter, *order.Facts) []time.Time {
		return incident(func(c *counter, f *order.Facts) bool {
			return slices.ContainsFunc(standing(f.Records, string(jurat.TypeIdentification)), func(r *jurat.Record) bool {
				return c.read(r).text("outcome") == string(want)
			})
		})
	}
	answered := func(want jurat.ReferralState) func(*counter, *order.Facts) []time.Time {
		return func(_ *counter, f *order.Facts) []time.Time {
			var out []time.Time
			for _, r := range f.Referrals {
				for _, a := range r.Answers {
					if a.State == want && !a.Early {
						out = append(out, a.At)
						break
					}
				}
			}
			return out
		}
	}
	return []gapClass{
		{"no_footage", incident(func(_ *counter, f *order.Facts) bool { return !slices.ContainsFunc(f.Exhibits, isFootage) })},
		{"identification_refused", outcome(jurat.OutcomeRefused)},
		{"identification_no_answer", outcome(jurat.OutcomeNoAnswer)},
		{"agency_not_established", incident(func(c *counter, f *order.Facts) bool {
			o := c.observed(f)
			return o.some && slices.Equal(o.agencies, []string{notEstablished})
		})},
		{"no_activity_record", incident(func(c *counter, f *order.Facts) bool { return !c.observed(f).some })},
		{"referrals_sent", func(_ *counter, f *order.Facts) []time.Time {
			var out []time.Time
			for _, r := range f.Referrals {
				if at := sentAt(r, f.Dossiers); !at.IsZero() {
					out = append(out, at)
				}
			}
			return out
		}},
		{"referrals_returned", answered(jurat.ReferralUnprocessed)},
		{"referrals_declined", answered(jurat.ReferralDeclined)},
	}
}

// footageKinds are the kinds of exhibit that are moving pictures.
var footageKinds = [...]string{"bwc", "in_car", "drone", "station_cctv", "city_pod", "private_video"}

func isFootage(x jurat.Exhibit) bool { return slices.Contains(footageKinds[:], x.Kind) }

// sentAt is when a referral was sent: its first dossier's time, or that of its
// approval where the dossier is not among the facts; zero while it was not.
func sentAt(r jurat.Referral, dossiers []jurat.Dossier) time.Time {
	before := []jurat.ReferralState{jurat.ReferralIsPrepared, jurat.ReferralIsApproved, jurat.ReferralIsWithdrawn}
	if slices.Contains(before, r.State) {
		return time.Time{}
	}
	for _, id := range r.Dossiers {
		for _, d := range dossiers {
			if d.ID == id {
				return d.At
			}
		}
	}
	return r.ApprovedAt
}

// A gapLine is one gap while it is counted.
type gapLine struct {
	gapClass
	n, few, last []int
	all, lastAll int
	fewOf        int
}

func (c *counter) openGaps() error {
	c.types = activityTypes(c.order)
	for _, by := range c.series.By {
		if by != "month" && by != "gap" {
			return jurat.Errorf(jurat.Conflict, "the series %q of %s counts gaps by %s: want month and gap", c.series.ID, c.order.ID, by)
		}
	}
	for _, g := range gapClasses() {
		if g.when == nil {
			return jurat.Errorf(jurat.Conflict, "the gap %q has no query: nothing is published without it (PUB-2)", g.id)
		}
		if len(c.types) == 0 && (g.id == "agency_not_established" || g.id == "no_activity_record") {
			continue // the order has no activity documented
		}
		k := len(c.months)
		c.gaps = append(c.gaps, &gapLine{gapClass: g, n: make([]int, k), few: make([]int, k), last: make([]int, k)})
	}
	return nil
}

func (c *counter) countGaps(f *order.Facts) {
	for _, g := range c.gaps {
		for _, at := range g.when(c, f) {
			if m := c.month(at); m >= 0 && !at.IsZero() {
				g.n[m]++
				g.all++
				if g.last[m] != c.seen {
					g.last[m] = c.seen
					g.few[m]++
				}
				if g.lastAll != c.seen {
					g.lastAll = c.seen
					g.fewOf++
				}
			}
		}
	}
}

// An Overdue is a duty of the house that was past its time when the period
// ended: guidance not on file, a report not sent. It says "not on file", which
// is not "not done" (ORD-3).
type Overdue struct {
	Order  string      `json:"order"`
	Duty   string      `json:"duty"`
	Title  order.Label `json:"title"`
	Local  bool        `json:"local_target"`
	Number *int        `json:"n"` // nil: withheld
}

// overdue counts the late duties of the house, zero printed as zero. A duty
// asked item by item is about items that may be people's, so small numbers of
// it are withheld; one asked of the whole house is about a document.
func overdue(in Input, below int) []Overdue {
	var out []Overdue
	for _, o := range in.Orders {
		at := in.Period.End(o.Zone)
		e := order.Evaluate([]*order.Order{o}, in.House, at)
		for i := range o.Duties {
			rule := &o.Duties[i]
			if rule.Scope != order.OfHouse || rule.Clock.Kind != order.ClockWithin {
				continue
			}
			n := 0
			for _, d := range e.Duties {
				if d.ID == rule.ID && d.State == order.Late {
					n++
				}
			}
			line := Overdue{Order: o.ID, Duty: rule.ID, Title: rule.Title, Local: rule.Clock.Local, Number: &n}
			if rule.Each != "" && small(n, below) {
				line.Number = nil
			}
			out = append(out, line)
		}
	}
	return out
}

package numbers

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"jurat"
	"jurat/order"
)

const (
	typeCitation = "citation"
	typeService  = "citation_service"
	typeStep     = "citation_step"
	typeAppeal   = "appeal"
	typeCost     = "cost_entry"
)

// mostCents bounds one amount, as the order files do; sums stay exact.
const mostCents = 100_000_000_000

// Citations lists the citations issued in the period and what became of each,
// in whole cents (PDX-3, PDX-5). Its dates are alleged dates, the owner's name
// stands under seal and not here, and a draft is counted and not listed. Two
// citations of one number, or an amount that is no whole number of cents, are
// Conflict.
func Citations(in Input, screen *Screen) (*Report, error) {
	r, o, err := begins(in, "citations", "Citations, their amounts and what became of them", typeCitation)
	if err != nil {
		return nil, err
	}
	t := Sheet{ID: "citations", Title: "Citations issued", Columns: []Column{
		{"citation", "Citation", number}, {"under", "Under", words}, {"ordinal", "Ordinal", coded}, {"dates", "Alleged dates", coded}, {"grouping", "Counted", coded},
		{"amount_cents", "Amount in cents", coded}, {"amount", "Amount", coded}, {"served", "Served", coded}, {"appeal_by", "Appeal by", coded},
		{"appeal", "Appeal", coded}, {"steps", "Steps", coded},
	}}
	drafts, charged, paid, protested, ended := 0, int64(0), int64(0), int64(0), 0
	numbers := map[string]bool{}
	var wrong error
	one := func(f *order.Facts) {
		for _, rec := range standing(f.Records, typeCitation) {
			v := read(rec)
			issued := rec.ApprovedAt
			if rec.State != jurat.RecordApprove {
				if in.Period.Has(rec.WrittenAt, o.Zone) {
					drafts++
				}
				continue
			}
			if !in.Period.Has(issued, o.Zone) {
				continue
			}
			no := v.text("citation_no")
			cents, ok := v.whole("amount_cents")
			switch {
			case wrong != nil:
				return
			case no == "" || numbers[no]:
				wrong = jurat.Errorf(jurat.Conflict, "the citation of record %s has no number, or one that another has: nothing is added up", rec.ID)
				return
			case !ok || cents < 0 || cents > mostCents:
				wrong = jurat.Errorf(jurat.Conflict, "the amount of citation %s is no whole number of cents: nothing is added up", no)
				return
			}
			numbers[no] = true
			charged += cents
			s := stepsOf(o, f, no)
			paid, protested = paid+s.paid, protested+s.protested
			if s.ended {
				ended++
			}
			ordinal, _ := v.whole("ordinal")
			t.Rows = append(t.Rows, []string{
				no, v.text("under"), strconv.FormatInt(ordinal, 10), dates(v.texts("alleged_dates")), grouping(v.text("grouping")),
				strconv.FormatInt(cents, 10), dollars(cents), s.served, s.appealBy, s.appeal, s.steps,
			})
		}
	}
	one(&in.House)
	for f, err := range in.Facts {
		if err != nil {
			return nil, err
		}
		one(&f)
	}
	if wrong != nil {
		return nil, wrong
	}
	t.sort()
	r.Tables = []Sheet{t}
	r.figure("citations", "Citations issued", len(t.Rows))
	r.figure("drafts", "Drafts, not listed", drafts)
	r.figure("ended", "Of those issued, vacated or withdrawn", ended)
	r.cents("charged", "Amounts as issued", charged)
	r.cents("paid", "Recorded as paid", paid)
	r.cents("paid_under_protest", "Of this, paid under protest", protested)
	r.Statement = "The dates are alleged dates until a body with that power has upheld them. A stay, a challenge and an appeal stand beside each citation."
	return r, screen.check(r, o)
}

func dates(list []string) string {
	out := []string{}
	for _, d := range list {
		if _, err := ParseMonth(d[:min(len(d), 7)]); err == nil && len(d) == 10 {
			out = append(out, d)
		}
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

func grouping(code string) string {
	switch code {
	case "per_day":
		return "per day"
	case "per_event":
		return "per event"
	}
	return "not stated"
}

// became is what became of one citation.
type became struct {
	served, appealBy, appeal, steps string
	paid, protested                 int64
	ended                           bool
}

func stepsOf(o *order.Order, f *order.Facts, no string) became {
	b := became{served: "not on file", appealBy: "not stated", appeal: "none on file"}
	for _, rec := range standing(f.Records, typeService) {
		if v := read(rec); v.text("citation_no") == no {
			b.served, b.appealBy = day(v.when("served_at"), o.Zone), day(v.when("appeal_by"), o.Zone)
		}
	}
	var steps []string
	for _, rec := range standing(f.Records, typeStep) {
		v := read(rec)
		if v.text("citation_no") != no {
			continue
		}
		cents, _ := v.whole("amount_cents")
		cents = min(max(cents, 0), mostCents)
		switch v.text("step") {
		case "paid_under_protest":
			b.protested += cents
			b.paid += cents
		case "paid":
			b.paid += cents
		case "vacated", "withdrawn":
			b.ended = true
		}
		steps = append(steps, day(v.when("at"), o.Zone)+" "+lookup(o, "steps", v.text("step")))
	}
	slices.Sort(steps)
	b.steps = strings.Join(steps, "; ")
	for _, rec := range standing(f.Records, typeAppeal) {
		v := read(rec)
		if v.text("citation_no") != no {
			continue
		}
		results := []string{"pending", "upheld", "reduced", "vacated", "withdrawn"}
		if b.appeal = v.text("result"); !slices.Contains(results, b.appeal) {
			b.appeal = "result not known"
		}
	}
	return b
}

// Costs is the ledger of what a facility cost the city, for the impact fee
// (PDX-4), in whole cents. A cost without its event, its rate or an amount that
// follows from them is left out of the bill and listed with the reason.
func Costs(in Input, screen *Screen) (*Report, error) {
	r, o, err := begins(in, "costs", "Costs attributable to a facility", typeCost)
	if err != nil {
		return nil, err
	}
	billed := Sheet{ID: "billed", Title: "Costs in the bill", Columns: []Column{
		{"bureau", "Bureau", coded}, {"event", "Event", number}, {"date", "Incident of", coded}, {"basis", "Basis", coded}, {"minutes", "Minutes", coded},
		{"rate_cents", "Rate in cents an hour", coded}, {"rate_source", "Source of the rate", words}, {"cents", "Cents", coded}, {"amount", "Amount", coded},
	}}
	left := Sheet{ID: "left_out", Title: "Costs left out of the bill", Columns: []Column{
		{"record", "Record", coded}, {"bureau", "Bureau", coded}, {"cents", "Cents as entered", coded}, {"why", "Why", coded},
	}}
	total, bureaus := int64(0), map[string]int64{}
	err = each(in, typeCost, func(f *order.Facts, rec *jurat.Record, v fields) {
		if !in.Period.Has(happened(f.Incident), o.Zone) {
			return
		}
		cents, why := cost(v)
		if why == "" && total > math.MaxInt64-cents {
			why = "the bill is larger than can be added up"
		}
		bureau := lookup(o, "bureaus", v.text("bureau"))
		if why != "" {
			left.Rows = append(left.Rows, []string{string(rec.ID), bureau, wholeOr(v, "amount_cents"), why})
			return
		}
		total += cents
		bureaus[v.text("bureau")] += cents
		minutes, rate := wholeOr(v, "minutes"), wholeOr(v, "rate_cents")
		basis := "hours at a rate"
		if v.text("basis_kind") == "invoice" {
			basis, minutes, rate = "invoice", "", ""
		}
		billed.Rows = append(billed.Rows, []string{
			bureau, v.text("event"), day(happened(f.Incident), o.Zone), basis, minutes, rate, v.text("rate_source"), strconv.FormatInt(cents, 10), dollars(cents),
		})
	})
	if err != nil {
		return nil, err
	}
	billed.sort()
	left.sort()
	r.Tables = []Sheet{billed, left}
	r.figure("entries", "Costs in the bill", len(billed.Rows))
	r.figure("left_out", "Costs left out and listed", len(left.Rows))
	r.cents("total", "Total", total)
	t, _ := o.Table("bureaus")
	for _, it := range t.Items {
		r.cents("bureau."+it.ID, it.Label.String(), bureaus[it.ID])
	}
	r.Statement = "Only costs with their event, why they are attributable, and an amount that follows from minutes and rate to the cent are in the bill."
	return r, screen.check(r, o)
}

// cost gives the cents of an entry, or why it is not billed.
func cost(v fields) (int64, string) {
	cents, ok := v.whole("amount_cents")
	minutes, hasMinutes := v.whole("minutes")
	rate, hasRate := v.whole("rate_cents")
	switch {
	case !ok || cents < 0 || cents > mostCents:
		return 0, "the amount is no whole number of cents"
	case v.has("currency") && v.text("currency") != "USD":
		return 0, "the amount is not in dollars"
	case v.text("event") == "":
		return 0, "no event"
	case v.text("attributable_basis") == "":
		return 0, "why it is attributable is not stated"
	case v.text("basis_kind") == "invoice":
		return cents, ""
	case v.text("basis_kind") != "hours_at_rate":
		return 0, "neither hours at a rate nor an invoice"
	case !hasMinutes || !hasRate || minutes < 0 || rate < 0 || v.text("rate_source") == "":
		return 0, "no rate, no source of the rate, or no minutes"
	case minutes > 10_000_000 || rate > 100_000_000 || cents != (minutes*rate+30)/60:
		return 0, "the amount is not the minutes times the rate"
	}
	return cents, ""
}

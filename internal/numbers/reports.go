package numbers

import (
	"slices"
	"strings"

	"jurat"
	"jurat/order"
)

// ReportIDs lists every report that can be made, in the order of the handbook.
var ReportIDs = [...]string{"quarterly", "trust", "bwc", "citations", "costs", "compliance", "commission"}

// MakeReport makes one report by its id. Invalid: there is none of that name;
// other refusals are those of the report.
func MakeReport(id string, in Input, screen *Screen) (*Report, error) {
	switch id {
	case "quarterly":
		return Quarterly(in, screen)
	case "trust":
		return Certificate(in, screen)
	case "bwc":
		return CameraYear(in, screen)
	case "citations":
		return Citations(in, screen)
	case "costs":
		return Costs(in, screen)
	case "commission":
		return Commission(in, screen)
	case "compliance":
		return Compliance(in, withheldBelow(in.Orders), nil)
	}
	return nil, jurat.Errorf(jurat.Invalid, "there is no report %q; there are %s", id, strings.Join(ReportIDs[:], ", "))
}

// withheldBelow is the threshold of a report that has none of its own: the
// highest a series of the adopted orders names, and five where none does.
func withheldBelow(orders []*order.Order) int {
	below := 0
	for _, o := range orders {
		for _, s := range o.Publication {
			below = max(below, s.Suppress)
		}
	}
	if below == 0 {
		below = 5
	}
	return below
}

const (
	typeAgencyRequest = "agency_request"
	typeRequestAnswer = "request_answer"
	typeCommission    = "commission_report"
)

// Commission is the month's report to Oregon's Criminal Justice Commission
// (REQ-5): each request of a federal agency that relates to immigration
// enforcement or may, what was answered, and whether it was reported. A
// judicial subpoena whose image is on file is counted and not listed; one
// without is treated as a request. A month without a request needs no report,
// and the paper says so. Refusals as of [Certificate].
func Commission(in Input, screen *Screen) (*Report, error) {
	r, o, err := begins(in, "commission", "Monthly report on requests of federal agencies", typeCommission)
	if err != nil {
		return nil, err
	}
	if len(in.Period.Months()) != 1 {
		return nil, jurat.Errorf(jurat.Conflict, "the report to the commission is of a month, such as 2026-03; %s is none", in.Period)
	}
	t := Sheet{ID: "requests", Title: "Requests of federal agencies", Columns: []Column{
		{"request", "Request", number}, {"received", "Received", coded}, {"channel", "Channel", coded}, {"agency", "Agency", coded}, {"asked", "What was asked", coded},
		{"about", "Immigration enforcement", coded}, {"authority", "Authority claimed", coded}, {"answer", "Answer", coded}, {"decided", "Decided", coded}, {"reported", "Reported to the Commission", coded},
	}}
	subpoenas, open, reported, others := 0, 0, 0, 0
	err = each(in, typeAgencyRequest, func(f *order.Facts, _ *jurat.Record, v fields) {
		at := v.when("received_at")
		if at.IsZero() {
			at = f.Incident.FirstKnowledge
		}
		about := jurat.Answer(v.text("about_immigration_enforcement"))
		switch {
		case !in.Period.Has(at, o.Zone):
			return
		case about == jurat.No || v.text("agency") == "not_federal":
			others++
			return
		case v.text("claimed_authority") == "judicial_subpoena" && v.has("image"):
			subpoenas++
			return
		}
		said := "yes"
		if about != jurat.Yes {
			said = "purpose not settled"
			open++
		}
		no := v.text("request_no")
		answer, sent := lastOf(f, typeRequestAnswer, no, "decided_at"), lastOf(f, typeCommission, no, "sent_at")
		day := day(sent.when("sent_at"), o.Zone)
		if sent == nil {
			day = "not on file"
		} else {
			reported++
		}
		t.Rows = append(t.Rows, []string{
			no, moment(at, o.Zone), spelled(v.text("channel"), requestChannels[:]), lookup(o, "agencies", v.text("agency")), lookups(o, "asked_for", v.texts("asked_for")),
			said, spelled(v.text("claimed_authority"), authorities[:]), answered(answer), moment(answer.when("decided_at"), o.Zone), day,
		})
	})
	if err != nil {
		return nil, err
	}
	t.sort()
	r.Tables = []Sheet{t}
	r.figure("requests", "Requests that relate to immigration enforcement, or may", len(t.Rows))
	r.figure("requests_not_settled", "Of these, purpose not settled", open)
	r.figure("reported", "Of these, reported to the Commission", reported)
	r.figure("not_reported", "Of these, no report on file", len(t.Rows)-reported)
	r.figure("subpoenas", "Judicial subpoenas with their image on file, not listed", subpoenas)
	r.figure("others", "Requests about something else, not listed", others)
	r.Statement = "Each request is listed without the person it is about and without who asked. A subpoena without its image is treated as a request."
	if len(t.Rows) == 0 {
		r.Title = "No report is needed"
		r.Statement = "No request that relates to immigration enforcement, or may, is on record for " + in.Period.String() + ". For a month without one the Commission needs no report."
	}
	return r, screen.check(r, o)
}

// The codes of Oregon's request, which its order lists without labels.
var (
	requestChannels = [...]string{"911", "radio", "phone", "in_person", "email", "letter", "database_query", "portal", "records_request", "unknown"}
	authorities     = [...]string{"none", "administrative_warrant", "detainer", "judicial_subpoena", "judicial_warrant", "court_order", "unknown"}
	answers         = [...]string{"declined", "declined_in_part", "followed_judicial_subpoena", "given", "withdrawn_by_requester", "pending"}
)

// spelled writes a code of a list as words. What is in no list may be words
// people typed, and is not printed.
func spelled(code string, list []string) string {
	switch {
	case code == string(jurat.Unknown) || code == "":
		return "not known"
	case slices.Contains(list, code):
		return strings.ReplaceAll(code, "_", " ")
	}
	return "not in the order's list"
}

func answered(v fields) string {
	if v == nil {
		return "no answer on record"
	}
	return spelled(v.text("answer"), answers[:])
}

// lastOf is the standing record of a type about a request that is last by one
// of its times; nil where there is none.
func lastOf(f *order.Facts, typ, no, when string) fields {
	var last fields
	for _, rec := range standing(f.Records, typ) {
		if v := read(rec); no != "" && v.text("request_no") == no && (last == nil || !v.when(when).Before(last.when(when))) {
			last = v
		}
	}
	return last
}

package numbers

import (
	"slices"
	"time"

	"jurat"
	"jurat/order"
)

// The record types the reports read, as the order files have them.
const (
	typeRequest   = "assistance_request"
	typeDecision  = "assistance_decision"
	typeDocument  = "civil_document"
	typeQuarterly = "quarterly_report"
	typeTrust     = "trust_report"
)

// A request is a request for assistance with how it was decided.
type request struct {
	v        fields
	at       time.Time
	decision fields // the last one
	civil    jurat.Answer
}

// civil says whether a request was for help with civil enforcement. A purpose
// nobody settled is unknown, and unknown is never no: it is listed as such.
func civil(v fields) jurat.Answer {
	authority := v.texts("claimed_authority")
	switch v.text("purpose") {
	case "civil_immigration_enforcement":
		return jurat.Yes
	case "criminal_matter", "life_safety", "other":
		return jurat.No
	}
	if v.text("knew_civil_at_arrival") == string(jurat.Yes) || slices.Contains(v.texts("what_asked"), "civil_enforcement") ||
		slices.Contains(authority, "administrative_warrant") || slices.Contains(authority, "detainer") {
		return jurat.Yes
	}
	return jurat.Unknown
}

// throughDispatch reports whether a request came through emergency
// communications.
func throughDispatch(v fields) bool {
	return v.text("department") == "emergency_communications" || slices.Contains([]string{"911", "radio"}, v.text("channel"))
}

// requests reads the period's requests and civil documents in one pass over
// the facts. A request is one however many reports count it.
func requests(in Input, o *order.Order) (asked []request, documents []fields, err error) {
	one := func(f *order.Facts) {
		for _, r := range standing(f.Records, typeRequest) {
			v := read(r)
			q := request{v: v, at: v.when("received_at"), civil: civil(v)}
			if q.at.IsZero() {
				q.at = f.Incident.FirstKnowledge
			}
			if !in.Period.Has(q.at, o.Zone) {
				continue
			}
			for _, d := range standing(f.Records, typeDecision) {
				if w := read(d); w.text("request") == string(r.ID) && (q.decision == nil || !w.when("decided_at").Before(q.decision.when("decided_at"))) {
					q.decision = w
				}
			}
			asked = append(asked, q)
		}
		for _, r := range standing(f.Records, typeDocument) {
			v := read(r)
			at := v.when("received_at")
			if at.IsZero() {
				at = f.Incident.FirstKnowledge
			}
			if in.Period.Has(at, o.Zone) {
				documents = append(documents, v)
			}
		}
	}
	one(&in.House)
	for f, err := range in.Facts {
		if err != nil {
			return nil, nil, err
		}
		one(&f)
	}
	return asked, documents, nil
}

// Quarterly is the city's quarterly report (REQ-3): every notification through
// emergency communications that describes a request for help with civil
// enforcement, and every detainer or administrative warrant: when it was
// received, whether the person was transferred, and to which agency. It names
// no incident and nobody. Conflict: the period is no quarter or has not ended,
// no order asks for it, or it would hold personal data.
func Quarterly(in Input, screen *Screen) (*Report, error) {
	r, o, err := begins(in, "quarterly", "Quarterly report on requests for help with civil enforcement", typeQuarterly)
	if err != nil {
		return nil, err
	}
	if len(in.Period.Months()) != 3 {
		return nil, jurat.Errorf(jurat.Conflict, "the quarterly report is of a quarter, such as 2026-Q1; %s is none", in.Period)
	}
	asked, documents, err := requests(in, o)
	if err != nil {
		return nil, err
	}
	t := Sheet{ID: "requests", Title: "Notifications through emergency communications", Columns: []Column{
		{"received", "Received", coded}, {"event", "Dispatch event", number}, {"channel", "Channel", coded}, {"agency", "Agency", coded},
		{"asked", "What was asked", coded}, {"civil", "Help with civil enforcement", coded}, {"decision", "Decision", coded}, {"decided", "Decided", coded},
	}}
	open, elsewhere := 0, 0
	for _, q := range asked {
		if q.civil == jurat.No {
			continue
		}
		if !throughDispatch(q.v) {
			elsewhere++
			continue
		}
		purpose := "yes"
		if q.civil == jurat.Unknown {
			purpose = "purpose not settled"
			open++
		}
		t.Rows = append(t.Rows, []string{
			moment(q.at, o.Zone), q.v.text("event_number"), lookup(o, "request_channels", q.v.text("channel")), agencyOf(o, q.v),
			lookups(o, "request_kinds", q.v.texts("what_asked")), purpose, decisionOf(o, q), moment(q.decision.when("decided_at"), o.Zone),
		})
	}
	t.sort()
	d := Sheet{ID: "documents", Title: "Detainers and administrative warrants", Columns: []Column{
		{"received", "Received", coded}, {"kind", "Kind", coded}, {"transferred", "Transferred", coded}, {"agency", "To which agency", coded},
	}}
	transferred := 0
	for _, v := range documents {
		answer, agency := "no", ""
		switch v.text("outcome") {
		case "transferred":
			answer, agency = "yes", lookup(o, "agencies", v.text("to_agency"))
			transferred++
		case "released", "in_custody":
		default:
			answer = "not known"
		}
		d.Rows = append(d.Rows, []string{day(v.when("received_at"), o.Zone), lookup(o, "civil_documents", v.text("document_kind")), answer, agency})
	}
	d.sort()
	r.Tables = []Sheet{t, d}
	r.figure("requests", "Notifications of a request for help with civil enforcement", len(t.Rows))
	r.figure("requests_not_settled", "Of these, purpose not settled", open)
	r.figure("requests_elsewhere", "Requests that came another way, not listed here", elsewhere)
	r.figure("civil_documents", "Detainers and administrative warrants", len(d.Rows))
	r.figure("transferred", "Persons transferred to a federal agency on one", transferred)
	r.Statement = "Zero is reported as zero. A request whose purpose nobody settled is listed as such."
	return r, screen.check(r, o)
}

// Certificate is the state's annual report (REQ-4): requests for help with
// civil enforcement and how each was addressed, and detainers and civil
// warrants with their times and outcome. Where there were none, the report is a
// certificate of none. It holds no name and no personal data: a cell that does
// refuses the report, naming row and column. Refusals as of [Quarterly].
func Certificate(in Input, screen *Screen) (*Report, error) {
	r, o, err := begins(in, "trust", "Annual report on immigration detainers, civil warrants and requests", typeTrust)
	if err != nil {
		return nil, err
	}
	if len(in.Period.Months()) != 12 {
		return nil, jurat.Errorf(jurat.Conflict, "the annual report is of a calendar year, such as 2026; %s is none", in.Period)
	}
	asked, documents, err := requests(in, o)
	if err != nil {
		return nil, err
	}
	t := Sheet{ID: "requests", Title: "Requests for participation, support or assistance", Columns: []Column{
		{"received", "Received", coded}, {"channel", "Channel", coded}, {"agency", "Agency", coded}, {"asked", "What was asked", coded},
		{"purpose", "Purpose as said", words}, {"civil", "Civil enforcement", coded}, {"decision", "How it was addressed", coded},
		{"basis", "Legal basis", words}, {"decided", "Decided", coded},
	}}
	for _, q := range asked {
		if q.civil == jurat.No {
			continue
		}
		purpose := "yes"
		if q.civil == jurat.Unknown {
			purpose = "purpose not settled"
		}
		t.Rows = append(t.Rows, []string{
			moment(q.at, o.Zone), lookup(o, "request_channels", q.v.text("channel")), agencyOf(o, q.v), lookups(o, "request_kinds", q.v.texts("what_asked")),
			q.v.text("said_purpose"), purpose, decisionOf(o, q), q.decision.text("legal_basis"), moment(q.decision.when("decided_at"), o.Zone),
		})
	}
	t.sort()
	d := Sheet{ID: "documents", Title: "Detainers and civil immigration warrants", Columns: []Column{
		{"received", "Received", coded}, {"kind", "Kind", coded}, {"bail", "Bail posted", coded}, {"outcome", "Released or transferred", coded},
		{"at", "When", coded}, {"agency", "To which agency", coded},
	}}
	released, transferred := 0, 0
	for _, v := range documents {
		agency, outcome := "", v.text("outcome")
		switch outcome {
		case "released":
			released++
		case "transferred":
			transferred++
			agency = lookup(o, "agencies", v.text("to_agency"))
		case "in_custody":
			outcome = "in custody"
		default:
			outcome = "not known"
		}
		d.Rows = append(d.Rows, []string{
			moment(v.when("received_at"), o.Zone), lookup(o, "civil_documents", v.text("document_kind")), moment(v.when("bail_posted_at"), o.Zone),
			outcome, moment(v.when("outcome_at"), o.Zone), agency,
		})
	}
	d.sort()
	r.Tables = []Sheet{t, d}
	r.figure("requests", "Requests", len(t.Rows))
	r.figure("civil_documents", "Detainers and civil immigration warrants", len(d.Rows))
	r.figure("released", "Persons released", released)
	r.figure("transferred", "Persons transferred", transferred)
	if len(t.Rows)+len(d.Rows) == 0 {
		r.Title = "Certificate of none"
		r.Statement = "For the calendar year " + in.Period.String() + " the agency certifies that it received no request for participation, support or assistance in a civil immigration enforcement operation, no immigration detainer and no civil immigration warrant."
	} else {
		r.Statement = "The agency reports the requests, detainers and civil immigration warrants it received in the calendar year " + in.Period.String() + ". The report holds no name and no personal data."
	}
	return r, screen.check(r, o)
}

// agencyOf is the agency that asked, where it is established.
func agencyOf(o *order.Order, v fields) string {
	a := v.text("requesting_agency")
	if a == "" || a == string(jurat.Unknown) || v.has("agency_basis") && !jurat.Knowledge(v.text("agency_basis")).Established() {
		return "agency not established"
	}
	return lookup(o, "agencies", a)
}

func decisionOf(o *order.Order, q request) string {
	if q.decision == nil {
		return "no decision on record"
	}
	return lookup(o, "request_decisions", q.decision.text("decision"))
}

package numbers

import (
	"cmp"
	"iter"
	"slices"
	"time"

	"jurat"
	"jurat/order"
)

// A MissingFootage is one recording that a dispatch or a roster leads to expect
// and that is not on record, here or elsewhere (EVD-7). It is a thing to look
// for, and no failure of anybody's.
type MissingFootage struct {
	Event    string               `json:"event_number,omitempty"`
	Incident jurat.IncidentNumber `json:"incident,omitempty"`
	Member   string               `json:"member"` // as the table has it: a role, a badge of the city's own
	Unit     string               `json:"unit"`
	From     time.Time            `json:"from"`
	State    string               `json:"state"` // absent, cannot_tell, no_incident
	Owner    string               `json:"owner"` // who is asked: the supervisor, or unassigned
	Why      string               `json:"why"`
}

// What is said of an expected recording.
const (
	FootageAbsent     = "absent"
	FootageCannotTell = "cannot_tell" // recordings are there, and it is not stated whose
	FootageNoIncident = "no_incident" // nothing is filed under the event
)

// FindMissingFootage compares a dispatch or roster table with the exhibits of
// the record, held here and elsewhere. A row whose member had no camera expects
// none; where a gap of that camera is on record with its reason, it is explained.
// A dispatch row belongs to the incident of its event number; a roster row to
// every incident that happened while the member was on duty and was present, as
// a record of that member's or an exhibit from them says. Invalid: another table.
func FindMissingFootage(im *Import, facts iter.Seq2[order.Facts, error]) ([]MissingFootage, error) {
	if im.Kind != Dispatch && im.Kind != Roster {
		return nil, jurat.Errorf(jurat.Invalid, "a table of kind %s says nothing about cameras", im.Kind)
	}
	byEvent := map[string][]int{}
	for i, r := range im.Accepted {
		byEvent[r.Texts["event_number"]] = append(byEvent[r.Texts["event_number"]], i)
	}
	out, filed := []MissingFootage{}, make([]bool, len(im.Accepted))
	for f, err := range facts {
		if err != nil {
			return nil, err
		}
		rows := byEvent[f.Incident.EventNumber]
		if im.Kind == Roster {
			rows = onDuty(im.Accepted, &f)
		} else if f.Incident.EventNumber == "" {
			continue
		}
		for _, i := range rows {
			filed[i] = true
			if m, missing := expected(&im.Accepted[i], &f); missing {
				out = append(out, m)
			}
		}
	}
	for i := range im.Accepted {
		if r := &im.Accepted[i]; im.Kind == Dispatch && !filed[i] {
			m := wanted(r)
			m.State, m.Why = FootageNoIncident, "no incident is filed under this event"
			out = append(out, m)
		}
	}
	slices.SortStableFunc(out, func(a, b MissingFootage) int {
		return cmp.Or(a.From.Compare(b.From), cmp.Compare(a.Event, b.Event), cmp.Compare(a.Incident, b.Incident), cmp.Compare(a.Member, b.Member))
	})
	return out, nil
}

func wanted(r *TableRow) MissingFootage {
	from := r.Times["sent_at"].First
	if from.IsZero() {
		from = r.Times["from"].First
	}
	return MissingFootage{Event: r.Texts["event_number"], Member: r.Texts["member"], Unit: r.Texts["unit"], From: from, Owner: cmp.Or(r.Texts["supervisor"], "unassigned")}
}

// cameraKinds are the recordings a member's own camera makes.
var cameraKinds = [...]string{"bwc", "in_car"}

// expected says whether a row's recording is missing from an incident.
func expected(r *TableRow, f *order.Facts) (MissingFootage, bool) {
	m := wanted(r)
	m.Incident = f.Incident.Number
	if r.Texts["camera"] == string(jurat.No) {
		return m, false
	}
	unsaid := 0
	for _, x := range f.Exhibits {
		if !slices.Contains(cameraKinds[:], x.Kind) || x.DerivedFrom != "" {
			continue
		}
		switch x.ReceivedFrom {
		case m.Member:
			return m, false
		case "":
			unsaid++
		}
	}
	for _, rec := range standing(f.Records, typeGap) {
		if v := read(rec); v.text("camera_of") == m.Member && v.text("why_missing") != "" && v.text("why_missing") != string(jurat.Unknown) {
			return m, false // explained
		}
	}
	m.State, m.Why = FootageAbsent, "no recording of this member's camera is on record here or elsewhere, and no reason"
	switch {
	case unsaid > 0:
		m.State, m.Why = FootageCannotTell, "recordings are on record without whose camera they are of"
	case r.Texts["camera"] != string(jurat.Yes):
		m.State, m.Why = FootageCannotTell, "it is not stated whether the member had a camera"
	}
	return m, true
}

// onDuty lists the rows of members who were on duty when an incident happened
// and are named in it.
func onDuty(rows []TableRow, f *order.Facts) []int {
	at := happened(f.Incident)
	var out []int
	for i, r := range rows {
		if at.IsZero() || at.Before(r.Times["from"].First) || at.After(r.Times["to"].Last) {
			continue
		}
		member := r.Texts["member"]
		named := slices.ContainsFunc(f.Records, func(x jurat.Record) bool { return string(x.Author) == member }) ||
			slices.ContainsFunc(f.Exhibits, func(x jurat.Exhibit) bool { return x.ReceivedFrom == member || string(x.ReceivedBy) == member }) ||
			f.Incident.OpenedBy == jurat.PersonID(member)
		if named {
			out = append(out, i)
		}
	}
	return out
}

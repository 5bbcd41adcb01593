package numbers

import (
	"cmp"
	"iter"
	"slices"
	"time"

	"jurat"
	"jurat/order"
)

// An ExpectedFootage is one recording that a dispatch or a roster leads to
// expect, and what the record has of it, held here or elsewhere (EVD-7). One
// that is missing is a thing to look for, and no failure of anybody's.
type ExpectedFootage struct {
	Event    string               `json:"event_number,omitempty"`
	Incident jurat.IncidentNumber `json:"incident,omitempty"`
	Member   string               `json:"member"` // as the table has it: a role, a badge of the city's own
	Unit     string               `json:"unit"`
	From     time.Time            `json:"from"`
	Until    time.Time            `json:"until,omitzero"` // when the tour or the run ended, where that is known
	State    string               `json:"state"`
	Owner    string               `json:"owner"` // who is asked: the supervisor, or unassigned
	Why      string               `json:"why"`
	Exhibit  jurat.ItemID         `json:"exhibit,omitempty"`     // found
	Gap      jurat.ItemID         `json:"gap,omitempty"`         // the record of its absence
	Reason   string               `json:"why_missing,omitempty"` // of the order's table; unknown is one
}

// Missing reports whether the recording is still to be looked for.
func (e ExpectedFootage) Missing() bool {
	return e.State == FootageAbsent || e.State == FootageCannotTell || e.State == FootageNoIncident
}

// What is said of an expected recording.
const (
	FootageFound       = "found"
	FootageExplained   = "explained" // there is none, and its reason is on record
	FootageNotExpected = "not_expected"
	FootageAbsent      = "absent"
	FootageCannotTell  = "cannot_tell" // recordings are there, and it is not stated whose
	FootageNoIncident  = "no_incident" // nothing is filed under the event
)

// FindMissingFootage gives of [ExpectFootage] what is still to be looked for.
func FindMissingFootage(im *Import, facts iter.Seq2[order.Facts, error]) ([]ExpectedFootage, error) {
	all, err := ExpectFootage(im, facts)
	return slices.DeleteFunc(all, func(e ExpectedFootage) bool { return !e.Missing() }), err
}

// ExpectFootage compares a dispatch or roster table with the exhibits of the
// record, held here and elsewhere. A row whose member had no camera expects
// none; where a gap of that camera is on record with its reason, it is explained.
// A dispatch row belongs to the incident of its event number; a roster row to
// every incident that happened while the member was on duty and was present, as
// a record of that member's or an exhibit from them says. Invalid: another table.
func ExpectFootage(im *Import, facts iter.Seq2[order.Facts, error]) ([]ExpectedFootage, error) {
	if im.Kind != Dispatch && im.Kind != Roster {
		return nil, jurat.Errorf(jurat.Invalid, "a table of kind %s says nothing about cameras", im.Kind)
	}
	byEvent := map[string][]int{}
	for i, r := range im.Accepted {
		byEvent[r.Texts["event_number"]] = append(byEvent[r.Texts["event_number"]], i)
	}
	out, filed := []ExpectedFootage{}, make([]bool, len(im.Accepted))
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
			out = append(out, expected(&im.Accepted[i], &f))
		}
	}
	for i := range im.Accepted {
		if r := &im.Accepted[i]; im.Kind == Dispatch && !filed[i] {
			e := wanted(r)
			e.State, e.Why = FootageNoIncident, "no incident is filed under this event"
			out = append(out, e)
		}
	}
	slices.SortStableFunc(out, func(a, b ExpectedFootage) int {
		return cmp.Or(a.From.Compare(b.From), cmp.Compare(a.Event, b.Event), cmp.Compare(a.Incident, b.Incident), cmp.Compare(a.Member, b.Member))
	})
	return out, nil
}

func wanted(r *TableRow) ExpectedFootage {
	from, until := r.Times["sent_at"].First, r.Times["cleared_at"].Last
	if from.IsZero() {
		from, until = r.Times["from"].First, r.Times["to"].Last
	}
	return ExpectedFootage{Event: r.Texts["event_number"], Member: r.Texts["member"], Unit: r.Texts["unit"], From: from, Until: until, Owner: cmp.Or(r.Texts["supervisor"], "unassigned")}
}

// cameraKinds are the recordings a member's own camera makes.
var cameraKinds = [...]string{"bwc", "in_car"}

// expected says what an incident has of a row's recording.
func expected(r *TableRow, f *order.Facts) ExpectedFootage {
	e := wanted(r)
	e.Incident = f.Incident.Number
	unsaid := 0
	for _, x := range f.Exhibits {
		if !slices.Contains(cameraKinds[:], x.Kind) || x.DerivedFrom != "" {
			continue
		}
		switch x.ReceivedFrom {
		case e.Member:
			e.State, e.Why, e.Exhibit = FootageFound, "it is on record, held "+string(x.Held), x.ID
			if x.Disposed != nil {
				e.Why = "it was on record, and was disposed of"
			}
			return e
		case "":
			unsaid++
		}
	}
	for _, rec := range standing(f.Records, typeGap) {
		if v := read(rec); v.text("camera_of") == e.Member {
			e.Gap, e.Reason = rec.ID, v.text("why_missing")
			if e.Reason != "" && e.Reason != string(jurat.Unknown) {
				e.State, e.Why = FootageExplained, "its reason is on record"
				return e
			}
		}
	}
	if r.Texts["camera"] == string(jurat.No) {
		e.State, e.Why = FootageNotExpected, "the member had no camera"
		return e
	}
	e.State, e.Why = FootageAbsent, "no recording of this member's camera is on record here or elsewhere, and no reason"
	switch {
	case unsaid > 0:
		e.State, e.Why = FootageCannotTell, "recordings are on record without whose camera they are of"
	case r.Texts["camera"] != string(jurat.Yes):
		e.State, e.Why = FootageCannotTell, "it is not stated whether the member had a camera"
	}
	return e
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

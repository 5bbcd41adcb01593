package web

import (
	"strings"
	"time"

	"jurat"
	"jurat/internal/desk"
)

// A filed is something on the record as it is now, with the event that left it
// so and when that was.
type filed[T any] struct {
	Value T             `json:"value"`
	Event jurat.EventID `json:"event"`
	At    time.Time     `json:"at"`
}

func filedOf[T any](all []desk.Shown[T]) []filed[T] {
	out := make([]filed[T], len(all))
	for i, s := range all {
		out[i] = filed[T]{s.Value, s.Event, s.At}
	}
	return out
}

// did is what an act left.
func did[T any](value T, done desk.Done, err error) (filed[T], error) {
	return filed[T]{value, done.Event, done.At}, err
}

// A line is an incident in a list.
type incidentLine struct {
	Incident jurat.IncidentNumber `json:"incident" example:"2026-000001"`
	Opened   time.Time            `json:"opened_at"`
	Title    string               `json:"title"`
	Match    jurat.ItemID         `json:"match,omitempty" doc:"in a search: the item that has the words; the incident itself, or something filed under it"`
}

func linesOf(all []desk.Line, limit int) list[incidentLine] {
	out := make([]incidentLine, len(all))
	for i, l := range all {
		out[i] = incidentLine{l.Incident, l.Opened, l.Title, l.Match.ID}
	}
	return listOf(out, limit, func(l incidentLine) string { return string(l.Incident) })
}

// A whole is an incident with everything filed under it that is open.
type whole struct {
	Incident    jurat.Incident            `json:"incident"`
	Records     []filed[jurat.Record]     `json:"records"`
	Exhibits    []filed[jurat.Exhibit]    `json:"exhibits"`
	Parties     []filed[jurat.Party]      `json:"parties"`
	Accounts    []filed[jurat.Account]    `json:"accounts"`
	Allegations []filed[jurat.Allegation] `json:"allegations"`
	Flags       []filed[jurat.Flag]       `json:"flags"`
	Holds       []filed[jurat.Hold]       `json:"holds"`
	Contacts    []filed[jurat.Contact]    `json:"contacts"`
	Referrals   []filed[jurat.Referral]   `json:"referrals"`
	Dossiers    []filed[jurat.Dossier]    `json:"dossiers"`
	Duties      []desk.Duty               `json:"duties"`
	Gates       []desk.Gate               `json:"gates"`
	Lost        []desk.Lost               `json:"lost" doc:"events that cannot be found, by their numbers from 1: none, unless rows were lost or taken away"`
	Openings    int                       `json:"openings" doc:"how often it, or a sealed part in it, was opened"`
}

func wholeOf(v desk.View) whole {
	return whole{
		Incident: v.Incident, Records: filedOf(v.Records), Exhibits: filedOf(v.Exhibits), Parties: filedOf(v.Parties), Accounts: filedOf(v.Accounts),
		Allegations: filedOf(v.Allegations), Flags: filedOf(v.Flags), Holds: filedOf(v.Holds), Contacts: filedOf(v.Contacts), Referrals: filedOf(v.Referrals), Dossiers: filedOf(v.Dossiers),
		Duties: v.Duties, Gates: v.Gates, Lost: append([]desk.Lost{}, v.Lost...), Openings: v.Openings,
	}
}

// A spanBody is when something happened, as far as it is known.
type spanBody struct {
	From      time.Time `json:"from,omitzero" doc:"RFC 3339"`
	To        time.Time `json:"to,omitzero"`
	Precision string    `json:"precision,omitempty" doc:"exact, approx, range, unknown"`
}

func (s spanBody) span() jurat.Span {
	return jurat.Span{From: s.From, To: s.To, Precision: s.Precision}
}

// An opening is what is known about an incident.
type openingBody struct {
	Title          string    `json:"title" example:"Vehicle stop near a school"`
	Trigger        string    `json:"trigger,omitempty"`
	EventNumber    string    `json:"event_number,omitempty"`
	RDNumber       string    `json:"rd_number,omitempty"`
	FirstKnowledge time.Time `json:"first_knowledge,omitzero"`
	Occurred       spanBody  `json:"occurred,omitzero"`
	Place          string    `json:"place,omitempty" doc:"in words, as coarse as the record needs"`
	Beat           string    `json:"beat,omitempty"`
	District       string    `json:"district,omitempty"`
	InsideCity     string    `json:"inside_city,omitempty" doc:"yes, no, unknown"`
	Retroactive    bool      `json:"retroactive,omitempty"`
	Address        string    `json:"address,omitempty" doc:"exact; goes under seal and is never answered"`
}

func (o openingBody) opening() jurat.Opening {
	return jurat.Opening{
		Title: o.Title, Trigger: jurat.Trigger(o.Trigger), EventNumber: o.EventNumber, RDNumber: o.RDNumber, FirstKnowledge: o.FirstKnowledge, Occurred: o.Occurred.span(),
		Place: jurat.Place{Description: o.Place, Beat: o.Beat, District: o.District, InsideCity: jurat.Answer(o.InsideCity)}, Retroactive: o.Retroactive, Address: o.Address,
	}
}

// An amendBody is what is known now, the whole of it, and why it is stated anew.
type amendBody struct {
	OpeningFields
	Reason string `json:"reason"`
}

// OpeningFields lets an amendment have the fields of an opening beside its own.
type OpeningFields = openingBody

// A reasonBody is a reason.
type reasonBody struct {
	Reason string `json:"reason"`
}

// A searchAsk is what to look for: it stands in no address.
type searchAsk struct {
	Words string `json:"words,omitempty" maxLength:"200" doc:"the last may be the beginning of one; none: by what else is asked for alone"`
	Order string `json:"order,omitempty" maxLength:"100" doc:"its id: incidents opened since this office adopted it, and before the end that it states"`
	State string `json:"state,omitempty" enum:"open,closed"`
	From  string `json:"from,omitempty" format:"date" doc:"the first day on which they were opened, on the office's clock"`
	To    string `json:"to,omitempty" format:"date" doc:"the last one"`
	After string `json:"after,omitempty" maxLength:"60"`
	Limit int    `json:"limit,omitempty" minimum:"1" maximum:"200"`
}

// incidents are the operations on incidents.
func (a *api) incidents() {
	const tag = "Incidents"
	getList(a, "/incidents", "listIncidents", tag, "List the incidents you may see, the newest first", func(v *visit, p paged) (list[incidentLine], error) {
		after, err := afterIncident(p.After)
		if err != nil {
			return list[incidentLine]{}, err
		}
		all, err := a.Desk.List(v.ctx(), v.caller(), v.at, after, p.Limit+1)
		return linesOf(all, p.Limit), err
	})
	getList(a, "/incidents/mine", "listMyIncidents", tag, "List the incidents you did something in, other than look, the newest first. A page may have fewer than asked for, or none, while there is more: go on with next", func(v *visit, p paged) (list[incidentLine], error) {
		after, err := afterIncident(p.After)
		if err != nil {
			return list[incidentLine]{}, err
		}
		all, next, err := a.Desk.Mine(v.ctx(), v.caller(), v.at, after, p.Limit)
		out := linesOf(all, p.Limit)
		out.Next = string(next)
		return out, err
	})
	post(a, "/incidents", "openIncident", tag, "Open an incident", func(v *visit, in openingBody) (filed[jurat.Incident], error) {
		return did(a.Desk.OpenIncident(v.ctx(), v.caller(), v.at, in.opening()))
	})
	get(a, "/incidents/{incident}", "showIncident", tag, "Show an incident with everything filed under it; that you looked is on the record", func(v *visit) (whole, error) {
		view, err := a.shown(v)
		return wholeOf(view), err
	})
	getList(a, "/incidents/{incident}/disputes", "listDisputes", tag, "List the disputes between governments that name an incident; those about what is on its record are among its records", func(v *visit, p paged) (list[jurat.Record], error) {
		number, err := v.number()
		if err != nil {
			return list[jurat.Record]{}, err
		}
		all, err := a.Desk.Disputes(v.ctx(), v.caller(), v.at, number)
		return paging(all, err, p, func(r jurat.Record) string { return string(r.ID) })
	})
	get(a, "/incidents/{incident}/facts", "showFacts", tag, "Show the facts that bear on federal authority, both sides of each question; facts are added as records", func(v *visit) ([]desk.FactRow, error) {
		view, err := a.shown(v)
		if err != nil {
			return nil, err
		}
		orders, err := a.Desk.Orders(v.ctx())
		if err != nil {
			return nil, err
		}
		return append([]desk.FactRow{}, desk.FactSheet(orders, recordsOf(view))...), nil
	})
	post(a, "/incidents/{incident}/amend", "amendIncident", tag, "State anew what is known about an incident, with a reason", func(v *visit, in amendBody) (filed[jurat.IncidentNumber], error) {
		number, err := v.number()
		if err != nil {
			return filed[jurat.IncidentNumber]{}, err
		}
		done, err := a.Desk.AmendIncident(v.ctx(), v.caller(), v.at, number, in.opening(), in.Reason)
		return did(number, done, err)
	})
	getList(a, "/incidents/{incident}/events", "listEvents", tag, "List the events of an incident, the oldest first", func(v *visit, p paged) (list[desk.Said], error) {
		number, err := v.number()
		if err != nil {
			return list[desk.Said]{}, err
		}
		return a.events(v, number, p)
	})
	post(a, "/search", "search", tag, "Find incidents by words of their open fields, by the order they were opened under, by their state and by when they were opened; that you looked is journalled", func(v *visit, in searchAsk) (list[incidentLine], error) {
		after, err := afterIncident(in.After)
		if err != nil {
			return list[incidentLine]{}, err
		}
		if in.Limit == 0 {
			in.Limit = listed
		}
		sought, bad := searchFields{strings.TrimSpace(in.Words), in.Order, in.State, in.From, in.To}.sought(a.Zone)
		if bad != "" {
			return list[incidentLine]{}, jurat.Errorf(jurat.Invalid, "%s is no day, such as 2026-01-31", bad)
		}
		all, err := a.Desk.Search(v.ctx(), v.caller(), v.at, sought, after, in.Limit+1)
		return linesOf(all, in.Limit), err
	})
}

// shown is the incident an address names.
func (a *api) shown(v *visit) (desk.View, error) {
	in, err := v.number()
	if err != nil {
		return desk.View{}, err
	}
	return a.Desk.Show(v.ctx(), v.caller(), v.at, in)
}

// events gives a page of the events of an incident or, with the zero number, of
// the house.
func (a *api) events(v *visit, in jurat.IncidentNumber, p paged) (list[desk.Said], error) {
	all, err := a.Desk.Events(v.ctx(), v.caller(), v.at, in)
	if err != nil {
		return list[desk.Said]{}, err
	}
	return pageOf(all, p, func(e desk.Said) string { return string(e.ID) })
}

func afterIncident(text string) (jurat.IncidentNumber, error) {
	if text == "" {
		return "", nil
	}
	return jurat.ParseIncidentNumber(text)
}

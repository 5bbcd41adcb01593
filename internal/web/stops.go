package web

import (
	"slices"
	"strings"

	"jurat"
	"jurat/internal/desk"
)

// A stop is one reason a gate is closed, or something owed: what it is, who can
// do something about it, and where.
type stop struct {
	desk.GateReason
	Who  []string // catalogue keys: of a role, a function, or of whoever wrote it
	Lost bool     // events cannot be found: the counter's own sentence says so
	Do   string   // where it is done; empty: the reason says no place
}

// A gateShown is a gate with its reasons as stops.
type gateShown struct {
	desk.Gate
	Stops []stop
}

// A dutyShown is a duty with where it is done.
type dutyShown struct {
	desk.Duty
	Who string
	Do  string
}

// gates gives each gate of an incident with what can be done about its reasons.
func (c *Counter) gates(view desk.View, words *vocabulary) []gateShown {
	var out []gateShown
	for _, g := range view.Gates {
		one := gateShown{Gate: g}
		for _, r := range g.Reasons {
			s := stop{GateReason: r, Lost: r.ID == desk.ReasonLost, Do: whereOf(jurat.ItemID(r.Item))}
			if s.Lost {
				s.Who = []string{"list.can.operator"}
			} else if i := slices.IndexFunc(view.Duties, func(d desk.Duty) bool { return d.Order == r.Order && d.ID == r.ID }); i >= 0 {
				s.Who = []string{"list.owner." + view.Duties[i].Owner}
				if s.Do == "" {
					s.Do = words.place(view.Incident.Number, r.Order, r.ID)
				}
			} else {
				s.Who = []string{"list.can." + whoOf(r.Item, g.ID)}
			}
			one.Stops = append(one.Stops, s)
		}
		out = append(out, one)
	}
	return out
}

// whoOf says who can do something about a reason that is no duty's: whoever may
// act on the item it is about, or on what the gate guards.
func whoOf[G ~string](item string, gate G) string {
	if i, err := jurat.ParseItem(item); err == nil {
		switch i.Noun {
		case jurat.NounRecord, jurat.NounAllegation, jurat.NounReferral:
			return string(i.Noun)
		}
	}
	return string(gate)
}

// whereOf is where something is done about an item.
func whereOf(id jurat.ItemID) string {
	i, err := jurat.ParseItem(string(id))
	if err != nil {
		return ""
	}
	in := "/incidents/" + string(id.Incident())
	switch i.Noun {
	case jurat.NounAllegation:
		return in + "/elements#allegation-" + countOf(id)
	case jurat.NounAccount:
		return in + "/accounts#account-" + countOf(id)
	case jurat.NounRecord, jurat.NounExhibit, jurat.NounReferral, jurat.NounDossier:
		return itemPath(id)
	}
	return in
}

// place is where a duty of an order is done: the first thing that can meet it
// says which part of the incident's page, or which form.
func (y *vocabulary) place(in jurat.IncidentNumber, order, duty string) string {
	i := slices.IndexFunc(y.orders, func(o *desk.Order) bool { return o.ID == order })
	if i < 0 {
		return ""
	}
	reads, err := y.orders[i].MetReads(duty)
	if err != nil {
		return ""
	}
	at := "/incidents/" + string(in)
	if in == "" {
		at = "" // of the house
	}
	for _, s := range reads {
		noun, rest, _ := strings.Cut(s, ".")
		noun = strings.TrimSuffix(noun, "[]")
		if in == "" && noun != "records" {
			continue
		}
		switch noun {
		case "accounts":
			return at + "#accounts"
		case "exhibits", "flags", "holds":
			return at + "#exhibits"
		case "allegations":
			return at + "/elements"
		case "referrals", "dossiers":
			return at + "/refer"
		case "contacts":
			return at + "#referrals"
		case "parties":
			return at + "#persons"
		case "records":
			typ, _, _ := strings.Cut(strings.TrimSuffix(rest, "[]"), "[")
			if r := y.orders[i].Record(typ); r != nil && (in == "" && r.Scope != "" || in != "" && r.Scope.InIncident()) {
				return at + "/records/new?type=" + typ
			}
		}
	}
	return ""
}

// Do is where a line of the lists of duties is done: the item it is about, the
// form or the part of the page that meets it, or the incident's page.
func (y *vocabulary) Do(l desk.DutyLine) string {
	if at := whereOf(jurat.ItemID(l.Item)); at != "" {
		return at
	}
	if at := y.place(l.Incident, l.Order, l.ID); at != "" {
		return at
	}
	if l.Incident == "" {
		return "/records/new"
	}
	return "/incidents/" + string(l.Incident)
}

// shownDuties gives duties with who owes them and where they are done.
func (c *Counter) shownDuties(view desk.View, words *vocabulary, all []desk.Duty) []dutyShown {
	out := make([]dutyShown, len(all))
	for i, d := range all {
		out[i] = dutyShown{Duty: d, Who: "list.owner." + d.Owner, Do: whereOf(jurat.ItemID(d.Item))}
		if out[i].Do == "" {
			out[i].Do = words.place(view.Incident.Number, d.Order, d.ID)
		}
	}
	return out
}

// A disputeShown is one statement that something on the record is not so, or a
// reply to one. All have one component, in the order they came.
type disputeShown struct {
	Record  jurat.Record
	By      string // a side of the law's list
	Whom    string
	About   jurat.Item // zero: what it names is not in the incident
	Named   string     // as it was typed
	Claim   string
	Exact   string
	Stated  string
	How     string
	Replies []jurat.ItemID
	House   bool // between governments: its fields are the order's
}

// disputes gathers what is disputed in an incident, and the replies.
func (c *Counter) disputes(view desk.View, house []jurat.Record) []disputeShown {
	var out []disputeShown
	for _, r := range view.Records {
		if r.Value.Type != jurat.TypeAccountDispute {
			continue
		}
		f, err := fieldTexts(r.Value)
		if err != nil {
			continue
		}
		one := disputeShown{Record: r.Value, By: f["by"], Whom: f["by_whom"], Named: f["about"], Claim: f["claim"], Exact: f["verbatim"], Stated: f["stated_at"], How: f["received"]}
		one.About = itemNamed(view.Incident.Number, one.Named)
		out = append(out, one)
	}
	for i := range out {
		for _, reply := range out {
			if reply.About.ID == out[i].Record.ID {
				out[i].Replies = append(out[i].Replies, reply.Record.ID)
			}
		}
	}
	for _, r := range house {
		out = append(out, disputeShown{Record: r, House: true})
	}
	return out
}

// itemNamed reads the number of an item as people write it in a field: S1, or
// the whole of it. Zero: it is none of the incident's.
func itemNamed(in jurat.IncidentNumber, text string) jurat.Item {
	text = strings.ToUpper(strings.TrimSpace(text))
	if !strings.HasPrefix(text, string(in)) {
		text = string(in) + "-" + text
	}
	i, err := jurat.ParseItem(text)
	if err != nil || i.Noun == jurat.NounIncident || i.ID.Incident() != in {
		return jurat.Item{}
	}
	return i
}

// disputedOf are the disputes about one item, for the mark beside it.
func disputedOf(all []disputeShown, id jurat.ItemID) []string {
	var out []string
	for _, d := range all {
		if d.About.ID == id {
			out = append(out, countOf(d.Record.ID))
		}
	}
	return out
}

// items are what an incident has that a field of a form may name.
func (c *Counter) items(v *visit, view desk.View, words *vocabulary) []choice {
	var out []choice
	for _, a := range view.Accounts {
		out = append(out, choice{Value: string(a.Value.ID), Label: c.itemLabel(v, a.Value.Item()) + " · " + c.say(v, "list.side."+a.Value.Side)})
	}
	for _, r := range view.Records {
		out = append(out, choice{Value: string(r.Value.ID), Label: c.itemLabel(v, r.Value.Item()) + " · " + words.Type(r.Value.Type)})
	}
	for _, x := range view.Exhibits {
		out = append(out, choice{Value: string(x.Value.ID), Label: c.say(v, "exhibit.n", "n", countOf(x.Value.ID)) + " · " + words.Kind(x.Value.Kind)})
	}
	for _, a := range view.Allegations {
		out = append(out, choice{Value: string(a.Value.ID), Label: c.itemLabel(v, a.Value.Item()) + " · " + words.Offence(a.Value.Offence)})
	}
	return out
}

// naming lets the fields of a form that name an item of the incident be chosen
// from what is there.
func naming(inputs []input, items []choice, names ...string) {
	for i := range inputs {
		if !slices.Contains(names, inputs[i].Name) || len(items) == 0 {
			continue
		}
		inputs[i].Kind, inputs[i].Long = "radio", true
		for _, one := range items {
			one.Chosen = one.Value == inputs[i].Value
			inputs[i].Choices = append(inputs[i].Choices, one)
		}
	}
}

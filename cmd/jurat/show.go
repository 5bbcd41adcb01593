package main

import (
	"cmp"

	"jurat"
	"jurat/internal/desk"
)

// exhibitLine is an exhibit as incident show prints it with --json: these
// fields, in this order.
type exhibitLine struct {
	Exhibit jurat.ItemID  `json:"exhibit"`
	Digest  string        `json:"digest"` // empty while its bytes are only held elsewhere
	Size    int64         `json:"size"`
	Kind    string        `json:"kind"`
	Held    jurat.Held    `json:"held"`
	Event   jurat.EventID `json:"event"`
}

// elsewhere says where an exhibit is that is not held here.
type elsewhere struct {
	Exhibit   jurat.ItemID `json:"exhibit"`
	System    string       `json:"system"`
	Key       string       `json:"key"`
	Confirmed string       `json:"confirmed_by"` // empty: its holder has not confirmed the flag
}

// shownIncident is an incident with everything filed under it that is open.
type shownIncident struct {
	incidentLine
	Value       jurat.Incident     `json:"value"`
	Exhibits    []exhibitLine      `json:"exhibits"`
	Elsewhere   []elsewhere        `json:"elsewhere"`
	Parties     []jurat.Party      `json:"parties"`
	Records     []jurat.Record     `json:"records"`
	Accounts    []jurat.Account    `json:"accounts"`
	Allegations []jurat.Allegation `json:"allegations"`
	Flags       []jurat.Flag       `json:"flags"`
	Holds       []jurat.Hold       `json:"holds"`
	Contacts    []jurat.Contact    `json:"contacts"`
	Referrals   []jurat.Referral   `json:"referrals"`
	Dossiers    []jurat.Dossier    `json:"dossiers"`
	Disposals   []jurat.Disposal   `json:"disposals"`
	Duties      []desk.Duty        `json:"duties"`
	Gates       []desk.Gate        `json:"gates"`
}

func shown(v desk.View) shownIncident {
	s := shownIncident{
		incidentLine: incidentLine{v.Incident.Number, v.Incident.OpenedAt.Format(timeLayout), v.Incident.Title},
		Value:        v.Incident, Exhibits: []exhibitLine{}, Elsewhere: []elsewhere{},
		Parties: values(v.Parties), Records: values(v.Records), Accounts: values(v.Accounts), Allegations: values(v.Allegations), Flags: values(v.Flags),
		Holds: values(v.Holds), Contacts: values(v.Contacts), Referrals: values(v.Referrals), Dossiers: values(v.Dossiers), Disposals: values(v.Disposals),
		Duties: append([]desk.Duty{}, v.Duties...), Gates: append([]desk.Gate{}, v.Gates...),
	}
	for _, x := range v.Exhibits {
		l := exhibitLine{Exhibit: x.Value.ID, Size: x.Value.Size, Kind: x.Value.Kind, Held: x.Value.Held, Event: x.First}
		if !x.Value.Digest.IsZero() {
			l.Digest = x.Value.Digest.String()
		}
		s.Exhibits = append(s.Exhibits, l)
		if x.Value.Held == jurat.HeldElsewhere {
			s.Elsewhere = append(s.Elsewhere, elsewhere{x.Value.ID, x.Value.System, x.Value.Key, x.Value.ConfirmedBy})
		}
	}
	return s
}

func values[T any](all []desk.Shown[T]) []T {
	out := make([]T, len(all))
	for i, s := range all {
		out[i] = s.Value
	}
	return out
}

// printIncident prints an incident for people.
func (c *call) printIncident(v desk.View) (err error) {
	p := func(format string, args ...any) { err = cmp.Or(err, c.print(format, args...)) }
	in := v.Incident
	p("incident %s: %s", in.Number, in.Title)
	if !in.ClosedAt.IsZero() {
		p("  closed %s by %s", day(in.ClosedAt), in.ClosedBy)
	}
	p("  opened %s; known since %s; came by %s; place: %s", day(in.OpenedAt), day(in.FirstKnowledge), in.Trigger, stated(in.Place.Description))
	for _, x := range values(v.Parties) {
		p("  %s  %s, %s, agency %s (%s)", x.ID, x.Slot, x.Capacity, stated(x.Agency), x.AgencyBasis)
	}
	for _, x := range values(v.Exhibits) {
		if x.Disposed != nil {
			p("  %s  %s, disposed of on %s under certificate %s by %s and %s", x.ID, x.Kind, day(x.Disposed.At), x.Disposed.Certificate, x.Disposed.By[0], x.Disposed.By[1])
			continue
		}
		if x.Held == jurat.HeldElsewhere {
			confirmed := "its holder has not confirmed the flag"
			if !x.Confirmed.IsZero() {
				confirmed = "flag confirmed by " + x.ConfirmedBy
			}
			p("  %s  %s, held in %s under %s: %s", x.ID, x.Kind, x.System, x.Key, confirmed)
			continue
		}
		p("  %s  %s, %d bytes, %s", x.ID, x.Kind, x.Size, x.Digest)
	}
	for _, x := range values(v.Records) {
		p("  %s  %s by %s, version %d, %s", x.ID, x.Type, x.Author, x.Version, x.State)
	}
	for _, x := range values(v.Accounts) {
		p("  %s  account of the %s: %s", x.ID, x.Side, x.State)
	}
	for _, x := range values(v.Allegations) {
		p("  %s  alleged: %s (%s), actor %s, %s", x.ID, x.Offence, stated(x.Cite), x.Actor, x.Status)
	}
	for _, x := range values(v.Flags) {
		p("  %s  flag on %s: %s", x.ID, x.Exhibit, x.Grounds)
	}
	for _, x := range values(v.Holds) {
		p("  %s  hold for %s", x.ID, x.Matter)
	}
	for _, x := range values(v.Contacts) {
		p("  %s  contact with %s on %s: %s", x.ID, x.Office, day(x.When), x.What)
	}
	for _, x := range values(v.Referrals) {
		p("  %s  referral to %s: %s", x.ID, x.To, x.State)
	}
	for _, x := range values(v.Dossiers) {
		p("  %s  dossier %d of %s", x.ID, x.Number, x.Referral)
	}
	for _, x := range values(v.Disposals) {
		if x.Pending() {
			p("  %s  disposal of %s, waits for its second approval", x.ID, itemsOf(x))
		}
	}
	for _, d := range v.Duties {
		if d.Open() {
			p("  owed by the %s: %s", d.Owner, d.Say)
		}
	}
	for _, g := range v.Gates {
		if g.Open {
			p("  gate %s: open", g.ID)
			continue
		}
		p("  gate %s: closed", g.ID)
		for _, r := range g.Reasons {
			p("    %s", r.Say)
		}
	}
	return err
}

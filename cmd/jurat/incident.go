package main

import (
	"context"
	"fmt"

	"jurat"
	"jurat/internal/desk"
	"jurat/order"
)

type incidentVerb struct {
	Open   incidentOpen   `cmd:"" help:"Open an incident."`
	Amend  incidentAmend  `cmd:"" help:"State what is known about an incident anew."`
	List   incidentList   `cmd:"" help:"List incidents, newest first."`
	Search incidentSearch `cmd:"" help:"Find incidents by words of their open fields."`
	Show   incidentShow   `cmd:"" help:"Show an incident: everything filed under it, what is owed, what is closed."`
}

// known are the flags that say what is known of an incident.
type known struct {
	Trigger     string `help:"How it came to be known: ${triggers}." default:"unknown" placeholder:"TRIGGER"`
	EventNumber string `help:"The dispatch event number." placeholder:"NUMBER"`
	RDNumber    string `help:"The records division number." name:"rd-number" placeholder:"NUMBER"`
	Known       string `help:"When it first became known; now when not given." placeholder:"TIME"`
	From        string `help:"When it began." placeholder:"TIME"`
	To          string `help:"When it ended." placeholder:"TIME"`
	Precision   string `help:"How the times are meant: exact, approx, range or unknown." placeholder:"PRECISION"`
	Place       string `help:"Where, in words no more exact than needed." placeholder:"WORDS"`
	Beat        string `placeholder:"BEAT" help:"The beat."`
	District    string `placeholder:"DISTRICT" help:"The district."`
	InsideCity  string `help:"Inside the city: yes, no or unknown." default:"unknown" placeholder:"ANSWER"`
	Address     string `help:"The exact address; sealed." placeholder:"ADDRESS"`
	Retroactive bool   `help:"It happened before any order: documented, never cited as an order's."`
}

func (k known) opening(title string) (jurat.Opening, error) {
	o := jurat.Opening{
		Title: title, Trigger: jurat.Trigger(k.Trigger), EventNumber: k.EventNumber, RDNumber: k.RDNumber, Retroactive: k.Retroactive, Address: k.Address,
		Place:    jurat.Place{Description: k.Place, Beat: k.Beat, District: k.District, InsideCity: jurat.Answer(k.InsideCity)},
		Occurred: jurat.Span{Precision: k.Precision},
	}
	var err error
	if o.FirstKnowledge, err = moment(k.Known); err != nil {
		return o, err
	}
	if o.Occurred.From, err = moment(k.From); err != nil {
		return o, err
	}
	if o.Occurred.To, err = moment(k.To); err != nil {
		return o, err
	}
	if o.Occurred.Precision == "" && !(o.Occurred.From.IsZero() && o.Occurred.To.IsZero()) {
		o.Occurred.Precision = "approx"
	}
	return o, nil
}

// titled joins a title given as words or with --title. Without either the
// incident opens all the same: saving is never blocked.
func titled(words, flag string) string {
	switch {
	case words != "":
		return words
	case flag != "":
		return flag
	}
	return "Untitled incident"
}

type incidentOpen struct {
	Words string `arg:"" optional:"" name:"title" help:"A few plain words."`
	Title string `help:"The same, as a flag." placeholder:"WORDS"`
	known
}

func (incidentOpen) Help() string {
	return "Example: jurat incident open \"Traffic stop reported at 26th Street\" --trigger 911 --event-number 26-327-0144 --district 10"
}

func (v *incidentOpen) Run(ctx context.Context, c *call) error {
	o, err := v.opening(titled(v.Words, v.Title))
	if err != nil {
		return err
	}
	return c.at(ctx, func(h *house, who desk.Caller) error {
		in, done, err := h.desk.OpenIncident(ctx, who, c.now(), o)
		if err != nil {
			return err
		}
		return c.either(struct {
			line
			Event jurat.EventID `json:"event"`
		}{line{in.Number, in.OpenedAt.Format(timeLayout), in.Title}, done.Event}, "opened incident %s: %s", in.Number, in.Title)
	})
}

const timeLayout = "2006-01-02T15:04:05.999999Z07:00"

type line struct {
	Incident jurat.IncidentNumber `json:"incident"`
	Opened   string               `json:"opened"`
	Title    string               `json:"title"`
}

type incidentAmend struct {
	Number string `arg:"" help:"The incident."`
	Title  string `required:"" placeholder:"WORDS" help:"A few plain words."`
	Reason string `required:"" placeholder:"WORDS" help:"Why."`
	known
}

func (incidentAmend) Help() string {
	return "Example: jurat incident amend 2026-000001 --title \"Arrest at 26th Street\" --trigger 911 --reason \"the event number arrived\" --as officer-4471\n\nWhat was stated before stays on the record. Every field is stated anew."
}

func (v *incidentAmend) Run(ctx context.Context, c *call) error {
	number, err := jurat.ParseIncidentNumber(v.Number)
	if err != nil {
		return err
	}
	o, err := v.opening(v.Title)
	if err != nil {
		return err
	}
	return c.at(ctx, func(h *house, who desk.Caller) error {
		done, err := h.desk.AmendIncident(ctx, who, c.now(), number, o, v.Reason)
		if err != nil {
			return err
		}
		return c.either(map[string]any{"incident": number, "event": done.Event}, "amended incident %s", number)
	})
}

type incidentList struct {
	After string `help:"Begin after this number." placeholder:"NUMBER"`
	Limit int    `help:"At most so many; 0 lists all." default:"0" placeholder:"N"`
}

func (incidentList) Help() string { return "Example: jurat incident list --json" }

func (v *incidentList) Run(ctx context.Context, c *call) error {
	return c.lines(ctx, v.After, v.Limit, func(h *house, who desk.Caller, after jurat.IncidentNumber, n int) ([]desk.Line, error) {
		return h.desk.List(ctx, who, c.now(), after, n)
	})
}

type incidentSearch struct {
	Query string `arg:"" name:"words" help:"Words; the last may be cut short."`
	Limit int    `help:"At most so many; 0 lists all." default:"0" placeholder:"N"`
}

func (incidentSearch) Help() string {
	return "Example: jurat incident search \"26th stop\"\n\nSealed parts are not searched, and nobody is found by name."
}

func (v *incidentSearch) Run(ctx context.Context, c *call) error {
	return c.lines(ctx, "", v.Limit, func(h *house, who desk.Caller, after jurat.IncidentNumber, n int) ([]desk.Line, error) {
		return h.desk.Search(ctx, who, c.now(), v.Query, after, n)
	})
}

// lines prints pages of incidents until there are no more.
func (c *call) lines(ctx context.Context, after string, limit int, page func(*house, desk.Caller, jurat.IncidentNumber, int) ([]desk.Line, error)) error {
	const size = 500
	return c.at(ctx, func(h *house, who desk.Caller) error {
		from, left := jurat.IncidentNumber(after), limit
		for {
			n := size
			if limit > 0 {
				n = min(n, left)
			}
			found, err := page(h, who, from, n)
			if err != nil {
				return err
			}
			for _, l := range found {
				if err := c.either(line{l.Incident, l.Opened.Format(timeLayout), l.Title}, "%s  %s  %s", l.Incident, day(l.Opened), l.Title); err != nil {
					return err
				}
				from = l.Incident
			}
			left -= len(found)
			if len(found) < n || limit > 0 && left == 0 {
				return nil
			}
		}
	})
}

type incidentShow struct {
	Number string `arg:"" help:"The incident."`
}

func (incidentShow) Help() string {
	return "Example: jurat incident show 2026-000001 --json\n\nOpening an incident is an event of it, once per person in fifteen minutes."
}

func (v *incidentShow) Run(ctx context.Context, c *call) error {
	number, err := jurat.ParseIncidentNumber(v.Number)
	if err != nil {
		return err
	}
	return c.at(ctx, func(h *house, who desk.Caller) error {
		view, err := h.desk.Show(ctx, who, c.now(), number)
		if err != nil {
			return err
		}
		if c.verbs.JSON {
			return c.object(shownIncident(view))
		}
		c.printIncident(view)
		return nil
	})
}

// exhibitLine is an exhibit as `incident show --json` prints it.
type exhibitLine struct {
	Exhibit jurat.ItemID  `json:"exhibit"`
	Digest  string        `json:"digest"`
	Size    int64         `json:"size"`
	Kind    string        `json:"kind"`
	Held    jurat.Held    `json:"held"`
	Event   jurat.EventID `json:"event"`
	System  string        `json:"system,omitempty"`
	Key     string        `json:"key,omitempty"`
}

func shownIncident(v desk.View) any {
	exhibits := make([]exhibitLine, len(v.Exhibits))
	for i, x := range v.Exhibits {
		exhibits[i] = exhibitLine{Exhibit: x.Value.ID, Size: x.Value.Size, Kind: x.Value.Kind, Held: x.Value.Held, Event: x.First, System: x.Value.System, Key: x.Value.Key}
		if !x.Value.Digest.IsZero() {
			exhibits[i].Digest = x.Value.Digest.String()
		}
	}
	return struct {
		Incident    jurat.IncidentNumber `json:"incident"`
		Opened      string               `json:"opened"`
		Title       string               `json:"title"`
		Value       jurat.Incident       `json:"value"`
		Exhibits    []exhibitLine        `json:"exhibits"`
		Parties     []jurat.Party        `json:"parties"`
		Records     []jurat.Record       `json:"records"`
		Accounts    []jurat.Account      `json:"accounts"`
		Allegations []jurat.Allegation   `json:"allegations"`
		Flags       []jurat.Flag         `json:"flags"`
		Holds       []jurat.Hold         `json:"holds"`
		Contacts    []jurat.Contact      `json:"contacts"`
		Referrals   []jurat.Referral     `json:"referrals"`
		Dossiers    []jurat.Dossier      `json:"dossiers"`
		Duties      []order.Duty         `json:"duties"`
		Gates       []order.Gate         `json:"gates"`
	}{
		v.Incident.Number, v.Incident.OpenedAt.Format(timeLayout), v.Incident.Title, v.Incident, exhibits, plain(v.Parties), plain(v.Records), plain(v.Accounts),
		plain(v.Allegations), plain(v.Flags), plain(v.Holds), plain(v.Contacts), plain(v.Referrals), plain(v.Dossiers), v.Duties, v.Gates,
	}
}

func plain[T any](shown []desk.Shown[T]) []T {
	out := make([]T, len(shown))
	for i, s := range shown {
		out[i] = s.Value
	}
	return out
}

func (c *call) printIncident(v desk.View) {
	p := func(format string, args ...any) { fmt.Fprintf(c.stdout, format+"\n", args...) }
	in := v.Incident
	p("incident %s: %s", in.Number, in.Title)
	p("  opened %s; known since %s; came by %s; place: %s", day(in.OpenedAt), day(in.FirstKnowledge), in.Trigger, stated(in.Place.Description))
	for _, x := range v.Parties {
		p("  %s  %s, %s, agency %s (%s)", x.Value.ID, x.Value.Slot, x.Value.Capacity, stated(x.Value.Agency), x.Value.AgencyBasis)
	}
	for _, x := range v.Exhibits {
		if x.Value.Held == jurat.HeldElsewhere {
			confirmed := "its holder has not confirmed the flag"
			if !x.Value.Confirmed.IsZero() {
				confirmed = "flag confirmed by " + x.Value.ConfirmedBy
			}
			p("  %s  %s, held in %s under %s: %s", x.Value.ID, x.Value.Kind, x.Value.System, x.Value.Key, confirmed)
			continue
		}
		p("  %s  %s, %d bytes, %s", x.Value.ID, x.Value.Kind, x.Value.Size, x.Value.Digest)
	}
	for _, x := range v.Records {
		p("  %s  %s by %s, version %d, %s", x.Value.ID, x.Value.Type, x.Value.Author, x.Value.Version, x.Value.State)
	}
	for _, x := range v.Accounts {
		p("  %s  account of the %s: %s", x.Value.ID, x.Value.Side, x.Value.State)
	}
	for _, x := range v.Allegations {
		p("  %s  alleged: %s (%s), actor %s, %s", x.Value.ID, x.Value.Offence, stated(x.Value.Cite), x.Value.Actor, x.Value.Status)
	}
	for _, x := range v.Flags {
		p("  %s  flag on %s: %v", x.Value.ID, x.Value.Exhibit, x.Value.Grounds)
	}
	for _, x := range v.Holds {
		p("  %s  hold for %s", x.Value.ID, x.Value.Matter)
	}
	for _, x := range v.Contacts {
		p("  %s  contact with %s on %s: %s", x.Value.ID, x.Value.Office, day(x.Value.When), x.Value.What)
	}
	for _, x := range v.Referrals {
		p("  %s  referral to %s: %s", x.Value.ID, x.Value.To, x.Value.State)
	}
	for _, x := range v.Dossiers {
		p("  %s  dossier %d of %s", x.Value.ID, x.Value.Number, x.Value.Referral)
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
}

func stated(s string) string {
	if s == "" {
		return "not stated"
	}
	return s
}

package main

import (
	"cmp"
	"context"
	"time"

	"jurat"
	"jurat/internal/desk"
)

type incidentVerb struct {
	Open   incidentOpen   `cmd:"" help:"Open an incident."`
	Amend  incidentAmend  `cmd:"" help:"State what is known about an incident anew."`
	List   incidentList   `cmd:"" help:"List incidents, newest first."`
	Search incidentSearch `cmd:"" help:"Find incidents by words of their open fields."`
	Show   incidentShow   `cmd:"" help:"Show an incident: everything filed under it, what is owed, what is closed."`
	Close  incidentClose  `cmd:"" help:"State that nothing in an incident awaits anybody."`
	Reopen incidentReopen `cmd:"" help:"Take a closing back."`
}

// known are the flags that say what is known of an incident.
type known struct {
	Trigger     jurat.Trigger `help:"How it came to be known: ${triggers}." default:"unknown" placeholder:"TRIGGER"`
	EventNumber string        `help:"The dispatch event number." placeholder:"NUMBER"`
	RDNumber    string        `help:"The records division number." name:"rd-number" placeholder:"NUMBER"`
	Known       time.Time     `help:"When it first became known; now when not given." placeholder:"TIME"`
	From        time.Time     `help:"When it began." placeholder:"TIME"`
	To          time.Time     `help:"When it ended." placeholder:"TIME"`
	Precision   string        `help:"How the times are meant: exact, approx, range or unknown." placeholder:"PRECISION"`
	Place       string        `help:"Where, in words no more exact than needed." placeholder:"WORDS"`
	Beat        string        `placeholder:"BEAT" help:"The beat."`
	District    string        `placeholder:"DISTRICT" help:"The district."`
	InsideCity  jurat.Answer  `help:"Inside the city: yes, no or unknown." default:"unknown" placeholder:"ANSWER"`
	Address     string        `help:"The exact address; sealed." placeholder:"ADDRESS"`
	Retroactive bool          `help:"It happened before any order: documented, never cited as an order's."`
}

func (k known) opening(title string) jurat.Opening {
	o := jurat.Opening{
		Title: title, Trigger: k.Trigger, EventNumber: k.EventNumber, RDNumber: k.RDNumber, Retroactive: k.Retroactive, Address: k.Address, FirstKnowledge: k.Known,
		Place:    jurat.Place{Description: k.Place, Beat: k.Beat, District: k.District, InsideCity: k.InsideCity},
		Occurred: jurat.Span{From: k.From, To: k.To, Precision: k.Precision},
	}
	if k.Precision == "" && !(k.From.IsZero() && k.To.IsZero()) {
		o.Occurred.Precision = "approx"
	}
	return o
}

type incidentOpen struct {
	Words string `arg:"" optional:"" name:"title" help:"A few plain words."`
	Title string `help:"The same, as a flag." placeholder:"WORDS"`
	known
}

func (incidentOpen) Help() string {
	return "Example:\n  jurat incident open \"Traffic stop reported at 26th Street\" --trigger 911 --event-number 26-327-0144 --district 10"
}

func (v *incidentOpen) Run(ctx context.Context, c *call) error {
	if v.Words != "" && v.Title != "" {
		return jurat.Errorf(jurat.Invalid, "give the title once, as words or with --title")
	}
	// Without a title it opens all the same: saving is never blocked.
	title := cmp.Or(v.Words, v.Title, "Untitled incident")
	return act(ctx, c, func(in jurat.Incident, done desk.Done) error {
		return c.either(struct {
			incidentLine
			Event jurat.EventID `json:"event"`
		}{incidentLine{in.Number, in.OpenedAt.Format(timeLayout), in.Title}, done.Event}, "opened incident %s: %s", in.Number, in.Title)
	}, func(at visit) (jurat.Incident, desk.Done, error) {
		return at.desk.OpenIncident(ctx, at.who, at.now(), v.opening(title))
	})
}

// incidentLine is an incident in a list, as --json prints it: these fields, in
// this order.
type incidentLine struct {
	Incident jurat.IncidentNumber `json:"incident"`
	Opened   string               `json:"opened"`
	Title    string               `json:"title"`
}

type incidentAmend struct {
	Number jurat.IncidentNumber `arg:"" help:"The incident."`
	Title  string               `required:"" placeholder:"WORDS" help:"A few plain words."`
	Reason string               `required:"" placeholder:"WORDS" help:"Why."`
	known
}

func (incidentAmend) Help() string {
	return "Example:\n  jurat incident amend 2026-000001 --title \"Arrest at 26th Street\" --trigger 911 --reason \"the event number arrived\" --as officer-4471\n\nWhat was stated before stays on the record. Every field is stated anew."
}

func (v *incidentAmend) Run(ctx context.Context, c *call) error {
	return c.done(ctx, map[string]any{"incident": v.Number}, "amended incident "+string(v.Number), func(at visit) (desk.Done, error) {
		return at.desk.AmendIncident(ctx, at.who, at.now(), v.Number, v.opening(v.Title), v.Reason)
	})
}

type incidentList struct {
	After jurat.IncidentNumber `help:"Begin after this number." placeholder:"NUMBER"`
	Limit int                  `help:"At most so many; 0 lists all." default:"0" placeholder:"N"`
}

func (incidentList) Help() string { return "Example:\n  jurat incident list --json" }

func (v *incidentList) Run(ctx context.Context, c *call) error {
	return c.incidents(ctx, v.After, v.Limit, func(at visit, after jurat.IncidentNumber, n int) ([]desk.Line, error) {
		return at.desk.List(ctx, at.who, at.now(), after, n)
	})
}

type incidentSearch struct {
	Query  string `arg:"" optional:"" name:"words" help:"Words; the last may be cut short."`
	Order  string `placeholder:"ID" help:"Only those opened while that order was adopted here."`
	Status string `enum:",open,closed" default:"" placeholder:"open|closed" help:"Only those that are open, or closed."`
	From   string `placeholder:"DATE" help:"Only those opened on that day or later, on the office's clocks."`
	To     string `placeholder:"DATE" help:"Only those opened on that day or before."`
	Limit  int    `help:"At most so many; 0 lists all." default:"0" placeholder:"N"`
}

func (incidentSearch) Help() string {
	return "Examples:\n  jurat incident search \"26th stop\"\n  jurat incident search --status open --from 2026-01-01 --to 2026-03-31\n\n" +
		"With words, with what they are narrowed to, or with both. Sealed parts are not searched, and nobody is found by name."
}

func (v *incidentSearch) Run(ctx context.Context, c *call) error {
	return c.incidents(ctx, "", v.Limit, func(at visit, after jurat.IncidentNumber, n int) ([]desk.Line, error) {
		sought := desk.Sought{Words: v.Query, Order: v.Order, State: jurat.IncidentState(v.Status)}
		for _, day := range []struct {
			flag, text string
			into       *time.Time
			later      int
		}{{"from", v.From, &sought.From, 0}, {"to", v.To, &sought.Until, 1}} {
			if day.text == "" {
				continue
			}
			begins, err := time.ParseInLocation(time.DateOnly, day.text, at.zone(ctx))
			if err != nil {
				return nil, jurat.Errorf(jurat.Invalid, "--%s %q is no day; write it as 2026-05-31", day.flag, day.text)
			}
			*day.into = begins.AddDate(0, 0, day.later)
		}
		return at.desk.Search(ctx, at.who, at.now(), sought, after, n)
	})
}

// incidents prints pages of incidents until there are no more, or limit are
// printed.
func (c *call) incidents(ctx context.Context, after jurat.IncidentNumber, limit int, page func(visit, jurat.IncidentNumber, int) ([]desk.Line, error)) error {
	const size = 500
	if limit < 0 {
		return jurat.Errorf(jurat.Invalid, "--limit %d: give 0 for all, or how many at most", limit)
	}
	return c.visit(ctx, func(at visit) error {
		for left := limit; ; {
			n := size
			if limit > 0 {
				n = min(n, left)
			}
			found, err := page(at, after, n)
			if err != nil {
				return err
			}
			for _, l := range found {
				if err := c.either(incidentLine{l.Incident, l.Opened.Format(timeLayout), l.Title}, "%s  %s  %s", l.Incident, day(l.Opened), l.Title); err != nil {
					return err
				}
				after = l.Incident
			}
			left -= len(found)
			if len(found) < n || limit > 0 && left == 0 {
				return nil
			}
		}
	})
}

type incidentShow struct {
	Number jurat.IncidentNumber `arg:"" help:"The incident."`
}

func (incidentShow) Help() string {
	return "Example:\n  jurat incident show 2026-000001 --json\n\nOpening an incident is an event of it, once per person in fifteen minutes."
}

func (v *incidentShow) Run(ctx context.Context, c *call) error {
	return c.visit(ctx, func(at visit) error {
		view, err := at.desk.Show(ctx, at.who, at.now(), v.Number)
		if err != nil {
			return err
		}
		if c.verbs.JSON {
			return c.object(shown(view))
		}
		return c.printIncident(view)
	})
}

type incidentClose struct {
	Number jurat.IncidentNumber `arg:"" help:"The incident."`
	Reason string               `required:"" placeholder:"WORDS" help:"Why."`
}

func (incidentClose) Help() string {
	return "Example:\n  jurat incident close 2026-000001 --reason \"declined on 4 March; no complaint is open\" --as supervisor-1102\n\nIt stands in no way of what comes later. While an incident is open nothing in it can be disposed of."
}

func (v *incidentClose) Run(ctx context.Context, c *call) error {
	return c.done(ctx, map[string]any{"incident": v.Number}, "closed incident "+string(v.Number)+"; saving in it goes on", func(at visit) (desk.Done, error) {
		return at.desk.CloseIncident(ctx, at.who, at.now(), v.Number, v.Reason)
	})
}

type incidentReopen struct {
	Number jurat.IncidentNumber `arg:"" help:"The incident."`
	Reason string               `required:"" placeholder:"WORDS" help:"Why."`
}

func (incidentReopen) Help() string {
	return "Example:\n  jurat incident reopen 2026-000001 --reason \"a second recording came in\" --as supervisor-1102"
}

func (v *incidentReopen) Run(ctx context.Context, c *call) error {
	return c.done(ctx, map[string]any{"incident": v.Number}, "incident "+string(v.Number)+" is open again", func(at visit) (desk.Done, error) {
		return at.desk.ReopenIncident(ctx, at.who, at.now(), v.Number, v.Reason)
	})
}

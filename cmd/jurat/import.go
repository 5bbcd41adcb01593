package main

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/numbers"
)

type importVerb struct {
	Roster    importRoster    `cmd:"" help:"Import who was on duty, with a camera or without."`
	Dispatch  importDispatch  `cmd:"" help:"Import which units were sent to which events."`
	Detention importDetention `cmd:"" help:"Import book-in and book-out times of another body."`
	List      importList      `cmd:"" help:"List the tables on record."`
	Event     importEvent     `cmd:"" help:"Say what the dispatch tables have of an event number."`
	Holdings  importHoldings  `cmd:"" help:"Compare the detention tables with a limit."`
}

// tableFile is a table on the command line.
type tableFile struct {
	File  string `arg:"" help:"The table, CSV or JSON; - is standard input."`
	Zone  string `placeholder:"ZONE" help:"The time zone of times without an offset, such as America/Chicago; that of the first adopted order when not given."`
	Check bool   `help:"Only say what would be accepted; keep nothing."`
}

const tableHelp = "\n\nEach row is accepted whole or refused whole, with row, column and reason (exit 3); what is accepted comes in in one act. A file that cannot be read to its end imports nothing (exit 2), " +
	"and a row on record already is not imported again. Columns about persons, such as names and dates of birth, are dropped unread. docs/operate/import.md lists the columns."

type importRoster struct{ tableFile }

func (importRoster) Help() string {
	return "Examples:\n  jurat import roster tour-2.csv --as supervisor-1102\n  jurat import roster tour-2.csv --check --as supervisor-1102" + tableHelp
}

func (v *importRoster) Run(ctx context.Context, c *call) error {
	return c.importTable(ctx, numbers.Roster, v.tableFile)
}

type importDispatch struct{ tableFile }

func (importDispatch) Help() string {
	return "Example:\n  jurat import dispatch events.json --as evidence-7" + tableHelp
}

func (v *importDispatch) Run(ctx context.Context, c *call) error {
	return c.importTable(ctx, numbers.Dispatch, v.tableFile)
}

type importDetention struct{ tableFile }

func (importDetention) Help() string {
	return "Example:\n  jurat import detention holds.csv --zone America/Los_Angeles --as records-3" + tableHelp
}

func (v *importDetention) Run(ctx context.Context, c *call) error {
	return c.importTable(ctx, numbers.Detention, v.tableFile)
}

func (c *call) importTable(ctx context.Context, kind numbers.Kind, file tableFile) error {
	text, err := c.text(file.File)
	if err != nil {
		return err
	}
	return c.visit(ctx, func(at visit) error {
		table := desk.TableFile{Kind: kind, Text: bytes.NewReader(text), Zone: file.Zone}
		var im *numbers.Import
		var done desk.Done
		var err error
		if file.Check {
			im, err = at.desk.ReadTable(ctx, at.who, at.now(), table)
		} else {
			im, done, err = at.desk.Import(ctx, at.who, at.now(), table)
		}
		if err != nil {
			return err
		}
		refused := append([]numbers.Refused{}, im.Refused...)
		line := map[string]any{
			"import": done.Item.ID, "event": done.Event, "kind": im.Kind, "file": im.Digest, "zone_assumed": im.Zone, "accepted": len(im.Accepted), "repeated": len(im.Repeated),
			"refused": refused, "dropped": append([]string{}, im.Dropped...), "checked_only": file.Check,
		}
		name := string(done.Item.ID)
		if name == "" {
			name = "nothing imported"
		}
		dropped := ""
		if len(im.Dropped) > 0 {
			dropped = "; columns about persons dropped: " + strings.Join(im.Dropped, ", ")
		}
		if err := c.either(line, "%s: of a %s table %d rows accepted, %d on record already, %d refused; times without an offset are of %s%s",
			name, im.Kind, len(im.Accepted), len(im.Repeated), len(im.Refused), im.Zone, dropped); err != nil {
			return err
		}
		return c.refusedRows(file.File, im)
	})
}

// refusedRows names each row that was refused, as a compiler does.
func (c *call) refusedRows(file string, im *numbers.Import) error {
	const most = 50
	for i, r := range im.Refused {
		if i == most {
			c.complain("%d more rows of %s were refused; --json lists all", len(im.Refused)-most, file)
			break
		}
		c.warn("%s: %s", file, r.String())
	}
	if len(im.Refused) > 0 {
		return answer(exitNo)
	}
	return nil
}

type importList struct{}

func (importList) Help() string { return "Example:\n  jurat import list --as supervisor-1102" }

func (v *importList) Run(ctx context.Context, c *call) error {
	return list(ctx, c, func(i jurat.Import) error {
		return c.either(map[string]any{"import": i.ID, "kind": i.Kind, "file": i.File, "zone_assumed": i.Zone, "accepted": i.Accepted, "repeated": i.Repeated, "refused": i.Refused, "dropped": append([]string{}, i.Dropped...), "by": i.By, "at": i.At},
			"%s  %s  %s  %d rows, by %s  %s", i.ID, day(i.At), i.Kind, i.Accepted, i.By, i.File)
	}, func(at visit) ([]jurat.Import, error) {
		return at.desk.Imports(ctx, at.who, at.now())
	})
}

type importEvent struct {
	Number string `arg:"" help:"The dispatch event number."`
}

func (importEvent) Help() string {
	return "Example:\n  jurat import event 26-327-0144 --as officer-4471\n\nA form is prefilled from these rows, and says so. A number that no table has yet says nothing about the event."
}

func (v *importEvent) Run(ctx context.Context, c *call) error {
	return list(ctx, c, func(r desk.Dispatched) error {
		return c.either(r, "%s row %d: %s, %s, sent %s, beat %s, district %s, %s", r.Import, r.Number, r.Texts["unit"], r.Texts["member"],
			momentWords(r.Times["sent_at"]), stated(r.Texts["beat"]), stated(r.Texts["district"]), stated(r.Texts["call_type"]))
	}, func(at visit) ([]desk.Dispatched, error) {
		return at.desk.Dispatch(ctx, at.who, at.now(), v.Number)
	})
}

// momentWords is a time out of a table: two, where the clock showed it twice.
func momentWords(m numbers.Moment) string {
	if m.Doubled() {
		return day(m.First) + " or " + day(m.Last)
	}
	return day(m.First)
}

type importHoldings struct {
	Hours int `required:"" placeholder:"N" help:"The limit, in hours."`
}

func (importHoldings) Help() string {
	return "Example:\n  jurat import holdings --hours 12 --as records-3\n\nWhat another body's data say, which nobody checked. A row without a book-out, or with a time in the doubled hour, is not determinable, and is never counted as over the limit."
}

func (v *importHoldings) Run(ctx context.Context, c *call) error {
	if v.Hours < 1 {
		return jurat.Errorf(jurat.Invalid, "--hours %d: give the limit in whole hours, one or more", v.Hours)
	}
	return c.visit(ctx, func(at visit) error {
		all, err := at.desk.Holdings(ctx, at.who, at.now(), time.Duration(v.Hours)*time.Hour)
		if err != nil {
			return err
		}
		n := map[string]int{}
		for _, h := range all {
			n[h.State]++
			said := strings.ReplaceAll(h.State, "_", " ")
			if h.Why != "" {
				said += ": " + h.Why
			} else {
				said += fmt.Sprintf(" %d hours, as reported: %s", v.Hours, h.Held)
			}
			if err := c.either(h, "%s  %s", h.Row, said); err != nil {
				return err
			}
		}
		c.say("%d rows: %d over %d hours as reported, %d within, %d not determinable", len(all), n[numbers.HeldOver], v.Hours, n[numbers.HeldWithin], n[numbers.HeldNotDeterminable])
		return nil
	})
}

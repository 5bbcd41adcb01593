package main

import (
	"bytes"
	"context"
	"strings"
	"time"

	"jurat/internal/desk"
	"jurat/internal/numbers"
)

type footageGaps struct {
	Roster    string    `placeholder:"FILE" help:"A roster, CSV or JSON; it is compared and not kept."`
	Dispatch  string    `placeholder:"FILE" help:"A dispatch table; it is compared and not kept."`
	Zone      string    `placeholder:"ZONE" help:"The time zone of the files' times without an offset."`
	Since     time.Time `placeholder:"TIME" help:"Without files: from which time on the tables on record are compared; the last thirty days when not given."`
	Commander bool      `help:"Only what nobody explained within the order's time."`
	All       bool      `help:"Those too that are on record, explained or not expected."`
}

func (footageGaps) Help() string {
	return "Examples:\n  jurat footage gaps --as supervisor-1102\n  jurat footage gaps --roster tour-2.csv --dispatch events.csv --as supervisor-1102\n  jurat footage gaps --commander --json --as supervisor-1102\n\n" +
		"Who was to have footage, by a roster or a dispatch table, against exhibits held here and elsewhere: found, explained, absent, or not to be told. " +
		"A camera that a victim, a witness or a reporting person asked to be off is a lawful reason. Record a reason with: jurat record add footage_gap --incident N. Nothing listed here is a failure of anybody's."
}

func (v *footageGaps) Run(ctx context.Context, c *call) error {
	type source struct {
		kind numbers.Kind
		file string
		text []byte
	}
	var sources []source
	for _, s := range []source{{kind: numbers.Roster, file: v.Roster}, {kind: numbers.Dispatch, file: v.Dispatch}} {
		if s.file == "" {
			continue
		}
		var err error
		if s.text, err = c.text(s.file); err != nil {
			return err
		}
		sources = append(sources, s)
	}
	return c.visit(ctx, func(at visit) error {
		since := v.Since
		if since.IsZero() {
			since = at.now().AddDate(0, 0, -30)
		}
		var tables []*numbers.Import
		var partly error
		for _, s := range sources {
			im, err := at.desk.CompareTable(ctx, at.who, at.now(), desk.TableFile{Kind: s.kind, Text: bytes.NewReader(s.text), Zone: v.Zone})
			if err != nil {
				return err
			}
			if err := c.refusedRows(s.file, im); err != nil {
				partly = err
			}
			tables = append(tables, im)
		}
		all, err := at.desk.FootageGaps(ctx, at.who, at.now(), tables, since)
		if err != nil {
			return err
		}
		listed := 0
		for _, g := range all {
			if v.Commander && !g.Commander || !v.All && !g.Missing() {
				continue
			}
			listed++
			if err := c.gapLine(g); err != nil {
				return err
			}
		}
		switch {
		case listed > 0:
		case len(all) == 0:
			c.say("No row of these tables is about an incident on record, so no recording was to be expected.")
		default:
			c.say("Nothing to look for: %d recordings were to be expected, and each is on record, explained, or was not expected.", len(all))
		}
		return partly
	})
}

func (c *call) gapLine(g desk.FootageGap) error {
	where := "no incident"
	switch {
	case g.Exhibit != "":
		where = string(g.Exhibit)
	case g.Gap != "":
		where = string(g.Gap)
	case g.Incident != "":
		where = string(g.Incident)
	}
	why := g.Why
	if g.State == numbers.FootageExplained {
		why = g.Reason
		if g.Label != nil {
			why = g.Label.String()
		}
	}
	if g.Event != "" {
		why += " (event " + g.Event + ")"
	}
	if g.Commander {
		why += "; on the commander's list, missing since " + day(g.Since)
	}
	if g.Missing() {
		why = "ask " + g.Owner + ": " + why
	}
	return c.either(g, "%-16s %-16s %-14s %-12s %s", day(g.From), where, stated(g.Member), strings.ReplaceAll(g.State, "_", " "), why)
}

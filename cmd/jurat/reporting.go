package main

import (
	"bytes"
	"context"
	"strings"

	"jurat/internal/numbers"
)

type reportVerb struct {
	Quarterly  quarterlyReport  `cmd:"" help:"The city's quarterly report on requests for help."`
	Trust      trustReport      `cmd:"" help:"The state's annual report, or a certificate of none."`
	Camera     cameraReport     `cmd:"" help:"The annual body-camera report."`
	Citations  citationsReport  `cmd:"" help:"Citations, their amounts and what became of them."`
	Costs      costsReport      `cmd:"" help:"Costs attributable to a facility."`
	Compliance complianceReport `cmd:"" help:"How the duties of the adopted orders stand."`
	Oregon     oregonReport     `cmd:"" help:"The month's requests, for Oregon's commission."`
}

// reported is what every report takes.
type reported struct {
	countedAt
	Out   string   `placeholder:"DIR" help:"A folder for all its forms: JSON, CSV, text, a page; absent or empty. Printed as text when not given."`
	Clear []string `placeholder:"WORDS" help:"Words a person read and found to be no personal data. Repeatable."`
}

// howReported is what the help of every report says.
const howReported = "\n\nIt is counted at the ledger's published checkpoint, or with --at at an earlier one. With --out DIR it comes as JSON, CSV, plain text and a page that prints. " +
	"A cell that looks like personal data, or holds what stands under seal, refuses it: the sentence names row and column."

type quarterlyReport struct{ reported }

func (quarterlyReport) Help() string {
	return "Example:\n  jurat report quarterly --quarter 2026-Q1 --out q1 --as records-3\n\nLists each notification through emergency communications that describes a request for help with civil enforcement, and each detainer or administrative warrant. Zero is reported as zero." + howReported
}

func (v *quarterlyReport) Run(ctx context.Context, c *call) error { return v.make(ctx, c, "quarterly") }

type trustReport struct{ reported }

func (trustReport) Help() string {
	return "Example:\n  jurat report trust --year 2026 --out trust-2026 --as records-3\n\nLists requests and how each was addressed, and detainers and civil warrants with their times and outcome. A year without any is a certificate of none." + howReported
}

func (v *trustReport) Run(ctx context.Context, c *call) error { return v.make(ctx, c, "trust") }

type cameraReport struct{ reported }

func (cameraReport) Help() string {
	return "Example:\n  jurat report camera --year 2026 --out cameras --as records-3\n\nA total the office states that does not match the items on record blocks the report, and so does an item that lacks a field; the sentence names the numbers." + howReported
}

func (v *cameraReport) Run(ctx context.Context, c *call) error { return v.make(ctx, c, "bwc") }

type citationsReport struct{ reported }

func (citationsReport) Help() string {
	return "Example:\n  jurat report citations --quarter 2026-Q1 --as counsel-3\n\nThe dates are alleged dates. Service, appeal, stay and payment stand beside each citation; a draft is counted and not listed. Amounts are whole cents." + howReported
}

func (v *citationsReport) Run(ctx context.Context, c *call) error { return v.make(ctx, c, "citations") }

type costsReport struct{ reported }

func (costsReport) Help() string {
	return "Example:\n  jurat report costs --year 2026 --out costs --as records-3\n\nA cost without its event, its rate, or an amount that follows from minutes and rate to the cent is left out of the bill and listed with the reason." + howReported
}

func (v *costsReport) Run(ctx context.Context, c *call) error { return v.make(ctx, c, "costs") }

type complianceReport struct{ reported }

func (complianceReport) Help() string {
	return "Example:\n  jurat report compliance --quarter 2026-Q1 --as supervisor-1102\n\nCounts duties met, met late, owed, late, excused, and those that cannot be told, by district. Districts with few incidents stand together. A target that is the city's own says so." + howReported
}

func (v *complianceReport) Run(ctx context.Context, c *call) error {
	return v.make(ctx, c, "compliance")
}

type oregonReport struct{ reported }

func (oregonReport) Help() string {
	return "Example:\n  jurat report oregon --month 2026-03 --out march --as records-3\n\nLists each request of a federal agency that relates to immigration enforcement or may, what was answered, and whether it was reported. A month without one needs no report, and the paper says so." + howReported
}

func (v *oregonReport) Run(ctx context.Context, c *call) error { return v.make(ctx, c, "commission") }

// make makes a report, and prints it or puts it into its folder.
func (v *reported) make(ctx context.Context, c *call, id string) error {
	k, want, err := v.counting(c)
	if err != nil {
		return err
	}
	k.Cleared = v.Clear
	return c.visit(ctx, func(at visit) error {
		r, counted, err := at.desk.Report(ctx, at.who, at.now(), id, k)
		if err == nil {
			err = want.is(r.Checkpoint)
		}
		if err != nil {
			return err
		}
		c.warnErased(counted)
		switch {
		case v.Out != "":
			files, err := newFolder(v.Out, r.Files)
			if err != nil {
				return err
			}
			return c.either(map[string]any{"dir": v.Out, "report": r.ID, "period": r.Period, "files": files, "checkpoint": r.Checkpoint},
				"%s holds %d files: %s, %s, counted at leaf %d of %s", v.Out, files, r.Title, r.Period, r.Checkpoint.Size, r.Checkpoint.Origin)
		case c.verbs.JSON:
			return c.object(r)
		}
		return printed(r, c)
	})
}

// printed is the report on standard output. A terminal does not obey it.
func printed(r *numbers.Report, c *call) error {
	var text bytes.Buffer
	if err := r.Print(&text); err != nil {
		return err
	}
	for line := range strings.Lines(text.String()) {
		if err := c.print("%s", strings.TrimSuffix(line, "\n")); err != nil {
			return err
		}
	}
	return nil
}

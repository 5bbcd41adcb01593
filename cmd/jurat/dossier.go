package main

import (
	"bytes"
	"context"
	"fmt"

	"filippo.io/age"

	"jurat/internal/desk"
	"jurat/internal/dossier"
)

type dossierVerb struct {
	Receive dossierReceive `cmd:"" help:"Check a dossier against pinned trust and take it in."`
}

type dossierReceive struct {
	File     string `arg:"" help:"The dossier: ZIP or .age."`
	Identity string `placeholder:"AGEKEY" help:"An age identity file; this record's own when not given."`
	Previous string `placeholder:"FILE" help:"The dossier before it, for a supplement."`
}

func (dossierReceive) Help() string {
	return "Example: jurat dossier receive dossier.zip.age --as prosecutor-12\n\nThe sender's keys must be pinned beforehand, from another source than the dossier. Exit 1 when it is altered; its bytes are kept either way."
}

func (v *dossierReceive) Run(ctx context.Context, c *call) error {
	return c.at(ctx, func(h *house, who desk.Caller) error {
		ids := []age.Identity{h.keys.age}
		if v.Identity != "" {
			given, err := c.identities(v.Identity)
			if err != nil {
				return err
			}
			ids = given
		}
		d, report, err := h.desk.TakeDossier(ctx, who, c.now(), desk.Taking{Path: v.File, Identity: ids, Previous: v.Previous, Progress: c.counted("checked")})
		if err != nil {
			if report.Contents == nil {
				c.printFindings(report.Findings)
			}
			return err
		}
		if c.verbs.JSON {
			err = c.object(map[string]any{"incident": d.Incident, "dossier": d.ID, "referral": d.Referral, "number": d.Number, "answer": report.Answer, "findings": report.Findings, "not_checked": report.NotChecked})
		} else {
			c.say("took in dossier %d of %s as %s: %s", d.Number, d.Referral, d.ID, report.Answer)
			c.printReport(report)
		}
		if err != nil {
			return err
		}
		return answerOf(report.Answer)
	})
}

// identities reads an age identity file.
func (c *call) identities(path string) ([]age.Identity, error) {
	text, err := c.text(path)
	if err != nil {
		return nil, err
	}
	return dossier.ParseIdentities(bytes.NewReader(text))
}

// counted turns a running total into the steps a room reports.
func (c *call) counted(what string) func(n int) {
	draw := c.progress(what, 0)
	if draw == nil {
		return nil
	}
	total := int64(0)
	return func(n int) { total += int64(n); draw(total) }
}

func (c *call) printFindings(found []dossier.Finding) {
	for _, f := range found {
		fmt.Fprintf(c.stderr, "  %s: %s (%s)\n", f.Answer, f.What, f.Where)
	}
}

func (c *call) printReport(r dossier.Report) {
	for _, f := range r.Findings {
		c.say("  %s: %s (%s)", f.Answer, f.What, f.Where)
	}
	for _, n := range r.Notes {
		c.say("  %s", n)
	}
	for _, n := range r.NotChecked {
		c.say("  not checked: %s", n)
	}
}

// answerOf is the exit status of one of the three answers.
func answerOf(said string) error {
	switch said {
	case dossier.Intact:
		return nil
	case dossier.Altered:
		return answer(exitAltered)
	}
	return answer(exitNo)
}

package main

import (
	"bytes"
	"context"

	"filippo.io/age"

	"jurat"
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
	return "Example:\n  jurat dossier receive dossier.zip.age --as prosecutor-12\n\nThe sender's keys must be pinned beforehand, from another source than the dossier. Exit 1 when it is altered; its bytes are kept either way."
}

func (v *dossierReceive) Run(ctx context.Context, c *call) error {
	return c.visit(ctx, func(at visit) error {
		ids := []age.Identity{at.keys.age}
		if v.Identity != "" {
			given, err := c.identities(v.Identity)
			if err != nil {
				return err
			}
			ids = given
		}
		d, report, err := at.desk.TakeDossier(ctx, at.who, at.now(), desk.Taking{Path: v.File, Identity: ids, Previous: v.Previous, Progress: c.gauge("checked", 0).add})
		if err != nil {
			for _, f := range report.Findings {
				c.complain("%s: %s%s", f.Answer, f.What, place(f.Where))
			}
			return err
		}
		r := reportOf(report.Answer, report.Findings, report.NotChecked)
		if c.verbs.JSON {
			return c.judged(report.Answer, taken{d.Incident, d.ID, d.Referral, d.Number, r}, report.Notes)
		}
		c.say("took in dossier %d of %s as %s, in incident %s", d.Number, d.Referral, d.ID, d.Incident)
		return c.judge(v.File, r, report.Notes)
	})
}

// taken is a dossier taken in, as --json prints it.
type taken struct {
	Incident jurat.IncidentNumber `json:"incident"`
	Dossier  jurat.ItemID         `json:"dossier"`
	Referral string               `json:"referral"`
	Number   int                  `json:"number"`
	report
}

// identities reads an age identity file.
func (c *call) identities(path string) ([]age.Identity, error) {
	text, err := c.text(path)
	if err != nil {
		return nil, err
	}
	ids, err := dossier.ParseIdentities(bytes.NewReader(text))
	if err != nil {
		return nil, jurat.Because(jurat.Unavailable, err, "%s", path)
	}
	return ids, nil
}

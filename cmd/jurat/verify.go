package main

import (
	"context"
	"os"

	"jurat"
	"jurat/format"
	"jurat/internal/dossier"
)

type verifyVerb struct {
	Path     string `arg:"" help:"The dossier: a ZIP, the folder it unpacks to, or an .age file."`
	Trust    string `placeholder:"FILE" help:"Keys obtained elsewhere; without them the answer covers consistency only."`
	Previous string `placeholder:"FILE" help:"The dossier before it, for a supplement."`
	Identity string `placeholder:"AGEKEY" help:"The age identity that opens an .age file."`
	Receipt  string `placeholder:"FILE" help:"A receipt to compare."`
}

func (verifyVerb) Help() string {
	return "Examples:\n  jurat verify dossier.zip\n  jurat verify --trust city.json dossier.zip --json\n  jurat verify --trust city.json --previous dossier.zip dossier-2.zip\n\n" +
		"Needs no record, account or network. Exit 0 intact, 1 altered, 3 could not tell. A dossier's own keys identify it and prove nothing: compare the fingerprints printed, or give --trust."
}

func (v *verifyVerb) Run(ctx context.Context, c *call) error {
	o := dossier.Options{Previous: v.Previous, Receipt: v.Receipt}
	if v.Trust != "" {
		text, err := os.ReadFile(v.Trust)
		if err != nil {
			return jurat.Because(jurat.Invalid, err, "the trust file")
		}
		if _, err := format.ParseTrust(text); err != nil {
			return err
		}
		o.Trust = text
	}
	if v.Identity != "" {
		ids, err := c.identities(v.Identity)
		if err != nil {
			return jurat.Because(jurat.Invalid, err, "the age identity")
		}
		o.Identity = ids
	}
	total := int64(0)
	if info, err := os.Stat(v.Path); err == nil && info.Mode().IsRegular() {
		total = info.Size()
	}
	if draw := c.progress("checked", total); draw != nil {
		done := int64(0)
		o.Progress = func(n int) { done += int64(n); draw(done) }
	}
	report := dossier.Verify(ctx, v.Path, o)
	if c.verbs.JSON {
		if err := c.object(report); err != nil {
			return err
		}
		return answerOf(report.Answer)
	}
	c.say("%s: %s", v.Path, report.Answer)
	c.printReport(report)
	return answerOf(report.Answer)
}

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
	Roots    string `placeholder:"FILE" help:"Root certificates, PEM, of time-stamping authorities you trust."`
}

func (verifyVerb) Help() string {
	return "Examples:\n  jurat verify dossier.zip\n  jurat verify --trust city.json dossier.zip --json\n  jurat verify --trust city.json --previous dossier.zip dossier-2.zip\n\n" +
		"Needs no record, account or network. Exit 0 intact, 1 altered, 3 could not tell. A dossier's own keys identify it and prove nothing: compare the fingerprints printed, or give --trust."
}

func (v *verifyVerb) Run(ctx context.Context, c *call) error {
	o := dossier.Options{Previous: v.Previous, Receipt: v.Receipt}
	if v.Trust != "" {
		text, err := c.text(v.Trust)
		if err == nil {
			_, err = format.ParseTrust(text)
		}
		if err != nil {
			return jurat.Because(jurat.Invalid, err, "the trust file %s", v.Trust)
		}
		o.Trust = text
	}
	if v.Identity != "" {
		ids, err := c.identities(v.Identity)
		if err != nil {
			// A wrong or missing decryption key is an answer, not a misuse (§8).
			return c.judge(v.Path, reportOf(dossier.Unsure, []dossier.Finding{{Answer: dossier.Unsure, What: err.Error(), Where: v.Identity}}, []string{"everything in the dossier"}), nil)
		}
		o.Identity = ids
	}
	roots, err := c.roots(v.Roots)
	if err != nil {
		return jurat.Because(jurat.Invalid, err, "the root certificates")
	}
	o.Roots = roots
	total := int64(0)
	if info, err := os.Stat(v.Path); err == nil && info.Mode().IsRegular() {
		total = info.Size()
	}
	o.Progress = c.gauge("checked", total).add
	r := dossier.Verify(ctx, v.Path, o)
	return c.judge(v.Path, reportOf(r.Answer, r.Findings, r.NotChecked), r.Notes)
}

package main

import (
	"cmp"
	"context"

	"jurat"
	"jurat/format"
	"jurat/internal/desk"
)

type officeVerb struct {
	Add    officeAdd    `cmd:"" help:"Add an office."`
	Trust  officeTrust  `cmd:"" help:"Pin the keys of another office, obtained outside any dossier."`
	Export officeExport `cmd:"" help:"Print this record's own public keys, as other offices pin them."`
	List   officeList   `cmd:"" help:"List the offices."`
}

type officeAdd struct {
	Name     string         `arg:"" help:"Its name, as people know it."`
	ID       jurat.OfficeID `help:"A short name; made from the name when not given." placeholder:"OFFICE"`
	Function jurat.Function `help:"What it does in a case: ${functions}. An office with none of the others is political." placeholder:"FUNCTION" default:"prosecutor"`
	Age      string         `help:"The recipient dossiers are encrypted to." placeholder:"age1…"`
	Own      bool           `help:"It is part of the office whose record this is."`
}

func (officeAdd) Help() string {
	return "Example:\n  jurat office add \"County prosecutor\" --function prosecutor --as administrator-1\n\nWithout --function the office is a prosecutor's. The wall is by function: a political office sees no incident, whoever heads it."
}

func (v *officeAdd) Run(ctx context.Context, c *call) error {
	o := jurat.Office{ID: cmp.Or(v.ID, jurat.OfficeID(slugOf(v.Name))), Name: v.Name, Function: v.Function, Age: v.Age, Own: v.Own}
	return act(ctx, c, func(o jurat.Office, done desk.Done) error {
		return c.either(map[string]any{"office": o.ID, "name": o.Name, "function": o.Function, "event": done.Event}, "added %s (%s), %s", o.ID, o.Name, o.Function)
	}, func(at visit) (jurat.Office, desk.Done, error) {
		done, err := at.desk.AddOffice(ctx, at.who, at.now(), o)
		return o, done, err
	})
}

type officeTrust struct {
	File   string         `arg:"" name:"keyfile" help:"A trust file, from the office itself by another way than a dossier."`
	Office jurat.OfficeID `help:"Which office of this record it is; found by name when not given." placeholder:"OFFICE"`
}

func (officeTrust) Help() string {
	return "Example:\n  jurat office trust county.json --as administrator-1\n\nCompare the fingerprints it prints with the office, by telephone or in person."
}

func (v *officeTrust) Run(ctx context.Context, c *call) error {
	text, err := c.text(v.File)
	if err != nil {
		return err
	}
	trust, err := format.ParseTrust(text)
	if err != nil {
		return jurat.Because(jurat.Invalid, err, "%s", v.File)
	}
	if v.Office != "" && len(trust.Offices) > 1 {
		return jurat.Errorf(jurat.Invalid, "%s names %d offices, and --office one; pin a file with one office", v.File, len(trust.Offices))
	}
	return c.visit(ctx, func(at visit) error {
		for _, t := range trust.Offices {
			if err := v.pin(ctx, c, at, t, trust); err != nil {
				return err
			}
		}
		return nil
	})
}

// pin pins the keys of one office of a trust file, with its witnesses.
func (v *officeTrust) pin(ctx context.Context, c *call, at visit, t format.TrustedOffice, all format.Trust) error {
	id := cmp.Or(v.Office, jurat.OfficeID(slugOf(t.Name)))
	one, err := format.Trust{Offices: []format.TrustedOffice{t}, Witnesses: all.Witnesses, Quorum: all.Quorum}.Marshal()
	if err != nil {
		return err
	}
	recipient := ""
	if len(t.Age) > 0 {
		recipient = t.Age[0]
	}
	if _, err := at.desk.TrustOffice(ctx, at.who, at.now(), id, one, recipient); err != nil {
		return err
	}
	var prints []string
	for _, k := range t.Office {
		prints = append(prints, k.Thumbprint())
	}
	return c.either(map[string]any{"office": id, "origin": t.Origin, "keys": prints}, "pinned %s (%s)\ncompare with them: %s", id, t.Origin, prints)
}

type officeExport struct{}

func (officeExport) Help() string {
	return "Example:\n  jurat office export > our-keys.json\n\nHand the file to other offices in person or by post; it holds nothing secret."
}

func (v *officeExport) Run(ctx context.Context, c *call) error {
	dir, err := c.dir()
	if err != nil {
		return err
	}
	s, err := readSettings(dir)
	if err != nil {
		return err
	}
	keys, err := readKeys(s.Keys)
	if err != nil {
		return err
	}
	text, err := keys.trust(s.Name, s.Origin).Marshal()
	if err != nil {
		return err
	}
	_, err = c.stdout.Write(text)
	return err
}

type officeList struct{}

func (officeList) Help() string { return "Example:\n  jurat office list" }

func (v *officeList) Run(ctx context.Context, c *call) error {
	return list(ctx, c, func(o jurat.Office) error {
		pinned := "no keys pinned"
		switch {
		case o.Own:
			pinned = "this record's own"
		case len(o.Trust) > 0:
			pinned = "keys pinned"
		}
		return c.either(o, "%-28s %-32s %-12s %s", o.ID, o.Name, o.Function, pinned)
	}, func(at visit) ([]jurat.Office, error) { return at.desk.Offices(ctx, at.who, at.now()) })
}

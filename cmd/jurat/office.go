package main

import (
	"context"
	"strings"

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
	Name     string `arg:"" help:"Its name, as people know it."`
	ID       string `help:"A short name; made from the name when not given." placeholder:"OFFICE"`
	Function string `help:"What it does in a case: ${functions}. An office with none of the others is political." placeholder:"FUNCTION" default:"prosecutor"`
	Age      string `help:"The recipient dossiers are encrypted to." placeholder:"age1…"`
	Own      bool   `help:"It is part of the office whose record this is."`
}

func (officeAdd) Help() string {
	return "Example: jurat office add \"County prosecutor\" --function prosecutor --as administrator-1\n\nWithout --function the office is a prosecutor's. The wall is by function: a political office sees no incident, whoever heads it."
}

func (v *officeAdd) Run(ctx context.Context, c *call) error {
	return c.at(ctx, func(h *house, who desk.Caller) error {
		id := v.ID
		if id == "" {
			id = slugOf(v.Name)
		}
		done, err := h.desk.AddOffice(ctx, who, c.now(), jurat.Office{ID: jurat.OfficeID(id), Name: v.Name, Function: jurat.Function(v.Function), Age: v.Age, Own: v.Own})
		if err != nil {
			return err
		}
		return c.either(map[string]any{"office": id, "name": v.Name, "function": v.Function, "event": done.Event}, "added %s (%s), %s", id, v.Name, v.Function)
	})
}

type officeTrust struct {
	File   string `arg:"" name:"keyfile" help:"A trust file, from the office itself by another way than a dossier."`
	Office string `help:"Which office of this record it is; found by name when not given." placeholder:"OFFICE"`
}

func (officeTrust) Help() string {
	return "Example: jurat office trust county.json --as administrator-1\n\nCompare the fingerprints it prints with the office, by telephone or in person."
}

func (v *officeTrust) Run(ctx context.Context, c *call) error {
	text, err := c.text(v.File)
	if err != nil {
		return err
	}
	trust, err := format.ParseTrust(text)
	if err != nil {
		return err
	}
	return c.at(ctx, func(h *house, who desk.Caller) error {
		for _, t := range trust.Offices {
			id := jurat.OfficeID(v.Office)
			if id == "" {
				id = jurat.OfficeID(slugOf(t.Name))
			}
			one, err := format.Trust{Offices: []format.TrustedOffice{t}, Witnesses: trust.Witnesses, Quorum: trust.Quorum}.Marshal()
			if err != nil {
				return err
			}
			recipient := ""
			if len(t.Age) > 0 {
				recipient = t.Age[0]
			}
			if _, err := h.desk.TrustOffice(ctx, who, c.now(), id, one, recipient); err != nil {
				return err
			}
			var prints []string
			for _, k := range t.Office {
				prints = append(prints, k.Thumbprint())
			}
			if err := c.either(map[string]any{"office": id, "origin": t.Origin, "keys": prints}, "pinned %s (%s)\ncompare with them: %s", id, t.Origin, strings.Join(prints, ", ")); err != nil {
				return err
			}
		}
		return nil
	})
}

type officeExport struct{}

func (officeExport) Help() string {
	return "Example: jurat office export > our-keys.json\n\nHand the file to other offices in person or by post; it holds nothing secret."
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

func (officeList) Help() string { return "Example: jurat office list" }

func (v *officeList) Run(ctx context.Context, c *call) error {
	return c.at(ctx, func(h *house, who desk.Caller) error {
		offices, err := h.desk.Offices(ctx, who, c.now())
		if err != nil {
			return err
		}
		for _, o := range offices {
			pinned := "no keys pinned"
			switch {
			case o.Own:
				pinned = "this record's own"
			case len(o.Trust) > 0:
				pinned = "keys pinned"
			}
			if err := c.either(o, "%-28s %-32s %-12s %s", o.ID, o.Name, o.Function, pinned); err != nil {
				return err
			}
		}
		return nil
	})
}

package main

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"

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
	files := byName(trust)
	if v.Office != "" && len(files) > 1 {
		return jurat.Errorf(jurat.Invalid, "%s names %d offices, and --office one; pin a file with one office", v.File, len(files))
	}
	pins := make([]desk.Pin, len(files))
	for i, one := range files {
		pins[i].Office = cmp.Or(v.Office, jurat.OfficeID(slugOf(one.Offices[0].Name)))
		if pins[i].Trust, err = one.Marshal(); err != nil {
			return err
		}
		for _, t := range one.Offices {
			if len(t.Age) > 0 {
				pins[i].Age = t.Age[0]
				break
			}
		}
	}
	return c.visit(ctx, func(at visit) error {
		if _, err := at.desk.TrustOffices(ctx, at.who, at.now(), pins); err != nil {
			return err
		}
		for i, one := range files {
			t := one.Offices[0]
			prints := make([]string, len(t.Office))
			for n, k := range t.Office {
				prints[n] = k.Thumbprint()
			}
			if err := c.either(map[string]any{"office": pins[i].Office, "origin": t.Origin, "keys": prints}, "pinned %s (%s)\ncompare with them: %s", pins[i].Office, t.Origin, prints); err != nil {
				return err
			}
		}
		return nil
	})
}

// byName gives a trust file for each office of one, with its witnesses: an
// office stands in it once for each log it has had, the present one first.
func byName(all format.Trust) []format.Trust {
	var files []format.Trust
	for _, t := range all.Offices {
		i := slices.IndexFunc(files, func(f format.Trust) bool { return f.Offices[0].Name == t.Name })
		if i < 0 {
			i = len(files)
			files = append(files, format.Trust{Witnesses: all.Witnesses, Quorum: all.Quorum})
		}
		files[i].Offices = append(files[i].Offices, t)
	}
	return files
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
	trust := keys.trust(s.Name, s.Origin)
	past, err := endedLogs(dir, s.Name)
	if err != nil {
		return err
	}
	trust.Offices = append(trust.Offices, past...)
	text, err := trust.Marshal()
	if err != nil {
		return err
	}
	_, err = c.stdout.Write(text)
	return err
}

// endedLogs gives the keys of the logs of a record that ended, the newest
// first: what was handed over before is checked with them.
func endedLogs(dir, name string) ([]format.TrustedOffice, error) {
	var all []format.TrustedOffice
	for n := 0; ; n++ {
		path := filepath.Join(dir, ledgerFolder, "past", strconv.Itoa(n), "keys.jsonl")
		text, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			slices.Reverse(all)
			return all, nil
		}
		if err != nil {
			return nil, jurat.Because(jurat.Unavailable, reason(err), "%s cannot be read", path)
		}
		keys, err := format.ParseKeys(text)
		if err != nil {
			return nil, jurat.Because(jurat.Unavailable, err, "%s", path)
		}
		one := format.TrustedOffice{Name: name}
		for _, k := range keys {
			switch k.Kind {
			case format.KeyLog:
				if one.Origin, err = format.LogKeyOrigin(k.Public); err != nil {
					return nil, err
				}
				one.Log = append(one.Log, k.Public)
			case format.KeyOffice:
				one.Office = append(one.Office, format.JWK{Kty: "OKP", Crv: "Ed25519", X: k.Public})
			}
		}
		all = append(all, one)
	}
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

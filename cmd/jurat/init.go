package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/durable"
)

type initVerb struct {
	Path     string `arg:"" name:"dir" help:"The folder to make; absent or empty."`
	Name     string `help:"The office's name, as people know it." placeholder:"N"`
	Office   string `help:"What the office does: police or prosecutor." enum:"police,prosecutor" default:"police"`
	Origin   string `help:"The name of the ledger, for good; made from the name when not given." placeholder:"ORIGIN"`
	Database string `help:"A PostgreSQL database (DSN) instead of the embedded one." placeholder:"DSN"`
}

func (initVerb) Help() string {
	return "Example:\n  jurat init /srv/record --name \"Police department\" --office police\n\nMakes the record and its keys. Move the key folder to another disk and set keys in jurat.toml; who has the keys reads and signs."
}

func (v *initVerb) Run(ctx context.Context, c *call) error {
	h, err := makeHouse(ctx, v.Path, v, c.now())
	if err != nil {
		return err
	}
	link, until, err := giveLink(ctx, h, desk.Caller{}, desk.FirstAdministrator, c.now())
	if err := errors.Join(err, h.close()); err != nil {
		return err
	}
	return c.either(map[string]string{"dir": v.Path, "origin": h.settings.Origin, "office": v.Office, "setup": setupPath(link)},
		"made the record %s of %s\nits ledger is %s\nits keys are in %s: keep a copy apart from the record\nthe first administrator begins at this address of the counter, once, until %s: %s",
		v.Path, h.settings.Name, h.settings.Origin, h.settings.Keys, until.Format(time.RFC3339), setupPath(link))
}

// makeHouse makes a record in a folder that is absent or empty, with an office
// of its own, and opens it.
func makeHouse(ctx context.Context, dir string, v *initVerb, now time.Time) (*house, error) {
	if err := emptyFolder(dir); err != nil {
		return nil, err
	}
	s := settings{Name: v.Name, Origin: v.Origin, Keys: keysFolder, Database: v.Database}
	if s.Name == "" {
		s.Name = map[string]string{"police": "Police department", "prosecutor": "Prosecutor's office"}[v.Office]
	}
	if s.Origin == "" {
		tail := make([]byte, 4)
		if _, err := rand.Read(tail); err != nil {
			return nil, err
		}
		s.Origin = slugOf(s.Name) + ".invalid/jurat-" + hex.EncodeToString(tail)
	}
	keys, err := makeKeys(filepath.Join(dir, keysFolder), s.Origin)
	if err != nil {
		return nil, err
	}
	for _, folder := range []string{vaultFolder, ledgerFolder} {
		if err := durable.MkdirAll(filepath.Join(dir, folder), 0o755); err != nil {
			return nil, err
		}
	}
	if err := writeSettings(dir, s); err != nil {
		return nil, err
	}
	h, err := openHouse(ctx, dir)
	if err != nil {
		return nil, err
	}
	_, err = h.desk.AddOffice(ctx, desk.Caller{}, now, jurat.Office{
		ID: jurat.OfficeID(slugOf(s.Name)), Name: s.Name, Function: jurat.Function(v.Office), Own: true, Age: keys.age.Recipient().String(),
	})
	if err == nil {
		err = h.publish(ctx, now)
	}
	if err != nil {
		return nil, errors.Join(err, h.close())
	}
	return h, nil
}

// emptyFolder refuses a folder with anything in it, and makes an absent one.
func emptyFolder(dir string) error {
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, os.ErrNotExist):
		if err := durable.MkdirAll(dir, 0o755); err != nil {
			return err
		}
		return nil
	case err != nil:
		return unread(dir, err)
	case len(entries) > 0:
		return jurat.Errorf(jurat.Conflict, "%s is not empty; nothing was changed", dir)
	}
	return nil
}

// slugOf is a name as an office's id: lower-case letters, digits and dashes.
func slugOf(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9' && b.Len() > 0:
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-") && r != '\'':
			b.WriteByte('-')
		}
	}
	s := strings.Trim(b.String(), "-")
	if len(s) > 40 {
		s = strings.Trim(s[:40], "-")
	}
	if s == "" {
		return "office"
	}
	return s
}

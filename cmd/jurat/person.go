package main

import (
	"context"
	"crypto/rand"
	"errors"
	"os"

	"jurat"
	"jurat/format"
	"jurat/internal/desk"
	"jurat/internal/durable"
	"jurat/internal/login"
)

type personVerb struct {
	Add    personAdd    `cmd:"" help:"Add a person to an office."`
	List   personList   `cmd:"" help:"List the people with access."`
	Key    personKey    `cmd:"" help:"Make a key for a person, or record one they made."`
	Retire personRetire `cmd:"" help:"End a person's access."`
}

type personAdd struct {
	ID     string `arg:"" name:"person" help:"A short name, such as officer-4471."`
	Label  string `help:"A work name, such as \"Officer 4471\"; made from the short name when not given." placeholder:"LABEL"`
	Office string `help:"The office; this record's own when not given." placeholder:"OFFICE"`
	Role   string `help:"officer, supervisor, detective, evidence, records, counsel, prosecutor, auditor, administrator or political." required:"" placeholder:"ROLE"`
	Sworn  bool   `help:"The person is sworn."`
}

func (personAdd) Help() string {
	return "Example: jurat person add officer-4471 --role officer --sworn --as administrator-1\n\nUntil the first administrator exists, the local operator may add people."
}

func (v *personAdd) Run(ctx context.Context, c *call) error {
	return c.at(ctx, func(h *house, who desk.Caller) error {
		office := jurat.OfficeID(v.Office)
		if office == "" {
			office = jurat.OfficeID(slugOf(h.settings.Name))
		}
		label := v.Label
		if label == "" {
			label = labelOf(v.ID)
		}
		p := jurat.Person{ID: jurat.PersonID(v.ID), Label: label, Office: office, Role: jurat.Role(v.Role), Sworn: v.Sworn}
		done, err := h.desk.AddPerson(ctx, who, c.now(), p)
		if err != nil {
			return err
		}
		return c.either(map[string]any{"person": v.ID, "label": label, "office": office, "role": v.Role, "event": done.Event}, "added %s (%s) of %s", v.ID, label, office)
	})
}

// labelOf makes officer-4471 into Officer 4471.
func labelOf(id string) string {
	b := []byte(id)
	for i := range b {
		if b[i] == '-' {
			b[i] = ' '
		}
	}
	if len(b) > 0 && b[0] >= 'a' && b[0] <= 'z' {
		b[0] -= 'a' - 'A'
	}
	return string(b)
}

type personList struct{}

func (personList) Help() string { return "Example: jurat person list --json" }

func (v *personList) Run(ctx context.Context, c *call) error {
	return c.at(ctx, func(h *house, who desk.Caller) error {
		people, err := h.desk.People(ctx, who, c.now())
		if err != nil {
			return err
		}
		for _, p := range people {
			state := "no key"
			if len(p.Keys) > 0 {
				state = "has a key"
			}
			if !p.Retired.IsZero() {
				state = "retired"
			}
			if err := c.either(p, "%-24s %-28s %-24s %-14s %s", p.ID, p.Label, p.Office, p.Role, state); err != nil {
				return err
			}
		}
		return nil
	})
}

type personKey struct {
	ID     string `arg:"" name:"person" help:"Whose key."`
	Out    string `help:"Make a key and write it to this file, which the person keeps." placeholder:"FILE" xor:"key"`
	Public string `help:"Record this public key (a JWK file) instead." placeholder:"FILE" xor:"key"`
}

func (personKey) Help() string {
	return "Example: jurat person key officer-4471 --out officer-4471.key --as administrator-1\n\nWhoever has the key file signs as the person: hand it over and keep no copy."
}

func (v *personKey) Run(ctx context.Context, c *call) error {
	return c.at(ctx, func(h *house, who desk.Caller) error {
		if v.Public != "" {
			text, err := c.text(v.Public)
			if err != nil {
				return err
			}
			jwk, err := format.ParseJWK(text)
			if err != nil {
				return err
			}
			_, err = h.desk.AddKey(ctx, who, c.now(), jurat.PersonID(v.ID), jwk)
			if err != nil {
				return err
			}
			return c.either(map[string]string{"person": v.ID, "key": jwk.Thumbprint()}, "recorded a key of %s: %s", v.ID, jwk.Thumbprint())
		}
		out := v.Out
		if out == "" {
			out = v.ID + ".key"
		}
		key, err := makePersonKey(ctx, h, who, c, jurat.PersonID(v.ID), out)
		if err != nil {
			return err
		}
		return c.either(map[string]string{"person": v.ID, "key": key.Public().Thumbprint(), "file": out}, "made a key of %s in %s", v.ID, out)
	})
}

// makePersonKey writes a new key file and records its public half. The file
// comes first: a key on the record that nobody has would be useless.
func makePersonKey(ctx context.Context, h *house, who desk.Caller, c *call, id jurat.PersonID, out string) (login.Key, error) {
	key, err := login.NewKey(id, rand.Reader)
	if err != nil {
		return key, err
	}
	if _, err := os.Lstat(out); err == nil {
		return key, jurat.Errorf(jurat.Conflict, "%s exists; it was not touched", out)
	}
	text, err := key.Marshal()
	if err != nil {
		return key, err
	}
	if err := durable.WriteFile(out, text, 0o600); err != nil {
		return key, err
	}
	if _, err := h.desk.AddKey(ctx, who, c.now(), id, key.Public()); err != nil {
		return key, errors.Join(err, os.Remove(out))
	}
	return key, nil
}

type personRetire struct {
	ID     string `arg:"" name:"person"`
	Reason string `required:"" help:"Why." placeholder:"WORDS"`
}

func (personRetire) Help() string {
	return "Example: jurat person retire officer-4471 --reason \"moved to another office\" --as administrator-1"
}

func (v *personRetire) Run(ctx context.Context, c *call) error {
	return c.at(ctx, func(h *house, who desk.Caller) error {
		done, err := h.desk.RetirePerson(ctx, who, c.now(), jurat.PersonID(v.ID), v.Reason)
		if err != nil {
			return err
		}
		return c.either(map[string]any{"person": v.ID, "event": done.Event}, "%s no longer has access", v.ID)
	})
}

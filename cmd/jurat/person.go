package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"time"

	"jurat"
	"jurat/format"
	"jurat/internal/desk"
	"jurat/internal/login"
)

type personVerb struct {
	Add    personAdd    `cmd:"" help:"Add a person to an office."`
	List   personList   `cmd:"" help:"List the people with access."`
	Key    personKey    `cmd:"" help:"Make a key for a person, or record one they made."`
	Link   personLink   `cmd:"" help:"Print a link by which a person makes their passkey or password."`
	Sign   personSign   `cmd:"" help:"Sign an act that waits at the counter, with a key file."`
	SignOn personSignOn `cmd:"" help:"Say who somebody a single sign-on knows is here."`
	Retire personRetire `cmd:"" help:"End a person's access."`
}

type personAdd struct {
	ID     jurat.PersonID `arg:"" name:"person" help:"A short name, such as officer-4471."`
	Label  string         `help:"A work name, such as \"Officer 4471\"; made from the short name when not given." placeholder:"LABEL"`
	Office jurat.OfficeID `help:"The office; this record's own when not given." placeholder:"OFFICE"`
	Role   jurat.Role     `help:"officer, supervisor, detective, evidence, records, counsel, prosecutor, auditor, administrator or political." required:"" placeholder:"ROLE"`
	Sworn  bool           `help:"The person is sworn."`

	Advises []jurat.OfficeID `help:"Of counsel: an office they advise. Who advises a political office is screened from every incident." placeholder:"OFFICE"`
}

func (personAdd) Help() string {
	return "Example:\n  jurat person add officer-4471 --role officer --sworn --as administrator-1\n\nUntil the first administrator exists, the local operator may add people."
}

func (v *personAdd) Run(ctx context.Context, c *call) error {
	return act(ctx, c, func(p jurat.Person, done desk.Done) error {
		return c.either(map[string]any{"person": p.ID, "label": p.Label, "office": p.Office, "role": p.Role, "event": done.Event}, "added %s (%s, %s) of %s", p.ID, p.Label, p.Role, p.Office)
	}, func(at visit) (jurat.Person, desk.Done, error) {
		p := jurat.Person{
			ID: v.ID, Label: cmp.Or(v.Label, labelOf(string(v.ID))), Office: cmp.Or(v.Office, jurat.OfficeID(slugOf(at.settings.Name))), Role: v.Role, Sworn: v.Sworn, Advises: v.Advises,
		}
		done, err := at.desk.AddPerson(ctx, at.who, at.now(), p)
		return p, done, err
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

func (personList) Help() string { return "Example:\n  jurat person list --json" }

func (v *personList) Run(ctx context.Context, c *call) error {
	return list(ctx, c, func(p jurat.Person) error {
		state := "no key"
		if len(p.Keys) > 0 {
			state = "has a key"
		}
		if !p.Retired.IsZero() {
			state = "retired"
		}
		return c.either(p, "%-24s %-28s %-24s %-14s %s", p.ID, p.Label, p.Office, p.Role, state)
	}, func(at visit) ([]jurat.Person, error) { return at.desk.People(ctx, at.who, at.now()) })
}

type personKey struct {
	ID     jurat.PersonID `arg:"" name:"person" help:"Whose key."`
	Out    string         `help:"Make a key and write it to this file, which the person keeps." placeholder:"FILE" xor:"key"`
	Public string         `help:"Record this public key (a JWK file) instead." placeholder:"FILE" xor:"key"`
}

func (personKey) Help() string {
	return "Example:\n  jurat person key officer-4471 --out officer-4471.key --as administrator-1\n\nWhoever has the key file signs as the person: hand it over and keep no copy."
}

func (v *personKey) Run(ctx context.Context, c *call) error {
	line := func(k login.Key, _ desk.Done) error {
		return c.either(map[string]any{"person": v.ID, "key": k.Public().Thumbprint(), "file": v.Out}, "made a key of %s in %s", v.ID, v.Out)
	}
	if v.Public != "" {
		return v.record(ctx, c)
	}
	v.Out = cmp.Or(v.Out, string(v.ID)+".key")
	return act(ctx, c, line, func(at visit) (login.Key, desk.Done, error) { return makePersonKey(ctx, at, v.ID, v.Out) })
}

// record puts a key the person made themselves on the record.
func (v *personKey) record(ctx context.Context, c *call) error {
	text, err := c.text(v.Public)
	if err != nil {
		return err
	}
	jwk, err := format.ParsePersonKey(text)
	if err != nil {
		return jurat.Because(jurat.Invalid, err, "%s", v.Public)
	}
	return c.done(ctx, map[string]any{"person": v.ID, "key": jwk.Thumbprint()}, "recorded a key of "+string(v.ID)+": "+jwk.Thumbprint(), func(at visit) (desk.Done, error) {
		return at.desk.AddKey(ctx, at.who, at.now(), v.ID, jwk)
	})
}

// makePersonKey writes a new key file and records its public half. The file
// comes first: a key on the record that nobody has would be useless.
func makePersonKey(ctx context.Context, at visit, id jurat.PersonID, out string) (key login.Key, done desk.Done, err error) {
	if key, err = login.NewKey(id, rand.Reader); err != nil {
		return key, done, err
	}
	text, err := key.Marshal()
	if err != nil {
		return key, done, err
	}
	f, err := create(out, 0o600)
	if err != nil {
		return key, done, err
	}
	defer f.leave()
	if err = f.write(text); err != nil {
		return key, done, err
	}
	if done, err = at.desk.AddKey(ctx, at.who, at.now(), id, key.Public()); err != nil {
		f.kept = false
	}
	return key, done, err
}

type personRetire struct {
	ID     jurat.PersonID `arg:"" name:"person" help:"Who."`
	Reason string         `required:"" help:"Why." placeholder:"WORDS"`
}

func (personRetire) Help() string {
	return "Example:\n  jurat person retire officer-4471 --reason \"moved to another office\" --as administrator-1"
}

func (v *personRetire) Run(ctx context.Context, c *call) error {
	return c.done(ctx, map[string]any{"person": v.ID}, string(v.ID)+" no longer has access", func(at visit) (desk.Done, error) {
		return at.desk.RetirePerson(ctx, at.who, at.now(), v.ID, v.Reason)
	})
}

type personLink struct {
	ID jurat.PersonID `arg:"" name:"person" help:"Whose link."`
}

func (personLink) Help() string {
	return "Example:\n  jurat person link officer-4471 --as administrator-1\n\nThe link is good once, for a day, and ends an earlier one. Hand it over in person: whoever follows it is that person."
}

func (v *personLink) Run(ctx context.Context, c *call) error {
	return c.visit(ctx, func(at visit) error {
		link, until, err := giveLink(ctx, at.house, at.who, v.ID, at.now())
		if err != nil {
			return err
		}
		return c.either(map[string]any{"person": v.ID, "setup": setupPath(link), "until": until}, "%s makes their credentials at this address of the counter, once, until %s:\n%s", v.ID, until.Format(time.RFC3339), setupPath(link))
	})
}

// giveLink makes a link and gives it to a person.
func giveLink(ctx context.Context, h *house, who desk.Caller, id jurat.PersonID, now time.Time) (login.Link, time.Time, error) {
	link, until := login.NewLink(), jurat.At(now.Add(login.LinkLasts))
	return link, until, h.desk.GiveLink(ctx, who, now, id, link.Hash, until)
}

// setupPath is where a link leads. What follows the # stays in the browser: it
// is in no request and in no log.
func setupPath(l login.Link) string { return "/setup#" + l.Secret }

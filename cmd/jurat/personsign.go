package main

import (
	"cmp"
	"context"

	"jurat"
	"jurat/format"
	"jurat/internal/login"
)

type personSign struct {
	File string `arg:"" help:"What the counter gave to be signed."`
	Out  string `help:"Where the signature goes; beside the file when not given." placeholder:"FILE"`
}

func (personSign) Help() string {
	return "Example:\n  jurat person sign act.txt --sign supervisor-1102.key\n\nPrints what is signed, and writes act.txt.signature, which is handed in where the act waits. Needs no record."
}

func (v *personSign) Run(_ context.Context, c *call) error {
	if c.verbs.Sign == "" {
		return jurat.Errorf(jurat.Invalid, "name your key file with --sign")
	}
	text, err := c.text(c.verbs.Sign)
	if err != nil {
		return err
	}
	key, err := login.ParseKey(text)
	if err != nil {
		return jurat.Because(jurat.Invalid, err, "%s is not a person's key file", c.verbs.Sign)
	}
	if text, err = c.text(v.File); err != nil {
		return err
	}
	draft, said, err := format.ReadDraft(text)
	if err != nil {
		return jurat.Because(jurat.Invalid, err, "%s", v.File)
	}
	if said.Actor.Person != key.Person {
		return jurat.Errorf(jurat.Conflict, "%s is an act of %s, and the key file is %s's; nothing was signed", v.File, said.Actor.Person, key.Person)
	}
	open, err := said.Open()
	if err != nil {
		return err
	}
	proof, err := key.Sign(draft)
	if err != nil {
		return err
	}
	signature, err := format.MarshalProof(*proof)
	if err != nil {
		return err
	}
	out := cmp.Or(v.Out, v.File+".signature")
	f, err := create(out, 0o644)
	if err != nil {
		return err
	}
	defer f.leave()
	if err := f.write(append(signature, '\n')); err != nil {
		return err
	}
	return c.either(map[string]any{"person": key.Person, "act": said.Act, "item": open.Item, "value": open.Value, "note": open.Note, "signature": out},
		"signed, as %s: %s of %s %s\n%s\nhand in %s", key.Person, said.Act, open.Item.Noun, open.Item.ID, open.Value, out)
}

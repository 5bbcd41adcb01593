package main

import (
	"cmp"
	"context"
	"io"

	"jurat"
	"jurat/internal/desk"
)

type exhibitVerb struct {
	Verify  exhibitVerify  `cmd:"" help:"Check every byte of an exhibit now."`
	Export  exhibitExport  `cmd:"" help:"Write a copy of an exhibit's bytes to a file."`
	Confirm exhibitConfirm `cmd:"" help:"Record that another holder confirmed the flag."`
	Preview exhibitPreview `cmd:"" help:"Make a small picture of an exhibit."`
	Proxy   exhibitProxy   `cmd:"" help:"Make a film of an exhibit that a browser plays."`
	Probe   exhibitProbe   `cmd:"" help:"Look into an exhibit for what it says of itself."`
	Time    exhibitTime    `cmd:"" help:"Record how far an exhibit's clock was ahead."`

	Consent  exhibitConsent  `cmd:"" help:"Record for which uses somebody gave an exhibit."`
	Withdraw exhibitWithdraw `cmd:"" help:"Record that a consent was withdrawn."`
}

type exhibitVerify struct {
	Exhibit jurat.ItemID `arg:"" help:"The exhibit."`
}

func (exhibitVerify) Help() string {
	return "Example:\n  jurat exhibit verify 2026-000001-E1\n\nExit 0 intact, 1 altered, 3 could not tell; the answer is put in the exhibit's custody."
}

func (v *exhibitVerify) Run(ctx context.Context, c *call) error {
	return c.visit(ctx, func(at visit) error {
		x, said, cause, err := at.desk.VerifyExhibit(ctx, at.who, at.now(), v.Exhibit)
		if err != nil {
			return err
		}
		if err := c.either(map[string]any{"exhibit": x.ID, "answer": said, "digest": x.Digest}, "%s: %s", x.ID, said); err != nil {
			return err
		}
		return cause
	})
}

type exhibitExport struct {
	Exhibit jurat.ItemID `arg:"" help:"The exhibit."`
	File    string       `arg:"" help:"The file to write; it must not exist."`
	For     jurat.Use    `default:"investigate" placeholder:"USE" help:"What the copy is for: ${uses}."`
}

func (exhibitExport) Help() string {
	return "Example:\n  jurat exhibit export 2026-000001-E1 clip.mp4 --as detective-2208\n\nA use that whoever handed it in did not consent to is refused. Opening an exhibit is an event of its incident."
}

func (v *exhibitExport) Run(ctx context.Context, c *call) error {
	return c.visit(ctx, func(at visit) error {
		out, err := create(v.File, 0o600)
		if err != nil {
			return err
		}
		defer out.leave()
		x, r, err := at.desk.ReadExhibitFor(ctx, at.who, at.now(), v.Exhibit, v.For)
		if err != nil {
			return err
		}
		defer r.Close()
		if _, err := io.Copy(out, r); err != nil {
			return err
		}
		if err := out.keep(); err != nil {
			return err
		}
		return c.either(map[string]any{"exhibit": x.ID, "file": v.File, "digest": x.Digest}, "wrote %s to %s; every chunk was checked", x.ID, v.File)
	})
}

type exhibitConfirm struct {
	Exhibit jurat.ItemID `arg:"" help:"The exhibit held elsewhere."`
	Word    string       `required:"" placeholder:"WORDS" help:"Who confirmed it there, and how."`
}

func (exhibitConfirm) Help() string {
	return "Example:\n  jurat exhibit confirm 2026-000001-E3 --word \"video unit, by telephone\" --as evidence-7"
}

func (v *exhibitConfirm) Run(ctx context.Context, c *call) error {
	return act(ctx, c, func(x jurat.Exhibit, done desk.Done) error {
		return c.either(map[string]any{"exhibit": x.ID, "event": done.Event}, "%s: its holder confirmed the flag", x.ID)
	}, func(at visit) (jurat.Exhibit, desk.Done, error) {
		return at.desk.ConfirmExhibit(ctx, at.who, at.now(), v.Exhibit, v.Word)
	})
}

type exhibitConsent struct {
	Exhibit jurat.ItemID `arg:"" help:"The exhibit."`
	By      string       `required:"" placeholder:"WHO" help:"Who consents: a role or a party slot, never a name."`
	Use     []jurat.Use  `placeholder:"USE" help:"A use consented to: ${uses}. Once for each; none is a consent to no use."`
}

func (exhibitConsent) Help() string {
	return "Example:\n  jurat exhibit consent 2026-000001-E2 --by \"Witness 1\" --use investigate --use prosecute --as evidence-7\n\nEvery use needs a consent of its own (EVD-4). An exhibit with none to prosecute is named in a dossier and not handed over."
}

func (v *exhibitConsent) Run(ctx context.Context, c *call) error {
	return act(ctx, c, func(x jurat.Exhibit, done desk.Done) error {
		return c.either(map[string]any{"exhibit": x.ID, "by": x.Consent.By, "uses": x.Consent.Uses, "event": done.Event}, "%s: given by %s to %s", x.ID, x.Consent.By, cmp.Or(joined(x.Consent.Uses), "no use"))
	}, func(at visit) (jurat.Exhibit, desk.Done, error) {
		return at.desk.RecordConsent(ctx, at.who, at.now(), v.Exhibit, v.By, v.Use)
	})
}

type exhibitWithdraw struct {
	Exhibit jurat.ItemID `arg:"" help:"The exhibit."`
	Use     []jurat.Use  `placeholder:"USE" help:"A use withdrawn: ${uses}; all when none is named."`
	How     string       `placeholder:"HOW" help:"How it was withdrawn, such as letter or telephone."`
}

func (exhibitWithdraw) Help() string {
	return "Example:\n  jurat exhibit withdraw 2026-000001-E2 --use public_report --how telephone --as evidence-7\n\nThe use stops, the exhibit stays, and the words for whoever gave it are printed."
}

func (v *exhibitWithdraw) Run(ctx context.Context, c *call) error {
	return act(ctx, c, func(x jurat.Exhibit, done desk.Done) error {
		last := x.Consent.Withdrawn[len(x.Consent.Withdrawn)-1]
		return c.either(map[string]any{"exhibit": x.ID, "withdrawn": last.Uses, "uses": x.Consent.Uses, "told": last.Told, "event": done.Event}, "%s", last.Told)
	}, func(at visit) (jurat.Exhibit, desk.Done, error) {
		return at.desk.WithdrawConsent(ctx, at.who, at.now(), v.Exhibit, v.Use, v.How)
	})
}

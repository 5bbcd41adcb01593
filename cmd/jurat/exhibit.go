package main

import (
	"context"
	"io"

	"jurat"
	"jurat/internal/desk"
)

type exhibitVerb struct {
	Verify  exhibitVerify  `cmd:"" help:"Check every byte of an exhibit now."`
	Export  exhibitExport  `cmd:"" help:"Write a copy of an exhibit's bytes to a file."`
	Confirm exhibitConfirm `cmd:"" help:"Record that another holder confirmed the flag."`
	Probe   exhibitProbe   `cmd:"" help:"Look into an exhibit for what it says of itself."`
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
}

func (exhibitExport) Help() string {
	return "Example:\n  jurat exhibit export 2026-000001-E1 clip.mp4 --as detective-2208\n\nOpening an exhibit is an event of its incident."
}

func (v *exhibitExport) Run(ctx context.Context, c *call) error {
	return c.visit(ctx, func(at visit) error {
		out, err := create(v.File, 0o600)
		if err != nil {
			return err
		}
		defer out.leave()
		x, r, err := at.desk.ReadExhibit(ctx, at.who, at.now(), v.Exhibit)
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

package main

import (
	"context"
	"io"
	"os"

	"jurat"
	"jurat/internal/desk"
)

type exhibitVerb struct {
	Verify  exhibitVerify  `cmd:"" help:"Check every byte of an exhibit now."`
	Export  exhibitExport  `cmd:"" help:"Write a copy of an exhibit's bytes to a file."`
	Confirm exhibitConfirm `cmd:"" help:"Record that another holder confirmed the flag."`
}

type exhibitVerify struct {
	Exhibit string `arg:"" help:"The exhibit."`
}

func (exhibitVerify) Help() string { return "Example: jurat exhibit verify 2026-000001-E1" }

func (v *exhibitVerify) Run(ctx context.Context, c *call) error {
	return c.at(ctx, func(h *house, who desk.Caller) error {
		x, said, cause, err := h.desk.VerifyExhibit(ctx, who, c.now(), jurat.ItemID(v.Exhibit))
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
	Exhibit string `arg:"" help:"The exhibit."`
	File    string `arg:"" help:"The file to write; it must not exist."`
}

func (exhibitExport) Help() string {
	return "Example: jurat exhibit export 2026-000001-E1 clip.mp4 --as detective-2208\n\nOpening an exhibit is an event of its incident."
}

func (v *exhibitExport) Run(ctx context.Context, c *call) error {
	return c.at(ctx, func(h *house, who desk.Caller) error {
		x, r, err := h.desk.ReadExhibit(ctx, who, c.now(), jurat.ItemID(v.Exhibit))
		if err != nil {
			return err
		}
		defer r.Close()
		out, err := os.OpenFile(v.File, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return jurat.Because(jurat.Unavailable, err, "write %s", v.File)
		}
		if _, err = io.Copy(out, r); err == nil {
			err = out.Sync()
		}
		if cerr := out.Close(); err == nil {
			err = cerr
		}
		if err != nil {
			_ = os.Remove(v.File)
			return err
		}
		return c.either(map[string]any{"exhibit": x.ID, "file": v.File, "digest": x.Digest}, "wrote %s to %s; every chunk was checked", x.ID, v.File)
	})
}

type exhibitConfirm struct {
	Exhibit string `arg:"" help:"The exhibit held elsewhere."`
	Word    string `required:"" placeholder:"WORDS" help:"Who confirmed it there, and how."`
}

func (exhibitConfirm) Help() string {
	return "Example: jurat exhibit confirm 2026-000001-E3 --word \"video unit, by telephone\" --as evidence-7"
}

func (v *exhibitConfirm) Run(ctx context.Context, c *call) error {
	return c.at(ctx, func(h *house, who desk.Caller) error {
		x, done, err := h.desk.ConfirmExhibit(ctx, who, c.now(), jurat.ItemID(v.Exhibit), v.Word)
		if err != nil {
			return err
		}
		return c.either(map[string]any{"exhibit": x.ID, "event": done.Event}, "%s: its holder confirmed the flag", x.ID)
	})
}

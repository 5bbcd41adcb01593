package main

import (
	"context"

	"jurat"
	"jurat/internal/desk"
)

// copied is a derived exhibit, as --json prints it.
type copied struct {
	Exhibit     jurat.ItemID  `json:"exhibit"`
	DerivedFrom jurat.ItemID  `json:"derived_from"`
	Purpose     string        `json:"purpose"`
	Media       string        `json:"media"`
	Digest      jurat.Digest  `json:"digest"`
	Size        int64         `json:"size"`
	Event       jurat.EventID `json:"event"`
	Duplicate   bool          `json:"duplicate"`
}

func (c *call) printCopied(out desk.Copied) error {
	x := out.Exhibit
	note := ""
	if out.Duplicate {
		note = " (made before)"
	}
	return c.either(copied{x.ID, x.DerivedFrom, x.Derivation.Purpose, x.Media, x.Digest, x.Size, out.Event, out.Duplicate},
		"%s is a %s of %s: %s, %d bytes%s", x.ID, x.Derivation.Purpose, x.DerivedFrom, x.Media, x.Size, note)
}

type exhibitPreview struct {
	Exhibit jurat.ItemID `arg:"" help:"The exhibit."`
}

func (exhibitPreview) Help() string {
	return "Example:\n  jurat exhibit preview 2026-000001-E1 --as evidence-7\n\n" +
		"The preview is one picture, upright, without what the original says beside its pixels: an exhibit of its own that names its source. The original is not touched. jurat exhibit export writes it to a file."
}

func (v *exhibitPreview) Run(ctx context.Context, c *call) error {
	return c.visit(ctx, func(at visit) error {
		out, err := at.desk.PreviewExhibit(ctx, at.who, at.now, v.Exhibit)
		if err != nil {
			return err
		}
		return c.printCopied(out)
	})
}

type exhibitProxy struct {
	Exhibit jurat.ItemID `arg:"" help:"The exhibit, a film or a sound."`
}

func (exhibitProxy) Help() string {
	return "Example:\n  jurat exhibit proxy 2026-000001-E1 --as evidence-7\n\n" +
		"The proxy is a film that every browser plays (H.264 and AAC, at most 1280 by 720): an exhibit of its own that names its source, and shows less than the original. The original is not touched."
}

func (v *exhibitProxy) Run(ctx context.Context, c *call) error {
	return c.visit(ctx, func(at visit) error {
		out, err := at.desk.ProxyExhibit(ctx, at.who, at.now, v.Exhibit, c.share("made").portion)
		if err != nil {
			return err
		}
		return c.printCopied(out)
	})
}

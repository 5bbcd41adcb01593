package main

import (
	"context"

	"jurat"
	"jurat/internal/desk"
)

type receiptVerb struct {
	Sign   receiptSign   `cmd:"" help:"Sign the receipt of a dossier taken in here. Signed."`
	Import receiptImport `cmd:"" help:"Take in the receipt of a dossier sent from here."`
}

type receiptSign struct {
	Dossier string `arg:"" help:"The dossier, by its number in this record."`
	Out     string `default:"receipt.json" placeholder:"FILE" help:"The file to write."`
}

func (receiptSign) Help() string {
	return "Example: jurat receipt sign 2026-000001-D1 --out receipt.json --sign prosecutor-12.key\n\nIt means: these bytes arrived and were checked thus. It says nothing about the matter."
}

func (v *receiptSign) Run(ctx context.Context, c *call) error {
	return c.at(ctx, func(h *house, who desk.Caller) error {
		text, done, err := h.desk.SignReceipt(ctx, who, c.now(), jurat.ItemID(v.Dossier))
		if err != nil {
			return err
		}
		if err := writeLetter(v.Out, text); err != nil {
			return err
		}
		return c.either(map[string]any{"dossier": v.Dossier, "file": v.Out, "event": done.Event}, "signed the receipt of %s: %s", v.Dossier, v.Out)
	})
}

type receiptImport struct {
	File     string `arg:"" optional:"" help:"The signed receipt, receipt.json."`
	Dossier  string `placeholder:"DOSSIER" help:"For a receipt that came as a sheet or a letter: the dossier …"`
	Reported string `placeholder:"WORDS" help:"… and what it says. It is recorded as reported by the sender."`
}

func (receiptImport) Help() string {
	return "Examples:\n  jurat receipt import receipt.json --sign detective-2208.key\n  jurat receipt import --dossier 2026-000001-D1 --reported \"stamped sheet of 24 November\" --sign detective-2208.key"
}

func (v *receiptImport) Run(ctx context.Context, c *call) error {
	if (v.File == "") == (v.Dossier == "") {
		return jurat.Errorf(jurat.Invalid, "give a signed receipt file, or --dossier and --reported for one that came without a signature")
	}
	return c.at(ctx, func(h *house, who desk.Caller) error {
		if v.File == "" {
			d, done, err := h.desk.ReportReceipt(ctx, who, c.now(), jurat.ItemID(v.Dossier), v.Reported)
			if err != nil {
				return err
			}
			return c.either(map[string]any{"dossier": d.ID, "basis": d.ReceiptFrom, "event": done.Event}, "recorded the receipt of %s, reported by the sender", d.ID)
		}
		text, err := c.text(v.File)
		if err != nil {
			return err
		}
		d, done, err := h.desk.ImportReceipt(ctx, who, c.now(), string(text))
		if err != nil {
			return err
		}
		return c.either(map[string]any{"dossier": d.ID, "basis": d.ReceiptFrom, "event": done.Event}, "recorded the signed receipt of %s", d.ID)
	})
}

package main

import (
	"context"

	"jurat"
	"jurat/format"
	"jurat/internal/desk"
)

type receiptVerb struct {
	Sign   receiptSign   `cmd:"" help:"Sign the receipt of a dossier taken in here. Signed."`
	Import receiptImport `cmd:"" help:"Take in the receipt of a dossier sent from here. Signed."`
}

type receiptSign struct {
	Dossier jurat.ItemID `arg:"" help:"The dossier, by its number in this record."`
	Out     string       `default:"receipt.json" placeholder:"FILE" help:"The file to write."`
}

func (receiptSign) Help() string {
	return "Example:\n  jurat receipt sign 2026-000001-D1 --out receipt.json --sign prosecutor-12.key\n\nIt means: these bytes arrived and were checked thus. It says nothing about the matter."
}

func (v *receiptSign) Run(ctx context.Context, c *call) error {
	return c.letter(ctx, v.Out, func(done desk.Done) error {
		return c.either(map[string]any{"dossier": v.Dossier, "file": v.Out, "event": done.Event}, "signed the receipt of %s: %s", v.Dossier, v.Out)
	}, func(at visit) (string, desk.Done, error) {
		return at.desk.SignReceipt(ctx, at.who, at.now(), v.Dossier)
	})
}

// letter does an act that leaves a signed letter, and writes it to a new file.
// Done again, the act gives the same letter: a file lost to a full disk is made
// by the same command.
func (c *call) letter(ctx context.Context, path string, line func(desk.Done) error, do func(visit) (string, desk.Done, error)) error {
	return c.visit(ctx, func(at visit) error {
		f, err := create(path, 0o644)
		if err != nil {
			return err
		}
		defer f.leave()
		text, done, err := do(at)
		if err != nil {
			return err
		}
		if err := f.write([]byte(text + "\n")); err != nil {
			return jurat.Because(jurat.Unavailable, err, "the letter is signed and on the record, and not in %s; the same command writes the same letter again", path)
		}
		return line(done)
	})
}

type receiptImport struct {
	File     string       `arg:"" optional:"" help:"The signed receipt, receipt.json."`
	Dossier  jurat.ItemID `placeholder:"DOSSIER" help:"For a receipt that came as a sheet or a letter: the dossier …"`
	Reported string       `placeholder:"WORDS" help:"… and what it says. It is recorded as reported by the sender."`
}

func (receiptImport) Help() string {
	return "Examples:\n  jurat receipt import receipt.json --sign detective-2208.key\n  jurat receipt import --dossier 2026-000001-D1 --reported \"stamped sheet of 24 November\" --sign detective-2208.key"
}

func (v *receiptImport) Run(ctx context.Context, c *call) error {
	if (v.File == "") == (v.Dossier == "") {
		return jurat.Errorf(jurat.Invalid, "give a signed receipt file, or --dossier and --reported for one that came without a signature")
	}
	line := func(d jurat.Dossier, done desk.Done) error {
		return c.either(map[string]any{"dossier": d.ID, "basis": d.ReceiptFrom, "event": done.Event}, "recorded the receipt of %s (%s)", d.ID, d.ReceiptFrom)
	}
	if v.File == "" {
		return act(ctx, c, line, func(at visit) (jurat.Dossier, desk.Done, error) {
			return at.desk.ReportReceipt(ctx, at.who, at.now(), v.Dossier, v.Reported)
		})
	}
	text, err := c.text(v.File)
	if err != nil {
		return err
	}
	if _, _, err := format.ReadReceipt(string(text)); err != nil {
		return jurat.Because(jurat.Invalid, err, "%s is not a signed receipt", v.File)
	}
	return act(ctx, c, line, func(at visit) (jurat.Dossier, desk.Done, error) {
		return at.desk.ImportReceipt(ctx, at.who, at.now(), string(text))
	})
}

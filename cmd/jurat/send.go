package main

import (
	"context"
	"errors"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/dossier"
)

// sending is what refer send and refer supplement take.
type sending struct {
	Referral jurat.ItemID `arg:"" help:"The referral."`
	Out      string       `required:"" placeholder:"FILE" help:"The ZIP to write; FILE.age beside it is what goes out."`
	Plain    string       `placeholder:"REASON" help:"Send without encryption, for this reason, which goes on the record."`
	anchoring
}

type referSend struct{ sending }

func (referSend) Help() string {
	return "Example:\n  jurat refer send 2026-000001-K1 --out dossier.zip --sign detective-2208.key\n\nWrites dossier.zip and dossier.zip.age; the second, encrypted to the receiving office, is what to hand over.\n\nWith --anchor the checkpoint over the seal is put in a folder where witnesses and time-stamping authorities answer with files; the dossier embeds what came, and says so when nothing did."
}

type referSupplement struct{ sending }

func (referSupplement) Help() string {
	return "Example:\n  jurat refer supplement 2026-000001-K1 --out dossier-2.zip --sign detective-2208.key\n\nCarries the whole chain again and only the exhibits that are new; it is verified with the dossier before it (jurat verify --previous)."
}

func (v *referSend) Run(ctx context.Context, c *call) error {
	return v.sending.run(ctx, c, jurat.ReferralSent)
}

func (v *referSupplement) Run(ctx context.Context, c *call) error {
	return v.sending.run(ctx, c, jurat.ReferralSupplemented)
}

func (v *sending) run(ctx context.Context, c *call, as jurat.Act) error {
	return act(ctx, c, func(s dossier.Summary, done desk.Done) error {
		out := v.Out
		if v.Plain == "" {
			out += ".age"
		}
		return c.either(map[string]any{"referral": v.Referral, "file": out, "tag_manifest": s.TagManifest, "number": s.Seal.Number, "event": done.Event},
			"sealed dossier %d of %s with %d files; hand over %s\nits tag manifest is %s", s.Seal.Number, v.Referral, s.Files, out, s.TagManifest)
	}, func(at visit) (dossier.Summary, desk.Done, error) { return c.send(ctx, at, v, as) })
}

// send makes the files of a dossier and has the desk fill and record them. When
// it fails neither file stays.
func (c *call) send(ctx context.Context, at visit, v *sending, as jurat.Act) (summary dossier.Summary, done desk.Done, err error) {
	out, err := create(v.Out, 0o600)
	if err != nil {
		return summary, done, err
	}
	defer out.leave()
	anchor, err := v.hook(c, at)
	if err != nil {
		return summary, done, err
	}
	s := desk.Sending{Anchor: anchor, As: as, Out: out.File, PlainReason: v.Plain, Progress: c.gauge("sealed", 0).add}
	files := []*newFile{out}
	if v.Plain == "" {
		encrypted, err := create(v.Out+".age", 0o600)
		if err != nil {
			return summary, done, err
		}
		defer encrypted.leave()
		s.Encrypted = encrypted.File
		files = append(files, encrypted)
	}
	summary, done, err = at.desk.SendReferral(ctx, at.who, at.now(), v.Referral, s)
	// The desk made their bytes durable before it recorded that they went. Where
	// it cannot tell whether that is on the record, they are not thrown away.
	unknown := err != nil && errors.Is(err, jurat.Unavailable) && !summary.TagManifest.IsZero()
	for _, f := range files {
		f.kept = err == nil || unknown
	}
	if unknown {
		err = jurat.Because(jurat.Unavailable, err, "whether %s was recorded as sent cannot be told; it is kept: look with jurat incident show, and hand it over only if it stands there", v.Out)
	}
	return summary, done, err
}

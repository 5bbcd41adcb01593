package main

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"os"

	"jurat"
	"jurat/format"
	"jurat/internal/ledger"
)

type ledgerVerb struct {
	Checkpoint ledgerCheckpoint `cmd:"" help:"Publish what awaits it, and print the signed checkpoint."`
	Prove      ledgerProve      `cmd:"" help:"Print the proof that an event is in the ledger."`
	Mirror     ledgerMirror     `cmd:"" help:"Copy the ledger to a folder elsewhere."`
	Import     ledgerImport     `cmd:"" help:"Take in witnesses' cosignatures and time stamps from files."`
	Recover    ledgerRecover    `cmd:"" help:"Bring a set-back record's leaves back from a mirror."`
	Continue   ledgerContinue   `cmd:"" help:"Begin a new origin when leaves are lost."`
}

// tend opens the record for somebody who may look after its ledger.
func (c *call) tend(ctx context.Context, work func(visit) error) error {
	return c.visit(ctx, func(at visit) error {
		if err := at.desk.Tend(ctx, at.who, at.now()); err != nil {
			return err
		}
		return work(at)
	})
}

// bytes prints v with --json, and the bytes themselves otherwise.
func (c *call) bytes(v any, raw []byte) error {
	if c.verbs.JSON {
		return c.object(v)
	}
	_, err := c.stdout.Write(raw)
	return err
}

// checkpoint reads a file that must be a checkpoint.
func (c *call) checkpoint(path string) ([]byte, error) {
	note, err := c.text(path)
	if err != nil {
		return nil, err
	}
	if _, err := format.ParseCheckpoint(note); err != nil {
		return nil, jurat.Because(jurat.Invalid, err, "%s is not a checkpoint", path)
	}
	return note, nil
}

type ledgerCheckpoint struct{}

func (ledgerCheckpoint) Help() string {
	return "Example:\n  jurat ledger checkpoint > checkpoint\n\nKeep copies apart from the record: any of them notices a rollback (jurat doctor --checkpoint FILE)."
}

func (v *ledgerCheckpoint) Run(ctx context.Context, c *call) error {
	return c.tend(ctx, func(at visit) error {
		p, err := at.ledger.Publish(ctx)
		if err != nil {
			return err
		}
		return c.bytes(map[string]any{"origin": p.Origin, "size": p.Size, "root": p.Root.String(), "note": string(p.Note)}, p.Note)
	})
}

type ledgerProve struct {
	Event jurat.EventID `arg:"" help:"The event's id."`
}

func (ledgerProve) Help() string {
	return "Example:\n  jurat ledger prove 0192f0c0-7d8e-7c2a-9a53-5a1b3c4d5e6f > event.tlog-proof\n\nThe proof is a C2SP tlog-proof; it names no incident."
}

func (v *ledgerProve) Run(ctx context.Context, c *call) error {
	return c.tend(ctx, func(at visit) error {
		if _, err := at.ledger.Publish(ctx); err != nil {
			return err
		}
		p, err := at.ledger.Prove(ctx, v.Event)
		if err != nil {
			return err
		}
		return c.bytes(map[string]any{"event": v.Event, "index": p.Index, "proof": string(p.Marshal())}, p.Marshal())
	})
}

type ledgerMirror struct {
	Folder string `arg:"" help:"The folder, better on another machine's disk."`
}

func (ledgerMirror) Help() string { return "Example:\n  jurat ledger mirror /mnt/clerk/jurat-mirror" }

func (v *ledgerMirror) Run(ctx context.Context, c *call) error {
	return c.tend(ctx, func(at visit) error {
		p, err := at.ledger.Publish(ctx)
		if err != nil {
			return err
		}
		if err := at.ledger.Mirror(ctx, v.Folder); err != nil {
			return err
		}
		return c.either(map[string]any{"folder": v.Folder, "size": p.Size}, "%s has the %d leaves of the ledger", v.Folder, p.Size)
	})
}

type ledgerImport struct {
	Checkpoint string `arg:"" help:"A checkpoint of this ledger with cosignatures."`
	Trust      string `placeholder:"FILE" help:"A trust file naming the witnesses."`
	Token      string `placeholder:"FILE" help:"An RFC 3161 time-stamp response over the checkpoint's text."`
	Roots      string `placeholder:"FILE" help:"The authority's root certificates, PEM."`
}

func (ledgerImport) Help() string {
	return "Examples:\n  jurat ledger import checkpoint.cosigned --trust witnesses.json\n  jurat ledger import checkpoint --token reply.tsr --roots authority.pem"
}

func (v *ledgerImport) Run(ctx context.Context, c *call) error {
	note, err := c.checkpoint(v.Checkpoint)
	if err != nil {
		return err
	}
	var trust format.Trust
	if v.Trust != "" {
		text, err := c.text(v.Trust)
		if err == nil {
			trust, err = format.ParseTrust(text)
		}
		if err != nil {
			return err
		}
	}
	var token []byte
	var roots []*x509.Certificate
	if v.Token != "" {
		if token, err = c.text(v.Token); err != nil {
			return err
		}
		if roots, err = c.certificates(v.Roots); err != nil {
			return err
		}
	}
	return c.tend(ctx, func(at visit) error {
		cosigned, err := at.ledger.Import(ctx, note, trust)
		if err != nil {
			return err
		}
		if err := c.either(map[string]any{"cosignatures": len(cosigned)}, "kept the checkpoint with %d cosignatures", len(cosigned)); err != nil || token == nil {
			return err
		}
		stamp, err := at.ledger.ImportToken(ctx, note, token, roots)
		if err != nil {
			return err
		}
		return c.either(map[string]any{"time": stamp.At}, "kept the time stamp of %s", stamp.At.UTC().Format(timeLayout))
	})
}

// certificates reads the certificates of a PEM file.
func (c *call) certificates(path string) ([]*x509.Certificate, error) {
	if path == "" {
		return nil, jurat.Errorf(jurat.Invalid, "a time stamp needs its authority's root certificates: --roots FILE")
	}
	text, err := c.text(path)
	if err != nil {
		return nil, err
	}
	var all []*x509.Certificate
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, jurat.Because(jurat.Invalid, err, "%s", path)
		}
		all = append(all, cert)
	}
	if len(all) == 0 {
		return nil, jurat.Errorf(jurat.Invalid, "%s has no certificate in PEM", path)
	}
	return all, nil
}

type ledgerRecover struct {
	Mirror string `arg:"" help:"A mirror folder, or the record's own ledger folder when only the database was set back."`
}

func (ledgerRecover) Help() string {
	return "Example:\n  jurat ledger recover /mnt/clerk/jurat-mirror"
}

func (v *ledgerRecover) Run(ctx context.Context, c *call) error {
	return c.tend(ctx, func(at visit) error {
		r, err := at.ledger.Recover(ctx, v.Mirror)
		if err != nil {
			return err
		}
		return c.either(map[string]any{"leaves": r.Leaves, "events": r.Events}, "brought back %d leaves; the record still had the events of %d of them", r.Leaves, r.Events)
	})
}

type ledgerContinue struct {
	LastKnown string `arg:"" name:"checkpoint" help:"The newest checkpoint of the old ledger that anybody has."`
	Origin    string `required:"" placeholder:"ORIGIN" help:"The new ledger's name."`
}

func (ledgerContinue) Help() string {
	return "Example:\n  jurat ledger continue last-checkpoint --origin police.example/jurat-2 --as administrator-1\n\nOnly when leaves are lost and no mirror has them. The new ledger's first leaf commits to the old one's last known checkpoint and declares the gap; nothing is hidden by it."
}

func (v *ledgerContinue) Run(ctx context.Context, c *call) error {
	note, err := c.checkpoint(v.LastKnown)
	if err != nil {
		return err
	}
	return c.visit(ctx, func(at visit) error {
		next, err := stageLogKey(at.settings.Keys, v.Origin)
		if err != nil {
			return err
		}
		l, gap, err := at.desk.ContinueLedger(ctx, at.who, at.now(), note, next)
		if err != nil && gap == (ledger.Gap{}) {
			return errors.Join(err, os.Remove(stagedKey(at.settings.Keys))) // nothing names the key
		}
		if err != nil {
			return err // the record may have gone over: the staged key is the only one it could go on with
		}
		old := at.settings.Origin
		at.house.ledger, at.house.keys.log = l, next
		if err := at.placeLogKey(old); err != nil {
			return err
		}
		if err := at.nameLog(); err != nil {
			return err
		}
		if err := at.openDesk(ctx); err != nil {
			return err
		}
		return c.either(map[string]any{"origin": v.Origin, "gap": gap}, "the ledger continues as %s; its first leaf names the last known checkpoint of %s (%d leaves, of which the record has %d)", v.Origin, old, gap.Size, gap.Kept)
	})
}

package main

import (
	"context"
	"crypto/x509"
	"errors"
	"os"
	"path/filepath"
	"time"

	"jurat"
	"jurat/format"
	"jurat/internal/durable"
)

// anchoring has the checkpoint over a seal cosigned and time-stamped by others
// before the dossier is finished. Without a network what they sign travels as
// files (§6): a folder is where both sides meet.
type anchoring struct {
	Anchor     string        `placeholder:"FOLDER" help:"Put the checkpoint over the seal there, as checkpoint, and wait for what comes back: cosigned, token.tsr."`
	Witnesses  string        `placeholder:"FILE" help:"A trust file naming the witnesses whose cosignatures are awaited."`
	Roots      string        `placeholder:"FILE" help:"Root certificates, PEM, of the authority whose time stamp is awaited."`
	AnchorWait time.Duration `default:"5m" placeholder:"TIME" help:"How long to wait; then the dossier goes with what came."`
}

const (
	anchorCheckpoint = "checkpoint"
	anchorCosigned   = "cosigned"
	anchorToken      = "token.tsr"
)

// An awaited is one file that shall come, and what takes it into the ledger.
type awaited struct {
	name string
	take func(ctx context.Context, note, file []byte) error
}

// hook is what the desk calls with the checkpoint; nil when nothing is to be
// anchored.
func (a anchoring) hook(c *call, at visit) (func(context.Context, []byte) error, error) {
	if a.Anchor == "" {
		return nil, nil
	}
	waits, err := a.waits(c, at)
	if err != nil {
		return nil, err
	}
	if len(waits) == 0 {
		return nil, jurat.Errorf(jurat.Invalid, "say what to wait for in %s: --witnesses FILE for cosignatures, --roots FILE for a time stamp", a.Anchor)
	}
	return func(ctx context.Context, note []byte) error {
		if err := durable.WriteFile(filepath.Join(a.Anchor, anchorCheckpoint), note, 0o644); err != nil {
			return err
		}
		c.complain("the checkpoint over the seal is in %s; waiting for what witnesses and authorities answer", a.Anchor)
		return a.await(ctx, c, note, waits)
	}, nil
}

func (a anchoring) waits(c *call, at visit) ([]awaited, error) {
	var waits []awaited
	if a.Witnesses != "" {
		text, err := c.text(a.Witnesses)
		if err != nil {
			return nil, err
		}
		trust, err := format.ParseTrust(text)
		if err != nil {
			return nil, err
		}
		waits = append(waits, awaited{anchorCosigned, func(ctx context.Context, _, file []byte) error {
			_, err := at.ledger.Import(ctx, file, trust)
			return err
		}})
	}
	if a.Roots != "" {
		roots, err := c.certificates(a.Roots)
		if err != nil {
			return nil, err
		}
		waits = append(waits, awaited{anchorToken, func(ctx context.Context, note, file []byte) error {
			_, err := at.ledger.ImportToken(ctx, note, file, roots)
			return err
		}})
	}
	return waits, nil
}

// await takes each file in when it is there and whole. A file that is wrong is
// an error at once; one that does not come is said, and the dossier goes on as
// published.
func (a anchoring) await(ctx context.Context, c *call, note []byte, waits []awaited) error {
	until := c.now().Add(a.AnchorWait)
	for _, w := range waits {
		for {
			file, err := os.ReadFile(filepath.Join(a.Anchor, w.name))
			if err == nil {
				err = w.take(ctx, note, file)
			}
			if err == nil {
				break
			}
			if errors.Is(err, jurat.Altered) {
				return jurat.Because(jurat.Altered, err, "%s in %s", w.name, a.Anchor)
			}
			if !c.now().Before(until) {
				c.complain("%s did not come to %s in %s (%v); the dossier goes without it", w.name, a.Anchor, a.AnchorWait, err)
				break
			}
			select {
			case <-ctx.Done():
				return jurat.Because(jurat.Unavailable, ctx.Err(), "waiting for %s", w.name)
			case <-time.After(200 * time.Millisecond):
			}
		}
	}
	return nil
}

// roots are the certificates --roots names, or none.
func (c *call) roots(path string) ([]*x509.Certificate, error) {
	if path == "" {
		return nil, nil
	}
	return c.certificates(path)
}

package main

import (
	"cmp"
	"context"
	"errors"
	"time"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/login"
)

// A visit is one caller at the desk of an open record.
type visit struct {
	*house
	who desk.Caller
	now func() time.Time
}

// visit opens the record, does the work, and publishes what it left: a short
// command publishes before it exits, and what a killed one left the next
// publishes. A ledger that has stopped signing says why, and nothing is lost.
func (c *call) visit(ctx context.Context, work func(visit) error) error {
	dir, err := c.dir()
	if err != nil {
		return err
	}
	who, err := c.caller()
	if err != nil {
		return err
	}
	h, err := openHouse(ctx, dir)
	if err != nil {
		return err
	}
	if h.wentOver {
		c.complain("finished going over to %s, which something had cut short", h.settings.Origin)
	}
	err = work(visit{h, who, c.now})
	if perr := h.publish(context.WithoutCancel(ctx), c.now()); perr != nil {
		kept := "what the record had is kept"
		if err == nil {
			kept, err = "it is saved", answer(exitNo)
		}
		c.complain("%s, and nothing is published: %v", kept, perr)
	}
	if cerr := h.close(); cerr != nil {
		c.complain("closing the record: %v", cerr)
		err = cmp.Or(err, error(answer(exitNo)))
	}
	return err
}

// act does one act at the desk and prints its line.
func act[T any](ctx context.Context, c *call, line func(T, desk.Done) error, do func(visit) (T, desk.Done, error)) error {
	return c.visit(ctx, func(at visit) error {
		left, done, err := do(at)
		if err != nil {
			return err
		}
		return line(left, done)
	})
}

// done does one act that leaves nothing to tell but its event.
func (c *call) done(ctx context.Context, v map[string]any, sentence string, do func(visit) (desk.Done, error)) error {
	return act(ctx, c, func(_ struct{}, done desk.Done) error {
		v["event"] = done.Event
		return c.either(v, "%s", sentence)
	}, func(at visit) (struct{}, desk.Done, error) {
		done, err := do(at)
		return struct{}{}, done, err
	})
}

// list asks the desk for a list and prints each of its lines.
func list[T any](ctx context.Context, c *call, line func(T) error, ask func(visit) ([]T, error)) error {
	return c.visit(ctx, func(at visit) error {
		all, err := ask(at)
		if err != nil {
			return err
		}
		for _, one := range all {
			if err := line(one); err != nil {
				return err
			}
		}
		return nil
	})
}

// caller is who stands at the desk by the flags given.
func (c *call) caller() (desk.Caller, error) {
	as := c.verbs.As
	if c.verbs.Sign == "" {
		return desk.Caller{Person: as}, nil
	}
	text, err := c.text(c.verbs.Sign)
	if err != nil {
		return desk.Caller{}, err
	}
	key, err := login.ParseKey(text)
	if err != nil {
		return desk.Caller{}, jurat.Because(jurat.Invalid, err, "%s is not a person's key file", c.verbs.Sign)
	}
	if as != "" && as != key.Person {
		return desk.Caller{}, jurat.Errorf(jurat.Invalid, "--as names %s, and the key file %s is %s's; name one person", as, c.verbs.Sign, key.Person)
	}
	return desk.Caller{Person: key.Person, Signer: key}, nil
}

// dir is the record's folder.
func (c *call) dir() (string, error) {
	if c.verbs.Dir != "" {
		return c.verbs.Dir, nil
	}
	if d := c.getenv("JURAT_DIR"); d != "" {
		return d, nil
	}
	return "", jurat.Errorf(jurat.Invalid, "say which record: --dir DIR, or set JURAT_DIR")
}

// publish puts the journal's due digest on the record, and a checkpoint over
// everything.
func (h *house) publish(ctx context.Context, now time.Time) error {
	if err := h.desk.DigestJournal(ctx, now); err != nil {
		return err
	}
	return h.desk.Publish(ctx)
}

// exitCode is the one place an error becomes an exit status.
func exitCode(err error) int {
	switch said, ok := errors.AsType[answer](err); {
	case err == nil:
		return exitYes
	case ok:
		return int(said)
	case errors.Is(err, jurat.Altered):
		return exitAltered
	case errors.Is(err, jurat.Invalid):
		return exitUsage
	}
	return exitNo
}

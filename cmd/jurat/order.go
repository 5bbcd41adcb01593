package main

import (
	"context"
	"fmt"
	"path/filepath"

	"jurat"
	"jurat/internal/desk"
	"jurat/order"
)

type orderVerb struct {
	Check orderCheck `cmd:"" help:"Check order files."`
	Test  orderTest  `cmd:"" help:"Run the tests of order files."`
	Show  orderShow  `cmd:"" help:"Show an order beside its sources."`
	Adopt orderAdopt `cmd:"" help:"Put an order file in force in this record."`
	List  orderList  `cmd:"" help:"List the orders in force."`
}

type orderCheck struct {
	Files []string `arg:"" name:"file" help:"Order files."`
}

func (orderCheck) Help() string { return "Example: jurat order check orders/*.yaml" }

// parse reads one order file and prints what is wrong with it, as a compiler
// would. The bool says whether it is accepted.
func (c *call) parse(file string) (*order.Order, bool) {
	text, err := c.text(file)
	if err != nil {
		fmt.Fprintf(c.stderr, "%s:1:1: %v\n", file, err)
		return nil, false
	}
	o, problems := order.Parse(file, text)
	for _, p := range problems {
		fmt.Fprintln(c.stderr, p)
	}
	return o, o != nil
}

func (v *orderCheck) Run(ctx context.Context, c *call) error {
	bad := 0
	for _, file := range v.Files {
		o, ok := c.parse(file)
		if !ok {
			bad++
			continue
		}
		if err := c.either(map[string]any{"file": file, "order": o.ID, "digest": o.Digest}, "%s: %s, %s", file, o.ID, o.Digest); err != nil {
			return err
		}
	}
	if bad > 0 {
		return answer(exitUsage)
	}
	return nil
}

type orderTest struct {
	Files []string `arg:"" name:"file" help:"Order files."`
}

func (orderTest) Help() string { return "Example: jurat order test orders/*.yaml --json" }

func (v *orderTest) Run(ctx context.Context, c *call) error {
	bad := false
	for _, file := range v.Files {
		o, ok := c.parse(file)
		if !ok {
			bad = true
			continue
		}
		report := o.Test()
		for _, r := range report.Results {
			if r.Failed {
				bad = true
				for _, why := range r.Reasons {
					fmt.Fprintf(c.stderr, "%s: test %s: %s\n", file, r.ID, why)
				}
			}
		}
		if err := c.either(struct {
			File   string `json:"file"`
			Tests  int    `json:"tests"`
			Failed int    `json:"failed"`
		}{file, report.Tests, report.Failed}, "%s: %d tests, %d failed", file, report.Tests, report.Failed); err != nil {
			return err
		}
	}
	if bad {
		return answer(exitUsage)
	}
	return nil
}

type orderShow struct {
	Files []string `arg:"" name:"file" help:"Order files."`
}

func (orderShow) Help() string { return "Example: jurat order show orders/chicago-eo-2026-01.yaml" }

func (v *orderShow) Run(ctx context.Context, c *call) error {
	bad := false
	for _, file := range v.Files {
		o, ok := c.parse(file)
		if !ok {
			bad = true
			continue
		}
		var err error
		if c.verbs.JSON {
			err = c.object(o)
		} else {
			err = o.Show(c.stdout)
		}
		if err != nil {
			return err
		}
	}
	if bad {
		return answer(exitUsage)
	}
	return nil
}

type orderAdopt struct {
	File string `arg:"" help:"The order file."`
}

func (orderAdopt) Help() string {
	return "Example: jurat order adopt orders/chicago-eo-2026-01.yaml --as administrator-1\n\nEvery later event names the version in force by its digest."
}

func (v *orderAdopt) Run(ctx context.Context, c *call) error {
	text, err := c.text(v.File)
	if err != nil {
		return err
	}
	return c.at(ctx, func(h *house, who desk.Caller) error {
		o, done, err := h.desk.AdoptOrder(ctx, who, c.now(), filepath.Base(v.File), text)
		if err != nil {
			return err
		}
		return c.either(map[string]any{"order": o.ID, "digest": o.Digest, "event": done.Event}, "%s is in force in this record, version %s", o.ID, o.Digest)
	})
}

type orderList struct{}

func (orderList) Help() string { return "Example: jurat order list" }

func (v *orderList) Run(ctx context.Context, c *call) error {
	return c.at(ctx, func(h *house, who desk.Caller) error {
		adopted, err := h.desk.Adoptions(ctx, who, c.now())
		if err != nil {
			return err
		}
		for _, a := range adopted {
			if err := c.either(struct {
				Order  string       `json:"order"`
				Title  string       `json:"title"`
				Digest jurat.Digest `json:"digest"`
			}{a.ID, a.Title, a.Digest}, "%s  %s\n    %s", a.ID, a.Title, a.Digest); err != nil {
				return err
			}
		}
		return nil
	})
}

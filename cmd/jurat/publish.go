package main

import (
	"bytes"
	"context"
	"encoding/json"
	"strconv"

	"jurat"
	"jurat/format"
	"jurat/internal/desk"
	"jurat/internal/numbers"
)

type publishVerb struct {
	Folder string `arg:"" name:"dir" help:"The folder for the site; absent or empty."`
	countedAt
	Earlier  string `placeholder:"FILE" help:"The figures.json published before; what changed since is listed, and kept."`
	Map      string `placeholder:"FILE" help:"GeoJSON polygons of the areas, for a map."`
	Property string `placeholder:"NAME" help:"The property of the map that holds an area's code; its id when not given."`
}

func (publishVerb) Help() string {
	return "Examples:\n  jurat publish site --period 2026-Q1 --map districts.geojson --property district --as records-3\n" +
		"  jurat publish again --period 2026-Q1 --at site/figures.json --as auditor-1\n\n" +
		"Counts what the adopted orders publish, as the record stood at its published checkpoint, and makes a static site: pages, CSV, JSON, codebook. " +
		"Numbers that rest on few incidents are withheld, with those they would follow from. Nothing is published before its delay has passed. " +
		"With --at it counts an earlier checkpoint again, with the orders that were in force there: with the same map and the same --earlier, the same bytes."
}

// countedAt says what is counted, and at which checkpoint.
type countedAt struct {
	Period numbers.Period `required:"" aliases:"quarter,year,month" placeholder:"PERIOD" help:"A year (2026), a quarter (2026-Q1) or a month (2026-01)."`
	At     string         `placeholder:"CHECKPOINT" help:"Count an earlier checkpoint again: its size, or a file that names it (a checkpoint, a figures.json, a report)."`
}

func (v *publishVerb) Run(ctx context.Context, c *call) error {
	k, want, err := v.counting(c)
	if err != nil {
		return err
	}
	if v.Earlier != "" {
		text, err := c.text(v.Earlier)
		if err != nil {
			return err
		}
		if k.Earlier, err = numbers.ReadPublication(bytes.NewReader(text)); err != nil {
			return err
		}
	}
	var areas *numbers.Map
	if v.Map != "" {
		text, err := c.text(v.Map)
		if err != nil {
			return err
		}
		if areas, err = numbers.ReadMap(bytes.NewReader(text), v.Property); err != nil {
			return err
		}
	}
	return c.visit(ctx, func(at visit) error {
		p, counted, err := at.desk.Publication(ctx, at.who, at.now(), k)
		if err == nil {
			err = want.is(p.Checkpoint)
		}
		if err != nil {
			return err
		}
		c.warnErased(counted)
		files, err := newFolder(v.Folder, func(put func(string, []byte) error) error { return p.Site(put, areas) })
		if err != nil {
			return err
		}
		return c.either(map[string]any{"dir": v.Folder, "period": v.Period.String(), "files": files, "checkpoint": p.Checkpoint},
			"%s holds %d files with the numbers of %s, counted at leaf %d of %s", v.Folder, files, v.Period.String(), p.Checkpoint.Size, p.Checkpoint.Origin)
	})
}

// A named checkpoint is one a person named in a file; the zero value is any.
type named struct {
	numbers.Checkpoint
	in string // the file
}

// is refuses a count at another checkpoint of the same size.
func (n named) is(c numbers.Checkpoint) error {
	switch {
	case n.in == "" || n.Checkpoint == c:
		return nil
	case n.Origin != c.Origin:
		return jurat.Errorf(jurat.Conflict, "%s names a checkpoint of %s, and this record's ledger is %s", n.in, n.Origin, c.Origin)
	}
	return jurat.Errorf(jurat.Altered, "%s names the checkpoint of size %d with the root %s, and this record has the root %s there: one of the two was changed", n.in, n.Size, n.Root, c.Root)
}

// counting is what the flags say is counted.
func (v countedAt) counting(c *call) (desk.Counting, named, error) {
	k := desk.Counting{Period: v.Period}
	if v.At == "" {
		return k, named{}, nil
	}
	if size, err := strconv.ParseInt(v.At, 10, 64); err == nil {
		if size <= 0 {
			return k, named{}, jurat.Errorf(jurat.Invalid, "--at %s: a checkpoint has at least one leaf", v.At)
		}
		k.Size = size
		return k, named{}, nil
	}
	text, err := c.text(v.At)
	if err != nil {
		return k, named{}, err
	}
	n := named{in: v.At}
	if p, err := format.ParseCheckpoint(text); err == nil {
		n.Checkpoint = numbers.Checkpoint{Origin: p.Origin, Size: p.Size, Root: p.Root.String()}
	} else {
		var counted struct{ Checkpoint numbers.Checkpoint }
		if json.Unmarshal(text, &counted) == nil {
			n.Checkpoint = counted.Checkpoint
		}
	}
	if n.Size <= 0 || n.Root == "" {
		return k, n, jurat.Errorf(jurat.Invalid, "%s names no checkpoint: give the size of one, a checkpoint file, a figures.json or a report's JSON", v.At)
	}
	k.Size = n.Size
	return k, n, nil
}

// warnErased says what is in no figure because it was erased.
func (c *call) warnErased(counted desk.Counted) {
	if counted.Erased > 0 {
		c.complain("note: %d items were erased since they were recorded, and are in no figure; what was counted before that cannot be counted again", counted.Erased)
	}
}

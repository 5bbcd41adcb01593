package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"

	"jurat"
	"jurat/internal/durable"
	"jurat/internal/numbers"
)

type publishVerb struct {
	Folder   string `arg:"" name:"dir" help:"The folder for the site; absent or empty."`
	Period   string `required:"" placeholder:"PERIOD" help:"A year (2026), a quarter (2026-Q1) or a month (2026-01)."`
	Earlier  string `placeholder:"FILE" help:"The figures.json published before; what changed since is listed, and kept."`
	Map      string `placeholder:"FILE" help:"GeoJSON polygons of the areas, for a map."`
	Property string `placeholder:"NAME" help:"The property of the map that holds an area's code; its id when not given."`
}

func (publishVerb) Help() string {
	return "Example:\n  jurat publish site --period 2026-Q1 --map districts.geojson --property district --as records-3\n\n" +
		"Counts what the adopted orders publish, as the record stood at its published checkpoint, and makes a static site: pages, CSV, JSON, codebook. " +
		"Numbers that rest on few incidents are withheld, with those they would follow from. Nothing is published before its delay has passed."
}

func (v *publishVerb) Run(ctx context.Context, c *call) error {
	in := numbers.Input{Made: c.now()}
	var err error
	if in.Period, err = numbers.ParsePeriod(v.Period); err != nil {
		return err
	}
	if v.Earlier != "" {
		text, err := c.text(v.Earlier)
		if err != nil {
			return err
		}
		if in.Earlier, err = numbers.ReadPublication(bytes.NewReader(text)); err != nil {
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
		p, err := count(ctx, at, in)
		if err != nil {
			return err
		}
		files, err := v.write(p, areas)
		if err != nil {
			return err
		}
		return c.either(map[string]any{"dir": v.Folder, "period": v.Period, "files": files, "checkpoint": p.Checkpoint},
			"%s holds %d files with the numbers of %s, counted at leaf %d of %s", v.Folder, files, v.Period, p.Checkpoint.Size, p.Checkpoint.Origin)
	})
}

// count counts a period as the record stood at the checkpoint published now.
func count(ctx context.Context, at visit, in numbers.Input) (*numbers.Publication, error) {
	published, err := at.ledger.Publish(ctx)
	if err != nil {
		return nil, err
	}
	in.Checkpoint = numbers.Checkpoint{Origin: published.Origin, Size: published.Size, Root: published.Root.String()}
	if in.Orders, err = at.desk.Orders(ctx); err != nil {
		return nil, err
	}
	if in.Facts, in.House, err = at.desk.Figures(ctx, at.who, at.now(), published); err != nil {
		return nil, err
	}
	return numbers.Publish(in)
}

// write puts the site into its folder. When it fails the folder holds no
// publication: what was written is removed.
func (v *publishVerb) write(p *numbers.Publication, areas *numbers.Map) (files int, err error) {
	if err := emptyFolder(v.Folder); err != nil {
		return 0, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, sweep(v.Folder))
		}
	}()
	err = p.Site(func(name string, b []byte) error {
		path := filepath.Join(v.Folder, filepath.FromSlash(name))
		if err := durable.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		files++
		return durable.WriteFile(path, b, 0o644)
	}, areas)
	return files, err
}

// sweep empties a folder this run found empty.
func sweep(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return jurat.Because(jurat.Unavailable, err, "empty %s", dir)
	}
	for _, e := range entries {
		if err := os.RemoveAll(filepath.Join(dir, e.Name())); err != nil {
			return jurat.Because(jurat.Unavailable, err, "empty %s", dir)
		}
	}
	return nil
}

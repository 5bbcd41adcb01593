package main

import (
	"bytes"
	"context"
	"slices"

	"jurat"
	"jurat/internal/numbers"
)

type sampleVerb struct {
	Draw  sampleDraw  `cmd:"" help:"Draw incidents for review from a published seed."`
	Check sampleCheck `cmd:"" help:"Draw a sample again and compare."`
}

type sampleDraw struct {
	Seed string `required:"" placeholder:"TEXT" help:"The seed, published before the draw: a number nobody could choose."`
	Size int    `required:"" placeholder:"N" help:"How many incidents to draw."`
	At   int64  `placeholder:"LEAVES" help:"Draw from the incidents the ledger had at this size; now when not given."`
}

func (sampleDraw) Help() string {
	return "Examples:\n  jurat sample draw --seed \"lottery of 2 December 2026: 04 11 19 27 40 41\" --size 20 --as auditor-1\n  jurat sample draw --seed 8f31c6d2aa --size 20 --json --as auditor-1 > sample.json\n\n" +
		"Drawn are the incidents whose SHA-256 of the seed followed by the number is lowest, so anybody with the seed and the numbers draws the same ones; docs/publication.md has a check of six lines. " +
		"Say in advance which later event the seed will be taken from."
}

func (v *sampleDraw) Run(ctx context.Context, c *call) error {
	return c.visit(ctx, func(at visit) error {
		s, err := at.desk.Sample(ctx, at.who, at.now(), v.Seed, v.Size, v.At)
		if err != nil {
			return err
		}
		if c.verbs.JSON {
			return c.object(s)
		}
		c.say("%d of the %d incidents that %s had at leaf %d, by the seed %q:", len(s.Drawn), len(s.Incidents), s.Checkpoint.Origin, s.Checkpoint.Size, s.Seed)
		for _, n := range s.Drawn {
			if err := c.print("%s", n); err != nil {
				return err
			}
		}
		return nil
	})
}

type sampleCheck struct {
	File   string `arg:"" help:"What jurat sample draw --json wrote; - is standard input."`
	Record bool   `help:"Compare with the record too: the incidents it had at that checkpoint."`
}

func (sampleCheck) Help() string {
	return "Examples:\n  jurat sample check sample.json\n  jurat sample check sample.json --record --as auditor-1\n\n" +
		"Exit 0: the seed draws these incidents. Exit 1: it draws others. Without --record it needs no record, and says nothing of whether the incidents listed are all there were. Nothing here shows when the seed was published."
}

func (v *sampleCheck) Run(ctx context.Context, c *call) error {
	text, err := c.text(v.File)
	if err != nil {
		return err
	}
	s, err := numbers.ReadSample(bytes.NewReader(text))
	if err != nil {
		return err
	}
	if err := s.Check(); err != nil {
		return err
	}
	checked := "the seed draws these; whether the incidents listed are all there were is not checked"
	if v.Record {
		checked = "the seed draws these, from the incidents the record had at leaf"
		err = c.visit(ctx, func(at visit) error {
			again, err := at.desk.Sample(ctx, at.who, at.now(), s.Seed, s.Size, s.Checkpoint.Size)
			switch {
			case err != nil:
				return err
			case again.Checkpoint != s.Checkpoint:
				return jurat.Errorf(jurat.Altered, "the sample is altered: it names a checkpoint this record never had")
			case !slices.Equal(again.Incidents, s.Incidents):
				return jurat.Errorf(jurat.Altered, "the sample is altered: at leaf %d the record had %d incidents, and they are not the %d listed", s.Checkpoint.Size, len(again.Incidents), len(s.Incidents))
			}
			return nil
		})
		if err != nil {
			return err
		}
		return c.either(map[string]any{"drawn": len(s.Drawn), "of": len(s.Incidents), "record": true}, "%d of %d incidents: %s %d", len(s.Drawn), len(s.Incidents), checked, s.Checkpoint.Size)
	}
	return c.either(map[string]any{"drawn": len(s.Drawn), "of": len(s.Incidents), "record": false}, "%d of %d incidents: %s", len(s.Drawn), len(s.Incidents), checked)
}

package main

import (
	"context"
	"encoding/json"

	"jurat"
	"jurat/internal/desk"
)

type recordVerb struct {
	Add     recordAdd     `cmd:"" help:"Add a record to an incident."`
	Amend   recordAmend   `cmd:"" help:"Write the next version of your record."`
	Submit  recordSubmit  `cmd:"" help:"State under your signature that the record is yours."`
	Approve recordApprove `cmd:"" help:"Approve somebody else's submitted record."`
	Return  recordReturn  `cmd:"" help:"Send a submitted record back with a reason."`
}

type recordAdd struct {
	Type     string `arg:"" help:"The record type, such as report or identification_attempt; jurat order show lists them."`
	File     string `arg:"" optional:"" help:"A JSON file of its fields; - is standard input."`
	Incident string `required:"" short:"i" placeholder:"N" help:"The incident."`
	Amends   string `placeholder:"RECORD" help:"An approved record this one amends."`
	Fields   string `placeholder:"JSON" help:"The fields, on the command line."`
	Submit   bool   `help:"Submit it at once; needs --sign."`
}

func (recordAdd) Help() string {
	return "Example: jurat record add report report.json --incident 2026-000001 --sign officer-4471.key --submit\n\nMissing fields never stop a record from being saved, only from being approved. Sealed fields are split off by the order's schema."
}

func (v *recordAdd) Run(ctx context.Context, c *call) error {
	in, err := jurat.ParseIncidentNumber(v.Incident)
	if err != nil {
		return err
	}
	fields, err := c.fields(v.File, v.Fields)
	if err != nil {
		return err
	}
	return c.at(ctx, func(h *house, who desk.Caller) error {
		r, done, err := h.desk.AddRecord(ctx, who, c.now(), in, desk.Words{Type: jurat.RecordType(v.Type), Amends: jurat.ItemID(v.Amends), Fields: fields})
		if err != nil {
			return err
		}
		if v.Submit {
			if r, done, err = h.desk.SubmitRecord(ctx, who, c.now(), r.ID); err != nil {
				c.say("saved %s as a draft", recordName(r.ID, done))
				return err
			}
		}
		return c.recordLine(r, done)
	})
}

// fields reads the fields of a record from a file or the command line; neither
// is an empty record.
func (c *call) fields(file, text string) (json.RawMessage, error) {
	switch {
	case file != "" && text != "":
		return nil, jurat.Errorf(jurat.Invalid, "give the fields in a file or with --fields, not both")
	case file != "":
		return c.text(file)
	case text != "":
		return json.RawMessage(text), nil
	}
	return json.RawMessage("{}"), nil
}

func recordName(id jurat.ItemID, done desk.Done) jurat.ItemID {
	if id != "" {
		return id
	}
	return done.Item.ID
}

func (c *call) recordLine(r jurat.Record, done desk.Done) error {
	return c.either(map[string]any{"incident": r.Incident, "record": r.ID, "type": r.Type, "state": r.State, "version": r.Version, "event": done.Event},
		"%s (%s), version %d, %s", r.ID, r.Type, r.Version, r.State)
}

type recordAmend struct {
	Record string `arg:"" help:"The record."`
	File   string `arg:"" optional:"" help:"A JSON file of all its fields; - is standard input."`
	Fields string `placeholder:"JSON" help:"The fields, on the command line."`
	Reason string `placeholder:"WORDS" help:"Why."`
}

func (recordAmend) Help() string {
	return "Example: jurat record amend 2026-000001-R1 report-2.json --as officer-4471\n\nEvery version stays on the record. An approved record is amended by adding one with --amends."
}

func (v *recordAmend) Run(ctx context.Context, c *call) error {
	fields, err := c.fields(v.File, v.Fields)
	if err != nil {
		return err
	}
	return c.at(ctx, func(h *house, who desk.Caller) error {
		r, done, err := h.desk.AmendRecord(ctx, who, c.now(), jurat.ItemID(v.Record), fields, v.Reason)
		if err != nil {
			return err
		}
		return c.recordLine(r, done)
	})
}

type recordSubmit struct {
	Record string `arg:"" help:"The record."`
}

func (recordSubmit) Help() string {
	return "Example: jurat record submit 2026-000001-R1 --sign officer-4471.key"
}

func (v *recordSubmit) Run(ctx context.Context, c *call) error {
	return c.at(ctx, func(h *house, who desk.Caller) error {
		r, done, err := h.desk.SubmitRecord(ctx, who, c.now(), jurat.ItemID(v.Record))
		if err != nil {
			return err
		}
		return c.recordLine(r, done)
	})
}

type recordApprove struct {
	Record string `arg:"" help:"The record."`
}

func (recordApprove) Help() string {
	return "Example: jurat record approve 2026-000001-R1 --sign supervisor-1102.key\n\nThe author never approves. Where a gate is closed the first reason is printed; jurat incident show prints all."
}

func (v *recordApprove) Run(ctx context.Context, c *call) error {
	return c.at(ctx, func(h *house, who desk.Caller) error {
		r, done, err := h.desk.ApproveRecord(ctx, who, c.now(), jurat.ItemID(v.Record))
		if err != nil {
			return err
		}
		return c.recordLine(r, done)
	})
}

type recordReturn struct {
	Record string `arg:"" help:"The record."`
	Reason string `required:"" placeholder:"WORDS" help:"What is missing or unclear."`
}

func (recordReturn) Help() string {
	return "Example: jurat record return 2026-000001-R1 --reason \"the second camera is not named\" --as supervisor-1102"
}

func (v *recordReturn) Run(ctx context.Context, c *call) error {
	return c.at(ctx, func(h *house, who desk.Caller) error {
		r, done, err := h.desk.ReturnRecord(ctx, who, c.now(), jurat.ItemID(v.Record), v.Reason)
		if err != nil {
			return err
		}
		return c.recordLine(r, done)
	})
}

package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"slices"

	"jurat"
	"jurat/internal/desk"
)

type recordVerb struct {
	Add     recordAdd     `cmd:"" help:"Add a record to an incident, or one of the house's own."`
	Amend   recordAmend   `cmd:"" help:"Write the next version of your record."`
	Submit  recordSubmit  `cmd:"" help:"State under your signature that the record is yours. Signed."`
	Approve recordApprove `cmd:"" help:"Approve somebody else's submitted record. Signed."`
	Return  recordReturn  `cmd:"" help:"Send a submitted record back with a reason."`
	List    recordList    `cmd:"" help:"List the records of the house, or of an incident."`
	Show    recordShow    `cmd:"" help:"Show one record with its open fields."`
	Open    recordOpen    `cmd:"" help:"Open a sealed part of a record, with a reason."`
}

// record does one act on a record.
func (c *call) record(ctx context.Context, do func(visit) (jurat.Record, desk.Done, error)) error {
	return act(ctx, c, func(r jurat.Record, done desk.Done) error {
		return c.either(map[string]any{"incident": r.Incident, "record": r.ID, "type": r.Type, "state": r.State, "version": r.Version, "event": done.Event},
			"%s (%s), version %d, %s", r.ID, r.Type, r.Version, r.State)
	}, do)
}

type recordAdd struct {
	Type     jurat.RecordType     `arg:"" help:"The record type, such as report or identification_attempt; jurat order show lists them."`
	File     string               `arg:"" optional:"" help:"A JSON file of its fields; - is standard input."`
	Incident jurat.IncidentNumber `short:"i" placeholder:"N" help:"The incident; leave it out for a record of the house, such as guidance."`
	Amends   jurat.ItemID         `placeholder:"RECORD" help:"An approved record this one amends."`
	Fields   string               `placeholder:"JSON" help:"The fields, on the command line."`
	Submit   bool                 `help:"Submit it at once; needs --sign."`
}

func (recordAdd) Help() string {
	return "Examples:\n  jurat record add report report.json --incident 2026-000001 --sign officer-4471.key --submit\n  jurat record add guidance guidance.json --as supervisor-1102\n\nThe order says of each type whether it is of an incident or the house's own; the wrong one of the two is refused. Missing fields never stop a record from being saved, only from being approved. Sealed fields are split off by the order's schema."
}

func (v *recordAdd) Run(ctx context.Context, c *call) error {
	fields, err := c.fields(v.File, v.Fields)
	if err != nil {
		return err
	}
	return c.record(ctx, func(at visit) (jurat.Record, desk.Done, error) {
		r, done, err := at.desk.AddRecord(ctx, at.who, at.now(), v.Incident, desk.Words{Type: v.Type, Amends: v.Amends, Fields: fields})
		if err != nil || !v.Submit {
			return r, done, err
		}
		submitted, done, err := at.desk.SubmitRecord(ctx, at.who, at.now(), r.ID)
		if err != nil {
			c.complain("%s is saved as a draft, and is not submitted", r.ID)
		}
		return submitted, done, err
	})
}

// oneOf reads a text given in a file or by a flag.
func (c *call) oneOf(what, file, flag, given string) ([]byte, error) {
	switch {
	case file != "" && given != "":
		return nil, jurat.Errorf(jurat.Invalid, "give %s in a file or with %s, not both", what, flag)
	case file != "":
		return c.text(file)
	}
	return []byte(given), nil
}

// fields reads the fields of a record; an empty text is a record without any.
// A name given twice is refused: one of its values would be lost.
func (c *call) fields(file, given string) (json.RawMessage, error) {
	text, err := c.oneOf("the fields", file, "--fields", given)
	if err != nil {
		return nil, err
	}
	if file == "" && given == "" {
		return json.RawMessage("{}"), nil
	}
	if len(bytes.TrimSpace(text)) == 0 {
		return nil, jurat.Errorf(jurat.Invalid, "%s is empty; write the fields as one JSON object, or {} for none yet", cmp.Or(file, "--fields"))
	}
	if name := givenTwice(text); name != "" {
		return nil, jurat.Errorf(jurat.Invalid, "the field %q is given twice; give it once", name)
	}
	return text, nil
}

// givenTwice finds a name that a JSON object has twice; what is no object is
// somebody else's to refuse.
func givenTwice(text []byte) string {
	d := json.NewDecoder(bytes.NewReader(text))
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return ""
	}
	seen := map[string]bool{}
	for d.More() {
		name, err := d.Token()
		var value json.RawMessage
		if err != nil || d.Decode(&value) != nil {
			return ""
		}
		n := name.(string)
		if seen[n] {
			return n
		}
		seen[n] = true
	}
	return ""
}

type recordAmend struct {
	Record jurat.ItemID `arg:"" help:"The record."`
	File   string       `arg:"" optional:"" help:"A JSON file of all its fields; - is standard input."`
	Fields string       `placeholder:"JSON" help:"The fields, on the command line."`
	Reason string       `placeholder:"WORDS" help:"Why."`
}

func (recordAmend) Help() string {
	return "Example:\n  jurat record amend 2026-000001-R1 report-2.json --as officer-4471\n\nEvery version stays on the record. An approved record is amended by adding one with --amends."
}

func (v *recordAmend) Run(ctx context.Context, c *call) error {
	fields, err := c.fields(v.File, v.Fields)
	if err != nil {
		return err
	}
	return c.record(ctx, func(at visit) (jurat.Record, desk.Done, error) {
		return at.desk.AmendRecord(ctx, at.who, at.now(), v.Record, fields, v.Reason)
	})
}

type recordSubmit struct {
	Record jurat.ItemID `arg:"" help:"The record."`
}

func (recordSubmit) Help() string {
	return "Example:\n  jurat record submit 2026-000001-R1 --sign officer-4471.key"
}

func (v *recordSubmit) Run(ctx context.Context, c *call) error {
	return c.record(ctx, func(at visit) (jurat.Record, desk.Done, error) {
		return at.desk.SubmitRecord(ctx, at.who, at.now(), v.Record)
	})
}

type recordApprove struct {
	Record jurat.ItemID `arg:"" help:"The record."`
}

func (recordApprove) Help() string {
	return "Example:\n  jurat record approve 2026-000001-R1 --sign supervisor-1102.key\n\nThe author never approves. Where a gate is closed the first reason is printed; jurat incident show prints all."
}

func (v *recordApprove) Run(ctx context.Context, c *call) error {
	return c.record(ctx, func(at visit) (jurat.Record, desk.Done, error) {
		return at.desk.ApproveRecord(ctx, at.who, at.now(), v.Record)
	})
}

type recordReturn struct {
	Record jurat.ItemID `arg:"" help:"The record."`
	Reason string       `required:"" placeholder:"WORDS" help:"What is missing or unclear."`
}

func (recordReturn) Help() string {
	return "Example:\n  jurat record return 2026-000001-R1 --reason \"the second camera is not named\" --as supervisor-1102"
}

func (v *recordReturn) Run(ctx context.Context, c *call) error {
	return c.record(ctx, func(at visit) (jurat.Record, desk.Done, error) {
		return at.desk.ReturnRecord(ctx, at.who, at.now(), v.Record, v.Reason)
	})
}

type recordList struct {
	Incident jurat.IncidentNumber `short:"i" placeholder:"N" help:"The incident; leave it out for the house's own."`
	Type     jurat.RecordType     `placeholder:"TYPE" help:"Only those of this type."`
}

func (recordList) Help() string {
	return "Examples:\n  jurat record list --as supervisor-1102\n  jurat record list --incident 2026-000001 --type report --json --as supervisor-1102\n\nListing the records of an incident opens it, which is an event of it, once per person in fifteen minutes."
}

func (v *recordList) Run(ctx context.Context, c *call) error {
	return list(ctx, c, c.recordLine, func(at visit) ([]jurat.Record, error) {
		all, err := at.desk.Records(ctx, at.who, at.now(), v.Incident)
		if v.Type == "" {
			return all, err
		}
		return slices.DeleteFunc(all, func(r jurat.Record) bool { return r.Type != v.Type }), err
	})
}

func (c *call) recordLine(r jurat.Record) error {
	return c.either(r, "%s  %s by %s, version %d, %s", r.ID, r.Type, r.Author, r.Version, r.State)
}

type recordShow struct {
	Record jurat.ItemID `arg:"" help:"The record."`
}

func (recordShow) Help() string {
	return "Examples:\n  jurat record show record-1 --as supervisor-1102\n  jurat record show 2026-000001-R1 --json --as supervisor-1102\n\nSealed parts are named and not shown. Showing a record of an incident is an event of it, once per person in fifteen minutes."
}

func (v *recordShow) Run(ctx context.Context, c *call) error {
	return c.visit(ctx, func(at visit) error {
		r, err := at.desk.ShowRecord(ctx, at.who, at.now(), v.Record)
		if err != nil {
			return err
		}
		if c.verbs.JSON {
			return c.object(r)
		}
		return c.printRecord(r)
	})
}

// printRecord prints a record for people, its fields by name.
func (c *call) printRecord(r jurat.Record) (err error) {
	p := func(format string, args ...any) { err = cmp.Or(err, c.print(format, args...)) }
	p("%s: %s by %s, version %d, %s", r.ID, r.Type, r.Author, r.Version, r.State)
	if r.Amends != "" {
		p("  amends %s", r.Amends)
	}
	if r.Returned != "" {
		p("  returned by %s on %s: %s", r.ReturnedBy, day(r.ReturnedAt), r.Returned)
	}
	if r.ApprovedBy != "" {
		p("  approved by %s on %s", r.ApprovedBy, day(r.ApprovedAt))
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(r.Fields, &fields); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		var text string
		if json.Unmarshal(fields[name], &text) != nil {
			text = string(fields[name])
		}
		p("  %s: %s", name, text)
	}
	for _, class := range r.Parts {
		p("  sealed: %s", class)
	}
	return err
}

type recordOpen struct {
	Record jurat.ItemID `arg:"" help:"The record."`
	Class  jurat.Class  `default:"identity" placeholder:"CLASS" help:"Which sealed class: ${classes}."`
	Reason string       `required:"" placeholder:"WORDS" help:"Why; it goes on the record."`
}

func (recordOpen) Help() string {
	return "Example:\n  jurat record open record-3 --class contact --reason \"to acknowledge the complaint\" --as conduct-7"
}

func (v *recordOpen) Run(ctx context.Context, c *call) error {
	return c.openSealed(ctx, jurat.Item{Noun: jurat.NounRecord, ID: v.Record}, v.Class, v.Reason)
}

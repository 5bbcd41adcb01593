package main

import (
	"cmp"
	"context"
	"errors"
	"path/filepath"
	"strings"

	"jurat"
	"jurat/order"
)

type orderVerb struct {
	Check orderCheck `cmd:"" help:"Check order files."`
	Test  orderTest  `cmd:"" help:"Run the tests of order files."`
	Show  orderShow  `cmd:"" help:"Show an order beside its sources."`
	Adopt orderAdopt `cmd:"" help:"Put an order file in force in this record."`
	List  orderList  `cmd:"" help:"List the orders in force."`

	Diff    orderDiff    `cmd:"" help:"Show what differs between two versions of an order file."`
	Explain orderExplain `cmd:"" help:"Say why each duty of an incident is owed, met, late or not applicable."`
}

// each reads every order file, prints what is wrong with those that are
// refused as a compiler would (with doubts also what is only doubtful in the
// others), and does something with each; o is nil for a refused one. All files are handled. The exit status is that of bad input
// when a file is refused or do says so, else of a file that could not be read.
func (c *call) each(files []string, doubts bool, do func(file string, o *order.Order, problems []string) error) error {
	var bad, unread error
	for _, file := range files {
		text, err := c.text(file)
		if err != nil {
			c.complain("%v", err)
			if exitCode(err) == exitUsage {
				bad = answer(exitUsage)
			}
			unread = answer(exitNo)
			continue
		}
		o, found := order.Parse(file, text)
		if o != nil && !doubts {
			found = found.Refused()
		}
		var problems []string
		for _, p := range found {
			c.warn("%s", p.String())
			if !p.Warning {
				problems = append(problems, p.String())
			}
		}
		if o == nil {
			bad = answer(exitUsage)
		}
		err = do(file, o, problems)
		if _, ok := errors.AsType[answer](err); err != nil && !ok {
			return err
		}
		if err != nil {
			bad = err
		}
	}
	if bad != nil {
		return bad
	}
	return unread
}

type orderCheck struct {
	Files []string `arg:"" name:"file" help:"Order files; - is standard input."`
}

func (orderCheck) Help() string { return "Example:\n  jurat order check orders/*.yaml" }

func (v *orderCheck) Run(ctx context.Context, c *call) error {
	return c.each(v.Files, true, func(file string, o *order.Order, problems []string) error {
		if o == nil {
			if !c.verbs.JSON {
				return nil
			}
			return c.object(struct {
				File     string   `json:"file"`
				Problems []string `json:"problems"`
			}{file, problems})
		}
		return c.either(struct {
			File   string       `json:"file"`
			Order  string       `json:"order"`
			Digest jurat.Digest `json:"digest"`
		}{file, o.ID, o.Digest}, "%s: %s, %s", file, o.ID, o.Digest)
	})
}

type orderTest struct {
	Files []string `arg:"" name:"file" help:"Order files; - is standard input."`
}

func (orderTest) Help() string { return "Example:\n  jurat order test orders/*.yaml --json" }

func (v *orderTest) Run(ctx context.Context, c *call) error {
	return c.each(v.Files, false, func(file string, o *order.Order, problems []string) error {
		// A refused file has no test that ran; it has its line all the same.
		var report order.TestReport
		if o != nil {
			report = o.Test()
		}
		for _, r := range report.Results {
			if r.Failed {
				for _, why := range r.Reasons {
					c.warn("%s: test %s: %s", file, r.ID, why)
				}
			}
		}
		if o == nil && !c.verbs.JSON {
			return nil
		}
		err := c.either(struct {
			File     string   `json:"file"`
			Tests    int      `json:"tests"`
			Failed   int      `json:"failed"`
			Problems []string `json:"problems,omitempty"` // only of a refused file
		}{file, report.Tests, report.Failed, problems}, "%s: %d tests, %d failed", file, report.Tests, report.Failed)
		if err == nil && report.Failed > 0 {
			return answer(exitUsage)
		}
		return err
	})
}

type orderShow struct {
	Files []string `arg:"" name:"file" help:"Order files; - is standard input."`
}

func (orderShow) Help() string {
	return "Example:\n  jurat order show orders/chicago-eo-2026-01.yaml"
}

func (v *orderShow) Run(ctx context.Context, c *call) error {
	return c.each(v.Files, false, func(_ string, o *order.Order, _ []string) error {
		switch {
		case o == nil:
			return nil
		case c.verbs.JSON:
			return c.object(o)
		}
		return o.Show(c.stdout)
	})
}

type orderAdopt struct {
	File string `arg:"" help:"The order file."`
}

func (orderAdopt) Help() string {
	return "Example:\n  jurat order adopt orders/chicago-eo-2026-01.yaml --as administrator-1\n\nEvery later event names the version in force by its digest. What the house owes under it from now on is printed: such as telling the offices it needs."
}

func (v *orderAdopt) Run(ctx context.Context, c *call) error {
	text, err := c.text(v.File)
	if err != nil {
		return err
	}
	return c.visit(ctx, func(at visit) error {
		o, done, err := at.desk.AdoptOrder(ctx, at.who, at.now(), filepath.Base(v.File), text)
		if err != nil {
			return err
		}
		// What the house owes from now on; not knowing it undoes nothing.
		house, err := at.desk.ShowHouse(ctx, at.who, at.now())
		if err != nil {
			c.complain("%s is in force, and what the house owes under it cannot be told: %v", o.ID, err)
		}
		owed := []owedLine{}
		for _, d := range house.Duties {
			if d.Order == o.ID && d.Open() {
				owed = append(owed, owedLine{d.ID, d.Item, d.Owner, d.Say.String()})
			}
		}
		if c.verbs.JSON {
			return c.object(map[string]any{"order": o.ID, "digest": o.Digest, "event": done.Event, "owed": owed})
		}
		err = c.print("%s is in force in this record, version %s", o.ID, o.Digest)
		for _, d := range owed {
			err = cmp.Or(err, c.print("  owed by the house: %s (%s): %s", strings.TrimSpace(d.Duty+" "+d.Item), d.Owner, d.Say))
		}
		return err
	})
}

// owedLine is a duty of the house that an adopted order makes.
type owedLine struct {
	Duty  string `json:"duty"`
	Item  string `json:"item,omitempty"`
	Owner string `json:"owner"`
	Say   string `json:"say"`
}

type orderList struct{}

func (orderList) Help() string { return "Example:\n  jurat order list" }

func (v *orderList) Run(ctx context.Context, c *call) error {
	return list(ctx, c, func(a jurat.Adoption) error {
		return c.either(struct {
			Order  string       `json:"order"`
			Title  string       `json:"title"`
			Digest jurat.Digest `json:"digest"`
		}{a.ID, a.Title, a.Digest}, "%s  %s\n    %s", a.ID, a.Title, a.Digest)
	}, func(at visit) ([]jurat.Adoption, error) { return at.desk.Adoptions(ctx, at.who, at.now()) })
}

type orderDiff struct {
	Old string `arg:"" help:"The earlier file."`
	New string `arg:"" help:"The later file."`
}

func (orderDiff) Help() string {
	return "Example:\n  jurat order diff my-order.yaml my-order-2.yaml\n\nEvery entry that was added, removed or changed, with both texts and what each stands on. Nothing is re-evaluated by it."
}

func (v *orderDiff) Run(ctx context.Context, c *call) error {
	var both []*order.Order
	err := c.each([]string{v.Old, v.New}, false, func(_ string, o *order.Order, _ []string) error {
		both = append(both, o)
		return nil
	})
	if err != nil {
		return err
	}
	for _, change := range order.Diff(both[0], both[1]) {
		if err := c.either(change, "%s", change.String()); err != nil {
			return err
		}
	}
	return nil
}

type orderExplain struct {
	Number jurat.IncidentNumber `arg:"" name:"incident" help:"The incident."`
	Order  string               `placeholder:"FILE" help:"Say instead what would differ under this order file. Nothing is rewritten."`
}

func (orderExplain) Help() string {
	return "Examples:\n  jurat order explain 2026-000001 --as supervisor-1102\n  jurat order explain 2026-000001 --order my-order-2.yaml --as supervisor-1102\n\nWith the facts used. Opening an incident is an event of it, once per person in fifteen minutes."
}

func (v *orderExplain) Run(ctx context.Context, c *call) error {
	if v.Order != "" {
		return c.each([]string{v.Order}, false, func(_ string, o *order.Order, _ []string) error {
			if o == nil {
				return nil
			}
			return v.under(ctx, c, o)
		})
	}
	return c.visit(ctx, func(at visit) error {
		e, err := at.desk.Explain(ctx, at.who, at.now(), v.Number)
		if err != nil {
			return err
		}
		if c.verbs.JSON {
			return c.object(e)
		}
		return e.Explain(c.stdout)
	})
}

// under prints what would differ under another version of an order.
func (v *orderExplain) under(ctx context.Context, c *call, o *order.Order) error {
	return c.visit(ctx, func(at visit) error {
		what, err := at.desk.ExplainUnder(ctx, at.who, at.now(), v.Number, o)
		switch {
		case err != nil:
			return err
		case c.verbs.JSON:
			return c.object(what)
		case len(what.Duties)+len(what.Gates) == 0:
			return c.print("nothing of %s would stand otherwise under %s, version %s", v.Number, o.ID, o.Digest)
		}
		var failed error
		p := func(format string, args ...any) { failed = cmp.Or(failed, c.print(format, args...)) }
		for _, d := range what.Duties {
			p("%s: %s", strings.TrimSpace(d.ID+" "+d.Item), strings.Join(d.Say, "; "))
		}
		for _, g := range what.Gates {
			p("gate %s: %s, was %s", g.ID, openOrClosed(g.Now), openOrClosed(g.Was))
			for _, r := range g.Gained {
				p("    now: %s", r.Say)
			}
			for _, r := range g.Gone {
				p("    no longer: %s", r.Say)
			}
		}
		return failed
	})
}

func openOrClosed(open bool) string {
	if open {
		return "open"
	}
	return "closed"
}

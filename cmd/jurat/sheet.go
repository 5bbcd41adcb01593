package main

import (
	"context"
	"slices"
	"strings"

	"jurat"
	"jurat/internal/desk"
)

type accountSheet struct {
	Account jurat.ItemID `arg:"" help:"The account of the side that is asked."`
}

func (accountSheet) Help() string {
	return "Example:\n  jurat account sheet 2026-000001-S1 --as detective-2208 > sheet.txt\n\nA page to print and send with the question: it says what is known to the side already, leaves as much room as it needs, and counts no answer against anybody. Record that the side was asked with: jurat account ask."
}

func (v *accountSheet) Run(ctx context.Context, c *call) error {
	id, err := jurat.ParseItemID(jurat.NounAccount, string(v.Account))
	if err != nil {
		return err
	}
	return c.visit(ctx, func(at visit) error {
		view, err := at.desk.Show(ctx, at.who, at.now(), id.Incident())
		if err != nil {
			return err
		}
		i := slices.IndexFunc(view.Accounts, func(s desk.Shown[jurat.Account]) bool { return s.Value.ID == id })
		if i < 0 {
			return jurat.Errorf(jurat.NotFound, "there is no account %s", id)
		}
		a := view.Accounts[i].Value
		if a.State == jurat.AccountWasGiven {
			return jurat.Errorf(jurat.Conflict, "%s already has a statement; open another account to ask the %s further", a.ID, a.Side)
		}
		sheet := replySheet(at.settings.Name, view.Incident, a)
		if c.verbs.JSON {
			return c.object(map[string]any{"incident": a.Incident, "account": a.ID, "side": a.Side, "state": a.State, "sheet": sheet})
		}
		for line := range strings.Lines(sheet + "\n") {
			if err := c.print("%s", strings.TrimSuffix(line, "\n")); err != nil {
				return err
			}
		}
		return nil
	})
}

// replySheet is the page a side is sent. It names no allegation and no person:
// whoever opens the letter learns no more than that they are asked.
func replySheet(office string, in jurat.Incident, a jurat.Account) string {
	asked := "not yet recorded"
	if !a.Asked.IsZero() {
		asked = day(a.Asked) + ", by " + a.AskedHow
	}
	known := "not stated"
	if !in.Occurred.From.IsZero() {
		known = day(in.Occurred.From) + " (" + in.Occurred.Precision + ")"
	}
	room := strings.Repeat("  "+strings.Repeat("_", 68)+"\n", 8)
	return `REPLY SHEET

From      ` + office + `
Our no.   ` + string(a.Incident) + ` / ` + string(a.ID) + `
To        the ` + strings.ReplaceAll(a.Side, "_", " ") + `
When      ` + known + `
Asked     ` + asked + `

Something was documented at this time, and you are asked for your own account of
it. Every side's account stands in the record in its own words, at equal rank and
equal size, beside what others stated. Nothing here says that anybody did wrong.
You need not answer. No answer is recorded as no answer, and is not a refusal.

[ ] This is our account (below, or on further pages: ____ pages):

` + room + `
[ ] We give no account, in these words:

  ` + strings.Repeat("_", 68) + `

[ ] Please ask this office instead: ` + strings.Repeat("_", 36) + `

Given by (office or function): ` + strings.Repeat("_", 39) + `
Date: ` + strings.Repeat("_", 16) + `   May it be quoted word for word?  [ ] yes  [ ] no

Send it back to ` + office + ` and name ` + string(a.ID) + `.`
}

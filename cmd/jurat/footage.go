package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"jurat"
	"jurat/internal/desk"
)

type footageVerb struct {
	List    footageList    `cmd:"" help:"List footage nearing its last day, and whom to call."`
	Gaps    footageGaps    `cmd:"" help:"List footage that was to be expected and is not on record."`
	Notices footageNotices `cmd:"" help:"List notices to other holders, and who has not answered."`
}

type footageList struct {
	By  string `placeholder:"DATE" help:"Every recording whose last day is that day or before, warned of or not."`
	All bool   `help:"Those too about which nothing is owed any more."`
}

func (footageList) Help() string {
	return "Examples:\n  jurat footage list --as supervisor-1102\n  jurat footage list --by 2026-05-31 --json --as evidence-7\n\n" +
		"Days and warnings are those of the adopted orders. A recording whose date is not known is counted from the earliest possible day. " +
		"The ground decides who may later see footage: choose the true one. A flag on footage held elsewhere counts once its holder confirmed it; a copy here does not preserve it there."
}

func (v *footageList) Run(ctx context.Context, c *call) error {
	var by time.Time
	if v.By != "" {
		var err error
		if by, err = time.Parse(time.DateOnly, v.By); err != nil {
			return jurat.Errorf(jurat.Invalid, "--by %q is no day; write it as 2026-05-31", v.By)
		}
	}
	return c.visit(ctx, func(at visit) error {
		all, err := at.desk.Footage(ctx, at.who, at.now(), by, v.All)
		if err != nil {
			return err
		}
		if c.verbs.JSON {
			for _, l := range all.Lines {
				if err := c.object(l); err != nil {
					return err
				}
			}
			return nil
		}
		return c.printFootage(all, v.By)
	})
}

// printFootage prints the morning list as it is read out at roll-call, one line
// and one thing to do for each recording.
func (c *call) printFootage(all desk.Footage, by string) error {
	what := "near its last day or past it"
	if by != "" {
		what = "with a last day by " + by
	}
	if len(all.Lines) == 0 {
		said := fmt.Sprintf("No footage reaches its last day in the next %d days.", all.Within)
		if by != "" {
			said = "No footage has its last day by " + by + "."
		}
		c.say("%s Counted %s.", said, day(all.Counted))
	} else {
		c.say("Footage %s: %d. Counted %s.", what, len(all.Lines), day(all.Counted))
	}
	heading, presumed := "", false
	for _, l := range all.Lines {
		if h := footageGroup(l); h != heading {
			heading = h
			c.say("\n%s", h)
		}
		presumed = presumed || l.Presumed
		if err := c.footageLine(l); err != nil {
			return err
		}
	}
	if presumed {
		c.say("\n* Its date is not known: counted from the earliest possible day.")
	}
	if all.Settled > 0 {
		c.say("\nNothing is owed about %d more: preserved, on hold, or decided. --all lists them.", all.Settled)
	}
	return nil
}

// footageGroup is the heading a line stands under: the order's own warnings.
func footageGroup(l desk.FootageLine) string {
	switch {
	case l.Due.IsZero():
		return "The last day cannot be told"
	case l.Past:
		return "Past the last day"
	case l.Warned == 0:
		return "Before the first warning"
	}
	return fmt.Sprintf("Since %s %d", strings.TrimSuffix(string(l.Unit), "s"), l.Warned)
}

func (c *call) footageLine(l desk.FootageLine) error {
	when, count := "not known", "day not known"
	if !l.Due.IsZero() {
		when, count = l.Due.In(l.Zone).Format("Mon 2006-01-02"), fmt.Sprintf("day %d of %d", l.Day, l.Of)
	}
	if l.Presumed {
		count += "*"
	}
	where, ground := "here", "no ground"
	if l.Held == jurat.HeldElsewhere {
		where = l.System
		if l.Confirmed != nil && *l.Confirmed {
			where += ", confirmed"
		}
	}
	if len(l.Grounds) > 0 {
		ground = strings.Join(l.Grounds, ", ")
	}
	return c.print("  %-15s %-15s %-16s %-6s %-22s %-18s %s", when, count, l.Item, l.Kind, where, ground, footageNext(l))
}

// footageNext is the one sentence a line ends with.
func footageNext(l desk.FootageLine) string {
	call := ""
	if l.Held == jurat.HeldElsewhere {
		call = "nobody is on record to call (record type footage_holder)"
		if l.Holder != nil {
			call = "call " + l.Holder.Name + ", " + l.Holder.Call
			if l.Holder.Hours != "" {
				call += " (" + l.Holder.Hours + ")"
			}
		}
		if n := l.Notice; n != nil && n.State == desk.NoticeNoAnswer {
			call += "; no answer since " + n.Due.In(l.Zone).Format(time.DateOnly)
		}
	}
	join := func(say string) string {
		if call == "" {
			return say
		}
		return say + "; " + call
	}
	switch {
	case l.Settled() && l.OnHold:
		return "on hold"
	case l.Settled() && len(l.Grounds) == 0:
		return "decided: no ground applies"
	case l.Settled():
		return "preserved"
	case l.Past && l.Held == jurat.HeldElsewhere:
		return join("ask whether it still exists, and record the answer")
	case len(l.Grounds) == 0:
		return join("add a ground, or decide that none applies")
	case l.Held == jurat.HeldElsewhere:
		return join("the flag is not confirmed there")
	}
	return "see the duty " + l.Duty + " of " + l.Order
}

type footageNotices struct {
	All bool `help:"Those too that were answered."`
}

func (footageNotices) Help() string {
	return "Example:\n  jurat footage notices --as detective-2208\n\n" +
		"A notice is a record of the type preservation_notice: jurat record add preservation_notice notice.json --incident N. " +
		"Its answer is added by amending it, or by a record that amends it. No answer by the date asked for is a state, and nobody's failure."
}

func (v *footageNotices) Run(ctx context.Context, c *call) error {
	return list(ctx, c, func(n desk.NoticeLine) error {
		state := strings.ReplaceAll(n.State, "_", " ")
		switch n.State {
		case desk.NoticeAwaited:
			state = "no answer yet, asked for by " + day(n.Due)
		case desk.NoticeNoAnswer:
			state = "no answer by " + day(n.Due)
		}
		return c.either(n, "%s  %s  sent %s (%s ago, %s): %s: %s", n.Record, n.To, day(n.Sent), span(time.Duration(n.Days)*24*time.Hour), stated(n.Basis), n.Items, state)
	}, func(at visit) ([]desk.NoticeLine, error) {
		return at.desk.Notices(ctx, at.who, at.now(), v.All)
	})
}

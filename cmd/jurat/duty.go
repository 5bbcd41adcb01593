package main

import (
	"context"
	"fmt"
	"time"

	"jurat/order"
)

type dutyVerb struct {
	List dutyList `cmd:"" help:"List what is owed, the overdue first."`
}

type dutyList struct {
	Due    bool   `help:"Only what has a time, and is overdue or was warned of."`
	Office string `placeholder:"OWNER" help:"Only what this owner owes, such as detective or unassigned."`
}

func (dutyList) Help() string {
	return "Examples:\n  jurat duty list --as supervisor-1102\n  jurat duty list --due --office evidence --json\n\nA duty without a stated time has an age and no colour: the order states no clock, and neither does this list."
}

func (v *dutyList) Run(ctx context.Context, c *call) error {
	return list(ctx, c, c.dutyLine, func(at visit) ([]order.Line, error) {
		return at.desk.Duties(ctx, at.who, at.now(), v.want)
	})
}

// want says whether a line belongs to the list asked for.
func (v *dutyList) want(l order.Line) bool {
	if v.Office != "" && l.Owner != v.Office {
		return false
	}
	return !v.Due || l.Overdue > 0 || l.Warned > 0
}

func (c *call) dutyLine(l order.Line) error {
	where := string(l.Incident)
	if where == "" {
		where = "the house"
	}
	when := "no time stated"
	switch {
	case l.Overdue > 0:
		when = "overdue by " + span(l.Overdue)
	case !l.Due.IsZero():
		when = "due " + day(l.Due)
	}
	if l.Local {
		when += " (the city's own target)"
	}
	what := l.ID
	if l.Item != "" {
		what += " " + l.Item
	}
	return c.either(l, "%-12s %-12s %-20s %s: %s", where, l.Owner, when, what, l.Say)
}

// span is a length of time as people say it.
func span(d time.Duration) string {
	n, unit := int(d/time.Hour), "hour"
	if d >= 48*time.Hour {
		n, unit = int(d/(24*time.Hour)), "day"
	}
	if n != 1 {
		unit += "s"
	}
	return fmt.Sprintf("%d %s", n, unit)
}

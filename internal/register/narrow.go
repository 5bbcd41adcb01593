package register

import (
	"strconv"
	"time"

	"jurat"
)

// A Narrow is what a list of incidents is narrowed to; the zero Narrow leaves
// out nothing. An incident whose opening cannot be found is left out by no
// moment: when it was opened is not known.
type Narrow struct {
	State  jurat.IncidentState // "": whichever
	Opened []Between           // in each of them
}

// A Between is a stretch of time. Either end may be open.
type Between struct {
	From  time.Time
	Until time.Time // not itself
}

// clause is the condition on an incident's item and on the disclosure of its
// last event, by the names a query gives them, and its arguments, of which there
// are so many before; "": nothing is left out.
func (n Narrow) clause(item, last string, before int) (string, []any) {
	var where string
	var args []any
	arg := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(before+len(args))
	}
	switch n.State {
	case jurat.IncidentIsClosed:
		where += " and " + last + ".act = " + arg(string(jurat.IncidentClosed))
	case jurat.IncidentIsOpen:
		where += " and " + last + ".act <> " + arg(string(jurat.IncidentClosed))
	}
	outside := ""
	for _, b := range n.Opened {
		if !b.From.IsZero() {
			outside += " or o.at < " + arg(micros(b.From))
		}
		if !b.Until.IsZero() {
			outside += " or o.at >= " + arg(micros(b.Until))
		}
	}
	if outside != "" {
		where += " and not exists (select 1 from event f join disclosure o on o.event = f.id where f.incident = " + item + ".incident and f.seq = " + item + ".first and (" + outside[len(" or "):] + "))"
	}
	return where, args
}

package order

import "time"

// LimitationDay is the day on which the time within which an offence of the
// table may be charged is over, counted on the calendar where the order holds
// from the day of from; zero where the order states none. It is arithmetic on
// what the table says: tolling, and which day counts, are for counsel (LAW-12).
func (o *Order) LimitationDay(offence string, from time.Time) time.Time {
	x, ok := o.Offence(offence)
	if !ok || !x.Limitation.Within.Stated() || from.IsZero() {
		return time.Time{}
	}
	return o.after(x.Limitation.Within, from)
}

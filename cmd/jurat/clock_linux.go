package main

import "golang.org/x/sys/unix"

// lookAtClock asks the kernel whether something keeps its clock right.
func lookAtClock() []sign {
	var t unix.Timex
	state, err := unix.Adjtimex(&t)
	switch {
	case err != nil:
		return []sign{{"clock", "unknown", "this system does not say whether something keeps its clock right", "clock_unknown", ""}}
	case state == unix.TIME_ERROR || t.Status&unix.STA_UNSYNC != 0:
		return []sign{{"clock", "warning", "nothing keeps the clock of this machine right: times on the record are what it says; set up NTP", "clock_alone", ""}}
	}
	return []sign{{"clock", "well", "the system keeps its clock right by another", "clock_kept", ""}}
}

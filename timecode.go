package jurat

import (
	"fmt"
	"strconv"
	"strings"
)

// ParseTimecode reads a time within a recording, such as 62, 1:02, 1:02.5 or
// 1:00:02.500: hours, minutes and seconds apart by colons, the last with up to
// three digits after a point or a comma. It gives milliseconds. Invalid:
// anything else, minutes or seconds over 59 where a part stands before them, or
// more than a thousand hours.
func ParseTimecode(s string) (int64, error) {
	bad := Errorf(Invalid, "%q is no time within a recording: write it as 1:02 or 1:02.5, or in seconds", s)
	whole, fraction, _ := strings.Cut(strings.ReplaceAll(strings.TrimSpace(s), ",", "."), ".")
	parts := strings.Split(whole, ":")
	if len(parts) > 3 || len(fraction) > 3 || fraction != "" && !digits(fraction) || strings.HasSuffix(strings.TrimSpace(s), ".") {
		return 0, bad
	}
	var total int64
	for i, part := range parts {
		n, err := strconv.ParseInt(part, 10, 64)
		if err != nil || !digits(part) || n > mostTime/1000 || i > 0 && (n > 59 || len(part) != 2) {
			return 0, bad
		}
		total = total*60 + n
	}
	thousandths, _ := strconv.ParseInt((fraction + "000")[:3], 10, 64)
	if total = total*1000 + thousandths; total > mostTime {
		return 0, bad
	}
	return total, nil
}

// Timecode spells milliseconds into a recording: 1:02, or 1:02.500 where it is
// no whole second; with hours from the first one on.
func Timecode(ms int64) string {
	s := ms / 1000
	out := fmt.Sprintf("%d:%02d", s/60, s%60)
	if s >= 3600 {
		out = fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	if ms%1000 != 0 {
		out += fmt.Sprintf(".%03d", ms%1000)
	}
	return out
}

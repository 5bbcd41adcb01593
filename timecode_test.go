package jurat_test

import (
	"errors"
	"testing"

	"jurat"
)

func TestTimecodes(t *testing.T) {
	for s, want := range map[string]int64{
		"0": 0, "62": 62_000, "1:02": 62_000, " 1:02.5 ": 62_500, "1:02,25": 62_250, "0:00.040": 40, "1:00:02.500": 3_602_500, "90:00": 5_400_000, "1000:00:00": 3_600_000_000,
	} {
		if got, err := jurat.ParseTimecode(s); err != nil || got != want {
			t.Errorf("%q: %d, %v; want %d", s, got, err, want)
		}
	}
	for _, s := range []string{"", "-1", "+1", "1:2", "1:60", "1:02:60", "1:02:03:04", "1.2345", "1.", ".", "1:02.x", "x", "1000:00:01", "99999999999999999999", "1:+2", "１"} {
		if got, err := jurat.ParseTimecode(s); !errors.Is(err, jurat.Invalid) || got != 0 {
			t.Errorf("%q: %d, %v; want Invalid", s, got, err)
		}
	}
	for ms, want := range map[int64]string{0: "0:00", 62_000: "1:02", 62_500: "1:02.500", 40: "0:00.040", 3_602_500: "1:00:02.500"} {
		if got := jurat.Timecode(ms); got != want {
			t.Errorf("%d: %q, want %q", ms, got, want)
		}
	}
}

// What is spelt is read back as it was.
func FuzzTimecode(f *testing.F) {
	f.Add("1:02.5")
	f.Fuzz(func(t *testing.T, s string) {
		ms, err := jurat.ParseTimecode(s)
		if err != nil {
			return
		}
		if again, err := jurat.ParseTimecode(jurat.Timecode(ms)); err != nil || again != ms {
			t.Errorf("%q is %d, spelt %q, read %d, %v", s, ms, jurat.Timecode(ms), again, err)
		}
	})
}

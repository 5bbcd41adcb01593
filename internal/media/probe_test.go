package media_test

import (
	"strings"
	"testing"

	"jurat"
)

func TestAFilmSaysWhenWithWhatAndNotOpenlyWhere(t *testing.T) {
	tools := need(t)
	s := look(t, tools, clip(t), "video/mp4")
	p := s.Probe
	if p.Answer != jurat.ProbeRead || p.Media != "video/mp4" || p.Duration < 1900 || p.Duration > 2200 || len(p.Streams) != 2 {
		t.Errorf("probe is %s", spelt(t, p))
	}
	if p.Created != "2026-03-03T02:14:05Z" || p.Zone != "Z" || p.Device != "Test Camera Model 1" {
		t.Errorf("created %q zone %q device %q", p.Created, p.Zone, p.Device)
	}
	open := spelt(t, p)
	for _, secret := range []string{"4471", "41.87", "TC-0001", "/proc/"} {
		if strings.Contains(open, secret) {
			t.Errorf("the open part says %q", secret)
		}
	}
	if !strings.Contains(spelt(t, s.Sealed[jurat.ClassExactAddress]), `"latitude":41.8781,"longitude":-87.6298`) || !p.Place {
		t.Errorf("the place is %s", spelt(t, s.Sealed[jurat.ClassExactAddress]))
	}
	if named := spelt(t, s.Sealed[jurat.ClassIdentity]); !strings.Contains(named, "Officer 4471") || !strings.Contains(named, "TC-0001") || !p.Serial {
		t.Errorf("what names somebody is %s", named)
	}
}

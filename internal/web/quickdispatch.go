package web

import (
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"jurat"
	"jurat/internal/desk"
)

// askDispatch looks up what dispatch said of the event a draft names, until it
// is found: what it said stays beside what is typed, and never in its place
// (INC-1). What nobody imported yet is said to be that.
func (c *Counter) askDispatch(v *visit, values url.Values) error {
	number := strings.TrimSpace(values.Get("incident.event_number"))
	if number == values.Get("dispatch.number") && values.Get("dispatch.state") != "none" {
		return nil // a number dispatch did not have is asked about again: a table may have come since
	}
	late := number == values.Get("dispatch.number")
	for _, name := range []string{"number", "state", "at", "place", "district", "units", "import"} {
		values.Del("dispatch." + name)
	}
	values.Del("incident.confirmed")
	if number == "" {
		return nil
	}
	values.Set("dispatch.number", number)
	rows, err := c.Desk.Dispatch(v.ctx(), v.caller(), v.at, number)
	if errors.Is(err, jurat.NotFound) {
		values.Set("dispatch.state", "none")
		return nil
	}
	if err != nil {
		return err
	}
	said := dispatched(rows)
	values.Set("dispatch.state", "found")
	values.Set("dispatch.import", string(rows[0].Import))
	for name, text := range map[string]string{"at": said.At.Format(time.RFC3339), "place": said.Place, "district": said.District, "units": said.Units} {
		if text != "" {
			values.Set("dispatch."+name, text)
		}
	}
	if late && strings.TrimSpace(values.Get("incident.from")+values.Get("incident.place")) != "" {
		values.Set("incident.confirmed", "correct") // what somebody typed meanwhile stands, and what dispatch said beside it
	}
	for name, text := range map[string]string{"incident.from": said.At.In(c.Zone).Format("2006-01-02T15:04:05"), "incident.place": said.Place, "incident.district": said.District} {
		if text != "" && strings.TrimSpace(values.Get(name)) == "" {
			values.Set(name, text)
		}
	}
	return nil
}

// dispatched is what the newest table with an event says of it: when the first
// unit was sent, where to, and which units were.
func dispatched(rows []desk.Dispatched) dispatchCard {
	var d dispatchCard
	var units []string
	for _, r := range rows {
		if r.Import != rows[0].Import {
			break
		}
		if at := r.Times["sent_at"]; at.Stated() && (d.At.IsZero() || at.First.Before(d.At)) {
			d.At = at.First
		}
		if u := r.Texts["unit"]; u != "" && !slices.Contains(units, u) {
			units = append(units, u)
		}
		d.Place, d.District = firstOf(d.Place, r.Texts["place"]), firstOf(d.District, r.Texts["district"])
	}
	d.Units = strings.Join(units, ", ")
	return d
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

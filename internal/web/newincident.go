package web

import (
	"net/http"
	"time"

	"jurat"
)

// An openingForm is the form of a new incident, as it was filled in.
type openingForm struct {
	Title, Trigger, EventNumber, From, To, Precision, Place, District, Inside string
	Triggers, Precisions, Answers                                             []string
}

func newOpeningForm() openingForm {
	lists := jurat.Lists()
	return openingForm{Triggers: lists["trigger"], Precisions: lists["time_precision"], Answers: lists["answer"]}
}

// newIncident is the form that opens an incident.
func (c *Counter) newIncident(w http.ResponseWriter, v *visit) error {
	if err := c.walled(v); err != nil {
		return err
	}
	c.show(w, v, http.StatusOK, "newincident", newOpeningForm())
	return nil
}

// openIncident opens an incident and shows it.
func (c *Counter) openIncident(w http.ResponseWriter, v *visit) error {
	f := newOpeningForm()
	f.Title, f.Trigger, f.EventNumber = v.PostFormValue("title"), v.PostFormValue("trigger"), v.PostFormValue("event_number")
	f.From, f.To, f.Precision = v.PostFormValue("from"), v.PostFormValue("to"), v.PostFormValue("precision")
	f.Place, f.District, f.Inside = v.PostFormValue("place"), v.PostFormValue("district"), v.PostFormValue("inside")
	var bad []wrong
	moment := func(field, text string) time.Time {
		at, err := c.typed(text)
		if err != nil {
			bad = append(bad, wrong{field, c.say(v, "open.bad_time")})
		}
		return at
	}
	o := jurat.Opening{
		Title: f.Title, Trigger: jurat.Trigger(f.Trigger), EventNumber: f.EventNumber,
		Occurred: jurat.Span{From: moment("from", f.From), To: moment("to", f.To), Precision: f.Precision},
		Place:    jurat.Place{Description: f.Place, District: f.District, InsideCity: jurat.Answer(f.Inside)},
	}
	if len(bad) == 0 {
		in, _, err := c.Desk.OpenIncident(v.ctx(), v.caller(), v.at, o)
		if err == nil {
			return see(w, v, "/incidents/"+string(in.Number))
		}
		say, ok := mistake(err)
		if !ok {
			return err
		}
		bad = append(bad, wrong{"title", say})
	}
	c.showWrong(w, v, http.StatusUnprocessableEntity, "newincident", f, bad)
	return nil
}

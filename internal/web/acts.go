package web

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"jurat"
)

// onIncident does an act of a form that stands on an incident's page, and shows
// the incident again: as it is now, or with what was wrong and what was typed.
func (c *Counter) onIncident(w http.ResponseWriter, v *visit, section string, act func(in jurat.IncidentNumber, form url.Values) error) error {
	in, err := v.number()
	if err != nil {
		return err
	}
	err = act(in, v.PostForm)
	if err == nil {
		return see(w, v, "/incidents/"+string(in)+"#"+section)
	}
	say, ok := mistake(err)
	if !ok {
		return err
	}
	body, err := c.incidentBody(v)
	if err != nil {
		return err
	}
	body.Form, body.Failed = v.PostForm, section
	c.showWrong(w, v, http.StatusUnprocessableEntity, "incident", body, []wrong{{section, say}})
	return nil
}

// addParty adds a person as a slot. Who they are goes under seal.
func (c *Counter) addParty(w http.ResponseWriter, v *visit) error {
	return c.onIncident(w, v, "persons", func(in jurat.IncidentNumber, f url.Values) error {
		_, _, err := c.Desk.AddParty(v.ctx(), v.caller(), v.at, in, jurat.Particulars{
			Slot: f.Get("slot"), Capacity: cmp.Or(strings.TrimSpace(f.Get("capacity_words")), f.Get("capacity")), Agency: f.Get("agency"), AgencyBasis: jurat.Knowledge(f.Get("agency_basis")),
			Masked: jurat.Answer(f.Get("masked")), VisibleID: jurat.Answer(f.Get("visible_id")), Name: f.Get("name"), Badge: f.Get("badge"), Contact: f.Get("contact"),
		})
		return err
	})
}

// openAccount notes a side, and that it was asked when it is said how.
func (c *Counter) openAccount(w http.ResponseWriter, v *visit) error {
	return c.onIncident(w, v, "accounts", func(in jurat.IncidentNumber, f url.Values) error {
		_, _, err := c.Desk.OpenAccount(v.ctx(), v.caller(), v.at, in, f.Get("side"), jurat.ItemID(f.Get("party")), f.Get("how"))
		return err
	})
}

// onAccount records what came of asking a side: asked again, given, no answer,
// or declined in words. Silence is no refusal.
func (c *Counter) onAccount(w http.ResponseWriter, v *visit) error {
	id, err := v.item(jurat.NounAccount, v.PathValue("account"))
	if err != nil {
		return err
	}
	return c.onIncident(w, v, "accounts", func(_ jurat.IncidentNumber, f url.Values) error {
		var err error
		switch f.Get("act") {
		case "asked":
			_, _, err = c.Desk.AskAccount(v.ctx(), v.caller(), v.at, id, f.Get("words"))
		case "given":
			_, _, err = c.Desk.GiveAccount(v.ctx(), v.caller(), v.at, id, jurat.Statement{Text: f.Get("words"), Verbatim: jurat.Answer(f.Get("verbatim")), Source: f.Get("source"), Language: f.Get("language"), Compelled: f.Get("compelled") == "yes"})
		case "no_answer":
			_, _, err = c.Desk.NoAnswer(v.ctx(), v.caller(), v.at, id)
		case "declined":
			_, _, err = c.Desk.DeclineAccount(v.ctx(), v.caller(), v.at, id, f.Get("words"))
		case "released", "withheld":
			_, _, err = c.Desk.ScreenAccount(v.ctx(), v.caller(), v.at, id, f.Get("act") == "released", f.Get("words"))
		default:
			err = jurat.Errorf(jurat.Invalid, "%s", c.say(v, "account.choose"))
		}
		return err
	})
}

// addAllegation adds an allegation of an offence of the order's table, or in
// words where none fits.
func (c *Counter) addAllegation(w http.ResponseWriter, v *visit) error {
	return c.onIncident(w, v, "allegations", func(in jurat.IncidentNumber, f url.Values) error {
		offence := f.Get("offence")
		if offence == "" {
			offence = f.Get("offence_words")
		}
		actor := f.Get("actor")
		if actor == "" {
			actor = "unknown"
		}
		_, _, err := c.Desk.AddAllegation(v.ctx(), v.caller(), v.at, in, offence, jurat.ActorKind(actor), jurat.ItemID(f.Get("party")))
		return err
	})
}

// second reads a number of seconds, or a time such as 1:02 within a recording.
func second(text string) (*int, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return nil, nil
	}
	total := 0
	for _, part := range strings.Split(text, ":") {
		n, err := strconv.Atoi(part)
		if err != nil || n < 0 || n > 1e6 {
			return nil, jurat.Errorf(jurat.Invalid, "%q is no time within a recording", text)
		}
		total = total*60 + n
	}
	return &total, nil
}

// placeHold places a hold: on everything here, or on the items named.
func (c *Counter) placeHold(w http.ResponseWriter, v *visit) error {
	return c.onIncident(w, v, "exhibits", func(in jurat.IncidentNumber, f url.Values) error {
		var scope []jurat.ItemID
		for _, one := range f["scope"] {
			if one != "" {
				scope = append(scope, jurat.ItemID(one))
			}
		}
		_, _, err := c.Desk.PlaceHold(v.ctx(), v.caller(), v.at, in, f.Get("matter"), scope)
		return err
	})
}

// releaseHold releases a hold, with a reason.
func (c *Counter) releaseHold(w http.ResponseWriter, v *visit) error {
	id, err := v.item(jurat.NounHold, v.PathValue("hold"))
	if err != nil {
		return err
	}
	return c.onIncident(w, v, "exhibits", func(_ jurat.IncidentNumber, f url.Values) error {
		_, _, err := c.Desk.ReleaseHold(v.ctx(), v.caller(), v.at, id, f.Get("reason"))
		return err
	})
}

// recordContact records a contact with a political office about the case.
func (c *Counter) recordContact(w http.ResponseWriter, v *visit) error {
	return c.onIncident(w, v, "referrals", func(in jurat.IncidentNumber, f url.Values) error {
		when, err := c.typed(f.Get("when"))
		if err != nil {
			return jurat.Errorf(jurat.Invalid, "%s", c.say(v, "open.bad_time"))
		}
		if when.IsZero() {
			when = v.at
		}
		_, _, err = c.Desk.RecordContact(v.ctx(), v.caller(), v.at, in, f.Get("office"), f.Get("what"), when, jurat.ItemID(f.Get("document")))
		return err
	})
}

// locate records an exhibit held in another system under its key there.
func (c *Counter) locate(w http.ResponseWriter, v *visit) error {
	return c.onIncident(w, v, "exhibits", func(in jurat.IncidentNumber, f url.Values) error {
		from, err := c.typed(f.Get("from"))
		if err != nil {
			return jurat.Errorf(jurat.Invalid, "%s", c.say(v, "open.bad_time"))
		}
		kind := f.Get("kind")
		if kind == "" {
			kind = "other"
		}
		_, _, err = c.Desk.LocateExhibit(v.ctx(), v.caller(), v.at, in, jurat.Arrival{Kind: kind, System: f.Get("system"), Key: f.Get("key"), Recorded: jurat.Span{From: from}})
		return err
	})
}

// A sealedBody is a sealed part, opened for who typed the reason.
type sealedBody struct {
	Item   jurat.Item
	Class  jurat.Class
	Fields []told // nil: not opened yet
	Reason string
}

// sealed asks why a sealed part is needed, and says that the answer goes on the
// record.
func (c *Counter) sealed(w http.ResponseWriter, v *visit) error {
	body, err := c.sealedBody(v)
	if err != nil {
		return err
	}
	c.show(w, v, http.StatusOK, "sealed", body)
	return nil
}

func (c *Counter) sealedBody(v *visit) (sealedBody, error) {
	in, err := v.number()
	if err != nil {
		return sealedBody{}, err
	}
	item, err := jurat.ParseItem(string(in) + "-" + v.PathValue("item"))
	if n, ok := strings.CutPrefix(v.PathValue("item"), "probe-"); ok { // it has its exhibit's number
		item.Noun = jurat.NounProbe
		item.ID, err = v.item(jurat.NounExhibit, n)
	}
	if err != nil || item.ID.Incident() != in {
		return sealedBody{}, nothingHere
	}
	class, err := jurat.ParseClass(v.PathValue("class"))
	if err != nil || class == jurat.ClassOpen {
		return sealedBody{}, nothingHere
	}
	// Who may not see the incident does not learn that the page exists.
	if _, err := c.Desk.Records(v.ctx(), v.caller(), v.at, in); err != nil {
		return sealedBody{}, err
	}
	return sealedBody{Item: item, Class: class}, nil
}

// openSealed opens one sealed part, with the reason typed: an event each time.
func (c *Counter) openSealed(w http.ResponseWriter, v *visit) error {
	body, err := c.sealedBody(v)
	if err != nil {
		return err
	}
	body.Reason = v.PostFormValue("reason")
	raw, err := c.Desk.OpenSealed(v.ctx(), v.caller(), v.at, body.Item, body.Class, body.Reason)
	if err != nil {
		say, ok := mistake(err)
		if !ok {
			return err
		}
		c.showWrong(w, v, http.StatusUnprocessableEntity, "sealed", body, []wrong{{"reason", say}})
		return nil
	}
	body.Fields = sealedFields(raw)
	slices.SortFunc(body.Fields, func(a, b told) int { return strings.Compare(a.Label, b.Label) })
	c.show(w, v, http.StatusOK, "sealed", body)
	return nil
}

package web

import (
	"net/http"
	"net/url"
	"strings"
	"unicode"

	"jurat"
	"jurat/internal/desk"
)

// A holdsBody is every hold in force that the reader may see.
type holdsBody struct {
	Lines    []desk.HoldLine
	All      bool
	Releases bool // the reader's role may release one
	Form     url.Values
	Failed   jurat.ItemID // the hold whose release was not taken
}

// holds lists what may not be disposed of, for which matter, since when and by
// whom (LAW-3): where counsel begins.
func (c *Counter) holds(w http.ResponseWriter, v *visit) error {
	body, err := c.holdsBody(v)
	if err != nil {
		return err
	}
	c.show(w, v, http.StatusOK, "holds", body)
	return nil
}

func (c *Counter) holdsBody(v *visit) (holdsBody, error) {
	body := holdsBody{All: v.URL.Query().Has("all"), Releases: v.who.Person.Role == jurat.RoleCounsel || v.who.Person.Role == jurat.RoleProsecutor}
	var err error
	body.Lines, err = c.Desk.Holds(v.ctx(), v.caller(), v.at, body.All)
	return body, err
}

// holdBroadly places a hold from the list: on an incident, on some of the items
// of one, on several incidents, or on the whole record.
func (c *Counter) holdBroadly(w http.ResponseWriter, v *visit) error {
	return c.onHolds(w, v, "matter", func(f url.Values) error {
		named := strings.FieldsFunc(f.Get("scope"), func(r rune) bool { return r == ',' || unicode.IsSpace(r) })
		in, scope, err := c.covered(v, f.Get("covers") == "record", named)
		if err != nil {
			return err
		}
		_, _, err = c.Desk.PlaceHold(v.ctx(), v.caller(), v.at, in, f.Get("matter"), scope)
		return err
	})
}

// covered reads what a hold is to cover: nothing named holds nothing, so that
// the whole record is held only by saying so.
func (c *Counter) covered(v *visit, everything bool, named []string) (one jurat.IncidentNumber, scope []jurat.ItemID, err error) {
	if everything != (len(named) == 0) {
		return "", nil, jurat.Errorf(jurat.Invalid, "%s", c.say(v, "holds.which"))
	}
	for i, text := range named {
		item, err := jurat.ParseItem(text)
		if err != nil {
			return "", nil, err
		}
		switch number := item.ID.Incident(); {
		case i == 0:
			one = number
		case one != number:
			one = ""
		}
		scope = append(scope, item.ID)
	}
	if one != "" && len(scope) == 1 && scope[0] == jurat.ItemID(one) {
		scope = nil // everything in it
	}
	return one, scope, nil
}

// release releases a hold from the list, with a reason.
func (c *Counter) release(w http.ResponseWriter, v *visit) error {
	return c.onHolds(w, v, "release", func(f url.Values) error {
		_, _, err := c.Desk.ReleaseHold(v.ctx(), v.caller(), v.at, jurat.ItemID(f.Get("hold")), f.Get("reason"))
		return err
	})
}

// onHolds does an act of a form that stands on the list of holds, and shows the
// list again.
func (c *Counter) onHolds(w http.ResponseWriter, v *visit, field string, act func(f url.Values) error) error {
	err := act(v.PostForm)
	if err == nil {
		return see(w, v, "/holds")
	}
	say, ok := mistake(err)
	if !ok {
		return err
	}
	body, err := c.holdsBody(v)
	if err != nil {
		return err
	}
	body.Form = v.PostForm
	if field == "release" {
		body.Failed = jurat.ItemID(v.PostForm.Get("hold"))
		field += "-" + string(body.Failed)
	}
	c.showWrong(w, v, http.StatusUnprocessableEntity, "holds", body, []wrong{{field, say}})
	return nil
}

package web

import (
	"context"
	"errors"
	"net/http"
	"time"

	"jurat"
	"jurat/internal/desk"
)

// A visit is one request at the counter: who asks, in which language, and when.
type visit struct {
	*http.Request
	counter *Counter
	at      time.Time
	lang    string
	who     *standing // nil: a stranger
}

// A standing is what the counter shows a person of themselves.
type standing struct {
	Person jurat.Person
	Office jurat.Office
}

// A page answers a visit. What it returns as an error is answered by [Counter.fail].
type page func(w http.ResponseWriter, v *visit) error

// caller is who stands at the desk.
func (v *visit) caller() desk.Caller {
	if v.who == nil {
		return desk.Caller{}
	}
	return desk.Caller{Person: v.who.Person.ID, Session: true}
}

// ctx is the request's context.
func (v *visit) ctx() context.Context { return v.Request.Context() }

// open makes a handler of a page that answers strangers too.
func (c *Counter) open(p page) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := &visit{Request: r, counter: c, at: c.Now(), lang: languageOf(r)}
		if err := c.recognise(v); err != nil {
			c.fail(w, v, err)
			return
		}
		if err := p(w, v); err != nil {
			c.fail(w, v, err)
		}
	})
}

// signedIn makes a handler of a page for people of the record. To a stranger
// it is not there.
func (c *Counter) signedIn(p page) http.Handler {
	return c.open(func(w http.ResponseWriter, v *visit) error {
		if v.who == nil {
			return nothingHere
		}
		return p(w, v)
	})
}

// recognise finds out who is asking.
func (c *Counter) recognise(v *visit) error {
	id, err := c.Who(v.Request)
	if errors.Is(err, jurat.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	person, office, err := c.Desk.Who(v.ctx(), id)
	if err != nil {
		if errors.Is(err, jurat.NotFound) {
			return nil
		}
		return err
	}
	v.who = &standing{Person: person, Office: office}
	return nil
}

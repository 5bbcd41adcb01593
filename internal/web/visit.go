package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/login"
)

// A visit is one request at the counter: who asks, in which language, and when.
type visit struct {
	*http.Request
	counter *Counter
	at      time.Time
	lang    string
	who     *standing // nil: a stranger, or somebody who cannot work yet

	token    login.Token
	session  login.Session
	newcomer *standing // who the session is of, whether or not they can work
	locked   bool      // they were away for half an hour
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

// political reports whether who asks is of a political office: they are told
// what a stranger is told.
func (v *visit) political() bool {
	return v.who != nil && (v.who.Office.Function == jurat.FunctionPolitical || v.who.Person.Role == jurat.RolePolitical)
}

// walled has the desk refuse a political office a page that asks the record for
// nothing, so that the attempt is journalled as any other.
func (c *Counter) walled(v *visit) error {
	if !v.political() {
		return nil
	}
	_, err := c.Desk.List(v.ctx(), v.caller(), v.at, "", 1)
	return err
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
		if v.newcomer != nil && c.Acted != nil {
			c.Acted()
		}
	})
}

// signedIn makes a handler of a page for people of the record. To a stranger
// it is not there.
func (c *Counter) signedIn(p page) http.Handler {
	return c.open(func(w http.ResponseWriter, v *visit) error {
		switch {
		case v.who != nil:
			return formed(p)(w, v)
		case v.locked && v.Method == http.MethodGet:
			return see(w, v, "/again?to="+url.QueryEscape(v.URL.RequestURI()))
		case v.locked:
			return see(w, v, "/again")
		case v.newcomer != nil && v.session.Setup:
			return see(w, v, "/setup")
		}
		return nothingHere
	})
}

// recognise finds out who is asking: by the token of the session's cookie.
func (c *Counter) recognise(v *visit) error {
	v.token = c.tokenOf(v.Request)
	if v.token == "" {
		return nil
	}
	session, err := c.Login.Newcomer(v.ctx(), v.at, v.token)
	v.session = session
	switch {
	case errors.Is(err, login.ErrSignedOut):
		v.token = ""
		return nil
	case errors.Is(err, login.ErrLocked):
		v.locked = true
	case err != nil:
		return err
	}
	person, office, err := c.Desk.Who(v.ctx(), session.Person)
	if errors.Is(err, jurat.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	v.newcomer = &standing{Person: person, Office: office}
	if !v.locked && !session.Setup {
		v.who = v.newcomer
	}
	return nil
}

package web

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/login"
)

// A meBody is what a person comes in by, and where they are signed in.
type meBody struct {
	Person   standing
	Means    login.Means
	Sessions []login.Session
	Current  string
	Passkeys bool // can be used here
	Ready    bool // they could sign in again, by what they made since they came in to make it
	Codes    []string
	Secret   string // of a new code generator, shown once
	URI      string
	Programs []login.APIToken
	Token    string // of a new program, shown once
	Days     int    // the most a token is good for
}

// me shows what the reader comes in by, and where they are signed in.
func (c *Counter) me(w http.ResponseWriter, v *visit) error {
	if v.who == nil {
		return nothingHere
	}
	return c.showMe(w, v, meBody{}, nil)
}

func (c *Counter) showMe(w http.ResponseWriter, v *visit, body meBody, bad []wrong) error {
	if v.newcomer == nil {
		return nothingHere
	}
	var err error
	body.Person, body.Current, body.Passkeys = *v.newcomer, v.session.ID, c.Login.Passkeys()
	if body.Means, err = c.Login.Means(v.ctx(), v.session.Person); err != nil {
		return err
	}
	if v.session.Setup { // nothing else can be done yet
		return c.showSetup(w, v, body, bad)
	}
	body.Days = login.APITokenDays
	if body.Programs, err = c.Login.APITokens(v.ctx(), v.at, v.session.Person); err != nil {
		return err
	}
	if body.Sessions, err = c.Login.Sessions(v.ctx(), v.at, v.session.Person); err != nil {
		return err
	}
	code := http.StatusOK
	if len(bad) > 0 {
		code = http.StatusUnprocessableEntity
	}
	c.showWrong(w, v, code, "me", body, bad)
	return nil
}

// mine does one thing to the reader's own credentials, and shows them again.
func (c *Counter) mine(w http.ResponseWriter, v *visit, field string, do func(body *meBody) error) error {
	if v.newcomer == nil || v.locked {
		return nothingHere
	}
	var body meBody
	err := do(&body)
	if err == nil {
		if len(body.Codes) > 0 || body.Secret != "" || body.Token != "" {
			return c.showMe(w, v, body, nil)
		}
		if v.session.Setup {
			return see(w, v, "/setup")
		}
		return see(w, v, "/me")
	}
	say, ok := mistake(err)
	if !ok {
		return err
	}
	return c.showMe(w, v, body, []wrong{{field, say}})
}

func (c *Counter) askNewPasskey(w http.ResponseWriter, v *visit) error {
	ask, err := c.Login.AskNewPasskey(v.ctx(), v.at, v.token)
	return c.toScript(w, v, ask, err)
}

// addPasskey takes the passkey the browser made, and puts its key on the
// record: from then on the person can sign with it.
func (c *Counter) addPasskey(w http.ResponseWriter, v *visit) error {
	text, err := io.ReadAll(io.LimitReader(v.Body, formLimit))
	if err != nil {
		return jurat.Because(jurat.Invalid, err, "the answer could not be read")
	}
	var body struct {
		ID, Name string
		Answer   json.RawMessage
	}
	if err := json.Unmarshal(text, &body); err != nil {
		return jurat.Because(jurat.Invalid, err, "the answer could not be read")
	}
	if v.newcomer == nil || v.locked {
		return nothingHere
	}
	key, keep, err := c.Login.NewPasskey(v.ctx(), v.at, v.token, body.ID, body.Name, body.Answer)
	if err == nil {
		_, err = c.Desk.AddKey(v.ctx(), desk.Caller{Person: v.session.Person, Session: true}, v.at, v.session.Person, key.Key, keep)
		// Who changes nothing in this record (an auditor, another office, a
		// political one) signs nothing in it: their passkey lets them in, and
		// its key is on no record.
		if errors.Is(err, jurat.Forbidden) || errors.Is(err, jurat.NotFound) {
			err = c.Login.Take(v.ctx(), keep)
		}
	}
	to := "/me"
	if v.session.Setup {
		to = "/setup"
	}
	return c.toScript(w, v, map[string]string{"to": to}, err)
}

// removePasskey takes a passkey away, and its key off the record.
func (c *Counter) removePasskey(w http.ResponseWriter, v *visit) error {
	return c.mine(w, v, "passkeys", func(*meBody) error {
		key, lose, err := c.Login.LosePasskey(v.ctx(), v.at, v.token, v.PostFormValue("id"))
		if err != nil {
			return err
		}
		_, err = c.Desk.DropKey(v.ctx(), desk.Caller{Person: v.session.Person, Session: true}, v.at, v.session.Person, key.Key.Thumbprint(), c.say(v, "me.removed_reason"), lose)
		if errors.Is(err, jurat.NotFound) || errors.Is(err, jurat.Forbidden) { // it never was on the record
			return c.Login.Take(v.ctx(), lose)
		}
		return err
	})
}

func (c *Counter) setPassword(w http.ResponseWriter, v *visit) error {
	return c.mine(w, v, "password", func(*meBody) error {
		if v.PostFormValue("password") != v.PostFormValue("repeat") {
			return jurat.Errorf(jurat.Invalid, "%s", c.say(v, "me.not_twice"))
		}
		return c.Login.SetPassword(v.ctx(), v.at, v.token, v.PostFormValue("password"))
	})
}

// newGenerator makes a code generator and shows its secret, once.
func (c *Counter) newGenerator(w http.ResponseWriter, v *visit) error {
	return c.mine(w, v, "generator", func(body *meBody) error {
		t, err := c.Login.NewTOTP(v.ctx(), v.at, v.token)
		body.Secret, body.URI = t.Secret, t.URI
		return err
	})
}

func (c *Counter) confirmGenerator(w http.ResponseWriter, v *visit) error {
	return c.mine(w, v, "code", func(*meBody) error {
		return c.Login.ConfirmTOTP(v.ctx(), v.at, v.token, strings.TrimSpace(v.PostFormValue("code")))
	})
}

// newRecovery makes ten recovery codes and shows them, once.
func (c *Counter) newRecovery(w http.ResponseWriter, v *visit) error {
	return c.mine(w, v, "recovery", func(body *meBody) error {
		var err error
		body.Codes, err = c.Login.NewRecovery(v.ctx(), v.at, v.token)
		return err
	})
}

func (c *Counter) endSession(w http.ResponseWriter, v *visit) error {
	return c.mine(w, v, "sessions", func(*meBody) error {
		if v.PostFormValue("id") == "others" {
			_, err := c.Login.EndOthers(v.ctx(), v.session)
			return err
		}
		return c.Login.EndSession(v.ctx(), v.session.Person, v.PostFormValue("id"))
	})
}

// newToken makes a token for a program of the reader's, and shows its secret,
// once.
func (c *Counter) newToken(w http.ResponseWriter, v *visit) error {
	return c.mine(w, v, "program", func(body *meBody) error {
		days, err := strconv.Atoi(v.PostFormValue("days"))
		if err != nil {
			days = 0 // refused with the sentence that says how many
		}
		body.Token, _, err = c.Login.NewAPIToken(v.ctx(), v.at, v.token, v.PostFormValue("name"), v.PostFormValue("scope") == "write", days)
		return err
	})
}

// endToken ends a token of the reader's.
func (c *Counter) endToken(w http.ResponseWriter, v *visit) error {
	return c.mine(w, v, "programs", func(*meBody) error {
		return c.Login.EndAPIToken(v.ctx(), v.at, v.session.Person, v.PostFormValue("id"))
	})
}

package web

import (
	"errors"
	"net/http"
	"net/url"

	"jurat"
	"jurat/internal/login"
)

// The addresses of the single sign-on. That of its answer is registered there.
const (
	askSignOnPath = "/login/sso/ask"
	signOnPath    = "/login/sso"
)

// SignOnAnswer is the path of the page that a single sign-on's answer comes to.
const SignOnAnswer = signOnPath

// signOnCookie is the name of the cookie that ties the answer of a single
// sign-on to the browser that asked.
func signOnCookie(secure bool) string {
	if secure {
		return "__Host-signon"
	}
	return "signon"
}

// askSignOn sends the browser to the single sign-on. It is a link and no form:
// the policy of the pages lets no form lead elsewhere. That another site has a
// browser follow it is nothing it can use, and is not carried out.
func (c *Counter) askSignOn(w http.ResponseWriter, v *visit) error {
	if name, _ := c.Login.SignOn(); name == "" {
		return nothingHere
	}
	if from := v.Header.Get("Sec-Fetch-Site"); from != "" && from != "same-origin" && from != "none" {
		return see(w, v, "/login")
	}
	address, cookie, err := c.Login.AskSignOn(v.ctx(), v.at)
	if errors.Is(err, login.ErrNoSignOn) {
		return c.noSignOn(w, v, err)
	}
	if err != nil {
		return err
	}
	c.keepSignOn(w, cookie, int(login.SignOnLasts.Seconds()))
	return see(w, v, address)
}

// bySignOn lets in whom the single sign-on's answer names. Whatever is wrong
// with it is answered as any other sign-in that is not right.
func (c *Counter) bySignOn(w http.ResponseWriter, v *visit) error {
	if name, _ := c.Login.SignOn(); name == "" {
		return nothingHere
	}
	var cookie string
	if kept, err := v.Cookie(signOnCookie(c.Secure)); err == nil {
		cookie = kept.Value
	}
	c.keepSignOn(w, "", -1)
	q := v.URL.Query()
	token, _, err := c.Login.ComeBySignOn(v.ctx(), v.at, sourceOf(v.Request), cookie, q.Get("state"), q.Get("code"))
	if errors.Is(err, login.ErrNoSignOn) {
		return c.noSignOn(w, v, err)
	}
	return c.came(w, v, signInBody{}, "/", token, err)
}

// keepSignOn gives the browser that cookie, or takes it away.
func (c *Counter) keepSignOn(w http.ResponseWriter, value string, age int) {
	http.SetCookie(w, &http.Cookie{Name: signOnCookie(c.Secure), Value: value, Path: "/", MaxAge: age, HttpOnly: true, Secure: c.Secure, SameSite: http.SameSiteLaxMode})
}

// noSignOn says that the single sign-on does not answer, on the page with every
// other way in. Its cause is the operator's to read.
func (c *Counter) noSignOn(w http.ResponseWriter, v *visit, err error) error {
	ref := reference()
	c.Log.WarnContext(v.ctx(), "the single sign-on does not answer", "page", v.Pattern, "reference", ref, "cause", err)
	body := c.waysIn(signInBody{})
	c.showWrong(w, v, http.StatusServiceUnavailable, "login", body, []wrong{{"", c.say(v, "login.no_sign_on", "name", body.SignOn, "reference", ref)}})
	return nil
}

// addSignOn says who somebody the single sign-on knows is here.
func (c *Counter) addSignOn(w http.ResponseWriter, v *visit) error {
	return c.onAdmin(w, v, "subject", func(f url.Values) (login.Link, error) {
		// Who adds one can make themselves another person's way in.
		if err := c.Login.JustShown(v.ctx(), v.at, v.token); err != nil {
			return login.Link{}, err
		}
		_, issuer := c.Login.SignOn()
		return login.Link{}, c.Desk.AddSignOn(v.ctx(), v.caller(), v.at, jurat.PersonID(f.Get("person")), issuer, f.Get("subject"))
	})
}

// dropSignOn takes that back, and ends the person's sessions.
func (c *Counter) dropSignOn(w http.ResponseWriter, v *visit) error {
	return c.onAdmin(w, v, "sign-on", func(f url.Values) (login.Link, error) {
		return login.Link{}, c.Desk.DropSignOn(v.ctx(), v.caller(), v.at, jurat.PersonID(f.Get("person")), f.Get("issuer"), f.Get("subject"))
	})
}

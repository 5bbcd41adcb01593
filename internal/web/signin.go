package web

import (
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"

	"jurat"
	"jurat/internal/login"
)

// sessionCookie is the name of the cookie a token lies in. With TLS its prefix
// has the browser keep it to this host, this program and TLS.
func sessionCookie(secure bool) string {
	if secure {
		return "__Host-session"
	}
	return "session"
}

// tokenOf is the token a request shows. With TLS only the cookie counts that no
// other host, and nobody without TLS, could have put in the browser.
func (c *Counter) tokenOf(r *http.Request) login.Token {
	cookie, err := r.Cookie(sessionCookie(c.Secure))
	if err != nil {
		return ""
	}
	return login.Token(cookie.Value)
}

// keep gives the browser a token, for as long as it runs.
func (c *Counter) keep(w http.ResponseWriter, token login.Token) {
	http.SetCookie(w, &http.Cookie{Name: sessionCookie(c.Secure), Value: string(token), Path: "/", HttpOnly: true, Secure: c.Secure, SameSite: http.SameSiteLaxMode})
}

// sourceOf is where a request came from, to be counted and never kept.
func sourceOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// backOf is a page of ours to come back to.
func backOf(v *visit) string {
	if v.Method == http.MethodGet {
		return v.URL.RequestURI()
	}
	if at, err := url.Parse(v.Referer()); err == nil && at.Host == v.Host && strings.HasPrefix(at.Path, "/") {
		return at.RequestURI()
	}
	return "/"
}

// ours is a way back within the counter; anything else is its first page. A
// browser leaves tabs and line ends out of an address, so that nothing with one
// is ours.
func ours(to string) string {
	if _, err := url.Parse(to); err != nil {
		return "/"
	}
	if !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.Contains(to, "\\") {
		return "/"
	}
	return to
}

// A signInBody is the page where people come in.
type signInBody struct {
	Name     string
	Passkeys bool
	Recovery bool
	SignOn   string // the name of the single sign-on; empty: none
}

// waysIn adds to the page which ways in there are.
func (c *Counter) waysIn(body signInBody) signInBody {
	body.Passkeys = c.Login.Passkeys()
	body.SignOn, _ = c.Login.SignOn()
	return body
}

// signIn is where people come in. Whoever is in goes on.
func (c *Counter) signIn(w http.ResponseWriter, v *visit) error {
	if v.who != nil {
		return see(w, v, "/")
	}
	c.show(w, v, http.StatusOK, "login", c.waysIn(signInBody{Recovery: v.URL.Query().Has("recovery")}))
	return nil
}

// came lets somebody in, or says on the page where they tried that they are
// not, by one sentence whoever they are.
func (c *Counter) came(w http.ResponseWriter, v *visit, body signInBody, to string, token login.Token, err error) error {
	if err == nil {
		c.keep(w, token)
		return see(w, v, to)
	}
	said, ok := errors.AsType[*jurat.Error](err)
	if !ok || !errors.Is(err, jurat.Forbidden) {
		return err
	}
	body = c.waysIn(body)
	say := said.Detail
	if v.lang != "en" {
		say = c.say(v, "login.not_right")
	}
	c.showWrong(w, v, http.StatusForbidden, "login", body, []wrong{{"name", say}})
	return nil
}

// byPassword lets somebody in by their name, password and code.
func (c *Counter) byPassword(w http.ResponseWriter, v *visit) error {
	name := strings.TrimSpace(v.PostFormValue("name"))
	token, _, err := c.Login.ComeByPassword(v.ctx(), v.at, sourceOf(v.Request), name, v.PostFormValue("password"), strings.TrimSpace(v.PostFormValue("code")))
	return c.came(w, v, signInBody{Name: name}, "/", token, err)
}

// byRecovery lets somebody in by a recovery code, to make new credentials.
func (c *Counter) byRecovery(w http.ResponseWriter, v *visit) error {
	name := strings.TrimSpace(v.PostFormValue("name"))
	token, _, err := c.Login.ComeByRecovery(v.ctx(), v.at, sourceOf(v.Request), name, v.PostFormValue("code"))
	return c.came(w, v, signInBody{Name: name, Recovery: true}, "/setup", token, err)
}

// askPasskey asks the browser for a passkey of whoever is there.
func (c *Counter) askPasskey(w http.ResponseWriter, v *visit) error {
	ask, err := c.Login.AskPasskey(v.ctx(), v.at)
	return c.toScript(w, v, ask, err)
}

// byPasskey lets in whoever the browser's answer is of.
func (c *Counter) byPasskey(w http.ResponseWriter, v *visit) error {
	ask, answer, err := answerOf(v)
	if err == nil {
		var token login.Token
		if token, _, err = c.Login.ComeByPasskey(v.ctx(), v.at, sourceOf(v.Request), ask, answer); err == nil {
			c.keep(w, token)
		}
	}
	return c.toScript(w, v, map[string]string{"to": "/"}, err)
}

// answerOf reads what a script brings back: the ask, and the browser's answer.
func answerOf(v *visit) (ask string, answer []byte, err error) {
	text, err := io.ReadAll(io.LimitReader(v.Body, formLimit))
	if err != nil {
		return "", nil, jurat.Because(jurat.Invalid, err, "the answer could not be read")
	}
	var body struct {
		ID     string          `json:"id"`
		Answer json.RawMessage `json:"answer"`
	}
	if err := json.Unmarshal(text, &body); err != nil {
		return "", nil, jurat.Because(jurat.Invalid, err, "the answer could not be read")
	}
	return body.ID, body.Answer, nil
}

// toScript answers a script of our own with JSON, or with a sentence to show.
func (c *Counter) toScript(w http.ResponseWriter, v *visit, value any, err error) error {
	code := http.StatusOK
	if err != nil {
		if said, ok := errors.AsType[*jurat.Error](err); ok && status(err) < http.StatusInternalServerError && !errors.Is(err, login.ErrStale) {
			code, value = status(err), map[string]string{"say": said.Detail}
		} else if errors.Is(err, login.ErrStale) {
			code, value = http.StatusForbidden, map[string]string{"to": "/again?to=" + url.QueryEscape(backOf(v))}
		} else if wait, ok := errors.AsType[*login.Wait](err); ok {
			code, value = http.StatusTooManyRequests, map[string]string{"say": c.say(v, "wait.until", "time", wait.Until.In(c.Zone).Format("15:04:05"))}
		} else {
			return err
		}
	}
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	w.Write(text) //nolint:errcheck // the reader went away
	return nil
}

// leave signs the reader out.
func (c *Counter) leave(w http.ResponseWriter, v *visit) error {
	if v.token != "" {
		if err := c.Login.Leave(v.ctx(), v.token); err != nil {
			return err
		}
	}
	// Whatever the browser kept of a draft while there was no network goes too.
	w.Header().Set("Clear-Site-Data", `"storage"`)
	http.SetCookie(w, &http.Cookie{Name: sessionCookie(c.Secure), Path: "/", MaxAge: -1, HttpOnly: true, Secure: c.Secure, SameSite: http.SameSiteLaxMode})
	return see(w, v, "/")
}

// again asks whoever was away, or is about to do something that matters, to
// show once more who they are.
func (c *Counter) again(w http.ResponseWriter, v *visit) error {
	if v.newcomer == nil {
		return see(w, v, "/login")
	}
	c.show(w, v, http.StatusOK, "again", c.againBody(v, v.URL.Query().Get("to")))
	return nil
}

type againBody struct {
	To       string
	Label    string
	Locked   bool
	Passkeys bool
	SignOn   string // by which the session began; empty: by another way
}

func (c *Counter) againBody(v *visit, to string) againBody {
	body := againBody{To: ours(to), Label: v.newcomer.Person.Label, Locked: v.locked, Passkeys: c.Login.Passkeys()}
	if v.session.Method == login.BySignOn {
		body.SignOn, _ = c.Login.SignOn()
	}
	return body
}

// againByCode opens a locked session by a code of the person's generator.
func (c *Counter) againByCode(w http.ResponseWriter, v *visit) error {
	if v.newcomer == nil {
		return see(w, v, "/login")
	}
	to := v.PostFormValue("to")
	_, err := c.Login.AgainByCode(v.ctx(), v.at, sourceOf(v.Request), v.token, strings.TrimSpace(v.PostFormValue("code")))
	if err == nil {
		return see(w, v, ours(to))
	}
	if !errors.Is(err, jurat.Forbidden) {
		return err
	}
	c.showWrong(w, v, http.StatusForbidden, "again", c.againBody(v, to), []wrong{{"code", c.say(v, "login.not_right")}})
	return nil
}

func (c *Counter) askAgain(w http.ResponseWriter, v *visit) error {
	ask, err := c.Login.AskAgain(v.ctx(), v.at, v.token)
	return c.toScript(w, v, ask, err)
}

func (c *Counter) againByPasskey(w http.ResponseWriter, v *visit) error {
	ask, answer, err := answerOf(v)
	if err == nil {
		_, err = c.Login.AgainByPasskey(v.ctx(), v.at, sourceOf(v.Request), v.token, ask, answer)
	}
	return c.toScript(w, v, map[string]string{}, err)
}

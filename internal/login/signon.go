package login

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"jurat"
	"jurat/internal/register"
)

// BySignOn is the method of who another system vouched for.
const BySignOn Method = "sign-on"

// A SignOn is a single sign-on the operator configured: an OpenID Connect
// provider that knows this counter under a client id. It says only that
// somebody is a subject of its own; who that is here, an administrator said.
type SignOn struct {
	Name     string // as people call it; empty: the host of the issuer
	Issuer   string // https://…, as its tokens name it
	Client   string // the id this counter has there
	Secret   string // empty: a public client
	Redirect string // the counter's page that its answer comes to
}

// provider is a sign-on and what was discovered of it, once it could be.
type provider struct {
	SignOn
	client *http.Client

	mu    sync.Mutex
	found *oidc.Provider
	under *discovery // that is under way; nil: none
}

// A discovery is one asking of a provider, which everybody who came meanwhile
// waits for: one that does not answer holds each of them up once.
type discovery struct {
	done  chan struct{}
	found *oidc.Provider
	err   error
}

// signOnLimit is how long one of its answers is waited for, and signOnSize how
// much of it is read.
const (
	signOnLimit = 10 * time.Second
	signOnSize  = 1 << 20
)

// A short reads no more of an answer than a sign-on ever has to say.
type short struct{ http.RoundTripper }

func (s short) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := s.RoundTripper.RoundTrip(r)
	if err == nil {
		answer.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(answer.Body, signOnSize), answer.Body}
	}
	return answer, err
}

// Check refuses a sign-on that could not be asked. Invalid: its issuer or the
// counter's page is no https address (plain HTTP is for this machine alone), or
// it has no client id.
func (s SignOn) Check() error {
	local := func(u *url.URL) bool {
		return u.Hostname() == "127.0.0.1" || u.Hostname() == "::1" || u.Hostname() == "localhost"
	}
	for what, address := range map[string]string{"issuer": s.Issuer, "redirect": s.Redirect} {
		u, err := url.Parse(address)
		if err != nil || u.Host == "" || u.Scheme != "https" && !(u.Scheme == "http" && local(u)) {
			return jurat.Errorf(jurat.Invalid, "the %s of the single sign-on must be an https address, not %q", what, address)
		}
	}
	if s.Client == "" {
		return jurat.Errorf(jurat.Invalid, "the single sign-on needs the id this counter has there")
	}
	return nil
}

func newProvider(s SignOn) (*provider, error) {
	if err := s.Check(); err != nil {
		return nil, err
	}
	if s.Name == "" {
		issuer, err := url.Parse(s.Issuer)
		if err != nil {
			return nil, err
		}
		s.Name = issuer.Host
	}
	// Nobody is followed elsewhere: the secret is for the issuer's own addresses.
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &provider{SignOn: s, client: &http.Client{Timeout: signOnLimit, Transport: short{http.DefaultTransport}, CheckRedirect: stay}}, nil
}

// SignOnLasts is how long a single sign-on's answer is waited for.
const SignOnLasts = askLasts

// discover finds the provider's addresses and keys. Unavailable with
// [ErrNoSignOn]: it does not answer, or not as itself; it is asked again the
// next time.
func (p *provider) discover(ctx context.Context) (*oidc.Provider, oauth2.Config, error) {
	p.mu.Lock()
	found, under := p.found, p.under
	if found == nil && under == nil {
		under = &discovery{done: make(chan struct{})}
		p.under = under
		go p.look(context.WithoutCancel(ctx), under)
	}
	p.mu.Unlock()
	if found == nil {
		select {
		case <-under.done:
		case <-ctx.Done():
			return nil, oauth2.Config{}, noSignOn(context.Cause(ctx))
		}
		if found = under.found; found == nil {
			return nil, oauth2.Config{}, noSignOn(under.err)
		}
	}
	return found, oauth2.Config{ClientID: p.Client, ClientSecret: p.Secret, RedirectURL: p.Redirect, Endpoint: found.Endpoint(), Scopes: []string{oidc.ScopeOpenID}}, nil
}

// look asks the provider who it is.
func (p *provider) look(ctx context.Context, d *discovery) {
	ctx, stop := context.WithTimeout(oidc.ClientContext(ctx, p.client), signOnLimit)
	defer stop()
	d.found, d.err = oidc.NewProvider(ctx, p.Issuer)
	p.mu.Lock()
	p.found, p.under = d.found, nil
	p.mu.Unlock()
	close(d.done)
}

// ErrNoSignOn is the cause of an Unavailable when the single sign-on does not
// answer, or not as it should: every other way in still works.
var ErrNoSignOn = errors.New("the single sign-on does not answer")

func noSignOn(cause error) error {
	return jurat.Because(jurat.Unavailable, errors.Join(ErrNoSignOn, cause), "The single sign-on does not answer. Sign in another way, or try again")
}

// SignOn is the name people know the single sign-on by, and its issuer; both
// empty when none is configured.
func (p *Porter) SignOn() (name, issuer string) {
	if p.signOn == nil {
		return "", ""
	}
	return p.signOn.Name, p.signOn.Issuer
}

// askSignOn is what a question to a single sign-on is kept as.
const askSignOn = "sign-on"

// A question is what was asked of a single sign-on, until its answer comes.
// What it holds opens nothing without the browser that asked.
type question struct {
	Nonce    string `json:"nonce"`
	Verifier []byte `json:"verifier"` // sealed: it proves that the answer is to this question (PKCE)
	Browser  []byte `json:"browser"`  // hash of what only the browser has
}

// AskSignOn begins a single sign-on: the browser is sent to address, and keeps
// cookie until its answer comes, so that nobody can be made to answer in
// another's browser. Conflict: none is configured. Unavailable with
// [ErrNoSignOn].
func (p *Porter) AskSignOn(ctx context.Context, at time.Time) (address, cookie string, err error) {
	if p.signOn == nil {
		return "", "", jurat.Errorf(jurat.Conflict, "No single sign-on is set up here")
	}
	_, config, err := p.signOn.discover(ctx)
	if err != nil {
		return "", "", err
	}
	state, nonce, verifier, cookie := randomText(18), randomText(18), oauth2.GenerateVerifier(), randomText(32)
	body, err := json.Marshal(question{Nonce: nonce, Verifier: p.sealer.Seal(nil, nil, []byte(verifier), []byte(state)), Browser: p.hashed("browser", cookie)})
	if err != nil {
		return "", "", err
	}
	err = p.register.Write(ctx, func(tx *register.Tx) error {
		// Anybody may ask: what was asked before and never answered goes.
		if err := sweepLogin(tx, jurat.At(at)); err != nil {
			return err
		}
		return tx.PutCeremony(state, askSignOn, string(body), jurat.At(at).Add(askLasts))
	})
	return config.AuthCodeURL(state, oidc.Nonce(nonce), oauth2.S256ChallengeOption(verifier)), cookie, err
}

// ComeBySignOn lets in whom the single sign-on's answer names, if an
// administrator said who that is here. State and code are of the answer's
// address, cookie is [Porter.AskSignOn]'s; an answer without a code is a
// refusal of the sign-on's own. The session is not fresh: what lets somebody in
// elsewhere makes no credentials here and signs nothing, so that who may sign
// never rests on another system. Forbidden, by one sentence: it is not right,
// or nobody here. Unavailable with a [Wait], or with [ErrNoSignOn]: try again.
func (p *Porter) ComeBySignOn(ctx context.Context, at time.Time, source, cookie, state, code string) (Token, Session, error) {
	at = jurat.At(at)
	if p.signOn == nil {
		return "", Session{}, jurat.Errorf(jurat.Conflict, "No single sign-on is set up here")
	}
	t, err := p.begin(ctx, at, source, "")
	if err != nil {
		return "", Session{}, err
	}
	subject, err := p.vouched(ctx, at, cookie, state, code)
	if errors.Is(err, jurat.NotFound) {
		return "", Session{}, p.turnAway(ctx, at, "", "sign-on")
	}
	if errors.Is(err, ErrNoSignOn) { // nobody guessed: it counts for nothing
		return "", Session{}, errors.Join(err, p.register.Write(ctx, func(tx *register.Tx) error { return t.passed(tx, at) }))
	}
	if err != nil {
		return "", Session{}, err
	}
	var token Token
	var s Session
	var known jurat.PersonID
	err = p.register.Write(ctx, func(tx *register.Tx) error {
		known = ""
		row, err := tx.SignOn(p.signOn.Issuer, subject)
		if err != nil {
			return err
		}
		known = row.Person
		who, err := person(tx, row.Person)
		if err != nil {
			return err
		}
		if err := t.passed(tx, at); err != nil {
			return err
		}
		token, s, err = enter(tx, at, who, BySignOn, false)
		return err
	})
	if errors.Is(err, jurat.NotFound) {
		return "", Session{}, p.turnAway(ctx, at, known, "sign-on-nobody")
	}
	if err != nil {
		return "", Session{}, err
	}
	return p.entered(ctx, at, token, s)
}

// vouched is the subject an answer names. NotFound: the answer is not right.
func (p *Porter) vouched(ctx context.Context, at time.Time, cookie, state, code string) (string, error) {
	var q question
	err := p.register.Write(ctx, func(tx *register.Tx) error {
		q = question{}
		body, err := tx.TakeCeremony(state, askSignOn, at)
		if err == nil {
			err = json.Unmarshal([]byte(body), &q)
		}
		return err
	})
	if err != nil {
		return "", err
	}
	if subtle.ConstantTimeCompare(q.Browser, p.hashed("browser", cookie)) != 1 {
		return "", notRight(nil)
	}
	if code == "" {
		return "", notRight(nil)
	}
	verifier, err := p.sealer.Open(nil, nil, q.Verifier, []byte(state))
	if err != nil {
		return "", jurat.Because(jurat.Unavailable, err, "the session key does not open what was asked of the single sign-on")
	}
	found, config, err := p.signOn.discover(ctx)
	if err != nil {
		return "", err
	}
	ctx = oidc.ClientContext(ctx, p.signOn.client)
	answer, err := config.Exchange(ctx, code, oauth2.VerifierOption(string(verifier)))
	if refusal, ok := errors.AsType[*oauth2.RetrieveError](err); ok {
		if refusal.ErrorCode == "invalid_client" || refusal.ErrorCode == "unauthorized_client" {
			// What it says may quote what it was sent, which stays out of the log.
			return "", noSignOn(fmt.Errorf("it refuses this counter (%s): are the client id and its secret right?", refusal.ErrorCode))
		}
		if refusal.Response.StatusCode < http.StatusInternalServerError {
			return "", notRight(nil)
		}
		return "", noSignOn(fmt.Errorf("it answers with status %d", refusal.Response.StatusCode))
	}
	if err != nil {
		return "", noSignOn(err)
	}
	raw, ok := answer.Extra("id_token").(string)
	if !ok {
		return "", notRight(nil)
	}
	id, err := found.Verifier(&oidc.Config{ClientID: p.signOn.Client, Now: func() time.Time { return at }}).Verify(ctx, raw)
	if err != nil || subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(q.Nonce)) != 1 || id.Subject == "" {
		return "", notRight(nil)
	}
	return id.Subject, nil
}

package main

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/login"
	"jurat/internal/web"
)

// signOnSettings is the table signon: a single sign-on by OpenID Connect. Empty:
// there is none.
type signOnSettings struct {
	Name   string `toml:"name,omitempty"`   // as people call it
	Issuer string `toml:"issuer,omitempty"` // https://…, as its tokens name it
	Client string `toml:"client,omitempty"` // the id this counter has there
	Secret string `toml:"secret,omitempty"` // the file with the secret; beside the keys, if no whole path
}

// signOnSecretFile is where the secret lies when the settings do not say.
const signOnSecretFile = "signon.secret"

// mostSecret is how long a secret may be: what is longer is another file.
const mostSecret = 4096

// signOn is the single sign-on the settings name, for a counter that people
// reach at site; nil: none. Without a secret file named and none beside the keys
// the counter is a public client. Unavailable: the file cannot be read, or others on this machine can.
func (s settings) signOn(site string) (*login.SignOn, error) {
	if s.SignOn == (signOnSettings{}) {
		return nil, nil
	}
	file := cmp.Or(s.SignOn.Secret, signOnSecretFile)
	if !filepath.IsAbs(file) {
		file = filepath.Join(s.Keys, file)
	}
	secret, err := readSecret(file)
	if errors.Is(err, os.ErrNotExist) && s.SignOn.Secret == "" {
		secret, err = "", nil
	}
	if err != nil {
		return nil, err
	}
	on := &login.SignOn{Name: s.SignOn.Name, Issuer: s.SignOn.Issuer, Client: s.SignOn.Client, Secret: secret, Redirect: strings.TrimSuffix(site, "/") + web.SignOnAnswer}
	return on, on.Check()
}

// readSecret reads a file that only its owner may read. What is in it stands in
// no error.
func readSecret(file string) (string, error) {
	info, err := os.Stat(file)
	if err != nil {
		return "", jurat.Because(jurat.Unavailable, err, "read the secret of the single sign-on")
	}
	if info.Mode().Perm()&0o077 != 0 {
		return "", jurat.Errorf(jurat.Unavailable, "others on this machine can read %s, the secret of the single sign-on; chmod 600 it", file)
	}
	if !info.Mode().IsRegular() || info.Size() > mostSecret {
		return "", jurat.Errorf(jurat.Unavailable, "%s is not the secret of a single sign-on: it has at most %d bytes", file, mostSecret)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return "", jurat.Because(jurat.Unavailable, err, "read the secret of the single sign-on")
	}
	secret := strings.TrimSpace(string(text))
	if secret == "" || strings.ContainsAny(secret, "\r\n\x00") {
		return "", jurat.Errorf(jurat.Unavailable, "%s must hold the secret of the single sign-on on one line", file)
	}
	return secret, nil
}

// lookAtSignOn says whether the settings of a single sign-on can be read. It
// asks nobody: that it answers is seen at the first sign-in.
func (h *house) lookAtSignOn() []sign {
	on, err := h.settings.signOn("https://counter.invalid")
	switch {
	case err != nil:
		return []sign{{"sign-on", "warning", err.Error() + ": nobody signs in with it, and jurat serve does not start", "outbound_unread", ""}}
	case on == nil:
		return nil
	case on.Secret == "":
		return []sign{{"sign-on", "warning", on.Issuer + ", without a secret: whoever has its client id can ask in this counter's name", "outbound_no_secret", on.Issuer}}
	}
	return []sign{{"sign-on", "well", on.Issuer + ", as " + on.Client + "; its secret is readable by its owner alone", "outbound_sign_on", on.Issuer}}
}

type personSignOn struct {
	Add  signOnAdd  `cmd:"" help:"Say who somebody the single sign-on knows is here."`
	Drop signOnDrop `cmd:"" help:"Take that back, and end the person's sessions."`
	List signOnList `cmd:"" help:"List who is said to be whom there."`
}

type signOnAdd struct {
	ID      jurat.PersonID `arg:"" name:"person" help:"Who it is here."`
	Subject string         `arg:"" help:"What the single sign-on calls them: the subject of its tokens."`
	Issuer  string         `placeholder:"URL" help:"Which single sign-on; the one in jurat.toml when not given."`
}

func (signOnAdd) Help() string {
	return "Example:\n  jurat person sign-on add officer-4471 00u1abcd --as administrator-1\n\nWhom the single sign-on vouches for comes in as that person. It lets nobody sign: that takes their passkey or key file."
}

func (v *signOnAdd) Run(ctx context.Context, c *call) error {
	return c.visit(ctx, func(at visit) error {
		issuer, err := at.issuer(v.Issuer)
		if err == nil {
			err = at.desk.AddSignOn(ctx, at.who, at.now(), v.ID, issuer, v.Subject)
		}
		if err != nil {
			return err
		}
		return c.either(map[string]any{"person": v.ID, "issuer": issuer, "subject": v.Subject}, "%s is %s at %s", v.ID, v.Subject, issuer)
	})
}

type signOnDrop struct {
	ID      jurat.PersonID `arg:"" name:"person" help:"Who it was here."`
	Subject string         `arg:"" help:"What the single sign-on calls them."`
	Issuer  string         `placeholder:"URL" help:"Which single sign-on; the one in jurat.toml when not given."`
}

func (signOnDrop) Help() string {
	return "Example:\n  jurat person sign-on drop officer-4471 00u1abcd --as administrator-1"
}

func (v *signOnDrop) Run(ctx context.Context, c *call) error {
	return c.visit(ctx, func(at visit) error {
		issuer, err := at.issuer(v.Issuer)
		if err == nil {
			err = at.desk.DropSignOn(ctx, at.who, at.now(), v.ID, issuer, v.Subject)
		}
		if err != nil {
			return err
		}
		return c.either(map[string]any{"person": v.ID, "issuer": issuer, "subject": v.Subject}, "%s no longer comes in as %s at %s, and their sessions are over", v.ID, v.Subject, issuer)
	})
}

type signOnList struct{}

func (signOnList) Help() string { return "Example:\n  jurat person sign-on list --json" }

func (v *signOnList) Run(ctx context.Context, c *call) error {
	return list(ctx, c, func(s desk.SignOn) error {
		return c.either(s, "%-24s %-32s %s", s.Person, s.Subject, s.Issuer)
	}, func(at visit) ([]desk.SignOn, error) { return at.desk.SignOns(ctx, at.who, at.now()) })
}

// issuer is the one named, or that of the settings.
func (h *house) issuer(named string) (string, error) {
	issuer := cmp.Or(named, h.settings.SignOn.Issuer)
	if u, err := url.Parse(issuer); issuer == "" || err != nil || u.Host == "" {
		return "", jurat.Errorf(jurat.Invalid, "say which single sign-on: issuer under signon in %s, or --issuer URL", settingsFile)
	}
	return issuer, nil
}

package login

import (
	"encoding/base64"
	"errors"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"jurat"
	"jurat/internal/register"
)

// An answer is what a browser said with a passkey, and what came of it. A
// wrong one is no error of the transaction that looked at it: the ask it
// answered stays used up, and a copied passkey stays marked.
type answer struct {
	p      *Porter
	parsed *protocol.ParsedCredentialAssertionData // nil: it was none

	who jurat.Person        // whose passkey it is; zero: nobody's
	key register.PasskeyRow // which
	why string              // empty: it is right
}

// hear reads a browser's answer.
func (p *Porter) hear(text []byte) *answer {
	parsed, err := protocol.ParseCredentialRequestResponseBytes(text)
	if err != nil {
		parsed = nil
	}
	return &answer{p: p, parsed: parsed}
}

// reset forgets what an earlier run of the transaction found.
func (a *answer) reset() { a.who, a.key, a.why = jurat.Person{}, register.PasskeyRow{}, "" }

// wrongIf makes NotFound a wrong answer and leaves other errors be.
func (a *answer) wrongIf(err error) error {
	if errors.Is(err, jurat.NotFound) {
		a.why = "passkey"
		return nil
	}
	return err
}

// byAnybody checks an answer of whoever has the passkey.
func (a *answer) byAnybody(tx *register.Tx, at time.Time, session webauthn.SessionData) error {
	b, err := a.find(tx)
	if err != nil || a.why != "" {
		return err
	}
	_, c, err := a.p.passkeys.ValidatePasskeyLogin(func(_, _ []byte) (webauthn.User, error) { return b, nil }, session, a.parsed)
	return a.count(tx, at, c, err)
}

// by checks an answer of a person.
func (a *answer) by(tx *register.Tx, at time.Time, who jurat.PersonID, session webauthn.SessionData) error {
	b, err := a.find(tx)
	if err != nil || a.why != "" {
		return err
	}
	if b.who.ID != who {
		a.why = "passkey"
		return nil
	}
	c, err := a.p.passkeys.ValidateLogin(b, session, a.parsed)
	return a.count(tx, at, c, err)
}

// find looks up whose passkey answered.
func (a *answer) find(tx *register.Tx) (bearer, error) {
	if a.parsed == nil {
		a.why = "passkey"
		return bearer{}, nil
	}
	key, err := tx.Passkey(base64.RawURLEncoding.EncodeToString(a.parsed.RawID))
	if err != nil {
		return bearer{}, a.wrongIf(err)
	}
	b, err := a.p.bearer(tx, key.Person)
	if err != nil {
		return bearer{}, a.wrongIf(err)
	}
	a.who, a.key = b.who, key
	if !key.Copied.IsZero() {
		a.why = "copied"
	}
	return b, nil
}

// count keeps what a right answer says of its passkey. A counter that did not
// grow is a passkey that is in two places: it lets nobody in from then on, and
// the person removes it.
func (a *answer) count(tx *register.Tx, at time.Time, c *webauthn.Credential, wrong error) error {
	if wrong != nil {
		a.why = "passkey"
		return nil
	}
	if c.Authenticator.CloneWarning {
		a.why, a.key.Copied = "copied", at
		return tx.SetPasskey(a.key)
	}
	a.key.Signs, a.key.Flags, a.key.Used = int64(c.Authenticator.SignCount), int64(c.Flags.ProtocolValue()), at
	return tx.SetPasskey(a.key)
}

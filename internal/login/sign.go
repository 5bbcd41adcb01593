package login

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/go-webauthn/webauthn/webauthn"

	"jurat"
	"jurat/format"
	"jurat/internal/register"
)

// AskSignature asks whoever shows the token to sign an act with a passkey of
// theirs: challenge is the desk's. The answer goes to [Porter.Sign].
func (p *Porter) AskSignature(ctx context.Context, at time.Time, token Token, challenge [32]byte) (Ask, error) {
	if err := p.offered(); err != nil {
		return Ask{}, err
	}
	var b bearer
	err := p.register.Read(ctx, func(tx *register.Tx) error {
		s, err := working(tx, jurat.At(at), token)
		if err != nil {
			return err
		}
		b, err = p.bearer(tx, s.Person)
		return err
	})
	if err != nil {
		return Ask{}, err
	}
	if len(b.WebAuthnCredentials()) == 0 {
		return Ask{}, jurat.Errorf(jurat.Conflict, "You have no passkey to sign with. Make one, or use your key file")
	}
	options, _, err := p.passkeys.BeginLogin(b, webauthn.WithChallenge(challenge[:]))
	if err != nil {
		return Ask{}, err
	}
	text, err := json.Marshal(options)
	return Ask{Options: text}, err
}

// Sign makes the proof of an act from the browser's answer to
// [Porter.AskSignature]. The desk checks it again, with the key on the record.
// Forbidden: it is not by a passkey of whoever shows the token, over this
// challenge.
func (p *Porter) Sign(ctx context.Context, at time.Time, token Token, challenge [32]byte, text []byte) (*format.Proof, error) {
	at = jurat.At(at)
	if err := p.offered(); err != nil {
		return nil, err
	}
	a := p.hear(text)
	var proof *format.Proof
	err := p.register.Write(ctx, func(tx *register.Tx) error {
		a.reset()
		proof = nil
		s, err := working(tx, at, token)
		if err != nil {
			return err
		}
		b, err := p.bearer(tx, s.Person)
		if err != nil {
			return err
		}
		_, session, err := p.passkeys.BeginLogin(b, webauthn.WithChallenge(challenge[:]))
		if err != nil {
			return a.wrongIf(jurat.NotFound) // they have no passkey
		}
		if err := a.by(tx, at, s.Person, *session); err != nil || a.why != "" {
			return err
		}
		key, err := passkeyOf(a.key)
		if err != nil {
			return err
		}
		raw := a.parsed.Raw.AssertionResponse
		proof = format.NewPasskeyProof(s.Person, key.Key, format.Assertion{AuthenticatorData: raw.AuthenticatorData, ClientData: raw.ClientDataJSON}, raw.Signature)
		_, err = again(tx, at, token, s)
		return err
	})
	if err == nil && a.why != "" {
		if err := p.turnAway(ctx, at, a.who.ID, a.why); !errors.Is(err, jurat.Forbidden) {
			return nil, err
		}
		return nil, jurat.Errorf(jurat.Forbidden, "Not signed, nothing changed. Try the passkey again, or use a key file")
	}
	return proof, err
}

// working is [Porter.Session] within a transaction.
func working(tx *register.Tx, at time.Time, token Token) (Session, error) {
	s, err := in(tx, at, token)
	switch {
	case err != nil:
		return s, err
	case s.Locked:
		return s, locked()
	case s.Setup:
		return s, onlySetup()
	}
	return s, nil
}

// A Proof is a person's signature of an act.
type Proof = format.Proof

// ReadProof reads the signature that a key file made elsewhere ([Key.Sign]), as
// jurat person sign prints it. Invalid: it is none.
func ReadProof(text []byte) (*Proof, error) { return format.ParseProof(text) }

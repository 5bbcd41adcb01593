package login

import (
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/protocol/webauthncose"
	"github.com/go-webauthn/webauthn/webauthn"

	"jurat"
	"jurat/format"
	"jurat/internal/register"
)

// An Ask is a question for the browser: Options is what its script hands to
// PublicKeyCredential.parse…OptionsFromJSON, under the member publicKey. ID
// comes back with the answer; it is good once, for a while.
type Ask struct {
	ID      string          `json:"id,omitempty"`
	Options json.RawMessage `json:"options"`
}

// askLasts is how long an ask waits for its answer.
const askLasts = 5 * time.Minute

// What an ask is for.
const (
	askIn    = "passkey.in"
	askAgain = "passkey.again"
	askNew   = "passkey.new"
)

// relyingParty readies the library for a site. A passkey is kept by the
// authenticator under the person's handle, and asks for a PIN or a finger
// each time.
func relyingParty(s Site) (*webauthn.WebAuthn, error) {
	name := s.Name
	if name == "" {
		name = "Jurat"
	}
	required := true
	w, err := webauthn.New(&webauthn.Config{
		RPID: s.RP, RPDisplayName: name, RPOrigins: s.Origins,
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, RequireResidentKey: &required, UserVerification: protocol.VerificationRequired,
		},
		ExtensionsUnsolicitedOutputPolicy: protocol.UnsolicitedOutputPolicyIgnore,
	})
	if err != nil {
		return nil, jurat.Because(jurat.Invalid, err, "passkeys cannot be used at %s", s.RP)
	}
	return w, nil
}

// A bearer is a person as the library wants one.
type bearer struct {
	who  jurat.Person
	rp   string
	keys []register.PasskeyRow
}

// WebAuthnID is the person's handle: it tells an authenticator nothing, and is
// the same as long as the relying party is.
func (b bearer) WebAuthnID() []byte {
	sum := sha256.Sum256([]byte("jurat person\x00" + b.rp + "\x00" + string(b.who.ID)))
	return sum[:]
}
func (b bearer) WebAuthnName() string        { return string(b.who.ID) }
func (b bearer) WebAuthnDisplayName() string { return b.who.Label }
func (b bearer) WebAuthnCredentials() []webauthn.Credential {
	all := make([]webauthn.Credential, 0, len(b.keys))
	for _, k := range b.keys {
		id, err := base64.RawURLEncoding.DecodeString(k.ID)
		if err != nil || !k.Copied.IsZero() {
			continue
		}
		c := webauthn.Credential{ID: id, PublicKey: k.COSE, Flags: webauthn.NewCredentialFlags(protocol.AuthenticatorFlags(k.Flags))}
		c.Authenticator.SignCount = uint32(k.Signs)
		all = append(all, c)
	}
	return all
}

// bearer is a person with their passkeys, as this transaction sees them.
func (p *Porter) bearer(tx *register.Tx, id jurat.PersonID) (bearer, error) {
	who, err := person(tx, id)
	if err != nil {
		return bearer{}, err
	}
	keys, err := tx.Passkeys(id)
	return bearer{who, p.site.RP, keys}, err
}

// offered says that passkeys cannot be used here.
func (p *Porter) offered() error {
	if p.passkeys == nil {
		return jurat.Errorf(jurat.Conflict, "Passkeys need HTTPS or this machine itself. Here, use your password and code, and your key file to sign")
	}
	return nil
}

// keep writes an ask down until its answer comes.
func keep(tx *register.Tx, at time.Time, kind string, session *webauthn.SessionData, options any) (Ask, error) {
	body, err := json.Marshal(session)
	if err != nil {
		return Ask{}, err
	}
	text, err := json.Marshal(options)
	if err != nil {
		return Ask{}, err
	}
	ask := Ask{ID: randomText(18), Options: text}
	return ask, tx.PutCeremony(ask.ID, kind, string(body), at.Add(askLasts))
}

// taken is what was kept of an ask. NotFound: it was answered, or is too old.
func taken(tx *register.Tx, at time.Time, kind, id string) (webauthn.SessionData, error) {
	var session webauthn.SessionData
	body, err := tx.TakeCeremony(id, kind, at)
	if err == nil {
		err = json.Unmarshal([]byte(body), &session)
	}
	return session, err
}

// AskPasskey asks for a passkey of whoever is there.
func (p *Porter) AskPasskey(ctx context.Context, at time.Time) (ask Ask, err error) {
	if err := p.offered(); err != nil {
		return ask, err
	}
	options, session, err := p.passkeys.BeginDiscoverableLogin()
	if err != nil {
		return ask, err
	}
	at = jurat.At(at)
	err = p.register.Write(ctx, func(tx *register.Tx) (err error) {
		// Anybody may ask: what was asked before and never answered goes.
		if err := sweepLogin(tx, at); err != nil {
			return err
		}
		ask, err = keep(tx, at, askIn, session, options)
		return err
	})
	return ask, err
}

// ComeByPasskey lets in whoever a browser's answer is of: the JSON of
// PublicKeyCredential. Forbidden: it is nobody's, or not to this ask, or the
// passkey seems to have been copied. Unavailable with a [Wait].
func (p *Porter) ComeByPasskey(ctx context.Context, at time.Time, source, ask string, answer []byte) (Token, Session, error) {
	at = jurat.At(at)
	if err := p.offered(); err != nil {
		return "", Session{}, err
	}
	t, err := p.begin(ctx, at, source, "")
	if err != nil {
		return "", Session{}, err
	}
	var token Token
	var s Session
	a := p.hear(answer)
	err = p.register.Write(ctx, func(tx *register.Tx) error {
		a.reset()
		session, err := taken(tx, at, askIn, ask)
		if err != nil {
			return a.wrongIf(err)
		}
		if err := a.byAnybody(tx, at, session); err != nil || a.why != "" {
			return err
		}
		if err := t.passed(tx, at); err != nil {
			return err
		}
		token, s, err = enter(tx, at, a.who, ByPasskey, false)
		return err
	})
	if err == nil && a.why != "" {
		return "", Session{}, p.turnAway(ctx, at, a.who.ID, a.why)
	}
	if err != nil {
		return "", Session{}, err
	}
	return p.entered(ctx, at, token, s)
}

// AskAgain asks whoever shows the token for a passkey of theirs, to show once
// more who they are or to open a locked session.
func (p *Porter) AskAgain(ctx context.Context, at time.Time, token Token) (ask Ask, err error) {
	at = jurat.At(at)
	if err := p.offered(); err != nil {
		return ask, err
	}
	err = p.register.Write(ctx, func(tx *register.Tx) error {
		s, err := in(tx, at, token)
		if err != nil {
			return err
		}
		b, err := p.bearer(tx, s.Person)
		if err != nil {
			return err
		}
		if len(b.WebAuthnCredentials()) == 0 {
			return jurat.Errorf(jurat.Conflict, "You have no passkey. Use a code of your generator")
		}
		options, session, err := p.passkeys.BeginLogin(b)
		if err != nil {
			return err
		}
		ask, err = keep(tx, at, askAgain, session, options)
		return err
	})
	return ask, err
}

// AgainByPasskey is whoever shows the token once more, by a passkey of theirs.
// It opens a locked session. Forbidden: it is not right.
func (p *Porter) AgainByPasskey(ctx context.Context, at time.Time, source string, token Token, ask string, answer []byte) (Session, error) {
	at = jurat.At(at)
	if err := p.offered(); err != nil {
		return Session{}, err
	}
	t, err := p.begin(ctx, at, source, "")
	if err != nil {
		return Session{}, err
	}
	var s Session
	a := p.hear(answer)
	err = p.register.Write(ctx, func(tx *register.Tx) (err error) {
		a.reset()
		if s, err = in(tx, at, token); err != nil {
			return err
		}
		session, err := taken(tx, at, askAgain, ask)
		if err != nil {
			return a.wrongIf(err)
		}
		if err := a.by(tx, at, s.Person, session); err != nil || a.why != "" {
			return err
		}
		if err := t.passed(tx, at); err != nil {
			return err
		}
		s, err = again(tx, at, token, s)
		return err
	})
	if err == nil && a.why != "" {
		return s, p.turnAway(ctx, at, a.who.ID, a.why)
	}
	return s, err
}

// AskNewPasskey asks the browser to make a passkey for whoever shows the token.
func (p *Porter) AskNewPasskey(ctx context.Context, at time.Time, token Token) (ask Ask, err error) {
	at = jurat.At(at)
	if err := p.offered(); err != nil {
		return ask, err
	}
	err = p.register.Write(ctx, func(tx *register.Tx) error {
		s, err := fresh(tx, at, token)
		if err != nil {
			return err
		}
		b, err := p.bearer(tx, s.Person)
		if err != nil {
			return err
		}
		var have []protocol.CredentialDescriptor
		for _, c := range b.WebAuthnCredentials() {
			have = append(have, c.Descriptor())
		}
		options, session, err := p.passkeys.BeginRegistration(b, webauthn.WithExclusions(have), webauthn.WithCredentialParameters([]protocol.CredentialParameter{
			{Type: protocol.PublicKeyCredentialType, Algorithm: webauthncose.AlgES256},
			{Type: protocol.PublicKeyCredentialType, Algorithm: webauthncose.AlgEdDSA},
		}))
		if err != nil {
			return err
		}
		ask, err = keep(tx, at, askNew, session, options)
		return err
	})
	return ask, err
}

// A Step is done within a transaction: what a person comes in by changes in it
// together with what the record says of them, or neither does. It is the caller's to
// give to the desk, or to [Porter.Take].
type Step = func(*register.Tx) error

// Take takes a step that stands beside nothing on the record.
func (p *Porter) Take(ctx context.Context, s Step) error { return p.register.Write(ctx, s) }

// NewPasskey looks at the passkey a browser made, under a name of the person's own.
// It is theirs once the step was taken; acts can be signed with it when that was
// beside its Key on the record ([desk.Desk.AddKey]). Invalid: it is none, or not to
// this ask, or the name is empty or longer than 60 characters. The step gives
// Conflict: somebody has it already. An ask is answered once, whatever becomes of the
// step.
func (p *Porter) NewPasskey(ctx context.Context, at time.Time, token Token, ask, name string, answer []byte) (Passkey, Step, error) {
	at = jurat.At(at)
	if err := p.offered(); err != nil {
		return Passkey{}, nil, err
	}
	name, err := passkeyName(name)
	if err != nil {
		return Passkey{}, nil, err
	}
	made, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return Passkey{}, nil, jurat.Because(jurat.Invalid, err, "This is no passkey")
	}
	var row register.PasskeyRow
	err = p.register.Write(ctx, func(tx *register.Tx) error {
		s, err := fresh(tx, at, token)
		if err != nil {
			return err
		}
		session, err := taken(tx, at, askNew, ask)
		if errors.Is(err, jurat.NotFound) {
			return jurat.Errorf(jurat.Invalid, "The passkey took too long. Begin again")
		}
		if err != nil {
			return err
		}
		b, err := p.bearer(tx, s.Person)
		if err != nil {
			return err
		}
		c, err := p.passkeys.CreateCredential(b, session, made)
		if err != nil {
			return jurat.Because(jurat.Invalid, err, "This passkey cannot be used here")
		}
		key, err := publicKey(c.PublicKey, p.site.RP)
		if err != nil {
			return err
		}
		jwk, err := json.Marshal(key)
		if err != nil {
			return err
		}
		row = register.PasskeyRow{
			ID: base64.RawURLEncoding.EncodeToString(c.ID), Person: s.Person, Name: name, COSE: c.PublicKey, JWK: string(jwk),
			Signs: int64(c.Authenticator.SignCount), Flags: int64(c.Flags.ProtocolValue()), Added: at,
		}
		return nil
	})
	if err != nil {
		return Passkey{}, nil, err
	}
	added, err := passkeyOf(row)
	return added, func(tx *register.Tx) error {
		if _, err := fresh(tx, at, token); err != nil { // its session may have ended since
			return err
		}
		if _, err := tx.Passkey(row.ID); err == nil {
			return jurat.Errorf(jurat.Conflict, "This passkey is in use already")
		} else if !errors.Is(err, jurat.NotFound) {
			return err
		}
		return tx.PutPasskey(row)
	}, err
}

func passkeyName(name string) (string, error) {
	if name = strings.TrimSpace(name); name == "" || len([]rune(name)) > 60 {
		return "", jurat.Errorf(jurat.Invalid, "Give the passkey a name of up to 60 characters, such as \"Station key\"")
	}
	return name, nil
}

// publicKey is an authenticator's key as the record has it.
func publicKey(cose []byte, rp string) (format.PersonKey, error) {
	parsed, err := webauthncose.ParsePublicKey(cose)
	if err != nil {
		return format.PersonKey{}, jurat.Because(jurat.Invalid, err, "This passkey's key cannot be read")
	}
	switch k := parsed.(type) {
	case webauthncose.EC2PublicKeyData:
		pub, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), append(append([]byte{4}, k.XCoord...), k.YCoord...))
		if err != nil {
			return format.PersonKey{}, jurat.Because(jurat.Invalid, err, "This passkey's key cannot be read")
		}
		return format.NewPasskey(pub, rp)
	case webauthncose.OKPPublicKeyData:
		return format.NewPasskey(ed25519.PublicKey(k.XCoord), rp)
	}
	return format.PersonKey{}, jurat.Errorf(jurat.Invalid, "This passkey's key is of a kind no act is signed with")
}

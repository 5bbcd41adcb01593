package login

import (
	"context"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/go-webauthn/webauthn/webauthn"

	"jurat"
	"jurat/internal/register"
)

// Doors are what a porter works with.
type Doors struct {
	Register *register.Register
	Key      []byte // the session key, 32 bytes
	Site     Site
	SignOn   *SignOn // nil: none
	// Note puts a refusal in the security journal: a person the record knows or
	// nobody, and a word for why. [desk.Desk.TurnedAway] is one.
	Note func(ctx context.Context, at time.Time, person jurat.PersonID, why string) error
	// Came puts in the journal that somebody came in, and by what method.
	// [desk.Desk.CameIn] is one.
	Came func(ctx context.Context, at time.Time, person jurat.PersonID, method string) error
	// Made and Ended put in the journal that somebody made a token for a program,
	// or ended one, by its id. [desk.Desk.TokenMade] and [desk.Desk.TokenEnded]
	// are such.
	Made, Ended func(ctx context.Context, at time.Time, person jurat.PersonID, id string) error
	// Welcome puts the first administrator on the record, when they follow the
	// link that came with it ([desk.Desk.Welcome]).
	Welcome func(ctx context.Context, at time.Time, person jurat.PersonID) error
}

// A Site is where the counter is. Without an RP nobody can use a passkey.
type Site struct {
	Name    string   // the office's, which a person sees beside their passkey
	RP      string   // the relying party: a domain, such as records.example.gov
	Origins []string // where its pages are, such as https://records.example.gov
}

// A Porter lets persons in. This is how a counter uses it.
//
// It is safe for many goroutines, and takes the time as an argument. A source is where a request came from, such as an address: it
// is counted, never stored. A [Token] goes into a cookie and nowhere else.
//
// Coming in: [Porter.AskPasskey] and [Porter.ComeByPasskey];
// [Porter.ComeByPassword] with a code; [Porter.AskSignOn] and
// [Porter.ComeBySignOn]; [Porter.ComeByRecovery] and
// [Porter.ComeByLink], whose sessions are only for making credentials until
// [Porter.Settle].
// Being in: [Porter.Session] for every page of work, [Porter.Newcomer] for
// /me and /setup, [Porter.Sessions], [Porter.EndSession], [Porter.EndOthers],
// [Porter.Leave].
// Showing again who one is, which also opens a locked session:
// [Porter.AskAgain] and [Porter.AgainByPasskey], or [Porter.AgainByCode].
// What one has: [Porter.Means], [Porter.AskNewPasskey] and
// [Porter.AddPasskey], [Porter.RenamePasskey], [Porter.RemovePasskey],
// [Porter.SetPassword], [Porter.NewTOTP] and [Porter.ConfirmTOTP],
// [Porter.DropPassword], [Porter.NewRecovery].
// Programs of theirs: [Porter.NewAPIToken], [Porter.APITokens],
// [Porter.EndAPIToken]; a program is let in by [Porter.ByAPIToken], and what it
// asks is done once by [Porter.BeginAnswer] and [Porter.EndAnswer].
// Signing: [Porter.AskSignature] over a challenge of the desk, [Porter.Sign].
//
// Kinds of error: Forbidden with [ErrSignedOut], [ErrLocked], [ErrSetup] or
// [ErrStale] as its cause says what a page should ask for; Forbidden without
// one is "not right". Unavailable with a [*Wait] says until when. Invalid and
// Conflict are sentences to show beside the field.
type Porter struct {
	register *register.Register
	note     func(context.Context, time.Time, jurat.PersonID, string) error
	came     func(context.Context, time.Time, jurat.PersonID, string) error
	made     func(context.Context, time.Time, jurat.PersonID, string) error
	ended    func(context.Context, time.Time, jurat.PersonID, string) error
	welcome  func(context.Context, time.Time, jurat.PersonID) error
	sealer   cipher.AEAD
	mark     []byte // hashes what is counted, and recovery codes
	site     Site
	passkeys *webauthn.WebAuthn // nil: none at this site
	signOn   *provider          // nil: none
	cost     cost
	slots    chan struct{} // one for each password that is weighed at a time
}

// Open readies a porter. Invalid: a door is missing, the key is not 32 bytes, or
// the site or the sign-on is none. Nothing is asked of a sign-on before somebody uses it.
func Open(d Doors) (*Porter, error) {
	if len(d.Key) != 32 {
		return nil, jurat.Errorf(jurat.Invalid, "the session key must be 32 bytes, not %d", len(d.Key))
	}
	if d.Register == nil || d.Note == nil || d.Came == nil || d.Made == nil || d.Ended == nil || d.Welcome == nil {
		return nil, jurat.Errorf(jurat.Invalid, "a porter needs a register and a journal")
	}
	sub := make([][]byte, 2)
	for i, use := range []string{"jurat code generators", "jurat counts and codes"} {
		var err error
		if sub[i], err = hkdf.Key(sha256.New, d.Key, nil, use, 32); err != nil {
			return nil, err
		}
	}
	sealer, err := newSealer(sub[0])
	if err != nil {
		return nil, err
	}
	p := &Porter{register: d.Register, note: d.Note, came: d.Came, made: d.Made, ended: d.Ended, welcome: d.Welcome, sealer: sealer, mark: sub[1], site: d.Site, cost: costNow, slots: make(chan struct{}, mostWeighed)}
	if d.Site.RP != "" {
		if p.passkeys, err = relyingParty(d.Site); err != nil {
			return nil, err
		}
	}
	if d.SignOn != nil {
		if p.signOn, err = newProvider(*d.SignOn); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// Passkeys reports whether passkeys can be used here: they need HTTPS, or the
// machine itself.
func (p *Porter) Passkeys() bool { return p.passkeys != nil }

// What a page should ask for, as the cause of a Forbidden.
var (
	ErrSignedOut = errors.New("signed out")      // come in
	ErrLocked    = errors.New("locked")          // show again who you are; the draft is kept
	ErrSetup     = errors.New("only for set-up") // finish /setup
	ErrStale     = errors.New("not fresh")       // show again who you are, then repeat
)

// wrong is the one answer to whoever could not show who they are: it does not
// tell what was wrong.
func wrong() error {
	return jurat.Errorf(jurat.Forbidden, "This is not right. Check what you gave and try again; an administrator can give you a new link.")
}

// randomText is n random bytes in base64url.
func randomText(n int) string {
	b := make([]byte, n)
	rand.Read(b) // never fails
	return base64.RawURLEncoding.EncodeToString(b)
}

// hashed is a keyed hash of parts, for what nobody may read out of a row.
func (p *Porter) hashed(use string, parts ...string) []byte {
	h := hmac.New(sha256.New, p.mark)
	fmt.Fprintf(h, "%s", use)
	for _, part := range parts {
		fmt.Fprintf(h, "\x00%d\x00%s", len(part), part)
	}
	return h.Sum(nil)
}

// person reads somebody as the record has them now. NotFound: there is nobody
// of that name, or they are retired.
func person(tx *register.Tx, id jurat.PersonID) (jurat.Person, error) {
	row, err := tx.Item(jurat.Item{Noun: jurat.NounPerson, ID: jurat.ItemID(id)})
	if err != nil {
		return jurat.Person{}, err
	}
	var open jurat.OpenPart
	var who jurat.Person
	if err := json.Unmarshal(row.Open, &open); err != nil {
		return jurat.Person{}, fmt.Errorf("read person %s: %w", id, err)
	}
	if err := json.Unmarshal(open.Value, &who); err != nil {
		return jurat.Person{}, fmt.Errorf("read person %s: %w", id, err)
	}
	if !who.Retired.IsZero() {
		return jurat.Person{}, jurat.Errorf(jurat.NotFound, "%s is retired", id)
	}
	return who, nil
}

// named is person for a name somebody typed, which may be anything.
func named(tx *register.Tx, name string) (jurat.Person, error) {
	id, err := jurat.ParsePersonID(name)
	if err != nil {
		return jurat.Person{}, jurat.Errorf(jurat.NotFound, "this is nobody's name")
	}
	return person(tx, id)
}

// standing is what a session rests on: when a person's office, role or oath is
// another, what they began before is over.
func standing(p jurat.Person) string {
	oath := "unsworn"
	if p.Sworn {
		oath = "sworn"
	}
	return string(p.Office) + " " + string(p.Role) + " " + oath
}

// turnAway journals a refusal and gives the one answer.
func (p *Porter) turnAway(ctx context.Context, at time.Time, who jurat.PersonID, why string) error {
	if err := p.note(ctx, at, who, why); err != nil {
		return jurat.Because(jurat.Unavailable, err, "you were turned away, and it could not be journalled")
	}
	return wrong()
}

// entered journals who came in. Nobody is let in whose coming is not.
func (p *Porter) entered(ctx context.Context, at time.Time, token Token, s Session) (Token, Session, error) {
	if err := p.came(ctx, at, s.Person, string(s.Method)); err != nil {
		return "", Session{}, jurat.Because(jurat.Unavailable, err, "you could not be let in: it could not be journalled")
	}
	return token, s, nil
}

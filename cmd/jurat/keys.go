package main

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"filippo.io/age"

	"jurat"
	"jurat/format"
	"jurat/internal/durable"
	"jurat/internal/ledger"
)

// A keyring is the record's own keys, in its key folder, mode 0600: log,
// office, wrapping, duplicates, session and age.
type keyring struct {
	log        ledger.Key
	office     ed25519.PrivateKey
	wrapping   []byte
	duplicates []byte
	session    []byte // nil: of a record older than the counter, which makes it
	age        *age.X25519Identity
}

const (
	logKeyFile        = "log.key"
	officeKeyFile     = "office.key"
	wrappingKeyFile   = "wrapping.key"
	duplicatesKeyFile = "duplicates.key"
	sessionKeyFile    = "session.key"
	ageKeyFile        = "age.key"
)

// makeKeys writes fresh keys into an empty folder.
func makeKeys(folder, origin string) (keyring, error) {
	var k keyring
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return k, jurat.Because(jurat.Unavailable, err, "make the key folder")
	}
	key, secret, err := ledger.NewKey(origin, rand.Reader)
	if err != nil {
		return k, err
	}
	k.log = key
	if _, k.office, err = ed25519.GenerateKey(rand.Reader); err != nil {
		return k, err
	}
	k.wrapping, k.duplicates, k.session = make([]byte, 32), make([]byte, 32), make([]byte, 32)
	for _, b := range [][]byte{k.wrapping, k.duplicates, k.session} {
		if _, err := rand.Read(b); err != nil {
			return k, err
		}
	}
	if k.age, err = age.GenerateX25519Identity(); err != nil {
		return k, err
	}
	for name, text := range map[string]string{
		logKeyFile: secret, officeKeyFile: base64.StdEncoding.EncodeToString(k.office.Seed()),
		wrappingKeyFile: base64.StdEncoding.EncodeToString(k.wrapping), duplicatesKeyFile: base64.StdEncoding.EncodeToString(k.duplicates),
		sessionKeyFile: base64.StdEncoding.EncodeToString(k.session), ageKeyFile: k.age.String(),
	} {
		if err := durable.WriteFile(filepath.Join(folder, name), []byte(text+"\n"), 0o600); err != nil {
			return k, err
		}
	}
	return k, nil
}

// textIn is what a file of the key folder says.
func textIn(folder, name string) (string, error) {
	b, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		return "", jurat.Because(jurat.Unavailable, err, "the key folder lacks %s", name)
	}
	return strings.TrimSpace(string(b)), nil
}

// secretIn is the key of 32 bytes in a file of the key folder.
func secretIn(folder, name string) ([]byte, error) {
	s, err := textIn(folder, name)
	if err != nil {
		return nil, err
	}
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil || len(b) != 32 {
		return nil, jurat.Errorf(jurat.Unavailable, "the key file %s is damaged", name)
	}
	return b, nil
}

// readKeys reads the key folder. Unavailable: a key is missing or damaged;
// without it the record can be copied, and neither read nor signed.
func readKeys(folder string) (keyring, error) {
	var k keyring
	text := func(name string) (string, error) { return textIn(folder, name) }
	secret := func(name string) ([]byte, error) { return secretIn(folder, name) }
	s, err := text(logKeyFile)
	if errors.Is(err, fs.ErrNotExist) {
		// A cut between two renames left the new log's key staged.
		if next, staged := text(logKeyFile + ".next"); staged == nil {
			s, err = next, nil
		}
	}
	if err != nil {
		return k, err
	}
	if k.log, err = ledger.ParseKey(s); err != nil {
		return k, err
	}
	seed, err := secret(officeKeyFile)
	if err != nil {
		return k, err
	}
	k.office = ed25519.NewKeyFromSeed(seed)
	if k.wrapping, err = secret(wrappingKeyFile); err != nil {
		return k, err
	}
	if k.duplicates, err = secret(duplicatesKeyFile); err != nil {
		return k, err
	}
	if k.session, err = secret(sessionKeyFile); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return k, err
	}
	if s, err = text(ageKeyFile); err != nil {
		return k, err
	}
	if k.age, err = age.ParseX25519Identity(s); err != nil {
		return k, jurat.Because(jurat.Unavailable, err, "the key file %s is damaged", ageKeyFile)
	}
	return k, nil
}

// listed are the keys as keys.jsonl lists them, the log's own apart.
func (k keyring) listed() []format.Key {
	return []format.Key{
		{Kind: format.KeyOffice, Public: format.NewJWK(k.office.Public().(ed25519.PublicKey)).X, To: format.InForce},
		{Kind: format.KeyAge, Public: k.age.Recipient().String(), To: format.InForce},
		{Kind: format.KeyWrapping, Public: format.SecretKeyName(format.KeyWrapping, k.wrapping), To: format.InForce},
		{Kind: format.KeyDuplicates, Public: format.SecretKeyName(format.KeyDuplicates, k.duplicates), To: format.InForce},
	}
}

// trust is this record's public keys as another office pins them.
func (k keyring) trust(name, origin string) format.Trust {
	return format.Trust{Offices: []format.TrustedOffice{{
		Name: name, Origin: origin, Log: []string{k.log.Public},
		Office: []format.JWK{format.NewJWK(k.office.Public().(ed25519.PublicKey))}, Age: []string{k.age.Recipient().String()},
	}}}
}

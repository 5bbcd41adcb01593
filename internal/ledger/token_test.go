package ledger_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/digitorus/timestamp"

	"jurat"
	"jurat/format"
	"jurat/internal/ledger"
)

// stamp makes a time-stamping authority and its token over data.
func stamp(t *testing.T, data []byte) (token []byte, root *x509.Certificate) {
	t.Helper()
	at := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	certify := func(c, parent *x509.Certificate) *x509.Certificate {
		der, err := x509.CreateCertificate(rand.Reader, c, parent, key.Public(), key)
		if err != nil {
			t.Fatal(err)
		}
		out, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	purpose, err := asn1.Marshal([]asn1.ObjectIdentifier{{1, 3, 6, 1, 5, 5, 7, 3, 8}})
	if err != nil {
		t.Fatal(err)
	}
	root = &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test root"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: at.AddDate(-1, 0, 0), NotAfter: at.AddDate(99, 0, 0), KeyUsage: x509.KeyUsageCertSign,
	}
	root = certify(root, root)
	authority := certify(&x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "Test authority"},
		NotBefore: at.AddDate(0, -1, 0), NotAfter: at.AddDate(0, 1, 0), KeyUsage: x509.KeyUsageDigitalSignature,
		ExtraExtensions: []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 37}, Critical: true, Value: purpose}},
	}, root)
	digest := sha256.Sum256(data)
	ts := &timestamp.Timestamp{HashAlgorithm: crypto.SHA256, HashedMessage: digest[:], Time: at, Policy: asn1.ObjectIdentifier{1, 2, 3}, AddTSACertificate: true}
	token, err = ts.CreateResponseWithOpts(authority, key, crypto.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	return token, root
}

func TestATokenOverACheckpointIsChecked(t *testing.T) {
	store, dir := newStore(), t.TempDir()
	l := openLedger(t, dir, store, ledger.Options{})
	store.CommitNew("2026-000001", 10)
	p := publish(t, l)
	token, root := stamp(t, []byte(p.Text()))
	other, otherRoot := stamp(t, p.Note)
	roots := []*x509.Certificate{root, otherRoot}
	store.CommitNew("2026-000001", 10)
	publish(t, l)

	if _, err := l.ImportToken(t.Context(), p.Note, other, roots); !errors.Is(err, jurat.Altered) {
		t.Errorf("a token over other bytes: %v", err)
	}
	if _, err := l.ImportToken(t.Context(), p.Note, token, nil); !errors.Is(err, jurat.Unavailable) {
		t.Errorf("a token by an authority nobody trusts: %v", err)
	}
	if names, err := os.ReadDir(filepath.Join(dir, "anchors")); err == nil {
		t.Errorf("kept: %v", names)
	}
	said, err := l.ImportToken(t.Context(), p.Note, token, roots)
	if err != nil || said.At.IsZero() {
		t.Fatalf("ImportToken: %+v, %v", said, err)
	}
	all, err := l.Anchors()
	if err != nil || len(all) != 1 || all[0].Size != 10 || len(all[0].Tokens) != 1 || string(all[0].Tokens[0]) != string(token) {
		t.Fatalf("Anchors: %v, %v", all, err)
	}
	if _, err := l.Anchored(format.Trust{}); !errors.Is(err, jurat.NotFound) {
		t.Errorf("a token alone is an anchor: %v", err)
	}
	audit(t, dir, store)
}

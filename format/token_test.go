package format

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/digitorus/pkcs7"
	"github.com/digitorus/timestamp"

	"jurat"
)

// These tests do not run in parallel: the token library counts in a package
// variable.

// A testAuthority is a time-stamping authority and the root above it.
type testAuthority struct {
	root, cert *x509.Certificate
	key        *ecdsa.PrivateKey
}

var stampedAt = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func newTestAuthority(t testing.TB, with func(*x509.Certificate)) testAuthority {
	t.Helper()
	rootKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	root := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test root"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: stampedAt.AddDate(-1, 0, 0), NotAfter: stampedAt.AddDate(100, 0, 0), KeyUsage: x509.KeyUsageCertSign,
	}
	make := func(c, parent *x509.Certificate, pub any) *x509.Certificate {
		der, err := x509.CreateCertificate(rand.Reader, c, parent, pub, rootKey)
		if err != nil {
			t.Fatal(err)
		}
		out, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	a := testAuthority{root: make(root, root, rootKey.Public())}
	if a.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		t.Fatal(err)
	}
	cert := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "Test authority"},
		NotBefore: stampedAt.AddDate(0, -1, 0), NotAfter: stampedAt.AddDate(0, 1, 0), KeyUsage: x509.KeyUsageDigitalSignature,
		ExtraExtensions: []pkix.Extension{purpose(t, true, timeStamping)},
	}
	if with != nil {
		with(cert)
	}
	a.cert = make(cert, a.root, a.key.Public())
	return a
}

var (
	timeStamping = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 8}
	codeSigning  = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 3}
)

func purpose(t testing.TB, critical bool, purposes ...asn1.ObjectIdentifier) pkix.Extension {
	t.Helper()
	b, err := asn1.Marshal(purposes)
	if err != nil {
		t.Fatal(err)
	}
	return pkix.Extension{Id: oidExtKeyUsage, Critical: critical, Value: b}
}

func (a testAuthority) stamp(t testing.TB, data []byte, with func(*timestamp.Timestamp)) []byte {
	t.Helper()
	h := crypto.SHA256.New()
	h.Write(data)
	ts := &timestamp.Timestamp{
		HashAlgorithm: crypto.SHA256, HashedMessage: h.Sum(nil), Time: stampedAt, Accuracy: time.Second,
		Policy: asn1.ObjectIdentifier{1, 2, 3}, AddTSACertificate: true, Nonce: big.NewInt(77),
	}
	opts := crypto.SHA256
	if with != nil {
		with(ts)
	}
	b, err := ts.CreateResponseWithOpts(a.cert, a.key, opts)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestATokenSaysWhenBytesWereSeen(t *testing.T) { // L20
	a, data := newTestAuthority(t, nil), []byte("a checkpoint")
	roots := []*x509.Certificate{a.root}
	resp := a.stamp(t, data, nil)
	s, err := VerifyToken(resp, data, roots, big.NewInt(77))
	if err != nil || !s.At.Equal(stampedAt) || s.Authority != "CN=Test authority" || s.Accuracy != time.Second || s.Serial == nil {
		t.Fatalf("%+v: %v", s, err)
	}
	bare, err := unwrapToken(resp)
	if err != nil {
		t.Fatal(err)
	}
	_, err = VerifyToken(bare, data, roots, nil)
	want(t, err, "")
	_, err = VerifyToken(a.stamp(t, data, func(ts *timestamp.Timestamp) {
		ts.HashAlgorithm = crypto.SHA512
		h := crypto.SHA512.New()
		h.Write(data)
		ts.HashedMessage = h.Sum(nil)
	}), data, roots, nil)
	want(t, err, "")

	content := slices.Index(resp, 0) // any byte of the signed time, found below
	if i := strings.Index(string(resp), "20261122120000Z"); i > 0 {
		content = i + 3
	}
	moved := slices.Clone(resp)
	moved[content]++
	signature := slices.Clone(resp)
	signature[len(signature)-1] ^= 1
	stranger := newTestAuthority(t, nil)
	for _, tc := range []struct {
		name  string
		token []byte
		data  string
		roots []*x509.Certificate
		nonce *big.Int
		want  jurat.Kind
	}{
		{"of other bytes", resp, "another checkpoint", roots, nil, jurat.Altered},
		{"another nonce", resp, "a checkpoint", roots, big.NewInt(78), jurat.Altered},
		{"the time changed", moved, "a checkpoint", roots, nil, jurat.Altered},
		{"the signature changed", signature, "a checkpoint", roots, nil, jurat.Altered},
		{"an authority nobody trusts", resp, "a checkpoint", []*x509.Certificate{stranger.root}, nil, jurat.Unavailable},
		{"no authority trusted", resp, "a checkpoint", nil, nil, jurat.Unavailable},
		{"cut short", resp[:len(resp)-1], "a checkpoint", roots, nil, jurat.Unavailable},
		{"a byte after it", append(slices.Clone(resp), 0), "a checkpoint", roots, nil, jurat.Unavailable},
		{"empty", nil, "a checkpoint", roots, nil, jurat.Unavailable},
		{"too long", make([]byte, MaxToken+1), "a checkpoint", roots, nil, jurat.Unavailable},
		{"not granted", []byte{0x30, 5, 0x30, 3, 2, 1, 2}, "a checkpoint", roots, nil, jurat.Unavailable},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := VerifyToken(tc.token, []byte(tc.data), tc.roots, tc.nonce)
			want(t, err, tc.want)
		})
	}
	s, err = VerifyToken(resp, data, nil, nil)
	if err == nil || s.Authority == "" {
		t.Error("an untrusted token does not say whose it claims to be")
	}
	_, err = VerifyToken(a.stamp(t, data, func(ts *timestamp.Timestamp) { ts.AddTSACertificate = false }), data, roots, nil)
	want(t, err, jurat.Unavailable)
}

func TestOnlyACertificateForTimeStampingStamps(t *testing.T) { // L20
	data := []byte("a checkpoint")
	for _, tc := range []struct {
		name string
		with func(*x509.Certificate)
		at   time.Time
	}{
		{"purpose not critical", func(c *x509.Certificate) { c.ExtraExtensions = []pkix.Extension{purpose(t, false, timeStamping)} }, stampedAt},
		{"two purposes", func(c *x509.Certificate) {
			c.ExtraExtensions = []pkix.Extension{purpose(t, true, timeStamping, codeSigning)}
		}, stampedAt},
		{"another purpose", func(c *x509.Certificate) { c.ExtraExtensions = []pkix.Extension{purpose(t, true, codeSigning)} }, stampedAt},
		{"an unknown purpose beside it", func(c *x509.Certificate) {
			c.ExtraExtensions = []pkix.Extension{purpose(t, true, timeStamping, asn1.ObjectIdentifier{1, 2, 3, 4})}
		}, stampedAt},
		{"no purpose", func(c *x509.Certificate) { c.ExtraExtensions = nil }, stampedAt},
		{"a time before its certificate", nil, stampedAt.AddDate(0, -2, 0)},
		{"a time after its certificate", nil, stampedAt.AddDate(0, 2, 0)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			a := newTestAuthority(t, tc.with)
			_, err := VerifyToken(a.stamp(t, data, func(ts *timestamp.Timestamp) { ts.Time = tc.at }), data, []*x509.Certificate{a.root}, nil)
			want(t, err, jurat.Unavailable)
		})
	}
}

func TestATokenNamesItsCertificateAndIsATimeStamp(t *testing.T) { // L20
	a, data := newTestAuthority(t, nil), []byte("a checkpoint")
	resp := a.stamp(t, data, nil)
	p7, _, err := readToken(resp)
	if err != nil {
		t.Fatal(err)
	}
	type certID struct{ Hash []byte }
	type signingCert struct{ Certs []certID }
	make := func(content asn1.ObjectIdentifier, named []byte, hash asn1.ObjectIdentifier) []byte {
		sd, err := pkcs7.NewSignedData(p7.Content)
		if err != nil {
			t.Fatal(err)
		}
		sd.SetDigestAlgorithm(hash)
		sd.SetContentType(content)
		var extra []pkcs7.Attribute
		if named != nil {
			sum := sha256.Sum256(named)
			b, err := asn1.Marshal(signingCert{[]certID{{sum[:]}}})
			if err != nil {
				t.Fatal(err)
			}
			extra = append(extra, pkcs7.Attribute{Type: oidSigningCertV2, Value: asn1.RawValue{FullBytes: b}})
		}
		if err := sd.AddSigner(a.cert, a.key, pkcs7.SignerInfoConfig{ExtraSignedAttributes: extra}); err != nil {
			t.Fatal(err)
		}
		b, err := sd.Finish()
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	for _, tc := range []struct {
		name  string
		token []byte
		want  jurat.Kind
	}{
		{"as it must be", make(oidTSTInfo, a.cert.Raw, pkcs7.OIDDigestAlgorithmSHA256), ""},
		{"naming another certificate", make(oidTSTInfo, a.root.Raw, pkcs7.OIDDigestAlgorithmSHA256), jurat.Unavailable},
		{"naming none", make(oidTSTInfo, nil, pkcs7.OIDDigestAlgorithmSHA256), jurat.Unavailable},
		{"of another content", make(pkcs7.OIDData, a.cert.Raw, pkcs7.OIDDigestAlgorithmSHA256), jurat.Unavailable},
		{"signed with SHA-1", make(oidTSTInfo, a.cert.Raw, pkcs7.OIDDigestAlgorithmSHA1), jurat.Unavailable},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := VerifyToken(tc.token, data, []*x509.Certificate{a.root}, nil)
			want(t, err, tc.want)
		})
	}
}

// OpenSSL is the other implementation: it must accept what we accept, and we
// must accept what it makes.
func TestOpenSSLAgreesAboutTokens(t *testing.T) { // L20
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		lacking(t, "openssl")
	}
	dir := t.TempDir()
	file := func(name string, b []byte) string {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, b, 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	run := func(args ...string) (string, error) {
		cmd := exec.CommandContext(t.Context(), openssl, args...)
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	// OpenSSL stamps by the machine's clock: a certificate for any.
	a := newTestAuthority(t, func(c *x509.Certificate) { c.NotAfter = stampedAt.AddDate(99, 0, 0) })
	data := []byte("a checkpoint")
	block := func(kind string, der []byte) []byte {
		return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
	}
	file("data", data)
	file("ca.pem", block("CERTIFICATE", a.root.Raw))
	file("tsa.pem", block("CERTIFICATE", a.cert.Raw))
	key, err := x509.MarshalPKCS8PrivateKey(a.key)
	if err != nil {
		t.Fatal(err)
	}
	file("tsa.key", block("PRIVATE KEY", key))
	file("ours.tsr", a.stamp(t, data, nil))
	at := stampedAt.Unix()
	if out, err := run("ts", "-verify", "-data", "data", "-in", "ours.tsr", "-CAfile", "ca.pem", "-attime", big.NewInt(at).String()); err != nil || !strings.Contains(out, "Verification: OK") {
		t.Errorf("openssl on ours: %v\n%s", err, out)
	}

	file("tsa.cnf", []byte(`[tsa]
default_tsa = t
[t]
serial = serial
signer_cert = tsa.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3
digests = sha256, sha512
accuracy = secs:1
ess_cert_id_alg = sha256
`))
	file("serial", []byte("01\n"))
	if out, err := run("ts", "-query", "-data", "data", "-sha256", "-cert", "-out", "q.tsq"); err != nil {
		t.Fatalf("openssl ts -query: %v\n%s", err, out)
	}
	if out, err := run("ts", "-reply", "-config", "tsa.cnf", "-section", "t", "-queryfile", "q.tsq", "-out", "theirs.tsr"); err != nil {
		t.Fatalf("openssl ts -reply: %v\n%s", err, out)
	}
	query, err := os.ReadFile(filepath.Join(dir, "q.tsq"))
	if err != nil {
		t.Fatal(err)
	}
	req, err := timestamp.ParseRequest(query)
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := os.ReadFile(filepath.Join(dir, "theirs.tsr"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = VerifyToken(theirs, data, []*x509.Certificate{a.root}, req.Nonce)
	want(t, err, "")
	_, err = VerifyToken(theirs, []byte("another"), []*x509.Certificate{a.root}, nil)
	want(t, err, jurat.Altered)
}

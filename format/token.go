package format

import (
	"bytes"
	"crypto"
	_ "crypto/sha512" // imprints and certificate hashes with SHA-384 and SHA-512
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"math/big"
	"time"

	"github.com/digitorus/pkcs7"
	"github.com/digitorus/timestamp"

	"jurat"
)

// MaxToken is the most bytes a time-stamp response may have.
const MaxToken = 64 << 10

// A Stamp is what a time-stamping authority says in a token (L20).
type Stamp struct {
	At        time.Time     // UTC
	Accuracy  time.Duration // zero: not stated
	Authority string        // the subject of the certificate that signed it
	Serial    *big.Int
}

var (
	oidTSTInfo       = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 1, 4}
	oidSigningCert   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 12}
	oidSigningCertV2 = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 47}
	oidExtKeyUsage   = asn1.ObjectIdentifier{2, 5, 29, 37}
)

// VerifyToken checks an RFC 3161 token, or a response that holds one, over
// data: the imprint, the one signature, the certificate it names, that
// certificate's single critical purpose of time-stamping, its chain to one of
// roots at the time stated, and the nonce when one is given. Nothing else is
// trusted: without roots the answer is at best Unavailable.
//
// Altered: the imprint is not of data, the signature is wrong, or the nonce is
// another. Unavailable: the token cannot be read, uses what this version does
// not know, or its certificate does not lead to roots; the Stamp is given
// with it when the token was readable and its signature right.
func VerifyToken(token, data []byte, roots []*x509.Certificate, nonce *big.Int) (Stamp, error) {
	p7, ts, err := readToken(token)
	if err != nil {
		return Stamp{}, err
	}
	h := ts.HashAlgorithm.New()
	h.Write(data) // a hash never fails
	if !bytes.Equal(h.Sum(nil), ts.HashedMessage) {
		return Stamp{}, jurat.Errorf(jurat.Altered, "time-stamp: it is of other bytes than these")
	}
	if nonce != nil && (ts.Nonce == nil || nonce.Cmp(ts.Nonce) != 0) {
		return Stamp{}, jurat.Errorf(jurat.Altered, "time-stamp: it is the answer to another request")
	}
	signer := p7.GetOnlySigner()
	stamp := Stamp{At: ts.Time.UTC(), Accuracy: ts.Accuracy, Authority: signer.Subject.String(), Serial: ts.SerialNumber}
	if err := checkPurpose(signer); err != nil {
		return stamp, err
	}
	pool, between := x509.NewCertPool(), x509.NewCertPool()
	for _, c := range roots {
		pool.AddCert(c)
	}
	for _, c := range p7.Certificates {
		between.AddCert(c)
	}
	if _, err := signer.Verify(x509.VerifyOptions{
		Roots: pool, Intermediates: between, CurrentTime: ts.Time,
		KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping},
	}); err != nil {
		return stamp, jurat.Because(jurat.Unavailable, err, "time-stamp: the certificate of %s does not lead to an authority trusted here", stamp.Authority)
	}
	return stamp, nil
}

// readToken parses a token and checks its signature by the certificate it
// carries and names.
func readToken(b []byte) (p7 *pkcs7.PKCS7, ts *timestamp.Timestamp, err error) {
	unknown := func(err error, why string) (*pkcs7.PKCS7, *timestamp.Timestamp, error) {
		if err == nil {
			return nil, nil, jurat.Errorf(jurat.Unavailable, "time-stamp: %s", why)
		}
		return nil, nil, jurat.Because(jurat.Unavailable, err, "time-stamp: %s", why)
	}
	// The parser below was written for kinder input than a dossier's; what
	// gets past the check of the encoding must still not end the program.
	defer func() {
		if r := recover(); r != nil {
			p7, ts, err = unknown(nil, "it cannot be read")
		}
	}()
	token, err := unwrapToken(b)
	if err != nil {
		return nil, nil, err
	}
	if p7, err = pkcs7.Parse(token); err != nil {
		return unknown(err, "it cannot be read")
	}
	signer := p7.GetOnlySigner()
	if signer == nil {
		return unknown(nil, "want one signature, and the certificate of its key")
	}
	hash := hashOf(p7.Signers[0].DigestAlgorithm.Algorithm)
	if hash == 0 {
		return unknown(nil, "it is signed with a hash that is not SHA-256, SHA-384 or SHA-512")
	}
	var content asn1.ObjectIdentifier
	if err := p7.UnmarshalSignedAttribute(pkcs7.OIDAttributeContentType, &content); err != nil || !content.Equal(oidTSTInfo) {
		return unknown(err, "what is signed is not a time-stamp")
	}
	if err := checkNamed(p7, signer); err != nil {
		return nil, nil, err
	}
	var signed time.Time
	if err := p7.UnmarshalSignedAttribute(pkcs7.OIDAttributeSigningTime, &signed); err == nil && (signed.Before(signer.NotBefore) || signed.After(signer.NotAfter)) {
		return unknown(nil, "it was signed outside the time its certificate is valid for")
	}
	if err := p7.Verify(); err != nil {
		if errors.Is(err, pkcs7.ErrUnsupportedAlgorithm) || errors.Is(err, x509.ErrUnsupportedAlgorithm) {
			return unknown(err, "it is signed with an algorithm this version does not know")
		}
		return nil, nil, jurat.Because(jurat.Altered, err, "time-stamp: the signature is not over these bytes")
	}
	if ts, err = timestamp.Parse(token); err != nil {
		return unknown(err, "it cannot be read")
	}
	switch ts.HashAlgorithm {
	case crypto.SHA256, crypto.SHA384, crypto.SHA512:
		return p7, ts, nil
	}
	return unknown(nil, "its imprint is not SHA-256, SHA-384 or SHA-512")
}

// unwrapToken gives the token in a response, or b itself when it is one. Only
// DER is read: tokens are DER, and other encodings have many spellings.
func unwrapToken(b []byte) ([]byte, error) {
	bad := func(why string) ([]byte, error) {
		return nil, jurat.Errorf(jurat.Unavailable, "time-stamp: %s", why)
	}
	if len(b) > MaxToken {
		return bad("longer than a time-stamp can be")
	}
	if rest, ok := der(b, 32); !ok || len(rest) != 0 {
		return bad("not DER, or cut short, or with bytes after its end")
	}
	var outer asn1.RawValue
	if _, err := asn1.Unmarshal(b, &outer); err != nil || outer.Tag != asn1.TagSequence {
		return bad("not a response and not a token")
	}
	var first asn1.RawValue
	rest, err := asn1.Unmarshal(outer.Bytes, &first)
	if err != nil {
		return bad("not a response and not a token")
	}
	if first.Tag == asn1.TagOID {
		return b, nil
	}
	var status int
	if _, err := asn1.Unmarshal(first.Bytes, &status); err != nil || status != 0 && status != 1 {
		return bad("the authority refused the request")
	}
	var token asn1.RawValue
	if rest, err = asn1.Unmarshal(rest, &token); err != nil || len(rest) != 0 {
		return bad("the response holds no token")
	}
	return token.FullBytes, nil
}

// der steps over one DER value nested at most depth deep: definite, shortest
// lengths and one-byte tags.
func der(b []byte, depth int) (rest []byte, ok bool) {
	if depth == 0 || len(b) < 2 || b[0]&0x1f == 0x1f {
		return nil, false
	}
	n, head := int(b[1]), 2
	if n >= 0x80 {
		width := n & 0x7f
		if width < 1 || width > 3 || len(b) < 2+width || b[2] == 0 {
			return nil, false
		}
		n, head = 0, 2+width
		for _, c := range b[2:head] {
			n = n<<8 | int(c)
		}
		if n < 0x80 {
			return nil, false
		}
	}
	if len(b)-head < n {
		return nil, false
	}
	if b[0]&0x20 != 0 {
		for in := b[head : head+n]; len(in) > 0; {
			if in, ok = der(in, depth-1); !ok {
				return nil, false
			}
		}
	}
	return b[head+n:], true
}

// checkNamed checks that the signed attributes name the signer's certificate
// by its hash, so that another certificate for the same key cannot stand in.
func checkNamed(p7 *pkcs7.PKCS7, signer *x509.Certificate) error {
	var v2 struct {
		Certs []struct {
			Hash     pkix.AlgorithmIdentifier `asn1:"optional"`
			CertHash []byte
			Issuer   asn1.RawValue `asn1:"optional"`
		}
		Policies asn1.RawValue `asn1:"optional"`
	}
	var v1 struct {
		Certs []struct {
			CertHash []byte
			Issuer   asn1.RawValue `asn1:"optional"`
		}
		Policies asn1.RawValue `asn1:"optional"`
	}
	hash, want := crypto.SHA256, []byte(nil)
	if err := p7.UnmarshalSignedAttribute(oidSigningCertV2, &v2); err == nil && len(v2.Certs) > 0 {
		if len(v2.Certs[0].Hash.Algorithm) > 0 {
			hash = hashOf(v2.Certs[0].Hash.Algorithm)
		}
		want = v2.Certs[0].CertHash
	} else if err := p7.UnmarshalSignedAttribute(oidSigningCert, &v1); err == nil && len(v1.Certs) > 0 {
		hash, want = crypto.SHA1, v1.Certs[0].CertHash // as RFC 3161 has it; the signature itself is not SHA-1
	}
	if want == nil || hash == 0 {
		return jurat.Errorf(jurat.Unavailable, "time-stamp: it does not say which certificate signed it")
	}
	h := hash.New()
	h.Write(signer.Raw)
	if !bytes.Equal(h.Sum(nil), want) {
		return jurat.Errorf(jurat.Unavailable, "time-stamp: the certificate in it is not the one it says signed it")
	}
	return nil
}

func hashOf(oid asn1.ObjectIdentifier) crypto.Hash {
	switch {
	case oid.Equal(pkcs7.OIDDigestAlgorithmSHA256):
		return crypto.SHA256
	case oid.Equal(pkcs7.OIDDigestAlgorithmSHA384):
		return crypto.SHA384
	case oid.Equal(pkcs7.OIDDigestAlgorithmSHA512):
		return crypto.SHA512
	}
	return 0
}

// checkPurpose requires what RFC 3161 does of the authority's certificate: an
// extended key usage, critical, of time-stamping and nothing else, once.
func checkPurpose(c *x509.Certificate) error {
	count, critical := 0, false
	for _, e := range c.Extensions {
		if e.Id.Equal(oidExtKeyUsage) {
			count++
			critical = e.Critical
		}
	}
	if count != 1 || !critical || len(c.UnknownExtKeyUsage) != 0 || len(c.ExtKeyUsage) != 1 || c.ExtKeyUsage[0] != x509.ExtKeyUsageTimeStamping {
		return jurat.Errorf(jurat.Unavailable, "time-stamp: the certificate of %s is not for time-stamping alone", c.Subject)
	}
	return nil
}

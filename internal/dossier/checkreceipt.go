package dossier

import (
	"errors"
	"io"
	"os"

	"jurat"
	"jurat/format"
)

// maxReceipt bounds a receipt: one letter.
const maxReceipt = 4 << 20

// checkReceiptFile reads a receipt and checks it.
func (c *check) checkReceiptFile(path string) {
	f, err := os.Open(path)
	if err != nil {
		c.findings.unsure("receipt", "the receipt cannot be read: %v", err)
		return
	}
	defer f.Close() //nolint:errcheck // read only
	text, err := io.ReadAll(io.LimitReader(f, maxReceipt+1))
	switch {
	case err != nil:
		c.findings.unsure("receipt", "the receipt cannot be read: %v", err)
	case len(text) > maxReceipt:
		c.findings.unsure("receipt", "the receipt is larger than any receipt")
	default:
		c.checkReceipt(string(text))
	}
}

// checkReceipt compares a receipt with the dossier (D61): it is for these bytes
// or it is for another dossier, which is altered.
func (c *check) checkReceipt(compact string) {
	f := c.findings
	const where = "receipt"
	r, j, err := format.ReadReceipt(compact)
	if err != nil {
		f.because(where, err)
		return
	}
	head := c.doc.Dossier
	switch {
	case r.TagManifest != c.tagDigest():
		f.altered(where, "the receipt is for another dossier: its tag manifest is %s, this one's %s", r.TagManifest, c.tagDigest())
	case r.Origin != c.origin || r.Seal != c.sealHash || c.hasDoc && (r.Referral != head.Referral || r.Number != head.Number || r.Incident != c.doc.Incident.Value.Number):
		f.altered(where, "the receipt is for another dossier: %s number %d of %s", r.Referral, r.Number, r.Origin)
	}
	f.note("the receipt says %q, by %s on %s by its clock, sent %s", r.Answer, r.Receiver.Name, r.At.UTC().Format("2006-01-02 15:04:05 UTC"), r.Transport)
	c.checkReceiver(r, j)
}

// checkReceiver checks who signed a receipt. The sender's own key is no
// receiver's.
func (c *check) checkReceiver(r format.Receipt, j format.JWS) {
	f := c.findings
	const where = "receipt"
	if c.trust == nil {
		f.skip("who signed the receipt: no trust file was given; it names key %s", j.Kid)
		return
	}
	for _, o := range c.trust.Offices {
		err := j.Verify(format.TypReceipt, o.Office...)
		switch {
		case errors.Is(err, jurat.Unavailable):
			continue
		case err != nil:
			f.because(where, err)
		case o.Origin == c.origin:
			f.unsure(where, "the receipt is signed by the sender's own key")
		case r.Receiver.Origin != "" && r.Receiver.Origin != o.Origin:
			f.altered(where, "the receipt says it is by %s, and %s signed it", r.Receiver.Origin, o.Origin)
		default:
			f.note("the receipt is signed by %s", o.Name)
		}
		return
	}
	f.unsure(where, "the receipt is signed by key %s, which the trust file does not know", j.Kid)
}

package dossier

import (
	"io"
	"strings"

	"filippo.io/age"

	"jurat"
)

// Encrypt writes src to dst encrypted to recipients (age1…), in a stream that
// `age -d` opens. Invalid: a recipient that is none, or none at all.
func Encrypt(dst io.Writer, src io.Reader, recipients ...string) error {
	var to []age.Recipient
	for _, r := range recipients {
		one, err := age.ParseX25519Recipient(strings.TrimSpace(r))
		if err != nil {
			return jurat.Because(jurat.Invalid, err, "recipient %.80q", r)
		}
		to = append(to, one)
	}
	if len(to) == 0 {
		return jurat.Errorf(jurat.Invalid, "name the receiving office's age recipient")
	}
	w, err := age.Encrypt(dst, to...)
	if err != nil {
		return jurat.Because(jurat.Unavailable, err, "encrypt the dossier")
	}
	if _, err := io.Copy(w, src); err != nil {
		return jurat.Because(jurat.Unavailable, err, "encrypt the dossier")
	}
	if err := w.Close(); err != nil {
		return jurat.Because(jurat.Unavailable, err, "encrypt the dossier")
	}
	return nil
}

// Decrypt writes the ZIP inside an .age file to dst. Unavailable: no identity
// opens it, or it is cut short; what was written until then is to be removed.
func Decrypt(dst io.Writer, src io.Reader, ids ...age.Identity) error {
	if len(ids) == 0 {
		return jurat.Errorf(jurat.Unavailable, "the dossier is encrypted: give the identity it was encrypted to")
	}
	r, err := age.Decrypt(src, ids...)
	if err == nil {
		_, err = io.Copy(dst, r)
	}
	if err != nil {
		return jurat.Because(jurat.Unavailable, err, "decrypt the dossier")
	}
	return nil
}

// ParseIdentities reads an age identity file. Invalid: it is none.
func ParseIdentities(r io.Reader) ([]age.Identity, error) {
	ids, err := age.ParseIdentities(r)
	if err != nil {
		return nil, jurat.Because(jurat.Invalid, err, "age identity file")
	}
	return ids, nil
}

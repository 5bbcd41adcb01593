package fsck

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"

	"jurat"
	"jurat/format"
)

// signatureLines gives the lines after a note's text.
func signatureLines(msg []byte) []string {
	_, after, ok := bytes.Cut(msg, []byte("\n\n"))
	if !ok {
		return nil
	}
	return strings.Split(strings.TrimSuffix(string(after), "\n"), "\n")
}

// oneSpelling checks that a note is written as a log writes it: its text from
// what it says, and each signature once, in one spelling. A decoder overlooks
// bits at the end of base64, and a second signature of the same name.
func oneSpelling(msg []byte, head format.Checkpoint) error {
	if !strings.HasPrefix(string(msg), head.Text()+"\n") || !bytes.HasSuffix(msg, []byte("\n")) {
		return jurat.Errorf(jurat.Altered, "it is not in its one spelling")
	}
	seen := map[string]bool{}
	for i, line := range signatureLines(msg) {
		key, _, err := signatureKey(line)
		if err != nil {
			return jurat.Because(jurat.Altered, err, "signature %d is not in its one spelling", i+1)
		}
		if seen[key] {
			return jurat.Errorf(jurat.Altered, "the key %s signed twice", key)
		}
		seen[key] = true
	}
	return nil
}

// signatureKey gives the name and hash of the key a signature line is by.
func signatureKey(line string) (key string, sig []byte, err error) {
	rest, ok := strings.CutPrefix(line, "— ")
	name, text, ok2 := strings.Cut(rest, " ")
	sig, err = base64.StdEncoding.Strict().DecodeString(text)
	if !ok || !ok2 || err != nil || len(sig) < 5 {
		return "", nil, fmt.Errorf("%.60q is not a signature", line)
	}
	return fmt.Sprintf("%s+%08x", name, binary.BigEndian.Uint32(sig)), sig, nil
}

// strangers gives the signature lines of a note by none of the keys.
func strangers(msg []byte, keys []string) []string {
	var list []string
	for _, line := range signatureLines(msg) {
		key, _, err := signatureKey(line)
		known := err == nil
		if known {
			known = false
			for _, k := range keys {
				known = known || strings.HasPrefix(k, key+"+")
			}
		}
		if !known {
			list = append(list, line)
		}
	}
	return list
}

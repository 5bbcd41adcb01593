package dossier

import "jurat/format"

// Page renders data/index.html.
func Page(d format.ReferralDocument, opened []OpenedLine) ([]byte, error) {
	return []byte("<!doctype html>\n"), nil
}

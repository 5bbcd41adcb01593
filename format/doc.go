// Package format is the letter: the bytes of a leaf, a disclosure, a
// signature, a checkpoint, a proof, a token and a dossier; how each is
// written, read and checked. docs/format/ledger.md (clauses L1…) and
// docs/format/dossier.md (clauses D1…) are the text; this package is the
// reading of it, and a comment such as "L7" cites the clause it follows.
//
// Holds: formats. Nothing on disk, no keys of its own, no state.
// Promises: what it writes it reads back; what has one spelling is accepted in
// that spelling only; input of any kind gives a value or an error, never a
// panic (L21). Three answers, as kinds of error: nil is intact, [jurat.Altered] is a
// mismatch with a commitment or a bad signature by a known key, and
// [jurat.Unavailable] is could not tell (malformed, cut short, unknown
// version, no key to check with). [jurat.Invalid] is kept for what a person
// hands in as a setting or an act: a trust file, a key, an event.
// May open: the law; x/mod's tlog and note; transparency-dev/formats;
// digitorus/timestamp and pkcs7.
// Never: reads a file, a clock or a network; re-serialises what was signed or
// hashed (bytes are kept as made); decides whom to trust.
package format

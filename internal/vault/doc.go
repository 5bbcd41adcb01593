// Package vault keeps the bytes of exhibits.
//
// Holds: ciphertext under random blob ids, in a [Store]; nothing about whose
// it is, and no key that opens it. The wrapped key of a [Blob] lies in the
// register, where it can be erased.
// Promises: what is acknowledged is durable; what fails leaves nothing; every
// byte read was verified; intact, altered and could-not-tell are kept apart;
// the memory of a receive is the same at any size. The bytes are those of
// docs/format/vault.md, clauses V1 to V20, so that others can decrypt them.
// May open: the law; a Store; a file it is handed for receiving.
// Never: seals a (key, salt, chunk) twice, repairs, guesses, looks into
// content, or removes what it was not told to remove.
package vault
